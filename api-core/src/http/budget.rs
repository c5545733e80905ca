//! Slows down before a provider's limit and stops at it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a provider counts calls by: an app, a page, an ad account. `Display` gives `kind:id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BudgetKey {
    kind: &'static str,
    id: Arc<str>,
}

impl BudgetKey {
    /// Of this kind and id.
    pub fn new(kind: &'static str, id: impl Into<Arc<str>>) -> Self {
        Self { kind, id: id.into() }
    }

    /// The kind, such as `app`.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// The provider's id of what is counted.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for BudgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// How much of one limit is used, as told by the provider.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct UsageReading {
    /// Whose limit.
    pub key: BudgetKey,
    /// Percent used; 100 and above means no more calls.
    pub percent: f64,
    /// When calls are accepted again, counted from now.
    pub regain_after: Option<Duration>,
}

impl UsageReading {
    /// A reading without a regain time.
    pub const fn new(key: BudgetKey, percent: f64) -> Self {
        Self { key, percent, regain_after: None }
    }

    /// With the time until calls are accepted again.
    pub fn regain_after(mut self, after: Duration) -> Self {
        self.regain_after = Some(after);
        self
    }
}

/// How a [`RateBudget`] reacts to what it reads.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct PacePolicy {
    /// `(percent, spacing)`, ascending: from this use on, calls of the key are at least this far apart.
    pub steps: Vec<(f64, Duration)>,
    /// The stop at 100 percent when the provider names no time; it doubles while the key stays there.
    pub stop: Duration,
    /// The longest stop.
    pub max_stop: Duration,
    /// The first stop after a throttle that names no time; it doubles with every further one.
    pub throttle_stop: Duration,
    /// A reading older than this no longer counts.
    pub stale_after: Duration,
    /// How many keys are kept at most; the least used one goes.
    pub max_keys: usize,
}

impl Default for PacePolicy {
    /// 500 ms apart from 75 %, 5 s apart from 90 %; a stop of 5 minutes doubling to 60 minutes at 100 %;
    /// 1 s doubling after throttles without a time; readings count for 5 minutes; 10 000 keys.
    fn default() -> Self {
        Self {
            steps: vec![(75.0, Duration::from_millis(500)), (90.0, Duration::from_secs(5))],
            stop: Duration::from_secs(300),
            max_stop: Duration::from_secs(3600),
            throttle_stop: Duration::from_secs(1),
            stale_after: Duration::from_secs(300),
            max_keys: 10_000,
        }
    }
}

/// The state of one key, for dashboards.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsageState {
    /// Percent used, at the last reading.
    pub percent: f64,
    /// How long calls are still refused; zero when they are not.
    pub blocked_for: Duration,
}

/// Paces calls per key from the provider's own usage figures, and refuses them while a limit is reached.
///
/// Share one between the clients that use the same app.
#[derive(Debug, Default)]
pub struct RateBudget {
    policy: PacePolicy,
    limits: Mutex<HashMap<BudgetKey, Limit>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Limit {
    percent: f64,
    read_at: Duration,
    next_free: Duration,
    blocked_until: Duration,
    stops: u32,
    throttles: u32,
}

impl RateBudget {
    /// With this policy and nothing known.
    pub fn new(policy: PacePolicy) -> Self {
        Self { policy, limits: Mutex::default() }
    }

    /// What is known of `key` at the monotonic time `now`.
    pub fn usage(&self, key: &BudgetKey, now: Duration) -> Option<UsageState> {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.get(key).map(|limit| limit.state(now))
    }

    /// Everything that is known at the monotonic time `now`, ordered by key.
    pub fn snapshot(&self, now: Duration) -> Vec<(BudgetKey, UsageState)> {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = limits.iter().map(|(key, limit)| (key.clone(), limit.state(now))).collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    /// Reserves a place for `cost` calls and says how long to wait for it. A wait longer than `patience`
    /// reserves nothing and comes back as the error.
    pub(super) fn admit(
        &self,
        keys: &[BudgetKey],
        cost: u32,
        now: Duration,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if limits.is_empty() {
            return Ok(Duration::ZERO);
        }
        let known = |key: &&BudgetKey| limits.contains_key(*key);
        let relevant: Vec<&BudgetKey> = keys.iter().filter(known).collect();
        let start = relevant
            .iter()
            .filter_map(|key| limits.get(*key))
            .map(|limit| {
                limit.blocked_until.max(if self.spacing(limit, now).is_zero() {
                    now
                } else {
                    limit.next_free
                })
            })
            .fold(now, Duration::max);
        let wait = start.saturating_sub(now);
        if wait > patience {
            return Err(wait);
        }
        for key in relevant {
            if let Some(limit) = limits.get_mut(key) {
                let spacing = self.spacing(limit, now);
                limit.next_free = start.saturating_add(spacing.saturating_mul(cost.max(1)));
            }
        }
        Ok(wait)
    }

    /// Takes in the provider's figures.
    pub(super) fn read(&self, readings: &[UsageReading], now: Duration) {
        if readings.is_empty() {
            return;
        }
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        for reading in readings {
            // Nothing is kept for keys that are far from their limit and unknown.
            let notable = reading.percent >= self.policy.steps.first().map_or(100.0, |(percent, _)| *percent);
            if !notable && !limits.contains_key(&reading.key) {
                continue;
            }
            self.make_room(&mut limits, &reading.key, now);
            let limit = limits.entry(reading.key.clone()).or_default();
            limit.percent = reading.percent;
            limit.read_at = now;
            if reading.percent < 100.0 {
                limit.stops = 0;
            } else if let Some(after) = reading.regain_after.filter(|after| !after.is_zero()) {
                limit.blocked_until = limit.blocked_until.max(now.saturating_add(after));
            } else if limit.blocked_until <= now {
                let stop = doubled(self.policy.stop, limit.stops, self.policy.max_stop);
                limit.blocked_until = now.saturating_add(stop);
                limit.stops = limit.stops.saturating_add(1);
            }
        }
    }

    /// A call was throttled: the key is stopped for the provider's delay, or for a growing default.
    pub(super) fn throttled(&self, key: &BudgetKey, delay: Option<Duration>, now: Duration) {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        self.make_room(&mut limits, key, now);
        let limit = limits.entry(key.clone()).or_default();
        let stop = delay
            .unwrap_or_else(|| doubled(self.policy.throttle_stop, limit.throttles, self.policy.max_stop));
        limit.throttles = limit.throttles.saturating_add(1);
        limit.blocked_until = limit.blocked_until.max(now.saturating_add(stop));
        limit.read_at = now;
    }

    /// A call passed, so the next throttle starts small again.
    pub(super) fn passed(&self, keys: &[BudgetKey]) {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if limits.is_empty() {
            return;
        }
        for key in keys {
            if let Some(limit) = limits.get_mut(key) {
                limit.throttles = 0;
            }
        }
    }

    fn spacing(&self, limit: &Limit, now: Duration) -> Duration {
        if now.saturating_sub(limit.read_at) > self.policy.stale_after {
            return Duration::ZERO;
        }
        let reached = self.policy.steps.iter().rev().find(|(percent, _)| limit.percent >= *percent);
        reached.map_or(Duration::ZERO, |(_, spacing)| *spacing)
    }

    fn make_room(&self, limits: &mut HashMap<BudgetKey, Limit>, key: &BudgetKey, now: Duration) {
        if limits.len() < self.policy.max_keys || limits.contains_key(key) {
            return;
        }
        limits.retain(|_, limit| {
            limit.blocked_until > now || now.saturating_sub(limit.read_at) <= self.policy.stale_after
        });
        if limits.len() >= self.policy.max_keys {
            let oldest = limits.iter().min_by_key(|(_, limit)| (limit.blocked_until, limit.read_at));
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                limits.remove(&oldest);
            }
        }
    }
}

impl Limit {
    fn state(&self, now: Duration) -> UsageState {
        UsageState { percent: self.percent, blocked_for: self.blocked_until.saturating_sub(now) }
    }
}

fn doubled(base: Duration, times: u32, cap: Duration) -> Duration {
    base.saturating_mul(1u32.checked_shl(times).unwrap_or(u32::MAX)).min(cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const PATIENCE: Duration = Duration::from_secs(90);

    fn keys() -> [BudgetKey; 2] {
        [BudgetKey::new("app", "1"), BudgetKey::new("page", "2")]
    }

    fn budget(percent: f64) -> RateBudget {
        let budget = RateBudget::default();
        budget.read(&[UsageReading::new(BudgetKey::new("page", "2"), percent)], SECOND);
        budget
    }

    #[test]
    fn far_from_the_limit_nothing_waits() {
        let budget = budget(74.9);
        for _ in 0..100 {
            assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Ok(Duration::ZERO));
        }
        assert_eq!(budget.usage(&keys()[1], SECOND), None);
    }

    #[test]
    fn near_the_limit_calls_are_spread() {
        for (percent, spacing) in [(75.0, SECOND / 2), (89.9, SECOND / 2), (90.0, 5 * SECOND)] {
            let budget = budget(percent);
            let waits: Vec<_> = (0..3).map(|_| budget.admit(&keys(), 1, SECOND, PATIENCE).unwrap()).collect();
            assert_eq!(waits, [Duration::ZERO, spacing, 2 * spacing], "{percent}");
            assert_eq!(budget.admit(&keys()[..1], 1, SECOND, PATIENCE), Ok(Duration::ZERO), "another key");
        }
    }

    #[test]
    fn a_batch_takes_the_place_of_its_parts() {
        let budget = budget(80.0);
        assert_eq!(budget.admit(&keys(), 50, SECOND, PATIENCE), Ok(Duration::ZERO));
        assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Ok(25 * SECOND));
    }

    #[test]
    fn a_reading_goes_stale() {
        let budget = budget(95.0);
        assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Ok(Duration::ZERO));
        assert_eq!(budget.admit(&keys(), 1, 302 * SECOND, PATIENCE), Ok(Duration::ZERO));
        assert_eq!(budget.admit(&keys(), 1, 302 * SECOND, PATIENCE), Ok(Duration::ZERO));
    }

    #[test]
    fn at_the_limit_the_provider_names_the_time() {
        let budget = RateBudget::default();
        let key = keys()[1].clone();
        budget.read(&[UsageReading::new(key.clone(), 100.0).regain_after(60 * SECOND)], SECOND);
        assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Ok(60 * SECOND));
        assert_eq!(budget.admit(&keys(), 1, SECOND, 59 * SECOND), Err(65 * SECOND), "behind the first");
        assert_eq!(budget.usage(&key, 2 * SECOND).unwrap().blocked_for, 59 * SECOND);
    }

    #[test]
    fn without_a_time_the_stop_doubles() {
        let budget = budget(100.0);
        assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Err(300 * SECOND));
        let later = 301 * SECOND;
        budget.read(&[UsageReading::new(keys()[1].clone(), 120.0)], later);
        assert_eq!(budget.admit(&keys(), 1, later, PATIENCE), Err(600 * SECOND));
        budget.read(&[UsageReading::new(keys()[1].clone(), 10.0)], later + 600 * SECOND);
        assert_eq!(budget.admit(&keys(), 1, later + 600 * SECOND, PATIENCE), Ok(Duration::ZERO));
    }

    #[test]
    fn throttles_stop_the_key() {
        let budget = RateBudget::default();
        let key = &keys()[1];
        budget.throttled(key, Some(10 * SECOND), SECOND);
        assert_eq!(budget.admit(&keys(), 1, SECOND, PATIENCE), Ok(10 * SECOND));
        for wait in [1, 2, 4] {
            let budget_now = 1000 * SECOND * wait;
            budget.throttled(&BudgetKey::new("page", "3"), None, budget_now);
            let page = [BudgetKey::new("page", "3")];
            assert_eq!(budget.admit(&page, 1, budget_now, PATIENCE), Ok(SECOND * wait));
        }
        budget.passed(&[BudgetKey::new("page", "3")]);
        budget.throttled(&BudgetKey::new("page", "3"), None, 9000 * SECOND);
        assert_eq!(budget.admit(&[BudgetKey::new("page", "3")], 1, 9000 * SECOND, PATIENCE), Ok(SECOND));
    }

    #[test]
    fn memory_is_bounded() {
        let budget = RateBudget::new(PacePolicy { max_keys: 3, ..PacePolicy::default() });
        for page in 0u32..50 {
            let key = BudgetKey::new("page", page.to_string());
            budget.read(&[UsageReading::new(key, 80.0)], SECOND * page);
        }
        assert_eq!(budget.snapshot(50 * SECOND).len(), 3);
        assert!(budget.usage(&BudgetKey::new("page", "49"), 50 * SECOND).is_some());
    }
}
