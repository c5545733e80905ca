//! Keeps an app that is set up wrongly, or asks too much, from being tried with every connection.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use sociogram_api_core::{Timer, Timestamp};
use sociogram_oauth_core::{ConnectionId, ProviderId};
use tokio::sync::Notify;

use crate::{Vault, VaultError, meter, within::within};

mod ledger;

use ledger::{Admission, Change, Closed, Ledger, Standing, Ticket};

/// Whether the token calls of an app are made at the moment.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppState {
    /// They are.
    Open,
    /// The provider says of several connections that the app is set up wrongly or blocked. Tokens that are stored
    /// are handed out; now and then one call finds out whether it is over.
    Suspended {
        /// Since when.
        since: Timestamp,
        /// When the next call may be made.
        next_probe: Timestamp,
    },
    /// The provider throttles several connections: all of them wait.
    HeldBack {
        /// Until then.
        until: Timestamp,
    },
}

/// How a call to the provider ended, as far as it concerns the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Any answer that proves that the app is accepted, a dead grant included.
    Answered,
    /// The app is set up wrongly or blocked.
    AppConfig,
    /// Not now; with the wait that the provider asks for.
    Throttled(Option<Duration>),
    /// Nothing that says anything about the app.
    NoAnswer,
}

/// The app makes no calls at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// After how long it is worth asking again.
    pub(crate) retry_after: Duration,
    why: &'static str,
}

impl From<Closed> for Held {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Suspended { retry_after } => {
                Self { retry_after, why: "the app is set up wrongly or blocked at the provider" }
            }
            Closed::HeldBack { retry_after } => Self { retry_after, why: "the provider throttles the app" },
        }
    }
}

impl From<Held> for VaultError {
    fn from(held: Held) -> Self {
        Self::held_back(held.why, held.retry_after)
    }
}

impl Vault {
    /// Makes the token calls of an app again that was suspended or held back in this process, such as when its
    /// secret was put right. A few calls find out first whether the provider accepts it. `false` if the vault has
    /// no such app.
    pub fn reset_app(&self, provider: &ProviderId, app_id: &str) -> bool {
        let app = self.0.apps.iter().find(|app| app.provider == *provider && app.id == app_id);
        if let Some(app) = app {
            app.gate.reset();
        }
        app.is_some()
    }
}

/// The gate of one app at one provider, in this process. Times are those of [`Timer::monotonic`].
pub(crate) struct AppGate(Arc<Shared>);

struct Shared {
    provider: ProviderId,
    ledger: Mutex<Ledger>,
    freed: Notify,
}

impl AppGate {
    /// Open, and nothing is known of the app yet.
    pub(crate) fn new(provider: ProviderId) -> Self {
        Self(Arc::new(Shared { provider, ledger: Mutex::default(), freed: Notify::new() }))
    }

    /// Lets a call for this connection in, or says when to come again.
    #[cfg(test)]
    pub(crate) fn try_enter(&self, connection: ConnectionId, now: Duration) -> Result<Permit, Held> {
        self.admit(connection, now).unwrap_or_else(|| Err(full()))
    }

    /// The same; while the app is unproven and enough calls find out about it, waits up to `patience` for one of
    /// them to end.
    pub(crate) async fn enter(
        &self,
        connection: ConnectionId,
        timer: &dyn Timer,
        patience: Duration,
    ) -> Result<Permit, Held> {
        let deadline = timer.monotonic().saturating_add(patience);
        loop {
            let mut freed = Box::pin(self.0.freed.notified());
            // From here on no call that ends is missed.
            freed.as_mut().enable();
            let now = timer.monotonic();
            if let Some(answer) = self.admit(connection, now) {
                return answer;
            }
            let left = deadline.saturating_sub(now);
            if left.is_zero() || within(timer, left, freed).await.is_none() {
                return Err(full());
            }
        }
    }

    /// What keeps every call out at the moment, if anything does.
    pub(crate) fn closed(&self, now: Duration) -> Option<Held> {
        self.0.lock().closed(now).map(Held::from)
    }

    /// `None`: there is no slot.
    fn admit(&self, connection: ConnectionId, now: Duration) -> Option<Result<Permit, Held>> {
        match self.0.lock().admit(connection, now) {
            Admission::In(ticket) => {
                Some(Ok(Permit { gate: Arc::clone(&self.0), ticket: Some(ticket), entered: now }))
            }
            Admission::Full => None,
            Admission::Closed(closed) => Some(Err(closed.into())),
        }
    }

    /// How the app stands.
    pub(crate) fn state(&self, timer: &dyn Timer) -> AppState {
        let (now, clock) = (timer.monotonic(), timer.now());
        let at = |time: Duration| {
            clock.saturating_sub(now.saturating_sub(time)).saturating_add(time.saturating_sub(now))
        };
        match self.0.lock().standing(now) {
            Standing::Open => AppState::Open,
            Standing::Suspended { since, next_probe } => {
                AppState::Suspended { since: at(since), next_probe: at(next_probe) }
            }
            Standing::HeldBack { until } => AppState::HeldBack { until: at(until) },
        }
    }

    /// Forgets what is held against the app. Whether it is accepted is found out by a few calls first, as after a
    /// start.
    pub(crate) fn reset(&self) {
        let change = self.0.lock().reset();
        self.0.tell(change);
        self.0.freed.notify_waiters();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Ledger> {
        // Nothing done under the lock can panic between two changes.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, ticket: &Ticket, outcome: Outcome, now: Duration) {
        let change = self.lock().settle(ticket, outcome, now);
        self.tell(change);
        // A slot is free for one; what is learnt of the app concerns all who wait.
        match outcome {
            Outcome::NoAnswer => self.freed.notify_one(),
            _ => self.freed.notify_waiters(),
        }
    }

    fn tell(&self, change: Change) {
        match change {
            Change::None => {}
            Change::Suspended => {
                tracing::error!(provider = %self.provider, "the provider refuses the app; its tokens are not renewed");
                meter::gate_closed(&self.provider, true);
            }
            Change::Opened => {
                tracing::info!(provider = %self.provider, "the app's tokens are renewed again");
                meter::gate_closed(&self.provider, false);
            }
        }
    }
}

fn full() -> Held {
    Held {
        retry_after: Duration::from_secs(1),
        why: "a few calls find out first whether the provider accepts the app",
    }
}

impl fmt::Debug for AppGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppGate").field("ledger", &*self.0.lock()).finish_non_exhaustive()
    }
}

/// A call under way. Dropping it says that none was made, or that what became of it is not known.
#[must_use = "the call is over when it is dropped"]
pub(crate) struct Permit {
    gate: Arc<Shared>,
    ticket: Option<Ticket>,
    entered: Duration,
}

impl Permit {
    /// The call has ended.
    pub(crate) fn settle(mut self, outcome: Outcome, now: Duration) {
        if let Some(ticket) = self.ticket.take() {
            self.gate.settle(&ticket, outcome, now);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.gate.lock().abandon(&ticket, self.entered);
            self.gate.freed.notify_one();
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("ticket", &self.ticket).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
