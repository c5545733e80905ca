//! A process that dies at each point where it waits.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sociogram_api_core::Timer as _;
use sociogram_oauth_core::TenantId;

use super::world::{VirtualClock, World, millis, seconds};
use crate::outbox::{
    AddEvents, Added, Batch, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, MemoryOutbox,
    OutboxError, OutboxEvent, OutboxStore, Replay, Replayed, Retention, Route, Settlement, Trimmed,
};

/// Takes its time before and after each call.
#[derive(Debug)]
pub(super) struct Slow {
    inner: Arc<MemoryOutbox>,
    clock: VirtualClock,
    takes: Duration,
}

impl Slow {
    pub(super) fn over(inner: Arc<MemoryOutbox>, clock: VirtualClock, takes: Duration) -> Arc<Self> {
        Arc::new(Self { inner, clock, takes })
    }

    async fn slowly<T>(&self, call: impl Future<Output = T> + Send) -> T
    where
        T: Send,
    {
        self.clock.sleep(self.takes).await;
        let answer = call.await;
        self.clock.sleep(self.takes).await;
        answer
    }
}

#[async_trait]
impl AddEvents for Slow {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        self.slowly(self.inner.add(route, events)).await
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        self.inner.find(tenant, id).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        self.inner.list(tenant, filter, after, limit).await
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        self.inner.replay(tenant, replay).await
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        self.inner.tenant_census(tenant).await
    }
}

#[async_trait]
impl OutboxStore for Slow {
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError> {
        self.slowly(self.inner.claim(claim)).await
    }

    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.slowly(self.inner.begin(tokens, lease)).await
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.slowly(self.inner.renew(tokens, lease)).await
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError> {
        self.slowly(self.inner.settle(settlements)).await
    }

    async fn census(&self) -> Result<Census, OutboxError> {
        self.inner.census().await
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError> {
        self.inner.trim(retention, limit).await
    }
}

/// Kills the process after each millisecond of a delivery in which each call takes two.
#[tokio::test(start_paused = true)]
async fn whenever_the_process_dies_the_log_tells_the_truth() {
    let mut states = std::collections::BTreeSet::new();
    let mut ended_by_itself = false;
    for died_after in 0..200 {
        let told = format!("died after {died_after} ms");
        let world = World::with(|sink| sink.takes = millis(1));
        world.add_many("one", "a", 8).await;
        world.one.bad.lock().unwrap().push("a5".to_owned());
        let store = Slow::over(world.log.clone(), world.clock, millis(1));
        let dispatcher = world.builder_over(store).batch_events(4).concurrency(1).build().unwrap();
        tokio::select! {
            biased;
            () = world.clock.sleep(millis(died_after)) => {}
            () = dispatcher.drain() => ended_by_itself = true,
        }
        drop(dispatcher);
        // Tasks that were broken off end.
        world.pass(millis(1)).await;
        world.assert_true(&told).await;
        states.extend(world.entries().await.iter().map(|entry| entry.state));
        let in_doubt_at_most = world.census().await.sending;

        world.pass(seconds(60)).await;
        world.dispatcher().drain().await;
        world.assert_true(&told).await;
        let census = world.census().await;
        assert_eq!(census.sent + census.rejected + census.in_doubt, 8, "{told}: {census:?}");
        assert!(census.in_doubt <= in_doubt_at_most, "{told}");
    }
    assert!(ended_by_itself, "the last deaths come after the end");
    let all = crate::outbox::EntryState::ALL.into_iter();
    let expected: Vec<_> = all.filter(|state| *state != crate::outbox::EntryState::InDoubt).collect();
    assert_eq!(states.into_iter().collect::<Vec<_>>(), expected, "each state was met at a death");
}
