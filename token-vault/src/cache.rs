//! A bounded map whose entries age out.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use sociogram_api_core::Timestamp;

/// A moment in the life of a cache: what was read before a [`Cache::forget`] must not be inserted after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

pub(crate) struct Cache<K, V> {
    max: usize,
    keep: Duration,
    state: RwLock<State<K, V>>,
}

struct State<K, V> {
    epoch: u64,
    entries: HashMap<K, (Timestamp, V)>,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    pub(crate) fn new(max: usize, keep: Duration) -> Self {
        Self { max, keep, state: RwLock::new(State { epoch: 0, entries: HashMap::new() }) }
    }

    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let state = self.read();
        let (since, value) = state.entries.get(key)?;
        self.is_fresh(*since, now).then(|| value.clone())
    }

    /// Take this before reading what will be inserted.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.read().epoch)
    }

    /// Keeps the value, unless something was forgotten since `epoch`: the value may be the forgotten one.
    pub(crate) fn insert(&self, key: K, value: V, now: Timestamp, epoch: Epoch) {
        let mut state = self.write();
        if Epoch(state.epoch) != epoch {
            return;
        }
        if state.entries.len() >= self.max {
            state.entries.retain(|_, (since, _)| self.is_fresh(*since, now));
        }
        if state.entries.len() >= self.max {
            state.entries.clear();
        }
        state.entries.insert(key, (now, value));
    }

    pub(crate) fn forget(&self, which: impl Fn(&K) -> bool) {
        let mut state = self.write();
        state.epoch += 1;
        state.entries.retain(|key, _| !which(key));
    }

    pub(crate) fn forget_one(&self, key: &K) {
        let mut state = self.write();
        state.epoch += 1;
        state.entries.remove(key);
    }

    fn is_fresh(&self, since: Timestamp, now: Timestamp) -> bool {
        // A clock that stepped back makes an entry of unknown age, not a young one.
        since <= now && now.saturating_duration_since(since) < self.keep
    }

    fn read(&self) -> RwLockReadGuard<'_, State<K, V>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State<K, V>> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("max", &self.max).field("keep", &self.keep).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn entries_age_out_and_a_clock_stepping_back_makes_none_younger() {
        let cache = Cache::new(10, Duration::from_secs(30));
        cache.insert("a", 1, at(100), cache.epoch());
        assert_eq!(cache.get(&"a", at(129)), Some(1));
        assert_eq!(cache.get(&"a", at(130)), None);
        assert_eq!(cache.get(&"a", at(99)), None);
    }

    #[test]
    fn what_was_read_before_forgetting_is_not_inserted_after() {
        let cache = Cache::new(10, Duration::from_secs(30));
        let before = cache.epoch();
        cache.forget_one(&"a");
        cache.insert("a", 1, at(100), before);
        assert_eq!(cache.get(&"a", at(100)), None);
        cache.insert("a", 2, at(100), cache.epoch());
        assert_eq!(cache.get(&"a", at(100)), Some(2));
        cache.forget(|key| *key == "a");
        assert_eq!(cache.get(&"a", at(100)), None);
    }

    #[test]
    fn it_never_holds_more_than_its_bound() {
        let cache = Cache::new(2, Duration::from_secs(30));
        cache.insert(1, "old", at(0), cache.epoch());
        cache.insert(2, "new", at(100), cache.epoch());
        cache.insert(3, "new", at(100), cache.epoch());
        assert_eq!((cache.get(&2, at(100)), cache.get(&3, at(100))), (Some("new"), Some("new")));
        cache.insert(4, "newest", at(100), cache.epoch());
        assert_eq!((cache.get(&3, at(100)), cache.get(&4, at(100))), (None, Some("newest")));
    }
}
