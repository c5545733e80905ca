//! Webhooks: registration, signatures, retries.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, MEMBER, ORGANIZATION, PAGE, Reply, text_post},
    receiver::Receiver,
};
use crate::mac::{hex, hmac_sha256};

async fn register(bench: &Bench, receiver: &Receiver) -> Reply {
    let body = json!({"meta": {"url": receiver.url}, "linkedin": {"url": receiver.url}});
    bench.control(Method::POST, "/webhooks", &body).await
}

/// A Page token, the Page being subscribed to these fields.
async fn subscribed(bench: &Bench, fields: &str) -> String {
    let token = bench.page_token(&bench.user_token()).await;
    let body = json!({ "subscribed_fields": fields });
    let reply = bench.graph_post(&format!("/v26.0/{PAGE}/subscribed_apps"), &token, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    token
}

#[tokio::test]
async fn registration_makes_both_handshakes() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    let reply = register(&bench, &receiver).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        (&reply.json()["meta"]["verified"], &reply.json()["linkedin"]["verified"]),
        (&true.into(), &true.into())
    );

    receiver.seen.lock().unwrap().broken = true;
    for platform in ["meta", "linkedin"] {
        let body = json!({ platform: {"url": receiver.url} });
        let refused = bench.control(Method::POST, "/webhooks", &body).await;
        assert_eq!((refused.status, refused.header("content-type")), (422, "application/problem+json"));
    }
    let handshakes = bench.sandbox.received().handshakes;
    assert_eq!(handshakes.iter().map(|shake| shake.verified).collect::<Vec<_>>(), [true, true, false, false]);
    let nobody =
        bench.control(Method::POST, "/webhooks", &json!({"meta": {"url": "http://127.0.0.1:1/"}})).await;
    assert_eq!(nobody.status, 422);
    // What was registered before stays.
    let state = bench.control(Method::GET, "/state", &json!(null)).await.json();
    assert_eq!(state["webhooks"]["meta"], receiver.url.as_str());
    bench.control(Method::POST, "/webhooks", &json!({"meta": {"url": null}})).await;
    let state = bench.control(Method::GET, "/state", &json!(null)).await.json();
    assert_eq!(state["webhooks"]["meta"], Value::Null);
}

#[tokio::test]
async fn a_published_post_is_delivered_signed_over_the_exact_bytes() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    register(&bench, &receiver).await;
    let token = subscribed(&bench, "feed").await;
    let post = json!({"message": "Brötchen/Kaffee 🎉"});
    let id = bench.graph_post(&format!("/v26.0/{PAGE}/feed"), &token, &post).await.json()["id"].clone();
    bench.until("delivered", |seen| seen.deliveries.iter().any(|delivery| delivery.acknowledged)).await;
    let (signature, body) = receiver.deliveries().remove(0);
    assert_eq!(signature, format!("sha256={}", hex(&hmac_sha256(b"sandbox-meta-app-secret", &[&body]))));
    assert!(body.is_ascii());
    let text = std::str::from_utf8(&body).unwrap();
    assert!(text.contains(r"Br\u00f6tchen\/Kaffee \ud83c\udf89"), "{text}");
    let value: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&value["object"], &value["entry"][0]["id"]), (&"page".into(), &PAGE.into()));
    let change = &value["entry"][0]["changes"][0];
    assert_eq!(
        (&change["field"], &change["value"]["item"], &change["value"]["post_id"]),
        (&"feed".into(), &"status".into(), &id)
    );
    assert_eq!(bench.sandbox.received().deliveries[0].body, value);
}

#[tokio::test]
async fn nothing_is_sent_without_a_subscription_or_for_an_unpublished_post() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    register(&bench, &receiver).await;
    let token = bench.page_token(&bench.user_token()).await;
    let feed = format!("/v26.0/{PAGE}/feed");
    bench.graph_post(&feed, &token, &json!({"message": "a"})).await;
    subscribed(&bench, "mention").await;
    bench.graph_post(&feed, &token, &json!({"message": "b"})).await;
    subscribed(&bench, "feed").await;
    bench.graph_post(&feed, &token, &json!({"message": "c", "published": false})).await;
    assert!(bench.sandbox.received().deliveries.is_empty());
}

#[tokio::test]
async fn failures_are_tried_again_and_given_up_in_the_end() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    register(&bench, &receiver).await;
    let token = subscribed(&bench, "feed").await;
    let feed = format!("/v26.0/{PAGE}/feed");
    // 204 is success for LinkedIn but not for Meta.
    receiver.seen.lock().unwrap().answers = vec![500, 204];
    bench.graph_post(&feed, &token, &json!({"message": "a"})).await;
    bench.until("acknowledged", |seen| seen.deliveries[0].acknowledged).await;
    assert_eq!(bench.sandbox.received().deliveries[0].attempts, 3);
    let sent = receiver.deliveries();
    assert!(sent.len() == 3 && sent.iter().all(|delivery| *delivery == sent[0]));

    receiver.seen.lock().unwrap().answers = vec![503; 5];
    bench.graph_post(&feed, &token, &json!({"message": "b"})).await;
    bench.until("given up", |seen| seen.deliveries.get(1).is_some_and(|delivery| delivery.finished)).await;
    let last = bench.sandbox.received().deliveries.remove(1);
    assert_eq!((last.attempts, last.status, last.acknowledged), (5, Some(503), false));
}

#[tokio::test]
async fn an_organizations_post_brings_a_comment() {
    let bench = Bench::new().await;
    let receiver = Receiver::start().await;
    register(&bench, &receiver).await;
    let token = bench.member_token();
    bench.rest_post("/posts", &token, &text_post(MEMBER, "by a member")).await;
    let made = bench.rest_post("/posts", &token, &text_post(ORGANIZATION, "by an organization")).await;
    bench.until("delivered", |seen| seen.deliveries.iter().any(|delivery| delivery.acknowledged)).await;
    let sent = receiver.deliveries();
    assert_eq!(sent.len(), 1);
    let (signature, body) = &sent[0];
    let expected = hex(&hmac_sha256(b"sandbox-linkedin-client-secret", &[b"hmacsha256=", body]));
    assert_eq!(*signature, expected);
    let value: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(value["type"], "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS");
    let notification = &value["notifications"][0];
    assert_eq!(
        (&notification["action"], &notification["organizationalEntity"]),
        (&"COMMENT".into(), &ORGANIZATION.into())
    );
    assert_eq!(notification["sourcePost"], made.header("x-restli-id"));
    assert!(notification["notificationId"].is_i64());
}

#[tokio::test]
async fn triggers_make_things_happen_or_say_what_is_missing() {
    let bench = Bench::new().await;
    let trigger = async |body: Value| bench.control(Method::POST, "/trigger", &body).await;
    for (body, status) in [
        (json!({"kind": "comment"}), 404),
        (json!({"kind": "leadgen"}), 409),
        (json!({"kind": "leadgen", "page_id": "1"}), 404),
        (json!({"kind": "linkedin_comment"}), 404),
        (json!({"kind": "linkedin_lead"}), 409),
        (json!({"kind": "linkedin_lead", "organization": "urn:li:organization:1"}), 404),
        (json!({"kind": "nonsense"}), 400),
        (json!({"kind": "comment", "nonsense": 1}), 400),
    ] {
        let reply = trigger(body.clone()).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (status, "application/problem+json"),
            "{body}"
        );
    }
    let receiver = Receiver::start().await;
    register(&bench, &receiver).await;
    let page = subscribed(&bench, "feed,leadgen").await;
    bench.graph_post(&format!("/v26.0/{PAGE}/feed"), &page, &json!({"message": "a"})).await;
    bench.rest_post("/posts", &bench.member_token(), &text_post(ORGANIZATION, "a")).await;
    let lead = trigger(json!({"kind": "leadgen"})).await.json();
    for kind in ["comment", "linkedin_comment", "linkedin_lead"] {
        assert_eq!(trigger(json!({ "kind": kind })).await.status, 200, "{kind}");
    }
    bench
        .until("all", |seen| seen.deliveries.len() == 6 && seen.deliveries.iter().all(|d| d.acknowledged))
        .await;
    let lead_path = format!("/v26.0/{}?fields=field_data,form_id", lead["lead_id"].as_str().unwrap());
    let read = bench.graph_get(&lead_path, &page).await.json();
    assert_eq!(read["field_data"][1]["values"], json!(["grace@example.com"]));
    let bodies: Vec<Value> =
        receiver.deliveries().iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect();
    let of_lead = bodies.iter().find(|body| body["entry"][0]["changes"][0]["field"] == "leadgen").unwrap();
    let id = of_lead["entry"][0]["changes"][0]["value"]["leadgen_id"].as_u64().unwrap();
    assert!(id > 1 << 53 && read["id"] == id.to_string().as_str());
    assert!(bodies.iter().any(|body| body["type"] == "LEAD_ACTION"));
}
