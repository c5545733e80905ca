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
    /// The process is [killed](FaultyStore::kill) before it has asked.
    KilledBefore,
    /// The store does what it is asked, and the process is [killed](FaultyStore::kill) before the answer.
    KilledAfter,
}

/// Passes every call on to another store, unless it was told to [`fail`](Self::fail). Keeps the names of the calls.
pub struct FaultyStore {
    inner: Handle,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    planned: Vec<Plan>,
    down: bool,
    dead: bool,
    calls: Vec<&'static str>,
}

struct Plan {
    method: &'static str,
    fault: Fault,
    /// How many calls go well first.
    spared: usize,
    times: usize,
}

impl FaultyStore {
    /// In front of another store. Fails nothing yet.
    pub fn over(inner: Handle) -> Arc<Self> {
        Arc::new(Self { inner, state: Mutex::default() })
    }

    /// Fails the next calls of a method, this many. A plan for a method takes the place of the one before.
    pub fn fail(&self, method: &'static str, fault: Fault, times: usize) {
        self.fail_after(0, method, fault, times);
    }

    /// The same after this many calls of the method that go well.
    pub fn fail_after(&self, spared: usize, method: &'static str, fault: Fault, times: usize) {
        assert!(passing::METHODS.contains(&method), "no trait of a store has a method {method}");
        let mut state = self.lock();
        state.planned.retain(|plan| plan.method != method);
        state.planned.push(Plan { method, fault, spared, times });
    }

    /// Whether every call fails, until it is told otherwise.
    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    /// From now on no call is passed on, and none is answered: what a process sees of the world once it has been
    /// killed.
    pub fn kill(&self) {
        self.lock().dead = true;
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
        let plan = state.planned.iter_mut().find(|plan| plan.method == method && plan.times > 0)?;
        if plan.spared > 0 {
            plan.spared -= 1;
            return None;
        }
        plan.times -= 1;
        Some(plan.fault)
    }

    fn is_dead(&self) -> bool {
        self.lock().dead
    }

    async fn die<T>(&self) -> T {
        self.kill();
        std::future::pending().await
    }

    async fn pass<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        if self.is_dead() {
            return std::future::pending().await;
        }
        match self.fault(method) {
            None => call.await,
            Some(Fault::NothingDone) => Err(away()),
            Some(Fault::AnswerLost) => {
                let _ = call.await;
                Err(away())
            }
            Some(Fault::KilledBefore) => self.die().await,
            Some(Fault::KilledAfter) => {
                let _ = call.await;
                self.die().await
            }
        }
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
