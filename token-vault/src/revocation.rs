//! Grants that are still to be withdrawn at the provider, after their connection has ended here.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId, TokenKind};

use crate::{Account, Generation, Notes, SealedTokens, StoreError};

/// A token set that is kept for one purpose only: to withdraw its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// Whose it is.
    pub tenant: TenantId,
    /// The connection it belonged to.
    pub connection: ConnectionId,
    /// The account it is for. A grant that another connection to the same account lives on must not be
    /// withdrawn where the provider withdraws all at once (Meta: `DELETE /{user-id}/permissions`).
    pub account: Account,
    /// The generation that the secrets are sealed for.
    pub generation: Generation,
    /// What sort of token it is.
    pub kind: TokenKind,
    /// The secrets.
    pub sealed: SealedTokens,
    /// When the connection ended, by the store's clock.
    pub since: Timestamp,
    /// How often it was taken out of the queue, this time included.
    pub attempts: u32,
}

impl Revocation {
    /// All of it, for stores. `ended` is the connection's tenant, id and account.
    pub fn new(
        ended: (TenantId, ConnectionId, Account),
        generation: Generation,
        kind: TokenKind,
        sealed: SealedTokens,
        since: Timestamp,
        attempts: u32,
    ) -> Self {
        let (tenant, connection, account) = ended;
        Self { tenant, connection, account, generation, kind, sealed, since, attempts }
    }
}

/// Token sets of all tenants whose grants are to be withdrawn. For the vault's worker, never for a request of a
/// tenant. They get in through [`TokenStore::retire`](crate::TokenStore::retire) and in no other way.
#[async_trait]
pub trait RevocationQueue: fmt::Debug + Send + Sync + 'static {
    /// Up to `limit` of them, the oldest first. Nobody else gets them before `visibility` has passed by the
    /// store's clock; then they are given again, unless they were finished.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the queue cannot be read.
    async fn take_revocations(
        &self,
        limit: usize,
        visibility: Duration,
    ) -> Result<Vec<Revocation>, StoreError>;

    /// Deletes one of them for good, secrets included: its grant is withdrawn, or there is no hope. The notes are
    /// stored in the same step. `false`, and nothing stored, if it was not there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn finish_revocation(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
        notes: Notes,
    ) -> Result<bool, StoreError>;
}
