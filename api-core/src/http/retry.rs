//! When a request is sent again, and after how long.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::dialect::FaultClass;
use super::operation::Replay;
use super::transport::TransportErrorKind;

/// How one attempt ended, as far as repeating is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It never reached the server.
    NotSent,
    /// It was sent and no usable answer came.
    NoAnswer,
    /// The answer is too long to be read; another would be as long.
    Unreadable,
    /// Refused by a rate limit.
    Throttled,
    /// The provider failed.
    Failed,
    /// The credential was refused.
    AuthRejected,
    /// Refused for good.
    Refused,
}

impl From<TransportErrorKind> for Outcome {
    fn from(kind: TransportErrorKind) -> Self {
        match kind {
            TransportErrorKind::Connect | TransportErrorKind::NotSent => Self::NotSent,
            TransportErrorKind::TooLarge => Self::Unreadable,
            TransportErrorKind::Timeout | TransportErrorKind::Interrupted | TransportErrorKind::Other => {
                Self::NoAnswer
            }
        }
    }
}

impl From<FaultClass> for Outcome {
    fn from(class: FaultClass) -> Self {
        match class {
            FaultClass::Throttled => Self::Throttled,
            FaultClass::Transient => Self::Failed,
            FaultClass::AuthRejected => Self::AuthRejected,
            FaultClass::Permission
            | FaultClass::NotFound
            | FaultClass::Conflict
            | FaultClass::Invalid
            | FaultClass::Misconfigured
            | FaultClass::Permanent => Self::Refused,
        }
    }
}

/// What follows from an [`Outcome`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Send it again after a wait.
    Retry,
    /// Renew the credential, then send it once more.
    Renew,
    /// Give the error to the caller.
    Stop,
}

/// The whole retry table.
pub(super) const fn next(outcome: Outcome, replay: Replay) -> Next {
    match (outcome, replay) {
        // Nothing happened, whatever the request was; or it may have happened and may happen twice.
        (Outcome::NotSent | Outcome::Throttled, _)
        | (Outcome::NoAnswer | Outcome::Failed, Replay::Safe | Replay::Keyed) => Next::Retry,
        (Outcome::AuthRejected, _) => Next::Renew,
        // It may have happened and must not happen twice; or repeating changes nothing.
        (Outcome::NoAnswer | Outcome::Failed, Replay::Never)
        | (Outcome::Unreadable | Outcome::Refused, _) => Next::Stop,
    }
}

/// Chooses how much of a back-off is waited. The only part of the road that is left to chance.
pub trait Jitter: fmt::Debug + Send + Sync + 'static {
    /// A duration from zero to `max`.
    fn pick(&self, max: Duration) -> Duration;
}

/// Any duration from zero to the whole back-off, from the operating system's randomness: clients that
/// failed together do not come back together.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct FullJitter;

impl FullJitter {
    /// Uniform between zero and the back-off.
    pub const fn new() -> Self {
        Self
    }
}

impl Jitter for FullJitter {
    fn pick(&self, max: Duration) -> Duration {
        let mut random = [0u8; 4];
        // Without randomness the whole back-off is waited, which is safe.
        if getrandom::fill(&mut random).is_err() {
            return max;
        }
        max.mul_f64(f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX))
    }
}

/// How often and how patiently a call is repeated. Clones share the retry budget.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
    jitter: Arc<dyn Jitter>,
    budget: Arc<RetryBudget>,
}

impl RetryPolicy {
    /// 3 attempts, back-off from 250 ms doubling to 20 s, full jitter, and a shared budget: at most one
    /// retry for five calls in the long run, with a reserve of ten.
    pub fn new() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(250),
            cap: Duration::from_secs(20),
            jitter: Arc::new(FullJitter::new()),
            budget: Arc::new(RetryBudget::new()),
        }
    }

    /// One attempt and no retries.
    pub fn none() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many attempts a call has at most; at least one.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The first back-off and the longest one.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.base = base;
        self.cap = cap;
        self
    }

    /// Another source of jitter.
    pub fn jitter(mut self, jitter: impl Jitter) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    pub(super) const fn attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The wait before attempt number `attempt` + 1: jitter is applied after the cap, so it never
    /// disappears there.
    pub(super) fn wait(&self, attempt: u32) -> Duration {
        let doubled =
            self.base.saturating_mul(1u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        self.jitter.pick(doubled.min(self.cap))
    }

    pub(super) fn count_call(&self) {
        self.budget.deposit();
    }

    pub(super) fn take_retry(&self) -> bool {
        self.budget.withdraw()
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Token bucket that caps the share of retries, so that an outage is not answered with a storm.
#[derive(Debug)]
struct RetryBudget {
    fifths: AtomicU32,
}

impl RetryBudget {
    /// Ten retries, counted in fifths of one.
    const FULL: u32 = 50;
    const RETRY: u32 = 5;

    const fn new() -> Self {
        Self { fifths: AtomicU32::new(Self::FULL) }
    }

    fn deposit(&self) {
        let _ = self.fifths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |fifths| {
            (fifths < Self::FULL).then_some(fifths + 1)
        });
    }

    fn withdraw(&self) -> bool {
        self.fifths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |fifths| fifths.checked_sub(Self::RETRY))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        use Next::{Renew, Retry, Stop};
        use Outcome::{AuthRejected, Failed, NoAnswer, NotSent, Refused, Throttled, Unreadable};
        // outcome, Safe, Keyed, Never
        for (outcome, safe, keyed, never) in [
            (NotSent, Retry, Retry, Retry),
            (NoAnswer, Retry, Retry, Stop),
            (Unreadable, Stop, Stop, Stop),
            (Throttled, Retry, Retry, Retry),
            (Failed, Retry, Retry, Stop),
            (AuthRejected, Renew, Renew, Renew),
            (Refused, Stop, Stop, Stop),
        ] {
            assert_eq!(next(outcome, Replay::Safe), safe, "{outcome:?}");
            assert_eq!(next(outcome, Replay::Keyed), keyed, "{outcome:?}");
            assert_eq!(next(outcome, Replay::Never), never, "{outcome:?}");
        }
    }

    #[derive(Debug)]
    struct Whole;

    impl Jitter for Whole {
        fn pick(&self, max: Duration) -> Duration {
            max
        }
    }

    #[test]
    fn back_off_doubles_to_the_cap() {
        let policy = RetryPolicy::new().jitter(Whole);
        let waits: Vec<u128> = (1..=9).map(|attempt| policy.wait(attempt).as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]);
        assert_eq!(policy.wait(200), Duration::from_secs(20));
    }

    #[test]
    fn jitter_is_still_there_at_the_cap() {
        let policy = RetryPolicy::new();
        let waits: Vec<Duration> = (0..64).map(|_| policy.wait(40)).collect();
        assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(20)));
        assert!(waits.iter().min().unwrap() < &Duration::from_secs(10));
        assert!(waits.iter().max().unwrap() > &Duration::from_secs(10));
    }

    #[test]
    fn the_budget_allows_one_retry_for_five_calls() {
        let policy = RetryPolicy::new();
        let shared = policy.clone();
        assert_eq!((0..20).filter(|_| policy.take_retry()).count(), 10, "the reserve");
        for _ in 0..10 {
            shared.count_call();
        }
        assert_eq!((0..20).filter(|_| policy.take_retry()).count(), 2, "a fifth of ten calls");
    }
}
