use std::sync::Arc;

use serde_json::json;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::{ManualClock, ScriptedTransport};

use super::super::{ImageContent, MultiImage, VideoContent};
use super::*;
use crate::RetryPolicy;
use crate::urn::{ImageUrn, OrganizationUrn, VideoUrn};

/// A flow with its client, clock and transport.
struct Bench {
    flow: PublishPost,
    client: Client,
    clock: ManualClock,
    transport: ScriptedTransport,
}

const PERMISSION: &str = r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED"}"#;
const DUPLICATE: &str = r#"{"status":422,"message":"Content is a duplicate of urn:li:share:7","errorDetails":{"inputErrors":[{"code":"DUPLICATE_POST"}]}}"#;
const NOT_READY: &str =
    r#"{"status":400,"errorDetails":{"inputErrors":[{"code":"MEDIA_ASSET_WAITING_UPLOAD"}]}}"#;

fn page() -> OrganizationUrn {
    OrganizationUrn::from_id("5").unwrap()
}

fn text() -> CreatePost {
    CreatePost::new(page(), "Hello")
}

fn picture() -> CreatePost {
    text().content(ImageContent::new(ImageUrn::from_id("1").unwrap()))
}

fn pictures() -> CreatePost {
    let images = ["1", "2"].map(|id| ImageContent::new(ImageUrn::from_id(id).unwrap()));
    text().content(MultiImage::new(images))
}

fn film() -> CreatePost {
    text().content(VideoContent::new(VideoUrn::from_id("v").unwrap()))
}

fn script() -> ScriptedTransport {
    ScriptedTransport::new()
}

trait Script {
    fn created(self) -> Self;
    fn status(self, status: &str) -> Self;
    fn lost(self) -> Self;
}

impl Script for ScriptedTransport {
    fn created(self) -> Self {
        self.respond(201, &[("x-restli-id", "urn:li:share:7")], "")
    }

    fn status(self, status: &str) -> Self {
        self.json(json!({"status": status}).to_string())
    }

    fn lost(self) -> Self {
        self.fail(TransportErrorKind::Interrupted)
    }
}

impl Bench {
    fn new(post: CreatePost, transport: ScriptedTransport) -> Self {
        let clock = ManualClock::default();
        let client = Client::builder()
            .access_token("t")
            .transport(Arc::new(transport.clone()))
            .timer(Arc::new(clock.clone()))
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        Self { flow: PublishPost::new(post), client, clock, transport }
    }

    fn policy(mut self, policy: PublishPolicy) -> Self {
        self.flow = self.flow.policy(policy);
        self
    }

    /// What another process would go on with.
    fn restart(&mut self) {
        let stored = serde_json::to_string(&self.flow).unwrap();
        self.flow = serde_json::from_str(&stored).unwrap();
    }

    /// Goes on until it is done or fails; gives the seconds it waited, too.
    async fn run(&mut self) -> (Result<PublishedPost, PublishError>, Vec<u64>) {
        let mut waits = Vec::new();
        loop {
            match self.flow.advance(&self.client).await {
                Ok(Progress::Done(published)) => return (Ok(published), waits),
                Ok(Progress::Wait(time)) => {
                    waits.push(time.as_secs());
                    self.clock.advance(time);
                }
                Ok(_) => {}
                Err(error) => return (Err(error), waits),
            }
            assert!(waits.len() < 100, "it never ends");
        }
    }

    fn sent(&self) -> Vec<String> {
        let show = |request: &sociogram_api_core::testing::RecordedRequest| {
            format!("{} {}", request.method, request.uri.path())
        };
        self.transport.requests().iter().map(show).collect()
    }

    fn creates(&self) -> usize {
        self.sent().iter().filter(|request| *request == "POST /rest/posts").count()
    }
}

#[tokio::test]
async fn a_text_is_sent_at_once() {
    let mut bench = Bench::new(text(), script().created());
    let (published, waits) = bench.run().await;
    let published = published.unwrap();
    assert_eq!((published.urn.as_str(), published.via), ("urn:li:share:7", PublishedVia::Created));
    assert_eq!(published.url, "https://www.linkedin.com/feed/update/urn:li:share:7/");
    assert_eq!((waits, bench.sent()), (vec![], vec!["POST /rest/posts".to_owned()]));
    bench.restart();
    assert_eq!(bench.run().await.0.unwrap(), published, "done stays done");
    assert_eq!(bench.flow.published(), Some(&published));
    assert_eq!(bench.creates(), 1);
}

#[tokio::test]
async fn every_file_is_waited_for() {
    let transport = script()
        .respond(404, &[], r#"{"status":404,"code":"NOT_FOUND"}"#)
        .status("WAITING_UPLOAD")
        .status("PROCESSING")
        .status("AVAILABLE")
        .status("AVAILABLE")
        .created();
    let mut bench = Bench::new(pictures(), transport);
    let (published, waits) = bench.run().await;
    assert!(published.is_ok());
    assert_eq!(waits, [2, 3, 4]);
    let image = |id| format!("GET /rest/images/urn%3Ali%3Aimage%3A{id}");
    assert_eq!(
        bench.sent(),
        [image(1), image(1), image(1), image(1), image(2), "POST /rest/posts".to_owned()]
    );
}

#[tokio::test]
async fn a_file_that_failed_or_takes_too_long_stops_it() {
    let mut bench = Bench::new(film(), script().status("PROCESSING").status("PROCESSING_FAILED"));
    let (failed, _) = bench.run().await;
    let failed = failed.unwrap_err();
    assert!(
        matches!(&failed, PublishError::AssetFailed(urn) if urn.as_str() == "urn:li:video:v"),
        "{failed:?}"
    );
    assert_eq!(failed.kind(), ErrorKind::Rejected);

    for (post, least, most) in [(picture(), 60, 90), (film(), 600, 630)] {
        let transport = (0..40).fold(script(), |script, _| script.status("PROCESSING"));
        let mut bench = Bench::new(post, transport);
        let (late, waits) = bench.run().await;
        assert!(matches!(late, Err(PublishError::AssetLate(_))), "{late:?}");
        let waited: u64 = waits.iter().sum();
        assert!((least..most).contains(&waited), "{waited} s");
        assert!(waits.iter().all(|wait| *wait <= 30), "{waits:?}");
        assert_eq!(bench.creates(), 0);
        assert!(matches!(bench.flow.advance(&bench.client).await, Ok(Progress::Wait(_))), "it goes on");
    }
}

#[tokio::test]
async fn a_token_that_may_only_write_waits_a_little() {
    let transport =
        script().respond(403, &[], PERMISSION).respond(400, &[], NOT_READY).respond(400, &[], NOT_READY);
    let mut bench = Bench::new(pictures(), transport.created());
    bench.flow.advance(&bench.client).await.unwrap();
    bench.restart();
    let (published, waits) = bench.run().await;
    assert_eq!(published.unwrap().via, PublishedVia::Created);
    assert_eq!(waits, [5, 2, 3], "grace, then what LinkedIn says");
    assert_eq!(bench.creates(), 3);

    let refused =
        (0..40).fold(script().respond(403, &[], PERMISSION), |script, _| script.respond(400, &[], NOT_READY));
    let mut bench = Bench::new(picture(), refused).policy(PublishPolicy::new().grace(Duration::from_secs(1)));
    let (late, waits) = bench.run().await;
    assert!(
        matches!(&late, Err(PublishError::Call(error)) if error.kind() == ErrorKind::Invalid),
        "{late:?}"
    );
    assert_eq!(waits[0], 1);
    assert!((60..100).contains(&waits.iter().sum::<u64>()), "{waits:?}");
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_same_text() {
    let transport = script().lost().respond(422, &[], DUPLICATE).respond(403, &[], PERMISSION);
    let mut bench = Bench::new(text(), transport);
    let (published, waits) = bench.run().await;
    let published = published.unwrap();
    assert_eq!((published.urn.as_str(), published.via), ("urn:li:share:7", PublishedVia::Duplicate));
    assert_eq!(waits, [10]);
    let requests = bench.transport.requests();
    assert_eq!(requests[0].text(), requests[1].text(), "to the letter");

    // The first one never landed: the second is the post.
    let mut bench = Bench::new(text(), script().lost().created());
    assert_eq!(bench.run().await.0.unwrap().via, PublishedVia::Created);
    // A 201 without an id.
    let mut bench =
        Bench::new(text(), script().respond(201, &[], "").respond(422, &[], DUPLICATE).status("x"));
    assert_eq!(bench.run().await.0.unwrap().via, PublishedVia::Duplicate);
}

#[tokio::test]
async fn a_process_that_died_while_sending_leaves_a_doubt() {
    let transport = script().respond(422, &[], DUPLICATE).respond(403, &[], PERMISSION);
    let mut bench = Bench::new(text(), transport);
    // No files; then it is announced.
    bench.flow.advance(&bench.client).await.unwrap();
    bench.flow.advance(&bench.client).await.unwrap();
    assert_eq!(bench.creates(), 0, "announced, not sent");
    bench.restart();
    let (published, waits) = bench.run().await;
    assert_eq!((published.unwrap().via, waits), (PublishedVia::Duplicate, vec![10]));
}

#[tokio::test]
async fn nothing_is_sent_again_after_the_duplicate_check_has_ended() {
    let page = |posts: serde_json::Value| script().lost().json(json!({"elements": posts}).to_string());
    // 2026-01-01T00:00:00Z.
    let ours = json!({"id": "urn:li:share:9", "commentary": "Hello", "createdAt": 1_767_225_601_000_i64});
    let older = json!({"id": "urn:li:share:8", "commentary": "Hello", "createdAt": 1_767_139_200_000_i64});
    let other = json!({"id": "urn:li:share:6", "commentary": "Hello!", "createdAt": 1_767_225_601_000_i64});
    let with_image = json!({"id": "urn:li:share:5", "commentary": "Hello", "createdAt": 1_767_225_601_000_i64,
        "content": {"media": {"id": "urn:li:image:1"}}});
    for (posts, found) in [
        (json!([older, other, with_image, ours]), Some("urn:li:share:9")),
        (json!([older, other, with_image]), None),
        (json!([]), None),
    ] {
        let mut bench = Bench::new(text(), page(posts));
        while !matches!(bench.flow.advance(&bench.client).await.unwrap(), Progress::Wait(_)) {}
        bench.clock.advance(Duration::from_secs(540));
        bench.restart();
        let (published, _) = bench.run().await;
        assert_eq!(bench.creates(), 1);
        match found {
            Some(urn) => {
                let published = published.unwrap();
                assert_eq!((published.urn.as_str(), published.via), (urn, PublishedVia::Found));
            }
            None => assert!(matches!(published, Err(PublishError::InDoubt { .. })), "{published:?}"),
        }
    }
}

#[tokio::test]
async fn who_forbids_repeating_is_told_and_asked_to_look() {
    let transport = script().lost().respond(403, &[], PERMISSION);
    let mut bench = Bench::new(text(), transport).policy(PublishPolicy::new().repeat_in_doubt(false));
    let (lost, _) = bench.run().await;
    assert!(matches!(&lost, Err(PublishError::Call(error)) if error.may_have_been_applied()), "{lost:?}");
    let (doubt, _) = bench.run().await;
    let doubt = doubt.unwrap_err();
    assert_eq!((doubt.kind(), bench.creates()), (ErrorKind::InDoubt, 1));
    assert!(doubt.to_string().contains("2026-01-01T00:00:00Z"), "{doubt}");

    // Nor is anything repeated that LinkedIn could not recognise.
    let wordless = CreatePost::new(page(), "").content(ImageContent::new(ImageUrn::from_id("1").unwrap()));
    let mut bench = Bench::new(wordless, script().status("AVAILABLE").lost().respond(403, &[], PERMISSION));
    assert!(bench.run().await.0.is_err());
    assert!(matches!(bench.run().await.0, Err(PublishError::InDoubt { .. })));
    assert_eq!(bench.creates(), 1);
}

#[tokio::test]
async fn repeating_ends_after_three_times() {
    let transport = script().lost().lost().lost().lost().json(r#"{"elements":[]}"#);
    let mut bench = Bench::new(text(), transport);
    let (doubt, waits) = bench.run().await;
    assert!(matches!(doubt, Err(PublishError::InDoubt { .. })), "{doubt:?}");
    assert_eq!((bench.creates(), waits.len()), (4, 4));
}

#[tokio::test]
async fn a_duplicate_of_an_older_post_is_not_ours() {
    let old = json!({"id": "urn:li:share:7", "commentary": "Hello", "createdAt": 1_767_139_200_000_i64});
    let transport = script().lost().respond(422, &[], DUPLICATE).json(old.to_string());
    let (older, _) = Bench::new(text(), transport).run().await;
    assert!(matches!(&older, Err(PublishError::Duplicate(urn)) if urn.id() == "7"), "{older:?}");

    let deleted = (0..20).fold(script().lost().respond(422, &[], DUPLICATE), |script, _| {
        script.respond(404, &[], r#"{"status":404,"code":"NOT_FOUND"}"#)
    });
    let (gone, _) = Bench::new(text(), deleted).run().await;
    assert!(matches!(gone, Err(PublishError::Duplicate(_))), "{gone:?}");

    // A first create that is refused was never in doubt.
    let mut bench = Bench::new(text(), script().respond(422, &[], DUPLICATE).created());
    let (refused, _) = bench.run().await;
    assert!(matches!(&refused, Err(PublishError::Call(error)) if error.is_duplicate()), "{refused:?}");
    assert!(bench.run().await.0.is_ok(), "it can be tried again");
}

#[tokio::test]
async fn what_was_created_is_read_back_if_that_is_wanted() {
    let missing = r#"{"status":404,"code":"NOT_FOUND"}"#;
    let reads = PublishPolicy::new().read_back(true);
    let transport = script()
        .created()
        .respond(404, &[], missing)
        .json(r#"{"lifecycleState":"PUBLISH_REQUESTED"}"#)
        .json(r#"{"lifecycleState":"PUBLISHED"}"#);
    let mut bench = Bench::new(text(), transport).policy(reads.clone());
    let (published, waits) = bench.run().await;
    assert_eq!(published.unwrap().state, Some(LifecycleState::Published));
    assert_eq!(waits, [2, 3]);

    let transport = script().created().respond(403, &[], PERMISSION);
    let (published, _) = Bench::new(text(), transport).policy(reads.clone()).run().await;
    assert_eq!(published.unwrap().state, None, "reading never makes it fail");

    let transport = (0..20).fold(script().created(), |script, _| script.respond(404, &[], missing));
    let (published, waits) = Bench::new(text(), transport).policy(reads).run().await;
    assert_eq!(published.unwrap().state, None);
    assert!(waits.iter().sum::<u64>() >= 60, "{waits:?}");
}

#[tokio::test]
async fn a_file_of_somebody_else_is_not_posted() {
    for (owner, stops) in [
        ("urn:li:organization:6", true),
        ("urn:li:person:a", true),
        ("urn:li:organization:5", false),
        ("urn:li:sponsoredAccount:9", false),
    ] {
        let known = json!({"status": "AVAILABLE", "owner": owner}).to_string();
        let mut bench = Bench::new(picture(), script().json(known).created());
        let published = bench.run().await.0;
        assert_eq!((published.is_err(), bench.creates()), (stops, usize::from(!stops)), "{owner}");
        if let Err(PublishError::Call(error)) = published {
            assert_eq!(error.findings()[0].rule(), "linkedin.asset.owner");
        }
    }
}

#[tokio::test]
async fn a_post_that_breaks_a_rule_waits_for_nothing() {
    let mut bench = Bench::new(picture().landing_page("nowhere"), script());
    let (refused, _) = bench.run().await;
    let Err(PublishError::Call(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.findings()[0].rule(), "linkedin.post.landing_page");
    assert!(bench.sent().is_empty());
}

#[tokio::test]
async fn a_throttled_create_was_not_sent() {
    let transport = script().respond(429, &[], r#"{"status":429,"code":"TOO_MANY_REQUESTS"}"#).created();
    let mut bench = Bench::new(text(), transport);
    let (throttled, _) = bench.run().await;
    assert_eq!(throttled.unwrap_err().kind(), ErrorKind::Throttled);
    bench.clock.advance(Duration::from_secs(61));
    assert_eq!(bench.run().await.0.unwrap().via, PublishedVia::Created);
}

#[tokio::test]
async fn the_state_is_saved_before_the_post_is_sent() {
    let mut bench = Bench::new(text(), script().created());
    let mut saved = Vec::new();
    let transport = bench.transport.clone();
    let published = bench
        .flow
        .run(&bench.client, |state| {
            let stored = serde_json::to_value(state).unwrap();
            saved.push((stored["step"].to_string(), transport.requests().len()));
        })
        .await;
    assert!(published.is_ok());
    let announced = saved.iter().find(|(step, _)| step.contains("sending")).unwrap();
    assert_eq!(announced.1, 0, "{saved:?}");
    assert!(saved.last().unwrap().0.contains("done"), "{saved:?}");
}
