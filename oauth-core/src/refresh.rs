//! Renewing a token: the seam between a vault and whatever talks to the provider.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::{Renewal, TokenSet};

/// Buys a new token set with the current one. Called by a vault that knows nothing of HTTP.
#[async_trait]
pub trait Refresh: fmt::Debug + Send + Sync + 'static {
    /// How this set is renewed, so that a vault can plan: when to ask, and whether an unknown outcome spends
    /// the refresh token. Sends nothing.
    fn renewal(&self, current: &TokenSet) -> Renewal;

    /// The renewed set. It is complete: a refresh token that the provider did not repeat is carried over.
    ///
    /// # Errors
    ///
    /// [`RefreshError`]; its kind says whether the same set may be tried again.
    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError>;
}

/// What a failed renewal means for the token that was used.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefreshErrorKind {
    /// Nothing was consumed; the same token may be tried again later.
    Retry,
    /// The grant is gone: the person must log in again.
    Revoked,
    /// The app is at fault (secret, redirect URI, disabled app); every connection of it is affected.
    Misconfigured,
    /// The request was sent and no usable answer came: a rotating refresh token may be spent.
    InDoubt,
    /// This set is not renewed this way ([`Refresh::renewal`] says how); nothing was sent, and the token is as
    /// good as before.
    NotOffered,
}

impl RefreshErrorKind {
    /// The same in the family's coarse kinds.
    pub const fn error_kind(self) -> ErrorKind {
        match self {
            Self::Retry => ErrorKind::Unavailable,
            Self::Revoked => ErrorKind::Reauthorize,
            Self::Misconfigured => ErrorKind::Misconfigured,
            Self::InDoubt => ErrorKind::InDoubt,
            Self::NotOffered => ErrorKind::Invalid,
        }
    }
}

/// A renewal that failed.
#[derive(Debug)]
pub struct RefreshError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: RefreshErrorKind,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl RefreshError {
    /// Says what is wrong, in one lower-case line without any secret.
    pub fn new(kind: RefreshErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), retry_after: None, source: None }))
    }

    /// Adds how long the provider asked to wait.
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What the failure means for the token that was used.
    pub fn kind(&self) -> RefreshErrorKind {
        self.0.kind
    }

    /// How long the provider asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for RefreshError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_small_and_says_what_it_was_given() {
        assert_eq!(size_of::<RefreshError>(), size_of::<usize>());
        let error =
            RefreshError::new(RefreshErrorKind::Retry, "throttled").with_retry_after(Duration::from_secs(9));
        assert_eq!(
            (error.to_string().as_str(), error.retry_after()),
            ("throttled", Some(Duration::from_secs(9)))
        );
        assert!(error.source().is_none());
    }

    #[test]
    fn only_a_revoked_grant_sends_the_person_to_the_login() {
        use RefreshErrorKind::{InDoubt, Misconfigured, NotOffered, Retry};

        assert_eq!(RefreshErrorKind::Revoked.error_kind(), ErrorKind::Reauthorize);
        for other in [Retry, Misconfigured, InDoubt, NotOffered] {
            assert_ne!(other.error_kind(), ErrorKind::Reauthorize);
        }
    }
}
