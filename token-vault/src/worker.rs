//! What has to be done without a caller: renewals in time, notices, events, withdrawn grants.

use std::{fmt, future::Future, pin::pin, sync::Arc, time::Duration};

use sociogram_api_core::ErrorKind;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{EventSink, VaultError, stores::WorkerStores, vault::Inner};

mod builder;
mod counting;
mod events;
mod finish;
mod lanes;
mod look;
mod report;
mod revocations;

pub use builder::{WorkerBuilder, WorkerConfigError};
pub use report::WorkerReport;

use counting::Counting;
use lanes::Lanes;

/// After an error of the store a worker waits this long, twice as long after each further one...
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// ...up to this.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Looks after the connections of all tenants: renews their tokens in time, tells people before an end that only
/// they can move, delivers events, and withdraws the grants of ended connections at the providers. Any number of
/// workers in any number of processes share the work.
///
/// Use [`run`](Self::run) in a service, or [`tick`](Self::tick) from a job of your own.
///
/// Token sets under a data key that is not the active one any more are not sealed anew for that; their next renewal
/// does it.
///
/// ```
/// # use std::sync::Arc;
/// use sociogram_token_vault::{EventSink, MemoryStore, Vault, WorkerConfigError};
///
/// # async fn serve(
/// #     vault: Vault,
/// #     store: Arc<MemoryStore>,
/// #     sink: Arc<dyn EventSink>,
/// #     shutdown: impl Future<Output = ()> + Send,
/// # ) -> Result<(), WorkerConfigError> {
/// let worker = vault.worker(store).sink(sink).build()?;
/// worker.run(shutdown).await;
/// vault.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Worker(Arc<Shared>);

struct Shared {
    vault: Arc<Inner>,
    stores: WorkerStores,
    sink: Option<Arc<dyn EventSink>>,
    settings: Settings,
    lanes: Lanes,
    counting: Counting,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    renewals_per_second: u32,
    concurrency: usize,
    batch: usize,
    poll_every: Duration,
    visibility: Duration,
}

/// What a worker does in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    Connections,
    Events,
    Revocations,
}

const JOBS: [Job; 3] = [Job::Connections, Job::Events, Job::Revocations];

impl Worker {
    /// One pass: a batch of connections that are due, the events that wait (those that this pass brings included),
    /// and a batch of grants that are to be withdrawn. Nothing comes twice within a pass. When
    /// [`WorkerReport::more`] is set, another pass finds more to do.
    ///
    /// What cannot be done now comes back after the [visibility](WorkerBuilder::visibility); one connection that
    /// makes trouble does not keep the others from being looked at.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when a store did not answer. What does not depend on it was done all the same.
    pub async fn tick(&self) -> Result<WorkerReport, VaultError> {
        let mut report = WorkerReport::default();
        let mut failed = None;
        for job in JOBS {
            match guarded(Arc::clone(&self.0).pass(job, CancellationToken::new())).await {
                Ok(part) => report += part,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(report), Err)
    }

    /// Works until `shutdown` is ready, then begins nothing new, finishes what is under way, and returns. Call
    /// [`Vault::shutdown`](crate::Vault::shutdown) after that.
    ///
    /// Connections, events and revocations have a loop each, so that a slow provider holds up no event. While a
    /// store does not answer, its loop waits longer and longer, a minute at most.
    ///
    /// Dropping the future stops the worker at once. What it was at comes back after the
    /// [visibility](WorkerBuilder::visibility).
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let stop = CancellationToken::new();
        let mut loops = JoinSet::new();
        for job in JOBS {
            loops.spawn(Arc::clone(&self.0).repeat(job, stop.clone()));
        }
        let mut ended = pin!(async { while loops.join_next().await.is_some() {} });
        let mut shutdown = pin!(shutdown);
        let stopped = std::future::poll_fn(|context| {
            if ended.as_mut().poll(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            shutdown.as_mut().poll(context)
        });
        stopped.await;
        stop.cancel();
        ended.await;
    }
}

impl Shared {
    async fn repeat(self: Arc<Self>, job: Job, stop: CancellationToken) {
        let mut wait = FIRST_WAIT;
        while !stop.is_cancelled() {
            let pause = match guarded(Arc::clone(&self).pass(job, stop.clone())).await {
                Ok(report) => {
                    wait = FIRST_WAIT;
                    if report.more {
                        continue;
                    }
                    self.settings.poll_every
                }
                Err(error) => {
                    tracing::warn!(?job, kind = ?error.kind(), %error, "a pass of the worker failed");
                    let pause = wait;
                    wait = wait.saturating_mul(2).min(MAX_WAIT);
                    pause
                }
            };
            stop.run_until_cancelled(self.vault.timer.sleep(pause)).await;
        }
    }

    async fn pass(self: Arc<Self>, job: Job, stop: CancellationToken) -> Result<WorkerReport, VaultError> {
        match job {
            Job::Connections => {
                self.counting.count(&self).await;
                self.look_at_due(&stop).await
            }
            Job::Events => self.deliver_events(&stop).await,
            Job::Revocations => self.withdraw(&stop).await,
        }
    }
}

impl Shared {
    /// When nothing more is begun of what is taken now ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)):
    /// the other half of the time for which it is hidden is for what is under way then.
    fn deadline(&self) -> Duration {
        self.vault.timer.monotonic().saturating_add(self.settings.visibility / 2)
    }

    /// As many as may be worked on at the same time in a pass.
    fn hands(&self) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(self.settings.concurrency))
    }
}

/// Runs it as a task of its own: whatever panics in a store, a sink or a provider's code ends that pass only.
async fn guarded<T, F>(work: F) -> Result<T, VaultError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, VaultError>> + Send + 'static,
{
    match AbortOnDropHandle::new(tokio::spawn(work)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(VaultError::new(ErrorKind::Internal, "the work broke off")),
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { stores, sink, settings, .. } = &*self.0;
        f.debug_struct("Worker")
            .field("stores", stores)
            .field("sink", sink)
            .field("settings", settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
