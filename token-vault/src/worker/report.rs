//! What came of a pass.

use std::ops::AddAssign;

/// What a pass of a [`Worker`](super::Worker) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerReport {
    /// Connections that were looked at.
    pub connections: usize,
    /// New token sets, by whomever they were bought meanwhile.
    pub renewed: usize,
    /// Connections whose grant ended, or whose parent's did.
    pub lost: usize,
    /// Notices about approaching ends that were stored as events.
    pub notices: usize,
    /// Connections left for later: their app is held back, or its calls for now are used up.
    pub postponed: usize,
    /// Connections that something went wrong with: the store, the key provider, or the row itself.
    pub failed: usize,
    /// Events that the sink took over.
    pub events_delivered: usize,
    /// Events that the sink did not take over, and those that wait behind them. They come again.
    pub events_left: usize,
    /// Grants that are withdrawn at the provider.
    pub revoked: usize,
    /// Grants that are not withdrawn: they are in use elsewhere, or the provider offers no way to.
    pub revocations_skipped: usize,
    /// Grants that were given up, their secrets deleted: the provider did not confirm for a week, or the secrets
    /// cannot be opened any more.
    pub revocations_given_up: usize,
    /// Grants that are tried again later.
    pub revocations_left: usize,
    /// Whether there is probably more to do now.
    pub more: bool,
}

impl AddAssign for WorkerReport {
    fn add_assign(&mut self, other: Self) {
        self.connections += other.connections;
        self.renewed += other.renewed;
        self.lost += other.lost;
        self.notices += other.notices;
        self.postponed += other.postponed;
        self.failed += other.failed;
        self.events_delivered += other.events_delivered;
        self.events_left += other.events_left;
        self.revoked += other.revoked;
        self.revocations_skipped += other.revocations_skipped;
        self.revocations_given_up += other.revocations_given_up;
        self.revocations_left += other.revocations_left;
        self.more |= other.more;
    }
}
