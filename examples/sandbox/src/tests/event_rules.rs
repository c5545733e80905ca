//! What the events edge refuses: one bad event refuses all.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, DATASET};
use crate::clock::wall_millis;

fn event() -> Value {
    json!({
        "event_name": "Lead",
        "event_time": wall_millis() / 1000,
        "action_source": "system_generated",
        "user_data": {"em": "a".repeat(64)},
    })
}

/// The event with one member set (or, with null, taken away); dots lead inside.
fn with(path: &str, value: Value) -> Value {
    let mut event = event();
    let (parents, last) = path.rsplit_once('.').map_or((None, path), |(parent, last)| (Some(parent), last));
    let place = match parents {
        Some(parent) => event.as_object_mut().unwrap().entry(parent).or_insert(json!({})),
        None => &mut event,
    };
    if value.is_null() {
        place.as_object_mut().unwrap().remove(last);
    } else {
        place[last] = value;
    }
    event
}

#[tokio::test]
async fn bad_events_are_refused_and_take_good_ones_with_them() {
    let bench = Bench::new().await;
    let token = bench.user_token();
    let now = wall_millis() / 1000;
    let hash = "a".repeat(64);
    let plain = None;
    let cases: [(&str, Value, Option<i64>); 28] = [
        ("no name", with("event_name", Value::Null), plain),
        ("blank name", with("event_name", json!(" ")), plain),
        ("no time", with("event_time", Value::Null), plain),
        ("time as text", with("event_time", json!(now.to_string())), plain),
        ("milliseconds", with("event_time", json!(now * 1000)), plain),
        ("eight days old", with("event_time", json!(now - 8 * 86_400)), Some(2_804_003)),
        ("no source", with("action_source", Value::Null), plain),
        ("unknown source", with("action_source", json!("web")), plain),
        ("website without address", with("action_source", json!("website")), plain),
        ("app without data", with("action_source", json!("app")), plain),
        ("message without channel", with("action_source", json!("business_messaging")), plain),
        ("no user data", with("user_data", Value::Null), plain),
        ("empty user data", with("user_data", json!({})), Some(2_804_050)),
        ("weak user data", with("user_data", json!({"ct": hash, "country": hash})), Some(2_804_050)),
        ("name and gender", with("user_data", json!({"fn": hash, "ge": hash})), Some(2_804_050)),
        ("plain mail", with("user_data.em", json!("ada@example.com")), plain),
        ("plain phone", with("user_data.ph", json!(["49151123"])), plain),
        ("upper-case digest", with("user_data.em", json!("A".repeat(64))), plain),
        ("unknown user key", with("user_data.mail", json!("x")), plain),
        ("number as key", with("user_data.external_id", json!(5)), plain),
        ("unknown member", with("eventname", json!("x")), plain),
        ("unknown app key", with("app_data.nonsense", json!(1)), plain),
        ("value as text", with("custom_data.value", json!("1.5")), plain),
        ("bad currency", with("custom_data.currency", json!("EURO")), plain),
        ("purchase without value", with("event_name", json!("Purchase")), plain),
        ("processing option", with("data_processing_options", json!(["ALL"])), plain),
        ("opt out as text", with("opt_out", json!("false")), plain),
        ("not an object", json!("x"), plain),
    ];
    let path = format!("/v26.0/{DATASET}/events");
    for (name, bad, subcode) in cases {
        let body = json!({"data": [event(), bad, event()]});
        assert_eq!(bench.graph_post(&path, &token, &body).await.graph_error(), (400, 100, subcode), "{name}");
    }
    assert!(bench.sandbox.received().events.is_empty());
}

#[tokio::test]
async fn a_bad_request_is_refused() {
    let bench = Bench::new().await;
    let token = bench.user_token();
    let path = format!("/v26.0/{DATASET}/events");
    let cases = [
        ("no data", json!({})),
        ("empty data", json!({"data": []})),
        ("data as text", json!({"data": "[]"})),
        ("too many", json!({"data": vec![event(); 1001]})),
        ("unknown member", json!({"data": [event()], "dataset": "1"})),
        ("long agent", json!({"data": [event()], "partner_agent": "x".repeat(23)})),
    ];
    for (name, body) in cases {
        assert_eq!(bench.graph_post(&path, &token, &body).await.graph_error(), (400, 100, None), "{name}");
    }
    let form = bench.graph(Method::POST, &path, &token).form(&[("data", "[]")]);
    assert_eq!(bench.send(form).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn what_the_platform_takes_is_taken() {
    let bench = Bench::new().await;
    let token = bench.user_token();
    let now = wall_millis() / 1000;
    let extinfo = vec![""; 16];
    let good = [
        with("user_data.em", json!([format!("{}.AQQCAQMC", "0".repeat(64))])),
        with("user_data", json!({"lead_id": 123_456_789_012_345_i64})),
        with("user_data", json!({"fbp": "fb.1.1.2"})),
        with("custom_data", json!({"anything": [1, {"x": null}]})),
        with("data_processing_options", json!(["LDU"])),
        json!({"event_name": "x", "event_time": now - 30 * 86_400, "action_source": "physical_store", "user_data": {"ph": "b".repeat(64)}}),
        json!({"event_name": "x", "event_time": now, "action_source": "business_messaging", "messaging_channel": "messenger",
            "user_data": {"page_id": "1", "page_scoped_user_id": "2"}}),
        json!({"event_name": "x", "event_time": now, "action_source": "app", "user_data": {"madid": "m"},
            "app_data": {"advertiser_tracking_enabled": 1, "application_tracking_enabled": 0, "extinfo": extinfo}}),
    ];
    let path = format!("/v26.0/{DATASET}/events");
    for event in &good {
        let reply = bench.graph_post(&path, &token, &json!({"data": [event]})).await;
        assert_eq!(reply.status, 200, "{event}: {}", reply.text);
    }
    let many = bench.graph_post(&path, &token, &json!({"data": vec![event(); 1000]})).await;
    assert_eq!(many.json()["events_received"], 1000);
    assert_eq!(bench.sandbox.received().events.len(), 1000 + good.len());
}

#[tokio::test]
async fn a_request_can_be_refused_and_taken_in_part_for_what_is_in_it() {
    let bench = Bench::new().await;
    let token = bench.user_token();
    let path = format!("/v26.0/{DATASET}/events");
    let named = |id: &str| with("event_id", json!(id));
    for kind in ["refuse", "partial"] {
        let fault = json!({"match": {"body_contains": "order-7"}, "kind": kind, "times": 2});
        assert_eq!(bench.control(Method::POST, "/faults", &fault).await.status, 200);
    }
    let mut told = Vec::new();
    for last in ["order-7", "order-8", "order-7", "order-7", "order-7", "order-7"] {
        let body = json!({"data": [named("order-1"), named("order-2"), named(last)]});
        let reply = bench.graph_post(&path, &token, &body).await;
        told.push((reply.status, reply.json()["events_received"].as_u64()));
    }
    let (refused, half, whole) = ((400, None), (200, Some(2)), (200, Some(3)));
    assert_eq!(told, [refused, whole, refused, half, half, whole]);
    let held = bench.sandbox.received().events;
    assert_eq!((held.len(), held.last().map(|held| &held.event["event_id"])), (10, Some(&json!("order-7"))));
}
