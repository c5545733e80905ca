//! What protects the code on its way: C9 to C14.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{
    ErrorKind,
    http::{Body, Limits, Transport},
    testing::canary,
};
use sociogram_oauth_core::{
    CallbackParams, ClientSecret, PkceSupport, Provider, Reason, RedirectUri, ScopeSet, StandardHooks,
    StartRequest,
    testing::{Answer, Decision, ServerEndpoint},
};

use crate::world::{APP, Browser, ISSUER, PERSON, REDIRECT, World, actor, param, query, request, with_param};

#[tokio::test]
async fn c09_code_injection() {
    // With PKCE: the attacker's code in the victim's callback reaches the provider, and is refused there.
    let world = World::new();
    let client = world.client().await;
    let (mut victim, mut attacker) = (Browser::default(), Browser::default());
    let url = victim.start(&client, request()).await;
    let mine = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let url = attacker.start(&client, request()).await;
    let stolen = world.server.authorize(&url, Decision::approve("attacker")).unwrap();
    let swapped = with_param(&mine, "code", Some(&param(&format!("{ISSUER}?{stolen}"), "code")));
    let verified = victim.come_back(&client, &swapped, &actor()).await.unwrap();
    let error = client.exchange(verified).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::CodeRefused, ErrorKind::Reauthorize));
    assert_eq!(world.token_calls(), 1);

    // Without PKCE: code and state of the attacker's login do not fit the victim's browser.
    let world = World::with(|server| server.with_pkce(PkceSupport::Unsupported));
    let client = world.build(world.generic().await.with_pkce(PkceSupport::Unsupported));
    let (mut victim, mut attacker) = (Browser::default(), Browser::default());
    victim.start(&client, request()).await;
    let url = attacker.start(&client, request()).await;
    let foreign = world.server.authorize(&url, Decision::approve("attacker")).unwrap();
    let error = victim.come_back(&client, &foreign, &actor()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::OtherBrowser);
    assert_eq!(world.token_calls(), 0);

    // OpenID Connect without PKCE: the code alone can be swapped; the id token then has another login's nonce.
    let openid = || StartRequest::new(actor(), ScopeSet::parse("openid"));
    let (mut victim, mut attacker) = (Browser::default(), Browser::default());
    let url = victim.start(&client, openid()).await;
    let mine = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let url = attacker.start(&client, openid()).await;
    let stolen = world.server.authorize(&url, Decision::approve("attacker")).unwrap();
    let swapped = with_param(&mine, "code", Some(&param(&format!("{ISSUER}?{stolen}"), "code")));
    let verified = victim.come_back(&client, &swapped, &actor()).await.unwrap();
    assert_eq!(client.exchange(verified).await.unwrap_err().reason(), Reason::NonceMismatch);
}

#[tokio::test]
async fn c10_pkce_downgrade() {
    let world = World::new();
    let client = world.client().await;
    let mut challenges = Vec::new();
    for _ in 0..2 {
        let mut browser = Browser::default();
        let url = browser.start(&client, request()).await;
        assert_eq!(param(&url, "code_challenge_method"), "S256");
        assert_eq!(param(&url, "code_challenge").len(), 43);
        challenges.push(param(&url, "code_challenge"));
        let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
        let verified = browser.come_back(&client, &query, &actor()).await.unwrap();
        // The server compares the verifier with the challenge; see `rfc7636_appendix_b`.
        client.exchange(verified).await.unwrap();
    }
    assert_ne!(challenges[0], challenges[1]);
    let verifiers: Vec<_> = world
        .server
        .requests_to(ServerEndpoint::Token)
        .iter()
        .map(|call| call.field("code_verifier"))
        .collect();
    assert_ne!(verifiers[0], verifiers[1]);
    assert!(verifiers.iter().all(|verifier| verifier.len() == 43), "32 bytes in base64url");

    // Whoever takes the challenge out of the address, or asks for `plain`, gains nothing.
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    let (base, fields) = url.split_once('?').unwrap();
    let stripped = with_param(&with_param(fields, "code_challenge", None), "code_challenge_method", None);
    let callback = world.server.authorize(&format!("{base}?{stripped}"), Decision::approve(PERSON)).unwrap();
    let verified = browser.come_back(&client, &callback, &actor()).await.unwrap();
    assert_eq!(client.exchange(verified).await.unwrap_err().reason(), Reason::CodeRefused);
    let plain = with_param(fields, "code_challenge_method", Some("plain"));
    let callback = world.server.authorize(&format!("{base}?{plain}"), Decision::approve(PERSON)).unwrap();
    assert!(callback.contains("error=invalid_request"), "{callback}");

    // A second attempt with the previous secret still carries the verifier.
    let world = World::new();
    world.server.rotate_secrets(APP, &["before"]);
    let client = world.builder(world.generic().await);
    let client = client.previous_client_secret(ClientSecret::new("before")).build().unwrap();
    client.exchange(world.verified(&client).await).await.unwrap();
    let calls = world.server.requests_to(ServerEndpoint::Token);
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].field("code_verifier"), calls[1].field("code_verifier"));
    assert_eq!(calls[1].field("code_verifier").len(), 43);
}

/// The server judges verifiers by the RFC's own pair, and the client's pairs pass the same server.
#[tokio::test]
async fn rfc7636_appendix_b() {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let world = World::new();
    let trade = async |verifier: &str| {
        let url = format!(
            "{ISSUER}/authorize?response_type=code&client_id={APP}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256&{}",
            form_urlencoded::Serializer::new(String::new()).append_pair("redirect_uri", REDIRECT).finish()
        );
        let callback = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", APP)
            .append_pair("client_secret", &canary::secret("secret"))
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("code_verifier", verifier)
            .finish();
        let request = http::Request::post(format!("{ISSUER}/token"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("{form}&{callback}")))
            .unwrap();
        world.server.send(request, &Limits::default()).await.unwrap().status().as_u16()
    };
    assert_eq!(trade(VERIFIER).await, 200);
    assert_eq!(trade(&VERIFIER.replace('d', "e")).await, 400);
    assert_eq!(trade(CHALLENGE).await, 400);

    let client = world.client().await;
    client.exchange(world.verified(&client).await).await.unwrap();
}

#[tokio::test]
async fn c11_pkce_never_replaces_the_state() {
    let world = World::at("https://www.linkedin.com", |server| server);
    let hooks = || Arc::new(StandardHooks::new());
    let local = RedirectUri::parse("http://127.0.0.1:4000/cb").unwrap();
    let native = world.bare(Provider::linkedin_native(hooks()), APP).redirect_uri(local).build().unwrap();
    for (client, support) in [
        (world.build(Provider::facebook(hooks())), PkceSupport::Unsupported),
        (world.build(Provider::instagram(hooks())), PkceSupport::Unsupported),
        (world.build(Provider::threads(hooks())), PkceSupport::Unsupported),
        (world.build(Provider::linkedin(hooks())), PkceSupport::Unsupported),
        (native, PkceSupport::Required),
        (World::new().client().await, PkceSupport::Required),
        (world.build(World::new().generic().await.with_pkce(PkceSupport::Optional)), PkceSupport::Optional),
    ] {
        assert_eq!(client.provider().pkce(), support);
        let started = client.start(StartRequest::new(actor(), ScopeSet::new())).await.unwrap();
        let sent = query(started.url.as_str());
        assert_eq!(sent["state"].len(), 43, "{client:?}");
        assert_eq!(sent.contains_key("code_challenge"), support != PkceSupport::Unsupported, "{client:?}");
        assert_eq!(sent.contains_key("code_challenge_method"), support != PkceSupport::Unsupported);
        let without = CallbackParams::parse("code=c").unwrap_err();
        assert_eq!(without.reason(), Reason::CallbackWithoutState);
    }
}

#[tokio::test]
async fn c12_no_second_redeem() {
    for (answer, reason) in [
        (Answer::dropped(), Reason::OutcomeUnknown),
        (Answer::never(), Reason::AnswerTimedOut),
        (Answer::endless(), Reason::AnswerTooLarge),
        (Answer::body(503, "text/html", "<h1>busy</h1>"), Reason::OutcomeUnknown),
    ] {
        let world = World::new();
        let client = world.client().await;
        let mut browser = Browser::default();
        let url = browser.start(&client, request()).await;
        let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
        let shown = format!("{answer:?}");
        world.server.answer_next(ServerEndpoint::Token, answer);
        let verified = browser.come_back(&client, &query, &actor()).await.unwrap();
        let error = world.drive(client.exchange(verified)).await.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (reason, ErrorKind::InDoubt), "{shown}");
        assert_eq!(error.user_action(), reason.user_action(), "{shown}");

        let again = browser.come_back(&client, &query, &actor()).await.unwrap_err();
        assert_eq!(again.reason(), Reason::SessionUnknown, "{shown}");
        world.clock.advance(Duration::from_secs(60));
        assert_eq!(world.token_calls(), 1, "{shown}");
    }
}

#[tokio::test]
async fn c13_redirect_uri_laxity() {
    let malformed = [
        "",
        "/oauth/cb",
        "app.example.com/cb",
        "//app.example.com/cb",
        "http://app.example.com/cb",
        "http://192.168.0.1/cb",
        "http://localhost.evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "ftp://app.example.com/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "com.example.app://cb",
        "https://",
        "https:///cb",
        "https:app.example.com/cb",
        "https://user@app.example.com/cb",
        "https://user:pass@app.example.com/cb",
        "https://app.example.com@evil.example/cb",
        "https://app.example.com/cb#fragment",
        "https://app.example.com/cb#",
        "https://*.example.com/cb",
        "https://app.example.com/*",
        "https://APP.example.com/cb",
        "HTTPS://app.example.com/cb",
        "https://app.example.com:443/cb",
        "https://app.example.com/a/../cb",
        "https://app.example.com\\@evil.example/cb",
        "https://app.example.com/c b",
        "https://app.example.com/cb\r\nX: y",
        "\u{0}https://app.example.com/cb",
        "https://app.example.com/\u{e4}",
        "https://\u{440}aypal.example/cb",
    ];
    assert!(malformed.len() >= 30);
    for uri in malformed {
        let error = RedirectUri::parse(uri).unwrap_err();
        assert_eq!((error.reason(), error.kind()), (Reason::Setup, ErrorKind::Misconfigured), "{uri:?}");
    }

    // No header is read anywhere: host and redirect URI of a request change nothing.
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let spoofed =
        format!("{query}&redirect_uri=https%3A%2F%2Fevil.example%2F&host=evil.example&X-Forwarded-Host=evil");
    let verified = browser.come_back(&client, &spoofed, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();
    assert_eq!(world.server.requests_to(ServerEndpoint::Token)[0].field("redirect_uri"), REDIRECT);
}

#[tokio::test]
async fn c14_redirect_uri_at_the_token_call() {
    let world = World::new();
    let client = world.client().await;
    let mut browser = Browser::default();
    let url = browser.start(&client, request()).await;
    assert_eq!(param(&url, "redirect_uri"), REDIRECT);
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let verified = browser.come_back(&client, &query, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();
    let call = &world.server.requests_to(ServerEndpoint::Token)[0];
    assert_eq!(call.field("redirect_uri"), REDIRECT, "byte for byte");
    let body = String::from_utf8(call.body.to_vec()).unwrap();
    assert!(body.contains("redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcb%3Fx%3D1"));

    // The login belongs to the redirect URI it was started with: another one does not get the code.
    let moved = world.bare(world.generic().await, APP);
    let moved = moved
        .client_secret(ClientSecret::new(canary::secret("secret")))
        .redirect_uri(RedirectUri::parse("https://app.example.com/oauth/moved").unwrap())
        .build()
        .unwrap();
    let url = browser.start(&client, request()).await;
    let query = world.server.authorize(&url, Decision::approve(PERSON)).unwrap();
    let error = browser.come_back(&moved, &query, &actor()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::OtherProvider);
    assert_eq!(world.token_calls(), 1);
}
