//! Keeping a grant alive: the seam between a vault and whatever talks to the provider.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::{ReauthReason, Rotation, TokenFacts, TokenSet};

/// One app at one provider, as a vault sees it: renews token sets, derives them, says whether they are good and
/// takes them back. Called by a vault that knows nothing of HTTP.
#[async_trait]
pub trait Refresh: fmt::Debug + Send + Sync + 'static {
    /// What the provider does with a refresh token that was used, so that a vault can plan: together with
    /// [`TokenSet::renewal`] it says when to ask, and whether an unknown outcome spends the refresh token.
    fn rotation(&self) -> Rotation;

    /// The renewed set. It is complete: a refresh token that the provider did not repeat is carried over.
    ///
    /// # Errors
    ///
    /// [`RefreshError`]; its kind says whether the same set may be tried again.
    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError>;

    /// The token of the account `account_id` (a Page) that is derived from the token of a person or a system
    /// user.
    ///
    /// # Errors
    ///
    /// [`RefreshError`]: `NotOffered` where nothing is derived, `Revoked` with
    /// [`PermissionsLost`](ReauthReason::PermissionsLost) when the parent no longer reaches the account.
    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<TokenSet, RefreshError>;

    /// What the provider says about the access token. Changes nothing there.
    ///
    /// # Errors
    ///
    /// [`RefreshError`] when the provider could not be asked. A token that is not good is no error.
    async fn check(&self, current: &TokenSet) -> Result<TokenCheck, RefreshError>;

    /// Withdraws the grant at the provider. `false` if the provider offers no way to.
    ///
    /// # Errors
    ///
    /// [`RefreshError`] when the provider did not confirm; `Revoked` counts as confirmed.
    async fn revoke(&self, tokens: &TokenSet) -> Result<bool, RefreshError>;
}

/// What a provider says about a token.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenCheck {
    /// It is good, and this is what is known of it.
    Good(Box<TokenFacts>),
    /// It is not, and only a login or a refresh token helps.
    Dead(ReauthReason),
    /// The provider answers no such questions.
    NotOffered,
}

/// What a failed renewal means for the token that was used.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefreshErrorKind {
    /// The request never reached the provider; nothing was consumed.
    NotSent,
    /// The provider, or our own budget for its calls, says "not now"; nothing was consumed. See
    /// [`RefreshError::retry_after`].
    Throttled,
    /// The provider failed, and the token that was used is as good as before.
    Transient,
    /// The request was sent and no usable answer came: a rotating refresh token may be spent.
    InDoubt,
    /// The provider refused in a way that nobody can place. Nothing was consumed.
    Refused,
    /// The grant is gone: the person must log in again. See [`RefreshError::reauth_reason`].
    Revoked,
    /// The app is at fault (secret, redirect URI, disabled app); every connection of it is affected.
    Misconfigured,
    /// The request could not be made, or was made wrongly: a defect on this side.
    Defect,
    /// There is no such step for this set ([`TokenSet::renewal`] says how it is renewed); nothing was sent, and the
    /// token is as good as before.
    NotOffered,
}

impl RefreshErrorKind {
    /// Every kind this version knows.
    pub const ALL: &'static [Self] = &[
        Self::NotSent,
        Self::Throttled,
        Self::Transient,
        Self::InDoubt,
        Self::Refused,
        Self::Revoked,
        Self::Misconfigured,
        Self::Defect,
        Self::NotOffered,
    ];

    /// The same in the family's coarse kinds.
    pub const fn error_kind(self) -> ErrorKind {
        match self {
            Self::NotSent => ErrorKind::Connect,
            Self::Throttled => ErrorKind::Throttled,
            Self::Transient => ErrorKind::Server,
            Self::InDoubt => ErrorKind::InDoubt,
            Self::Refused => ErrorKind::Rejected,
            Self::Revoked => ErrorKind::Reauthorize,
            Self::Misconfigured => ErrorKind::Misconfigured,
            Self::Defect => ErrorKind::Internal,
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
    reason: Option<ReauthReason>,
    message: Cow<'static, str>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl RefreshError {
    /// Says what is wrong, in one lower-case line without any secret.
    pub fn new(kind: RefreshErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, reason: None, message: message.into(), retry_after: None, source: None }))
    }

    /// The grant is gone, and why: [`RefreshErrorKind::Revoked`] with its reason. The line names no person and
    /// no secret.
    pub fn revoked(reason: ReauthReason, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefreshErrorKind::Revoked, message).with_reauth_reason(reason)
    }

    /// Adds why the person must log in again. Only an error of kind [`RefreshErrorKind::Revoked`] keeps it.
    pub fn with_reauth_reason(mut self, reason: ReauthReason) -> Self {
        if self.0.kind == RefreshErrorKind::Revoked {
            self.0.reason = Some(reason);
        }
        self
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

    /// Why the person must log in again; `None` if that is not what the failure means, or the provider did not
    /// say why.
    pub fn reauth_reason(&self) -> Option<ReauthReason> {
        self.0.reason
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
        let error = RefreshError::new(RefreshErrorKind::Throttled, "throttled")
            .with_retry_after(Duration::from_secs(9));
        assert_eq!(
            (error.to_string().as_str(), error.retry_after()),
            ("throttled", Some(Duration::from_secs(9)))
        );
        assert!(error.source().is_none());
    }

    #[test]
    fn only_a_revoked_grant_sends_the_person_to_the_login_and_says_why() {
        for kind in RefreshErrorKind::ALL {
            let revoked = *kind == RefreshErrorKind::Revoked;
            assert_eq!(kind.error_kind() == ErrorKind::Reauthorize, revoked, "{kind:?}");
            let error = RefreshError::new(*kind, "failed").with_reauth_reason(ReauthReason::AppRemoved);
            assert_eq!(error.reauth_reason(), revoked.then_some(ReauthReason::AppRemoved), "{kind:?}");
            assert_eq!(RefreshError::new(*kind, "failed").reauth_reason(), None);
        }
        let error = RefreshError::revoked(ReauthReason::Checkpoint, "confirm it first");
        assert_eq!(
            (error.kind(), error.reauth_reason()),
            (RefreshErrorKind::Revoked, Some(ReauthReason::Checkpoint))
        );
    }
}
