//! What can go wrong at a token endpoint.

use http::Method;
use serde_json::{Value, json};

use super::{
    driver::{Bench, REDIRECT, Reply},
    facebook_client::{code_for, exchange_fields, token_call},
    linkedin_client,
};
use crate::request::encode_form;

async fn inject(bench: &Bench, path: &str, kind: &str) {
    let fault = json!({"match": {"path_contains": path}, "kind": kind});
    let reply = bench.control(Method::POST, "/faults", &fault).await;
    assert_eq!(reply.status, 200, "{fault}: {}", reply.text);
}

async fn facebook(bench: &Bench) -> Reply {
    let code = code_for(bench, "email").await;
    token_call(bench, &exchange_fields(&code)).await
}

async fn instagram(bench: &Bench) -> Reply {
    let client = ("client_id", "900100200300501");
    let ask = encode_form(&[
        client,
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "instagram_business_basic"),
        ("sandbox_decision", "allow"),
    ]);
    let dialog = format!("{}/oauth/authorize?{ask}", bench.endpoints().instagram);
    let code = bench.get(&dialog).await.redirected("code").unwrap();
    let fields = [
        client,
        ("client_secret", "sandbox-instagram-app-secret"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", code.as_str()),
    ];
    let url = format!("{}/oauth/access_token", bench.endpoints().instagram_api);
    bench.send(bench.http.post(url).form(&fields)).await
}

async fn linkedin(bench: &Bench) -> Reply {
    let code = linkedin_client::code_for(bench, "openid").await;
    linkedin_client::call(bench, "accessToken", &linkedin_client::exchange_fields(&code)).await
}

#[tokio::test]
async fn a_page_comes_instead_of_an_answer() {
    let bench = Bench::new().await;
    for (kind, status) in [("html", 200), ("html_error", 502)] {
        inject(&bench, "/oauth/access_token", kind).await;
        let reply = facebook(&bench).await;
        assert_eq!(reply.status, status, "{kind}");
        assert!(reply.header("content-type").starts_with("text/html") && reply.text.starts_with("<!DOCTYPE"));
    }
}

#[tokio::test]
async fn an_error_comes_with_status_200_and_in_the_platforms_words() {
    let bench = Bench::new().await;
    let path = "ccess";
    inject(&bench, path, "error_with_200").await;
    let reply = facebook(&bench).await;
    assert_eq!((reply.status, &reply.json()["error"]["code"]), (200, &190.into()));
    inject(&bench, path, "error_with_200").await;
    let reply = instagram(&bench).await;
    assert_eq!((reply.status, &reply.json()["error_type"]), (200, &"OAuthException".into()));
    inject(&bench, path, "error_with_200").await;
    let reply = linkedin(&bench).await;
    assert_eq!((reply.status, &reply.json()["error"]), (200, &"invalid_request".into()));
}

#[tokio::test]
async fn instagram_is_throttled_and_breaks_in_flat_words() {
    let bench = Bench::new().await;
    for (kind, status) in [("throttle", 429), ("server_error", 500), ("expired_token", 400)] {
        let fault = json!({"match": {"platform": "instagram"}, "kind": kind, "times": 2});
        bench.control(Method::POST, "/faults", &fault).await;
        let me = bench.get(&format!("{}/v26.0/me", bench.endpoints().instagram_api)).await;
        assert!(me.json()["error"]["code"].is_i64(), "{kind}: {}", me.text);
        let url = format!("{}/oauth/access_token", bench.endpoints().instagram_api);
        let reply = bench.send(bench.http.post(url)).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &status.into()), "{kind}");
    }
}

#[tokio::test]
async fn a_token_is_empty_or_its_end_is_not_told_and_the_code_is_used_up() {
    let bench = Bench::new().await;
    let answers: [(&str, Value); 3] = [
        ("facebook", facebook(&bench).await.json()),
        ("instagram", instagram(&bench).await.json()["data"][0].clone()),
        ("linkedin", linkedin(&bench).await.json()),
    ];
    for (platform, right) in answers {
        for kind in ["empty_token", "no_expiry"] {
            inject(&bench, "ccess", kind).await;
            let reply = match platform {
                "facebook" => facebook(&bench).await,
                "instagram" => instagram(&bench).await,
                _ => linkedin(&bench).await,
            };
            assert_eq!(reply.status, 200, "{platform} {kind}: {}", reply.text);
            let body = reply.json();
            let entry = body.pointer("/data/0").unwrap_or(&body);
            let mut names: Vec<&String> = right.as_object().unwrap().keys().collect();
            match kind {
                "empty_token" => assert_eq!(entry["access_token"], ""),
                _ => names.retain(|name| *name != "expires_in"),
            }
            // Nothing else is different.
            assert_eq!(entry.as_object().unwrap().keys().collect::<Vec<_>>(), names, "{platform} {kind}");
        }
    }
    let code = code_for(&bench, "email").await;
    inject(&bench, "/oauth/access_token", "empty_token").await;
    assert_eq!(token_call(&bench, &exchange_fields(&code)).await.status, 200);
    assert_eq!(token_call(&bench, &exchange_fields(&code)).await.graph_error(), (400, 100, Some(36009)));
}

#[tokio::test]
async fn following_a_redirect_of_a_token_endpoint_is_seen() {
    let bench = Bench::new().await;
    inject(&bench, "/accessToken", "redirect").await;
    let reply = linkedin(&bench).await;
    assert_eq!(reply.status, 307);
    let location = reply.header("location").to_owned();
    assert_eq!(location, format!("{}/redirected", bench.endpoints().linkedin_oauth));
    assert!(bench.sandbox.received().violations.is_empty());

    let careless = reqwest::Client::builder().no_proxy().build().unwrap();
    inject(&bench, "/accessToken", "redirect").await;
    let url = format!("{}/oauth/v2/accessToken", bench.endpoints().linkedin_oauth);
    careless.post(url).form(&[("client_secret", "x")]).send().await.unwrap();
    let violations = bench.sandbox.received().violations;
    assert_eq!((violations[0].rule, violations[0].method.as_str()), ("redirect-followed", "POST"));
}

#[tokio::test]
async fn an_endless_answer_goes_on_for_as_long_as_anybody_reads() {
    let bench = Bench::new().await;
    inject(&bench, "/oauth/access_token", "endless").await;
    let url = format!("{}/v26.0/oauth/access_token", bench.endpoints().graph);
    let mut answer = bench.http.post(url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.content_length()), (200, None));
    let mut read = 0;
    while read < 4 * 1024 * 1024 {
        read += answer.chunk().await.unwrap().expect("it goes on").len();
    }
    drop(answer);
    // Whoever stops reading has a sandbox that works.
    assert_eq!(facebook(&bench).await.status, 200);
}

#[tokio::test]
async fn faults_that_keep_the_effect_take_no_word_about_it() {
    let bench = Bench::new().await;
    for kind in ["slow", "empty_token", "no_expiry"] {
        let mut fault = json!({"kind": kind, "after_effect": true});
        if kind == "slow" {
            fault["ms"] = json!(1);
        }
        assert_eq!(bench.control(Method::POST, "/faults", &fault).await.status, 400, "{kind}");
    }
}
