//! Texts that may be numbers, and what an edge says about itself.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

/// Text, or a number as text; empty text is none.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(super::text_of(&Value::deserialize(from)?))
}

/// The `summary` of an edge asked for as a field: `{"data":[…],"summary":{…}}`.
pub(crate) fn summary<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let mut value = Value::deserialize(from)?;
    Ok(value.get_mut("summary").and_then(|summary| T::deserialize(summary.take()).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Holder {
        #[serde(default, deserialize_with = "text")]
        text: Option<String>,
        #[serde(default, deserialize_with = "summary")]
        edge: Option<u8>,
    }

    #[test]
    fn odd_shapes_are_missing() {
        for (json, text, edge) in [
            (r#"{"text":"a","edge":{"data":[],"summary":7}}"#, Some("a"), Some(7)),
            (r#"{"text":15,"edge":{"data":[]}}"#, Some("15"), None),
            (r#"{"text":"","edge":{"summary":"many"}}"#, None, None),
            (r#"{"text":[],"edge":[]}"#, None, None),
            ("{}", None, None),
        ] {
            let holder: Holder = serde_json::from_str(json).unwrap();
            assert_eq!((holder.text.as_deref(), holder.edge), (text, edge), "{json}");
        }
    }
}
