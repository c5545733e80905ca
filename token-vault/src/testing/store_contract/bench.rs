//! What a clause works with.

use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::{Clock, Timestamp};
use sociogram_oauth_core::{ConnectionId, TenantId};
use tokio::{sync::Barrier, task::JoinSet};

use crate::{
    AssetRepo, AuditLog, ConnectionRepo, CrossTenant, DataKeyTable, EventQueue, MemoryStore, RevocationQueue,
    TokenStore,
};

/// Everything that a store of a vault does. Whatever implements the traits implements this.
pub trait Backend:
    TokenStore + ConnectionRepo + AssetRepo + AuditLog + EventQueue + RevocationQueue + CrossTenant + DataKeyTable
{
}

impl<T> Backend for T where
    T: TokenStore
        + ConnectionRepo
        + AssetRepo
        + AuditLog
        + EventQueue
        + RevocationQueue
        + CrossTenant
        + DataKeyTable
        + ?Sized
{
}

/// One process's way to the store.
pub type Handle = Arc<dyn Backend>;

/// What a test can do to a store apart from using it.
#[async_trait]
pub trait StoreControl: Send + Sync + 'static {
    /// The time by the store's clock.
    async fn now(&self) -> Timestamp;

    /// Moves the store's clock forward by this much: a store that is given its clock at once, any other by
    /// waiting. The clauses advance by minutes.
    async fn advance(&self, by: Duration);

    /// Makes the row of a connection one that cannot be read back, as a newer version may write it: its state is
    /// a word that nobody knows.
    async fn spoil(&self, tenant: TenantId, connection: ConnectionId);
}

/// Several handles on one fresh, empty store.
#[derive(Clone)]
pub struct Bench {
    /// The handles.
    pub handles: Vec<Handle>,
    /// The rest.
    pub control: Arc<dyn StoreControl>,
}

impl Bench {
    /// All of it.
    pub fn new(handles: Vec<Handle>, control: Arc<dyn StoreControl>) -> Self {
        Self { handles, control }
    }

    /// Handles on a store in memory, which has one process only: they are one store.
    pub fn in_memory(handles: usize) -> Self {
        let clock = Arc::new(TestClock::new());
        let store = Arc::new(MemoryStore::with_clock(clock.clone()));
        let handle: Handle = store.clone();
        Self::new(vec![handle; handles], Arc::new(MemoryControl { clock, store }))
    }
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("handles", &self.handles.len()).finish_non_exhaustive()
    }
}

struct MemoryControl {
    clock: Arc<TestClock>,
    store: Arc<MemoryStore>,
}

#[async_trait]
impl StoreControl for MemoryControl {
    async fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    async fn spoil(&self, tenant: TenantId, connection: ConnectionId) {
        assert!(self.store.spoil(tenant, connection), "there is no row to spoil");
    }
}

/// A clock that stands still until [`advance`](Self::advance) moves it.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Standing at 2026-01-01T00:00:00.123Z.
    pub const fn new() -> Self {
        Self(AtomicI64::new(1_767_225_600_123))
    }

    /// Moves it.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::Relaxed))
    }
}

/// One handle, and the rest.
pub(super) async fn one(open: impl AsyncFnOnce(usize) -> Bench) -> (Handle, Arc<dyn StoreControl>) {
    let ([store], control) = several(open).await;
    (store, control)
}

/// Several handles, and the rest.
pub(super) async fn several<const N: usize>(
    open: impl AsyncFnOnce(usize) -> Bench,
) -> ([Handle; N], Arc<dyn StoreControl>) {
    let Bench { handles, control } = open(N).await;
    match handles.try_into() {
        Ok(handles) => (handles, control),
        Err(handles) => panic!("the factory was asked for {N} handles and opened {}", handles.len()),
    }
}

/// How many run at once in a race.
pub(super) const RUNNERS: u8 = 50;

/// Runs the work fifty times at once, spread over the handles; what came out, by number.
pub(super) async fn race<T, F>(handles: &[Handle], work: impl Fn(Handle, u8) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let gate = Arc::new(Barrier::new(RUNNERS.into()));
    let mut tasks = JoinSet::new();
    for (number, store) in (0..RUNNERS).zip(handles.iter().cycle()) {
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
