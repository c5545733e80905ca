use super::*;
use crate::scripted::{client, error_body, line};
use crate::{ErrorClass, ErrorKind};
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

fn flow(count: usize) -> PublishPhotos {
    let photos = (1..=count).map(|n| PhotoToPublish::hosted(format!("https://example.com/{n}.jpg")));
    PublishPhotos::new(42, photos).message("Hi")
}

/// What was sent, without hosts and queries.
fn calls(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(|request| line(request).split('?').next().unwrap().to_owned()).collect()
}

fn posts(with: &str) -> String {
    format!(
        r#"{{"data":[{{"id":"42_8","attachments":{{"data":[{{"target":{{"id":"1"}}}}]}}}},
            {{"id":"42_9","attachments":{{"data":[{{"type":"album","target":{{"id":"77"}},
            "subattachments":{{"data":[{{"target":{{"id":"{with}"}}}}]}}}}]}}}}]}}"#
    )
}

#[tokio::test]
async fn photos_are_uploaded_unseen_and_become_one_post() {
    let transport =
        ScriptedTransport::new().json(r#"{"id":"501"}"#).json(r#"{"id":"502"}"#).json(r#"{"id":"42_9"}"#);
    let mut flow = flow(2);
    let mut saved = Vec::new();
    let post = flow
        .run(&client(&transport), |state| saved.push(serde_json::to_string(state).unwrap()))
        .await
        .unwrap();
    assert_eq!(post.as_str(), "42_9");
    assert_eq!(calls(&transport), ["POST /v26.0/42/photos", "POST /v26.0/42/photos", "POST /v26.0/42/feed"]);
    let requests = transport.requests();
    assert_eq!(requests[0].text(), "url=https%3A%2F%2Fexample.com%2F1.jpg&published=false");
    let attached =
        "attached_media=%5B%7B%22media_fbid%22%3A%22501%22%7D%2C%7B%22media_fbid%22%3A%22502%22%7D%5D";
    assert_eq!(requests[2].text(), format!("message=Hi&{attached}"));
    // Uploads, the note that it is about to post, the post: each was saved.
    assert_eq!(saved.len(), 4);
    assert!(!saved.concat().contains("TOKEN"));
    assert_eq!(flow.post().map(PostId::as_str), Some("42_9"));
}

#[tokio::test]
async fn one_photo_becomes_a_post_as_well() {
    let transport = ScriptedTransport::new().json(r#"{"id":"501"}"#).json(r#"{"id":"42_9"}"#);
    flow(1).run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(calls(&transport), ["POST /v26.0/42/photos", "POST /v26.0/42/feed"]);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_looked_for_before_posting_again() {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"501"}"#)
        .fail(TransportErrorKind::Interrupted)
        .json(r#"{"data":[]}"#)
        .json(posts("501"));
    let post = flow(1).run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(post.as_str(), "42_9");
    assert_eq!(
        calls(&transport)[1..],
        ["POST /v26.0/42/feed", "GET /v26.0/42/published_posts", "GET /v26.0/42/published_posts"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_found_is_posted_again_and_in_the_end_given_up() {
    let lost = |transport: ScriptedTransport| {
        transport.fail(TransportErrorKind::Interrupted).json(posts("999")).json(posts("999"))
    };
    let transport = lost(ScriptedTransport::new().json(r#"{"id":"501"}"#)).json(r#"{"id":"42_10"}"#);
    assert_eq!(flow(1).run(&client(&transport), |_| {}).await.unwrap().as_str(), "42_10");

    let transport =
        lost(lost(ScriptedTransport::new().json(r#"{"id":"501"}"#))).fail(TransportErrorKind::Interrupted);
    let mut flow = flow(1);
    let error = flow.run(&client(&transport), |_| {}).await.unwrap_err();
    assert!(error.may_have_been_applied());
    // Going on afterwards asks first.
    let transport = ScriptedTransport::new().json(posts("501"));
    assert_eq!(flow.run(&client(&transport), |_| {}).await.unwrap().as_str(), "42_9");
    assert_eq!(calls(&transport), ["GET /v26.0/42/published_posts"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_duplicate_after_a_lost_answer_is_the_lost_one() {
    let duplicate = || error_body(506, 0);
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"501"}"#)
        .fail(TransportErrorKind::Interrupted)
        .json(posts("999"))
        .json(posts("999"))
        .respond(400, &[], duplicate())
        .json(posts("501"));
    assert_eq!(flow(1).run(&client(&transport), |_| {}).await.unwrap().as_str(), "42_9");
    // Of a first call it is somebody else's.
    let transport = ScriptedTransport::new().json(r#"{"id":"501"}"#).respond(400, &[], duplicate());
    let error = flow(1).run(&client(&transport), |_| {}).await.unwrap_err();
    assert_eq!(error.class(), Some(ErrorClass::Duplicate));
}

#[tokio::test(start_paused = true)]
async fn whoever_loads_it_at_any_point_never_posts_twice() {
    let transport = ScriptedTransport::new().json(r#"{"id":"501"}"#).json(r#"{"id":"42_9"}"#);
    let mut saved = Vec::new();
    flow(1)
        .run(&client(&transport), |state| saved.push((serde_json::to_string(state).unwrap(), state.clone())))
        .await
        .unwrap();
    // After the upload nothing was posted, so posting is right.
    let transport = ScriptedTransport::new().json(r#"{"id":"42_9"}"#);
    let mut loaded: PublishPhotos = serde_json::from_str(&saved[0].0).unwrap();
    loaded.run(&client(&transport), |_| {}).await.unwrap();
    assert_eq!(calls(&transport), ["POST /v26.0/42/feed"]);
    // After the note it may have been posted, so it is looked for: in a stored state as in a copy.
    for mut loaded in [serde_json::from_str(&saved[1].0).unwrap(), saved[1].1.clone()] {
        let transport = ScriptedTransport::new().json(posts("501"));
        let post = loaded.run(&client(&transport), |_| {}).await.unwrap();
        assert_eq!((post.as_str(), calls(&transport).len()), ("42_9", 1));
    }
    // Afterwards there is nothing left to do.
    let mut loaded: PublishPhotos = serde_json::from_str(&saved[2].0).unwrap();
    assert_eq!(loaded.run(&client(&ScriptedTransport::new()), |_| {}).await.unwrap().as_str(), "42_9");
}

#[tokio::test(start_paused = true)]
async fn a_scheduled_post_is_looked_for_where_it_waits_and_where_it_ends() {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"501"}"#)
        .fail(TransportErrorKind::Interrupted)
        .json(r#"{"data":[]}"#)
        .json(posts("501"));
    let client = client(&transport);
    let time = client.pipeline.timer().now().saturating_add(std::time::Duration::from_secs(3_600));
    flow(1).scheduled_at(time).run(&client, |_| {}).await.unwrap();
    let calls = calls(&transport);
    assert_eq!(calls[2..], ["GET /v26.0/42/scheduled_posts", "GET /v26.0/42/published_posts"]);
    assert!(transport.requests()[0].text().ends_with("&temporary=true&published=false"));
    let expected = format!("&published=false&scheduled_publish_time={}", time.as_unix_seconds());
    assert!(transport.requests()[1].text().ends_with(&expected));
}

#[tokio::test]
async fn a_refused_photo_is_named_and_a_refused_post_can_be_tried_again() {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"501"}"#)
        .respond(400, &[], error_body(100, 1_366_046))
        .json(r#"{"id":"502"}"#)
        .respond(400, &[], error_body(368, 0))
        .json(r#"{"id":"42_9"}"#);
    let client = client(&transport);
    let mut flow = flow(2);
    let error = flow.run(&client, |_| {}).await.unwrap_err();
    assert_eq!((error.class(), flow.next_photo()), (Some(ErrorClass::MediaRejected), Some(1)));
    assert!(flow.run(&client, |_| {}).await.is_err());
    assert_eq!(flow.run(&client, |_| {}).await.unwrap().as_str(), "42_9");
    assert_eq!(calls(&transport).iter().filter(|call| call.ends_with("/feed")).count(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_not_sent() {
    let now = Timestamp::from_unix_seconds(1_800_000_000);
    let photo = |id: u64| PhotoToPublish::uploaded(id);
    for (flow, rules) in [
        (flow(1), &[][..]),
        (flow(10), &[]),
        (PublishPhotos::new(42, []), &["page.post.empty"]),
        (flow(11), &["page.post.photos.count"]),
        (PublishPhotos::new(42, [photo(5), photo(5)]), &["page.post.photos.distinct"]),
        (PublishPhotos::new(42, [PhotoToPublish::hosted("a.jpg")]), &["page.photo.url"]),
        (flow(1).message("x".repeat(rules::F1_MAX_CHARS + 1)), &["page.post.message.length"]),
        (flow(1).scheduled_at(now), &["page.schedule.soon"]),
    ] {
        let found: Vec<&str> = flow.check_at(now).iter().map(Finding::rule).collect();
        assert_eq!(found, rules, "{flow:?}");
    }
    let transport = ScriptedTransport::new();
    for mut wrong in [PublishPhotos::new(42, []), flow(1).scheduled_at(Timestamp::UNIX_EPOCH)] {
        let error = wrong.run(&client(&transport), |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
    assert!(transport.requests().is_empty());
}
