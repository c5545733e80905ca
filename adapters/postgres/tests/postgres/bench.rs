//! Databases, and handles on them: each with pools of its own, as a process has.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, MemorySessionStore, SessionStore, TenantId};
use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE};
use sociogram_token_vault::{
    async_trait,
    testing::{
        FaultyStore,
        store_contract::{Bench, Handle, StoreControl},
    },
};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, postgres::PgPoolOptions, types::Uuid,
};
use tokio::sync::Mutex;

pub(crate) fn roles() -> Roles {
    Roles::new(APP_ROLE, WORKER_ROLE).unwrap()
}

pub(crate) fn setup() -> Setup {
    Setup::new(Schema::default(), roles())
}

pub(crate) fn options(url: &str) -> ConnectOptions {
    ConnectOptions::parse(url).unwrap().connections(4).commit_connections(1)
}

pub(crate) async fn connection(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

/// Runs SQL text of a test.
pub(crate) async fn run(url: &str, sql: &str) {
    let mut connection = connection(url).await;
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
    connection.close().await.unwrap();
}

/// A database with the schema in it, on a clock that a test can move.
pub(crate) async fn migrated() -> Arc<Database> {
    migrated_on(&Cluster::shared().await).await
}

pub(crate) async fn migrated_on(cluster: &Cluster) -> Arc<Database> {
    let migrate = |owner: String| async move {
        setup().migrate(&options(&owner)).await.unwrap();
        run(&owner, include_str!("clock.sql")).await;
    };
    let template = cluster.template("sociogram", migrate).await;
    Arc::new(cluster.database(&template).await)
}

/// A pool that keeps the database for as long as it lives itself: some clauses keep nothing but a handle.
pub(crate) fn pool(database: &Arc<Database>, url: &str, connections: u32) -> PgPool {
    let database = Arc::clone(database);
    PgPoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(false)
        .after_connect(move |_, _| {
            let _kept = &database;
            Box::pin(async { Ok(()) })
        })
        .connect_lazy(url)
        .unwrap()
}

pub(crate) async fn store(database: &Arc<Database>) -> PostgresStore {
    let pool = |connections| pool(database, &database.app_url(), connections);
    PostgresStore::over(pool(4), pool(1), Schema::default()).await.unwrap()
}

pub(crate) async fn worker(database: &Arc<Database>) -> PostgresWorker {
    let pool = pool(database, &database.worker_url(), 3);
    PostgresWorker::over(store(database).await, pool).await.unwrap()
}

pub(crate) fn uuid(bytes: &[u8; 16]) -> Uuid {
    Uuid::from_bytes(*bytes)
}

/// What a test does to the database behind the stores.
pub(crate) struct Control(Mutex<PgConnection>);

impl Control {
    pub(crate) async fn of(database: &Database) -> Self {
        Self(Mutex::new(connection(&database.owner_url()).await))
    }
}

#[async_trait]
impl StoreControl for Control {
    async fn now(&self) -> Timestamp {
        let sql = "select (extract(epoch from sociogram.clock()) * 1000)::bigint";
        let millis = sqlx::query_scalar(sql).fetch_one(&mut *self.0.lock().await).await.unwrap();
        Timestamp::from_unix_millis(millis)
    }

    async fn advance(&self, by: Duration) {
        let sql = "update sociogram.test_clock set ahead = ahead + $1 * interval '1 millisecond'";
        let millis = i64::try_from(by.as_millis()).unwrap();
        sqlx::query(sql).bind(millis).execute(&mut *self.0.lock().await).await.unwrap();
    }

    async fn spoil(&self, tenant: TenantId, connection: ConnectionId) {
        let mut owner = self.0.lock().await;
        // The owner sees the rows of one tenant, like everybody else.
        sqlx::query("select set_config('sociogram.tenant', $1, false)")
            .bind(tenant.to_string())
            .execute(&mut *owner)
            .await
            .unwrap();
        let sql = "update sociogram.connection set state = 'a word that nobody knows' where id = $1";
        let spoilt = sqlx::query(sql).bind(uuid(connection.as_bytes())).execute(&mut *owner).await.unwrap();
        assert_eq!(spoilt.rows_affected(), 1, "there is no row to spoil");
    }
}

pub(crate) async fn open(handles: usize) -> Bench {
    // A clause cannot be left out, so where Postgres is it is one of the store in memory.
    if !Cluster::available() {
        return Bench::in_memory(handles);
    }
    let database = migrated().await;
    let mut all: Vec<Handle> = Vec::new();
    for _ in 0..handles {
        all.push(Arc::new(worker(&database).await));
    }
    Bench::new(all, Arc::new(Control::of(&database).await))
}

pub(crate) async fn open_decorated(handles: usize) -> Bench {
    let Bench { handles, control, .. } = open(handles).await;
    let decorated = handles.into_iter().map(|handle| -> Handle { FaultyStore::over(handle) });
    Bench::new(decorated.collect(), control)
}

pub(crate) async fn open_sessions(handles: usize) -> Vec<Arc<dyn SessionStore>> {
    if !Cluster::available() {
        let store: Arc<dyn SessionStore> = Arc::new(MemorySessionStore::new());
        return vec![store; handles];
    }
    let database = migrated().await;
    let mut all: Vec<Arc<dyn SessionStore>> = Vec::new();
    for _ in 0..handles {
        all.push(Arc::new(store(&database).await));
    }
    all
}
