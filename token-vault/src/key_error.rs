//! What a key provider fails with.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use crate::random::NoRandomness;

/// What sort of trouble a key provider has.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyErrorKind {
    /// The provider does not hold the key that was named.
    WrongKey,
    /// The key is there, but the wrapped bytes do not open under it with this context.
    Tampered,
    /// The wrapped bytes have a form this version does not know.
    UnsupportedFormat,
    /// The key service does not answer; the same call may work later. Keys that are in memory are used
    /// meanwhile.
    Unavailable,
    /// The key service answers, but refuses this process the key, or the key was disabled there. Keys that
    /// are in memory are not used beyond their ordinary time: somebody may have wanted that.
    Denied,
}

impl KeyErrorKind {
    /// The kind in `snake_case`, as used in metrics labels and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::Tampered => "tampered",
            Self::UnsupportedFormat => "unsupported_format",
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
        }
    }
}

/// A key provider failed. Cheap to clone: callers that waited for one call get the same error.
#[derive(Clone, Debug)]
pub struct KeyError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: KeyErrorKind,
    message: Cow<'static, str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl KeyError {
    /// Says what is wrong, in one lower-case line without key material.
    pub fn new(kind: KeyErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner { kind, message: message.into(), source: None }))
    }

    /// Adds the cause.
    pub fn with_source(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = Some(Arc::from(source.into()));
        Self(Arc::new(Inner { kind: self.0.kind, message: self.0.message.clone(), source }))
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> KeyErrorKind {
        self.0.kind
    }

    pub(crate) fn wrong_key(kek: &crate::KekId) -> Self {
        let message = format!(
            "no encryption key has the id {kek}; add the key that was used before behind the new one"
        );
        Self::new(KeyErrorKind::WrongKey, message)
    }

    pub(crate) fn unanswered() -> Self {
        Self::new(KeyErrorKind::Unavailable, "the key provider left a request unanswered")
    }

    pub(crate) fn tampered() -> Self {
        Self::new(KeyErrorKind::Tampered, "the wrapped data key was changed or belongs to something else")
    }

    pub(crate) fn unsupported() -> Self {
        let message = "the wrapped data key has a form this version does not know";
        Self::new(KeyErrorKind::UnsupportedFormat, message)
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<NoRandomness> for KeyError {
    fn from(error: NoRandomness) -> Self {
        Self::new(KeyErrorKind::Unavailable, error.to_string()).with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_kept_and_clones_share_it() {
        let error = KeyError::new(KeyErrorKind::Denied, "no").with_source("the cause");
        let clone = error.clone();
        assert_eq!((clone.kind(), clone.to_string()), (KeyErrorKind::Denied, "no".to_owned()));
        assert_eq!(clone.source().unwrap().to_string(), "the cause");
    }
}
