//! Lenient reading of one JSON object: what is not understood is absent, never an error.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::EventTime;

/// The members of one object, each still unread.
pub(crate) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// `None` when the value is no object.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok().map(Self)).flatten()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The value of a member; `null` counts as absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied().filter(|value| value.get() != "null")
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        text(self.raw(name)?)
    }

    /// An id, sent as text or as a whole number.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        id(self.raw(name)?)
    }

    /// Ids or links in a list; what is none of them is left out.
    pub(crate) fn ids(&self, name: &str) -> Vec<String> {
        self.raw(name).and_then(list).unwrap_or_default().into_iter().filter_map(id).collect()
    }

    /// A time in seconds or milliseconds, sent as a number or as text.
    pub(crate) fn time(&self, name: &str) -> Option<EventTime> {
        EventTime::guess(self.id(name)?.parse().ok()?)
    }

    /// A flag, sent as `true`, `1` or text of either.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.raw(name)?.get().trim_matches('"') {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn object(&self, name: &str) -> Option<Fields<'a>> {
        Fields::of(self.raw(name)?)
    }
}

/// The text of a JSON string.
pub(crate) fn text(raw: &RawValue) -> Option<String> {
    raw.get().starts_with('"').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

/// The items of a JSON array, each still unread.
pub(crate) fn list(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

fn id(raw: &RawValue) -> Option<String> {
    let number = raw.get();
    if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        // The digits as sent: an id may be longer than any integer type.
        return Some(number.to_owned());
    }
    text(raw).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: &str = r#"{"s":"t\u00e4xt","empty":"","n":12345678901234567890123,"neg":-5,"float":1.5,"exp":1e3,
        "null":null,"t":1712000000,"ts":"1712000000123","tf":1712000000.5,"tt":"2024-04-01T00:00:00Z",
        "yes":true,"one":1,"no":"0","maybe":"x","list":["a",1,null,{},2.5,"b"],"o":{"id":7},"bad":"\ud800"}"#;

    fn with<T>(read: impl FnOnce(&Fields<'_>) -> T) -> T {
        read(&Fields::of(serde_json::from_str(OBJECT).unwrap()).unwrap())
    }

    #[test]
    fn each_type_is_read_or_absent() {
        with(|fields| {
            assert_eq!(fields.text("s").as_deref(), Some("täxt"));
            assert_eq!(fields.text("n"), None);
            assert_eq!(fields.text("bad"), None);
            assert_eq!(fields.raw("null").map(RawValue::get), None);
            assert_eq!(fields.id("n").as_deref(), Some("12345678901234567890123"));
            assert_eq!(fields.id("neg").as_deref(), Some("-5"));
            for name in ["empty", "float", "exp", "null", "yes", "o", "list", "bad", "absent"] {
                assert_eq!(fields.id(name), None, "{name}");
            }
            assert_eq!(fields.time("t").unwrap().as_unix_millis(), 1_712_000_000_000);
            assert_eq!(fields.time("ts").unwrap().as_unix_millis(), 1_712_000_000_123);
            for name in ["tf", "tt", "neg", "n"] {
                assert_eq!(fields.time(name), None, "{name}");
            }
            assert_eq!(
                ["yes", "one", "no", "maybe"].map(|name| fields.flag(name)),
                [Some(true), Some(true), Some(false), None]
            );
            assert_eq!(fields.ids("list"), ["a", "1", "b"]);
            assert_eq!(fields.object("o").unwrap().id("id").as_deref(), Some("7"));
            assert!(fields.object("s").is_none());
        });
    }

    #[test]
    fn what_is_no_object_has_no_fields() {
        for text in ["1", "[]", "null", "\"{}\""] {
            let raw: Box<RawValue> = serde_json::from_str(text).unwrap();
            assert!(Fields::of(&raw).is_none(), "{text}");
        }
    }
}
