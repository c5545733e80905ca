//! Conversion events: each with its own fate.

use serde_json::{Value, json};
use sociogram::api_core::{Clock as _, SystemClock};

use super::driver::{Bench, problem};

const LINES: &str = "application/x-ndjson";

fn event(id: &str) -> Value {
    json!({
        "event_name": "Lead",
        "event_time": SystemClock::new().now().as_unix_seconds() - 60,
        "event_id": id,
        "action_source": "email",
        "user_data": {"em": "Ada@Example.com", "ph": "not a number"},
    })
}

#[tokio::test]
async fn lines_and_lists_are_sent_and_bad_events_cost_only_themselves() {
    let bench = Bench::connected().await;
    let lines = format!("{}\n\n{{\"cut\"\n{}\n", event("a"), event("b"));
    let report = bench.conversions("", LINES, lines).await.ok().unwrap();
    assert_eq!((report["sent"].as_u64(), report["rejected"][0]["index"].as_u64()), (Some(2), Some(2)));
    assert_eq!(report["dataset"], bench.sandbox().world().datasets[0]);
    let mut warned: Vec<u64> =
        report["warnings"].as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect();
    warned.dedup();
    assert_eq!(warned, [0, 3], "both telephone numbers were left out: {report}");
    assert_eq!((&report["in_doubt"], &report["not_sent"]), (&json!([]), &json!([])));

    let mut old = event("old");
    old["event_time"] = json!(1_500_000_000);
    let list = json!([old, event("c"), 7]).to_string();
    let report = bench.conversions("", "application/json; charset=utf-8", list).await.ok().unwrap();
    let rejected: Vec<u64> =
        report["rejected"].as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect();
    assert_eq!((report["sent"].as_u64(), rejected.as_slice()), (Some(1), &[0, 2][..]));
    assert!(report["rejected"][0]["findings"].as_array().is_some_and(|findings| !findings.is_empty()));

    let held = bench.received().events;
    let ids: Vec<&str> = held.iter().map(|held| held.event["event_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(!format!("{held:?}").to_lowercase().contains("ada@example.com"), "only hashes leave");
    assert!(!report.to_string().contains("Example.com"));
}

#[tokio::test]
async fn the_dataset_and_the_connection_can_be_named() {
    let bench = Bench::connected().await;
    let body = || event("a").to_string();
    let dataset = &bench.sandbox().world().datasets[0];
    let facebook = bench.connection("facebook").await;
    let query = format!("?dataset={dataset}&connection={facebook}");
    assert_eq!(bench.conversions(&query, LINES, body()).await.ok().unwrap()["sent"], 1);
    let linkedin = bench.connection("linkedin").await;
    problem(&bench.conversions(&format!("?connection={linkedin}"), LINES, body()).await, 409);
    let unknown = bench.conversions("?dataset=999", LINES, body()).await;
    assert!((400..500).contains(&unknown.status), "{}", unknown.text);
    problem(&unknown, unknown.status);
    assert_eq!(bench.received().events.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_events_in_doubt_and_sends_nothing_twice() {
    let bench = Bench::connected().await;
    bench.fault("/events", "reset_after_effect", 1).await;
    let body = format!("{}\n{}", event("a"), event("b"));
    let report = bench.conversions("", LINES, body).await.ok().unwrap();
    let doubtful: Vec<u64> =
        report["in_doubt"].as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect();
    assert_eq!((report["sent"].as_u64(), doubtful.as_slice()), (Some(0), &[0, 1][..]));
    assert_eq!(bench.received().events.len(), 2, "they were counted, once");
}

#[tokio::test]
async fn what_stops_the_sending_is_the_answer() {
    let bench = Bench::connected().await;
    bench.fault("/events", "throttle", 1).await;
    problem(&bench.conversions("", LINES, event("a").to_string()).await, 429);
    assert!(bench.received().events.is_empty());
}
