//! The demo on a database.

use sociogram_test_postgres::require_postgres;

use crate::{
    browser::{Browser, PAGE},
    program::{Program, migrated, run},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_can_be_repeated_on_the_database_of_a_server_and_leaves_no_key_behind() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    let server = Program::start(&environment);
    let browser = Browser::new(&server.url);
    browser.log_in("facebook", "continue").await;
    let connections = browser.connections().await;
    server.kill();
    for _ in 0..2 {
        let told = run(&environment, &["demo"]).unwrap();
        assert!(told.contains("stores   in Postgres\n"), "{told}");
        assert!(told.contains("the grant was withdrawn at the platform"), "{told}");
        assert!(
            told.contains("\"rejected\":1,\"in_doubt\":1,\"waiting\":0,\"replayed\":1,\"leads_told\":3"),
            "{told}"
        );
        assert!(told.contains("\"leads\":3,\"comments\":3,\"dead_letters\":1,\"replayed\":1"), "{told}");
    }
    // Nobody set a key: one of its own will do.
    let alone = environment.clone().without("ENCRYPTION_KEY").without("WORKER_DATABASE_URL");
    let told = run(&alone, &["demo"]).unwrap();
    assert!(told.contains("nobody withdraws the grant here"), "{told}");
    assert!(told.contains("nobody sends them here") && told.contains("\"sent\":0"), "{told}");
    assert!(told.contains("nobody handles them here") && told.contains("\"leads\":0"), "{told}");
    let status = run(&environment, &["keys", "status"]).unwrap();
    let counted: Vec<_> = status.lines().skip(1).map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(counted, [Some("1")], "that of the server alone: {status}");
    let server = Program::start(&environment);
    let browser = Browser::new(&server.url);
    assert_eq!(browser.connections().await, connections);
    browser.publish(&connections[0].1, PAGE, "untouched by the demo").await;
}
