//! Filters and ranges of days.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sociogram_api_core::{Finding, open_enum};

open_enum! {
    /// How a field is compared.
    pub enum FilterOperator {
        /// The same.
        Equal = "EQUAL",
        /// Not the same.
        NotEqual = "NOT_EQUAL",
        /// More.
        GreaterThan = "GREATER_THAN",
        /// As much or more.
        GreaterThanOrEqual = "GREATER_THAN_OR_EQUAL",
        /// Less.
        LessThan = "LESS_THAN",
        /// As much or less.
        LessThanOrEqual = "LESS_THAN_OR_EQUAL",
        /// Between two values.
        InRange = "IN_RANGE",
        /// Outside two values.
        NotInRange = "NOT_IN_RANGE",
        /// Has this text in it.
        Contain = "CONTAIN",
        /// Does not have this text in it.
        NotContain = "NOT_CONTAIN",
        /// One of a list.
        In = "IN",
        /// None of a list.
        NotIn = "NOT_IN",
        /// Begins with this text.
        StartsWith = "STARTS_WITH",
        /// A list has any of these.
        Any = "ANY",
        /// A list has all of these.
        All = "ALL",
        /// A list has none of these.
        None = "NONE",
    }
}

/// Which objects or rows are wanted.
///
/// ```
/// use sociogram_meta_graph::ads::{Filter, FilterOperator};
///
/// let delivered = Filter::new("impressions", FilterOperator::GreaterThan, 0);
/// let running = Filter::new("campaign.effective_status", FilterOperator::In, vec!["ACTIVE"]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Filter {
    field: String,
    operator: FilterOperator,
    value: Value,
}

impl Filter {
    /// Compares a field (`spend`, `ad.name`) with a value: text, a number or a list.
    pub fn new(field: impl Into<String>, operator: FilterOperator, value: impl Into<Value>) -> Self {
        Self { field: field.into(), operator, value: value.into() }
    }
}

/// From one day to another, both included, in the ad account's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeRange {
    since: String,
    until: String,
}

impl TimeRange {
    /// Both days as `YYYY-MM-DD`.
    pub fn new(since: impl Into<String>, until: impl Into<String>) -> Self {
        Self { since: since.into(), until: until.into() }
    }

    pub(crate) fn check(&self, field: &'static str) -> Option<Finding> {
        if !is_day(&self.since) || !is_day(&self.until) {
            return Some(
                Finding::error("ads.time_range.day", field, "not a day")
                    .allowed("YYYY-MM-DD")
                    .advice("write both days as 2026-01-31"),
            );
        }
        (self.until < self.since).then(|| {
            Finding::error("ads.time_range.order", field, "the range ends before it begins")
                .advice("exchange the two days")
        })
    }
}

/// Whether it has the form of a day.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_two_days_in_their_order() {
        for (since, until, rule) in [
            ("2026-01-01", "2026-01-31", None),
            ("2026-01-31", "2026-01-31", None),
            ("2026-02-01", "2026-01-31", Some("ads.time_range.order")),
            ("2026-1-1", "2026-01-31", Some("ads.time_range.day")),
            ("1767225600", "2026-01-31", Some("ads.time_range.day")),
            ("2026-01-01", "", Some("ads.time_range.day")),
        ] {
            let finding = TimeRange::new(since, until).check("time_range");
            assert_eq!(finding.as_ref().map(Finding::rule), rule, "{since} {until}");
        }
    }

    #[test]
    fn a_filter_keeps_the_kind_of_its_value() {
        let filters = [
            Filter::new("spend", FilterOperator::GreaterThan, 5),
            Filter::new("ad.name", FilterOperator::Contain, "x"),
            Filter::new("ad.id", FilterOperator::In, vec!["1", "2"]),
            Filter::new("x", FilterOperator::from("NEW"), true),
        ];
        assert_eq!(
            serde_json::to_string(&filters).unwrap(),
            r#"[{"field":"spend","operator":"GREATER_THAN","value":5},{"field":"ad.name","operator":"CONTAIN","value":"x"},{"field":"ad.id","operator":"IN","value":["1","2"]},{"field":"x","operator":"NEW","value":true}]"#
        );
    }
}
