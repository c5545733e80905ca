//! What is sent to the token endpoint, and what is made of its answers.

use sociogram_api_core::http::CoreError;

use super::*;

#[tokio::test]
async fn the_exchange_is_one_form_post_with_the_secret_in_the_body() {
    for (provider, url) in [
        (Provider::facebook(), "https://graph.facebook.com/v26.0/oauth/access_token"),
        (Provider::linkedin(), "https://www.linkedin.com/oauth/v2/accessToken"),
    ] {
        let mut world = World::new();
        world.transport = world.transport.json(r#"{"access_token":"t"}"#);
        let client = world.client(provider);
        client.exchange(world.verified(&client).await).await.unwrap();

        let requests = world.transport.requests();
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!((request.method.as_str(), request.uri.to_string().as_str()), ("POST", url));
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(request.header("authorization"), "");
        let expected = [
            ("client_id", "app-1".to_owned()),
            ("client_secret", canary::secret("secret")),
            ("code", canary::secret("code")),
            ("grant_type", "authorization_code".to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
        ];
        assert_eq!(form(request), expected.map(|(name, value)| (name.to_owned(), value)).into());
    }
}

#[tokio::test]
async fn a_sandbox_gets_both_calls() {
    let mut world = World::new();
    world.transport = world.transport.json(r#"{"access_token":"t"}"#);
    let base = BaseUrl::parse("http://127.0.0.1:4010/meta").unwrap();
    let provider = Provider::facebook().with_authorize_base(&base).with_token_base(&base);
    let client = world.client(provider);
    let started = client.start(request()).await.unwrap();
    assert!(started.url.as_str().starts_with("http://127.0.0.1:4010/meta/v26.0/dialog/oauth?"));
    let query = callback(&format!("code=c&state={}", state(&started)));
    let verified = client.complete(query, &started.binder, &actor()).await.unwrap();
    client.exchange(verified).await.unwrap();
    let uri = world.transport.requests()[0].uri.to_string();
    assert_eq!(uri, "http://127.0.0.1:4010/meta/v26.0/oauth/access_token");
}

#[tokio::test]
async fn answers_become_token_sets() {
    let mut world = World::new();
    world.transport = world.transport.respond(
        200,
        &[("content-type", "text/javascript; charset=UTF-8")],
        r#"{"access_token":"EAAB","token_type":"bearer","expires_in":"5183944"}"#,
    );
    let client = world.client(Provider::facebook());
    let tokens = client.exchange(world.verified(&client).await).await.unwrap();
    assert_eq!(tokens.access().expose(), "EAAB");
    assert_eq!(tokens.kind(), TokenKind::MetaUserShort);
    assert_eq!(tokens.expiry(), Expiry::At(world.clock_in(5_183_944)));
    assert_eq!(tokens.issued_at(), Some(world.clock_in(0)));

    world.transport = ScriptedTransport::new().json(
        r#"{"access_token":"AQV","expires_in":5184000,"refresh_token":"AQW","refresh_token_expires_in":31536000,
            "scope":"email,openid,profile","id_token":"x.y.z"}"#,
    );
    let client = world.client(Provider::linkedin());
    let tokens = client.exchange(world.verified(&client).await).await.unwrap();
    assert_eq!(tokens.kind(), TokenKind::LinkedInMember);
    assert_eq!(tokens.refresh().unwrap().expose(), "AQW");
    assert_eq!(tokens.refresh_expiry(), Expiry::At(world.clock_in(31_536_000)));
    assert_eq!(tokens.scopes(), Some(&ScopeSet::parse("email openid profile")));
}

#[tokio::test]
async fn refusals_are_typed_and_sent_once() {
    let graph =
        r#"{"error":{"message":"CANARYmCANARY","type":"OAuthException","code":100,"error_subcode":36009}}"#;
    let linkedin = r#"{"error":"invalid_request","error_description":"CANARYmCANARY"}"#;
    let cases = [
        (Provider::facebook(), 400, graph, ErrorKind::Reauthorize, Some("OAuthException")),
        (Provider::linkedin(), 400, linkedin, ErrorKind::Reauthorize, Some("invalid_request")),
        (
            Provider::linkedin(),
            401,
            r#"{"error":"invalid_client"}"#,
            ErrorKind::Misconfigured,
            Some("invalid_client"),
        ),
        (
            Provider::linkedin(),
            401,
            r#"{"error":"access_denied"}"#,
            ErrorKind::Permission,
            Some("access_denied"),
        ),
        (Provider::facebook(), 503, "<html>CANARYmCANARY", ErrorKind::InDoubt, None),
        (Provider::facebook(), 302, "", ErrorKind::Rejected, None),
        (Provider::facebook(), 404, "CANARYmCANARY", ErrorKind::Rejected, None),
    ];
    for (provider, status, body, kind, code) in cases {
        let mut world = World::new();
        let headers = [("x-fb-trace-id", "T1"), ("location", "https://evil.example/")];
        world.transport =
            world.transport.respond(status, &headers, body).json(r#"{"access_token":"second"}"#);
        let client = world.client(provider);
        let verified = world.verified(&client).await;
        let error = world.drive(async move { client.exchange(verified).await }).await.unwrap_err();
        assert_eq!((error.kind(), error.error_code()), (kind, code), "{status} {body}");
        assert_eq!((error.status(), error.request_id()), (Some(status), Some("T1")));
        let call = std::error::Error::source(&error).unwrap().downcast_ref::<CoreError>().unwrap();
        assert_eq!(call.raw_body(), None);
        assert_eq!(world.transport.requests().len(), 1, "{status} {body}");
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new());
        assert!(!error.to_string().contains('\n'));
    }
    let mut world = World::new();
    world.transport = world.transport.respond(400, &[], graph);
    let client = world.client(Provider::facebook());
    let error = client.exchange(world.verified(&client).await).await.unwrap_err();
    assert_eq!((error.code(), error.subcode()), (Some(100), Some(36009)));
    assert_eq!(
        error.to_string(),
        "oauth.exchange_code failed: the token is not accepted (status 400, error OAuthException, code 100, \
         subcode 36009)"
    );
}

#[tokio::test]
async fn a_code_is_never_sent_twice_when_no_answer_comes() {
    for failure in
        [TransportErrorKind::Timeout, TransportErrorKind::Interrupted, TransportErrorKind::TooLarge]
    {
        let mut world = World::new();
        world.transport = world.transport.fail(failure).json(r#"{"access_token":"second"}"#);
        let client = world.client(Provider::facebook());
        let verified = world.verified(&client).await;
        let error = world.drive(async move { client.exchange(verified).await }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InDoubt, "{failure:?}");
        assert_eq!(error.user_action(), "start the login again: the code may be used up");
        assert_eq!(world.transport.requests().len(), 1, "{failure:?}");
    }
}

#[tokio::test]
async fn a_slow_endpoint_is_given_up_after_ten_seconds() {
    let mut world = World::new();
    world.transport = world.transport.hang();
    let client = world.client(Provider::facebook());
    let verified = world.verified(&client).await;
    let exchange = tokio::spawn(async move { client.exchange(verified).await });
    while world.transport.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    world.clock.advance(Duration::from_millis(9_999));
    tokio::task::yield_now().await;
    assert!(!exchange.is_finished());
    world.clock.advance(Duration::from_millis(1));
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(exchange.is_finished());
    assert_eq!(exchange.await.unwrap().unwrap_err().kind(), ErrorKind::InDoubt);
}

#[tokio::test]
async fn an_answer_beyond_64_kib_is_not_read() {
    let mut world = World::new();
    world.transport = world.transport.json(format!(r#"{{"access_token":"{}"}}"#, "x".repeat(64 * 1024)));
    let client = world.client(Provider::facebook());
    let error = client.exchange(world.verified(&client).await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InDoubt);
}

#[tokio::test]
async fn unusable_answers_say_what_is_wrong_and_nothing_more() {
    for body in [
        "",
        "CANARYxCANARY",
        "access_token=CANARYxCANARY&expires=5",
        r#"{"access_token":{"CANARYxCANARY":1}}"#,
        r#"{"access_token":"CANARYxCANARY","refresh_token":7}"#,
        r#"{"access_token":"CANARYxCANARY","expires_in":-1}"#,
        r#"{"access_token":"CANARYxCANARY"#,
    ] {
        let mut world = World::new();
        world.transport = world.transport.json(body);
        let client = world.client(Provider::linkedin());
        let error = client.exchange(world.verified(&client).await).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.to_string().starts_with("the token answer could not be used: "), "{error}");
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new(), "{body}");
    }
}

#[tokio::test]
async fn a_code_does_not_pass_to_another_client() {
    let world = World::new();
    let facebook = world.client(Provider::facebook());
    let verified = world.verified(&facebook).await;
    let error = world.client(Provider::linkedin()).exchange(verified).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn nothing_secret_is_logged_or_printed() {
    let logs = CapturedLogs::start();
    let mut world = World::new();
    world.transport = world
        .transport
        .json(format!(r#"{{"access_token":"{}"}}"#, canary::secret("token")))
        .respond(400, &[], r#"{"error":"invalid_grant"}"#);
    let client = world.client(Provider::linkedin());
    let started = client.start(request()).await.unwrap();
    let state = state(&started);
    let query = format!("code={}&state={state}", canary::secret("code"));
    let refused = callback(&query);
    let mut printed =
        format!("{client:?} {started:?} {refused:?} {:?}", world.builder(Provider::facebook(), REDIRECT));
    let other = BrowserBinder::new("A".repeat(43));
    printed += &canary::printed(&client.complete(refused, &other, &actor()).await.unwrap_err());

    let verified = world.verified(&client).await;
    printed += format!("{verified:?}").as_str();
    let tokens = client.exchange(verified).await.unwrap();
    printed += format!("{tokens:?}").as_str();
    printed += &canary::printed(&client.exchange(world.verified(&client).await).await.unwrap_err());

    let text = format!("{printed}{}", logs.text());
    assert!(logs.text().contains("login callback refused") && logs.text().contains("Browser"));
    assert_eq!(canary::leaks(&text), Vec::<String>::new());
    for secret in [state.as_str(), started.binder.expose()] {
        assert!(!text.contains(secret));
    }
}
