//! What LinkedIn's tokens are worth, for how long, and for whom.

use http::Method;
use serde_json::json;

use super::{
    driver::{Bench, ORGANIZATION, text_post},
    linkedin_client::{CLIENT, SECRET, call, log_in, oauth_error, refresh_fields, userinfo},
};
use crate::{LinkedInApp, SandboxConfig};

const DAY: i64 = 86_400;

async fn introspect(bench: &Bench, token: &str) -> serde_json::Value {
    let fields = [("client_id", CLIENT), ("client_secret", SECRET), ("token", token)];
    call(bench, "introspectToken", &fields).await.json()
}

#[tokio::test]
async fn no_access_token_outlives_the_consent() {
    let bench = Bench::new().await;
    let tokens = log_in(&bench, "openid").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 340 * DAY})).await;
    let renewed = call(&bench, "accessToken", &refresh_fields(refresh)).await.json();
    let life = renewed["expires_in"].as_i64().unwrap();
    assert!((25 * DAY - 60..=25 * DAY).contains(&life), "{life}");
    assert_eq!(renewed["refresh_token_expires_in"], life);
    // The consent is as old as the refresh token, the access token is new.
    let seen = introspect(&bench, renewed["access_token"].as_str().unwrap()).await;
    let age = seen["created_at"].as_i64().unwrap() - seen["authorized_at"].as_i64().unwrap();
    assert!((340 * DAY - 60..=340 * DAY + 60).contains(&age), "{age}");
}

#[tokio::test]
async fn expired_and_revoked_tokens_are_told_apart() {
    let bench = Bench::new().await;
    let tokens = log_in(&bench, "openid").await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 61 * DAY})).await;
    let seen = introspect(&bench, access).await;
    assert_eq!((&seen["active"], &seen["status"]), (&false.into(), &"expired".into()));
    assert_eq!(introspect(&bench, refresh).await["status"], "active");
    let revoke = [("client_id", CLIENT), ("client_secret", SECRET), ("token", refresh)];
    assert_eq!(call(&bench, "revoke", &revoke).await.status, 200);
    assert_eq!(introspect(&bench, refresh).await["status"], "revoked");
    let refused = call(&bench, "accessToken", &refresh_fields(refresh)).await;
    assert_eq!(oauth_error(&refused), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn other_scopes_end_the_tokens_of_that_member_only() {
    let bench = Bench::new().await;
    let ada = log_in(&bench, "openid profile").await;
    let bo = json!({"platform": "linkedin", "id": "sbx-Bo_02"});
    assert_eq!(bench.control(Method::POST, "/person", &bo).await.status, 200);
    let first = log_in(&bench, "openid").await;
    let second = log_in(&bench, "openid email").await;
    let token = |tokens: &serde_json::Value| tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(userinfo(&bench, &token(&ada)).await.json()["sub"], "sbx-Ada_01");
    assert_eq!(userinfo(&bench, &token(&second)).await.json()["email"], "bo@example.com");
    let ended = userinfo(&bench, &token(&first)).await;
    assert_eq!(ended.linkedin_error(), (401, "REVOKED_ACCESS_TOKEN".to_owned(), Some(65601)));
    // The refresh token belongs to the old consent too.
    let refused =
        call(&bench, "accessToken", &refresh_fields(first["refresh_token"].as_str().unwrap())).await;
    assert_eq!(oauth_error(&refused), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn another_member_acts_for_nobody_else() {
    let bench = Bench::new().await;
    let ada = bench.member_token();
    let posted = bench.rest_post("/posts", &ada, &text_post(ORGANIZATION, "ours")).await;
    let post = format!("/posts/{}", posted.header("x-restli-id").replace(':', "%3A"));
    bench.control(Method::POST, "/person", &json!({"platform": "linkedin", "id": "sbx-Bo_02"})).await;
    let bo = bench.member_token();
    for author in [ORGANIZATION, super::driver::MEMBER] {
        let refused = bench.rest_post("/posts", &bo, &text_post(author, "theirs")).await;
        assert_eq!(refused.status, 403, "{author}");
    }
    assert_eq!(bench.rest_get(&post, &bo).await.status, 403);
    assert_eq!(bench.send(bench.rest(Method::DELETE, &post, &bo)).await.status, 403);
    assert_eq!(bench.rest_get(&post, &ada).await.status, 200);
    let own = bench.rest_post("/posts", &bo, &text_post("urn:li:person:sbx-Bo_02", "mine")).await;
    assert_eq!(own.status, 201, "{}", own.text);
    let roles = bench.rest_get("/organizationAcls?q=roleAssignee", &bo).await.json();
    assert_eq!(roles["elements"], json!([]));
}

#[tokio::test]
async fn an_app_of_an_entitled_product_has_tokens_of_its_own() {
    let linkedin = LinkedInApp { client_credentials: true, ..LinkedInApp::default() };
    let bench = Bench::with(SandboxConfig { linkedin, ..SandboxConfig::default() }).await;
    let grant = ("grant_type", "client_credentials");
    let answer =
        call(&bench, "accessToken", &[grant, ("client_id", CLIENT), ("client_secret", SECRET)]).await;
    // The number of seconds comes as text here.
    assert_eq!(answer.json()["expires_in"], "1800");
    assert!(answer.json().get("refresh_token").is_none());
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let seen = introspect(&bench, &token).await;
    assert_eq!((&seen["active"], &seen["auth_type"]), (&true.into(), &"2L".into()));
    assert!(seen.get("scope").is_none());
    let refused = bench.rest_get("/organizationAcls?q=roleAssignee", &token).await;
    assert_eq!(refused.linkedin_error(), (403, "ACCESS_DENIED".to_owned(), Some(100)));
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 1801})).await;
    assert_eq!(introspect(&bench, &token).await["status"], "expired");
}

#[tokio::test]
async fn one_base_address_serves_login_and_api() {
    let bench = Bench::new().await;
    let token = bench.member_token();
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_oauth);
    assert_eq!(bench.send(bench.http.get(url).bearer_auth(&token)).await.json()["sub"], "sbx-Ada_01");
}
