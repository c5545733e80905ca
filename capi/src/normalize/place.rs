//! Canonical places: city, state, postal code, country.

use super::canonical::nfc;
use super::unicode::{ascii_digits, decimal_value, is_dash, is_punctuation};
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
pub(super) fn city(text: &mut String) -> Result<(), Remark> {
    if !text.bytes().all(|b| b.is_ascii_alphabetic()) {
        text.retain(|c| !is_separator(c) && decimal_value(c).is_none());
        nfc(text);
    }
    if text.is_empty() { Err(CITY) } else { Ok(()) }
}

/// In the USA and Canada, and where no country is given, full names become two-letter codes. Elsewhere
/// the name stays whole: cutting `bavaria` to `ba` would match somebody else.
pub(super) fn state(text: &mut String, country: Option<&str>) -> Result<(), Remark> {
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        text.retain(|c| !is_separator(c));
    }
    if let Some(code) = regions::code(text, country) {
        replace(text, code);
    }
    nfc(text);
    if text.is_empty() { Err(STATE) } else { Ok(()) }
}

/// Without white space and without what follows a dash; five digits in the USA.
pub(super) fn zip(text: &mut String, country: Option<&str>, notes: &mut Vec<Remark>) -> Result<(), Remark> {
    text.retain(|c| !c.is_whitespace());
    ascii_digits(text);
    let has_digit = |part: &str| part.contains(|c: char| c.is_ascii_digit());
    let (mut parts, mut start) = (text.split(is_dash), 0);
    let mut code = parts.next().unwrap_or_default();
    if let Some(next) = parts.next().filter(|next| !has_digit(code) && has_digit(next)) {
        // `D-10115`: letters alone in front of a dash are no postal code.
        notes.push(ZIP_PREFIX);
        start = text.get(code.len()..).and_then(|rest| rest.find(next)).map_or(0, |dash| code.len() + dash);
        code = next;
    }
    let length = if country == Some("us") { 5 } else { 10 };
    let cut = code.char_indices().nth(length).map(|(end, _)| end);
    if code.is_empty() || (cut.is_some() && country != Some("us")) {
        return Err(ZIP);
    }
    let end = start + cut.unwrap_or(code.len());
    text.truncate(end);
    text.drain(..start);
    nfc(text);
    Ok(())
}

pub(super) fn country(text: &mut String) -> Result<(), Remark> {
    let code = countries::find(text).ok_or(COUNTRY)?;
    replace(text, code);
    Ok(())
}

/// The code of the first country that can be read.
pub(super) fn country_code(text: &str) -> Option<&'static str> {
    countries::find(text)
}

fn replace(text: &mut String, by: &str) {
    text.clear();
    text.push_str(by);
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_punctuation(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str, rule: impl FnOnce(&mut String) -> Result<(), Remark>) -> Result<String, Remark> {
        let mut text = text.to_owned();
        rule(&mut text).map(|()| text)
    }

    fn state(text: &str, country: Option<&str>) -> Result<String, Remark> {
        on(text, |text| super::state(text, country))
    }

    fn zip(text: &str, country: Option<&str>, notes: &mut Vec<Remark>) -> Result<String, Remark> {
        on(text, |text| super::zip(text, country, notes))
    }

    fn city(text: &str) -> Result<String, Remark> {
        on(text, super::city)
    }

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
