//! Building a pipeline.

use std::sync::Arc;

use ::http::HeaderValue;

use super::{Inner, Pipeline};
use crate::SystemClock;
use crate::http::authorizer::{Authorizer, NoAuth};
use crate::http::base_url::AllowedHosts;
use crate::http::breaker::Breaker;
use crate::http::budget::RateBudget;
use crate::http::dialect::Dialect;
use crate::http::error::CoreError;
use crate::http::observe::{NoObserver, Observer};
use crate::http::operation::Timeouts;
use crate::http::retry::RetryPolicy;
use crate::http::timer::Timer;
use crate::http::transport::{Limits, Transport};

/// Builds a [`Pipeline`]. Nothing is read from the environment and nothing is started.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct PipelineBuilder {
    dialect: Arc<dyn Dialect>,
    transport: Option<Arc<dyn Transport>>,
    authorizer: Arc<dyn Authorizer>,
    hosts: AllowedHosts,
    retry: RetryPolicy,
    timeouts: Timeouts,
    budget: Arc<RateBudget>,
    breaker: Arc<Breaker>,
    observer: Arc<dyn Observer>,
    timer: Arc<dyn Timer>,
    limits: Limits,
    user_agent_suffix: Option<String>,
}

impl PipelineBuilder {
    pub(super) fn new(dialect: Arc<dyn Dialect>) -> Self {
        Self {
            dialect,
            transport: None,
            authorizer: Arc::new(NoAuth::new()),
            hosts: AllowedHosts::default(),
            retry: RetryPolicy::new(),
            timeouts: Timeouts::DEFAULT,
            budget: Arc::default(),
            breaker: Arc::default(),
            observer: Arc::new(NoObserver::new()),
            timer: Arc::new(SystemClock::new()),
            limits: Limits::default(),
            user_agent_suffix: None,
        }
    }

    /// What sends the bytes. Required.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What attaches the credential; [`NoAuth`] unless set.
    pub fn authorizer(mut self, authorizer: Arc<dyn Authorizer>) -> Self {
        self.authorizer = authorizer;
        self
    }

    /// The hosts requests may go to; none unless set.
    pub fn hosts(mut self, hosts: AllowedHosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// How often and how patiently a call is repeated.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How long an attempt and a call may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// A rate budget shared with other clients of the same app.
    pub fn budget(mut self, budget: Arc<RateBudget>) -> Self {
        self.budget = budget;
        self
    }

    /// A circuit breaker shared with other clients of the same app.
    pub fn breaker(mut self, breaker: Arc<Breaker>) -> Self {
        self.breaker = breaker;
        self
    }

    /// Who watches.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Another clock, for tests.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// The largest answer accepted, in bytes; 8 MiB unless set.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.limits = Limits::new(bytes);
        self
    }

    /// Text appended to the `User-Agent`, such as `myproduct/1.2`.
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The pipeline. Does no input or output.
    ///
    /// # Errors
    /// When there is no transport, or the user agent is not visible ASCII.
    pub fn build(self) -> Result<Pipeline, CoreError> {
        const NAME: &str = "client.build";
        let transport = self.transport.ok_or_else(|| {
            CoreError::misconfigured(NAME, "there is no transport: enable the feature `reqwest` or pass one")
        })?;
        let mut user_agent = concat!("sociogram/", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(suffix) = self.user_agent_suffix {
            user_agent.push(' ');
            user_agent.push_str(&suffix);
        }
        let user_agent = HeaderValue::try_from(user_agent)
            .map_err(|_| CoreError::misconfigured(NAME, "the user agent must be visible ASCII"))?;
        Ok(Pipeline(Arc::new(Inner {
            dialect: self.dialect,
            transport,
            authorizer: self.authorizer,
            hosts: self.hosts,
            retry: self.retry,
            timeouts: self.timeouts,
            budget: self.budget,
            breaker: self.breaker,
            observer: self.observer,
            timer: self.timer,
            limits: self.limits,
            user_agent,
        })))
    }
}
