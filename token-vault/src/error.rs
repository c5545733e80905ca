//! What the vault and its stores fail with.

use std::{borrow::Cow, error::Error, fmt, sync::Arc, time::Duration};

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{ReauthReason, RefreshError};

use crate::{KeyError, KeyErrorKind, meter, random::NoRandomness};

/// Why sealed bytes could not be opened.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealFault {
    /// The key that the bytes name is not there: another encryption key, or another tenant's bytes.
    WrongKey,
    /// The data key that the bytes name was destroyed on purpose. Nothing brings the secret back.
    Shredded,
    /// The key is there, but the bytes were changed or moved from another row, field or generation.
    Tampered,
    /// The bytes have a form this version does not know. They are never taken for plain text.
    UnsupportedFormat,
}

impl SealFault {
    const fn kind(self) -> ErrorKind {
        match self {
            Self::WrongKey => ErrorKind::Misconfigured,
            Self::Shredded => ErrorKind::Reauthorize,
            Self::Tampered | Self::UnsupportedFormat => ErrorKind::Decode,
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::WrongKey => "the stored token is sealed under a key that is not available",
            Self::Shredded => "the key of the stored token was destroyed",
            Self::Tampered => "the stored token was changed or belongs to another row",
            Self::UnsupportedFormat => "the stored token has a form this version does not know",
        }
    }

    const fn user_action(self) -> &'static str {
        match self {
            Self::WrongKey => "put the encryption key that was used before behind the current one",
            Self::Shredded => "have the account connected again",
            Self::Tampered => "find out who wrote to the token table, then have the account connected again",
            Self::UnsupportedFormat => "update the crate, or have the account connected again",
        }
    }
}

/// Why a connection hands out no token, where that is a matter of its state and not of a fault. A job over many
/// connections skips these and goes on.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The person must log in again.
    NeedsReauth(ReauthReason),
    /// The connection that its token is derived from comes first.
    BlockedByParent,
    /// The grant was withdrawn.
    Revoked,
    /// It was disconnected.
    Disconnected,
    /// It holds a token from before the login, and this vault takes no such tokens any more.
    OAuthRequired,
    /// There is no usable token at the moment; [`VaultError::retry_after`] says when to ask again.
    NotNow,
}

impl Unusable {
    const fn kind(self) -> ErrorKind {
        match self {
            Self::NotNow => ErrorKind::Unavailable,
            _ => ErrorKind::Reauthorize,
        }
    }

    fn message(self) -> Cow<'static, str> {
        let why = match self {
            Self::NeedsReauth(reason) => reason.as_text(),
            Self::BlockedByParent => "the account that gives access to it must be connected again first",
            Self::Revoked => "access was withdrawn",
            Self::Disconnected => "it was disconnected",
            Self::OAuthRequired => "it was connected in an older way",
            Self::NotNow => return "the token has ended and could not be renewed yet".into(),
        };
        format!("the account must be connected again: {why}").into()
    }
}

/// Why something was not done, where doing it again in the same way changes nothing. Nothing was stored.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The login was for another account than the connection that it was to replace.
    AccountMismatch,
    /// The token is of a kind that is never stored: a short-lived one that is to be exchanged first, or an app's own.
    NeverStored,
    /// The account is connected by a login already; a token from before the login does not take its place.
    ConnectedByLogin,
    /// Stored tokens are still sealed under the data key, or may still be sealed under it by a write under way.
    KeyInUse,
    /// It is neither disconnected nor revoked.
    StillConnected,
}

impl Refusal {
    const fn kind(self) -> ErrorKind {
        match self {
            Self::NeverStored => ErrorKind::Invalid,
            _ => ErrorKind::Conflict,
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::AccountMismatch => "the login was for another account than the connection",
            Self::NeverStored => "a token of this kind is never stored",
            Self::ConnectedByLogin => "the account is connected by a login already",
            Self::KeyInUse => "stored tokens may still be sealed under the data key",
            Self::StillConnected => "the connection has not ended",
        }
    }

    const fn user_action(self) -> &'static str {
        match self {
            Self::AccountMismatch => {
                "log in with the account of the connection, or connect the other account as a new connection"
            }
            Self::NeverStored => {
                "exchange the token for a long-lived one first; make an app's own when it is needed"
            }
            Self::ConnectedByLogin => {
                "keep the login; disconnect it first if the older token is really wanted"
            }
            Self::KeyInUse => {
                "wait an hour after the key was replaced, and until every token sealed under it was renewed"
            }
            Self::StillConnected => "disconnect it first",
        }
    }
}

/// A vault operation failed. Holds no secret. Clones are the same error.
#[derive(Clone, Debug)]
pub struct VaultError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    fault: Option<SealFault>,
    unusable: Option<Unusable>,
    refusal: Option<Refusal>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Inner {
    fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            fault: None,
            unusable: None,
            refusal: None,
            retry_after: None,
            source: None,
        }
    }
}

impl VaultError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner::new(kind, message)))
    }

    fn caused_by(
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner { source: Some(source.into()), ..Inner::new(kind, message) }))
    }

    pub(crate) fn unusable_because(unusable: Unusable) -> Self {
        Self(Arc::new(Inner { unusable: Some(unusable), ..Inner::new(unusable.kind(), unusable.message()) }))
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self(Arc::new(Inner { refusal: Some(refusal), ..Inner::new(refusal.kind(), refusal.message()) }))
    }

    /// What the provider failed with.
    pub(crate) fn of_refresh(error: RefreshError) -> Self {
        let retry_after = error.retry_after();
        let inner = Inner::new(error.kind().error_kind(), error.to_string());
        Self(Arc::new(Inner { retry_after, source: Some(error.into()), ..inner }))
    }

    /// No token now, and maybe one then.
    pub(crate) fn not_now(retry_after: Duration) -> Self {
        let unusable = Unusable::NotNow;
        let inner = Inner::new(unusable.kind(), unusable.message());
        Self(Arc::new(Inner { unusable: Some(unusable), retry_after: Some(retry_after), ..inner }))
    }

    /// The same, and what keeps it from being renewed.
    pub(crate) fn not_now_because(retry_after: Duration, source: Self) -> Self {
        let unusable = Unusable::NotNow;
        let inner = Inner::new(unusable.kind(), unusable.message());
        let (retry_after, source) = (Some(retry_after), Some(source.into()));
        Self(Arc::new(Inner { unusable: Some(unusable), retry_after, source, ..inner }))
    }

    /// The app's calls are held back.
    pub(crate) fn held_back(message: &'static str, retry_after: Duration) -> Self {
        let inner = Inner::new(ErrorKind::CircuitOpen, message);
        Self(Arc::new(Inner { retry_after: Some(retry_after), ..inner }))
    }

    fn of_fault(fault: SealFault, source: Option<KeyError>) -> Self {
        meter::decrypt_failed(fault);
        let source = source.map(Into::into);
        Self(Arc::new(Inner { fault: Some(fault), source, ..Inner::new(fault.kind(), fault.message()) }))
    }

    /// One answer for "does not exist" and "belongs to another tenant".
    pub(crate) fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "this tenant has no such connection")
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Why sealed bytes could not be opened, if that is what failed.
    pub fn seal_fault(&self) -> Option<SealFault> {
        self.0.fault
    }

    /// Why the connection hands out no token, if that is a matter of its state.
    pub fn unusable(&self) -> Option<Unusable> {
        self.0.unusable
    }

    /// Why it was refused, if the request is what stands in the way.
    pub fn refusal(&self) -> Option<Refusal> {
        self.0.refusal
    }

    /// After how long it is worth asking again, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        match (self.0.fault, self.0.refusal) {
            (Some(fault), _) => fault.user_action(),
            (None, Some(refusal)) => refusal.user_action(),
            (None, None) => self.0.kind.user_action(),
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for VaultError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<SealFault> for VaultError {
    fn from(fault: SealFault) -> Self {
        Self::of_fault(fault, None)
    }
}

impl From<KeyError> for VaultError {
    fn from(error: KeyError) -> Self {
        let fault = match error.kind() {
            KeyErrorKind::WrongKey => SealFault::WrongKey,
            KeyErrorKind::Tampered => SealFault::Tampered,
            KeyErrorKind::UnsupportedFormat => SealFault::UnsupportedFormat,
            KeyErrorKind::Unavailable => {
                return Self::caused_by(ErrorKind::Unavailable, "the key provider does not answer", error);
            }
            KeyErrorKind::Denied => {
                let message = "the key provider refuses the encryption key";
                return Self::caused_by(ErrorKind::Misconfigured, message, error);
            }
        };
        Self::of_fault(fault, Some(error))
    }
}

impl From<RefreshError> for VaultError {
    fn from(error: RefreshError) -> Self {
        Self::caused_by(error.kind().error_kind(), "the provider did not answer the question", error)
    }
}

impl From<NoRandomness> for VaultError {
    fn from(error: NoRandomness) -> Self {
        Self::caused_by(ErrorKind::Unavailable, error.to_string(), error)
    }
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        let (kind, message) = match error.kind() {
            StoreErrorKind::Conflict => {
                (ErrorKind::Conflict, "the stored connection changed in the meantime")
            }
            StoreErrorKind::Corrupt => (ErrorKind::Decode, "a stored row could not be read"),
            StoreErrorKind::Unavailable => (ErrorKind::Unavailable, "the store does not answer"),
        };
        Self::caused_by(kind, message, error)
    }
}

/// What sort of trouble a store has.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// The row is not what the caller expected: another writer was faster, or a unique key is taken.
    Conflict,
    /// A row is there but cannot be read back.
    Corrupt,
    /// The store does not answer; the same call may work later.
    Unavailable,
}

/// A store failed.
#[derive(Debug)]
pub struct StoreError(Box<StoreInner>);

#[derive(Debug)]
struct StoreInner {
    kind: StoreErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// Says what is wrong, in one lower-case line without row content.
    pub fn new(kind: StoreErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(StoreInner { kind, message: message.into(), source: None }))
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> StoreErrorKind {
        self.0.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_small() {
        assert_eq!(size_of::<VaultError>(), size_of::<usize>());
        assert_eq!(size_of::<StoreError>(), size_of::<usize>());
        assert_eq!(size_of::<KeyError>(), size_of::<usize>());
    }

    #[test]
    fn seal_faults_are_told_apart_and_say_what_to_do() {
        let faults =
            [SealFault::WrongKey, SealFault::Shredded, SealFault::Tampered, SealFault::UnsupportedFormat];
        let texts: Vec<_> = faults
            .into_iter()
            .map(|fault| {
                let error = VaultError::from(fault);
                assert_eq!(error.seal_fault(), Some(fault));
                (error.to_string(), error.user_action())
            })
            .collect();
        assert!(texts.iter().all(|text| texts.iter().filter(|other| *other == text).count() == 1));
    }

    #[test]
    fn every_cause_keeps_its_kind_and_its_source() {
        for (kind, expected) in [
            (StoreErrorKind::Conflict, ErrorKind::Conflict),
            (StoreErrorKind::Corrupt, ErrorKind::Decode),
            (StoreErrorKind::Unavailable, ErrorKind::Unavailable),
        ] {
            let error = VaultError::from(StoreError::new(kind, "the cause"));
            assert_eq!(error.kind(), expected);
            assert_eq!(error.source().unwrap().to_string(), "the cause");
        }
        for (kind, expected) in [
            (KeyErrorKind::WrongKey, ErrorKind::Misconfigured),
            (KeyErrorKind::Tampered, ErrorKind::Decode),
            (KeyErrorKind::UnsupportedFormat, ErrorKind::Decode),
            (KeyErrorKind::Unavailable, ErrorKind::Unavailable),
            (KeyErrorKind::Denied, ErrorKind::Misconfigured),
        ] {
            let error = VaultError::from(KeyError::new(kind, "the cause"));
            assert_eq!(error.kind(), expected);
            assert_eq!(error.source().unwrap().to_string(), "the cause");
        }
    }
}
