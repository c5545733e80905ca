//! Values to text.

use std::io::Write as _;

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

/// What is written for each byte: its escape, or zeros where it stays as it is.
type Escapes = [[u8; 3]; 256];

static FULL: Escapes = escapes(Mode::Full);
static REDUCED: Escapes = escapes(Mode::Reduced);

/// One answer for all bytes that are not ASCII, so that no character is cut.
#[allow(clippy::indexing_slicing, reason = "evaluated when compiling")]
const fn escapes(mode: Mode) -> Escapes {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut escapes = [KEPT; 256];
    let mut byte = 0u8;
    loop {
        let kept = match mode {
            Mode::Full => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'),
            Mode::Reduced => !matches!(byte, b',' | b'(' | b')' | b'\'' | b':'),
        };
        if !kept {
            escapes[byte as usize] = [b'%', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]];
        }
        if byte == u8::MAX {
            return escapes;
        }
        byte += 1;
    }
}

const KEPT: [u8; 3] = [0; 3];

/// Empty text needs a form of its own, because nothing at all is not a value.
pub(super) const EMPTY: &str = "''";

pub(super) fn encode(value: &RestliValue, mode: Mode) -> String {
    // Room for most keys and parameters at once.
    let mut out = Vec::with_capacity(128);
    write(value, of(mode), &mut out);
    text_of(out)
}

/// Percent-encodes text for a query name or value.
pub(crate) fn text(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    write_text(text, &FULL, &mut out);
    text_of(out)
}

const fn of(mode: Mode) -> &'static Escapes {
    match mode {
        Mode::Full => &FULL,
        Mode::Reduced => &REDUCED,
    }
}

/// Whole characters in, whole characters out, so this cannot fail.
fn text_of(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap_or_default()
}

/// Percent-encodes what could leave a projection mask; its own punctuation stays bare.
pub(super) fn mask(mask: &str) -> String {
    const MASK: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b',')
        .remove(b'(')
        .remove(b')')
        .remove(b':')
        .remove(b'$')
        .remove(b'*');
    utf8_percent_encode(mask, MASK).to_string()
}

fn write(value: &RestliValue, escapes: &Escapes, out: &mut Vec<u8>) {
    match value {
        RestliValue::Text(text) => write_text(text, escapes, out),
        RestliValue::Integer(number) => write_integer(*number, out),
        // `Display` of f64 never uses an exponent, so there is no `+` to escape. Writing to memory cannot fail.
        RestliValue::Float(number) => drop(write!(out, "{}", number.get())),
        RestliValue::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        RestliValue::List(values) => {
            out.extend_from_slice(b"List(");
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(value, escapes, out);
            }
            out.push(b')');
        }
        RestliValue::Record(fields) => {
            out.push(b'(');
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_text(key, escapes, out);
                out.push(b':');
                write(value, escapes, out);
            }
            out.push(b')');
        }
    }
}

/// Decimal, without the cost of the formatting machinery.
fn write_integer(number: i64, out: &mut Vec<u8>) {
    if number < 0 {
        out.push(b'-');
    }
    let mut rest = number.unsigned_abs();
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    for digit in digits.iter_mut().rev() {
        // One digit at a time, so it fits.
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        first -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// Copies runs that stay as they are whole.
fn write_text(text: &str, escapes: &Escapes, out: &mut Vec<u8>) {
    if text.is_empty() {
        out.extend_from_slice(EMPTY.as_bytes());
        return;
    }
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let Some(escape) = escapes.get(usize::from(*byte)).filter(|escape| **escape != KEPT) else {
            continue;
        };
        if from < at {
            out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        }
        out.extend_from_slice(escape);
        from = at + 1;
    }
    if from < bytes.len() {
        out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    }
}
