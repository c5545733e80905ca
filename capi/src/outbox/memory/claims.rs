//! Taking events, and telling what became of them.

use std::time::Duration;

use sociogram_api_core::Timestamp;

use super::{
    super::{Attempt, Batch, BatchEvent, Claim, ClaimToken, EntryId, EntryState, Fate, Outcome, Settlement},
    rows::{Row, Rows},
};

/// How many events one claim finds in doubt at most.
const MAX_LAPSED: usize = 1000;

impl Rows {
    pub(super) fn claim(&mut self, claim: &Claim, now: Timestamp) -> Option<Batch> {
        self.lapse(now);
        let lane = self.index.due_lane(now).filter(|_| claim.limit > 0)?;
        let route = self.index.route(lane)?.clone();
        let (mut ids, mut bytes) = (Vec::new(), 0_usize);
        for (_, id) in self.index.due_in(lane).take_while(|(due_at, _)| *due_at <= now).take(claim.limit) {
            bytes = bytes.saturating_add(self.by_id.get(&id).map_or(0, |row| row.json.len()));
            if !ids.is_empty() && bytes > claim.bytes {
                break;
            }
            ids.push(id);
        }
        let lease_ends = now.saturating_add(claim.lease);
        let taken = ids.into_iter().filter_map(|id| self.change(id, |row| take(id, row, lease_ends)));
        Some(Batch::new(route, taken.collect(), now))
    }

    /// Whoever sent these is gone.
    fn lapse(&mut self, now: Timestamp) {
        let over = self.index.sending.iter().take_while(|(ends, _)| *ends <= now).take(MAX_LAPSED);
        let ids: Vec<EntryId> = over.map(|(_, id)| *id).collect();
        for id in ids {
            self.change(id, |row| row.finish(Fate::process_died(), true, now));
        }
    }

    pub(super) fn begin(&mut self, token: ClaimToken, lease: Duration, now: Timestamp) -> bool {
        let holds = self.holds(token);
        if holds {
            self.change(token.id(), |row| {
                if row.state == EntryState::Claimed {
                    row.attempts = row.attempts.saturating_add(1);
                }
                (row.state, row.at) = (EntryState::Sending, now.saturating_add(lease));
            });
        }
        holds
    }

    pub(super) fn renew(&mut self, token: ClaimToken, lease: Duration, now: Timestamp) -> bool {
        let holds = self.holds(token);
        if holds {
            self.change(token.id(), |row| row.at = now.saturating_add(lease));
        }
        holds
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, now: Timestamp) -> bool {
        let (token, outcome) = (settlement.token, &settlement.outcome);
        let Some(row) = self.claimed_last(token) else { return false };
        let finishes = matches!(outcome, Outcome::Finished(_));
        // What has lost its content can no more be sent.
        let is_open = is_held(row) || row.lapsed && (finishes || !row.json.is_empty());
        if !is_open {
            // Told once more, or something else than before.
            return match outcome {
                Outcome::Finished(fate) => row.fate() == Some(fate),
                Outcome::NotProcessed { .. } | Outcome::Released => row.state == EntryState::Pending,
            };
        }
        self.change(token.id(), |row| settle(row, outcome, now));
        true
    }

    /// Whether nobody took the event since, and it is not settled.
    fn holds(&self, token: ClaimToken) -> bool {
        self.claimed_last(token).is_some_and(is_held)
    }

    /// The event, if this is the latest claim of it.
    fn claimed_last(&self, token: ClaimToken) -> Option<&Row> {
        let row = self.by_id.get(&token.id())?;
        (row.fence > 0 && row.fence == token.fence()).then_some(row)
    }
}

fn is_held(row: &Row) -> bool {
    matches!(row.state, EntryState::Claimed | EntryState::Sending)
}

fn take(id: EntryId, row: &mut Row, lease_ends: Timestamp) -> BatchEvent {
    row.fence += 1;
    (row.state, row.at) = (EntryState::Claimed, lease_ends);
    BatchEvent::new(
        ClaimToken::new(id, row.fence),
        row.json.clone(),
        row.event_id.is_some(),
        row.expires_at,
        row.attempts,
        row.added_at,
    )
}

fn settle(row: &mut Row, outcome: &Outcome, now: Timestamp) {
    match outcome {
        Outcome::Finished(fate) => row.finish(fate.clone(), false, now),
        Outcome::NotProcessed { after, reason } => {
            row.wait(now.saturating_add(*after));
            row.remember(Attempt::new(now, reason.as_str()));
        }
        Outcome::Released => {
            // Begun, but only by the store: its answer was lost, so nothing left.
            if row.state != EntryState::Claimed {
                row.attempts = row.attempts.saturating_sub(1);
            }
            row.wait(now);
        }
    }
}
