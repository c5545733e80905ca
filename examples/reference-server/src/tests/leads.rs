//! A lead's status, and what the platforms are told of it.

use http::Method;
use serde_json::{Value, json};
use sociogram::{
    capi::Hashed,
    token_vault::{AssetKind, AuditActor, Link, NewAsset},
};

use super::driver::Bench;
use crate::{Config, demo::Reply};

const WHATSAPP: &str = "400500600700801";

async fn change(bench: &Bench, id: &Value, status: &str) -> Reply {
    let request = bench.request(Method::PATCH, &format!("/api/leads/{id}"));
    bench.send(request.json(&json!({"status": status}))).await
}

async fn changed(bench: &Bench, id: &Value, status: &str) -> Value {
    change(bench, id, status).await.ok().unwrap()
}

#[tokio::test]
async fn meta_is_told_once_how_far_its_lead_has_come() {
    let bench = Bench::connected().await;
    let told = bench.trigger(&json!({"kind": "leadgen"})).await;
    let lead = bench.listed("/api/leads", "leads", 1).await.remove(0);
    assert_eq!((&lead["status"], &lead["status_at"]), (&json!("new"), &Value::Null));

    let answer = changed(&bench, &lead["id"], "qualified").await;
    assert_eq!((&answer["lead"]["status"], &answer["lead"]["lead"]), (&json!("qualified"), &lead["lead"]));
    let conversion = &answer["conversion"];
    assert_eq!((&conversion["platform"], &conversion["name"]), (&json!("meta"), &json!("QualifiedLead")));
    let again = changed(&bench, &lead["id"], "qualified").await;
    assert_eq!(
        (&again["conversion"]["id"], &again["conversion"]["repeated"]),
        (&conversion["id"], &json!(true))
    );
    changed(&bench, &lead["id"], "converted").await;
    bench.listed("/api/conversions?state=sent", "conversions", 2).await;

    let held = bench.received().events;
    let names: Vec<&Value> = held.iter().map(|held| &held.event["event_name"]).collect();
    assert_eq!(names, ["QualifiedLead", "ConvertedLead"]);
    let event = &held[0].event;
    assert_eq!(
        (&event["user_data"]["lead_id"], &event["custom_data"]["event_source"]),
        (&told["lead_id"], &json!("crm"))
    );
    assert_eq!(event["user_data"]["em"][0], Hashed::digest(lead["email"].as_str().unwrap()).as_str());
    let shown = bench.json(&format!("/api/conversions/{}", conversion["id"])).await;
    assert_eq!(shown["event_id"], format!("lead-{}-qualified", lead["lead"].as_str().unwrap()));
    assert_eq!(bench.listed("/api/leads", "leads", 1).await[0]["status"], "converted");
}

#[tokio::test]
async fn linkedin_is_told_under_the_rule_when_its_lead_qualifies() {
    let bench = Bench::connected().await;
    bench.trigger(&json!({"kind": "linkedin_lead"})).await;
    let lead = bench.listed("/api/leads", "leads", 1).await.remove(0);
    let early = changed(&bench, &lead["id"], "contacted").await;
    assert_eq!((&early["conversion"], &early["lead"]["status"]), (&Value::Null, &json!("contacted")));
    assert!(early["untold"].as_str().unwrap().contains("LINKEDIN_CONVERSION_RULE"), "{early}");
    let answer = changed(&bench, &lead["id"], "qualified").await;
    assert_eq!(answer["conversion"]["platform"], "linkedin", "{answer}");
    bench.listed("/api/conversions?state=sent&platform=linkedin", "conversions", 1).await;
    let held = bench.received().linkedin_events;
    assert_eq!(held.len(), 1);
    assert_eq!(
        (&held[0]["user"]["lead"], &held[0]["conversion"]),
        (&lead["lead"], &answer["conversion"]["name"])
    );
}

#[tokio::test]
async fn a_first_message_after_a_click_on_an_ad_is_a_lead() {
    let bench = Bench::connected().await;
    let app = bench.server.app();
    let facebook = bench.connection("facebook").await.parse().unwrap();
    let assets = vec![NewAsset::new(AssetKind::WhatsAppAccount, WHATSAPP)];
    app.vault.connect_assets(app.tenant(), Link::new(facebook, assets, AuditActor::Service)).await.unwrap();
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "1"},
        "contacts": [{"profile": {"name": "Katherine"}, "wa_id": "16505551234"}],
        "messages": [{
            "id": "wamid.1", "from": "16505551234", "timestamp": "1795000000", "type": "text", "text": {"body": "Brot?"},
            "referral": {"source_type": "ad", "source_id": "9", "ctwa_clid": "ARAk-click"},
        }],
    });
    let change_of = json!({"field": "messages", "value": value});
    let body =
        json!({"object": "whatsapp_business_account", "entry": [{"id": WHATSAPP, "changes": [change_of]}]});
    assert_eq!(bench.deliver_meta(&body.to_string()).await.status, 200);
    let lead = bench.listed("/api/leads", "leads", 1).await.remove(0);
    assert_eq!(
        (&lead["name"], &lead["phone"], &lead["ad"]),
        (&json!("Katherine"), &json!("+16505551234"), &json!("9"))
    );
    bench.listed("/api/conversations", "entries", 1).await;

    assert_eq!(
        changed(&bench, &lead["id"], "lost").await["conversion"],
        Value::Null,
        "Meta has no name for it"
    );
    let answer = changed(&bench, &lead["id"], "qualified").await;
    assert_eq!(answer["conversion"]["name"], "QualifiedLead", "{answer}");
    bench.listed("/api/conversions?state=sent", "conversions", 1).await;
    let event = &bench.received().events[0].event;
    assert_eq!(
        (&event["messaging_channel"], &event["action_source"]),
        (&json!("whatsapp"), &json!("business_messaging"))
    );
    let user = &event["user_data"];
    assert_eq!(
        (&user["ctwa_clid"], &user["whatsapp_business_account_id"]),
        (&json!("ARAk-click"), &json!(WHATSAPP))
    );
}

#[tokio::test]
async fn a_status_is_kept_also_where_nobody_can_be_told() {
    let mut bench = Bench::with(Config::sandboxed()).await;
    bench.browser.log_in("linkedin", "allow").await.unwrap();
    bench.browser.log_in("facebook", "continue").await.unwrap();
    bench.server.register_webhooks().await.unwrap();
    bench.trigger(&json!({"kind": "leadgen"})).await;
    let lead = bench.listed("/api/leads", "leads", 1).await.remove(0);
    let facebook = bench.connection("facebook").await;
    let path = format!("/api/connections/{facebook}");
    assert_eq!(bench.send(bench.request(Method::DELETE, &path)).await.status, 204);
    let answer = changed(&bench, &lead["id"], "lost").await;
    assert_eq!((&answer["conversion"], &answer["lead"]["status"]), (&Value::Null, &json!("lost")));
    assert!(answer["untold"].as_str().unwrap().contains("connect an account"), "{answer}");
}
