//! What is there.

use super::{
    super::{Census, Entry, EntryFilter, EntryId, EntryPage, EntryState},
    rows::Rows,
};
use crate::EventTime;

/// Most events of a page.
const MAX_PAGE: usize = 500;

impl Rows {
    pub(super) fn find(&self, id: EntryId) -> Option<Entry> {
        self.by_id.get(&id).map(|row| row.entry.clone())
    }

    pub(super) fn list(&self, filter: &EntryFilter, after: Option<EntryId>, limit: usize) -> EntryPage {
        let limit = limit.min(MAX_PAGE);
        let after = after.unwrap_or(EntryId::new(u64::MAX));
        let mut fitting =
            self.by_id.range(..after).rev().map(|(_, row)| &row.entry).filter(|it| filter.fits(it));
        let entries: Vec<Entry> = fitting.by_ref().take(limit).cloned().collect();
        let last = entries.last().map(|entry| entry.id);
        let next = last.filter(|_| fitting.next().is_some());
        EntryPage::new(entries, next)
    }

    pub(super) fn census(&self, now: EventTime) -> Census {
        let mut census = Census { now: Some(now), ..Census::default() };
        for row in self.by_id.values() {
            let entry = &row.entry;
            let count = match entry.state {
                EntryState::Running if entry.due_at > Some(now) => &mut census.running,
                // Whoever claimed it is gone: it waits for another attempt.
                EntryState::Running | EntryState::Pending => &mut census.pending,
                EntryState::Done => &mut census.done,
                EntryState::Skipped => &mut census.skipped,
                EntryState::Dead => &mut census.dead,
            };
            *count += 1;
        }
        census.oldest_due = self.due.first().map(|(due_at, _)| *due_at).filter(|due_at| *due_at <= now);
        census
    }
}
