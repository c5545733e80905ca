//! Sessions in this process's memory.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use sociogram_api_core::Timestamp;

use super::{MAX_OPEN_SESSIONS, NewSession, SessionKey, SessionStore, SessionStoreError};

/// How many sessions are kept in all; beyond it the oldest go, whoever they belong to.
const MAX_SESSIONS: usize = 10_000;

/// Keeps sessions in memory: for one process, for development and for tests. A restart forgets them, which
/// costs the people who were at the provider one more click.
///
/// At most 20 open sessions per app user and 10 000 in all.
#[derive(Default)]
pub struct MemorySessionStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: u64,
    sessions: HashMap<SessionKey, (u64, NewSession)>,
}

impl MemorySessionStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change below is a single map operation, so a poisoned map is still a sound one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemorySessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySessionStore").field("open", &self.lock().sessions.len()).finish()
    }
}

impl State {
    fn drop_oldest_beyond(&mut self, cap: usize, counts: impl Fn(&NewSession) -> bool) {
        let mut ages: Vec<(u64, SessionKey)> = self
            .sessions
            .iter()
            .filter(|(_, (_, s))| counts(s))
            .map(|(key, (age, _))| (*age, *key))
            .collect();
        let surplus = ages.len().saturating_sub(cap);
        ages.sort_unstable();
        for (_, key) in ages.into_iter().take(surplus) {
            self.sessions.remove(&key);
        }
    }
}

#[async_trait]
impl SessionStore for MemorySessionStore {
    async fn put(&self, session: NewSession) -> Result<(), SessionStoreError> {
        let mut state = self.lock();
        let now = session.created_at;
        state.sessions.retain(|_, (_, kept)| kept.expires_at > now);
        if state.sessions.contains_key(&session.key) {
            return Err(SessionStoreError::new("a login with this state is already open"));
        }
        let (age, owner) = (state.next, session.owner);
        state.next += 1;
        state.sessions.insert(session.key, (age, session));
        state.drop_oldest_beyond(MAX_OPEN_SESSIONS, |kept| kept.owner == owner);
        if state.sessions.len() > MAX_SESSIONS {
            state.drop_oldest_beyond(MAX_SESSIONS, |_| true);
        }
        Ok(())
    }

    async fn take(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Vec<u8>>, SessionStoreError> {
        let taken = self.lock().sessions.remove(key);
        Ok(taken.filter(|(_, session)| session.expires_at > now).map(|(_, session)| session.blob))
    }
}

// What every store promises is tested by the contract suite; here is what only this one does.
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::SessionOwner;

    const START: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn session(key: u8, owner: u8) -> NewSession {
        NewSession::new(
            SessionKey::from_bytes([key; 32]),
            SessionOwner::from_bytes([owner; 32]),
            vec![key],
            START,
            START.saturating_add(Duration::from_secs(600)),
        )
    }

    async fn take(store: &MemorySessionStore, key: u8, at: i64) -> Option<Vec<u8>> {
        store.take(&SessionKey::from_bytes([key; 32]), Timestamp::from_unix_seconds(at)).await.unwrap()
    }

    #[tokio::test]
    async fn an_expired_session_is_gone_even_if_the_clock_steps_back() {
        let store = MemorySessionStore::new();
        store.put(session(1, 1)).await.unwrap();
        assert_eq!(take(&store, 1, 1_600).await, None);
        assert_eq!(take(&store, 1, 1_000).await, None);
    }

    #[tokio::test]
    async fn a_used_key_is_refused_until_its_session_has_expired() {
        let store = MemorySessionStore::new();
        store.put(session(1, 1)).await.unwrap();
        let error = store.put(session(1, 2)).await.unwrap_err();
        assert_eq!(error.to_string(), "a login with this state is already open");
        let mut later = session(1, 2);
        later.created_at = START.saturating_add(Duration::from_secs(600));
        store.put(later).await.unwrap();
    }

    #[tokio::test]
    async fn the_store_as_a_whole_is_bounded() {
        let store = MemorySessionStore::new();
        for n in 0..=u64::try_from(MAX_SESSIONS).unwrap() {
            let mut wide = [0; 32];
            wide[..8].copy_from_slice(&n.to_be_bytes());
            let mut session = session(0, 0);
            session.key = SessionKey::from_bytes(wide);
            session.owner = SessionOwner::from_bytes(wide);
            // Unchecked insertion keeps the test quick; the last one goes through `put`.
            if n < u64::try_from(MAX_SESSIONS).unwrap() {
                store.lock().sessions.insert(session.key, (n, session));
            } else {
                store.lock().next = n;
                store.put(session).await.unwrap();
            }
        }
        assert_eq!(store.lock().sessions.len(), MAX_SESSIONS);
        assert_eq!(store.take(&SessionKey::from_bytes([0; 32]), START).await.unwrap(), None);
    }

    #[tokio::test]
    async fn debug_shows_neither_key_nor_blob() {
        let store = MemorySessionStore::new();
        let mut one = session(1, 1);
        one.blob = b"CANARY".to_vec();
        assert!(!format!("{one:?}").contains("67, 65"), "{one:?}");
        store.put(one).await.unwrap();
        assert_eq!(format!("{store:?}"), "MemorySessionStore { open: 1 }");
    }
}
