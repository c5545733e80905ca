//! A client that knows nothing of the family's crates: plain HTTP.

use http::{HeaderMap, Method};
use serde_json::Value;

use crate::{
    Endpoints, Sandbox, SandboxConfig,
    mac::{hex, hmac_sha256},
};

pub(super) const PAGE: &str = "102030405060701";
pub(super) const WEAK_PAGE: &str = "102030405060702";
pub(super) const DATASET: &str = "200300400500601";
pub(super) const REDIRECT: &str = "http://127.0.0.1:9/callback?from=test";
pub(super) const MEMBER: &str = "urn:li:person:sbx-Ada_01";
pub(super) const ORGANIZATION: &str = "urn:li:organization:5000001";
pub(super) const ANALYST_ORGANIZATION: &str = "urn:li:organization:5000002";
pub(super) const ALL_META: [&str; 8] = [
    "public_profile",
    "email",
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_metadata",
    "leads_retrieval",
    "ads_management",
];
pub(super) const ALL_LINKEDIN: [&str; 8] = [
    "openid",
    "profile",
    "email",
    "w_member_social",
    "r_member_social",
    "w_organization_social",
    "r_organization_social",
    "rw_organization_admin",
];

/// Status, code and subcode of a Graph error.
pub(super) type GraphCode = (u16, i64, Option<i64>);

/// An answer read whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
    }

    /// Status, code and subcode of a Graph error.
    pub(super) fn graph_error(&self) -> GraphCode {
        let body = self.json();
        let code = body["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {}", self.text));
        assert!(
            body["error"]["fbtrace_id"].is_string() && body["error"]["message"].is_string(),
            "{}",
            self.text
        );
        (self.status, code, body["error"]["error_subcode"].as_i64())
    }

    /// Status, `code` and `serviceErrorCode` of a LinkedIn error.
    pub(super) fn linkedin_error(&self) -> (u16, String, Option<i64>) {
        let body = self.json();
        assert_eq!(body["status"], self.status, "{}", self.text);
        assert_eq!(self.header("x-restli-error-response"), "true");
        let code = body["code"].as_str().unwrap_or_default().to_owned();
        (self.status, code, body["serviceErrorCode"].as_i64())
    }

    /// A parameter of the address redirected to.
    pub(super) fn redirected(&self, name: &str) -> Option<String> {
        assert_eq!(self.status, 302, "{}", self.text);
        let to = url::Url::parse(self.header("location")).unwrap();
        to.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// A sandbox and a client.
#[derive(Debug)]
pub(super) struct Bench {
    pub(super) sandbox: Sandbox,
    pub(super) http: reqwest::Client,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(SandboxConfig::default()).await
    }

    pub(super) async fn with(config: SandboxConfig) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { sandbox: Sandbox::start(config).await.unwrap(), http: http.build().unwrap() }
    }

    pub(super) fn endpoints(&self) -> Endpoints {
        self.sandbox.endpoints()
    }

    pub(super) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Reply { status, headers, text: answer.text().await.unwrap() }
    }

    pub(super) async fn get(&self, url: &str) -> Reply {
        self.send(self.http.get(url)).await
    }

    pub(super) fn proof(&self, token: &str) -> String {
        hex(&hmac_sha256(self.sandbox.config().meta.secret.as_bytes(), &[token.as_bytes()]))
    }

    /// A Graph call with its token in the header and a proof in the query.
    pub(super) fn graph(&self, method: Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        let separator = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{separator}appsecret_proof={}", self.endpoints().graph, self.proof(token));
        self.http.request(method, url).bearer_auth(token)
    }

    pub(super) async fn graph_get(&self, path: &str, token: &str) -> Reply {
        self.send(self.graph(Method::GET, path, token)).await
    }

    pub(super) async fn graph_post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.send(self.graph(Method::POST, path, token).json(body)).await
    }

    /// A user token with every permission the tests need.
    pub(super) fn user_token(&self) -> String {
        self.sandbox.meta_user_token(&ALL_META)
    }

    /// The Page's token, read the way an app does.
    pub(super) async fn page_token(&self, user: &str) -> String {
        let reply = self.graph_get("/v26.0/me/accounts?fields=id,access_token", user).await;
        let body = reply.json();
        let page = body["data"].as_array().unwrap().iter().find(|page| page["id"] == PAGE).unwrap();
        page["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) fn member_token(&self) -> String {
        self.sandbox.linkedin_token(&ALL_LINKEDIN)
    }

    /// A call to LinkedIn's REST API with the headers it demands.
    pub(super) fn rest(&self, method: Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}/rest{path}", self.endpoints().linkedin_api))
            .bearer_auth(token)
            .header("LinkedIn-Version", "202609")
            .header("X-Restli-Protocol-Version", "2.0.0")
    }

    pub(super) async fn rest_get(&self, path: &str, token: &str) -> Reply {
        self.send(self.rest(Method::GET, path, token)).await
    }

    pub(super) async fn rest_post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.send(self.rest(Method::POST, path, token).json(body)).await
    }

    pub(super) async fn control(&self, method: Method, path: &str, body: &Value) -> Reply {
        let url = format!("{}/_sandbox{path}", self.sandbox.url());
        self.send(self.http.request(method, url).json(body)).await
    }

    /// Waits until the condition holds; deliveries are made behind the caller's back.
    pub(super) async fn until(&self, what: &str, holds: impl Fn(&crate::Received) -> bool) {
        for _ in 0..200 {
            if holds(&self.sandbox.received()) {
                return;
            }
            crate::clock::pause(std::time::Duration::from_millis(20)).await;
        }
        panic!("never happened: {what}: {:?}", self.sandbox.received().deliveries);
    }
}

/// A text post of an author.
pub(super) fn text_post(author: &str, commentary: &str) -> Value {
    serde_json::json!({
        "author": author,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": false,
    })
}
