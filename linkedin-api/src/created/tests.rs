use std::sync::Arc;

use serde_json::Value;
use sociogram_api_core::testing::ScriptedTransport;

use crate::urn::{PostUrn, Urn};
use crate::{Client, RawAnswer, RawRequest, RestliMethod};

use super::id_in_address;

async fn answered(status: u16, headers: &[(&str, &str)], body: &'static str) -> RawAnswer {
    let transport = ScriptedTransport::new().respond(status, headers, body);
    let client = Client::builder().access_token("token").transport(Arc::new(transport)).build().unwrap();
    client.send(RawRequest::new(RestliMethod::Action, "things")).await.unwrap()
}

#[test]
fn the_last_segment_of_an_address_is_the_id() {
    for (address, id) in [
        ("/posts/urn%3Ali%3Ashare%3A7", Some("urn:li:share:7")),
        ("https://h.example/rest/posts/7?x=1", Some("7")),
        ("/rest/things/(a:1,b:x%2Cy)?q=1", Some("(a:1,b:x%2Cy)")),
        ("/rest/things/", None),
        ("7", None),
    ] {
        assert_eq!(id_in_address(address).as_deref(), id, "{address}");
    }
}

#[tokio::test]
async fn the_value_of_an_action_is_unwrapped() {
    let answer = answered(200, &[], r#"{"value":{"image":"urn:li:image:1"}}"#).await;
    assert_eq!(answer.action_value::<Value>().unwrap()["image"], "urn:li:image:1");
    for body in ["", "{}", "[]", r#"{"value":"x"}"#] {
        let answer = answered(200, &[], body).await;
        assert!(answer.action_value::<Vec<u8>>().is_err(), "{body}");
    }
}

#[tokio::test]
async fn a_created_batch_is_aligned_with_what_was_sent() {
    let body = r#"{"elements":[
        {"status":201,"id":"urn%3Ali%3Ashare%3A1"},
        {"status":422,"error":{"status":422,"code":"UNPROCESSABLE_ENTITY","message":"SEKRET",
            "errorDetails":{"inputErrors":[{"code":"DUPLICATE_POST"}]}}},
        {"status":201,"location":"/rest/posts/urn%3Ali%3AugcPost%3A3"},
        "surprise",
        {"id":"urn:li:share:5","error":{"status":400,"serviceErrorCode":100}},
        {"status":500}
    ]}"#;
    let created = answered(200, &[], body).await.batch_created::<PostUrn>(7).unwrap();
    assert_eq!(created.elements.len(), 7);
    let ids: Vec<_> = created.ids().map(|(index, id)| (index, id.as_str())).collect();
    assert_eq!(ids, [(0, "urn:li:share:1"), (2, "urn:li:ugcPost:3")]);
    let failures: Vec<_> = created.failures().map(|(index, failure)| (index, failure.status)).collect();
    assert_eq!(failures, [(1, Some(422)), (4, Some(400)), (5, Some(500))]);
    let refused = created.elements[1].error.as_ref().unwrap();
    assert_eq!(refused.input_errors[0].code(), Some("DUPLICATE_POST"));
    assert_eq!((refused.code.as_deref(), refused.message()), (Some("UNPROCESSABLE_ENTITY"), Some("SEKRET")));
    assert!(!format!("{created:?}").contains("SEKRET"));
    for unknown in [3, 6] {
        let element = &created.elements[unknown];
        assert_eq!((element.status, &element.id, &element.error), (None, &None, &None), "{unknown}");
    }
    assert!(!created.is_complete());
}

#[tokio::test]
async fn a_created_batch_takes_numbers_as_ids() {
    let body = r#"{"elements":[{"status":201,"id":5},{"status":201,"id":"6"}]}"#;
    let created = answered(200, &[], body).await.batch_created::<u64>(2).unwrap();
    assert_eq!(created.ids().collect::<Vec<_>>(), [(0, &5), (1, &6)]);
    assert!(created.is_complete());
    assert!(answered(200, &[], "{}").await.batch_created::<Urn>(1).is_err());
}
