//! A provider in the test's own process.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use sociogram_api_core::{
    SystemClock, Timer,
    http::{Body, Limits, Transport, TransportError, TransportErrorKind},
};

use crate::{ClientAuth, PkceSupport, Rotation};

mod answer;
mod app;
mod authorize;
mod ledger;
mod lookups;
mod received;
mod reply;
mod token;

pub use answer::Answer;
pub use app::FakeApp;
pub use authorize::{Decision, ErrorPage};
pub use received::{Received, ServerEndpoint};

use answer::Way;
use ledger::Ledger;

/// An authorization server as the standards want it (RFC 6749, 7009, 7636, 7662, 8414, 9207, OpenID Connect),
/// without sockets: it is the [`Transport`] of the client under test. Clones are one server.
///
/// It is strict, so that it finds what a lenient provider would let pass: redirect URIs are compared byte for
/// byte, a code is good once and for one app, redirect URI and verifier, and a spent refresh token ends its
/// grant. Every code and token holds the mark of [`canary`](sociogram_api_core::testing::canary), and every
/// refusal repeats what was sent, as some providers do: what a test prints or logs can be searched for leaks.
///
/// Its endpoints are below the issuer (`/authorize`, `/token`, `/introspect`, `/revoke`, `/userinfo`,
/// `/.well-known/…`); Meta's and LinkedIn's paths reach them too, whatever the host.
///
/// ```
/// use std::sync::Arc;
///
/// use sociogram_oauth_core::{
///     Actor, CallbackParams, ClientSecret, MemorySessionStore, OAuthClient, Provider, ProviderId,
///     ProviderMetadata, RedirectUri, ScopeSet, StartRequest, TenantId,
///     testing::{Decision, FakeApp, FakeProvider},
/// };
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// const CALLBACK: &str = "https://app.example.com/oauth/fake";
/// let server = FakeProvider::new("https://as.example")
///     .with_app(FakeApp::new("app-1").with_secret("s3cret").with_redirect_uri(CALLBACK));
///
/// let metadata = ProviderMetadata::discover("https://as.example", Arc::new(server.clone())).await?;
/// let client = OAuthClient::builder(Provider::generic(ProviderId::new("fake"), metadata)?, "app-1")
///     .client_secret(ClientSecret::new("s3cret"))
///     .redirect_uri(RedirectUri::parse(CALLBACK)?)
///     .transport(Arc::new(server.clone()))
///     .sessions(Arc::new(MemorySessionStore::new()))
///     .build()?;
///
/// let actor = Actor::new(TenantId::from_bytes([1; 16]), "user-7");
/// let started = client.start(StartRequest::new(actor.clone(), ScopeSet::parse("read write"))).await?;
///
/// // The person declines one of the scopes; the browser comes back with the query.
/// let query = server.authorize(started.url.as_str(), Decision::approve("person-1").declining("write"))?;
/// let verified = client.complete(CallbackParams::parse(&query)?, &started.binder, &actor).await?;
/// let login = client.log_in(verified).await?;
/// assert_eq!(login.scopes.missing, ScopeSet::parse("write"));
/// assert!(server.is_active(login.tokens.access().expose()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct FakeProvider(Arc<Mutex<World>>);

/// Everything the server knows.
struct World {
    issuer: String,
    timer: Arc<dyn Timer>,
    pkce: PkceSupport,
    client_auth: ClientAuth,
    rotation: Rotation,
    names_itself: bool,
    code_life: Duration,
    token_life: Duration,
    apps: BTreeMap<String, FakeApp>,
    claims: BTreeMap<String, Value>,
    ledger: Ledger,
    answers: BTreeMap<ServerEndpoint, VecDeque<Answer>>,
    received: Vec<Received>,
}

impl FakeProvider {
    /// A server with this issuer, such as `https://as.example`, and without apps. It checks PKCE where a
    /// challenge was sent, wants the secret in the body, rotates refresh tokens strictly, gives tokens of an
    /// hour and codes of a minute, and runs on the system's clock.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self(Arc::new(Mutex::new(World {
            issuer: issuer.into(),
            timer: Arc::new(SystemClock::new()),
            pkce: PkceSupport::Optional,
            client_auth: ClientAuth::Body,
            rotation: Rotation::Strict,
            names_itself: false,
            code_life: Duration::from_secs(60),
            token_life: Duration::from_secs(3600),
            apps: BTreeMap::new(),
            claims: BTreeMap::new(),
            ledger: Ledger::default(),
            answers: BTreeMap::new(),
            received: Vec::new(),
        })))
    }

    /// Registers an app, or replaces the one with the same id.
    pub fn with_app(self, app: FakeApp) -> Self {
        self.set(|world| drop(world.apps.insert(app.id.clone(), app)))
    }

    /// Sets where the time comes from.
    pub fn with_timer(self, timer: Arc<dyn Timer>) -> Self {
        self.set(|world| world.timer = timer)
    }

    /// Sets what it makes of PKCE: nothing, check what was sent, or insist.
    pub fn with_pkce(self, pkce: PkceSupport) -> Self {
        self.set(|world| world.pkce = pkce)
    }

    /// Sets how apps prove who they are; any other way is refused.
    pub fn with_client_auth(self, client_auth: ClientAuth) -> Self {
        self.set(|world| world.client_auth = client_auth)
    }

    /// Sets what becomes of refresh tokens.
    pub fn with_rotation(self, rotation: Rotation) -> Self {
        self.set(|world| world.rotation = rotation)
    }

    /// Names itself in callbacks (RFC 9207).
    pub fn with_issuer_in_callbacks(self) -> Self {
        self.set(|world| world.names_itself = true)
    }

    /// Sets how long codes are good.
    pub fn with_code_life(self, life: Duration) -> Self {
        self.set(|world| world.code_life = life)
    }

    /// Sets how long access tokens are good.
    pub fn with_token_life(self, life: Duration) -> Self {
        self.set(|world| world.token_life = life)
    }

    /// Sets what the userinfo endpoint and id tokens say about a person besides `sub`; a JSON object.
    pub fn with_claims(self, person: impl Into<String>, claims: Value) -> Self {
        self.set(|world| drop(world.claims.insert(person.into(), claims)))
    }

    /// Sets which secrets an app may use from now on.
    pub fn rotate_secrets(&self, app: &str, secrets: &[&str]) {
        if let Some(app) = self.world().apps.get_mut(app) {
            app.secrets = secrets.iter().map(ToString::to_string).collect();
        }
    }

    /// Answers the next request to this endpoint this way. May be called several times: one answer each.
    pub fn answer_next(&self, endpoint: ServerEndpoint, answer: Answer) {
        self.world().answers.entry(endpoint).or_default().push_back(answer);
    }

    /// The person takes back every grant.
    pub fn withdraw(&self, person: &str) {
        self.world().ledger.revoke_person(person);
    }

    /// Whether this access or refresh token is good now.
    pub fn is_active(&self, token: &str) -> bool {
        let world = self.world();
        let now = world.timer.now();
        world.ledger.active(token, now).is_some()
    }

    /// The requests so far, in order. Visits of the browser are no requests.
    pub fn requests(&self) -> Vec<Received> {
        self.world().received.clone()
    }

    /// The requests to one endpoint so far, in order.
    pub fn requests_to(&self, endpoint: ServerEndpoint) -> Vec<Received> {
        self.requests().into_iter().filter(|received| received.endpoint == endpoint).collect()
    }

    fn set(self, change: impl FnOnce(&mut World)) -> Self {
        change(&mut self.world());
        self
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A test that panicked with the lock in its hand has failed already.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what the request asks for, unless its answer is decided already, and tells how to answer.
    fn receive(&self, received: Received) -> (Way, Arc<dyn Timer>) {
        let mut world = self.world();
        let timer = Arc::clone(&world.timer);
        let scripted = world.answers.get_mut(&received.endpoint).and_then(VecDeque::pop_front);
        let way = match scripted {
            Some(Answer(Way::Unreachable)) => return (Way::Unreachable, timer),
            Some(Answer(Way::Reply(reply))) => Way::Reply(reply),
            scripted => {
                let reply = world.serve(&received);
                scripted.map_or(Way::Reply(reply.clone()), |answer| answer.0.around(reply))
            }
        };
        world.received.push(received);
        (way, timer)
    }
}

impl World {
    fn serve(&mut self, received: &Received) -> Response<Bytes> {
        let served = match received.endpoint {
            ServerEndpoint::Token => self.token(received),
            ServerEndpoint::Introspection => self.introspect(received),
            ServerEndpoint::Revocation => self.revoke(received),
            ServerEndpoint::Userinfo => self.userinfo(received),
            ServerEndpoint::Metadata => Ok(self.metadata()),
            ServerEndpoint::Other => Ok(reply::html(404, "Not found")),
        };
        served.unwrap_or_else(|refused| refused.answer())
    }
}

impl fmt::Debug for FakeProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeProvider").field("issuer", &self.world().issuer).finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for FakeProvider {
    async fn send(&self, request: Request<Body>, limits: &Limits) -> Result<Response<Bytes>, TransportError> {
        let received = Received::read(request).await?;
        let (way, timer) = self.receive(received);
        let reply = match way {
            Way::Reply(reply) => reply,
            Way::Late(wait, reply) => {
                timer.sleep(wait).await;
                reply
            }
            Way::Unreachable => return Err(TransportError::new(TransportErrorKind::Connect)),
            Way::Dropped => return Err(TransportError::new(TransportErrorKind::Interrupted)),
            Way::Endless => return Err(TransportError::new(TransportErrorKind::TooLarge)),
            Way::Never => std::future::pending().await,
        };
        if reply.body().len() > limits.max_response_bytes {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        Ok(reply)
    }
}

#[cfg(test)]
mod tests;
