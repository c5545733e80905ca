use std::sync::Arc;
use std::time::Duration;

use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::{ManualClock, ScriptedTransport};

use super::*;
use crate::scripted::{error_body, line};
use crate::{Client, ErrorClass};
use sociogram_api_core::Progress;

const IMAGE: &str = "https://cdn.example.com/a.jpg";
const VIDEO: &str = "https://cdn.example.com/a.mp4";
const FINISHED: &str = r#"{"status_code":"FINISHED"}"#;
const WORKING: &str = r#"{"status_code":"IN_PROGRESS"}"#;
const PUBLISHED: &str = r#"{"status_code":"PUBLISHED"}"#;
const EXPIRED: &str = r#"{"status_code":"EXPIRED"}"#;
const FREE: &str = r#"{"data":[{"quota_usage":2,"config":{"quota_total":50}}]}"#;
const LINK: &str = r#"{"id":"99","permalink":"https://www.instagram.com/p/x/"}"#;

struct Stage {
    transport: ScriptedTransport,
    clock: ManualClock,
    client: Client,
}

fn stage(answers: &[&str]) -> Stage {
    let transport =
        answers.iter().fold(ScriptedTransport::new(), |script, answer| script.json((*answer).to_owned()));
    on(transport)
}

fn on(transport: ScriptedTransport) -> Stage {
    let clock = ManualClock::at(Timestamp::from_unix_seconds(1_767_323_045));
    let builder = Client::builder().transport(Arc::new(transport.clone())).timer(Arc::new(clock.clone()));
    Stage { transport, clock, client: builder.access_token("TOKEN").build().unwrap() }
}

impl Stage {
    fn lines(&self) -> Vec<String> {
        self.transport.requests().iter().map(line).collect()
    }

    /// How many calls published something.
    fn publications(&self) -> usize {
        self.lines().iter().filter(|line| line.ends_with("/media_publish")).count()
    }
}

fn image() -> PublishInstagram {
    PublishInstagram::new(CreateContainer::image(17, IMAGE).caption("Hello")).without_quota_check()
}

fn carousel() -> PublishInstagram {
    let items = [CreateContainer::carousel_image(17, IMAGE), CreateContainer::carousel_video(17, VIDEO)];
    PublishInstagram::carousel(CreateContainer::carousel(17, []).caption("Hello"), items)
        .without_quota_check()
}

/// As another process would load it.
fn stored(flow: &PublishInstagram) -> PublishInstagram {
    serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap()
}

/// Takes steps until one waits, fails or is the last; gives how long it waits.
async fn steps(flow: &mut PublishInstagram, client: &Client) -> Result<Progress<Published>, PublishError> {
    loop {
        match flow.advance(client).await? {
            Progress::Again => {}
            end => return Ok(end),
        }
    }
}

#[tokio::test]
async fn an_image_is_made_awaited_published_and_linked() {
    let stage = stage(&[FREE, r#"{"id":"3"}"#, WORKING, FINISHED, r#"{"id":"99"}"#, LINK]);
    let mut flow = PublishInstagram::new(CreateContainer::image(17, IMAGE));
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(5)));
    let published = steps(&mut flow, &stage.client).await.unwrap().done().unwrap();
    assert_eq!(published.media_id, Some(MediaId::from(99)));
    assert_eq!(published.permalink.as_deref(), Some("https://www.instagram.com/p/x/"));
    let expected = [
        "GET /v26.0/17/content_publishing_limit?fields=quota_usage%2Cconfig",
        "POST /v26.0/17/media",
        "GET /v26.0/3?fields=status_code%2Cstatus",
        "GET /v26.0/3?fields=status_code%2Cstatus",
        "POST /v26.0/17/media_publish",
        "GET /v26.0/99?fields=permalink%2Cshortcode%2Ctimestamp",
    ];
    assert_eq!(stage.lines(), expected);
    let again = flow.advance(&stage.client).await.unwrap().done();
    assert_eq!((again, stage.lines().len()), (Some(published), 6), "the end stays the end, without a call");
}

#[tokio::test]
async fn run_sleeps_on_the_clients_timer_and_saves_before_publishing() {
    let stage = stage(&[r#"{"id":"3"}"#, WORKING, FINISHED, r#"{"id":"99"}"#, LINK]);
    let mut flow = image();
    let mut saved = Vec::new();
    let requests = stage.transport.clone();
    let published = {
        let run = flow.run(&stage.client, |state| {
            saved.push((requests.requests().len(), serde_json::to_value(state).unwrap()));
        });
        let mut run = std::pin::pin!(run);
        loop {
            tokio::select! {
                biased;
                published = &mut run => break published.unwrap(),
                () = tokio::task::yield_now() => stage.clock.advance(Duration::from_secs(5)),
            }
        }
    };
    assert_eq!(published.media_id, Some(MediaId::from(99)));
    let before =
        saved.iter().filter(|(_, state)| state["steps"]["step"] == "Publish").map(|(calls, _)| *calls);
    assert_eq!(before.collect::<Vec<_>>(), [3], "saved once the container was finished, before the call");
    assert!(saved.windows(2).all(|pair| pair[1].0 <= pair[0].0 + 1), "one call between two saves");
}

#[tokio::test]
async fn every_item_of_a_carousel_is_awaited_before_the_carousel_is_made() {
    let stage = stage(&[
        r#"{"id":"1"}"#,
        r#"{"id":"2"}"#,
        FINISHED,
        WORKING,
        FINISHED,
        r#"{"id":"3"}"#,
        FINISHED,
        r#"{"id":"99"}"#,
        LINK,
    ]);
    let mut flow = carousel();
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(15)));
    steps(&mut flow, &stage.client).await.unwrap().done().unwrap();
    let asked: Vec<String> =
        stage.lines().into_iter().filter_map(|line| Some(line.split_once('?')?.0.to_owned())).collect();
    assert_eq!(asked, ["GET /v26.0/1", "GET /v26.0/2", "GET /v26.0/2", "GET /v26.0/3", "GET /v26.0/99"]);
    let made = stage.transport.requests()[5].text().to_owned();
    assert_eq!(made, "media_type=CAROUSEL&children=1%2C2&caption=Hello");
}

#[tokio::test]
async fn a_failed_item_is_named_with_its_number_and_meaning() {
    let failed =
        r#"{"status_code":"ERROR","status":"Error: Media upload has failed with error code 2207026"}"#;
    let stage = stage(&[r#"{"id":"1"}"#, r#"{"id":"2"}"#, FINISHED, failed, r#"{"id":"11"}"#]);
    let mut flow = carousel();
    let error = steps(&mut flow, &stage.client).await.unwrap_err();
    assert_eq!(
        (error.item(), error.class(), error.kind()),
        (Some(1), Some(ErrorClass::MediaRejected), ErrorKind::Invalid)
    );
    assert!(matches!(&error, PublishError::MediaFailed { subcode: Some(2_207_026), .. }), "{error:?}");
    assert!(error.to_string().contains("item 1") && error.to_string().contains("2207026"), "{error}");
    flow.restart();
    flow.advance(&stage.client).await.unwrap();
    assert_eq!(stage.lines().last().unwrap(), "POST /v26.0/17/media", "new containers are made");
}

#[tokio::test]
async fn a_refused_item_is_named_as_well() {
    let transport =
        ScriptedTransport::new().json(r#"{"id":"1"}"#).respond(400, &[], error_body(9004, 2_207_052));
    let stage = on(transport);
    let error = steps(&mut carousel(), &stage.client).await.unwrap_err();
    assert_eq!((error.item(), error.class()), (Some(1), Some(ErrorClass::MediaRejected)));
    assert_eq!(error.error().unwrap().operation(), "instagram.containers.create");
}

#[tokio::test]
async fn a_publication_that_was_stopped_anywhere_is_made_once() {
    let answers = [
        r#"{"id":"1"}"#,
        r#"{"id":"2"}"#,
        FINISHED,
        FINISHED,
        r#"{"id":"3"}"#,
        FINISHED,
        r#"{"id":"99"}"#,
        LINK,
    ];
    for stopped_after in 0..answers.len() {
        let first = stage(&answers[..stopped_after]);
        let (mut flow, mut saved) = (carousel(), carousel());
        while first.lines().len() < stopped_after {
            saved = stored(&flow);
            flow.advance(&first.client).await.unwrap();
        }
        // The process died before it saved what the last call changed, or right after.
        for state in [saved, stored(&flow)] {
            let was_published = first.publications() == 1;
            let media = r#"{"data":[{"id":"99","caption":"Hello","timestamp":"2026-01-02T03:04:06+0000"}]}"#;
            let status = if was_published { PUBLISHED } else { FINISHED };
            let mut flow = stored(&state);
            let mut published = None;
            let mut publications = 0;
            for _ in 0..30 {
                // Made or asked: the answer holds both an id and a status.
                let both = format!(r#"{{"id":"3",{}"#, &status[1..]);
                let answer = match &serde_json::to_value(&flow).unwrap()["steps"]["step"] {
                    serde_json::Value::String(step) if step == "Find" => media,
                    serde_json::Value::Object(_) => LINK,
                    _ => &both,
                };
                // A step that goes on with publishing asks before it publishes.
                let second = stage(&[answer, answer]);
                let progress = flow.advance(&second.client).await.unwrap();
                publications += second.publications();
                if let Progress::Done(done) = progress {
                    published = Some(done);
                    break;
                }
            }
            assert_eq!(publications + first.publications(), 1, "stopped after {stopped_after} calls");
            assert!(published.unwrap().media_id.is_some(), "stopped after {stopped_after} calls");
        }
    }
}

#[tokio::test]
async fn a_flow_that_is_loaded_before_every_step_is_published_too() {
    let stage = stage(&[r#"{"id":"3"}"#, FINISHED, FINISHED, r#"{"id":"99"}"#, LINK]);
    let mut flow = image();
    let published = loop {
        flow = stored(&flow);
        if let Progress::Done(published) = flow.advance(&stage.client).await.unwrap() {
            break published;
        }
    };
    assert_eq!((published.media_id, stage.publications()), (Some(MediaId::from(99)), 1));
}

#[tokio::test]
async fn an_open_outcome_is_asked_about_and_the_medium_found() {
    let media = r#"{"data":[
        {"id":"100","caption":"Other","timestamp":"2026-01-02T03:04:30+0000"},
        {"id":"99","caption":"Hello ","timestamp":"2026-01-02T03:04:10+0000","media_product_type":"FEED"},
        {"id":"98","caption":"Hello","timestamp":"2026-01-02T03:04:10+0000","media_product_type":"REELS"},
        {"id":"50","caption":"Hello","timestamp":"2026-01-01T03:04:10+0000"}]}"#;
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"3"}"#)
        .json(FINISHED)
        .fail(TransportErrorKind::Other)
        .json(PUBLISHED)
        .json(media)
        .json(LINK);
    let stage = on(transport);
    let mut flow = image();
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(30)));
    let published = steps(&mut stored(&flow), &stage.client).await.unwrap().done().unwrap();
    assert_eq!((published.media_id, stage.publications()), (Some(MediaId::from(99)), 1));
    let found = "GET /v26.0/17/media?fields=id%2Ccaption%2Ctimestamp%2Cmedia_product_type&limit=25";
    assert_eq!(stage.lines()[4], found);
}

#[tokio::test]
async fn an_open_outcome_that_was_none_is_published_then() {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"3"}"#)
        .json(FINISHED)
        .respond(400, &[], error_body(-1, 2_207_001))
        .json(FINISHED)
        .json(r#"{"id":"99"}"#)
        .json(LINK);
    let stage = on(transport);
    let mut flow = image();
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(30)));
    let published = steps(&mut flow, &stage.client).await.unwrap().done().unwrap();
    assert_eq!((published.media_id, stage.publications()), (Some(MediaId::from(99)), 2));
}

#[tokio::test]
async fn after_three_open_outcomes_somebody_has_to_look() {
    let mut transport = ScriptedTransport::new().json(r#"{"id":"3"}"#);
    for _ in 0..3 {
        transport = transport.json(FINISHED).respond(400, &[], error_body(-1, 2_207_001));
    }
    let stage = on(transport.json(PUBLISHED).json(r#"{"data":[]}"#));
    let mut flow = image();
    let mut result = steps(&mut flow, &stage.client).await;
    while let Ok(Progress::Wait(_)) = result {
        result = steps(&mut flow, &stage.client).await;
    }
    let error = result.unwrap_err();
    assert!(error.is_retryable() && stage.publications() == 3, "{error:?}");
    // Going on asks first as well.
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(30)));
    assert_eq!(stage.publications(), 3);
}

#[tokio::test]
async fn a_published_medium_that_cannot_be_found_or_linked_is_no_failure() {
    let none = r#"{"data":[]}"#;
    let stage = stage(&[PUBLISHED, none, none, none]);
    let mut flow = PublishInstagram::existing(17, ContainerKind::Reel, 3).without_quota_check();
    flow.steps = serde_json::from_value({
        let mut steps = serde_json::to_value(&flow.steps).unwrap();
        steps["step"] = "Publish".into();
        steps["since"] = "2026-01-02T03:04:05Z".into();
        steps
    })
    .unwrap();
    for _ in 0..2 {
        assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(30)));
    }
    let published = steps(&mut flow, &stage.client).await.unwrap().done().unwrap();
    assert_eq!((published, stage.publications()), (Published::default(), 0));

    let transport = ScriptedTransport::new().json(r#"{"id":"3"}"#).json(FINISHED).json(r#"{"id":"99"}"#);
    let stage = on(transport.respond(400, &[], error_body(100, 33)));
    let published = steps(&mut image(), &stage.client).await.unwrap().done().unwrap();
    assert_eq!((published.media_id, published.permalink), (Some(MediaId::from(99)), None));
}

#[tokio::test]
async fn expired_containers_are_made_anew_but_not_for_ever() {
    let made = r#"{"id":"3"}"#;
    let stage = stage(&[made, EXPIRED, made, EXPIRED, made, EXPIRED]);
    let error = steps(&mut image(), &stage.client).await.unwrap_err();
    assert!(matches!(error, PublishError::Expired { item: None }), "{error:?}");
    assert_eq!(stage.lines().iter().filter(|line| line.starts_with("POST")).count(), 3);

    let transport =
        ScriptedTransport::new().json(made).json(FINISHED).respond(400, &[], error_body(-2, 2_207_020));
    let stage = on(transport.json(r#"{"id":"4"}"#).json(WORKING));
    assert_eq!(steps(&mut image(), &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(5)));
    assert_eq!(stage.lines().last().unwrap(), "GET /v26.0/4?fields=status_code%2Cstatus");
}

#[tokio::test]
async fn publishing_too_early_waits_and_asks() {
    let transport = ScriptedTransport::new()
        .json(r#"{"id":"3"}"#)
        .json(FINISHED)
        .respond(400, &[], error_body(9007, 2_207_027))
        .json(WORKING);
    let stage = on(transport);
    let mut flow = image();
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(30)));
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(5)));
}

#[tokio::test]
async fn a_used_up_quota_is_told_before_and_after() {
    let used =
        stage(&[r#"{"data":[{"quota_usage":50,"config":{"quota_total":50}}]}"#, FREE, r#"{"id":"3"}"#]);
    let mut flow = PublishInstagram::new(CreateContainer::image(17, IMAGE));
    let error = flow.advance(&used.client).await.unwrap_err();
    assert!(matches!(error, PublishError::QuotaReached { error: None }), "{error:?}");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Throttled, true));
    assert_eq!(used.lines().len(), 1, "no container was made");
    flow.advance(&used.client).await.unwrap();
    flow.advance(&used.client).await.unwrap();
    assert_eq!(used.lines().len(), 3, "it goes on once there is room");

    let transport = ScriptedTransport::new().json(r#"{"id":"3"}"#).json(FINISHED);
    let stage = on(transport.respond(400, &[], error_body(9, 2_207_042)));
    let error = steps(&mut image(), &stage.client).await.unwrap_err();
    assert!(matches!(&error, PublishError::QuotaReached { error: Some(_) }), "{error:?}");
    assert_eq!(error.class(), Some(ErrorClass::QuotaReached));
}

#[tokio::test]
async fn waiting_gets_slower_and_ends() {
    let made = r#"{"id":"3"}"#;
    let answers: Vec<&str> = std::iter::once(made).chain(std::iter::repeat_n(WORKING, 40)).collect();
    let stage = stage(&answers);
    let mut flow = PublishInstagram::new(CreateContainer::reel(17, VIDEO)).without_quota_check();
    let mut pauses = Vec::new();
    let error = loop {
        match steps(&mut flow, &stage.client).await {
            Ok(Progress::Wait(pause)) => pauses.push(pause.as_secs()),
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(error, PublishError::StillProcessing { item: None }) && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(pauses.iter().sum::<u64>(), 600);
    assert_eq!((pauses[0], pauses[pauses.len() - 1]), (15, 60));
    assert_eq!(steps(&mut flow, &stage.client).await.unwrap(), Progress::Wait(Duration::from_secs(15)));
}

#[tokio::test]
async fn what_is_wrong_is_told_before_anything_is_made() {
    let stage = stage(&[]);
    let item = |url: &str| CreateContainer::carousel_image(17, url);
    let parent = || CreateContainer::carousel(17, []);
    let wrong: Vec<(PublishInstagram, Option<usize>, &str)> = vec![
        (PublishInstagram::carousel(parent(), [item(IMAGE)]), None, "instagram.carousel.count"),
        (
            PublishInstagram::carousel(parent(), [item(IMAGE), item("ftp://x")]),
            Some(1),
            "instagram.media.url",
        ),
        (
            PublishInstagram::carousel(parent(), [item(IMAGE), CreateContainer::reel(17, VIDEO)]),
            Some(1),
            "instagram.publish.item",
        ),
        (
            PublishInstagram::carousel(parent(), [item(IMAGE), CreateContainer::carousel_image(18, IMAGE)]),
            Some(1),
            "instagram.publish.item",
        ),
        (PublishInstagram::new(item(IMAGE)), None, "instagram.publish.kind"),
        (PublishInstagram::new(CreateContainer::reel_upload(17)), None, "instagram.publish.upload"),
    ];
    for (mut flow, item, rule) in wrong {
        let error = flow.advance(&stage.client).await.unwrap_err();
        let findings = error.error().unwrap().findings();
        assert_eq!((error.item(), findings[0].rule(), error.kind()), (item, rule, ErrorKind::Invalid));
    }
    assert!(stage.lines().is_empty());
}

#[tokio::test]
async fn containers_that_exist_are_used_and_never_made_anew() {
    let stage = stage(&[r#"{"id":"1"}"#, FINISHED, EXPIRED]);
    let items = [CarouselItem::from(CreateContainer::carousel_image(17, IMAGE)), ContainerId::from(8).into()];
    let mut flow = PublishInstagram::carousel(CreateContainer::carousel(17, []), items).without_quota_check();
    let error = steps(&mut flow, &stage.client).await.unwrap_err();
    assert!(matches!(error, PublishError::Expired { item: Some(1) }), "{error:?}");
    assert_eq!(stage.lines()[2], "GET /v26.0/8?fields=status_code%2Cstatus");
}
