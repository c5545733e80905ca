//! From one time to another, as LinkedIn writes it: a record of milliseconds.

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp};

use crate::guard::rules;
use crate::lenient;
use crate::restli::RestliValue;

/// From one time on to another; either may be open. LinkedIn counts the start in and the end out.
///
/// ```
/// use sociogram_api_core::Timestamp;
/// use sociogram_linkedin_api::TimeRange;
/// use sociogram_linkedin_api::restli::RestliValue;
///
/// let [start, end] = [1_634_018_799, 1_634_623_599].map(Timestamp::from_unix_seconds);
/// assert_eq!(RestliValue::from(&TimeRange::new(start, end)).encode(), "(end:1634623599000,start:1634018799000)");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
pub struct TimeRange {
    #[serde(default, deserialize_with = "lenient::millis")]
    start: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::millis")]
    end: Option<Timestamp>,
}

impl TimeRange {
    /// From one time to another.
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start: Some(start), end: Some(end) }
    }

    /// From a time on.
    pub const fn since(start: Timestamp) -> Self {
        Self { start: Some(start), end: None }
    }

    /// When it begins.
    pub const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    /// When it ends.
    pub const fn end(&self) -> Option<Timestamp> {
        self.end
    }

    pub(crate) fn check(&self, field: &'static str) -> Option<Finding> {
        let (start, end) = (self.start?, self.end?);
        (end <= start).then(|| rules::RANGE_ORDER.finding(field).measured(format_args!("{start} to {end}")))
    }
}

impl From<&TimeRange> for RestliValue {
    fn from(range: &TimeRange) -> Self {
        let ends = [("start", range.start), ("end", range.end)];
        Self::record(ends.into_iter().filter_map(|(name, time)| Some((name, Self::from(time?)))))
    }
}
