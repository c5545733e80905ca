//! Facebook Login, classic: what the person does not grant, takes back, or is asked for again.

use serde_json::json;
use sociogram::api_core::ErrorKind;
use sociogram::oauth_core::{
    DenialKind, Login, OAuthClient, Reason, ScopeChange, ScopeReport, ScopeRequest, ScopeSet, scope,
};

use super::stage::{Stage, Started, request};

fn posts() -> ScopeSet {
    ScopeSet::from_static(&[scope::PAGES_MANAGE_POSTS])
}

fn insights() -> ScopeSet {
    ScopeSet::from_static(&[scope::READ_INSIGHTS])
}

/// Two scopes that are needed and one that is not.
fn wanted() -> ScopeRequest {
    let required = ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::PAGES_MANAGE_POSTS]);
    ScopeRequest::new(required).with_optional(insights())
}

async fn log_in(stage: &Stage, client: &OAuthClient, declined: &[&str]) -> Login {
    stage.try_log_in(client, request(wanted()), declined).await.unwrap()
}

async fn ask_again(stage: &Stage, client: &OAuthClient, report: &ScopeReport) -> Started {
    stage.start(client, request(wanted()).reconsent(report)).await
}

#[tokio::test]
async fn what_was_declined_is_asked_for_again_and_judged_against_the_whole_request() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let login = log_in(&stage, &client, &[scope::PAGES_MANAGE_POSTS]).await;
    assert_eq!((&login.scopes.declined, &login.scopes.missing), (&posts(), &posts()));
    assert_eq!(login.scopes.to_string(), "pages_manage_posts was declined");
    assert!(!login.tokens.scopes().unwrap().contains(scope::PAGES_MANAGE_POSTS));
    let error = login.require_scopes().unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::ScopesMissing, ErrorKind::Permission));
    assert!(error.to_string().contains(scope::PAGES_MANAGE_POSTS), "{error}");
    let report = error.scope_report().unwrap();

    // Asking once more in the usual way shows the person nothing.
    let same = log_in(&stage, &client, &[]).await;
    assert_eq!(same.scopes.declined, posts());

    let started = ask_again(&stage, &client, report).await;
    assert_eq!(started.asks("scope").as_deref(), Some("pages_manage_posts"));
    assert_eq!(started.asks("auth_type").as_deref(), Some("rerequest"));
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    assert_eq!(login.scopes.requested, wanted());
    assert!(login.scopes.is_complete(), "{}", login.scopes);
    let login = login.require_scopes().unwrap();
    // The new token has what was granted the first time too.
    assert!(login.facts.unwrap().scopes.unwrap().missing(&wanted().all()).is_empty());
    stage.no_violations();
}

#[tokio::test]
async fn declining_once_more_is_told_once_more() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let first = log_in(&stage, &client, &[scope::PAGES_MANAGE_POSTS]).await;
    let started = ask_again(&stage, &client, &first.scopes).await;
    let second = stage.finish(&client, &started, &[scope::PAGES_MANAGE_POSTS]).await.unwrap();
    assert_eq!(second.scopes.declined, posts());
    assert_eq!(second.require_scopes().unwrap_err().reason(), Reason::ScopesMissing);

    let started = ask_again(&stage, &client, &first.scopes).await;
    let query = stage.decide(&started, "not_now", &[]).await;
    let mark = stage.mark();
    let error = stage.complete(&client, &started, &query).await.unwrap_err();
    assert_eq!((error.reason(), error.denial().unwrap().kind()), (Reason::Denied, DenialKind::Cancelled));
    assert_eq!(stage.mark(), mark);
    stage.no_violations();
}

#[tokio::test]
async fn a_login_without_an_optional_scope_is_good_enough() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let login = log_in(&stage, &client, &[scope::READ_INSIGHTS]).await;
    assert!(login.scopes.is_sufficient() && !login.scopes.is_complete());
    assert_eq!(
        (login.scopes.missing_required(), login.scopes.missing_optional()),
        (ScopeSet::new(), insights())
    );
    assert_eq!(login.scopes.to_string(), "read_insights (optional) was declined");
    login.require_scopes().unwrap();
    stage.no_violations();
}

#[tokio::test]
async fn a_permission_that_expired_or_was_taken_back_is_seen_and_comes_back() {
    let stage = Stage::new().await;
    let client = stage.facebook();
    let login = log_in(&stage, &client, &[scope::READ_INSIGHTS]).await;
    let before = login.facts.clone().unwrap().scopes.unwrap();

    stage
        .control("permissions", &json!({"permission": scope::PAGES_MANAGE_POSTS, "status": "expired"}))
        .await;
    let permissions = client.permissions(&login.tokens).await.unwrap().unwrap();
    assert_eq!((&permissions.expired, &permissions.declined), (&posts(), &insights()));
    let facts = client.inspect(&login.tokens).await.unwrap().unwrap();
    assert!(facts.active, "the token itself is as good as before");
    assert_eq!(ScopeChange::between(&before, &facts.scopes.unwrap()).lost, posts());

    // The report of the first login is older than the expiry: only the optional scope is asked for, and yet the next
    // report tells of both.
    let started = ask_again(&stage, &client, &login.scopes).await;
    assert_eq!(started.asks("scope").as_deref(), Some("read_insights"));
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    assert_eq!((&login.scopes.missing, &login.scopes.expired), (&posts(), &posts()));
    assert_eq!(login.scopes.to_string(), "pages_manage_posts has expired");

    // What has expired was not declined, so it takes no `rerequest`.
    let started = ask_again(&stage, &client, &login.scopes).await;
    assert_eq!(
        (started.asks("scope").as_deref(), started.asks("auth_type")),
        (Some("pages_manage_posts"), None)
    );
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    assert!(login.scopes.is_complete(), "{}", login.scopes);

    stage.control("permissions", &json!({"permission": scope::PAGES_SHOW_LIST, "status": "declined"})).await;
    let permissions = client.permissions(&login.tokens).await.unwrap().unwrap();
    assert!(permissions.declined.contains(scope::PAGES_SHOW_LIST));
    stage.no_violations();
}
