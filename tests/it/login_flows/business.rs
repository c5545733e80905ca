//! Facebook Login for Business: the configuration says what is asked for and whose token comes.

use std::time::Duration;

use sociogram::api_core::Clock;
use sociogram::meta_graph::me::GetMe;
use sociogram::meta_graph::oauth::facebook_for_business;
use sociogram::oauth_core::{
    BusinessToken, DenialKind, Expiry, Login, OAuthClient, Refresh, RefreshErrorKind, Renewal, Revocation,
    ScopeSet, TokenKind, scope,
};
use sociogram_sandbox::{ConfiguredToken, LoginConfiguration, MetaApp, SandboxConfig};

use super::stage::{DAY, META_SIXTY_DAYS, Stage, request};

const USER: &str = "700100200300401";
const SYSTEM_USER: &str = "700100200300402";
const SIXTY_DAYS: &str = "700100200300409";

/// What the configurations of the sandbox ask for.
fn configured() -> ScopeSet {
    ScopeSet::from_static(&[
        scope::PAGES_SHOW_LIST,
        scope::PAGES_READ_ENGAGEMENT,
        scope::PAGES_MANAGE_POSTS,
        scope::BUSINESS_MANAGEMENT,
    ])
}

/// A sandbox whose app also has a configuration for system users whose tokens end.
async fn stage() -> Stage {
    let mut meta = MetaApp::default();
    meta.configurations.push(LoginConfiguration {
        id: SIXTY_DAYS.to_owned(),
        permissions: configured().iter().map(ToString::to_string).collect(),
        token: ConfiguredToken::SystemUser,
        sixty_days: true,
    });
    Stage::with(SandboxConfig { meta, ..SandboxConfig::default() }).await
}

fn client(stage: &Stage, config: &str, token: BusinessToken) -> OAuthClient {
    let (app, secret) = stage.app();
    stage.meta_client(facebook_for_business(config, token, &stage.graph(), app, secret))
}

/// The log-in as a system user, and that it is one.
async fn as_system_user(stage: &Stage, client: &OAuthClient) -> Login {
    let login = stage.log_in(client, configured()).await;
    let business = &stage.sandbox.world().business;
    assert_eq!(login.tokens.kind(), TokenKind::MetaSystemUser);
    assert_eq!(login.identity.id, business.system_user);
    assert_eq!(login.identity.name.as_ref(), Some(&business.system_user_name));
    login
}

#[tokio::test]
async fn a_user_configuration_gives_the_persons_sixty_day_token() {
    let stage = stage().await;
    let client = client(&stage, USER, BusinessToken::User);
    let started = stage.start(&client, request(configured())).await;
    assert_eq!((started.asks("config_id").as_deref(), started.asks("scope")), (Some(USER), None));
    assert_eq!(started.asks("override_default_response_type"), None);
    let login = stage.finish(&client, &started, &[]).await.unwrap();
    assert_eq!(login.tokens.kind(), TokenKind::MetaUserLong);
    assert!(stage.ends_in(login.tokens.expiry(), META_SIXTY_DAYS));
    assert_eq!(login.identity.id, stage.sandbox.world().user.id);
    assert!(login.scopes.is_complete(), "{}", login.scopes);

    // All or nothing: whoever takes one permission out refuses the whole.
    let started = stage.start(&client, request(configured())).await;
    let query = stage.decide(&started, "continue", &[scope::BUSINESS_MANAGEMENT]).await;
    let error = stage.complete(&client, &started, &query).await.unwrap_err();
    assert_eq!(error.denial().unwrap().kind(), DenialKind::Cancelled);
    stage.no_violations();
}

#[tokio::test]
async fn a_system_user_token_without_an_end_is_not_exchanged_and_not_renewed() {
    let stage = stage().await;
    let client = client(&stage, SYSTEM_USER, BusinessToken::SystemUser);
    let started = stage.start(&client, request(configured())).await;
    assert_eq!(started.asks("override_default_response_type").as_deref(), Some("true"));
    assert_eq!((started.asks("config_id").as_deref(), started.asks("scope")), (Some(SYSTEM_USER), None));

    let login = as_system_user(&stage, &client).await;
    // One token call. A system user has answered nothing, so its permissions are those of the token.
    let debug = "GET graph/v26.0/debug_token";
    let calls = ["POST graph/v26.0/oauth/access_token", debug, "GET graph/v26.0/me", debug];
    assert_eq!(stage.calls_since(0), calls);
    let facts = login.facts.unwrap();
    assert_eq!((login.tokens.expiry(), facts.expiry), (Expiry::Never, Expiry::Never));
    assert_eq!(facts.data_access_expiry, Expiry::Never);
    assert!(login.scopes.is_complete() && login.scopes.extra.is_empty(), "{}", login.scopes);
    let limit = facts.limits.iter().find(|limit| limit.scope.as_str() == scope::BUSINESS_MANAGEMENT).unwrap();
    assert_eq!(limit.targets, [stage.sandbox.world().business.id.as_str()]);

    let mark = stage.mark();
    assert_eq!(login.tokens.renewal(client.rotation()), Renewal::NotNeeded);
    assert_eq!(client.refresh(&login.tokens).await.unwrap_err().kind(), RefreshErrorKind::NotOffered);
    client.exchange_long_lived(&login.tokens).await.unwrap_err();
    assert_eq!(stage.mark(), mark);
    // Ten years later it is still good.
    stage.pass(3650 * DAY).await;
    assert!(client.inspect(&login.tokens).await.unwrap().unwrap().active);
    stage.no_violations();
}

#[tokio::test]
async fn a_system_user_token_of_sixty_days_is_renewed_while_it_is_good() {
    let stage = stage().await;
    let client = client(&stage, SIXTY_DAYS, BusinessToken::SystemUser);
    let first = as_system_user(&stage, &client).await.tokens;
    assert!(stage.ends_in(first.expiry(), META_SIXTY_DAYS));

    stage.pass(50 * DAY).await;
    let mark = stage.mark();
    let second = client.refresh(&first).await.unwrap();
    assert_eq!(stage.calls_since(mark), ["POST graph/v26.0/oauth/access_token"]);
    assert_eq!(second.kind(), TokenKind::MetaSystemUser);
    assert!(stage.ends_in(second.expiry(), META_SIXTY_DAYS));
    assert_eq!((second.scopes(), second.issued_at()), (Some(&configured()), Some(stage.clock.now())));

    // The old one keeps its own end.
    for (days, old_is_good) in [(9, true), (2, false)] {
        stage.pass(days * DAY).await;
        assert_eq!(client.inspect(&first).await.unwrap().unwrap().active, old_is_good);
        assert!(client.inspect(&second).await.unwrap().unwrap().active);
    }
    let mark = stage.mark();
    assert_eq!(client.refresh(&first).await.unwrap_err().kind(), RefreshErrorKind::Revoked);
    assert_eq!(stage.mark(), mark, "nothing is sent with a token that has ended");
    stage.acting(second.access().clone()).send(GetMe::new()).await.unwrap();
    stage.no_violations();
}

#[tokio::test]
async fn an_end_that_the_answer_leaves_out_is_asked_for() {
    let stage = stage().await;
    let client = client(&stage, SIXTY_DAYS, BusinessToken::SystemUser);
    stage.fault("/oauth/access_token", "no_expiry").await;
    let login = as_system_user(&stage, &client).await;
    assert_eq!(login.tokens.expiry(), login.facts.unwrap().expiry);
    assert!(stage.ends_in(login.tokens.expiry(), META_SIXTY_DAYS), "{:?}", login.tokens.expiry());
    assert_eq!(login.tokens.renewal(client.rotation()), Renewal::WhileValid { min_age: Duration::ZERO });
    stage.no_violations();
}

#[tokio::test]
async fn revoking_ends_this_one_token_of_the_system_user() {
    let stage = stage().await;
    let client = client(&stage, SYSTEM_USER, BusinessToken::SystemUser);
    let first = as_system_user(&stage, &client).await.tokens;
    let second = as_system_user(&stage, &client).await.tokens;
    assert_eq!(client.revoke(&first).await.unwrap(), Revocation::Confirmed);
    let error = stage.acting(first.access().clone()).send(GetMe::new()).await.unwrap_err();
    assert_eq!((error.code(), error.subcode()), (Some(190), Some(467)), "{error}");
    assert!(!client.inspect(&first).await.unwrap().unwrap().active);
    assert!(client.inspect(&second).await.unwrap().unwrap().active);
    // A repeat after a lost answer.
    assert_eq!(client.revoke(&first).await.unwrap(), Revocation::Confirmed);
    assert!(client.inspect(&second).await.unwrap().unwrap().active);
    stage.no_violations();
}
