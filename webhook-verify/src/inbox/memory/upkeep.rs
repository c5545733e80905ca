//! Making finished events due again, and deleting them.

use std::{collections::BTreeSet, time::Duration};

use super::{
    super::{Entry, EntryId, EntryState, Replay, ReplayOf, Replayed, Retention, Trimmed},
    clock::is_over,
    rows::{Rows, Timed},
};
use crate::EventTime;

impl Rows {
    pub(super) fn replay(&mut self, replay: &Replay, now: EventTime) -> Replayed {
        let (wanted, count_all) = match &replay.of {
            ReplayOf::Failed(filter) => {
                (self.ids(|entry| entry.state == EntryState::Dead && filter.fits(entry)), false)
            }
            ReplayOf::NeverDelivered(filter) => {
                (self.ids(|entry| entry.state == EntryState::Skipped && filter.fits(entry)), false)
            }
            ReplayOf::Entries(ids) => {
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                ids.retain(|id| self.by_id.get(id).is_some_and(|row| row.entry.state.is_finished()));
                (ids, true)
            }
        };
        let (with, without): (Vec<EntryId>, Vec<EntryId>) = wanted
            .into_iter()
            .partition(|id| self.by_id.get(id).is_some_and(|row| row.entry.event.is_some()));
        let without = if count_all { without.len() } else { without.len().min(replay.limit) };
        let more = with.len() > replay.limit;
        let mut replayed = 0;
        for id in with.into_iter().take(replay.limit) {
            self.change(id, |row| revive(&mut row.entry, now));
            replayed += 1;
        }
        Replayed::new(replayed, count(without), more)
    }

    /// The oldest first.
    fn ids(&self, is_meant: impl Fn(&Entry) -> bool) -> Vec<EntryId> {
        self.by_id
            .values()
            .map(|row| &row.entry)
            .filter(|entry| is_meant(entry))
            .map(|entry| entry.id)
            .collect()
    }

    pub(super) fn trim(&mut self, retention: &Retention, limit: usize, now: EventTime) -> Trimmed {
        // Recorded in the order of their ids, by a clock that never goes back.
        let rows: Vec<EntryId> = self
            .by_id
            .values()
            .map(|row| &row.entry)
            .take_while(|entry| is_over(entry.received_at, retention.keys_for(), now))
            .filter(|entry| entry.state.is_finished())
            .take(limit)
            .map(|entry| entry.id)
            .collect();
        for id in &rows {
            self.delete(*id);
        }
        let handled = over(&self.payloads, retention.payloads_for(), now);
        let failed = over(&self.failed_payloads, retention.failed_payloads_for(), now);
        let payloads: Vec<EntryId> = handled.chain(failed).take(limit).collect();
        for id in &payloads {
            self.change(*id, |row| {
                row.entry.event = None;
                row.entry.errors = Vec::new();
            });
        }
        Trimmed::new(count(payloads.len()), count(rows.len()))
    }
}

/// Those finished long enough ago, the longest first.
fn over(finished: &BTreeSet<Timed>, kept: Duration, now: EventTime) -> impl Iterator<Item = EntryId> {
    finished.iter().take_while(move |(since, _)| is_over(*since, kept, now)).map(|(_, id)| *id)
}

fn revive(entry: &mut Entry, now: EventTime) {
    entry.state = EntryState::Pending;
    entry.attempts = 0;
    entry.replays = entry.replays.saturating_add(1);
    entry.due_at = Some(now);
    entry.finished_at = None;
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
