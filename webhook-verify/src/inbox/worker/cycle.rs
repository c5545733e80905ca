//! What a worker does from start to stop.

use std::{pin::pin, sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{
    Worker,
    call::{Call, answer, within},
    clock::{self, Instant},
    outage::Outage,
    running::{Ended, Held, Running},
    settling::{Answer, Finished, Settling},
};
use crate::inbox::{Claim, ClaimToken, Claimed, InboxError, InboxStore, Order, Outcome, meter};

/// How long after the grace a stopping worker still tries to give back what it holds.
const RELEASE_TIME: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Working,
    /// Takes no more events, lets handlers work until then.
    Finishing(Instant),
    /// Handlers were dropped; gives their events back until then.
    Releasing(Instant),
}

struct Claims {
    sent: Instant,
    limit: usize,
    answer: Result<Vec<Claimed>, InboxError>,
}

struct Renewals {
    sent: Instant,
    tokens: Vec<ClaimToken>,
    answer: Result<Vec<bool>, InboxError>,
}

/// A worker at work. At most one call of each sort to the store is under way, and handlers work meanwhile.
pub(super) struct Cycle {
    store: Arc<dyn InboxStore>,
    wake: Arc<Notify>,
    concurrency: usize,
    lease: Duration,
    poll: Duration,
    order: Order,
    grace: Duration,
    phase: Phase,
    running: Running,
    settling: Settling,
    claiming: Option<Call<Claims>>,
    renewing: Option<Call<Renewals>>,
    claim_at: Instant,
    /// Something became due while a claim was under way that may not have seen it.
    claim_again: bool,
    claim_outage: Outage,
    renew_outage: Outage,
}

impl Cycle {
    pub(super) fn new(worker: Worker) -> Self {
        let Worker { store, handler, concurrency, lease, poll, order, policy, grace, wake } = worker;
        Self {
            settling: Settling::new(store.clone(), lease / 3),
            store,
            wake: wake.0,
            concurrency,
            lease,
            poll,
            order,
            grace,
            phase: Phase::Working,
            running: Running::new(handler, policy),
            claiming: None,
            renewing: None,
            claim_at: clock::now(),
            claim_again: false,
            claim_outage: Outage::of("claim"),
            renew_outage: Outage::of("renew"),
        }
    }

    pub(super) async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let wake = self.wake.clone();
        loop {
            self.go_on(clock::now());
            if self.is_over() {
                return;
            }
            let due = self.due();
            tokio::select! {
                biased;
                () = &mut stop, if self.phase == Phase::Working => self.stop(),
                (held, ended) = self.running.next() => self.ended(held, ended),
                answer = self.settling.answer() => self.settled(answer),
                renewals = answer(&mut self.renewing) => self.renewed(renewals),
                claims = answer(&mut self.claiming) => self.claimed(claims),
                () = wake.notified(), if self.may_claim() && !self.claim_outage.is_on() => {
                    self.claim_at = clock::now();
                }
                () = clock::until(due) => {}
            }
        }
    }

    /// Begins whatever it is time for. What is due and not begun here is not in [`due`](Self::due) either.
    fn go_on(&mut self, now: Instant) {
        match self.phase {
            Phase::Finishing(until) if until <= now => {
                self.running.abort();
                self.phase = Phase::Releasing(clock::after(now, RELEASE_TIME));
            }
            _ => {}
        }
        self.settling.start(now);
        if self.renewing.is_none() && self.running.renew_at().is_some_and(|at| at <= now) {
            self.renew(now);
        }
        if self.may_claim() && self.claim_at <= now {
            self.claim(now);
        }
    }

    /// When something is to be begun, if nothing happens before.
    fn due(&self) -> Option<Instant> {
        let claim = self.may_claim().then_some(self.claim_at);
        let renew = self.running.renew_at().filter(|_| self.renewing.is_none());
        let phase = match self.phase {
            Phase::Working => None,
            Phase::Finishing(until) | Phase::Releasing(until) => Some(until),
        };
        [claim, renew, self.settling.due(), phase].into_iter().flatten().min()
    }

    fn is_over(&self) -> bool {
        let late = matches!(self.phase, Phase::Releasing(until) if until <= clock::now());
        let idle = self.running.len() == 0 && self.settling.is_idle() && self.claiming.is_none();
        if late && !idle {
            tracing::warn!(
                handlers = self.running.len(),
                results = self.settling.len(),
                "stopped before everything was given back: what is left is due again when its lease ends"
            );
        }
        late || (self.phase != Phase::Working && idle)
    }

    fn stop(&mut self) {
        let (handlers, grace) = (self.running.len(), self.grace.as_secs());
        tracing::debug!(handlers, grace, "stopping: no more events are taken");
        self.phase = Phase::Finishing(clock::after(clock::now(), self.grace));
    }

    fn free(&self) -> usize {
        self.concurrency.saturating_sub(self.running.len())
    }

    /// Whether a claim may begin when it is time: only what can be begun at once is taken.
    fn may_claim(&self) -> bool {
        let working = self.phase == Phase::Working;
        working && self.claiming.is_none() && self.free() > 0 && self.settling.keeps_up()
    }

    fn claim(&mut self, sent: Instant) {
        let limit = self.free();
        let claim = Claim::new(limit, self.lease).order(self.order);
        let (store, patience) = (self.store.clone(), self.lease / 3);
        self.claim_again = false;
        self.claiming = Some(Box::pin(async move {
            let answer = within(patience, store.claim(&claim)).await;
            Claims { sent, limit, answer }
        }));
    }

    fn claimed(&mut self, Claims { sent, limit, answer }: Claims) {
        let now = clock::now();
        let claimed = match answer {
            Ok(claimed) => claimed,
            Err(error) => {
                self.claim_at = clock::after(now, self.claim_outage.failed(&error));
                return;
            }
        };
        self.claim_outage.over();
        let more = self.claim_again || claimed.len() >= limit;
        self.claim_at = if more { now } else { clock::after(now, self.poll) };
        for claimed in claimed {
            // The store began to count after the call was sent.
            let held = Held::new(&claimed, clock::after(sent, self.lease));
            if self.phase != Phase::Working {
                self.finish(held, Outcome::Released);
                continue;
            }
            if claimed.attempt <= 1 {
                meter::lag(held.provider, claimed.lag());
            }
            match self.running.too_many(claimed.attempt) {
                Some(outcome) => self.finish(held, outcome),
                None => self.running.start(claimed, held, clock::after(sent, self.lease / 3)),
            }
        }
    }

    fn renew(&mut self, sent: Instant) {
        let (store, lease, tokens) = (self.store.clone(), self.lease, self.running.tokens());
        self.renewing = Some(Box::pin(async move {
            let answer = within(lease / 3, store.renew(&tokens, lease)).await;
            Renewals { sent, tokens, answer }
        }));
    }

    fn renewed(&mut self, Renewals { sent, tokens, answer }: Renewals) {
        match answer {
            Ok(held) => {
                self.renew_outage.over();
                self.running.renewed(&tokens, &held, sent, self.lease);
            }
            Err(error) => {
                let wait = self.renew_outage.failed(&error).min(self.lease / 6);
                self.running.not_renewed(&tokens, clock::after(clock::now(), wait));
            }
        }
    }

    fn ended(&mut self, held: Held, ended: Ended) {
        match ended {
            Ended::With(outcome) => self.finish(held, outcome),
            Ended::Dropped => self.finish(held, Outcome::Released),
            Ended::Lost => report(held, LOST),
        }
    }

    /// Logged without the texts of errors: they may tell about people, and stand in the store.
    fn finish(&mut self, held: Held, outcome: Outcome) {
        let (entry, provider, kind, attempt) =
            (held.token.id().get(), held.provider.as_str(), held.kind, held.attempt);
        match &outcome {
            Outcome::Retry { after, .. } => {
                let seconds = after.as_secs();
                tracing::info!(entry, provider, kind, attempt, seconds, "not handled, to be tried again");
            }
            Outcome::Dead { .. } => {
                tracing::warn!(entry, provider, kind, attempt, "given up: its entry in the store says why");
            }
            _ => {}
        }
        self.settling.push(Finished { held, outcome });
    }

    fn settled(&mut self, answer: Answer) {
        for (Finished { held, outcome }, stored) in self.settling.settled(answer) {
            report(held, if stored { name(&outcome) } else { LOST });
        }
        // What waited behind these may be due now.
        if self.order == Order::PerSubject && !self.claim_outage.is_on() {
            self.claim_again = self.claiming.is_some();
            self.claim_at = clock::now();
        }
    }
}

const LOST: &str = "lost";

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Skipped => "skipped",
        Outcome::Retry { .. } => "retry",
        Outcome::Dead { .. } => "dead",
        Outcome::Released => "released",
    }
}

fn report(held: Held, outcome: &'static str) {
    let (entry, provider, kind, attempt) =
        (held.token.id().get(), held.provider.as_str(), held.kind, held.attempt);
    tracing::debug!(entry, provider, kind, attempt, outcome, "settled");
    meter::handled(held.provider, held.kind, outcome);
}
