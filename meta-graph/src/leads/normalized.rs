//! What people enter, in one form where that is certain.

/// A phone number as `+` and digits. `None` where it does not begin with `+`, holds anything but digits and the usual
/// separators, or has not 8 to 15 digits: then the country, or what is meant, is not certain.
///
/// ```
/// use sociogram_meta_graph::leads::plain_phone_number;
///
/// assert_eq!(plain_phone_number("+1 (212) 555-2368").as_deref(), Some("+12125552368"));
/// assert_eq!(plain_phone_number("0170 1234567"), None);
/// assert_eq!(plain_phone_number("+49 (0) 170 1234567"), None);
/// ```
pub fn plain_phone_number(entered: &str) -> Option<String> {
    let rest = entered.trim().strip_prefix('+')?;
    let known = |char: char| char.is_ascii_digit() || matches!(char, ' ' | '-' | '.' | '(' | ')' | '/');
    // In brackets it is to be left out when one dials from abroad, which is what `+` means.
    if !rest.chars().all(known) || rest.contains("(0") {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let whole = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
    whole.then(|| format!("+{digits}"))
}

/// A date as `YYYY-MM-DD`. `None` where it is not a date, or where day and month cannot be told apart: Meta writes
/// `MM/DD/YYYY`, but forms in other languages bring `DD/MM/YYYY` as well.
///
/// ```
/// use sociogram_meta_graph::leads::iso_date;
///
/// assert_eq!(iso_date("12/31/1990").as_deref(), Some("1990-12-31"));
/// assert_eq!(iso_date("1990-12-31").as_deref(), Some("1990-12-31"));
/// assert_eq!(iso_date("02/03/1990"), None);
/// ```
pub fn iso_date(entered: &str) -> Option<String> {
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u16>().ok()).flatten()
    };
    let text = entered.trim();
    let (year, month, day) = if let [year, month, day] = *text.split('-').collect::<Vec<_>>().as_slice() {
        (number(year, 4)?, number(month, 2)?, number(day, 2)?)
    } else if let [first, second, year] = *text.split('/').collect::<Vec<_>>().as_slice() {
        let (first, second) = (number(first, 2)?, number(second, 2)?);
        let (month, day) = match (first, second) {
            _ if first == second => (first, second),
            (..=12, 13..) => (first, second),
            (13.., ..=12) => (second, first),
            _ => return None,
        };
        (number(year, 4)?, month, day)
    } else {
        return None;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_certain_number_is_normalized() {
        for (entered, expected) in [
            ("+491701234567", Some("+491701234567")),
            (" +49 170 / 123-45.67 ", Some("+491701234567")),
            ("491701234567", None),
            ("00491701234567", None),
            ("+49 170 1234567 ext 5", None),
            ("+4917", None),
            ("+0170123456", None),
            ("+1234567890123456", None),
            ("+49 (0)170 1234567", None),
            ("+٤٩١٧٠١٢٣٤", None),
            ("", None),
        ] {
            assert_eq!(plain_phone_number(entered).as_deref(), expected, "{entered}");
        }
    }

    #[test]
    fn only_a_certain_date_is_normalized() {
        for (entered, expected) in [
            ("31/12/1990", Some("1990-12-31")),
            ("05/05/1990", Some("1990-05-05")),
            ("13/13/1990", None),
            ("01/02/1990", None),
            ("02/29/2024", Some("2024-02-29")),
            ("02/29/2023", None),
            ("1900-02-29", None),
            ("1990-1-5", None),
            ("31.12.1990", None),
            ("00/13/1990", None),
            ("x", None),
        ] {
            assert_eq!(iso_date(entered).as_deref(), expected, "{entered}");
        }
    }
}
