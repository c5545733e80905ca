//! Logins with OpenID Connect.

use serde_json::{Value, json};

use super::*;
use crate::client::tests::ISSUER;

fn provider(userinfo: bool) -> Provider {
    let metadata: ProviderMetadata = metadata();
    generic(if userinfo {
        metadata.with_userinfo("https://id.example.com/userinfo").unwrap()
    } else {
        metadata
    })
}

/// Logs in with a token answer that is made from the login's nonce.
async fn log_in(
    provider: Provider,
    scopes: &str,
    answer: impl FnOnce(&str) -> Value,
    userinfo: Option<Value>,
) -> Result<Login, OAuthError> {
    log_in_told(provider, scopes, answer, userinfo.map(|userinfo| (200, userinfo))).await
}

/// The same with the status of the userinfo endpoint.
async fn log_in_told(
    provider: Provider,
    scopes: &str,
    answer: impl FnOnce(&str) -> Value,
    userinfo: Option<(u16, Value)>,
) -> Result<Login, OAuthError> {
    let world = World::new();
    let client = world.client(provider);
    let started = client.start(request(scopes)).await.unwrap();
    let sent = query(&started.url);
    let nonce = sent.get("nonce").cloned().unwrap_or_default();
    let script = world.transport.clone().json(answer(&nonce).to_string());
    if let Some((status, userinfo)) = userinfo {
        let _ = script.respond(status, &[], userinfo.to_string());
    }
    let callback = callback(&format!("code=c&state={}", state(&started)));
    let verified = client.complete(callback, &started.binder, &actor()).await.unwrap();
    world.drive(async move { client.log_in(verified).await }).await
}

fn answer(nonce: &str) -> Value {
    json!({
        "access_token": "t", "token_type": "Bearer",
        "id_token": id_token(&json!({
            "iss": ISSUER, "sub": "user-1", "aud": "app-1", "exp": 4_000_000_000_i64, "nonce": nonce, "name": "Ada",
        })),
    })
}

#[tokio::test]
async fn the_id_token_tells_who_it_was_where_there_is_no_userinfo() {
    let login = log_in(provider(false), "openid email", answer, None).await.unwrap();
    assert_eq!((login.identity.id.as_str(), login.identity.name.as_deref()), ("user-1", Some("Ada")));
    assert_eq!(login.scopes.granted, ScopeSet::parse("openid email"));
    login.require_scopes().unwrap();
}

#[tokio::test]
async fn userinfo_must_name_the_same_user() {
    let same = json!({"sub": "user-1", "name": "Ada L."});
    let login = log_in(provider(true), "openid", answer, Some(same)).await.unwrap();
    assert_eq!(login.identity.name.as_deref(), Some("Ada L."));
    let other = json!({"sub": "user-2"});
    let error = log_in(provider(true), "openid", answer, Some(other)).await.unwrap_err();
    assert_eq!(error.reason(), Reason::SubjectMismatch);
}

#[tokio::test]
async fn a_token_that_is_not_for_the_userinfo_endpoint_is_named_by_the_id_token() {
    let refused = || Some((401, json!({"error": "invalid_token"})));
    let login = log_in_told(provider(true), "openid", answer, refused()).await.unwrap();
    assert_eq!(login.identity.id, "user-1");
    // Nobody else has named it.
    let plain = |_: &str| json!({"access_token": "t"});
    let error = log_in_told(provider(true), "email", plain, refused()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
}

#[tokio::test]
async fn an_id_token_of_another_login_is_refused() {
    let error = log_in(provider(false), "openid", |_| answer("another"), None).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::NonceMismatch, ErrorKind::Rejected));
    assert_eq!(error.user_action(), Reason::NonceMismatch.user_action());
}

#[tokio::test]
async fn an_id_token_must_come_where_openid_was_granted() {
    let without = |scope: Option<&'static str>| move |_: &str| json!({"access_token": "t", "scope": scope});
    for scope in [None, Some("openid email")] {
        let error = log_in(provider(true), "openid email", without(scope), None).await.unwrap_err();
        assert_eq!(error.reason(), Reason::IdTokenInvalid, "{scope:?}");
    }
    // `openid` was not granted, so nobody promised one.
    let userinfo = Some(json!({"sub": "user-1"}));
    let login = log_in(provider(true), "openid email", without(Some("email")), userinfo).await.unwrap();
    assert_eq!(login.require_scopes().unwrap_err().reason(), Reason::ScopesMissing);
    // Nobody asked for one.
    let userinfo = Some(json!({"sub": "user-1"}));
    assert!(log_in(provider(true), "email", without(None), userinfo).await.is_ok());
}

#[tokio::test]
async fn a_hook_may_know_the_account_by_another_id_than_the_subject() {
    let hooks = FakeHooks { identity: Some(Identity::new("account-7")), ..FakeHooks::default() };
    let login = log_in(provider(true).with_hooks(Arc::new(hooks)), "openid", answer, None).await.unwrap();
    assert_eq!(login.identity.id, "account-7");
}

#[tokio::test]
async fn the_plain_exchange_checks_the_nonce_too() {
    let world = World::new();
    let client = world.client(provider(false));
    let verified = world.verified_for(&client, request("openid")).await;
    let _ = world.transport.clone().json(answer("another").to_string());
    assert_eq!(client.exchange(verified).await.unwrap_err().reason(), Reason::NonceMismatch);
}

#[tokio::test]
async fn a_linkedin_login_needs_neither_one_issuer_nor_a_nonce() {
    for issuer in ["https://www.linkedin.com/oauth", "https://www.linkedin.com"] {
        let claims = json!({"iss": issuer, "sub": "782bbtaQ", "aud": "app-1", "exp": 4_000_000_000_i64});
        let answer = json!({"access_token": "t", "scope": "email,openid", "id_token": id_token(&claims)});
        let world = World::scripted(|t| {
            t.json(answer.to_string())
                .json(r#"{"active":true,"client_id":"app-1"}"#)
                .json(r#"{"sub":"782bbtaQ","name":"Ada"}"#)
        });
        let client = world.client(linkedin());
        let verified = world.verified_for(&client, request("openid email")).await;
        let login = client.log_in(verified).await.unwrap();
        assert_eq!(login.identity.id, "782bbtaQ", "{issuer}");
    }
}
