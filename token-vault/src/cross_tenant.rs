//! What looks across tenants: callbacks of the providers, and the operator's jobs.

use std::fmt;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{Account, AssetKey, AuditActor, Census, ConnectionState, StoreError};

/// A connection of some tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which one.
    pub connection: ConnectionId,
    /// Its state.
    pub state: ConnectionState,
}

impl Holder {
    /// All of it.
    pub const fn new(tenant: TenantId, connection: ConnectionId, state: ConnectionState) -> Self {
        Self { tenant, connection, state }
    }
}

/// Looks across tenants. Providers know neither tenants nor connections: a callback names an account or an asset,
/// and an account may be connected by several tenants. For callbacks and for the operator's jobs, never for a
/// request of a tenant; a database with row-level security gives it a role of its own.
///
/// Erasing takes rows, assets, waiting events and waiting revocations, in one step for each tenant, readable or not.
/// The audit stays, but no entry names an asset any more: the id of one may be that of a person. Repeat a call that
/// failed.
#[async_trait]
pub trait CrossTenant: fmt::Debug + Send + Sync + 'static {
    /// Every connection of any tenant to this account, disconnected ones included, in the order of tenants and
    /// ids. For deauthorize callbacks, and to see whether a grant is still in use elsewhere before it is
    /// withdrawn.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn holders(&self, account: &Account) -> Result<Vec<Holder>, StoreError>;

    /// The connection of any tenant that this asset is linked to. For webhooks.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read.
    async fn asset_holder(&self, asset: &AssetKey) -> Result<Option<Holder>, StoreError>;

    /// Deletes every connection of any tenant to this account, those derived from them, and what waits to be
    /// revoked of connections that were removed, as a data-deletion callback asks for ("Facebook Login: Data
    /// Deletion Request Callback"). Each connection adds an entry [`Erased`](crate::AuditAction::Erased)
    /// to its audit, and an event [`Erased`](crate::EventKind::Erased) to the queue, so that the product can delete
    /// what it made of it. Gives the connections that were deleted.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain that everything is deleted.
    async fn erase_account(
        &self,
        account: &Account,
        actor: AuditActor,
    ) -> Result<Vec<(TenantId, ConnectionId)>, StoreError>;

    /// Deletes everything of a tenant: connections, assets, data keys, waiting events and revocations. Its audit
    /// stays without the ids of people ([`AuditActor::without_person`]), and with one entry
    /// [`Erased`](crate::AuditAction::Erased) more. Gives how many connections were deleted.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain that everything is deleted.
    async fn erase_tenant(&self, tenant: TenantId, actor: AuditActor) -> Result<u64, StoreError>;

    /// Deletes audit entries of all tenants that were stored before this time, `limit` at most. Gives how many.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn trim_audit(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError>;

    /// How many connections there are, and what waits. For metrics and health, every minute or so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be counted.
    async fn census(&self) -> Result<Census, StoreError>;
}
