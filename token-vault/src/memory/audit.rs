//! What was done.

use std::ops::Bound;

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::MemoryStore;
use crate::{AuditActor, AuditEntry, AuditLog, AuditPage, AuditQuery, StoreError};

#[async_trait]
impl AuditLog for MemoryStore {
    async fn append(
        &self,
        tenant: TenantId,
        actor: AuditActor,
        connection: Option<ConnectionId>,
        entries: Vec<AuditEntry>,
    ) -> Result<(), StoreError> {
        self.step(|state, now| {
            for entry in entries {
                state.add_entry(tenant, connection, actor.clone(), entry, now);
            }
        });
        Ok(())
    }

    async fn query(&self, tenant: TenantId, query: AuditQuery) -> Result<AuditPage, StoreError> {
        self.step(|state, _| {
            let to = query.after.map_or(Bound::Unbounded, Bound::Excluded);
            let rows = state.audit.range((Bound::Unbounded, to)).rev().map(|(_, row)| row);
            let mut wanted = rows
                .filter(|(owner, record)| *owner == tenant && query.wants(record))
                .map(|(_, record)| record);
            let records: Vec<_> = wanted.by_ref().take(query.limit.max(1)).cloned().collect();
            let more = wanted.next().is_some();
            let next = records.last().filter(|_| more).map(|record| record.position);
            Ok(AuditPage::new(records, next))
        })
    }
}
