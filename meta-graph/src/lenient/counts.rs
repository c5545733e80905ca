//! Numbers, flags and inner lists of objects.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

/// How many, as a number or as text; `None` when it is negative or no number.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(super::int_of(&Value::deserialize(from)?).and_then(|count| count.try_into().ok()))
}

/// A flag that may be missing, as a boolean, as text or as 0 and 1.
pub(crate) fn yes_or_no<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(super::bool_of(&Value::deserialize(from)?))
}

/// A number that may have a fraction and a sign, as a number or as text.
pub(crate) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number: &f64| number.is_finite()))
}

/// The items of an edge asked for as a field: `{"data":[…]}` or the bare list, without the items of another shape.
pub(crate) fn edge<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    let mut value = Value::deserialize(from)?;
    let items = match value.get_mut("data") {
        Some(data) => data.take(),
        None => value,
    };
    Ok(match items {
        Value::Array(items) => items.into_iter().filter_map(|item| T::deserialize(item).ok()).collect(),
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Holder {
        #[serde(default, deserialize_with = "count")]
        count: Option<u64>,
        #[serde(default, deserialize_with = "yes_or_no")]
        yes: Option<bool>,
        #[serde(default, deserialize_with = "number")]
        number: Option<f64>,
        #[serde(default, deserialize_with = "edge")]
        edge: Vec<u8>,
    }

    #[test]
    fn every_known_form_is_read_and_others_are_missing() {
        for (value, count, yes, number, edge) in [
            (
                json!({ "count": 7, "yes": true, "number": -1.5, "edge": {"data": [1, "x", 2]} }),
                Some(7),
                Some(true),
                Some(-1.5),
                vec![1, 2],
            ),
            (
                json!({ "count": "7", "yes": "false", "number": "2", "edge": [3] }),
                Some(7),
                Some(false),
                Some(2.0),
                vec![3],
            ),
            (json!({ "count": -1, "yes": "maybe", "number": "NaN", "edge": 5 }), None, None, None, vec![]),
            (json!({}), None, None, None, vec![]),
            (json!({ "count": null, "yes": null, "number": null, "edge": null }), None, None, None, vec![]),
        ] {
            let read: Holder = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(read, Holder { count, yes, number, edge }, "{value}");
        }
    }
}
