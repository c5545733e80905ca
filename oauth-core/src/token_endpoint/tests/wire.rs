//! What is sent, to the byte.

use super::*;

/// A form posted to this address, with the client id and secret in it and nowhere else.
fn assert_form(request: &RecordedRequest, url: &str, expected: &BTreeMap<String, String>) {
    assert_eq!((request.method.as_str(), request.uri.to_string().as_str()), ("POST", url));
    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(request.header("accept"), "application/json");
    assert_eq!(request.header("authorization"), "");
    assert_eq!(&pairs(request.text()), expected);
}

#[tokio::test]
async fn a_code_is_traded_by_one_form_post_with_the_secret_in_it() {
    let graph = "https://graph.facebook.com/v26.0/oauth/access_token";
    let cases = [
        (Provider::facebook(hooks()), graph),
        (Provider::facebook_for_business("1", BusinessToken::SystemUser, hooks()), graph),
        (Provider::instagram(hooks()), "https://api.instagram.com/oauth/access_token"),
        (Provider::threads(hooks()), "https://graph.threads.net/oauth/access_token"),
        (Provider::linkedin(hooks()), "https://www.linkedin.com/oauth/v2/accessToken"),
        (generic().with_client_auth(ClientAuth::Body), "https://id.example/o/token/?p=1"),
    ];
    for (provider, url) in cases {
        let (world, kind) = (World::new(|t| t.json(TOKEN)), provider.token_kind());
        let answer = world.endpoint(provider).exchange_code(&code(), None, Some(REDIRECT)).await.unwrap();
        assert_eq!(answer.tokens.kind(), kind);
        let expected = fields([
            ("client_id", "app-1"),
            ("client_secret", &canary::secret("secret")),
            ("code", &canary::secret("code")),
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT),
        ]);
        assert_form(&world.only_request(), url, &expected);
    }
}

#[tokio::test]
async fn whatsapps_code_comes_without_a_redirect_uri() {
    let world = World::new(|t| t.json(TOKEN));
    let endpoint = world.endpoint(Provider::whatsapp_embedded_signup("1", hooks()));
    let answer = endpoint.exchange_code(&code(), None, None).await.unwrap();
    assert_eq!(
        (answer.tokens.kind(), answer.tokens.expiry()),
        (TokenKind::WhatsAppBusiness, Expiry::Unknown)
    );
    let expected = fields([
        ("client_id", "app-1"),
        ("client_secret", &canary::secret("secret")),
        ("code", &canary::secret("code")),
        ("grant_type", "authorization_code"),
    ]);
    assert_form(&world.only_request(), "https://graph.facebook.com/v26.0/oauth/access_token", &expected);
}

#[tokio::test]
async fn linkedins_native_flow_has_a_verifier_and_no_secret() {
    let world = World::new(|t| t.json(TOKEN));
    let secrets = Secrets { current: Some("CANARY-not-to-be-sent".into()), previous: None };
    let endpoint = world.endpoint_with(Provider::linkedin_native(hooks()), secrets);
    let verifier = PkceVerifier::new("v".repeat(43));
    endpoint.exchange_code(&code(), Some(&verifier), Some("http://127.0.0.1:5100/cb")).await.unwrap();
    let expected = fields([
        ("client_id", "app-1"),
        ("code", &canary::secret("code")),
        ("code_verifier", &"v".repeat(43)),
        ("grant_type", "authorization_code"),
        ("redirect_uri", "http://127.0.0.1:5100/cb"),
    ]);
    assert_form(&world.only_request(), "https://www.linkedin.com/oauth/v2/accessToken", &expected);
}

#[tokio::test]
async fn basic_authentication_encodes_id_and_secret_as_a_form_does() {
    // RFC 6749 section 2.3.1.
    let world = World::new(|t| t.json(TOKEN));
    let transport = Arc::new(world.transport.clone());
    let secrets = Secrets { current: Some("s+c r/t:ä".into()), previous: None };
    let timer = Arc::new(world.clock.clone());
    let endpoint =
        TokenEndpoint::new(generic(), "id:1 %".to_owned(), secrets, transport, timer, None).unwrap();
    let verifier = PkceVerifier::new("v".repeat(43));
    endpoint.exchange_code(&code(), Some(&verifier), Some(REDIRECT)).await.unwrap();

    let request = world.only_request();
    // base64("id%3A1+%25:s%2Bc+r%2Ft%3A%C3%A4")
    assert_eq!(request.header("authorization"), "Basic aWQlM0ExKyUyNTpzJTJCYytyJTJGdCUzQSVDMyVBNA==");
    assert!(request.headers["authorization"].is_sensitive());
    assert_eq!(request.uri.to_string(), "https://id.example/o/token/?p=1");
    let expected = fields([
        ("code", &canary::secret("code")),
        ("code_verifier", &"v".repeat(43)),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
    ]);
    assert_eq!(pairs(request.text()), expected);
}

#[tokio::test]
async fn a_refresh_token_is_sent_once_where_it_is_good_once() {
    for (provider, kind, url, times) in [
        (
            Provider::linkedin(hooks()),
            TokenKind::LinkedInMember,
            "https://www.linkedin.com/oauth/v2/accessToken",
            3,
        ),
        (generic(), TokenKind::Generic, "https://id.example/o/token/?p=1", 1),
        (
            generic().with_rotation(Rotation::Grace(Duration::from_secs(30))),
            TokenKind::Generic,
            "https://id.example/o/token/?p=1",
            1,
        ),
        (generic().with_rotation(Rotation::None), TokenKind::Generic, "https://id.example/o/token/?p=1", 3),
    ] {
        let broken = TransportErrorKind::Interrupted;
        let world = World::new(|t| t.fail(broken).fail(broken).fail(broken));
        let endpoint = world.endpoint(provider.with_client_auth(ClientAuth::Body));
        let refresh = RefreshToken::new(canary::secret("refresh"));
        let failed = world.drive(async move { endpoint.refresh(&refresh, kind).await }).await;
        let kind = if times == 1 { ErrorKind::InDoubt } else { ErrorKind::Server };
        assert_eq!(failed.unwrap_err().kind(), kind, "{url}");
        let requests = world.transport.requests();
        assert_eq!(requests.len(), times, "{url}");
        let expected = fields([
            ("client_id", "app-1"),
            ("client_secret", &canary::secret("secret")),
            ("grant_type", "refresh_token"),
            ("refresh_token", &canary::secret("refresh")),
        ]);
        assert_form(&requests[0], url, &expected);
    }
}

#[tokio::test]
async fn facebooks_long_lived_token_is_asked_for_by_a_form() {
    let world =
        World::new(|t| t.json(r#"{"access_token":"long","token_type":"bearer","expires_in":5183944}"#));
    let endpoint = world.endpoint(Provider::facebook(hooks()));
    let answer = endpoint.exchange_long_lived(&canary::secret("short").into()).await.unwrap();
    assert_eq!((answer.tokens.access().expose(), answer.tokens.kind()), ("long", TokenKind::MetaUserLong));
    let expected = fields([
        ("client_id", "app-1"),
        ("client_secret", &canary::secret("secret")),
        ("fb_exchange_token", &canary::secret("short")),
        ("grant_type", "fb_exchange_token"),
    ]);
    assert_form(&world.only_request(), "https://graph.facebook.com/v26.0/oauth/access_token", &expected);
}

#[tokio::test]
async fn tokens_of_businesses_are_renewed_for_60_days() {
    for (provider, kind, renewed, extra) in [
        (Provider::facebook(hooks()), TokenKind::MetaUserLong, TokenKind::MetaUserLong, false),
        (Provider::facebook(hooks()), TokenKind::MetaUserShort, TokenKind::MetaUserLong, false),
        (Provider::facebook(hooks()), TokenKind::MetaSystemUser, TokenKind::MetaSystemUser, true),
        (
            Provider::whatsapp_embedded_signup("1", hooks()),
            TokenKind::WhatsAppBusiness,
            TokenKind::WhatsAppBusiness,
            true,
        ),
    ] {
        let world = World::new(|t| t.json(TOKEN));
        let answer = world.endpoint(provider).renew(&canary::secret("old").into(), kind).await.unwrap();
        assert_eq!(answer.tokens.kind(), renewed);
        let mut expected = fields([
            ("client_id", "app-1"),
            ("client_secret", &canary::secret("secret")),
            ("fb_exchange_token", &canary::secret("old")),
            ("grant_type", "fb_exchange_token"),
        ]);
        if extra {
            expected.extend(fields([("set_token_expires_in_60_days", "true")]));
        }
        assert_form(&world.only_request(), "https://graph.facebook.com/v26.0/oauth/access_token", &expected);
    }
}

#[tokio::test]
async fn instagram_and_threads_are_asked_in_the_query_as_they_document() {
    for (provider, host, prefix, kind) in [
        (Provider::instagram(hooks()), "graph.instagram.com", "ig", TokenKind::InstagramUser),
        (Provider::threads(hooks()), "graph.threads.net", "th", TokenKind::ThreadsUser),
    ] {
        let world = World::new(|t| t.json(TOKEN).json(TOKEN));
        let endpoint = world.endpoint(provider);
        let token = AccessToken::new("a b&c");
        let exchanged = endpoint.exchange_long_lived(&token).await.unwrap();
        let renewed = endpoint.renew(&token, kind).await.unwrap();
        assert_eq!((exchanged.tokens.kind(), renewed.tokens.kind()), (kind, kind));

        let urls: Vec<_> = world.transport.requests().iter().map(|request| request.uri.to_string()).collect();
        let secret = canary::secret("secret");
        assert_eq!(
            urls,
            [
                format!(
                    "https://{host}/access_token?grant_type={prefix}_exchange_token&client_secret={secret}\
                     &access_token=a%20b%26c"
                ),
                format!(
                    "https://{host}/refresh_access_token?grant_type={prefix}_refresh_token&access_token=a%20b%26c"
                ),
            ]
        );
        for request in world.transport.requests() {
            assert_eq!((request.method.as_str(), request.text()), ("GET", ""));
            assert_eq!(request.header("authorization"), "");
        }
    }
}

#[tokio::test]
async fn what_a_provider_does_not_offer_is_not_sent() {
    let world = World::new(|t| t);
    let token = AccessToken::new("t");
    let linkedin = world.endpoint(Provider::linkedin(hooks()));
    let native = world.endpoint(Provider::linkedin_native(hooks()));
    let facebook = world.endpoint(Provider::facebook(hooks()));
    let instagram = world.endpoint(Provider::instagram(hooks()));
    let system = world.endpoint(Provider::facebook_for_business("1", BusinessToken::SystemUser, hooks()));
    let none = ScopeSet::new();
    for refused in [
        linkedin.exchange_long_lived(&token).await,
        system.exchange_long_lived(&token).await,
        linkedin.renew(&token, TokenKind::LinkedInMember).await,
        facebook.renew(&token, TokenKind::MetaPage).await,
        facebook.renew(&token, TokenKind::InstagramUser).await,
        instagram.renew(&token, TokenKind::ThreadsUser).await,
        instagram.renew(&token, TokenKind::MetaUserLong).await,
        native.client_credentials(&none).await,
        instagram.client_credentials(&none).await,
    ] {
        assert_eq!(refused.unwrap_err().reason(), Reason::NotOffered);
    }
    assert_eq!(facebook.introspect("t").await.unwrap(), None);
    assert_eq!(facebook.userinfo(&token).await.unwrap(), None);
    assert!(!facebook.revoke("t", "access_token").await.unwrap());
    assert!(!native.revoke("t", "access_token").await.unwrap());
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn an_app_gets_a_token_for_itself() {
    let scopes = ScopeSet::parse("b a");
    for (provider, url, kind) in [
        (
            Provider::linkedin(hooks()),
            "https://www.linkedin.com/oauth/v2/accessToken",
            TokenKind::LinkedInApp,
        ),
        (
            Provider::facebook(hooks()),
            "https://graph.facebook.com/v26.0/oauth/access_token",
            TokenKind::MetaApp,
        ),
        (generic().with_client_auth(ClientAuth::Body), "https://id.example/o/token/?p=1", TokenKind::Generic),
    ] {
        let world = World::new(|t| t.json(r#"{"access_token":"app","expires_in":"1800"}"#).json(TOKEN));
        let endpoint = world.endpoint(provider);
        let sent_at = endpoint.now();
        let answer = endpoint.client_credentials(&ScopeSet::new()).await.unwrap();
        assert_eq!(answer.tokens.kind(), kind);
        assert_eq!(answer.tokens.expiry(), Expiry::At(sent_at.saturating_add(Duration::from_secs(1_800))));
        let mut expected = fields([
            ("client_id", "app-1"),
            ("client_secret", &canary::secret("secret")),
            ("grant_type", "client_credentials"),
        ]);
        assert_form(&world.only_request(), url, &expected);
        endpoint.client_credentials(&scopes).await.unwrap();
        expected.extend(fields([("scope", "a b")]));
        assert_form(&world.transport.requests()[1], url, &expected);
    }
}

#[tokio::test]
async fn a_token_is_looked_up_and_withdrawn_by_form() {
    let secret = canary::secret("secret");
    let token = canary::secret("token");
    let base = [("client_id", "app-1"), ("client_secret", secret.as_str()), ("token", token.as_str())];
    for (provider, introspection, revocation, hint) in [
        (
            Provider::linkedin(hooks()),
            "https://www.linkedin.com/oauth/v2/introspectToken",
            "https://www.linkedin.com/oauth/v2/revoke",
            false,
        ),
        (
            generic().with_client_auth(ClientAuth::Body),
            "https://id.example/introspect",
            "https://id.example/revoke",
            true,
        ),
    ] {
        let world = World::new(|t| t.json(r#"{"active":true}"#).respond(200, &[], ""));
        let endpoint = world.endpoint(provider);
        assert!(endpoint.introspect(&token).await.unwrap().unwrap().active);
        assert!(endpoint.revoke(&token, "refresh_token").await.unwrap());
        let requests = world.transport.requests();
        assert_form(&requests[0], introspection, &fields(base));
        let mut expected = fields(base);
        if hint {
            expected.extend(fields([("token_type_hint", "refresh_token")]));
        }
        assert_form(&requests[1], revocation, &expected);
    }
}

#[tokio::test]
async fn introspection_and_revocation_get_the_secret_the_way_they_list() {
    use ClientAuth::{Basic, Body};
    for (own, listed, expected) in [
        (Body, vec![Basic], Basic),
        (Basic, vec![Body], Body),
        (Basic, vec![], Basic),
        (Body, vec![], Body),
        (Body, vec![Basic, Body], Body),
        (Body, vec![ClientAuth::None], Body),
        (ClientAuth::None, vec![Basic], ClientAuth::None),
    ] {
        let mut provider = generic().with_client_auth(own);
        provider.introspection_auth = listed.clone();
        provider.revocation_auth = listed;
        let world = World::new(|t| t.json(r#"{"active":true}"#).respond(200, &[], ""));
        let endpoint = world.endpoint(provider);
        endpoint.introspect("t").await.unwrap();
        endpoint.revoke("t", "access_token").await.unwrap();
        for request in world.transport.requests() {
            assert_eq!(
                request.header("authorization").starts_with("Basic "),
                expected == Basic,
                "{request:?}"
            );
            assert_eq!(pairs(request.text()).contains_key("client_secret"), expected == Body, "{request:?}");
        }
    }
}

#[tokio::test]
async fn the_tokens_owner_is_looked_up_with_the_token_in_the_header() {
    for (provider, url) in [
        (Provider::linkedin(hooks()), "https://api.linkedin.com/v2/userinfo"),
        (Provider::linkedin_native(hooks()), "https://api.linkedin.com/v2/userinfo"),
        (generic(), "https://api.id.example/userinfo"),
    ] {
        let world = World::new(|t| t.json(r#"{"sub":"782bbtaQ"}"#));
        let token = canary::secret("token").into();
        let identity = world.endpoint(provider).userinfo(&token).await.unwrap().unwrap();
        assert_eq!(identity.id, "782bbtaQ");
        let request = world.only_request();
        assert_eq!((request.method.as_str(), request.uri.to_string().as_str()), ("GET", url));
        assert_eq!(request.header("authorization"), format!("Bearer {}", canary::secret("token")));
        assert!(request.headers["authorization"].is_sensitive());
        assert_eq!(request.text(), "");
    }
    let world = World::new(|t| t);
    let error = world.endpoint(generic()).userinfo(&"a\nb".into()).await.unwrap_err();
    assert_eq!(error.reason(), Reason::Input);
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn a_sandbox_gets_the_calls_to_every_host() {
    let sandbox = BaseUrl::parse("http://127.0.0.1:4010/x").unwrap();
    let world = World::new(|t| {
        t.json(TOKEN).json(TOKEN).json(r#"{"sub":"1"}"#).json(r#"{"active":true}"#).respond(200, &[], "")
    });
    let instagram = world.endpoint(Provider::instagram(hooks()).with_token_base(&sandbox));
    instagram.exchange_code(&code(), None, Some(REDIRECT)).await.unwrap();
    instagram.renew(&"t".into(), TokenKind::InstagramUser).await.unwrap();
    let linkedin = world.endpoint(Provider::linkedin(hooks()).with_token_base(&sandbox));
    linkedin.userinfo(&"t".into()).await.unwrap();
    linkedin.introspect("t").await.unwrap();
    linkedin.revoke("t", "access_token").await.unwrap();
    let paths: Vec<_> = world
        .transport
        .requests()
        .iter()
        .map(|request| {
            assert_eq!(request.uri.authority().unwrap(), "127.0.0.1:4010");
            request.uri.path().to_owned()
        })
        .collect();
    assert_eq!(
        paths,
        [
            "/x/oauth/access_token",
            "/x/refresh_access_token",
            "/x/v2/userinfo",
            "/x/oauth/v2/introspectToken",
            "/x/oauth/v2/revoke"
        ]
    );
}
