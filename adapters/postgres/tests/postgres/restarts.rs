//! Servers that are restarted, and sessions that they end.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_postgres::{PostgresStore, Schema};
use sociogram_test_postgres::{Cluster, Database, require_postgres};
use sociogram_token_vault::{Claim, Claimed, Generation, LeaseOwner, StoreErrorKind, TokenStore as _};
use sqlx::{Executor as _, PgPool};

use crate::{
    bench::{connection, migrated, migrated_on, options, pool, run},
    fixtures::{TENANT, commit, connect, id, renewal, stored},
};

/// More than a few tries would use up.
const WARM: u32 = 6;

const END_ALL: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

/// Opens all connections of a pool and leaves them idle. Those that are dead are found out when they are given back.
async fn warm(pool: &PgPool) {
    let connections = pool.options().get_max_connections();
    for _ in 0..50 {
        for held in join_all((0..connections).map(|_| pool.acquire())).await {
            drop(held.unwrap());
        }
        SystemClock::new().sleep(Duration::from_millis(50)).await;
        if pool.num_idle() == usize::try_from(connections).unwrap() {
            return;
        }
    }
    panic!("the pool does not get warm: {pool:?}");
}

struct Warm {
    store: PostgresStore,
    reads: PgPool,
    commits: PgPool,
}

impl Warm {
    async fn over(database: &Arc<Database>) -> Self {
        let pool = || pool(database, &database.app_url(), WARM);
        let (reads, commits) = (pool(), pool());
        let store = PostgresStore::over(reads.clone(), commits.clone(), Schema::default()).await.unwrap();
        Self { store, reads, commits }
    }

    async fn warm(&self) {
        warm(&self.reads).await;
        warm(&self.commits).await;
    }
}

fn claim(generation: u64) -> Claim {
    Claim::new(LeaseOwner::from_bytes([7; 16]), Generation::new(generation), Duration::from_secs(60))
}

#[tokio::test]
async fn a_restart_of_the_server_is_survived() {
    require_postgres!();
    let cluster = Cluster::own().await;
    let database = migrated_on(&cluster).await;
    let warm = Warm::over(&database).await;
    let store = &warm.store;
    connect(store, TENANT, 1).await;

    // Stopped in order: reads and writes go on, though every connection of the pool is dead.
    warm.warm().await;
    cluster.stop().await;
    cluster.start().await;
    assert_eq!(stored(store, TENANT, 1).await.generation, Generation::new(1));
    commit(store, TENANT, 1, renewal(1, 2)).await;
    warm.warm().await;
    cluster.restart().await;
    let claimed = store.claim(TENANT, id(1), claim(2)).await.unwrap();
    assert!(matches!(claimed, Claimed::Won { prior: None, .. }), "{claimed:?}");

    // Killed: reads go on.
    warm.warm().await;
    cluster.kill().await;
    cluster.start().await;
    assert_eq!(stored(store, TENANT, 1).await.generation, Generation::new(2));
}

#[tokio::test]
async fn a_server_that_is_away_is_told() {
    require_postgres!();
    let cluster = Cluster::own().await;
    let database = migrated_on(&cluster).await;
    let options = options(&database.app_url()).wait(Duration::from_millis(500));
    let store = PostgresStore::connect(&options).await.unwrap();
    connect(&store, TENANT, 1).await;
    cluster.kill().await;
    let read = store.read(TENANT, id(1)).await.unwrap_err();
    let committed = store.commit_success(TENANT, id(1), renewal(1, 2)).await.unwrap_err();
    assert_eq!((read.kind(), committed.kind()), (StoreErrorKind::Unavailable, StoreErrorKind::Unavailable));
    cluster.start().await;
    assert_eq!(stored(&store, TENANT, 1).await.generation, Generation::new(1));
}

#[tokio::test]
async fn a_write_on_a_session_that_was_ended_is_sent_again() {
    require_postgres!();
    let database = migrated().await;
    let warm = Warm::over(&database).await;
    connect(&warm.store, TENANT, 1).await;
    warm.warm().await;
    run(&database.admin_url(), END_ALL).await;
    commit(&warm.store, TENANT, 1, renewal(1, 2)).await;
    assert_eq!(stored(&warm.store, TENANT, 1).await.generation, Generation::new(2));

    // The server itself ends what is idle for too long.
    run(
        &database.admin_url(),
        &format!("alter database {} set idle_session_timeout = '1s'", database.name()),
    )
    .await;
    run(&database.admin_url(), END_ALL).await;
    commit(&warm.store, TENANT, 1, renewal(2, 3)).await;
    warm.warm().await;
    SystemClock::new().sleep(Duration::from_millis(1800)).await;
    commit(&warm.store, TENANT, 1, renewal(3, 4)).await;
    assert_eq!(stored(&warm.store, TENANT, 1).await.generation, Generation::new(4));
}

#[tokio::test]
async fn a_write_that_is_ended_while_it_waits_is_done_once() {
    require_postgres!();
    let database = migrated().await;
    let warm = Warm::over(&database).await;
    connect(&warm.store, TENANT, 1).await;
    let mut admin = connection(&database.admin_url()).await;
    admin.execute("begin; select from sociogram.connection for update").await.unwrap();
    let store = warm.store.clone();
    let write = tokio::spawn(async move { store.commit_success(TENANT, id(1), renewal(1, 2)).await });
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    let mut ended = 0_i64;
    for _ in 0..200 {
        ended = sqlx::query_scalar(end).fetch_one(&mut admin).await.unwrap();
        if ended > 0 {
            break;
        }
        SystemClock::new().sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ended, 1);
    admin.execute("rollback").await.unwrap();
    let done = write.await.unwrap().unwrap();
    assert!(matches!(done, sociogram_token_vault::Committed::Done { .. }), "{done:?}");
    assert_eq!(stored(&warm.store, TENANT, 1).await.generation, Generation::new(2));
}
