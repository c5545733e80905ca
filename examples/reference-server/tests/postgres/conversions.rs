//! Conversions outlive the process that accepted them.

use serde_json::{Value, json};
use sociogram::api_core::{Clock as _, SystemClock};
use sociogram_test_postgres::require_postgres;

use crate::{
    browser::Browser,
    program::{Program, migrated},
};

fn events(ids: &[&str]) -> Value {
    let at = SystemClock::new().now().as_unix_seconds() - 60;
    let event = |id: &&str| {
        json!({
            "event_name": "Lead", "event_time": at, "event_id": id, "action_source": "email",
            "user_data": {"em": "ada@example.com"},
        })
    };
    ids.iter().map(event).collect()
}

fn ids(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().unwrap().iter().map(|entry| entry["id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_before_a_crash_is_sent_once_by_the_next_worker() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    // It accepts and sends nothing.
    let accepting = Program::start(&environment.clone().without("WORKER_DATABASE_URL"));
    let browser = Browser::new(&accepting.url);
    browser.log_in("facebook", "continue").await;
    let (status, first) = browser.post("/api/conversions", &events(&["a", "b"])).await;
    assert_eq!((status, &first["counts"]["waiting"]), (202, &json!(2)), "{first}");
    let (status, late) = browser.post("/api/conversions?wait=1", &events(&["b", "c"])).await;
    assert_eq!((status, &late["counts"]["waiting"]), (202, &json!(1)), "nobody sends: {late}");
    assert_eq!(ids(&late, "duplicates"), ids(&first, "accepted")[1..]);
    accepting.kill();

    for start in 0..2 {
        let working = Program::start(&environment);
        let browser = Browser::new(&working.url);
        let sent = browser.listed("/api/conversions?state=sent", "conversions", 3).await;
        assert!(sent.iter().all(|event| event["attempts"] == 1), "start {start}: {sent:?}");
        let (status, again) = browser.post("/api/conversions?wait=20", &events(&["a", "b", "c"])).await;
        assert_eq!((status, ids(&again, "duplicates").len()), (200, 3), "{again}");
        working.kill();
    }
}
