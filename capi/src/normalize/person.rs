//! Canonical names, gender and date of birth.

use super::Remark;
use super::canonical::nfc;
use super::unicode::{ascii_digits, is_punctuation};

const NAME: Remark = Remark::new("capi.name", "not a name: nothing but punctuation", "leave it out");
const GENDER: Remark =
    Remark::new("capi.gender", "neither female nor male", "pass f, m, female or male, or leave it out");
const BIRTH_DATE: Remark = Remark::new(
    "capi.birth_date",
    "not a date of birth from 1900 to today, year first",
    "pass it as 1997-02-16 or 19970216; day-first and month-first forms cannot be told apart",
);
const BIRTH_PART: Remark = Remark::new(
    "capi.birth_part",
    "not a part of a date",
    "pass a day 1 to 31, a month 1 to 12, a year since 1900",
);

/// Letters, marks, digits and symbols without white space and punctuation.
pub(super) fn name(text: &mut String) -> Result<(), Remark> {
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        text.retain(|c| !c.is_whitespace() && !is_punctuation(c));
        nfc(text);
    }
    if text.is_empty() { Err(NAME) } else { Ok(()) }
}

/// The first characters of a name.
pub(super) fn name_start(text: &mut String, characters: usize) -> Result<(), Remark> {
    name(text)?;
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
    Ok(())
}

pub(super) fn gender(text: &mut String) -> Result<(), Remark> {
    if !matches!(text.as_str(), "f" | "female" | "m" | "male") {
        return Err(GENDER);
    }
    text.truncate(1);
    Ok(())
}

/// `YYYYMMDD` from eight digits, or year, month and day with one separator between them.
pub(super) fn birth_date(date: &mut String, now_seconds: Option<i64>) -> Result<(), Remark> {
    ascii_digits(date);
    // The separators are of one byte, and there is one at each place or none.
    let (month_at, day_at) = match date.as_bytes() {
        [_, _, _, _, first, _, _, second, ..] if matches!(first, b'-' | b'/' | b'.') && first == second => {
            (5, 8)
        }
        _ => (4, 6),
    };
    let parts = (date.get(..4), date.get(month_at..month_at + 2), date.get(day_at..));
    let (Some(year), Some(month), Some(day)) = parts else { return Err(BIRTH_DATE) };
    let number = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return Err(BIRTH_DATE);
    };
    let real = year >= 1900 && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    // One day of grace: where the customer lives it may already be tomorrow.
    let born = now_seconds.is_none_or(|now| days_since_1970(year, month, day) <= now.div_euclid(86_400) + 1);
    if !real || !born {
        return Err(BIRTH_DATE);
    }
    date.retain(|c| c.is_ascii_digit());
    Ok(())
}

#[derive(Clone, Copy)]
pub(super) enum Part {
    Day,
    Month,
    Year,
}

/// Two digits of a day or month, four of a year.
pub(super) fn birth_part(text: &mut String, part: Part) -> Result<(), Remark> {
    ascii_digits(text);
    let number: u16 = match text.len() {
        1..=4 if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().map_err(|_| BIRTH_PART)?,
        _ => return Err(BIRTH_PART),
    };
    match part {
        Part::Day if text.len() <= 2 && (1..=31).contains(&number) => {}
        Part::Month if text.len() <= 2 && (1..=12).contains(&number) => {}
        Part::Year if number >= 1900 => {}
        _ => return Err(BIRTH_PART),
    }
    if text.len() == 1 {
        text.insert(0, '0');
    }
    Ok(())
}

fn days_in_month(year: u16, month: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, by counting from March of year 0.
fn days_since_1970(year: u16, month: u16, day: u16) -> i64 {
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth_date(text: &str, now: Option<i64>) -> Result<String, Remark> {
        let mut text = text.to_owned();
        super::birth_date(&mut text, now).map(|()| text)
    }

    fn birth_part(text: &str, part: Part) -> Result<String, Remark> {
        let mut text = text.to_owned();
        super::birth_part(&mut text, part).map(|()| text)
    }

    #[test]
    fn days_of_known_dates() {
        assert_eq!(days_since_1970(1970, 1, 1), 0);
        assert_eq!(days_since_1970(2000, 2, 29), 11_016);
        assert_eq!(days_since_1970(2026, 11, 20), 20_777);
        assert_eq!(days_since_1970(1900, 1, 1), -25_567);
    }

    #[test]
    fn dates_are_year_first_and_real() {
        for text in ["19970216", "1997-02-16", "1997/02/16", "1997.02.16", "１９９７０２１６"] {
            assert_eq!(birth_date(text, None).as_deref(), Ok("19970216"), "{text}");
        }
        for text in [
            "",
            "1997",
            "970216",
            "02/16/1997",
            "16.02.1997",
            "1997-2-16",
            "1997-02/16",
            "19970231",
            "1997-13-01",
            "18991231",
            "1900-02-29",
            "199702160",
            "1997é216",
            "feb 16, 1997",
        ] {
            assert_eq!(birth_date(text, None), Err(BIRTH_DATE), "{text}");
        }
        assert!(birth_date("2000-02-29", None).is_ok());
        let noon = Some(20_777 * 86_400 + 43_200);
        assert!(birth_date("2026-11-21", noon).is_ok());
        assert_eq!(birth_date("2026-11-22", noon), Err(BIRTH_DATE));
    }

    #[test]
    fn parts_of_dates() {
        assert_eq!(birth_part("7", Part::Day).as_deref(), Ok("07"));
        assert_eq!(birth_part("12", Part::Month).as_deref(), Ok("12"));
        assert_eq!(birth_part("1997", Part::Year).as_deref(), Ok("1997"));
        for (text, part) in [
            ("0", Part::Day),
            ("32", Part::Day),
            ("13", Part::Month),
            ("001", Part::Day),
            ("97", Part::Year),
            ("+5", Part::Day),
        ] {
            assert_eq!(birth_part(text, part), Err(BIRTH_PART), "{text}");
        }
    }
}
