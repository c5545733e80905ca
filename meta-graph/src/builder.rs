//! Building a client.

use std::sync::Arc;

use sociogram_api_core::http::{
    AllowedHosts, BaseUrl, Breaker, CoreError, Observer, Pipeline, RateBudget, RetryPolicy, Timeouts, Timer,
    Transport,
};
use sociogram_api_core::{Clock, SystemClock};
use sociogram_oauth_core::{AccessToken, NoToken, StaticToken, TokenSource};

use crate::authorizer::GraphAuthorizer;
use crate::client::Client;
use crate::dialect::GraphDialect;
use crate::error::Error;
use crate::id::AppId;
use crate::proof::{AppSecret, ProofMode};
use crate::version::ApiVersion;

/// The hosts that may get a token; others never do, whatever a response says.
const HOSTS: [&str; 5] = [
    "graph.facebook.com",
    "graph-video.facebook.com",
    "rupload.facebook.com",
    "graph.instagram.com",
    "graph.threads.net",
];

/// Builds a [`Client`]. Nothing is read from the environment, nothing is started and nothing is sent.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    tokens: Arc<dyn TokenSource>,
    app: Option<AppId>,
    secret: Option<AppSecret>,
    proof: ProofMode,
    version: ApiVersion,
    base: Option<BaseUrl>,
    transport: Option<Arc<dyn Transport>>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    budget: Option<Arc<RateBudget>>,
    breaker: Option<Arc<Breaker>>,
    observer: Option<Arc<dyn Observer>>,
    timer: Arc<dyn Timer>,
    max_response_bytes: Option<usize>,
    user_agent_suffix: Option<String>,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            tokens: Arc::new(NoToken::new()),
            app: None,
            secret: None,
            proof: ProofMode::default(),
            version: ApiVersion::DEFAULT,
            base: None,
            transport: None,
            retry: RetryPolicy::new(),
            timeouts: Timeouts::DEFAULT,
            budget: None,
            breaker: None,
            observer: None,
            timer: Arc::new(SystemClock::new()),
            max_response_bytes: None,
            user_agent_suffix: None,
        }
    }

    /// Where the token of each call comes from. Without one every call fails until
    /// [`Client::with_token`] gave it.
    pub fn token(mut self, tokens: Arc<dyn TokenSource>) -> Self {
        self.tokens = tokens;
        self
    }

    /// A fixed token, for scripts and tests.
    pub fn access_token(self, token: impl Into<AccessToken>) -> Self {
        self.token(Arc::new(StaticToken::new(token)))
    }

    /// The app whose tokens these are. Needed when clients of several apps share one
    /// [`budget`](Self::budget).
    pub fn app_id(mut self, app: AppId) -> Self {
        self.app = Some(app);
        self
    }

    /// Sends `appsecret_proof` with every call. It must be the secret of the app that issues the tokens;
    /// Instagram Login and Threads have secrets of their own.
    pub fn app_secret(mut self, secret: impl Into<AppSecret>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// The form of the proof; [`ProofMode::Classic`] unless set.
    pub const fn proof_mode(mut self, mode: ProofMode) -> Self {
        self.proof = mode;
        self
    }

    /// The version of the API; [`ApiVersion::DEFAULT`] unless set.
    pub const fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Another base than `https://graph.facebook.com`: `https://graph.instagram.com`, a proxy, or a
    /// sandbox on loopback. Its origin may get the token as well. The version is appended to it.
    pub fn base_url(mut self, base: BaseUrl) -> Self {
        self.base = Some(base);
        self
    }

    /// What sends the bytes. With the feature `reqwest` there is a default.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How often and how patiently calls are repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How long an attempt and a call may take.
    pub const fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// A rate budget shared with other clients of the same app.
    pub fn budget(mut self, budget: Arc<RateBudget>) -> Self {
        self.budget = Some(budget);
        self
    }

    /// A circuit breaker shared with other clients of the same app.
    pub fn breaker(mut self, breaker: Arc<Breaker>) -> Self {
        self.breaker = Some(breaker);
        self
    }

    /// Who watches.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Another clock, for tests.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// The largest answer accepted, in bytes; 8 MiB unless set.
    pub const fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// Text appended to the `User-Agent`, such as `myproduct/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// With kind [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) when there is no transport (none passed and the feature
    /// `reqwest` is off), TLS cannot be set up, or the user agent is not visible ASCII.
    pub fn build(self) -> Result<Client, Error> {
        let base = match self.base {
            Some(base) => base,
            None => BaseUrl::parse("https://graph.facebook.com")
                .map_err(|error| CoreError::misconfigured("client.build", error.to_string()))?,
        };
        let mut authorizer = GraphAuthorizer::new(self.tokens);
        if let Some(secret) = self.secret {
            let clock: Arc<dyn Clock> = Arc::<dyn Timer>::clone(&self.timer);
            authorizer = authorizer.with_proof(secret, self.proof, clock);
        }
        let dialect = self.app.map_or_else(GraphDialect::new, GraphDialect::for_app);
        let mut pipeline = Pipeline::builder(Arc::new(dialect))
            .authorizer(Arc::new(authorizer.clone()))
            .hosts(AllowedHosts::new(HOSTS).allow(&base))
            .retry(self.retry)
            .timeouts(self.timeouts)
            .timer(self.timer);
        if let Some(transport) =
            self.transport.map_or_else(default_transport, |transport| Ok(Some(transport)))?
        {
            pipeline = pipeline.transport(transport);
        }
        if let Some(budget) = self.budget {
            pipeline = pipeline.budget(budget);
        }
        if let Some(breaker) = self.breaker {
            pipeline = pipeline.breaker(breaker);
        }
        if let Some(observer) = self.observer {
            pipeline = pipeline.observer(observer);
        }
        if let Some(bytes) = self.max_response_bytes {
            pipeline = pipeline.max_response_bytes(bytes);
        }
        if let Some(suffix) = self.user_agent_suffix {
            pipeline = pipeline.user_agent(suffix);
        }
        Ok(Client { pipeline: pipeline.build()?, base, version: self.version, authorizer, user: None })
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Option<Arc<dyn Transport>>, CoreError> {
    match sociogram_api_core::http::ReqwestTransport::new() {
        Ok(transport) => Ok(Some(Arc::new(transport))),
        Err(_) => Err(CoreError::misconfigured(
            "client.build",
            "TLS could not be set up: enable the feature `rustls` or pass a transport",
        )),
    }
}

#[cfg(not(feature = "reqwest"))]
#[allow(clippy::unnecessary_wraps, reason = "the same signature as with the feature `reqwest`")]
fn default_transport() -> Result<Option<Arc<dyn Transport>>, CoreError> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;

    fn builder() -> ClientBuilder {
        Client::builder().transport(Arc::new(ScriptedTransport::new()))
    }

    #[test]
    fn building_needs_no_runtime_and_hides_secrets() {
        let builder = builder().access_token("CANARYtoken").app_secret("CANARYsecret");
        assert!(!format!("{builder:?}").contains("CANARY"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?} {client:#?}").contains("CANARY"));
        assert_eq!(client.version(), ApiVersion::DEFAULT);
    }

    #[test]
    fn an_unprintable_user_agent_is_refused() {
        let error = builder().user_agent_suffix("a\nb").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }

    #[cfg(not(feature = "reqwest"))]
    #[test]
    fn without_a_transport_it_says_which_feature_helps() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("`reqwest`"), "{error}");
    }
}
