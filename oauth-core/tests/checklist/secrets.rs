//! The app's secrets, and those of a login: C27 to C29.

use std::time::Duration;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256};
use sociogram_api_core::{Secret, testing::canary};
use sociogram_oauth_core::{
    Actor, BrowserBinder, CallbackParams, ClientAuth, ClientSecret, OAuthClient, Provider, ProviderId,
    ProviderMetadata, Reason, RedirectUri, ScopeSet, StartRequest,
    testing::{Decision, FakeApp, Received, ServerEndpoint},
};

use crate::world::{APP, Browser, ISSUER, PERSON, REDIRECT, World, actor, param, request, tenant};

/// Every call that shows the app's secret: the exchange, a refresh, an introspection, a revocation, and the
/// app's own token.
async fn every_call(world: &World, client: &OAuthClient) -> Vec<Received> {
    let login = client.log_in(world.verified(client).await).await.unwrap();
    let tokens = client.refresh_token(&login.tokens).await.unwrap();
    client.client_credentials(&ScopeSet::parse("read")).await.unwrap();
    client.revoke(&tokens).await.unwrap();
    let calls = world.server.requests();
    calls
        .into_iter()
        .filter(|call| !matches!(call.endpoint, ServerEndpoint::Metadata | ServerEndpoint::Userinfo))
        .collect()
}

#[tokio::test]
async fn c27_client_secret_handling() {
    let secret = canary::secret("secret");
    // In the body, and nowhere else.
    let world = World::new();
    let calls = every_call(&world, &world.client().await).await;
    assert_eq!(calls.len(), 6, "{calls:?}");
    for call in &calls {
        assert_eq!((call.field("client_id"), call.field("client_secret")), (APP.to_owned(), secret.clone()));
        assert_eq!(call.header("authorization"), "");
        assert!(!call.uri.to_string().contains("CANARY"));
    }

    // In the header, and nowhere else. RFC 6749 section 2.3.1: both are form-encoded first.
    let app = FakeApp::new("app:1").with_secret("s+c r&t/\u{e4}").with_redirect_uri(REDIRECT);
    let world = World::with(|server| server.with_client_auth(ClientAuth::Basic).with_app(app));
    let client = world
        .bare(world.generic().await, "app:1")
        .client_secret(ClientSecret::new("s+c r&t/\u{e4}"))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .build()
        .unwrap();
    let calls = every_call(&world, &client).await;
    assert_eq!(calls.len(), 6, "{calls:?}");
    for call in &calls {
        let encoded = STANDARD.encode("app%3A1:s%2Bc+r%26t%2F%C3%A4");
        assert_eq!(call.header("authorization"), format!("Basic {encoded}"));
        assert_eq!(call.field("client_secret"), "");
    }

    // A public app has none.
    let metadata = ProviderMetadata::new(&format!("{ISSUER}/authorize"), &format!("{ISSUER}/token")).unwrap();
    let public =
        Provider::generic(ProviderId::new("fake"), metadata).unwrap().with_client_auth(ClientAuth::None);
    let world = World::with(|server| server.with_client_auth(ClientAuth::None));
    let redirect = || RedirectUri::parse(REDIRECT).unwrap();
    let client = world.bare(public.clone(), APP).redirect_uri(redirect()).build().unwrap();
    client.exchange(world.verified(&client).await).await.unwrap();
    let call = &world.server.requests()[0];
    assert_eq!((call.field("client_id").as_str(), call.field("client_secret").as_str()), (APP, ""));
    assert_eq!(call.header("authorization"), "");
    let refused =
        world.bare(public, APP).redirect_uri(redirect()).client_secret(ClientSecret::new("s")).build();
    assert_eq!(refused.unwrap_err().reason(), Reason::Setup);
}

#[tokio::test]
async fn c27_a_secret_can_be_replaced_without_an_interruption() {
    let pair = |client: sociogram_oauth_core::OAuthClientBuilder| {
        client.client_secret(ClientSecret::new("new")).previous_client_secret(ClientSecret::new("old"))
    };
    for (accepted, secrets) in
        [(vec!["old"], vec!["new", "old"]), (vec!["old", "new"], vec!["new"]), (vec!["new"], vec!["new"])]
    {
        let world = World::new();
        world.server.rotate_secrets(APP, &accepted);
        let client = pair(world.builder(world.generic().await)).build().unwrap();
        for call in every_call(&world, &client).await.chunks(secrets.len()) {
            let shown: Vec<_> = call.iter().map(|call| call.field("client_secret")).collect();
            assert_eq!(shown, secrets, "{accepted:?}");
            // The code is still good: a wrong secret is found before a code is looked at.
            assert!(call.windows(2).all(|pair| pair[0].field("code") == pair[1].field("code")));
        }
    }
    // When neither is good, each is tried once.
    let world = World::new();
    world.server.rotate_secrets(APP, &["other"]);
    let client = pair(world.builder(world.generic().await)).build().unwrap();
    let error = client.exchange(world.verified(&client).await).await.unwrap_err();
    assert_eq!((error.reason(), world.token_calls()), (Reason::ClientRefused, 2));
}

/// No claim about nanoseconds: what is tested is that lookups go by a hash, and that a difference anywhere counts.
#[tokio::test]
async fn c28_constant_time_comparisons() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let openid = StartRequest::new(actor(), ScopeSet::parse("openid read"));
    let url = browser.start(&client, openid).await;
    let (state, binder) = (param(&url, "state"), browser.binder(&client).unwrap());

    // The store gets hashes: nothing in it completes a login.
    let kept = world.sessions.puts.lock().unwrap()[0].clone();
    assert_eq!(kept.key.as_bytes().as_slice(), Sha256::digest(state.as_bytes()).as_slice());
    let blob = String::from_utf8_lossy(&kept.blob).into_owned();
    let callback = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let verified = browser.come_back(&client, &callback, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();
    let proof = world.server.requests_to(ServerEndpoint::Token)[0].field("code_verifier");
    for secret in [state.as_str(), binder.expose(), &proof, &param(&url, "nonce")] {
        let raw = URL_SAFE_NO_PAD.decode(secret).unwrap();
        assert_eq!(raw.len(), 32);
        let numbers = raw.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        for trace in [secret, &STANDARD.encode(&raw), &numbers] {
            assert!(!blob.contains(trace), "the store holds a secret of the login");
        }
    }

    // A binder that differs in one character, wherever it is, or in its length, is another one.
    for place in [Some(0), Some(21), Some(42), None] {
        let url = browser.start(&client, request()).await;
        let mut near = browser.binder(&client).unwrap().expose().to_owned();
        match place {
            Some(place) => {
                let other = if near.as_bytes()[place] == b'A' { "B" } else { "A" };
                near.replace_range(place..=place, other);
            }
            None => near.push('A'),
        }
        let callback = CallbackParams::parse(&format!("code=c&state={}", param(&url, "state"))).unwrap();
        let error = client.complete(callback, &BrowserBinder::new(near), &actor()).await.unwrap_err();
        assert_eq!(error.reason(), Reason::OtherBrowser, "{place:?}");
    }
    let secret = Secret::new("0123456789");
    assert!(secret.ct_eq(&Secret::new("0123456789")));
    for other in ["", "1123456789", "0123456780", "012345678", "01234567890"] {
        assert!(!secret.ct_eq(&Secret::new(other)), "{other}");
    }
}

#[tokio::test]
async fn c29_flooding_of_sessions() {
    let world = World::new();
    let client = world.client().await;
    let mut logins = Vec::new();
    let mut neighbour = Browser::default();
    let other = Actor::new(tenant(2), actor().app_user);
    let neighbours =
        neighbour.start(&client, StartRequest::new(other.clone(), ScopeSet::parse("read"))).await;
    for _ in 0..21 {
        let mut browser = Browser::default();
        let url = browser.start(&client, request()).await;
        logins.push((browser, format!("code=c&state={}", param(&url, "state"))));
        world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(world.sessions.open(), 21, "twenty of one person, one of another tenant");
    for (number, (browser, callback)) in logins.iter().enumerate() {
        let result = browser.come_back(&client, callback, &actor()).await;
        assert_eq!(result.is_ok(), number != 0, "{number}");
    }
    let callback = format!("code=c&state={}", param(&neighbours, "state"));
    assert!(neighbour.come_back(&client, &callback, &other).await.is_ok());

    // Ten minutes each.
    let started = client.start(request()).await.unwrap();
    let kept = world.sessions.puts.lock().unwrap().last().unwrap().clone();
    assert_eq!(kept.expires_at, kept.created_at.saturating_add(Duration::from_secs(600)));
    assert_eq!(started.expires_at, kept.expires_at);
}
