//! What the vault and its stores fail with.

use std::{borrow::Cow, error::Error, fmt};

use sociogram_api_core::ErrorKind;

use crate::{KeyError, KeyErrorKind, random::NoRandomness};

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

/// A vault operation failed. Holds no secret.
#[derive(Debug)]
pub struct VaultError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    fault: Option<SealFault>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl VaultError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), fault: None, source: None }))
    }

    fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
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

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        match self.0.fault {
            Some(fault) => fault.user_action(),
            None => self.0.kind.user_action(),
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
        let mut error = Self::new(fault.kind(), fault.message());
        error.0.fault = Some(fault);
        error
    }
}

impl From<KeyError> for VaultError {
    fn from(error: KeyError) -> Self {
        let fault = match error.kind() {
            KeyErrorKind::WrongKey => SealFault::WrongKey,
            KeyErrorKind::Tampered => SealFault::Tampered,
            KeyErrorKind::UnsupportedFormat => SealFault::UnsupportedFormat,
            KeyErrorKind::Unavailable => {
                return Self::new(ErrorKind::Unavailable, "the key provider does not answer")
                    .with_source(error);
            }
            KeyErrorKind::Denied => {
                return Self::new(ErrorKind::Misconfigured, "the key provider refuses the encryption key")
                    .with_source(error);
            }
        };
        Self::from(fault).with_source(error)
    }
}

impl From<NoRandomness> for VaultError {
    fn from(error: NoRandomness) -> Self {
        Self::new(ErrorKind::Unavailable, error.to_string()).with_source(error)
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
        Self::new(kind, message).with_source(error)
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
