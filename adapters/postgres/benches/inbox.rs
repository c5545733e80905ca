//! Recording events, beside a bare insert of the same bytes through the same pool; interleaved in one run, on a Postgres
//! of its own.
//!
//! `cargo bench -p sociogram-postgres --bench inbox` prints, per call, `ratio=<ours/floor> floor=<ns> ours=<ns>` for
//! batches of 1 and of 100 events, all new. The floor is `insert into t (key, body)` into a table with a unique key and
//! nothing else. Then one worker claims and settles what was recorded, in batches of 100:
//! `inbox/handle: events_per_second=<median> claim=<median, ns> settle=<median, ns>`, and the same subject by subject.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]
#![allow(clippy::future_not_send, reason = "a benchmark of one caller runs on one thread")]

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE, require_postgres};
use sociogram_webhook_verify::{
    Event,
    inbox::{Claim, InboxStore as _, Order, Outcome, RecordEvents as _, Recorded, Settlement},
};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

const ROUNDS: usize = 101;
const WARM_UP: usize = 20;
const LEASE: Duration = Duration::from_secs(600);
const BATCH: usize = 100;
const HANDLED: usize = 100;

const ONE: &str = "insert into public.bare (key, body) values ($1, $2)";
const MANY: &str = "insert into public.bare (key, body) select * from unnest($1, $2)";

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
    admin(
        &database,
        &format!(
            "create table public.bare (key bytea primary key, body text not null);
            grant insert on public.bare to {APP_ROLE}"
        ),
    )
    .await;
    let pool = pool(&database.app_url());
    let store = PostgresStore::over(pool.clone(), pool.clone(), Schema::default()).await.expect("a store");
    let numbers = Cell::new(0);
    for size in [1, 100] {
        report(&database, &store, &pool, size, &numbers).await;
    }
    let options = ConnectOptions::parse(&database.worker_url()).expect("a URL").connections(1);
    let worker = PostgresWorker::connect(store, &options).await.expect("a worker");
    for (name, order) in [("inbox/handle", Order::Any), ("inbox/handle/per_subject", Order::PerSubject)] {
        handle(name, &worker, order).await;
    }
}

async fn admin(database: &Database, sql: &str) {
    let mut admin = PgConnection::connect(&database.admin_url()).await.expect("a connection");
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.expect("an answer");
}

/// As the crate makes them.
fn pool(url: &str) -> PgPool {
    let server: PgConnectOptions = url.parse().expect("a URL");
    PgPoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .connect_lazy_with(server.disable_statement_logging())
}

/// A comment of some five hundred bytes. Keys are hashes: they come in no order.
fn event(number: u64) -> Event {
    let key = format!("{:016x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).repeat(4);
    let text = format!(
        r#"{{"version":1,"provider":"meta","object":"page","account":"{}","field":"feed","sent_at":1712000000000,
            "key":"{key}","strength":"exact","raw":{{"field":"feed","value":{{"item":"comment","verb":"add",
            "comment_id":"{number}_1","post_id":"10_{}","created_time":1712000000,"from":{{"id":"{number}","name":"Somebody"}},
            "message":"{}"}}}}}}"#,
        100_000_000_000_000 + number % 500,
        number % 5_000,
        "Lorem ipsum dolor ".repeat(10),
    );
    serde_json::from_str(&text).expect("an event")
}

/// The next events, which are new.
fn events(size: usize, numbers: &Cell<u64>) -> Vec<Event> {
    (0..size).map(|_| event(numbers.replace(numbers.get() + 1))).collect()
}

/// Nanoseconds of one call.
async fn ours(store: &PostgresStore, size: usize, numbers: &Cell<u64>) -> f64 {
    let events = events(size, numbers);
    let start = Instant::now();
    let recorded = store.record(&events).await.expect("an answer");
    let took = start.elapsed().as_secs_f64() * 1e9;
    assert!(recorded.iter().all(|one| matches!(one, Recorded::New(_))), "every event is new");
    took
}

async fn floor(pool: &PgPool, size: usize, numbers: &Cell<u64>) -> f64 {
    let rows: Vec<_> = events(size, numbers)
        .iter()
        .map(|event| (event.key().as_bytes().to_vec(), serde_json::to_string(event).expect("JSON")))
        .collect();
    let (keys, bodies): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let start = Instant::now();
    let query = match (&keys[..], &bodies[..]) {
        ([key], [body]) => sqlx::query(ONE).bind(key).bind(body),
        _ => sqlx::query(MANY).bind(&keys).bind(&bodies),
    };
    query.execute(pool).await.expect("an answer");
    start.elapsed().as_secs_f64() * 1e9
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
async fn report(database: &Database, store: &PostgresStore, pool: &PgPool, size: usize, numbers: &Cell<u64>) {
    for _ in 0..WARM_UP {
        ours(store, size, numbers).await;
        floor(pool, size, numbers).await;
    }
    // The server's own housekeeping is off.
    admin(database, "vacuum analyze").await;
    let mut rows = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (a, b) = if round % 2 == 0 {
            let first = ours(store, size, numbers).await;
            let (second, third) = (floor(pool, size, numbers).await, floor(pool, size, numbers).await);
            (first.min(ours(store, size, numbers).await), second.min(third))
        } else {
            let first = floor(pool, size, numbers).await;
            let (second, third) = (ours(store, size, numbers).await, ours(store, size, numbers).await);
            (second.min(third), first.min(floor(pool, size, numbers).await))
        };
        rows.push((a, b));
    }
    let ratio = median(rows.iter().map(|(a, b)| a / b));
    let (ours, floor) = (median(rows.iter().map(|row| row.0)), median(rows.iter().map(|row| row.1)));
    println!("inbox/record/{size}: ratio={ratio:.3} floor={floor:.0} ours={ours:.0}");
}

async fn handle(name: &str, worker: &PostgresWorker, order: Order) {
    let claim = Claim::new(BATCH, LEASE).order(order);
    let (mut rates, mut claims, mut settles) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..HANDLED {
        let start = Instant::now();
        let claimed = worker.claim(&claim).await.expect("an answer");
        let took = start.elapsed();
        assert!(!claimed.is_empty(), "something is due");
        let done: Vec<_> = claimed.iter().map(|one| Settlement::new(one.token, Outcome::Done)).collect();
        let begun = Instant::now();
        worker.settle(&done).await.expect("an answer");
        let settled = begun.elapsed();
        claims.push(took.as_secs_f64() * 1e9);
        settles.push(settled.as_secs_f64() * 1e9);
        let events = u32::try_from(claimed.len()).expect("a batch");
        rates.push(f64::from(events) / (took + settled).as_secs_f64());
    }
    let (rate, claim, settle) = (median(rates), median(claims), median(settles));
    println!("{name}: events_per_second={rate:.0} claim={claim:.0} settle={settle:.0}");
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
