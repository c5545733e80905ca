//! Sending events again because somebody decided so.

use super::{EntryFilter, EntryId, EntryState};

/// Which events to send again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayOf {
    /// Rejected ones that fit, after what they were rejected for was put right elsewhere (a permission, a dataset).
    Rejected(EntryFilter),
    /// Ones in doubt that fit. The platform counts those twice that it had taken.
    InDoubt(EntryFilter),
    /// These, if they are rejected or in doubt.
    Entries(Vec<EntryId>),
}

/// Sends events again. Each stays the same event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replay {
    /// Which.
    pub of: ReplayOf,
    /// At most this many in one call.
    pub limit: usize,
}

impl Replay {
    /// Rejected ones that fit the filter; at most 1000 at a time.
    pub fn rejected(filter: EntryFilter) -> Self {
        Self { of: ReplayOf::Rejected(filter.states([EntryState::Rejected])), limit: 1000 }
    }

    /// Ones in doubt that fit the filter, at the risk of counting twice; at most 1000 at a time.
    pub fn in_doubt(filter: EntryFilter) -> Self {
        Self { of: ReplayOf::InDoubt(filter.states([EntryState::InDoubt])), limit: 1000 }
    }

    /// These.
    pub fn entries(ids: impl IntoIterator<Item = EntryId>) -> Self {
        let ids: Vec<_> = ids.into_iter().collect();
        Self { limit: ids.len(), of: ReplayOf::Entries(ids) }
    }

    /// At most this many in one call.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// What a replay did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// How many events are due again.
    pub replayed: u64,
    /// How many fit and cannot be sent again: too old for the platform, or their content was deleted. They do not count
    /// towards the limit.
    pub too_late: u64,
    /// Whether the limit left some over that can be sent again: call it again for the rest.
    pub more: bool,
}

impl Replayed {
    /// For stores.
    pub fn new(replayed: u64, too_late: u64, more: bool) -> Self {
        Self { replayed, too_late, more }
    }
}
