//! Setting a worker up.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{Counting, Lanes, Settings, Shared, Worker};
use crate::{
    CrossTenant, EventQueue, EventSink, RevocationQueue, TokenStore, Vault, stores::WorkerStores,
    vault::Inner,
};

/// Sets up a [`Worker`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct WorkerBuilder {
    vault: Vault,
    stores: WorkerStores,
    sink: Option<Arc<dyn EventSink>>,
    settings: Settings,
}

/// The settings of a worker contradict those of its vault.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkerConfigError {
    /// Connections would come back while they are being renewed.
    #[error("a visibility of {visibility:?} is too short: it must be longer than the lease ({lease:?})")]
    VisibilityTooShort {
        /// The visibility that was asked for.
        visibility: Duration,
        /// The lease of the vault.
        lease: Duration,
    },
}

impl Vault {
    /// What looks after the vault's connections without a caller. `store` is the one that the vault was built
    /// with; a worker sees it across tenants.
    pub fn worker<W>(&self, store: Arc<W>) -> WorkerBuilder
    where
        W: TokenStore + EventQueue + RevocationQueue + CrossTenant,
    {
        let settings = Settings {
            renewals_per_second: 10,
            concurrency: 16,
            batch: 100,
            poll_every: Duration::from_secs(5),
            visibility: Duration::from_secs(120),
        };
        WorkerBuilder { vault: self.clone(), stores: WorkerStores::of(store), sink: None, settings }
    }
}

impl WorkerBuilder {
    /// Who takes over events. Without one they stay in the queue, for another worker.
    pub fn sink(mut self, sink: Arc<dyn EventSink>) -> Self {
        self.sink = Some(sink);
        self
    }

    /// How many calls to the provider this worker makes per second and app at most, so that recovering from an
    /// outage is no storm: 10 unless set, at least one. What callers wait for is not counted.
    pub fn renewals_per_second(mut self, calls: u32) -> Self {
        self.settings.renewals_per_second = calls.max(1);
        self
    }

    /// How many provider calls of one app are under way at the same time, and how many connections events are
    /// delivered of: 16 unless set, at least one.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.settings.concurrency = concurrency.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// How many are taken from the store at a time: 100 unless set, at least one.
    pub fn batch(mut self, batch: usize) -> Self {
        self.settings.batch = batch.max(1);
        self
    }

    /// How long [`Worker::run`] waits when there is nothing to do: 5 seconds unless set.
    pub fn poll_every(mut self, pause: Duration) -> Self {
        self.settings.poll_every = pause;
        self
    }

    /// After how long something that was taken and could not be done comes back, to this worker or another one: 2
    /// minutes unless set. Longer than the vault's lease. A sink has a quarter of it for an event.
    pub fn visibility(mut self, visibility: Duration) -> Self {
        self.settings.visibility = visibility;
        self
    }

    /// The worker. Does nothing yet.
    ///
    /// # Errors
    ///
    /// [`WorkerConfigError`] when the visibility is not longer than the lease.
    pub fn build(self) -> Result<Worker, WorkerConfigError> {
        let Self { vault, stores, sink, settings } = self;
        let (visibility, lease) = (settings.visibility, vault.0.config.lease);
        if visibility <= lease {
            return Err(WorkerConfigError::VisibilityTooShort { visibility, lease });
        }
        let vault: Arc<Inner> = Arc::clone(&vault.0);
        let lanes = Lanes::new(vault.apps.iter(), settings.renewals_per_second, settings.concurrency);
        let counting = Counting::default();
        Ok(Worker(Arc::new(Shared { vault, stores, sink, settings, lanes, counting })))
    }
}
