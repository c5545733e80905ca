//! Reading members that LinkedIn writes in more than one way, or may leave out: a surprise costs the member, never the
//! answer.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use sociogram_api_core::Timestamp;

use crate::little_text::LittleText;

/// A value, or nothing when it is of another shape.
pub(crate) fn or_none<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either<T> {
        Value(T),
        Other(IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Value(value) => Some(value),
        Either::Other(_) => None,
    })
}

/// The elements that can be read; nothing when it is no list.
pub(crate) fn readable<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Element<T> {
        Value(T),
        Other(IgnoredAny),
    }
    let elements: Option<Vec<Element<T>>> = or_none(deserializer)?;
    let readable = |element| match element {
        Element::Value(value) => Some(value),
        Element::Other(_) => None,
    };
    Ok(elements.into_iter().flatten().filter_map(readable).collect())
}

/// Milliseconds since 1970.
pub(crate) fn millis<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(or_none::<i64, D>(deserializer)?.map(Timestamp::from_unix_millis))
}

/// A boolean, or one written as text.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Bool(bool),
        Text(String),
    }
    Ok(match or_none(deserializer)? {
        Some(Either::Bool(value)) => Some(value),
        Some(Either::Text(text)) => text.trim().to_ascii_lowercase().parse().ok(),
        None => None,
    })
}

/// A whole number, or one written as text.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Integer(i64),
        Float(f64),
        Text(String),
    }
    Ok(match or_none(deserializer)? {
        Some(Either::Integer(number)) => Some(number),
        Some(Either::Float(number)) if number.fract() == 0.0 => format!("{number:.0}").parse().ok(),
        Some(Either::Text(text)) => text.trim().parse().ok(),
        Some(Either::Float(_)) | None => None,
    })
}

/// A finite number, or one written as text.
pub(crate) fn float<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(f64),
        Text(String),
    }
    let number = match or_none(deserializer)? {
        Some(Either::Number(number)) => Some(number),
        Some(Either::Text(text)) => text.trim().parse().ok(),
        None => None,
    };
    Ok(number.filter(|number: &f64| number.is_finite()))
}

/// Text, or a whole number as its text: ids come both ways.
pub(crate) fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    Ok(or_none(deserializer)?.map(|either| match either {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    }))
}

/// A commentary, taken apart.
pub(crate) fn little_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LittleText>, D::Error> {
    Ok(or_none::<String, D>(deserializer)?.map(|wire| LittleText::parse(&wire)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Answer {
        #[serde(default, deserialize_with = "or_none")]
        name: Option<String>,
        #[serde(default, deserialize_with = "readable")]
        tags: Vec<u8>,
        #[serde(default, deserialize_with = "millis")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "boolean")]
        is_test: Option<bool>,
        #[serde(default, deserialize_with = "integer")]
        clicks: Option<i64>,
    }

    fn read(json: &str) -> Answer {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_spelling_is_read() {
        let at = Some(Timestamp::from_unix_millis(1_700_000_000_001));
        let expected =
            Answer { name: Some("a".into()), tags: vec![1, 3], at, is_test: Some(true), clicks: Some(7) };
        assert_eq!(
            read(r#"{"name":"a","tags":[1,"two",3],"at":1700000000001,"is_test":true,"clicks":7}"#),
            expected
        );
        assert_eq!(
            read(r#"{"name":"a","tags":[1,3],"at":1700000000001,"is_test":" TRUE","clicks":"7"}"#),
            expected
        );
        assert_eq!(read(r#"{"clicks":7.0}"#).clicks, Some(7));
    }

    #[test]
    fn an_id_is_text_or_a_number() {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default, deserialize_with = "text_or_number")]
            id: Option<String>,
        }
        for (json, id) in [
            (r#"{"id":"7"}"#, Some("7")),
            (r#"{"id":6636062862760562688}"#, Some("6636062862760562688")),
            (r#"{"id":7.5}"#, None),
            (r#"{"id":null}"#, None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<Answer>(json).unwrap().id.as_deref(), id, "{json}");
        }
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        let nothing = read("{}");
        for json in [
            r#"{"name":null,"tags":null,"at":null,"is_test":null,"clicks":null}"#,
            r#"{"name":7,"tags":{},"at":"now","is_test":"maybe","clicks":7.5}"#,
            r#"{"name":{"a":[]},"tags":"x","at":[],"is_test":[],"clicks":{}}"#,
        ] {
            assert_eq!(read(json), nothing, "{json}");
        }
    }
}
