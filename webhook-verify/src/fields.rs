//! Lenient reading of one JSON object: what is not understood is absent, never an error.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::EventTime;

/// The members of one object as they were sent, each still unread. Objects of the platforms are small: looking for a
/// name from the end is faster than a map, and of a name that was sent twice the last one counts.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A member's name, borrowed where it holds no escapes.
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut members = Vec::with_capacity(12);
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Fields(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl<'a> Fields<'a> {
    /// `None` when the value is no object.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok()).flatten()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The value of a member; `null` counts as absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().rev().find(|(member, _)| member == name);
        found.map(|(_, value)| *value).filter(|value| value.get() != "null")
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
        time(self.raw(name)?)
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

    /// The objects of a list; what is none is left out. One object in place of the list counts as its only item.
    pub(crate) fn objects(&self, name: &str) -> impl Iterator<Item = Fields<'a>> {
        self.raw(name).map(items).unwrap_or_default().into_iter().filter_map(Fields::of)
    }

    /// The JSON of a member, as it was sent.
    pub(crate) fn json(&self, name: &str) -> Option<Box<str>> {
        self.raw(name).map(|value| value.get().into())
    }

    /// A value of an open enum of the wire.
    pub(crate) fn choice<T: for<'t> From<&'t str>>(&self, name: &str) -> Option<T> {
        plain(self.raw(name)?).map(|text| T::from(&text))
    }

    /// A decimal number as it was sent, as a number or as text.
    pub(crate) fn decimal(&self, name: &str) -> Option<String> {
        let value = self.raw(name)?;
        let is_number = value.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if is_number { Some(value.get().to_owned()) } else { text(value).filter(|text| !text.is_empty()) }
    }

    /// A number, sent as a number or as text.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        let value = self.raw(name)?;
        if value.get().starts_with('"') { text(value)?.parse().ok() } else { value.get().parse().ok() }
    }
}

/// The text of a JSON string, borrowed where it holds no escapes.
pub(crate) fn plain(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    // What was sent is valid JSON: without a backslash the text is what stands between the quotes.
    if inner.as_bytes().contains(&b'\\') {
        return serde_json::from_str(raw.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// The text of a JSON string.
pub(crate) fn text(raw: &RawValue) -> Option<String> {
    plain(raw).map(Cow::into_owned)
}

/// The items of a JSON array, each still unread.
pub(crate) fn list(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok()).flatten()
}

/// The items of a list; anything else counts as its own only item, to be judged like one.
pub(crate) fn items(value: &RawValue) -> Vec<&RawValue> {
    list(value).unwrap_or_else(|| vec![value])
}

/// A time in seconds or milliseconds, sent as a number or as text.
pub(crate) fn time(raw: &RawValue) -> Option<EventTime> {
    EventTime::guess(id_text(raw)?.parse().ok()?)
}

/// An id, sent as text or as a whole number.
pub(crate) fn id(raw: &RawValue) -> Option<String> {
    id_text(raw).map(Cow::into_owned)
}

/// The same, borrowed where it holds no escapes.
pub(crate) fn id_text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let number = raw.get();
    if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        // The digits as sent: an id may be longer than any integer type.
        return Some(Cow::Borrowed(number));
    }
    plain(raw).filter(|text| !text.is_empty())
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
