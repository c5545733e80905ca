//! A store in memory.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::{SystemClock, Timer, Timestamp};
use sociogram_oauth_core::TenantId;

use super::{
    AddEvents, Added, Batch, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, OutboxError,
    OutboxEvent, OutboxStore, Replay, Replayed, Retention, Route, Settlement, Trimmed,
};
use rows::Rows;

#[cfg(test)]
mod check;
mod claims;
mod index;
mod reads;
mod rows;
mod upkeep;

/// A log of events in the memory of this process, for tests, demonstrations and products that may lose events.
///
/// It **forgets everything at the end of the process**: an event that was added and not yet sent is lost, what became of
/// the others is no more known, and an event that is added again counts as new. Where that matters, use a store in a
/// database. Other processes do not see its events.
///
/// It holds at most 500 000 events unless told otherwise, and refuses more ([`OutboxErrorKind::Full`]): it forgets
/// nothing by itself. Call [`trim`](OutboxStore::trim) now and then. An event takes the size of its JSON and less than
/// half a kilobyte.
///
/// Its clock is the wall clock when it was made, and monotonic time from then on: setting the clock of the machine
/// neither ends leases nor makes them last.
///
/// A clone is another handle on the same events. `Debug` shows counts only.
///
/// [`OutboxErrorKind::Full`]: super::OutboxErrorKind::Full
#[derive(Clone)]
pub struct MemoryOutbox {
    inner: Arc<Inner>,
    limit: usize,
}

struct Inner {
    timer: Arc<dyn Timer>,
    began: Duration,
    began_at: Timestamp,
    rows: Mutex<Rows>,
}

impl MemoryOutbox {
    /// How many events it holds unless told otherwise.
    const LIMIT: usize = 500_000;

    /// An empty log of at most 500 000 events, on the clock of the system.
    pub fn new() -> Self {
        Self::with_timer(Arc::new(SystemClock::new()))
    }

    /// An empty log of at most 500 000 events, on this clock.
    pub fn with_timer(timer: Arc<dyn Timer>) -> Self {
        let (began, began_at) = (timer.monotonic(), timer.now());
        let inner = Inner { timer, began, began_at, rows: Mutex::default() };
        Self { inner: Arc::new(inner), limit: Self::LIMIT }
    }

    /// The same log; through this handle and its clones it takes at most this many events. When new ones would be more,
    /// [`add`](AddEvents::add) fails with [`OutboxErrorKind::Full`](super::OutboxErrorKind::Full) and stores none of its
    /// events; duplicates of what it holds are recognised all the same.
    pub fn with_capacity_limit(mut self, rows: usize) -> Self {
        self.limit = rows;
        self
    }

    /// The rows, and the time. Never held while waiting for anything. What a panic left behind is whole: nothing in
    /// between can panic.
    fn rows(&self) -> (MutexGuard<'_, Rows>, Timestamp) {
        let Inner { timer, began, began_at, rows } = &*self.inner;
        let rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = timer.monotonic().saturating_sub(*began);
        (rows, began_at.saturating_add(passed))
    }
}

impl Default for MemoryOutbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryOutbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, now) = self.rows();
        let census = rows.census(now);
        f.debug_struct("MemoryOutbox")
            .field("events", &census.accepted())
            .field("unfinished", &(census.pending + census.claimed + census.sending))
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl AddEvents for MemoryOutbox {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        let (mut rows, now) = self.rows();
        rows.add(route, events, self.limit, now)
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        Ok(self.rows().0.find(tenant, id))
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        Ok(self.rows().0.list(tenant, filter, after, limit))
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(rows.replay(tenant, replay, now))
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        let (rows, now) = self.rows();
        Ok(rows.tenant_census(tenant, now))
    }
}

#[async_trait]
impl OutboxStore for MemoryOutbox {
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(rows.claim(claim, now))
    }

    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(tokens.iter().map(|token| rows.begin(*token, lease, now)).collect())
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(tokens.iter().map(|token| rows.renew(*token, lease, now)).collect())
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(settlements.iter().map(|settlement| rows.settle(settlement, now)).collect())
    }

    async fn census(&self) -> Result<Census, OutboxError> {
        let (rows, now) = self.rows();
        Ok(rows.census(now))
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError> {
        let (mut rows, now) = self.rows();
        Ok(rows.trim(retention, limit, now))
    }
}

#[cfg(test)]
mod tests;
