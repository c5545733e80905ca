//! Building a client.

use std::fmt;
use std::sync::Arc;

use sociogram_api_core::SystemClock;
use sociogram_api_core::http::{
    AllowedHosts, BaseUrl, Breaker, CoreError, Observer, Pipeline, PipelineBuilder, RateBudget, RetryPolicy,
    Timeouts, Timer, Transport,
};
use sociogram_oauth_core::{AccessToken, NoToken, StaticToken, TokenSource};

use crate::authorizer::Bearer;
use crate::client::{Client, unnamed_member};
use crate::dialect::{Caller, LinkedInDialect};
use crate::error::Error;
use crate::version::ApiVersion;

const HOST: &str = "api.linkedin.com";
const OPERATION: &str = "linkedin.client.build";

/// Builds a [`Client`]. Nothing is read from the environment, nothing is started, nothing is sent.
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    source: Arc<dyn TokenSource>,
    version: ApiVersion,
    base: Option<BaseUrl>,
    app: Arc<str>,
    member: Option<Arc<str>>,
    transport: Option<Arc<dyn Transport>>,
    timer: Arc<dyn Timer>,
    retry: Option<RetryPolicy>,
    timeouts: Option<Timeouts>,
    budget: Option<Arc<RateBudget>>,
    breaker: Option<Arc<Breaker>>,
    observer: Option<Arc<dyn Observer>>,
    max_response_bytes: Option<usize>,
    user_agent: Option<String>,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            source: Arc::new(NoToken::new()),
            version: ApiVersion::DEFAULT,
            base: None,
            app: Arc::from("default"),
            member: None,
            transport: None,
            timer: Arc::new(SystemClock::new()),
            retry: None,
            timeouts: None,
            budget: None,
            breaker: None,
            observer: None,
            max_response_bytes: None,
            user_agent: None,
        }
    }

    /// Where the token of each call comes from. Without one, every call needs a client made by
    /// [`Client::with_token`].
    pub fn token(mut self, source: Arc<dyn TokenSource>) -> Self {
        self.source = source;
        self
    }

    /// One fixed token that cannot be renewed.
    pub fn access_token(self, token: impl Into<AccessToken>) -> Self {
        self.token(Arc::new(StaticToken::new(token)))
    }

    /// The version of the API; [`ApiVersion::DEFAULT`] unless set. Versions end after about a year.
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Another host than `https://api.linkedin.com`: a sandbox or a proxy. It may get the token.
    pub fn base_url(mut self, base: BaseUrl) -> Self {
        self.base = Some(base);
        self
    }

    /// The app's client id. It keeps the limits of several apps apart when they share a
    /// [`budget`](Self::budget) or [`breaker`](Self::breaker).
    pub fn app(mut self, client_id: impl Into<Arc<str>>) -> Self {
        self.app = client_id.into();
        self
    }

    /// The member whose token it is, by any stable id; see [`Client::with_member`].
    pub fn member(mut self, member: impl Into<Arc<str>>) -> Self {
        self.member = Some(member.into());
        self
    }

    /// What sends the bytes. With the feature `reqwest` there is a default.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How often and how patiently a call is repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = Some(retry);
        self
    }

    /// How long an attempt and a call may take. A short throttle is waited out for a minute if the call
    /// has that long.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// A rate budget shared with other clients of the app.
    pub fn budget(mut self, budget: Arc<RateBudget>) -> Self {
        self.budget = Some(budget);
        self
    }

    /// A circuit breaker shared with other clients of the app.
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
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// Text appended to the `User-Agent`, such as `myproduct/1.2`.
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent = Some(suffix.into());
        self
    }

    /// The client. Logs a warning when the API version is more than eleven months old.
    ///
    /// # Errors
    /// When there is no transport, TLS cannot be set up, or the user agent is not visible ASCII.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(finding) = self.version.check(self.timer.now()) {
            tracing::warn!(version = %self.version, "{finding}");
        }
        let base = match self.base {
            Some(base) => base,
            None => BaseUrl::parse(&format!("https://{HOST}"))
                .map_err(|error| CoreError::misconfigured(OPERATION, error.to_string()))?,
        };
        let mut pipeline = Pipeline::builder(Arc::new(LinkedInDialect::new(Arc::clone(&self.timer))))
            .hosts(AllowedHosts::new([HOST]).allow(&base))
            .authorizer(Arc::new(Bearer::new(self.source)))
            .timer(self.timer);
        pipeline = with(pipeline, self.retry, PipelineBuilder::retry);
        pipeline = with(pipeline, self.timeouts, PipelineBuilder::timeouts);
        pipeline = with(pipeline, self.budget, PipelineBuilder::budget);
        pipeline = with(pipeline, self.breaker, PipelineBuilder::breaker);
        pipeline = with(pipeline, self.observer, PipelineBuilder::observer);
        pipeline = with(pipeline, self.max_response_bytes, PipelineBuilder::max_response_bytes);
        pipeline = with(pipeline, self.user_agent, PipelineBuilder::user_agent);
        pipeline = with(pipeline, transport(self.transport)?, PipelineBuilder::transport);
        let caller = Caller { app: self.app, member: self.member.unwrap_or_else(unnamed_member) };
        Ok(Client::new(pipeline.build()?, base, self.version, caller))
    }
}

fn with<T>(
    builder: PipelineBuilder,
    value: Option<T>,
    set: impl FnOnce(PipelineBuilder, T) -> PipelineBuilder,
) -> PipelineBuilder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

#[cfg(feature = "reqwest")]
fn transport(given: Option<Arc<dyn Transport>>) -> Result<Option<Arc<dyn Transport>>, CoreError> {
    if given.is_some() {
        return Ok(given);
    }
    let transport = sociogram_api_core::http::ReqwestTransport::new().map_err(|_| {
        CoreError::misconfigured(OPERATION, "TLS could not be set up: enable the feature `rustls`")
    })?;
    Ok(Some(Arc::new(transport)))
}

#[cfg(not(feature = "reqwest"))]
#[allow(clippy::unnecessary_wraps, reason = "the same signature as with the feature `reqwest`")]
fn transport(given: Option<Arc<dyn Transport>>) -> Result<Option<Arc<dyn Transport>>, CoreError> {
    Ok(given)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base", &self.base)
            .field("version", &self.version)
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
