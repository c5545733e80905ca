//! What is known of Meta's limits, for dashboards.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use sociogram_api_core::http::{BudgetKey, RateBudget};
use sociogram_api_core::{Timer, Timestamp};

use super::{AccessTier, Reading};

/// How many limits are remembered at most; the one read longest ago goes.
const MAX_KEYS: usize = 10_000;

/// What Meta told of its limits so far, at one moment.
///
/// It holds what this client and its clones read, and what is held back in the budget they share with others.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UsageSnapshot {
    /// The moment.
    pub at: Timestamp,
    /// One entry for each limit, ordered by kind and id.
    pub limits: Vec<LimitUsage>,
}

/// How much of one limit is used.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitUsage {
    /// What it counts: `app`, `user`, `ad_account`, `app_insights`, or a use case such as `pages`
    /// ([`UseCase::as_str`](crate::UseCase::as_str)).
    pub kind: &'static str,
    /// Whose limit it is.
    pub id: String,
    /// Percent used, at the last reading; 0 if there was a refusal and no reading.
    pub percent: f64,
    /// What the client does about it.
    pub level: UsageLevel,
    /// Until when calls are held back; `None` if they are not.
    pub held_until: Option<Timestamp>,
    /// When this client last read it; `None` if another one did.
    pub read_at: Option<Timestamp>,
    /// The access tier of the app, for limits of ads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_tier: Option<AccessTier>,
}

/// How close a limit is.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageLevel {
    /// Below 50 %.
    Low,
    /// From 50 %: it is logged.
    Notable,
    /// From 75 %: calls are spread. Put off what can wait.
    High,
    /// From 90 %: calls are spread far. Send only what is essential.
    Critical,
    /// From 100 %, or after a refusal: nothing is sent until `held_until`.
    Stopped,
}

impl UsageLevel {
    /// The level of this percentage.
    pub fn of(percent: f64) -> Self {
        match percent {
            _ if percent >= 100.0 => Self::Stopped,
            _ if percent >= 90.0 => Self::Critical,
            _ if percent >= 75.0 => Self::High,
            _ if percent >= 50.0 => Self::Notable,
            _ => Self::Low,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Notable => "notable",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Stopped => "stopped",
        }
    }
}

/// Remembers the last reading of each limit. The rate budget forgets those that are far from their end.
#[derive(Debug)]
pub(crate) struct UsageLedger {
    seen: Mutex<HashMap<BudgetKey, Seen>>,
    timer: Arc<dyn Timer>,
}

#[derive(Clone, Debug)]
struct Seen {
    percent: f64,
    tier: Option<AccessTier>,
    at: Timestamp,
}

impl UsageLedger {
    pub(crate) fn new(timer: Arc<dyn Timer>) -> Self {
        Self { seen: Mutex::default(), timer }
    }

    /// Takes in the readings of one answer, and logs each limit that comes to another level.
    pub(crate) fn record(&self, readings: &[Reading]) {
        if readings.is_empty() {
            return;
        }
        let at = self.timer.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for Reading { usage, tier } in readings {
            make_room(&mut seen, &usage.key);
            let new = Seen { percent: usage.percent, tier: tier.clone(), at };
            let old = seen.insert(usage.key.clone(), new);
            let before = old.map_or(UsageLevel::Low, |old| UsageLevel::of(old.percent));
            let level = UsageLevel::of(usage.percent);
            if level != before {
                tracing::info!(
                    target: "sociogram_meta_graph::usage",
                    key = %usage.key,
                    percent = usage.percent,
                    level = level.as_str(),
                    "the use of a limit has come to another level",
                );
            }
        }
    }

    pub(crate) fn snapshot(&self, budget: &RateBudget) -> UsageSnapshot {
        let at = self.timer.now();
        let held = budget.snapshot(self.timer.monotonic());
        let mut limits: HashMap<BudgetKey, LimitUsage> = {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.iter().map(|(key, seen)| (key.clone(), LimitUsage::read(key, seen))).collect()
        };
        for (key, state) in held {
            let limit = limits.entry(key.clone()).or_insert_with(|| LimitUsage::unread(&key));
            // Another client that shares the budget may have read it later; a refusal alone reads nothing.
            if state.percent > 0.0 {
                limit.percent = state.percent;
                limit.level = UsageLevel::of(state.percent);
            }
            if !state.blocked_for.is_zero() {
                limit.held_until = Some(at.saturating_add(state.blocked_for));
                limit.level = UsageLevel::Stopped;
            }
        }
        let mut limits: Vec<LimitUsage> = limits.into_values().collect();
        limits.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
        UsageSnapshot { at, limits }
    }
}

impl LimitUsage {
    fn read(key: &BudgetKey, seen: &Seen) -> Self {
        Self {
            percent: seen.percent,
            level: UsageLevel::of(seen.percent),
            read_at: Some(seen.at),
            access_tier: seen.tier.clone(),
            ..Self::unread(key)
        }
    }

    fn unread(key: &BudgetKey) -> Self {
        Self {
            kind: key.kind(),
            id: key.id().to_owned(),
            percent: 0.0,
            level: UsageLevel::Low,
            held_until: None,
            read_at: None,
            access_tier: None,
        }
    }
}

fn make_room(seen: &mut HashMap<BudgetKey, Seen>, key: &BudgetKey) {
    if seen.len() < MAX_KEYS || seen.contains_key(key) {
        return;
    }
    let oldest = seen.iter().min_by_key(|(_, seen)| seen.at).map(|(key, _)| key.clone());
    if let Some(oldest) = oldest {
        seen.remove(&oldest);
    }
}

#[cfg(test)]
mod tests;
