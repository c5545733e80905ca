//! How fast a worker calls the provider of each app, and how much at a time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sociogram_api_core::Timer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// A lane for each app: what is slow or waits in one holds up no other.
#[derive(Debug)]
pub(super) struct Lanes(Vec<Lane>);

#[derive(Debug)]
struct Lane {
    app: Arc<App>,
    places: Arc<Semaphore>,
    turns: Mutex<Turns>,
}

/// One turn per interval.
#[derive(Debug)]
pub(super) struct Turns {
    interval: Duration,
    next: Duration,
}

impl Lanes {
    pub(super) fn new<'a>(
        apps: impl Iterator<Item = &'a Arc<App>>,
        per_second: u32,
        concurrency: usize,
    ) -> Self {
        let lane = |app| Lane {
            app: Arc::clone(app),
            places: Arc::new(Semaphore::new(concurrency)),
            turns: Mutex::new(Turns::new(per_second)),
        };
        Self(apps.map(lane).collect())
    }

    /// Waits for a place and a turn. `None` if there is none before `deadline` ([`Timer::monotonic`]), or if the
    /// worker stops.
    pub(super) async fn enter(
        &self,
        app: &Arc<App>,
        timer: &dyn Timer,
        deadline: Duration,
        stop: &CancellationToken,
    ) -> Option<OwnedSemaphorePermit> {
        let lane = self.0.iter().find(|lane| Arc::ptr_eq(&lane.app, app))?;
        let place = stop.run_until_cancelled(Arc::clone(&lane.places).acquire_owned()).await?.ok()?;
        let now = timer.monotonic();
        let patience = deadline.checked_sub(now)?;
        let wait = lane.turns.lock().unwrap_or_else(PoisonError::into_inner).take(now, patience)?;
        if !wait.is_zero() {
            stop.run_until_cancelled(timer.sleep(wait)).await?;
        }
        (!stop.is_cancelled()).then_some(place)
    }
}

impl Turns {
    pub(super) fn new(per_second: u32) -> Self {
        Self { interval: Duration::from_secs(1) / per_second.max(1), next: Duration::ZERO }
    }

    /// How long to wait for the next turn, which is taken; `None`, and nothing taken, if that is longer than
    /// `patience`.
    pub(super) fn take(&mut self, now: Duration, patience: Duration) -> Option<Duration> {
        let turn = now.max(self.next);
        let wait = turn.saturating_sub(now);
        if wait > patience {
            return None;
        }
        self.next = turn.saturating_add(self.interval);
        Some(wait)
    }
}
