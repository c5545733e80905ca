use std::sync::Arc;

use serde_json::{Value, json};
use sociogram_api_core::testing::{ManualClock, ScriptedTransport};

use super::*;
use crate::scripted::{client, error_body, line};

/// A lead of this second after 2026-01-01.
fn lead(id: u64, second: i64) -> Value {
    json!({"id": id.to_string(), "created_time": 1_767_225_600 + second,
        "field_data": [{"name": "email", "values": ["CANARY@example.com"]}]})
}

fn page(leads: &[Value], next: Option<&str>) -> String {
    let paging = next.map_or(json!({}), |cursor| {
        json!({"cursors": {"after": cursor}, "next": format!("https://graph.facebook.com/v26.0/5/leads?after={cursor}")})
    });
    json!({"data": leads, "paging": paging}).to_string()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_767_225_600 + second)
}

fn sync() -> LeadSync {
    LeadSync::new(LeadSource::Form(LeadFormId::from(5)))
}

/// Runs to the end against these answers; the ids of each call.
async fn run(sync: &mut LeadSync, answers: &[String]) -> (Vec<Vec<String>>, Vec<String>) {
    let transport = answers.iter().fold(ScriptedTransport::new(), |all, answer| all.json(answer.clone()));
    let client = client(&transport);
    let mut found = Vec::new();
    while let Some(new) = sync.next(&client).await.unwrap() {
        found.push(new.leads.iter().map(|lead| lead.id.to_string()).collect());
    }
    (found, transport.requests().iter().map(line).collect())
}

#[tokio::test]
async fn the_first_run_takes_all_pages_and_the_next_only_what_is_new() {
    let mut sync = sync();
    let pages = [page(&[lead(3, 30), lead(2, 20)], Some("A")), page(&[lead(1, 10)], None)];
    let (found, requests) = run(&mut sync, &pages).await;
    assert_eq!(found, [vec!["3", "2"], vec!["1"]]);
    assert!(!requests[0].contains("filtering"), "{requests:?}");
    assert!(requests[1].ends_with("&limit=100&after=A"), "{requests:?}");
    assert_eq!(sync.watermark(), Some(at(30)));

    let (found, requests) = run(&mut sync, &[page(&[lead(4, 40), lead(3, 30), lead(2, 20)], None)]).await;
    assert_eq!(found, [vec!["4"]]);
    let floor = at(30 - 3600).as_unix_seconds() - 1;
    let filter = format!("%22operator%22%3A%22GREATER_THAN%22%2C%22value%22%3A{floor}%7D");
    assert!(requests[0].contains(&filter), "{requests:?}");
}

#[tokio::test]
async fn an_ignored_filter_gives_nothing_twice_and_ends_at_what_is_old() {
    let mut sync = sync().since(at(0));
    let old = page(&[lead(8, -20), lead(7, -7200)], Some("B"));
    let (found, requests) = run(&mut sync, &[page(&[lead(9, 10), lead(8, -20)], Some("A")), old]).await;
    assert_eq!(found, [vec!["9"], vec![]]);
    assert_eq!(requests.len(), 2, "the third page is too old as well");
}

#[tokio::test]
async fn a_lead_that_appears_late_is_found_within_the_overlap() {
    let mut sync = sync();
    run(&mut sync, &[page(&[lead(1, 5000)], None)]).await;
    let late = [lead(3, 5001), lead(1, 5000), lead(2, 5000 - 3600), lead(0, 5000 - 3601)];
    let (found, _) = run(&mut sync, &[page(&late, None)]).await;
    assert_eq!(found, [vec!["3", "2"]]);
}

#[tokio::test]
async fn another_process_goes_on_without_losing_or_repeating() {
    let mut sync = sync();
    let transport = ScriptedTransport::new().json(page(&[lead(3, 30), lead(2, 20)], Some("A")));
    let new = sync.next(&client(&transport)).await.unwrap().unwrap();
    assert_eq!(new.leads.len(), 2);
    // The run is not over: the watermark must not move past what is still on the next page.
    assert_eq!(sync.watermark(), None);
    let saved = serde_json::to_string(&sync).unwrap();
    assert!(!saved.contains("CANARY"), "{saved}");

    let mut other: LeadSync = serde_json::from_str(&saved).unwrap();
    let pages = [page(&[lead(4, 40), lead(3, 30), lead(2, 20)], Some("C")), page(&[lead(1, 10)], None)];
    let (found, requests) = run(&mut other, &pages).await;
    assert_eq!(found, [vec!["4"], vec!["1"]]);
    assert!(!requests[0].contains("after"), "{requests:?}");
    assert_eq!(other.watermark(), Some(at(40)));
}

#[tokio::test]
async fn a_failure_changes_nothing() {
    let mut sync = sync();
    let transport = ScriptedTransport::new()
        .json(page(&[lead(3, 30)], Some("A")))
        .respond(400, &[], error_body(100, 33))
        .json(page(&[lead(2, 20)], None));
    let client = client(&transport);
    sync.next(&client).await.unwrap();
    let before = sync.clone();
    let error = sync.next(&client).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
    assert_eq!(sync, before);
    let new = sync.next(&client).await.unwrap().unwrap();
    assert_eq!(new.leads[0].id.as_str(), "2");
    assert!(line(&transport.requests()[2]).ends_with("after=A"));
    assert!(sync.next(&client).await.unwrap().is_none());
}

#[tokio::test]
async fn a_time_in_the_future_does_not_hide_what_comes() {
    let clock = Arc::new(ManualClock::at(at(100)));
    let transport = ScriptedTransport::new().json(page(&[lead(1, 999_999_999)], None));
    let client =
        Client::builder().transport(Arc::new(transport)).timer(clock).access_token("TOKEN").build().unwrap();
    let mut sync = sync();
    sync.next(&client).await.unwrap();
    assert!(sync.next(&client).await.unwrap().is_none());
    assert_eq!(sync.watermark(), Some(at(100)));
}

#[tokio::test]
async fn what_cannot_be_read_is_shown_without_its_content() {
    let mut sync = LeadSync::new(LeadSource::Ad(AdId::from(6)));
    let odd = json!({"id": {"CANARY": 1}, "field_data": []});
    let transport = ScriptedTransport::new().json(page(&[odd, lead(1, 10)], None));
    let new = sync.next(&client(&transport)).await.unwrap().unwrap();
    assert_eq!((new.leads.len(), new.malformed.len()), (1, 1));
    assert!(!format!("{new:?}").contains("CANARY"), "{new:?}");
    assert!(line(&transport.requests()[0]).starts_with("GET /v26.0/6/leads?fields="));
}

#[test]
fn known_ids_are_forgotten_when_they_cannot_come_again() {
    let mut sync = sync();
    let leads = |ids: &[(u64, i64)]| {
        let read = |(id, second): &(u64, i64)| serde_json::from_value(lead(*id, *second)).unwrap();
        Page::new(ids.iter().map(read).collect(), None)
    };
    sync.take(leads(&[(2, 9000), (1, 0)]), None, None, at(10_000));
    sync.finish();
    assert_eq!(sync.seen.len(), 1);
    assert_eq!(sync.watermark(), Some(at(9000)));
}
