//! Servers that a test takes down.

use sociogram_test_postgres::{Cluster, Settings, require_postgres};
use sqlx::{Connection, Executor, PgConnection};

async fn count(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn a_stopped_server_refuses_and_comes_back_with_its_databases() {
    require_postgres!();
    let cluster = Cluster::own().await;
    let database = cluster.empty_database().await;
    let url = database.owner_url();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute("CREATE TABLE note AS SELECT 'kept' AS text").await.unwrap();
    cluster.stop().await;
    let told = connection.execute("SELECT 1").await.unwrap_err();
    let code = told.as_database_error().and_then(sqlx::error::DatabaseError::code);
    assert_eq!(code.as_deref(), Some("57P01"), "the server says that it goes: {told}");
    assert!(matches!(PgConnection::connect(&url).await, Err(sqlx::Error::Io(_))));
    cluster.start().await;
    assert_eq!(count(&mut PgConnection::connect(&url).await.unwrap()).await, 1);
    cluster.restart().await;
    assert_eq!(count(&mut PgConnection::connect(&url).await.unwrap()).await, 1);
    drop(cluster.empty_database().await);
}

#[tokio::test]
async fn a_killed_server_keeps_each_commit_and_nothing_else() {
    require_postgres!();
    for settings in [Settings::default(), Settings::default().fsync()] {
        let cluster = Cluster::own_with(settings).await;
        let database = cluster.empty_database().await;
        let url = database.owner_url();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        connection.execute("CREATE TABLE note (text text)").await.unwrap();
        for round in 1..=5 {
            let mut open = PgConnection::connect(&url).await.unwrap();
            open.execute("BEGIN; INSERT INTO note VALUES ('never committed')").await.unwrap();
            connection.execute("INSERT INTO note VALUES ('committed')").await.unwrap();
            cluster.kill().await;
            let broken = connection.execute("SELECT 1").await.unwrap_err();
            assert!(matches!(broken, sqlx::Error::Io(_)), "nobody is told: {broken}");
            cluster.start().await;
            connection = PgConnection::connect(&url).await.unwrap();
            assert_eq!(count(&mut connection).await, round);
        }
        assert!(cluster.log().contains("database system was interrupted"), "{}", cluster.log());
    }
}

#[tokio::test]
async fn settings_reach_the_server_and_its_log_can_be_read() {
    require_postgres!();
    let cluster = Cluster::own_with(Settings::default().fsync().set("log_statement", "all")).await;
    let database = cluster.empty_database().await;
    let mut connection = PgConnection::connect(&database.owner_url()).await.unwrap();
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await.unwrap();
    assert_eq!(fsync, "on");
    connection.execute("SELECT 'a line of the log'").await.unwrap();
    assert!(cluster.log().contains("a line of the log"));
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    require_postgres!();
    let started = tokio::spawn(Cluster::own_with(Settings::default().set("shared_buffers", "nonsense")));
    let panic = started.await.unwrap_err().into_panic();
    let said = panic.downcast_ref::<String>().unwrap();
    assert!(said.contains("invalid value for parameter \"shared_buffers\""), "{said}");
}

#[tokio::test]
async fn a_dropped_server_leaves_no_file() {
    require_postgres!();
    for killed in [false, true] {
        let cluster = Cluster::own().await;
        let directory = cluster.directory().to_owned();
        assert!(directory.join("data/PG_VERSION").exists());
        if killed {
            cluster.kill().await;
        }
        drop(cluster);
        for _ in 0..500 {
            if !directory.exists() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(!directory.exists(), "{} is left (killed: {killed})", directory.display());
    }
}
