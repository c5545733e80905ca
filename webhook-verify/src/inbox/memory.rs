//! A store in memory.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use super::{
    Census, Claim, ClaimToken, Claimed, Entry, EntryFilter, EntryId, EntryPage, InboxError, InboxStore,
    RecordEvents, Recorded, Replay, Replayed, Retention, Settlement, Trimmed,
};
use crate::Event;
use clock::Clock;
use rows::Rows;

mod claims;
mod clock;
mod reads;
mod rows;
mod upkeep;

/// A log of events in the memory of this process, for tests, demonstrations and products that may lose events.
///
/// It **forgets everything at the end of the process**, also what it has told the platform to be kept: an event that was
/// recorded and not yet handled is lost, and a repeat of one that was handled counts as new. Where that matters, use a
/// store in a database. Other processes do not see its events.
///
/// It holds at most 500 000 events unless told otherwise, and refuses more ([`InboxErrorKind::Full`]): it forgets
/// nothing by itself, for a forgotten event would be handled twice when it is repeated. Call
/// [`trim`](InboxStore::trim) now and then: events are kept with their JSON until their payloads are deleted.
///
/// Its clock is the time of the system when it was made, and tokio's time from then on: in a test that has paused
/// tokio's time, leases and due times go with it.
///
/// A clone is another handle on the same events. `Debug` shows counts only.
///
/// [`InboxErrorKind::Full`]: super::InboxErrorKind::Full
#[derive(Clone)]
pub struct MemoryInbox(Arc<Inner>);

struct Inner {
    clock: Clock,
    limit: usize,
    rows: Mutex<Rows>,
}

impl MemoryInbox {
    /// How many events it holds unless told otherwise.
    const LIMIT: usize = 500_000;

    /// An empty log of at most 500 000 events.
    pub fn new() -> Self {
        Self::with_capacity_limit(Self::LIMIT)
    }

    /// An empty log of at most this many events. When new ones would be more, [`record`](RecordEvents::record) fails
    /// with [`InboxErrorKind::Full`](super::InboxErrorKind::Full) and records none of the batch; repeats of what it
    /// holds are recognised all the same.
    pub fn with_capacity_limit(rows: usize) -> Self {
        Self(Arc::new(Inner { clock: Clock::new(), limit: rows, rows: Mutex::default() }))
    }

    /// Moves its clock forward, apart from tokio's time.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }

    /// Never held while waiting for anything. What a panic left behind is whole: nothing in between can panic.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryInbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        f.debug_struct("MemoryInbox")
            .field("events", &rows.len())
            .field("unfinished", &rows.unfinished())
            .field("limit", &self.0.limit)
            .finish()
    }
}

#[async_trait]
impl RecordEvents for MemoryInbox {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        let mut rows = self.rows();
        rows.record(events, self.0.limit, self.0.clock.now())
    }
}

#[async_trait]
impl InboxStore for MemoryInbox {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Claimed>, InboxError> {
        let mut rows = self.rows();
        Ok(rows.claim(claim, self.0.clock.now()))
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, InboxError> {
        let mut rows = self.rows();
        let now = self.0.clock.now();
        Ok(tokens.iter().map(|token| rows.renew(*token, lease, now)).collect())
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, InboxError> {
        let mut rows = self.rows();
        let now = self.0.clock.now();
        Ok(settlements.iter().map(|settlement| rows.settle(settlement, now)).collect())
    }

    async fn find(&self, id: EntryId) -> Result<Option<Entry>, InboxError> {
        Ok(self.rows().find(id))
    }

    async fn list(
        &self,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, InboxError> {
        Ok(self.rows().list(filter, after, limit))
    }

    async fn replay(&self, replay: &Replay) -> Result<Replayed, InboxError> {
        let mut rows = self.rows();
        Ok(rows.replay(replay, self.0.clock.now()))
    }

    async fn census(&self) -> Result<Census, InboxError> {
        let rows = self.rows();
        Ok(rows.census(self.0.clock.now()))
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, InboxError> {
        let mut rows = self.rows();
        Ok(rows.trim(retention, limit, self.0.clock.now()))
    }
}

#[cfg(test)]
mod tests;
