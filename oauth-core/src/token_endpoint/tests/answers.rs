//! What is made of the answers.

use super::*;

/// One exchange of a code that gets this answer.
async fn exchange(provider: Provider, status: u16, body: &str) -> (Result<TokenAnswer, OAuthError>, usize) {
    let world = World::new(|t| t.respond(status, &[("content-type", "text/javascript")], body.to_owned()));
    let endpoint = world.endpoint(provider);
    let result =
        world.drive(async move { endpoint.exchange_code(&code(), None, Some(REDIRECT)).await }).await;
    (result, world.transport.requests().len())
}

#[tokio::test]
async fn every_bad_answer_is_its_own_error_and_repeats_nothing() {
    let long = "x".repeat(64 * 1024);
    let cases: [(u16, &str, Reason, ErrorKind); 25] = [
        (200, "", Reason::AnswerNotReadable, ErrorKind::Decode),
        (200, "CANARY", Reason::AnswerNotReadable, ErrorKind::Decode),
        (200, r#"{"access_token":"CANARY"#, Reason::AnswerNotReadable, ErrorKind::Decode),
        (200, "[]", Reason::AnswerNotReadable, ErrorKind::Decode),
        (204, "", Reason::AnswerNotReadable, ErrorKind::Decode),
        (200, "<html>CANARY</html>", Reason::AnswerIsHtml, ErrorKind::Decode),
        (200, r#"{"access_token":""}"#, Reason::TokenMissing, ErrorKind::Decode),
        (200, r#"{"token":"CANARY"}"#, Reason::TokenMissing, ErrorKind::Decode),
        (200, r#"{"access_token":"CANARY","token_type":"mac"}"#, Reason::NotBearer, ErrorKind::Decode),
        (200, r#"{"access_token":"CANARY","expires_in":-1}"#, Reason::LifetimeSenseless, ErrorKind::Decode),
        (200, r#"{"error":"CANARY new"}"#, Reason::RefusedWithSuccess, ErrorKind::Rejected),
        (200, r#"{"error":"invalid_grant"}"#, Reason::CodeRefused, ErrorKind::Reauthorize),
        (200, r#"{"error":"invalid_client"}"#, Reason::ClientRefused, ErrorKind::Misconfigured),
        (200, "error=invalid_grant", Reason::CodeRefused, ErrorKind::Reauthorize),
        (301, "CANARY", Reason::Redirected, ErrorKind::Rejected),
        (302, r#"{"error":"invalid_grant"}"#, Reason::Redirected, ErrorKind::Rejected),
        (307, r#"{"access_token":"CANARY"}"#, Reason::Redirected, ErrorKind::Rejected),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"CANARY"}"#,
            Reason::CodeRefused,
            ErrorKind::Reauthorize,
        ),
        (400, r#"{"error":"invalid_request"}"#, Reason::AppMisconfigured, ErrorKind::Misconfigured),
        (401, r#"{"error":"invalid_client"}"#, Reason::ClientRefused, ErrorKind::Misconfigured),
        (403, r#"{"error":"access_denied"}"#, Reason::PermissionMissing, ErrorKind::Permission),
        (400, "<html>CANARY", Reason::Refused, ErrorKind::Rejected),
        (503, "<html>CANARY", Reason::OutcomeUnknown, ErrorKind::InDoubt),
        (400, r#"{"error":"temporarily_unavailable"}"#, Reason::OutcomeUnknown, ErrorKind::InDoubt),
        (200, &long, Reason::AnswerNotReadable, ErrorKind::Decode),
    ];
    for (status, body, reason, kind) in cases {
        for provider in [Provider::facebook(hooks()), generic()] {
            let (result, calls) = exchange(provider, status, body).await;
            let error = result.unwrap_err();
            let case = format!("{status} {}", body.get(..60).unwrap_or(body));
            assert_eq!((error.reason(), error.kind(), calls), (reason, kind, 1), "{case}: {error}");
            assert_eq!(canary::leaks(&canary::printed(&error)), Vec::<String>::new(), "{case}");
            assert!(!error.user_action().is_empty());
        }
    }
}

#[tokio::test]
async fn a_throttled_renewal_is_tried_again_and_a_code_is_sent_once() {
    for (status, body) in [(429, "CANARY"), (429, r#"{"error":"slow"}"#)] {
        let throttled = || World::new(|t| t.respond(status, &[("retry-after", "2")], body).json(TOKEN));
        let world = throttled();
        let endpoint = world.endpoint(generic().with_rotation(Rotation::None));
        let refresh = RefreshToken::new("refresh");
        let result = world.drive(async move { endpoint.refresh(&refresh, TokenKind::Generic).await }).await;
        assert_eq!(result.unwrap().tokens.access().expose(), "new");
        assert_eq!(world.transport.requests().len(), 2);

        let world = throttled();
        let endpoint = world.endpoint(generic());
        let result =
            world.drive(async move { endpoint.exchange_code(&code(), None, Some(REDIRECT)).await }).await;
        let error = result.unwrap_err();
        assert_eq!((error.reason(), error.retry_after()), (Reason::Throttled, Some(Duration::from_secs(2))));
        assert_eq!(world.transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_beyond_64_kib_is_not_read() {
    let token = "x".repeat(64 * 1024);
    let (result, calls) = exchange(generic(), 200, &format!(r#"{{"access_token":"{token}"}}"#)).await;
    assert_eq!((result.unwrap_err().reason(), calls), (Reason::AnswerTooLarge, 1));
    let token = "x".repeat(63 * 1024);
    let (result, _) = exchange(generic(), 200, &format!(r#"{{"access_token":"{token}"}}"#)).await;
    assert_eq!(result.unwrap().tokens.access().len(), token.len());
}

#[tokio::test]
async fn a_call_ends_after_ten_seconds() {
    let world = World::new(ScriptedTransport::hang);
    let endpoint = world.endpoint(Provider::facebook(hooks()));
    let work = tokio::spawn(async move { endpoint.exchange_code(&code(), None, Some(REDIRECT)).await });
    while world.transport.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    world.clock.advance(Duration::from_millis(9_999));
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(!work.is_finished());
    world.clock.advance(Duration::from_millis(1));
    let error = work.await.unwrap().unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::AnswerTimedOut, ErrorKind::InDoubt));
}

#[tokio::test]
async fn a_life_counts_from_before_the_request_was_sent() {
    let world =
        World::new(|t| t.fail(TransportErrorKind::Connect).json(r#"{"access_token":"t","expires_in":3600}"#));
    let endpoint = world.endpoint(generic());
    let work = async move {
        let sent_at = endpoint.now();
        (sent_at, endpoint.exchange_code(&code(), None, Some(REDIRECT)).await)
    };
    let (sent_at, answer) = world.drive(work).await;
    let answer = answer.unwrap();
    assert_eq!(world.transport.requests().len(), 2);
    assert!(world.clock.now() > sent_at, "the retry waited");
    assert_eq!(answer.tokens.issued_at(), Some(sent_at));
    assert_eq!(answer.tokens.expiry(), Expiry::At(sent_at.saturating_add(Duration::from_secs(3_600))));
}

#[tokio::test]
async fn a_refusal_with_a_success_that_nobody_can_place_keeps_the_providers_word() {
    let (result, _) = exchange(generic(), 200, r#"{"error":"bad_verification_code"}"#).await;
    let error = result.unwrap_err();
    assert_eq!(
        (error.reason(), error.error_code()),
        (Reason::RefusedWithSuccess, Some("bad_verification_code"))
    );
}

#[tokio::test]
async fn a_token_that_is_not_active_is_no_error() {
    let world = World::new(|t| {
        t.json(r#"{"active":false}"#).respond(200, &[], "<html>").respond(401, &[], "").respond(
            400,
            &[],
            r#"{"error":"unsupported_token_type"}"#,
        )
    });
    let endpoint = world.endpoint(generic());
    assert_eq!(endpoint.introspect("t").await.unwrap(), Some(TokenFacts::new(false)));
    assert_eq!(endpoint.introspect("t").await.unwrap_err().reason(), Reason::AnswerIsHtml);
    assert_eq!(endpoint.introspect("t").await.unwrap_err().reason(), Reason::ClientRefused);
    assert_eq!(endpoint.introspect("t").await.unwrap(), None);
}

#[tokio::test]
async fn a_refused_token_is_told_from_a_refused_app_at_the_userinfo_endpoint() {
    for (status, challenge, reason) in [
        (401, r#"Bearer error="invalid_token""#, Reason::GrantRevoked),
        (401, "Bearer", Reason::GrantRevoked),
        (403, r#"Bearer error="insufficient_scope""#, Reason::PermissionMissing),
    ] {
        let world = World::new(|t| t.respond(status, &[("www-authenticate", challenge)], ""));
        let error = world.endpoint(generic()).userinfo(&"t".into()).await.unwrap_err();
        assert_eq!(error.reason(), reason, "{status} {challenge}");
    }
}

#[tokio::test]
async fn a_revocation_is_confirmed_by_the_status_alone() {
    let cases: [(u16, &str, Result<bool, Reason>); 8] = [
        (200, "", Ok(true)),
        (204, "", Ok(true)),
        (200, "ok", Ok(true)),
        (200, r#"{"ok":true}"#, Ok(true)),
        (400, r#"{"error":"unsupported_token_type"}"#, Ok(false)),
        (200, r#"{"error":"unsupported_token_type"}"#, Ok(false)),
        (200, "<html>sign in</html>", Err(Reason::AnswerIsHtml)),
        (200, r#"{"error":"no"}"#, Err(Reason::RefusedWithSuccess)),
    ];
    for (status, body, expected) in cases {
        let world = World::new(|t| t.respond(status, &[], body));
        let result = world.endpoint(generic()).revoke("t", "access_token").await;
        assert_eq!(result.map_err(|error| error.reason()), expected, "{status} {body}");
    }
    let world = World::new(|t| t.respond(503, &[], "").respond(200, &[], ""));
    let endpoint = world.endpoint(generic());
    assert!(world.drive(async move { endpoint.revoke("t", "access_token").await }).await.unwrap());
}
