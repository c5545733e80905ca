//! Which login a callback belongs to: C1 to C8.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, testing::CapturedLogs};
use sociogram_oauth_core::{
    Actor, BrowserBinder, CallbackParams, ClientSecret, OAuthClient, OAuthError, Provider, ProviderId,
    ProviderMetadata, Reason, RedirectUri, ScopeSet, StandardHooks, StartRequest,
    testing::{Decision, FakeProvider},
};

use crate::world::{
    APP, Browser, ISSUER, PERSON, REDIRECT, World, actor, param, request, tenant, with_param,
};

/// One text and one advice for every callback that belongs to no open login.
fn assert_same_answer(error: &OAuthError, reason: Reason) {
    assert_eq!(error.reason(), reason);
    assert!(reason.is_session_mismatch());
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(
        error.to_string(),
        "this login is not open any more, or was started by someone else or in another browser"
    );
    assert_eq!(error.user_action(), "start the login again, in one browser and within ten minutes");
    assert!(error.denial().is_none());
}

#[tokio::test]
async fn c01_csrf_callback() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    assert_eq!(param(&url, "state").len(), 43, "32 bytes in base64url");
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();

    let without = browser.come_back(&client, &with_param(&query, "state", None), &actor()).await.unwrap_err();
    assert_eq!(without.reason(), Reason::CallbackWithoutState);
    assert!(world.sessions.takes.lock().unwrap().is_empty(), "without a state there is nothing to look for");

    for foreign in ["x", &"A".repeat(43), &param(&url, "state").to_lowercase()] {
        let forged = with_param(&query, "state", Some(foreign));
        let error = browser.come_back(&client, &forged, &actor()).await.unwrap_err();
        assert_same_answer(&error, Reason::SessionUnknown);
    }

    world.clock.advance(Duration::from_secs(600));
    let expired = browser.come_back(&client, &query, &actor()).await.unwrap_err();
    assert!(matches!(expired.reason(), Reason::SessionUnknown | Reason::SessionExpired));
    assert_same_answer(&expired, expired.reason());
    assert_eq!(world.token_calls(), 0);
}

#[tokio::test]
async fn c02_state_bound_to_browser() {
    let world = World::new();
    let client = world.client().await;
    let mut victim = Browser::default();
    let url = victim.start(&client, request()).await;
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();

    // Without a cookie there is no binder, and `complete` cannot be called.
    assert!(Browser::default().binder(&client).is_none());
    let mut other = Browser::default();
    other.start(&client, request()).await;
    let error = other.come_back(&client, &query, &actor()).await.unwrap_err();
    assert_same_answer(&error, Reason::OtherBrowser);
    let burnt = victim.come_back(&client, &query, &actor()).await.unwrap_err();
    assert_same_answer(&burnt, Reason::SessionUnknown);
    assert_eq!(world.token_calls(), 0);

    let cookie = client.cookie().set(&BrowserBinder::new("A".repeat(43)));
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-"), "{pair}");
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c03_state_replay() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let gate = Arc::new(tokio::sync::Barrier::new(50));
    let mut callbacks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (client, browser, query, gate) =
            (client.clone(), browser.clone(), query.clone(), Arc::clone(&gate));
        callbacks.spawn(async move {
            gate.wait().await;
            let verified = browser.come_back(&client, &query, &actor()).await?;
            client.exchange(verified).await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) = callbacks.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 49));
    for error in lost {
        assert_same_answer(&error.unwrap_err(), Reason::SessionUnknown);
    }
    assert_eq!(world.token_calls(), 1);
    assert!(world.server.is_active(won[0].as_ref().unwrap().access().expose()));
}

/// The trait has two methods, and none of them reads without removing; see also `tests/ui/look_at_a_session.rs`.
#[tokio::test]
async fn c04_no_look_before_the_take() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    assert_eq!((world.sessions.open(), world.sessions.takes.lock().unwrap().len()), (1, 0));
    // A callback that fails a check later on has used the login up all the same.
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let nobody = Actor::new(tenant(1), "user-8");
    browser.come_back(&client, &query, &nobody).await.unwrap_err();
    assert_eq!((world.sessions.open(), world.sessions.takes.lock().unwrap().len()), (0, 1));
}

#[tokio::test]
async fn c05_forwarded_link() {
    let logs = CapturedLogs::start();
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    // A sends the link, and even the cookie, to B; B is signed in to the product as somebody else.
    let query = world.server.authorize(&url, Decision::approve("person-of-b")).unwrap();
    let b = Actor::new(tenant(1), "user-8");
    let error = browser.come_back(&client, &query, &b).await.unwrap_err();
    assert_same_answer(&error, Reason::OtherActor);
    assert_eq!(world.token_calls(), 0);
    let audited = logs.text();
    let line =
        audited.lines().find(|line| line.contains("login callback refused")).expect("nothing was logged");
    assert!(line.contains("other_actor") && line.contains("WARN"), "{line}");
    assert!(!audited.contains(&param(&url, "state")) && !audited.contains("user-8"), "{audited}");
}

#[tokio::test]
async fn c06_session_fixation() {
    let world = World::new();
    let client = world.client().await;
    // The attacker knows this value, and got it into the victim's browser before the login.
    let planted = "A".repeat(43);
    let mut victim = Browser::default();
    victim.receive(&client.cookie().set(&BrowserBinder::new(planted.as_str())));
    let url = victim.start(&client, request()).await;
    let fresh = victim.binder(&client).unwrap();
    assert_ne!(fresh.expose(), planted, "the cookie that was there is replaced, not adopted");
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let mut attacker = Browser::default();
    attacker.receive(&client.cookie().set(&BrowserBinder::new(planted.as_str())));
    let error = attacker.come_back(&client, &query, &actor()).await.unwrap_err();
    assert_same_answer(&error, Reason::OtherBrowser);

    // A second cookie of the same name, from a sibling domain, makes the browser count as unknown.
    let shadowed = format!("{}; {}={planted}", victim.cookies(), client.cookie().name());
    assert!(client.cookie().read(&shadowed).is_none());

    victim.start(&client, request()).await;
    assert_ne!(
        victim.binder(&client).unwrap().expose(),
        fresh.expose(),
        "every start has a secret of its own"
    );
    victim.receive(&client.cookie().clear());
    assert!(victim.binder(&client).is_none(), "cleared at completion");
}

#[tokio::test]
async fn c07_mix_up() {
    // LinkedIn's state comes back at Facebook's callback: the code is LinkedIn's, and Facebook would get it.
    let linkedin = World::at("https://www.linkedin.com", |server| server);
    let mut facebook = World::at("https://www.facebook.com", |server| server);
    facebook.sessions = Arc::clone(&linkedin.sessions);
    let hooks = || Arc::new(StandardHooks::new());
    let at_linkedin = linkedin.build(Provider::linkedin(hooks()));
    let at_facebook = facebook.build(Provider::facebook(hooks()));
    let login = || StartRequest::new(actor(), ScopeSet::new());
    let mut browser = Browser::default();
    browser.start(&at_facebook, login()).await;
    let url = browser.start(&at_linkedin, login()).await;
    let query = linkedin.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let binder = browser.binder(&at_linkedin).unwrap();
    let callback = CallbackParams::parse(&query).unwrap();
    let error = at_facebook.complete(callback, &binder, &actor()).await.unwrap_err();
    assert_same_answer(&error, Reason::OtherProvider);
    assert_ne!(at_linkedin.cookie().name(), at_facebook.cookie().name(), "one cookie per provider");
    assert!(linkedin.server.requests().is_empty() && facebook.server.requests().is_empty());

    // The same provider, but another app, another token endpoint, or another redirect URI.
    let world = World::new();
    let metadata = |token: &str| ProviderMetadata::new("https://as.example/authorize", token).unwrap();
    let generic = |token: &str| Provider::generic(ProviderId::new("fake"), metadata(token)).unwrap();
    let honest = world.build(generic("https://as.example/token"));
    let secret = || ClientSecret::new("s");
    let redirect = |uri: &str| RedirectUri::parse(uri).unwrap();
    let others: [OAuthClient; 3] = [
        world
            .bare(generic("https://as.example/token"), "app-2")
            .client_secret(secret())
            .redirect_uri(redirect(REDIRECT)),
        world
            .bare(generic("https://evil.example/token"), APP)
            .client_secret(secret())
            .redirect_uri(redirect(REDIRECT)),
        world
            .bare(generic("https://as.example/token"), APP)
            .client_secret(secret())
            .redirect_uri(redirect("https://app.example.com/oauth/other")),
    ]
    .map(|builder| builder.build().unwrap());
    for other in others {
        let mut browser = Browser::default();
        let url = browser.start(&honest, request()).await;
        let query = format!("code=c&state={}", param(&url, "state"));
        let error = browser.come_back(&other, &query, &actor()).await.unwrap_err();
        assert_same_answer(&error, Reason::OtherProvider);
    }
    assert!(world.server.requests().is_empty());
}

#[tokio::test]
async fn c08_issuer_in_the_callback() {
    const UNEXPECTED: bool = false;
    const PROMISED: bool = true;
    for (promised, iss, expected) in [
        (PROMISED, Some(ISSUER), None),
        (PROMISED, None, Some(Reason::IssuerMissing)),
        (PROMISED, Some(""), Some(Reason::IssuerMismatch)),
        (PROMISED, Some("https://evil.example"), Some(Reason::IssuerMismatch)),
        (PROMISED, Some("https://as.example/"), Some(Reason::IssuerMismatch)),
        (PROMISED, Some("HTTPS://as.example"), Some(Reason::IssuerMismatch)),
        (PROMISED, Some("https://as.example.evil.example"), Some(Reason::IssuerMismatch)),
        (UNEXPECTED, Some(ISSUER), None),
        (UNEXPECTED, None, None),
        (UNEXPECTED, Some("https://evil.example"), Some(Reason::IssuerMismatch)),
    ] {
        let world = World::with(|server| if promised { server.with_issuer_in_callbacks() } else { server });
        let client = world.client().await;
        let mut browser = Browser::default();
        let url = browser.start(&client, request()).await;
        let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
        let result = browser.come_back(&client, &with_param(&query, "iss", iss), &actor()).await;
        match expected {
            None => assert!(result.is_ok(), "{promised} {iss:?}: {result:?}"),
            Some(reason) => assert_same_answer(&result.unwrap_err(), reason),
        }
        assert_eq!(world.token_calls(), 0);
    }
}

#[tokio::test]
async fn rfc9207_issuer() {
    let world = World::with(FakeProvider::with_issuer_in_callbacks);
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    assert!(query.contains("iss=https%3A%2F%2Fas.example"), "{query}");
    let verified = browser.come_back(&client, &query, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();

    // Section 2.4: an error is only believed from the right issuer, and a duplicate is no issuer at all.
    for (iss, reason) in
        [("", Reason::IssuerMissing), ("&iss=https%3A%2F%2Fevil.example", Reason::IssuerMismatch)]
    {
        let url = browser.start(&client, request()).await;
        let denied = format!("error=access_denied&state={}{iss}", param(&url, "state"));
        assert_same_answer(&browser.come_back(&client, &denied, &actor()).await.unwrap_err(), reason);
    }
    let twice = CallbackParams::parse(&format!("{query}&iss=https%3A%2F%2Fas.example")).unwrap_err();
    assert_eq!(twice.reason(), Reason::CallbackDuplicate);
}
