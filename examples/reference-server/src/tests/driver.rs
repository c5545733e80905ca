//! A running server and a browser.

use std::time::Duration;

use http::{Method, header};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sociogram::{
    api_core::{Clock as _, SystemClock, Timer as _},
    webhook_verify::{Secret, inbox::Census, testing},
};
use sociogram_sandbox::{Received, Sandbox};

use crate::{
    Config, Server,
    demo::{Browser, Reply},
};

pub(super) const PAGE: &str = "102030405060701";
pub(super) const WEAK_PAGE: &str = "102030405060702";
pub(super) const ORGANIZATION: &str = "urn:li:organization:5000001";
pub(super) const ANALYST_ORGANIZATION: &str = "urn:li:organization:5000002";
pub(super) const MEMBER: &str = "urn:li:person:sbx-Ada_01";

/// How long the worker may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Bench {
    pub(super) server: Server,
    pub(super) browser: Browser,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(Config::sandboxed()).await
    }

    pub(super) async fn with(config: Config) -> Self {
        let server = Server::start(config).await.unwrap();
        let browser = Browser::new(&server.url()).unwrap();
        Self { server, browser }
    }

    /// With both accounts connected and the webhook receivers registered.
    pub(super) async fn connected() -> Self {
        let mut bench = Self::new().await;
        bench.browser.log_in("facebook", "continue").await.unwrap();
        bench.browser.log_in("linkedin", "allow").await.unwrap();
        bench.server.register_webhooks().await.unwrap();
        bench
    }

    pub(super) fn sandbox(&self) -> &Sandbox {
        self.server.sandbox().unwrap()
    }

    pub(super) fn received(&self) -> Received {
        self.sandbox().received()
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.browser.request(method, path)
    }

    pub(super) async fn send(&self, request: RequestBuilder) -> Reply {
        self.browser.send(request).await.unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// The JSON of a route.
    pub(super) async fn json(&self, path: &str) -> Value {
        self.get(path).await.ok().unwrap()
    }

    /// The id of the connection of this provider.
    pub(super) async fn connection(&self, provider: &str) -> String {
        let answer = self.json("/api/connections").await;
        let connections = answer["connections"].as_array().unwrap();
        let found = connections.iter().find(|connection| connection["provider"] == provider).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn post(&self, body: &Value, key: Option<&str>) -> Reply {
        let request = self.request(Method::POST, "/api/publish").json(body);
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.send(request).await
    }

    pub(super) async fn conversions(&self, query: &str, media_type: &str, body: String) -> Reply {
        let request = self.request(Method::POST, &format!("/api/conversions{query}"));
        self.send(request.header(header::CONTENT_TYPE, media_type).body(body)).await
    }

    /// Delivers as Meta does.
    pub(super) async fn deliver_meta(&self, body: &str) -> Reply {
        let secret = Secret::new(self.sandbox().config().meta.secret.as_str()).unwrap();
        let signature = testing::sign_meta(&secret, body.as_bytes());
        let request = self.request(Method::POST, "/webhooks/meta").header("x-hub-signature-256", signature);
        self.send(request.body(body.to_owned())).await
    }

    /// Delivers as LinkedIn does.
    pub(super) async fn deliver_linkedin(&self, body: &str) -> Reply {
        let secret = Secret::new(self.sandbox().config().linkedin.secret.as_str()).unwrap();
        let signature = testing::sign_linkedin(&secret, body.as_bytes());
        let request = self.request(Method::POST, "/webhooks/linkedin").header("x-li-signature", signature);
        self.send(request.body(body.to_owned())).await
    }

    /// Lets something happen at the platforms.
    pub(super) async fn trigger(&self, what: &Value) -> Value {
        self.control("trigger", what).await
    }

    /// Uses the control API of the sandbox.
    pub(super) async fn control(&self, name: &str, what: &Value) -> Value {
        let control = format!("{}/_sandbox/{name}", self.sandbox().url());
        self.send(self.browser.client.post(control).json(what)).await.ok().unwrap()
    }

    /// What the inbox of the server holds.
    pub(super) async fn census(&self) -> Census {
        self.server.app().inbox.as_ref().unwrap().census().await.unwrap()
    }

    /// How many events were recorded.
    pub(super) async fn recorded(&self) -> u64 {
        let census = self.census().await;
        census.pending + census.running + census.done + census.skipped + census.dead
    }

    /// Until everything that was recorded is handled.
    pub(super) async fn settled(&self) -> Census {
        let timer = SystemClock::new();
        let begun = timer.now();
        loop {
            let census = self.census().await;
            if census.pending + census.running == 0 {
                return census;
            }
            assert!(timer.now().saturating_duration_since(begun) < PATIENCE, "{census:?}");
            timer.sleep(Duration::from_millis(10)).await;
        }
    }

    /// The list of a route, once it has so many entries.
    pub(super) async fn listed(&self, path: &str, name: &str, count: usize) -> Vec<Value> {
        let timer = SystemClock::new();
        let begun = timer.now();
        loop {
            let answer = self.json(path).await;
            let found = answer[name].as_array().unwrap();
            if found.len() == count {
                return found.clone();
            }
            assert!(timer.now().saturating_duration_since(begun) < PATIENCE, "{path}: {answer}");
            timer.sleep(Duration::from_millis(10)).await;
        }
    }

    /// The next calls of a path go wrong in this way.
    pub(super) async fn fault(&self, path: &str, kind: &str, times: u32) {
        self.wait_with(&json!({"match": {"path_contains": path}, "kind": kind, "times": times})).await;
    }

    /// The next calls with this text in their bodies go wrong in this way.
    pub(super) async fn fault_about(&self, text: &str, kind: &str, times: u32) {
        self.wait_with(&json!({"match": {"body_contains": text}, "kind": kind, "times": times})).await;
    }

    async fn wait_with(&self, fault: &Value) {
        let reply = self.send(self.browser.client.post(self.faults()).json(fault)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }

    pub(super) async fn clear_faults(&self) {
        assert_eq!(self.send(self.browser.client.delete(self.faults())).await.status, 200);
    }

    fn faults(&self) -> String {
        format!("{}/_sandbox/faults", self.sandbox().url())
    }
}

/// Checks that an answer is a problem with this status that says what to do, and gives it.
#[track_caller]
pub(super) fn problem(reply: &Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header(header::CONTENT_TYPE), Some("application/problem+json"), "{}", reply.text);
    let problem: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!(problem["status"], status);
    assert!(problem["type"].as_str().unwrap().starts_with("urn:sociogram:problem:"), "{problem}");
    for member in ["title", "detail", "action"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
    }
    problem
}
