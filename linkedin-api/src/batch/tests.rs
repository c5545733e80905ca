use std::sync::Arc;

use serde_json::{Value, json};
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::{Client, RawAnswer, RawRequest, RestliMethod};

async fn answered(body: &str) -> RawAnswer {
    let transport = ScriptedTransport::new().json(body.to_owned());
    let client = Client::builder().access_token("token").transport(Arc::new(transport)).build().unwrap();
    client.send(RawRequest::new(RestliMethod::BatchGet, "things")).await.unwrap()
}

const COMPOUND: &str = "(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1)";

#[tokio::test]
async fn keys_are_found_however_they_are_written() {
    let body = json!({"results": {
        "urn:li:share:1": 1,
        "urn%3Ali%3Ashare%3A2": 2,
        "urn%3ali%3acomment%3a%28urn%3ali%3aactivity%3a1%2c2%29": 3,
        "(entity:urn%3Ali%3Aactivity%3A1,actor:urn%3Ali%3Aperson%3Aa)": 4,
        "a%20b": 5,
        "6": 6,
    }});
    let comment = "urn:li:comment:(urn:li:activity:1,2)";
    let asked = ["urn:li:share:1", "urn:li:share:2", comment, COMPOUND, "a b", "6"];
    let results = answered(&body.to_string()).await.batch_results::<i64>(asked).unwrap();
    for (key, value) in asked.into_iter().zip(1..) {
        assert_eq!(results.get(key), Some(&value), "{key}");
    }
    assert_eq!((results.len(), results.failures().count()), (6, 0));
    let key = RestliValue::record([("entity", "urn:li:activity:1"), ("actor", "urn:li:person:a")]);
    assert_eq!(results.get_compound(&key), Some(&4));
    assert_eq!(results.get("urn%3Ali%3Ashare%3A1"), Some(&1));
    let keys: Vec<_> = results.iter().map(|(key, _)| key).collect();
    assert!(keys.contains(&COMPOUND) && keys.contains(&comment), "{keys:?}");
}

#[derive(Debug, PartialEq, Deserialize)]
struct Thing {
    id: i64,
}

#[tokio::test]
async fn a_key_without_an_entity_says_why() {
    let body = json!({
        "results": {"1": {"id": 1}, "2": "not an object", "7": {"id": 7}},
        "statuses": {"1": 200, "3": 403, "4": "odd"},
        "errors": {
            "5": {"status": 404, "code": "NOT_FOUND", "serviceErrorCode": 0, "message": "SEKRET"},
            "7": {"status": "500"},
        },
    });
    let asked = ["1", "2", "3", "4", "5", "6", "7"];
    let results = answered(&body.to_string()).await.batch_results::<Thing>(asked).unwrap();
    assert_eq!(results.get("1"), Some(&Thing { id: 1 }));
    assert_eq!(results.len(), 1, "an error wins over an entity");
    for (key, status) in
        [("2", None), ("3", Some(403)), ("4", None), ("5", Some(404)), ("6", Some(404)), ("7", Some(500))]
    {
        assert_eq!(results.failure(key).unwrap().status, status, "{key}");
    }
    let missing = results.failure("5").unwrap();
    assert_eq!((missing.code.as_deref(), missing.service_error_code), (Some("NOT_FOUND"), None));
    assert_eq!(missing.message(), Some("SEKRET"));
    assert!(!format!("{results:?}").contains("SEKRET"));
    assert_eq!(results.failure("1"), None);
}

#[tokio::test]
async fn an_empty_batch_is_not_an_error() {
    for body in [r#"{"results":{}}"#, "{}", r#"{"results":null,"statuses":null,"errors":null}"#] {
        let results = answered(body).await.batch_results::<Value>([]).unwrap();
        assert!(results.is_empty() && results.failures().next().is_none(), "{body}");
    }
    assert!(answered("7").await.batch_results::<Value>([]).is_err());
}

#[tokio::test]
async fn changes_tell_the_status_of_each_key() {
    let body = json!({
        "results": {
            "urn%3Ali%3Ashare%3A1": {"status": 204},
            "2": {"status": 400, "error": {"code": "MISSING_FIELD"}},
            "3": {},
            "4": 7,
            "6": {"status": 204},
        },
        "errors": {"6": {"status": 403}},
    });
    let asked = ["urn:li:share:1", "2", "3", "4", "5", "6"];
    let changes = answered(&body.to_string()).await.batch_changes(asked).unwrap();
    assert_eq!(changes.iter().collect::<Vec<_>>(), [("3", &200), ("urn:li:share:1", &204)]);
    let failures: Vec<_> = changes.failures().map(|(key, failure)| (key, failure.status)).collect();
    assert_eq!(failures, [("2", Some(400)), ("4", None), ("5", None), ("6", Some(403))]);
    assert_eq!(changes.failure("2").unwrap().code.as_deref(), Some("MISSING_FIELD"));

    let silent = answered(" ").await.batch_changes(["urn%3Ali%3Ax%3A1"]).unwrap();
    assert_eq!(silent.get("urn:li:x:1"), Some(&200));
}

#[tokio::test]
async fn a_batch_finder_gives_a_page_for_each_criteria() {
    let body = json!({"elements": [
        {"elements": [1, "x", 2], "paging": {"start": 0}},
        {"elements": [], "isError": true, "error": {"status": 400, "code": "ILLEGAL_ARGUMENT"}},
        {"elements": [], "isError": false},
        {"isError": true},
        7,
    ]});
    let found = answered(&body.to_string()).await.batch_found::<i64>().unwrap();
    let shown: Vec<_> = found
        .iter()
        .map(|page| page.as_ref().map(|page| page.items.clone()).map_err(|failure| failure.status))
        .collect();
    assert_eq!(shown, [Ok(vec![1, 2]), Err(Some(400)), Ok(vec![]), Err(None), Err(None)]);
    assert_eq!(found[0].as_ref().unwrap().malformed.len(), 1);
}

#[test]
fn keys_of_bodies_are_reduced_or_raw() {
    let entities = Entities::new()
        .put("urn:li:x:1", json!({}))
        .put("a b%", json!({}))
        .put(RestliValue::record([("k", "a b")]), json!({}))
        .put("urn:li:x:1", json!({"last": true}));
    assert_eq!(
        serde_json::to_value(&entities).unwrap(),
        json!({"entities": {"urn%3Ali%3Ax%3A1": {"last": true}, "a b%": {}, "(k:a b)": {}}})
    );
    assert_eq!(entities.ids().encode(), "List((k:a%20b),a%20b%25,urn%3Ali%3Ax%3A1)");
    assert_eq!((entities.len(), entities.is_empty()), (3, false));
    assert_eq!(
        serde_json::to_value(entities.raw_keys()).unwrap(),
        json!({"entities": {"urn:li:x:1": {"last": true}, "a b%": {}, "(k:a b)": {}}})
    );
}
