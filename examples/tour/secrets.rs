//! What the record hides: the values of secrets wherever they stand, and never the names of parameters.
//!
//! Two ways, because neither is enough: secrets that are known are hidden wherever they stand, and what stands behind
//! the name of a secret is hidden whether or not it is known. Text is looked at as it was sent, so that the rest of it
//! stays as it was: a batch is JSON in a form, with queries in its JSON and encoded once more in those.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use sociogram::api_core::redact::HIDDEN;

/// Parameters and members whose values are secret, besides those that [`is_secret`] tells by their endings.
const NAMES: [&str; 5] = ["code_verifier", "password", "pin", "sig", "uploadToken"];

/// Secrets in queries and forms only: elsewhere a `code` is a language, a currency or a coupon. `ut` signs the addresses
/// that LinkedIn takes files at.
const PARAMETERS: [&str; 2] = ["code", "ut"];

/// The ends of the names of secrets: `access_token`, `fb_exchange_token`, `client_secret`, `appsecret_proof`, …
const ENDINGS: [&str; 3] = ["token", "secret", "_proof"];

/// Spaces, as JSON and forms have them.
const SPACES: [char; 5] = [' ', '\n', '\r', '\t', '+'];

/// Shorter text is not taken for a secret when it is found in an answer: it would be hidden in other words.
const SHORTEST: usize = 8;

/// Whether the value under this name is secret.
pub(crate) fn is_secret(name: &str) -> bool {
    NAMES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The secrets known so far.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Mutex<Vec<String>>);

impl Secrets {
    /// A secret to be hidden from now on.
    pub(crate) fn add(&self, secret: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if secret.len() >= SHORTEST && !known.iter().any(|one| one == secret) {
            known.push(secret.to_owned());
            // The longest first: one secret may be a part of another.
            known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
    }

    /// Remembers the secrets of an answer.
    pub(crate) fn learn(&self, answer: &[u8]) {
        if let Ok(answer) = serde_json::from_slice(answer) {
            self.learn_value(&answer);
        }
    }

    fn learn_value(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn_value(item)),
            // The answer of an item of a batch is JSON in a text.
            Value::String(text) if text.starts_with(['{', '[']) => self.learn(text.as_bytes()),
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(secret) if is_secret(name) => self.add(secret),
                        other => self.learn_value(other),
                    }
                }
            }
            _ => {}
        }
    }

    /// The text without the secrets in it.
    pub(crate) fn hide(&self, text: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = known.iter().fold(text.to_owned(), |text, secret| {
            spellings(secret).iter().fold(text, |text, spelling| text.replace(spelling, HIDDEN))
        });
        hide_named(&text)
    }
}

/// The secret as it stands in text, and in text that is encoded up to three times.
fn spellings(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    for _ in 0..3 {
        let last = all.last().map_or("", String::as_str);
        let encoded: String = form_urlencoded::byte_serialize(last.as_bytes()).collect();
        if encoded == last {
            break;
        }
        all.push(encoded.replace('+', "%20"));
    }
    all
}

/// A character, and how it is written.
#[derive(Clone, Copy)]
struct Symbol {
    what: char,
    /// How often it is percent-encoded.
    depth: usize,
    /// Its length in the text, in bytes.
    len: usize,
}

/// The first character of the text: `%2522` is a quote that was encoded twice.
fn symbol(text: &str) -> Option<Symbol> {
    let first = text.chars().next()?;
    let plain = Symbol { what: first, depth: 0, len: first.len_utf8() };
    let Some(mut rest) = text.strip_prefix('%') else { return Some(plain) };
    let mut depth = 1;
    while let Some(inner) = rest.strip_prefix("25").filter(|inner| hex(inner).is_some()) {
        rest = inner;
        depth += 1;
    }
    let Some(byte) = hex(rest) else { return Some(plain) };
    Some(Symbol { what: char::from(byte), depth, len: text.len() - rest.len() + 2 })
}

fn hex(text: &str) -> Option<u8> {
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// Hides what stands behind the names of secrets.
fn hide_named(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = symbol(rest) {
        let name = word(rest);
        let taken = if name.is_empty() { first.len } else { name.len() };
        let (before, after) = rest.split_at(taken);
        out.push_str(before);
        rest = after;
        if let Some((lead, secret)) = secret_after(name, after) {
            out.push_str(after.get(..lead).unwrap_or_default());
            out.push_str(HIDDEN);
            rest = after.get(lead + secret..).unwrap_or_default();
        }
    }
    out
}

/// The letters, digits and `_` that the text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// What follows a name: how long the text before its secret is, and how long the secret.
fn secret_after(name: &str, text: &str) -> Option<(usize, usize)> {
    let mut lead = Reader { text, at: 0 };
    if (is_secret(name) || PARAMETERS.contains(&name))
        && let Some(equals) = lead.take(&['='])
    {
        let ends = |found: Symbol| {
            found.depth <= equals.depth && (found.what.is_whitespace() || "&#\"\\'".contains(found.what))
        };
        return lead.until(ends);
    }
    if !is_secret(name) {
        return None;
    }
    // The member of an object: a quote, a colon, and a text or a number.
    lead.skip(&['\\']);
    lead.take(&['"'])?;
    lead.skip(&SPACES);
    lead.take(&[':'])?;
    lead.skip(&SPACES);
    let escapes = lead.skip(&['\\']);
    if let Some(quote) = lead.take(&['"']) {
        let start = lead.at;
        return Some((start, lead.text_before(quote, escapes))).filter(|(_, secret)| *secret > 0);
    }
    let number = |found: Symbol| !found.what.is_ascii_digit();
    lead.until(number)
}

/// Goes through a text symbol by symbol.
#[derive(Clone, Copy)]
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<Symbol> {
        symbol(self.text.get(self.at..)?)
    }

    /// Goes on if one of these comes next.
    fn take(&mut self, wanted: &[char]) -> Option<Symbol> {
        let found = self.peek().filter(|found| wanted.contains(&found.what))?;
        self.at += found.len;
        Some(found)
    }

    /// Goes past all of these, and counts them.
    fn skip(&mut self, unwanted: &[char]) -> usize {
        std::iter::from_fn(|| self.take(unwanted)).count()
    }

    /// From here to the first symbol that ends it, unless that is nothing.
    fn until(mut self, ends: impl Fn(Symbol) -> bool) -> Option<(usize, usize)> {
        let start = self.at;
        while let Some(found) = self.peek().filter(|found| !ends(*found)) {
            self.at += found.len;
        }
        (self.at > start).then_some((start, self.at - start))
    }

    /// How long a text is that ends with a quote like the one it began with, which had so many backslashes before it.
    fn text_before(mut self, quote: Symbol, escapes: usize) -> usize {
        let start = self.at;
        loop {
            let slashes_at = self.at;
            let slashes = self.skip(&['\\']);
            match self.peek() {
                Some(found) if found.what == '"' && found.depth <= quote.depth && slashes <= escapes => {
                    return slashes_at - start;
                }
                Some(found) => self.at += found.len,
                None => return self.at - start,
            }
        }
    }
}
