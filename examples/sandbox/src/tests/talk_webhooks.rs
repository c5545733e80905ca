//! What people write by a trigger: it is delivered, typed by the family's own parser, and can be answered.

use http::Method;
use serde_json::{Value, json};
use sociogram_webhook_verify::{Event, MetaVerifier, Secret, parse_meta};

use super::{
    driver::{ALL_META, Bench, PAGE, Reply},
    receiver::Receiver,
    whatsapp::{ACCOUNT as WABA, CUSTOMER, PHONE},
};
use crate::graph::areas::messaging::{
    BLOCKING_PERSON, INSTAGRAM_COMMENTER, INSTAGRAM_PERSON, LATE_INSTAGRAM_PERSON, LATE_PERSON, PERSON,
};

const MORE: [&str; 8] = [
    "pages_messaging",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_messages",
    "instagram_manage_comments",
    "business_management",
    "whatsapp_business_messaging",
    "whatsapp_business_management",
];
const INSTAGRAM: &str = "17841405822300201";
const STRANGER: &str = "16505550100";

struct Scene {
    bench: Bench,
    receiver: Receiver,
    user: String,
    page: String,
}

impl Scene {
    /// A registered receiver; nothing is subscribed.
    async fn new() -> Self {
        let (bench, receiver) = (Bench::new().await, Receiver::start().await);
        let target = json!({"meta": {"url": receiver.url}});
        assert_eq!(bench.control(Method::POST, "/webhooks", &target).await.status, 200);
        let permissions: Vec<&str> = ALL_META.iter().chain(&MORE).copied().collect();
        let user = bench.sandbox.meta_user_token(&permissions);
        let page = bench.page_token(&user).await;
        Self { bench, receiver, user, page }
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let reply = self.bench.graph_post(path, token, &body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.json()
    }

    async fn subscribe(&self, fields: &str) {
        let path = format!("/v26.0/{PAGE}/subscribed_apps");
        self.post(&path, &self.page, json!({ "subscribed_fields": fields })).await;
    }

    async fn subscribe_whatsapp(&self) {
        self.post(&format!("{WABA}/subscribed_apps"), &self.user, json!({})).await;
    }

    async fn trigger(&self, body: &Value) -> Reply {
        self.bench.control(Method::POST, "/trigger", body).await
    }

    /// Something happens; the answer, and the one event that the parser makes of the delivery.
    async fn told(&self, body: Value) -> (Value, Event) {
        let before = self.receiver.deliveries().len();
        let reply = self.trigger(&body).await;
        assert_eq!(reply.status, 200, "{body}: {}", reply.text);
        self.bench
            .until("delivered", |seen| seen.deliveries.iter().all(|delivery| delivery.acknowledged))
            .await;
        let (signature, bytes) = self.receiver.deliveries().remove(before);
        let secret = Secret::new("sandbox-meta-app-secret").unwrap();
        let verifier = MetaVerifier::builder().secret("main", secret).build().unwrap();
        let delivery = parse_meta(&verifier.verify([signature], bytes).unwrap()).unwrap();
        let mut events = delivery.into_events();
        assert_eq!(events.len(), 1, "{events:?}");
        (reply.json(), events.remove(0))
    }

    async fn refused(&self, body: Value, status: u16, detail: &str) {
        let reply = self.trigger(&body).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.text);
        assert!(reply.text.contains(detail), "{}", reply.text);
    }
}

/// The raw event, and that it has a type and a sure key.
fn typed(event: &Event, object: &str, account: &str) -> Value {
    assert!(!["unknown", "unreadable", "changed"].contains(&event.kind().name()), "{event:?}");
    assert_eq!((event.object(), event.account()), (object, Some(account)));
    assert_eq!(event.strength(), sociogram_webhook_verify::Strength::Exact, "{event:?}");
    serde_json::from_str(event.raw()).unwrap()
}

#[tokio::test]
async fn a_message_on_messenger_is_told_found_and_opens_the_window() {
    let scene = Scene::new().await;
    scene.subscribe("messages").await;
    let answer =
        json!({"recipient": {"id": LATE_PERSON}, "messaging_type": "RESPONSE", "message": {"text": "Hi"}});
    let messages = format!("/v26.0/{PAGE}/messages");
    assert_eq!(scene.bench.graph_post(&messages, &scene.page, &answer).await.status, 400);

    let (reply, event) =
        scene.told(json!({"kind": "message", "from": LATE_PERSON, "text": "Grüße / 🎉"})).await;
    let raw = typed(&event, "page", PAGE);
    assert_eq!(event.field(), "messaging.message");
    assert_eq!((&raw["sender"]["id"], &raw["recipient"]["id"]), (&json!(LATE_PERSON), &json!(PAGE)));
    assert_eq!(
        (&raw["message"]["text"], &raw["message"]["mid"]),
        (&json!("Grüße / 🎉"), &reply["message_id"])
    );
    assert!(event.occurred_at().is_some());

    let path = format!("/v26.0/{}?fields=message,from", reply["message_id"].as_str().unwrap());
    let read = scene.bench.graph_get(&path, &scene.page).await.json();
    assert_eq!((&read["message"], &read["from"]["id"]), (&json!("Grüße / 🎉"), &json!(LATE_PERSON)));
    scene.post(&messages, &scene.page, answer).await;

    let (_, event) = scene.told(json!({"kind": "message", "page_id": PAGE})).await;
    assert_eq!(typed(&event, "page", PAGE)["sender"]["id"], PERSON);
}

#[tokio::test]
async fn a_conversation_of_another_app_is_told_of_in_standby() {
    let scene = Scene::new().await;
    scene.subscribe("messages,standby").await;
    let pass = json!({"recipient": {"id": PERSON}, "target_app_id": "263902037430900"});
    scene.post(&format!("/v26.0/{PAGE}/pass_thread_control"), &scene.page, pass).await;
    let (_, event) = scene.told(json!({"kind": "message"})).await;
    assert_eq!(event.field(), "standby.message");
}

#[tokio::test]
async fn a_message_on_instagram_is_told_and_opens_the_window() {
    let scene = Scene::new().await;
    scene.subscribe("messages").await;
    let (reply, event) =
        scene.told(json!({"kind": "instagram_message", "from": LATE_INSTAGRAM_PERSON})).await;
    let raw = typed(&event, "instagram", INSTAGRAM);
    assert_eq!((event.field(), &raw["message"]["mid"]), ("messaging.message", &reply["message_id"]));
    assert_eq!(raw["sender"]["id"], LATE_INSTAGRAM_PERSON);
    let answer = json!({"recipient": {"id": LATE_INSTAGRAM_PERSON}, "message": {"text": "Hi"}});
    scene.post(&format!("/v26.0/{PAGE}/messages"), &scene.page, answer).await;
    let (_, event) = scene.told(json!({"kind": "instagram_message", "account_id": INSTAGRAM})).await;
    assert_eq!(typed(&event, "instagram", INSTAGRAM)["sender"]["id"], INSTAGRAM_PERSON);
}

#[tokio::test]
async fn a_comment_on_instagram_is_told_read_and_answered() {
    let scene = Scene::new().await;
    scene.subscribe("feed").await;
    scene.refused(json!({"kind": "instagram_comment"}), 404, "publish one first").await;
    let account = format!("/v26.0/{INSTAGRAM}");
    let image = json!({"image_url": "https://example.com/a.jpg"});
    let container = scene.post(&format!("{account}/media"), &scene.user, image).await["id"].clone();
    scene.bench.control(Method::POST, "/clock", &json!({"advance_seconds": 3})).await;
    let publish = json!({ "creation_id": container });
    let media = scene.post(&format!("{account}/media_publish"), &scene.user, publish).await["id"].clone();

    let (reply, event) =
        scene.told(json!({"kind": "instagram_comment", "media_id": media, "text": "Nice"})).await;
    let value = typed(&event, "instagram", INSTAGRAM)["value"].clone();
    let comment = reply["comment_id"].as_str().unwrap();
    assert_eq!((event.field(), &value["id"], &value["media"]["id"]), ("comments", &json!(comment), &media));
    assert_eq!((&value["from"]["id"], &value["text"]), (&json!(INSTAGRAM_COMMENTER), &json!("Nice")));
    let read =
        scene.bench.graph_get(&format!("/v26.0/{comment}?fields=text,username"), &scene.user).await.json();
    assert_eq!((&read["text"], &read["username"]), (&value["text"], &value["from"]["username"]));
    scene.post(&format!("/v26.0/{comment}/replies"), &scene.user, json!({"message": "Thanks"})).await;
    scene.refused(json!({"kind": "instagram_comment", "media_id": "1"}), 404, "publish one first").await;
}

#[tokio::test]
async fn a_message_on_whatsapp_is_told_and_opens_the_window() {
    let scene = Scene::new().await;
    scene.subscribe_whatsapp().await;
    let messages = format!("{PHONE}/messages");
    let hello =
        json!({"messaging_product": "whatsapp", "to": STRANGER, "type": "text", "text": {"body": "Hi"}});
    assert_eq!(scene.bench.graph_post(&messages, &scene.user, &hello).await.status, 400);

    let (reply, event) =
        scene.told(json!({"kind": "whatsapp_message", "from": "+1 650 555-0100", "text": "Hi"})).await;
    let value = typed(&event, "whatsapp_business_account", "400500600700801")["value"].clone();
    assert_eq!((event.field(), event.kind().name()), ("messages", "whatsapp_message"));
    assert_eq!(
        value["metadata"],
        json!({"display_phone_number": "15550783881", "phone_number_id": "500600700800901"})
    );
    assert_eq!(
        (&value["contacts"][0]["wa_id"], &value["messages"][0]["from"]),
        (&json!(STRANGER), &json!(STRANGER))
    );
    assert_eq!(value["messages"][0]["id"], reply["message_id"]);
    scene.post(&messages, &scene.user, hello.clone()).await;
    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": reply["message_id"]});
    scene.post(&messages, &scene.user, read.clone()).await;

    let (_, event) = scene.told(json!({"kind": "whatsapp_message"})).await;
    assert_eq!(
        typed(&event, "whatsapp_business_account", "400500600700801")["value"]["messages"][0]["from"],
        CUSTOMER
    );
    // The window closes again.
    scene.bench.control(Method::POST, "/clock", &json!({"advance_seconds": 86_400})).await;
    assert_eq!(scene.bench.graph_post(&messages, &scene.user, &hello).await.status, 400);
    scene.bench.control(Method::POST, "/clock", &json!({"advance_seconds": 30 * 86_400})).await;
    assert_eq!(scene.bench.graph_post(&messages, &scene.user, &read).await.status, 400);
}

#[tokio::test]
async fn what_becomes_of_a_message_by_whatsapp_is_told() {
    let scene = Scene::new().await;
    scene.subscribe_whatsapp().await;
    scene.refused(json!({"kind": "whatsapp_status"}), 404, "send one first").await;
    let hello =
        json!({"messaging_product": "whatsapp", "to": CUSTOMER, "type": "text", "text": {"body": "Hi"}});
    let sent =
        scene.post(&format!("{PHONE}/messages"), &scene.user, hello).await["messages"][0]["id"].clone();
    let mut keys = Vec::new();
    for status in ["sent", "delivered", "read", "failed"] {
        let (reply, event) =
            scene.told(json!({"kind": "whatsapp_status", "message_id": sent, "status": status})).await;
        let value = typed(&event, "whatsapp_business_account", "400500600700801")["value"].clone();
        let item = &value["statuses"][0];
        assert_eq!((&reply["message_id"], &item["id"], &item["status"]), (&sent, &sent, &json!(status)));
        assert_eq!((&item["recipient_id"], event.kind().name()), (&json!(CUSTOMER), "whatsapp_status"));
        assert_eq!(
            (item["errors"].is_array(), item["pricing"].is_object()),
            (status == "failed", status != "failed")
        );
        assert!(!keys.contains(&event.key()), "{status}");
        keys.push(event.key());
    }
    let (_, event) = scene.told(json!({"kind": "whatsapp_status"})).await;
    assert!(event.raw().contains("\"delivered\""));
    scene.refused(json!({"kind": "whatsapp_status", "status": "eaten"}), 400, "").await;
}

#[tokio::test]
async fn an_account_with_an_address_of_its_own_is_told_there() {
    let scene = Scene::new().await;
    let other = Receiver::start().await;
    let path = format!("{WABA}/subscribed_apps");
    let body = json!({"override_callback_uri": other.url, "verify_token": "sandbox-verify-token"});
    scene.post(&path, &scene.user, body).await;
    assert_eq!(scene.trigger(&json!({"kind": "whatsapp_message"})).await.status, 200);
    scene.bench.until("delivered", |seen| seen.deliveries.iter().all(|delivery| delivery.acknowledged)).await;
    assert_eq!((other.deliveries().len(), scene.receiver.deliveries().len()), (1, 0));
    let body = json!({"override_callback_uri": "https://example.com/hook", "verify_token": "a"});
    scene.post(&path, &scene.user, body).await;
    scene.refused(json!({"kind": "whatsapp_message"}), 409, "webhook").await;
}

#[tokio::test]
async fn nothing_is_written_that_nobody_would_hear_of() {
    let scene = Scene::new().await;
    scene.refused(json!({"kind": "message"}), 409, "with messages first").await;
    scene.refused(json!({"kind": "instagram_message"}), 409, "subscribed_apps").await;
    scene.refused(json!({"kind": "whatsapp_message"}), 409, "/{waba}/subscribed_apps").await;
    scene.subscribe("messages").await;
    scene.subscribe_whatsapp().await;
    scene.refused(json!({"kind": "message", "from": "1"}), 404, "nobody").await;
    scene.refused(json!({"kind": "message", "from": BLOCKING_PERSON}), 404, "nobody").await;
    scene.refused(json!({"kind": "message", "from": INSTAGRAM_PERSON}), 404, "nobody").await;
    scene.refused(json!({"kind": "message", "page_id": "1"}), 404, "page_id").await;
    scene.refused(json!({"kind": "instagram_message", "account_id": "1"}), 404, "account_id").await;
    scene.refused(json!({"kind": "instagram_message", "from": PERSON}), 404, "nobody").await;
    scene.refused(json!({"kind": "instagram_comment", "account_id": "1"}), 404, "account_id").await;
    scene.refused(json!({"kind": "whatsapp_message", "from": "nobody"}), 404, "from").await;
    let nowhere = json!({"meta": {"url": null}});
    scene.bench.control(Method::POST, "/webhooks", &nowhere).await;
    for kind in ["message", "instagram_message", "whatsapp_message"] {
        scene.refused(json!({ "kind": kind }), 409, "no webhook target").await;
    }
    assert!(scene.bench.sandbox.received().deliveries.is_empty());
    let path = format!("/v26.0/t_{PERSON}?fields=message_count");
    assert_eq!(scene.bench.graph_get(&path, &scene.page).await.json()["message_count"], 25);
}
