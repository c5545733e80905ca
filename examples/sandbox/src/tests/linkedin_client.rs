//! A login at LinkedIn, step by step.

use super::driver::{Bench, REDIRECT, Reply};

pub(super) const CLIENT: &str = "86sandboxclient";
pub(super) const SECRET: &str = "sandbox-linkedin-client-secret";

pub(super) fn dialog_fields(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("state", "s t"),
        ("scope", scope),
    ]
}

pub(super) async fn decide(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    let url = format!("{}/oauth/v2/authorization", bench.endpoints().linkedin_oauth);
    bench.send(bench.http.post(url).form(fields)).await
}

pub(super) async fn code_for(bench: &Bench, scope: &str) -> String {
    let mut fields = dialog_fields(scope);
    fields.push(("decision", "allow"));
    decide(bench, &fields).await.redirected("code").unwrap()
}

pub(super) async fn call(bench: &Bench, endpoint: &str, fields: &[(&str, &str)]) -> Reply {
    let url = format!("{}/oauth/v2/{endpoint}", bench.endpoints().linkedin_oauth);
    bench.send(bench.http.post(url).form(fields)).await
}

pub(super) fn exchange_fields(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("redirect_uri", REDIRECT),
    ]
}

pub(super) fn refresh_fields(token: &str) -> Vec<(&str, &str)> {
    vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ]
}

pub(super) fn oauth_error(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert!(body["error_description"].is_string());
    (reply.status, body["error"].as_str().unwrap().to_owned())
}

/// The token answer of a whole login, with the member agreeing.
pub(super) async fn log_in(bench: &Bench, scope: &str) -> serde_json::Value {
    let code = code_for(bench, scope).await;
    call(bench, "accessToken", &exchange_fields(&code)).await.json()
}

/// Status of userinfo with a token.
pub(super) async fn userinfo(bench: &Bench, token: &str) -> Reply {
    let url = format!("{}/v2/userinfo", bench.endpoints().linkedin_api);
    bench.send(bench.http.get(url).bearer_auth(token)).await
}
