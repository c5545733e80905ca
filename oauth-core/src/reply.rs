//! An answer's members, whatever shape they came in.

use std::time::Duration;

use serde_json::{Map, Number, Value};
use sociogram_api_core::Timestamp;

use crate::{Expiry, OAuthError, Reason, ScopeSet};

/// Longer lives are a mistake of the sender: a hundred years.
const MAX_SECONDS: u64 = 100 * 365 * 24 * 3600;
/// Longer ids are none.
const MAX_ID: usize = 255;

/// The members of a JSON object, of the only object in `{"data":[{…}]}` (Instagram), or of a form (Facebook's
/// old token answers, GitHub). Holds secrets, so it is neither printed nor kept.
pub(crate) struct Reply(Map<String, Value>);

impl Reply {
    pub(crate) fn read(body: &[u8]) -> Result<Self, OAuthError> {
        let unreadable =
            |what: &'static str| OAuthError::because(Reason::AnswerNotReadable).with_message(what);
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
        if body.is_empty() {
            return Err(unreadable("the answer is empty"));
        }
        if is_html(body) {
            return Err(OAuthError::because(Reason::AnswerIsHtml));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(unwrap_data(members))),
            Ok(_) => Err(unreadable("the answer is JSON, but no object")),
            Err(_) => form(body).map(Self).ok_or_else(|| unreadable("the answer is neither JSON nor a form")),
        }
    }

    /// Whether it says that something was refused, whatever its status was.
    pub(crate) fn is_refusal(&self) -> bool {
        // Instagram's and Threads' own shape has an `error_type`.
        ["error", "error_type"].iter().any(|name| match self.0.get(*name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Bool(true) | Value::Number(_)) => true,
        })
    }

    /// The member as it is; `null` counts as missing.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// An id: a text, or a number of any size that a JSON reader keeps exactly.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        let id = match self.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) if !number.is_f64() => number.to_string(),
            _ => return None,
        };
        let usable = !id.is_empty() && id.len() <= MAX_ID && !id.contains(char::is_control);
        usable.then_some(id)
    }

    /// A truth value: `true`, `"true"`, `1`.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => number.as_i64().map(|number| number != 0),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A list of scopes: a text with spaces or commas, or a list of texts.
    pub(crate) fn scopes(&self, name: &str) -> Option<ScopeSet> {
        match self.get(name)? {
            Value::String(list) => Some(ScopeSet::parse(list)),
            Value::Array(list) => {
                Some(list.iter().filter_map(Value::as_str).flat_map(ScopeSet::parse).collect())
            }
            _ => None,
        }
    }

    /// A point in time in seconds since 1970; zero and what cannot be read are missing.
    pub(crate) fn time(&self, name: &str) -> Option<Timestamp> {
        let seconds = number(self.get(name)?)?;
        let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
        Some(Timestamp::from_unix_seconds(seconds))
    }

    /// The end of a life in seconds that began at `start`. Zero and nothing mean that the provider does not say.
    pub(crate) fn end(&self, name: &str, start: Timestamp) -> Result<Expiry, OAuthError> {
        let Some(value) =
            self.get(name).filter(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()))
        else {
            return Ok(Expiry::Unknown);
        };
        match number(value) {
            Some(0) => Ok(Expiry::Unknown),
            Some(seconds) if seconds <= MAX_SECONDS => {
                Ok(Expiry::At(start.saturating_add(Duration::from_secs(seconds))))
            }
            _ => Err(OAuthError::because(Reason::LifetimeSenseless)),
        }
    }
}

/// Whether it is a page for people. No answer of a program begins like one.
pub(crate) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

/// A whole number that is not negative, or a text holding one. `5184000.0` is what some writers make of one.
fn number(value: &Value) -> Option<u64> {
    let whole = |number: &Number| {
        number.as_u64().or_else(|| {
            let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
            Duration::try_from_secs_f64(number).ok().map(|duration| duration.as_secs())
        })
    };
    match value {
        Value::Number(number) => whole(number),
        Value::String(text) => text.trim().parse().ok().as_ref().and_then(whole),
        _ => None,
    }
}

fn unwrap_data(mut members: Map<String, Value>) -> Map<String, Value> {
    let inner = match members.get_mut("data") {
        Some(Value::Array(items)) if items.len() == 1 => items.pop(),
        Some(Value::Object(inner)) => Some(Value::Object(std::mem::take(inner))),
        _ => None,
    };
    match inner {
        // Members beside `data` belong to the answer too, an `error` above all.
        Some(Value::Object(inner)) => {
            members.extend(inner);
            members
        }
        _ => members,
    }
}

fn form(body: &[u8]) -> Option<Map<String, Value>> {
    let plain = body.iter().all(u8::is_ascii_graphic);
    let pairs = || form_urlencoded::parse(body);
    let known = |name: &str| matches!(name, "access_token" | "error");
    (plain && pairs().any(|(name, _)| known(&name))).then(|| {
        pairs().map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect()
    })
}

#[cfg(test)]
mod tests;
