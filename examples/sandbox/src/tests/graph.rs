//! The Graph API, when everything is in order.

use http::Method;
use serde_json::json;

use super::driver::{Bench, DATASET, PAGE, WEAK_PAGE};
use crate::{FacebookPage, SandboxConfig, World};

#[tokio::test]
async fn accounts_list_pages_and_their_tokens() {
    let bench = Bench::new().await;
    let reply = bench.graph_get("/v26.0/me/accounts", &bench.user_token()).await;
    assert_eq!(reply.header("facebook-api-version"), "v26.0");
    for name in ["x-fb-trace-id", "x-app-usage"] {
        assert!(!reply.header(name).is_empty());
    }
    let body = reply.json();
    assert_eq!(body["data"][0]["id"], PAGE);
    assert!(body["data"][0]["access_token"].as_str().unwrap().starts_with("EAA"));
    assert_eq!(body["data"][1]["id"], WEAK_PAGE);
    assert_eq!(body["data"][1].get("access_token"), None);
    assert_eq!(body["data"][1]["tasks"], json!(["ANALYZE"]));
    assert!(body["paging"]["cursors"]["after"].is_string());
    assert_eq!(body["paging"].get("next"), None);
}

#[tokio::test]
async fn paging_ends_only_when_next_is_gone() {
    let mut world = World::default();
    let page = |number: u32| FacebookPage { id: format!("9{number}"), ..World::default().pages[0].clone() };
    world.pages = (0..5).map(page).collect();
    let bench = Bench::with(SandboxConfig { world, ..SandboxConfig::default() }).await;
    let token = bench.user_token();
    let mut seen = Vec::new();
    let mut path = "/v26.0/me/accounts?fields=id&limit=2".to_owned();
    loop {
        let body = bench.graph_get(&path, &token).await.json();
        seen.extend(
            body["data"].as_array().unwrap().iter().map(|page| page["id"].as_str().unwrap().to_owned()),
        );
        let after = body["paging"]["cursors"]["after"].as_str().expect("cursors even on the last page");
        let Some(next) = body["paging"]["next"].as_str() else { break };
        // Like Meta's, the link carries the token and no proof: following it as it is fails.
        assert!(next.contains(&format!("access_token={token}")) && !next.contains("appsecret_proof"));
        assert_eq!(bench.get(next).await.graph_error(), (400, 100, None));
        path = format!("/v26.0/me/accounts?fields=id&limit=2&after={after}");
    }
    assert_eq!(seen, ["90", "91", "92", "93", "94"]);
    let back =
        bench.graph_get("/v26.0/me/accounts?fields=id&limit=2&before=Y3Vyc29yLTI", &token).await.json();
    assert_eq!(back["data"], json!([{"id": "90"}, {"id": "91"}]));
    assert_eq!(
        bench.graph_get("/v26.0/me/accounts?after=nonsense", &token).await.graph_error(),
        (400, 100, None)
    );
}

#[tokio::test]
async fn a_page_publishes_lists_reads_and_deletes() {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.user_token()).await;
    let feed = format!("/v26.0/{PAGE}/feed");
    let made = bench.graph_post(&feed, &token, &json!({"message": "Grüße 🎉", "published": true})).await;
    assert!(made.header("x-business-use-case-usage").contains(PAGE));
    let first = made.json()["id"].as_str().unwrap().to_owned();
    assert!(first.starts_with(&format!("{PAGE}_")));
    let form = [("link", "https://example.com/a"), ("published", "true")];
    let second = bench.send(bench.graph(Method::POST, &feed, &token).form(&form)).await.json();

    let list = bench.graph_get(&format!("{feed}?fields=id,message,created_time"), &token).await.json();
    assert_eq!(list["data"][0]["id"], second["id"]);
    assert_eq!(list["data"][1]["message"], "Grüße 🎉");
    assert!(list["data"][1]["created_time"].as_str().unwrap().ends_with("+0000"));
    let one = bench.graph_get(&format!("/v26.0/{first}?fields=message,permalink_url"), &token).await.json();
    assert_eq!(one["id"], first.as_str());

    let gone = bench.send(bench.graph(Method::DELETE, &format!("/v26.0/{first}"), &token)).await;
    assert_eq!(gone.json(), json!({"success": true}));
    assert_eq!(bench.graph_get(&format!("/v26.0/{first}"), &token).await.graph_error(), (400, 100, Some(33)));
    let posts = bench.sandbox.received().facebook_posts;
    assert_eq!(posts.iter().map(|post| post.deleted).collect::<Vec<_>>(), [true, false]);
    assert_eq!(posts[1].link.as_deref(), Some("https://example.com/a"));
}

#[tokio::test]
async fn a_page_subscribes_lists_and_unsubscribes() {
    let bench = Bench::new().await;
    let token = bench.page_token(&bench.user_token()).await;
    let path = format!("/v26.0/{PAGE}/subscribed_apps");
    for fields in [json!(["feed", "leadgen"]), json!("mention,feed")] {
        let done = bench.graph_post(&path, &token, &json!({ "subscribed_fields": fields })).await;
        assert_eq!(done.json(), json!({"success": true}));
    }
    // The second call replaced the list of the first.
    let list = bench.graph_get(&path, &token).await.json();
    assert_eq!(list["data"][0]["subscribed_fields"], json!(["feed", "mention"]));
    let wrong = bench.graph_get(&format!("{path}?fields=id,likes"), &token).await;
    assert_eq!(wrong.graph_error(), (400, 100, None));
    assert_eq!(bench.sandbox.received().subscriptions[0].fields, ["feed", "mention"]);
    bench.send(bench.graph(Method::DELETE, &path, &token)).await;
    assert_eq!(bench.graph_get(&path, &token).await.json()["data"], json!([]));
}

#[tokio::test]
async fn permissions_can_be_taken_back_one_by_one_and_all_at_once() {
    let bench = Bench::new().await;
    let user = bench.user_token();
    let page = bench.page_token(&user).await;
    let one = bench.graph(Method::DELETE, "/v26.0/me/permissions?permission=pages_manage_posts", &user);
    assert_eq!(bench.send(one).await.json(), json!({"success": true}));
    let feed = format!("/v26.0/{PAGE}/feed");
    assert_eq!(
        bench.graph_post(&feed, &page, &json!({"message": "x"})).await.graph_error(),
        (403, 200, None)
    );

    bench
        .graph_post(&format!("/v26.0/{PAGE}/subscribed_apps"), &page, &json!({"subscribed_fields": "feed"}))
        .await;
    bench.send(bench.graph(Method::DELETE, "/v26.0/me/permissions", &user)).await;
    for token in [&user, &page] {
        assert_eq!(bench.graph_get("/v26.0/me", token).await.graph_error(), (401, 190, Some(458)));
    }
    assert!(bench.sandbox.received().subscriptions.is_empty());
    // A new consent gives tokens that work again.
    assert_eq!(bench.graph_get("/v26.0/me", &bench.user_token()).await.status, 200);
}

#[tokio::test]
async fn a_dataset_takes_events() {
    let bench = Bench::new().await;
    let now = crate::clock::wall_millis() / 1000;
    let event = json!({
        "event_name": "Purchase",
        "event_time": now,
        "action_source": "website",
        "event_source_url": "https://example.com/",
        "event_id": "e1",
        "user_data": {"em": ["a".repeat(64)], "client_user_agent": "x"},
        "custom_data": {"value": 1.5, "currency": "EUR", "my_own": "y"},
    });
    let body = json!({"data": [event], "test_event_code": "TEST1"});
    let reply =
        bench.graph_post(&format!("/v26.0/{DATASET}/events"), &bench.user_token(), &body).await.json();
    assert_eq!((&reply["events_received"], &reply["messages"]), (&1.into(), &json!([])));
    assert!(!reply["fbtrace_id"].as_str().unwrap().is_empty());
    let received = bench.sandbox.received().events;
    assert_eq!(received[0].event, event);
    assert_eq!(received[0].test_event_code.as_deref(), Some("TEST1"));
}

#[tokio::test]
async fn proofs_may_be_classic_or_timestamped() {
    use crate::mac::{hex, hmac_sha256};
    let bench = Bench::new().await;
    let token = bench.user_token();
    let now = crate::clock::wall_millis() / 1000;
    for (time, status) in [(now, 200), (now - 290, 200), (now - 320, 400), (now + 320, 400)] {
        let signed = format!("{token}|{time}");
        let proof = hex(&hmac_sha256(b"sandbox-meta-app-secret", &[signed.as_bytes()]));
        let url =
            format!("{}/v26.0/me?appsecret_proof={proof}&appsecret_time={time}", bench.endpoints().graph);
        assert_eq!(
            bench.send(bench.http.get(url).bearer_auth(&token)).await.status,
            status,
            "{}",
            time - now
        );
    }
    let relaxed = Bench::with(SandboxConfig { require_proof: false, ..SandboxConfig::default() }).await;
    let url = format!("{}/v26.0/me", relaxed.endpoints().graph);
    assert_eq!(relaxed.send(relaxed.http.get(url).bearer_auth(&token)).await.status, 200);
}
