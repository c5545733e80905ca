//! Telling the store what became of events: what ends while one call is under way goes together in the next.

use std::{collections::VecDeque, iter::repeat, sync::Arc, time::Duration};

use super::{
    call::{Call, answer, within},
    clock::{self, Instant},
    outage::Outage,
    running::Held,
};
use crate::inbox::{InboxError, InboxErrorKind, InboxStore, Outcome, Settlement};

/// Most events in one call. While as many wait, no more are taken.
const MOST: usize = 256;

/// An event with its outcome, which is not stored yet.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    pub(super) held: Held,
    pub(super) outcome: Outcome,
}

/// What the store said about a batch.
pub(super) struct Answer {
    batch: Vec<Finished>,
    stored: Result<Vec<bool>, InboxError>,
}

pub(super) struct Settling {
    store: Arc<dyn InboxStore>,
    /// How long a call may take.
    patience: Duration,
    queue: VecDeque<Finished>,
    call: Option<Call<Answer>>,
    outage: Outage,
    /// After a failure, when to try again.
    again_at: Option<Instant>,
    /// How many go together: all, or one after a batch in which one cannot be stored.
    together: usize,
}

impl Settling {
    pub(super) fn new(store: Arc<dyn InboxStore>, patience: Duration) -> Self {
        Self {
            store,
            patience,
            queue: VecDeque::new(),
            call: None,
            outage: Outage::of("settle"),
            again_at: None,
            together: MOST,
        }
    }

    pub(super) fn push(&mut self, finished: Finished) {
        self.queue.push_back(finished);
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.call.is_none()
    }

    /// Whether results are stored as fast as they come. Else nothing more should be begun: after a failure not
    /// before those that wait are stored, or given up because their leases are over.
    pub(super) fn keeps_up(&self) -> bool {
        self.queue.len() < MOST && (self.is_idle() || !self.outage.is_on())
    }

    /// When to call [`start`](Self::start).
    pub(super) fn due(&self) -> Option<Instant> {
        self.again_at.filter(|_| self.call.is_none() && !self.queue.is_empty())
    }

    /// Begins a call if there is something to store, none is under way, and it is time.
    pub(super) fn start(&mut self, now: Instant) {
        let early = self.again_at.is_some_and(|at| now < at);
        if early || self.call.is_some() || self.queue.is_empty() {
            return;
        }
        self.again_at = None;
        let batch: Vec<_> = self.queue.drain(..self.queue.len().min(self.together)).collect();
        let (store, patience) = (self.store.clone(), self.patience);
        self.call = Some(Box::pin(async move {
            let settlements: Vec<_> =
                batch.iter().map(|one| Settlement::new(one.held.token, one.outcome.clone())).collect();
            let stored = within(patience, store.settle(&settlements)).await;
            Answer { batch, stored }
        }));
    }

    /// The answer to the call that is under way; waits for ever when none is.
    pub(super) async fn answer(&mut self) -> Answer {
        answer(&mut self.call).await
    }

    /// Takes an answer in. Gives each event of the batch that is through, with whether its outcome was stored; the
    /// others are tried again until their leases are over. By then they are due again, and `false`.
    pub(super) fn settled(&mut self, answer: Answer) -> Vec<(Finished, bool)> {
        let Answer { batch, stored } = answer;
        match stored {
            Ok(stored) => {
                self.outage.over();
                if self.queue.is_empty() {
                    self.together = MOST;
                }
                batch.into_iter().zip(stored.into_iter().chain(repeat(false))).collect()
            }
            Err(error) if error.kind() == InboxErrorKind::Corrupt => self.one_is_corrupt(batch, &error),
            Err(error) => {
                let now = clock::now();
                self.again_at = Some(clock::after(now, self.outage.failed(&error)));
                let (held, over): (Vec<_>, Vec<_>) = batch.into_iter().partition(|one| one.held.until > now);
                self.queue.extend(held);
                if !over.is_empty() {
                    tracing::warn!(
                        events = over.len(),
                        "what became of events could not be stored in time: they will be handled again"
                    );
                }
                over.into_iter().map(|one| (one, false)).collect()
            }
        }
    }

    /// Trying again does not help: stores the others one by one, and leaves the one alone. Its event comes again when
    /// its lease ends, until it is given up for ending without a result.
    fn one_is_corrupt(&mut self, batch: Vec<Finished>, error: &InboxError) -> Vec<(Finished, bool)> {
        self.together = 1;
        if batch.len() > 1 {
            self.queue.extend(batch);
            return Vec::new();
        }
        for Finished { held, .. } in &batch {
            let (entry, attempt) = (held.token.id().get(), held.attempt);
            tracing::warn!(entry, attempt, "what became of an event cannot be stored: {error}");
        }
        batch.into_iter().map(|one| (one, false)).collect()
    }

    /// How many outcomes are not stored.
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }
}
