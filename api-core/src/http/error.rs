//! The error of a call.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::authorizer::AuthorizeError;
use super::dialect::{Fault, FaultClass};
use super::operation::{Operation, Replay};
use super::paging::Cursor;
use super::quota::QuotaReached;
use super::response::{DecodeError, RawResponse};
use super::transport::TransportError;
use crate::{ErrorKind, Finding, InvalidRequest};

/// Most bytes of an error body that are kept.
const BODY_CAP: usize = 16 * 1024;

/// Why a call failed. One pointer wide.
///
/// `Display` is one line that says which operation failed, why, and what to do next; the URL, headers and
/// body never appear in it. The body is kept apart, capped at 16 KiB, and not at all when the operation's
/// answers hold credentials.
pub struct CoreError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: &'static str,
    scopes: &'static [&'static str],
    status: Option<u16>,
    request_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    attempts: u32,
    applied: bool,
    reason: Option<Cow<'static, str>>,
    fault: Option<Fault>,
    body: Option<Bytes>,
    findings: Vec<Finding>,
    resume_from: Option<Cursor>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl CoreError {
    fn new(kind: ErrorKind, operation: &Operation, attempts: u32) -> Self {
        let mut error = Self::named(kind, operation.name());
        error.0.scopes = operation.required_scopes();
        error.0.attempts = attempts;
        error
    }

    fn named(kind: ErrorKind, operation: &'static str) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            scopes: &[],
            status: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            applied: false,
            reason: None,
            fault: None,
            body: None,
            findings: Vec::new(),
            resume_from: None,
            source: None,
        }))
    }

    /// Input that was refused before anything was sent.
    pub fn invalid(operation: &'static str, invalid: InvalidRequest) -> Self {
        let mut error = Self::named(ErrorKind::Invalid, operation);
        error.0.findings = invalid.into_findings();
        error
    }

    /// A setting that makes every call impossible.
    pub fn misconfigured(operation: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        let mut error = Self::named(ErrorKind::Misconfigured, operation);
        error.0.reason = Some(reason.into());
        error
    }

    /// A successful answer that could not be read.
    pub fn decode(operation: &Operation, response: &RawResponse, cause: DecodeError) -> Self {
        let mut error = Self::new(ErrorKind::Decode, operation, response.attempts());
        error.0.status = Some(response.status());
        error.0.request_id = response.request_id().map(Into::into);
        error.0.applied = operation.replay() != Replay::Safe;
        error.0.reason = Some(Cow::Owned(cause.to_string()));
        error.keep_body(operation, response.body());
        error.0.source = Some(Box::new(cause));
        error
    }

    pub(super) fn refused_host(operation: &Operation) -> Self {
        let finding = Finding::error(
            "request.host",
            "url",
            "the host is not on the list of hosts that may get a token",
        )
        .advice("use the provider's own host, or add the base URL to the client");
        let mut error = Self::new(ErrorKind::Invalid, operation, 0);
        error.0.findings.push(finding);
        error
    }

    pub(super) fn circuit_open(operation: &Operation, attempts: u32, wait: Duration) -> Self {
        let mut error = Self::new(ErrorKind::CircuitOpen, operation, attempts);
        error.0.retry_after = Some(wait);
        error
    }

    pub(super) fn out_of_budget(operation: &Operation, attempts: u32, wait: Duration) -> Self {
        let mut error = Self::new(ErrorKind::Throttled, operation, attempts);
        error.0.retry_after = Some(wait);
        error.0.reason = Some(Cow::Borrowed("the rate limit is reached, so it was not sent"));
        error
    }

    pub(super) fn over_quota(operation: &Operation, attempts: u32, reached: QuotaReached) -> Self {
        let mut error = Self::new(ErrorKind::Throttled, operation, attempts);
        error.0.retry_after = Some(reached.wait());
        error.0.reason = Some(reached.into_reason());
        error
    }

    pub(super) fn unauthorized(operation: &Operation, attempts: u32, cause: AuthorizeError) -> Self {
        let mut error = Self::new(cause.kind(), operation, attempts);
        error.0.reason = Some(Cow::Owned(cause.to_string()));
        error.0.source = Some(Box::new(cause));
        error
    }

    pub(super) fn no_credential_in_time(operation: &Operation, attempts: u32) -> Self {
        let mut error = Self::new(ErrorKind::Unavailable, operation, attempts);
        error.0.reason = Some(Cow::Borrowed("the token source did not answer within the time for the call"));
        error
    }

    pub(super) fn transport(operation: &Operation, attempts: u32, cause: TransportError) -> Self {
        use super::transport::TransportErrorKind as Kind;
        let sent = cause.kind().may_have_been_sent();
        let kind = match (cause.kind(), operation.replay()) {
            (Kind::Connect | Kind::NotSent, _) => ErrorKind::Connect,
            (_, Replay::Never) => ErrorKind::InDoubt,
            (Kind::TooLarge, _) => ErrorKind::Decode,
            _ => ErrorKind::Server,
        };
        let mut error = Self::new(kind, operation, attempts);
        error.0.applied = sent && operation.replay() != Replay::Safe;
        error.0.reason = Some(Cow::Owned(cause.to_string()));
        error.0.source = Some(Box::new(cause));
        error
    }

    pub(super) fn fault(
        operation: &Operation,
        attempts: u32,
        status: u16,
        request_id: Option<Box<str>>,
        body: &Bytes,
        fault: Fault,
    ) -> Self {
        let kind = match (fault.class(), operation.replay()) {
            (FaultClass::Throttled, _) => ErrorKind::Throttled,
            (FaultClass::Transient, Replay::Never) => ErrorKind::InDoubt,
            (FaultClass::Transient, _) => ErrorKind::Server,
            (FaultClass::AuthRejected, _) => ErrorKind::Reauthorize,
            (FaultClass::Permission, _) => ErrorKind::Permission,
            (FaultClass::NotFound, _) => ErrorKind::NotFound,
            (FaultClass::Conflict, _) => ErrorKind::Conflict,
            (FaultClass::Invalid, _) => ErrorKind::Invalid,
            (FaultClass::Misconfigured, _) => ErrorKind::Misconfigured,
            (FaultClass::Permanent, _) => ErrorKind::Rejected,
        };
        let mut error = Self::new(kind, operation, attempts);
        error.0.status = Some(status);
        error.0.request_id = request_id;
        error.0.retry_after = fault.delay();
        error.0.applied = fault.class() == FaultClass::Transient && operation.replay() != Replay::Safe;
        error.keep_body(operation, body);
        error.0.fault = Some(fault);
        error
    }

    /// The same failure for `part`, an operation that was sent as a part of the failed one: under its own name,
    /// and in doubt only if repeating it could do it twice.
    #[must_use]
    pub fn for_part(&self, part: &Operation) -> Self {
        let whole = &*self.0;
        let mut error = Self::new(whole.kind, part, whole.attempts);
        if whole.kind == ErrorKind::InDoubt && part.replay() != Replay::Never {
            error.0.kind = ErrorKind::Server;
        }
        error.0.status = whole.status;
        error.0.request_id.clone_from(&whole.request_id);
        error.0.retry_after = whole.retry_after;
        error.0.applied = whole.applied && part.replay() != Replay::Safe;
        error.0.reason.clone_from(&whole.reason);
        error.0.fault.clone_from(&whole.fault);
        error.0.body = whole.body.clone().filter(|_| !part.is_sensitive());
        error.0.findings.clone_from(&whole.findings);
        error
    }

    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.0.reason = Some(Cow::Borrowed(reason));
        self
    }

    pub(super) fn resuming_from(mut self, cursor: Option<Cursor>) -> Self {
        self.0.resume_from = cursor;
        self
    }

    pub(super) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(self.0.retry_after.map_or(wait, |told| told.max(wait)));
        self
    }

    fn keep_body(&mut self, operation: &Operation, body: &Bytes) {
        if !operation.is_sensitive() {
            self.0.body = Some(Bytes::copy_from_slice(body.get(..BODY_CAP).unwrap_or(body)));
        }
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The dotted name of the operation.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The provider's id of the exchange, for support requests.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long to wait before trying again, if known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the provider may have done what was asked although the call failed. Always false for
    /// operations that are safe to repeat.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.applied
    }

    /// Whether the same call may succeed later and repeating it cannot do it twice. A write whose outcome is
    /// unknown is [`ErrorKind::InDoubt`] and therefore not retryable.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Connect
                | ErrorKind::Throttled
                | ErrorKind::Server
                | ErrorKind::CircuitOpen
                | ErrorKind::Unavailable
        )
    }

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        let advice = self.0.fault.as_ref().and_then(Fault::advice);
        advice.unwrap_or_else(|| self.0.kind.user_action())
    }

    /// The provider's numeric code.
    pub fn code(&self) -> Option<i64> {
        self.0.fault.as_ref()?.provider_code()
    }

    /// The provider's numeric subcode.
    pub fn subcode(&self) -> Option<i64> {
        self.0.fault.as_ref()?.provider_subcode()
    }

    /// The failure as the provider told it.
    pub fn provider_fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }

    /// The permissions the operation documents.
    pub fn required_scopes(&self) -> &'static [&'static str] {
        self.0.scopes
    }

    /// What local checks found before anything was sent.
    pub fn findings(&self) -> &[Finding] {
        &self.0.findings
    }

    /// Where a list goes on: the page that failed. `None` for a first page and for whatever is no list.
    pub fn resume_from(&self) -> Option<&Cursor> {
        self.0.resume_from.as_ref()
    }

    /// The start of the answer, at most 16 KiB. It may hold customer data: do not log it.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }
}

impl fmt::Display for CoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{} failed: {}", inner.operation, inner.kind)?;
        if let Some(reason) = &inner.reason {
            write!(f, ": {reason}")?;
        }
        for finding in &inner.findings {
            write!(f, ": {finding}")?;
        }
        if inner.attempts > 0 {
            f.write_str(" (")?;
            if let Some(status) = inner.status {
                write!(f, "status {status}, ")?;
            }
            if let Some(code) = self.code() {
                write!(f, "code {code}")?;
                if let Some(subcode) = self.subcode() {
                    write!(f, "/{subcode}")?;
                }
                f.write_str(", ")?;
            }
            if let Some(id) = &inner.request_id {
                write!(f, "request {}, ", crate::redact::sanitize_text(id, 64))?;
            }
            write!(f, "{} attempt{})", inner.attempts, if inner.attempts == 1 { "" } else { "s" })?;
        }
        if let Some(wait) = inner.retry_after {
            write!(f, "; try again in {} s", wait.as_secs_f64().ceil())?;
        }
        if inner.findings.is_empty() { write!(f, "; {}", self.user_action()) } else { Ok(()) }
    }
}

impl fmt::Debug for CoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoreError")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation)
            .field("status", &self.0.status)
            .field("request_id", &self.0.request_id)
            .field("retry_after", &self.0.retry_after)
            .field("attempts", &self.0.attempts)
            .field("may_have_been_applied", &self.0.applied)
            .field("reason", &self.0.reason)
            .field("fault", &self.0.fault)
            .field("findings", &self.0.findings)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for CoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<CoreError>(), size_of::<usize>());
    }

    #[test]
    fn the_line_says_what_failed_and_what_to_do() {
        let operation = Operation::new("page.posts.create", "meta", Replay::Never);
        let fault = Fault::new(FaultClass::Permission).code(200).subcode(33).detail("SEKRET");
        let body = Bytes::from_static(b"SEKRET");
        let error = CoreError::fault(&operation, 1, 403, Some("AbC1".into()), &body, fault);
        assert_eq!(
            error.to_string(),
            "page.posts.create failed: a permission is missing (status 403, code 200/33, request AbC1, 1 attempt); \
             ask the person for the missing permission, or have the app approved for it"
        );
        assert!(!format!("{error:?}").contains("SEKRET"));
        assert_eq!(error.raw_body(), Some(b"SEKRET".as_slice()));
    }

    #[test]
    fn the_failure_of_a_whole_is_told_for_each_part() {
        let whole = Operation::new("batch.send", "meta", Replay::Never);
        let fault = Fault::new(FaultClass::Transient).code(2);
        let error = CoreError::fault(&whole, 1, 500, Some("AbC1".into()), &Bytes::from_static(b"x"), fault);
        let read = error.for_part(&Operation::new("post.get", "meta", Replay::Safe).scopes(&["a"]));
        assert_eq!((read.kind(), read.may_have_been_applied()), (ErrorKind::Server, false));
        assert_eq!((read.operation(), read.code(), read.request_id()), ("post.get", Some(2), Some("AbC1")));
        assert_eq!((read.status(), read.required_scopes()), (Some(500), ["a"].as_slice()));
        let write = error.for_part(&Operation::new("post.create", "meta", Replay::Never).sensitive());
        assert_eq!((write.kind(), write.may_have_been_applied()), (ErrorKind::InDoubt, true));
        assert_eq!((read.raw_body(), write.raw_body()), (Some(b"x".as_slice()), None));
    }

    #[test]
    fn a_sensitive_answer_is_not_kept() {
        let operation = Operation::new("token.debug", "meta", Replay::Safe).sensitive();
        let body = Bytes::from_static(b"SEKRET");
        let error = CoreError::fault(&operation, 1, 400, None, &body, Fault::new(FaultClass::Invalid));
        assert_eq!(error.raw_body(), None);
    }

    #[test]
    fn the_kept_body_is_capped() {
        let operation = Operation::new("x", "meta", Replay::Safe);
        let body = Bytes::from(vec![b'x'; BODY_CAP + 1]);
        let error = CoreError::fault(&operation, 1, 400, None, &body, Fault::new(FaultClass::Invalid));
        assert_eq!(error.raw_body().map(<[u8]>::len), Some(BODY_CAP));
    }
}
