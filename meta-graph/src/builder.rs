//! Building a client.

use std::fmt;
use std::sync::Arc;

use sociogram_api_core::Timer;
use sociogram_api_core::http::{AllowedHosts, BaseUrl, CoreError, Pipeline, PipelineSettings};
use sociogram_api_core::{Clock, pipeline_settings};
use sociogram_oauth_core::{AccessToken, NoToken, StaticToken, TokenSource};

use crate::authorizer::GraphAuthorizer;
use crate::client::Client;
use crate::dialect::GraphDialect;
use crate::error::Error;
use crate::host::{Bases, GraphHost};
use crate::id::AppId;
use crate::proof::{AppSecret, ProofMode};
use crate::usage::UsageLedger;
use crate::version::{ApiVersion, DriftListener, DriftWatch, VersionDrift};

/// Builds a [`Client`]. Nothing is read from the environment, nothing is started and nothing is sent.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    tokens: Arc<dyn TokenSource>,
    app: Option<AppId>,
    secret: Option<AppSecret>,
    proof: ProofMode,
    host: GraphHost,
    version: Option<ApiVersion>,
    base: Option<BaseUrl>,
    video: Option<BaseUrl>,
    upload: Option<BaseUrl>,
    drift: OnDrift,
    settings: PipelineSettings,
}

/// Who hears of another version.
#[derive(Default)]
struct OnDrift(Option<Arc<DriftListener>>);

impl fmt::Debug for OnDrift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "none" })
    }
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            tokens: Arc::new(NoToken::new()),
            app: None,
            secret: None,
            proof: ProofMode::default(),
            host: GraphHost::default(),
            version: None,
            base: None,
            video: None,
            upload: None,
            drift: OnDrift::default(),
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

    /// The API to call; [`GraphHost::Facebook`] unless set. Its tokens go to its own hosts only.
    ///
    /// ```
    /// use sociogram_meta_graph::{ApiVersion, Client, GraphHost};
    ///
    /// # fn main() -> Result<(), sociogram_meta_graph::Error> {
    /// # let builder = Client::builder().transport(std::sync::Arc::new(
    /// #     sociogram_api_core::testing::ScriptedTransport::new()));
    /// let threads = builder.host(GraphHost::Threads).access_token("THAA…").build()?;
    /// assert_eq!(threads.version(), ApiVersion::THREADS);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn host(mut self, host: GraphHost) -> Self {
        self.host = host;
        self
    }

    /// The version of the API; [`GraphHost::default_version`] unless set.
    pub const fn version(mut self, version: ApiVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// Another base than the [host](Self::host)'s: a proxy, or a sandbox on loopback. Its origin may get the
    /// token as well. The version is appended to it. Uploads go there too, unless [`video_url`](Self::video_url)
    /// and [`upload_url`](Self::upload_url) say otherwise.
    pub fn base_url(mut self, base: BaseUrl) -> Self {
        self.base = Some(base);
        self
    }

    /// What stands in for graph-video.facebook.com, where videos go. Its origin may get the token as well.
    pub fn video_url(mut self, base: BaseUrl) -> Self {
        self.video = Some(base);
        self
    }

    /// What stands in for rupload.facebook.com, where the bytes of reels, stories and Instagram containers go.
    /// Its origin may get the token as well.
    pub fn upload_url(mut self, base: BaseUrl) -> Self {
        self.upload = Some(base);
        self
    }

    /// Is told when another version of the API answers than was asked for: once for each operation and pair of
    /// versions, over all clones of the client. Called inline; it must not block.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let builder = sociogram_meta_graph::Client::builder().on_version_drift(Arc::new(|drift| {
    ///     tracing::error!(operation = drift.operation, "raise the version from {}", drift.requested);
    /// }));
    /// # let _ = builder;
    /// ```
    pub fn on_version_drift(mut self, listener: Arc<dyn Fn(&VersionDrift) + Send + Sync>) -> Self {
        self.drift = OnDrift(Some(listener));
        self
    }

    pipeline_settings!(settings);

    /// The client.
    ///
    /// # Errors
    /// With kind [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) when there is no transport (none passed and the feature
    /// `reqwest` is off), TLS cannot be set up, or the user agent is not visible ASCII.
    pub fn build(self) -> Result<Client, Error> {
        // Whoever moves the API to a sandbox wants no upload to leave it.
        let real = |url| {
            let base = self.base.clone().map_or_else(|| BaseUrl::parse(url), Ok);
            base.map_err(|error| CoreError::misconfigured("client.build", error.to_string()))
        };
        let bases = Bases {
            graph: real(self.host.base_url())?,
            video: self.video.map_or_else(|| real(Bases::VIDEO), Ok)?,
            upload: self.upload.map_or_else(|| real(Bases::UPLOAD), Ok)?,
        };
        let mut authorizer = GraphAuthorizer::new(self.tokens);
        if let Some(secret) = self.secret {
            let clock: Arc<dyn Clock> = Arc::<dyn Timer>::clone(&self.settings.timer);
            authorizer = authorizer.with_proof(secret, self.proof, clock);
        }
        let hosts = AllowedHosts::new(self.host.token_hosts().iter().copied());
        // The real upload hosts are listed above, for the APIs that have them.
        let own = [&bases.graph, &bases.video, &bases.upload];
        let own = own.into_iter().filter(|base| ![Bases::VIDEO, Bases::UPLOAD].contains(&base.as_str()));
        let hosts = own.fold(hosts, AllowedHosts::allow);
        let usage = Arc::new(UsageLedger::new(Arc::clone(&self.settings.timer)));
        let dialect = self.app.map_or_else(GraphDialect::new, GraphDialect::for_app);
        let dialect = dialect.remembering(Arc::clone(&usage), DriftWatch::new(self.drift.0));
        let pipeline = Pipeline::builder(Arc::new(dialect))
            .authorizer(Arc::new(authorizer.clone()))
            .hosts(hosts)
            .settings(self.settings)
            .build()?;
        let version = self.version.unwrap_or(self.host.default_version());
        Ok(Client { pipeline, host: self.host, bases, version, authorizer, user: None, usage })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::me::GetMe;
    use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
    use sociogram_api_core::testing::{CapturedLogs, ScriptedTransport};
    use sociogram_api_core::{ErrorKind, InvalidRequest};

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

    #[tokio::test]
    async fn a_host_brings_its_base_and_its_version() {
        for (host, expected) in [
            (GraphHost::Facebook, "https://graph.facebook.com/v26.0/me?fields=id%2Cname"),
            (GraphHost::Instagram, "https://graph.instagram.com/v26.0/me?fields=id%2Cname"),
            (GraphHost::Threads, "https://graph.threads.net/v1.0/me?fields=id%2Cname"),
        ] {
            let transport = ScriptedTransport::new().json(r#"{"id":"1"}"#).json(r#"{"id":"1"}"#);
            let builder =
                || Client::builder().host(host).transport(Arc::new(transport.clone())).access_token("T");
            builder().build().unwrap().send(GetMe::new()).await.unwrap();
            let sandbox = BaseUrl::parse("http://127.0.0.1:8080").unwrap();
            let sandbox = builder().base_url(sandbox).build().unwrap();
            assert_eq!(sandbox.host(), host);
            sandbox.send(GetMe::new()).await.unwrap();
            let sent: Vec<String> =
                transport.requests().iter().map(|request| request.uri.to_string()).collect();
            assert_eq!(sent, [expected, &expected.replace(host.base_url(), "http://127.0.0.1:8080")]);
        }
        let pinned = builder().version(ApiVersion::new(25, 0)).host(GraphHost::Instagram).build().unwrap();
        assert_eq!(pinned.version(), ApiVersion::new(25, 0));
    }

    /// Reads whoever it is at a host of its own choice.
    #[derive(Clone)]
    struct Elsewhere(&'static str);

    impl Endpoint for Elsewhere {
        type Output = ();

        const NAME: &'static str = "test.elsewhere";
        const METHOD: http::Method = http::Method::GET;
        const PATH: &'static str = "/me";
        const REPLAY: Replay = Replay::Safe;
        const SCOPES: &'static [&'static str] = &[];

        fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
            parts.base(BaseUrl::parse(self.0).unwrap());
            Ok(())
        }

        fn decode(&self, _response: &RawResponse) -> Result<(), DecodeError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_token_never_leaves_the_hosts_of_its_api() {
        let (facebook, video) = ("https://graph.facebook.com", "https://graph-video.facebook.com");
        let (instagram, threads) = ("https://graph.instagram.com", "https://graph.threads.net");
        let (upload, files) = ("https://rupload.facebook.com", "https://lookaside.fbsbx.com");
        for (host, allowed) in [
            (GraphHost::Facebook, &[facebook, video, upload, files][..]),
            (GraphHost::Instagram, &[instagram, upload]),
            (GraphHost::Threads, &[threads]),
        ] {
            for target in
                [facebook, video, upload, instagram, threads, files, "https://scontent.xx.fbcdn.net"]
            {
                let transport = ScriptedTransport::new().json("{}");
                let builder = Client::builder().host(host).transport(Arc::new(transport.clone()));
                let client = builder.access_token("TOKEN").build().unwrap();
                let result = client.send(Elsewhere(target)).await;
                assert_eq!(result.is_ok(), allowed.contains(&target), "{host:?} {target}");
                assert_eq!(transport.requests().len(), usize::from(result.is_ok()));
            }
        }
    }

    #[tokio::test]
    async fn threads_has_no_version_to_drift_to() {
        let logs = CapturedLogs::start();
        let header = [("facebook-api-version", "v26.0")];
        let transport = ScriptedTransport::new().respond(200, &header, r#"{"id":"1"}"#);
        let builder = Client::builder().host(GraphHost::Threads).transport(Arc::new(transport));
        builder.access_token("T").build().unwrap().send(GetMe::new()).await.unwrap();
        assert!(logs.text().contains("user.read") && !logs.text().contains("version_drift"));
    }

    #[cfg(not(feature = "reqwest"))]
    #[test]
    fn without_a_transport_it_says_which_feature_helps() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("`reqwest`"), "{error}");
    }
}
