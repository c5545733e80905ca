//! Days and moments as they are written in parameters.

const DAY: i64 = 86_400;

/// Unix seconds of a moment: digits, a date, or a date with a time.
pub(crate) fn moment(text: &str) -> Option<i64> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
    let start = day(date)?.checked_mul(DAY)?;
    let Some(time) = time else { return Some(start) };
    let clock = time.get(..8).or_else(|| time.get(..5))?;
    let zone = time.get(clock.len()..)?;
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    let fits = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    let offset = offset(zone)?;
    fits.then(|| start + hours * 3600 + minutes * 60 + seconds - offset)
}

fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?.replace(':', "");
    let (hours, minutes) = (digits.get(..2)?.parse::<i64>().ok()?, digits.get(2..)?.parse::<i64>().ok()?);
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Day number (days since 1970-01-01) of `YYYY-MM-DD`.
pub(crate) fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day) =
        (year.parse::<i64>().ok()?, month.parse::<i64>().ok()?, day.parse::<i64>().ok()?);
    let number = number(year, month, day);
    // A day that the month does not have comes back as another one.
    (date(number) == text).then_some(number)
}

/// Day number of a date of the Gregorian calendar.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9).rem_euclid(12);
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// `YYYY-MM-DD` of a day number.
pub(crate) fn date(number: i64) -> String {
    crate::clock::graph_time(number.saturating_mul(DAY)).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::{date, day, moment};

    #[test]
    fn days_and_moments_are_read_as_they_are_written() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2026-11-20"), Some(1_795_132_800 / 86_400));
        assert_eq!(date(day("2024-02-29").unwrap()), "2024-02-29");
        for wrong in ["2023-02-29", "2026-13-01", "2026-1-1", "yesterday", ""] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        assert_eq!(moment("1795132800"), Some(1_795_132_800));
        assert_eq!(moment("2026-11-20"), Some(1_795_132_800));
        assert_eq!(moment("2026-11-20T01:00:00+0100"), Some(1_795_132_800));
        assert_eq!(moment("2026-11-20T00:00:00Z"), Some(1_795_132_800));
        assert_eq!(moment("2026-11-19T22:00:00-02:00"), Some(1_795_132_800));
        assert_eq!(moment("2026-11-20T25:00:00Z"), None);
    }
}
