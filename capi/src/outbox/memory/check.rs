//! The same answers without the index, for tests.

use sociogram_api_core::Timestamp;

use super::{
    super::{Census, EntryState},
    rows::Rows,
};

impl Rows {
    pub(super) fn counted_anew(&self, now: Timestamp) -> Census {
        let mut census = Census { now: Some(now), ..Census::default() };
        for row in self.by_id.values() {
            let count = match row.state {
                EntryState::Pending => &mut census.pending,
                EntryState::Claimed => &mut census.claimed,
                EntryState::Sending => &mut census.sending,
                EntryState::Sent => &mut census.sent,
                EntryState::Rejected => &mut census.rejected,
                EntryState::InDoubt => &mut census.in_doubt,
            };
            *count += 1;
            let waits = matches!(row.state, EntryState::Pending | EntryState::Claimed);
            if waits && row.at <= now && census.oldest_due.is_none_or(|oldest| row.at < oldest) {
                census.oldest_due = Some(row.at);
            }
        }
        census
    }
}
