//! Renewing token sets: once for all who ask, and to the end, whoever stops waiting.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sociogram_api_core::ErrorKind;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use crate::{
    Vault, VaultError,
    check::Answer,
    vault::{ConnectionKey, Inner},
    within::within,
};

mod call;
mod failure;
mod follow;
mod parent;
mod run;
mod shared_tasks;
mod success;
mod takeover;
mod watched;
mod worth;

pub(crate) use call::outcome_of;
use shared_tasks::SharedTasks;
use watched::Watched;

/// How long a connection is left alone after a failure whose back-off is not in the row.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// What runs beside the callers.
pub(crate) type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a caller wants of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    /// Do not wait for the end of a back-off. Nothing else is skipped.
    pub(crate) force: bool,
}

/// What is under way in this process.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    tracker: TaskTracker,
    renewals: SharedTasks<(ConnectionKey, Wish), Result<(), VaultError>>,
    checks: SharedTasks<ConnectionKey, Result<Answer, VaultError>>,
    /// Connections whose last failure could not be written down, or not as one, and until when they are left alone
    /// ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)): else every caller would make a call to the
    /// provider.
    left_alone: Mutex<HashMap<ConnectionKey, Duration>>,
    watched: Watched,
}

impl Attempts {
    /// Runs a task that nobody waits for.
    pub(crate) fn spawn(&self, task: Task<()>) {
        if let Ok(runtime) = Handle::try_current() {
            self.tracker.spawn_on(task, &runtime);
        } else {
            tracing::error!("the vault was used outside of a tokio runtime; work was left undone");
        }
    }

    /// Whether a check is under way; what it gives.
    pub(crate) fn check_under_way(&self, key: &ConnectionKey) -> Option<Task<Result<Answer, VaultError>>> {
        let landing = self.checks.under_way(key)?;
        Some(Box::pin(async move { landing.reached().await.unwrap_or_else(|| Err(crashed())) }))
    }

    fn leave_alone(&self, key: ConnectionKey, now: Duration) {
        let mut left_alone = self.lock();
        left_alone.retain(|_, until| *until > now);
        left_alone.insert(key, now.saturating_add(LEFT_ALONE));
    }

    fn left_alone_for(&self, key: &ConnectionKey, now: Duration) -> Option<Duration> {
        let until = self.lock().get(key).copied()?;
        Some(until.saturating_sub(now)).filter(|left| !left.is_zero())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionKey, Duration>> {
        self.left_alone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault {
    /// Stops renewing and checking in this process, before it ends: nothing new is begun, and what is under way is
    /// waited for, at most for the provider timeout and the commit budget together (15 seconds unless set). `true`
    /// if all of it has ended. Call it when no more requests are taken, after the worker has stopped.
    ///
    /// Stored tokens are handed out as before.
    pub async fn shutdown(&self) -> bool {
        let Inner { attempts, config, timer, .. } = &*self.0;
        attempts.renewals.close_with(|| attempts.checks.close_with(|| attempts.tracker.close()));
        let patience = config.provider_timeout.saturating_add(config.commit_budget);
        let ended = within(&**timer, patience, attempts.tracker.wait()).await.is_some();
        if !ended {
            tracing::warn!(
                left = attempts.tracker.len(),
                "renewals are still under way; they end with the process"
            );
        }
        ended
    }
}

impl Inner {
    /// Renews the token set of a connection: joins the attempt that is under way in this process, or starts one.
    /// Dropping the future stops nothing. `Ok`: the attempt has ended, well or badly, and what came of it is
    /// stored: read it. `Err`: nothing could be done or stored; try again later.
    pub(crate) async fn renew(self: &Arc<Self>, key: ConnectionKey, wish: Wish) -> Result<(), VaultError> {
        let Attempts { renewals, tracker, .. } = &self.attempts;
        let start = || Arc::clone(self).attempt_task(key, wish);
        let landing = renewals.join((key, wish), tracker, start)?;
        landing.reached().await.unwrap_or_else(|| Err(crashed()))
    }

    /// Asks the provider whether the stored access token is good, as [`renew`](Self::renew) renews it.
    pub(crate) async fn ask(self: &Arc<Self>, key: ConnectionKey) -> Result<Answer, VaultError> {
        let Attempts { checks, tracker, .. } = &self.attempts;
        let landing = checks.join(key, tracker, || Arc::clone(self).check_task(key))?;
        landing.reached().await.unwrap_or_else(|| Err(crashed()))
    }

    /// A type of its own: what an attempt waits for may be another attempt.
    fn attempt_task(self: Arc<Self>, key: ConnectionKey, wish: Wish) -> Task<Result<(), VaultError>> {
        Box::pin(async move {
            let outcome = self.attempt(key, wish).await;
            // An attempt that could not even begin, such as while the store is away, has changed nothing: what is in
            // memory may be served on.
            if outcome.is_ok() {
                self.cache.forget_one(&key);
            }
            outcome
        })
    }

    fn check_task(self: Arc<Self>, key: ConnectionKey) -> Task<Result<Answer, VaultError>> {
        Box::pin(async move { self.look(key).await })
    }
}

fn crashed() -> VaultError {
    VaultError::new(ErrorKind::Internal, "the attempt broke off; try again")
}

fn shutting_down() -> VaultError {
    VaultError::new(ErrorKind::Unavailable, "the vault is shutting down")
}

fn no_runtime() -> VaultError {
    VaultError::new(ErrorKind::Misconfigured, "the vault must be used inside a tokio runtime")
}

#[cfg(test)]
pub(crate) mod tests;
