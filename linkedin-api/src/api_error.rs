//! LinkedIn's own account of a refusal.

use std::fmt;

use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sociogram_api_core::redact::sanitize_text;

use crate::denied::DeniedAccess;
use crate::error_table::{Refusal, Ruling, judge};
use crate::urn::PostUrn;
use crate::version::VersionProblem;

/// Most characters kept of a message or description.
const MESSAGE_CAP: usize = 2000;
/// Most characters kept of a code, a field path or a trace id.
const WORD_CAP: usize = 200;
/// Most bytes kept of `errorDetails`.
const DETAILS_CAP: usize = 16 * 1024;

/// What LinkedIn said about a failed call. Found by [`Error::api`](crate::Error::api).
///
/// Codes are stable; messages are not, come from outside, and may name customer data, so neither
/// `Display` nor `Debug` of any error shows them.
#[derive(Clone, Default)]
pub struct LinkedInError {
    status: u16,
    service_error_code: Option<i64>,
    code: Option<String>,
    message: Option<String>,
    detail_type: Option<String>,
    details: Option<Box<RawValue>>,
    input_errors: Vec<InputError>,
    existing: Option<PostUrn>,
    throttle: Option<Throttle>,
    denied: Option<DeniedAccess>,
    version: Option<VersionProblem>,
    trace: Trace,
    json: bool,
}

impl LinkedInError {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The numeric code; absent or 0 in many versioned answers, where 0 means none.
    pub const fn service_error_code(&self) -> Option<i64> {
        self.service_error_code
    }

    /// The word code, such as `ACCESS_DENIED`, or the `error` of an OAuth answer.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// LinkedIn's words, in one line of at most 2000 characters. Treat them as foreign text: show them
    /// escaped, never decide by them.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The record type of `errorDetails`, such as `com.linkedin.common.error.BadRequest`.
    pub fn detail_type(&self) -> Option<&str> {
        self.detail_type.as_deref()
    }

    /// `errorDetails` as it came, if it is not larger than 16 KiB.
    pub fn details(&self) -> Option<&RawValue> {
        self.details.as_deref()
    }

    /// Which fields were refused, and why.
    pub fn input_errors(&self) -> &[InputError] {
        &self.input_errors
    }

    /// Whether the post was refused because the author posted the same text before.
    pub fn is_duplicate(&self) -> bool {
        self.codes().any(|code| code == DUPLICATE) || self.existing.is_some()
    }

    /// The post that a refused duplicate repeats. After a create of unknown outcome it is the proof that
    /// the first attempt succeeded.
    pub const fn existing_urn(&self) -> Option<&PostUrn> {
        self.existing.as_ref()
    }

    /// Which limit was reached, for a throttled call.
    pub const fn throttle(&self) -> Option<Throttle> {
        self.throttle
    }

    /// Which resource and method a 403 denies, if its message has the form that tells.
    pub const fn denied_access(&self) -> Option<&DeniedAccess> {
        self.denied.as_ref()
    }

    /// What is wrong with the version of the API, if that is why the call was refused.
    pub const fn version_problem(&self) -> Option<VersionProblem> {
        self.version
    }

    /// The ids that LinkedIn's support asks for.
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// False when the answer was not one of the API: an HTML page, an empty body.
    pub const fn is_from_api(&self) -> bool {
        self.json
    }

    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.code().into_iter().chain(self.input_errors.iter().filter_map(InputError::code))
    }

    pub(crate) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let envelope: Option<Envelope> = serde_json::from_slice(body).ok();
        let json = envelope.is_some();
        let envelope = envelope.unwrap_or_default();
        let details = envelope.details.filter(|details| details.get().len() <= DETAILS_CAP);
        let input_errors = details.as_deref().map(input_errors).unwrap_or_default();
        let message =
            text(envelope.message, MESSAGE_CAP).or_else(|| text(envelope.error_description, MESSAGE_CAP));
        let mut error = Self {
            status,
            service_error_code: number(envelope.service_error_code),
            code: text(envelope.code, WORD_CAP).or_else(|| text(envelope.error, WORD_CAP)),
            message,
            detail_type: text(envelope.detail_type, WORD_CAP),
            details,
            input_errors,
            existing: None,
            throttle: None,
            denied: None,
            version: None,
            trace: Trace::read(headers),
            json,
        };
        error.existing = error.find_existing();
        error.denied = error.message().filter(|_| status == 403).and_then(DeniedAccess::read);
        error.version = error.find_version_problem();
        error.throttle = (status == 429).then(|| Throttle::read(error.message().unwrap_or_default()));
        error
    }

    /// What it means. `body` is what [`read`](Self::read) was given; `grant` as in [`Refusal`].
    pub(crate) fn ruling(&self, body: &[u8], grant: bool) -> Ruling {
        let codes: Vec<&str> = self.codes().collect();
        judge(&Refusal {
            status: self.status,
            service_code: self.service_error_code,
            codes: &codes,
            message: self.message().unwrap_or_default(),
            foreign: !self.json && !body.trim_ascii().is_empty(),
            grant,
        })
    }

    /// Forgets everything that is no code: for calls of whose answers nothing may be kept.
    pub(crate) fn forget_texts(&mut self) {
        self.message = None;
        self.details = None;
        self.denied = None;
        for input in &mut self.input_errors {
            input.description = None;
        }
    }

    fn find_version_problem(&self) -> Option<VersionProblem> {
        let message = self.message().unwrap_or_default();
        match (self.status, self.code()) {
            (_, Some("VERSION_MISSING")) => Some(VersionProblem::Missing),
            (426, _) | (_, Some("NONEXISTENT_VERSION")) => Some(VersionProblem::not_active(message)),
            (404, _) if message.contains("No virtual resource found") => Some(VersionProblem::LacksResource),
            _ => None,
        }
    }

    /// The URN stands only in the message: "Content is a duplicate of urn:li:share:…".
    fn find_existing(&self) -> Option<PostUrn> {
        let descriptions = self.input_errors.iter().filter_map(InputError::description);
        let coded = self.codes().any(|code| code == DUPLICATE);
        let mut texts = self.message().into_iter().chain(descriptions);
        texts.find_map(
            |text| if coded || text.contains("duplicate of urn:li:") { post_urn(text) } else { None },
        )
    }
}

const DUPLICATE: &str = "DUPLICATE_POST";

fn post_urn(text: &str) -> Option<PostUrn> {
    let mut rest = text;
    while let Some(at) = rest.find("urn:li:") {
        let found = rest.get(at..)?;
        let end = found.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_')));
        let urn = found.get(..end.unwrap_or(found.len()))?;
        if let Ok(urn) = PostUrn::parse(urn.trim_end_matches(':')) {
            return Some(urn);
        }
        rest = found.get("urn:li:".len()..)?;
    }
    None
}

/// Every field is read on its own, so that one of another type does not lose the rest.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(rename = "serviceErrorCode")]
    service_error_code: Option<Box<RawValue>>,
    code: Option<Box<RawValue>>,
    message: Option<Box<RawValue>>,
    #[serde(rename = "errorDetailType")]
    detail_type: Option<Box<RawValue>>,
    #[serde(rename = "errorDetails")]
    details: Option<Box<RawValue>>,
    error: Option<Box<RawValue>>,
    error_description: Option<Box<RawValue>>,
}

fn read<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

fn text(raw: Option<Box<RawValue>>, cap: usize) -> Option<String> {
    let text: String = read(&raw?)?;
    Some(sanitize_text(&text, cap)).filter(|text| !text.is_empty())
}

/// A number, or a number written as text; 0 stands for none.
fn number(raw: Option<Box<RawValue>>) -> Option<i64> {
    let raw = raw?;
    let number: Option<i64> = read(&raw).or_else(|| read::<String>(&raw)?.trim().parse().ok());
    number.filter(|number| *number != 0)
}

fn input_errors(details: &RawValue) -> Vec<InputError> {
    #[derive(Deserialize)]
    struct Details {
        #[serde(rename = "inputErrors")]
        input: Option<Box<RawValue>>,
        #[serde(rename = "conditionalInputErrors")]
        conditional: Option<Box<RawValue>>,
    }
    let Some(details) = read::<Details>(details) else { return Vec::new() };
    let lists = [details.input, details.conditional].into_iter().flatten();
    let entries = lists.filter_map(|list| read::<Vec<Box<RawValue>>>(&list)).flatten();
    entries.filter_map(|entry| InputError::read(&entry)).collect()
}

/// One refused field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct InputError {
    code: Option<String>,
    description: Option<String>,
    field: Option<String>,
}

impl InputError {
    /// The word code, such as `FIELD_LENGTH_TOO_LONG`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// LinkedIn's words; see [`LinkedInError::message`].
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The path of the field, such as `author`.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    fn read(raw: &RawValue) -> Option<Self> {
        #[derive(Deserialize)]
        struct Entry {
            code: Option<Box<RawValue>>,
            description: Option<Box<RawValue>>,
            input: Option<Box<RawValue>>,
        }
        #[derive(Deserialize)]
        struct Input {
            #[serde(rename = "inputPath")]
            path: Option<Box<RawValue>>,
        }
        #[derive(Deserialize)]
        struct InputPath {
            #[serde(rename = "fieldPath")]
            field: Option<Box<RawValue>>,
        }
        let entry: Entry = read(raw)?;
        let path = entry.input.and_then(|input| read::<Input>(&input)).and_then(|input| input.path);
        let field = path.and_then(|path| read::<InputPath>(&path)).and_then(|path| path.field);
        Some(Self {
            code: text(entry.code, WORD_CAP),
            description: text(entry.description, MESSAGE_CAP),
            field: text(field, WORD_CAP),
        })
    }
}

impl fmt::Debug for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InputError")
            .field("code", &self.code)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// Which limit a 429 is about, as far as its message tells. A hint: LinkedIn documents no header for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    scope: Option<ThrottleScope>,
    daily: bool,
}

impl Throttle {
    /// Whose limit it is, if the message tells.
    pub const fn scope(self) -> Option<ThrottleScope> {
        self.scope
    }

    /// Whether it is the limit of a day; days end at 00:00 UTC.
    pub const fn is_daily(self) -> bool {
        self.daily
    }

    fn read(message: &str) -> Self {
        let scope = if message.contains("APPLICATION") {
            Some(ThrottleScope::Application)
        } else if message.contains("MEMBER") {
            Some(ThrottleScope::Member)
        } else {
            None
        };
        Self { scope, daily: message.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "DAY") }
    }
}

/// Whose limit was reached.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThrottleScope {
    /// All calls of the app to this endpoint.
    Application,
    /// The calls of one member through this app to this endpoint.
    Member,
}

/// The ids of one exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    uuid: Option<String>,
    request_id: Option<String>,
    fabric: Option<String>,
}

impl Trace {
    /// `x-li-uuid`.
    pub fn uuid(&self) -> Option<&str> {
        self.uuid.as_deref()
    }

    /// `x-li-request-id`.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// `x-li-fabric`: the data centre.
    pub fn fabric(&self) -> Option<&str> {
        self.fabric.as_deref()
    }

    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let header = |name: &str| {
            let text = headers.get(name)?.to_str().ok()?;
            Some(sanitize_text(text, WORD_CAP)).filter(|text| !text.is_empty())
        };
        Self {
            uuid: header("x-li-uuid"),
            request_id: header("x-li-request-id"),
            fabric: header("x-li-fabric"),
        }
    }

    /// The one id that errors and spans carry.
    pub(crate) fn id(&self) -> Option<&str> {
        self.uuid().or(self.request_id())
    }
}

impl fmt::Debug for LinkedInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkedInError")
            .field("status", &self.status)
            .field("service_error_code", &self.service_error_code)
            .field("code", &self.code)
            .field("input_errors", &self.input_errors)
            .field("existing", &self.existing)
            .field("throttle", &self.throttle)
            .field("denied", &self.denied)
            .field("version", &self.version)
            .field("trace", &self.trace)
            .finish_non_exhaustive()
    }
}
