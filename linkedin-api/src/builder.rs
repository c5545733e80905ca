//! Building a client.

use std::fmt;
use std::sync::Arc;

use sociogram_api_core::Timer;
use sociogram_api_core::http::{AllowedHosts, BaseUrl, CoreError, Pipeline, PipelineSettings};
use sociogram_api_core::pipeline_settings;
use sociogram_oauth_core::{AccessToken, NoToken, StaticToken, TokenSource};

use crate::authorizer::Bearer;
use crate::client::{Client, unnamed_member};
use crate::dialect::{Caller, LinkedInDialect};
use crate::error::Error;
use crate::quota::{DailyQuota, Ledger};
use crate::version::ApiVersion;

const HOST: &str = "api.linkedin.com";
/// Uploads go to hosts that answers name; those below this domain may get the token.
const UPLOAD_DOMAIN: &str = "linkedin.com";
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
    quota: DailyQuota,
    settings: PipelineSettings,
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            source: Arc::new(NoToken::new()),
            version: ApiVersion::DEFAULT,
            base: None,
            app: Arc::from("default"),
            member: None,
            quota: DailyQuota::new(),
            settings: PipelineSettings::default(),
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

    /// How many calls a day are sent at most; no limit unless set. [`Client::usage`] tells how many were.
    pub fn daily_quota(mut self, quota: DailyQuota) -> Self {
        self.quota = quota;
        self
    }

    pipeline_settings!(settings);

    /// The client. Logs a warning when the API version is more than eleven months old.
    ///
    /// # Errors
    /// When there is no transport, TLS cannot be set up, or the user agent is not visible ASCII.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(finding) = self.version.check(self.settings.timer.now()) {
            tracing::warn!(version = %self.version, "{finding}");
        }
        let base = match self.base {
            Some(base) => base,
            None => BaseUrl::parse(&format!("https://{HOST}"))
                .map_err(|error| CoreError::misconfigured(OPERATION, error.to_string()))?,
        };
        let dialect = LinkedInDialect::new(Arc::<dyn Timer>::clone(&self.settings.timer));
        let ledger = Arc::new(Ledger::new(self.quota, Arc::clone(&self.settings.timer)));
        let pipeline = Pipeline::builder(Arc::new(dialect))
            .hosts(AllowedHosts::new([HOST]).allow_domain(UPLOAD_DOMAIN).allow(&base))
            .authorizer(Arc::new(Bearer::new(self.source)))
            .quota(Arc::clone(&ledger) as _)
            .settings(self.settings)
            .build()?;
        let member = self.member.unwrap_or_else(unnamed_member);
        let caller = Caller { app: self.app, member, counted: true };
        Ok(Client::new(pipeline, base, self.version, caller, ledger))
    }
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
