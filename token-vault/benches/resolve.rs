//! A resolve from memory beside a `moka` cache and beside a bare `RwLock<HashMap>` of the same values, interleaved in
//! one run.
//!
//! `cargo bench -p sociogram-token-vault --features testing --bench resolve` prints, per resolve,
//! `ratio=<ours/floor> floor=<ns> ours=<ns>` for 50 keys in use and for 10 000 in random order: `future` is
//! `Vault::resolve` polled to its end, `call` the same without the future. Ours asks the clock, compares the age of the
//! entry and copies kind, end and warnings; either floor gives the shared token alone. Then it prints how often one
//! resolve allocates, and what asking the clock takes of it.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot run should stop")]

use std::{
    collections::HashMap,
    future::Future as _,
    hint::black_box,
    pin::pin,
    sync::{Arc, RwLock},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use foldhash::fast::RandomState;
use sociogram_api_core::{Clock, SystemClock};
use sociogram_oauth_core::{AccessToken, ConnectionId, ProviderId, TenantId, TokenKind, TokenSet};
use sociogram_token_vault::{
    Account, DataKeys, LocalKeys, MemoryStore, NewConnection, Resolved, Vault, testing::resolve_from_memory,
};

const ROUNDS: usize = 401;
const CALLS: u32 = 400;

type Key = (TenantId, ConnectionId);

fn main() {
    // `cargo test --all-targets` runs this program too.
    if std::env::args().all(|argument| argument != "--bench") {
        return;
    }
    for (name, count) in [("50-keys", 50), ("10000-keys", 10_000)] {
        measure(name, &Caches::of(count));
    }
}

/// The same tokens in each of the three.
struct Caches {
    vault: Vault,
    moka: moka::sync::Cache<Key, Arc<AccessToken>>,
    map: RwLock<HashMap<Key, Arc<AccessToken>, RandomState>>,
    /// In the order in which they are asked for.
    keys: Vec<Key>,
}

impl Caches {
    fn of(count: u32) -> Self {
        let store = Arc::new(MemoryStore::new());
        let keys = LocalKeys::parse(&"07".repeat(32)).expect("a key");
        let vault = Vault::builder(Arc::clone(&store), DataKeys::new(Arc::new(keys), store))
            .max_staleness(Duration::from_secs(300))
            .build()
            .expect("a vault");
        let moka = moka::sync::Cache::new(100_000);
        let map = RwLock::new(HashMap::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let connected: Vec<Key> = runtime.block_on(async {
            let mut connected = Vec::new();
            for number in 0..count {
                let tenant = TenantId::from_bytes(u128::from(number % 10).to_be_bytes());
                let account = Account::new(ProviderId::LINKEDIN, "app", number.to_string());
                let tokens = TokenSet::new("EAAB".repeat(64).into(), TokenKind::LinkedInMember);
                let connection = vault.connect(NewConnection::new(tenant, account), &tokens).await;
                let key = (tenant, connection.expect("a connection").id);
                let resolved = vault.resolve(key.0, key.1).await.expect("a token");
                moka.insert(key, Arc::clone(&resolved.token));
                map.write().expect("a lock").insert(key, resolved.token);
                connected.push(key);
            }
            connected
        });
        moka.run_pending_tasks();
        let mut number = 1_u64;
        // A linear congruence is random enough to defeat a prefetcher.
        let random = (0..1 << 16).map(|_| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from((number >> 33) % u64::from(count)).expect("a place");
            connected.get(place).copied().expect("a key")
        });
        let keys = if count < 100 { connected.clone() } else { random.collect() };
        Self { vault, moka, map, keys }
    }

    fn asked(&self) -> impl FnMut() -> Key {
        let mut next = self.keys.iter().copied().cycle();
        move || black_box(next.next().expect("a key"))
    }

    fn future(&self, (tenant, connection): Key) -> Resolved {
        let resolve = pin!(self.vault.resolve(tenant, connection));
        match resolve.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(resolved) => resolved.expect("a token"),
            Poll::Pending => panic!("it is not in memory any more"),
        }
    }

    fn call(&self, (tenant, connection): Key) -> Resolved {
        let resolved = resolve_from_memory(&self.vault, tenant, connection);
        resolved.expect("it is in memory").expect("a token")
    }

    fn moka(&self, key: &Key) -> Arc<AccessToken> {
        self.moka.get(key).expect("a token")
    }

    fn map(&self, key: &Key) -> Arc<AccessToken> {
        let map = self.map.read().expect("a lock");
        map.get(key).map(Arc::clone).expect("a token")
    }
}

fn measure(name: &str, caches: &Caches) {
    let (mut a, mut b) = (caches.asked(), caches.asked());
    let mut future = || drop(black_box(caches.future(a())));
    let mut call = || drop(black_box(caches.call(b())));
    let (mut c, mut d) = (caches.asked(), caches.asked());
    let mut moka = || drop(black_box(caches.moka(&c())));
    let mut map = || drop(black_box(caches.map(&d())));
    report(&format!("resolve/{name}/future/moka"), &mut future, &mut moka);
    report(&format!("resolve/{name}/call/moka"), &mut call, &mut moka);
    report(&format!("resolve/{name}/future/map"), &mut future, &mut map);
    report(&format!("resolve/{name}/call/map"), &mut call, &mut map);
    let ours = allocation_counter::measure(&mut future).count_total;
    let theirs = allocation_counter::measure(&mut moka).count_total;
    let timer: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let mut clock = || {
        black_box(timer.now());
    };
    let clock = median((0..ROUNDS).map(|_| batch(&mut clock)));
    println!("resolve/{name}: allocations={ours} moka={theirs} clock={clock:.0}");
}

/// Nanoseconds per call of one batch.
fn batch(work: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS {
        work();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

/// Interleaves the two (ABBA, then BAAB) so that drift of the machine falls on both.
fn report(name: &str, ours: &mut impl FnMut(), floor: &mut impl FnMut()) {
    batch(ours);
    batch(floor);
    let mut rows = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (a, b);
        if round % 2 == 0 {
            let first = batch(ours);
            let (second, third) = (batch(floor), batch(floor));
            (a, b) = (first.min(batch(ours)), second.min(third));
        } else {
            let first = batch(floor);
            let (second, third) = (batch(ours), batch(ours));
            (a, b) = (second.min(third), first.min(batch(floor)));
        }
        rows.push((a, b));
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
