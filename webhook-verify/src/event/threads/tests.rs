use bytes::Bytes;
use serde_json::{Value, json};

use super::{ThreadsEvent, ThreadsField, ThreadsMediaType, ThreadsRootPost};
use crate::{Event, EventKind, MetaVerifier, Secret, Strength, parse_meta, testing::sign_meta};

fn events(body: &Value) -> Vec<Event> {
    let (secret, body) = (Secret::new("secret").unwrap(), Bytes::from(body.to_string()));
    let signature = sign_meta(&secret, &body);
    let verifier = MetaVerifier::builder().secret("main", secret).build().unwrap();
    parse_meta(&verifier.verify([signature], body).unwrap()).unwrap().into_events()
}

fn delivery(field: &str, value: &Value) -> Value {
    json!({"app_id": "123", "topic": "moderate", "target_id": "78901", "time": 1_723_226_877, "subscription_id": "234",
        "has_uid_field": false, "values": {"value": value, "field": field}})
}

fn event(field: &str, value: &Value) -> Event {
    events(&delivery(field, value)).remove(0)
}

fn read(event: &Event) -> &ThreadsEvent {
    let EventKind::Threads(threads) = event.kind() else { panic!("{event:?}") };
    threads
}

fn with(body: &Value, pointer: &str, member: Value) -> Value {
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap() = member;
    body
}

fn reply() -> Value {
    json!({"id": "8901", "username": "ada", "text": "Reply", "media_type": "TEXT_POST",
        "permalink": "https://www.threads.net/@ada/post/Pp", "replied_to": {"id": "5678"},
        "root_post": {"id": "1234", "owner_id": "4321", "username": "bakery"}, "shortcode": "Pp",
        "timestamp": "2024-08-07T10:33:16+0000", "is_verified": true})
}

#[test]
fn a_reply_is_read() {
    let event = event("replies", &reply());
    let read = read(&event);
    assert_eq!((event.object(), event.field(), event.account()), ("threads", "replies", Some("78901")));
    assert_eq!((event.kind().name(), event.subject()), ("threads_reply", Some("1234")));
    assert_eq!(event.time().unwrap().as_unix_seconds(), 1_723_226_877);
    assert_eq!(read.field, Some(ThreadsField::Replies));
    let ids = [&read.app_id, &read.topic, &read.target_id, &read.subscription_id, &read.id, &read.replied_to];
    assert_eq!(ids.map(|id| id.as_deref().unwrap()), ["123", "moderate", "78901", "234", "8901", "5678"]);
    let texts = [&read.username, &read.text, &read.permalink, &read.shortcode, &read.timestamp];
    let expected = ["ada", "Reply", "https://www.threads.net/@ada/post/Pp", "Pp", "2024-08-07T10:33:16+0000"];
    assert_eq!(texts.map(|text| text.as_deref().unwrap()), expected);
    assert_eq!((&read.media_type, read.is_verified), (&Some(ThreadsMediaType::TextPost), Some(true)));
    let root = ThreadsRootPost {
        id: Some("1234".to_owned()),
        owner_id: Some("4321".to_owned()),
        username: Some("bakery".to_owned()),
    };
    assert_eq!((read.root_post.as_ref(), read.published_at), (Some(&root), None));
}

#[test]
fn a_mention_a_post_and_a_removal_are_read() {
    let mention = event(
        "mentions",
        &json!({"id": "1", "alt_text": "a", "gif_url": "g", "media_url": "m", "has_replies": true,
        "is_quote_post": false, "is_reply": false, "media_type": "HOLOGRAM", "quoted_post": {"id": "2"},
        "reposted_post": "3", "timestamp": 1_723_000_000}),
    );
    let fields = read(&mention);
    assert_eq!((mention.kind().name(), mention.subject()), ("threads_mention", Some("1")));
    assert_eq!(
        (fields.has_replies, fields.is_quote_post, fields.is_reply),
        (Some(true), Some(false), Some(false))
    );
    assert_eq!((fields.quoted_post.as_deref(), fields.reposted_post.as_deref()), (Some("2"), Some("3")));
    let links = [&fields.alt_text, &fields.gif_url, &fields.media_url];
    assert_eq!(links.map(|link| link.as_deref().unwrap()), ["a", "g", "m"]);
    assert_eq!(fields.media_type.as_ref().unwrap().as_str(), "HOLOGRAM");
    assert_eq!(mention.occurred_at().unwrap().as_unix_seconds(), 1_723_000_000);

    let post = event("publish", &json!({"id": "1", "username": "ada", "replied_to": {"id": "7"}}));
    assert_eq!((post.kind().name(), post.subject()), ("threads_publish", Some("7")));

    let value = json!({"id": "1", "owner": {"owner_id": "42"}, "deleted_at": 1_723_000_001, "timestamp": 1_723_000_000});
    let removal = event("delete", &value);
    assert_eq!((removal.kind().name(), removal.account()), ("threads_delete", Some("42")));
    assert_eq!(read(&removal).owner_id.as_deref(), Some("42"));
    assert_eq!(removal.occurred_at().unwrap().as_unix_seconds(), 1_723_000_001);
    assert_eq!(event("delete", &json!({"id": "1"})).account(), Some("78901"));
}

#[test]
fn repeats_are_recognised_and_others_are_not_merged() {
    let base = delivery("replies", &reply());
    let key = |body: &Value| events(body)[0].key();
    assert_eq!(events(&base)[0].strength(), Strength::Exact);
    let later = with(&base, "/time", json!(1_723_226_999));
    assert_eq!(key(&later), key(&base));
    assert_eq!(key(&with(&later, "/values/value/text", json!("edited"))), key(&base));
    for (pointer, member) in [
        ("/values/value/id", "8902"),
        ("/values/field", "mentions"),
        ("/subscription_id", "235"),
        ("/target_id", "1"),
    ] {
        let other = with(&base, pointer, json!(member));
        assert_eq!(events(&other)[0].strength(), Strength::Exact, "{pointer}");
        assert_ne!(key(&other), key(&base), "{pointer}");
    }

    let removal = delivery("delete", &json!({"id": "1", "deleted_at": "2024-08-07T10:33:16+0000"}));
    assert_eq!(events(&removal)[0].strength(), Strength::Exact);
    assert_eq!(key(&with(&removal, "/time", json!(1))), key(&removal));
    assert_ne!(
        key(&with(&removal, "/values/value/deleted_at", json!("2024-08-07T10:33:17+0000"))),
        key(&removal)
    );
    for (field, value) in [
        ("publish", json!({"id": "1"})),
        ("delete", json!({"id": "1"})),
        ("pinned", json!({"id": "1"})),
        ("replies", json!({"text": "no id"})),
    ] {
        let body = delivery(field, &value);
        assert_eq!(events(&body)[0].strength(), Strength::BestEffort, "{body}");
        assert_ne!(key(&with(&body, "/time", json!(1))), key(&body), "{body}");
    }
}

#[test]
fn a_list_of_values_becomes_single_events() {
    let mut body = delivery("replies", &reply());
    let one = body["values"].take();
    let other = json!({"field": "publish", "value": {"id": "2"}});
    body["values"] = json!([one, other, 7]);
    let all = events(&body);
    let kinds: Vec<_> = all.iter().map(|event| (event.object(), event.kind().name())).collect();
    assert_eq!(
        kinds,
        [("threads", "threads_reply"), ("threads", "threads_publish"), ("threads", "unreadable")]
    );
    assert_eq!(all[0].key(), event("replies", &reply()).key());
    assert_eq!(read(&all[1]).subscription_id.as_deref(), Some("234"));
    assert_eq!(all[1].account(), Some("78901"));
    body["values"] = other;
    assert_eq!(serde_json::from_str::<Value>(all[1].raw()).unwrap(), body);
    body["values"] = json!([]);
    assert!(events(&body).is_empty());
}

#[test]
fn odd_deliveries_are_kept() {
    let kind = |field: Value, value: Value| {
        let body = json!({"target_id": 5, "values": {"field": field, "value": value}});
        let event = events(&body).remove(0);
        assert_eq!(serde_json::from_str::<Value>(event.raw()).unwrap(), body);
        event.kind().name()
    };
    assert_eq!(kind(json!("replies"), json!({})), "threads_reply");
    assert_eq!(kind(json!("replies"), Value::Null), "changed");
    assert_eq!(kind(json!("replies"), json!("text")), "unreadable");
    assert_eq!(kind(json!("brand_new"), json!({"id": 1})), "threads_other");
    assert_eq!(kind(Value::Null, json!({"id": 1})), "unreadable");
    let odd =
        event("replies", &json!({"id": [], "root_post": 5, "replied_to": "7", "is_verified": "perhaps"}));
    assert_eq!((read(&odd).id.as_deref(), read(&odd).replied_to.as_deref()), (None, Some("7")));
    assert_eq!((&read(&odd).root_post, read(&odd).is_verified), (&None, None));

    // The usual envelope, should Threads ever use it.
    let change = json!({"field": "replies", "value": {"id": "8"}});
    let usual = events(
        &json!({"object": "threads", "entry": [{"id": "5", "time": 1, "changes": [change, {"field": "x"}]}]}),
    );
    assert_eq!((usual[0].kind().name(), read(&usual[0]).id.as_deref()), ("threads_reply", Some("8")));
    assert_eq!(usual[1].kind().name(), "changed");
}
