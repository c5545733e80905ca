use super::*;
use crate::scripted::{client, error_body, line};
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;
use url::Url;

fn flow() -> PublishPhotoStory {
    PublishPhotoStory::hosted(42, "https://example.com/a.jpg")
}

/// What was sent, without queries.
fn calls(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(|request| line(request).split('?').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_photo_is_uploaded_unseen_and_becomes_a_story() {
    let transport =
        ScriptedTransport::new().json(r#"{"id":"501"}"#).json(r#"{"success":true,"post_id":"77"}"#);
    let published = flow().run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!((published.photo_id.as_str(), published.post_id.unwrap().as_str()), ("501", "77"));
    assert_eq!(calls(&transport), ["POST /v26.0/42/photos", "POST /v26.0/42/photo_stories"]);
    assert_eq!(transport.requests()[0].text(), "url=https%3A%2F%2Fexample.com%2Fa.jpg&published=false");
    assert_eq!(transport.requests()[1].text(), "photo_id=501");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_looked_for_among_the_stories() {
    let transport = ScriptedTransport::new()
        .fail(TransportErrorKind::Interrupted)
        .json(r#"{"data":[{"post_id":"76","media_id":"500"},{"post_id":"77","media_id":"501"}]}"#);
    let published = PublishPhotoStory::uploaded(42, 501).run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(published.post_id.unwrap().as_str(), "77");
    assert_eq!(calls(&transport), ["POST /v26.0/42/photo_stories", "GET /v26.0/42/stories"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_loads_it_at_any_point_never_publishes_twice() {
    let transport =
        ScriptedTransport::new().json(r#"{"id":"501"}"#).json(r#"{"success":true,"post_id":"77"}"#);
    let mut saved = Vec::new();
    flow().run(&client(&transport), |state| saved.push(serde_json::to_string(state).unwrap())).await.unwrap();
    let found = r#"{"data":[{"post_id":"77","media_id":"501"}]}"#;
    for (state, first) in [(&saved[0], "POST /v26.0/42/photo_stories"), (&saved[1], "GET /v26.0/42/stories")]
    {
        let transport = ScriptedTransport::new().json(if first.starts_with("GET") {
            found
        } else {
            r#"{"post_id":"77"}"#
        });
        let mut loaded: PublishPhotoStory = serde_json::from_str(state).unwrap();
        let published = loaded.run(&client(&transport), |_| {}).await.unwrap();
        assert_eq!((published.post_id.unwrap().as_str(), calls(&transport)), ("77", vec![first.to_owned()]));
    }
    let mut loaded: PublishPhotoStory = serde_json::from_str(&saved[2]).unwrap();
    assert!(loaded.run(&client(&ScriptedTransport::new()), |_| {}).await.is_ok());
}

#[tokio::test]
async fn a_refusal_is_told_and_can_be_tried_again() {
    let transport =
        ScriptedTransport::new().respond(400, &[], error_body(100, 0)).json(r#"{"success":true}"#);
    let client = client(&transport);
    let mut flow = PublishPhotoStory::uploaded(42, 501);
    assert!(flow.run(&client, |_| {}).await.is_err());
    assert_eq!(flow.run(&client, |_| {}).await.unwrap().post_id, None);
}

#[tokio::test(start_paused = true)]
async fn a_video_story_goes_the_way_of_a_reel() {
    let transport = ScriptedTransport::new()
        .json(r#"{"video_id":"9"}"#)
        .json(r#"{"success":true}"#)
        .json(r#"{"status":{"uploading_phase":{"status":"complete"}}}"#)
        .json(r#"{"success":true,"post_id":"77"}"#)
        .json(r#"{"status":{"video_status":"ready","publishing_phase":{"status":"complete"}}}"#);
    let mut story =
        PublishVideoStory::hosted(42, Url::parse("https://example.com/a.mp4").unwrap()).is_ai_generated(true);
    let published = story.run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(published.post_id.unwrap().as_str(), "77");
    let calls = calls(&transport);
    assert_eq!(
        (calls[0].as_str(), calls[3].as_str()),
        ("POST /v26.0/42/video_stories", "POST /v26.0/42/video_stories")
    );
    assert_eq!(transport.requests()[3].text(), "upload_phase=finish&video_id=9&is_ai_generated=true");
    assert_eq!(story.video().map(VideoId::as_str), Some("9"));

    let transport = ScriptedTransport::new();
    assert!(PublishVideoStory::from_bytes(42).run(&client(&transport), |_| {}).await.is_err());
    assert!(transport.requests().is_empty());
}
