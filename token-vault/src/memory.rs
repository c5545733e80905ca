//! Everything the vault keeps, in this process's memory.

use std::{
    collections::BTreeMap,
    fmt,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{
    Account, Connection, ConnectionRepo, DataKeyId, DataKeyState, DataKeyTable, Generation, StoreError,
    StoreErrorKind, TokenCommit, TokenRecord, TokenStore, Version, WrappedDataKey,
};

/// Keeps connections, sealed tokens and wrapped data keys in memory: for development and for tests. A restart
/// forgets them.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connections: BTreeMap<(TenantId, ConnectionId), Connection>,
    tokens: BTreeMap<(TenantId, ConnectionId), TokenRecord>,
    keys: BTreeMap<(TenantId, DataKeyId), WrappedDataKey>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change below is a single map operation, so a poisoned map is still a sound one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("MemoryStore")
            .field("connections", &state.connections.len())
            .field("tokens", &state.tokens.len())
            .field("keys", &state.keys.len())
            .finish()
    }
}

fn conflict(message: &'static str) -> StoreError {
    StoreError::new(StoreErrorKind::Conflict, message)
}

impl State {
    fn with_account(&self, tenant: TenantId, account: &Account) -> Option<&Connection> {
        self.of_tenant(tenant, None).find(|connection| connection.account == *account)
    }

    fn of_tenant(&self, tenant: TenantId, after: Option<ConnectionId>) -> impl Iterator<Item = &Connection> {
        let from = match after {
            Some(id) => Bound::Excluded((tenant, id)),
            None => Bound::Included((tenant, ConnectionId::from_bytes([0; 16]))),
        };
        let to = Bound::Included((tenant, ConnectionId::from_bytes([0xFF; 16])));
        self.connections.range((from, to)).map(|(_, connection)| connection)
    }
}

#[async_trait]
impl ConnectionRepo for MemoryStore {
    async fn put(&self, mut connection: Connection) -> Result<Version, StoreError> {
        let mut state = self.lock();
        let key = (connection.tenant, connection.id);
        let stored = state.connections.get(&key).map_or(Version::NEW, |stored| stored.version);
        if stored != connection.version {
            return Err(conflict("the connection has another version"));
        }
        if state.with_account(key.0, &connection.account).is_some_and(|other| other.id != connection.id) {
            return Err(conflict("the account is connected already"));
        }
        connection.version = stored.next();
        state.connections.insert(key, connection);
        Ok(stored.next())
    }

    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        Ok(self.lock().connections.get(&(tenant, id)).cloned())
    }

    async fn find_account(
        &self,
        tenant: TenantId,
        account: &Account,
    ) -> Result<Option<Connection>, StoreError> {
        Ok(self.lock().with_account(tenant, account).cloned())
    }

    async fn list(
        &self,
        tenant: TenantId,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<Connection>, StoreError> {
        Ok(self.lock().of_tenant(tenant, after).take(limit).cloned().collect())
    }

    async fn remove(&self, tenant: TenantId, id: ConnectionId) -> Result<bool, StoreError> {
        let mut state = self.lock();
        state.tokens.remove(&(tenant, id));
        Ok(state.connections.remove(&(tenant, id)).is_some())
    }
}

#[async_trait]
impl TokenStore for MemoryStore {
    async fn read(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<Option<TokenRecord>, StoreError> {
        Ok(self.lock().tokens.get(&(tenant, connection)).cloned())
    }

    async fn commit_success(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        commit: TokenCommit,
    ) -> Result<(), StoreError> {
        let mut state = self.lock();
        let key = (tenant, connection);
        let stored = state.tokens.get(&key).map_or(Generation::NONE, |record| record.generation);
        if stored != commit.expected {
            return Err(conflict("the token has another generation"));
        }
        state.tokens.insert(key, commit.record);
        Ok(())
    }

    async fn shred(&self, tenant: TenantId, connection: ConnectionId) -> Result<(), StoreError> {
        if let Some(record) = self.lock().tokens.get_mut(&(tenant, connection))
            && record.sealed.take().is_some()
        {
            record.generation = record.generation.next();
        }
        Ok(())
    }
}

#[async_trait]
impl DataKeyTable for MemoryStore {
    async fn active_key(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, StoreError> {
        let state = self.lock();
        let mut active =
            state.keys.values().filter(|key| key.tenant == tenant && key.state == DataKeyState::Active);
        Ok(active.next().cloned())
    }

    async fn find_key(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, StoreError> {
        Ok(self.lock().keys.get(&(tenant, id)).cloned())
    }

    async fn insert_active_key(&self, key: WrappedDataKey) -> Result<WrappedDataKey, StoreError> {
        let mut state = self.lock();
        let mut of_tenant = state.keys.values().filter(|stored| stored.tenant == key.tenant);
        if let Some(active) = of_tenant.clone().find(|stored| stored.state == DataKeyState::Active) {
            return Ok(active.clone());
        }
        if of_tenant.any(|stored| stored.id == key.id) {
            return Err(conflict("the tenant has another data key with this id"));
        }
        state.keys.insert((key.tenant, key.id), key.clone());
        Ok(key)
    }

    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError> {
        let mut state = self.lock();
        let before = state.keys.len();
        state.keys.retain(|(owner, _), _| *owner != tenant);
        Ok(u64::try_from(before - state.keys.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests;
