//! Tokens of system users that the product makes, fetches and ends by itself.

use std::sync::Arc;

use sociogram::api_core::{Clock, ErrorKind};
use sociogram::meta_graph::debug_token::{DebugToken, TokenInfo, TokenType};
use sociogram::meta_graph::me::{GetClientBusiness, GetMe};
use sociogram::meta_graph::oauth::{
    AppToken, CreateClientSystemUserToken, CreateSystemUserToken, GetClientSystemUserToken,
    RevokeSystemUserTokens, RevokeToken, facebook_for_business,
};
use sociogram::meta_graph::{BusinessId, Client, UserId};
use sociogram::oauth_core::{
    AccessToken, BusinessToken, Expiry, Refresh, ScopeSet, TokenKind, TokenSet, scope,
};

use super::stage::{DAY, META_SIXTY_DAYS, Stage};

const CONFIG: &str = "700100200300402";

fn posts() -> ScopeSet {
    ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::PAGES_MANAGE_POSTS])
}

async fn debug(stage: &Stage, token: &AccessToken) -> TokenInfo {
    let (app, secret) = stage.app();
    let as_app = stage.graph().with_token(Arc::new(AppToken::new(&app, &secret)));
    as_app.send(DebugToken::new(token.clone())).await.unwrap()
}

/// A client that acts for an administrator of the business.
async fn administrator(stage: &Stage) -> Client {
    let login = stage.log_in(&stage.facebook(), ScopeSet::from_static(&[scope::BUSINESS_MANAGEMENT])).await;
    stage.acting(login.tokens.access().clone())
}

async fn is_good(stage: &Stage, token: &AccessToken) -> bool {
    match stage.acting(token.clone()).send(GetMe::new()).await {
        Ok(me) => {
            assert_eq!(me.id.as_str(), stage.sandbox.world().business.system_user);
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Reauthorize, "{error}");
            false
        }
    }
}

#[tokio::test]
async fn an_administrator_makes_tokens_of_a_system_user_and_ends_them() {
    let stage = Stage::new().await;
    let (app, secret) = stage.app();
    let admin = administrator(&stage).await;
    let system_user: UserId = stage.sandbox.world().business.system_user.parse().unwrap();
    let make = CreateSystemUserToken::new(system_user.clone(), app.clone(), posts());
    let endless = admin.send(make.clone()).await.unwrap().access_token;
    let ending = admin.send(make.clone().expires_in_60_days(true)).await.unwrap().access_token;

    for (token, end) in [(&endless, None), (&ending, Some(META_SIXTY_DAYS))] {
        let info = debug(&stage, token).await;
        assert_eq!((info.token_type, info.app_id.as_ref()), (Some(TokenType::SystemUser), Some(&app)));
        assert_eq!((info.user_id.as_ref(), &info.scopes), (Some(&system_user), &posts()));
        match end {
            None => assert_eq!(info.expires_at, Expiry::Never),
            Some(seconds) => assert!(stage.ends_in(info.expires_at, seconds), "{:?}", info.expires_at),
        }
        assert!(is_good(&stage, token).await);
    }

    // A made token is renewed like one of a login.
    let (config_app, config_secret) = stage.app();
    let provider =
        facebook_for_business(CONFIG, BusinessToken::SystemUser, &stage.graph(), config_app, config_secret);
    let oauth = stage.meta_client(provider);
    let set = TokenSet::new(ending.clone(), TokenKind::MetaSystemUser)
        .with_expiry(debug(&stage, &ending).await.expires_at)
        .with_issued_at(stage.clock.now());
    stage.pass(30 * DAY).await;
    let renewed = oauth.refresh(&set).await.unwrap();
    assert!(stage.ends_in(renewed.expiry(), META_SIXTY_DAYS));

    // One ends, the others do not.
    let revoke = RevokeToken::new(app, secret, ending.clone());
    admin.send(revoke).await.unwrap();
    assert!(!is_good(&stage, &ending).await);
    assert!(is_good(&stage, &endless).await && is_good(&stage, renewed.access()).await);
    // All end.
    admin.send(RevokeSystemUserTokens::new(system_user)).await.unwrap();
    assert!(!is_good(&stage, &endless).await && !is_good(&stage, renewed.access()).await);
    assert!(is_good(&stage, &admin.send(make).await.unwrap().access_token).await);
    stage.no_violations();
}

#[tokio::test]
async fn the_token_of_a_clients_business_is_fetched_and_made_narrower() {
    let stage = Stage::new().await;
    let (app, secret) = stage.app();
    let oauth = stage.meta_client(facebook_for_business(
        CONFIG,
        BusinessToken::SystemUser,
        &stage.graph(),
        app,
        secret,
    ));
    let scopes = ScopeSet::from_static(&[scope::PAGES_MANAGE_POSTS, scope::BUSINESS_MANAGEMENT]);
    let login = stage.log_in(&oauth, scopes).await;
    assert!(login.scopes.extra.contains(scope::PAGES_SHOW_LIST), "the configuration asks for more");
    let of_business = stage.acting(login.tokens.access().clone());
    let business: BusinessId =
        of_business.send(GetClientBusiness::new()).await.unwrap().client_business_id.unwrap();
    assert_eq!(business.as_str(), stage.sandbox.world().business.id);

    let fetched = of_business.send(GetClientSystemUserToken::new(business.clone())).await.unwrap();
    assert!(fetched.access_token.ct_eq(login.tokens.access()), "it is the token of the login");

    let narrow = CreateClientSystemUserToken::new(business.clone()).scopes(posts()).expires_in_60_days(true);
    let narrow = of_business.send(narrow).await.unwrap().access_token;
    let info = debug(&stage, &narrow).await;
    assert_eq!(info.scopes, posts());
    assert!(stage.ends_in(info.expires_at, META_SIXTY_DAYS));
    // Nobody gets more than the business granted.
    let wide =
        CreateClientSystemUserToken::new(business).scopes(ScopeSet::from_static(&[scope::ADS_MANAGEMENT]));
    assert_eq!(of_business.send(wide).await.unwrap_err().kind(), ErrorKind::Permission);
    stage.no_violations();
}

#[tokio::test]
async fn only_an_administrator_makes_tokens_of_a_system_user() {
    let stage = Stage::new().await;
    let (app, _) = stage.app();
    let system_user: UserId = stage.sandbox.world().business.system_user.parse().unwrap();
    let make = CreateSystemUserToken::new(system_user, app, posts());
    // Without `business_management`, and as somebody who has nothing to do with the business.
    let without = stage.log_in(&stage.facebook(), posts()).await.tokens;
    stage.sign_in("meta", &stage.sandbox.world().other_users[0].id.clone()).await;
    let stranger = administrator(&stage).await;
    for client in [stage.acting(without.access().clone()), stranger] {
        let error = client.send(make.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Permission, "{error}");
    }
    stage.no_violations();
}
