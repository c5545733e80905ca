//! Texts in several languages (LinkedIn: Object Types, "MultiLocaleString").

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::lenient;

/// A language and, where it matters, a country.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Locale {
    /// In ISO 639, small letters: `en`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub language: Option<String>,
    /// In ISO 3166, capital letters: `US`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub country: Option<String>,
}

impl fmt::Display for Locale {
    /// As the keys of a [`LocalizedText`]: `en_US`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.language.as_deref().unwrap_or_default())?;
        self.country.as_ref().map_or(Ok(()), |country| write!(f, "_{country}"))
    }
}

/// A text in one or more languages.
#[non_exhaustive]
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct LocalizedText {
    /// The text by locale, such as `en_US`.
    pub by_locale: BTreeMap<String, String>,
    /// The locale to show when the reader's own is missing.
    pub preferred_locale: Option<Locale>,
}

impl LocalizedText {
    /// The text in this locale, such as `de_DE`.
    pub fn in_locale(&self, locale: &str) -> Option<&str> {
        self.by_locale.get(locale).map(String::as_str)
    }

    /// The text in the preferred locale, else in any.
    pub fn preferred(&self) -> Option<&str> {
        let preferred = self.preferred_locale.as_ref().and_then(|locale| self.in_locale(&locale.to_string()));
        preferred.or_else(|| self.by_locale.values().next().map(String::as_str))
    }
}

impl fmt::Debug for LocalizedText {
    /// Without the texts: they may be a member's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_locale.keys()).finish()
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "texts")]
    localized: BTreeMap<String, String>,
    #[serde(default, rename = "preferredLocale", deserialize_with = "lenient::or_none")]
    preferred_locale: Option<Locale>,
}

impl From<Wire> for LocalizedText {
    fn from(wire: Wire) -> Self {
        Self { by_locale: wire.localized, preferred_locale: wire.preferred_locale }
    }
}

/// The members that are text.
fn texts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let all: Option<BTreeMap<String, serde_json::Value>> = lenient::or_none(deserializer)?;
    let text = |(locale, value): (String, serde_json::Value)| Some((locale, value.as_str()?.to_owned()));
    Ok(all.into_iter().flatten().filter_map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> LocalizedText {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_preferred_language_comes_first() {
        let name = read(
            r#"{"localized":{"de_DE":"Teststadt","en_US":"Testville"},"preferredLocale":{"country":"US","language":"en"}}"#,
        );
        assert_eq!(
            (name.preferred(), name.in_locale("de_DE"), name.in_locale("fr_FR")),
            (Some("Testville"), Some("Teststadt"), None)
        );
        assert_eq!(
            read(r#"{"localized":{"de":"A"},"preferredLocale":{"language":"fr"}}"#).preferred(),
            Some("A")
        );
        assert_eq!(
            read(r#"{"localized":{"fr":"B","de":"A"},"preferredLocale":{"language":"fr"}}"#).preferred(),
            Some("B")
        );
    }

    #[test]
    fn a_surprise_costs_the_language_only() {
        assert_eq!(
            read(r#"{"localized":{"de_DE":7,"en_US":"A"},"preferredLocale":[]}"#).preferred(),
            Some("A")
        );
        for json in ["{}", r#"{"localized":"x"}"#, r#"{"localized":null,"preferredLocale":7}"#] {
            assert_eq!(read(json), LocalizedText::default(), "{json}");
        }
    }

    #[test]
    fn texts_are_not_printed() {
        assert_eq!(format!("{:?}", read(r#"{"localized":{"en_US":"SEKRET"}}"#)), r#"{"en_US"}"#);
    }
}
