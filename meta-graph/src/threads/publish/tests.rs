use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::scripted::{error_body, line};
use crate::threads::testing::client;
use sociogram_api_core::Progress;

const IMAGE: &str = "https://cdn.example.com/a.jpg";
const FINISHED: &str = r#"{"id":"3","status":"FINISHED"}"#;
const PUBLISHED: &str = r#"{"id":"3","status":"PUBLISHED"}"#;
const MADE: &str = r#"{"id":"3"}"#;
const LINK: &str = r#"{"id":"99","permalink":"https://www.threads.net/@ann/post/x"}"#;

fn script(answers: &[&str]) -> ScriptedTransport {
    answers.iter().fold(ScriptedTransport::new(), |script, answer| script.json((*answer).to_owned()))
}

fn lines(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(line).collect()
}

fn text() -> PublishThread {
    PublishThread::new(CreateThread::text_post(7, "Hello")).without_quota_check()
}

fn stored(flow: &PublishThread) -> PublishThread {
    serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap()
}

async fn steps(
    flow: &mut PublishThread,
    script: &ScriptedTransport,
) -> Result<Progress<Published>, PublishError> {
    let client = client(script);
    loop {
        match flow.advance(&client).await? {
            Progress::Again => {}
            end => return Ok(end),
        }
    }
}

#[tokio::test]
async fn a_text_is_made_awaited_published_and_linked() {
    let free = r#"{"data":[{"quota_usage":4,"config":{"quota_total":250}}]}"#;
    let script = script(&[free, MADE, FINISHED, r#"{"id":"99"}"#, LINK]);
    let mut flow = PublishThread::new(CreateThread::text_post(7, "Hello"));
    let published = steps(&mut flow, &script).await.unwrap().done().unwrap();
    assert_eq!(published.media_id, Some(MediaId::from(99)));
    assert_eq!(published.permalink.as_deref(), Some("https://www.threads.net/@ann/post/x"));
    let expected = [
        "GET /v1.0/7/threads_publishing_limit?fields=quota_usage%2Cconfig",
        "POST /v1.0/7/threads",
        "GET /v1.0/3?fields=id%2Cstatus%2Cerror_message",
        "POST /v1.0/7/threads_publish",
        "GET /v1.0/99?fields=permalink%2Cshortcode%2Ctimestamp",
    ];
    assert_eq!(lines(&script), expected);
}

#[tokio::test]
async fn a_reply_counts_against_the_quota_of_replies() {
    let used = r#"{"data":[{"reply_quota_usage":1000,"reply_config":{"quota_total":1000}}]}"#;
    let script = script(&[used]);
    let mut flow = PublishThread::new(CreateThread::text_post(7, "Hello").reply_to_id(5));
    let error = steps(&mut flow, &script).await.unwrap_err();
    assert!(matches!(error, PublishError::QuotaReached { error: None }), "{error:?}");
    assert_eq!(
        lines(&script),
        ["GET /v1.0/7/threads_publishing_limit?fields=reply_quota_usage%2Creply_config"]
    );
}

#[tokio::test]
async fn a_carousel_names_the_item_that_failed() {
    let failed = r#"{"id":"2","status":"ERROR","error_message":"FAILED_DOWNLOADING_VIDEO"}"#;
    let script = script(&[r#"{"id":"1"}"#, r#"{"id":"2"}"#, FINISHED, failed]);
    let items = [
        CreateThread::carousel_image(7, IMAGE),
        CreateThread::carousel_video(7, "https://cdn.example.com/a.mp4"),
    ];
    let mut flow = PublishThread::carousel(CreateThread::carousel(7, []), items).without_quota_check();
    let error = steps(&mut flow, &script).await.unwrap_err();
    assert_eq!((error.item(), error.class()), (Some(1), Some(ErrorClass::MediaRejected)));
    assert!(
        matches!(&error, PublishError::MediaFailed { said: Some(said), .. } if said == "FAILED_DOWNLOADING_VIDEO")
    );
}

#[tokio::test]
async fn a_crash_in_the_publishing_call_does_not_publish_twice() {
    let first = script(&[MADE, FINISHED]);
    let mut flow = text();
    for _ in 0..4 {
        if lines(&first).len() == 2 {
            break;
        }
        flow.advance(&client(&first)).await.unwrap();
    }
    let posts = r#"{"data":[{"id":"99","text":"Hello","timestamp":"2999-01-02T03:04:06+0000"}]}"#;
    let second = script(&[PUBLISHED, posts, LINK]);
    let published = steps(&mut stored(&flow), &second).await.unwrap().done().unwrap();
    assert_eq!(published.media_id, Some(MediaId::from(99)));
    assert!(lines(&second).iter().all(|line| line.starts_with("GET")), "{:?}", lines(&second));
    // A copy in memory may be as old as one on disk.
    let third = script(&[PUBLISHED]);
    flow.clone().advance(&client(&third)).await.unwrap();
    assert_eq!(lines(&third), ["GET /v1.0/3?fields=id%2Cstatus%2Cerror_message"]);
}

#[tokio::test]
async fn a_container_that_has_not_spread_yet_is_waited_for() {
    let transport = script(&[MADE, FINISHED]).respond(400, &[], error_body(24, 4_279_009)).json(FINISHED);
    let transport = transport.json(r#"{"id":"99"}"#).json(LINK);
    let mut flow = text();
    assert!(
        matches!(steps(&mut flow, &transport).await.unwrap(), Progress::Wait(pause) if pause.as_secs() >= 30)
    );
    assert!(steps(&mut flow, &transport).await.unwrap().done().unwrap().media_id.is_some());
}

#[tokio::test]
async fn posts_that_may_not_be_listed_are_no_failure() {
    let transport = script(&[MADE, FINISHED]).fail(TransportErrorKind::Other).json(PUBLISHED);
    let transport = transport.respond(400, &[], error_body(10, 0));
    let mut flow =
        PublishThread::new(CreateThread::text_post(7, "Hello").reply_to_id(5)).without_quota_check();
    assert!(matches!(steps(&mut flow, &transport).await.unwrap(), Progress::Wait(_)));
    let published = steps(&mut flow, &transport).await.unwrap().done().unwrap();
    assert_eq!(published, Published::default());
    assert!(lines(&transport)[4].starts_with("GET /v1.0/7/replies?"));
}

#[tokio::test]
async fn what_is_wrong_is_told_before_anything_is_made() {
    let script = script(&[]);
    let item = CreateThread::carousel_image(7, IMAGE);
    for (mut flow, item, rule) in [
        (PublishThread::new(CreateThread::text_post(7, "")), None, "threads.text.empty"),
        (
            PublishThread::carousel(CreateThread::carousel(7, []), [item.clone()]),
            None,
            "threads.carousel.count",
        ),
        (PublishThread::new(item.clone()), None, "threads.publish.kind"),
        (
            PublishThread::carousel(CreateThread::carousel(7, []), [item, CreateThread::text_post(7, "x")]),
            Some(1),
            "threads.publish.item",
        ),
    ] {
        let error = flow.advance(&client(&script)).await.unwrap_err();
        assert_eq!((error.item(), error.error().unwrap().findings()[0].rule()), (item, rule));
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    assert!(script.requests().is_empty());
}
