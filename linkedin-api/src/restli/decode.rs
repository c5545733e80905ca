//! Text to values: one pass, no backtracking, bounded depth.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;

use super::encode::EMPTY;
use super::{PARAMS, RestliValue};

/// Deep enough for every targeting expression, shallow enough for every stack.
pub(super) const MAX_DEPTH: usize = 64;

/// Why a text is not a Rest.li value. It holds the place and the reason, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    at: usize,
    reason: &'static str,
}

impl DecodeError {
    /// The place of the mistake, in bytes from the start.
    pub const fn position(&self) -> usize {
        self.at
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a Rest.li value: {} at byte {}", self.reason, self.at)
    }
}

impl std::error::Error for DecodeError {}

/// The id in a header or a result key as plain text. Servers send simple keys raw, reduced or fully
/// encoded; only text with an encoded colon is decoded, so that a raw id is kept to the byte. For compound
/// keys use [`RestliValue::decode`].
///
/// ```
/// use sociogram_linkedin_api::restli::decode_id;
///
/// for sent in ["urn:li:share:1", "urn%3Ali%3Ashare%3A1", "urn%3ali%3ashare%3a1"] {
///     assert_eq!(decode_id(sent), "urn:li:share:1");
/// }
/// assert_eq!(decode_id("100%25"), "100%25");
/// ```
pub fn decode_id(id: &str) -> Cow<'_, str> {
    let encoded = id.as_bytes().windows(3).any(|window| window.eq_ignore_ascii_case(b"%3A"));
    let decoded = if encoded { percent_decode_str(id).decode_utf8().ok() } else { None };
    decoded.unwrap_or(Cow::Borrowed(id))
}

/// A key in one spelling: simple keys plain as by [`decode_id`], complex and compound ones in the full form without
/// `$params`, which say how to read an entity and not which one it is.
pub(crate) fn normal_key(key: &str) -> Cow<'_, str> {
    let compound = |text: &str| match decode(text).ok()? {
        RestliValue::Record(mut fields) => {
            fields.remove(PARAMS);
            Some(RestliValue::Record(fields).encode())
        }
        _ => None,
    };
    let found = if key.starts_with('(') {
        compound(key)
    } else if key.get(..3).is_some_and(|start| start == "%28") {
        // Some gateways encode the structure once more.
        percent_decode_str(key).decode_utf8().ok().and_then(|key| compound(&key))
    } else {
        None
    };
    found.map_or_else(|| decode_id(key), Cow::Owned)
}

pub(super) fn decode(text: &str) -> Result<RestliValue, DecodeError> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    if parser.at < text.len() { Err(parser.error("more text after the value")) } else { Ok(value) }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self, depth: usize) -> Result<RestliValue, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        if self.take('(') {
            return self.record(depth);
        }
        let token = self.token();
        if token == "List" && self.take('(') {
            return self.list(depth);
        }
        self.text(token).map(RestliValue::Text)
    }

    fn list(&mut self, depth: usize) -> Result<RestliValue, DecodeError> {
        let mut values = Vec::new();
        if self.take(')') {
            return Ok(RestliValue::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.take(')') {
                return Ok(RestliValue::List(values));
            }
            self.expect(',', "a list element must be followed by a comma or a closing parenthesis")?;
        }
    }

    fn record(&mut self, depth: usize) -> Result<RestliValue, DecodeError> {
        let mut fields = BTreeMap::new();
        if self.take(')') {
            return Ok(RestliValue::Record(fields));
        }
        loop {
            let token = self.token();
            let key = self.text(token)?;
            if fields.contains_key(&key) {
                return Err(self.error("the same key twice"));
            }
            self.expect(':', "a key must be followed by a colon")?;
            fields.insert(key, self.value(depth + 1)?);
            if self.take(')') {
                return Ok(RestliValue::Record(fields));
            }
            self.expect(',', "a field must be followed by a comma or a closing parenthesis")?;
        }
    }

    /// Everything up to the next structural character.
    fn token(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let token = rest.split(['(', ')', ',', ':']).next().unwrap_or_default();
        self.at += token.len();
        token
    }

    fn text(&self, token: &str) -> Result<String, DecodeError> {
        if token.is_empty() {
            return Err(self.error("nothing where a value or key must be"));
        }
        if token == EMPTY {
            return Ok(String::new());
        }
        if token.contains('\'') {
            return Err(self.error("a bare quote inside text"));
        }
        // A percent sign that starts no escape stays: the reduced form does not encode it.
        let decoded =
            percent_decode_str(token).decode_utf8().map_err(|_| self.error("text that is not UTF-8"))?;
        Ok(decoded.into_owned())
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(c));
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn expect(&mut self, c: char, reason: &'static str) -> Result<(), DecodeError> {
        if self.take(c) { Ok(()) } else { Err(self.error(reason)) }
    }

    const fn error(&self, reason: &'static str) -> DecodeError {
        DecodeError { at: self.at, reason }
    }
}
