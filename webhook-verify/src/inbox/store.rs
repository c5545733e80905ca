//! What a store of events does.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use super::{
    Claim, ClaimToken, Claimed, Entry, EntryFilter, EntryId, EntryPage, InboxError, Replay, Replayed,
    Retention, Settlement, Trimmed,
};
use crate::{Event, EventTime};

/// What became of one event that was to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recorded {
    /// It is new.
    New(EntryId),
    /// An event with its key is recorded already, or stands before it in the same batch.
    Duplicate,
}

/// Where a receiver puts events. Apart from [`InboxStore`], because a process that only receives needs no right to read
/// what it recorded.
#[async_trait]
pub trait RecordEvents: fmt::Debug + Send + Sync {
    /// Records the events whose keys are new: all of them or none, durably before this returns. Gives what became of
    /// each, in their order. An event stays known for as long as its row is kept ([`Retention`]).
    ///
    /// # Errors
    ///
    /// [`InboxError`]: nothing was recorded, or it is not known whether all was. Answer the platform 503: it sends
    /// again, and what was recorded counts as duplicate then.
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError>;
}

/// A log of events with what became of each. All times and leases go by the store's own clock.
#[async_trait]
pub trait InboxStore: RecordEvents {
    /// Takes events that are due, the longest due first, at most [`Claim::limit`], and keeps others from taking them for
    /// [`Claim::lease`]. Each claim counts as an attempt and gives the event a new [`ClaimToken`]. An event whose lease
    /// ended unsettled is due again. With [`Order::PerSubject`](super::Order) an event is due only when none before it
    /// with the same provider, object, account and subject is waiting or claimed; events without a subject are ordered
    /// within their account. An event that cannot be read back (a newer version wrote it) stays where it is, hidden for
    /// the lease, without holding up others.
    ///
    /// # Errors
    ///
    /// [`InboxError`] when it is not known whether events were taken. Those that were are due again after the lease.
    async fn claim(&self, claim: &Claim) -> Result<Vec<Claimed>, InboxError>;

    /// Lets claims last `lease` from now on. Gives for each whether it still held.
    ///
    /// # Errors
    ///
    /// [`InboxError`]: the claims hold until their leases end.
    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, InboxError>;

    /// Stores what became of claimed events. Gives for each whether it was stored: `false` when the claim holds no
    /// more, because its lease ended and somebody else took the event. A lease that ended without that still counts.
    ///
    /// # Errors
    ///
    /// [`InboxError`] when it is not known whether it was stored.
    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, InboxError>;

    /// One event with its state.
    ///
    /// # Errors
    ///
    /// [`InboxError`].
    async fn find(&self, id: EntryId) -> Result<Option<Entry>, InboxError>;

    /// Events with their states, the latest recorded first, beginning behind `after`; at most `limit` and at most 500.
    ///
    /// # Errors
    ///
    /// [`InboxError`].
    async fn list(
        &self,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, InboxError>;

    /// Makes finished events due again, the oldest first, at most [`Replay::limit`]. Never makes a new event: the
    /// count of attempts begins anew, the history of errors stays. An event whose payload is gone cannot be replayed.
    ///
    /// # Errors
    ///
    /// [`InboxError`] when it is not known whether events were made due.
    async fn replay(&self, replay: &Replay) -> Result<Replayed, InboxError>;

    /// How much is in which state.
    ///
    /// # Errors
    ///
    /// [`InboxError`].
    async fn census(&self) -> Result<Census, InboxError>;

    /// Deletes what is kept longer than it should be, at most `limit` rows of each sort: payloads of finished events,
    /// and rows of finished events with their keys. What waits or is claimed stays, whatever its age.
    ///
    /// # Errors
    ///
    /// [`InboxError`].
    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, InboxError>;
}

/// How many events are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Census {
    /// Waiting for their first attempt or for another one.
    pub pending: u64,
    /// Claimed, with a lease that holds.
    pub running: u64,
    /// Handled.
    pub done: u64,
    /// Nobody wanted to handle them.
    pub skipped: u64,
    /// Given up: see [`Entry::errors`].
    pub dead: u64,
    /// When the event that waits longest became due; `None` when none is due.
    pub oldest_due: Option<EventTime>,
    /// The store's clock.
    pub now: Option<EventTime>,
}
