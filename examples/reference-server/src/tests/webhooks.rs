//! Webhooks: verified, and each event recorded once.

use http::Method;
use serde_json::{Value, json};
use sociogram::webhook_verify::{Secret, testing};

use super::driver::{Bench, PAGE, problem};

fn comment(id: &str, text: &str) -> Value {
    json!({"field": "feed", "value": {
        "item": "comment", "verb": "add", "post_id": "1_2", "comment_id": id, "message": text,
        "from": {"id": "7", "name": "CANARY Name"}, "created_time": 1_795_000_000,
    }})
}

fn delivery(changes: &[Value]) -> String {
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1_795_000_001, "changes": changes}]}).to_string()
}

#[tokio::test]
async fn an_event_counts_once_however_it_is_delivered() {
    let bench = Bench::connected().await;
    let (a, b) = (comment("a", "CANARY text"), comment("b", "CANARY text"));
    let first = bench.deliver_meta(&delivery(std::slice::from_ref(&a))).await.ok().unwrap();
    assert_eq!(first, json!({"recorded": 1, "repeated": 0}));
    let second = bench.deliver_meta(&delivery(std::slice::from_ref(&a))).await.ok().unwrap();
    assert_eq!(second, json!({"recorded": 0, "repeated": 1}));
    let third = bench.deliver_meta(&delivery(&[b, a])).await.ok().unwrap();
    assert_eq!(third, json!({"recorded": 1, "repeated": 1}));
    assert_eq!(bench.settled().await.done, 2);

    let reply = bench.get("/api/events").await;
    assert!(!reply.text.contains("CANARY"), "{}", reply.text);
    let shown = reply.ok().unwrap();
    assert_eq!(shown["events"].as_array().unwrap().len(), 2);
    let event = &shown["events"][0];
    assert_eq!((event["provider"].as_str(), event["kind"].as_str()), (Some("meta"), Some("page_feed")));
    assert_eq!((event["account"].as_str(), event["subject"].as_str()), (Some(PAGE), Some("1_2")));
    assert_eq!((event["state"].as_str(), event["attempts"].as_u64()), (Some("done"), Some(1)));
    assert_eq!(event["key"].as_str().unwrap().len(), 64);
    let home = bench.get("/").await.text;
    assert!(home.contains("page_feed") && !home.contains("CANARY"), "{home}");
    // The repeats had no effect of their own.
    assert_eq!(bench.listed("/api/conversations", "entries", 2).await.len(), 2);
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
    let own = Secret::new(bench.sandbox().config().meta.secret.as_str()).unwrap();
    let signature = testing::sign_meta(&own, body.as_bytes());
    let request = bench.request(Method::POST, "/webhooks/meta").header("x-hub-signature-256", &signature);
    problem(&bench.send(request.body(body.replace("\"a\"", "\"b\""))).await, 401);
    // Meta's signature at LinkedIn's door.
    let request = bench.request(Method::POST, "/webhooks/linkedin").header("x-hub-signature-256", &signature);
    problem(&bench.send(request.body(body)).await, 401);
    assert_eq!(bench.recorded().await, 0);
}

#[tokio::test]
async fn a_signed_delivery_that_is_not_readable_is_not_sent_again() {
    let bench = Bench::new().await;
    let nothing = bench.deliver_meta("{\"object\":}").await.ok().unwrap();
    assert_eq!(nothing, json!({"recorded": 0, "repeated": 0}));
    // What can be read as JSON at least is kept.
    let kept = bench.deliver_meta("{\"object\":\"page\",\"entry\":7}").await.ok().unwrap();
    assert_eq!(kept, json!({"recorded": 1, "repeated": 0}));
    // Signed text that is no delivery at all stays out.
    problem(&bench.deliver_meta("890e4665-4dfe-4ab1-b689-ed553bceeed0").await, 400);
    assert_eq!(bench.settled().await.skipped, 1);
}

#[tokio::test]
async fn the_sandbox_reaches_both_receivers() {
    let bench = Bench::connected().await;
    let handshakes = bench.received().handshakes;
    assert!(handshakes.len() == 2 && handshakes.iter().all(|handshake| handshake.verified));
    for kind in ["leadgen", "linkedin_lead"] {
        bench.trigger(&json!({"kind": kind})).await;
    }
    let leads = bench.listed("/api/leads", "leads", 2).await;
    let of = |provider: &str| leads.iter().find(|lead| lead["provider"] == provider).unwrap();
    let (meta, linkedin) = (of("meta"), of("linkedin"));
    assert_eq!((&meta["name"], &meta["email"]), (&"Grace Visitor".into(), &"grace@example.com".into()));
    assert_eq!((&meta["phone"], &meta["account"]), (&"+4915112345678".into(), &PAGE.into()));
    assert!(linkedin["email"].as_str().is_some_and(|email| email.contains('@')), "{linkedin}");
    assert!(!linkedin["answers"].as_array().unwrap().is_empty(), "{linkedin}");
}
