//! What looks after the connections while nobody asks: the vault's worker.

use std::{sync::Arc, time::Duration};

use sociogram::token_vault::{Event, EventKind, EventSink, EventSinkError, async_trait};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{app::App, server::StartError};

/// How soon a grant is withdrawn at the platform after a disconnect.
const PAUSE: Duration = Duration::from_secs(1);

/// The worker at work.
#[derive(Debug)]
pub(crate) struct Keeper {
    stop: oneshot::Sender<()>,
    working: JoinHandle<()>,
}

impl Keeper {
    pub(crate) fn start(app: &App) -> Result<Self, StartError> {
        let worker = app.vault.worker(app.store.clone()).sink(Arc::new(EventLog)).poll_every(PAUSE).build();
        let worker = worker.map_err(|error| StartError::Setup(error.to_string()))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let working = tokio::spawn(async move {
            worker
                .run(async {
                    let _dropped_counts_as_stop = stopped.await;
                })
                .await;
        });
        Ok(Self { stop, working })
    }

    /// Lets it finish what it is at, and every renewal that is under way.
    pub(crate) async fn stop(self, app: &App) {
        let _already_stopped = self.stop.send(());
        let _ended = self.working.await;
        app.vault.shutdown().await;
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
