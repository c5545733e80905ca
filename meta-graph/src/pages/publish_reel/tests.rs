use super::*;
use crate::ErrorKind;
use crate::container_flow::PublishError;
use crate::scripted::{client, error_body, line};
use sociogram_api_core::http::{TransportErrorKind, UploadSource};
use sociogram_api_core::testing::ScriptedTransport;
use url::Url;

const OPENED: &str = r#"{"video_id":"9","upload_url":"https://evil.example.com/take/9"}"#;
const DONE: &str = r#"{"success":true}"#;
const ARRIVED: &str = r#"{"id":"9","status":{"uploading_phase":{"status":"complete"},"publishing_phase":{"status":"not_started"}}}"#;
const PUBLISHED: &str = r#"{"id":"9","status":{"video_status":"ready","uploading_phase":{"status":"complete"},"publishing_phase":{"status":"complete"}}}"#;
const WORKING: &str =
    r#"{"id":"9","status":{"video_status":"processing","uploading_phase":{"status":"in_progress"}}}"#;

fn hosted() -> PublishReel {
    PublishReel::hosted(42, Url::parse("https://example.com/a.mp4").unwrap()).description("Hi")
}

/// What was sent, without queries.
fn calls(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(|request| line(request).split('?').next().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_hosted_reel_is_fetched_then_published_then_waited_for() {
    let transport = ScriptedTransport::new()
        .json(OPENED)
        .json(DONE)
        .json(WORKING)
        .json(ARRIVED)
        .json(r#"{"success":true,"post_id":"77"}"#)
        .json(WORKING)
        .json(PUBLISHED);
    let published = hosted().run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!((published.video_id.as_str(), published.post_id.unwrap().as_str()), ("9", "77"));
    assert_eq!(
        calls(&transport),
        [
            "POST /v26.0/42/video_reels",
            "POST /video-upload/v26.0/9",
            "GET /v26.0/9",
            "GET /v26.0/9",
            "POST /v26.0/42/video_reels",
            "GET /v26.0/9",
            "GET /v26.0/9",
        ]
    );
    let requests = transport.requests();
    assert_eq!(requests[0].text(), "upload_phase=start");
    assert_eq!(requests[1].uri.host(), Some("rupload.facebook.com"), "never where an answer leads");
    assert_eq!(requests[4].text(), "upload_phase=finish&video_id=9&video_state=PUBLISHED&description=Hi");
}

#[tokio::test(start_paused = true)]
async fn bytes_of_your_own_are_sent() {
    let transport = ScriptedTransport::new().json(OPENED).json(DONE).json(DONE).json(PUBLISHED);
    let mut reel = PublishReel::from_bytes(42);
    let source = UploadSource::from_bytes(vec![1_u8, 2, 3]);
    reel.run_with(&client(&transport), &source, |_| {}).await.unwrap();
    assert_eq!(calls(&transport).len(), 4);
    assert_eq!(transport.requests()[1].header("file_size"), "3");
    let error = PublishReel::from_bytes(42).run(&client(&transport), |_| {}).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_about_before_publishing_again() {
    let begin = || ScriptedTransport::new().json(OPENED).json(DONE).json(ARRIVED);
    let transport = begin().fail(TransportErrorKind::Interrupted).json(PUBLISHED).json(PUBLISHED);
    hosted().run(&client(&transport), |_| {}).await.unwrap();
    let finishes = |transport: &ScriptedTransport| {
        transport
            .requests()
            .iter()
            .filter(|request| request.text().starts_with("upload_phase=finish"))
            .count()
    };
    assert_eq!(finishes(&transport), 1);
    let transport =
        begin().fail(TransportErrorKind::Interrupted).json(ARRIVED).json(ARRIVED).json(DONE).json(PUBLISHED);
    hosted().run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(finishes(&transport), 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_loads_it_at_any_point_never_publishes_twice() {
    let transport = ScriptedTransport::new().json(OPENED).json(DONE).json(ARRIVED).json(DONE).json(PUBLISHED);
    let mut saved = Vec::new();
    hosted()
        .run(&client(&transport), |state| saved.push(serde_json::to_string(state).unwrap()))
        .await
        .unwrap();
    // Opened, fetched, arrived, noted, published, done.
    assert_eq!(saved.len(), 6);
    assert!(!saved.concat().contains("TOKEN"));
    for (state, first) in [
        (&saved[0], "POST /video-upload/v26.0/9"),
        (&saved[1], "GET /v26.0/9"),
        (&saved[2], "POST /v26.0/42/video_reels"),
        (&saved[3], "GET /v26.0/9"),
        (&saved[4], "GET /v26.0/9"),
    ] {
        let transport =
            ScriptedTransport::new().json(PUBLISHED).json(PUBLISHED).json(PUBLISHED).json(PUBLISHED);
        let mut loaded: PublishReel = serde_json::from_str(state).unwrap();
        let _ = loaded.run(&client(&transport), |_| {}).await;
        assert_eq!(calls(&transport)[0], first);
    }
    let mut loaded: PublishReel = serde_json::from_str(&saved[5]).unwrap();
    assert_eq!(loaded.run(&client(&ScriptedTransport::new()), |_| {}).await.unwrap().video_id.as_str(), "9");
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_meta_is_told_with_its_reason() {
    let failed = r#"{"status":{"video_status":"error","processing_phase":{"status":"error","errors":[{"code":5,"message":"bad"}]}}}"#;
    let transport = ScriptedTransport::new().json(OPENED).json(DONE).json(ARRIVED).json(DONE).json(failed);
    let error = hosted().run(&client(&transport), |_| {}).await.unwrap_err();
    assert!(
        matches!(&error, PublishError::MediaFailed { said: Some(said), subcode: Some(5), .. } if said == "bad")
    );
    // A refused fetch stays one, unless the bytes are there all the same.
    let refused = || ScriptedTransport::new().json(OPENED).respond(400, &[], error_body(100, 0));
    let transport = refused().json(WORKING);
    assert!(matches!(hosted().run(&client(&transport), |_| {}).await, Err(PublishError::Call { .. })));
    let transport = refused().json(ARRIVED).json(ARRIVED).json(DONE).json(PUBLISHED);
    hosted().run(&client(&transport), |_| {}).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn patience_ends_and_nothing_is_lost() {
    let mut transport = ScriptedTransport::new().json(OPENED).json(DONE).json(ARRIVED).json(DONE);
    for _ in 0..40 {
        transport = transport.json(WORKING);
    }
    let mut reel = hosted();
    let error = reel.run(&client(&transport), |_| {}).await.unwrap_err();
    assert!(matches!(error, PublishError::StillProcessing { .. }) && error.is_retryable());
    let transport = ScriptedTransport::new().json(PUBLISHED);
    reel.run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(reel.video().map(VideoId::as_str), Some("9"));
}

#[tokio::test(start_paused = true)]
async fn drafts_and_scheduled_reels_are_done_when_meta_has_them() {
    let ready = r#"{"status":{"video_status":"ready","publishing_phase":{"status":"not_started","publish_status":"draft"}}}"#;
    let begin = || ScriptedTransport::new().json(OPENED).json(DONE).json(ARRIVED).json(DONE).json(ready);
    let transport = begin();
    hosted().draft().run(&client(&transport), |_| {}).await.unwrap();
    assert!(transport.requests()[3].text().contains("video_state=DRAFT"));
    let transport = begin();
    let client = client(&transport);
    let time = client.pipeline.timer().now().saturating_add(std::time::Duration::from_secs(3_600));
    hosted().scheduled_at(time).run(&client, |_| {}).await.unwrap();
    let expected =
        format!("video_state=SCHEDULED&description=Hi&scheduled_publish_time={}", time.as_unix_seconds());
    assert!(transport.requests()[3].text().ends_with(&expected));
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    assert!(hosted().check_at(now).is_empty());
    assert_eq!(hosted().scheduled_at(now).check_at(now)[0].rule(), "page.reel.schedule");
    let transport = ScriptedTransport::new();
    let error = hosted().draft().scheduled_at(now).run(&client(&transport), |_| {}).await.unwrap_err();
    assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::Invalid, 0));
}
