//! What looks across tenants.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{
    MemoryStore,
    rows::{RowKey, State, new_event_id},
};
use crate::{
    Account, AssetKey, AuditAction, AuditActor, AuditEntry, Census, CrossTenant, DataKeyTable as _,
    EventKind, Holder, StoreError, census::UNREADABLE,
};

#[async_trait]
impl CrossTenant for MemoryStore {
    async fn holders(&self, account: &Account) -> Result<Vec<Holder>, StoreError> {
        self.step(|state, _| {
            let rows = state.rows.iter().filter(|(_, row)| row.stored.account == *account);
            Ok(rows.map(|(key, row)| Holder::new(key.0, key.1, row.stored.state)).collect())
        })
    }

    async fn asset_holder(&self, asset: &AssetKey) -> Result<Option<Holder>, StoreError> {
        self.step(|state, _| {
            let linked = state.assets.get(asset).map(|row| (row.tenant, row.connection));
            let holder = linked.and_then(|key| Some((key, state.rows.get(&key)?)));
            Ok(holder.map(|(key, row)| Holder::new(key.0, key.1, row.stored.state)))
        })
    }

    async fn erase_account(&self, account: &Account, actor: AuditActor) -> Result<Vec<RowKey>, StoreError> {
        self.step(|state, now| {
            let doomed = state.family_of(account);
            let named: Vec<_> = doomed
                .into_iter()
                .map(|key| Ok((key, new_event_id()?)))
                .collect::<Result<_, StoreError>>()?;
            // Also those of connections that were removed.
            state.revocations.retain(|_, queued| queued.item.account != *account);
            for (key, event) in &named {
                state.erase(*key, &actor, now);
                let entry = AuditEntry::new(AuditAction::Erased);
                state.add_entry(key.0, Some(key.1), actor.clone(), entry, now);
                state.add_event(*key, *event, EventKind::Erased, now);
            }
            Ok(named.into_iter().map(|(key, _)| key).collect())
        })
    }

    async fn erase_tenant(&self, tenant: TenantId, actor: AuditActor) -> Result<u64, StoreError> {
        // The keys go first: without them the rest is noise, should this be the last step that is taken.
        self.destroy_keys(tenant).await?;
        self.step(|state, now| {
            let doomed: Vec<_> = state.of_tenant(tenant, None).map(|(key, _)| key).collect();
            for key in &doomed {
                state.erase(*key, &actor, now);
            }
            state.events.retain(|_, queued| queued.item.tenant != tenant);
            state.revocations.retain(|(owner, ..), _| *owner != tenant);
            state.add_entry(tenant, None, actor, AuditEntry::new(AuditAction::Erased), now);
            for (_, record) in state.audit.values_mut().filter(|(owner, _)| *owner == tenant) {
                let actor = std::mem::replace(&mut record.actor, AuditActor::Erased);
                record.actor = actor.without_person();
                record.asset = None;
            }
            Ok(u64::try_from(doomed.len()).unwrap_or(u64::MAX))
        })
    }

    async fn trim_audit(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError> {
        self.step(|state, _| {
            let old = state.audit.iter().filter(|(_, (_, record))| record.at < before);
            let old: Vec<_> = old.map(|(position, _)| *position).take(limit).collect();
            for position in &old {
                state.audit.remove(position);
            }
            Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
        })
    }

    async fn census(&self) -> Result<Census, StoreError> {
        self.step(|state, _| {
            let mut census = Census::new();
            for row in state.rows.values() {
                let name = if row.spoilt { UNREADABLE } else { row.stored.state.as_str() };
                census = census.with_connections(row.stored.account.provider.clone(), name, 1);
            }
            census.oldest_due = state.rows.values().filter_map(|row| row.stored.due_at).min();
            census.events_waiting = u64::try_from(state.events.len()).unwrap_or(u64::MAX);
            census.revocations_waiting = u64::try_from(state.revocations.len()).unwrap_or(u64::MAX);
            Ok(census)
        })
    }
}

impl State {
    /// Every connection to the account, and what is derived from them, in the order of tenants and ids.
    fn family_of(&self, account: &Account) -> BTreeSet<(TenantId, ConnectionId)> {
        let of_account = self.rows.iter().filter(|(_, row)| row.stored.account == *account);
        let mut family: BTreeSet<_> = of_account.map(|(key, _)| *key).collect();
        loop {
            let derived = self.rows.iter().filter(|(key, row)| {
                let parent = row.stored.parent;
                !family.contains(*key) && parent.is_some_and(|parent| family.contains(&(key.0, parent)))
            });
            let derived: Vec<_> = derived.map(|(key, _)| *key).collect();
            if derived.is_empty() {
                return family;
            }
            family.extend(derived);
        }
    }

    fn erase(&mut self, key: RowKey, actor: &AuditActor, now: Timestamp) {
        self.unlink_all(key, actor, now);
        self.rows.remove(&key);
        self.removed.insert(key);
        for (_, record) in self.audit.values_mut().filter(|(tenant, _)| *tenant == key.0) {
            if record.connection == Some(key.1) {
                record.asset = None;
            }
        }
        self.events.retain(|_, queued| (queued.item.tenant, queued.item.connection) != key);
        self.revocations.retain(|(tenant, connection, _), _| (*tenant, *connection) != key);
    }
}
