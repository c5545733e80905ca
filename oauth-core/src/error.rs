//! What a login fails with.

use std::{
    borrow::Cow,
    error::Error,
    fmt::{self, Write as _},
    time::Duration,
};

use sociogram_api_core::{ErrorKind, http::CoreError};

use crate::{Denial, Refusal};

/// A step of a login, or a renewal, failed. One pointer wide.
///
/// `Display` is one line that says what failed and what to do. Token answers, codes, URLs and the provider's
/// free text never appear in it, nor in `Debug`.
pub struct OAuthError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    action: Option<&'static str>,
    denial: Option<Denial>,
    refusal: Option<Refusal>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl OAuthError {
    /// Says what is wrong, in one lower-case line without any secret and without the provider's own words.
    /// For implementors of [`ProviderHooks`](crate::ProviderHooks).
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            action: None,
            denial: None,
            refusal: None,
            source: None,
        }))
    }

    /// Says what a person should do next, where the kind's own line is too general.
    pub fn with_action(mut self, action: &'static str) -> Self {
        self.0.action = Some(action);
        self
    }

    pub(crate) fn with_denial(mut self, denial: Denial) -> Self {
        self.0.denial = Some(denial);
        self
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// An answer of the token endpoint that nothing can be done with.
    pub(crate) fn unreadable(what: &'static str) -> Self {
        Self::new(ErrorKind::Decode, format!("the token answer could not be used: {what}"))
    }

    /// A call to the token endpoint that failed.
    pub(crate) fn from_call(error: CoreError) -> Self {
        let refusal = error.provider_fault().and_then(|fault| fault.downcast_detail::<Refusal>()).cloned();
        // A provider in trouble leaves the outcome open for some calls; the road has worked that out.
        let kind = refusal.as_ref().and_then(|refusal| refusal.class().error_kind()).unwrap_or(error.kind());
        let mut message = format!("{} failed: {kind}", error.operation());
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
        let mut result = Self::new(kind, message).with_source(error);
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

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        self.0.action.unwrap_or_else(|| self.0.kind.user_action())
    }

    /// The denial, if the provider sent the person back without a code.
    pub fn denial(&self) -> Option<&Denial> {
        self.0.denial.as_ref()
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
        self.call()?.retry_after()
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
        assert_eq!(error.user_action(), ErrorKind::Invalid.user_action());
        assert_eq!(error.with_action("do that").user_action(), "do that");
    }
}
