//! What becomes of events: whose they are, what is made of them, and what happens when that fails.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use sociogram::{
    api_core::{SystemClock, Timer as _},
    oauth_core::{AccessToken, Expiry, ProviderId, TenantId, TokenKind, TokenSet},
    token_vault::{Account, AssetKind, AuditActor, Link, NewAsset, NewConnection},
};

use super::driver::{Bench, ORGANIZATION, PAGE, problem};
use crate::demo::Reply;

/// A lead that the sandbox has from the beginning.
const LEAD: u64 = 90_071_992_547_400_001;

fn message(page: &str, id: &str, text: &str) -> String {
    let message = json!({
        "sender": {"id": "77"}, "recipient": {"id": page}, "timestamp": 1_795_000_000_123_i64,
        "message": {"mid": id, "text": text},
    });
    json!({"object": "page", "entry": [{"id": page, "time": 1_795_000_001_000_i64, "messaging": [message]}]})
        .to_string()
}

fn leadgen(lead: u64) -> String {
    let value = json!({"leadgen_id": lead, "page_id": PAGE, "created_time": 1_795_000_000});
    let change = json!({"field": "leadgen", "value": value});
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1_795_000_001, "changes": [change]}]}).to_string()
}

fn linkedin_lead(lead: &str, action: &str) -> String {
    json!({
        "type": "LEAD_ACTION",
        "leadGenFormResponse": format!("urn:li:leadGenFormResponse:{lead}"),
        "owner": {"organization": ORGANIZATION},
        "leadAction": action,
        "occurredAt": 1_795_000_000_000_i64,
    })
    .to_string()
}

async fn replay(bench: &Bench, wish: &Value) -> Reply {
    bench.send(bench.request(Method::POST, "/api/events/replay").json(wish)).await
}

/// Links a Page to a connection of another tenant.
async fn connect_for(bench: &Bench, tenant: TenantId, page: &str) {
    let app = bench.server.app();
    let account = Account::new(ProviderId::FACEBOOK, app.facebook.oauth.client_id(), "somebody else");
    let token = AccessToken::new("a token");
    let tokens = TokenSet::new(token, TokenKind::MetaPage).with_expiry(Expiry::Never);
    let connection = app.vault.connect(NewConnection::new(tenant, account), &tokens).await.unwrap();
    let assets = vec![NewAsset::new(AssetKind::FacebookPage, page)];
    app.vault.connect_assets(tenant, Link::new(connection.id, assets, AuditActor::Service)).await.unwrap();
}

#[tokio::test]
async fn an_event_goes_to_the_tenant_that_connected_the_account_and_to_nobody_else() {
    let bench = Bench::connected().await;
    let other = TenantId::from_bytes([9; 16]);
    connect_for(&bench, other, "555").await;
    for (page, text) in [(PAGE, "ours"), ("555", "theirs")] {
        assert_eq!(bench.deliver_meta(&message(page, text, text)).await.status, 200);
    }
    assert_eq!(bench.settled().await.done, 2);

    let own = bench.listed("/api/conversations", "entries", 1).await;
    assert_eq!((&own[0]["text"], &own[0]["platform"]), (&"ours".into(), &"messenger".into()));
    assert_eq!((&own[0]["person"], &own[0]["direction"]), (&"77".into(), &"in".into()));
    let app = bench.server.app();
    let theirs = app.records.utterances(other, None, 10).await.unwrap();
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0].record.text.as_deref(), Some("theirs"));

    // Nor is the other's event told, or touched.
    let events = bench.listed("/api/events", "events", 1).await;
    assert_eq!(events[0]["account"], PAGE);
    assert!(bench.json("/api/events?account=555").await["events"].as_array().unwrap().is_empty());
    let id = events[0]["id"].as_u64().unwrap();
    for foreign in (1..=2).filter(|foreign| *foreign != id) {
        problem(&bench.get(&format!("/api/events/{foreign}")).await, 404);
        problem(&replay(&bench, &json!({"of": "entries", "ids": [id, foreign]})).await, 404);
    }
    assert_eq!(bench.census().await.done, 2);
}

#[tokio::test]
async fn an_event_of_an_unknown_account_is_handled_after_it_was_connected() {
    let mut bench = Bench::new().await;
    assert_eq!(bench.deliver_meta(&message(PAGE, "m1", "too early")).await.status, 200);
    assert_eq!(bench.settled().await.skipped, 1);
    assert!(bench.json("/api/events").await["events"].as_array().unwrap().is_empty());
    let nothing = replay(&bench, &json!({"of": "never_delivered"})).await.ok().unwrap();
    assert_eq!(nothing["replayed"], 0);

    bench.browser.log_in("facebook", "continue").await.unwrap();
    assert_eq!(bench.listed("/api/events?state=skipped", "events", 1).await[0]["has_payload"], true);
    let answer = replay(&bench, &json!({"of": "never_delivered"})).await.ok().unwrap();
    assert_eq!(answer, json!({"replayed": 1, "without_payload": 0, "more": false}));
    assert_eq!(bench.listed("/api/conversations", "entries", 1).await[0]["text"], "too early");
    assert_eq!(bench.settled().await.done, 1);
}

#[tokio::test]
async fn handling_an_event_again_has_no_second_effect() {
    let bench = Bench::connected().await;
    for body in [leadgen(LEAD), message(PAGE, "m1", "once")] {
        for recorded in [1, 0] {
            assert_eq!(bench.deliver_meta(&body).await.ok().unwrap()["recorded"], recorded);
        }
    }
    assert_eq!(bench.settled().await.done, 2);
    let ids: Vec<_> =
        bench.listed("/api/events", "events", 2).await.iter().map(|event| event["id"].clone()).collect();
    let answer = replay(&bench, &json!({"of": "entries", "ids": ids})).await.ok().unwrap();
    assert_eq!(answer["replayed"], 2);
    assert_eq!(bench.settled().await.done, 2);
    let leads = bench.listed("/api/leads", "leads", 1).await;
    assert_eq!((&leads[0]["name"], &leads[0]["lead"]), (&"Hedy Visitor".into(), &LEAD.to_string().into()));
    bench.listed("/api/conversations", "entries", 1).await;
}

#[tokio::test]
async fn a_lead_that_is_not_there_becomes_a_dead_letter_that_can_be_replayed() {
    let bench = Bench::connected().await;
    assert_eq!(bench.deliver_meta(&leadgen(404)).await.status, 200);
    let dead = bench.listed("/api/events?state=dead", "events", 1).await.remove(0);
    assert_eq!((&dead["attempts"], &dead["replays"]), (&1.into(), &0.into()));
    let told = dead["errors"][0]["error"][0].as_str().unwrap();
    assert!(told.contains("lead.leads.get"), "{told}");

    let id = dead["id"].as_u64().unwrap();
    let answer = replay(&bench, &json!({"of": "failed", "kind": "page_leadgen"})).await.ok().unwrap();
    assert_eq!(answer["replayed"], 1);
    assert_eq!(bench.settled().await.dead, 1);
    let again = bench.json(&format!("/api/events/{id}")).await;
    assert_eq!((&again["state"], &again["replays"]), (&"dead".into(), &1.into()));
    assert_eq!(again["errors"].as_array().unwrap().len(), 2, "the history stays");
    let none = replay(&bench, &json!({"of": "failed", "kind": "page_feed"})).await.ok().unwrap();
    assert_eq!(none["replayed"], 0);
}

#[tokio::test]
async fn a_lead_waits_until_the_token_works_again() {
    let bench = Bench::connected().await;
    bench.fault(&LEAD.to_string(), "expired_token", 100).await;
    bench.deliver_meta(&leadgen(LEAD)).await.ok().unwrap();
    let timer = SystemClock::new();
    let begun = timer.monotonic();
    while bench.listed("/api/events", "events", 1).await[0]["errors"].as_array().unwrap().is_empty() {
        assert!(timer.monotonic().saturating_sub(begun) < Duration::from_secs(20), "no attempt failed");
        timer.sleep(Duration::from_millis(10)).await;
    }
    let event = bench.listed("/api/events", "events", 1).await.remove(0);
    assert!(matches!(event["state"].as_str(), Some("pending" | "running")), "{event}");
    bench.clear_faults().await;
}

#[tokio::test]
async fn what_people_take_back_is_erased() {
    let bench = Bench::connected().await;
    let told = bench.trigger(&json!({"kind": "linkedin_lead"})).await;
    bench.listed("/api/leads", "leads", 1).await;
    let withdrawn = linkedin_lead(told["lead_id"].as_str().unwrap(), "DELETED");
    bench.deliver_linkedin(&withdrawn).await.ok().unwrap();
    bench.listed("/api/leads", "leads", 0).await;

    bench.deliver_meta(&message(PAGE, "m1", "oops")).await.ok().unwrap();
    bench.listed("/api/conversations", "entries", 1).await;
    let unsent = message(PAGE, "m1", "").replace("\"text\":\"\"", "\"is_deleted\":true");
    bench.deliver_meta(&unsent).await.ok().unwrap();
    bench.listed("/api/conversations", "entries", 0).await;
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let bench = Bench::connected().await;
    for number in 0..5 {
        let id = format!("m{number}");
        bench.deliver_meta(&message(PAGE, &id, &id)).await.ok().unwrap();
    }
    bench.listed("/api/conversations", "entries", 5).await;
    for (path, name, place) in
        [("/api/conversations", "entries", "message_id"), ("/api/events", "events", "id")]
    {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = bench.json(&format!("{path}?limit=2{after}")).await;
            seen.extend(page[name].as_array().unwrap().iter().map(|entry| entry[place].to_string()));
            match page["next"].as_i64() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let unique: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), unique.len()), (5, 5), "{path}: {seen:?}");
    }
    let newest = bench.json("/api/conversations?limit=1").await;
    assert_eq!(newest["entries"].as_array().unwrap().len(), 1);
}
