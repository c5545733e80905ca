//! Everything the vault keeps, in this process's memory.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sociogram_api_core::{Clock, SystemClock, Timestamp};
#[cfg(any(test, feature = "testing"))]
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{StoreError, StoreErrorKind};

mod assets;
mod audit;
mod connections;
mod cross_tenant;
mod events;
mod keys;
mod revocations;
mod rows;
mod tokens;

use rows::State;

/// Keeps everything of a vault in memory: connections, sealed tokens, assets, audit, events, wrapped data keys.
/// For development and for tests. A restart forgets it all, and the audit grows until it is
/// [trimmed](crate::CrossTenant::trim_audit).
///
/// Share it with an `Arc`; several holders are to it what several processes are to a database.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    keys: keys::KeyRows,
}

impl MemoryStore {
    /// An empty store on the system's clock.
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock::new()))
    }

    /// An empty store on this clock. Claims, due times and every stamp go by it.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default(), keys: keys::KeyRows::default() }
    }

    /// Makes a connection's row one that cannot be read back, as one that a newer version wrote. For tests of
    /// what goes on working then; `false` if there is no such row.
    #[cfg(any(test, feature = "testing"))]
    #[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
    pub fn spoil(&self, tenant: TenantId, connection: ConnectionId) -> bool {
        self.step(|state, _| match state.rows.get_mut(&(tenant, connection)) {
            Some(row) => {
                row.spoilt = true;
                true
            }
            None => false,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing done under the lock can panic between two changes, so what a poisoned lock holds is sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one step: nobody else sees the store before it or in the middle of it.
    fn step<T>(&self, work: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let mut state = self.lock();
        work(&mut state, self.clock.now())
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("MemoryStore")
            .field("connections", &state.rows.len())
            .field("assets", &state.assets.len())
            .field("audit", &state.audit.len())
            .field("events", &state.events.len())
            .field("revocations", &state.revocations.len())
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

fn conflict(message: &'static str) -> StoreError {
    StoreError::new(StoreErrorKind::Conflict, message)
}

#[cfg(test)]
mod tests;
