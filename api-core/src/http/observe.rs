//! Hooks for dashboards: what the road does, without anything secret.

use std::fmt;
use std::time::Duration;

use super::breaker::BreakerState;
use super::budget::BudgetKey;
use super::operation::Operation;
use crate::ErrorKind;

/// One attempt ended.
#[non_exhaustive]
#[derive(Debug)]
pub struct AttemptEvent<'a> {
    /// What was called.
    pub operation: &'a Operation,
    /// The HTTP method.
    pub method: &'a ::http::Method,
    /// The path template.
    pub template: &'static str,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The kind of failure; `None` for success.
    pub failure: Option<ErrorKind>,
    /// From sending to the last byte.
    pub elapsed: Duration,
}

/// Why a call waits.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// The rate budget spreads calls, or a limit was reached.
    Pacing,
    /// Back-off before a retry.
    Retry,
}

/// A call waits before its next attempt.
#[non_exhaustive]
#[derive(Debug)]
pub struct WaitEvent<'a> {
    /// What is being called.
    pub operation: &'a Operation,
    /// Why.
    pub reason: WaitReason,
    /// For how long.
    pub duration: Duration,
}

/// A circuit changed its state.
#[non_exhaustive]
#[derive(Debug)]
pub struct BreakerEvent<'a> {
    /// Whose circuit.
    pub key: &'a BudgetKey,
    /// The new state.
    pub state: BreakerState,
}

/// A call failed for good.
#[non_exhaustive]
#[derive(Debug)]
pub struct GiveUpEvent<'a> {
    /// What was called.
    pub operation: &'a Operation,
    /// The kind of the error the caller gets.
    pub kind: ErrorKind,
    /// How many attempts were made; 0 when nothing was sent.
    pub attempts: u32,
}

/// Watches a pipeline. Every hook has an empty default, is called inline and must not block.
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// An attempt ended.
    fn attempt(&self, event: &AttemptEvent<'_>) {
        let _ = event;
    }

    /// A call waits.
    fn wait(&self, event: &WaitEvent<'_>) {
        let _ = event;
    }

    /// A circuit changed its state.
    fn breaker(&self, event: &BreakerEvent<'_>) {
        let _ = event;
    }

    /// A call failed for good.
    fn gave_up(&self, event: &GiveUpEvent<'_>) {
        let _ = event;
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoObserver;

impl NoObserver {
    /// Watches nothing.
    pub const fn new() -> Self {
        Self
    }
}

impl Observer for NoObserver {}
