//! What is sent to the token endpoint, and what is made of its answers.

use sociogram_api_core::http::CoreError;

use super::*;

#[tokio::test]
async fn the_exchange_is_one_form_post_with_the_secret_in_the_body() {
    for (provider, url) in [
        (facebook(), "https://graph.facebook.com/v26.0/oauth/access_token"),
        (linkedin(), "https://www.linkedin.com/oauth/v2/accessToken"),
    ] {
        let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#));
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
    let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#));
    let base = BaseUrl::parse("http://127.0.0.1:4010/meta").unwrap();
    let provider = facebook().with_authorize_base(&base).with_token_base(&base);
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
    let world = World::scripted(|t| {
        t.respond(
            200,
            &[("content-type", "text/javascript; charset=UTF-8")],
            r#"{"access_token":"EAAB","token_type":"bearer","expires_in":"5183944"}"#,
        )
        .json(
            r#"{"access_token":"AQV","expires_in":5184000,"refresh_token":"AQW",
                "refresh_token_expires_in":31536000,"scope":"email,openid,profile","id_token":"x.y.z"}"#,
        )
    });
    let client = world.client(facebook());
    let tokens = client.exchange(world.verified(&client).await).await.unwrap();
    assert_eq!(tokens.access().expose(), "EAAB");
    assert_eq!(tokens.kind(), TokenKind::MetaUserShort);
    assert_eq!(tokens.expiry(), Expiry::At(world.clock_in(5_183_944)));
    assert_eq!(tokens.issued_at(), Some(world.clock_in(0)));

    let client = world.client(linkedin());
    let tokens = client.exchange(world.verified(&client).await).await.unwrap();
    assert_eq!(tokens.kind(), TokenKind::LinkedInMember);
    assert_eq!(tokens.refresh().unwrap().expose(), "AQW");
    assert_eq!(tokens.refresh_expiry(), Expiry::At(world.clock_in(31_536_000)));
    assert_eq!(tokens.scopes(), Some(&ScopeSet::parse("email openid profile")));
}

#[tokio::test]
async fn refusals_are_typed_and_sent_once() {
    use ErrorKind::{InDoubt, Misconfigured, Permission, Reauthorize, Rejected};
    let graph =
        r#"{"error":{"message":"CANARYmCANARY","type":"OAuthException","code":100,"error_subcode":36009}}"#;
    let spent = r#"{"error":"invalid_grant","error_description":"CANARYmCANARY"}"#;
    let cases = [
        (facebook(), 400, graph, Reauthorize, Reason::CodeRefused, Some("OAuthException")),
        (linkedin(), 400, spent, Reauthorize, Reason::CodeRefused, Some("invalid_grant")),
        (
            linkedin(),
            401,
            r#"{"error":"invalid_client"}"#,
            Misconfigured,
            Reason::ClientRefused,
            Some("invalid_client"),
        ),
        (
            linkedin(),
            401,
            r#"{"error":"access_denied"}"#,
            Permission,
            Reason::PermissionMissing,
            Some("access_denied"),
        ),
        (facebook(), 503, "<html>CANARYmCANARY", InDoubt, Reason::OutcomeUnknown, None),
        (facebook(), 302, "", Rejected, Reason::Redirected, None),
        (facebook(), 404, "CANARYmCANARY", Rejected, Reason::Refused, None),
    ];
    for (provider, status, body, kind, reason, code) in cases {
        let headers = [("x-fb-trace-id", "T1"), ("location", "https://evil.example/")];
        let world =
            World::scripted(|t| t.respond(status, &headers, body).json(r#"{"access_token":"second"}"#));
        let client = world.client(provider);
        let verified = world.verified(&client).await;
        let error = world.drive(async move { client.exchange(verified).await }).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.reason(), error.error_code()),
            (kind, reason, code),
            "{status} {body}"
        );
        assert_eq!((error.status(), error.request_id()), (Some(status), Some("T1")));
        let call = std::error::Error::source(&error).unwrap().downcast_ref::<CoreError>().unwrap();
        assert_eq!(call.raw_body(), None);
        assert_eq!(world.transport.requests().len(), 1, "{status} {body}");
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new());
        assert!(!error.to_string().contains('\n'));
    }
    let world = World::scripted(|t| t.respond(400, &[], graph));
    let client = world.client(facebook());
    let error = client.exchange(world.verified(&client).await).await.unwrap_err();
    assert_eq!((error.code(), error.subcode()), (Some(100), Some(36009)));
    assert_eq!(
        error.to_string(),
        "oauth.exchange_code failed: the provider does not accept the code (status 400, error OAuthException, \
         code 100, subcode 36009)"
    );
}

#[tokio::test]
async fn a_code_is_never_sent_twice_when_no_answer_comes() {
    for (failure, reason) in [
        (TransportErrorKind::Timeout, Reason::AnswerTimedOut),
        (TransportErrorKind::Interrupted, Reason::OutcomeUnknown),
        (TransportErrorKind::TooLarge, Reason::AnswerTooLarge),
    ] {
        let world = World::scripted(|t| t.fail(failure).json(r#"{"access_token":"second"}"#));
        let client = world.client(facebook());
        let verified = world.verified(&client).await;
        let error = world.drive(async move { client.exchange(verified).await }).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (ErrorKind::InDoubt, reason), "{failure:?}");
        assert_eq!(error.user_action(), reason.user_action());
        assert!(reason.user_action().contains("login"), "{reason}");
        assert_eq!(world.transport.requests().len(), 1, "{failure:?}");
    }
}

#[tokio::test]
async fn a_code_that_came_back_too_long_ago_is_not_sent() {
    for (provider, life) in [
        (facebook(), 10 * 60),
        (linkedin(), 30 * 60),
        (Provider::threads(Arc::new(FakeHooks::default())), 60 * 60),
    ] {
        for (wait, sent) in [(life - 1, 1), (life, 0)] {
            let world = World::scripted(|t| t.json(r#"{"access_token":"t"}"#));
            let client = world.client(provider.clone());
            let request = StartRequest::new(actor(), ScopeSet::parse("public_thing"));
            let verified = world.verified_for(&client, request).await;
            world.clock.advance(Duration::from_secs(wait));
            let outcome = client.exchange(verified).await;
            assert_eq!(world.transport.requests().len(), sent, "{wait}");
            assert_eq!(outcome.is_ok(), sent == 1, "{wait}");
            if let Err(error) = outcome {
                assert_eq!((error.kind(), error.reason()), (ErrorKind::Reauthorize, Reason::CodeTooOld));
            }
        }
    }
}

#[tokio::test]
async fn a_slow_endpoint_is_given_up_after_ten_seconds() {
    let world = World::scripted(ScriptedTransport::hang);
    let client = world.client(facebook());
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
    let world = World::scripted(|t| t.json(format!(r#"{{"access_token":"{}"}}"#, "x".repeat(64 * 1024))));
    let client = world.client(facebook());
    let error = client.exchange(world.verified(&client).await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InDoubt);
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_says_why_and_nothing_more() {
    for (body, reason) in [
        ("", Reason::AnswerNotReadable),
        ("CANARYxCANARY", Reason::AnswerNotReadable),
        ("<html>CANARYxCANARY</html>", Reason::AnswerIsHtml),
        (r#"{"access_token":{"CANARYxCANARY":1}}"#, Reason::TokenMissing),
        (r#"{"access_token":"CANARYxCANARY","token_type":"mac"}"#, Reason::NotBearer),
        (r#"{"access_token":"CANARYxCANARY","expires_in":-1}"#, Reason::LifetimeSenseless),
        (r#"{"access_token":"CANARYxCANARY"#, Reason::AnswerNotReadable),
    ] {
        let world = World::scripted(|t| t.json(body));
        let client = world.client(linkedin());
        let error = client.exchange(world.verified(&client).await).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (ErrorKind::Decode, reason), "{body}");
        assert_eq!(error.user_action(), reason.user_action(), "{body}");
        assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new(), "{body}");
    }
}

#[tokio::test]
async fn a_code_does_not_pass_to_another_client() {
    let world = World::new();
    let facebook = world.client(facebook());
    let verified = world.verified(&facebook).await;
    let error = world.client(linkedin()).exchange(verified).await.unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Misconfigured, Reason::Setup));
    assert!(world.transport.requests().is_empty());
}

#[tokio::test]
async fn nothing_secret_is_logged_or_printed() {
    let logs = CapturedLogs::start();
    let world = World::scripted(|t| {
        t.json(format!(r#"{{"access_token":"{}"}}"#, canary::secret("token"))).respond(
            400,
            &[],
            r#"{"error":"invalid_grant"}"#,
        )
    });
    let client = world.client(linkedin());
    let started = client.start(request()).await.unwrap();
    let state = state(&started);
    let query = format!("code={}&state={state}", canary::secret("code"));
    let refused = callback(&query);
    let mut printed = format!("{client:?} {started:?} {refused:?} {:?}", world.builder(facebook(), REDIRECT));
    let other = BrowserBinder::new("A".repeat(43));
    printed += &canary::printed(&client.complete(refused, &other, &actor()).await.unwrap_err());

    let verified = world.verified(&client).await;
    printed += format!("{verified:?}").as_str();
    let tokens = client.exchange(verified).await.unwrap();
    printed += format!("{tokens:?}").as_str();
    printed += &canary::printed(&client.exchange(world.verified(&client).await).await.unwrap_err());

    let text = format!("{printed}{}", logs.text());
    assert!(logs.text().contains("login callback refused") && logs.text().contains("other_browser"));
    assert_eq!(canary::leaks(&text), Vec::<String>::new());
    for secret in [state.as_str(), started.binder.expose()] {
        assert!(!text.contains(secret));
    }
}
