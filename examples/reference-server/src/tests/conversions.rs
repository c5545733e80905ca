//! Conversion events: each with its own fate.

use std::{collections::BTreeSet, sync::Arc};

use http::{Method, header};
use serde_json::{Value, json};
use sociogram::{
    api_core::{Clock as _, SystemClock},
    capi::{
        Hashed,
        dispatch::{RouteError, Routes as _},
        outbox::Route,
    },
    oauth_core::{AccessToken, ConnectionId, Expiry, ProviderId, TokenKind, TokenSet},
    token_vault::{Account, NewConnection},
};

use super::driver::{Bench, problem};
use crate::{conversions::Senders, demo::Reply};

const LINES: &str = "application/x-ndjson";
const JSON: &str = "application/json";
const RULE: &str = "urn:lla:llaPartnerConversion:104900";

fn event(id: &str) -> Value {
    json!({
        "event_name": "Lead",
        "event_time": SystemClock::new().now().as_unix_seconds() - 60,
        "event_id": id,
        "action_source": "email",
        "user_data": {"em": "Ada@Example.com", "ph": "not a number"},
    })
}

fn lines(ids: &[&str]) -> String {
    ids.iter().map(|id| event(id).to_string()).collect::<Vec<_>>().join("\n")
}

fn for_linkedin(id: &str) -> Value {
    json!({
        "conversionHappenedAt": SystemClock::new().now().as_unix_millis() - 60_000,
        "user": {"userIds": [{"idType": "SHA256_EMAIL", "idValue": "Ada@Example.com"}]},
        "eventId": id,
    })
}

fn read(reply: &Reply, status: u16) -> Value {
    assert_eq!(reply.status, status, "{}", reply.text);
    serde_json::from_str(&reply.text).unwrap()
}

/// The numbers of a list of an answer.
fn indexes(answer: &Value, name: &str) -> Vec<u64> {
    answer[name].as_array().unwrap().iter().map(|entry| entry["index"].as_u64().unwrap()).collect()
}

fn states(answer: &Value) -> Vec<&str> {
    answer["accepted"].as_array().unwrap().iter().map(|entry| entry["state"].as_str().unwrap()).collect()
}

fn at_meta(bench: &Bench) -> Vec<String> {
    let held = bench.received().events;
    held.iter().map(|held| held.event["event_id"].as_str().unwrap().to_owned()).collect()
}

async fn sent(bench: &Bench, query: &str, body: String) -> Value {
    read(&bench.conversions(&format!("?wait=30{query}"), LINES, body).await, 200)
}

/// To the sandbox, through the connection of this provider.
async fn route(bench: &Bench, provider: &str) -> Route {
    let app = bench.server.app();
    let connection = bench.connection(provider).await.parse().unwrap();
    match provider {
        "facebook" => Route::meta(app.tenant(), connection, bench.sandbox().world().datasets[0].as_str()),
        _ => Route::linkedin(app.tenant(), connection),
    }
}

fn senders(bench: &Bench) -> Senders {
    let app = bench.server.app();
    let (facebook, linkedin) = (Arc::clone(&app.facebook), Arc::clone(&app.linkedin));
    Senders { facebook, linkedin, vault: app.vault.clone(), connections: Arc::clone(&app.store) }
}

async fn replay(bench: &Bench, wish: &Value) -> Value {
    bench.send(bench.request(Method::POST, "/api/conversions/replay").json(wish)).await.ok().unwrap()
}

#[tokio::test]
async fn lines_and_lists_are_recorded_and_bad_events_cost_only_themselves() {
    let bench = Bench::connected().await;
    let body = format!("{}\n\n{{\"cut\"\n{}\n", event("a"), event("b"));
    let answer = read(&bench.conversions("", LINES, body).await, 202);
    assert_eq!((indexes(&answer, "accepted"), indexes(&answer, "rejected")), (vec![0, 3], vec![2]));
    assert_eq!(answer["dataset"], bench.sandbox().world().datasets[0]);
    let mut warned = indexes(&answer, "warnings");
    warned.dedup();
    assert_eq!(warned, [0, 3], "both telephone numbers were left out: {answer}");

    let mut old = event("old");
    old["event_time"] = json!(1_500_000_000);
    let list = json!([old, event("c"), 7]).to_string();
    let answer = read(&bench.conversions("?wait=30", "application/json; charset=utf-8", list).await, 200);
    assert_eq!((states(&answer), indexes(&answer, "rejected")), (vec!["sent"], vec![0, 2]));
    assert!(answer["rejected"][0]["findings"].as_array().is_some_and(|findings| !findings.is_empty()));
    assert_eq!(
        answer["counts"],
        json!({"accepted": 1, "waiting": 0, "sent": 1, "rejected": 0, "in_doubt": 0})
    );

    bench.listed("/api/conversions?state=sent", "conversions", 3).await;
    let held = at_meta(&bench);
    assert_eq!(held.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(["a", "b", "c"]));
    assert!(
        !format!("{:?}", bench.received().events).to_lowercase().contains("ada@example.com"),
        "only hashes leave"
    );
    assert!(!answer.to_string().contains("Example.com"));
}

#[tokio::test]
async fn the_dataset_and_the_connection_can_be_named() {
    let bench = Bench::connected().await;
    let dataset = &bench.sandbox().world().datasets[0];
    let facebook = bench.connection("facebook").await;
    let answer = sent(&bench, &format!("&dataset={dataset}&connection={facebook}"), lines(&["a"])).await;
    assert_eq!(states(&answer), ["sent"]);
    let linkedin = bench.connection("linkedin").await;
    problem(&bench.conversions(&format!("?connection={linkedin}"), LINES, lines(&["b"])).await, 409);
    problem(
        &bench.conversions(&format!("?platform=linkedin&connection={facebook}"), LINES, lines(&["b"])).await,
        409,
    );
    assert_eq!(at_meta(&bench), ["a"]);
}

#[tokio::test]
async fn an_event_is_recorded_and_sent_once_however_often_it_is_handed_in() {
    let bench = Bench::connected().await;
    let first = sent(&bench, "", lines(&["a", "a"])).await;
    assert_eq!((indexes(&first, "accepted"), indexes(&first, "duplicates")), (vec![0], vec![1]));
    let again = sent(&bench, "", lines(&["a", "b"])).await;
    assert_eq!((indexes(&again, "accepted"), indexes(&again, "duplicates")), (vec![1], vec![0]));
    assert_eq!(again["duplicates"][0]["id"], first["accepted"][0]["id"]);
    assert_eq!(at_meta(&bench), ["a", "b"]);
}

#[tokio::test]
async fn a_key_keeps_events_without_an_id_from_being_recorded_twice() {
    let bench = Bench::connected().await;
    let mut nameless = event("");
    nameless.as_object_mut().unwrap().remove("event_id");
    let post = |body: &Value| {
        let request =
            bench.request(Method::POST, "/api/conversions?wait=30").header(header::CONTENT_TYPE, LINES);
        request.header("idempotency-key", "k").body(body.to_string())
    };
    let first = bench.send(post(&nameless)).await;
    let again = bench.send(post(&nameless)).await;
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (None, Some("true"))
    );
    assert_eq!(read(&first, 200), read(&again, 200));
    problem(&bench.send(post(&event("other"))).await, 422);
    assert_eq!(bench.received().events.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_events_in_doubt_until_a_person_decides() {
    let bench = Bench::connected().await;
    bench.fault("/events", "reset_after_effect", 1).await;
    let answer = sent(&bench, "", lines(&["a", "b"])).await;
    assert_eq!(states(&answer), ["in_doubt", "in_doubt"]);
    assert_eq!(at_meta(&bench), ["a", "b"], "they were counted, once");
    let fate = &answer["accepted"][0]["fate"];
    assert_eq!(fate["reason"], "no_answer");
    assert!(fate["advice"].as_str().unwrap().contains("counting twice"));

    let listed = bench.json("/api/conversions?state=in_doubt&event_id=b").await;
    let id = listed["conversions"][0]["id"].as_u64().unwrap();
    let done = replay(&bench, &json!({"of": "in_doubt", "event_id": "b"})).await;
    assert_eq!((&done["replayed"], &done["too_late"], &done["more"]), (&json!(1), &json!(0), &json!(false)));
    assert!(done["warning"].as_str().unwrap().contains("counts those events twice"));
    bench.listed("/api/conversions?state=sent", "conversions", 1).await;
    let shown = bench.json(&format!("/api/conversions/{id}")).await;
    assert_eq!(
        (&shown["state"], &shown["replays"], &shown["event_id"]),
        (&json!("sent"), &json!(1), &json!("b"))
    );
    assert!(!shown["history"].as_array().unwrap().is_empty(), "what was in doubt stays told: {shown}");
    assert_eq!(at_meta(&bench), ["a", "b", "b"]);
    bench.listed("/api/conversions?state=in_doubt", "conversions", 1).await;
}

#[tokio::test]
async fn an_event_that_the_platform_refuses_is_found_and_told() {
    let bench = Bench::connected().await;
    bench.fault_about("CANARY", "refuse", 100).await;
    let ids: Vec<String> = (0..9).map(|number| format!("n{number}")).chain(["CANARY".to_owned()]).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answer = sent(&bench, "", lines(&ids)).await;
    assert_eq!(
        answer["counts"],
        json!({"accepted": 10, "waiting": 0, "sent": 9, "rejected": 1, "in_doubt": 0})
    );
    let rejected = bench.json("/api/conversions?state=rejected").await;
    let rejected = &rejected["conversions"][0];
    assert_eq!((&rejected["event_id"], &rejected["fate"]["code"]), (&json!("CANARY"), &json!(100)));
    for said in ["reason", "advice"] {
        assert!(rejected["fate"][said].as_str().is_some_and(|text| !text.is_empty()), "{rejected}");
    }
    let hash = Hashed::digest("ada@example.com");
    assert!(!rejected.to_string().contains(hash.as_str()), "content is not shown");

    bench.clear_faults().await;
    assert_eq!(replay(&bench, &json!({"of": "rejected", "name": "Purchase"})).await["replayed"], 0);
    let done = replay(&bench, &json!({"of": "rejected", "name": "Lead"})).await;
    assert_eq!((&done["replayed"], done.get("warning")), (&json!(1), None));
    bench.listed("/api/conversions?state=sent", "conversions", 10).await;
    assert_eq!(at_meta(&bench).len(), 10);
}

#[tokio::test]
async fn what_the_platform_did_not_process_waits_and_tells_why() {
    let bench = Bench::connected().await;
    bench.fault("/events", "throttle", 1).await;
    let answer = read(&bench.conversions("?wait=1", LINES, lines(&["a"])).await, 202);
    assert_eq!((states(&answer), &answer["counts"]["waiting"]), (vec!["pending"], &json!(1)));
    let shown = bench.json(&format!("/api/conversions/{}", answer["accepted"][0]["id"])).await;
    assert_eq!((&shown["attempts"], &shown["fate"]), (&json!(1), &Value::Null), "{shown}");
    assert_eq!(shown["history"].as_array().unwrap().len(), 1, "{shown}");
    assert!(shown["due_at"].as_str() > shown["added_at"].as_str(), "{shown}");
    assert!(at_meta(&bench).is_empty());
}

#[tokio::test]
async fn a_platform_that_takes_fewer_than_it_got_leaves_doubt() {
    let bench = Bench::connected().await;
    bench.fault_about("b", "partial", 1).await;
    assert_eq!(states(&sent(&bench, "", lines(&["a", "b"])).await), ["in_doubt", "in_doubt"]);
    let body = [for_linkedin("l1"), for_linkedin("l2")].map(|event| event.to_string()).join("\n");
    bench.fault_about("l2", "partial", 1).await;
    // LinkedIn says of which event.
    assert_eq!(states(&sent(&bench, "&platform=linkedin", body).await), ["sent", "in_doubt"]);
    assert_eq!(bench.received().linkedin_events.len(), 1);
}

#[tokio::test]
async fn linkedin_gets_events_in_its_own_form_each_with_its_own_fate() {
    let bench = Bench::connected().await;
    let mut elsewhere = for_linkedin("b");
    elsewhere["conversion"] = json!("urn:lla:llaPartnerConversion:1");
    let mut unhashed = for_linkedin("c");
    unhashed["user"]["userIds"][0]["idValue"] = json!("CANARY");
    let list = json!([for_linkedin("a"), elsewhere, unhashed, event("d")]).to_string();
    let answer = read(&bench.conversions("?platform=linkedin&wait=30", JSON, list).await, 200);
    assert_eq!((answer["platform"].as_str(), answer.get("dataset")), (Some("linkedin"), None));
    assert_eq!((states(&answer), indexes(&answer, "rejected")), (vec!["sent", "rejected"], vec![2, 3]));
    assert!(!answer.to_string().contains("CANARY"), "{answer}");
    let held = bench.received().linkedin_events;
    assert_eq!(held.len(), 1);
    assert_eq!((&held[0]["conversion"], &held[0]["eventId"]), (&json!(RULE), &json!("a")));
    assert_eq!(held[0]["user"]["userIds"][0]["idValue"], Hashed::digest("ada@example.com").as_str());
    let listed = bench.json("/api/conversions?platform=linkedin&state=sent").await;
    assert_eq!(
        (&listed["conversions"][0]["name"], &listed["conversions"][0]["target"]),
        (&json!(RULE), &Value::Null)
    );
    let none = bench.json("/api/conversions?platform=meta").await;
    assert!(none["conversions"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn events_wait_for_a_login() {
    let mut bench = Bench::connected().await;
    bench.control("remove-app", &json!({"platform": "meta"})).await;
    let answer = read(&bench.conversions("?wait=2", LINES, lines(&["a"])).await, 202);
    assert_eq!((states(&answer), &answer["counts"]["waiting"]), (vec!["pending"], &json!(1)));
    let shown = bench.json(&format!("/api/conversions/{}", answer["accepted"][0]["id"])).await;
    assert!(!shown["history"].as_array().unwrap().is_empty(), "{shown}");
    let route = route(&bench, "facebook").await;
    assert_eq!(senders(&bench).sender(&route).await.unwrap_err(), RouteError::Reauthorize);
    // Others are taken as well, and wait with it.
    assert_eq!(read(&bench.conversions("", LINES, lines(&["b"])).await, 202)["counts"]["accepted"], 1);
    bench.browser.log_in("facebook", "continue").await.unwrap();
    assert!(senders(&bench).sender(&route).await.is_ok());
    assert!(at_meta(&bench).is_empty());
}

#[tokio::test]
async fn only_a_connection_of_the_same_app_and_platform_sends() {
    let bench = Bench::connected().await;
    let (facebook, linkedin) = (route(&bench, "facebook").await, route(&bench, "linkedin").await);
    let senders = senders(&bench);
    for route in [&facebook, &linkedin] {
        assert!(senders.sender(route).await.is_ok());
        let unknown = Route { connection: ConnectionId::from_bytes([7; 16]), ..route.clone() };
        assert!(matches!(senders.sender(&unknown).await, Err(RouteError::Gone { .. })));
    }
    let crossed = Route { connection: linkedin.connection, ..facebook.clone() };
    assert!(matches!(senders.sender(&crossed).await, Err(RouteError::Gone { .. })));

    let app = bench.server.app();
    let account = Account::new(ProviderId::FACEBOOK, "another app", "somebody");
    let tokens = TokenSet::new(AccessToken::new("t"), TokenKind::MetaUserLong).with_expiry(Expiry::Never);
    let foreign = app.vault.connect(NewConnection::new(app.tenant(), account), &tokens).await.unwrap();
    let foreign = Route { connection: foreign.id, ..facebook.clone() };
    assert_eq!(senders.sender(&foreign).await.unwrap_err(), RouteError::Unavailable);

    let path = format!("/api/connections/{}", facebook.connection);
    assert_eq!(bench.send(bench.request(Method::DELETE, &path)).await.status, 204);
    assert!(matches!(senders.sender(&facebook).await, Err(RouteError::Gone { .. })));
    problem(&bench.conversions("", LINES, lines(&["a"])).await, 409);
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let bench = Bench::connected().await;
    sent(&bench, "", lines(&["a", "b", "c", "d", "e"])).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = bench.json(&format!("/api/conversions?limit=2{after}")).await;
        seen.extend(page["conversions"].as_array().unwrap().iter().map(|entry| entry["event_id"].clone()));
        match page["next"].as_u64() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
    let since = "/api/conversions?since=2099-01-01T00:00:00Z";
    assert!(bench.json(since).await["conversions"].as_array().unwrap().is_empty());
}
