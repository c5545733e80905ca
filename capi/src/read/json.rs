//! Strict reading of single JSON members. Numbers keep their text; problems are collected, not thrown.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use sociogram_api_core::{Finding, Timestamp};

use crate::decimal::Decimal;

/// What was wrong so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<Finding>);

/// The members of an object in their order; nothing inside them has been looked at.
#[derive(Debug)]
pub(super) struct Members<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl Problems {
    pub(super) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    fn wrong_type(&mut self, path: &str, raw: &RawValue, allowed: &'static str) {
        self.push(
            Finding::error("capi.json.type", path.to_owned(), "wrong type")
                .measured(kind(raw))
                .allowed(allowed),
        );
    }

    pub(super) fn unknown(&mut self, path: String) {
        self.push(
            Finding::error("capi.json.unknown_member", path, "unknown member")
                .advice("check its spelling; data of your own belongs into custom_data"),
        );
    }

    pub(super) fn missing(&mut self, path: &'static str) {
        self.push(Finding::error("capi.json.missing", path, "missing"));
    }

    /// The members of an object. `path` is empty for the event itself.
    pub(super) fn object<'a>(&mut self, path: &str, raw: &'a RawValue) -> Option<Members<'a>> {
        if !raw.get().starts_with('{') {
            self.wrong_type(path, raw, "an object");
            return None;
        }
        let Ok(members) = members(raw.get()) else {
            self.push(Finding::error(
                "capi.json.text",
                path.to_owned(),
                "a member name has a broken \\u escape",
            ));
            return None;
        };
        let mut seen = HashSet::new();
        for (name, _) in &members {
            if !seen.insert(name.as_str()) {
                self.push(Finding::error("capi.json.duplicate", join(path, name), "given twice"));
            }
        }
        // `null` says the same as leaving the member out.
        let members = members.into_iter().filter(|(_, raw)| raw.get() != "null").collect();
        Some(Members(members))
    }

    pub(super) fn text(&mut self, path: &str, raw: &RawValue) -> Option<String> {
        if !raw.get().starts_with('"') {
            self.wrong_type(path, raw, "text");
            return None;
        }
        let text = serde_json::from_str(raw.get()).ok();
        if text.is_none() {
            self.push(Finding::error("capi.json.text", path.to_owned(), "the text has a broken \\u escape"));
        }
        text
    }

    /// A word of an open enum.
    pub(super) fn word<T: for<'w> From<&'w str>>(&mut self, path: &str, raw: &RawValue) -> Option<T> {
        self.text(path, raw).map(|word| T::from(&word))
    }

    /// An identifier: text, or a whole number.
    pub(super) fn id(&mut self, path: &str, raw: &RawValue) -> Option<String> {
        if raw.get().bytes().all(|b| b.is_ascii_digit()) {
            return Some(raw.get().to_owned());
        }
        if raw.get().starts_with('"') {
            return self.text(path, raw);
        }
        self.wrong_type(path, raw, "text or a whole number");
        None
    }

    pub(super) fn flag(&mut self, path: &str, raw: &RawValue) -> Option<bool> {
        match raw.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.wrong_type(path, raw, "true or false");
                None
            }
        }
    }

    /// `true`, `false`, `1` or `0`.
    pub(super) fn bit(&mut self, path: &str, raw: &RawValue) -> Option<bool> {
        match raw.get() {
            "1" => Some(true),
            "0" => Some(false),
            _ => self.flag(path, raw),
        }
    }

    pub(super) fn whole<T: std::str::FromStr>(&mut self, path: &str, raw: &RawValue) -> Option<T> {
        let number = raw.get().parse().ok();
        if number.is_none() {
            self.wrong_type(path, raw, "a whole number");
        }
        number
    }

    /// A number, or a number as text; its digits are kept.
    pub(super) fn decimal(&mut self, path: &str, raw: &RawValue) -> Option<Decimal> {
        let decimal = if raw.get().starts_with('"') {
            self.text(path, raw).map(|text| Decimal::parse(&text))
        } else {
            Some(Decimal::parse(raw.get()))
        };
        let decimal = decimal?.ok();
        if decimal.is_none() {
            self.wrong_type(path, raw, "a decimal number such as 129.90");
        }
        decimal
    }

    /// The items of a list with the path of each.
    pub(super) fn items<'a>(&mut self, path: &str, raw: &'a RawValue) -> Vec<(String, &'a RawValue)> {
        let items: Option<Vec<&RawValue>> = serde_json::from_str(raw.get()).ok();
        if items.is_none() {
            self.wrong_type(path, raw, "a list");
        }
        let items = items.unwrap_or_default();
        items.into_iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)).collect()
    }

    pub(super) fn list<T>(
        &mut self,
        path: &str,
        raw: &RawValue,
        item: impl Fn(&mut Self, &str, &RawValue) -> Option<T>,
    ) -> Vec<T> {
        self.items(path, raw).into_iter().filter_map(|(path, raw)| item(self, &path, raw)).collect()
    }

    /// Any JSON, to be passed on with its digits and without white space.
    pub(super) fn any(&mut self, path: &str, raw: &RawValue) -> Option<Box<RawValue>> {
        let compact = serde_json::from_str::<Value>(raw.get())
            .ok()
            .and_then(|_| RawValue::from_string(without_white_space(raw.get())).ok());
        if compact.is_none() {
            self.push(
                Finding::error("capi.json.value", path.to_owned(), "it cannot be passed on")
                    .advice("use fewer levels, numbers that fit 64 bits, and whole \\u escapes"),
            );
        }
        compact
    }

    /// Whole seconds.
    pub(super) fn seconds(&mut self, path: &str, raw: &RawValue) -> Option<Timestamp> {
        self.whole(path, raw).map(Timestamp::from_unix_seconds)
    }
}

pub(super) fn join(path: &str, name: &str) -> String {
    // A member name is the sender's text: bounded, and one line.
    let name = sociogram_api_core::redact::sanitize_text(name, 64);
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

fn kind(raw: &RawValue) -> &'static str {
    match raw.get().bytes().next() {
        Some(b'"') => "text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn without_white_space(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_text, mut escaped) = (false, false);
    for c in json.chars() {
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c.is_ascii_whitespace() {
            continue;
        } else {
            in_text = c == '"';
        }
        out.push(c);
    }
    out
}

fn members(json: &str) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    struct Pairs;

    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(json);
    let members = reader.deserialize_map(Pairs)?;
    reader.end()?;
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_goes_only_outside_of_texts() {
        let json = "{ \"a b\" :\t[ 1.50 ,\"x \\\" y\", \"\\\\\" , { } ]\n}";
        assert_eq!(without_white_space(json), r#"{"a b":[1.50,"x \" y","\\",{}]}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null)
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect()))
            ]
        })
    }

    proptest! {
        #[test]
        fn compact_json_means_the_same(value in any_json()) {
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(without_white_space(&pretty), serde_json::to_string(&value).unwrap());
        }
    }
}
