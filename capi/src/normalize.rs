//! From what a customer typed to what can be matched.

mod canonical;
mod countries;
mod person;
mod phone;
mod place;
mod python;
mod regions;
#[cfg(test)]
mod tests;
mod unicode;
mod user;

use std::fmt;

use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

use crate::field::Field;
use crate::hashed::sha256_hex;

pub(crate) use user::{NormalizedUser, Rules};

/// Which rules turn a plain value into the text that is hashed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// This crate's documented form: follows Meta's documentation, and where that is silent, keeps what
    /// every writing system needs.
    #[default]
    Canonical,
    /// What Meta's Python SDK (`facebook_business` 26.0.3) produces, value by value, its oddities included:
    /// for match keys that must equal those of an older Python sender.
    PythonCompat,
}

/// What some values need to know besides themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    now: Option<Timestamp>,
    country: Option<&'a str>,
    calling_code: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self { now: None, country: None, calling_code: None }
    }

    /// The current time: dates of birth after it are refused.
    pub const fn now(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The customer's country, a two-letter code in lower case: decides how states and postal codes are
    /// read.
    pub const fn country(mut self, country: &'a str) -> Self {
        self.country = Some(country);
        self
    }

    /// The calling code (digits only, such as `49`) of phone numbers that were written without one.
    pub const fn calling_code(mut self, digits: &'a str) -> Self {
        self.calling_code = Some(digits);
        self
    }
}

/// A value in the form that is sent. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Normalized {
    text: String,
    hash: Option<String>,
    warnings: Vec<Finding>,
}

impl Normalized {
    /// The normalised text; for a value that was recognised as already hashed, the digest.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The digest, if the field is hashed.
    pub fn sha256(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// What is written into the request.
    pub fn wire(&self) -> &str {
        self.hash.as_deref().unwrap_or(&self.text)
    }

    /// What was odd about the value, though it is usable.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }
}

impl fmt::Debug for Normalized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Normalized").field("warnings", &self.warnings).finish_non_exhaustive()
    }
}

/// Normalises one value, and hashes it where the field is hashed. `None` when there is nothing to send:
/// the value is empty.
///
/// [`prepare`](crate::prepare()) does this for whole events; call this to look at a single value.
///
/// ```
/// use sociogram_capi::{Context, Field, Mode, normalize};
///
/// let name = normalize(Mode::Canonical, Field::FirstName, " O’Connor ", &Context::new())?.unwrap();
/// assert_eq!(name.text(), "oconnor");
/// let name = normalize(Mode::PythonCompat, Field::FirstName, " O’Connor ", &Context::new())?.unwrap();
/// assert_eq!(name.text(), "o’connor");
///
/// let refused = normalize(Mode::Canonical, Field::Email, "maria at example.com", &Context::new());
/// assert_eq!(refused.unwrap_err().findings()[0].rule(), "capi.email");
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
///
/// # Errors
///
/// A finding of severity error that names the field and the rule, never the value.
pub fn normalize(
    mode: Mode,
    field: Field,
    value: &str,
    context: &Context<'_>,
) -> Result<Option<Normalized>, InvalidRequest> {
    let path = || format!("{}.{field}", field.parent());
    let (mut notes, mut text) = (Vec::new(), String::new());
    let hash =
        match step(mode, field, value, context, &mut notes, &mut text).map_err(|why| why.error(path()))? {
            Step::Omit => return Ok(None),
            Step::AsIs(same) => {
                text.push_str(same);
                None
            }
            Step::Ready => field.is_hashed().then(|| text.clone()),
            Step::Text => field.is_hashed().then(|| sha256_hex(&text)),
        };
    let warnings = notes.into_iter().map(|note| note.warning(path())).collect();
    Ok(Some(Normalized { text, hash, warnings }))
}

/// What became of a value, beside the text that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'v> {
    /// There is nothing to send.
    Omit,
    /// This part of the value is sent, and nothing was written.
    AsIs(&'v str),
    /// The text is normalised; it is hashed next if the field is hashed.
    Text,
    /// The text is sent as it is: it was recognised as a digest.
    Ready,
}

/// Something about a value, without the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Remark {
    rule: &'static str,
    message: &'static str,
    advice: &'static str,
}

impl Remark {
    const fn new(rule: &'static str, message: &'static str, advice: &'static str) -> Self {
        Self { rule, message, advice }
    }

    fn error(self, path: String) -> Finding {
        Finding::error(self.rule, path, self.message).advice(self.advice)
    }

    fn warning(self, path: String) -> Finding {
        Finding::warning(self.rule, path, self.message).advice(self.advice)
    }

    fn dropped(self, path: String) -> Finding {
        Finding::warning(self.rule, path, format!("left out, because it is {}", self.message))
            .advice(self.advice)
    }
}

/// Writes the normalised text into `out`, which is empty, and keeps its memory.
fn step<'v>(
    mode: Mode,
    field: Field,
    value: &'v str,
    context: &Context<'_>,
    notes: &mut Vec<Remark>,
    out: &mut String,
) -> Result<Step<'v>, Remark> {
    match mode {
        Mode::Canonical => canonical::step(field, value, context, notes, out),
        Mode::PythonCompat => python::step(field, value, notes, out),
    }
}
