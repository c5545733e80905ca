//! A hash of JSON that does not change with spacing, escapes or the order of members.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::fields::text;

/// Deeper values are hashed as written. Bounds the work: every level reads the text once more.
const MAX_DEPTH: usize = 32;

/// Hashes one value. Independent of how serde_json is configured by other crates in the build.
pub(crate) fn digest(json: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    match serde_json::from_str(json) {
        Ok(raw) => feed(&mut hash, raw, 0),
        Err(_) => bytes(&mut hash, b'=', json.as_bytes()),
    }
    hash.finalize().into()
}

fn feed(hash: &mut Sha256, raw: &RawValue, depth: usize) {
    match raw.get().as_bytes().first() {
        Some(b'{') if depth < MAX_DEPTH => {
            if let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get()) {
                count(hash, b'{', members.len());
                for (name, value) in members {
                    bytes(hash, b'"', name.as_bytes());
                    feed(hash, value, depth + 1);
                }
                return;
            }
        }
        Some(b'[') if depth < MAX_DEPTH => {
            if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
                count(hash, b'[', items.len());
                for item in items {
                    feed(hash, item, depth + 1);
                }
                return;
            }
        }
        Some(b'"') => {
            if let Some(text) = text(raw) {
                return bytes(hash, b'"', text.as_bytes());
            }
        }
        _ => {}
    }
    bytes(hash, b'=', raw.get().as_bytes());
}

/// A tag and a length in front, so that no two values feed the same bytes.
fn bytes(hash: &mut Sha256, tag: u8, content: &[u8]) {
    count(hash, tag, content.len());
    hash.update(content);
}

fn count(hash: &mut Sha256, tag: u8, count: usize) {
    hash.update([tag]);
    hash.update((count as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> [u8; 32] {
        digest(text)
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(
            of(r#"{"b":["\u00e4\/",1.0,null],"a":{}}"#),
            of("{ \"a\" : { },\n \"b\" : [ \"ä/\", 1.0, null ] }")
        );
    }

    #[test]
    fn content_does() {
        let values = [
            "{}",
            "[]",
            "[[]]",
            "null",
            "\"null\"",
            "1",
            "1.0",
            "\"1\"",
            "\"\"",
            "[\"a\",\"b\"]",
            "[\"ab\"]",
            "{\"a\":\"b\"}",
            "[\"a\",[\"b\"]]",
            "[[\"a\"],\"b\"]",
            "{\"a\":1}",
            "{\"a\":true}",
            "\"\\ud800\"",
        ];
        for (place, left) in values.iter().enumerate() {
            for right in &values[place + 1..] {
                assert_ne!(of(left), of(right), "{left} {right}");
            }
        }
    }

    #[test]
    fn deep_values_are_hashed_without_deep_recursion() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_ne!(of(&deep("1")), of(&deep("2")));
    }
}
