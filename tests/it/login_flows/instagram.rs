//! Instagram Login: a code, a token of an hour, one of 60 days, and its renewal.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sociogram::api_core::Clock;
use sociogram::meta_graph::{self, GraphHost};
use sociogram::oauth_core::{
    OAuthClient, Provider, Reason, Refresh, RefreshErrorKind, Renewal, Revocation, ScopeRequest, ScopeSet,
    StandardHooks, TokenKind, scope,
};
use sociogram_sandbox::{InstagramApp, SandboxConfig};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, base, request};

const SCOPES: &[&str] = &[scope::INSTAGRAM_BUSINESS_BASIC, scope::INSTAGRAM_BUSINESS_CONTENT_PUBLISH];

fn scopes() -> ScopeSet {
    ScopeSet::from_static(SCOPES)
}

/// In one of the two shapes in which Instagram answers a code.
async fn stage(flat_answers: bool) -> Stage {
    let instagram = InstagramApp { flat_answers, ..InstagramApp::default() };
    Stage::with(SandboxConfig { instagram, ..SandboxConfig::default() }).await
}

fn client_of(stage: &Stage, provider: Provider) -> OAuthClient {
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().instagram);
    let provider = provider
        .with_authorize_base(&base(&endpoints.instagram))
        .with_token_base(&base(&endpoints.instagram_api));
    stage.client(provider, &app.id, &app.secret)
}

fn client(stage: &Stage) -> OAuthClient {
    let api = Stage::site(GraphHost::Instagram, &stage.sandbox.endpoints().instagram_api);
    client_of(stage, meta_graph::oauth::instagram(&api))
}

#[tokio::test]
async fn a_login_reads_both_shapes_of_the_answer() {
    for flat in [false, true] {
        let stage = stage(flat).await;
        let client = client(&stage);
        let started = stage.start(&client, request(scopes())).await;
        let asked = "instagram_business_basic,instagram_business_content_publish";
        assert_eq!(started.asks("scope").as_deref(), Some(asked));
        assert_eq!(started.asks("code_challenge"), None);
        let login = stage.finish(&client, &started, &[]).await.unwrap();
        let calls = [
            "POST instagram-api/oauth/access_token",
            "GET instagram-api/access_token",
            "GET instagram-api/v26.0/me",
        ];
        assert_eq!(stage.calls_since(0), calls, "flat: {flat}");
        assert_eq!(login.tokens.kind(), TokenKind::InstagramUser);
        let left = login.tokens.expiry().remaining(stage.clock.now());
        assert_eq!(left, Some(Duration::from_secs(META_SIXTY_DAYS)));
        // The professional account, by which webhooks name it too, and not the id of the token answer.
        let account = &stage.sandbox.world().instagram[0];
        assert_eq!(
            (&login.identity.id, login.identity.username.as_ref()),
            (&account.user_id, Some(&account.username))
        );
        assert!(login.scopes.is_complete() && login.scopes.extra.is_empty(), "flat {flat}: {}", login.scopes);
        assert_eq!(login.tokens.scopes(), Some(&scopes()));
        stage.no_violations();
    }
}

#[tokio::test]
async fn what_was_declined_stands_in_the_answer_to_the_code() {
    for flat in [false, true] {
        let stage = stage(flat).await;
        let client = client(&stage);
        let publish = ScopeSet::from_static(&[scope::INSTAGRAM_BUSINESS_CONTENT_PUBLISH]);
        let login = stage.try_log_in(&client, request(scopes()), &[SCOPES[1]]).await.unwrap();
        assert_eq!((&login.scopes.missing, login.scopes.declined.is_empty()), (&publish, true));
        let error = login.require_scopes().unwrap_err();
        assert_eq!(error.reason(), Reason::ScopesMissing);

        // Grants do not add up here, so the whole request goes out again.
        let again = request(scopes()).reconsent(error.scope_report().unwrap());
        let started = stage.start(&client, again).await;
        assert_eq!(started.asks("scope"), Some(scopes().join(',')));
        assert!(stage.finish(&client, &started, &[]).await.unwrap().scopes.is_complete());
        stage.no_violations();
    }
}

#[tokio::test]
async fn without_hooks_the_token_answer_says_whose_it_is() {
    for flat in [false, true] {
        let stage = stage(flat).await;
        let client = client_of(&stage, Provider::instagram(Arc::new(StandardHooks::new())));
        let login = stage.log_in(&client, ScopeRequest::new(scopes())).await;
        assert_eq!(login.identity.id, stage.sandbox.world().instagram[0].id, "flat: {flat}");
        stage.no_violations();
    }
}

#[tokio::test]
async fn a_token_is_renewed_from_its_second_day_on() {
    let stage = stage(false).await;
    let client = client(&stage);
    let first = stage.log_in(&client, scopes()).await.tokens;
    assert_eq!(first.renewal(client.rotation()), Renewal::WhileValid { min_age: Duration::from_secs(DAY) });

    let mark = stage.mark();
    stage.pass(DAY - 60).await;
    let error = client.refresh(&first).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (RefreshErrorKind::Throttled, Some(Duration::from_secs(60)))
    );
    assert_eq!(stage.mark(), mark, "nothing was sent");

    stage.pass(120).await;
    let second = client.refresh(&first).await.unwrap();
    assert_eq!(stage.calls_since(mark), ["GET instagram-api/refresh_access_token"]);
    assert_eq!((second.kind(), second.scopes()), (TokenKind::InstagramUser, Some(&scopes())));
    assert!(stage.ends_in(second.expiry(), META_SIXTY_DAYS));
    // The age counts anew.
    assert_eq!(client.refresh(&second).await.unwrap_err().kind(), RefreshErrorKind::Throttled);

    stage.pass(61 * DAY).await;
    let mark = stage.mark();
    assert_eq!(client.refresh(&second).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(client.revoke(&second).await.unwrap(), Revocation::NotOffered);
    assert_eq!(stage.mark(), mark);
    stage.no_violations();
}

#[tokio::test]
async fn a_code_lives_an_hour_and_a_removed_app_renews_nothing() {
    let stage = stage(false).await;
    let client = client(&stage);
    let started = stage.start(&client, request(scopes())).await;
    let query = stage.decide(&started, "allow", &[]).await;
    let verified = stage.complete(&client, &started, &query).await.unwrap();
    stage.pass(3590).await;
    let tokens = client.log_in(verified).await.unwrap().tokens;

    let started = stage.start(&client, request(scopes())).await;
    let query = stage.decide(&started, "allow", &[]).await;
    let verified = stage.complete(&client, &started, &query).await.unwrap();
    stage.pass_at_the_platforms(3601).await;
    let mark = stage.mark();
    let error = client.log_in(verified).await.unwrap_err();
    assert_eq!(error.reason(), Reason::CodeRefused, "{error}");
    assert_eq!(stage.calls_since(mark), ["POST instagram-api/oauth/access_token"]);

    stage.pass(2 * DAY).await;
    stage.control("remove-app", &json!({"platform": "instagram"})).await;
    assert_eq!(client.refresh(&tokens).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    stage.no_violations();
}
