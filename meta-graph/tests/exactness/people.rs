//! Whose token it is, what it may do, and which Pages it reaches (User, User Permissions, User Accounts, Debug Token).

use serde_json::json;
use sociogram_meta_graph::UserId;
use sociogram_meta_graph::debug_token::{DebugToken, TokenType};
use sociogram_meta_graph::me::{GetClientBusiness, GetMe};
use sociogram_meta_graph::oauth::GetPageToken;
use sociogram_meta_graph::pages::{ListAccounts, ListAssignedPages, PageTask};
use sociogram_meta_graph::permissions::{DeletePermissions, ListPermissions, PermissionStatus};

use crate::table::Table;

#[tokio::test]
async fn whose_token_it_is() {
    let table = Table::new().await;
    table
        .row(GetMe::new(), "GET /v26.0/me?fields=id%2Cname", json!({"id": "17", "name": "Ada"}), |me| {
            assert_eq!(me.id, UserId::from(17));
        })
        .await;
    table
        .row(
            GetClientBusiness::new(),
            "GET /v26.0/me?fields=client_business_id",
            json!({"client_business_id": "70", "id": "17"}),
            |found| assert_eq!(found.client_business_id.unwrap().as_str(), "70"),
        )
        .await;
    table
        .row(
            DebugToken::new("inspected"),
            "GET /v26.0/debug_token?input_token=inspected",
            json!({"data": {"app_id": "7", "type": "PAGE", "is_valid": true, "expires_at": 0, "profile_id": "42"}}),
            |info| assert_eq!((info.token_type, info.is_valid), (Some(TokenType::Page), true)),
        )
        .await;
}

#[tokio::test]
async fn what_it_may_do() {
    let table = Table::new().await;
    table
        .row(
            ListPermissions::new(),
            "GET /v26.0/me/permissions",
            json!({"data": [{"permission": "email", "status": "declined"}]}),
            |page| assert_eq!(page.items[0].status, PermissionStatus::Declined),
        )
        .await;
    table
        .row(
            DeletePermissions::only("ads_read").of(&UserId::from(9)),
            "DELETE /v26.0/9/permissions?permission=ads_read",
            json!({"success": true}),
            |()| {},
        )
        .await;
}

#[tokio::test]
async fn which_pages_it_reaches() {
    let table = Table::new().await;
    let fields = "fields=id%2Cname%2Cusername%2Ccategory%2Ctasks%2Caccess_token";
    let answer = || {
        json!({"data": [{"access_token": "EAAB", "category": "Cafe", "name": "Cafe", "id": "42",
            "tasks": ["MODERATE", "PROFILE_PLUS_FULL_CONTROL"]}]})
    };
    table
        .row(
            ListAccounts::new().is_promotable(true).limit(100),
            &format!("GET /v26.0/me/accounts?is_promotable=true&{fields}&limit=100"),
            answer(),
            |page| assert_eq!(page.items[0].tasks, [PageTask::Moderate, PageTask::ProfilePlusFullControl]),
        )
        .await;
    table
        .row(ListAssignedPages::new(9), &format!("GET /v26.0/9/assigned_pages?{fields}"), answer(), |page| {
            assert!(page.items[0].access_token.is_some());
        })
        .await;
    table
        .row(
            GetPageToken::new(42.into()),
            "GET /v26.0/42?fields=access_token",
            json!({"access_token": "EAAB", "id": "42"}),
            |page| assert!(page.access_token.is_some()),
        )
        .await;
}
