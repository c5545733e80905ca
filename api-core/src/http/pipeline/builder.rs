//! Building a pipeline.

use std::sync::Arc;

use ::http::HeaderValue;

use super::{Inner, Pipeline};
use crate::http::authorizer::{Authorizer, NoAuth};
use crate::http::base_url::AllowedHosts;
use crate::http::dialect::Dialect;
use crate::http::error::CoreError;
use crate::http::quota::Quota;
use crate::http::settings::{PipelineSettings, default_transport};

/// Builds a [`Pipeline`]. Nothing is read from the environment and nothing is started.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct PipelineBuilder {
    dialect: Arc<dyn Dialect>,
    authorizer: Arc<dyn Authorizer>,
    quota: Option<Arc<dyn Quota>>,
    hosts: AllowedHosts,
    settings: PipelineSettings,
}

impl PipelineBuilder {
    pub(super) fn new(dialect: Arc<dyn Dialect>) -> Self {
        let (authorizer, hosts) = (Arc::new(NoAuth::new()), AllowedHosts::default());
        Self { dialect, authorizer, quota: None, hosts, settings: PipelineSettings::default() }
    }

    /// What attaches the credential; [`NoAuth`] unless set.
    pub fn authorizer(mut self, authorizer: Arc<dyn Authorizer>) -> Self {
        self.authorizer = authorizer;
        self
    }

    /// What counts the calls itself; nothing unless set.
    pub fn quota(mut self, quota: Arc<dyn Quota>) -> Self {
        self.quota = Some(quota);
        self
    }

    /// The hosts requests may go to; none unless set.
    pub fn hosts(mut self, hosts: AllowedHosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// All settings at once, as a client's builder gathered them.
    pub fn settings(mut self, settings: PipelineSettings) -> Self {
        self.settings = settings;
        self
    }

    crate::pipeline_settings!(settings);

    /// The pipeline. Does no input or output.
    ///
    /// # Errors
    /// When there is no transport (none passed and the feature `reqwest` is off), TLS cannot be set up, or the
    /// user agent is not visible ASCII.
    pub fn build(self) -> Result<Pipeline, CoreError> {
        let settings = self.settings;
        let transport = settings.transport.map_or_else(default_transport, Ok)?;
        let mut user_agent = concat!("sociogram/", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(suffix) = settings.user_agent {
            user_agent.push(' ');
            user_agent.push_str(&suffix);
        }
        let user_agent = HeaderValue::try_from(user_agent)
            .map_err(|_| CoreError::misconfigured("client.build", "the user agent must be visible ASCII"))?;
        Ok(Pipeline(Arc::new(Inner {
            dialect: self.dialect,
            transport,
            authorizer: self.authorizer,
            quota: self.quota,
            hosts: self.hosts,
            retry: settings.retry,
            timeouts: settings.timeouts,
            budget: settings.budget,
            breaker: settings.breaker,
            observer: settings.observer,
            timer: settings.timer,
            limits: settings.limits,
            user_agent,
        })))
    }
}
