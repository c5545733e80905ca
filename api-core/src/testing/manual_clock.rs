//! Time that moves when the test says so.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::{Clock, Timer, Timestamp};

/// A clock that stands still until [`advance`](Self::advance) moves it. Clones are the same clock.
///
/// As a [`Timer`], a sleep ends when the clock was moved past its end.
#[derive(Clone, Debug)]
pub struct ManualClock {
    start: Timestamp,
    passed: Arc<watch::Sender<Duration>>,
}

impl ManualClock {
    /// Standing at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self { start, passed: Arc::new(watch::Sender::new(Duration::ZERO)) }
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        self.passed.send_modify(|passed| *passed += by);
    }
}

impl Default for ManualClock {
    /// Standing at 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self::at(Timestamp::from_unix_seconds(1_767_225_600))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.saturating_add(*self.passed.borrow())
    }
}

impl Timer for ManualClock {
    fn monotonic(&self) -> Duration {
        *self.passed.borrow()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut passed = self.passed.subscribe();
        let until = *passed.borrow() + duration;
        Box::pin(async move {
            // The sender lives as long as any clone of the clock; without one nobody can move it.
            if passed.wait_for(|passed| *passed >= until).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}
