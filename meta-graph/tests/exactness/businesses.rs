//! Business portfolios (Business Management API: Business).

use serde_json::json;
use sociogram_meta_graph::BusinessId;
use sociogram_meta_graph::businesses::{
    BusinessRole, BusinessVerification, CreateSystemUser, GetBusiness, ListBusinessUsers, ListBusinesses,
    ListClientAdAccounts, ListClientPages, ListClientWhatsAppAccounts, ListInstagramAccounts,
    ListOwnedAdAccounts, ListOwnedInstagramAccounts, ListOwnedPages, ListOwnedWhatsAppAccounts,
    ListPendingClientPages, ListSystemUsers,
};

use crate::pages::encoded;
use crate::table::Table;

#[tokio::test]
async fn portfolios_and_their_people() {
    let table = Table::new().await;
    let fields = encoded(
        "id,name,verification_status,primary_page{id,name},timezone_id,two_factor_type,created_time,link,vertical",
    );
    let one = || {
        json!({"id": "70", "name": "Shop", "verification_status": "verified", "timezone_id": 58,
            "primary_page": {"id": "42", "name": "Cafe"}, "two_factor_type": "none"})
    };
    table
        .row(
            ListBusinesses::new().limit(100),
            &format!("GET /v26.0/me/businesses?fields={fields}&limit=100"),
            json!({"data": [one()], "paging": {"next": "https://graph.facebook.com/v26.0/17/businesses?after=Q"}}),
            |page| assert_eq!(page.next.unwrap().as_str(), "after=Q"),
        )
        .await;
    table
        .row(GetBusiness::new(70), &format!("GET /v26.0/70?fields={fields}"), one(), |business| {
            assert_eq!(business.verification_status, Some(BusinessVerification::Verified));
            assert_eq!(business.primary_page.unwrap().id.as_str(), "42");
        })
        .await;
    table
        .row(
            ListSystemUsers::new(70),
            "GET /v26.0/70/system_users?fields=id%2Cname%2Crole%2Ccreated_time",
            json!({"data": [{"id": "9", "name": "Robot", "role": "ADMIN"}]}),
            |page| assert_eq!(page.items[0].role, Some(BusinessRole::Admin)),
        )
        .await;
    table
        .row(
            CreateSystemUser::new(70, "Robot", BusinessRole::Employee),
            "POST /v26.0/70/system_users\nform name=Robot&role=EMPLOYEE",
            json!({"id": "9"}),
            |made| assert_eq!(made.id.as_str(), "9"),
        )
        .await;
    table
        .row(
            ListBusinessUsers::new(70),
            &format!(
                "GET /v26.0/70/business_users?fields={}",
                encoded("id,name,first_name,last_name,email,role,title,two_fac_status")
            ),
            json!({"data": [{"id": "5", "name": "Ada", "role": "EMPLOYEE", "business": {"id": "70"}}]}),
            |page| assert_eq!(page.items[0].role, Some(BusinessRole::Employee)),
        )
        .await;
}

#[tokio::test]
async fn what_portfolios_own_and_work_on() {
    let table = Table::new().await;
    let pages = encoded("id,name,username,category,access_token");
    let page = || json!({"data": [{"id": "42", "name": "Cafe", "access_token": "EAAB"}]});
    table
        .row(ListOwnedPages::new(70), &format!("GET /v26.0/70/owned_pages?fields={pages}"), page(), |page| {
            assert!(page.items[0].access_token.is_some());
        })
        .await;
    table
        .row(
            ListClientPages::new(BusinessId::from(70)).limit(50),
            &format!("GET /v26.0/70/client_pages?fields={pages}&limit=50"),
            page(),
            |page| assert_eq!(page.items[0].id.as_str(), "42"),
        )
        .await;
    table
        .row(
            ListPendingClientPages::new(70),
            &format!("GET /v26.0/70/pending_client_pages?fields={}", encoded("id,page{id,name}")),
            json!({"data": [{"id": "1", "page": {"id": "42", "name": "Cafe"}}]}),
            |page| assert_eq!(page.items[0].page.as_ref().unwrap().id.as_str(), "42"),
        )
        .await;
    let account = encoded(
        "id,account_id,name,account_status,currency,timezone_name,amount_spent,balance,spend_cap,created_time",
    );
    let accounts = || json!({"data": [{"id": "act_5", "account_id": "5", "account_status": 1, "currency": "EUR", "amount_spent": "1200"}]});
    table
        .row(
            ListOwnedAdAccounts::new(70).search_query("shop").include_shared_ad_accounts(true),
            &format!(
                "GET /v26.0/70/owned_ad_accounts?search_query=shop&include_shared_ad_accounts=true&fields={account}"
            ),
            accounts(),
            |page| assert_eq!(page.items[0].amount_spent.as_deref(), Some("1200")),
        )
        .await;
    table
        .row(
            ListClientAdAccounts::new(70).search_query("shop"),
            &format!("GET /v26.0/70/client_ad_accounts?search_query=shop&fields={account}"),
            accounts(),
            |page| assert_eq!(page.items[0].id.as_str(), "act_5"),
        )
        .await;
    let instagram = encoded("id,username,name,profile_picture_url");
    let users = || json!({"data": [{"id": "17841", "username": "cafe"}]});
    table
        .row(
            ListOwnedInstagramAccounts::new(70),
            &format!("GET /v26.0/70/owned_instagram_accounts?fields={instagram}"),
            users(),
            |page| assert_eq!(page.items[0].username.as_deref(), Some("cafe")),
        )
        .await;
    table
        .row(
            ListInstagramAccounts::new(70),
            &format!("GET /v26.0/70/instagram_accounts?fields={instagram}"),
            users(),
            |page| assert_eq!(page.items[0].id.as_str(), "17841"),
        )
        .await;
    let whatsapp = encoded("id,name,currency,timezone_id,message_template_namespace");
    let wabas = || json!({"data": [{"id": "11", "name": "Shop", "timezone_id": "1", "message_template_namespace": "ns"}]});
    table
        .row(
            ListOwnedWhatsAppAccounts::new(70),
            &format!("GET /v26.0/70/owned_whatsapp_business_accounts?fields={whatsapp}"),
            wabas(),
            |page| assert_eq!(page.items[0].id.as_str(), "11"),
        )
        .await;
    table
        .row(
            ListClientWhatsAppAccounts::new(70),
            &format!("GET /v26.0/70/client_whatsapp_business_accounts?fields={whatsapp}"),
            wabas(),
            |page| assert_eq!(page.items[0].name.as_deref(), Some("Shop")),
        )
        .await;
}
