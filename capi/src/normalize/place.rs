//! Canonical places: city, state, postal code, country.

use super::canonical::nfc;
use super::unicode::{ascii_digit, decimal_value, is_dash, is_punctuation};
use super::{Remark, countries, regions};

const CITY: Remark = Remark::new("capi.city", "not a city: it has no letters", "pass the name of the city");
const STATE: Remark =
    Remark::new("capi.state", "not a state: nothing but punctuation", "pass its two-letter code or its name");
const ZIP: Remark =
    Remark::new("capi.zip", "not a postal code of 1 to 10 characters", "pass the postal code alone");
const ZIP_PREFIX: Remark = Remark::new(
    "capi.zip.country_prefix",
    "the country letters in front of the dash were removed",
    "pass the country in its own field",
);
const COUNTRY: Remark = Remark::new(
    "capi.country",
    "not a country of ISO 3166-1",
    "pass the two-letter code such as de, the three-letter code, or the full English name",
);

/// Letters and marks; no digits, white space or punctuation.
pub(super) fn city(text: &str) -> Result<String, Remark> {
    let kept: String = text.chars().filter(|c| !is_separator(*c) && decimal_value(*c).is_none()).collect();
    if kept.is_empty() { Err(CITY) } else { Ok(nfc(kept)) }
}

/// In the USA and Canada, and where no country is given, full names become two-letter codes. Elsewhere
/// the name stays whole: cutting `bavaria` to `ba` would match somebody else.
pub(super) fn state(text: &str, country: Option<&str>) -> Result<String, Remark> {
    let kept: String = text.chars().filter(|c| !is_separator(*c)).collect();
    if kept.is_empty() {
        return Err(STATE);
    }
    Ok(regions::code(&kept, country).map_or_else(|| nfc(kept), str::to_owned))
}

/// Without white space and without what follows a dash; five digits in the USA.
pub(super) fn zip(text: &str, country: Option<&str>, notes: &mut Vec<Remark>) -> Result<String, Remark> {
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).map(ascii_digit).collect();
    let mut parts = dense.split(is_dash);
    let head = parts.next().unwrap_or_default();
    let has_digit = |part: &str| part.contains(|c: char| c.is_ascii_digit());
    let code = match parts.next() {
        // `D-10115`: letters alone in front of a dash are no postal code.
        Some(next) if !has_digit(head) && has_digit(next) => {
            notes.push(ZIP_PREFIX);
            next
        }
        _ => head,
    };
    let code: String = code.chars().take(if country == Some("us") { 5 } else { usize::MAX }).collect();
    if code.is_empty() || code.chars().count() > 10 { Err(ZIP) } else { Ok(nfc(code)) }
}

pub(super) fn country(text: &str) -> Result<String, Remark> {
    countries::find(text).map(str::to_owned).ok_or(COUNTRY)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_punctuation(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_by_country() {
        for (text, country, state_code) in [
            ("california", None, "ca"),
            ("n.y.", Some("us"), "ny"),
            ("washington d.c.", Some("us"), "dc"),
            ("québec", Some("ca"), "qc"),
            ("bavaria", Some("de"), "bavaria"),
            ("nordrhein-westfalen", Some("de"), "nordrheinwestfalen"),
            ("georgia", Some("ge"), "georgia"),
            ("12", None, "12"),
        ] {
            assert_eq!(state(text, country).as_deref(), Ok(state_code), "{text}");
        }
        assert_eq!(state("--", None), Err(STATE));
    }

    #[test]
    fn postal_codes() {
        let mut notes = Vec::new();
        for (text, country, code) in [
            ("98 121-9431", Some("us"), "98121"),
            ("981219431", Some("us"), "98121"),
            ("981219431", None, "981219431"),
            ("98121‑9431", None, "98121"),
            ("sw1a 1aa", Some("gb"), "sw1a1aa"),
            ("１５０-０００１", Some("jp"), "150"),
            ("9", None, "9"),
        ] {
            assert_eq!(zip(text, country, &mut notes).as_deref(), Ok(code), "{text}");
        }
        assert_eq!(notes, []);
        assert_eq!(zip("d-10115", Some("de"), &mut notes).as_deref(), Ok("10115"));
        assert_eq!(notes, [ZIP_PREFIX]);
        for text in ["-", "--", "12345678901"] {
            assert_eq!(zip(text, None, &mut notes), Err(ZIP), "{text}");
        }
    }

    #[test]
    fn cities_keep_letters_of_every_script() {
        for (text, kept) in [
            ("são paulo", "sãopaulo"),
            ("seattle-98121", "seattle"),
            ("北京", "北京"),
            ("القاهرة", "القاهرة"),
            ("coeur d’alene", "coeurdalene"),
        ] {
            assert_eq!(city(text).as_deref(), Ok(kept), "{text}");
        }
        assert_eq!(city("98121"), Err(CITY));
    }
}
