//! A store in whose calls the process stops, so that it is killed there and nowhere else.

use std::{
    future::pending,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use sociogram_capi::outbox::{
    AddEvents, Added, Batch, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, OutboxError,
    OutboxEvent, OutboxStore, Outcome, Replay, Replayed, Retention, Route, Settlement, Trimmed,
};
use sociogram_oauth_core::TenantId;
use sociogram_postgres::PostgresWorker;
use sociogram_token_vault::async_trait;

use crate::{say, settings::Stage};

#[derive(Debug)]
pub(crate) struct StoppingStore {
    inner: PostgresWorker,
    stop_at: Option<Stage>,
    /// Begun, and without an outcome.
    under_way: AtomicUsize,
    /// Nothing reaches the store any more.
    stopped: AtomicBool,
}

impl StoppingStore {
    pub(crate) fn new(inner: PostgresWorker, stop_at: Option<Stage>) -> Self {
        Self { inner, stop_at, under_way: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    async fn stops_at(&self, stage: Stage) {
        if self.stop_at == Some(stage)
            && !self.stopped.swap(true, Ordering::Relaxed)
            && let Err(error) = say("stopped")
        {
            eprintln!("{error}");
        }
        self.goes_on().await;
    }

    /// Never, once it has stopped.
    async fn goes_on(&self) {
        if self.stopped.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
    }
}

#[async_trait]
impl AddEvents for StoppingStore {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        self.inner.add(route, events).await
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        AddEvents::find(&self.inner, tenant, id).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        AddEvents::list(&self.inner, tenant, filter, after, limit).await
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        AddEvents::replay(&self.inner, tenant, replay).await
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        self.inner.tenant_census(tenant).await
    }
}

#[async_trait]
impl OutboxStore for StoppingStore {
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError> {
        self.goes_on().await;
        OutboxStore::claim(&self.inner, claim).await
    }

    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.goes_on().await;
        self.stops_at(Stage::BeforeBegin).await;
        let begun = self.inner.begin(tokens, lease).await?;
        self.under_way.fetch_add(begun.iter().filter(|held| **held).count(), Ordering::Relaxed);
        self.stops_at(Stage::AfterBegin).await;
        Ok(begun)
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.goes_on().await;
        OutboxStore::renew(&self.inner, tokens, lease).await
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError> {
        self.goes_on().await;
        let finishes = settlements.iter().any(|one| matches!(one.outcome, Outcome::Finished(_)));
        if finishes {
            self.stops_at(Stage::BeforeSettle).await;
        }
        let settled = OutboxStore::settle(&self.inner, settlements).await?;
        let less = |under_way: usize| Some(under_way.saturating_sub(settlements.len()));
        let before = self.under_way.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        if finishes && before.is_ok_and(|before| before > settlements.len()) {
            self.stops_at(Stage::BetweenSettles).await;
        }
        Ok(settled)
    }

    async fn census(&self) -> Result<Census, OutboxError> {
        OutboxStore::census(&self.inner).await
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError> {
        OutboxStore::trim(&self.inner, retention, limit).await
    }
}
