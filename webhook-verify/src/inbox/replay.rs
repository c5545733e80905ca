//! Making finished events due again.

use super::{EntryFilter, EntryId, EntryState};

/// Which finished events to handle again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayOf {
    /// Those that were given up ("failed since T": set [`EntryFilter::since`]).
    Failed(EntryFilter),
    /// Those that nobody wanted when they came ("never delivered since T"): a handler was added since.
    NeverDelivered(EntryFilter),
    /// These, if they are finished; also those that were handled.
    Entries(Vec<EntryId>),
}

/// Handles finished events again. Each stays the same event, with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replay {
    /// Which.
    pub of: ReplayOf,
    /// At most this many in one call.
    pub limit: usize,
}

impl Replay {
    /// Those that were given up and fit the filter; at most 1000 at a time.
    pub fn failed(filter: EntryFilter) -> Self {
        Self { of: ReplayOf::Failed(filter.states([EntryState::Dead])), limit: 1000 }
    }

    /// Those that nobody wanted and that fit the filter; at most 1000 at a time.
    pub fn never_delivered(filter: EntryFilter) -> Self {
        Self { of: ReplayOf::NeverDelivered(filter.states([EntryState::Skipped])), limit: 1000 }
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
    /// How many fit and cannot be replayed, because their payload was deleted. For a filter they are not counted beyond
    /// the limit.
    pub without_payload: u64,
    /// Whether the limit was reached: call it again for the rest.
    pub more: bool,
}

impl Replayed {
    /// For stores.
    pub fn new(replayed: u64, without_payload: u64, more: bool) -> Self {
        Self { replayed, without_payload, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventTime;

    #[test]
    fn each_sort_means_its_own_state_whatever_the_filter_said() {
        let filter = || EntryFilter::all().object("page").states([EntryState::Done]);
        let cases = [
            (Replay::failed(filter()), EntryState::Dead),
            (Replay::never_delivered(filter()), EntryState::Skipped),
        ];
        for (replay, state) in cases {
            let (ReplayOf::Failed(filter) | ReplayOf::NeverDelivered(filter)) = replay.of else {
                panic!("a filter was given")
            };
            assert_eq!((filter.states, filter.object.as_deref()), (vec![state], Some("page")));
            assert_eq!(replay.limit, 1000);
        }
    }

    #[test]
    fn a_time_is_kept_beside_the_state() {
        let since = EventTime::from_unix_millis(5).unwrap();
        let Replay { of: ReplayOf::Failed(filter), limit } =
            Replay::failed(EntryFilter::all().since(since)).limit(3)
        else {
            panic!("failed events were meant")
        };
        assert_eq!((filter.since, filter.until, limit), (Some(since), None, 3));
    }

    #[test]
    fn named_events_are_replayed_all() {
        let ids = [EntryId::new(4), EntryId::new(2)];
        assert_eq!(Replay::entries(ids), Replay { of: ReplayOf::Entries(ids.to_vec()), limit: 2 });
    }
}
