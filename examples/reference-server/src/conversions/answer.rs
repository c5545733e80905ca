//! What is answered to events that were handed in.

use std::collections::HashMap;

use serde::Serialize;
use sociogram::capi::outbox::{Entry, EntryId, EntryState, Fate, Route};

use super::{
    intake::{Refused, Remark},
    shown::{ShownFate, word},
};

/// What was done with the events of a call.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(super) route: Route,
    /// Number and id of what was recorded.
    pub(super) accepted: Vec<(usize, EntryId)>,
    /// Number of an event, and the id of the one that was recorded before it.
    pub(super) duplicates: Vec<(usize, EntryId)>,
    pub(super) rejected: Vec<Refused>,
    pub(super) warnings: Vec<Remark>,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<'a> {
    platform: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataset: Option<&'a str>,
    /// How many of the accepted events came how far.
    counts: Counts,
    accepted: Vec<Accepted>,
    duplicates: Vec<Duplicate>,
    rejected: &'a [Refused],
    warnings: &'a [Remark],
}

/// `accepted` is the sum of the others.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) accepted: usize,
    pub(crate) waiting: usize,
    pub(crate) sent: usize,
    pub(crate) rejected: usize,
    pub(crate) in_doubt: usize,
}

#[derive(Debug, Serialize)]
struct Accepted {
    index: usize,
    id: EntryId,
    state: EntryState,
    #[serde(skip_serializing_if = "Option::is_none")]
    fate: Option<ShownFate>,
}

#[derive(Debug, Serialize)]
struct Duplicate {
    index: usize,
    id: EntryId,
}

impl Recorded {
    /// The ids of what was recorded.
    pub(crate) fn ids(&self) -> Vec<EntryId> {
        self.accepted.iter().map(|(_, id)| *id).collect()
    }

    /// The one event of a call that had one, and whether it was there before; `None` if it was refused.
    pub(crate) fn only(&self) -> Option<(EntryId, bool)> {
        let new = self.accepted.first().map(|(_, id)| (*id, false));
        new.or_else(|| self.duplicates.first().map(|(_, id)| (*id, true)))
    }

    /// Why the first event that was refused was.
    pub(crate) fn refusal(&self) -> Option<&str> {
        self.rejected.first().map(|refused| refused.reason.as_str())
    }

    pub(crate) fn refused(&self) -> usize {
        self.rejected.len()
    }

    /// What is known of the events; those that are missing in `entries` wait.
    pub(crate) fn answer(&self, entries: &HashMap<EntryId, Entry>) -> Answer<'_> {
        let mut counts = Counts { accepted: self.accepted.len(), ..Counts::default() };
        let accepted = self.accepted.iter().map(|(index, id)| {
            let entry = entries.get(id);
            let state = entry.map_or(EntryState::Pending, |entry| entry.state);
            match state {
                EntryState::Sent => counts.sent += 1,
                EntryState::Rejected => counts.rejected += 1,
                EntryState::InDoubt => counts.in_doubt += 1,
                _ => counts.waiting += 1,
            }
            // Of one that was sent there is nothing to tell.
            let fate = entry.and_then(|entry| entry.fate.clone());
            let fate = fate.filter(|fate| !matches!(fate, Fate::Sent { .. })).map(ShownFate::from);
            Accepted { index: *index, id: *id, state, fate }
        });
        let accepted = accepted.collect();
        let duplicates = self.duplicates.iter().map(|(index, id)| Duplicate { index: *index, id: *id });
        Answer {
            platform: word(self.route.platform),
            dataset: Some(self.route.target.as_str()).filter(|target| !target.is_empty()),
            counts,
            accepted,
            duplicates: duplicates.collect(),
            rejected: &self.rejected,
            warnings: &self.warnings,
        }
    }
}

impl Answer<'_> {
    /// Whether every accepted event has its fate.
    pub(crate) fn is_final(&self) -> bool {
        self.counts.waiting == 0
    }
}
