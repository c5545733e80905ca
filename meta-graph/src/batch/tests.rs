use std::sync::Arc;

use serde_json::{Value, json};
use sociogram_api_core::http::{Replay, TransportErrorKind};
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};
use sociogram_api_core::{ErrorKind, Timer};

use super::*;
use crate::me::GetMe;
use crate::pages::CreatePagePost;
use crate::scripted::{client, error_body, line};
use crate::{ErrorClass, PageId, RawRequest};

mod errors;
mod files;
mod refused;
mod wire;

/// The items of a call.
fn items(request: &RecordedRequest) -> Vec<Value> {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    assert_eq!(form.len(), 1, "only the batch");
    assert_eq!(form[0].0, "batch");
    serde_json::from_str(&form[0].1).unwrap()
}

/// An answer of an item.
fn answer(code: u16, body: &Value) -> Value {
    json!({"code": code, "headers": [{"name": "Content-Type", "value": "application/json"}],
        "body": body.to_string()})
}

fn answers(items: &[Value]) -> String {
    Value::from(items).to_string()
}

fn error(code: i64, subcode: i64) -> Value {
    serde_json::from_str(&error_body(code, subcode)).unwrap()
}

fn node(id: usize) -> RawRequest<crate::raw_request::Get> {
    RawRequest::get(id.to_string()).fields("id")
}

fn post() -> CreatePagePost {
    CreatePagePost::new(PageId::from(42)).message("hello")
}

#[tokio::test]
async fn each_item_has_its_own_typed_answer() {
    let transport = ScriptedTransport::new().json(answers(&[
        answer(200, &json!({"id": "17", "name": "Ada"})),
        answer(200, &json!({"id": "42_1"})),
        answer(200, &json!({"any": ["thing"]})),
    ]));
    let mut batch = Batch::new();
    let me = batch.add(GetMe::new());
    let created = batch.add(post());
    let raw = batch.add(RawRequest::delete("42_9"));
    assert_eq!((batch.len(), raw.index()), (3, 2));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    // In any order, and by type: this does not compile with the handles mixed up.
    assert_eq!(answers.take(raw).unwrap(), json!({"any": ["thing"]}));
    assert_eq!(answers.take(created).unwrap().id.as_str(), "42_1");
    assert_eq!(answers.take(me).unwrap().id.as_str(), "17");
    assert_eq!((answers.len(), answers.calls(), answers.failures().count()), (3, 1, 0));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn five_hundred_nodes_take_ten_calls() {
    let call = |first: usize| {
        let items: Vec<Value> =
            (first..first + 50).map(|id| answer(200, &json!({ "id": id.to_string() }))).collect();
        answers(&items)
    };
    let transport = (0..10).fold(ScriptedTransport::new(), |script, at| script.json(call(at * 50)));
    let mut batch = Batch::new();
    let handles: Vec<_> = (0..500).map(|id| batch.add(node(id))).collect();
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert!(transport.requests().len() <= 11, "{}", transport.requests().len());
    assert_eq!((transport.requests().len(), answers.calls()), (10, 10));
    assert!(transport.requests().iter().all(|request| items(request).len() == 50));
    for (id, handle) in handles.into_iter().enumerate() {
        assert_eq!(answers.take(handle).unwrap()["id"], id.to_string());
    }
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let transport = ScriptedTransport::new();
    let answers = client(&transport).send_batch(Batch::new()).await.unwrap();
    assert!(answers.is_empty() && transport.requests().is_empty());
}

#[tokio::test]
async fn a_handle_of_another_batch_is_an_error_and_no_answer() {
    let transport = ScriptedTransport::new().json(answers(&[answer(200, &json!({"id": "1"}))]));
    let (mut batch, mut other) = (Batch::new(), Batch::new());
    batch.add(node(1));
    let foreign = other.add(node(1));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    let error = answers.take(foreign).unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "batch.handle"));
}

#[tokio::test]
async fn what_depends_on_each_other_travels_together() {
    let fifty = |n: usize| answers(&vec![answer(200, &json!({"id": "1"})); n]);
    let transport = ScriptedTransport::new().json(fifty(49)).json(fifty(50)).json(fifty(3));
    let mut batch = Batch::new();
    (0..49).for_each(|id| drop(batch.add(node(id))));
    // Two more do not fit, so the pair opens the next call.
    batch.add_item(BatchItem::new(node(100)).name("first"));
    (0..48).for_each(|id| drop(batch.add(node(200 + id))));
    batch.add_item(BatchItem::new(node(101)).depends_on("first"));
    (0..3).for_each(|id| drop(batch.add(node(300 + id))));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!((answers.calls(), answers.failures().count()), (3, 0));
    let sent: Vec<Vec<Value>> = transport.requests().iter().map(items).collect();
    assert_eq!(sent.iter().map(Vec::len).collect::<Vec<_>>(), [49, 50, 3]);
    let urls: Vec<&str> = sent[1].iter().map(|item| item["relative_url"].as_str().unwrap()).collect();
    assert_eq!((urls[0], urls[49]), ("100?fields=id", "101?fields=id"), "the earlier one stands first");
}

#[tokio::test(start_paused = true)]
async fn all_items_count_and_wait_for_the_limits_of_their_objects() {
    let usage = r#"{"42":[{"type":"pages","call_count":80}]}"#;
    let transport = ScriptedTransport::new()
        .respond(200, &[("x-business-use-case-usage", usage)], "{}")
        .json(answers(&vec![answer(200, &json!({"id": "1"})); 10]))
        .json("{}");
    let client = client(&transport);
    let read = || RawRequest::get("42").named("page.read").subject("42");
    client.send(read()).await.unwrap();
    let mut batch = Batch::new();
    (0..10).for_each(|_| drop(batch.add(read())));
    client.send_batch(batch).await.unwrap();
    let timer: Arc<dyn Timer> = Arc::clone(client.pipeline.timer());
    let started = timer.monotonic();
    client.send(read()).await.unwrap();
    let waited = timer.monotonic().saturating_sub(started);
    assert!(waited >= Duration::from_secs(5) && waited < Duration::from_millis(5_100), "{waited:?}");
}

#[tokio::test]
async fn nothing_is_sent_while_the_limit_of_an_item_is_reached() {
    let usage = r#"{"42":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":9}]}"#;
    let transport = ScriptedTransport::new().respond(200, &[("x-business-use-case-usage", usage)], "{}");
    let client = client(&transport);
    client.send(RawRequest::get("1")).await.unwrap();
    let mut batch = Batch::new();
    batch.add(node(1));
    batch.add(post());
    let error = client.send_batch(batch).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_reads_is_repeated_and_one_with_a_post_is_not() {
    let reads = answers(&[answer(200, &json!({"id": "1"})), answer(200, &json!({"id": "2"}))]);
    let transport = ScriptedTransport::new().fail(TransportErrorKind::Timeout).json(reads);
    let mut batch = Batch::new();
    batch.add(node(1));
    let second = batch.add(node(2));
    let answers = client(&transport).send_batch(batch).await.unwrap();
    assert_eq!(answers.take(second).unwrap()["id"], "2");
    assert_eq!(transport.requests().len(), 2);

    let transport = ScriptedTransport::new().fail(TransportErrorKind::Timeout).json("[]");
    let mut batch = Batch::new();
    batch.add(node(1));
    batch.add(post());
    let error = client(&transport).send_batch(batch).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::InDoubt, true));
    assert_eq!(transport.requests().len(), 1);
}

#[test]
fn nothing_of_an_item_is_printed() {
    let item = BatchItem::new(post()).name("a").token("CANARYtoken");
    let mut batch = Batch::new();
    let printed = format!("{item:?} {:?} {batch:?}", ResultRef::new("a", "$.id"));
    batch.add_item(item);
    let printed = format!("{printed} {batch:?}");
    assert!(printed.contains("page.posts.create") && !printed.contains("CANARY"), "{printed}");
    assert!(!printed.contains("hello"), "{printed}");
}
