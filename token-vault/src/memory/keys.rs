//! Wrapped data keys in memory.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;

use super::{MemoryStore, conflict};
use crate::{
    DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, KekId, StoreError, Wrapped, WrappedDataKey,
};

/// The rows of the key table.
#[derive(Default)]
pub(super) struct KeyRows(Mutex<Rows>);

type Rows = BTreeMap<DataKeyPosition, WrappedDataKey>;

impl KeyRows {
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        // Nothing below can panic between two changes, so the rows of a poisoned lock are sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of_tenant(rows: &Rows, tenant: TenantId) -> impl Iterator<Item = &WrappedDataKey> {
    rows.range((tenant, DataKeyId::new(0))..=(tenant, DataKeyId::new(u32::MAX))).map(|(_, key)| key)
}

fn active(rows: &Rows, tenant: TenantId) -> Option<&WrappedDataKey> {
    of_tenant(rows, tenant).find(|key| key.state == DataKeyState::Active)
}

fn set_state(key: &mut WrappedDataKey, to: DataKeyState) {
    key.state = to;
    if to == DataKeyState::Destroyed {
        key.wrapped.bytes = Vec::new();
    }
}

#[async_trait]
impl DataKeyTable for MemoryStore {
    async fn active_key(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, StoreError> {
        Ok(active(&self.keys.lock(), tenant).cloned())
    }

    async fn find_key(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, StoreError> {
        Ok(self.keys.lock().get(&(tenant, id)).cloned())
    }

    async fn list_keys(&self, tenant: TenantId) -> Result<Vec<WrappedDataKey>, StoreError> {
        Ok(of_tenant(&self.keys.lock(), tenant).cloned().collect())
    }

    async fn insert_active_key(
        &self,
        key: WrappedDataKey,
        replacing: Option<DataKeyId>,
    ) -> Result<WrappedDataKey, StoreError> {
        let mut rows = self.keys.lock();
        let replaced = active(&rows, key.tenant).cloned();
        if let Some(active) = &replaced
            && (active.id == key.id || Some(active.id) != replacing)
        {
            return Ok(active.clone());
        }
        if rows.contains_key(&(key.tenant, key.id)) {
            return Err(conflict("the tenant has another data key with this id"));
        }
        if let Some(replaced) = replaced.and_then(|old| rows.get_mut(&(old.tenant, old.id))) {
            set_state(replaced, DataKeyState::DecryptOnly);
        }
        rows.insert((key.tenant, key.id), key.clone());
        Ok(key)
    }

    async fn replace_wrapped(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        seen: &Wrapped,
        new: Wrapped,
    ) -> Result<bool, StoreError> {
        let mut rows = self.keys.lock();
        let key = rows.get_mut(&(tenant, id));
        let Some(key) = key.filter(|key| key.state != DataKeyState::Destroyed && key.wrapped == *seen) else {
            return Ok(false);
        };
        key.wrapped = new;
        Ok(true)
    }

    async fn set_key_state(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        from: DataKeyState,
        to: DataKeyState,
    ) -> Result<bool, StoreError> {
        let mut rows = self.keys.lock();
        let key = rows.get_mut(&(tenant, id));
        let Some(key) = key.filter(|key| key.state == from && from.may_become(to)) else {
            return Ok(false);
        };
        set_state(key, to);
        Ok(true)
    }

    async fn add_messages(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        messages: u64,
    ) -> Result<Option<u64>, StoreError> {
        let mut rows = self.keys.lock();
        let key = rows.get_mut(&(tenant, id)).filter(|key| key.state == DataKeyState::Active);
        Ok(key.map(|key| {
            key.messages = key.messages.saturating_add(messages);
            key.messages
        }))
    }

    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError> {
        let mut rows = self.keys.lock();
        let mut destroyed = 0;
        for ((owner, _), key) in rows.iter_mut() {
            if *owner == tenant && key.state != DataKeyState::Destroyed {
                set_state(key, DataKeyState::Destroyed);
                destroyed += 1;
            }
        }
        Ok(destroyed)
    }

    async fn keys_under(
        &self,
        kek: &KekId,
        after: Option<DataKeyPosition>,
        limit: usize,
    ) -> Result<Vec<WrappedDataKey>, StoreError> {
        let rows = self.keys.lock();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = rows.range((from, Bound::Unbounded)).map(|(_, key)| key);
        let under = rest.filter(|key| key.state != DataKeyState::Destroyed && key.wrapped.kek == *kek);
        Ok(under.take(limit).cloned().collect())
    }

    async fn count_by_kek(&self) -> Result<Vec<(KekId, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        for key in self.keys.lock().values().filter(|key| key.state != DataKeyState::Destroyed) {
            *counts.entry(key.wrapped.kek.clone()).or_insert(0) += 1;
        }
        Ok(counts.into_iter().collect())
    }
}
