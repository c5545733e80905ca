//! LinkedIn: how tokens are renewed, and how they end.

use std::sync::Arc;

use serde_json::json;
use sociogram::api_core::ErrorKind;
use sociogram::linkedin_api::oauth::linkedin;
use sociogram::linkedin_api::profile::GetUserInfo;
use sociogram::oauth_core::{
    ClientSecret, Expiry, Reason, RedirectUri, Refresh, RefreshErrorKind, Revocation, ScopeRequest, ScopeSet,
    StaticToken, TokenSet, scope,
};
use sociogram_sandbox::{LinkedInApp, SandboxConfig};

use super::stage::{DAY, REDIRECT, Stage, base, request};

fn sign_in() -> ScopeSet {
    ScopeSet::from_static(&[scope::OPENID, scope::PROFILE])
}

fn posting() -> ScopeSet {
    ScopeSet::from_static(&[scope::OPENID, scope::PROFILE, scope::W_MEMBER_SOCIAL])
}

/// Whether the platform takes the token for a call.
async fn works(stage: &Stage, tokens: &TokenSet) -> bool {
    let token = Arc::new(StaticToken::new(tokens.access().clone()));
    match stage.linkedin_api().with_token(token).send(GetUserInfo::new()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Reauthorize, "{error}");
            false
        }
    }
}

fn seconds(expiry: Expiry) -> i64 {
    expiry.at().unwrap().as_unix_seconds()
}

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_and_the_day_it_ends() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let first = stage.log_in(&client, posting()).await.tokens;
    let (consent_ends, mut current) = (seconds(first.refresh_expiry()), first.clone());
    for days in [59, 118, 177, 236, 295, 354] {
        stage.pass(59 * DAY).await;
        let mark = stage.mark();
        let fresh = client.refresh(&current).await.unwrap();
        assert_eq!(stage.calls_since(mark), ["POST linkedin/oauth/v2/accessToken"]);
        assert!(fresh.refresh().unwrap().ct_eq(first.refresh().unwrap()), "day {days}");
        let moved = seconds(fresh.refresh_expiry()).abs_diff(consent_ends);
        assert!(moved <= 15, "day {days}: the end moved by {moved} s");
        assert_eq!(fresh.scopes(), Some(&posting()));
        // No access token outlives the consent.
        assert!(stage.ends_in(fresh.expiry(), 60.min(365 - days) * DAY), "day {days}: {:?}", fresh.expiry());
        assert!(works(&stage, &fresh).await);
        current = fresh;
    }

    // When the year is over, only the person can go on, and nothing is asked.
    stage.pass(12 * DAY).await;
    let mark = stage.mark();
    let error = client.refresh_token(&current).await.unwrap_err();
    assert_eq!((error.reason(), error.kind()), (Reason::NoRefreshToken, ErrorKind::Reauthorize));
    assert_eq!(client.refresh(&current).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(stage.mark(), mark);
    assert!(!works(&stage, &current).await);
    stage.no_violations();
}

#[tokio::test]
async fn an_app_that_is_no_partner_sends_the_person_to_the_login() {
    let linkedin = LinkedInApp { refresh_tokens: false, ..LinkedInApp::default() };
    let stage = Stage::with(SandboxConfig { linkedin, ..SandboxConfig::default() }).await;
    let client = stage.linkedin();
    let tokens = stage.log_in(&client, posting()).await.tokens;
    assert!(tokens.refresh().is_none());
    let mark = stage.mark();
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(stage.mark(), mark);
    stage.no_violations();
}

#[tokio::test]
async fn a_login_with_other_scopes_ends_the_tokens_of_before() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let first = stage.log_in(&client, sign_in()).await;
    let second = stage.log_in(&client, sign_in()).await.tokens;
    assert!(works(&stage, &first.tokens).await && works(&stage, &second).await, "the same set ends nothing");

    // More is wanted now. The whole set is asked for again: a token of the new scope alone would be worth less.
    let wanted = ScopeRequest::new(posting());
    let started = stage.start(&client, request(wanted).reconsent(&first.scopes)).await;
    assert_eq!(started.asks("scope").as_deref(), Some("openid profile w_member_social"));
    assert_eq!(started.asks("auth_type"), None);
    let third = stage.finish(&client, &started, &[]).await.unwrap();
    assert!(third.scopes.is_complete(), "{}", third.scopes);

    for old in [&first.tokens, &second] {
        assert!(!works(&stage, old).await);
        assert!(!client.inspect(old).await.unwrap().unwrap().active);
        assert_eq!(client.refresh(old).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    }
    assert!(works(&stage, &third.tokens).await);
    client.refresh(&third.tokens).await.unwrap();
    stage.no_violations();
}

#[tokio::test]
async fn revoking_ends_the_refresh_token_and_the_access_token() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let tokens = stage.log_in(&client, posting()).await.tokens;
    let mark = stage.mark();
    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    assert_eq!(stage.calls_since(mark), ["POST linkedin/oauth/v2/revoke", "POST linkedin/oauth/v2/revoke"]);
    assert!(!works(&stage, &tokens).await);
    assert!(!client.inspect(&tokens).await.unwrap().unwrap().active);
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed, "a repeat changes nothing");
    stage.no_violations();
}

#[tokio::test]
async fn a_token_of_another_app_is_inactive() {
    let elsewhere = LinkedInApp { id: "86otherclient".to_owned(), ..LinkedInApp::default() };
    let other = Stage::with(SandboxConfig { linkedin: elsewhere, ..SandboxConfig::default() }).await;
    let foreign = other.log_in(&other.linkedin(), posting()).await;
    assert_eq!(foreign.facts.unwrap().client_id.as_deref(), Some("86otherclient"));

    let stage = Stage::new().await;
    let facts = stage.linkedin().inspect(&foreign.tokens).await.unwrap().unwrap();
    assert_eq!((facts.active, facts.client_id), (false, None));
    assert!(!works(&stage, &foreign.tokens).await);
    for stage in [&stage, &other] {
        stage.no_violations();
    }
}

#[tokio::test]
async fn a_member_who_removes_the_app_ends_the_connection() {
    let stage = Stage::new().await;
    let client = stage.linkedin();
    let tokens = stage.log_in(&client, posting()).await.tokens;
    stage.control("remove-app", &json!({"platform": "linkedin"})).await;
    assert!(!client.inspect(&tokens).await.unwrap().unwrap().active);
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(client.permissions(&tokens).await.unwrap(), None);
    stage.no_violations();
}

#[tokio::test]
async fn a_secret_that_is_being_replaced_does_not_cost_a_code_or_a_refresh() {
    let stage = Stage::new().await;
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().linkedin);
    let dialog = base(&endpoints.linkedin_oauth);
    let provider = linkedin(&stage.linkedin_api()).with_authorize_base(&dialog).with_token_base(&dialog);
    // The new secret is in the settings already, and LinkedIn still has the old one.
    let client = stage
        .builder(provider, &app.id, "the-next-secret")
        .previous_client_secret(ClientSecret::new(app.secret.as_str()))
        .redirect_uri(RedirectUri::parse(REDIRECT).unwrap())
        .build()
        .unwrap();
    let tokens = stage.log_in(&client, posting()).await.tokens;
    client.refresh(&tokens).await.unwrap();
    assert_eq!(client.revoke(&tokens).await.unwrap(), Revocation::Confirmed);
    stage.no_violations();
}
