//! Threads: a code, a token of an hour, one of 60 days, and its renewal.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sociogram::meta_graph::oauth::ThreadsHooks;
use sociogram::meta_graph::{self, GraphHost};
use sociogram::oauth_core::{
    OAuthClient, Provider, Reason, Refresh, RefreshErrorKind, Revocation, ScopeSet, StandardHooks,
    StaticToken, TokenKind, scope,
};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, base, request};

fn scopes() -> ScopeSet {
    ScopeSet::from_static(&[scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH])
}

fn client_of(stage: &Stage, provider: Provider) -> OAuthClient {
    let (endpoints, app) = (stage.sandbox.endpoints(), &stage.sandbox.config().threads);
    let provider = provider
        .with_authorize_base(&base(&endpoints.threads))
        .with_token_base(&base(&endpoints.threads_api));
    stage.client(provider, &app.id, &app.secret)
}

fn client(stage: &Stage) -> OAuthClient {
    let api = Stage::site(GraphHost::Threads, &stage.sandbox.endpoints().threads_api);
    client_of(stage, meta_graph::oauth::threads(&api))
}

#[tokio::test]
async fn a_login_brings_the_sixty_day_token_and_the_profile() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let started = stage.start(&client, request(scopes())).await;
    assert_eq!(started.asks("scope").as_deref(), Some("threads_basic,threads_content_publish"));
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    let calls =
        ["POST threads-api/oauth/access_token", "GET threads-api/access_token", "GET threads-api/v1.0/me"];
    assert_eq!(stage.calls_since(0), calls);
    assert_eq!(login.tokens.kind(), TokenKind::ThreadsUser);
    assert!(stage.ends_in(login.tokens.expiry(), META_SIXTY_DAYS));
    let profile = &stage.sandbox.world().threads[0];
    assert_eq!(
        (&login.identity.id, login.identity.username.as_ref()),
        (&profile.id, Some(&profile.username))
    );
    // Threads tells nobody but testers what was granted, so it is what was asked for.
    assert!(login.facts.is_none());
    assert_eq!(login.tokens.scopes(), Some(&scopes()));
    login.require_scopes().unwrap();
    stage.no_violations();
}

#[tokio::test]
async fn a_user_id_beyond_2_53_keeps_its_last_digit() {
    let stage = Stage::new().await;
    let id = &stage.sandbox.world().threads[0].id;
    let number: u64 = id.parse().unwrap();
    assert!(number > 1 << 53 && number % 2 == 1, "a floating-point number cannot hold {number}");
    let client = client_of(&stage, Provider::threads(Arc::new(StandardHooks::new())));
    assert_eq!(&stage.log_in(&client, scopes()).await.identity.id, id);
    let bo = &stage.sandbox.world().threads[1].id;
    stage.sign_in("threads", bo).await;
    let error = stage.try_log_in(&client, request(scopes()).for_user(id), &[]).await.unwrap_err();
    assert_eq!(error.reason(), Reason::AccountSwapped);
    stage.no_violations();
}

#[tokio::test]
async fn a_token_is_renewed_from_its_second_day_on() {
    let stage = Stage::new().await;
    let client = client(&stage);
    let first = stage.log_in(&client, scopes()).await.tokens;
    let mark = stage.mark();
    let error = client.refresh(&first).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (RefreshErrorKind::Throttled, Some(Duration::from_secs(DAY)))
    );
    assert_eq!(stage.mark(), mark, "nothing was sent");

    stage.pass(DAY + 60).await;
    let second = client.refresh(&first).await.unwrap();
    assert_eq!(stage.calls_since(mark), ["GET threads-api/refresh_access_token"]);
    assert!(stage.ends_in(second.expiry(), META_SIXTY_DAYS));
    assert_eq!(client.identify(&second).await.unwrap().unwrap().id, stage.sandbox.world().threads[0].id);

    assert_eq!(client.revoke(&second).await.unwrap(), Revocation::NotOffered);
    stage.control("remove-app", &json!({"platform": "threads"})).await;
    stage.pass(DAY + 60).await;
    assert_eq!(client.refresh(&second).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    stage.no_violations();
}

#[tokio::test]
async fn a_tester_of_the_app_tells_what_was_granted() {
    let stage = Stage::new().await;
    let tester = stage.log_in(&client(&stage), scopes()).await.tokens;
    let api = Stage::site(GraphHost::Threads, &stage.sandbox.endpoints().threads_api);
    let hooks = ThreadsHooks::new(&api).inspecting_with(Arc::new(StaticToken::new(tester.access().clone())));
    let client = client_of(&stage, Provider::threads(Arc::new(hooks)));

    let bo = stage.sandbox.world().threads[1].id.clone();
    stage.sign_in("threads", &bo).await;
    let login = stage.log_in(&client, scopes()).await;
    let facts = login.facts.clone().unwrap();
    // Threads inspects tokens of this app only and does not name it.
    assert_eq!((facts.active, facts.client_id, facts.subject), (true, None, Some(bo)));
    assert!(stage.ends_in(facts.expiry, META_SIXTY_DAYS));
    assert_eq!(login.tokens.scopes(), Some(&scopes()));
    assert!(login.require_scopes().unwrap().scopes.is_complete());

    let login =
        stage.try_log_in(&client, request(scopes()), &[scope::THREADS_CONTENT_PUBLISH]).await.unwrap();
    assert_eq!(login.scopes.missing, ScopeSet::from_static(&[scope::THREADS_CONTENT_PUBLISH]));
    assert_eq!(login.require_scopes().unwrap_err().reason(), Reason::ScopesMissing);
    stage.no_violations();
}
