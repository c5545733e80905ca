//! The table: an endpoint, the request it must become, an answer, and what must be read of it.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{BaseUrl, Endpoint};
use sociogram_meta_graph::{Client, ErrorClass, GraphHost};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// The proof of the token `token` under the secret `test_app_secret`, from Meta's formula.
const PROOF: &str = "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af";

/// Rows of one area, against one server.
pub(crate) struct Table {
    server: MockServer,
    client: Client,
}

impl Table {
    /// Of graph.facebook.com.
    pub(crate) async fn new() -> Self {
        Self::of(GraphHost::Facebook).await
    }

    /// Of another API.
    pub(crate) async fn of(host: GraphHost) -> Self {
        let server = MockServer::start().await;
        let client = Client::builder()
            .host(host)
            .access_token("token")
            .app_secret("test_app_secret")
            .base_url(BaseUrl::parse(&server.uri()).unwrap())
            .build()
            .unwrap();
        Self { server, client }
    }

    /// Sends the endpoint twice: once for its answer, once for an error.
    ///
    /// `expected` is the request in one line for the head and one for the body, if there is one:
    ///
    /// ```text
    /// POST /v26.0/42/feed
    /// form message=Hello%20you&published=true
    /// ```
    ///
    /// The proof that ends every query is left out. The body's line begins with `form`, `json` (members in order of
    /// their names), `multipart` (then ` name=value` for text and ` name=@file-name;content-type` for files) or `bytes`.
    pub(crate) async fn row<E: Endpoint + Clone>(
        &self,
        endpoint: E,
        expected: &str,
        answer: Value,
        check: impl FnOnce(E::Output),
    ) {
        let name = E::NAME;
        self.answer(200, &answer).await;
        let output = self.client.send(endpoint.clone()).await.unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        let request = self.server.received_requests().await.unwrap().pop().unwrap();
        assert_eq!(shown(&request), expected, "{name}");
        assert_eq!(request.headers["authorization"], "Bearer token", "{name}");
        check(output);

        let message = "(#100) CANARY parameter";
        let body = json!({"error": {"message": message, "type": "OAuthException", "code": 100,
            "error_subcode": 1_234, "fbtrace_id": "AbC1"}});
        self.answer(400, &body).await;
        let Err(error) = self.client.send(endpoint).await else {
            panic!("{name}: read an error as an answer")
        };
        assert_eq!(error.class(), Some(ErrorClass::InvalidParam), "{name}: {error}");
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name}: {error}");
        assert!(error.to_string().contains(name) && !error.to_string().contains("CANARY"), "{error}");
    }

    async fn answer(&self, status: u16, body: &Value) {
        self.server.reset().await;
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(any()).respond_with(answer).mount(&self.server).await;
    }
}

/// A request as the table writes it.
fn shown(request: &Request) -> String {
    let query = request.url.query().unwrap_or_default();
    let proof = format!("appsecret_proof={PROOF}");
    let query = query.strip_suffix(&proof).unwrap_or(query).trim_end_matches('&');
    let mut shown = format!("{} {}", request.method, request.url.path());
    if !query.is_empty() {
        shown = format!("{shown}?{query}");
    }
    match body(request) {
        Some(body) => format!("{shown}\n{body}"),
        None => shown,
    }
}

fn body(request: &Request) -> Option<String> {
    let kind = request.headers.get("content-type")?.to_str().unwrap();
    let text = String::from_utf8_lossy(&request.body);
    Some(if kind == "application/x-www-form-urlencoded" {
        format!("form {text}")
    } else if kind == "application/json" {
        format!("json {}", serde_json::from_slice::<Value>(&request.body).unwrap())
    } else if let Some(boundary) = kind.strip_prefix("multipart/form-data; boundary=") {
        format!("multipart{}", parts(&text, boundary))
    } else {
        format!("bytes {kind} {} bytes", request.body.len())
    })
}

fn parts(text: &str, boundary: &str) -> String {
    let delimiter = format!("--{boundary}");
    let mut shown = String::new();
    for part in text.split(&delimiter).filter_map(|part| part.split_once("\r\n\r\n")) {
        let (head, value) = part;
        let quoted = |name: &str| {
            let rest = head.split_once(&format!("{name}=\""))?.1;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let content_type = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-type").then_some(value)
        });
        let name = quoted(" name").unwrap();
        let value = match quoted("filename") {
            Some(file) => format!("@{file};{}", content_type.unwrap_or_default()),
            None => value.trim_end_matches("\r\n").to_owned(),
        };
        write!(shown, " {name}={value}").unwrap();
    }
    shown
}
