//! Taking events, and telling what became of them.

use std::time::Duration;

use super::{
    super::{
        AttemptError, Claim, ClaimToken, Claimed, Entry, EntryId, EntryState, Order, Outcome, Settlement,
    },
    clock::later,
    rows::{Row, Rows},
};
use crate::EventTime;

impl Rows {
    pub(super) fn claim(&mut self, claim: &Claim, now: EventTime) -> Vec<Claimed> {
        let due = match claim.order {
            Order::Any => &self.due,
            Order::PerSubject => &self.heads,
        };
        let ids: Vec<EntryId> = due
            .iter()
            .take_while(|(due_at, _)| *due_at <= now)
            .take(claim.limit)
            .map(|(_, id)| *id)
            .collect();
        let lease_ends = later(now, claim.lease);
        ids.into_iter().filter_map(|id| self.change(id, |row| take(row, lease_ends, now)).flatten()).collect()
    }

    pub(super) fn renew(&mut self, token: ClaimToken, lease: Duration, now: EventTime) -> bool {
        let holds = self.holds(token);
        if holds {
            self.change(token.id(), |row| row.entry.due_at = Some(later(now, lease)));
        }
        holds
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: EventTime) -> bool {
        let holds = self.holds(settlement.token);
        if holds {
            self.change(settlement.token.id(), |row| settle(&mut row.entry, &settlement.outcome, now));
        }
        holds
    }

    /// Whether nobody took the event since.
    fn holds(&self, token: ClaimToken) -> bool {
        self.by_id
            .get(&token.id())
            .is_some_and(|row| row.entry.state == EntryState::Running && row.fence == token.fence())
    }
}

fn take(row: &mut Row, lease_ends: EventTime, now: EventTime) -> Option<Claimed> {
    let event = row.entry.event.clone()?;
    row.fence += 1;
    let entry = &mut row.entry;
    entry.state = EntryState::Running;
    entry.attempts = entry.attempts.saturating_add(1);
    entry.due_at = Some(lease_ends);
    let token = ClaimToken::new(entry.id, row.fence);
    Some(Claimed::new(token, event, entry.attempts, entry.received_at, now))
}

fn settle(entry: &mut Entry, outcome: &Outcome, now: EventTime) {
    let (state, due_at) = match outcome {
        Outcome::Done => (EntryState::Done, None),
        Outcome::Skipped => (EntryState::Skipped, None),
        Outcome::Dead { .. } => (EntryState::Dead, None),
        Outcome::Retry { after, .. } => (EntryState::Pending, Some(later(now, *after))),
        Outcome::Released => (EntryState::Pending, Some(now)),
    };
    match outcome {
        Outcome::Retry { error, .. } | Outcome::Dead { error } => {
            entry.errors.push(AttemptError::new(now, entry.attempts, error.clone()));
            let surplus = entry.errors.len().saturating_sub(Entry::MAX_ERRORS);
            entry.errors.drain(..surplus);
        }
        Outcome::Released => entry.attempts = entry.attempts.saturating_sub(1),
        Outcome::Done | Outcome::Skipped => {}
    }
    entry.state = state;
    entry.due_at = due_at;
    entry.finished_at = due_at.is_none().then_some(now);
}
