//! Answers that are not the usual ones.

use super::*;

#[tokio::test]
async fn trouble_comes_once_and_says_whether_the_request_was_carried_out() {
    for (answer, result, used) in [
        (Answer::unreachable(), Err(TransportErrorKind::Connect), false),
        (Answer::dropped(), Err(TransportErrorKind::Interrupted), true),
        (Answer::endless(), Err(TransportErrorKind::TooLarge), true),
        (Answer::html(), Ok(200), false),
        (Answer::redirect("https://evil.example/"), Ok(302), false),
        (Answer::oauth_error(200, "invalid_grant"), Ok(200), false),
        (Answer::graph_error(190, Some(460)), Ok(400), false),
        (Answer::json(200, "x".repeat(64 * 1024 + 1)), Err(TransportErrorKind::TooLarge), false),
        (Answer::late(Duration::ZERO), Ok(200), true),
    ] {
        let bench = Bench::plain();
        let code = bench.code("read");
        let shown = format!("{answer:?}");
        bench.server.answer_next(ServerEndpoint::Token, answer);
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", "app-1"),
            ("client_secret", "s3cret"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = || {
            Request::post(format!("{ISSUER}/token"))
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body.clone()))
                .unwrap()
        };
        let first = bench.send(request()).await.map(|(status, _)| status);
        assert_eq!(first, result, "{shown}");
        let (second, _) = bench.send(request()).await.unwrap();
        assert_eq!(second, if used { 400 } else { 200 }, "{shown}");
        let arrived = if result == Err(TransportErrorKind::Connect) { 1 } else { 2 };
        assert_eq!(bench.server.requests_to(ServerEndpoint::Token).len(), arrived, "{shown}");
    }
}

#[tokio::test]
async fn a_late_answer_comes_in_its_time_and_a_silent_server_never_answers() {
    for (answer, comes) in [(Answer::late(Duration::from_secs(5)), true), (Answer::never(), false)] {
        let bench = Bench::plain();
        bench.server.answer_next(ServerEndpoint::Other, answer);
        let (server, clock) = (bench.server.clone(), bench.clock.clone());
        let request = Request::get(format!("{ISSUER}/x")).body(Body::default()).unwrap();
        let call = tokio::spawn(async move { server.send(request, &Limits::default()).await });
        while bench.server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        for (passed, done) in [(4_999, false), (1, comes)] {
            clock.advance(Duration::from_millis(passed));
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            assert_eq!(call.is_finished(), done);
        }
        call.abort();
    }
}

#[tokio::test]
async fn the_shapes_are_those_of_the_providers() {
    for (answer, body) in [
        (
            Answer::facebook_token("EAA", Some(5_183_944)),
            serde_json::json!({"access_token": "EAA", "token_type": "bearer", "expires_in": 5_183_944}),
        ),
        (
            Answer::facebook_token("EAA", None),
            serde_json::json!({"access_token": "EAA", "token_type": "bearer"}),
        ),
        (
            Answer::instagram_token("IG", 17_841_405_793_187_218, "instagram_business_basic"),
            serde_json::json!({"data": [{
                "access_token": "IG", "user_id": 17_841_405_793_187_218_u64,
                "permissions": "instagram_business_basic",
            }]}),
        ),
        (
            Answer::linkedin_token("AQV", "email,openid", Some("AQW")),
            serde_json::json!({
                "access_token": "AQV", "expires_in": 5_184_000, "scope": "email,openid", "refresh_token": "AQW",
                "refresh_token_expires_in": 31_536_000,
            }),
        ),
    ] {
        let bench = Bench::plain();
        bench.server.answer_next(ServerEndpoint::Token, answer);
        assert_eq!(bench.post("/v26.0/oauth/access_token", &[("a", "b")]).await, (200, body));
        assert_eq!(bench.server.requests()[0].field("a"), "b");
    }
}

#[tokio::test]
async fn the_providers_paths_lead_to_the_same_endpoints() {
    use ServerEndpoint::{Introspection, Other, Revocation, Token, Userinfo};
    for (path, endpoint) in [
        ("/v26.0/oauth/access_token", Token),
        ("/oauth/v2/accessToken", Token),
        ("/refresh_access_token", Token),
        ("/oauth/v2/introspectToken", Introspection),
        ("/v26.0/debug_token", Introspection),
        ("/oauth/v2/revoke", Revocation),
        ("/v2/userinfo", Userinfo),
        ("/v26.0/me", Userinfo),
        ("/v26.0/me/permissions", Other),
    ] {
        let bench = Bench::plain();
        bench.post(path, &[]).await;
        assert_eq!(bench.server.requests()[0].endpoint, endpoint, "{path}");
    }
}

#[tokio::test]
async fn what_was_received_shows_no_secret_in_debug() {
    let bench = Bench::plain();
    bench.login("read").await;
    let text = format!("{:?} {:?}", bench.server, bench.server.requests());
    assert!(!text.contains("s3cret") && canary::leaks(&text).is_empty(), "{text}");
}
