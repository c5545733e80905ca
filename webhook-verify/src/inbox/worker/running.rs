//! Handlers at work, and the claims they work under.

use std::{
    collections::{HashMap, HashSet},
    future::pending,
    iter::repeat,
    sync::Arc,
    time::Duration,
};

use tokio::task::{AbortHandle, Id, JoinSet};
use tracing::Instrument;

use super::clock::{self, Instant};
use crate::{
    Provider,
    inbox::{Backoff, ClaimToken, Claimed, Handled, Handler, Outcome, claim::error_chain, handler::Verdict},
};

/// What becomes of attempts that fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) backoff: Backoff,
    pub(super) max_attempts: u32,
}

impl Policy {
    fn failed(self, attempt: u32, verdict: Verdict, error: Vec<String>) -> Outcome {
        let at_least = match verdict {
            Verdict::Retry => Duration::ZERO,
            Verdict::RetryAfter(after) => after,
            Verdict::Dead => return Outcome::Dead { error },
        };
        if attempt >= self.max_attempts {
            return Outcome::Dead { error };
        }
        Outcome::Retry { after: self.backoff.wait(attempt).max(at_least), error }
    }

    /// What becomes of an event that is not to be tried any more, because every attempt ended without a result.
    pub(super) fn too_many(self, attempt: u32) -> Option<Outcome> {
        (attempt > self.max_attempts).then(|| {
            let ended = attempt.saturating_sub(1);
            Outcome::Dead {
                error: vec![format!("given up after {ended} attempts that ended without a result")],
            }
        })
    }
}

/// A claim, without the event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) token: ClaimToken,
    pub(super) provider: Provider,
    pub(super) kind: &'static str,
    pub(super) attempt: u32,
    /// When the lease ends, or a little later.
    pub(super) until: Instant,
}

impl Held {
    pub(super) fn new(claimed: &Claimed, until: Instant) -> Self {
        Self {
            token: claimed.token,
            provider: claimed.event.provider(),
            kind: claimed.event.kind().name(),
            attempt: claimed.attempt,
            until,
        }
    }
}

struct Job {
    held: Held,
    task: AbortHandle,
    renew_at: Instant,
    /// Somebody else has the event.
    lost: bool,
}

/// How a handler ended.
pub(super) enum Ended {
    /// By itself.
    With(Outcome),
    /// It was dropped, and the event is still ours.
    Dropped,
    /// It was dropped, or too late: somebody else has the event.
    Lost,
}

/// Handlers at work. Dropping it drops them.
pub(super) struct Running {
    handler: Arc<dyn Handler>,
    policy: Policy,
    tasks: JoinSet<Outcome>,
    jobs: HashMap<Id, Job>,
}

impl Running {
    pub(super) fn new(handler: Arc<dyn Handler>, policy: Policy) -> Self {
        Self { handler, policy, tasks: JoinSet::new(), jobs: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// [`Policy::too_many`].
    pub(super) fn too_many(&self, attempt: u32) -> Option<Outcome> {
        self.policy.too_many(attempt)
    }

    pub(super) fn start(&mut self, claimed: Claimed, held: Held, renew_at: Instant) {
        let span = tracing::info_span!(
            "webhook_event",
            entry = held.token.id().get(),
            provider = held.provider.as_str(),
            kind = held.kind,
            attempt = held.attempt
        );
        let work = attempt(self.handler.clone(), claimed, self.policy).instrument(span);
        let task = self.tasks.spawn(work);
        self.jobs.insert(task.id(), Job { held, task, renew_at, lost: false });
    }

    /// The next handler to end; waits for ever when none is at work.
    pub(super) async fn next(&mut self) -> (Held, Ended) {
        loop {
            let (id, outcome) = match self.tasks.join_next_with_id().await {
                None => pending().await,
                Some(Ok((id, outcome))) => (id, Some(outcome)),
                Some(Err(error)) => (error.id(), error.is_panic().then(|| self.panicked(error.id()))),
            };
            let Some(Job { held, lost, .. }) = self.jobs.remove(&id) else { continue };
            return match outcome {
                _ if lost => (held, Ended::Lost),
                Some(outcome) => (held, Ended::With(outcome)),
                None => (held, Ended::Dropped),
            };
        }
    }

    /// What a panic says may hold anything, so it is not kept.
    fn panicked(&self, id: Id) -> Outcome {
        let attempt = self.jobs.get(&id).map_or(0, |job| job.held.attempt);
        let error = "the handler panicked: the standard error output of its process says where";
        self.policy.failed(attempt, Verdict::Retry, vec![error.to_owned()])
    }

    /// When the first lease is to be renewed.
    pub(super) fn renew_at(&self) -> Option<Instant> {
        self.jobs.values().filter(|job| !job.lost).map(|job| job.renew_at).min()
    }

    /// The claims of all that are at work.
    pub(super) fn tokens(&self) -> Vec<ClaimToken> {
        self.jobs.values().filter(|job| !job.lost).map(|job| job.held.token).collect()
    }

    /// These claims were renewed or lost; a claim without an answer counts as renewed. Handlers of lost claims are
    /// dropped.
    pub(super) fn renewed(&mut self, tokens: &[ClaimToken], held: &[bool], sent: Instant, lease: Duration) {
        let held = held.iter().copied().chain(repeat(true));
        let held: HashMap<_, _> = tokens.iter().copied().zip(held).collect();
        for job in self.jobs.values_mut() {
            match held.get(&job.held.token) {
                Some(true) => {
                    job.held.until = clock::after(sent, lease);
                    job.renew_at = clock::after(sent, lease / 3);
                }
                Some(false) => {
                    job.lost = true;
                    job.task.abort();
                }
                None => {}
            }
        }
    }

    /// It is not known whether these were renewed: try again then.
    pub(super) fn not_renewed(&mut self, tokens: &[ClaimToken], again_at: Instant) {
        let tokens: HashSet<_> = tokens.iter().collect();
        for job in self.jobs.values_mut().filter(|job| tokens.contains(&job.held.token)) {
            job.renew_at = again_at;
        }
    }

    /// Drops every handler. [`next`](Self::next) tells of each when it is gone: one that does not wait for anything
    /// works on until it does.
    pub(super) fn abort(&mut self) {
        self.tasks.abort_all();
    }
}

async fn attempt(handler: Arc<dyn Handler>, claimed: Claimed, policy: Policy) -> Outcome {
    match handler.handle(&claimed).await {
        Ok(Handled::Done) => Outcome::Done,
        Ok(Handled::Skipped) => Outcome::Skipped,
        Err(error) => policy.failed(claimed.attempt, error.verdict, error_chain(&error)),
    }
}
