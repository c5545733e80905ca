//! Finds the bad events of a refused request without I/O: which body to send next, and what each answer
//! means for the events in it.
//!
//! A platform that refuses a request as a whole for one bad event processes nothing of it, so parts of it may be
//! sent again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;

use sociogram_api_core::ErrorKind;

use super::{Outcome, Rejection, Stopped};
use crate::platform::{Refusal, RequestOutcome};
use crate::prepare::RequestBody;

/// What there is still to send, and what is known already.
#[derive(Debug)]
pub(crate) struct Isolation {
    queue: VecDeque<Part>,
    extra_calls: u32,
    decided: Vec<(usize, Outcome)>,
}

#[derive(Debug)]
struct Part {
    body: RequestBody,
    /// Cut out of a refused request: sending it counts against the limit.
    extra: bool,
}

impl Isolation {
    /// `extra_calls` is how many parts of refused requests are sent at most.
    pub(crate) fn new(bodies: impl IntoIterator<Item = RequestBody>, extra_calls: u32) -> Self {
        let queue = bodies.into_iter().map(|body| Part { body, extra: false }).collect();
        Self { queue, extra_calls, decided: Vec::new() }
    }

    /// The next body to send; `None` when each event has its fate.
    pub(crate) fn next(&mut self) -> Option<RequestBody> {
        while let Some(part) = self.queue.pop_front() {
            if !part.extra {
                return Some(part.body);
            }
            if let Some(left) = self.extra_calls.checked_sub(1) {
                self.extra_calls = left;
                return Some(part.body);
            }
            self.all(&part.body, &Outcome::NotSent { kind: ErrorKind::Invalid, retry_after: None });
        }
        None
    }

    /// Takes the answer to a body that [`next`](Self::next) gave. Breaks when the next request would fare no better:
    /// then [`stop`](Self::stop), or wait and go on with what is left.
    pub(crate) fn answered(&mut self, body: &RequestBody, outcome: RequestOutcome) -> ControlFlow<Stopped> {
        match outcome {
            RequestOutcome::Taken { received, refused, unknown, trace, messages: _ } => {
                self.taken(body, received, refused, &unknown, trace.as_deref());
                ControlFlow::Continue(())
            }
            RequestOutcome::Refused { refusal, blamed } => {
                self.refused(body, refusal, &blamed);
                ControlFlow::Continue(())
            }
            RequestOutcome::InDoubt { kind, reason, trace } => {
                self.all(body, &Outcome::InDoubt { kind, reason, trace: trace.clone() });
                let told = format!("{}; {}", kind.summary(), ErrorKind::InDoubt.user_action());
                ControlFlow::Break(Stopped { kind, retry_after: None, reason: told, trace })
            }
            RequestOutcome::NotProcessed { kind, retry_after, reason } => {
                self.all(body, &Outcome::NotSent { kind, retry_after });
                ControlFlow::Break(Stopped { kind, retry_after, reason, trace: None })
            }
        }
    }

    /// Gives up on what is left.
    pub(crate) fn stop(&mut self, why: &Stopped) {
        let outcome = Outcome::NotSent { kind: why.kind, retry_after: why.retry_after };
        for part in std::mem::take(&mut self.queue) {
            self.all(&part.body, &outcome);
        }
    }

    /// The fates that became known since the last time, in the order in which they did.
    pub(crate) fn take_decided(&mut self) -> Vec<(usize, Outcome)> {
        std::mem::take(&mut self.decided)
    }

    /// Whether it took every event is known only if it says so.
    fn taken(
        &mut self,
        body: &RequestBody,
        received: Option<u64>,
        refused: Vec<(usize, Refusal)>,
        unknown: &[usize],
        trace: Option<&str>,
    ) {
        let mut refused: HashMap<usize, Refusal> = refused.into_iter().collect();
        let unknown: HashSet<usize> = unknown.iter().copied().collect();
        let told = refused.len().saturating_add(unknown.len()) as u64;
        let fewer = received.is_some_and(|count| count.saturating_add(told) < body.len() as u64);
        for (place, index) in body.indexes().enumerate() {
            let trace = trace.map(str::to_owned);
            let doubt = |reason| Outcome::InDoubt { kind: ErrorKind::InDoubt, reason, trace: trace.clone() };
            let outcome = match refused.remove(&place) {
                Some(refusal) => Outcome::Rejected(Rejection::Platform(refusal)),
                None if unknown.contains(&place) => doubt("not_mentioned"),
                None if fewer => doubt("fewer_taken"),
                None => Outcome::Sent { trace },
            };
            self.decided.push((index, outcome));
        }
    }

    /// Refused because of its content, perhaps naming events by their place in it.
    fn refused(&mut self, body: &RequestBody, why: Refusal, blamed: &[usize]) {
        let rejected = Outcome::Rejected(Rejection::Platform(why));
        if body.len() == 1 {
            return self.all(body, &rejected);
        }
        let blamed: HashSet<usize> = blamed.iter().copied().filter(|place| *place < body.len()).collect();
        if !blamed.is_empty() {
            let (bad, good) = body.partition(|place| blamed.contains(&place));
            if let Some(bad) = bad {
                self.all(&bad, &rejected);
            }
            return self.again(good);
        }
        let half = body.len() / 2;
        let (first, second) = body.partition(|place| place < half);
        self.again(second);
        self.again(first);
    }

    fn again(&mut self, body: Option<RequestBody>) {
        if let Some(body) = body {
            self.queue.push_front(Part { body, extra: true });
        }
    }

    fn all(&mut self, body: &RequestBody, outcome: &Outcome) {
        self.decided.extend(body.indexes().map(|index| (index, outcome.clone())));
    }
}

#[cfg(test)]
mod tests;
