//! Events that wait to be delivered.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;

use super::MemoryStore;
use crate::{Event, EventId, EventQueue, StoreError};

#[async_trait]
impl EventQueue for MemoryStore {
    async fn take_events(&self, limit: usize, visibility: Duration) -> Result<Vec<Event>, StoreError> {
        self.step(|state, now| {
            let waiting = state.events.values_mut().filter(|queued| queued.visible_at <= now);
            let taken = waiting.take(limit).map(|queued| {
                queued.visible_at = now.saturating_add(visibility);
                queued.item.deliveries = queued.item.deliveries.saturating_add(1);
                queued.item.clone()
            });
            Ok(taken.collect())
        })
    }

    async fn ack_events(&self, events: &[EventId]) -> Result<u64, StoreError> {
        let done: BTreeSet<_> = events.iter().collect();
        self.step(|state, _| {
            let mut removed = 0;
            state.events.retain(|_, queued| {
                let stays = !done.contains(&queued.item.id);
                removed += u64::from(!stays);
                stays
            });
            Ok(removed)
        })
    }
}
