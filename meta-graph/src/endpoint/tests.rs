#![allow(unreachable_pub, dead_code, reason = "the macros declare what a crate offers")]

use serde::Deserialize;
use sociogram_api_core::http::{Endpoint as _, Page};
use sociogram_api_core::open_enum;

use super::*;
use crate::id::PageId;
use crate::scripted::{client, exchange, line};
use crate::{ErrorKind, acknowledged};

open_enum! {
    /// A mood.
    pub enum Mood {
        /// Good.
        Good = "GOOD",
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Thing {
    id: String,
}

endpoint! {
    /// Everything a form can hold.
    pub struct WriteThing -> Thing;
    "test.things.write": POST "/{page_id}/things", Never, [];
    fixed { product: "fixed" }
    new { page_id: PageId, text: String }
    with {
        /// On or off.
        on: bool,
        /// When.
        at: UnixTime,
        /// A list of objects.
        things: Vec<Thing>,
        /// Joined.
        names: Joined,
        /// Under another name.
        mood as "type": Mood,
        /// How many.
        count: u32,
    }
    fields "id";
    subject page_id;
    checked by check;
}

impl WriteThing {
    fn check(&self) -> Vec<Finding> {
        let empty = Finding::error("test.text", "text", "there is no text");
        if self.text.is_empty() { vec![empty] } else { Vec::new() }
    }
}

endpoint! {
    /// The same as JSON.
    pub struct SendThing -> ();
    "test.things.send": POST "/me/things", Never, [], Json;
    fixed { product: "fixed" }
    with {
        /// On or off.
        on: bool,
        /// A list of objects.
        things: Vec<Thing>,
    }
    decode acknowledged::read;
}

endpoint! {
    /// A deletion.
    pub struct DeleteThing -> ();
    "test.things.delete": DELETE "/{page_id}", Safe, ["a_scope"];
    new { page_id: PageId, hard: bool }
    decode acknowledged::read;
}

list_endpoint! {
    /// A list.
    pub struct ListThings -> Thing;
    "test.things.list": "/{page_id}/things", [], limit 100;
    new { page_id: PageId }
    with {
        /// From then on.
        since: UnixTime,
    }
    fields "id";
    subject page_id;
}

#[tokio::test]
async fn a_form_holds_nested_values_as_json() {
    let write = WriteThing::new(42, "a & b")
        .on(true)
        .at(Timestamp::from_unix_millis(1_800_000_000_999))
        .things(vec![Thing { id: "1".to_owned() }])
        .names(["x", "y"])
        .mood(Mood::Good)
        .count(3_u32);
    let (thing, request) = exchange(write.clone(), r#"{"id":"7"}"#).await;
    assert_eq!(thing.unwrap().id, "7");
    assert_eq!(line(&request), "POST /v26.0/42/things");
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let expected = [
        ("product", "fixed"),
        ("text", "a & b"),
        ("on", "true"),
        ("at", "1800000000"),
        ("things", r#"[{"id":"1"}]"#),
        ("names", "x,y"),
        ("type", "GOOD"),
        ("count", "3"),
        ("fields", "id"),
    ];
    assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(write.subject(), Some("42"));
}

#[tokio::test]
async fn a_json_body_keeps_values_as_they_are() {
    let send = SendThing::new().on(false).things(vec![Thing { id: "1".to_owned() }]);
    let (done, request) = exchange(send, r#"{"success":true}"#).await;
    done.unwrap();
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.text(), r#"{"on":false,"product":"fixed","things":[{"id":"1"}]}"#);
}

#[tokio::test]
async fn a_deletion_and_a_list_have_a_query() {
    let (_, request) = exchange(DeleteThing::new(42, true), "true").await;
    assert_eq!(line(&request), "DELETE /v26.0/42?hard=true");
    let list = ListThings::new(42).since(Timestamp::from_unix_seconds(5)).limit(100);
    let (page, request) = exchange(list, r#"{"data":[{"id":"1"},{"no":"id"}]}"#).await;
    let page: Page<Thing> = page.unwrap();
    assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
    assert_eq!(line(&request), "GET /v26.0/42/things?since=5&fields=id&limit=100");
    let (_, request) = exchange(ListThings::new(42).fields("id,name"), r#"{"data":[]}"#).await;
    assert_eq!(line(&request), "GET /v26.0/42/things?fields=id%2Cname");
}

#[tokio::test]
async fn what_is_out_of_bounds_is_not_sent() {
    let transport = sociogram_api_core::testing::ScriptedTransport::new();
    let client = client(&transport);
    let error = client.send(WriteThing::new(42, "")).await.unwrap_err();
    assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "test.text"));
    for limit in [0, 101] {
        let error = client.send(ListThings::new(42).limit(limit)).await.unwrap_err();
        assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "list.limit"));
    }
    assert!(transport.requests().is_empty());
}
