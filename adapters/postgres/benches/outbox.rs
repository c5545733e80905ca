//! Conversion events through the outbox, beside a bare insert of the same bytes; interleaved in one run, on a Postgres of
//! its own.
//!
//! `cargo bench -p sociogram-postgres --bench outbox` prints `outbox/add/<events>: ratio=<ours/floor> floor=<ns> ours=<ns>`
//! for one call of `add` with 1 and with 100 new events. The floor is `insert into t (key, body)` into a table with a
//! unique key and nothing else, one statement.
//!
//! Then `outbox: ratio=<ours/floor> events_per_second=<median> floor=<events per second>`: the whole way, recorded by a
//! `Recorder`, sent by a `Dispatcher` to a sink on a loopback port, and settled, beside the same events inserted bare, 100
//! at a time. The ratio is that of the rates.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use futures_util::future::join_all;
use sociogram_api_core::Timestamp;
use sociogram_capi::{
    RequestBody, RequestOutcome, SendRequest,
    dispatch::{Dispatcher, Recorder, RouteError, Routes},
    outbox::{AddEvents as _, Added, OutboxEvent, OutboxStore as _, Route},
    testing::outbox_contract::async_trait,
};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE, require_postgres};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

const ROUNDS: usize = 61;
const WARM_UP: usize = 20;
/// Events of one round of the whole way, and the calls that hand them in.
const EVENTS: usize = 10_000;
const CALL: usize = 100;
const WHOLE_ROUNDS: usize = 5;

const MANY: &str = "insert into public.bare (key, body) select * from unnest($1, $2)";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
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
    let bare = format!(
        "create table public.bare (key bytea primary key, body text not null);
        grant insert on public.bare to {APP_ROLE}"
    );
    admin(&database, &bare).await;
    let pool = pool(&database.app_url());
    let store = PostgresStore::over(pool.clone(), pool.clone(), Schema::default()).await.expect("a store");
    let numbers = AtomicU64::new(0);
    for size in [1, CALL] {
        adding(&database, &store, &pool, size, &numbers).await;
    }
    admin(&database, "truncate sociogram.outbox; truncate public.bare").await;
    let options = ConnectOptions::parse(&database.worker_url()).expect("a URL").connections(6);
    let worker = PostgresWorker::connect(store.clone(), &options).await.expect("a worker");
    whole(&database, &worker, &pool, &numbers).await;
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

fn route() -> Route {
    Route::meta(TenantId::from_bytes([1; 16]), ConnectionId::from_bytes([2; 16]), "1234567890")
}

/// A purchase of some seven hundred bytes. Ids come in no order.
fn event(number: u64) -> OutboxEvent {
    let id = format!("{:016x}-{number}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let hash = format!("{:016x}", number.wrapping_mul(0xD6E8_FEB8_6659_FD93)).repeat(4);
    let json = format!(
        r#"{{"event_name":"Purchase","event_time":1767225000,"event_id":"{id}","action_source":"website","event_source_url":
        "https://shop.example/checkout/thanks?order={number}","user_data":{{"em":["{hash}"],"ph":["{hash}"],"fn":["{hash}"],
        "ln":["{hash}"],"client_ip_address":"203.0.113.7","client_user_agent":"Mozilla/5.0 (X11; Linux x86_64)","fbp":
        "fb.1.1767225000000.{number}"}},"custom_data":{{"currency":"EUR","value":19.99,"order_id":"{number}"}}}}"#
    );
    OutboxEvent {
        name: "Purchase".to_owned(),
        event_id: Some(id),
        event_time: Timestamp::from_unix_seconds(1_767_225_000),
        expires_at: Timestamp::from_unix_seconds(4_102_444_800),
        json: json.into(),
    }
}

/// The next events, which are new.
fn events(size: usize, numbers: &AtomicU64) -> Vec<OutboxEvent> {
    (0..size).map(|_| event(numbers.fetch_add(1, Ordering::Relaxed))).collect()
}

/// Nanoseconds of one call.
async fn ours(store: &PostgresStore, size: usize, numbers: &AtomicU64) -> f64 {
    let (route, events) = (route(), events(size, numbers));
    let start = Instant::now();
    let added = store.add(&route, &events).await.expect("an answer");
    let took = start.elapsed().as_secs_f64() * 1e9;
    assert!(added.iter().all(|one| matches!(one, Added::New(_))), "every event is new");
    took
}

async fn floor(pool: &PgPool, size: usize, numbers: &AtomicU64) -> f64 {
    let rows = events(size, numbers).into_iter();
    let (keys, bodies): (Vec<_>, Vec<_>) =
        rows.map(|event| (event.event_id.unwrap_or_default().into_bytes(), String::from(event.json))).unzip();
    let start = Instant::now();
    sqlx::query(MANY).bind(&keys).bind(&bodies).execute(pool).await.expect("an answer");
    start.elapsed().as_secs_f64() * 1e9
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
async fn adding(database: &Database, store: &PostgresStore, pool: &PgPool, size: usize, numbers: &AtomicU64) {
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
    println!("outbox/add/{size}: ratio={ratio:.3} floor={floor:.0} ours={ours:.0}");
}

/// Recorded, sent and settled, and inserted bare; in turn.
async fn whole(database: &Database, worker: &PostgresWorker, pool: &PgPool, numbers: &AtomicU64) {
    let sink = Sink::start().await;
    let routes = Arc::new(ToSink { sender: Arc::new(sink) });
    let mut rows = Vec::new();
    for round in 0..=WHOLE_ROUNDS {
        let calls: Vec<_> = (0..EVENTS / CALL).map(|_| events(CALL, numbers)).collect();
        let start = Instant::now();
        let recorder = Recorder::builder(Arc::new(worker.clone())).start();
        let dispatcher =
            Dispatcher::builder(Arc::new(worker.clone()), Arc::clone(&routes) as Arc<dyn Routes>)
                .build()
                .expect("settings");
        let hand_in = async {
            let to = Arc::new(route());
            let stored = calls.into_iter().map(|events| recorder.record(Arc::clone(&to), events));
            join_all(stored).await.into_iter().for_each(|added| drop(added.expect("an answer")));
            recorder.shutdown().await;
        };
        tokio::join!(hand_in, dispatcher.drain());
        // What came after the dispatcher had found nothing.
        dispatcher.drain().await;
        let ours = start.elapsed().as_secs_f64();
        let census = worker.census().await.expect("an answer");
        assert_eq!(census.sent, census.accepted(), "{census:?}");

        let mut floor_took = 0.0;
        for _ in 0..EVENTS / CALL {
            floor_took += floor(pool, CALL, numbers).await / 1e9;
        }
        admin(database, "vacuum analyze sociogram.outbox").await;
        // The first one warms up.
        if round > 0 {
            rows.push((ours, floor_took));
        }
    }
    let count = f64::from(u32::try_from(EVENTS).expect("a count"));
    let ratio = median(rows.iter().map(|(ours, floor)| floor / ours));
    let (rate, floor) =
        (median(rows.iter().map(|row| count / row.0)), median(rows.iter().map(|row| count / row.1)));
    println!("outbox: ratio={ratio:.3} events_per_second={rate:.0} floor={floor:.0}");
}

/// Everybody's events go to one sink.
#[derive(Debug)]
struct ToSink {
    sender: Arc<Sink>,
}

#[async_trait]
impl Routes for ToSink {
    async fn sender(&self, _: &Route) -> Result<Arc<dyn SendRequest>, RouteError> {
        Ok(Arc::clone(&self.sender) as Arc<dyn SendRequest>)
    }
}

/// Sends a length and the bytes over a loopback connection, and waits for the count that comes back.
#[derive(Debug)]
struct Sink {
    connections: Vec<Mutex<TcpStream>>,
    next: AtomicU64,
}

impl Sink {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut body = Vec::new();
                    while let Ok(length) = stream.read_u64().await {
                        body.resize(usize::try_from(length).expect("a length"), 0);
                        stream.read_exact(&mut body).await.expect("a body");
                        stream.write_u64(length).await.expect("an answer");
                    }
                });
            }
        });
        let mut connections = Vec::new();
        for _ in 0..4 {
            connections.push(Mutex::new(TcpStream::connect(address).await.expect("a connection")));
        }
        Self { connections, next: AtomicU64::new(0) }
    }
}

#[async_trait]
impl SendRequest for Sink {
    async fn send_request(&self, body: &RequestBody) -> RequestOutcome {
        let turn = usize::try_from(self.next.fetch_add(1, Ordering::Relaxed)).expect("a turn");
        let connection = self.connections.get(turn % self.connections.len()).expect("a connection");
        let mut stream = connection.lock().await;
        let bytes = body.to_bytes();
        stream.write_u64(bytes.len() as u64).await.expect("a length");
        stream.write_all(&bytes).await.expect("a body");
        stream.read_u64().await.expect("an answer");
        let received = Some(body.len() as u64);
        RequestOutcome::Taken {
            received,
            refused: Vec::new(),
            unknown: Vec::new(),
            trace: None,
            messages: Vec::new(),
        }
    }
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
