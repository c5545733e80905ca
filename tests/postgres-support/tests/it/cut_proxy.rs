//! The ways a proxy breaks connections.

use std::time::Duration;

use sociogram_test_postgres::{Cluster, CutProxy, Database, require_postgres};
use sqlx::{Connection, Executor, PgConnection};
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(20);

struct Bench {
    proxy: CutProxy,
    database: Database,
}

impl Bench {
    async fn new() -> Bench {
        let database = Cluster::shared().await.empty_database().await;
        let bench = Bench { proxy: CutProxy::before(&database.owner_url()).await, database };
        bench.directly().await.execute("CREATE TABLE note (text text)").await.unwrap();
        bench
    }

    async fn directly(&self) -> PgConnection {
        PgConnection::connect(&self.database.owner_url()).await.unwrap()
    }

    async fn through(&self) -> PgConnection {
        PgConnection::connect(self.proxy.url()).await.unwrap()
    }

    async fn written(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(&mut self.directly().await).await.unwrap()
    }
}

async fn write(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO note VALUES ($1)").bind("x").execute(connection).await.map(drop)
}

#[track_caller]
fn assert_broken(result: &Result<(), sqlx::Error>) {
    assert!(matches!(result, Err(sqlx::Error::Io(_))), "{result:?}");
}

#[tokio::test]
async fn an_open_proxy_is_not_noticed() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    for _ in 0..20 {
        write(&mut connection).await.unwrap();
    }
    let large: String =
        sqlx::query_scalar("SELECT repeat('Z', 3000000)").fetch_one(&mut connection).await.unwrap();
    assert_eq!(large.len(), 3_000_000);
    let echo: String =
        sqlx::query_scalar("SELECT $1::text").bind(&large).fetch_one(&mut connection).await.unwrap();
    assert_eq!(echo, large);
    assert_eq!(bench.proxy.connections(), 1);
    connection.close().await.unwrap();
    assert_eq!(bench.written().await, 20);
    assert_eq!(bench.proxy.lost(), 0);
}

#[tokio::test]
async fn encryption_is_declined_for_a_client_that_asks() {
    require_postgres!();
    let bench = Bench::new().await;
    let url = bench.proxy.url().replace("sslmode=disable", "sslmode=prefer");
    write(&mut PgConnection::connect(&url).await.unwrap()).await.unwrap();
    assert_eq!(bench.written().await, 1);
}

#[tokio::test]
async fn another_role_goes_through_the_same_proxy() {
    require_postgres!();
    let bench = Bench::new().await;
    let url = bench.proxy.through(&bench.database.app_url());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let who: String =
        sqlx::query_scalar("SELECT session_user::text").fetch_one(&mut connection).await.unwrap();
    assert_eq!(who, sociogram_test_postgres::APP_ROLE);
    assert_eq!(bench.proxy.connections(), 1);
}

#[tokio::test]
async fn a_cut_resets_open_connections_and_refuses_new_ones_until_restored() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connections = [bench.through().await, bench.through().await];
    for _ in 0..3 {
        bench.proxy.cut().await;
        assert_eq!(bench.proxy.connections(), 0);
        for connection in &mut connections {
            assert_broken(&write(connection).await);
        }
        let refused = PgConnection::connect(bench.proxy.url()).await;
        assert!(
            matches!(&refused, Err(sqlx::Error::Io(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused),
            "{refused:?}"
        );
        bench.proxy.restore().await;
        connections = [bench.through().await, bench.through().await];
        write(&mut connections[0]).await.unwrap();
    }
    assert_eq!(bench.written().await, 3);
}

#[tokio::test]
async fn a_stalled_proxy_swallows_and_breaks_what_lost_something_when_restored() {
    require_postgres!();
    let bench = Bench::new().await;
    let (mut busy, mut idle) = (bench.through().await, bench.through().await);
    bench.proxy.stall().await;
    assert!(timeout(SHORT, write(&mut busy)).await.is_err());
    let new = PgConnection::connect(bench.proxy.url());
    assert!(timeout(SHORT, new).await.is_err(), "accepted, and never answered");
    bench.proxy.restore().await;
    assert_broken(&write(&mut busy).await);
    write(&mut idle).await.unwrap();
    write(&mut bench.through().await).await.unwrap();
    assert_eq!(bench.written().await, 2, "nothing of the stall arrived");
}

#[tokio::test]
async fn swallowed_answers_do_not_keep_the_statement_from_happening() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    write(&mut connection).await.unwrap();
    bench.proxy.swallow_answers().await;
    assert!(timeout(SHORT, write(&mut connection)).await.is_err());
    let written = async { while bench.written().await < 2 {} };
    timeout(LONG, written).await.expect("the server has worked");
    bench.proxy.restore().await;
    assert_broken(&write(&mut connection).await);
}

#[tokio::test]
async fn what_was_held_arrives_late() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    bench.proxy.hold().await;
    let late = tokio::spawn(async move { write(&mut connection).await });
    tokio::time::sleep(SHORT).await;
    assert!(!late.is_finished());
    assert_eq!(bench.written().await, 0);
    bench.proxy.restore().await;
    late.await.unwrap().unwrap();
    assert_eq!(bench.written().await, 1);
}

#[tokio::test]
async fn the_answer_of_a_commit_is_lost_after_the_commit() {
    require_postgres!();
    let bench = Bench::new().await;
    for round in 1..=10 {
        let mut connection = bench.through().await;
        let mut transaction = connection.begin().await.unwrap();
        bench.proxy.lose_answer_to("COMMIT");
        write(&mut transaction).await.unwrap();
        let lost = transaction.commit().await;
        assert_broken(&lost);
        assert_eq!(bench.written().await, round, "it is committed when the client sees the reset");
        assert_eq!(bench.proxy.lost(), usize::try_from(round).unwrap());
    }
}

#[tokio::test]
async fn the_answer_of_a_prepared_statement_is_lost_on_its_first_and_on_a_later_run() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    bench.proxy.lose_answer_to("INSERT INTO note");
    assert_broken(&write(&mut connection).await);
    assert_eq!(bench.written().await, 1);
    let mut connection = bench.through().await;
    write(&mut connection).await.unwrap();
    bench.proxy.lose_answer_to("INSERT INTO note");
    connection.execute("SELECT 1").await.unwrap();
    assert_broken(&write(&mut connection).await);
    assert_eq!(bench.written().await, 3);
    assert_eq!(bench.proxy.lost(), 2);
}

#[tokio::test]
async fn a_lost_statement_never_happens() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    let mut transaction = connection.begin().await.unwrap();
    write(&mut transaction).await.unwrap();
    bench.proxy.lose_statement("COMMIT");
    assert_broken(&transaction.commit().await);
    let mut connection = bench.through().await;
    write(&mut connection).await.unwrap();
    bench.proxy.lose_statement("INSERT");
    assert_broken(&write(&mut connection).await);
    assert_eq!(bench.written().await, 1);
    assert_eq!(bench.proxy.lost(), 2);
    write(&mut bench.through().await).await.unwrap();
    assert_eq!(bench.written().await, 2, "a trap catches once");
}

#[tokio::test]
async fn a_trap_leaves_other_connections_alone() {
    require_postgres!();
    let bench = Bench::new().await;
    let (mut one, mut other) = (bench.through().await, bench.through().await);
    bench.proxy.lose_answer_to("INSERT");
    assert_broken(&write(&mut one).await);
    write(&mut other).await.unwrap();
    assert_eq!(bench.written().await, 2);
}

#[tokio::test]
async fn a_dropped_proxy_closes_its_connections_and_its_port() {
    require_postgres!();
    let bench = Bench::new().await;
    let mut connection = bench.through().await;
    let url = bench.proxy.url().to_owned();
    drop(bench.proxy);
    assert_broken(&write(&mut connection).await);
    let refused = async {
        while PgConnection::connect(&url).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, refused).await.unwrap();
}
