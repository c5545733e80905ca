//! LinkedIn's consent page and token endpoints.

use http::Method;
use serde_json::json;

use super::{
    driver::Bench,
    linkedin_client::{
        CLIENT, SECRET, call, code_for, decide, dialog_fields, exchange_fields, oauth_error, refresh_fields,
    },
};
use crate::{LinkedInApp, SandboxConfig, request::encode_form};

#[tokio::test]
async fn login_gives_tokens_and_userinfo() {
    let bench = Bench::new().await;
    let scope = "openid profile email w_member_social";
    let query = encode_form(&dialog_fields(scope));
    let page =
        bench.get(&format!("{}/oauth/v2/authorization?{query}", bench.endpoints().linkedin_oauth)).await;
    assert!(
        page.status == 200 && page.text.contains("id=\"allow\"") && page.text.contains("w_member_social")
    );
    let mut fields = dialog_fields(scope);
    fields.push(("decision", "allow"));
    let back = decide(&bench, &fields).await;
    assert_eq!(back.redirected("state").as_deref(), Some("s t"));
    let code = back.redirected("code").unwrap();
    let tokens = call(&bench, "accessToken", &exchange_fields(&code)).await.json();
    assert_eq!(tokens["expires_in"], 5_184_000);
    assert_eq!(tokens["refresh_token_expires_in"], 31_536_000);
    assert_eq!(tokens["scope"], "openid,profile,email,w_member_social");
    let token = tokens["access_token"].as_str().unwrap();
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
    let info = bench.send(bench.http.get(url).bearer_auth(token)).await;
    for name in ["x-li-uuid", "x-li-request-id", "x-li-fabric"] {
        assert!(!info.header(name).is_empty());
    }
    let info = info.json();
    assert_eq!((&info["sub"], &info["email"]), (&"sbx-Ada_01".into(), &"ada@example.com".into()));
    assert_eq!(call(&bench, "accessToken", &exchange_fields(&code)).await.status, 401);
}

#[tokio::test]
async fn a_browser_that_cannot_post_decides_in_the_query() {
    let bench = Bench::new().await;
    for (decision, name) in [("allow", "code"), ("cancel", "error")] {
        let mut fields = dialog_fields("openid");
        fields.push(("sandbox_decision", decision));
        let url =
            format!("{}/oauth/v2/authorization?{}", bench.endpoints().linkedin_oauth, encode_form(&fields));
        assert!(bench.get(&url).await.redirected(name).is_some(), "{decision}");
    }
}

#[tokio::test]
async fn refusals_go_back_with_linkedins_words() {
    let bench = Bench::new().await;
    let cases = [
        (vec![("decision", "cancel")], "openid", "user_cancelled_authorize"),
        (vec![("decision", "cancel_login")], "openid", "user_cancelled_login"),
        (vec![("decision", "allow")], "r_liteprofile", "unauthorized_scope_error"),
        (vec![("decision", "allow")], "openid,profile", "unauthorized_scope_error"),
        (vec![("decision", "allow")], "", "invalid_request"),
        (vec![("decision", "allow"), ("code_challenge", "x")], "openid", "invalid_request"),
    ];
    for (more, scope, error) in cases {
        let mut fields = dialog_fields(scope);
        fields.extend(more);
        let back = decide(&bench, &fields).await;
        assert_eq!(back.redirected("error").as_deref(), Some(error), "{scope}");
        assert_eq!(back.redirected("state").as_deref(), Some("s t"));
        assert!(back.redirected("error_description").is_some() && back.redirected("code").is_none());
    }
    for (name, value) in [
        ("client_id", "x"),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "http://127.0.0.1/#x"),
    ] {
        let mut fields = dialog_fields("openid");
        fields.retain(|(known, _)| *known != name);
        fields.extend([(name, value), ("decision", "allow")]);
        let page = decide(&bench, &fields).await;
        assert!(page.status == 400 && !page.headers.contains_key("location"), "{name}={value}");
    }
}

#[tokio::test]
async fn the_token_endpoint_is_as_strict_as_linkedins() {
    let bench = Bench::new().await;
    let code = code_for(&bench, "openid").await;
    let mut cases: Vec<(&str, &str, (u16, &str))> = vec![
        ("code", "AQnonsense", (401, "invalid_request")),
        ("redirect_uri", "http://127.0.0.1:9/callback", (400, "invalid_redirect_uri")),
        ("client_secret", "wrong", (401, "invalid_client")),
        ("client_id", "wrong", (401, "invalid_client_id")),
        ("code_verifier", "x", (401, "invalid_client")),
        ("grant_type", "client_credentials", (401, "access_denied")),
        ("grant_type", "password", (400, "invalid_request")),
    ];
    for name in ["grant_type", "code", "client_id", "client_secret", "redirect_uri"] {
        cases.push((name, "", (400, "invalid_request")));
    }
    for (name, value, (status, error)) in cases {
        let mut fields = exchange_fields(&code);
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let reply = call(&bench, "accessToken", &fields).await;
        assert_eq!(oauth_error(&reply), (status, error.to_owned()), "{name}={value}");
        assert!(
            !value.is_empty() || reply.json()["error_description"].as_str().unwrap().contains(name),
            "{name}"
        );
    }
    let url = format!("{}/oauth/v2/accessToken", bench.endpoints().linkedin_oauth);
    let query = encode_form(&exchange_fields(&code));
    assert_eq!(oauth_error(&bench.get(&format!("{url}?{query}")).await), (400, "invalid_request".to_owned()));
    let fields: serde_json::Map<String, serde_json::Value> =
        exchange_fields(&code).into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let as_json = bench.send(bench.http.post(&url).json(&fields)).await;
    assert_eq!(oauth_error(&as_json), (400, "invalid_request".to_owned()));

    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 1801})).await;
    let late = call(&bench, "accessToken", &exchange_fields(&code)).await;
    assert_eq!(oauth_error(&late), (400, "invalid_redirect_uri".to_owned()));
}

#[tokio::test]
async fn refreshing_never_extends_the_year() {
    let bench = Bench::new().await;
    let code = code_for(&bench, "openid").await;
    let tokens = call(&bench, "accessToken", &exchange_fields(&code)).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 100 * 86_400})).await;
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
    let userinfo = async |token: &str| bench.send(bench.http.get(&url).bearer_auth(token)).await;
    let old = tokens["access_token"].as_str().unwrap();
    assert_eq!(userinfo(old).await.linkedin_error(), (401, "EXPIRED_ACCESS_TOKEN".to_owned(), Some(65602)));
    let renewed = call(&bench, "accessToken", &refresh_fields(refresh)).await.json();
    assert_eq!(renewed["refresh_token"], refresh);
    let left = renewed["refresh_token_expires_in"].as_i64().unwrap();
    assert!((265 * 86_400 - 60..=265 * 86_400).contains(&left), "{left}");
    assert_eq!(userinfo(renewed["access_token"].as_str().unwrap()).await.status, 200);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 266 * 86_400})).await;
    for bad in [refresh, old, "AQx", ""] {
        let reply = call(&bench, "accessToken", &refresh_fields(bad)).await;
        assert_eq!(oauth_error(&reply), (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn an_app_without_refresh_gets_no_refresh_token() {
    let linkedin = LinkedInApp { refresh_tokens: false, ..LinkedInApp::default() };
    let bench = Bench::with(SandboxConfig { linkedin, ..SandboxConfig::default() }).await;
    let code = code_for(&bench, "openid").await;
    let tokens = call(&bench, "accessToken", &exchange_fields(&code)).await.json();
    assert!(tokens.get("refresh_token").is_none() && tokens.get("refresh_token_expires_in").is_none());
}

#[tokio::test]
async fn agreeing_to_other_scopes_ends_the_tokens_of_before() {
    let bench = Bench::new().await;
    let mut tokens = Vec::new();
    for scope in ["openid profile", "profile openid", "openid"] {
        let code = code_for(&bench, scope).await;
        let body = call(&bench, "accessToken", &exchange_fields(&code)).await.json();
        tokens.push(body["access_token"].as_str().unwrap().to_owned());
        let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
        let mut alive = Vec::new();
        for token in &tokens {
            alive.push(bench.send(bench.http.get(&url).bearer_auth(token)).await.status == 200);
        }
        match scope {
            "openid profile" => assert_eq!(alive, [true]),
            "profile openid" => assert_eq!(alive, [true, true]),
            _ => assert_eq!(alive, [false, false, true]),
        }
    }
}

#[tokio::test]
async fn introspection_and_revocation() {
    let bench = Bench::new().await;
    let token = bench.sandbox.linkedin_token(&["openid", "profile"]);
    let fields = |token| vec![("client_id", CLIENT), ("client_secret", SECRET), ("token", token)];
    let seen = call(&bench, "introspectToken", &fields(&token)).await.json();
    assert_eq!(
        (&seen["active"], &seen["status"], &seen["auth_type"]),
        (&true.into(), &"active".into(), &"3L".into())
    );
    assert_eq!(seen["scope"], "openid,profile");
    assert_eq!(seen["expires_at"].as_i64().unwrap() - seen["created_at"].as_i64().unwrap(), 5_184_000);
    let foreign = call(&bench, "introspectToken", &fields("AQsomebodyelses")).await;
    assert_eq!((foreign.status, foreign.json()), (200, json!({"active": false})));

    let revoked = call(&bench, "revoke", &fields(&token)).await;
    assert_eq!((revoked.status, revoked.text.as_str()), (200, ""));
    assert_eq!(call(&bench, "introspectToken", &fields(&token)).await.json()["status"], "revoked");
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
    let dead = bench.send(bench.http.get(url).bearer_auth(&token)).await;
    assert_eq!(dead.linkedin_error(), (401, "REVOKED_ACCESS_TOKEN".to_owned(), Some(65601)));

    for endpoint in ["introspectToken", "revoke"] {
        let mut wrong = fields(&token);
        wrong[1].1 = "wrong";
        assert_eq!(oauth_error(&call(&bench, endpoint, &wrong).await), (401, "invalid_client".to_owned()));
        let missing = &fields(&token)[..2];
        assert_eq!(oauth_error(&call(&bench, endpoint, missing).await), (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn the_older_profile_has_a_permission_of_its_own() {
    let bench = Bench::new().await;
    for (scopes, status) in [(["r_basicprofile"], 200), (["openid"], 403)] {
        let token = bench.sandbox.linkedin_token(&scopes);
        let me = bench.rest_get("/me", &token).await;
        assert_eq!(me.status, status, "{}", me.text);
        if status == 200 {
            let body = me.json();
            assert_eq!((&body["id"], &body["localizedFirstName"]), (&"sbx-Ada_01".into(), &"Ada".into()));
        } else {
            assert_eq!(me.linkedin_error(), (403, "ACCESS_DENIED".to_owned(), Some(100)));
        }
    }
}
