//! What is refused, and what a person is told to do.

use sociogram_test_postgres::{Cluster, require_postgres};

use crate::{
    browser::Browser,
    program::{Environment, Program, migrated, run, wrapping_key},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_sees_too_much_is_refused_with_the_statements_to_run() {
    require_postgres!();
    let (database, environment) = migrated().await;
    for (url, why) in [(database.owner_url(), "owns the tables"), (database.admin_url(), "is a superuser")] {
        let told = run(&environment.clone().with("DATABASE_URL", url), &["--port", "0"]).unwrap_err();
        for part in [why, "create role", "grant usage on schema", "the database: "] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_set_up_is_told() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let environment = Environment::default()
        .with("DATABASE_URL", database.app_url())
        .with("ENCRYPTION_KEY", wrapping_key());
    let told = run(&environment, &["--port", "0"]).unwrap_err();
    assert!(told.contains("run migrate first"), "{told}");
    let told = run(&environment, &["migrate"]).unwrap_err();
    assert!(told.starts_with("MIGRATION_DATABASE_URL: missing"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_not_served_under_a_key_of_one_run() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    let told = run(&environment.without("ENCRYPTION_KEY"), &["--port", "0"]).unwrap_err();
    assert!(told.starts_with("ENCRYPTION_KEY: ") && told.contains("keys generate"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_data_keys_takes_the_login_of_the_worker() {
    require_postgres!();
    let (_database, environment) = migrated().await;
    let environment = environment.without("WORKER_DATABASE_URL");
    for command in ["status", "rotate"] {
        let told = run(&environment, &["keys", command]).unwrap_err();
        assert!(told.starts_with("WORKER_DATABASE_URL: missing"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_development_machine_is_set_up_in_one_command() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = Environment::default().with("MIGRATION_DATABASE_URL", database.admin_url());
    let mut environment =
        Environment::default().with("ENCRYPTION_KEY", wrapping_key()).with("RUST_LOG", "error");
    let printed = run(&owner, &["migrate", "--dev"]).unwrap();
    for name in ["DATABASE_URL", "WORKER_DATABASE_URL", "DATABASE_SCHEMA"] {
        let line = printed.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        environment = environment.with(name, line.unwrap().trim_matches('\''));
    }
    // Once more: the logins keep their password if it is known.
    let again = environment.clone().with("MIGRATION_DATABASE_URL", database.admin_url());
    assert_eq!(run(&again, &["migrate", "--dev"]).unwrap(), printed);
    let server = Program::start(&environment);
    assert!(Browser::new(&server.url).connections().await.is_empty());
}
