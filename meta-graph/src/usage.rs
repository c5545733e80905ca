//! The usage headers: how much of Meta's limits is used (Graph API: Rate Limits, Headers).

use std::time::Duration;

use http::HeaderMap;
use serde_json::{Map, Value};
use sociogram_api_core::http::{BudgetKey, UsageReading};
use sociogram_api_core::open_enum;

use crate::lenient::{amount_of, int_of, text_of};
use crate::limits::{Limits, object_id};
use crate::use_case::UseCase;

mod ledger;

pub(crate) use ledger::UsageLedger;
pub use ledger::{LimitUsage, UsageLevel, UsageSnapshot};

open_enum! {
    /// How much of the Marketing API an app may use, as the usage headers of ads tell (Marketing API: Rate
    /// Limiting).
    pub enum AccessTier {
        /// Limited access: the small limits of an app without review.
        Development = "development_access",
        /// Full access.
        Standard = "standard_access",
    }
}

/// One figure of a usage header.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) usage: UsageReading,
    pub(crate) tier: Option<AccessTier>,
}

impl Reading {
    fn new(key: &BudgetKey, percent: f64, entry: &Map<String, Value>) -> Self {
        let tier = entry.get("ads_api_access_tier").and_then(text_of);
        let tier = tier.map(|tier| AccessTier::from(tier.as_str()));
        Self { usage: UsageReading::new(key.clone(), percent), tier }
    }

    fn regain_after(mut self, after: Option<Duration>) -> Self {
        self.usage.regain_after = after;
        self
    }

    /// Two headers may tell of one limit; the worse figure stands.
    fn merge(&mut self, other: Self) {
        self.usage.percent = self.usage.percent.max(other.usage.percent);
        self.usage.regain_after = self.usage.regain_after.max(other.usage.regain_after);
        self.tier = self.tier.take().or(other.tier);
    }
}

/// Calls and times of the app, in percent.
const APP: &str = "x-app-usage";
/// The same of a Page; legacy, still sent.
const PAGE: &str = "x-page-usage";
/// The score of an ad account.
const AD_ACCOUNT: &str = "x-ad-account-usage";
/// What insights of ads use, for the app and for the ad account.
const INSIGHTS: &str = "x-fb-ads-insights-throttle";
/// All business use cases the call counted against; the docs also shorten the name.
const USE_CASES: [&str; 2] = ["x-business-use-case-usage", "x-business-use-case"];

/// Reads all usage headers of an answer: one reading for each limit. A header that cannot be read is left out.
pub(crate) fn readings(headers: &HeaderMap, limits: &Limits) -> Vec<Reading> {
    let mut found: Vec<Reading> = Vec::new();
    for reading in all(headers, limits) {
        match found.iter_mut().find(|known| known.usage.key == reading.usage.key) {
            Some(known) => known.merge(reading),
            None => found.push(reading),
        }
    }
    found
}

fn all(headers: &HeaderMap, limits: &Limits) -> Vec<Reading> {
    let mut found = Vec::new();
    if let Some(app) = object(headers, APP) {
        found.extend(busiest(&app).map(|percent| Reading::new(&limits.app, percent, &app)));
    }
    if let (Some(page), Some(key)) = (object(headers, PAGE), &limits.object) {
        found.extend(busiest(&page).map(|percent| Reading::new(key, percent, &page)));
    }
    if let (Some(account), Some(key)) = (object(headers, AD_ACCOUNT), &limits.ad_account) {
        found.extend(ad_account(&account, key));
    }
    if let (Some(insights), Some(app)) = (object(headers, INSIGHTS), &limits.app_insights) {
        let percent = |name| insights.get(name).and_then(amount_of);
        found.extend(percent("app_id_util_pct").map(|percent| Reading::new(app, percent, &insights)));
        let account = limits.object.as_ref().zip(percent("acc_id_util_pct"));
        found.extend(account.map(|(key, percent)| Reading::new(key, percent, &insights)));
    }
    for name in USE_CASES {
        if let Some(objects) = object(headers, name) {
            for (id, entries) in &objects {
                let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
                found.extend(entries.iter().filter_map(|entry| use_case(object_id(id), entry)));
            }
        }
    }
    found
}

fn object(headers: &HeaderMap, name: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
}

/// The largest of the percentages; one of them at 100 is enough to be throttled.
fn busiest(usage: &Map<String, Value>) -> Option<f64> {
    ["call_count", "total_time", "total_cputime"]
        .iter()
        .filter_map(|name| amount_of(usage.get(*name)?))
        .reduce(f64::max)
}

fn ad_account(usage: &Map<String, Value>, key: &BudgetKey) -> Option<Reading> {
    let percent = amount_of(usage.get("acc_id_util_pct")?)?;
    // Seconds until the score decays; sent all the time, so it means a stop only at the limit.
    let reset = usage.get("reset_time_duration").and_then(amount_of).filter(|_| percent >= 100.0);
    let reset = reset.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Some(Reading::new(key, percent, usage).regain_after(reset))
}

fn use_case(id: &str, entry: &Value) -> Option<Reading> {
    let entry = entry.as_object()?;
    let name = entry.get("type").and_then(text_of).unwrap_or_default();
    let key = match UseCase::from_header(&name) {
        UseCase::Other => BudgetKey::new(UseCase::Other.as_str(), format!("{name}/{id}")),
        known => BudgetKey::new(known.as_str(), id),
    };
    // Minutes, unlike the ad account's reset time.
    let minutes =
        entry.get("estimated_time_to_regain_access").and_then(int_of).filter(|minutes| *minutes > 0);
    let percent = busiest(entry).unwrap_or_default();
    let regain = minutes.and_then(|minutes| u64::try_from(minutes).ok());
    let regain = regain.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    // A time to regain access means that there is none now, whatever the percentages say.
    let percent = if regain.is_some() { percent.max(100.0) } else { percent };
    Some(Reading::new(&key, percent, entry).regain_after(regain))
}

#[cfg(test)]
mod tests;
