use std::{collections::BTreeMap, time::Duration};

use sociogram_api_core::{
    http::{BaseUrl, TransportErrorKind},
    testing::{CapturedLogs, ManualClock, RecordedRequest, ScriptedTransport, canary},
};

use super::*;
use crate::{DenialKind, Expiry, MemorySessionStore, PkceSupport, ProviderId, TenantId, TokenKind};

mod exchange;

const REDIRECT: &str = "https://app.example.com/oauth/cb?x=1";

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) transport: ScriptedTransport,
    sessions: Arc<MemorySessionStore>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            clock: ManualClock::default(),
            transport: ScriptedTransport::new(),
            sessions: Arc::new(MemorySessionStore::new()),
        }
    }

    pub(crate) fn client(&self, provider: Provider) -> OAuthClient {
        self.builder(provider, REDIRECT).build().unwrap()
    }

    fn builder(&self, provider: Provider, redirect_uri: &str) -> OAuthClientBuilder {
        let secret = ClientSecret::new(canary::secret("secret"));
        OAuthClient::builder(provider, "app-1", secret, RedirectUri::parse(redirect_uri).unwrap())
            .transport(Arc::new(self.transport.clone()))
            .sessions(self.sessions.clone())
            .timer(Arc::new(self.clock.clone()))
    }

    /// Goes through a whole login up to the exchange.
    async fn verified(&self, client: &OAuthClient) -> VerifiedCode {
        let started = client.start(request()).await.unwrap();
        let callback = callback(&format!("code={}&state={}", canary::secret("code"), state(&started)));
        client.complete(callback, &started.binder, &actor()).await.unwrap()
    }
}

fn actor() -> Actor {
    Actor::new(TenantId::from_bytes([1; 16]), "user-7")
}

fn request() -> StartRequest {
    StartRequest::new(actor(), ScopeSet::parse("pages_show_list email"))
        .with_return_to(ReturnTo::parse("/settings").unwrap())
}

fn query(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

fn state(started: &Authorization) -> String {
    query(&started.url)["state"].clone()
}

fn callback(query: &str) -> CallbackParams {
    CallbackParams::parse(query).unwrap()
}

fn form(request: &RecordedRequest) -> BTreeMap<String, String> {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

#[tokio::test]
async fn facebooks_dialog_gets_exactly_these_parameters() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let started = client.start(request().with_rerequest()).await.unwrap();
    let state = state(&started);
    assert_eq!(
        started.url.as_str(),
        format!(
            "https://www.facebook.com/v26.0/dialog/oauth?response_type=code&client_id=app-1\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcb%3Fx%3D1&state={state}\
             &scope=email%2Cpages_show_list&auth_type=rerequest"
        )
    );
    assert_eq!(state.len(), 43);
    assert_eq!(started.expires_at, world.clock_in(600));
    assert!(!query(&client.start(request()).await.unwrap().url).contains_key("auth_type"));
}

#[tokio::test]
async fn linkedins_page_gets_spaces_as_percent_20_and_no_pkce() {
    let world = World::new();
    let started = world.client(Provider::linkedin()).start(request().with_rerequest()).await.unwrap();
    assert_eq!(
        started.url.as_str(),
        format!(
            "https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=app-1\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcb%3Fx%3D1&state={}\
             &scope=email%20pages_show_list",
            state(&started)
        )
    );
}

#[tokio::test]
async fn pkce_is_sent_where_it_is_known_and_its_verifier_comes_at_the_exchange() {
    for support in [PkceSupport::Optional, PkceSupport::Required] {
        let mut world = World::new();
        world.transport = world.transport.json(r#"{"access_token":"t"}"#);
        let client = world.client(Provider::linkedin().with_pkce(support));
        let started = client.start(request()).await.unwrap();
        let sent = query(&started.url);
        assert_eq!(sent["code_challenge_method"], "S256");
        let query = callback(&format!("code=c&state={}", state(&started)));
        let code = client.complete(query, &started.binder, &actor()).await.unwrap();
        client.exchange(code).await.unwrap();
        let verifier = PkceVerifier::new(form(&world.transport.requests()[0])["code_verifier"].clone());
        assert_eq!(pkce::challenge(&verifier), sent["code_challenge"]);
    }
}

#[tokio::test]
async fn two_logins_share_no_secret() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let (a, b) = (client.start(request()).await.unwrap(), client.start(request()).await.unwrap());
    assert_ne!(state(&a), state(&b));
    assert!(!a.binder.ct_eq(&b.binder));
    assert_ne!(a.binder.expose(), state(&a));
}

#[tokio::test]
async fn a_login_completes_once_for_the_one_who_started_it() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let started = client.start(request()).await.unwrap();
    let query = format!("code=c&state={}", state(&started));
    let verified = client.complete(callback(&query), &started.binder, &actor()).await.unwrap();
    assert_eq!(verified.return_to().unwrap().as_str(), "/settings");
    assert_eq!(verified.requested_scopes(), &ScopeSet::parse("email pages_show_list"));

    let replayed = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert_eq!(replayed.kind(), ErrorKind::Rejected);
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn every_foreign_callback_gets_the_same_answer_and_burns_the_login() {
    let world = World::new();
    let facebook = world.client(Provider::facebook());
    let linkedin = world.client(Provider::linkedin());
    let other_app = OAuthClient::builder(
        Provider::facebook(),
        "app-2",
        ClientSecret::new("s"),
        RedirectUri::parse(REDIRECT).unwrap(),
    )
    .transport(Arc::new(world.transport.clone()))
    .sessions(world.sessions.clone())
    .timer(Arc::new(world.clock.clone()))
    .build()
    .unwrap();
    let other_user = Actor::new(actor().tenant, "user-8");
    let other_tenant = Actor::new(TenantId::from_bytes([2; 16]), "user-7");
    let other_browser = BrowserBinder::new("A".repeat(43));
    let expect = |error: OAuthError, what: &str| {
        assert_eq!(error.kind(), ErrorKind::Rejected, "{what}");
        assert_eq!(
            error.to_string(),
            "this login is not open any more, or was started by someone else or in another browser",
            "{what}"
        );
    };
    let cases: [(&str, &OAuthClient, Option<&BrowserBinder>, Actor, &str); 6] = [
        ("another browser", &facebook, Some(&other_browser), actor(), ""),
        ("another user", &facebook, None, other_user, ""),
        ("another tenant", &facebook, None, other_tenant, ""),
        ("another provider", &linkedin, None, actor(), ""),
        ("another app", &other_app, None, actor(), ""),
        ("another issuer", &facebook, None, actor(), "&iss=https%3A%2F%2Fevil.example"),
    ];
    for (what, client, binder, actor_now, extra) in cases {
        let started = facebook.start(request()).await.unwrap();
        let query = format!("code=c&state={}", state(&started));
        let refused = client.complete(
            callback(&format!("{query}{extra}")),
            binder.unwrap_or(&started.binder),
            &actor_now,
        );
        expect(refused.await.unwrap_err(), what);
        let retried = facebook.complete(callback(&query), &started.binder, &actor()).await;
        expect(retried.unwrap_err(), what);
    }

    let started = facebook.start(request()).await.unwrap();
    let unknown = facebook.complete(callback("code=c&state=unknown"), &started.binder, &actor()).await;
    expect(unknown.unwrap_err(), "unknown state");
    world.clock.advance(Duration::from_secs(600));
    let late = callback(&format!("code=c&state={}", state(&started)));
    expect(facebook.complete(late, &started.binder, &actor()).await.unwrap_err(), "too late");
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_known_issuer_is_accepted() {
    let world = World::new();
    for (provider, issuer) in [
        (Provider::facebook(), "https%3A%2F%2Fwww.facebook.com"),
        (Provider::linkedin(), "https%3A%2F%2Fwww.linkedin.com%2Foauth"),
    ] {
        let client = world.client(provider);
        let started = client.start(request()).await.unwrap();
        let query = format!("code=c&state={}&iss={issuer}", state(&started));
        client.complete(callback(&query), &started.binder, &actor()).await.unwrap();
    }
}

#[tokio::test]
async fn a_denial_is_typed_and_knows_the_way_back_once_it_is_verified() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let started = client.start(request()).await.unwrap();
    let query = format!("error=access_denied&error_reason=user_denied&state={}", state(&started));
    let error = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let denial = error.denial().unwrap();
    assert_eq!((denial.kind(), denial.error()), (DenialKind::Cancelled, "access_denied"));
    assert_eq!(denial.return_to().unwrap().as_str(), "/settings");

    let forged = client.complete(callback(&query), &started.binder, &actor()).await.unwrap_err();
    assert!(forged.denial().is_none());
    assert_eq!(forged.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn the_twenty_first_open_login_pushes_out_the_first() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let mut started = Vec::new();
    for _ in 0..21 {
        started.push(client.start(request()).await.unwrap());
    }
    for (index, expected) in [(0, false), (1, true), (20, true)] {
        let login = &started[index];
        let query = callback(&format!("code=c&state={}", state(login)));
        assert_eq!(client.complete(query, &login.binder, &actor()).await.is_ok(), expected, "{index}");
    }
}

#[tokio::test]
async fn senseless_requests_are_not_started() {
    let world = World::new();
    let client = world.client(Provider::facebook());
    let nobody = StartRequest::new(Actor::new(actor().tenant, ""), ScopeSet::new());
    assert_eq!(client.start(nobody).await.unwrap_err().kind(), ErrorKind::Invalid);
    let scopes = [Scope::new("email,ads_read")].into_iter().collect();
    let smuggled = StartRequest::new(actor(), scopes);
    assert_eq!(client.start(smuggled).await.unwrap_err().kind(), ErrorKind::Invalid);
    let none = client.start(StartRequest::new(actor(), ScopeSet::new())).await.unwrap();
    assert!(!query(&none.url).contains_key("scope"));
}

#[test]
fn a_client_is_built_only_when_it_can_work() {
    let world = World::new();
    let bare = |id: &str, secret: &str| {
        OAuthClient::builder(
            Provider::facebook(),
            id,
            ClientSecret::new(secret),
            RedirectUri::parse(REDIRECT).unwrap(),
        )
    };
    let failures = [
        bare("app", "s").sessions(world.sessions.clone()),
        bare("app", "s").transport(Arc::new(world.transport.clone())),
        bare(" ", "s").sessions(world.sessions.clone()).transport(Arc::new(world.transport.clone())),
        bare("app", "").sessions(world.sessions.clone()).transport(Arc::new(world.transport.clone())),
        world.builder(Provider::facebook().with_version("26"), REDIRECT),
        world.builder(Provider::facebook(), REDIRECT).insecure_loopback_cookie(),
        world.builder(Provider::facebook(), "https://localhost/cb").insecure_loopback_cookie(),
    ];
    for (number, builder) in failures.into_iter().enumerate() {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured, "{number}");
    }
    let dev = world.builder(Provider::facebook(), "http://localhost:3000/cb").insecure_loopback_cookie();
    assert_eq!(dev.build().unwrap().cookie().name(), "sociogram-facebook-dev");
    assert_eq!(world.client(Provider::facebook()).cookie(), &BinderCookie::secure(&ProviderId::FACEBOOK));
}

impl World {
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
        use sociogram_api_core::Clock;
        self.clock.now().saturating_add(Duration::from_secs(seconds))
    }
}
