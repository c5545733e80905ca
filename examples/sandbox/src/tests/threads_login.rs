//! The login of Threads.

use http::Method;
use serde_json::json;

use super::driver::{Bench, REDIRECT, Reply};
use crate::request::encode_form;

const CLIENT: &str = "900100200300601";
const SECRET: &str = "sandbox-threads-app-secret";

async fn authorize(bench: &Bench, client: &str, scope: &str) -> Reply {
    let fields = [
        ("client_id", client),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scope),
        ("sandbox_decision", "allow"),
    ];
    bench.get(&format!("{}/oauth/authorize?{}", bench.endpoints().threads, encode_form(&fields))).await
}

fn exchange_fields(code: &str) -> [(&str, &str); 5] {
    [
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", code),
    ]
}

async fn exchange(bench: &Bench, base: &str, code: &str) -> Reply {
    bench.send(bench.http.post(format!("{base}/oauth/access_token")).form(&exchange_fields(code))).await
}

async fn api(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> Reply {
    bench.get(&format!("{}{path}?{}", bench.endpoints().threads_api, encode_form(fields))).await
}

#[tokio::test]
async fn the_id_of_the_profile_is_a_number_that_a_float_cannot_hold() {
    let bench = Bench::new().await;
    let back = authorize(&bench, CLIENT, "threads_basic threads_content_publish").await;
    assert!(back.header("location").ends_with("#_"));
    assert_eq!(back.redirected("state"), None);
    let code = back.redirected("code").unwrap();
    let answer = exchange(&bench, &bench.endpoints().threads_api, &code).await;
    assert!(answer.text.contains("\"user_id\":17841405793187219"), "{}", answer.text);
    let id = answer.json()["user_id"].as_u64().unwrap();
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the loss is the point"
    )]
    let through_float = id as f64 as u64;
    assert_ne!(through_float, id);

    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("TH"));
    let fields = [("grant_type", "th_exchange_token"), ("client_secret", SECRET), ("access_token", &token)];
    let long = api(&bench, "/access_token", &fields).await.json();
    assert_eq!(long["expires_in"], 5_183_944);
    let long = long["access_token"].as_str().unwrap();
    let url = format!("{}/v1.0/me?fields=id,username,threads_biography", bench.endpoints().threads_api);
    let me = bench.send(bench.http.get(url).bearer_auth(long)).await.json();
    assert_eq!(me, json!({"id": id.to_string(), "username": "sandbox.bakery", "threads_biography": ""}));

    let refresh = [("grant_type", "th_refresh_token"), ("access_token", long)];
    assert_eq!(api(&bench, "/refresh_access_token", &refresh).await.graph_error(), (400, 100, None));
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 86_401})).await;
    assert_eq!(api(&bench, "/refresh_access_token", &refresh).await.status, 200);
    assert!(bench.sandbox.received().violations.is_empty());
}

#[tokio::test]
async fn instagram_and_threads_do_not_take_each_others_things() {
    let bench = Bench::new().await;
    assert_eq!(authorize(&bench, "900100200300501", "threads_basic").await.status, 400);
    assert_eq!(authorize(&bench, CLIENT, "instagram_business_basic").await.status, 400);
    assert_eq!(authorize(&bench, CLIENT, "threads_content_publish").await.status, 400);
    let code = authorize(&bench, CLIENT, "threads_basic").await.redirected("code").unwrap();
    let foreign = exchange(&bench, &bench.endpoints().instagram_api, &code).await;
    assert_eq!(foreign.json()["error_message"], "Invalid platform app");
    let fields = [
        ("client_id", "900100200300501"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "instagram_business_basic"),
        ("sandbox_decision", "allow"),
    ];
    let dialog = format!("{}/oauth/authorize?{}", bench.endpoints().instagram, encode_form(&fields));
    let instagram = bench.get(&dialog).await.redirected("code").unwrap();
    let foreign = exchange(&bench, &bench.endpoints().threads_api, &instagram).await;
    assert_eq!(foreign.json()["error_message"], "Matching code was not found or was already used");
    let answer = exchange(&bench, &bench.endpoints().threads_api, &code).await.json();
    let token = answer["access_token"].as_str().unwrap();
    let url = format!("{}/v26.0/me", bench.endpoints().instagram_api);
    assert_eq!(bench.send(bench.http.get(url).bearer_auth(token)).await.graph_error(), (401, 190, None));
    // Threads has its own version and grant types.
    let fields = [("grant_type", "ig_exchange_token"), ("client_secret", SECRET), ("access_token", token)];
    assert_eq!(api(&bench, "/access_token", &fields).await.graph_error(), (400, 100, None));
    let url = format!("{}/v26.0/me", bench.endpoints().threads_api);
    assert_eq!(bench.send(bench.http.get(url).bearer_auth(token)).await.graph_error(), (400, 2500, None));
}

#[tokio::test]
async fn a_tester_learns_what_a_token_is() {
    let bench = Bench::new().await;
    let mut tokens = Vec::new();
    for scope in ["threads_basic", "threads_basic threads_content_publish"] {
        let code = authorize(&bench, CLIENT, scope).await.redirected("code").unwrap();
        let answer = exchange(&bench, &bench.endpoints().threads_api, &code).await.json();
        tokens.push(answer["access_token"].as_str().unwrap().to_owned());
    }
    let ask = async |tester: &str, token: &str| {
        let url = format!("{}/v1.0/debug_token?input_token={token}", bench.endpoints().threads_api);
        bench.send(bench.http.get(url).bearer_auth(tester)).await
    };
    let [tester, token] = [&tokens[0], &tokens[1]];
    let data = ask(tester, token).await.json()["data"].clone();
    assert_eq!((&data["is_valid"], &data["user_id"]), (&true.into(), &"17841405793187219".into()));
    assert_eq!(data["scopes"], json!(["threads_basic", "threads_content_publish"]));
    assert_eq!(data.get("app_id"), None);
    assert_eq!(ask(tester, "THAAx").await.json()["data"]["is_valid"], false);
    assert_eq!(ask("THAAx", token).await.graph_error(), (401, 190, None));
    bench.control(Method::POST, "/remove-app", &json!({"platform": "threads"})).await;
    assert_eq!(ask(tester, token).await.graph_error(), (401, 190, Some(458)));
    // Instagram has no such place.
    let url = format!("{}/v26.0/debug_token?input_token={token}", bench.endpoints().instagram_api);
    assert_eq!(bench.send(bench.http.get(url).bearer_auth(tester)).await.graph_error(), (400, 2500, None));
}
