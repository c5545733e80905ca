#![allow(unreachable_pub, reason = "the macros declare public endpoints")]

use std::sync::Arc;

use serde_json::{Value, json};
use sociogram_api_core::http::{Cursor, Endpoint, ListEndpoint, Replay};
use sociogram_api_core::testing::ScriptedTransport;
use sociogram_api_core::{Finding, InvalidRequest};

use super::*;
use crate::Client;
use crate::restli::RestliValue;
use crate::urn::OrganizationUrn;

endpoint! {
    /// All blocks at once.
    pub struct Everything -> Value;
    "test.everything": PartialUpdate "/rest/things/{thing}/parts/{part}", Safe, ["scope_a"];
    fixed { mode: "fast" }
    new { thing: OrganizationUrn, part: i64, text: String }
    with {
        /// In the query under another name.
        view as "viewContext": String,
    }
    projection;
    subject thing;
    checked by check;
    body by body;
    query by extra;
}

impl Everything {
    fn check(&self) -> Vec<Finding> {
        let empty = || Finding::error("test.text", "text", "it is empty");
        if self.text.is_empty() { vec![empty()] } else { Vec::new() }
    }

    fn body(&self) -> Value {
        json!({"text": self.text, "view": self.view})
    }

    fn extra(&self, query: Query) -> Query {
        query.param("range", RestliValue::record([("part", self.part)]))
    }
}

endpoint! {
    /// Nothing but what must be.
    pub struct Bare -> Value;
    "test.bare": Get "/v2/bare", Safe, [];
    with {
        /// In the query under its own name.
        deep: bool,
    }
    projection "id";
}

list_endpoint! {
    /// A list by token.
    pub struct ByToken -> i64;
    "test.by_token": Finder "/rest/accounts/{account}/things", [], token 100 to 1000;
    fixed { q: "search" }
    new { account: i64 }
    with {
        /// A filter.
        states: Vec<String>,
    }
}

fn written<E: Endpoint>(endpoint: &E) -> Result<RequestParts, InvalidRequest> {
    let mut parts = RequestParts::new(E::METHOD, E::PATH);
    endpoint.write(&mut parts)?;
    Ok(parts)
}

fn target<E: Endpoint>(endpoint: &E) -> String {
    written(endpoint).unwrap().path_and_query().unwrap()
}

fn everything(text: &str) -> Everything {
    Everything::new(OrganizationUrn::from_id("5").unwrap(), 7, text)
}

#[test]
fn with_a_body_only_the_path_is_filled_from_what_new_takes() {
    let endpoint = everything("hi").view("AUTHOR").fields("id,a:(b)");
    assert_eq!(
        target(&endpoint),
        "/rest/things/urn%3Ali%3Aorganization%3A5/parts/7?fields=id,a:(b)&mode=fast&range=(part:7)"
    );
    let parts = written(&endpoint).unwrap();
    let Some((sociogram_api_core::http::Body::Bytes(body), _)) = parts.content() else { panic!("no bytes") };
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({"text": "hi", "view": "AUTHOR"}));
    assert_eq!(parts.headers()["x-restli-method"], "partial_update");
    assert_eq!((Everything::METHOD, Everything::REPLAY), (http::Method::POST, Replay::Safe));
    assert_eq!(
        (Everything::SCOPES, endpoint.subject()),
        (["scope_a"].as_slice(), Some("urn:li:organization:5"))
    );
}

#[test]
fn what_a_check_finds_stops_the_call() {
    let refused = written(&everything("")).err().map(InvalidRequest::into_findings).unwrap();
    assert_eq!(refused[0].rule(), "test.text");
}

#[test]
fn a_path_outside_of_the_versioned_api_carries_no_method() {
    assert_eq!(target(&Bare::new()), "/v2/bare?fields=id");
    assert_eq!(target(&Bare::default().deep(true).fields("")), "/v2/bare?deep=true");
    assert!(!written(&Bare::new()).unwrap().headers().contains_key("x-restli-method"));
}

#[test]
fn a_list_goes_on_at_its_cursor() {
    let list = ByToken::new(5).states(vec!["A".to_owned(), "B,C".to_owned()]);
    let head = "/rest/accounts/5/things?";
    assert_eq!(target(&list.clone().count(7)), format!("{head}pageSize=7&q=search&states=List(A,B%2CC)"));
    assert_eq!(
        target(&list.after(&Cursor::new("T(1)"))),
        format!("{head}pageSize=100&pageToken=T%281%29&q=search&states=List(A,B%2CC)")
    );
    assert!(written(&ByToken::new(5).count(1001)).is_err());
}

#[tokio::test]
async fn answers_are_read_as_declared() {
    let transport = ScriptedTransport::new().json(r#"{"a":1}"#).json(r#"{"elements":[1,"x"]}"#);
    let client = Client::builder().access_token("token").transport(Arc::new(transport)).build().unwrap();
    assert_eq!(client.send(Bare::new()).await.unwrap(), json!({"a": 1}));
    let page = client.send(ByToken::new(5)).await.unwrap();
    assert_eq!((page.items, page.malformed.len()), (vec![1], 1));
}

#[test]
fn only_whole_names_are_placeholders() {
    assert!(has_placeholder("/a/{b}/{cd}", "cd"));
    for name in ["c", "a", "d", "b}"] {
        assert!(!has_placeholder("/a/{b}/{cd}", name), "{name}");
    }
}
