//! A store that fails when told to, and tells what it was asked.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use crate::{
    Event,
    inbox::{
        Census, Claim, ClaimToken, Claimed, Entry, EntryFilter, EntryId, EntryPage, InboxError,
        InboxErrorKind, InboxStore, RecordEvents, Recorded, Replay, Replayed, Retention, Settlement, Trimmed,
    },
};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InboxFault {
    /// The store does nothing, and the error is of this kind.
    NothingDone(InboxErrorKind),
    /// The store does what it is asked, and the answer is lost: the error is [`InboxErrorKind::Unavailable`].
    AnswerLost,
    /// The store does nothing, and never answers.
    Hangs,
}

/// Passes every call on to another store, unless it was told to [`fail`](Self::fail). Keeps the names of the calls.
pub struct FaultyInbox {
    inner: Arc<dyn InboxStore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    planned: Vec<Plan>,
    down: bool,
    calls: Vec<&'static str>,
}

struct Plan {
    method: &'static str,
    fault: InboxFault,
    /// How many calls go well first.
    spared: usize,
    times: usize,
}

impl FaultyInbox {
    /// The methods that can fail.
    const METHODS: [&str; 9] =
        ["record", "claim", "renew", "settle", "find", "list", "replay", "census", "trim"];

    /// In front of another store. Fails nothing yet.
    pub fn over(inner: Arc<dyn InboxStore>) -> Arc<Self> {
        Arc::new(Self { inner, state: Mutex::default() })
    }

    /// Fails the next calls of a method, this many. A plan for a method takes the place of the one before.
    pub fn fail(&self, method: &'static str, fault: InboxFault, times: usize) {
        self.fail_after(0, method, fault, times);
    }

    /// The same after this many calls of the method that go well.
    pub fn fail_after(&self, spared: usize, method: &'static str, fault: InboxFault, times: usize) {
        assert!(Self::METHODS.contains(&method), "a store of events has no method {method}");
        let mut state = self.lock();
        state.planned.retain(|plan| plan.method != method);
        state.planned.push(Plan { method, fault, spared, times });
    }

    /// Whether every call fails as unavailable, with nothing done, until it is told otherwise.
    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    /// The names of the methods that were called since the last time, failed ones included.
    pub fn take_calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.lock().calls)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self, method: &'static str) -> Option<InboxFault> {
        let mut state = self.lock();
        state.calls.push(method);
        if state.down {
            return Some(InboxFault::NothingDone(InboxErrorKind::Unavailable));
        }
        let plan = state.planned.iter_mut().find(|plan| plan.method == method && plan.times > 0)?;
        if plan.spared > 0 {
            plan.spared -= 1;
            return None;
        }
        plan.times -= 1;
        Some(plan.fault)
    }

    async fn pass<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, InboxError>> + Send,
    ) -> Result<T, InboxError> {
        match self.fault(method) {
            None => call.await,
            Some(InboxFault::NothingDone(kind)) => Err(told_to_fail(kind)),
            Some(InboxFault::AnswerLost) => {
                let _ = call.await;
                Err(told_to_fail(InboxErrorKind::Unavailable))
            }
            Some(InboxFault::Hangs) => std::future::pending().await,
        }
    }
}

fn told_to_fail(kind: InboxErrorKind) -> InboxError {
    InboxError::new(kind, "the store was told to fail")
}

impl fmt::Debug for FaultyInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyInbox").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[async_trait]
impl RecordEvents for FaultyInbox {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        self.pass("record", self.inner.record(events)).await
    }
}

#[async_trait]
impl InboxStore for FaultyInbox {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Claimed>, InboxError> {
        self.pass("claim", self.inner.claim(claim)).await
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, InboxError> {
        self.pass("renew", self.inner.renew(tokens, lease)).await
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, InboxError> {
        self.pass("settle", self.inner.settle(settlements)).await
    }

    async fn find(&self, id: EntryId) -> Result<Option<Entry>, InboxError> {
        self.pass("find", self.inner.find(id)).await
    }

    async fn list(
        &self,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, InboxError> {
        self.pass("list", self.inner.list(filter, after, limit)).await
    }

    async fn replay(&self, replay: &Replay) -> Result<Replayed, InboxError> {
        self.pass("replay", self.inner.replay(replay)).await
    }

    async fn census(&self) -> Result<Census, InboxError> {
        self.pass("census", self.inner.census()).await
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, InboxError> {
        self.pass("trim", self.inner.trim(retention, limit)).await
    }
}

#[cfg(test)]
mod tests;
