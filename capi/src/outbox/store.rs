//! What a store of outgoing events does.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{
    Added, Batch, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, OutboxError, OutboxEvent,
    Replay, Replayed, Retention, Route, Settlement, Trimmed,
};

/// Where events are put, and looked at, by whoever serves one tenant. Apart from [`OutboxStore`], which looks across
/// tenants.
#[async_trait]
pub trait AddEvents: fmt::Debug + Send + Sync {
    /// Stores events for one route: all of them or none, durably before this returns. Gives what became of each, in their
    /// order. An event whose name and `event_id` equal those of a stored event of the same tenant, platform and target
    /// is not stored again, for as long as that one's row is kept; events without `event_id` are always new.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]: nothing was stored, or it is not known whether all was. Adding the same events again stores no
    /// event with an `event_id` twice.
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError>;

    /// One event with its fate. `None` also when it is another tenant's.
    ///
    /// # Errors
    ///
    /// [`OutboxError`].
    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError>;

    /// The tenant's events, the latest added first, beginning behind `after`; at most `limit` and at most 500.
    ///
    /// # Errors
    ///
    /// [`OutboxError`].
    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError>;

    /// Makes events of the tenant that were rejected or are in doubt due again, the oldest first, at most
    /// [`Replay::limit`]. An event in doubt may then be counted twice by the platform: a person should decide. Never makes
    /// a new event. What has expired, or whose content was deleted, is not replayed.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] when it is not known whether events were made due.
    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError>;

    /// How many of the tenant's events are in which state.
    ///
    /// # Errors
    ///
    /// [`OutboxError`].
    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError>;
}

/// The log as the dispatcher sees it: across tenants. All times and leases go by the store's own clock.
#[async_trait]
pub trait OutboxStore: AddEvents {
    /// Takes due events of one route: that of the event that is due longest, at most [`Claim::limit`] events and about
    /// [`Claim::bytes`] bytes (at least one event), and keeps others from taking them for [`Claim::lease`]. `None` when
    /// nothing is due. Events whose lease ended before [`begin`](Self::begin) are due again; those whose lease ended after
    /// it become in doubt here (at most a thousand per call), without being given out.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] when it is not known whether events were taken. Those that were are due again after the lease.
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError>;

    /// Records that claimed events are about to be sent: from now on, a lease that ends leaves them in doubt. Gives for
    /// each whether the claim still held; one that did not must not be sent. Counts an attempt, and no further one when
    /// it is recorded again for the same claim. A claim holds beyond its lease for as long as nobody took the event.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] when it is not known whether it was recorded: then nothing may be sent.
    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError>;

    /// Lets claims last `lease` from now on. Gives for each whether it still held.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]: the claims hold until their leases end.
    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError>;

    /// Stores what became of claimed events. Gives for each whether it was stored: `false` when somebody else took the
    /// event, or it became in doubt and was replayed since. An event that became in doubt because its lease ended still
    /// takes the true outcome, as long as nothing else happened to it; one whose content was deleted takes a fate only.
    /// The same outcome once more is `true` and changes nothing; another one than before is `false`.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] when it is not known whether it was stored. Storing it again does no harm.
    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError>;

    /// How many events of all tenants are in which state.
    ///
    /// # Errors
    ///
    /// [`OutboxError`].
    async fn census(&self) -> Result<Census, OutboxError>;

    /// Deletes what is kept longer than it should be, at most `limit` rows of each sort: contents of finished events,
    /// and rows of finished events. What is not finished stays, whatever its age.
    ///
    /// # Errors
    ///
    /// [`OutboxError`].
    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError>;
}

/// How many events are in which state, as [`AddEvents::list`] shows them: a lease that is over changes the state of its
/// event at the next claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Census {
    /// Waiting, for their first attempt or another one.
    pub pending: u64,
    /// Claimed, and not begun; also those whose lease is over, until they are claimed again.
    pub claimed: u64,
    /// On their way, or in the hands of a process that died: in doubt at the first claim after the lease is over.
    pub sending: u64,
    /// Taken by the platform.
    pub sent: u64,
    /// Refused.
    pub rejected: u64,
    /// Sent, with unknown outcome.
    pub in_doubt: u64,
    /// When the event that waits longest became due, also by the end of a lease; `None` when nothing is due.
    pub oldest_due: Option<Timestamp>,
    /// The store's clock.
    pub now: Option<Timestamp>,
}

impl Census {
    /// Everything that was ever accepted and is kept.
    pub fn accepted(&self) -> u64 {
        self.pending + self.claimed + self.sending + self.sent + self.rejected + self.in_doubt
    }
}
