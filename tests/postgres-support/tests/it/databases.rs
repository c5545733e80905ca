//! Databases of a shared server: from a template, apart from each other, with roles of their own.

use std::sync::atomic::{AtomicU32, Ordering};

use sociogram_test_postgres::{APP_ROLE, Cluster, OWNER_ROLE, Template, WORKER_ROLE, require_postgres};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};

async fn run(url: &str, statement: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await?;
    connection.close().await
}

async fn number(url: &str, query: &'static str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let number = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    number
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Leaves a pool open, as a careless migration would.
async fn migrate(owner_url: String) {
    let pool = PgPool::connect(&owner_url).await.unwrap();
    let tables = format!(
        "CREATE TABLE note (text text); INSERT INTO note VALUES ('of the template');
         GRANT SELECT, INSERT ON note TO {APP_ROLE}; GRANT SELECT ON note TO {WORKER_ROLE};"
    );
    pool.execute(sqlx::raw_sql(AssertSqlSafe(tables))).await.unwrap();
}

async fn notes(cluster: &Cluster) -> Template {
    cluster.template("notes", migrate).await
}

#[tokio::test]
async fn ten_databases_of_one_template_are_made_at_once_and_apart_from_each_other() {
    require_postgres!();
    let tests = (0..10).map(|test| {
        tokio::spawn(async move {
            let cluster = Cluster::shared().await;
            let database = cluster.database(&notes(&cluster).await).await;
            run(
                &database.app_url(),
                &format!("INSERT INTO note SELECT 'new' FROM generate_series(1, {test})"),
            )
            .await
            .unwrap();
            assert_eq!(number(&database.worker_url(), "SELECT count(*) FROM note").await, 1 + test);
            database
        })
    });
    let tests: Vec<_> = tests.collect();
    let mut names = Vec::new();
    let mut databases = Vec::new();
    for test in tests {
        let database = test.await.unwrap();
        names.push(database.name().to_owned());
        databases.push(database);
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 10);
}

#[tokio::test]
async fn the_roles_are_what_they_log_in_as_and_may_what_the_migration_grants() {
    require_postgres!();
    let cluster = Cluster::shared().await;
    let database = cluster.database(&notes(&cluster).await).await;
    let logins = [
        (database.owner_url(), OWNER_ROLE, false),
        (database.app_url(), APP_ROLE, false),
        (database.worker_url(), WORKER_ROLE, false),
        (database.admin_url(), "postgres", true),
    ];
    for (url, role, superuser) in logins {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let who: (String, bool) =
            sqlx::query_as("SELECT session_user::text, rolsuper FROM pg_roles WHERE rolname = session_user")
                .fetch_one(&mut connection)
                .await
                .unwrap();
        assert_eq!(who, (role.to_owned(), superuser));
    }
    let refused = run(&database.worker_url(), "INSERT INTO note VALUES ('no')").await.unwrap_err();
    assert_eq!(code(&refused).as_deref(), Some("42501"));
    run(&database.owner_url(), "CREATE SCHEMA more; DROP TABLE note").await.unwrap();
}

#[tokio::test]
async fn the_superuser_does_not_come_through_the_loopback() {
    require_postgres!();
    let cluster = Cluster::shared().await;
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", cluster.port());
    let refused = PgConnection::connect(&url).await.unwrap_err();
    assert_eq!(code(&refused).as_deref(), Some("28000"));
}

static RUNS: AtomicU32 = AtomicU32::new(0);

#[tokio::test]
async fn a_template_is_migrated_once_however_many_ask() {
    require_postgres!();
    let asked = (0..5).map(|_| {
        tokio::spawn(async {
            let count = async |_| {
                RUNS.fetch_add(1, Ordering::Relaxed);
            };
            Cluster::shared().await.template("once", count).await
        })
    });
    for template in asked.collect::<Vec<_>>() {
        template.await.unwrap();
    }
    assert_eq!(RUNS.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_migration_that_failed_starts_again_on_a_new_database() {
    require_postgres!();
    let half = async |url: String| {
        run(&url, "CREATE TABLE half (id int)").await.unwrap();
        panic!("the migration fails");
    };
    let failed = tokio::spawn(async move { Cluster::shared().await.template("again", half).await });
    assert!(failed.await.unwrap_err().is_panic());
    let whole = async |url: String| run(&url, "CREATE TABLE half (id int)").await.unwrap();
    let cluster = Cluster::shared().await;
    let database = cluster.database(&cluster.template("again", whole).await).await;
    assert_eq!(number(&database.owner_url(), "SELECT count(*) FROM half").await, 0);
}

#[tokio::test]
async fn a_dropped_database_goes_although_someone_is_connected() {
    require_postgres!();
    let cluster = Cluster::shared().await;
    let watcher = cluster.empty_database().await;
    let database = cluster.empty_database().await;
    let name = database.name().to_owned();
    let _connected = PgConnection::connect(&database.owner_url()).await.unwrap();
    let mut admin = PgConnection::connect(&watcher.admin_url()).await.unwrap();
    drop(database);
    for _ in 0..500 {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if left == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{name} is still there");
}

#[test]
fn the_server_outlives_the_runtime_that_asked_for_it() {
    require_postgres!();
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let cluster = Cluster::shared().await;
            let database = cluster.database(&notes(&cluster).await).await;
            assert_eq!(number(&database.app_url(), "SELECT count(*) FROM note").await, 1);
        });
    }
}
