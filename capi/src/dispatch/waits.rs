//! How long to wait after trouble.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sociogram_api_core::ErrorKind;

/// The shortest wait after trouble, whatever chance says.
const SHORTEST: Duration = Duration::from_millis(100);
/// The longest wait that a platform can ask for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Chooses how much of a back-off is waited.
pub(super) type Jitter = fn(Duration) -> Duration;

/// Any duration from zero to the whole: what failed together does not come back together.
pub(super) fn full_jitter(most: Duration) -> Duration {
    let mut random = [0; 4];
    // Without randomness the whole back-off is waited, which is safe.
    if getrandom::fill(&mut random).is_err() {
        return most;
    }
    most.mul_f64(f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX))
}

/// What is waited after trouble.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    /// The back-off after the first failure, twice as long after each further one...
    pub(super) base: Duration,
    /// ...up to this.
    pub(super) cap: Duration,
    /// For what a person has to put right.
    pub(super) person: Duration,
    pub(super) jitter: Jitter,
}

impl Waits {
    /// After this many failures in a row.
    pub(super) fn back_off(&self, failures: u32) -> Duration {
        let doubled =
            self.base.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
        (self.jitter)(doubled.min(self.cap)).max(SHORTEST)
    }

    /// After a request that was not processed.
    pub(super) fn after(&self, kind: ErrorKind, told: Option<Duration>, failures: u32) -> Duration {
        let told = told.map(|told| told.min(LONGEST));
        match kind {
            ErrorKind::Throttled => told.unwrap_or_else(|| self.back_off(failures)),
            ErrorKind::Connect
            | ErrorKind::InDoubt
            | ErrorKind::Server
            | ErrorKind::Decode
            | ErrorKind::CircuitOpen
            | ErrorKind::Cancelled
            | ErrorKind::Unavailable => self.back_off(failures).max(told.unwrap_or_default()),
            _ => self.person.max(told.unwrap_or_default()),
        }
    }
}

/// Failures of the store, across all batches: while it is in trouble nothing more is claimed.
#[derive(Debug, Default)]
pub(super) struct StoreTrouble(Mutex<(u32, Duration)>);

impl StoreTrouble {
    /// It failed. Gives how long to leave it alone.
    pub(super) fn failed(&self, waits: &Waits, now: Duration) -> Duration {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.saturating_add(1);
        let wait = waits.back_off(state.0);
        state.1 = state.1.max(now.saturating_add(wait));
        wait
    }

    /// It did what it was asked.
    pub(super) fn well(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (0, Duration::ZERO);
    }

    /// How long to leave it alone yet.
    pub(super) fn left(&self, now: Duration) -> Option<Duration> {
        let (_, until) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.checked_sub(now).filter(|left| !left.is_zero())
    }
}
