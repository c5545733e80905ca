//! Just enough of a browser to log in.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use sociogram::{
    api_core::{SystemClock, Timer as _},
    webhook_verify::{Secret, testing},
};
use sociogram_sandbox::SandboxConfig;

pub(crate) const PAGE: &str = "102030405060701";
pub(crate) const ORGANIZATION: &str = "urn:li:organization:5000001";

/// How long the worker may take: after a crash, a claim has to run out first.
const PATIENCE: Duration = Duration::from_secs(75);

/// Visits one server.
pub(crate) struct Browser {
    client: Client,
    home: String,
}

impl Browser {
    pub(crate) fn new(home: &str) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { client, home: home.to_owned() }
    }

    /// Goes through the dialog of a platform, pressing this button.
    pub(crate) async fn log_in(&self, provider: &str, button: &str) {
        let started = self.open(&format!("{}/connect/{provider}", self.home), "").await;
        let cookie = started[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        let decided = self.open(&format!("{}&sandbox_decision={button}", location(&started)), "").await;
        let callback = location(&decided).split('#').next().unwrap();
        assert_eq!(location(&self.open(callback, cookie).await), "/");
    }

    /// The headers of a redirect.
    async fn open(&self, url: &str, cookie: &str) -> HeaderMap {
        let answer = self.client.get(url).header(header::COOKIE, cookie).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        assert!(status.is_redirection(), "{url}: {status}: {}", answer.text().await.unwrap());
        headers
    }

    /// The JSON of a route.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.home)).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Status and JSON of a route.
    pub(crate) async fn look(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(format!("{}{path}", self.home)).send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// Status and JSON of a post of JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.home)).json(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// The list of a route, once it has so many entries.
    pub(crate) async fn listed(&self, path: &str, name: &str, count: usize) -> Vec<Value> {
        let timer = SystemClock::new();
        let begun = timer.monotonic();
        loop {
            let answer = self.get(path).await;
            let found = answer[name].as_array().unwrap();
            if found.len() == count {
                return found.clone();
            }
            assert!(timer.monotonic().saturating_sub(begun) < PATIENCE, "{path}: {answer}");
            timer.sleep(Duration::from_millis(50)).await;
        }
    }

    /// Delivers as Meta does: status and answer.
    pub(crate) async fn deliver(&self, body: &str) -> (u16, Value) {
        let secret = Secret::new(SandboxConfig::default().meta.secret).unwrap();
        let signature = testing::sign_meta(&secret, body.as_bytes());
        let request = self.client.post(format!("{}/webhooks/meta", self.home));
        let request = request.header("x-hub-signature-256", signature).body(body.to_owned());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    /// Provider and id of each connection.
    pub(crate) async fn connections(&self) -> Vec<(String, String)> {
        let answer = self.get("/api/connections").await;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let all = answer["connections"].as_array().unwrap();
        all.iter().map(|entry| (text(entry, "provider"), text(entry, "id"))).collect()
    }

    pub(crate) async fn publish(&self, connection: &str, account: &str, message: &str) {
        let body = json!({"connection": connection, "account": account, "text": message});
        let request = self.client.post(format!("{}/api/publish", self.home)).json(&body);
        let answer = request.send().await.unwrap();
        let (status, told) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "publishing to {account}: {told}");
    }
}

fn location(headers: &HeaderMap) -> &str {
    headers[header::LOCATION].to_str().unwrap()
}
