//! What every client can be told about its road.

use std::sync::Arc;

use super::breaker::Breaker;
use super::budget::RateBudget;
use super::error::CoreError;
use super::observe::{NoObserver, Observer};
use super::operation::Timeouts;
use super::retry::RetryPolicy;
use super::transport::{Limits, Transport};
use crate::SystemClock;
use crate::Timer;

/// The settings that all clients share. A provider's client builder keeps one and gets the setters from
/// [`pipeline_settings!`](crate::pipeline_settings).
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct PipelineSettings {
    /// What sends the bytes. `None` is a `ReqwestTransport` if the feature `reqwest` is on.
    pub transport: Option<Arc<dyn Transport>>,
    /// How often and how patiently a call is repeated.
    pub retry: RetryPolicy,
    /// How long an attempt and a call may take.
    pub timeouts: Timeouts,
    /// The rate budget, perhaps shared with other clients of the same app.
    pub budget: Arc<RateBudget>,
    /// The circuit breaker, perhaps shared with other clients of the same app.
    pub breaker: Arc<Breaker>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// Where time comes from.
    pub timer: Arc<dyn Timer>,
    /// What an answer may be.
    pub limits: Limits,
    /// Text appended to the `User-Agent`.
    pub user_agent: Option<String>,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            transport: None,
            retry: RetryPolicy::new(),
            timeouts: Timeouts::DEFAULT,
            budget: Arc::default(),
            breaker: Arc::default(),
            observer: Arc::new(NoObserver::new()),
            timer: Arc::new(SystemClock::new()),
            limits: Limits::default(),
            user_agent: None,
        }
    }
}

/// The transport of a client that was given none.
#[cfg(feature = "reqwest")]
pub(super) fn default_transport() -> Result<Arc<dyn Transport>, CoreError> {
    let failed = |_| {
        CoreError::misconfigured(
            "client.build",
            "TLS could not be set up: enable the feature `rustls` or pass a transport",
        )
    };
    Ok(Arc::new(super::reqwest::ReqwestTransport::new().map_err(failed)?))
}

/// The transport of a client that was given none.
#[cfg(not(feature = "reqwest"))]
pub(super) fn default_transport() -> Result<Arc<dyn Transport>, CoreError> {
    Err(CoreError::misconfigured(
        "client.build",
        "there is no transport: enable the feature `reqwest` or pass one",
    ))
}

/// Writes the setters of a builder that keeps its [`PipelineSettings`](crate::http::PipelineSettings) in the
/// named field. Stands inside the builder's `impl`.
#[macro_export]
macro_rules! pipeline_settings {
    ($settings:ident) => {
        /// What sends the bytes. Needed unless the feature `reqwest` is on. It must not follow redirects.
        pub fn transport(mut self, transport: ::std::sync::Arc<dyn $crate::http::Transport>) -> Self {
            self.$settings.transport = Some(transport);
            self
        }

        /// How often and how patiently a call is repeated: 3 attempts unless set.
        pub fn retry(mut self, retry: $crate::http::RetryPolicy) -> Self {
            self.$settings.retry = retry;
            self
        }

        /// How long an attempt and a call may take: 30 s and 90 s unless set.
        pub fn timeouts(mut self, timeouts: $crate::http::Timeouts) -> Self {
            self.$settings.timeouts = timeouts;
            self
        }

        /// A rate budget shared with other clients of the same app.
        pub fn budget(mut self, budget: ::std::sync::Arc<$crate::http::RateBudget>) -> Self {
            self.$settings.budget = budget;
            self
        }

        /// A circuit breaker shared with other clients of the same app.
        pub fn breaker(mut self, breaker: ::std::sync::Arc<$crate::http::Breaker>) -> Self {
            self.$settings.breaker = breaker;
            self
        }

        /// Who watches the calls.
        pub fn observer(mut self, observer: ::std::sync::Arc<dyn $crate::http::Observer>) -> Self {
            self.$settings.observer = observer;
            self
        }

        /// Another clock, for tests.
        pub fn timer(mut self, timer: ::std::sync::Arc<dyn $crate::Timer>) -> Self {
            self.$settings.timer = timer;
            self
        }

        /// The largest answer accepted, in bytes: 8 MiB unless set.
        pub fn max_response_bytes(mut self, bytes: usize) -> Self {
            self.$settings.limits = $crate::http::Limits::new(bytes);
            self
        }

        /// Text appended to the `User-Agent`, such as `myproduct/1.2`.
        pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
            self.$settings.user_agent = Some(suffix.into());
            self
        }
    };
}
