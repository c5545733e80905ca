use serde_json::json;
use sociogram_api_core::Severity;

use super::super::{
    AdContext, CarouselCard, DocumentContent, ImageContent, PollSettings, Reference, TargetLocale, Targeting,
    VideoContent,
};
use super::*;
use crate::urn::{AdAccountUrn, DocumentUrn, ImageUrn, OrganizationUrn, PersonUrn, PostUrn, Urn, VideoUrn};

fn by_page() -> CreatePost {
    CreatePost::new(OrganizationUrn::from_id("5").unwrap(), "text")
}

fn by_person() -> CreatePost {
    CreatePost::new(PersonUrn::from_id("a").unwrap(), "text")
}

fn image(id: usize) -> ImageUrn {
    ImageUrn::from_id(&id.to_string()).unwrap()
}

fn images(count: usize) -> MultiImage {
    MultiImage::new((0..count).map(|id| ImageContent::new(image(id))))
}

fn ad(kind: DscAdType) -> AdContext {
    AdContext::new(AdAccountUrn::from_id("9").unwrap(), kind)
}

fn poll(question: &str, options: &[&str]) -> Poll {
    Poll::new(question, options.iter().copied(), PollDuration::SevenDays)
}

fn cards(count: usize, landing: &str) -> CreatePost {
    let cards = (0..count).map(|id| CarouselCard::new(image(id), landing));
    by_page().content(Carousel::new(cards)).ad_context(ad(DscAdType::Carousel))
}

fn article(change: impl FnOnce(&mut Article)) -> CreatePost {
    let mut content = Article::new("https://e.com/a", "title").thumbnail(image(1));
    change(&mut content);
    by_page().content(content)
}

/// The broken rules, warnings with a question mark.
fn broken(post: &CreatePost) -> Vec<String> {
    let findings = post.check();
    for finding in &findings {
        assert!(
            finding.allowed_value().is_some() || finding.rule().starts_with("little_text"),
            "{finding} says nothing"
        );
    }
    let show = |finding: &Finding| {
        let mark = if finding.severity() == Severity::Error { "" } else { "?" };
        format!("{}{mark}", finding.rule().trim_start_matches("linkedin.post."))
    };
    findings.iter().map(show).collect()
}

fn check_rows(rows: Vec<(&str, CreatePost, Vec<&str>)>) {
    for (what, post, expected) in rows {
        assert_eq!(broken(&post), expected, "{what}");
    }
}

#[test]
fn text_is_there_and_not_too_long() {
    let text = |text: &str| CreatePost::new(PersonUrn::from_id("a").unwrap(), text);
    check_rows(vec![
        ("text", by_person(), vec![]),
        ("none", text(" \n"), vec!["empty"]),
        ("3000 units", text(&"😀".repeat(1500)), vec![]),
        ("3001 units", text(&"x".repeat(3001)), vec!["length"]),
        ("3000 units, escaped more", text(&"(".repeat(3000)), vec!["escaped_length?"]),
        ("already escaped", text(r"a \(b\)"), vec!["little_text.escaped?"]),
        ("content alone", text("").content(ImageContent::new(image(1))), vec![]),
        ("reshare alone", text("").reshare_of(PostUrn::parse("urn:li:share:1").unwrap()), vec![]),
    ]);
}

#[test]
fn who_may_see_it_fits_who_posts() {
    let group = Urn::parse("urn:li:group:1").unwrap();
    let german = || Targeting::new().interface_locale(TargetLocale::new("de", "DE"));
    let mut two = by_page().target(german());
    two.distribution.target_entities.push(german());
    check_rows(vec![
        ("connections of a person", by_person().visibility(Visibility::Connections), vec![]),
        ("connections of a page", by_page().visibility(Visibility::Connections), vec!["visibility"]),
        ("logged in", by_page().visibility(Visibility::LoggedIn), vec![]),
        ("new word", by_page().visibility("BRAND_NEW".into()), vec![]),
        ("container", by_person().container(group.clone()), vec![]),
        ("no container", by_person().visibility(Visibility::Container), vec!["container?"]),
        ("public container", by_person().container(group).visibility(Visibility::Public), vec!["container?"]),
        ("target of a page", by_page().target(german()), vec![]),
        ("target of a person", by_person().target(german()), vec!["target_author"]),
        ("two targets", two, vec!["target_count"]),
        ("target without facets", by_page().target(Targeting::new()), vec!["target_empty?"]),
        ("in no feed", by_page().feed(FeedDistribution::None), vec!["feed_hidden?"]),
        ("ad", by_page().ad_context(ad(DscAdType::Standard)), vec![]),
        (
            "ad in the feed",
            by_page().ad_context(ad(DscAdType::Standard)).feed(FeedDistribution::MainFeed),
            vec!["feed_shown?"],
        ),
    ]);
}

#[test]
fn a_post_is_created_published() {
    check_rows(vec![
        ("draft", by_page().lifecycle_state(LifecycleState::Draft), vec!["draft?"]),
        ("requested", by_page().lifecycle_state(LifecycleState::PublishRequested), vec!["lifecycle"]),
        ("failed", by_page().lifecycle_state(LifecycleState::PublishFailed), vec!["lifecycle"]),
    ]);
}

#[test]
fn uploaded_files_have_their_words() {
    let alt = |length: usize| by_page().content(ImageContent::new(image(1)).alt_text("x".repeat(length)));
    let document =
        |title: &str| by_page().content(DocumentContent::new(DocumentUrn::from_id("d").unwrap(), title));
    let mut twice = images(2);
    twice.images[1] = twice.images[0].clone().alt_text("x".repeat(4087));
    let ad_of_many = by_page().content(images(3)).ad_context(ad(DscAdType::Standard));
    let parent = PostUrn::parse("urn:li:share:1").unwrap();
    check_rows(vec![
        ("120 units", alt(120), vec![]),
        ("121 units", alt(121), vec!["alt_text_long?"]),
        ("4086 units", alt(4086), vec!["alt_text_long?"]),
        ("4087 units", alt(4087), vec!["alt_text"]),
        ("titled document", document("a.pdf"), vec![]),
        ("document without title", document(" "), vec!["document_title"]),
        ("video", by_page().content(VideoContent::new(VideoUrn::from_id("v").unwrap())), vec![]),
        ("1 image", by_page().content(images(1)), vec!["image_count"]),
        ("2 images", by_page().content(images(2)), vec![]),
        ("20 images", by_page().content(images(20)), vec![]),
        ("21 images", by_page().content(images(21)), vec!["image_count"]),
        ("twice the same", by_page().content(twice), vec!["image_twice?", "alt_text"]),
        ("sponsored images", ad_of_many, vec!["organic_only"]),
        ("reshare with content", by_page().content(images(2)).reshare_of(parent), vec!["reshare_content"]),
        ("unknown", by_page().content(Content::Other(json!({"x": {}}))), vec!["content_unknown?"]),
    ]);
}

#[test]
fn an_article_is_exactly_its_preview() {
    check_rows(vec![
        ("whole", article(|_| ()), vec![]),
        ("no address", article(|a| a.source = "e.com".into()), vec!["article_source"]),
        ("399 units", article(|a| a.title = Some("x".repeat(399))), vec![]),
        ("400 units", article(|a| a.title = Some("x".repeat(400))), vec!["article_title"]),
        ("blank title", article(|a| a.title = Some(" ".into())), vec!["article_title"]),
        ("no title", article(|a| a.title = None), vec!["article_preview?"]),
        ("no thumbnail", article(|a| a.thumbnail = None), vec!["article_preview?"]),
        ("4085 units", article(|a| a.description = Some("x".repeat(4085))), vec![]),
        ("4086 units", article(|a| a.description = Some("x".repeat(4086))), vec!["article_description"]),
        ("alt text", article(|a| a.thumbnail_alt_text = Some("x".repeat(4087))), vec!["alt_text"]),
    ]);
}

#[test]
fn a_poll_has_two_to_four_answers() {
    let asked = |poll: Poll| by_page().content(poll);
    let changed = |change: fn(&mut PollSettings)| {
        let mut poll = poll("q", &["a", "b"]);
        change(&mut poll.settings);
        by_page().content(poll)
    };
    let long = "x".repeat(31);
    check_rows(vec![
        ("whole", asked(poll(&"x".repeat(140), &["a", "b", "c", &"x".repeat(30)])), vec![]),
        ("long question", asked(poll(&"x".repeat(141), &["a", "b"])), vec!["poll_question"]),
        ("no question", asked(poll(" ", &["a", "b"])), vec!["poll_question"]),
        ("1 option", asked(poll("q", &["a"])), vec!["poll_options"]),
        ("5 options", asked(poll("q", &["a", "b", "c", "d", "e"])), vec!["poll_options"]),
        ("long option", asked(poll("q", &["a", &long])), vec!["poll_option"]),
        ("blank option", asked(poll("q", &["a", ""])), vec!["poll_option"]),
        ("same options", asked(poll("q", &["a", "a "])), vec!["poll_option_twice"]),
        ("odd duration", changed(|s| s.duration = "TEN_DAYS".into()), vec!["poll_duration"]),
        (
            "many votes",
            changed(|s| s.vote_selection_type = Some(VoteSelection::Multiple)),
            vec!["poll_votes"],
        ),
        ("secret", changed(|s| s.is_voter_visible_to_author = Some(false)), vec!["poll_voters"]),
        (
            "sponsored",
            asked(poll("q", &["a", "b"])).ad_context(ad(DscAdType::Standard)),
            vec!["organic_only"],
        ),
    ]);
}

#[test]
fn a_carousel_is_an_ad() {
    let organic = Carousel::new([1, 2].map(|id| CarouselCard::new(image(id), "https://e.com")));
    check_rows(vec![
        ("2 cards", cards(2, "https://e.com"), vec![]),
        ("10 cards", cards(10, "HTTPS://e.com"), vec![]),
        ("1 card", cards(1, "https://e.com"), vec!["carousel_cards?"]),
        ("11 cards", cards(11, "https://e.com"), vec!["carousel_cards?"]),
        ("no cards", cards(0, ""), vec!["carousel_empty"]),
        ("http", cards(2, "http://e.com"), vec!["card_landing_https?", "card_landing_https?"]),
        ("nowhere", cards(2, "e.com"), vec!["card_landing_page", "card_landing_page"]),
        ("organic", by_page().content(organic), vec!["carousel_ad"]),
        ("other type", cards(2, "https://e.com").ad_context(ad(DscAdType::Video)), vec!["ad_type?"]),
    ]);
    for (id, kind) in [("event", DscAdType::Event), ("job", DscAdType::JobPosting)] {
        let reference = Reference::new(Urn::parse(&format!("urn:li:{id}:1")).unwrap());
        assert_eq!(broken(&by_page().content(reference).ad_context(ad(kind))), Vec::<String>::new());
    }
}

#[test]
fn a_button_leads_somewhere() {
    let mut nowhere = by_page().call_to_action(CallToAction::Apply, "");
    nowhere.content_landing_page = None;
    check_rows(vec![
        ("button", by_page().call_to_action(CallToAction::ShopNow, "https://e.com"), vec![]),
        ("page alone", by_page().landing_page("http://e.com"), vec![]),
        ("nowhere", nowhere, vec!["cta_landing_page"]),
        ("no address", by_page().call_to_action(CallToAction::Apply, "e.com"), vec!["landing_page"]),
        ("new label", by_page().call_to_action("DANCE".into(), "https://e.com"), vec!["cta_label?"]),
    ]);
}

#[test]
fn findings_name_the_field_as_it_is_sent() {
    let mut two = images(2);
    two.images[1] = ImageContent::new(image(7)).alt_text("x".repeat(5000));
    let findings = by_page().content(two).check();
    assert_eq!(
        findings[0].to_string(),
        "content.multiImage.images[1].altText: the alternative text is too long (5000 UTF-16 units, allowed: at most 4086 \
         UTF-16 units): shorten it"
    );
}
