//! What was recorded outlives the process, and what could not be recorded is told to the platform.

use serde_json::{Value, json};
use sociogram_test_postgres::{Database, require_postgres};
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::{
    browser::{Browser, PAGE},
    program::{Environment, Program, migrated},
};

/// A lead that the sandbox has from the beginning.
const LEAD: u64 = 90_071_992_547_400_001;

fn delivery(lead: u64, message: &str) -> String {
    let lead = json!({"field": "leadgen", "value": {"leadgen_id": lead, "page_id": PAGE}});
    let comment = json!({"field": "feed", "value": {
        "item": "comment", "verb": "add", "post_id": format!("{PAGE}_2"), "comment_id": message, "message": message,
        "from": {"id": "7"}, "created_time": 1_795_000_000,
    }});
    json!({"object": "page", "entry": [{"id": PAGE, "time": 1_795_000_001, "changes": [lead, comment]}]})
        .to_string()
}

async fn connected(environment: &Environment) {
    let server = Program::start(environment);
    Browser::new(&server.url).log_in("facebook", "continue").await;
}

async fn owner(database: &Database, statement: &'static str) {
    let mut connection = PgConnection::connect(&database.owner_url()).await.unwrap();
    connection.execute(statement).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_before_a_crash_is_handled_once_by_the_next_worker() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    connected(&environment).await;

    // It receives and handles nothing.
    let receiving = Program::start(&environment.clone().without("WORKER_DATABASE_URL"));
    let browser = Browser::new(&receiving.url);
    let (status, answer) = browser.deliver(&delivery(LEAD, "before the crash")).await;
    assert_eq!((status, answer), (200, json!({"recorded": 2, "repeated": 0})));
    for path in ["/api/events", "/api/events/1"] {
        let (status, problem) = browser.look(path).await;
        assert_eq!((status, &problem["type"]), (503, &json!("urn:sociogram:problem:no-worker")), "{problem}");
    }
    let entries = browser.get("/api/conversations").await;
    assert!(entries["entries"].as_array().unwrap().is_empty(), "{entries}");
    receiving.kill();

    for start in 0..2 {
        let working = Program::start(&environment);
        let browser = Browser::new(&working.url);
        let leads = browser.listed("/api/leads", "leads", 1).await;
        assert_eq!(
            (&leads[0]["name"], &leads[0]["account"]),
            (&json!("Hedy Visitor"), &json!(PAGE)),
            "start {start}"
        );
        let entries = browser.listed("/api/conversations", "entries", 1).await;
        assert_eq!(entries[0]["text"], "before the crash");
        let events = browser.listed("/api/events?state=done", "events", 2).await;
        assert!(events.iter().all(|event| event["attempts"] == 1), "{events:?}");
        // The platform did not hear that it was recorded, and sends it again.
        let (status, answer) = browser.deliver(&delivery(LEAD, "before the crash")).await;
        assert_eq!((status, answer), (200, json!({"recorded": 0, "repeated": 2})));
        working.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_recorded_is_asked_for_again() {
    require_postgres!();
    let (database, environment) = migrated().await;
    connected(&environment).await;
    let server = Program::start(&environment);
    let browser = Browser::new(&server.url);
    owner(&database, "alter schema sociogram rename to elsewhere").await;
    let (status, problem) = browser.deliver(&delivery(LEAD, "in the meantime")).await;
    assert_eq!((status, &problem["type"]), (503, &json!("urn:sociogram:problem:not-recorded")), "{problem}");
    owner(&database, "alter schema elsewhere rename to sociogram").await;
    let (status, answer) = browser.deliver(&delivery(LEAD, "in the meantime")).await;
    assert_eq!((status, answer), (200, json!({"recorded": 2, "repeated": 0})));
    browser.listed("/api/conversations", "entries", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_shows_records_to_their_tenant_alone() {
    require_postgres!();
    let (database, environment) = migrated().await;
    connected(&environment).await;
    let server = Program::start(&environment);
    let browser = Browser::new(&server.url);
    browser.deliver(&delivery(LEAD, "CANARY")).await;
    browser.listed("/api/leads", "leads", 1).await;
    let mut app = PgConnection::connect(&database.app_url()).await.unwrap();
    for tenant in ["", "00000000-0000-4000-8000-000000000000"] {
        let mut transaction = app.begin().await.unwrap();
        let set = sqlx::query("select set_config('sociogram.tenant', $1, true)").bind(tenant);
        set.execute(&mut *transaction).await.unwrap();
        for table in ["lead", "conversation_entry"] {
            let count = format!("select count(*) from sociogram_server.{table}");
            let count = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(count));
            assert_eq!(count.fetch_one(&mut *transaction).await.unwrap(), 0, "{table}");
        }
    }
    let kept: Value = browser.get("/api/conversations").await;
    assert_eq!(kept["entries"][0]["text"], "CANARY");
}
