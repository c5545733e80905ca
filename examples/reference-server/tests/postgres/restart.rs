//! What was connected outlives the process.

use sociogram_test_postgres::require_postgres;

use crate::{
    browser::{Browser, ORGANIZATION, PAGE},
    program::{Environment, Program, migrated, run, wrapping_key},
};

/// Connects both accounts in a first process, which is then killed.
async fn connected(environment: &Environment) -> Vec<(String, String)> {
    let first = Program::start(environment);
    let browser = Browser::new(&first.url);
    browser.log_in("facebook", "continue").await;
    browser.log_in("linkedin", "allow").await;
    let connections = browser.connections().await;
    assert_eq!(connections.len(), 2);
    first.kill();
    connections
}

async fn publishes_to_both(environment: &Environment, connections: &[(String, String)]) {
    let server = Program::start(environment);
    let browser = Browser::new(&server.url);
    assert_eq!(browser.connections().await, connections);
    for (provider, id) in connections {
        let account = if provider == "facebook" { PAGE } else { ORGANIZATION };
        browser.publish(id, account, "published after a restart").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_publishes_with_the_stored_connections_when_it_is_back() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    let connections = connected(&environment).await;
    publishes_to_both(&environment, &connections).await;
    // Without a worker it serves all the same, and says what it leaves to others.
    let alone = environment.without("WORKER_DATABASE_URL");
    publishes_to_both(&alone, &connections).await;
    let said = Program::start(&alone).said.clone();
    assert!(said.contains("No WORKER_DATABASE_URL is set"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_keys_are_counted_and_moved_and_the_old_wrapping_key_is_not_needed_any_more() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    let (old, new) = (wrapping_key(), wrapping_key());
    let environment = environment.with("ENCRYPTION_KEY", &old);
    let connections = connected(&environment).await;

    let both = environment.clone().with("ENCRYPTION_KEY", format!("{new},{old}"));
    let before = run(&both, &["keys", "status"]).unwrap();
    assert!(before.contains("keep it until `keys rotate` has moved its data keys"), "{before}");
    let moved = run(&both, &["keys", "rotate"]).unwrap();
    assert!(moved.contains("1 moved, 0 to go") && moved.contains("1 data keys moved to"), "{moved}");
    let after = run(&both, &["keys", "status"]).unwrap();
    assert!(after.contains("may be removed") && !after.contains("keep it"), "{after}");
    assert!(run(&both, &["keys", "rotate"]).unwrap().contains("0 data keys moved"));
    publishes_to_both(&environment.with("ENCRYPTION_KEY", new), &connections).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_key_whose_wrapping_key_is_missing_is_told_and_stays() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    connected(&environment).await;
    let told = run(&environment.with("ENCRYPTION_KEY", wrapping_key()), &["keys", "rotate"]).unwrap_err();
    assert!(told.contains("1 data keys could not be moved"), "{told}");
}
