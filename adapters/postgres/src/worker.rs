//! The store of the worker: everything, across tenants too.

use std::{fmt, sync::Arc, time::Duration};

use sqlx::PgPool;

use crate::{
    ConnectOptions, PostgresStore, SetupError,
    database::Lane,
    login::{Purpose, check},
    store::{JOB_PATIENCE, PATIENCE},
};

#[cfg(feature = "token-vault")]
mod cross_tenant;
#[cfg(feature = "webhook-verify")]
mod inbox;
#[cfg(feature = "capi")]
mod outbox;
#[cfg(feature = "token-vault")]
mod passing;
#[cfg(feature = "token-vault")]
mod queues;

/// What looks across tenants, on the worker's login, together with a [`PostgresStore`], to which it passes on
/// everything that names a tenant. For the workers of vault, inbox and outbox, callbacks of providers and the operator's jobs; a
/// process that serves requests of tenants and receives events does not need its login.
///
/// A connection whose state a newer version wrote is told by `CrossTenant::holders` as blocked: neither ended, nor of use.
#[derive(Clone)]
pub struct PostgresWorker {
    store: PostgresStore,
    lane: Lane,
    #[cfg(feature = "token-vault")]
    sql: Arc<crate::statements::WorkerStatements>,
    #[cfg(feature = "webhook-verify")]
    inbox: Arc<crate::statements::InboxStatements>,
    #[cfg(feature = "capi")]
    outbox: Arc<crate::statements::OutboxStatements>,
}

impl PostgresWorker {
    /// Connects with the worker's login, and checks login and schema. The schema is that of the store.
    ///
    /// # Errors
    ///
    /// [`SetupError`]: as [`PostgresStore::connect`], of the worker's login; it must not have the app's rights.
    pub async fn connect(store: PostgresStore, options: &ConnectOptions) -> Result<Self, SetupError> {
        Self::over(store, options.pool()).await
    }

    /// The same over a pool of the product's own.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn over(store: PostgresStore, worker: PgPool) -> Result<Self, SetupError> {
        let lane = store.lane.over(worker.clone()).with_patience(PATIENCE);
        check(&worker, &lane, &store.schema, Purpose::Worker).await?;
        Ok(Self {
            lane,
            #[cfg(feature = "token-vault")]
            sql: Arc::new(crate::statements::WorkerStatements::new(&store.schema)),
            #[cfg(feature = "webhook-verify")]
            inbox: Arc::new(crate::statements::InboxStatements::new(&store.schema)),
            #[cfg(feature = "capi")]
            outbox: Arc::new(crate::statements::OutboxStatements::new(&store.schema)),
            store,
        })
    }

    /// How long a statement across tenants may take, 10 seconds unless set; jobs such as erasing take up to ten minutes.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.lane = self.lane.with_patience(patience);
        self
    }

    /// The store of the app that it goes with.
    pub fn store(&self) -> &PostgresStore {
        &self.store
    }

    /// For what takes its time.
    fn jobs(&self) -> Lane {
        self.lane.with_patience(JOB_PATIENCE)
    }
}

impl fmt::Debug for PostgresWorker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresWorker")
            .field("store", &self.store)
            .field("worker", &self.lane)
            .finish_non_exhaustive()
    }
}
