//! A store that does not answer: patience, and one line in the log for each outage.

use std::time::Duration;

use crate::inbox::{Backoff, InboxError};

const WAITS: Backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(30));

/// Whether one sort of call to the store fails, and for how long.
#[derive(Debug)]
pub(super) struct Outage {
    call: &'static str,
    failures: u32,
}

impl Outage {
    pub(super) fn of(call: &'static str) -> Self {
        Self { call, failures: 0 }
    }

    /// A call failed. Gives how long to wait before the next.
    pub(super) fn failed(&mut self, error: &InboxError) -> Duration {
        self.failures = self.failures.saturating_add(1);
        if self.failures == 1 {
            tracing::warn!(
                call = self.call,
                fault = ?error.kind(),
                "the store of events fails: {error}. The worker goes on trying"
            );
        }
        WAITS.at_least_half(self.failures)
    }

    /// A call went well.
    pub(super) fn over(&mut self) {
        if self.failures > 0 {
            tracing::info!(call = self.call, failures = self.failures, "the store of events works again");
        }
        self.failures = 0;
    }

    pub(super) fn is_on(&self) -> bool {
        self.failures > 0
    }
}
