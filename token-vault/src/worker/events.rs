//! Events on their way into the product.

use std::{collections::HashMap, sync::Arc, time::Duration};

use sociogram_oauth_core::{ConnectionId, TenantId};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{Shared, WorkerReport};
use crate::{Event, EventId, EventSink, VaultError, within::within};

/// An event that the sink did not take this often no longer holds up those of its connection that came after it.
const PATIENCE: u32 = 5;

/// Events of one connection, the oldest first.
struct Queue {
    shared: Arc<Shared>,
    sink: Arc<dyn EventSink>,
    hands: Arc<Semaphore>,
    stop: CancellationToken,
    /// Nothing is begun after this ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)).
    deadline: Duration,
    events: Vec<Event>,
}

impl Shared {
    /// Delivers what waits, until nothing does or the sink takes nothing.
    pub(super) async fn deliver_events(
        self: &Arc<Self>,
        stop: &CancellationToken,
    ) -> Result<WorkerReport, VaultError> {
        let mut report = WorkerReport::default();
        let Some(sink) = &self.sink else { return Ok(report) };
        // What was refused must not come a second time.
        let deadline = self.deadline();
        while !stop.is_cancelled() {
            if self.vault.timer.monotonic() >= deadline {
                report.more = true;
                break;
            }
            let events =
                self.stores.events.take_events(self.settings.batch, self.settings.visibility).await?;
            let taken = events.len();
            let delivered = self.deliver_batch(sink, events, deadline, stop).await;
            if !delivered.is_empty() {
                self.stores.events.ack_events(&delivered).await?;
            }
            report.events_delivered += delivered.len();
            report.events_left += taken - delivered.len();
            if taken < self.settings.batch || delivered.is_empty() {
                break;
            }
        }
        Ok(report)
    }

    async fn deliver_batch(
        self: &Arc<Self>,
        sink: &Arc<dyn EventSink>,
        events: Vec<Event>,
        deadline: Duration,
        stop: &CancellationToken,
    ) -> Vec<EventId> {
        let mut of_connection: HashMap<(TenantId, ConnectionId), Vec<Event>> = HashMap::new();
        for event in events {
            of_connection.entry((event.tenant, event.connection)).or_default().push(event);
        }
        let hands = self.hands();
        let mut queues = JoinSet::new();
        for events in of_connection.into_values() {
            let (shared, sink, hands) = (Arc::clone(self), Arc::clone(sink), Arc::clone(&hands));
            let queue = Queue { shared, sink, hands, stop: stop.clone(), deadline, events };
            queues.spawn(queue.deliver());
        }
        let mut delivered = Vec::new();
        while let Some(queue) = queues.join_next().await {
            delivered.extend(queue.unwrap_or_default());
        }
        delivered
    }
}

impl Queue {
    /// Gives the events that the sink took.
    async fn deliver(self) -> Vec<EventId> {
        let Ok(_hand) = self.hands.acquire().await else { return Vec::new() };
        let timer = &self.shared.vault.timer;
        let mut delivered = Vec::new();
        for event in &self.events {
            if self.stop.is_cancelled() || timer.monotonic() >= self.deadline {
                break;
            }
            if self.hand_over(event).await {
                delivered.push(event.id);
            } else if event.deliveries < PATIENCE {
                break;
            }
        }
        delivered
    }

    async fn hand_over(&self, event: &Event) -> bool {
        let (sink, owned) = (Arc::clone(&self.sink), event.clone());
        // A task of its own: a sink that panics costs this delivery and no other.
        let delivery = tokio::spawn(async move { sink.deliver(&owned).await });
        let time = self.shared.settings.visibility / 4;
        let outcome = within(&*self.shared.vault.timer, time, AbortOnDropHandle::new(delivery)).await;
        let why = match outcome {
            Some(Ok(Ok(()))) => return true,
            Some(Ok(Err(error))) => error.to_string(),
            Some(Err(_)) => "the sink broke off".to_owned(),
            None => "the sink took too long".to_owned(),
        };
        let Event { id, deliveries, .. } = event;
        tracing::warn!(event = %id, deliveries, why, "an event was not delivered; it will come again");
        false
    }
}
