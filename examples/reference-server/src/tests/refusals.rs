//! Tokens that a platform refuses.

use http::Method;
use serde_json::{Value, json};

use super::driver::Bench;

/// Lets something happen at the sandbox.
async fn at_the_platform(bench: &Bench, what: &str, body: &Value) {
    let url = format!("{}/_sandbox/{what}", bench.sandbox().url());
    let reply = bench.send(bench.browser.client.request(Method::POST, url).json(body)).await;
    assert!((200..300).contains(&reply.status), "{}", reply.text);
}

async fn shown(bench: &Bench, provider: &str) -> Value {
    let all = bench.json("/api/connections").await;
    let of = |connection: &&Value| connection["provider"] == provider;
    all["connections"].as_array().unwrap().iter().find(of).unwrap().clone()
}

#[tokio::test]
async fn a_refused_token_is_checked_at_the_platform_which_says_why() {
    let bench = Bench::connected().await;
    for (provider, platform, what, reason) in [
        ("facebook", "meta", "change-password", "the password was changed"),
        ("linkedin", "linkedin", "tokens/expire", "the provider no longer accepts the token"),
    ] {
        let id = bench.connection(provider).await;
        at_the_platform(&bench, what, &json!({"platform": platform})).await;
        // Graph says 190, LinkedIn 401: the client reports it, and the vault asks.
        let refused = bench.get(&format!("/api/connections/{id}/accounts")).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let connection = shown(&bench, provider).await;
        assert_eq!(connection["needs_login"], true, "{connection}");
        assert_eq!((&connection["state"], &connection["reason"]), (&"needs_reauth".into(), &reason.into()));
        // From now on nobody asks the platform for it.
        let calls = bench.received().calls.len();
        assert_eq!(bench.get(&format!("/api/connections/{id}/accounts")).await.status, 409);
        assert_eq!(bench.received().calls.len(), calls);
    }
}
