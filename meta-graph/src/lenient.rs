//! Reading JSON that is not always as documented: numbers as text, ids as numbers, lists with a bad item.
//! A field of an unexpected shape reads as missing, so it never costs the object it stands in.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::AccessToken;

mod counts;
mod texts;
mod time;

pub(crate) use counts::{count, edge, number, yes_or_no};
pub(crate) use texts::{summary, text};
pub(crate) use time::time;

/// Any type, `None` where the value has another shape.
pub(crate) fn or_none<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(Value::deserialize(from)?).ok())
}

/// A token; empty text is none.
pub(crate) fn access_token<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AccessToken>, D::Error> {
    let text: Option<String> = or_none(from)?;
    Ok(text.filter(|token| !token.is_empty()).map(AccessToken::new))
}

/// A list without the items that have another shape.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items.into_iter().filter_map(|item| T::deserialize(item).ok()).collect(),
        _ => Vec::new(),
    })
}

/// A flag: `true`, `"true"`, `1`, `"1"`; everything else is `false`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(bool_of(&Value::deserialize(from)?) == Some(true))
}

/// Unix seconds as a number or as text.
pub(crate) fn unix_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(int_of(&Value::deserialize(from)?).map(Timestamp::from_unix_seconds))
}

/// A whole number, as a number (a fraction is cut off) or as text.
pub(crate) fn int_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number that is not negative, as a number or as text.
pub(crate) fn amount_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Text, or a number as text. Empty text is none.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A flag as a boolean, as text or as 0 and 1.
pub(crate) fn bool_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text == "true" || text == "1" => Some(true),
        Value::String(text) if text == "false" || text == "0" => Some(false),
        Value::Number(number) => match number.as_i64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        _ => None,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the range is checked, and cutting the fraction is wanted"
)]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.abs() <= EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_may_be_text() {
        for (value, expected) in [
            (json!(5), Some(5)),
            (json!("5"), Some(5)),
            (json!(" -5 "), Some(-5)),
            (json!(5.9), Some(5)),
            (json!("5.9"), None),
            (json!(1e300), None),
            (json!(true), None),
            (json!(null), None),
        ] {
            assert_eq!(int_of(&value), expected, "{value}");
        }
        for (value, expected) in
            [(json!(9.67), Some(9.67)), (json!("28"), Some(28.0)), (json!(-1), None), (json!("NaN"), None)]
        {
            assert_eq!(amount_of(&value), expected, "{value}");
        }
    }

    #[test]
    fn flags_may_be_text() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!("false"), Some(false)),
            (json!("1"), Some(true)),
            (json!(0), Some(false)),
            (json!(2), None),
            (json!("yes"), None),
        ] {
            assert_eq!(bool_of(&value), expected, "{value}");
        }
    }

    #[test]
    fn a_bad_item_costs_only_itself() {
        #[derive(Deserialize)]
        struct Holder {
            #[serde(deserialize_with = "list")]
            numbers: Vec<u8>,
            #[serde(default, deserialize_with = "or_none")]
            name: Option<String>,
        }
        let holder: Holder = serde_json::from_str(r#"{"numbers":[1,"x",300,2],"name":{"odd":1}}"#).unwrap();
        assert_eq!((holder.numbers, holder.name), (vec![1, 2], None));
    }
}
