//! A resolve that looks at the store every time, beside the bare call of the function that it reads with, through the
//! same pool; interleaved in one run, on a Postgres of its own.
//!
//! `cargo bench -p sociogram-postgres --bench miss` prints, per call, `ratio=<ours/floor> floor=<ns> ours=<ns>`:
//! `resolve` is `Vault::resolve` with no staleness allowed, `read` is `TokenStore::read`. The floor fetches and decodes
//! nothing: `…/row` the row as the function gives it, `…/columns` its columns one by one, as we ask for them.
//! One caller at a time, 100 connections in turn, tokens of 256 bytes.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]
#![allow(clippy::future_not_send, reason = "a benchmark of one caller runs on one thread")]

use std::{
    cell::Cell,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use sociogram_oauth_core::{ConnectionId, ProviderId, TenantId, TokenKind, TokenSet};
use sociogram_postgres::{ConnectOptions, PostgresStore, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, WORKER_ROLE, require_postgres};
use sociogram_token_vault::{Account, DataKeys, LocalKeys, NewConnection, TokenStore as _, Vault};
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
    types::Uuid,
};

const ROUNDS: usize = 201;
const CALLS: u32 = 20;
const WARM_UP: usize = 50;
const CONNECTIONS: u32 = 100;

const ROW: &str = "select * from sociogram.read_token($1, $2)";
const COLUMNS: &str = "select (f.stored).*, f.access_ct, f.refresh_ct from sociogram.read_token($1, $2) f";

type Key = (TenantId, ConnectionId);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = ConnectOptions::parse(&database.owner_url()).expect("a URL");
    let roles = Roles::new(APP_ROLE, WORKER_ROLE).expect("names of logins");
    Setup::new(Schema::default(), roles).migrate(&owner).await.expect("a schema");
    let pool = pool(&database.app_url());
    let store = PostgresStore::over(pool.clone(), pool.clone(), Schema::default()).await.expect("a store");
    let vault = vault(&store);
    let keys = connected(&vault).await;
    analyze(&database.admin_url()).await;

    let resolve = async |(tenant, connection): Key| {
        drop(black_box(vault.resolve(tenant, connection).await.expect("a token")));
    };
    let read = async |(tenant, connection): Key| {
        drop(black_box(store.read(tenant, connection).await.expect("an answer").expect("a token set")));
    };
    let row = async |key: Key| bare(&pool, ROW, key).await;
    let columns = async |key: Key| bare(&pool, COLUMNS, key).await;
    report("miss/resolve/row", &keys, &resolve, &row).await;
    report("miss/resolve/columns", &keys, &resolve, &columns).await;
    report("miss/read/row", &keys, &read, &row).await;
    report("miss/read/columns", &keys, &read, &columns).await;
}

/// As the crate makes them.
fn pool(url: &str) -> PgPool {
    let server: PgConnectOptions = url.parse().expect("a URL");
    PgPoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .connect_lazy_with(server.disable_statement_logging())
}

fn vault(store: &PostgresStore) -> Vault {
    let store = Arc::new(store.clone());
    let keys = LocalKeys::parse(&"07".repeat(32)).expect("a key");
    Vault::builder(Arc::clone(&store), DataKeys::new(Arc::new(keys), store))
        .max_staleness(Duration::ZERO)
        .build()
        .expect("a vault")
}

async fn connected(vault: &Vault) -> Vec<Key> {
    let mut keys = Vec::new();
    for number in 0..CONNECTIONS {
        let tenant = TenantId::from_bytes(u128::from(number % 10).to_be_bytes());
        let account = Account::new(ProviderId::LINKEDIN, "app", number.to_string());
        let tokens = TokenSet::new("EAAB".repeat(64).into(), TokenKind::LinkedInMember);
        let connection = vault.connect(NewConnection::new(tenant, account), &tokens).await;
        keys.push((tenant, connection.expect("a connection").id));
    }
    keys
}

/// The server's own housekeeping is off, so it does not know how many rows there are.
async fn analyze(admin: &str) {
    let mut admin = PgConnection::connect(admin).await.expect("a connection");
    sqlx::query("analyze").execute(&mut admin).await.expect("statistics");
}

async fn bare(pool: &PgPool, sql: &'static str, (tenant, connection): Key) {
    let (tenant, connection) =
        (Uuid::from_bytes(*tenant.as_bytes()), Uuid::from_bytes(*connection.as_bytes()));
    let rows = sqlx::query(sql).bind(tenant).bind(connection).fetch_all(pool).await.expect("an answer");
    assert_eq!(black_box(rows).len(), 1, "every connection has its row");
}

/// The same keys in the same order for both sides.
struct Turns<'a> {
    keys: &'a [Key],
    next: Cell<usize>,
}

impl Turns<'_> {
    fn next(&self) -> Key {
        let place = self.next.replace((self.next.get() + 1) % self.keys.len());
        black_box(self.keys.get(place).copied().expect("a key"))
    }

    /// Nanoseconds per call of one batch.
    async fn batch(&self, work: &impl AsyncFn(Key)) -> f64 {
        let start = Instant::now();
        for _ in 0..CALLS {
            work(self.next()).await;
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
    }
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
async fn report(name: &str, keys: &[Key], ours: &impl AsyncFn(Key), floor: &impl AsyncFn(Key)) {
    let (a, b) = (Turns { keys, next: Cell::new(0) }, Turns { keys, next: Cell::new(0) });
    for _ in 0..WARM_UP {
        a.batch(ours).await;
        b.batch(floor).await;
    }
    let mut rows = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            let first = a.batch(ours).await;
            let (second, third) = (b.batch(floor).await, b.batch(floor).await);
            rows.push((first.min(a.batch(ours).await), second.min(third)));
        } else {
            let first = b.batch(floor).await;
            let (second, third) = (a.batch(ours).await, a.batch(ours).await);
            rows.push((second.min(third), first.min(b.batch(floor).await)));
        }
    }
    let ratio = median(rows.iter().map(|(a, b)| a / b));
    let (ours_ns, floor_ns) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!("{name}: ratio={ratio:.3} floor={floor_ns:.0} ours={ours_ns:.0}");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
