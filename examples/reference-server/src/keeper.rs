//! What is at work while nobody asks: the vault's worker, the worker of the inbox, what sends conversions, and what the
//! stores need.

use std::{pin::Pin, sync::Arc, time::Duration};

use sociogram::{
    api_core::Timer,
    capi::{dispatch, outbox},
    token_vault::{Event, EventKind, EventSink, EventSinkError, Vault, async_trait},
    webhook_verify::inbox::{InboxStore, Retention, Worker},
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

/// How often events are deleted that are older than they need to be, and how many at a time.
const TRIM_EVERY: Duration = Duration::from_secs(24 * 3600);
const TRIMMED_AT_ONCE: usize = 1000;
/// How often conversions are counted for the gauges.
const COUNT_EVERY: Duration = Duration::from_secs(60);

/// Everything at work.
#[derive(Debug)]
pub(crate) struct Keeper {
    /// What is asked to stop, and waited for.
    workers: Vec<(oneshot::Sender<()>, JoinHandle<()>)>,
    /// What may be broken off at any time, and is when this is dropped.
    chores: JoinSet<()>,
}

impl Keeper {
    /// `worker` handles events.
    pub(crate) fn start(app: &App, worker: Option<Worker>) -> Result<Self, StartError> {
        let mut keeper = Self { workers: Vec::new(), chores: JoinSet::new() };
        if let Stores::Postgres(tables) = &app.stores {
            keeper.chores.spawn(listen(tables.listener(), app.vault.clone()));
            keeper.chores.spawn(purge(Arc::clone(&tables.store), Arc::clone(&app.timer)));
        }
        if let Some(inbox) = &app.inbox {
            keeper.chores.spawn(trim(Arc::clone(inbox), Arc::clone(&app.timer)));
        }
        if let Some(worker) = app.stores.worker(&app.vault) {
            let worker = worker.sink(Arc::new(EventLog)).poll_every(PAUSE).build();
            let worker = worker.map_err(|error| StartError::Setup(error.to_string()))?;
            keeper.spawn(|stop| async move {
                worker.run(stop).await;
            });
        }
        if let Some(outbox) = app.stores.outbox() {
            keeper.chores.spawn(count(Arc::clone(&outbox), Arc::clone(&app.timer)));
            keeper.chores.spawn(trim_outbox(outbox, Arc::clone(&app.timer)));
        }
        if let Some(dispatcher) = app.outbox.dispatcher().cloned() {
            keeper.spawn(|stop| async move { dispatcher.run(stop).await });
        }
        if let Some(worker) = worker {
            keeper.spawn(|stop| worker.run(stop));
        }
        Ok(keeper)
    }

    /// Has something work until it is asked to stop.
    fn spawn<W: Future<Output = ()> + Send + 'static>(
        &mut self,
        work: impl FnOnce(Pin<Box<dyn Future<Output = ()> + Send>>) -> W,
    ) {
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = Box::pin(async {
            let _dropped_counts_as_stop = stopped.await;
        });
        self.workers.push((stop, tokio::spawn(work(stopped))));
    }

    /// Lets the workers finish what they are at, and every renewal that is under way.
    pub(crate) async fn stop(self, app: &App) {
        // What is queued is recorded, and sent if there is time left.
        app.outbox.shutdown().await;
        let (stops, working): (Vec<_>, Vec<_>) = self.workers.into_iter().unzip();
        for stop in stops {
            let _already_stopped = stop.send(());
        }
        for working in working {
            let _ended = working.await;
        }
        let mut chores = self.chores;
        app.vault.shutdown().await;
        chores.shutdown().await;
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

/// Deletes the payloads and then the rows of events that were finished long ago.
async fn trim(inbox: Arc<dyn InboxStore>, timer: Arc<dyn Timer>) {
    let retention = Retention::default();
    loop {
        match inbox.trim(&retention, TRIMMED_AT_ONCE).await {
            Ok(trimmed) if trimmed.payloads.max(trimmed.rows) >= TRIMMED_AT_ONCE as u64 => continue,
            Ok(trimmed) => {
                tracing::info!(payloads = trimmed.payloads, rows = trimmed.rows, "old events were deleted");
            }
            Err(error) => tracing::warn!(%error, "old events could not be deleted"),
        }
        timer.sleep(TRIM_EVERY).await;
    }
}

/// The same for conversion events.
async fn trim_outbox(outbox: Arc<dyn outbox::OutboxStore>, timer: Arc<dyn Timer>) {
    let retention = outbox::Retention::default();
    loop {
        match outbox.trim(&retention, TRIMMED_AT_ONCE).await {
            Ok(trimmed) if trimmed.contents.max(trimmed.rows) >= TRIMMED_AT_ONCE as u64 => continue,
            Ok(trimmed) => {
                tracing::info!(
                    contents = trimmed.contents,
                    rows = trimmed.rows,
                    "old conversions were deleted"
                );
            }
            Err(error) => tracing::warn!(%error, "old conversions could not be deleted"),
        }
        timer.sleep(TRIM_EVERY).await;
    }
}

/// Sets the gauges of the outbox.
async fn count(outbox: Arc<dyn outbox::OutboxStore>, timer: Arc<dyn Timer>) {
    loop {
        match outbox.census().await {
            Ok(census) => dispatch::report(&census),
            Err(error) => tracing::warn!(%error, "the conversions could not be counted"),
        }
        timer.sleep(COUNT_EVERY).await;
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
