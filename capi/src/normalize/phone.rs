//! Canonical phone numbers: digits with the country calling code, no leading zeros.

use super::Remark;
use super::unicode::ascii_digits;

const PHONE: Remark = Remark::new(
    "capi.phone",
    "not a phone number of 8 to 15 digits",
    "pass it with + and the country calling code, such as +49 30 901820",
);
const EXTENSION: Remark =
    Remark::new("capi.phone.extension", "the extension was cut off", "pass the number without extension");
const TRUNK_ZERO: Remark = Remark::new(
    "capi.phone.trunk_zero",
    "the (0) after the country calling code was removed",
    "pass the number as it is dialled from abroad",
);
const NATIONAL: Remark = Remark::new(
    "capi.phone.national",
    "there is neither + nor 00 in front, so the country calling code may be missing",
    "pass it with + and the country calling code, or set a default calling code",
);

/// Countries whose subscribers' numbers keep their leading zero behind the calling code: Italy, Ivory
/// Coast, Congo, San Marino.
const KEEPS_ZERO: &[&str] = &["39", "225", "242", "378"];

/// `text` is clean and in lower case.
pub(super) fn canonical(
    text: &mut String,
    calling_code: Option<&str>,
    notes: &mut Vec<Remark>,
) -> Result<(), Remark> {
    ascii_digits(text);
    if let Some(at) = text.bytes().any(|b| b == b'x').then(|| extension(text)).flatten() {
        notes.push(EXTENSION);
        text.truncate(at);
    }
    let first = text.chars().find(|c| c.is_ascii_digit() || matches!(c, '+' | '＋'));
    let plus = matches!(first, Some('+' | '＋'));
    if let Some(at) = text.as_bytes().windows(3).position(|three| plus && three == b"(0)") {
        notes.push(TRUNK_ZERO);
        text.replace_range(at..at + 3, "");
    }
    text.retain(|c| c.is_ascii_digit());
    let abroad = plus || text.starts_with("00");
    let keeps_zero = calling_code.is_some_and(|code| !abroad && KEEPS_ZERO.contains(&code));
    if !keeps_zero {
        let zeros = text.bytes().take_while(|b| *b == b'0').count();
        text.drain(..zeros);
    }
    match calling_code {
        _ if abroad => {}
        // In North America the calling code 1 is also what is dialled in front of long-distance calls.
        Some("1") if text.len() == 11 && text.starts_with('1') => {}
        Some(code) => text.insert_str(0, code),
        None => notes.push(NATIONAL),
    }
    if (8..=15).contains(&text.len()) { Ok(()) } else { Err(PHONE) }
}

/// Where an extension begins: `;ext=`, `ext`, or an `x` between a digit and a digit.
fn extension(text: &str) -> Option<usize> {
    let after_digits =
        |at: usize| text.get(..at).is_some_and(|head| head.contains(|c: char| c.is_ascii_digit()));
    let before_digit = |tail: &str| {
        tail.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '='))
            .starts_with(|c: char| c.is_ascii_digit())
    };
    text.match_indices('x').find_map(|(at, _)| {
        let word = text.get(..at)?.ends_with('e') && text.get(at + 1..)?.starts_with('t');
        let (start, end) = if word { (at - 1, at + 2) } else { (at, at + 1) };
        (after_digits(start) && (word || before_digit(text.get(end..)?))).then_some(start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str, code: Option<&str>, notes: &mut Vec<Remark>) -> Result<String, Remark> {
        let mut text = text.to_owned();
        super::canonical(&mut text, code, notes).map(|()| text)
    }

    fn plain(text: &str) -> (Result<String, Remark>, Vec<Remark>) {
        let mut notes = Vec::new();
        (canonical(text, None, &mut notes), notes)
    }

    #[test]
    fn numbers_from_many_hands() {
        for (text, number) in [
            ("+1 (616) 954-78 88", "16169547888"),
            ("+001 (616) 954-78 88", "16169547888"),
            ("0049 30 901820", "4930901820"),
            ("00049 30 901820", "4930901820"),
            ("tel:+14155550100", "14155550100"),
            ("＋１４１５５５５０１００", "14155550100"),
            ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "966501234567"),
            ("+1.415.555.0100", "14155550100"),
            ("+39 06 1234 5678", "390612345678"),
        ] {
            assert_eq!(plain(text), (Ok(number.to_owned()), vec![]), "{text}");
        }
    }

    #[test]
    fn oddities_are_named() {
        for (text, number, note) in [
            ("+44 (0)20 7183 8750", "442071838750", TRUNK_ZERO),
            ("+1 415 555 0100 x12", "14155550100", EXTENSION),
            ("+1 415 555 0100;ext=12", "14155550100", EXTENSION),
            ("+1 415 555 0100 ext. 12", "14155550100", EXTENSION),
            ("415-555-0100", "4155550100", NATIONAL),
            ("030 901820", "30901820", NATIONAL),
        ] {
            assert_eq!(plain(text), (Ok(number.to_owned()), vec![note]), "{text}");
        }
        for text in ["", "0", "1", "call me", "+0000000000", "1-800-flowers", "+1234567890123456"] {
            assert_eq!(plain(text).0, Err(PHONE), "{text}");
        }
    }

    #[test]
    fn default_calling_code_is_for_national_numbers() {
        for (text, code, number) in [
            ("030 901820", "49", "4930901820"),
            ("06 1234 5678", "39", "390612345678"),
            ("415-555-0100", "1", "14155550100"),
            ("1 415-555-0100", "1", "14155550100"),
            ("+44 20 7183 8750", "49", "442071838750"),
            ("0044 20 7183 8750", "49", "442071838750"),
        ] {
            let mut notes = Vec::new();
            assert_eq!(canonical(text, Some(code), &mut notes).as_deref(), Ok(number), "{text}");
            assert_eq!(notes, []);
        }
    }

    proptest! {
        #[test]
        fn result_is_digits_and_stable(text in "[-+() 0-9x.et]{0,24}") {
            if let Ok(number) = plain(&text).0 {
                prop_assert!(number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0'));
                prop_assert_eq!(plain(&number).0, Ok(number));
            }
        }
    }
}
