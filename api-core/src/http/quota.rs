//! Limits that a client keeps count of itself.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::operation::Operation;

/// Counts a client's own calls, for providers that set limits and do not tell how much of them is used. No input or
/// output happens in here.
pub trait Quota: fmt::Debug + Send + Sync + 'static {
    /// Takes a place for one attempt of `operation`, last thing before the attempt is sent.
    ///
    /// # Errors
    /// When a limit is reached. The attempt is then not sent, and the call fails as throttled.
    fn take(&self, operation: &Operation) -> Result<(), QuotaReached>;

    /// Gives the place back, because the attempt cannot have reached the provider.
    fn give_back(&self, operation: &Operation);
}

/// A limit of a [`Quota`] is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaReached {
    reason: Cow<'static, str>,
    wait: Duration,
}

impl QuotaReached {
    /// `reason` is one lower-case line that names the limit; `wait` is the time until calls are possible again.
    pub fn new(reason: impl Into<Cow<'static, str>>, wait: Duration) -> Self {
        Self { reason: reason.into(), wait }
    }

    /// The time until calls are possible again.
    pub const fn wait(&self) -> Duration {
        self.wait
    }

    pub(super) fn into_reason(self) -> Cow<'static, str> {
        self.reason
    }
}
