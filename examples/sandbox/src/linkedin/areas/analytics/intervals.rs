//! `timeIntervals=(timeRange:(start:…,end:…),timeGranularityType:DAY)`, cut into days of UTC.

use serde_json::{Value, json};

use super::super::super::{
    answer::ApiError,
    api::Call,
    calendar::{DAY, day_of, moments, month_start},
    restli::Element,
};

/// How far back figures go, in days: twelve months.
pub(super) const REACH: i64 = 366;

/// A piece of the range: from the start of a day to before another.
pub(super) type Span = (i64, i64);

/// The pieces asked for, oldest first; `None` when the figures of a lifetime are asked for.
///
/// # Errors
///
/// When the record is malformed, names a granularity the resource does not have, or goes back beyond twelve months.
pub(super) fn read(call: &Call<'_>, granularities: &[&str]) -> Result<Option<Vec<Span>>, ApiError> {
    let Some(element) = call.query.element("timeIntervals")? else { return Ok(None) };
    let invalid =
        |why: &str| ApiError::illegal_argument(format!("Parameter 'timeIntervals' is invalid: {why}"));
    let Element::Record(fields) = &element else { return Err(invalid("it must be a record")) };
    if fields.keys().any(|name| name != "timeRange" && name != "timeGranularityType") {
        return Err(invalid("unknown field"));
    }
    let granularity = fields.get("timeGranularityType").and_then(Element::as_text);
    let granularity = granularity.filter(|word| granularities.contains(word));
    let granularity = granularity.ok_or_else(|| invalid("unknown timeGranularityType"))?;
    let range = fields.get("timeRange").and_then(moments).ok_or_else(|| invalid("timeRange"))?;
    let now = call.state.now();
    let start = range.0.ok_or_else(|| invalid("timeRange needs a start in milliseconds"))?;
    let end = range.1.unwrap_or(now).min(now);
    if range.1.is_some_and(|end| end <= start) {
        return Err(invalid("timeRange ends before it starts"));
    }
    if day_of(start) < day_of(now).saturating_sub(REACH) {
        return Err(invalid("timeRange starts more than twelve months ago"));
    }
    Ok(Some(cut(start, end, granularity)))
}

fn cut(start: i64, end: i64, granularity: &str) -> Vec<Span> {
    let first = day_of(start);
    // A range that ends within a day has that day too.
    let last = day_of(end.saturating_add(DAY - 1));
    let mut spans = Vec::new();
    let mut from = if granularity == "MONTH" { month_start(first, 0) } else { first };
    while from < last {
        let to = match granularity {
            "MONTH" => month_start(from, 1),
            "WEEK" => from.saturating_add(7),
            _ => from.saturating_add(1),
        };
        spans.push((from, to));
        from = to;
    }
    spans
}

/// A piece as an element names it.
pub(super) fn time_range((start, end): Span) -> Value {
    json!({"start": start.saturating_mul(DAY), "end": end.saturating_mul(DAY)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_at_days_weeks_and_months() {
        // 2026-01-30T12:00 to 2026-02-02T00:00.
        let (start, end) = (20_483 * DAY + DAY / 2, 20_486 * DAY);
        assert_eq!(cut(start, end, "DAY"), [(20_483, 20_484), (20_484, 20_485), (20_485, 20_486)]);
        assert_eq!(cut(start, end, "WEEK"), [(20_483, 20_490)]);
        assert_eq!(cut(start, end, "MONTH"), [(20_454, 20_485), (20_485, 20_513)]);
        assert_eq!(cut(start, start, "DAY"), [(20_483, 20_484)]);
    }
}
