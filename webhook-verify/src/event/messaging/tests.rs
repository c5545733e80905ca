use bytes::Bytes;
use serde_json::{Value, json};

use super::MessagingEvent;
use crate::{Event, EventKind, MetaVerifier, Secret, parse_meta, testing::sign_meta};

mod arbitrary;
mod keys;
mod samples;
mod shapes;

const PERSON: &str = "1254459154682919";
const ACCOUNT: &str = "1067280970047460";
/// The time of the items, in milliseconds.
const AT: i64 = 1_712_000_000_123;

fn deliver(body: &Value) -> Vec<Event> {
    let secret = Secret::new("secret").unwrap();
    let body = Bytes::from(body.to_string());
    let verifier = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
    let signed = verifier.verify([sign_meta(&secret, &body)], body).unwrap();
    parse_meta(&signed).unwrap().into_events()
}

/// The event of one item in a list, sent at this millisecond.
fn listed(object: &str, list: &str, item: &Value, sent_at: i64) -> Event {
    let entry = json!({"id": ACCOUNT, "time": sent_at, list: [item]});
    deliver(&json!({"object": object, "entry": [entry]})).remove(0)
}

/// The event of one item that comes as a change.
fn changed(object: &str, field: &str, item: &Value) -> Event {
    let entry = json!({"id": ACCOUNT, "time": 1_712_000_001, "changes": [{"field": field, "value": item}]});
    deliver(&json!({"object": object, "entry": [entry]})).remove(0)
}

fn of(event: &Event) -> &MessagingEvent {
    match event.kind() {
        EventKind::Messaging(item) => item,
        other => panic!("{other:?}"),
    }
}

/// What a person does, with these members.
fn item(members: &Value) -> Value {
    between(PERSON, ACCOUNT, members)
}

/// What the business does, with these members.
fn own(members: &Value) -> Value {
    between(ACCOUNT, PERSON, members)
}

fn between(sender: &str, recipient: &str, members: &Value) -> Value {
    let mut item = json!({"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": AT});
    for (name, value) in members.as_object().unwrap() {
        item[name] = value.clone();
    }
    item
}

/// The item without the person's id.
fn anonymous(members: &Value) -> Value {
    let mut item = item(members);
    item.as_object_mut().unwrap().remove("sender");
    item
}

/// The value with one member, named by a pointer, replaced; `null` takes it away.
fn with(value: &Value, pointer: &str, member: Value) -> Value {
    let mut value = value.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[name] = member;
    value
}
