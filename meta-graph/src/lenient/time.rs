//! Times, in all the forms that Meta writes them.

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{Deserializer, IntoDeserializer};
use serde_json::Value;
use sociogram_api_core::Timestamp;

/// `2026-01-02T03:04:05+0000` (with `Z`, `+01:00` or no zone as well), Unix seconds as a number or as text, or a day
/// alone; without a zone it is read as UTC.
pub(crate) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(time_of(&Value::deserialize(from)?))
}

/// The same of a value at hand.
fn time_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => from_text(text.trim()),
        Value::Number(_) => super::int_of(value).map(Timestamp::from_unix_seconds),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Some(Timestamp::from_unix_seconds(seconds));
    }
    let Some((day, clock)) = text.split_once(['T', ' ']) else { return parse(&format!("{text}T00:00:00Z")) };
    let zoned = clock.contains(['Z', 'z', '+', '-']);
    parse(&format!("{day}T{clock}{}", if zoned { "" } else { "Z" }))
}

fn parse(text: &str) -> Option<Timestamp> {
    let text: StrDeserializer<'_, Error> = text.into_deserializer();
    Timestamp::deserialize(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_forms_are_read() {
        for (value, seconds) in [
            (json!("2026-01-02T03:04:05+0000"), Some(1_767_323_045)),
            (json!("2026-01-02T03:04:05Z"), Some(1_767_323_045)),
            (json!("2026-01-02T03:04:05.000Z"), Some(1_767_323_045)),
            (json!("2026-01-02T04:04:05+01:00"), Some(1_767_323_045)),
            (json!("2026-01-01T20:04:05-0700"), Some(1_767_323_045)),
            (json!("2026-01-02T03:04:05"), Some(1_767_323_045)),
            (json!("2026-01-02 03:04:05"), Some(1_767_323_045)),
            (json!("2026-01-02T03:04+0000"), Some(1_767_323_040)),
            (json!("2026-01-02"), Some(1_767_312_000)),
            (json!(1_767_323_045), Some(1_767_323_045)),
            (json!("1767323045"), Some(1_767_323_045)),
            (json!(0), Some(0)),
            (json!("2026-13-02"), None),
            (json!("2026-02-30T00:00:00+0000"), None),
            (json!("soon"), None),
            (json!(""), None),
            (json!(null), None),
            (json!(true), None),
            (json!({"time": 1}), None),
        ] {
            let expected = seconds.map(Timestamp::from_unix_seconds);
            assert_eq!(time_of(&value), expected, "{value}");
        }
    }

    #[test]
    fn a_bad_time_costs_only_itself() {
        #[derive(Deserialize)]
        struct Holder {
            id: u8,
            #[serde(default, deserialize_with = "time")]
            at: Option<Timestamp>,
        }
        for json in [r#"{"id":1}"#, r#"{"id":1,"at":null}"#, r#"{"id":1,"at":[]}"#] {
            let holder: Holder = serde_json::from_str(json).unwrap();
            assert_eq!((holder.id, holder.at), (1, None));
        }
    }
}
