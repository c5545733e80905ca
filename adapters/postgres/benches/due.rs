//! How fast workers find what is due among many connections, on a Postgres of its own. By hand:
//! `cargo bench -p sociogram-postgres --bench due -- --rows 1000000`; 20 000 rows unless said otherwise.
//!
//! Of the rows 0.75 % are due. Four workers take them in batches of 100 until none is left, in five rounds:
//! `due/drain: rows_per_second=<median of the rounds> batch=<median, ns>`. Then one worker asks in vain:
//! `due/idle: ratio=<ours/floor> floor=<ns> ours=<ns> slowest=<ns>`, where the floor is `select 1` through a pool of the
//! same login, and `slowest` counts the last questions of the rounds too, which meet what the workers left behind.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run should stop")]

use std::time::{Duration, Instant};

use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE, require_postgres};
use sociogram_token_vault::TokenStore as _;
use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgPoolOptions};

const ROWS: i64 = 20_000;
const WORKERS: usize = 4;
const BATCH: usize = 100;
/// Longer than a round takes.
const VISIBILITY: Duration = Duration::from_secs(600);
const ROUNDS: usize = 5;
const POLLS: usize = 201;

/// Twenty connections per tenant. Of 400, 3 will be due, 37 are never looked at again, and the others are due some time
/// in the next two months; as in life the order of the rows says nothing about when. Secrets play no part.
const SEED: &str = "
    insert into sociogram.connection (
        tenant_id, id, provider, app_id, external_user_id, display_name, version, origin, scopes_required,
        scopes_optional, generation, token_kind, expires_at, scopes, issued_at, has_refresh_token, revision, state,
        state_since, due_at, notified, created_at, updated_at, succeeded_at, checked_at
    )
    select md5('tenant' || n / 20)::uuid, md5('connection' || n)::uuid, 'facebook', '1234567890',
        (10000000000000000 + n)::text, 'Somebody ' || n, 1, 'oauth', '{pages_show_list,pages_manage_posts}', '{}', 3,
        'meta_user_long', at + interval '60 days', '{pages_show_list,pages_manage_posts,public_profile}', at, false,
        7, 'connected', at,
        case when n * 7919 % 400 < 40 then null
            else now() + interval '1 hour' + random() * interval '60 days' end,
        '{}', at, at, at, at
    from (
        select n, date_trunc('milliseconds', now() - random() * interval '50 days') as at
        from generate_series(1::bigint, $1) n
    ) rows";
/// Makes the same rows due before each round.
const MAKE_DUE: &str = "
    update sociogram.connection c set due_at = now() - random() * interval '1 hour'
    from generate_series(1::bigint, $1) n
    where n * 7919 % 400 < 3
        and c.tenant_id = md5('tenant' || n / 20)::uuid and c.id = md5('connection' || n)::uuid";

#[tokio::main]
async fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    require_postgres!();
    let rows = rows();
    let database = Cluster::shared().await.empty_database().await;
    let owner = ConnectOptions::parse(&database.owner_url()).expect("a URL");
    let roles = Roles::new(APP_ROLE, WORKER_ROLE).expect("names of logins");
    Setup::new(Schema::default(), roles).migrate(&owner).await.expect("a schema");
    let mut admin = PgConnection::connect(&database.admin_url()).await.expect("a connection");
    let start = Instant::now();
    sqlx::query(SEED).bind(rows).execute(&mut admin).await.expect("rows");
    println!("due: rows={rows} seeded in {:.1} s", start.elapsed().as_secs_f64());

    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(worker(&database).await);
    }
    let (mut rates, mut batches, mut polls) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let due =
            sqlx::query(MAKE_DUE).bind(rows).execute(&mut admin).await.expect("due rows").rows_affected();
        // The server's own housekeeping is off.
        sqlx::query("vacuum analyze sociogram.connection").execute(&mut admin).await.expect("order");
        let start = Instant::now();
        let drained = drain(&workers).await;
        let took = start.elapsed().as_secs_f64();
        let (empty, full): (Vec<_>, Vec<_>) = drained.into_iter().partition(|asked| asked.taken == 0);
        let taken: u32 = full.iter().map(|asked| asked.taken).sum();
        assert_eq!(u64::from(taken), due, "each row is taken once");
        rates.push(f64::from(taken) / took);
        batches.extend(full.iter().map(|asked| asked.took));
        polls.extend(empty.iter().map(|asked| asked.took));
    }
    println!("due/drain: rows_per_second={:.0} batch={:.0}", median(rates), median(batches));
    let slowest = polls.into_iter().fold(0.0, f64::max);
    idle(workers.first().expect("a worker"), &bare(&database.worker_url()), slowest).await;
}

fn rows() -> i64 {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--rows").skip(1);
    arguments.next().map_or(ROWS, |rows| rows.parse().expect("--rows takes a number"))
}

/// One as a process of its own would have it.
async fn worker(database: &Database) -> PostgresWorker {
    let options = |url: &str| ConnectOptions::parse(url).expect("a URL").connections(1);
    let store = PostgresStore::connect(&options(&database.app_url())).await.expect("a store");
    let worker = PostgresWorker::connect(store, &options(&database.worker_url())).await.expect("a worker");
    // It is connected and knows the statement, as one that has run for a while.
    worker.due_batch(0, VISIBILITY).await.expect("an answer");
    worker
}

fn bare(url: &str) -> PgPool {
    let options = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
    options.connect_lazy(url).expect("a URL")
}

/// One question for a batch.
struct Asked {
    taken: u32,
    /// In nanoseconds.
    took: f64,
}

async fn ask(worker: &PostgresWorker) -> Asked {
    let start = Instant::now();
    let due = worker.due_batch(BATCH, VISIBILITY).await.expect("a batch");
    let took = start.elapsed().as_secs_f64() * 1e9;
    Asked { taken: u32::try_from(due.len()).expect("a batch"), took }
}

/// All at once, each until it gets nothing.
async fn drain(workers: &[PostgresWorker]) -> Vec<Asked> {
    let started = workers.iter().cloned().map(|worker| {
        tokio::spawn(async move {
            let mut asked = Vec::new();
            loop {
                let answer = ask(&worker).await;
                let is_last = answer.taken == 0;
                asked.push(answer);
                if is_last {
                    return asked;
                }
            }
        })
    });
    let mut all = Vec::new();
    for worker in started.collect::<Vec<_>>() {
        all.extend(worker.await.expect("a worker"));
    }
    all
}

/// Asks in vain, in turn with the floor.
async fn idle(worker: &PostgresWorker, floor: &PgPool, slowest: f64) {
    let mut polls = Vec::with_capacity(POLLS);
    for _ in 0..POLLS {
        let asked = ask(worker).await;
        assert_eq!(asked.taken, 0, "nothing is due");
        let start = Instant::now();
        sqlx::query("select 1").fetch_all(floor).await.expect("an answer");
        polls.push((asked.took, start.elapsed().as_secs_f64() * 1e9));
    }
    let ratio = median(polls.iter().map(|(ours, floor)| ours / floor));
    let slowest = polls.iter().fold(slowest, |slowest, poll| slowest.max(poll.0));
    let (ours, floor) = (median(polls.iter().map(|poll| poll.0)), median(polls.iter().map(|poll| poll.1)));
    println!("due/idle: ratio={ratio:.3} floor={floor:.0} ours={ours:.0} slowest={slowest:.0}");
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
