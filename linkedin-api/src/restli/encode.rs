//! Values to text.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::RestliValue;

/// How much is percent-encoded inside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// All but the unreserved characters of RFC 3986.
    Full,
    /// Only the characters that have a meaning in the structure.
    Reduced,
}

const FULL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Empty text needs a form of its own, because nothing at all is not a value.
pub(super) const EMPTY: &str = "''";

pub(super) fn encode(value: &RestliValue, mode: Mode) -> String {
    let mut out = String::new();
    write(value, mode, &mut out);
    out
}

/// Percent-encodes text for a query name or value.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    write_text(text, Mode::Full, &mut out);
    out
}

/// Percent-encodes what could leave a projection mask; its own punctuation stays bare.
pub(super) fn mask(mask: &str) -> String {
    const MASK: &AsciiSet =
        &FULL.remove(b',').remove(b'(').remove(b')').remove(b':').remove(b'$').remove(b'*');
    utf8_percent_encode(mask, MASK).to_string()
}

fn write(value: &RestliValue, mode: Mode, out: &mut String) {
    match value {
        RestliValue::Text(text) => write_text(text, mode, out),
        // Writing to a String cannot fail.
        RestliValue::Integer(number) => drop(write!(out, "{number}")),
        // `Display` of f64 never uses an exponent, so there is no `+` to escape.
        RestliValue::Float(number) => drop(write!(out, "{}", number.get())),
        RestliValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        RestliValue::List(values) => {
            out.push_str("List(");
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(value, mode, out);
            }
            out.push(')');
        }
        RestliValue::Record(fields) => {
            out.push('(');
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(key, mode, out);
                out.push(':');
                write(value, mode, out);
            }
            out.push(')');
        }
    }
}

fn write_text(text: &str, mode: Mode, out: &mut String) {
    if text.is_empty() {
        out.push_str(EMPTY);
        return;
    }
    match mode {
        Mode::Full => out.extend(utf8_percent_encode(text, FULL)),
        Mode::Reduced => {
            for c in text.chars() {
                match c {
                    ',' => out.push_str("%2C"),
                    '(' => out.push_str("%28"),
                    ')' => out.push_str("%29"),
                    '\'' => out.push_str("%27"),
                    ':' => out.push_str("%3A"),
                    c => out.push(c),
                }
            }
        }
    }
}
