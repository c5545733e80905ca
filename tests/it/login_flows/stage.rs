//! A sandbox, a clock that both sides share, and a browser.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use serde_json::{Value, json};
use sociogram::api_core::http::{BaseUrl, ReqwestTransport, Transport};
use sociogram::api_core::testing::ManualClock;
use sociogram::api_core::{Clock, SystemClock};
use sociogram::linkedin_api;
use sociogram::meta_graph::{self, AppId, AppSecret, GraphHost};
use sociogram::oauth_core::{
    AccessToken, Actor, BrowserBinder, CallbackParams, ClientSecret, Expiry, Login, MemorySessionStore,
    OAuthClient, OAuthClientBuilder, OAuthError, Provider, RedirectUri, ScopeRequest, StartRequest, TenantId,
    VerifiedCode,
};
use sociogram_sandbox::{Sandbox, SandboxConfig};
use url::Url;

pub(super) const REDIRECT: &str = "http://127.0.0.1:9/callback";
/// What Meta answers for a token of "about 60 days", in seconds.
pub(super) const META_SIXTY_DAYS: u64 = 5_183_944;
pub(super) const DAY: u64 = 86_400;

pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    /// The product's clock. It starts with the machine's, which is the sandbox's too.
    pub(super) clock: ManualClock,
    browser: reqwest::Client,
}

/// A login whose person is at the provider.
pub(super) struct Started {
    pub(super) url: Url,
    pub(super) binder: BrowserBinder,
}

impl Started {
    /// A parameter of the authorization URL.
    pub(super) fn asks(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

pub(super) fn base(url: &str) -> BaseUrl {
    BaseUrl::parse(url).unwrap()
}

pub(super) fn actor() -> Actor {
    Actor::new(TenantId::from_bytes([7; 16]), "ada")
}

pub(super) fn request(scopes: impl Into<ScopeRequest>) -> StartRequest {
    StartRequest::new(actor(), scopes)
}

fn transport() -> Arc<dyn Transport> {
    Arc::new(ReqwestTransport::new().unwrap())
}

impl Stage {
    pub(super) async fn new() -> Self {
        Self::with(SandboxConfig::default()).await
    }

    pub(super) async fn with(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let clock = ManualClock::at(SystemClock::new().now());
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self { sandbox, clock, browser: browser.build().unwrap() }
    }

    /// A call to the sandbox's control API.
    pub(super) async fn control(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/_sandbox/{path}", self.sandbox.url());
        let answer = self.browser.post(url).json(body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path} {body}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Time passes for the product and for the platforms.
    pub(super) async fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.pass_at_the_platforms(seconds).await;
    }

    pub(super) async fn pass_at_the_platforms(&self, seconds: u64) {
        self.control("clock", &json!({ "advance_seconds": seconds })).await;
    }

    /// The next call whose path contains this is answered badly.
    pub(super) async fn fault(&self, path: &str, kind: &str) {
        self.control("faults", &json!({"match": {"path_contains": path}, "kind": kind})).await;
    }

    pub(super) async fn no_more_faults(&self) {
        let url = format!("{}/_sandbox/faults", self.sandbox.url());
        assert!(self.browser.delete(url).send().await.unwrap().status().is_success());
    }

    /// What the sandbox says about itself.
    pub(super) async fn state(&self) -> Value {
        let url = format!("{}/_sandbox/state", self.sandbox.url());
        self.browser.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Lets the product's time run while something is done that waits between two attempts. A look at the sandbox is a
    /// step: what is on its way arrives meanwhile.
    pub(super) async fn let_time_run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            let step = std::pin::pin!(self.state());
            match select(work.as_mut(), step).await {
                Either::Left((done, _)) => return done,
                Either::Right(_) => self.clock.advance(Duration::from_millis(50)),
            }
        }
    }

    /// Another person signs in at a platform.
    pub(super) async fn sign_in(&self, platform: &str, id: &str) {
        self.control("person", &json!({"platform": platform, "id": id})).await;
    }

    /// How many calls the platforms have had.
    pub(super) fn mark(&self) -> usize {
        self.sandbox.received().calls.len()
    }

    /// What servers called since then, `METHOD host/path`; the visits of the browser to the dialogs are left out.
    pub(super) fn calls_since(&self, mark: usize) -> Vec<String> {
        let calls = self.sandbox.received().calls;
        let dialog = |path: &str| path.ends_with("/dialog/oauth") || path.contains("authoriz");
        let calls = calls[mark..].iter().filter(|call| !dialog(&call.path));
        calls.map(|call| format!("{} {}{}", call.method, call.host, call.path)).collect()
    }

    pub(super) fn no_violations(&self) {
        let violations = self.sandbox.received().violations;
        assert!(violations.is_empty(), "{violations:?}");
    }

    // ---- the product's clients ----

    pub(super) fn builder(&self, provider: Provider, id: &str, secret: &str) -> OAuthClientBuilder {
        self.public_builder(provider, id).client_secret(ClientSecret::new(secret))
    }

    /// For an app without a secret.
    pub(super) fn public_builder(&self, provider: Provider, id: &str) -> OAuthClientBuilder {
        OAuthClient::builder(provider, id)
            .transport(transport())
            .sessions(Arc::new(MemorySessionStore::new()))
            .timer(Arc::new(self.clock.clone()))
    }

    pub(super) fn client(&self, provider: Provider, id: &str, secret: &str) -> OAuthClient {
        let redirect = RedirectUri::parse(REDIRECT).unwrap();
        self.builder(provider, id, secret).redirect_uri(redirect).insecure_loopback_cookie().build().unwrap()
    }

    /// A client for graph.facebook.com without a token.
    pub(super) fn graph(&self) -> meta_graph::Client {
        meta_graph::Client::builder().base_url(base(&self.sandbox.endpoints().graph)).build().unwrap()
    }

    /// A client of the product that acts with this token.
    pub(super) fn acting(&self, token: impl Into<AccessToken>) -> meta_graph::Client {
        let client = meta_graph::Client::builder().access_token(token).app_secret(self.app().1);
        client.base_url(base(&self.sandbox.endpoints().graph)).build().unwrap()
    }

    /// Id and secret of the app at Meta.
    pub(super) fn app(&self) -> (AppId, AppSecret) {
        let app = &self.sandbox.config().meta;
        (app.id.parse().unwrap(), app.secret.as_str().into())
    }

    /// The provider at the sandbox instead of Facebook.
    pub(super) fn at_facebook(&self, provider: Provider) -> Provider {
        let endpoints = self.sandbox.endpoints();
        provider.with_authorize_base(&base(&endpoints.facebook)).with_token_base(&base(&endpoints.graph))
    }

    pub(super) fn meta_client(&self, provider: Provider) -> OAuthClient {
        let app = &self.sandbox.config().meta;
        self.client(self.at_facebook(provider), &app.id, &app.secret)
    }

    pub(super) fn facebook(&self) -> OAuthClient {
        let (app, secret) = self.app();
        self.meta_client(meta_graph::oauth::facebook(&self.graph(), app, secret))
    }

    pub(super) fn linkedin(&self) -> OAuthClient {
        let (endpoints, app) = (self.sandbox.endpoints(), &self.sandbox.config().linkedin);
        let provider = linkedin_api::oauth::linkedin(&self.linkedin_api());
        let dialog = base(&endpoints.linkedin_oauth);
        let provider = provider.with_authorize_base(&dialog).with_token_base(&dialog);
        self.client(provider, &app.id, &app.secret)
    }

    pub(super) fn linkedin_api(&self) -> linkedin_api::Client {
        let base = base(&self.sandbox.endpoints().linkedin_api);
        linkedin_api::Client::builder().base_url(base).build().unwrap()
    }

    /// A client for one of Meta's smaller sites.
    pub(super) fn site(host: GraphHost, url: &str) -> meta_graph::Client {
        meta_graph::Client::builder().host(host).base_url(base(url)).build().unwrap()
    }

    // ---- a login, step by step ----

    pub(super) async fn start(&self, client: &OAuthClient, request: StartRequest) -> Started {
        let started = client.start(request).await.unwrap();
        Started { url: started.url, binder: started.binder }
    }

    /// The query that the browser brings back when the person decides.
    pub(super) async fn decide(&self, started: &Started, decision: &str, declined: &[&str]) -> String {
        let declined = match declined {
            [] => String::new(),
            names => format!("&sandbox_decline={}", names.join(",")),
        };
        let url = format!("{}&sandbox_decision={decision}{declined}", started.url);
        let answer = self.browser.get(url).send().await.unwrap();
        let Some(location) = answer.headers().get("location") else {
            panic!("the dialog does not send back: {}", answer.text().await.unwrap());
        };
        let location = location.to_str().unwrap();
        assert!(location.starts_with(REDIRECT), "{location}");
        location.split_once('?').unwrap().1.to_owned()
    }

    pub(super) async fn complete(
        &self,
        client: &OAuthClient,
        started: &Started,
        query: &str,
    ) -> Result<VerifiedCode, OAuthError> {
        client.complete(CallbackParams::parse(query).unwrap(), &started.binder, &actor()).await
    }

    /// The whole login, with the person's word for yes.
    pub(super) async fn try_log_in(
        &self,
        client: &OAuthClient,
        request: StartRequest,
        declined: &[&str],
    ) -> Result<Login, OAuthError> {
        let started = self.start(client, request).await;
        self.finish(client, &started, declined).await
    }

    /// What follows the start of a login.
    pub(super) async fn finish(
        &self,
        client: &OAuthClient,
        started: &Started,
        declined: &[&str],
    ) -> Result<Login, OAuthError> {
        let yes = if started.url.path().ends_with("/dialog/oauth") { "continue" } else { "allow" };
        let query = self.decide(started, yes, declined).await;
        let verified = self.complete(client, started, &query).await.unwrap();
        client.log_in(verified).await
    }

    pub(super) async fn log_in(&self, client: &OAuthClient, scopes: impl Into<ScopeRequest>) -> Login {
        self.try_log_in(client, request(scopes), &[]).await.unwrap()
    }

    /// Whether the end is this many seconds from now. A few more or less: the sandbox's clock runs on.
    pub(super) fn ends_in(&self, expiry: Expiry, seconds: u64) -> bool {
        let left = expiry.remaining(self.clock.now()).map(|left| left.as_secs());
        left.is_some_and(|left| left.abs_diff(seconds) <= 15)
    }
}
