//! `since`, `until` and `date_preset`.

use super::super::super::{Call, answer::GraphError};
use super::dates;

pub(super) const DAY: i64 = 86_400;

/// Named ranges and how many days each has here.
const PRESETS: [(&str, i64); 20] = [
    ("today", 1),
    ("yesterday", 1),
    ("this_month", 30),
    ("last_month", 30),
    ("this_quarter", 90),
    ("maximum", 90),
    ("data_maximum", 90),
    ("last_3d", 3),
    ("last_7d", 7),
    ("last_14d", 14),
    ("last_28d", 28),
    ("last_30d", 30),
    ("last_90d", 90),
    ("last_week_mon_sun", 7),
    ("last_week_sun_sat", 7),
    ("last_quarter", 90),
    ("last_year", 90),
    ("this_week_mon_today", 7),
    ("this_week_sun_today", 7),
    ("this_year", 90),
];

/// How many days a named range has.
pub(super) fn preset(name: &str) -> Result<i64, GraphError> {
    let found = PRESETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, days)| *days).ok_or_else(|| {
        GraphError::parameter(format!("Param date_preset must be one of the known ranges - got {name}"))
    })
}

/// A moment of a parameter.
pub(super) fn moment(call: &Call<'_>, name: &str) -> Result<Option<i64>, GraphError> {
    let Some(text) = call.params.text(name)? else { return Ok(None) };
    let moment = dates::moment(&text);
    moment.map(Some).ok_or_else(|| GraphError::parameter(format!("Param {name} must be a moment.")))
}

/// The range asked for in Unix seconds: at most so many days, and by default the last two.
pub(super) fn read(call: &Call<'_>, most_days: i64) -> Result<(i64, i64), GraphError> {
    let now = call.state.now_seconds();
    let today = now.div_euclid(DAY).saturating_mul(DAY);
    let (since, until) = match (moment(call, "since")?, moment(call, "until")?) {
        (Some(since), Some(until)) => (since, until),
        (Some(since), None) => (since, since.saturating_add(2 * DAY).min(now.max(since))),
        (None, Some(until)) => (until.saturating_sub(2 * DAY), until),
        (None, None) => match call.params.text("date_preset")? {
            Some(name) => (today.saturating_sub(preset(&name)?.saturating_mul(DAY)), today),
            None => (today.saturating_sub(2 * DAY), today),
        },
    };
    if since > until {
        return Err(GraphError::parameter("The since must be before the until."));
    }
    if until.saturating_sub(since) > most_days.saturating_mul(DAY) {
        let seconds = most_days.saturating_mul(DAY);
        return Err(GraphError::parameter(format!(
            "There cannot be more than {most_days} days ({seconds} s) between since and until"
        )));
    }
    Ok((since, until))
}
