use std::sync::Arc;

use serde_json::{Value, json};
use sociogram_api_core::testing::ScriptedTransport;

use super::super::{
    Article, Carousel, CarouselCard, DscAdType, ImageContent, MultiImage, Poll, PollDuration, Reference,
    TargetLocale, VideoContent,
};
use super::*;
use crate::client::Client;
use crate::error::Error;
use crate::urn::{AdAccountUrn, ImageUrn, OrganizationUrn, VideoUrn};

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn image(id: &str) -> ImageUrn {
    ImageUrn::from_id(id).unwrap()
}

fn every_kind() -> Vec<CreatePost> {
    let post = || CreatePost::new(page(), LittleText::with_hashtags("Hi (there) #rust"));
    let ad = || AdContext::new(AdAccountUrn::from_id("9").unwrap(), DscAdType::Carousel).name("Spring");
    let cards = ["1", "2"].map(|id| CarouselCard::new(image(id), "https://e.com").title("t"));
    let german = Targeting::new()
        .geo_location(Urn::parse("urn:li:geo:101282230").unwrap())
        .interface_locale(TargetLocale::new("de", "DE"))
        .staff_count_range("urn:li:staffCountRange:(2,10)");
    vec![
        post(),
        post().content(ImageContent::new(image("1")).alt_text("a")).disable_reshare(),
        post().content(MultiImage::new(["1", "2"].map(|id| ImageContent::new(image(id))))).target(german),
        post().content(VideoContent::new(VideoUrn::from_id("v").unwrap()).title("t")),
        post().content(Article::new("https://e.com", "t").thumbnail(image("1"))),
        post().content(Poll::new("q", ["a", "b"], PollDuration::OneDay)).visibility(Visibility::LoggedIn),
        post().content(Carousel::new(cards)).ad_context(ad()),
        post().content(Reference::new(Urn::parse("urn:li:event:1").unwrap())),
        post().reshare_of(PostUrn::parse("urn:li:share:7").unwrap()),
        post().container(Urn::parse("urn:li:group:3").unwrap()),
        post().call_to_action(CallToAction::LearnMore, "https://e.com"),
        post().content(Content::Other(json!({"celebration": {"kind": "KUDOS"}}))),
    ]
}

#[test]
fn a_stored_post_is_sent_as_the_first_one_was() {
    for post in every_kind() {
        let stored = serde_json::to_string(&post).unwrap();
        let loaded: CreatePost = serde_json::from_str(&stored).unwrap();
        assert_eq!(loaded, post);
        assert_eq!(serde_json::to_string(&loaded).unwrap(), stored);
    }
}

#[test]
fn every_kind_passes_its_own_checks() {
    for post in every_kind() {
        let errors: Vec<_> =
            post.check().into_iter().filter(|f| crate::guard::blocks(std::slice::from_ref(f))).collect();
        assert_eq!(errors, Vec::new(), "{post:?}");
    }
}

#[test]
fn what_was_not_asked_for_is_not_sent() {
    let text = serde_json::to_value(CreatePost::new(page(), "a")).unwrap();
    let names: Vec<&String> = text.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["author", "commentary", "distribution", "isReshareDisabledByAuthor", "lifecycleState", "visibility"]
    );
    let ad = AdContext::new(AdAccountUrn::from_id("9").unwrap(), DscAdType::Standard);
    let hidden: Value = serde_json::to_value(CreatePost::new(page(), "a").ad_context(ad)).unwrap();
    assert_eq!(hidden["distribution"]["feedDistribution"], "NONE");
    assert_eq!(
        hidden["adContext"],
        json!({"dscAdAccount": "urn:li:sponsoredAccount:9", "dscAdType": "STANDARD", "dscStatus": "ACTIVE", "isDsc": true})
    );
}

async fn created(headers: &[(&str, &str)], body: &'static str) -> Result<CreatedPost, Error> {
    let transport = Arc::new(ScriptedTransport::new().respond(201, headers, body));
    let client = Client::builder().access_token("t").transport(transport).build().unwrap();
    client.send(CreatePost::new(page(), "a")).await
}

#[tokio::test]
async fn the_id_is_found_wherever_it_stands() {
    for (headers, body) in [
        (&[("x-restli-id", "urn:li:share:7")][..], ""),
        (&[("x-restli-id", "urn%3Ali%3Ashare%3A7")], ""),
        (&[("x-linkedin-id", "urn:li:share:7")], ""),
        (&[("location", "/rest/posts/urn%3Ali%3Ashare%3A7")], ""),
        (&[("x-restli-id", "nonsense"), ("location", "/rest/posts/urn%3Ali%3Ashare%3A7")], ""),
        (&[], r#"{"id":"urn:li:share:7"}"#),
    ] {
        let post = created(headers, body).await.unwrap();
        assert_eq!(post.urn.as_str(), "urn:li:share:7", "{headers:?}");
        assert_eq!(post.url, "https://www.linkedin.com/feed/update/urn:li:share:7/");
    }
    let error = created(&[], "").await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
}
