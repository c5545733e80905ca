//! What the record hides: the values of secrets wherever they stand, and never the names of parameters.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use sociogram::api_core::redact::HIDDEN;

/// Parameters and members whose values are secret.
const NAMES: [&str; 8] = [
    "access_token",
    "appsecret_proof",
    "client_secret",
    "fb_exchange_token",
    "input_token",
    "page_access_token",
    "pin",
    "verify_token",
];

/// What may follow a value in a query, a form or JSON text.
const ENDS: [char; 8] = ['&', '"', '\\', '#', ' ', ',', '}', '\r'];

/// The secrets known so far.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Mutex<Vec<String>>);

impl Secrets {
    /// A secret to be hidden from now on.
    pub(crate) fn add(&self, secret: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if secret.len() > 3 && !known.iter().any(|one| one == secret) {
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
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(secret) if NAMES.contains(&name.as_str()) => self.add(secret),
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
        let mut text = known.iter().fold(text.to_owned(), |text, secret| {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            text.replace(secret.as_str(), HIDDEN).replace(&encoded, HIDDEN)
        });
        for name in NAMES {
            for lead in [format!("{name}="), format!("{name}%3D"), format!("\"{name}\":\"")] {
                text = hide_after(&text, &lead);
            }
        }
        text
    }
}

/// Hides what follows `lead`, which begins a name.
fn hide_after(text: &str, lead: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(lead) {
        let (before, after) = rest.split_at(at);
        let value = after.get(lead.len()..).unwrap_or_default();
        out.push_str(before);
        out.push_str(lead);
        let is_name = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let end = value.find(ENDS).into_iter().chain(value.find("%26")).chain(value.find("%22")).min();
        rest = value;
        if is_name && !value.starts_with(HIDDEN) {
            out.push_str(HIDDEN);
            rest = value.get(end.unwrap_or(value.len())..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}
