use super::super::{CallToActionType, GeoLocations, MediaFile};
use super::*;
use crate::id::PhotoId;
use crate::scripted::{client, exchange, line};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

fn post() -> CreatePagePost {
    CreatePagePost::new(PageId::from(42))
}

#[tokio::test]
async fn a_post_is_a_form() {
    let (created, request) =
        exchange(post().message("Grüße & 100 %\nnext").link("https://example.com/a?b=c"), r#"{"id":"42_7"}"#)
            .await;
    assert_eq!(created.unwrap().id.as_str(), "42_7");
    assert_eq!(line(&request), "POST /v26.0/42/feed");
    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    assert_eq!(
        sent,
        [("message", "Grüße & 100 %\nnext"), ("link", "https://example.com/a?b=c")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_scheduled_post_is_unpublished_and_in_whole_seconds() {
    let at = Timestamp::from_unix_millis(1_800_000_000_999);
    let (_, request) = exchange(post().message("x").scheduled_at(at), r#"{"id":"42_7"}"#).await;
    assert_eq!(request.text(), "message=x&published=false&scheduled_publish_time=1800000000");
    let (_, request) = exchange(post().message("x").published(false), r#"{"id":"42_7"}"#).await;
    assert_eq!(request.text(), "message=x&published=false");
}

#[test]
fn findings_name_the_rule() {
    let at = Timestamp::from_unix_seconds(1);
    for (post, rules) in vec![
        (post(), &["page.post.empty"][..]),
        (post().message(" \n"), &["page.post.empty"]),
        (post().message("x"), &[]),
        (post().link("https://example.com"), &[]),
        (post().link("example.com"), &["page.post.link"]),
        (post().message("x").link("javascript:alert(1)"), &["page.post.link"]),
        (post().message("x").link(""), &["page.post.link"]),
        (post().message("ä".repeat(rules::F1_MAX_CHARS)), &[]),
        (post().message("ä".repeat(rules::F1_MAX_CHARS + 1)), &["page.post.message.length"]),
        (post().message("x").published(true).scheduled_at(at), &["page.post.schedule"]),
        (post().message("x").scheduled_at(at).published(true), &["page.post.schedule"]),
        (post().attached_media(photos(1)), &[]),
        (post().attached_media(photos(10)), &[]),
        (post().attached_media(photos(11)), &["page.post.photos.count"]),
        (post().attached_media([photos(1), photos(1)].concat()), &["page.post.photos.distinct"]),
        (post().attached_media([]), &["page.post.empty"]),
        (post().child_attachments([ChildAttachment::new().link("https://example.com")]), &[]),
        (post().message("ä".repeat(130)).text_format_preset_id("1"), &[]),
        (post().message("ä".repeat(131)).text_format_preset_id("1"), &["page.post.background.length"]),
        (
            post().message("x").link("https://example.com").text_format_preset_id("1"),
            &["page.post.background.media"],
        ),
        (
            post().message("x").attached_media(photos(1)).text_format_preset_id("1"),
            &["page.post.background.media"],
        ),
        (post().published(true).scheduled_at(at), &["page.post.empty", "page.post.schedule"]),
    ] {
        let found: Vec<&str> = post.check().iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{post:?}");
    }
}

fn photos(count: u64) -> Vec<AttachedMedia> {
    (1..=count).map(|id| PhotoId::from(id).into()).collect()
}

#[test]
fn the_time_is_checked_against_a_clock() {
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let soon = post().message("x").scheduled_at(Timestamp::from_unix_seconds(1_800_000_060));
    let rules: Vec<&str> = soon.check_at(now).iter().map(Finding::rule).collect();
    assert_eq!(rules, ["page.schedule.soon"]);
    assert!(soon.check().is_empty() && post().message("x").check_at(now).is_empty());
}

#[tokio::test]
async fn lists_and_objects_are_json_in_their_field() {
    let rich = post()
        .attached_media(photos(2))
        .call_to_action(CallToAction::new(CallToActionType::ShopNow).link("https://example.com"))
        .tags([UserId::from(5)])
        .targeting(Targeting::new().geo_locations(GeoLocations::new().countries(["DE".to_owned()])))
        .backdated_time(Timestamp::from_unix_seconds(1_500_000_000))
        .backdated_time_granularity(BackdatedGranularity::Day);
    let (_, request) = exchange(rich, r#"{"id":"42_7"}"#).await;
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    assert_eq!(
        sent,
        [
            ("attached_media", r#"[{"media_fbid":"1"},{"media_fbid":"2"}]"#),
            ("call_to_action", r#"{"type":"SHOP_NOW","value":{"link":"https://example.com"}}"#),
            ("tags", r#"["5"]"#),
            ("targeting", r#"{"geo_locations":{"countries":["DE"]}}"#),
            ("backdated_time", "1500000000"),
            ("backdated_time_granularity", "day"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_thumbnail_makes_it_multipart() {
    let file = MediaFile::new("a.png", "image/png", vec![1, 2, 3]);
    let (created, request) =
        exchange(post().link("https://example.com").thumbnail(file), r#"{"id":"42_7"}"#).await;
    created.unwrap();
    assert!(request.header("content-type").starts_with("multipart/form-data; boundary="));
    let body = String::from_utf8_lossy(&request.body);
    assert!(body.contains("name=\"link\"\r\n\r\nhttps://example.com") && body.contains("filename=\"a.png\""));
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let transport = ScriptedTransport::new();
    let error = client(&transport).send(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.findings().len()), (ErrorKind::Invalid, 1));
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn an_answer_without_an_id_leaves_the_outcome_open() {
    let (created, _) = exchange(post().message("x"), r#"{"ok":1}"#).await;
    let error = created.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
}
