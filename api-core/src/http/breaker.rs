//! Stops calling a provider that keeps failing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::budget::BudgetKey;

/// When a [`Breaker`] opens and for how long.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerPolicy {
    /// The share of failed calls that opens it, from 0 to 1.
    pub failure_ratio: f64,
    /// The number of calls in the window before the ratio counts.
    pub min_calls: u32,
    /// The length of the sliding window.
    pub window: Duration,
    /// How long it stays open the first time; it doubles with every failed probe.
    pub open_for: Duration,
    /// The longest time it stays open before a probe.
    pub max_open_for: Duration,
}

impl BreakerPolicy {
    /// Opens at half of at least 20 calls in 30 s, for 30 s doubling to 5 minutes.
    pub const DEFAULT: Self = Self {
        failure_ratio: 0.5,
        min_calls: 20,
        window: Duration::from_secs(30),
        open_for: Duration::from_secs(30),
        max_open_for: Duration::from_secs(300),
    };
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The state of a [`Breaker`] for one key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls pass.
    Closed,
    /// Calls are refused without being sent.
    Open,
    /// One call is on its way to find out whether the provider recovered.
    HalfOpen,
}

impl BreakerState {
    /// Lower-case name for spans and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// A circuit breaker per key (the provider app). Server failures and broken connections count; throttles
/// and refusals do not: a provider that answers is not down.
#[derive(Debug)]
pub struct Breaker {
    policy: BreakerPolicy,
    circuits: Mutex<HashMap<BudgetKey, Circuit>>,
}

const SLICES: usize = 10;

#[derive(Debug, Default)]
struct Circuit {
    slices: [Slice; SLICES],
    open_until: Option<Duration>,
    trips: u32,
    probing: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    number: u128,
    calls: u32,
    failures: u32,
}

/// What the breaker says to a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Send it.
    Pass,
    /// Send it as the probe.
    Probe,
    /// Do not send it; the next probe is this far away.
    Refused(Duration),
}

impl Breaker {
    /// With this policy, all circuits closed.
    pub fn new(policy: BreakerPolicy) -> Self {
        Self { policy, circuits: Mutex::default() }
    }

    /// The state for `key` at the monotonic time `now`.
    pub fn state(&self, key: &BudgetKey, now: Duration) -> BreakerState {
        let circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        match circuits.get(key) {
            Some(circuit) if circuit.probing => BreakerState::HalfOpen,
            Some(Circuit { open_until: Some(until), .. }) if *until > now => BreakerState::Open,
            Some(Circuit { open_until: Some(_), .. }) => BreakerState::HalfOpen,
            _ => BreakerState::Closed,
        }
    }

    pub(super) fn admit(&self, key: &BudgetKey, now: Duration) -> Admission {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(circuit) = circuits.get_mut(key) else { return Admission::Pass };
        let Some(until) = circuit.open_until else { return Admission::Pass };
        if until > now {
            return Admission::Refused(until.saturating_sub(now));
        }
        if circuit.probing {
            return Admission::Refused(self.policy.open_for);
        }
        circuit.probing = true;
        Admission::Probe
    }

    /// Tells how a call ended; gives the new state when it changed.
    pub(super) fn record(
        &self,
        key: &BudgetKey,
        failed: bool,
        probe: bool,
        now: Duration,
    ) -> Option<BreakerState> {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        let circuit = match circuits.get_mut(key) {
            Some(circuit) => circuit,
            None => circuits.entry(key.clone()).or_default(),
        };
        if probe {
            circuit.probing = false;
            return Some(if failed { self.open(circuit, now) } else { Self::close(circuit) });
        }
        circuit.count(failed, now, self.policy.window);
        if circuit.open_until.is_some() || !failed {
            return None;
        }
        let (calls, failures) = circuit.totals(now, self.policy.window);
        let ratio = f64::from(failures) / f64::from(calls.max(1));
        (calls >= self.policy.min_calls && ratio >= self.policy.failure_ratio)
            .then(|| self.open(circuit, now))
    }

    /// The probe ended without an answer about the provider's health (dropped, throttled, refused locally).
    pub(super) fn release_probe(&self, key: &BudgetKey) {
        let mut circuits = self.circuits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(circuit) = circuits.get_mut(key) {
            circuit.probing = false;
        }
    }

    fn open(&self, circuit: &mut Circuit, now: Duration) -> BreakerState {
        let factor = 1u32.checked_shl(circuit.trips).unwrap_or(u32::MAX);
        let open_for = self.policy.open_for.saturating_mul(factor).min(self.policy.max_open_for);
        circuit.open_until = Some(now.saturating_add(open_for));
        circuit.trips = circuit.trips.saturating_add(1);
        BreakerState::Open
    }

    fn close(circuit: &mut Circuit) -> BreakerState {
        *circuit = Circuit::default();
        BreakerState::Closed
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self::new(BreakerPolicy::DEFAULT)
    }
}

impl Circuit {
    fn slice_number(now: Duration, window: Duration) -> u128 {
        now.as_nanos() / (window.as_nanos() / SLICES as u128).max(1)
    }

    fn count(&mut self, failed: bool, now: Duration, window: Duration) {
        let number = Self::slice_number(now, window);
        let index = usize::try_from(number % SLICES as u128).unwrap_or(0);
        let Some(slice) = self.slices.get_mut(index) else { return };
        if slice.number != number {
            *slice = Slice { number, calls: 0, failures: 0 };
        }
        slice.calls = slice.calls.saturating_add(1);
        slice.failures = slice.failures.saturating_add(u32::from(failed));
    }

    fn totals(&self, now: Duration, window: Duration) -> (u32, u32) {
        let newest = Self::slice_number(now, window);
        self.slices
            .iter()
            .filter(|slice| newest.saturating_sub(slice.number) < SLICES as u128)
            .fold((0, 0), |(calls, failures), slice| (calls + slice.calls, failures + slice.failures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn key() -> BudgetKey {
        BudgetKey::new("app", "1")
    }

    fn tripped() -> Breaker {
        let breaker = Breaker::default();
        let states: Vec<_> = (0..20).map(|_| breaker.record(&key(), true, false, SECOND)).collect();
        assert!(states[..19].iter().all(Option::is_none));
        assert_eq!(states[19], Some(BreakerState::Open));
        breaker
    }

    #[test]
    fn opens_at_half_of_twenty_calls() {
        let breaker = Breaker::default();
        for _ in 0..20 {
            assert_eq!(breaker.record(&key(), false, false, SECOND), None);
        }
        for _ in 0..19 {
            assert_eq!(breaker.record(&key(), true, false, SECOND), None);
        }
        assert_eq!(breaker.record(&key(), true, false, SECOND), Some(BreakerState::Open));
        assert_eq!(breaker.admit(&key(), SECOND), Admission::Refused(30 * SECOND));
        assert_eq!(breaker.admit(&BudgetKey::new("app", "2"), SECOND), Admission::Pass);
    }

    #[test]
    fn failures_outside_the_window_do_not_count() {
        let breaker = Breaker::default();
        for second in 0..200 {
            assert_eq!(
                breaker.record(&key(), true, false, SECOND * 2 * second),
                None,
                "15 calls in any 30 s"
            );
        }
    }

    #[test]
    fn one_probe_decides() {
        let breaker = tripped();
        assert_eq!(breaker.state(&key(), SECOND), BreakerState::Open);
        let later = 31 * SECOND;
        assert_eq!(breaker.admit(&key(), later), Admission::Probe);
        assert!(matches!(breaker.admit(&key(), later), Admission::Refused(_)), "only one");
        assert_eq!(breaker.record(&key(), true, true, later), Some(BreakerState::Open));
        assert_eq!(breaker.admit(&key(), later), Admission::Refused(60 * SECOND), "twice as long");
        let recovered = later + 60 * SECOND;
        assert_eq!(breaker.admit(&key(), recovered), Admission::Probe);
        assert_eq!(breaker.record(&key(), false, true, recovered), Some(BreakerState::Closed));
        assert_eq!(breaker.admit(&key(), recovered), Admission::Pass);
    }

    #[test]
    fn a_dropped_probe_frees_its_place() {
        let breaker = tripped();
        assert_eq!(breaker.admit(&key(), 31 * SECOND), Admission::Probe);
        breaker.release_probe(&key());
        assert_eq!(breaker.admit(&key(), 31 * SECOND), Admission::Probe);
    }
}
