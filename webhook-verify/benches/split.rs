//! Splitting a delivery of 1 000 events, typed and with keys, beside reading the same bytes into a `serde_json::Value`, in one
//! run: `cargo bench -p sociogram-webhook-verify --all-features --bench split`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first mistake")]

use std::hint::black_box;

use bytes::Bytes;
use serde_json::{Value, json};
use sociogram_webhook_verify::{MetaVerifier, Secret, Strength, parse_meta, testing::sign_meta};

use figures::Figures;

#[path = "figures.rs"]
mod figures;

fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    // glibc takes the size of a freed mapping as a hint: without it both sides give the whole heap back to the system after
    // each turn, and page faults are measured.
    drop(black_box(vec![1_u8; 24 << 20]));
    // Ten events in each of 100 changes of one entry; one event in each of 1 000 entries.
    compare("split", &[entry(&(0..100).map(|place| change(place * 10, 10)).collect::<Vec<_>>())]);
    compare("split/entries", &(0..1000).map(|place| entry(&[change(place, 1)])).collect::<Vec<_>>());
}

fn compare(name: &str, entries: &[String]) {
    let body = format!(r#"{{"object":"whatsapp_business_account","entry":[{}]}}"#, entries.join(","));
    let secret = Secret::new("0123456789abcdef0123456789abcdef").unwrap();
    let verifier = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
    let signed = verifier.verify([sign_meta(&secret, body.as_bytes())], Bytes::from(body)).unwrap();
    let events = parse_meta(&signed).unwrap().into_events();
    let named = |name: &str| events.iter().filter(|event| event.kind().name() == name).count();
    assert_eq!((named("whatsapp_message"), named("whatsapp_status")), (300, 700));
    assert!(events.iter().all(|event| event.strength() == Strength::Exact));

    let ours = || drop(black_box(parse_meta(black_box(&signed)).unwrap()));
    let floor = || drop(black_box(serde_json::from_slice::<Value>(black_box(signed.body())).unwrap()));
    println!("{name}: {}", Figures::measure(ours, floor));
}

// In the order of the platform: `json!` may sort the members.
fn entry(changes: &[String]) -> String {
    format!(r#"{{"id":"102290129340398","changes":[{}]}}"#, changes.join(","))
}

/// So many of the events from this one on: of ten the first three are messages, the others statuses.
fn change(first: usize, count: usize) -> String {
    let places = first..first + count;
    let (messages, statuses): (Vec<_>, Vec<_>) = places.partition(|place| place % 10 < 3);
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
    });
    let mut put = |list: &str, items: Value| value.as_object_mut().unwrap().insert(list.to_owned(), items);
    if !messages.is_empty() {
        let contact = |place: &usize| json!({"profile": {"name": "Sheena Nelson"}, "wa_id": person(*place)});
        put("contacts", messages.iter().map(contact).collect());
        put("messages", messages.iter().map(|place| message(*place)).collect());
    }
    if !statuses.is_empty() {
        put("statuses", statuses.iter().map(|place| status(*place)).collect());
    }
    format!(r#"{{"value":{value},"field":"messages"}}"#)
}

fn person(place: usize) -> String {
    format!("1650555{place:04}")
}

fn wamid(place: usize) -> String {
    format!("wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEw{place:04}AA==")
}

fn message(place: usize) -> Value {
    json!({
        "from": person(place), "id": wamid(place), "timestamp": (1_749_416_383 + place).to_string(), "type": "text",
        "text": {"body": "Does it come in another color?"},
    })
}

fn status(place: usize) -> Value {
    let status = match place % 3 {
        0 => "sent",
        1 => "delivered",
        _ => "read",
    };
    json!({
        "id": wamid(place), "status": status, "timestamp": (1_750_263_773 + place).to_string(),
        "recipient_id": person(place),
        "conversation": {"id": "d93bb5f78a5e9ee8f0a3a1c4b8ae3c4f", "origin": {"type": "service"}},
        "pricing": {"billable": true, "pricing_model": "PMP", "category": "service", "type": "regular"},
    })
}
