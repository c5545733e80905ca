//! The key that encrypts the data keys: kept by the environment, a file or a key service, never by us.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{
    KeyContext, KeyError,
    random::{self, NoRandomness},
};

/// Names one version of a wrapping key, such as `local:9f86d081884c7d65`, a key service's ARN, or
/// `transit/vault:v3`. Public. A service whose keys have versions puts the version in, so that what is left
/// under an old one can be counted and wrapped anew.
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
// Boxed, so that moving it leaves no copy behind on the stack.
pub struct DataKey(Box<Zeroizing<[u8; 32]>>);

impl DataKey {
    /// Takes what a provider unwrapped. `None` unless it is 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self::zero();
        if bytes.len() != key.0.len() {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }

    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut key = Self::zero();
        random::fill(key.0.as_mut_slice())?;
        Ok(key)
    }

    fn zero() -> Self {
        Self(Box::new(Zeroizing::new([0; 32])))
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

/// A data key to be wrapped with the key that `context` names.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WrapRequest<'a> {
    /// What is to be authenticated along with it.
    pub context: &'a KeyContext,
    /// The key to wrap.
    pub key: &'a DataKey,
}

impl<'a> WrapRequest<'a> {
    /// Both.
    pub const fn new(context: &'a KeyContext, key: &'a DataKey) -> Self {
        Self { context, key }
    }
}

/// Wrapped bytes to be opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UnwrapRequest<'a> {
    /// What they were wrapped with.
    pub context: &'a KeyContext,
    /// The bytes, as the provider gave them.
    pub wrapped: &'a [u8],
}

impl<'a> UnwrapRequest<'a> {
    /// Both.
    pub const fn new(context: &'a KeyContext, wrapped: &'a [u8]) -> Self {
        Self { context, wrapped }
    }
}

/// Wrapped bytes to be wrapped with another key. The two contexts differ in the wrapping key only.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RewrapRequest<'a> {
    /// What they were wrapped with.
    pub from: &'a KeyContext,
    /// What they are to be wrapped with.
    pub to: &'a KeyContext,
    /// The bytes, as the provider gave them.
    pub wrapped: &'a [u8],
}

impl<'a> RewrapRequest<'a> {
    /// All of it.
    pub const fn new(from: &'a KeyContext, to: &'a KeyContext, wrapped: &'a [u8]) -> Self {
        Self { from, to, wrapped }
    }
}

/// Wraps and unwraps data keys. [`LocalKeys`](crate::LocalKeys) and [`KeyFile`](crate::KeyFile) are built in;
/// a key service is another implementation.
///
/// Every batch is answered in the order of its requests, one answer each, and a request that fails does not
/// fail the others. A service without batches runs them side by side. The methods may be called at any time
/// from any number of tasks; dropping a call must leave nothing behind.
///
/// Errors per request: `WrongKey` when this provider does not hold the key the context names (told without
/// asking the service where the id is plainly another provider's), `Tampered` when it does and the bytes do
/// not open in this context, `UnsupportedFormat` when the bytes are not of its making, `Unavailable` when the
/// service does not answer, `Denied` when it refuses.
#[async_trait]
pub trait KeyProvider: fmt::Debug + Send + Sync + 'static {
    /// The key that new data keys are to be wrapped with. Answers from memory.
    fn id(&self) -> KekId;

    /// Encrypts data keys, each with the key its context names, which [`id`](Self::id) gave.
    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>>;

    /// Decrypts data keys, each with the key its context names, which need not be the current one.
    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>>;

    /// Moves data keys from one wrapping key to another. A service that can do that within itself (KMS
    /// `ReEncrypt`, transit `rewrap`) does; others unwrap and wrap.
    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>>;

    /// Whether the keys can be used, asked in the cheapest way that changes nothing.
    ///
    /// # Errors
    ///
    /// [`KeyError`]: `Unavailable` or `Denied` when they cannot.
    async fn health(&self) -> Result<KeyHealth, KeyError>;
}

/// The answer of a provider whose keys can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyHealth {
    /// The key that new data keys are wrapped with.
    pub primary: KekId,
    /// Every key the provider holds, the primary one first.
    pub keys: Vec<HeldKek>,
}

impl KeyHealth {
    /// Both. `keys` contains the primary one.
    pub const fn new(primary: KekId, keys: Vec<HeldKek>) -> Self {
        Self { primary, keys }
    }
}

/// A wrapping key that a provider holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldKek {
    /// Its id.
    pub id: KekId,
    /// Tells two keys of one name apart; `None` when the service does not let it be computed.
    pub check: Option<KeyCheck>,
}

impl HeldKek {
    /// Without a check value.
    pub const fn new(id: KekId) -> Self {
        Self { id, check: None }
    }

    /// Sets the check value.
    pub const fn with_check(mut self, check: KeyCheck) -> Self {
        self.check = Some(check);
        self
    }
}

/// A key-check value: 8 bytes that differ when the keys differ and say nothing else about them. `Display`
/// gives 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyCheck([u8; 8]);

impl KeyCheck {
    /// From its bytes, such as a truncated HMAC of a constant under the key.
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Display for KeyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
