//! Where a login waits while the person is at the provider.

use std::{borrow::Cow, error::Error, fmt};

use async_trait::async_trait;
use sociogram_api_core::Timestamp;

mod memory;

pub use memory::MemorySessionStore;

/// How many logins one app user may have open; the next one pushes out the oldest.
pub const MAX_OPEN_SESSIONS: usize = 20;

/// SHA-256 of the `state` parameter. The state itself is never stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// From the hash.
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey([redacted])")
    }
}

/// Hash of tenant and app user: whose open logins are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionOwner([u8; 32]);

impl SessionOwner {
    /// From the hash.
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A login to be kept. `Debug` does not show the blob.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewSession {
    /// What it is found by.
    pub key: SessionKey,
    /// Whose it is.
    pub owner: SessionOwner,
    /// What to give back, byte for byte. May hold a secret: do not log it.
    pub blob: Vec<u8>,
    /// The time of the call.
    pub created_at: Timestamp,
    /// From this time on it must not be given back any more.
    pub expires_at: Timestamp,
}

impl NewSession {
    /// All of it.
    pub const fn new(
        key: SessionKey,
        owner: SessionOwner,
        blob: Vec<u8>,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        Self { key, owner, blob, created_at, expires_at }
    }
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession")
            .field("owner", &self.owner)
            .field("blob_len", &self.blob.len())
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Keeps logins between the redirect to the provider and the callback.
///
/// There is no way to look at a session without consuming it: that is what makes a replayed callback
/// fail. Implementations keep the promises below across processes; feature `testing` has a suite that checks them
/// (`testing::session_store`).
#[async_trait]
pub trait SessionStore: fmt::Debug + Send + Sync + 'static {
    /// Keeps the session. If its owner then has more than [`MAX_OPEN_SESSIONS`] unexpired ones, the oldest
    /// of them are dropped, but never the one that was just put. A key that is already there is an error, and
    /// the first session stays: states are random, so it can only be a defect.
    ///
    /// # Errors
    ///
    /// [`SessionStoreError`] when nothing was kept.
    async fn put(&self, session: NewSession) -> Result<(), SessionStoreError>;

    /// Removes the session and gives its blob back, in one atomic step: of any number of concurrent calls
    /// at most one gets it. `None` if it is unknown, already taken, or expired at `now`.
    ///
    /// # Errors
    ///
    /// [`SessionStoreError`] when the store cannot tell; the session then counts as lost.
    async fn take(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Vec<u8>>, SessionStoreError>;
}

/// The store failed.
#[derive(Debug)]
pub struct SessionStoreError {
    message: Cow<'static, str>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SessionStoreError {
    /// Says what is wrong, in one lower-case line without keys or blobs.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Adds the cause.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for SessionStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SessionStoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
