//! Where sealed tokens are kept.

use std::fmt;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Expiry, ScopeSet, TenantId, TokenKind};

use crate::{Sealed, StoreError};

/// Counts the token sets a connection has had. Every write names the one it replaces, and the secrets are
/// sealed for theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

impl Generation {
    /// Before the first token set.
    pub const NONE: Self = Self(0);

    /// From the stored number.
    pub const fn new(generation: u64) -> Self {
        Self(generation)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one after this.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The secrets of one token set, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealedTokens {
    /// The access token.
    pub access: Sealed,
    /// The refresh token, where there is one.
    pub refresh: Option<Sealed>,
}

impl SealedTokens {
    /// Both.
    pub const fn new(access: Sealed, refresh: Option<Sealed>) -> Self {
        Self { access, refresh }
    }
}

/// One token set as stored: the secrets sealed, the rest in clear so that a store can look for what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRecord {
    /// Which token set of the connection it is.
    pub generation: Generation,
    /// What sort of token it is.
    pub kind: TokenKind,
    /// The secrets; `None` once they are shredded.
    pub sealed: Option<SealedTokens>,
    /// When the access token ends.
    pub expiry: Expiry,
    /// When the refresh token ends.
    pub refresh_expiry: Expiry,
    /// What the provider said it granted.
    pub scopes: Option<ScopeSet>,
    /// When the token was asked for.
    pub issued_at: Option<Timestamp>,
    /// When this row was written.
    pub updated_at: Timestamp,
}

impl TokenRecord {
    /// A record of which only this much is known; set the other fields afterwards.
    pub const fn new(
        generation: Generation,
        kind: TokenKind,
        sealed: Option<SealedTokens>,
        updated_at: Timestamp,
    ) -> Self {
        Self {
            generation,
            kind,
            sealed,
            expiry: Expiry::Unknown,
            refresh_expiry: Expiry::Unknown,
            scopes: None,
            issued_at: None,
            updated_at,
        }
    }
}

/// A new token set to be written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenCommit {
    /// The generation that must be stored now; [`Generation::NONE`] = no row.
    pub expected: Generation,
    /// What to write. Its generation is the one after `expected`.
    pub record: TokenRecord,
}

impl TokenCommit {
    /// Replaces `expected` by `record`.
    pub const fn new(expected: Generation, record: TokenRecord) -> Self {
        Self { expected, record }
    }
}

/// Keeps one token set per connection. Sees no secret in clear; every method names the tenant, and a row of
/// another tenant does not exist for it.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// The current token set.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read.
    async fn read(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<Option<TokenRecord>, StoreError>;

    /// Writes the token set if the stored generation is still the expected one, in one atomic step: of
    /// concurrent commits with one expectation exactly one succeeds, also across processes.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Conflict` when the stored generation is another; the row is unchanged then.
    async fn commit_success(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        commit: TokenCommit,
    ) -> Result<(), StoreError>;

    /// Deletes the secrets and raises the generation by one, so that a commit under way fails. The row itself
    /// stays, because the generation must never start again. Nothing to do without a row, or without secrets
    /// in it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn shred(&self, tenant: TenantId, connection: ConnectionId) -> Result<(), StoreError>;
}
