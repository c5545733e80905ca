use std::sync::Arc;

use futures_util::TryStreamExt;
use serde_json::json;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

use super::*;
use crate::{Client, Patch, PostUrn, RetryPolicy};

fn client(transport: &ScriptedTransport) -> Client {
    Client::builder()
        .access_token("token")
        .transport(Arc::new(transport.clone()))
        .retry(RetryPolicy::new().backoff(std::time::Duration::ZERO, std::time::Duration::ZERO))
        .build()
        .unwrap()
}

async fn sent(request: RawRequest) -> RecordedRequest {
    let transport = ScriptedTransport::new().json("{}");
    client(&transport).send(request).await.unwrap();
    transport.requests().remove(0)
}

fn shown(request: &RecordedRequest) -> String {
    let target = request.uri.path_and_query().unwrap();
    format!("{} {} {target} {}", request.header("x-restli-method"), request.method, request.text())
}

#[tokio::test]
async fn every_method_is_written_as_the_protocol_says() {
    use RestliMethod as Method;
    let new = |method| RawRequest::new(method, "things");
    let key = || RestliValue::record([("actor", "urn:li:person:a"), ("entity", "urn:li:activity:1")]);
    let patches =
        Entities::new().put("urn:li:x:1", Patch::new().set("f", 1)).put(key(), Patch::new().remove("g"));
    for (request, expected) in [
        (
            new(Method::Get).key("urn:li:x:1").fields("id,a:(b)"),
            "get GET /rest/things/urn%3Ali%3Ax%3A1?fields=id,a:(b) ",
        ),
        (
            new(Method::Get).key(key()),
            "get GET /rest/things/(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1) ",
        ),
        (
            new(Method::Get).key(RestliValue::complex_key([("a", "y")], [("a", "x")])),
            "get GET /rest/things/(%24params:(a:x),a:y) ",
        ),
        (new(Method::BatchGet).ids(["a,b", "c"]), "batch_get GET /rest/things?ids=List(a%2Cb,c) "),
        (
            new(Method::GetAll).query("start", 0).paging_fields("links"),
            "get_all GET /rest/things?pagingFields=links&start=0 ",
        ),
        (
            new(Method::Finder).finder("owner").metadata_fields("a"),
            "finder GET /rest/things?metadataFields=a&q=owner ",
        ),
        (
            new(Method::BatchFinder)
                .finder("criteria")
                .query("criteria", RestliValue::list([RestliValue::record([("a", 1)])])),
            "batch_finder GET /rest/things?bq=criteria&criteria=List((a:1)) ",
        ),
        (new(Method::Create).body(json!({"a": 1})), r#"create POST /rest/things {"a":1}"#),
        (
            new(Method::BatchCreate).elements(&[json!({"a": 1})]),
            r#"batch_create POST /rest/things {"elements":[{"a":1}]}"#,
        ),
        (new(Method::Update).key(5).body(json!({"a": 1})), r#"update PUT /rest/things/5 {"a":1}"#),
        (
            new(Method::BatchUpdate).entities(&Entities::new().put(5, json!({"a": 1}))),
            r#"batch_update PUT /rest/things?ids=List(5) {"entities":{"5":{"a":1}}}"#,
        ),
        (
            new(Method::PartialUpdate).key(5).body(Patch::new().set("a", 1)),
            r#"partial_update POST /rest/things/5 {"patch":{"$set":{"a":1}}}"#,
        ),
        (
            new(Method::BatchPartialUpdate).entities(&patches),
            concat!(
                "batch_partial_update POST /rest/things?ids=List((actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1),",
                "urn%3Ali%3Ax%3A1) ",
                r#"{"entities":{"(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1)":{"patch":{"$delete":["g"]}},"#,
                r#""urn%3Ali%3Ax%3A1":{"patch":{"$set":{"f":1}}}}}"#,
            ),
        ),
        (
            new(Method::Delete).key("urn:li:x:1").below("parts").key(7),
            "delete DELETE /rest/things/urn%3Ali%3Ax%3A1/parts/7 ",
        ),
        (new(Method::BatchDelete).ids([1, 2]), "batch_delete DELETE /rest/things?ids=List(1,2) "),
        (new(Method::Action).action("go").body(json!({})), "action POST /rest/things?action=go {}"),
    ] {
        let request = sent(request).await;
        assert_eq!(shown(&request), expected);
        assert_eq!(request.header("linkedin-version"), "202609");
        assert_eq!(request.header("x-restli-protocol-version"), "2.0.0");
    }
}

#[tokio::test]
async fn an_older_path_has_no_version() {
    let request =
        sent(RawRequest::new(RestliMethod::Get, "/socialActions/").key("urn:li:share:1").unversioned()).await;
    assert_eq!(request.uri.path(), "/v2/socialActions/urn%3Ali%3Ashare%3A1");
    assert!(!request.headers.contains_key("linkedin-version"));
}

#[tokio::test]
async fn what_is_no_resource_is_refused() {
    let transport = ScriptedTransport::new();
    let get = |resource: &str| RawRequest::new(RestliMethod::Get, resource);
    for (request, rule) in [
        (get("https://api.linkedin.com/rest/posts"), "linkedin.raw.path"),
        (get("posts?q=author"), "linkedin.raw.path"),
        (get("posts/urn%3Ali%3Ashare%3A1"), "linkedin.raw.path"),
        (get("rest/posts"), "linkedin.raw.path"),
        (get("/v2/me"), "linkedin.raw.path"),
        (get("a//b"), "request.path"),
        (get(""), "request.path"),
        (get("a").below(".."), "request.path"),
        (get("posts").query("oauth2_access_token", "SEKRET"), "linkedin.raw.reserved"),
        (get("posts").query(" Access_Token", "SEKRET"), "linkedin.raw.reserved"),
    ] {
        assert!(!format!("{request:?}").contains("SEKRET"));
        let error = client(&transport).send(request).await.unwrap_err();
        assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, rule));
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn what_creates_is_not_repeated_and_the_rest_is() {
    for (method, replay, attempts) in [
        (RestliMethod::Get, None, 2),
        (RestliMethod::PartialUpdate, None, 2),
        (RestliMethod::Delete, None, 2),
        (RestliMethod::Create, None, 1),
        (RestliMethod::BatchCreate, None, 1),
        (RestliMethod::Action, None, 1),
        (RestliMethod::Action, Some(Replay::Safe), 2),
    ] {
        let transport = ScriptedTransport::new().respond(503, &[], "").json("{}");
        let mut request = RawRequest::new(method, "things");
        if let Some(replay) = replay {
            request = request.replay(replay);
        }
        let answer = client(&transport).send(request).await;
        assert_eq!(transport.requests().len(), attempts, "{method:?}");
        if let Err(error) = answer {
            assert_eq!((error.kind(), error.operation()), (ErrorKind::InDoubt, name(method)));
        }
    }
}

#[tokio::test]
async fn the_id_is_read_from_the_headers() {
    for (headers, id) in [
        (vec![("x-restli-id", "urn%3Ali%3Ashare%3A1")], Some("urn:li:share:1")),
        (
            vec![("x-restli-id", "(entity:urn%3ali%3Ax%3A1,actor:a)")],
            Some("(actor:a,entity:urn%3Ali%3Ax%3A1)"),
        ),
        (vec![("x-linkedin-id", "7")], Some("7")),
        (vec![("location", "/things/(a:1,b:2)")], Some("(a:1,b:2)")),
        (vec![], None),
    ] {
        let transport = ScriptedTransport::new().respond(201, &headers, "");
        let answer = client(&transport).send(RawRequest::new(RestliMethod::Create, "things")).await.unwrap();
        assert_eq!((answer.status(), answer.id().as_deref()), (201, id));
        assert_eq!(answer.body(), &Value::Null);
    }
}

#[tokio::test]
async fn an_answer_is_read_in_every_shape() {
    let transport = ScriptedTransport::new()
        .json(r#"{"value":{"a":1},"secret":"SEKRET"}"#)
        .json(r#"{"results":{"urn%3Ali%3Ashare%3A1":{"status":204}}}"#)
        .json(r#"{"elements":[{"status":201,"id":"urn:li:share:1"}]}"#)
        .json("<html>");
    let client = client(&transport);
    let send = || client.send(RawRequest::new(RestliMethod::Action, "things"));
    let answer = send().await.unwrap();
    assert_eq!(answer.action_value::<Value>().unwrap(), json!({"a": 1}));
    assert!(answer.read_as::<Vec<u8>>().is_err());
    assert!(!format!("{answer:?}").contains("SEKRET"));
    let changes = send().await.unwrap().batch_changes(["urn:li:share:1"]).unwrap();
    assert_eq!(changes.get("urn:li:share:1"), Some(&204));
    let created = send().await.unwrap().batch_created::<PostUrn>(1).unwrap();
    assert_eq!(created.elements[0].id.as_ref().unwrap().id(), "1");
    assert_eq!(send().await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn lists_are_paged_both_ways() {
    let transport = ScriptedTransport::new()
        .json(r#"{"elements":[1,2],"paging":{"links":[{"rel":"next","href":"/rest/things?start=2"}]}}"#)
        .json(r#"{"elements":[3]}"#);
    let list = RawList::finder("things", "owner").query("owner", "urn:li:x:1").fields("id").count(2);
    let all: Vec<Value> = client(&transport).items(list).try_collect().await.unwrap();
    assert_eq!(all, [1, 2, 3]);
    let targets: Vec<_> = transport.requests().iter().map(|request| request.uri.to_string()).collect();
    let head = "https://api.linkedin.com/rest/things?count=2&fields=id&owner=urn%3Ali%3Ax%3A1&q=owner&start=";
    assert_eq!(targets, [format!("{head}0"), format!("{head}2")]);

    let transport = ScriptedTransport::new()
        .json(r#"{"elements":["a"],"metadata":{"nextPageToken":"T&1"}}"#)
        .json(r#"{"elements":["b",7],"metadata":{}}"#);
    let list = RawList::all("accounts").key(5).below("campaigns").by_token().count(1).read_as::<String>();
    let pages: Vec<_> = client(&transport).pages(list).try_collect().await.unwrap();
    assert_eq!(
        (pages[0].items.as_slice(), pages[1].items.as_slice()),
        (["a".to_owned()].as_slice(), ["b".to_owned()].as_slice())
    );
    assert_eq!(pages[1].malformed.len(), 1);
    let targets: Vec<_> =
        transport.requests().iter().map(|request| request.uri.query().unwrap().to_owned()).collect();
    assert_eq!(targets, ["pageSize=1", "pageSize=1&pageToken=T%261"]);
    assert_eq!(transport.requests()[0].header("x-restli-method"), "get_all");
}
