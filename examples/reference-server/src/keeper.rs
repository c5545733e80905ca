//! What looks after the connections while nobody asks: the vault's worker, and what a database needs.

use std::{sync::Arc, time::Duration};

use sociogram::{
    api_core::Timer,
    token_vault::{Event, EventKind, EventSink, EventSinkError, Vault, async_trait},
};
use sociogram_postgres::{Heard, Listener, PostgresStore};
use tokio::{
    sync::{Notify, oneshot},
    task::{JoinHandle, JoinSet},
};

use crate::{app::App, server::StartError, stores::Stores};

/// How soon a grant is withdrawn at the platform after a disconnect.
const PAUSE: Duration = Duration::from_secs(1);
/// How often logins that nobody came back from are deleted, and how many at a time.
const PURGE_EVERY: Duration = Duration::from_secs(3600);
const PURGED_AT_ONCE: usize = 10_000;

/// Everything at work.
#[derive(Debug)]
pub(crate) struct Keeper {
    worker: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    /// What may be broken off at any time, and is when this is dropped.
    chores: JoinSet<()>,
}

impl Keeper {
    pub(crate) fn start(app: &App) -> Result<Self, StartError> {
        let mut chores = JoinSet::new();
        if let Stores::Postgres(tables) = &app.stores {
            chores.spawn(listen(tables.listener(), app.vault.clone()));
            chores.spawn(purge(Arc::clone(&tables.store), Arc::clone(&app.timer)));
        }
        let Some(worker) = app.stores.worker(&app.vault) else { return Ok(Self { worker: None, chores }) };
        let worker = worker.sink(Arc::new(EventLog)).poll_every(PAUSE).build();
        let worker = worker.map_err(|error| StartError::Setup(error.to_string()))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let working = tokio::spawn(async move {
            worker
                .run(async {
                    let _dropped_counts_as_stop = stopped.await;
                })
                .await;
        });
        Ok(Self { worker: Some((stop, working)), chores })
    }

    /// Lets the worker finish what it is at, and every renewal that is under way.
    pub(crate) async fn stop(mut self, app: &App) {
        if let Some((stop, working)) = self.worker.take() {
            let _already_stopped = stop.send(());
            let _ended = working.await;
        }
        app.vault.shutdown().await;
        self.chores.shutdown().await;
    }
}

/// Forgets at once what another process forbids to use.
async fn listen(listener: Listener, vault: Vault) {
    let look = Notify::new();
    let hear = listener.run(|heard| match heard {
        Heard::Connection { tenant, connection } => vault.forget(tenant, connection),
        // Something may have been missed, or concerns many.
        Heard::Listening | Heard::Tenant(_) => look.notify_one(),
        // Until it listens again, what is in memory is looked up as often as without it.
        _ => {}
    });
    let compare = async {
        loop {
            look.notified().await;
            if let Err(error) = vault.revalidate().await {
                tracing::warn!(%error, "what is in memory could not be compared with the database");
            }
        }
    };
    tokio::join!(hear, compare);
}

/// Deletes logins that nobody came back from.
async fn purge(store: Arc<PostgresStore>, timer: Arc<dyn Timer>) {
    loop {
        match store.purge_sessions(PURGED_AT_ONCE).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "logins that nobody came back from were deleted"),
            Err(error) => tracing::warn!(%error, "old logins could not be deleted"),
        }
        timer.sleep(PURGE_EVERY).await;
    }
}

/// Writes down what happens to connections. A product would tell its people.
#[derive(Debug)]
struct EventLog;

#[async_trait]
impl EventSink for EventLog {
    async fn deliver(&self, event: &Event) -> Result<(), EventSinkError> {
        let connection = event.connection;
        match &event.kind {
            EventKind::NeedsReauth { reason } => {
                tracing::warn!(%connection, reason = reason.as_str(), "the account must be connected again");
            }
            EventKind::Expiring { stage, end } => {
                tracing::warn!(%connection, stage = stage.as_str(), %end, "an end comes closer");
            }
            kind => tracing::info!(%connection, ?kind, "connection event"),
        }
        Ok(())
    }
}
