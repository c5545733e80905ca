//! What a product does with an event.

use std::{error::Error, fmt, time::Duration};

use async_trait::async_trait;

use super::Claimed;

/// What a handler did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Handled {
    /// What was to be done.
    Done,
    /// Nothing: it does not handle such events. They can be replayed when something does.
    Skipped,
}

/// Handles events.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Handles one event. It may be called again for the same event, and by another process while this one still works
    /// if it takes longer than its lease and could not renew it: make the effect idempotent by
    /// [`Event::key`](crate::Event::key).
    ///
    /// # Errors
    ///
    /// [`HandleError`], which says whether to try again.
    async fn handle(&self, claimed: &Claimed) -> Result<Handled, HandleError>;
}

/// An event could not be handled. The texts of the error and its causes are kept in the log beside the event: no secrets.
#[derive(Debug)]
pub struct HandleError {
    pub(super) verdict: Verdict,
    pub(super) source: Box<dyn Error + Send + Sync>,
}

/// What is to become of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Retry,
    RetryAfter(Duration),
    Dead,
}

impl HandleError {
    /// Try it again after a while, which grows with each attempt.
    pub fn retry(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { verdict: Verdict::Retry, source: error.into() }
    }

    /// Try it again after this time, such as the platform asked for.
    pub fn retry_after(after: Duration, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { verdict: Verdict::RetryAfter(after), source: error.into() }
    }

    /// Give it up at once: another attempt would fail too. A person finds it among the dead letters.
    pub fn dead(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { verdict: Verdict::Dead, source: error.into() }
    }
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
    }
}

impl Error for HandleError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}
