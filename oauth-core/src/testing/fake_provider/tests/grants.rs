//! Codes, tokens, and what ends them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_code_becomes_tokens_that_can_be_looked_up() {
    let bench = Bench::new(|server| server.with_claims("person-1", json!({"name": "Ada"})));
    let tokens = bench.login("openid read").await;
    assert_eq!(
        (text(&tokens, "scope"), tokens["expires_in"].as_u64()),
        ("openid read".to_owned(), Some(3600))
    );
    let access = text(&tokens, "access_token");
    assert!(bench.server.is_active(&access) && bench.server.is_active(&text(&tokens, "refresh_token")));
    assert_eq!(canary::leaks(&access).len(), 1);
    assert_eq!(text(&tokens, "id_token").split('.').count(), 3);

    let secret = [("client_id", "app-1"), ("client_secret", "new"), ("token", access.as_str())];
    let (_, facts) = bench.post("/introspect", &secret).await;
    assert_eq!(
        facts,
        json!({
            "active": true, "client_id": "app-1", "sub": "person-1", "scope": "openid read", "iss": ISSUER,
            "token_type": "Bearer", "iat": 1_767_225_600, "exp": 1_767_229_200,
        })
    );
    let other = [("client_id", "app-2"), ("client_secret", "s3cret"), ("token", access.as_str())];
    assert_eq!(bench.post("/introspect", &other).await, (200, json!({"active": false})));

    let userinfo = |token: &str| {
        let request =
            Request::get(format!("{ISSUER}/userinfo")).header("authorization", format!("Bearer {token}"));
        bench.send(request.body(Body::default()).unwrap())
    };
    assert_eq!(userinfo(&access).await.unwrap(), (200, json!({"sub": "person-1", "name": "Ada"})));
    assert_eq!(userinfo("other").await.unwrap().0, 401);

    bench.clock.advance(Duration::from_secs(3600));
    assert!(!bench.server.is_active(&access));
    assert_eq!(bench.post("/introspect", &secret).await.1, json!({"active": false}));
}

#[tokio::test]
async fn a_code_is_good_once_and_a_second_use_ends_the_first_one_s_tokens() {
    let bench = Bench::plain();
    let code = bench.code("read");
    let (_, tokens) = bench.redeem(&code, &[]).await;
    let (status, refusal) = bench.redeem(&code, &[]).await;
    assert_eq!((status, text(&refusal, "error").as_str()), (400, "invalid_grant"));
    assert!(text(&refusal, "error_description").contains(&code), "a refusal repeats what was sent");
    assert!(!bench.server.is_active(&text(&tokens, "access_token")));
    assert_eq!(bench.refresh(&text(&tokens, "refresh_token")).await.0, 400);
}

#[tokio::test]
async fn a_code_is_bound_to_app_redirect_uri_verifier_and_time() {
    let wrong = "x".repeat(43);
    for change in [
        ("redirect_uri", "https://app.example.com/cb"),
        ("redirect_uri", ""),
        ("client_id", "app-2"),
        ("code_verifier", ""),
        ("code_verifier", &wrong),
        ("code_verifier", "short"),
        ("code", "unknown"),
    ] {
        let bench = Bench::plain();
        let code = bench.code("read");
        let (status, refusal) = bench.redeem(&code, &[change]).await;
        assert_eq!((status, text(&refusal, "error").as_str()), (400, "invalid_grant"), "{change:?}");
        let again = bench.redeem(&code, &[]).await.0;
        assert_eq!(
            again,
            if change.0 == "code" { 200 } else { 400 },
            "an attempt uses the code up: {change:?}"
        );
    }
    let bench = Bench::plain();
    let unasked = bench.code_for(&[]);
    assert_eq!(bench.redeem(&unasked, &[]).await.0, 400, "a verifier without a challenge");
    let plain = bench.code_for(&[]);
    assert_eq!(bench.redeem(&plain, &[("code_verifier", "")]).await.0, 200);
    let ignorant = Bench::new(|server| server.with_pkce(PkceSupport::Unsupported));
    assert_eq!(ignorant.redeem(&ignorant.code("read"), &[("code_verifier", &wrong)]).await.0, 200);
    let late = bench.code("read");
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.redeem(&late, &[]).await.0, 400);
}

#[tokio::test]
async fn an_app_proves_itself_in_the_one_agreed_way() {
    let header = format!("Basic {}", STANDARD.encode("app-1:s3%2Bc+ret"));
    for (agreed, sent, status) in [
        (ClientAuth::Body, "body", 200),
        (ClientAuth::Body, "header", 401),
        (ClientAuth::Body, "none", 401),
        (ClientAuth::Body, "both", 400),
        (ClientAuth::Basic, "body", 401),
        (ClientAuth::Basic, "header", 200),
        (ClientAuth::None, "body", 401),
        (ClientAuth::None, "none", 200),
    ] {
        let app = FakeApp::new("app-1").with_secret("s3+c ret");
        let bench = Bench::new(|server| server.with_app(app).with_client_auth(agreed));
        let mut body = "grant_type=client_credentials&client_id=app-1".to_owned();
        if matches!(sent, "body" | "both") {
            body += "&client_secret=s3%2Bc+ret";
        }
        let mut request = Request::post(format!("{ISSUER}/token"))
            .header("content-type", "application/x-www-form-urlencoded");
        if matches!(sent, "header" | "both") {
            request = request.header("authorization", &header);
        }
        let (got, answer) = bench.send(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert_eq!(got, status, "{agreed:?} {sent}: {answer}");
    }
}

#[tokio::test]
async fn an_app_s_secrets_can_be_replaced_and_a_wrong_one_uses_no_code_up() {
    let bench = Bench::plain();
    let code = bench.code("read");
    bench.server.rotate_secrets("app-1", &["newer"]);
    let (status, refusal) = bench.redeem(&code, &[]).await;
    assert_eq!((status, text(&refusal, "error").as_str()), (401, "invalid_client"));
    assert_eq!(bench.redeem(&code, &[("client_secret", "newer")]).await.0, 200);
}

#[tokio::test]
async fn refresh_tokens_stay_rotate_with_grace_or_rotate_strictly() {
    let stays = Bench::new(|server| server.with_rotation(Rotation::None));
    let first = text(&stays.login("read").await, "refresh_token");
    for _ in 0..3 {
        let (status, tokens) = stays.refresh(&first).await;
        assert_eq!((status, tokens.get("refresh_token")), (200, None));
    }

    let grace = Bench::new(|server| server.with_rotation(Rotation::Grace(Duration::from_secs(30))));
    let first = text(&grace.login("read").await, "refresh_token");
    let second = text(&grace.refresh(&first).await.1, "refresh_token");
    grace.clock.advance(Duration::from_secs(29));
    assert_eq!(grace.refresh(&first).await.0, 200);
    grace.clock.advance(Duration::from_secs(1));
    assert_eq!(grace.refresh(&first).await.0, 400);
    assert_eq!(grace.refresh(&second).await.0, 400, "reuse ends the family");

    let strict = Bench::plain();
    let tokens = strict.login("read").await;
    let first = text(&tokens, "refresh_token");
    let (_, renewed) = strict.refresh(&first).await;
    assert!(strict.server.is_active(&text(&renewed, "access_token")));
    assert_eq!(strict.refresh(&first).await.0, 400);
    for token in ["access_token", "refresh_token"] {
        assert!(!strict.server.is_active(&text(&renewed, token)), "{token} survived the reuse");
    }
    assert!(!strict.server.is_active(&text(&tokens, "access_token")));
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_app_and_gives_no_more_than_was_granted() {
    let bench = Bench::new(|server| server.with_rotation(Rotation::None));
    let refresh = text(&bench.login("read write").await, "refresh_token");
    let ask = |app, scope| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", app),
            ("client_secret", "s3cret"),
            ("refresh_token", refresh.as_str()),
            ("scope", scope),
        ];
        let bench = &bench;
        async move { bench.post("/token", &fields).await }
    };
    assert_eq!(text(&ask("app-2", "read").await.1, "error"), "invalid_grant");
    assert_eq!(text(&ask("app-1", "read").await.1, "scope"), "read");
    assert_eq!(text(&ask("app-1", "read admin").await.1, "error"), "invalid_scope");
}

#[tokio::test]
async fn a_revoked_access_token_ends_alone_and_a_refresh_token_takes_all_with_it() {
    let bench = Bench::plain();
    let tokens = bench.login("read").await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let revoke = async |app: &str, token: &str| {
        let secret = [("client_id", app), ("client_secret", "s3cret"), ("token", token)];
        bench.post("/revoke", &secret).await.0
    };
    assert_eq!(revoke("app-2", &access).await, 200);
    assert_eq!(revoke("app-1", "unknown").await, 200);
    assert!(bench.server.is_active(&access));
    revoke("app-1", &access).await;
    assert!(!bench.server.is_active(&access) && bench.server.is_active(&refresh));

    let (access, refresh) = {
        let tokens = bench.login("read").await;
        (text(&tokens, "access_token"), text(&tokens, "refresh_token"))
    };
    revoke("app-1", &refresh).await;
    assert!(!bench.server.is_active(&access) && !bench.server.is_active(&refresh));

    let access = text(&bench.login("read").await, "access_token");
    bench.server.withdraw("person-1");
    assert!(!bench.server.is_active(&access));
}

#[tokio::test]
async fn an_app_s_own_token_has_no_person_and_no_refresh_token() {
    let bench = Bench::plain();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "app-1"),
        ("client_secret", "new"),
        ("scope", "ads"),
    ];
    let (_, tokens) = bench.post("/token", &fields).await;
    assert_eq!((text(&tokens, "scope").as_str(), tokens.get("refresh_token")), ("ads", None));
    let secret = [
        ("client_id", "app-1"),
        ("client_secret", "new"),
        ("token", tokens["access_token"].as_str().unwrap()),
    ];
    assert_eq!(bench.post("/introspect", &secret).await.1.get("sub"), None);
}

#[tokio::test]
async fn a_request_that_is_no_clean_form_is_refused() {
    let bench = Bench::plain();
    let get = Request::get(format!("{ISSUER}/token?grant_type=client_credentials")).body(Body::default());
    assert_eq!(text(&bench.send(get.unwrap()).await.unwrap().1, "error"), "invalid_request");
    let json = Request::post(format!("{ISSUER}/token")).header("content-type", "application/json");
    let json = json.body(Body::from("{}".to_owned())).unwrap();
    assert_eq!(text(&bench.send(json).await.unwrap().1, "error"), "invalid_request");
    let twice = [("grant_type", "client_credentials"), ("client_id", "app-1"), ("client_id", "app-1")];
    assert_eq!(text(&bench.post("/token", &twice).await.1, "error"), "invalid_request");
    let other = [("grant_type", "password"), ("client_id", "app-1"), ("client_secret", "new")];
    assert_eq!(text(&bench.post("/token", &other).await.1, "error"), "unsupported_grant_type");
}
