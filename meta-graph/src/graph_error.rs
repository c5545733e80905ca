//! The error of the Graph API, as it was told.

mod named_scopes;
mod parse;
mod support;

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use sociogram_api_core::redact::sanitize_text;
use sociogram_oauth_core::Scope;

use crate::error_class::{ErrorClass, RetryAdvice, Who};
use crate::error_table::{Facts, Judgement, Product, judge};

/// An error of the Graph API (Graph API: Handling Errors), read from whatever shape it came in.
///
/// [`class`](Self::class) says what it means, [`retry`](Self::retry) whether repeating helps and
/// [`who`](Self::who) has to act. `Display` and `Debug` hold the numbers and none of Meta's texts, because
/// those may quote what was sent.
///
/// ```
/// use sociogram_meta_graph::{ErrorClass, GraphError, TokenInvalidReason};
///
/// let body = br#"{"error":{"message":"Session has expired","type":"OAuthException","code":190,
///                 "error_subcode":463,"fbtrace_id":"AbC1"}}"#;
/// let error = GraphError::from_body(400, body).expect("a failure");
/// assert_eq!(error.class(), ErrorClass::TokenInvalid(TokenInvalidReason::Expired));
/// assert_eq!(error.trace_id(), Some("AbC1"));
/// assert_eq!(error.to_string(), "token_invalid(expired), code 190/463: the token has expired");
/// ```
#[derive(Clone, PartialEq)]
pub struct GraphError {
    told: Told,
    judgement: Judgement,
    status: Option<u16>,
    scopes: Vec<Scope>,
    support: Vec<(&'static str, Box<str>)>,
}

/// What the answer said, before it is judged.
#[derive(Clone, Debug, Default, PartialEq)]
struct Told {
    code: Option<i64>,
    subcode: Option<i64>,
    kind: Option<Box<str>>,
    is_transient: Option<bool>,
    message: Option<Box<str>>,
    user_title: Option<Box<str>>,
    user_message: Option<Box<str>>,
    blame: Vec<Box<str>>,
    details: Option<Box<str>>,
    messaging_product: Option<Box<str>>,
    upload_offset: Option<(u64, u64)>,
    trace_id: Option<Box<str>>,
    help_url: Option<Box<str>>,
    throttle: Option<ThrottleDetail>,
}

/// Why a call was throttled, in the few answers that say so (Graph API: Rate Limits).
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThrottleDetail {
    /// Whether Meta says that the call was throttled.
    pub throttled: bool,
    /// The rate at which the backend was called.
    pub backend_qps: Option<ThrottleFactor>,
    /// How complex the query was.
    pub complexity_score: Option<ThrottleFactor>,
}

/// One factor of a [`ThrottleDetail`].
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThrottleFactor {
    /// What was measured.
    pub actual_score: Option<f64>,
    /// What is allowed.
    pub limit: Option<f64>,
    /// Meta's hint how to get below it.
    pub more_info: Option<Box<str>>,
}

impl GraphError {
    /// Reads the failure out of an answer; `None` when the answer is a success. `status` is the HTTP
    /// status, which is not reliable: an `error` counts at 200 as well, and what Debug Token says about the
    /// inspected token counts at no status.
    ///
    /// Also fits the `code` and `body` of an item of a batch answer.
    pub fn from_body(status: u16, body: &[u8]) -> Option<Self> {
        Self::read(status, body, false)
    }

    /// As [`from_body`](Self::from_body), for a call that is known to be about WhatsApp.
    pub(crate) fn read(status: u16, body: &[u8], whatsapp: bool) -> Option<Self> {
        parse::failure(status, body).map(|told| Self::judge(told, Some(status), whatsapp))
    }

    /// From an error object inside a successful answer, such as the one of Debug Token.
    pub(crate) fn from_object(object: &serde_json::Map<String, Value>) -> Self {
        Self::judge(parse::error_object(object), None, false)
    }

    /// Reads an error object of a WhatsApp webhook: an element of `errors` in `value`, in one of its `messages` or in
    /// one of its `statuses`. Why a message failed is told there, once, and nowhere else. `None` if it is no object.
    ///
    /// ```
    /// use sociogram_meta_graph::{ErrorClass, GraphError};
    ///
    /// let told = serde_json::json!({"code": 131026, "title": "Message undeliverable",
    ///     "error_data": {"details": "Unable to deliver message."}});
    /// let error = GraphError::from_whatsapp_webhook(&told).expect("an error object");
    /// assert_eq!(error.class(), ErrorClass::RecipientUnavailable);
    /// assert_eq!(error.message(), Some("Message undeliverable"));
    /// ```
    pub fn from_whatsapp_webhook(error: &Value) -> Option<Self> {
        Some(Self::judge(parse::webhook_error(error.as_object()?), None, true))
    }

    fn judge(told: Told, status: Option<u16>, whatsapp: bool) -> Self {
        let whatsapp = whatsapp || told.messaging_product.as_deref() == Some("whatsapp");
        let judgement = judge(&Facts {
            code: told.code,
            subcode: told.subcode,
            status: status.unwrap_or_default(),
            product: whatsapp.then_some(Product::WhatsApp),
            is_transient: told.is_transient,
            message: told.message.as_deref().unwrap_or_default(),
        });
        let is_permission = judgement.class == ErrorClass::PermissionMissing;
        let scopes = if is_permission { named_scopes::named(&told) } else { Vec::new() };
        Self { told, judgement, status, scopes, support: Vec::new() }
    }

    /// Drops Meta's texts, for calls whose answers hold credentials.
    pub(crate) fn without_texts(mut self) -> Self {
        self.told.message = None;
        self.told.details = None;
        self.told.user_title = None;
        self.told.user_message = None;
        self.told.help_url = None;
        self
    }

    /// What it means.
    pub fn class(&self) -> ErrorClass {
        self.judgement.class
    }

    /// Whether the same request may be sent again.
    pub fn retry(&self) -> RetryAdvice {
        self.judgement.retry
    }

    /// Who has to act.
    pub fn who(&self) -> Who {
        self.judgement.who
    }

    /// How long to wait, where Meta documents it for this number.
    pub fn wait(&self) -> Option<Duration> {
        self.judgement.wait
    }

    /// What this very number stands for, in one line of our own; `None` if it is not in our table.
    pub fn meaning(&self) -> Option<&'static str> {
        self.judgement.meaning
    }

    /// What to do, in one line.
    pub fn advice(&self) -> &'static str {
        self.class().advice()
    }

    /// Meta's number; negative ones exist. `None` when the answer carried none.
    pub fn code(&self) -> Option<i64> {
        self.told.code
    }

    /// Meta's second number.
    pub fn subcode(&self) -> Option<i64> {
        self.told.subcode
    }

    /// The `type`, such as `OAuthException`. It carries no information: do not branch on it.
    pub fn error_type(&self) -> Option<&str> {
        self.told.kind.as_deref()
    }

    /// Whether Meta says that it passes. Only `true` can be believed; the class takes it into account.
    pub fn is_transient(&self) -> Option<bool> {
        self.told.is_transient
    }

    /// Meta's text for developers. It changes without notice and may quote what was sent, tokens included:
    /// do not branch on it and do not log it.
    pub fn message(&self) -> Option<&str> {
        self.told.message.as_deref()
    }

    /// A title to show to the person, in the language of the request's `locale`.
    pub fn user_title(&self) -> Option<&str> {
        self.told.user_title.as_deref()
    }

    /// A text to show to the person, in the language of the request's `locale`.
    pub fn user_message(&self) -> Option<&str> {
        self.told.user_message.as_deref()
    }

    /// The paths of the fields that are to blame (`targeting.geo_locations`), as far as Meta names them.
    pub fn blamed_fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.told.blame.iter().map(AsRef::as_ref)
    }

    /// The detail text of WhatsApp errors. May quote what was sent.
    pub fn details(&self) -> Option<&str> {
        self.told.details.as_deref()
    }

    /// The permissions that Meta's text names, when it says that one is missing; empty if it names none. Where it names
    /// several, one of them may be enough. [`Error::missing_scopes`](crate::Error::missing_scopes) also knows what the
    /// endpoint needs.
    pub fn missing_scopes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.scopes.iter().map(Scope::as_str)
    }

    /// Meta's page about the error; in webhooks only. It was sent by whoever sent the webhook.
    pub fn help_url(&self) -> Option<&str> {
        self.told.help_url.as_deref()
    }

    /// Where a chunked upload goes on: first byte, and the byte after the last one, of the next chunk.
    pub fn upload_offset(&self) -> Option<(u64, u64)> {
        self.told.upload_offset
    }

    /// Meta's id of the exchange, for support requests. Meta keeps it for a short time only.
    pub fn trace_id(&self) -> Option<&str> {
        self.told.trace_id.as_deref()
    }

    /// Why the call was throttled, if Meta says so.
    pub fn throttle(&self) -> Option<&ThrottleDetail> {
        self.told.throttle.as_ref()
    }

    /// The HTTP status; `None` for an error inside a successful answer.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.class())?;
        match (self.code(), self.subcode()) {
            (Some(code), Some(subcode)) => write!(f, ", code {code}/{subcode}")?,
            (Some(code), None) => write!(f, ", code {code}")?,
            (None, Some(subcode)) => write!(f, ", subcode {subcode}")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.meaning().unwrap_or_else(|| self.advice()))
    }
}

impl fmt::Debug for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphError")
            .field("class", &self.class())
            .field("code", &self.code())
            .field("subcode", &self.subcode())
            .field("status", &self.status)
            .field("trace_id", &self.trace_id().map(|id| sanitize_text(id, 64)))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
