//! Time that jumps to the next thing to do, seen by processes whose clocks differ.

use std::{future::Future, pin::Pin, time::Duration};

use sociogram_api_core::{Clock, Timer, Timestamp};

const START: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

/// The paused time of the runtime, off by a fixed amount.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualTime {
    began: tokio::time::Instant,
    ahead: Duration,
    behind: Duration,
}

#[allow(clippy::disallowed_methods, reason = "the virtual time is the runtime's")]
impl VirtualTime {
    pub(crate) fn new() -> Self {
        Self { began: tokio::time::Instant::now(), ahead: Duration::ZERO, behind: Duration::ZERO }
    }

    /// The same, on a machine whose clock is wrong.
    pub(crate) fn off_by(self, ahead: Duration, behind: Duration) -> Self {
        Self { ahead, behind, ..self }
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> Timestamp {
        START.saturating_add(self.monotonic()).saturating_add(self.ahead).saturating_sub(self.behind)
    }
}

#[allow(clippy::disallowed_methods, reason = "the virtual time is the runtime's")]
impl Timer for VirtualTime {
    fn monotonic(&self) -> Duration {
        self.began.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
