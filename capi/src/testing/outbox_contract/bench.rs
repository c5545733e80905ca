//! What a clause works with.

use std::{
    future::{Future, pending},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::{Clock, Timer, Timestamp};
use tokio::{sync::Barrier, task::JoinSet};

use crate::outbox::{MemoryOutbox, OutboxStore};

/// One fresh, empty store, and what a test can do to it apart from using it.
#[async_trait]
pub trait OutboxBench: Send + Sync + 'static {
    /// A way to the store. What is given by different calls should be as far apart as two processes are: each with
    /// connections of its own.
    fn store(&self) -> Arc<dyn OutboxStore>;

    /// Moves the store's clock forward by this much. The clauses advance by minutes, and by days.
    async fn advance(&self, by: Duration);
}

/// A [`MemoryOutbox`], whose clock stands still until it is moved.
#[derive(Clone, Debug)]
pub struct MemoryBench {
    store: MemoryOutbox,
    clock: Arc<Standing>,
}

impl MemoryBench {
    /// An empty one.
    pub fn new() -> Self {
        let clock = Arc::new(Standing(AtomicU64::new(0)));
        Self { store: MemoryOutbox::with_timer(clock.clone()), clock }
    }
}

impl Default for MemoryBench {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl OutboxBench for MemoryBench {
    fn store(&self) -> Arc<dyn OutboxStore> {
        Arc::new(self.store.clone())
    }

    async fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }
}

/// The milliseconds since 2026-01-01T00:00:00.123Z. Nobody sleeps by it.
#[derive(Debug)]
struct Standing(AtomicU64);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(1_767_225_600_123).saturating_add(self.monotonic())
    }
}

impl Timer for Standing {
    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, _duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(pending())
    }
}

/// The bench, and one way to its store.
pub(super) async fn one<B: OutboxBench>(open: impl AsyncFnOnce() -> B) -> (Arc<dyn OutboxStore>, B) {
    let bench = open().await;
    (bench.store(), bench)
}

/// How many run at once in a race.
pub(super) const RUNNERS: u32 = 50;

/// Runs the work fifty times at once, over five ways to the store; what came out, by number.
pub(super) async fn race<T, F>(
    bench: &impl OutboxBench,
    work: impl Fn(Arc<dyn OutboxStore>, u32) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let stores: Vec<_> = (0..5).map(|_| bench.store()).collect();
    let gate = Arc::new(Barrier::new(50));
    let mut tasks = JoinSet::new();
    for (number, store) in (0..RUNNERS).zip(stores.iter().cycle()) {
        let (work, gate) = (work(Arc::clone(store), number), Arc::clone(&gate));
        tasks.spawn(async move {
            gate.wait().await;
            (number, work.await)
        });
    }
    let mut results = tasks.join_all().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
