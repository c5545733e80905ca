//! What a clause works with.

use std::{future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{sync::Barrier, task::JoinSet};

use crate::inbox::{EntryId, InboxStore, MemoryInbox};

/// One fresh, empty store, and what a test can do to it apart from using it.
#[async_trait]
pub trait InboxBench: Send + Sync + 'static {
    /// A way to the store. What is given by different calls should be as far apart as two processes are: each with
    /// connections of its own.
    fn store(&self) -> Arc<dyn InboxStore>;

    /// Moves the store's clock forward by this much. The clauses advance by minutes, and by days.
    async fn advance(&self, by: Duration);

    /// Makes the payload of an event one that cannot be read back, as a newer version may write it. `false` where the
    /// store keeps none that could.
    async fn spoil(&self, _id: EntryId) -> bool {
        false
    }
}

/// A [`MemoryInbox`], whose clock is moved apart from tokio's time.
#[derive(Clone, Debug, Default)]
pub struct MemoryBench(MemoryInbox);

impl MemoryBench {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl InboxBench for MemoryBench {
    fn store(&self) -> Arc<dyn InboxStore> {
        Arc::new(self.0.clone())
    }

    async fn advance(&self, by: Duration) {
        self.0.advance(by);
    }
}

/// The bench, and one way to its store.
pub(super) async fn one<B: InboxBench>(open: impl AsyncFnOnce() -> B) -> (Arc<dyn InboxStore>, B) {
    let bench = open().await;
    (bench.store(), bench)
}

/// How many run at once in a race.
pub(super) const RUNNERS: u32 = 50;

/// Runs the work fifty times at once, over five ways to the store; what came out, by number.
pub(super) async fn race<T, F>(
    bench: &impl InboxBench,
    work: impl Fn(Arc<dyn InboxStore>, u32) -> F,
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
