use std::time::Duration;

use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::UsageReading;
use sociogram_api_core::testing::{CapturedLogs, ManualClock, ScriptedTransport};

use super::*;
use crate::pages::CreatePagePost;
use crate::raw_request::RawRequest;
use crate::{AppId, Client, PageId};

const START: i64 = 1_800_000_000;

fn reading(id: &str, percent: f64) -> Reading {
    Reading { usage: UsageReading::new(BudgetKey::new("pages", id), percent), tier: None }
}

fn client(transport: &ScriptedTransport) -> Client {
    let builder = Client::builder().transport(Arc::new(transport.clone())).access_token("TOKEN");
    builder.app_id(AppId::from(7)).build().unwrap()
}

fn pages(percent: u32, minutes: u32) -> String {
    format!(
        r#"{{"42":[{{"type":"pages","call_count":{percent},"total_time":0,"total_cputime":0,"estimated_time_to_regain_access":{minutes}}}]}}"#
    )
}

fn read() -> RawRequest<crate::raw_request::Get> {
    RawRequest::get("42/feed").named("page.feed.read").subject("42")
}

/// What the figures make of the next call: percent, the level, and the wait before the second call after it (the
/// first one takes the free place), `None` if it is refused.
#[tokio::test(start_paused = true)]
async fn the_closer_the_limit_the_slower_the_calls() {
    for (percent, level, wait) in [
        (0, UsageLevel::Low, Some(0)),
        (49, UsageLevel::Low, Some(0)),
        (50, UsageLevel::Notable, Some(0)),
        (74, UsageLevel::Notable, Some(0)),
        (75, UsageLevel::High, Some(500)),
        (89, UsageLevel::High, Some(500)),
        (90, UsageLevel::Critical, Some(5_000)),
        (99, UsageLevel::Critical, Some(5_000)),
        (100, UsageLevel::Stopped, None),
        (130, UsageLevel::Stopped, None),
    ] {
        let usage = pages(percent, 0);
        let headers = [("x-business-use-case-usage", usage.as_str())];
        let transport = ScriptedTransport::new().respond(200, &headers, "{}").json("{}").json("{}");
        let client = client(&transport);
        client.send(read()).await.unwrap();
        let limit = client.usage().limits.remove(0);
        assert_eq!((limit.kind, limit.id.as_str(), limit.level), ("pages", "42", level), "{percent}");
        assert!((limit.percent - f64::from(percent)).abs() < f64::EPSILON);
        assert_eq!(limit.held_until.is_some(), wait.is_none(), "{percent}");
        let timer = Arc::clone(client.pipeline.timer());
        let Some(wait) = wait else {
            let error = client.send(read()).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0), "{percent}");
            let told = error.retry_after().unwrap();
            assert!(told > Duration::from_secs(299) && told <= Duration::from_secs(300), "{told:?}");
            continue;
        };
        client.send(read()).await.unwrap();
        let started = timer.monotonic();
        client.send(read()).await.unwrap();
        let waited = timer.monotonic().saturating_sub(started);
        assert!(
            waited >= Duration::from_millis(wait) && waited < Duration::from_millis(wait + 50),
            "{percent}: {waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_lasts_until_access_is_regained() {
    let (long, short) = (pages(95, 7), pages(100, 1));
    let header = |usage| [("x-business-use-case-usage", usage)];
    let transport = ScriptedTransport::new()
        .respond(200, &header(long.as_str()), "{}")
        .json("{}")
        .respond(200, &header(short.as_str()), "{}")
        .json("{}");
    let client = client(&transport);
    let timer = Arc::clone(client.pipeline.timer());
    client.send(read()).await.unwrap();
    let error = client.send(read()).await.unwrap_err();
    assert_eq!(
        (error.kind(), transport.requests().len()),
        (ErrorKind::Throttled, 1),
        "seven minutes are too long"
    );
    assert!(error.retry_after().unwrap() <= Duration::from_secs(7 * 60));
    client.send(RawRequest::get("me")).await.unwrap();
    timer.sleep(Duration::from_secs(7 * 60)).await;
    client.send(read()).await.unwrap();
    let started = timer.monotonic();
    client.send(read()).await.unwrap();
    let waited = timer.monotonic().saturating_sub(started);
    assert!(waited >= Duration::from_secs(60) && waited < Duration::from_secs(66), "{waited:?}");
    assert_eq!(transport.requests().len(), 4);
}

#[tokio::test]
async fn the_snapshot_can_be_written_and_names_the_end_of_a_stop() {
    let clock = ManualClock::at(Timestamp::from_unix_seconds(START));
    let usage = r#"{"act_9":[{"type":"ads_insights","call_count":12,"estimated_time_to_regain_access":2,
        "ads_api_access_tier":"standard_access"}]}"#;
    let usage: String = usage.split('\n').map(str::trim).collect();
    let headers = [("x-business-use-case-usage", usage.as_str()), ("x-app-usage", r#"{"call_count":28}"#)];
    let transport = ScriptedTransport::new().respond(200, &headers, r#"{"id":"42_1"}"#);
    let builder =
        Client::builder().transport(Arc::new(transport)).access_token("TOKEN").app_id(AppId::from(7));
    let client = builder.timer(Arc::new(clock.clone())).build().unwrap();
    client.send(CreatePagePost::new(PageId::from(42)).message("x")).await.unwrap();
    clock.advance(Duration::from_secs(30));
    let snapshot = client.usage();
    assert_eq!(
        serde_json::to_value(&snapshot).unwrap(),
        serde_json::json!({"at": "2027-01-15T08:00:30Z", "limits": [
            {"kind": "ads_insights", "id": "9", "percent": 100.0, "level": "stopped",
             "held_until": "2027-01-15T08:02:00Z", "read_at": "2027-01-15T08:00:00Z",
             "access_tier": "standard_access"},
            {"kind": "app", "id": "7", "percent": 28.0, "level": "low", "held_until": null,
             "read_at": "2027-01-15T08:00:00Z"},
        ]})
    );
}

#[test]
fn each_level_is_logged_when_it_is_reached() {
    let logs = CapturedLogs::start();
    let ledger = UsageLedger::new(Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH)));
    for (percent, lines) in [(49.0, 0), (50.0, 1), (60.0, 1), (80.0, 2), (81.0, 2), (10.0, 3), (20.0, 3)] {
        ledger.record(&[reading("1", percent)]);
        assert_eq!(logs.text().matches("another level").count(), lines, "{percent}");
    }
    assert!(logs.text().contains("pages:1"));
}

#[test]
fn memory_is_bounded_and_the_oldest_goes() {
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    let ledger = UsageLedger::new(Arc::new(clock.clone()));
    ledger.record(&[reading("old", 1.0)]);
    clock.advance(Duration::from_secs(1));
    let readings: Vec<Reading> = (0..MAX_KEYS).map(|id| reading(&id.to_string(), 1.0)).collect();
    ledger.record(&readings);
    let limits = ledger.snapshot(&RateBudget::default()).limits;
    assert_eq!(limits.len(), MAX_KEYS);
    assert!(limits.iter().all(|limit| limit.id != "old"));
}
