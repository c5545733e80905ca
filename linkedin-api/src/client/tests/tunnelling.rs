//! Queries that are too long for a URL, through the whole client.

use http::Method;
use serde_json::json;

use super::*;
use crate::{Entities, Patch, RawRequest, RestliMethod};

const FORM: &str = "application/x-www-form-urlencoded";

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|id| format!("urn:li:share:{id:019}")).collect()
}

/// 41 keys make 1 800 characters, 91 make 4 000.
const FEW: usize = 41;
const MANY: usize = 120;

#[tokio::test]
async fn a_query_without_body_becomes_the_body() {
    for (method, verb) in [
        (RestliMethod::BatchGet, Method::GET),
        (RestliMethod::BatchDelete, Method::DELETE),
        (RestliMethod::Action, Method::POST),
    ] {
        let transport = ScriptedTransport::new().json("{}").json("{}");
        let client = client(&transport);
        client.send(RawRequest::new(method, "posts").ids(ids(FEW))).await.unwrap();
        client.send(RawRequest::new(method, "posts").ids(ids(MANY))).await.unwrap();
        let [plain, tunnelled] = transport.requests().try_into().unwrap();
        assert_eq!(plain.method, verb);
        assert!(
            plain.uri.query().unwrap().starts_with("ids=List(urn%3Ali%3Ashare%3A0000000000000000000,urn")
        );
        assert!(!plain.headers.contains_key("x-http-method-override"));

        assert_eq!(tunnelled.method, Method::POST);
        assert_eq!(tunnelled.uri.to_string(), "https://api.linkedin.com/rest/posts");
        assert_eq!(tunnelled.header("x-http-method-override"), verb.as_str());
        assert_eq!(tunnelled.header("x-restli-method"), method.as_str());
        assert_eq!(tunnelled.header("x-restli-protocol-version"), "2.0.0");
        assert_eq!(tunnelled.header("linkedin-version"), "202609");
        assert_eq!(tunnelled.header("content-type"), FORM);
        let expected = crate::restli::Query::new().param("ids", ids(MANY)).encode();
        assert_eq!(tunnelled.text(), expected);
        assert_eq!(tunnelled.header("content-length"), expected.len().to_string());
    }
}

#[tokio::test]
async fn a_query_beside_a_body_becomes_the_first_part() {
    for (method, verb) in [(RestliMethod::BatchUpdate, "PUT"), (RestliMethod::BatchPartialUpdate, "POST")] {
        let entities = ids(MANY)
            .iter()
            .fold(Entities::new(), |entities, id| entities.put(id, Patch::new().set("commentary", "x")));
        let transport = ScriptedTransport::new().json(r#"{"results":{}}"#);
        client(&transport).send(RawRequest::new(method, "posts").entities(&entities)).await.unwrap();
        let [request] = transport.requests().try_into().unwrap();
        assert_eq!((&request.method, request.uri.query()), (&Method::POST, None));
        assert_eq!(request.header("x-http-method-override"), verb);
        assert_eq!(request.header("x-restli-method"), method.as_str());
        assert_eq!(request.header("content-type"), "multipart/mixed; boundary=sociogram-0");
        let parts: Vec<&str> = request.text().split("--sociogram-0").collect();
        let ["", query, body, "--\r\n"] = parts.as_slice() else { panic!("{parts:?}") };
        let query = query.strip_prefix(&format!("\r\nContent-Type: {FORM}\r\n\r\n")).unwrap();
        assert_eq!(query, format!("ids={}\r\n", entities.ids().encode()));
        let body = body.strip_prefix("\r\nContent-Type: application/json\r\n\r\n").unwrap();
        assert_eq!(body.trim_end(), serde_json::to_string(&entities).unwrap());
    }
}

#[tokio::test]
async fn the_limit_is_four_thousand_characters() {
    for (length, tunnelled) in [(4000, false), (4001, true)] {
        let transport = ScriptedTransport::new().json("{}");
        let request =
            RawRequest::new(RestliMethod::Action, "x").query("k", "1".repeat(length - 2)).body(json!({}));
        client(&transport).send(request).await.unwrap();
        let [request] = transport.requests().try_into().unwrap();
        assert_eq!(request.headers.contains_key("x-http-method-override"), tunnelled, "{length}");
    }
}
