//! A store that fails when told to, and tells what it was asked.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{StoreError, StoreErrorKind, testing::store_contract::Handle};

mod passing;

/// How a call fails.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The store is not reached.
    NothingDone,
    /// The store does what it is asked, and the answer is lost.
    AnswerLost,
}

/// Passes every call on to another store, unless it was told to [`fail`](Self::fail). Keeps the names of the calls.
pub struct FaultyStore {
    inner: Handle,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    planned: Vec<(&'static str, Fault, usize)>,
    down: bool,
    calls: Vec<&'static str>,
}

impl FaultyStore {
    /// In front of another store. Fails nothing yet.
    pub fn over(inner: Handle) -> Arc<Self> {
        Arc::new(Self { inner, state: Mutex::default() })
    }

    /// Fails the next calls of a method, this many. A plan for a method takes the place of the one before.
    pub fn fail(&self, method: &'static str, fault: Fault, times: usize) {
        assert!(passing::METHODS.contains(&method), "no trait of a store has a method {method}");
        let mut state = self.lock();
        state.planned.retain(|(name, ..)| *name != method);
        state.planned.push((method, fault, times));
    }

    /// Whether every call fails, until it is told otherwise.
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

    fn fault(&self, method: &'static str) -> Option<Fault> {
        let mut state = self.lock();
        state.calls.push(method);
        if state.down {
            return Some(Fault::NothingDone);
        }
        let plan = state.planned.iter_mut().find(|(name, _, left)| *name == method && *left > 0)?;
        plan.2 -= 1;
        Some(plan.1)
    }

    async fn pass<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let fault = self.fault(method);
        if fault == Some(Fault::NothingDone) {
            return Err(away());
        }
        let answer = call.await;
        if fault == Some(Fault::AnswerLost) { Err(away()) } else { answer }
    }
}

fn away() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, "the store was told to fail")
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStore").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
