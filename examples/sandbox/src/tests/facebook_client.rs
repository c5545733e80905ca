//! A login at Facebook, step by step.

use serde_json::Value;

use super::driver::{Bench, REDIRECT, Reply};
use crate::request::encode_form;

pub(super) const CLIENT: &str = "900100200300400";
pub(super) const SECRET: &str = "sandbox-meta-app-secret";

pub(super) fn dialog_fields(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("state", "st/ate =&"),
        ("response_type", "code"),
        ("scope", scope),
    ]
}

pub(super) async fn decide(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    let url = format!("{}/v26.0/dialog/oauth", bench.endpoints().facebook);
    bench.send(bench.http.post(url).form(fields)).await
}

pub(super) async fn code_for(bench: &Bench, scope: &str) -> String {
    let mut fields = dialog_fields(scope);
    fields.push(("decision", "continue"));
    decide(bench, &fields).await.redirected("code").unwrap()
}

pub(super) async fn token_call(bench: &Bench, fields: &[(&str, &str)]) -> Reply {
    let url = format!("{}/v26.0/oauth/access_token?{}", bench.endpoints().graph, encode_form(fields));
    bench.get(&url).await
}

pub(super) fn exchange_fields(code: &str) -> Vec<(&str, &str)> {
    vec![("client_id", CLIENT), ("client_secret", SECRET), ("redirect_uri", REDIRECT), ("code", code)]
}

/// The address of the dialog with these fields.
pub(super) fn dialog(bench: &Bench, fields: &[(&str, &str)]) -> String {
    format!("{}/v26.0/dialog/oauth?{}", bench.endpoints().facebook, encode_form(fields))
}

/// A token of the dialog, with the person agreeing to everything.
pub(super) async fn log_in(bench: &Bench, scope: &str) -> String {
    let code = code_for(bench, scope).await;
    access_token(&token_call(bench, &exchange_fields(&code)).await)
}

pub(super) fn access_token(reply: &Reply) -> String {
    reply.json()["access_token"].as_str().unwrap_or_else(|| panic!("no token: {}", reply.text)).to_owned()
}

/// What `debug_token` says about a token.
pub(super) async fn inspect(bench: &Bench, token: &str) -> Value {
    let query = encode_form(&[("input_token", token)]);
    let url = format!("{}/v26.0/debug_token?{query}", bench.endpoints().graph);
    bench.send(bench.http.get(url).bearer_auth(format!("{CLIENT}|{SECRET}"))).await.json()["data"].clone()
}
