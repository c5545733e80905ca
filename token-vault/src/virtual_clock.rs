//! Time for tests that jumps to the next thing to do. For runtimes with paused time.

use std::{future::Future, pin::Pin, time::Duration};

use sociogram_api_core::{Clock, Timer, Timestamp};

/// The paused time of the test's runtime, beginning in 2027. Copies are the same clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualClock(tokio::time::Instant);

#[allow(clippy::disallowed_methods, reason = "the time is the runtime's")]
impl VirtualClock {
    pub(crate) const START: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

    pub(crate) fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Self::START.saturating_add(self.monotonic())
    }
}

#[allow(clippy::disallowed_methods, reason = "the time is the runtime's")]
impl Timer for VirtualClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
