//! Meta's Python SDK, `facebook_business` 26.0.3, value by value.

use super::unicode::{decimal_value, is_python_space};
use super::{Remark, Step, countries};
use crate::field::Field;
use crate::hashed::is_hex;

const ADVICE: &str = "correct the value, or use the canonical mode";
const EMAIL: Remark =
    Remark::new("capi.email", "not accepted as an e-mail address by the Python SDK", ADVICE);
const PHONE: Remark = Remark::new("capi.phone", "not accepted as a phone number by the Python SDK", ADVICE);
const COUNTRY: Remark = Remark::new("capi.country", "not an ISO 3166-1 two-letter code", ADVICE);
const CURRENCY: Remark = Remark::new("capi.currency", "not a three-letter currency code", ADVICE);
const DAY: Remark = Remark::new("capi.birth_day", "not a day from 1 to 31", ADVICE);
const MONTH: Remark = Remark::new("capi.birth_month", "not a month from 1 to 12", ADVICE);
const YEAR: Remark = Remark::new("capi.birth_year", "not a year of four digits", ADVICE);
const MD5: Remark = Remark::new(
    "capi.md5",
    "32 hex digits were taken for an MD5 digest and passed on, as the Python SDK does",
    "Meta documents SHA-256 only; send the plain value or its SHA-256 digest",
);

pub(super) fn step<'v>(
    field: Field,
    value: &'v str,
    notes: &mut Vec<Remark>,
    out: &mut String,
) -> Result<Step<'v>, Remark> {
    if value.is_empty() {
        return Ok(Step::Omit);
    }
    if !field.is_hashed() && field != Field::Currency {
        return Ok(Step::AsIs(value));
    }
    let lower = value.to_lowercase();
    let text = lower.trim_matches(is_python_space);
    let is_md5 = is_hex(text, 32);
    if is_md5 || is_hex(text, 64) {
        out.push_str(text);
        if is_md5 {
            notes.push(MD5);
        }
        return Ok(Step::Ready);
    }
    *out = normal(field, text)?;
    Ok(Step::Text)
}

fn normal(field: Field, text: &str) -> Result<String, Remark> {
    match field {
        Field::Email => looks_like_email(text).then(|| text.to_owned()).ok_or(EMAIL),
        Field::Phone => phone(text),
        Field::City | Field::State => Ok(text.chars().filter(|c| !is_location_noise(*c)).collect()),
        Field::Zip => {
            let dense: String = text.chars().filter(|c| !is_python_space(*c)).collect();
            Ok(dense.split('-').next().unwrap_or_default().to_owned())
        }
        Field::Country => countries::alpha2(&latin(text)).map(str::to_owned).ok_or(COUNTRY),
        Field::Currency => Some(latin(text)).filter(|code| code.len() == 3).ok_or(CURRENCY),
        Field::FirstNameStart | Field::LastNameStart => Ok(text.chars().take(5).collect()),
        Field::FirstInitial => Ok(text.chars().take(1).collect()),
        Field::BirthDay => two_digits(text, 31, DAY),
        Field::BirthMonth => two_digits(text, 12, MONTH),
        Field::BirthYear => {
            let four = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
            four.then(|| text.to_owned()).ok_or(YEAR)
        }
        _ => Ok(text.to_owned()),
    }
}

/// `.+@.+\..+` from the start of the text; a line feed ends `.`.
fn looks_like_email(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    // The earliest `@` that has something before it, the latest `.` that has something after it.
    let at = line.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at + 1);
    let domain = at.and_then(|at| line.get(at..)).unwrap_or_default();
    let last = domain.char_indices().next_back().map_or(0, |(at, _)| at);
    domain.get(..last).and_then(|head| head.rfind('.')).is_some_and(|dot| dot > 0)
}

fn phone(text: &str) -> Result<String, Remark> {
    let dense: String =
        text.chars().filter(|c| !is_python_space(*c) && !matches!(c, '-' | '(' | ')')).collect();
    let number = without_prefix(without_prefix(&dense));
    let digits = number.chars().filter(|c| decimal_value(*c).is_some()).count();
    let only_digits = digits == number.chars().count();
    (only_digits && digits >= 7 && !number.starts_with('0')).then(|| number.to_owned()).ok_or(PHONE)
}

/// `^\+?0{0,2}` removed.
fn without_prefix(text: &str) -> &str {
    let text = text.strip_prefix('+').unwrap_or(text);
    let text = text.strip_prefix('0').unwrap_or(text);
    text.strip_prefix('0').unwrap_or(text)
}

/// `[0-9.\s\-()]`.
fn is_location_noise(c: char) -> bool {
    c.is_ascii_digit() || is_python_space(c) || matches!(c, '.' | '-' | '(' | ')')
}

fn latin(text: &str) -> String {
    text.chars().filter(char::is_ascii_lowercase).collect()
}

/// One character is padded; then Python's `int()` decides, which takes signs, inner underscores, leading
/// zeros and digits of every script. The text stays as it was.
fn two_digits(text: &str, max: u32, wrong: Remark) -> Result<String, Remark> {
    let padded = if text.chars().count() == 1 { format!("0{text}") } else { text.to_owned() };
    python_int(&padded).filter(|value| (1..=max).contains(value)).map(|_| padded).ok_or(wrong)
}

/// A positive number as Python's `int()` reads it; `None` for anything else.
fn python_int(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let mut value: u32 = 0;
    let mut after_digit = false;
    for c in digits.chars() {
        match decimal_value(c) {
            Some(digit) => {
                value = value.saturating_mul(10).saturating_add(digit);
                after_digit = true;
            }
            None if c == '_' && after_digit => after_digit = false,
            None => return None,
        }
    }
    after_digit.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn email_pattern() {
        for text in
            ["a@b.c", "324342@@@@bar.com", "@a@b.c", "a@b..", "a@.b.c", "a@b.c\nrest", "é@b.c", "a@b.c.d@"]
        {
            assert!(looks_like_email(text), "{text:?}");
        }
        for text in ["", "@", "a", "@b.c", "a@b", "a@b.", "a@.c", "a\n@b.c", "a@b\n.c", "a@b.\nc", "@@."] {
            assert!(!looks_like_email(text), "{text:?}");
        }
    }

    #[test]
    fn int_of_python() {
        for (text, value) in [("07", 7), ("+5", 5), ("001", 1), ("1_0", 10), ("٠٧", 7)] {
            assert_eq!(python_int(text), Some(value), "{text}");
        }
        for text in ["", "+", "_1", "1_", "1__0", "1.5", "-1", "0a", "++1", "+_1"] {
            assert_eq!(python_int(text), None, "{text}");
        }
    }

    #[test]
    fn prefixes_are_cut_twice() {
        assert_eq!(phone("++0012345678").as_deref(), Ok("12345678"));
        assert_eq!(phone("000012345678").as_deref(), Ok("12345678"));
        assert_eq!(phone("0000012345678"), Err(PHONE));
        assert_eq!(phone("123456"), Err(PHONE));
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            for field in Field::ALL {
                let _ = step(*field, &text, &mut Vec::new(), &mut String::new());
            }
        }
    }
}
