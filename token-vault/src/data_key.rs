//! Data keys as they are stored: wrapped, one set per tenant.

use std::fmt;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use crate::{KekId, StoreError};

/// Names a data key within its tenant. Chosen at random, so that ids of different tenants rarely coincide;
/// nothing depends on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataKeyId(u32);

impl DataKeyId {
    /// From the number stored with the key.
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for DataKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// What a data key may still be used for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataKeyState {
    /// Seals and opens. At most one per tenant.
    Active,
    /// Only opens what was sealed before.
    DecryptOnly,
}

/// A data key as stored.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WrappedDataKey {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its id within the tenant.
    pub id: DataKeyId,
    /// The cipher it is bound to: 1 = AES-256-GCM.
    pub suite: u8,
    /// The key it is wrapped with.
    pub kek: KekId,
    /// The wrapped bytes, as the key provider gave them.
    pub wrapped: Vec<u8>,
    /// HMAC of tenant and id under the data key: proves after unwrapping that it is this key and no other.
    pub commitment: [u8; 32],
    /// What it may be used for.
    pub state: DataKeyState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl WrappedDataKey {
    /// All of it; the state is `Active`.
    pub const fn new(
        tenant: TenantId,
        id: DataKeyId,
        suite: u8,
        kek: KekId,
        wrapped: Vec<u8>,
        commitment: [u8; 32],
        created_at: Timestamp,
    ) -> Self {
        Self { tenant, id, suite, kek, wrapped, commitment, state: DataKeyState::Active, created_at }
    }
}

/// Keeps the wrapped data keys. Lose it and every sealed token is lost: it belongs into the same database
/// and the same backup as the tokens.
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

    /// Keeps `key` as the tenant's active one unless the tenant has an active key already; gives the one that
    /// is active afterwards. Of concurrent calls exactly one wins, also across processes.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Conflict` when the tenant has another key with this id.
    async fn insert_active_key(&self, key: WrappedDataKey) -> Result<WrappedDataKey, StoreError>;

    /// Deletes every key of the tenant: all that was sealed under them is noise from then on, backups
    /// included once the key rows have left them too. Gives how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError>;
}
