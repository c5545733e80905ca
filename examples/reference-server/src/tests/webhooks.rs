//! Webhooks: verified, counted once, shown without text.

use http::Method;
use serde_json::{Value, json};
use sociogram::{
    api_core::{Clock as _, SystemClock, Timer as _},
    webhook_verify::{Secret, testing},
};

use super::driver::{Bench, problem};
use crate::demo::Reply;

fn meta_secret(bench: &Bench) -> Secret {
    Secret::new(bench.sandbox().config().meta.secret.as_str()).unwrap()
}

async fn deliver_meta(bench: &Bench, body: &str) -> Reply {
    let signature = testing::sign_meta(&meta_secret(bench), body.as_bytes());
    let request = bench.request(Method::POST, "/webhooks/meta").header("x-hub-signature-256", signature);
    bench.send(request.body(body.to_owned())).await
}

async fn deliver_linkedin(bench: &Bench, body: &str) -> Reply {
    let secret = Secret::new(bench.sandbox().config().linkedin.secret.as_str()).unwrap();
    let signature = testing::sign_linkedin(&secret, body.as_bytes());
    let request = bench.request(Method::POST, "/webhooks/linkedin").header("x-li-signature", signature);
    bench.send(request.body(body.to_owned())).await
}

fn comment(id: &str, text: &str) -> Value {
    json!({"field": "feed", "value": {
        "item": "comment", "verb": "add", "post_id": "1_2", "comment_id": id, "message": text,
        "from": {"id": "7", "name": "CANARY Name"}, "created_time": 1_795_000_000,
    }})
}

fn delivery(changes: &[Value]) -> String {
    json!({"object": "page", "entry": [{"id": "1", "time": 1_795_000_001, "changes": changes}]}).to_string()
}

#[tokio::test]
async fn an_event_counts_once_however_it_is_delivered() {
    let bench = Bench::new().await;
    let (a, b) = (comment("a", "CANARY text"), comment("b", "CANARY text"));
    let first = deliver_meta(&bench, &delivery(std::slice::from_ref(&a))).await.ok().unwrap();
    assert_eq!(first, json!({"recorded": 1, "repeated": 0}));
    let second = deliver_meta(&bench, &delivery(std::slice::from_ref(&a))).await.ok().unwrap();
    assert_eq!(second, json!({"recorded": 0, "repeated": 1}));
    let third = deliver_meta(&bench, &delivery(&[b, a])).await.ok().unwrap();
    assert_eq!(third, json!({"recorded": 1, "repeated": 1}));

    let reply = bench.get("/api/webhooks").await;
    assert!(!reply.text.contains("CANARY"), "{}", reply.text);
    let shown = reply.ok().unwrap();
    assert_eq!(shown["counts"]["recorded"], 2);
    assert_eq!(shown["events"].as_array().unwrap().len(), 2);
    let event = &shown["events"][0];
    assert_eq!((event["provider"].as_str(), event["kind"].as_str()), (Some("meta"), Some("page_feed")));
    assert_eq!((event["account"].as_str(), event["subject"].as_str()), (Some("1"), Some("1_2")));
    assert_eq!(event["key"].as_str().unwrap().len(), 64);
    assert!(!bench.get("/").await.text.contains("CANARY"));
}

#[tokio::test]
async fn a_forged_delivery_records_nothing() {
    let bench = Bench::new().await;
    let body = delivery(&[comment("a", "x")]);
    let others = Secret::new("another app").unwrap();
    let signature = testing::sign_meta(&others, body.as_bytes());
    let request = bench.request(Method::POST, "/webhooks/meta").header("x-hub-signature-256", signature);
    problem(&bench.send(request.body(body.clone())).await, 401);
    // One changed byte.
    let signature = testing::sign_meta(&meta_secret(&bench), body.as_bytes());
    let request = bench.request(Method::POST, "/webhooks/meta").header("x-hub-signature-256", &signature);
    problem(&bench.send(request.body(body.replace("\"a\"", "\"b\""))).await, 401);
    // Meta's signature at LinkedIn's door.
    let request = bench.request(Method::POST, "/webhooks/linkedin").header("x-hub-signature-256", &signature);
    problem(&bench.send(request.body(body)).await, 401);
    let counts = &bench.json("/api/webhooks").await["counts"];
    assert_eq!((&counts["recorded"], &counts["refused"]), (&json!(0), &json!(3)));
}

#[tokio::test]
async fn linkedin_events_arrive_too() {
    let bench = Bench::new().await;
    let body = json!({
        "type": "LEAD_ACTION",
        "leadGenFormResponse": "urn:li:leadGenFormResponse:1",
        "owner": {"organization": "urn:li:organization:5000001"},
        "leadAction": "CREATED",
        "occurredAt": 1_795_000_000_000_i64,
    })
    .to_string();
    for recorded in [1, 0] {
        let answer = deliver_linkedin(&bench, &body).await.ok().unwrap();
        assert_eq!(answer["recorded"], recorded);
    }
    let event = &bench.json("/api/webhooks").await["events"][0];
    assert_eq!(
        (event["provider"].as_str(), event["kind"].as_str()),
        (Some("linkedin"), Some("linkedin_lead_action"))
    );
    assert_eq!(event["subject"], "urn:li:leadGenFormResponse:1");
}

#[tokio::test]
async fn a_signed_delivery_that_is_not_readable_is_not_sent_again() {
    let bench = Bench::new().await;
    for body in ["{\"object\":}", "{\"object\":\"page\",\"entry\":7}"] {
        assert_eq!(deliver_meta(&bench, body).await.status, 200, "{body}");
    }
    assert_eq!(bench.json("/api/webhooks").await["counts"]["unreadable"], 1);
    // Signed text that is no delivery at all stays out.
    problem(&deliver_meta(&bench, "890e4665-4dfe-4ab1-b689-ed553bceeed0").await, 400);
}

#[tokio::test]
async fn the_sandbox_reaches_both_receivers() {
    let bench = Bench::connected().await;
    let handshakes = bench.received().handshakes;
    assert!(handshakes.len() == 2 && handshakes.iter().all(|handshake| handshake.verified));
    let control = format!("{}/_sandbox/trigger", bench.sandbox().url());
    for kind in ["leadgen", "linkedin_lead"] {
        let reply = bench.send(bench.browser.client.post(&control).json(&json!({"kind": kind}))).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let timer = SystemClock::new();
    let begun = timer.now();
    loop {
        let counts = bench.json("/api/webhooks").await["counts"].clone();
        if counts["recorded"] == 2 {
            assert_eq!(counts["refused"], 0);
            return;
        }
        assert!(timer.now().saturating_duration_since(begun).as_secs() < 10, "{counts}");
        timer.sleep(std::time::Duration::from_millis(10)).await;
    }
}
