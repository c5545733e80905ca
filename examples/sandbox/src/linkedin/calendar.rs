//! Dates as LinkedIn writes them, `(day:4,month:5,year:2026)`, and what the calendar makes of them. A day is a number:
//! days since 1970-01-01, UTC.

use serde_json::{Value, json};

use super::{answer::ApiError, api::Call, restli::Element};
use crate::{clock::civil_from_days, graph::areas::insights::dates};

/// A day, in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;

/// The day a moment belongs to.
pub(crate) fn day_of(millis: i64) -> i64 {
    millis.div_euclid(DAY)
}

/// The day's date as a record.
pub(crate) fn record(day: i64) -> Value {
    let (year, month, day) = civil_from_days(day);
    json!({"year": year, "month": month, "day": day})
}

/// The day of a date.
fn number(year: i64, month: i64, day: i64) -> Option<i64> {
    dates::day(&format!("{year:04}-{month:02}-{day:02}"))
}

/// The first day of the month that begins `months` after the one of this day.
pub(crate) fn month_start(day: i64, months: i64) -> i64 {
    let (year, month, _) = civil_from_days(day);
    let count = year.saturating_mul(12).saturating_add(month - 1).saturating_add(months);
    number(count.div_euclid(12), count.rem_euclid(12) + 1, 1).unwrap_or(day)
}

/// The first day of the year that begins `years` after the one of this day.
pub(crate) fn year_start(day: i64, years: i64) -> i64 {
    let (year, ..) = civil_from_days(day);
    number(year.saturating_add(years), 1, 1).unwrap_or(day)
}

fn date(element: &Element) -> Option<i64> {
    let Element::Record(fields) = element else { return None };
    let part = |name: &str| fields.get(name)?.as_text()?.parse::<i64>().ok();
    let (year, month, day) = (part("year")?, part("month")?, part("day")?);
    if fields.len() == 3 { number(year, month, day) } else { None }
}

/// A `dateRange`: the day it starts, and the day it ends where that is said.
pub(crate) fn range(call: &Call<'_>, name: &str) -> Result<Option<(i64, Option<i64>)>, ApiError> {
    let Some(element) = call.query.element(name)? else { return Ok(None) };
    let invalid = || ApiError::illegal_argument(format!("Parameter '{name}' is invalid"));
    let Element::Record(fields) = &element else { return Err(invalid()) };
    if fields.keys().any(|key| key != "start" && key != "end") {
        return Err(invalid());
    }
    let start = fields.get("start").and_then(date).ok_or_else(invalid)?;
    let end = match fields.get("end") {
        Some(end) => Some(date(end).ok_or_else(invalid)?),
        None => None,
    };
    if end.is_some_and(|end| end < start) {
        return Err(ApiError::illegal_argument(format!(
            "Parameter '{name}' is invalid: it ends before it starts"
        )));
    }
    Ok(Some((start, end)))
}

/// A `timeRange`: `(start:…,end:…)` in milliseconds, both where they are said.
pub(crate) fn moments(element: &Element) -> Option<(Option<i64>, Option<i64>)> {
    let Element::Record(fields) = element else { return None };
    let part = |name: &str| match fields.get(name) {
        Some(value) => value.as_text()?.parse::<i64>().ok().map(Some),
        None => Some(None),
    };
    let known = fields.keys().all(|key| key == "start" || key == "end");
    if known { Some((part("start")?, part("end")?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<i64> {
        date(&Element::parse(text).unwrap())
    }

    #[test]
    fn dates_are_records_of_three_numbers() {
        assert_eq!(read("(day:1,month:1,year:1970)"), Some(0));
        assert_eq!(read("(year:2026,month:11,day:20)"), Some(20_777));
        assert_eq!(record(20_777), json!({"year": 2026, "month": 11, "day": 20}));
        for bad in [
            "(day:30,month:2,year:2026)",
            "(day:1,month:13,year:2026)",
            "(day:1,month:1)",
            "(day:1,month:1,year:2026,hour:4)",
            "(day:a,month:1,year:2026)",
            "2026-01-01",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_and_years_begin_on_their_first_day() {
        let day = read("(day:31,month:12,year:2025)").unwrap();
        assert_eq!(record(month_start(day, 0)), json!({"year": 2025, "month": 12, "day": 1}));
        assert_eq!(record(month_start(day, 1)), json!({"year": 2026, "month": 1, "day": 1}));
        assert_eq!(record(month_start(day, -12)), json!({"year": 2024, "month": 12, "day": 1}));
        assert_eq!(record(year_start(day, 1)), json!({"year": 2026, "month": 1, "day": 1}));
    }
}
