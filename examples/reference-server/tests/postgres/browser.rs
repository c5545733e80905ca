//! Just enough of a browser to log in.

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};

pub(crate) const PAGE: &str = "102030405060701";
pub(crate) const ORGANIZATION: &str = "urn:li:organization:5000001";

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
