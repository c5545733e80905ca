//! The table: an endpoint, the request it must become, an answer, and what must be read of it.

use serde_json::{Value, json};
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{BaseUrl, Endpoint};
use sociogram_linkedin_api::Client;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// What the server answers.
pub(crate) struct Answer(ResponseTemplate);

impl Answer {
    /// 200 with this body.
    pub(crate) fn json(body: Value) -> Self {
        Self(ResponseTemplate::new(200).set_body_json(body))
    }

    /// 201 with the id in a header and no body.
    pub(crate) fn created(id: &str) -> Self {
        Self(ResponseTemplate::new(201).insert_header("x-restli-id", id))
    }

    /// This status and no body.
    pub(crate) fn empty(status: u16) -> Self {
        Self(ResponseTemplate::new(status))
    }

    /// With one more header.
    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        Self(self.0.insert_header(name, value))
    }
}

/// Rows of one area, against one server.
pub(crate) struct Table {
    server: MockServer,
    client: Client,
}

impl Table {
    pub(crate) async fn new() -> Self {
        let server = MockServer::start().await;
        let base = BaseUrl::parse(&server.uri()).unwrap();
        let client = Client::builder().access_token("token").base_url(base).build().unwrap();
        Self { server, client }
    }

    /// The server's address, for endpoints that are given one.
    pub(crate) fn address(&self) -> String {
        self.server.uri()
    }

    /// Sends the endpoint twice: once for its answer, once for a refusal.
    ///
    /// `expected` is the request in one line for the head, with the Rest.li method before the HTTP method, and one for
    /// the body, if there is one:
    ///
    /// ```text
    /// partial_update POST /rest/posts/urn%3Ali%3Ashare%3A1
    /// json {"patch":{"$set":{"commentary":"New"}}}
    /// ```
    ///
    /// The body's line begins with `json` (members in order of their names), `form` or `bytes` (then the content type and
    /// the length).
    pub(crate) async fn row<E: Endpoint + Clone>(
        &self,
        endpoint: E,
        expected: &str,
        answer: Answer,
        check: impl FnOnce(E::Output),
    ) {
        let name = E::NAME;
        self.answer(answer.0).await;
        let output = self.client.send(endpoint.clone()).await.unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        let request = self.server.received_requests().await.unwrap().pop().unwrap();
        assert_eq!(shown(&request), expected, "{name}");
        let is_versioned = request.url.path().starts_with("/rest/");
        let version = request.headers.get("linkedin-version").map(|version| version.to_str().unwrap());
        assert_eq!(version, is_versioned.then_some("202609"), "{name}");
        if is_versioned {
            assert_eq!(request.headers["authorization"], "Bearer token", "{name}");
            assert_eq!(request.headers["x-restli-protocol-version"], "2.0.0", "{name}");
        }
        check(output);

        let body = json!({"status": 400, "code": "ILLEGAL_ARGUMENT", "message": "CANARY parameter"});
        self.answer(ResponseTemplate::new(400).set_body_json(body).insert_header("x-li-uuid", "AbC1")).await;
        let Err(error) = self.client.send(endpoint).await else {
            panic!("{name}: read a refusal as an answer")
        };
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name}: {error}");
        assert_eq!(error.request_id(), Some("AbC1"), "{name}: {error}");
        assert!(error.to_string().contains(name) && !error.to_string().contains("CANARY"), "{error}");
    }

    async fn answer(&self, answer: ResponseTemplate) {
        self.server.reset().await;
        Mock::given(any()).respond_with(answer).mount(&self.server).await;
    }
}

/// A request as the table writes it.
fn shown(request: &Request) -> String {
    let method = request.headers.get("x-restli-method").map(|method| method.to_str().unwrap());
    let prefix = method.map(|method| format!("{method} ")).unwrap_or_default();
    let mut shown = format!("{prefix}{} {}", request.method, request.url.path());
    if let Some(query) = request.url.query() {
        shown = format!("{shown}?{query}");
    }
    match body(request) {
        Some(body) => format!("{shown}\n{body}"),
        None => shown,
    }
}

fn body(request: &Request) -> Option<String> {
    let kind = request.headers.get("content-type")?.to_str().unwrap();
    Some(match kind {
        "application/json" => format!("json {}", serde_json::from_slice::<Value>(&request.body).unwrap()),
        "application/x-www-form-urlencoded" => format!("form {}", String::from_utf8_lossy(&request.body)),
        kind => format!("bytes {kind} {}", request.body.len()),
    })
}
