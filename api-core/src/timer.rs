//! Monotonic time and sleeping, on top of the wall clock.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use crate::{Clock, SystemClock};

/// A [`Clock`] that can also measure intervals and sleep.
///
/// Timeouts, back-off, pacing and the circuit breaker use it and nothing else. [`SystemClock`] runs on
/// tokio's time, so a test may pause tokio's clock instead of waiting.
pub trait Timer: Clock {
    /// Time since an arbitrary fixed point; it never goes back.
    fn monotonic(&self) -> Duration;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

static ORIGIN: OnceLock<tokio::time::Instant> = OnceLock::new();

#[allow(clippy::disallowed_methods, reason = "this is the one place that measures and waits")]
impl Timer for SystemClock {
    fn monotonic(&self) -> Duration {
        let now = tokio::time::Instant::now();
        now.saturating_duration_since(*ORIGIN.get_or_init(|| now))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
