//! Who may serve, and who is turned away before anything is served.

use sociogram_api_core::ErrorKind;
use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup, SetupError};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, OWNER_ROLE, WORKER_ROLE, require_postgres};

use crate::bench::{migrated, options, run, setup, store};

/// The URL of another login of the same database. Roles are the whole server's: its name is the database's.
async fn login(database: &Database, attributes: &str) -> (String, String) {
    let role = format!("{}_{}", attributes.to_lowercase().replace(' ', "_"), database.name());
    run(&database.admin_url(), &format!("create role {role} login {attributes}")).await;
    let url = database.app_url().replace(APP_ROLE, &role);
    (role, url)
}

async fn refused(url: &str) -> SetupError {
    let error = PostgresStore::connect(&options(url)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured, "{error}");
    error
}

#[tokio::test]
async fn a_login_that_row_security_does_not_hold_back_is_refused() {
    require_postgres!();
    let database = migrated().await;
    let (_, bypassing) = login(&database, "bypassrls").await;
    let (member, of_owner) = login(&database, "inherit").await;
    run(&database.admin_url(), &format!("grant {OWNER_ROLE} to {member}")).await;
    for (url, why) in [
        (database.admin_url(), "is a superuser"),
        (bypassing, "has BYPASSRLS"),
        (database.owner_url(), "owns the tables"),
        (of_owner, "is a member of their owner"),
    ] {
        let error = refused(&url).await;
        let text = error.to_string();
        assert!(text.contains(why), "{text}");
        for statement in ["create role \"sociogram_app\" login", "grant usage on schema \"sociogram\" to"] {
            assert!(text.contains(statement) && error.statements().unwrap().contains(statement), "{text}");
        }
        let worker = PostgresWorker::connect(store(&database).await, &options(&url)).await.unwrap_err();
        assert!(worker.to_string().contains(why), "{worker}");
    }
}

#[tokio::test]
async fn the_two_logins_do_not_stand_in_for_each_other() {
    require_postgres!();
    let database = migrated().await;
    let error = refused(&database.worker_url()).await;
    assert!(error.to_string().contains("has the rights of the worker"), "{error}");
    let app = store(&database).await;
    let error = PostgresWorker::connect(app.clone(), &options(&database.app_url())).await.unwrap_err();
    assert!(error.to_string().contains("has the rights of the app"), "{error}");

    // One login with both sets of rights is neither.
    let (both, url) = login(&database, "noinherit").await;
    for roles in [Roles::new(&both, WORKER_ROLE), Roles::new(APP_ROLE, &both)] {
        run(&database.owner_url(), &Setup::new(Schema::default(), roles.unwrap()).grants()).await;
    }
    refused(&url).await;
    assert!(PostgresWorker::connect(app, &options(&url)).await.is_err());
}

#[tokio::test]
async fn the_statements_of_the_error_give_a_login_what_it_lacks() {
    require_postgres!();
    let database = migrated().await;
    let (_, app) = login(&database, "").await;
    let (_, worker) = login(&database, "connection limit 20").await;
    let error = refused(&app).await;
    assert!(error.to_string().contains("lacks rights"), "{error}");
    run(&database.admin_url(), "create role sociogram_app; create role sociogram_worker").await;
    run(&database.owner_url(), error.statements().unwrap()).await;
    let store = PostgresStore::connect(&options(&app)).await.unwrap();

    let error = PostgresWorker::connect(store.clone(), &options(&worker)).await.unwrap_err();
    assert!(error.to_string().contains("lacks rights"), "{error}");
    run(&database.owner_url(), error.statements().unwrap()).await;
    PostgresWorker::connect(store, &options(&worker)).await.unwrap();
}

#[tokio::test]
async fn a_missing_or_older_schema_asks_for_migrate() {
    require_postgres!();
    let empty = Cluster::shared().await.empty_database().await;
    let error = refused(&empty.app_url()).await;
    assert!(
        error.to_string().contains("no schema sociogram") && error.to_string().contains("run migrate"),
        "{error}"
    );

    let database = migrated().await;
    let elsewhere = options(&database.app_url()).schema(Schema::new("elsewhere").unwrap());
    let error = PostgresStore::connect(&elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("no schema elsewhere"), "{error}");
    run(&database.owner_url(), "delete from sociogram.migration").await;
    let error = refused(&database.app_url()).await;
    assert!(error.to_string().contains("has version 0 and this program needs 3; run migrate"), "{error}");
}

#[tokio::test]
async fn a_newer_schema_serves_too() {
    require_postgres!();
    let database = migrated().await;
    run(&database.owner_url(), "insert into sociogram.migration (version, name) values (4, 'newer')").await;
    store(&database).await;
    assert_eq!(setup().migrate(&options(&database.owner_url())).await.unwrap(), 0);
}

#[tokio::test]
async fn row_security_that_was_switched_off_is_noticed() {
    require_postgres!();
    for change in ["no force row level security", "disable row level security"] {
        for table in ["secret", "outbox"] {
            let database = migrated().await;
            run(&database.owner_url(), &format!("alter table sociogram.{table} {change}")).await;
            let error = refused(&database.app_url()).await;
            assert!(error.to_string().contains("row security is not forced"), "{table}: {error}");
        }
    }
}

#[tokio::test]
async fn sessions_that_could_not_keep_the_promises_are_refused() {
    require_postgres!();
    for (setting, why) in [
        ("default_transaction_isolation = 'repeatable read'", "\"read committed\" is needed"),
        ("default_transaction_isolation = 'serializable'", "\"read committed\" is needed"),
        ("default_transaction_read_only = on", "read-only"),
    ] {
        let database = migrated().await;
        run(&database.owner_url(), &format!("alter database {} set {setting}", database.name())).await;
        let error = refused(&database.app_url()).await;
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_no_misconfiguration() {
    require_postgres!();
    let database = migrated().await;
    // Nothing listens on port 1.
    let port = Cluster::shared().await.port();
    let url =
        database.app_url().replace(&format!(":{port}/"), ":1/").replace("test_app@", "test_app:CANARY@");
    let away = ConnectOptions::parse(&url).unwrap().wait(std::time::Duration::from_millis(200));
    let error = PostgresStore::connect(&away).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(!format!("{error} {error:?} {away:?}").contains("CANARY"));

    let unknown = refused(&database.app_url().replace(APP_ROLE, "nobody_of_that_name")).await;
    assert!(unknown.to_string().contains("does not let this login in"), "{unknown}");
}
