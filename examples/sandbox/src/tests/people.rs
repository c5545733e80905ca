//! The controls that stand for people: who is logged in, and what they change at the platforms themselves.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, PAGE},
    facebook_client::{inspect, log_in},
    linkedin_client::{self, userinfo},
};
use crate::request::encode_form;

async fn control(bench: &Bench, path: &str, body: Value) -> Value {
    let reply = bench.control(Method::POST, path, &body).await;
    assert_eq!(reply.status, 200, "{path} {body}: {}", reply.text);
    reply.json()
}

/// The id in the token answer of Instagram or Threads.
async fn site_login(bench: &Bench, platform: &str) -> (Value, String) {
    let endpoints = bench.endpoints();
    let (www, api, client, secret, scope) = match platform {
        "instagram" => (
            endpoints.instagram,
            endpoints.instagram_api,
            "900100200300501",
            "sandbox-instagram-app-secret",
            "instagram_business_basic",
        ),
        _ => (
            endpoints.threads,
            endpoints.threads_api,
            "900100200300601",
            "sandbox-threads-app-secret",
            "threads_basic",
        ),
    };
    let redirect = super::driver::REDIRECT;
    let ask = encode_form(&[
        ("client_id", client),
        ("redirect_uri", redirect),
        ("response_type", "code"),
        ("scope", scope),
        ("sandbox_decision", "allow"),
    ]);
    let code = bench.get(&format!("{www}/oauth/authorize?{ask}")).await.redirected("code").unwrap();
    let fields = [
        ("client_id", client),
        ("client_secret", secret),
        ("grant_type", "authorization_code"),
        ("redirect_uri", redirect),
        ("code", code.as_str()),
    ];
    let answer = bench.send(bench.http.post(format!("{api}/oauth/access_token")).form(&fields)).await.json();
    let entry = if platform == "instagram" { answer["data"][0].clone() } else { answer };
    (entry["user_id"].clone(), entry["access_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn another_person_answers_the_dialogs_from_now_on() {
    let bench = Bench::new().await;
    let before = bench.control(Method::GET, "/state", &json!(null)).await.json();
    assert_eq!(before["people"]["meta"], "10160000000000001");
    for (platform, id) in [
        ("meta", "10160000000000002"),
        ("instagram", "17841400000000102"),
        ("threads", "17841405793187221"),
        ("linkedin", "sbx-Bo_02"),
    ] {
        control(&bench, "/person", json!({"platform": platform, "id": id})).await;
    }
    let token = log_in(&bench, "email").await;
    assert_eq!(inspect(&bench, &token).await["user_id"], "10160000000000002");
    assert_eq!(site_login(&bench, "instagram").await.0, "17841400000000102");
    assert_eq!(site_login(&bench, "threads").await.0, 17_841_405_793_187_221_u64);
    let tokens = linkedin_client::log_in(&bench, "openid").await;
    assert_eq!(userinfo(&bench, tokens["access_token"].as_str().unwrap()).await.json()["sub"], "sbx-Bo_02");
    // Tokens without a login are the new person's too.
    let direct = bench.sandbox.linkedin_token(&["openid"]);
    assert_eq!(userinfo(&bench, &direct).await.json()["sub"], "sbx-Bo_02");

    for wrong in [json!({"platform": "meta", "id": "sbx-Bo_02"}), json!({"platform": "linkedin", "id": ""})] {
        let reply = bench.control(Method::POST, "/person", &wrong).await;
        assert_eq!(reply.status, 404, "{wrong}");
        assert!(reply.json()["detail"].as_str().unwrap().contains("known are"));
    }
}

#[tokio::test]
async fn a_permission_goes_without_the_app_being_told() {
    let bench = Bench::new().await;
    let early = json!({"permission": "pages_show_list", "status": "expired"});
    assert_eq!(bench.control(Method::POST, "/permissions", &early).await.status, 404);
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    control(&bench, "/permissions", json!({"permission": "pages_manage_posts", "status": "expired"})).await;
    control(&bench, "/permissions", json!({"permission": "email", "status": "declined"})).await;
    let rows = bench.graph_get("/v26.0/me/permissions", &user).await.json()["data"].clone();
    for row in [
        json!({"permission": "pages_manage_posts", "status": "expired"}),
        json!({"permission": "email", "status": "declined"}),
        json!({"permission": "pages_show_list", "status": "granted"}),
    ] {
        assert!(rows.as_array().unwrap().contains(&row), "{row} in {rows}");
    }
    let feed = format!("/v26.0/{PAGE}/feed");
    assert_eq!(
        bench.graph_post(&feed, &page, &json!({"message": "x"})).await.graph_error(),
        (403, 200, None)
    );
    control(&bench, "/permissions", json!({"permission": "pages_manage_posts", "status": "granted"})).await;
    assert_eq!(bench.graph_post(&feed, &page, &json!({"message": "x"})).await.status, 200);
}

#[tokio::test]
async fn a_person_removes_the_app_in_the_settings_of_the_platform() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let member = bench.member_token();
    let (_, instagram) = site_login(&bench, "instagram").await;
    let (_, threads) = site_login(&bench, "threads").await;
    control(&bench, "/remove-app", json!({"platform": "meta"})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.graph_error(), (401, 190, Some(458)));
    // The other platforms know nothing of it.
    assert_eq!(userinfo(&bench, &member).await.status, 200);
    control(&bench, "/remove-app", json!({"platform": "linkedin"})).await;
    assert_eq!(
        userinfo(&bench, &member).await.linkedin_error(),
        (401, "REVOKED_ACCESS_TOKEN".to_owned(), Some(65601))
    );
    let endpoints = bench.endpoints();
    for (platform, url, token) in [
        ("instagram", format!("{}/v26.0/me", endpoints.instagram_api), instagram),
        ("threads", format!("{}/v1.0/me", endpoints.threads_api), threads),
    ] {
        let me = || bench.http.get(&url).bearer_auth(&token);
        assert_eq!(bench.send(me()).await.status, 200, "{platform}");
        control(&bench, "/remove-app", json!({ "platform": platform })).await;
        assert_eq!(bench.send(me()).await.graph_error(), (401, 190, Some(458)), "{platform}");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_tokens_and_not_the_grant() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    control(&bench, "/change-password", json!({"platform": "meta"})).await;
    for token in [&user, &page] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.graph_error(), (401, 190, Some(460)));
    }
    assert_eq!(bench.graph_get("/v26.0/me", &bench.user_token()).await.status, 200);
    let answer = bench.control(Method::POST, "/change-password", &json!({"platform": "linkedin"})).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn tokens_of_each_platform_expire_apart() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let (_, instagram) = site_login(&bench, "instagram").await;
    let me =
        || bench.http.get(format!("{}/v26.0/me", bench.endpoints().instagram_api)).bearer_auth(&instagram);
    control(&bench, "/tokens/expire", json!({"platform": "meta"})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 401);
    assert_eq!(bench.send(me()).await.status, 200);
    control(&bench, "/tokens/expire", json!({"platform": "instagram", "kind": "user"})).await;
    assert_eq!(bench.send(me()).await.graph_error(), (401, 190, Some(463)));
    let wrong = json!({"platform": "threads", "kind": "refresh"});
    assert_eq!(bench.control(Method::POST, "/tokens/expire", &wrong).await.status, 400);
}
