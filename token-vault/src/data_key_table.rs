//! Where wrapped data keys are kept.

use std::fmt;

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;

use crate::{DataKeyId, DataKeyState, KekId, StoreError, Wrapped, WrappedDataKey};

/// Where a key stands among all keys: by tenant, then by id.
pub type DataKeyPosition = (TenantId, DataKeyId);

/// Keeps the wrapped data keys. Lose it and every sealed token is lost: it belongs into the same database
/// and the same backup as the tokens.
///
/// Promises of every implementation:
///
/// * A key is named by tenant and id together; the same id under two tenants is two keys. A key of another
///   tenant does not exist for a method that names the tenant.
/// * A tenant has at most one active key at any time.
/// * Every write is one atomic, durable step: of concurrent callers with the same expectation exactly one
///   gets it, also across processes, and what a call gave back is what a later read finds.
/// * A state only moves down: active, decrypt-only, destroyed. Whatever destroys a key empties its wrapped
///   bytes in the same step. Destroyed rows stay: their id is not used again, and they are read like others.
/// * Reads see every write that was answered before they began; a replica that lags is not good enough, since
///   a token sealed under a key that was destroyed meanwhile is lost.
///
/// [`keys_under`](Self::keys_under) and [`count_by_kek`](Self::count_by_kek) look across tenants. They are for
/// the operator's jobs, never for a request of a tenant; a database with row-level security gives them a role
/// of their own.
#[async_trait]
pub trait DataKeyTable: fmt::Debug + Send + Sync + 'static {
    /// The tenant's active key.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the table cannot be read.
    async fn active_key(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, StoreError>;

    /// One key of the tenant, whatever its state.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the table cannot be read.
    async fn find_key(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, StoreError>;

    /// Every key of the tenant, whatever its state, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the table cannot be read.
    async fn list_keys(&self, tenant: TenantId) -> Result<Vec<WrappedDataKey>, StoreError>;

    /// Keeps `key` as the tenant's active one, unless the tenant has an active key other than `replacing`;
    /// gives the one that is active afterwards. The key it replaces becomes decrypt-only in the same step.
    /// `replacing` need not be there any more. A key that is already the active one is given back unchanged.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Conflict` when `key` would become active and the tenant has, or had, another key with
    /// this id; nothing is changed then.
    async fn insert_active_key(
        &self,
        key: WrappedDataKey,
        replacing: Option<DataKeyId>,
    ) -> Result<WrappedDataKey, StoreError>;

    /// Replaces the wrapped form of a key if it is still `seen`, both parts of it. `false` when it is not, and
    /// for a destroyed key. Changes nothing else.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the change is not certain.
    async fn replace_wrapped(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        seen: &Wrapped,
        new: Wrapped,
    ) -> Result<bool, StoreError>;

    /// Moves a key from one state to another. `false` when it is not in `from`, or when
    /// [`DataKeyState::may_become`] says no.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the change is not certain.
    async fn set_key_state(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        from: DataKeyState,
        to: DataKeyState,
    ) -> Result<bool, StoreError>;

    /// Adds to the message count of a key, if it is active; gives the count afterwards. `None` when the key
    /// is not active (any more). The count stops at its largest value.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the change is not certain.
    async fn add_messages(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        messages: u64,
    ) -> Result<Option<u64>, StoreError>;

    /// Destroys every key of the tenant: all that was sealed under them is noise from then on, backups
    /// included once the key rows have left them too. Gives how many were not destroyed before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError>;

    /// Up to `limit` keys of any tenant that are wrapped with `kek` and not destroyed, in the order of
    /// tenants and ids, those behind `after` only.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the table cannot be read.
    async fn keys_under(
        &self,
        kek: &KekId,
        after: Option<DataKeyPosition>,
        limit: usize,
    ) -> Result<Vec<WrappedDataKey>, StoreError>;

    /// How many keys of all tenants each wrapping key wraps, destroyed ones left out, in the order of the
    /// wrapping keys' ids. Wrapping keys that wrap none are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the table cannot be read.
    async fn count_by_kek(&self) -> Result<Vec<(KekId, u64)>, StoreError>;
}
