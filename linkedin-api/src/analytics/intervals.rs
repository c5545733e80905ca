//! Figures over time: the range and its steps.

use std::time::Duration;

use sociogram_api_core::{Finding, Timestamp, open_enum};

use crate::guard::rules;
use crate::restli::{RestliValue, restli_words};
use crate::time_range::TimeRange;

open_enum! {
    /// The steps of figures over time, in UTC.
    pub enum TimeGranularity {
        /// One element for each day.
        Day = "DAY",
        /// One element for each week. Followers only.
        Week = "WEEK",
        /// One element for each month.
        Month = "MONTH",
    }
}

restli_words!(TimeGranularity);

/// A range of time in steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeIntervals {
    granularity: TimeGranularity,
    range: TimeRange,
}

impl TimeIntervals {
    /// From one time to another.
    pub const fn new(granularity: TimeGranularity, start: Timestamp, end: Timestamp) -> Self {
        Self::of(granularity, TimeRange::new(start, end))
    }

    /// Of a range.
    pub const fn of(granularity: TimeGranularity, range: TimeRange) -> Self {
        Self { granularity, range }
    }

    /// What can be told without knowing the time.
    pub(super) fn check(&self, steps: &[TimeGranularity]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.range.check(FIELD).into_iter().collect();
        if !steps.contains(&self.granularity) {
            findings.push(rules::STEPS.finding(FIELD).measured(&self.granularity));
        }
        if let (Some(start), Some(end)) = (self.range.start(), self.range.end())
            && end.saturating_duration_since(start) > days(rules::STATISTICS_DAYS)
        {
            findings.push(rules::RANGE_LONG.finding(FIELD).measured(format_args!("{start} to {end}")));
        }
        findings
    }

    /// What follows from the time. `lag` is how long it takes until figures are there.
    pub(super) fn check_at(&self, now: Timestamp, lag: Option<Duration>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(start) = self.range.start()
            && start < now.saturating_sub(days(rules::STATISTICS_DAYS))
        {
            findings.push(rules::RANGE_OLD.finding(FIELD).measured(start));
        }
        if let (Some(end), Some(lag)) = (self.range.end(), lag)
            && end > now.saturating_sub(lag)
        {
            findings.push(rules::RANGE_FRESH.finding(FIELD).measured(end));
        }
        findings
    }
}

const FIELD: &str = "timeIntervals";

pub(super) fn days(days: i64) -> Duration {
    Duration::from_secs(u64::try_from(days).unwrap_or_default() * 86_400)
}

impl From<&TimeIntervals> for RestliValue {
    fn from(intervals: &TimeIntervals) -> Self {
        Self::record([
            ("timeRange", Self::from(&intervals.range)),
            ("timeGranularityType", Self::from(&intervals.granularity)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[TimeGranularity] = &[TimeGranularity::Day, TimeGranularity::Week, TimeGranularity::Month];

    fn at(day: i64) -> Timestamp {
        Timestamp::from_unix_seconds(1_767_225_600 + day * 86_400)
    }

    fn found(findings: &[Finding]) -> Vec<&'static str> {
        findings.iter().map(Finding::rule).collect()
    }

    #[test]
    fn a_range_is_written_as_a_record() {
        let week = TimeIntervals::new(
            TimeGranularity::Day,
            Timestamp::from_unix_millis(1_634_018_799_000),
            Timestamp::from_unix_millis(1_634_623_599_000),
        );
        assert_eq!(
            RestliValue::from(&week).encode(),
            "(timeGranularityType:DAY,timeRange:(end:1634623599000,start:1634018799000))"
        );
    }

    #[test]
    fn what_linkedin_does_not_keep_is_told() {
        let of = |start, end| TimeIntervals::new(TimeGranularity::Week, at(start), at(end));
        assert_eq!(found(&of(0, 366).check(ALL)), [""; 0]);
        assert_eq!(found(&of(0, 367).check(ALL)), ["linkedin.analytics.range_long"]);
        assert_eq!(found(&of(1, 1).check(ALL)), ["linkedin.analytics.range_order"]);
        assert_eq!(found(&of(0, 7).check(&[TimeGranularity::Day])), ["linkedin.analytics.steps"]);
        let lag = Some(days(rules::FOLLOWER_LAG_DAYS));
        assert_eq!(found(&of(0, 364).check_at(at(366), lag)), [""; 0]);
        assert_eq!(
            found(&of(0, 366).check_at(at(367), lag)),
            ["linkedin.analytics.range_old", "linkedin.analytics.range_fresh"]
        );
        assert_eq!(found(&of(1, 367).check_at(at(367), None)), [""; 0]);
    }
}
