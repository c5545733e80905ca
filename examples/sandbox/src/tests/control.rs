//! The control API and the server itself.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, ORGANIZATION, PAGE, text_post};
use crate::request::MAX_BODY;
use crate::{RedirectRule, Sandbox, SandboxConfig};

#[tokio::test]
async fn bad_control_input_says_what_to_do() {
    let bench = Bench::new().await;
    let cases: [(Method, &str, Value, u16); 16] = [
        (Method::POST, "/faults", json!({}), 400),
        (Method::POST, "/faults", json!({"kind": "explode"}), 400),
        (Method::POST, "/faults", json!({"kind": "slow"}), 400),
        (Method::POST, "/faults", json!({"kind": "slow", "ms": 1_000_000}), 400),
        (Method::POST, "/faults", json!({"kind": "reset", "ms": 5}), 400),
        (Method::POST, "/faults", json!({"kind": "slow", "ms": 5, "after_effect": true}), 400),
        (Method::POST, "/webhooks", json!({"linkedin": {"url": "https://127.0.0.1/"}}), 400),
        (Method::POST, "/faults", json!({"kind": "reset", "times": 0}), 400),
        (Method::POST, "/faults", json!({"kind": "reset", "match": {"method": "post"}}), 400),
        (Method::POST, "/faults", json!({"kind": "reset", "match": {"host": "x"}}), 400),
        (Method::POST, "/webhooks", json!({"meta": {"url": "https://example.com/"}}), 400),
        (Method::POST, "/clock", json!({"advance_seconds": -1}), 400),
        (Method::POST, "/clock", json!({"advance_seconds": 99_999_999_999_i64}), 400),
        (Method::POST, "/tokens/expire", json!({"platform": "linkedin", "kind": "page"}), 400),
        (Method::PUT, "/state", json!({}), 405),
        (Method::GET, "/nonsense", json!({}), 404),
    ];
    for (method, path, body, status) in cases {
        let reply = bench.control(method.clone(), path, &body).await;
        assert_eq!(reply.status, status, "{method} {path} {body}: {}", reply.text);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!(problem["status"], status);
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
    // A page of another origin can send this without being asked first; JSON it cannot.
    let url = format!("{}/_sandbox/clock", bench.sandbox.url());
    let plain = bench.http.post(&url).header("content-type", "text/plain").body("{\"advance_seconds\":1}");
    assert_eq!(bench.send(plain).await.status, 415);
    assert_eq!(bench.send(bench.http.post(&url).body(vec![b' '; MAX_BODY + 1])).await.status, 413);
}

#[tokio::test]
async fn the_state_shows_everything_but_secrets() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let member = bench.member_token();
    bench.graph_post(&format!("/v26.0/{PAGE}/feed"), &page, &json!({"message": "hello"})).await;
    bench.rest_post("/posts", &member, &text_post(ORGANIZATION, "hello")).await;
    bench.get(&format!("{}/v26.0/me?access_token={user}", bench.endpoints().graph)).await;
    bench.control(Method::POST, "/faults", &json!({"kind": "reset"})).await;
    let reply = bench.control(Method::GET, "/state", &json!(null)).await;
    let state = reply.json();
    assert_eq!(state["facebook_posts"][0]["message"], "hello");
    assert_eq!(state["linkedin_posts"][0]["visible_text"], "hello");
    assert_eq!(state["violations"][0]["rule"], "token-in-query");
    assert_eq!(state["faults"][0]["kind"], "reset");
    assert!(state["calls"].as_array().unwrap().len() >= 4);
    let config = bench.sandbox.config();
    let debug = format!("{:?} {:?}", bench.sandbox, bench.sandbox.received());
    for secret in
        [&user, &page, &member, &config.meta.secret, &config.linkedin.secret, &config.meta.verify_token]
    {
        assert!(!reply.text.contains(secret.as_str()) && !debug.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn expiring_chooses_by_platform_and_kind() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let member = bench.member_token();
    bench.control(Method::POST, "/tokens/expire", &json!({"kind": "page"})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 200);
    assert_eq!(bench.graph_get("/v26.0/me", &page).await.graph_error(), (401, 190, Some(463)));
    bench.control(Method::POST, "/tokens/expire", &json!({})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 401);
    assert_eq!(bench.rest_get("/organizationAcls?q=roleAssignee", &member).await.status, 401);
}

#[tokio::test]
async fn the_clock_moves_tokens_towards_their_end() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 59 * 86_400})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.status, 200);
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 2 * 86_400})).await;
    assert_eq!(bench.graph_get("/v26.0/me", &user).await.graph_error(), (401, 190, Some(463)));
}

#[tokio::test]
async fn it_listens_on_this_machine_only_and_stops() {
    let everywhere = SandboxConfig { bind: ([0, 0, 0, 0], 0).into(), ..SandboxConfig::default() };
    let error = Sandbox::start(everywhere).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1"));
    let abroad =
        SandboxConfig { meta_webhook: Some("https://example.com/".to_owned()), ..SandboxConfig::default() };
    assert!(Sandbox::start(abroad).await.is_err());

    let bench = Bench::new().await;
    let address = bench.sandbox.address();
    let taken = SandboxConfig { bind: address, ..SandboxConfig::default() };
    let error = Sandbox::start(taken).await.unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
    let url = format!("{}/", bench.sandbox.url());
    assert!(bench.get(&url).await.text.contains("/graph"));
    assert_eq!(bench.get(&format!("{url}nonsense")).await.status, 404);
    bench.sandbox.shutdown().await;
    assert!(bench.http.get(&url).send().await.unwrap_err().is_connect());
    let again = SandboxConfig { bind: address, ..SandboxConfig::default() };
    Sandbox::start(again).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn listed_redirects_are_the_only_ones() {
    let redirects = RedirectRule::Listed(vec!["https://app.example/cb".to_owned()]);
    let bench = Bench::with(SandboxConfig { redirects, ..SandboxConfig::default() }).await;
    for (redirect, status) in [("https://app.example/cb", 200), ("http://127.0.0.1/cb", 400)] {
        let query = crate::request::encode_form(&[
            ("client_id", "900100200300400"),
            ("redirect_uri", redirect),
            ("state", "x"),
        ]);
        let page = bench.get(&format!("{}/v26.0/dialog/oauth?{query}", bench.endpoints().facebook)).await;
        assert_eq!(page.status, status, "{redirect}");
    }
}
