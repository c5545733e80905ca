//! Businesses, the Page itself and the webhooks of the app.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, PAGE};
use crate::graph::areas::{ads::AD_ACCOUNT, businesses::CLIENT_PAGE};

const BUSINESS: &str = "300400500600701";
const APP: &str = "900100200300400";
const ALL: [&str; 7] = [
    "business_management",
    "pages_show_list",
    "pages_manage_metadata",
    "ads_read",
    "instagram_basic",
    "whatsapp_business_management",
    "pages_read_engagement",
];

async fn get(bench: &Bench, token: &str, path: &str) -> Value {
    let reply = bench.graph_get(&format!("/v26.0/{path}"), token).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply.json()
}

#[tokio::test]
async fn a_business_lists_what_it_owns() {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&ALL);
    assert_eq!(get(&bench, &token, "me/businesses").await["data"][0]["id"], BUSINESS);
    let node = get(&bench, &token, &format!("{BUSINESS}?fields=verification_status,primary_page")).await;
    assert_eq!(node["verification_status"], "verified");
    for (edge, first) in [
        ("owned_pages", PAGE),
        ("client_pages", CLIENT_PAGE),
        ("owned_ad_accounts", AD_ACCOUNT),
        ("owned_instagram_accounts", "17841405822300201"),
        ("instagram_accounts", "17841405822300201"),
        ("owned_whatsapp_business_accounts", "400500600700801"),
        ("system_users", "10160000000000091"),
        ("business_users", "122100000000001"),
    ] {
        assert_eq!(
            get(&bench, &token, &format!("{BUSINESS}/{edge}")).await["data"][0]["id"],
            first,
            "{edge}"
        );
    }
    // A client's Page comes without a token.
    let client = get(&bench, &token, &format!("{BUSINESS}/client_pages?fields=id,access_token")).await;
    assert!(client["data"][0].get("access_token").is_none());
    for edge in ["pending_client_pages", "client_ad_accounts", "client_whatsapp_business_accounts"] {
        get(&bench, &token, &format!("{BUSINESS}/{edge}")).await;
    }
}

#[tokio::test]
async fn a_business_is_closed_to_those_without_the_permission() {
    let bench = Bench::new().await;
    let weak = bench.sandbox.meta_user_token(&["pages_show_list"]);
    for path in ["me/businesses".to_owned(), BUSINESS.to_owned(), format!("{BUSINESS}/owned_pages")] {
        assert_eq!(bench.graph_get(&format!("/v26.0/{path}"), &weak).await.graph_error(), (403, 200, None));
    }
    let strong = bench.sandbox.meta_user_token(&ALL);
    let unknown = bench.graph_get(&format!("/v26.0/{BUSINESS}/owned_shoes"), &strong).await;
    assert_eq!(unknown.graph_error(), (400, 2500, None));
}

#[tokio::test]
async fn a_system_user_that_was_made_is_listed() {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&ALL);
    let edge = format!("/v26.0/{BUSINESS}/system_users");
    let wrong = bench.graph_post(&edge, &token, &json!({"name": "Robot", "role": "KING"})).await;
    assert_eq!(wrong.graph_error(), (400, 100, None));
    let made = bench.graph_post(&edge, &token, &json!({"name": "Robot", "role": "ADMIN"})).await.json();
    let listed = get(&bench, &token, &format!("{BUSINESS}/system_users?fields=id,role")).await;
    assert_eq!(listed["data"][1], json!({"id": made["id"], "role": "ADMIN"}));
    assert_eq!(get(&bench, &token, "me/assigned_pages").await["data"], json!([]));
    let assigned = get(&bench, &token, "10160000000000091/assigned_pages?fields=id,tasks").await;
    assert_eq!(assigned["data"][0]["id"], PAGE);
}

#[tokio::test]
async fn a_page_is_changed_by_its_own_token() {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&ALL);
    let page = bench.page_token(&token).await;
    let path = format!("/v26.0/{PAGE}");
    let by_person = bench.graph_post(&path, &token, &json!({"about": "Bread"})).await;
    assert_eq!(by_person.graph_error(), (403, 200, None));
    let unknown = bench.graph_post(&path, &page, &json!({"shoes": "Bread"})).await;
    assert_eq!(unknown.graph_error(), (400, 100, None));
    let changed = bench.graph_post(&path, &page, &json!({"about": "Bread"})).await;
    assert_eq!(changed.json(), json!({"success": true}));
    let read = get(&bench, &token, &format!("{PAGE}?fields=about,instagram_business_account,business")).await;
    assert_eq!((&read["about"], &read["business"]["id"]), (&json!("Bread"), &json!(BUSINESS)));
    assert_eq!(read["instagram_business_account"]["id"], "17841405822300201");
}

#[tokio::test]
async fn the_app_itself_says_where_its_webhooks_go() {
    let bench = Bench::new().await;
    let meta = bench.sandbox.config().meta.clone();
    let app_token = format!("{APP}|{}", meta.secret);
    assert_eq!(meta.id, APP);
    let path = format!("/v26.0/{APP}/subscriptions");
    let user = bench.sandbox.meta_user_token(&ALL);
    assert_eq!(bench.graph_get(&path, &user).await.graph_error(), (400, 15, None));
    let body = |token: &str| {
        json!({"object": "page", "callback_url": "http://127.0.0.1:9/hook", "fields": "feed,leadgen",
            "verify_token": token, "include_values": true})
    };
    let wrong = bench.graph_post(&path, &app_token, &body("other")).await;
    assert_eq!(wrong.graph_error(), (400, 2200, None));
    let good = bench.graph_post(&path, &app_token, &body(&meta.verify_token)).await;
    assert_eq!(good.json(), json!({"success": true}));
    let listed = bench.graph_get(&path, &app_token).await.json();
    assert_eq!(listed["data"][0]["fields"][1]["name"], "leadgen");
    // Nobody listens there.
    bench.until("a handshake", |received| !received.handshakes.is_empty()).await;
    assert_eq!(bench.graph_get(&path, &app_token).await.json()["data"][0]["active"], false);
    let one =
        bench.send(bench.graph(Method::DELETE, &format!("{path}?object=page&fields=feed"), &app_token)).await;
    assert_eq!(one.status, 200);
    assert_eq!(
        bench.graph_get(&path, &app_token).await.json()["data"][0]["fields"].as_array().unwrap().len(),
        1
    );
    bench.send(bench.graph(Method::DELETE, &format!("{path}?object=page"), &app_token)).await;
    assert_eq!(bench.graph_get(&path, &app_token).await.json()["data"], json!([]));
    // Elsewhere nobody is asked, and what cannot be reached is refused.
    let at = |address: &str| json!({"object": "page", "callback_url": address, "fields": "feed", "verify_token": meta.verify_token});
    for address in ["http://example.com/hook", "https://hooks.invalid/", "example.com", "ftp://example.com/"]
    {
        let refused = bench.graph_post(&path, &app_token, &at(address)).await;
        assert_eq!(refused.graph_error(), (400, 2200, None), "{address}");
    }
    let elsewhere = bench.graph_post(&path, &app_token, &at("https://example.com/hook")).await;
    assert_eq!(elsewhere.json(), json!({"success": true}));
    assert_eq!(bench.graph_get(&path, &app_token).await.json()["data"][0]["active"], true);
    assert_eq!(bench.sandbox.received().handshakes.len(), 1);
}
