//! Tokens of system users, and ending tokens (Marketing API: Install Apps, Generate, Refresh, and Revoke Tokens).

use serde_json::json;
use sociogram_meta_graph::oauth::{
    CreateClientSystemUserToken, CreateSystemUserToken, GetClientSystemUserToken, RevokeSystemUserTokens,
    RevokeToken,
};
use sociogram_meta_graph::{AppId, BusinessId, UserId};
use sociogram_oauth_core::{Scope, ScopeSet, scope};

use crate::table::Table;

fn scopes() -> ScopeSet {
    [scope::ADS_READ, scope::PAGES_SHOW_LIST].into_iter().map(Scope::from).collect()
}

#[tokio::test]
async fn tokens_of_an_own_system_user() {
    let table = Table::new().await;
    table
        .row(
            CreateSystemUserToken::new(UserId::from(91), AppId::from(7), scopes()).expires_in_60_days(true),
            "POST /v26.0/91/access_tokens\n\
             form business_app=7&scope=ads_read%2Cpages_show_list&set_token_expires_in_60_days=true",
            json!({"access_token": "EAAnew"}),
            |token| assert_eq!(token.access_token.expose(), "EAAnew"),
        )
        .await;
    table
        .row(
            RevokeSystemUserTokens::new(UserId::from(91)),
            "DELETE /v26.0/91/access_tokens",
            json!({"success": true}),
            |()| (),
        )
        .await;
}

#[tokio::test]
async fn tokens_of_a_client_business() {
    let table = Table::new().await;
    table
        .row(
            GetClientSystemUserToken::new(BusinessId::from(70)).system_user(UserId::from(91)),
            "POST /v26.0/70/system_user_access_tokens\nform fetch_only=true&system_user_id=91",
            json!({"access_token": "EAAclient"}),
            |token| assert_eq!(token.access_token.expose(), "EAAclient"),
        )
        .await;
    table
        .row(
            CreateClientSystemUserToken::new(BusinessId::from(70)).scopes(scopes()).assets([42, 43]),
            "POST /v26.0/70/system_user_access_tokens\n\
             form scope=ads_read%2Cpages_show_list&asset=%5B42%2C43%5D",
            json!({"access_token": "EAAclient"}),
            |token| assert_eq!(token.access_token.expose(), "EAAclient"),
        )
        .await;
}

#[tokio::test]
async fn ending_one_token() {
    let table = Table::new().await;
    let end = RevokeToken::new(AppId::from(7), "s3cret", "EAA|old");
    let expected = "GET /v26.0/oauth/revoke?client_id=7&client_secret=s3cret&revoke_token=EAA%7Cold";
    table.row(end, expected, json!({"success": true}), |()| ()).await;
}
