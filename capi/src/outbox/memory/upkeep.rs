//! Making finished events due again, and deleting them.

use std::{collections::BTreeSet, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{
    super::{
        Attempt, EntryFilter, EntryId, EntryState, Fate, Replay, ReplayOf, Replayed, Retention, Trimmed,
    },
    index::Timed,
    reads::fits,
    rows::{Row, Rows},
};

impl Rows {
    pub(super) fn replay(&mut self, tenant: TenantId, replay: &Replay, now: Timestamp) -> Replayed {
        let wanted = match &replay.of {
            ReplayOf::Rejected(filter) => self.fitting(tenant, EntryState::Rejected, filter),
            ReplayOf::InDoubt(filter) => self.fitting(tenant, EntryState::InDoubt, filter),
            ReplayOf::Entries(ids) => {
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                ids.retain(|id| {
                    self.row_of(tenant, *id).is_some_and(|(row, _)| {
                        matches!(row.state, EntryState::Rejected | EntryState::InDoubt)
                    })
                });
                ids
            }
        };
        let (timely, late): (Vec<EntryId>, Vec<EntryId>) = wanted.into_iter().partition(|id| {
            self.by_id.get(id).is_some_and(|row| row.expires_at > now && !row.json.is_empty())
        });
        let more = timely.len() > replay.limit;
        let mut replayed = 0;
        for id in timely.into_iter().take(replay.limit) {
            self.change(id, |row| revive(row, now));
            replayed += 1;
        }
        Replayed::new(replayed, count(late.len()), more)
    }

    /// The oldest first.
    fn fitting(&self, tenant: TenantId, state: EntryState, filter: &EntryFilter) -> Vec<EntryId> {
        let is_meant = |id: &EntryId| {
            let row = self.row_of(tenant, *id);
            row.is_some_and(|(row, route)| row.state == state && fits(filter, row, route))
        };
        self.index.rows_of(tenant).into_iter().flatten().copied().filter(is_meant).collect()
    }

    pub(super) fn trim(&mut self, retention: &Retention, limit: usize, now: Timestamp) -> Trimmed {
        let rows = over(&self.index.finished, retention.rows_for(), limit, now);
        for id in &rows {
            self.delete(*id);
        }
        let contents = over(&self.index.contents, retention.contents_for(), limit, now);
        for id in &contents {
            self.change(*id, |row| row.json = Box::default());
        }
        Trimmed::new(count(contents.len()), count(rows.len()))
    }
}

/// Those finished long enough ago, the longest first.
fn over(finished: &BTreeSet<Timed>, kept: Duration, limit: usize, now: Timestamp) -> Vec<EntryId> {
    let over = finished.iter().take_while(|(since, _)| since.saturating_add(kept) <= now);
    over.take(limit).map(|(_, id)| *id).collect()
}

fn revive(row: &mut Row, now: Timestamp) {
    let finished_at = row.at;
    if let Some(Fate::Rejected { reason, .. } | Fate::InDoubt { reason, .. }) = row.wait(now) {
        row.remember(Attempt::new(finished_at, reason));
    }
    row.attempts = 0;
    row.replays = row.replays.saturating_add(1);
    // Whoever claimed it before settles it no more.
    row.fence += 1;
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
