//! Days of the calendar, as LinkedIn's statistics name them: records of year, month and day.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp};

use crate::guard::rules;
use crate::lenient;
use crate::restli::RestliValue;

/// A day of the calendar, years 1 to 9999. LinkedIn counts days in UTC.
///
/// ```
/// use sociogram_linkedin_api::Date;
///
/// let day = Date::new(2026, 2, 28).unwrap();
/// assert_eq!(day.to_string(), "2026-02-28");
/// assert_eq!("2026-02-28".parse(), Ok(day));
/// assert!(Date::new(2026, 2, 29).is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Date(civil::Date);

#[derive(Serialize, Deserialize)]
struct Wire {
    year: i16,
    month: i8,
    day: i8,
}

impl Date {
    /// A year, a month from 1 and a day from 1.
    ///
    /// # Errors
    /// When the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, InvalidDate> {
        if year < 1 {
            return Err(InvalidDate);
        }
        civil::Date::new(year, month, day).map(Self).map_err(|_| InvalidDate)
    }

    /// The day of a time, in UTC.
    pub fn of(time: Timestamp) -> Self {
        const DAY: i64 = 86_400;
        let days = time.as_unix_seconds().div_euclid(DAY);
        Self(civil::date(1970, 1, 1)).plus_days(days)
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// So many days later, or earlier; stops at the ends of the calendar.
    pub(crate) fn plus_days(self, days: i64) -> Self {
        // More days than the calendar has.
        let days = days.clamp(-5_000_000, 5_000_000);
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// How many days lie between, negative when `later` is the earlier one.
    pub(crate) fn days_until(self, later: Self) -> i64 {
        self.0.duration_until(later.0).as_secs() / 86_400
    }

    pub(crate) fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }

    pub(crate) fn last_of_year(self) -> Self {
        Self(self.0.last_of_year())
    }

    /// So many months later, the first day of that one.
    pub(crate) fn first_of_month_after(self, months: i32) -> Self {
        Self(self.0.first_of_month().saturating_add(jiff::Span::new().months(months.clamp(0, 12_000))))
    }
}

impl TryFrom<Wire> for Date {
    type Error = InvalidDate;

    fn try_from(wire: Wire) -> Result<Self, InvalidDate> {
        Self::new(wire.year, wire.month, wire.day)
    }
}

impl From<Date> for Wire {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let mut parts = text.splitn(3, '-');
        let mut part = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits).ok_or(InvalidDate)?;
            let plain = part.bytes().all(|byte| byte.is_ascii_digit());
            if plain { Ok(part) } else { Err(InvalidDate) }
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let number = |text: &str| text.parse::<i16>().map_err(|_| InvalidDate);
        let small = |text: &str| text.parse::<i8>().map_err(|_| InvalidDate);
        Self::new(number(year)?, small(month)?, small(day)?)
    }
}

/// `2026-02-28`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

impl From<Date> for RestliValue {
    fn from(date: Date) -> Self {
        Self::record([
            ("year", Self::Integer(date.year().into())),
            ("month", Self::Integer(date.month().into())),
            ("day", Self::Integer(date.day().into())),
        ])
    }
}

/// A year, month and day that the calendar does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the calendar: write it as 2026-01-31")
    }
}

impl std::error::Error for InvalidDate {}

/// From one day on, to another or with an open end.
///
/// For ads the last day is included. Whether it is for the statistics of members is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DateRange {
    start: Date,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::or_none")]
    end: Option<Date>,
}

impl DateRange {
    /// From one day to another.
    pub const fn new(start: Date, end: Date) -> Self {
        Self { start, end: Some(end) }
    }

    /// From one day on.
    pub const fn since(start: Date) -> Self {
        Self { start, end: None }
    }

    /// The first day.
    pub const fn start(&self) -> Date {
        self.start
    }

    /// The last day, unless the end is open.
    pub const fn end(&self) -> Option<Date> {
        self.end
    }

    pub(crate) const fn with_end(start: Date, end: Option<Date>) -> Self {
        Self { start, end }
    }

    pub(crate) fn check(&self, field: &'static str) -> Option<Finding> {
        let end = self.end.filter(|end| *end < self.start)?;
        Some(rules::RANGE_ORDER.finding(field).measured(format_args!("{} to {end}", self.start)))
    }
}

impl From<&DateRange> for RestliValue {
    fn from(range: &DateRange) -> Self {
        let end = range.end.map(|end| ("end", Self::from(end)));
        Self::record([("start", Self::from(range.start))].into_iter().chain(end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn only_days_of_the_calendar_are_taken() {
        for text in ["2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in
            ["", "2026", "2026-1-31", "2026-02-29", "2026-13-01", "0000-01-01", "2026-01-31T00", "+026-01-01"]
        {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate), "{text}");
        }
        assert!(serde_json::from_str::<Date>(r#"{"year":2026,"month":2,"day":30}"#).is_err());
    }

    #[test]
    fn a_range_is_written_as_records() {
        let range = DateRange::new(day("2026-01-01"), day("2026-01-31"));
        assert_eq!(
            RestliValue::from(&range).encode(),
            "(end:(day:31,month:1,year:2026),start:(day:1,month:1,year:2026))"
        );
        let open = DateRange::since(day("2026-01-01"));
        assert_eq!(RestliValue::from(&open).encode(), "(start:(day:1,month:1,year:2026))");
        let json = r#"{"start":{"year":2026,"month":1,"day":1}}"#;
        assert_eq!(serde_json::to_string(&open).unwrap(), json);
        assert_eq!(serde_json::from_str::<DateRange>(json).unwrap(), open);
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_found() {
        assert_eq!(DateRange::new(day("2026-01-02"), day("2026-01-02")).check("r"), None);
        assert_eq!(DateRange::since(day("2026-01-02")).check("r"), None);
        let finding = DateRange::new(day("2026-01-02"), day("2026-01-01")).check("r").unwrap();
        assert_eq!(finding.rule(), "linkedin.analytics.range_order");
    }

    #[test]
    fn the_day_of_a_time_is_in_utc() {
        for (millis, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (1_700_000_000_123, "2023-11-14"),
            (1_703_980_800_000, "2023-12-31"),
        ] {
            assert_eq!(Date::of(Timestamp::from_unix_millis(millis)), day(text));
        }
        assert_eq!(day("2026-12-31").first_of_month_after(2), day("2027-02-01"));
        assert_eq!(day("2026-02-03").last_of_month(), day("2026-02-28"));
    }

    proptest! {
        #[test]
        fn counting_days_goes_both_ways(days in -700_000_i64..2_900_000) {
            let epoch = day("1970-01-01");
            prop_assert_eq!(epoch.days_until(epoch.plus_days(days)), days);
        }

        #[test]
        fn parsing_never_panics(text in any::<String>(), near in "[0-9]{0,5}-?[0-9]{0,3}-?[0-9]{0,3}") {
            let _ = text.parse::<Date>();
            if let Ok(date) = near.parse::<Date>() {
                prop_assert_eq!(date.to_string(), near);
            }
        }
    }
}
