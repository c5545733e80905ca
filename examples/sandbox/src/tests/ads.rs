//! Ad accounts: what can be made, what is refused, how lists of people and items travel.

use http::Method;
use serde_json::{Value, json};

use super::driver::{Bench, PAGE};
use crate::graph::areas::ads::{AD, AD_ACCOUNT, AD_SET, CAMPAIGN, CATALOG, CLIENT_AD_ACCOUNT, CREATIVE};

const READ: [&str; 1] = ["ads_read"];
const ALL: [&str; 4] = ["ads_management", "ads_read", "business_management", "catalog_management"];
const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

async fn bench() -> (Bench, String) {
    let bench = Bench::new().await;
    let token = bench.sandbox.meta_user_token(&ALL);
    (bench, token)
}

async fn post(bench: &Bench, token: &str, edge: &str, body: Value) -> super::driver::Reply {
    bench.graph_post(&format!("/v26.0/{edge}"), token, &body).await
}

async fn get(bench: &Bench, token: &str, path: &str) -> Value {
    let reply = bench.graph_get(&format!("/v26.0/{path}"), token).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn made(bench: &Bench, token: &str, edge: &str, body: Value) -> String {
    let reply = post(bench, token, edge, body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["id"].as_str().unwrap().to_owned()
}

fn campaign() -> Value {
    json!({"name": "One", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "special_ad_categories": [],
        "is_adset_budget_sharing_enabled": false})
}

fn ad_set(campaign: &str) -> Value {
    json!({"name": "Two", "campaign_id": campaign, "billing_event": "IMPRESSIONS", "status": "ACTIVE",
        "optimization_goal": "LINK_CLICKS", "daily_budget": 1000,
        "targeting": {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}})
}

#[tokio::test]
async fn the_accounts_of_a_person_are_listed_and_read() {
    let (bench, token) = bench().await;
    let list = get(&bench, &token, "me/adaccounts?fields=id,name,account_status,amount_spent").await;
    assert_eq!(list["data"][0]["id"], AD_ACCOUNT);
    assert_eq!(list["data"][1]["id"], CLIENT_AD_ACCOUNT);
    assert!(list["data"][0]["amount_spent"].is_string());
    assert_eq!(get(&bench, &token, &format!("{AD_ACCOUNT}?fields=currency")).await["currency"], "EUR");
    let bare = bench.graph_get("/v26.0/600700800901001/campaigns", &token).await;
    assert_eq!(bare.graph_error(), (400, 100, Some(33)));
    let none = bench.sandbox.meta_user_token(&["public_profile"]);
    assert_eq!(bench.graph_get("/v26.0/me/adaccounts", &none).await.graph_error(), (403, 200, None));
    let subscribed = format!("{AD_ACCOUNT}/subscribed_apps");
    post(&bench, &token, &subscribed, json!({"app_id": bench.sandbox.config().meta.id})).await;
    assert_eq!(get(&bench, &token, &subscribed).await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_campaign_without_a_budget_says_whether_its_ad_sets_share_one() {
    let (bench, token) = bench().await;
    let edge = format!("{AD_ACCOUNT}/campaigns");
    let mut silent = campaign();
    silent.as_object_mut().unwrap().remove("is_adset_budget_sharing_enabled");
    assert_eq!(post(&bench, &token, &edge, silent.clone()).await.graph_error(), (400, 100, None));
    silent["daily_budget"] = json!(2000);
    assert_eq!(post(&bench, &token, &edge, silent).await.status, 200);
    for name in ["special_ad_categories", "objective", "name"] {
        let mut without = campaign();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(post(&bench, &token, &edge, without).await.graph_error(), (400, 100, None), "{name}");
    }
    let mut legacy = campaign();
    legacy["objective"] = json!("LINK_CLICKS");
    assert_eq!(post(&bench, &token, &edge, legacy).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn validate_only_makes_nothing() {
    let (bench, token) = bench().await;
    let edge = format!("{AD_ACCOUNT}/campaigns");
    let mut dry = campaign();
    dry["execution_options"] = json!(["validate_only"]);
    assert_eq!(post(&bench, &token, &edge, dry.clone()).await.json(), json!({"success": true}));
    assert_eq!(get(&bench, &token, &edge).await["data"].as_array().unwrap().len(), 1);
    dry["execution_options"] = json!(["include_recommendations"]);
    assert_eq!(post(&bench, &token, &edge, dry).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn what_is_made_can_be_changed_listed_and_deleted() {
    let (bench, token) = bench().await;
    let one = made(&bench, &token, &format!("{AD_ACCOUNT}/campaigns"), campaign()).await;
    let two = made(&bench, &token, &format!("{AD_ACCOUNT}/adsets"), ad_set(&one)).await;
    let story = json!({"name": "Three", "object_story_spec": {"page_id": PAGE,
        "link_data": {"link": "https://example.com", "message": "Hello"}}});
    let creative = made(&bench, &token, &format!("{AD_ACCOUNT}/adcreatives"), story).await;
    let ad =
        json!({"name": "Four", "adset_id": two, "creative": {"creative_id": creative}, "status": "ACTIVE"});
    let ad = made(&bench, &token, &format!("{AD_ACCOUNT}/ads"), ad).await;
    let fields = "fields=effective_status,status,campaign_id";
    assert_eq!(get(&bench, &token, &format!("{ad}?{fields}")).await["effective_status"], "CAMPAIGN_PAUSED");
    assert_eq!(post(&bench, &token, &one, json!({"status": "ACTIVE"})).await.status, 200);
    assert_eq!(get(&bench, &token, &format!("{ad}?{fields}")).await["effective_status"], "PENDING_REVIEW");
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 3})).await;
    assert_eq!(get(&bench, &token, &format!("{ad}?{fields}")).await["effective_status"], "ACTIVE");
    let below = get(&bench, &token, &format!("{one}/ads?fields=id")).await;
    assert_eq!(below["data"], json!([{"id": ad}]));
    // The creative is in use.
    let refused = bench.send(bench.graph(Method::DELETE, &format!("/v26.0/{creative}"), &token)).await;
    assert_eq!(refused.graph_error(), (400, 100, None));
    for id in [&ad, &one] {
        let gone = bench.send(bench.graph(Method::DELETE, &format!("/v26.0/{id}"), &token)).await;
        assert_eq!(gone.json(), json!({"success": true}));
    }
    let listed = get(&bench, &token, &format!("{AD_ACCOUNT}/campaigns")).await;
    assert_eq!(listed["data"], json!([{"id": CAMPAIGN}]));
    let deleted = format!("{AD_ACCOUNT}/campaigns?effective_status=[\"DELETED\"]");
    assert_eq!(get(&bench, &token, &deleted).await["data"], json!([{"id": one}]));
    assert_eq!(post(&bench, &token, &one, json!({"name": "x"})).await.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn an_ad_set_follows_the_rules_of_budget_bid_and_place() {
    let (bench, token) = bench().await;
    let edge = format!("{AD_ACCOUNT}/adsets");
    // The first campaign has a budget of its own.
    assert_eq!(
        post(&bench, &token, &edge, ad_set(CAMPAIGN)).await.graph_error(),
        (400, 100, Some(1_885_621))
    );
    let one = made(&bench, &token, &format!("{AD_ACCOUNT}/campaigns"), campaign()).await;
    let refused = |change: Value| {
        let mut body = ad_set(&one);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for change in [
        json!({"bid_strategy": "COST_CAP"}),
        json!({"lifetime_budget": 5000}),
        json!({"optimization_goal": "LEAD_GENERATION"}),
        json!({"optimization_goal": "CLICKS_OF_ALL_KINDS"}),
        json!({"targeting": {}}),
        json!({"targeting": {"geo_locations": {"countries": ["DE"]}}}),
        json!({"campaign_id": AD}),
        json!({"surprise": 1}),
    ] {
        let reply = post(&bench, &token, &edge, refused(change.clone())).await;
        assert_eq!(reply.graph_error(), (400, 100, None), "{change}");
    }
    assert_eq!(post(&bench, &token, &edge, ad_set(&one)).await.status, 200);
}

#[tokio::test]
async fn a_client_account_can_only_be_read() {
    let (bench, token) = bench().await;
    let edge = format!("{CLIENT_AD_ACCOUNT}/campaigns");
    assert_eq!(get(&bench, &token, &edge).await["data"], json!([]));
    let refused = post(&bench, &token, &edge, campaign()).await;
    assert_eq!(refused.graph_error(), (403, 2654, Some(1_713_092)));
    let reader = bench.sandbox.meta_user_token(&READ);
    let refused = post(&bench, &reader, &format!("{AD_ACCOUNT}/campaigns"), campaign()).await;
    assert_eq!(refused.graph_error(), (403, 200, None));
}

#[tokio::test]
async fn ads_and_creatives_can_be_looked_at_beforehand() {
    let (bench, token) = bench().await;
    for shown in [AD, CREATIVE] {
        let preview = get(&bench, &token, &format!("{shown}/previews?ad_format=MOBILE_FEED_STANDARD")).await;
        assert!(preview["data"][0]["body"].as_str().unwrap().starts_with("<iframe"), "{preview}");
    }
    for path in
        [format!("{AD}/previews"), format!("{AD}/previews?ad_format=SKY"), format!("{CAMPAIGN}/previews")]
    {
        assert!(bench.graph_get(&format!("/v26.0/{path}"), &token).await.status >= 400, "{path}");
    }
}

#[tokio::test]
async fn copies_are_new_and_can_be_deep() {
    let (bench, token) = bench().await;
    let reply = post(&bench, &token, &format!("{CAMPAIGN}/copies"), json!({"deep_copy": true})).await.json();
    assert_eq!(reply["ad_object_ids"].as_array().unwrap().len(), 3, "{reply}");
    let copy = reply["copied_campaign_id"].as_str().unwrap();
    assert_eq!(get(&bench, &token, &format!("{copy}?fields=status")).await["status"], "PAUSED");
    assert_eq!(get(&bench, &token, &format!("{AD_SET}?fields=campaign_id")).await["campaign_id"], CAMPAIGN);
    assert!(
        get(&bench, &token, &format!("{CREATIVE}?fields=object_story_id")).await["object_story_id"]
            .is_string()
    );
}

#[tokio::test]
async fn images_come_as_files_or_bytes_and_videos_from_an_address() {
    let (bench, token) = bench().await;
    let path = format!("/v26.0/{AD_ACCOUNT}/adimages");
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(b"\x89PNG\r\n\x1a\nrest\r\n--b--\r\n");
    let request =
        bench.graph(Method::POST, &path, &token).header("content-type", "multipart/form-data; boundary=b");
    let reply = bench.send(request.body(body)).await;
    let hash = reply.json()["images"]["a.png"]["hash"].as_str().unwrap().to_owned();
    let listed = get(&bench, &token, &format!("{AD_ACCOUNT}/adimages?hashes=[\"{hash}\"]&fields=hash")).await;
    assert_eq!(listed["data"][0]["hash"], hash);
    let text =
        post(&bench, &token, &format!("{AD_ACCOUNT}/adimages"), json!({"bytes": "bm90IGFuIGltYWdl"})).await;
    assert_eq!(text.graph_error(), (400, 100, None));
    let video = json!({"file_url": "https://example.com/v.mp4"});
    let video = made(&bench, &token, &format!("{AD_ACCOUNT}/advideos"), video).await;
    let status = format!("{video}?fields=status");
    assert_eq!(get(&bench, &token, &status).await["status"]["video_status"], "processing");
    bench.control(Method::POST, "/clock", &json!({"advance_seconds": 3})).await;
    assert_eq!(get(&bench, &token, &status).await["status"]["video_status"], "ready");
}

async fn audience(bench: &Bench, token: &str) -> String {
    let body = json!({"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"});
    made(bench, token, &format!("{AD_ACCOUNT}/customaudiences"), body).await
}

#[tokio::test]
async fn the_batches_of_a_session_come_in_order_and_end() {
    let (bench, token) = bench().await;
    let id = audience(&bench, &token).await;
    let users = format!("{id}/users");
    let batch = |number: u64, last: bool| {
        json!({"payload": {"schema": ["EMAIL"], "data": [[HASH]]},
            "session": {"session_id": 77, "batch_seq": number, "last_batch_flag": last}})
    };
    assert_eq!(post(&bench, &token, &users, batch(2, false)).await.graph_error(), (400, 100, None));
    let first = post(&bench, &token, &users, batch(1, false)).await.json();
    assert_eq!((&first["num_received"], &first["num_invalid_entries"]), (&json!(1), &json!(0)));
    assert_eq!(post(&bench, &token, &users, batch(1, false)).await.graph_error(), (400, 100, None));
    assert_eq!(post(&bench, &token, &users, batch(2, true)).await.status, 200);
    assert_eq!(post(&bench, &token, &users, batch(3, true)).await.graph_error(), (400, 100, None));
    let sessions = get(&bench, &token, &format!("{id}/sessions?session_id=77")).await;
    assert_eq!(sessions["data"][0]["stage"], "complete");
    let replace = json!({"payload": {"schema": "EMAIL_SHA256", "data": [HASH]}});
    let replace = post(&bench, &token, &format!("{id}/usersreplace"), replace).await;
    assert_eq!(replace.graph_error(), (400, 100, None));
}

#[tokio::test]
async fn rows_are_counted_measured_and_hashed() {
    let (bench, token) = bench().await;
    let users = format!("{}/users", audience(&bench, &token).await);
    let send = |schema: Value, data: Value| json!({"payload": {"schema": schema, "data": data}});
    let plain = send(json!(["EMAIL", "FN"]), json!([["ada@example.com", HASH], [HASH, ""]]));
    let counted = post(&bench, &token, &users, plain).await.json();
    assert_eq!((&counted["num_received"], &counted["num_invalid_entries"]), (&json!(2), &json!(1)));
    assert_eq!(bench.sandbox.received().violations[0].rule, "unhashed-audience-row");
    let upper = send(json!(["EMAIL"]), json!([[HASH.to_uppercase()]]));
    assert_eq!(post(&bench, &token, &users, upper).await.json()["num_invalid_entries"], 1);
    let own = send(json!(["EXTERN_ID"]), json!([["customer 7"]]));
    assert_eq!(post(&bench, &token, &users, own).await.json()["num_invalid_entries"], 0);
    let rows = vec![json!([HASH]); 10_001];
    for body in [
        send(json!(["EMAIL"]), json!([[HASH, HASH]])),
        send(json!(["SHOE_SIZE"]), json!([[HASH]])),
        send(json!(["EMAIL"]), json!(rows)),
        send(json!(["EMAIL"]), json!([])),
    ] {
        assert_eq!(post(&bench, &token, &users, body).await.graph_error(), (400, 100, None));
    }
}

#[tokio::test]
async fn a_batch_of_items_is_finished_after_some_polls() {
    let (bench, token) = bench().await;
    let item = |id: &str| {
        json!({"method": "CREATE", "data": {"id": id, "title": "Roll", "description": "Fresh",
            "link": "https://example.com", "image": [{"url": "https://example.com/a.jpg"}], "price": "1.20 EUR",
            "availability": "in stock", "condition": "new"}})
    };
    let requests = json!([item("a"), {"method": "CREATE", "data": {"id": "b"}}]);
    let body = json!({"item_type": "PRODUCT_ITEM", "requests": requests});
    let reply = post(&bench, &token, &format!("{CATALOG}/items_batch"), body).await.json();
    assert_eq!(reply["validation_status"][0]["retailer_id"], "b");
    let handle = reply["handles"][0].as_str().unwrap();
    let path =
        format!("{CATALOG}/check_batch_request_status?handle={handle}&load_ids_of_invalid_requests=true");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(get(&bench, &token, &path).await["data"][0].clone());
    }
    assert_eq!(seen[0]["status"], "started");
    assert_eq!(seen[2]["status"], "finished");
    assert_eq!(seen[2]["ids_of_invalid_requests"], json!(["b"]));
    let many = json!({"item_type": "PRODUCT_ITEM", "requests": vec![json!({"method": "DELETE", "data": {"id": "x"}}); 5_001]});
    let many = post(&bench, &token, &format!("{CATALOG}/items_batch"), many).await;
    assert_eq!(many.graph_error(), (400, 100, None));
}
