//! What a login fails with.

use std::{
    borrow::Cow,
    error::Error,
    fmt::{self, Write as _},
    time::Duration,
};

use sociogram_api_core::{
    ErrorKind,
    http::{CoreError, TransportError, TransportErrorKind},
};

use crate::{Denial, OAuthErrorClass, Reason, ReauthReason, Refusal, ScopeReport};

/// The operation whose grant is a code: refused, it is the code that is no good and not a grant.
const EXCHANGE_CODE: &str = "oauth.exchange_code";

/// A step of a login, or a renewal, failed. One pointer wide.
///
/// `Display` is one line that says what failed. Token answers, codes, URLs and the provider's free text never
/// appear in it, nor in `Debug`. [`reason`](Self::reason) tells the program which case it is,
/// [`user_action`](Self::user_action) what to do next.
pub struct OAuthError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    reason: Reason,
    message: Cow<'static, str>,
    action: Option<&'static str>,
    denial: Option<Denial>,
    refusal: Option<Refusal>,
    reauth_reason: Option<ReauthReason>,
    report: Option<ScopeReport>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl OAuthError {
    /// Says what is wrong, in one lower-case line without any secret and without the provider's own words.
    /// For implementors of [`ProviderHooks`](crate::ProviderHooks). The reason is the one that comes nearest to
    /// the kind.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            reason: Reason::of_kind(kind),
            message: message.into(),
            action: None,
            denial: None,
            refusal: None,
            reauth_reason: None,
            report: None,
            retry_after: None,
            source: None,
        }))
    }

    /// With this reason, and its kind, line and advice.
    pub fn because(reason: Reason) -> Self {
        let mut error = Self::new(reason.kind(), reason.message());
        error.0.reason = reason;
        error.with_action(reason.user_action())
    }

    /// Says it more precisely than the reason does: one lower-case line without any secret and without the
    /// provider's own words.
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says what a person should do next, where the reason's own line is too general.
    pub fn with_action(mut self, action: &'static str) -> Self {
        self.0.action = Some(action);
        self
    }

    /// Adds why the person must log in again, where the provider said so. Only an error of kind `Reauthorize` or
    /// `Permission` keeps it.
    pub fn with_reauth_reason(mut self, reason: ReauthReason) -> Self {
        if matches!(self.0.kind, ErrorKind::Reauthorize | ErrorKind::Permission) {
            self.0.reauth_reason = Some(reason);
        }
        self
    }

    /// Sets another kind than the reason's usual one.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_denial(mut self, denial: Denial) -> Self {
        self.0.denial = Some(denial);
        self
    }

    pub(crate) fn with_scope_report(mut self, report: ScopeReport) -> Self {
        self.0.report = Some(report);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the provider's codes, of a refusal that did not come as a failed call.
    pub(crate) fn with_refusal(mut self, refusal: Refusal) -> Self {
        self.0.refusal = Some(refusal);
        self
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// An answer of the token endpoint that nothing can be done with.
    pub(crate) fn unreadable(what: &'static str) -> Self {
        Self::because(Reason::AnswerNotReadable)
            .with_message(format!("the token answer could not be used: {what}"))
    }

    /// A call to the token endpoint that failed.
    pub(crate) fn from_call(error: CoreError) -> Self {
        let refusal = error.provider_fault().and_then(|fault| fault.downcast_detail::<Refusal>()).cloned();
        // A provider in trouble leaves the outcome open for some calls; the road has worked that out.
        let kind = refusal.as_ref().and_then(|refusal| refusal.class().error_kind()).unwrap_or(error.kind());
        let reason = reason_of_call(&error, refusal.as_ref(), kind);
        let mut message = format!("{} failed: {}", error.operation(), reason.message());
        let mut facts = Vec::new();
        facts.extend(error.status().map(|status| format!("status {status}")));
        if let Some(refusal) = &refusal {
            facts.extend(refusal.error().map(|error| format!("error {error}")));
            facts.extend(refusal.code().map(|code| format!("code {code}")));
            facts.extend(refusal.subcode().map(|subcode| format!("subcode {subcode}")));
        }
        if !facts.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(message, " ({})", facts.join(", "));
        }
        let mut result = Self::because(reason).with_kind(kind).with_message(message).with_source(error);
        result.0.refusal = refusal;
        result
    }

    fn call(&self) -> Option<&CoreError> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Which case it is, for the program: its audit, its metrics, its decisions.
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        self.0.action.unwrap_or_else(|| self.0.kind.user_action())
    }

    /// The denial, if the provider sent the person back without a code.
    pub fn denial(&self) -> Option<&Denial> {
        self.0.denial.as_ref()
    }

    /// What was granted and what was not, where required scopes are missing.
    pub fn scope_report(&self) -> Option<&ScopeReport> {
        self.0.report.as_ref()
    }

    /// The provider's `error` of the token endpoint: `invalid_grant`, `OAuthException`.
    pub fn error_code(&self) -> Option<&str> {
        self.0.refusal.as_ref()?.error()
    }

    /// The provider's numeric code (Meta).
    pub fn code(&self) -> Option<i64> {
        self.0.refusal.as_ref()?.code()
    }

    /// The provider's numeric subcode (Meta).
    pub fn subcode(&self) -> Option<i64> {
        self.0.refusal.as_ref()?.subcode()
    }

    /// Why the person must log in again; `None` if that is not what the failure means, or the provider did not
    /// say why.
    pub fn reauth_reason(&self) -> Option<ReauthReason> {
        self.0.reauth_reason.or_else(|| self.0.refusal.as_ref()?.reauth_reason())
    }

    /// The HTTP status of the token endpoint.
    pub fn status(&self) -> Option<u16> {
        self.call()?.status()
    }

    /// The provider's id of the exchange, for support requests.
    pub fn request_id(&self) -> Option<&str> {
        self.call()?.request_id()
    }

    /// How long to wait before trying again, if known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after.or_else(|| self.call()?.retry_after())
    }

    /// Whether the request certainly never reached the provider.
    pub(crate) fn was_not_sent(&self) -> bool {
        match self.call() {
            Some(call) => match transport_kind(call) {
                Some(kind) => !kind.may_have_been_sent(),
                None => call.attempts() == 0,
            },
            None => matches!(self.0.kind, ErrorKind::Connect | ErrorKind::CircuitOpen),
        }
    }
}

fn transport_kind(error: &CoreError) -> Option<TransportErrorKind> {
    error.source()?.downcast_ref::<TransportError>().map(TransportError::kind)
}

fn reason_of_call(error: &CoreError, refusal: Option<&Refusal>, kind: ErrorKind) -> Reason {
    if error.status().is_some_and(|status| (300..400).contains(&status)) {
        return Reason::Redirected;
    }
    if let Some(refusal) = refusal {
        return match refusal.class() {
            OAuthErrorClass::Reauthorize if error.operation() == EXCHANGE_CODE => Reason::CodeRefused,
            OAuthErrorClass::Reauthorize => Reason::GrantRevoked,
            OAuthErrorClass::InvalidClient => Reason::ClientRefused,
            OAuthErrorClass::Misconfigured => Reason::AppMisconfigured,
            OAuthErrorClass::Permission => Reason::PermissionMissing,
            OAuthErrorClass::Throttled => Reason::Throttled,
            OAuthErrorClass::Transient if kind == ErrorKind::InDoubt => Reason::OutcomeUnknown,
            OAuthErrorClass::Transient => Reason::ProviderDown,
            OAuthErrorClass::Rejected => Reason::Refused,
        };
    }
    match transport_kind(error) {
        Some(TransportErrorKind::Timeout) => Reason::AnswerTimedOut,
        Some(TransportErrorKind::TooLarge) => Reason::AnswerTooLarge,
        _ if error.kind() == ErrorKind::Misconfigured => Reason::Setup,
        _ => Reason::of_kind(kind),
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthError")
            .field("kind", &self.0.kind)
            .field("reason", &self.0.reason)
            .field("message", &self.0.message)
            .field("denial", &self.0.denial)
            .field("refusal", &self.0.refusal)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl Error for OAuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_small_and_its_action_can_be_more_precise_than_its_kind() {
        assert_eq!(size_of::<OAuthError>(), size_of::<usize>());
        let error = OAuthError::new(ErrorKind::Invalid, "no");
        assert_eq!((error.user_action(), error.reason()), (ErrorKind::Invalid.user_action(), Reason::Input));
        assert_eq!(error.with_action("do that").user_action(), "do that");
    }

    #[test]
    fn only_an_error_that_sends_the_person_to_the_login_says_why() {
        for reason in Reason::ALL {
            let error = OAuthError::because(*reason).with_reauth_reason(ReauthReason::Checkpoint);
            let lost = matches!(error.kind(), ErrorKind::Reauthorize | ErrorKind::Permission);
            assert_eq!(error.reauth_reason(), lost.then_some(ReauthReason::Checkpoint), "{reason}");
            assert_eq!(OAuthError::because(*reason).reauth_reason(), None, "{reason}");
        }
    }

    #[test]
    fn a_reason_brings_its_kind_its_line_and_its_advice() {
        for reason in Reason::ALL {
            let error = OAuthError::because(*reason);
            assert_eq!((error.reason(), error.kind()), (*reason, reason.kind()));
            assert_eq!(
                (error.to_string().as_str(), error.user_action()),
                (reason.message(), reason.user_action())
            );
        }
        let error = OAuthError::because(Reason::Setup).with_message("set a transport");
        assert_eq!((error.to_string().as_str(), error.kind()), ("set a transport", ErrorKind::Misconfigured));
    }
}
