use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use super::*;
use crate::instagram::testing::at_instagram;
use crate::scripted::{client, exchange, line};

const IMAGE: &str = "https://cdn.example.com/a.jpg";
const VIDEO: &str = "https://cdn.example.com/a.mp4";

fn sent(request: &RecordedRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn each_kind_has_its_media_type() {
    let children = [ContainerId::from(1), ContainerId::from(2)];
    for (container, expected) in [
        (CreateContainer::image(17, IMAGE), &[("image_url", IMAGE)][..]),
        (CreateContainer::reel(17, VIDEO), &[("media_type", "REELS"), ("video_url", VIDEO)]),
        (CreateContainer::story_image(17, IMAGE), &[("media_type", "STORIES"), ("image_url", IMAGE)]),
        (CreateContainer::story_video(17, VIDEO), &[("media_type", "STORIES"), ("video_url", VIDEO)]),
        (CreateContainer::carousel_image(17, IMAGE), &[("image_url", IMAGE), ("is_carousel_item", "true")]),
        (
            CreateContainer::carousel_video(17, VIDEO),
            &[("media_type", "VIDEO"), ("video_url", VIDEO), ("is_carousel_item", "true")],
        ),
        (CreateContainer::carousel(17, children), &[("media_type", "CAROUSEL"), ("children", "1,2")]),
        (CreateContainer::reel_upload(17), &[("media_type", "REELS"), ("upload_type", "resumable")]),
        (CreateContainer::story_upload(17), &[("media_type", "STORIES"), ("upload_type", "resumable")]),
        (
            CreateContainer::carousel_video_upload(17),
            &[("media_type", "VIDEO"), ("upload_type", "resumable"), ("is_carousel_item", "true")],
        ),
    ] {
        let (created, request) = exchange(container, r#"{"id":"17889455560051444"}"#).await;
        assert_eq!(created.unwrap().id.as_str(), "17889455560051444");
        assert_eq!(line(&request), "POST /v26.0/17/media");
        assert_eq!(sent(&request), pairs(expected));
    }
}

#[tokio::test]
async fn nested_parameters_are_json_in_the_form() {
    let reel = CreateContainer::reel(17, VIDEO)
        .caption("Hi #all & @ann")
        .user_tags(vec![UserTag::new("ann")])
        .collaborators(vec!["bob".to_owned()])
        .thumb_offset(1500_u64)
        .audio_configuration(AudioConfiguration::new(9).volumes(80, 20))
        .trial_params(GraduationStrategy::Performance);
    let (_, request) = exchange(reel, r#"{"id":"1"}"#).await;
    let expected = [
        ("media_type", "REELS"),
        ("video_url", VIDEO),
        ("caption", "Hi #all & @ann"),
        ("user_tags", r#"[{"username":"ann"}]"#),
        ("collaborators", r#"["bob"]"#),
        ("thumb_offset", "1500"),
        ("audio_configuration", r#"{"audio_id":"9","audio_volume":80,"video_volume":20}"#),
        ("trial_params", r#"{"graduation_strategy":"SS_PERFORMANCE"}"#),
    ];
    assert_eq!(sent(&request), pairs(&expected));
}

#[tokio::test]
async fn an_upload_names_its_address() {
    let uri = "https://rupload.facebook.com/ig-api-upload/v26.0/1";
    let body = format!(r#"{{"id":"1","uri":"{uri}"}}"#);
    let created = exchange(CreateContainer::reel_upload(17), &body).await.0.unwrap();
    assert_eq!(created.uri.as_deref(), Some(uri));
}

#[test]
fn it_survives_storage() {
    let container =
        CreateContainer::image(17, IMAGE).user_tags(vec![UserTag::at("ann", 0.5, 1.0)]).location_id(3);
    let json = serde_json::to_string(&container).unwrap();
    assert_eq!(serde_json::from_str::<CreateContainer>(&json).unwrap(), container);
}

#[tokio::test]
async fn what_facebook_login_only_has_is_refused_elsewhere() {
    let transport = ScriptedTransport::new().json(r#"{"id":"1"}"#).json(r#"{"id":"1"}"#);
    let tagged = CreateContainer::image(17, IMAGE).product_tags(vec![ProductTag::at(5, 0.5, 0.5)]);
    for container in [tagged.clone(), CreateContainer::image(17, IMAGE).is_paid_partnership(true)] {
        let error = at_instagram(&transport).send(container).await.unwrap_err();
        assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "client.host"));
    }
    assert!(transport.requests().is_empty());
    client(&transport).send(tagged).await.unwrap();
    at_instagram(&transport).send(CreateContainer::image(17, IMAGE)).await.unwrap();
    assert_eq!(transport.requests()[1].uri.host(), Some("graph.instagram.com"));
}

#[test]
fn findings_name_the_rule() {
    let image = || CreateContainer::image(17, IMAGE);
    let reel = || CreateContainer::reel(17, VIDEO);
    let item = || CreateContainer::carousel_image(17, IMAGE);
    let story = || CreateContainer::story_image(17, IMAGE);
    let carousel = |count: u64| CreateContainer::carousel(17, (0..count).map(ContainerId::from));
    let none: &[&str] = &[];
    let names = |count: usize| vec!["ann".to_owned(); count];
    for (container, rules) in [
        (image(), none),
        (image().caption("ä".repeat(2200)), none),
        (image().caption("ä".repeat(2201)), &["instagram.caption.length"]),
        (image().caption("#tag ".repeat(30)), none),
        (image().caption("#tag ".repeat(31)), &["instagram.caption.hashtags"]),
        (image().caption("@ann ".repeat(20)), none),
        (image().caption("@ann ".repeat(21)), &["instagram.caption.mentions"]),
        (CreateContainer::image(17, "http://cdn.example.com/a.jpg"), &["instagram.media.url"]),
        (reel().cover_url("https://localhost/a.jpg"), &["instagram.media.url"]),
        (image().alt_text("x".repeat(1000)), none),
        (image().alt_text("x".repeat(1001)), &["instagram.alt_text.length"]),
        (reel().alt_text("x"), &["instagram.alt_text.image"]),
        (item().alt_text("x"), none),
        (carousel(1), &["instagram.carousel.count"]),
        (carousel(2), none),
        (carousel(10), none),
        (carousel(11), &["instagram.carousel.count"]),
        (item().caption("x"), &["instagram.carousel.item"]),
        (item().is_ai_generated(true), &["instagram.carousel.ai_flag"]),
        (carousel(2).is_ai_generated(true), none),
        (story().caption("x").location_id(5), &["instagram.story.unsupported"; 2]),
        (story().collaborators(names(1)), &["instagram.story.unsupported"]),
        (image().collaborators(names(3)), none),
        (image().collaborators(names(4)), &["instagram.collaborators.count"]),
        (image().user_tags(vec![UserTag::at("ann", 0.0, 1.0); 20]), none),
        (image().user_tags(vec![UserTag::at("ann", 0.5, 0.5); 21]), &["instagram.user_tags.count"]),
        (image().user_tags(vec![UserTag::new("ann")]), &["instagram.user_tags.position"]),
        (image().user_tags(vec![UserTag::at("ann", 1.01, 0.5)]), &["instagram.user_tags.position"]),
        (image().user_tags(vec![UserTag::at("ann", f64::NAN, 0.5)]), &["instagram.user_tags.position"]),
        (reel().user_tags(vec![UserTag::at("ann", 0.5, 0.5)]), &["instagram.user_tags.video"]),
        (story().user_tags(vec![UserTag::new("ann")]), none),
        (image().product_tags(vec![ProductTag::at(1, 0.1, 0.1); 5]), none),
        (image().product_tags(vec![ProductTag::at(1, 0.1, 0.1); 6]), &["instagram.product_tags.count"]),
        (image().thumb_offset(5_u64), &["instagram.container.reels_only"]),
        (CreateContainer::carousel_video(17, VIDEO).thumb_offset(5_u64), none),
        (reel().cover_url(IMAGE).thumb_offset(5_u64), &["instagram.reel.cover.twice"]),
        (reel().audio_configuration(AudioConfiguration::new(9).volumes(101, 0)), &["instagram.audio.volume"]),
        (
            image().branded_content_sponsor_ids(vec![InstagramAccountId::from(1); 3]),
            &["instagram.sponsors.count"],
        ),
    ] {
        let found: Vec<&str> = container.check().iter().map(sociogram_api_core::Finding::rule).collect();
        assert_eq!(found, rules, "{container:?}");
    }
}

#[tokio::test]
async fn warnings_do_not_stop_a_story() {
    let (created, request) =
        exchange(CreateContainer::story_image(17, IMAGE).caption("x"), r#"{"id":"1"}"#).await;
    created.unwrap();
    assert!(request.text().ends_with("caption=x"));
}
