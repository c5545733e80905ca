//! A product, its people's browsers, and a provider.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sociogram_api_core::{
    Timestamp,
    testing::{ManualClock, canary},
};
use sociogram_oauth_core::{
    Actor, BrowserBinder, CallbackParams, ClientSecret, MemorySessionStore, NewSession, OAuthClient,
    OAuthClientBuilder, OAuthError, Provider, ProviderId, ProviderMetadata, RedirectUri, ScopeSet,
    SessionKey, SessionStore, SessionStoreError, StartRequest, TenantId, VerifiedCode, async_trait,
    testing::{Decision, FakeApp, FakeProvider, ServerEndpoint},
};
use url::Url;

pub(crate) const ISSUER: &str = "https://as.example";
pub(crate) const APP: &str = "app-1";
pub(crate) const REDIRECT: &str = "https://app.example.com/oauth/cb?x=1";
pub(crate) const PERSON: &str = "person-1";

/// One provider, and one product whose processes share a session store.
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) server: FakeProvider,
    pub(crate) sessions: Arc<RecordingStore>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::at(ISSUER, |server| server)
    }

    pub(crate) fn with(set: impl FnOnce(FakeProvider) -> FakeProvider) -> Self {
        Self::at(ISSUER, set)
    }

    /// With the provider's pages at this address.
    pub(crate) fn at(issuer: &str, set: impl FnOnce(FakeProvider) -> FakeProvider) -> Self {
        let clock = ManualClock::default();
        let app =
            |id: &str| FakeApp::new(id).with_secret(canary::secret("secret")).with_redirect_uri(REDIRECT);
        let server = FakeProvider::new(issuer)
            .with_app(app(APP))
            .with_app(app("app-2"))
            .with_timer(Arc::new(clock.clone()));
        Self { clock, server: set(server), sessions: Arc::default() }
    }

    /// What the provider says of itself.
    pub(crate) async fn metadata(&self) -> ProviderMetadata {
        ProviderMetadata::discover(ISSUER, Arc::new(self.server.clone())).await.unwrap()
    }

    /// The provider, as it describes itself.
    pub(crate) async fn generic(&self) -> Provider {
        Provider::generic(ProviderId::new("fake"), self.metadata().await).unwrap()
    }

    pub(crate) fn bare(&self, provider: Provider, client_id: &str) -> OAuthClientBuilder {
        OAuthClient::builder(provider, client_id)
            .transport(Arc::new(self.server.clone()))
            .sessions(self.sessions.clone())
            .timer(Arc::new(self.clock.clone()))
    }

    pub(crate) fn builder(&self, provider: Provider) -> OAuthClientBuilder {
        self.bare(provider, APP)
            .client_secret(ClientSecret::new(canary::secret("secret")))
            .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
    }

    pub(crate) fn build(&self, provider: Provider) -> OAuthClient {
        self.builder(provider).build().unwrap()
    }

    pub(crate) async fn client(&self) -> OAuthClient {
        self.build(self.generic().await)
    }

    /// How often a token was asked for.
    pub(crate) fn token_calls(&self) -> usize {
        self.server.requests_to(ServerEndpoint::Token).len()
    }

    /// A login up to the code: the person agrees to everything.
    pub(crate) async fn verified(&self, client: &OAuthClient) -> VerifiedCode {
        self.verified_as(client, request(), Decision::approve(PERSON)).await
    }

    pub(crate) async fn verified_as(
        &self,
        client: &OAuthClient,
        request: StartRequest,
        decision: Decision,
    ) -> VerifiedCode {
        let mut browser = Browser::default();
        let url = browser.start(client, request).await;
        let query = self.server.authorize(&url, decision).unwrap();
        browser.come_back(client, &query, &actor()).await.unwrap()
    }

    /// Runs the work while time passes, so that a wrong repetition shows instead of waiting for ever.
    pub(crate) async fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        for _ in 0..10_000 {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = tokio::task::yield_now() => self.clock.advance(Duration::from_millis(50)),
            }
        }
        panic!("the work did not end within 500 seconds");
    }
}

/// A browser's cookies at the product.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    jar: BTreeMap<String, String>,
}

impl Browser {
    /// Starts a login; the product answers with a cookie and a redirect to this address.
    pub(crate) async fn start(&mut self, client: &OAuthClient, request: StartRequest) -> String {
        let started = client.start(request).await.unwrap();
        self.receive(&client.cookie().set(&started.binder));
        started.url.into()
    }

    /// Takes a `Set-Cookie` header.
    pub(crate) fn receive(&mut self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The `Cookie` header.
    pub(crate) fn cookies(&self) -> String {
        let pairs: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub(crate) fn binder(&self, client: &OAuthClient) -> Option<BrowserBinder> {
        client.cookie().read(&self.cookies())
    }

    /// Comes back from the provider with this query.
    pub(crate) async fn come_back(
        &self,
        client: &OAuthClient,
        query: &str,
        actor: &Actor,
    ) -> Result<VerifiedCode, OAuthError> {
        let callback = CallbackParams::parse(query)?;
        let binder = self.binder(client).expect("this browser has no cookie of the login");
        client.complete(callback, &binder, actor).await
    }
}

/// Sessions in memory; remembers what it was given, and can fail.
#[derive(Debug, Default)]
pub(crate) struct RecordingStore {
    inner: MemorySessionStore,
    pub(crate) puts: Mutex<Vec<NewSession>>,
    pub(crate) takes: Mutex<Vec<SessionKey>>,
    pub(crate) is_away: AtomicBool,
    /// Gives expired sessions back, which no store may.
    pub(crate) ignores_time: AtomicBool,
}

impl RecordingStore {
    /// How many logins are open.
    pub(crate) fn open(&self) -> usize {
        let shown = format!("{:?}", self.inner);
        shown.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
    }

    fn answers(&self) -> Result<(), SessionStoreError> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(SessionStoreError::new("no route to the store"));
        }
        Ok(())
    }
}

#[async_trait]
impl SessionStore for RecordingStore {
    async fn put(&self, session: NewSession) -> Result<(), SessionStoreError> {
        self.answers()?;
        self.puts.lock().unwrap().push(session.clone());
        self.inner.put(session).await
    }

    async fn take(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Vec<u8>>, SessionStoreError> {
        self.answers()?;
        self.takes.lock().unwrap().push(*key);
        let careless = self.ignores_time.load(Ordering::Relaxed);
        let now = if careless { Timestamp::from_unix_seconds(0) } else { now };
        self.inner.take(key, now).await
    }
}

pub(crate) fn tenant(number: u8) -> TenantId {
    TenantId::from_bytes([number; 16])
}

pub(crate) fn actor() -> Actor {
    Actor::new(tenant(1), "user-7")
}

pub(crate) fn request() -> StartRequest {
    StartRequest::new(actor(), ScopeSet::parse("read write"))
}

/// The parameters of a URL's query, in alphabetical order.
pub(crate) fn query(url: &str) -> BTreeMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

pub(crate) fn param(url: &str, name: &str) -> String {
    query(url).remove(name).unwrap_or_default()
}

/// A callback's query with one parameter changed, or taken out.
pub(crate) fn with_param(callback: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(&format!("{ISSUER}/?{callback}")).unwrap();
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.retain(|(other, _)| other != name);
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}
