//! The key that encrypts the data keys: kept by the environment, a file or a key service, never by us.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::random::{self, NoRandomness};

/// Names one version of a wrapping key, such as `local:9f86d081884c7d65` or a key service's ARN. Public.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KekId(Arc<str>);

impl KekId {
    /// From its text.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tenant's data key in clear: 32 bytes, wiped on drop, never printed.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Takes what a provider unwrapped. `None` unless it is 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut key = Zeroizing::new([0; 32]);
        random::fill(key.as_mut_slice())?;
        Ok(Self(key))
    }

    /// The bytes, for the provider that wraps them. Keep the borrow short.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey([redacted])")
    }
}

/// Wraps and unwraps data keys. [`LocalKeys`](crate::LocalKeys) is the built-in one; a key service is another
/// implementation.
///
/// `aad` is context that is not secret and must be authenticated along with the key: the same bytes must be
/// given to unwrap. A key service passes it on as its encryption context or associated data.
#[async_trait]
pub trait KeyProvider: fmt::Debug + Send + Sync + 'static {
    /// The key that new data keys are to be wrapped with.
    fn id(&self) -> KekId;

    /// Encrypts a data key under `kek`, which [`id`](Self::id) gave.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the key is unknown or the service does not answer.
    async fn wrap(&self, kek: &KekId, key: &DataKey, aad: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Decrypts a data key that was wrapped under `kek`, which need not be the current one.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `WrongKey` when this provider does not hold `kek`, `Tampered` when it does and the bytes
    /// do not open, `Unavailable` when the service does not answer.
    async fn unwrap(&self, kek: &KekId, wrapped: &[u8], aad: &[u8]) -> Result<DataKey, KeyError>;
}

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
    /// The key service does not answer; the same call may work later.
    Unavailable,
}

/// A key provider failed.
#[derive(Debug)]
pub struct KeyError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: KeyErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl KeyError {
    /// Says what is wrong, in one lower-case line without key material.
    pub fn new(kind: KeyErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What sort of trouble it is.
    pub fn kind(&self) -> KeyErrorKind {
        self.0.kind
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
