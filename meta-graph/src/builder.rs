//! Building a client.

use std::sync::Arc;

use sociogram_api_core::http::{AllowedHosts, BaseUrl, CoreError, Pipeline, PipelineSettings, Timer};
use sociogram_api_core::{Clock, pipeline_settings};
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
    settings: PipelineSettings,
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
            settings: PipelineSettings::default(),
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

    pipeline_settings!(settings);

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
            let clock: Arc<dyn Clock> = Arc::<dyn Timer>::clone(&self.settings.timer);
            authorizer = authorizer.with_proof(secret, self.proof, clock);
        }
        let dialect = self.app.map_or_else(GraphDialect::new, GraphDialect::for_app);
        let pipeline = Pipeline::builder(Arc::new(dialect))
            .authorizer(Arc::new(authorizer.clone()))
            .hosts(AllowedHosts::new(HOSTS).allow(&base))
            .settings(self.settings)
            .build()?;
        Ok(Client { pipeline, base, version: self.version, authorizer, user: None })
    }
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
        let error = builder().user_agent("a\nb").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }

    #[cfg(not(feature = "reqwest"))]
    #[test]
    fn without_a_transport_it_says_which_feature_helps() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("`reqwest`"), "{error}");
    }
}
