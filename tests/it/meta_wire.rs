//! What Meta sees of us, to the byte.

use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::json;
use sociogram::api_core::ErrorKind;
use sociogram::api_core::http::{BaseUrl, RetryPolicy};
use sociogram::meta_graph::debug_token::DebugToken;
use sociogram::meta_graph::pages::{CreatePagePost, ListAccounts, PageField, SubscribePage};
use sociogram::meta_graph::{Client, ErrorClass, PageId, RateLimitScope, TokenInvalidReason};
use wiremock::matchers::{any, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// The proof of the token `token` under the secret `test_app_secret`, from Meta's formula.
const PROOF: &str = "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af";

fn client(server: &MockServer) -> Client {
    Client::builder()
        .access_token("token")
        .app_secret("test_app_secret")
        .base_url(BaseUrl::parse(&server.uri()).unwrap())
        .retry(RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(5)))
        .build()
        .unwrap()
}

fn page() -> PageId {
    "102030405060701".parse().unwrap()
}

async fn answers(status: u16, body: serde_json::Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

fn target(request: &Request) -> String {
    format!("{} {}?{}", request.method, request.url.path(), request.url.query().unwrap_or_default())
}

#[tokio::test]
async fn publishing_on_a_page() {
    let server = answers(200, json!({"id": "102030405060701_9"})).await;
    let post =
        CreatePagePost::new(page()).message("Grüße & 50% off + more").link("https://example.com/a?b=c");
    let created = client(&server).send(post).await.unwrap();
    assert_eq!(created.id.as_str(), "102030405060701_9");

    let request = &requests(&server).await[0];
    assert_eq!(target(request), format!("POST /v26.0/102030405060701/feed?appsecret_proof={PROOF}"));
    assert_eq!(request.headers["authorization"], "Bearer token");
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(request.headers["user-agent"].to_str().unwrap().starts_with("sociogram/"));
    assert_eq!(
        std::str::from_utf8(&request.body).unwrap(),
        "message=Gr%C3%BC%C3%9Fe%20%26%2050%25%20off%20%2B%20more&link=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc"
    );
}

#[tokio::test]
async fn the_inspected_token_is_the_only_one_in_a_url() {
    let data = json!({"data": {"app_id": 1, "type": "USER", "is_valid": true, "expires_at": 0, "scopes": ["pages_show_list"]}});
    let server = answers(200, data).await;
    let info = client(&server).send(DebugToken::new("inspected|token")).await.unwrap();
    assert!(info.is_valid);
    let request = &requests(&server).await[0];
    assert_eq!(
        target(request),
        format!("GET /v26.0/debug_token?input_token=inspected%7Ctoken&appsecret_proof={PROOF}")
    );
    assert_eq!(request.headers["authorization"], "Bearer token");
}

#[tokio::test]
async fn accounts_are_read_from_cursors_and_never_from_next() {
    let server = MockServer::start().await;
    let evil = "https://evil.example/me/accounts?access_token=token&after=A2";
    let page = |ids: &[u32], after: &str, next: Option<&str>| {
        let data: Vec<_> =
            ids.iter().map(|id| json!({"id": id, "name": "P", "access_token": "EAApage"})).collect();
        ResponseTemplate::new(200).set_body_json(
            json!({"data": data, "paging": {"cursors": {"before": "B", "after": after}, "next": next}}),
        )
    };
    Mock::given(query_param("after", "A1")).respond_with(page(&[], "A2", Some(evil))).mount(&server).await;
    Mock::given(query_param("after", "A2")).respond_with(page(&[3], "A3", None)).mount(&server).await;
    Mock::given(any()).respond_with(page(&[1, 2], "A1", Some(evil))).mount(&server).await;
    let all: Vec<_> = client(&server).items(ListAccounts::new()).try_collect().await.unwrap();
    assert_eq!(all.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert!(!format!("{all:?}").contains("EAApage"));
    for request in requests(&server).await {
        assert!(request.url.query().unwrap().contains(PROOF), "every page has its own proof");
        assert!(!request.url.as_str().contains("access_token="), "{}", request.url);
    }
}

#[tokio::test]
async fn subscribing_replaces_the_list_and_may_be_repeated() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST"))
        .and(path("/v26.0/102030405060701/subscribed_apps"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"success": true})))
        .mount(&server)
        .await;
    let endpoint = SubscribePage::new(page(), [PageField::Feed, PageField::Leadgen]);
    client(&server).send(endpoint).await.unwrap();
    let requests = requests(&server).await;
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(std::str::from_utf8(&requests[1].body).unwrap(), "subscribed_fields=feed%2Cleadgen");
}

#[tokio::test]
async fn metas_answers_become_kinds() {
    let error = |code: i64, subcode: i64| json!({"error": {"message": "(#x) SEKRET", "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "AbC"}});
    // status, body, kind, class, requests for a write that must not be repeated
    let rows = [
        (
            400,
            error(190, 463),
            ErrorKind::Reauthorize,
            ErrorClass::TokenInvalid(TokenInvalidReason::Expired),
            2,
        ),
        (403, error(200, 0), ErrorKind::Permission, ErrorClass::PermissionMissing, 1),
        (200, error(100, 33), ErrorKind::NotFound, ErrorClass::NotFoundOrHidden, 1),
        (400, error(506, 0), ErrorKind::Conflict, ErrorClass::Duplicate, 1),
        (500, error(2, 0), ErrorKind::InDoubt, ErrorClass::Transient, 1),
        (400, error(4, 0), ErrorKind::Throttled, ErrorClass::RateLimited(RateLimitScope::App), 1),
        (400, error(100, 0), ErrorKind::Invalid, ErrorClass::InvalidParam, 1),
        (400, error(2635, 0), ErrorKind::Misconfigured, ErrorClass::VersionRetired, 1),
    ];
    for (status, body, kind, class, sent) in rows {
        let server = answers(status, body.clone()).await;
        let post = CreatePagePost::new(page()).message("hello");
        let error = client(&server).send(post).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
        assert_eq!(error.class(), Some(class), "{body}");
        assert_eq!(requests(&server).await.len(), sent, "{body}");
        assert_eq!(error.request_id(), Some("AbC"));
        assert!(!format!("{error} {error:?}").contains("SEKRET"));
    }
}

#[tokio::test]
async fn a_limit_in_the_header_stops_the_next_call() {
    let server = MockServer::start().await;
    let usage = r#"{"102030405060701":[{"type":"pages","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":7}]}"#;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"id": "1_2"}))
                .insert_header("x-business-use-case-usage", usage),
        )
        .mount(&server)
        .await;
    let client = client(&server);
    client.send(CreatePagePost::new(page()).message("one")).await.unwrap();
    let error = client.send(CreatePagePost::new(page()).message("two")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::from_secs(6 * 60) && wait <= Duration::from_secs(7 * 60), "{wait:?}");
    client.send(CreatePagePost::new(PageId::from(42)).message("another page")).await.unwrap();
    assert_eq!(requests(&server).await.len(), 2);
}
