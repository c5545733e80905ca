//! JSON to values.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::MAX_DEPTH;
use super::{FiniteFloat, RestliValue};

/// Why a JSON text is not a Rest.li value. It holds the reason, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError(&'static str);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for JsonError {}

const BROKEN: JsonError = JsonError("not JSON");
const TWICE: JsonError = JsonError("an object has the same member twice");

pub(super) fn read(text: &str) -> Result<RestliValue, JsonError> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| BROKEN)?;
    value(raw, 0)
}

/// Numbers are taken from the text itself, because JSON libraries round large ones.
fn value(raw: &RawValue, depth: usize) -> Result<RestliValue, JsonError> {
    if depth > MAX_DEPTH {
        return Err(JsonError("nested deeper than 64 levels"));
    }
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: Fields<'_> = serde_json::from_str(text).map_err(|error| {
                // The only error of data that an object of raw values can have.
                if error.is_data() { TWICE } else { BROKEN }
            })?;
            let fields = fields.0.into_iter().map(|(key, field)| Ok((key, value(field, depth + 1)?)));
            fields.collect::<Result<_, _>>().map(RestliValue::Record)
        }
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| BROKEN)?;
            let values = values.into_iter().map(|element| value(element, depth + 1));
            values.collect::<Result<_, _>>().map(RestliValue::List)
        }
        Some(b'"') => serde_json::from_str(text).map(RestliValue::Text).map_err(|_| BROKEN),
        Some(b't') => Ok(RestliValue::Bool(true)),
        Some(b'f') => Ok(RestliValue::Bool(false)),
        Some(b'n') => Err(JsonError("null has no form in Rest.li; leave the member out")),
        _ => number(text),
    }
}

fn number(text: &str) -> Result<RestliValue, JsonError> {
    if !text.contains(['.', 'e', 'E']) {
        return Ok(text.parse().map_or_else(|_| RestliValue::Text(text.to_owned()), RestliValue::Integer));
    }
    let float = text.parse().ok().and_then(FiniteFloat::new);
    float.map(RestliValue::Float).ok_or(JsonError("a number is too large"))
}

/// The members of an object, each once.
struct Fields<'t>(BTreeMap<String, &'t RawValue>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((key, field)) = members.next_entry()? {
                    if fields.insert(key, field).is_some() {
                        return Err(A::Error::custom("twice"));
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_all_their_digits() {
        for (json, encoded) in [
            ("0", "0"),
            ("-0", "0"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9223372036854775808"),
            ("-123456789012345678901234567890", "-123456789012345678901234567890"),
            ("2.50", "2.5"),
            ("1e3", "1000"),
            ("1e-7", "0.0000001"),
            ("-0.0", "-0"),
        ] {
            assert_eq!(RestliValue::from_json(json).unwrap().encode(), encoded, "{json}");
        }
    }

    #[test]
    fn what_has_no_form_is_refused() {
        for (json, reason) in [
            ("null", "null has no form in Rest.li; leave the member out"),
            (r#"{"a":[1,null]}"#, "null has no form in Rest.li; leave the member out"),
            ("1e999", "a number is too large"),
            (r#"{"a":1,"a":2}"#, "an object has the same member twice"),
            ("", "not JSON"),
            ("{", "not JSON"),
            ("1 2", "not JSON"),
            ("nul", "not JSON"),
            (r#""\ud800""#, "not JSON"),
        ] {
            assert_eq!(RestliValue::from_json(json).unwrap_err().to_string(), reason, "{json}");
        }
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(RestliValue::from_json(&nested(64)).is_ok());
        assert!(RestliValue::from_json(&nested(65)).is_err());
    }
}
