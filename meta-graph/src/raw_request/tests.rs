use futures_util::TryStreamExt;
use serde::Deserialize;
use serde_json::json;
use sociogram_api_core::http::TransportErrorKind;
use sociogram_api_core::testing::ScriptedTransport;

use super::*;
use crate::scripted::{client, error_body, exchange, line};
use crate::{ApiVersion, Edge, ErrorKind, Fields};

#[tokio::test]
async fn a_read_goes_to_any_path_with_any_parameters() {
    let fields = Fields::new().field("id").edge(Edge::new("comments").limit(1));
    let get = RawRequest::get("/42_1/comments/")
        .fields(fields)
        .query("limit", 5)
        .query("filtering", json!([{"field": "a", "operator": "IN", "value": [1]}]));
    let (answer, request) = exchange(get, r#"{"anything":[1]}"#).await;
    assert_eq!(answer.unwrap(), json!({"anything": [1]}));
    assert_eq!(
        line(&request),
        "GET /v26.0/42_1/comments?fields=id%2Ccomments.limit%281%29&limit=5&filtering=\
         %5B%7B%22field%22%3A%22a%22%2C%22operator%22%3A%22IN%22%2C%22value%22%3A%5B1%5D%7D%5D"
    );
    let (_, request) = exchange(RawRequest::get("").query("ids", "1,2"), "{}").await;
    assert_eq!(line(&request), "GET /v26.0/?ids=1%2C2");
    let (_, request) = exchange(RawRequest::get("a b/c&d"), "{}").await;
    assert_eq!(line(&request), "GET /v26.0/a%20b/c%26d");
    let (_, request) = exchange(RawRequest::delete("42_1").query("hard", true), "true").await;
    assert_eq!(line(&request), "DELETE /v26.0/42_1?hard=true");
}

#[tokio::test]
async fn a_post_has_a_form_or_a_json_body_and_a_typed_answer() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Created {
        id: String,
    }
    let post = RawRequest::post("me/feed").form("message", "a & b").form("targeting", json!({"x": 1}));
    let (created, request) = exchange(post.read_as::<Created>(), r#"{"id":"1"}"#).await;
    assert_eq!(created.unwrap(), Created { id: "1".to_owned() });
    assert_eq!(request.text(), "message=a%20%26%20b&targeting=%7B%22x%22%3A1%7D");
    let (_, request) = exchange(RawRequest::post("me/messages").json(json!({"a": [1]})), "{}").await;
    assert_eq!((request.header("content-type"), request.text()), ("application/json", r#"{"a":[1]}"#));
}

#[tokio::test]
async fn what_would_carry_a_token_or_leave_the_api_is_not_sent() {
    let transport = ScriptedTransport::new();
    let client = client(&transport);
    for (request, rule) in [
        (RawRequest::get("https://graph.facebook.com/v26.0/me"), "raw.path"),
        (RawRequest::get("me?fields=id"), "raw.path"),
        (RawRequest::get("me#x"), "raw.path"),
        (RawRequest::get("v25.0/me"), "raw.path"),
        (RawRequest::get("/v25.0/me"), "raw.path"),
        (RawRequest::get("me/../42"), "request.path"),
        (RawRequest::get("me//feed"), "request.path"),
        (RawRequest::get("//graph.example/me"), "request.path"),
        (RawRequest::get("me").query("access_token", "CANARY"), "raw.reserved"),
        (RawRequest::get("me").query("Access_Token", "CANARY"), "raw.reserved"),
        (RawRequest::get("me").query("access_token[0]", "CANARY"), "raw.reserved"),
        (RawRequest::get("me").query("appsecret_proof", "CANARY"), "raw.reserved"),
        (RawRequest::get("me").query(" appsecret_time", 1), "raw.reserved"),
    ] {
        assert!(!format!("{request:?}").contains("CANARY"));
        let error = client.send(request).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Invalid, "raw.get"));
        assert_eq!(error.findings()[0].rule(), rule);
    }
    for request in [
        RawRequest::post("me").form("access_token", "x"),
        RawRequest::post("me").json(json!({"appsecret_proof": "x"})),
        RawRequest::post("me").form("a", "x").json(json!({})),
    ] {
        assert_eq!(client.send(request).await.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_caller_says_what_repeating_would_do() {
    let lost = || ScriptedTransport::new().fail(TransportErrorKind::Timeout).json("{}");
    let transport = lost();
    let error = client(&transport).send(RawRequest::post("me/feed")).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::InDoubt, true));
    for safe in [
        client(&lost()).send(RawRequest::post("42").form("name", "x").replay(Replay::Safe)).await,
        client(&lost()).send(RawRequest::get("me")).await,
        client(&lost()).send(RawRequest::delete("42")).await,
    ] {
        safe.unwrap();
    }
    let once = client(&lost()).send(RawRequest::get("42/start").replay(Replay::Never)).await;
    assert_eq!(once.unwrap_err().kind(), ErrorKind::InDoubt);
}

#[tokio::test]
async fn name_and_subject_select_the_limit() {
    let usage = r#"{"42":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":7}]}"#;
    let transport =
        ScriptedTransport::new().respond(200, &[("x-business-use-case-usage", usage)], "{}").json("{}");
    let client = client(&transport);
    let get = || RawRequest::get("42/settings").named("page.settings.read").subject("42");
    client.send(get()).await.unwrap();
    let error = client.send(get()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Throttled, "page.settings.read"));
    client.send(RawRequest::get("42/settings")).await.unwrap();
}

#[tokio::test]
async fn an_error_is_as_good_as_any() {
    let transport = ScriptedTransport::new().respond(400, &[], error_body(100, 33));
    let error = client(&transport).send(RawRequest::get("42")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code(), error.request_id()),
        (ErrorKind::NotFound, Some(100), Some("AbC1"))
    );
    let transport = ScriptedTransport::new().json("{}");
    client(&transport).send(RawRequest::get("42")).with(ApiVersion::new(25, 0)).await.unwrap();
    assert_eq!(line(&transport.requests()[0]), "GET /v25.0/42");
}

#[tokio::test]
async fn a_list_of_anything_is_paged() {
    let next = "https://graph.facebook.com/v26.0/42/labels?access_token=SEKRET&after=A";
    let first = json!({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": next}});
    let transport = ScriptedTransport::new().json(first.to_string()).json(r#"{"data":[{"id":"2"}]}"#);
    let list =
        RawList::new("42/labels").fields("id").query("x", 1).limit(1).named("page.labels.list").subject("42");
    let labels: Vec<Value> = client(&transport).items(list).try_collect().await.unwrap();
    assert_eq!(labels, [json!({"id": "1"}), json!({"id": "2"})]);
    let sent: Vec<String> = transport.requests().iter().map(line).collect();
    let request = "GET /v26.0/42/labels?fields=id&x=1&limit=1";
    assert_eq!(sent, [request.to_owned(), format!("{request}&after=A")]);
}
