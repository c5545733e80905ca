//! Token sets that wait to be revoked.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{MemoryStore, rows::NamedNotes};
use crate::{Generation, Notes, Revocation, RevocationQueue, StoreError};

#[async_trait]
impl RevocationQueue for MemoryStore {
    async fn take_revocations(
        &self,
        limit: usize,
        visibility: Duration,
    ) -> Result<Vec<Revocation>, StoreError> {
        self.step(|state, now| {
            let waiting = state.revocations.values_mut().filter(|queued| queued.visible_at <= now);
            let mut waiting: Vec<_> = waiting.collect();
            waiting.sort_by_key(|queued| queued.item.since);
            let taken = waiting.into_iter().take(limit).map(|queued| {
                queued.visible_at = now.saturating_add(visibility);
                queued.item.attempts = queued.item.attempts.saturating_add(1);
                queued.item.clone()
            });
            Ok(taken.collect())
        })
    }

    async fn finish_revocation(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
        notes: Notes,
    ) -> Result<bool, StoreError> {
        let notes = NamedNotes::new(notes)?;
        self.step(|state, now| {
            let there = state.revocations.remove(&(tenant, connection, generation)).is_some();
            if there {
                state.add_notes((tenant, connection), notes, now);
            }
            Ok(there)
        })
    }
}
