use std::{collections::BTreeMap, time::Duration};

use sociogram_api_core::{
    Clock, ErrorKind,
    http::{BaseUrl, TransportErrorKind},
    testing::{CapturedLogs, ManualClock, RecordedRequest, ScriptedTransport, canary},
};
use url::Url;

use super::*;
use crate::{
    AccessToken, Actor, BrowserBinder, CallbackParams, ClientAuth, DenialKind, Expiry, Identity,
    MemorySessionStore, OAuthErrorClass, Permissions, PkceSupport, ProviderHooks, ProviderId,
    ProviderMetadata, Refusal, RefusedAnswer, ReturnTo, ScopeRequest, ScopeSet, StandardHooks, TenantId,
    TokenFacts, TokenKind, TokenSet,
};

mod complete;
mod exchange;
mod start;

const REDIRECT: &str = "https://app.example.com/oauth/cb?x=1";
pub(crate) const ISSUER: &str = "https://id.example.com";

pub(crate) fn facebook() -> Provider {
    Provider::facebook(Arc::new(FakeHooks::default()))
}

pub(crate) fn linkedin() -> Provider {
    Provider::linkedin(Arc::new(StandardHooks::new()))
}

pub(crate) fn metadata() -> ProviderMetadata {
    ProviderMetadata::new("https://id.example.com/authorize", "https://id.example.com/token")
        .unwrap()
        .with_issuer(ISSUER)
        .unwrap()
}

/// A provider of OpenID Connect.
pub(crate) fn generic(metadata: ProviderMetadata) -> Provider {
    Provider::generic(ProviderId::new("idp"), metadata).unwrap()
}

/// Says what it was told to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct FakeHooks {
    pub(crate) facts: Option<TokenFacts>,
    pub(crate) identity: Option<Identity>,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) revokes: bool,
    pub(crate) fails: bool,
}

impl FakeHooks {
    fn answer<T: Clone>(&self, answer: &T) -> Result<T, OAuthError> {
        if self.fails { Err(OAuthError::because(Reason::ProviderDown)) } else { Ok(answer.clone()) }
    }
}

#[crate::async_trait]
impl ProviderHooks for FakeHooks {
    /// Reads Graph's shape only as far as these tests need it.
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        let body: serde_json::Value = serde_json::from_slice(answer.body).unwrap_or_default();
        let number = |name: &str| body["error"][name].as_i64();
        match (number("code"), number("error_subcode"), body["error"]["type"].as_str()) {
            (Some(code), subcode, kind) => Refusal::new(OAuthErrorClass::Reauthorize)
                .with_error(kind.unwrap_or_default())
                .with_code(Some(code), subcode),
            _ => StandardHooks::new().refusal(answer),
        }
    }

    async fn inspect(&self, _: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        self.answer(&self.facts)
    }

    async fn identify(&self, _: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        self.answer(&self.identity)
    }

    async fn permissions(&self, _: &AccessToken) -> Result<Option<Permissions>, OAuthError> {
        self.answer(&self.permissions)
    }

    async fn revoke(&self, _: &TokenSet) -> Result<bool, OAuthError> {
        self.answer(&self.revokes)
    }
}

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) transport: ScriptedTransport,
    pub(crate) sessions: Arc<MemorySessionStore>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::scripted(|transport| transport)
    }

    pub(crate) fn scripted(script: impl FnOnce(ScriptedTransport) -> ScriptedTransport) -> Self {
        Self {
            clock: ManualClock::default(),
            transport: script(ScriptedTransport::new()),
            sessions: Arc::new(MemorySessionStore::new()),
        }
    }

    pub(crate) fn client(&self, provider: Provider) -> OAuthClient {
        self.builder(provider, REDIRECT).build().unwrap()
    }

    pub(crate) fn builder(&self, provider: Provider, redirect_uri: &str) -> OAuthClientBuilder {
        self.bare(provider)
            .client_secret(ClientSecret::new(canary::secret("secret")))
            .redirect_uri(RedirectUri::parse(redirect_uri).unwrap())
    }

    /// Without secret and redirect URI.
    pub(crate) fn bare(&self, provider: Provider) -> OAuthClientBuilder {
        OAuthClient::builder(provider, "app-1")
            .transport(Arc::new(self.transport.clone()))
            .sessions(self.sessions.clone())
            .timer(Arc::new(self.clock.clone()))
    }

    /// Goes through a whole login up to the exchange.
    pub(crate) async fn verified(&self, client: &OAuthClient) -> VerifiedCode {
        self.verified_for(client, request()).await
    }

    pub(crate) async fn verified_for(&self, client: &OAuthClient, request: StartRequest) -> VerifiedCode {
        let started = client.start(request).await.unwrap();
        let callback = callback(&format!("code={}&state={}", canary::secret("code"), state(&started)));
        client.complete(callback, &started.binder, &actor()).await.unwrap()
    }

    /// Runs the work while time passes, so that a wrong repetition shows instead of waiting for ever.
    pub(crate) async fn drive<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let work = tokio::spawn(work);
        for _ in 0..1_000 {
            if work.is_finished() {
                return work.await.unwrap();
            }
            self.clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
        panic!("the work did not end within 100 seconds");
    }

    pub(crate) fn clock_in(&self, seconds: u64) -> Timestamp {
        self.clock.now().saturating_add(Duration::from_secs(seconds))
    }
}

pub(crate) fn actor() -> Actor {
    Actor::new(TenantId::from_bytes([1; 16]), "user-7")
}

fn request() -> StartRequest {
    StartRequest::new(actor(), ScopeSet::parse("public_thing email"))
        .with_return_to(ReturnTo::parse("/settings").unwrap())
}

pub(crate) fn query(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

pub(crate) fn state(started: &Authorization) -> String {
    query(&started.url)["state"].clone()
}

pub(crate) fn callback(query: &str) -> CallbackParams {
    CallbackParams::parse(query).unwrap()
}

pub(crate) fn form(request: &RecordedRequest) -> BTreeMap<String, String> {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

#[test]
fn a_client_is_built_only_when_it_can_work() {
    let world = World::new();
    let redirect = || RedirectUri::parse(REDIRECT).unwrap();
    let bare = |id: &str, secret: &str| {
        OAuthClient::builder(facebook(), id)
            .client_secret(ClientSecret::new(secret))
            .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
    };
    let (sessions, transport) = (world.sessions.clone(), Arc::new(world.transport.clone()));
    let failures = vec![
        ("transport", bare("app", "s").sessions(sessions.clone())),
        ("session store", bare("app", "s").transport(transport.clone())),
        ("client id", bare(" ", "s").sessions(sessions.clone()).transport(transport.clone())),
        ("secret", bare("app", "").sessions(sessions.clone()).transport(transport)),
        ("secret", world.bare(facebook()).redirect_uri(redirect())),
        ("secret", world.bare(facebook()).redirect_uri(redirect()).previous_client_secret("old".into())),
        ("secret", world.builder(facebook(), REDIRECT).previous_client_secret(" ".into())),
        ("redirect URI", world.bare(facebook()).client_secret("s".into())),
        ("version", world.builder(facebook().with_version("26"), REDIRECT)),
        ("insecure cookie", world.builder(facebook(), REDIRECT).insecure_loopback_cookie()),
        ("insecure cookie", world.builder(facebook(), "https://localhost/cb").insecure_loopback_cookie()),
        ("added parameter", world.builder(linkedin().with_authorize_param("state", "x"), REDIRECT)),
        ("added parameter", world.builder(linkedin().with_authorize_param("redirect_uri", "x"), REDIRECT)),
        ("PKCE", {
            let public = linkedin().with_client_auth(ClientAuth::None);
            world.bare(public).redirect_uri(redirect())
        }),
        ("no client secret", {
            let public = linkedin().with_client_auth(ClientAuth::None).with_pkce(PkceSupport::Required);
            world.builder(public, REDIRECT)
        }),
    ];
    for (what, builder) in failures {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Misconfigured, Reason::Setup), "{what}");
        assert!(error.to_string().contains(what), "{what}: {error}");
    }
    let dev = world.builder(facebook(), "http://localhost:3000/cb").insecure_loopback_cookie();
    assert_eq!(dev.build().unwrap().cookie().name(), "sociogram-facebook-dev");
    assert_eq!(world.client(facebook()).cookie(), &BinderCookie::secure(&ProviderId::FACEBOOK));
}

#[test]
fn a_native_app_has_no_secret_and_a_loopback_redirect() {
    let world = World::new();
    let native = || Provider::linkedin_native(Arc::new(StandardHooks::new()));
    let redirect = |uri: &str| RedirectUri::parse(uri).unwrap();
    world.bare(native()).redirect_uri(redirect("http://127.0.0.1:4711/cb")).build().unwrap();
    for bad in ["https://app.example.com/cb", "http://localhost:4711/cb"] {
        let error = world.bare(native()).redirect_uri(redirect(bad)).build().unwrap_err();
        assert_eq!(error.reason(), Reason::Setup, "{bad}");
    }
    let error = world.builder(native(), "http://127.0.0.1:4711/cb").build().unwrap_err();
    assert!(error.to_string().contains("no client secret"), "{error}");
}
