//! A store that fails when told to, and tells what it was asked.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;

use crate::outbox::{
    AddEvents, Added, Batch, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, OutboxError,
    OutboxErrorKind, OutboxEvent, OutboxStore, Replay, Replayed, Retention, Route, Settlement, Trimmed,
};

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutboxFault {
    /// The store does nothing, and the error is of this kind.
    NothingDone(OutboxErrorKind),
    /// The store does what it is asked, and the answer is lost: the error is [`OutboxErrorKind::Unavailable`].
    AnswerLost,
    /// The store does nothing, and never answers.
    Hangs,
    /// The store does what it is asked, and never answers.
    AnswerHangs,
}

/// Passes every call on to another store, unless it was told to [`fail`](Self::fail). Keeps the names of the calls.
///
/// Methods go by their names: `add`, `find`, `list`, `replay`, `tenant_census`, `claim`, `begin`, `renew`, `settle`,
/// `census`, `trim`. Any other name panics.
pub struct FaultyOutbox {
    inner: Arc<dyn OutboxStore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    planned: Vec<Plan>,
    down: bool,
    calls: Vec<&'static str>,
    /// How often each method was called.
    counts: [usize; FaultyOutbox::METHODS.len()],
}

struct Plan {
    method: usize,
    /// Which call of the method, the first being 1.
    call: usize,
    fault: OutboxFault,
}

impl FaultyOutbox {
    /// The methods that can fail.
    const METHODS: [&str; 11] = [
        "add",
        "find",
        "list",
        "replay",
        "tenant_census",
        "claim",
        "begin",
        "renew",
        "settle",
        "census",
        "trim",
    ];

    /// In front of another store. Fails nothing yet.
    pub fn over(inner: Arc<dyn OutboxStore>) -> Arc<Self> {
        Arc::new(Self { inner, state: Mutex::default() })
    }

    /// Fails one call of a method: the next one is 1, that after it 2. Calls for which something is planned already keep
    /// their plan.
    pub fn fail_nth(&self, nth: usize, method: &str, fault: OutboxFault) {
        let Some(method) = place_of(method) else { panic!("an outbox has no method {method}") };
        let mut state = self.lock();
        let call = state.counts[method] + nth.max(1);
        state.planned.push(Plan { method, call, fault });
    }

    /// Fails the next calls of a method, this many.
    pub fn fail(&self, method: &str, fault: OutboxFault, times: usize) {
        for nth in 1..=times {
            self.fail_nth(nth, method, fault);
        }
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

    fn fault(&self, method: &'static str) -> Option<OutboxFault> {
        let mut state = self.lock();
        state.calls.push(method);
        let method = place_of(method)?;
        state.counts[method] += 1;
        let call = state.counts[method];
        let place = state.planned.iter().position(|plan| plan.method == method && plan.call == call);
        let planned = place.map(|place| state.planned.remove(place).fault);
        if state.down { Some(OutboxFault::NothingDone(OutboxErrorKind::Unavailable)) } else { planned }
    }

    async fn pass<T: Send>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, OutboxError>> + Send,
    ) -> Result<T, OutboxError> {
        match self.fault(method) {
            None => call.await,
            Some(OutboxFault::NothingDone(kind)) => Err(told_to_fail(kind)),
            Some(OutboxFault::AnswerLost) => {
                let _ = call.await;
                Err(told_to_fail(OutboxErrorKind::Unavailable))
            }
            Some(OutboxFault::Hangs) => std::future::pending().await,
            Some(OutboxFault::AnswerHangs) => {
                let _ = call.await;
                std::future::pending().await
            }
        }
    }
}

fn place_of(method: &str) -> Option<usize> {
    FaultyOutbox::METHODS.iter().position(|name| *name == method)
}

fn told_to_fail(kind: OutboxErrorKind) -> OutboxError {
    OutboxError::new(kind, "the store was told to fail")
}

impl fmt::Debug for FaultyOutbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyOutbox").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[async_trait]
impl AddEvents for FaultyOutbox {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        self.pass("add", self.inner.add(route, events)).await
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        self.pass("find", self.inner.find(tenant, id)).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        self.pass("list", self.inner.list(tenant, filter, after, limit)).await
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        self.pass("replay", self.inner.replay(tenant, replay)).await
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        self.pass("tenant_census", self.inner.tenant_census(tenant)).await
    }
}

#[async_trait]
impl OutboxStore for FaultyOutbox {
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError> {
        self.pass("claim", self.inner.claim(claim)).await
    }

    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.pass("begin", self.inner.begin(tokens, lease)).await
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        self.pass("renew", self.inner.renew(tokens, lease)).await
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError> {
        self.pass("settle", self.inner.settle(settlements)).await
    }

    async fn census(&self) -> Result<Census, OutboxError> {
        self.pass("census", self.inner.census()).await
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError> {
        self.pass("trim", self.inner.trim(retention, limit)).await
    }
}

#[cfg(test)]
mod tests;
