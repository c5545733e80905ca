//! Unwrapped data keys in memory, for a while.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use crate::{DataKey, DataKeyPosition, cipher::Cipher};

/// How long an unwrapped key is used without asking the provider.
pub(crate) const FRESH: Duration = Duration::from_secs(600);
/// How long it may be used while the provider does not answer.
pub(crate) const STALE: Duration = Duration::from_secs(3600);

/// An unwrapped data key. Wiped when its last user is done.
pub(crate) struct HeldKey {
    pub(crate) cipher: Cipher,
    /// How many messages may be sealed before the key table must be told. May fall below zero when several
    /// callers seal at once; the next one pays.
    allowance: AtomicI64,
}

impl HeldKey {
    pub(crate) fn new(key: &DataKey) -> Self {
        Self { cipher: Cipher::new(key.expose()), allowance: AtomicI64::new(0) }
    }

    pub(crate) fn has_allowance(&self) -> bool {
        self.allowance.load(Ordering::Relaxed) > 0
    }

    pub(crate) fn allow(&self, messages: i64) {
        self.allowance.fetch_add(messages, Ordering::Relaxed);
    }

    pub(crate) fn spend(&self) {
        self.allow(-1);
    }
}

impl fmt::Debug for HeldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeldKey([redacted])")
    }
}

/// What is in memory of a key.
#[derive(Debug)]
pub(crate) enum Found {
    /// Use it.
    Fresh(Arc<HeldKey>),
    /// Use it only if the provider does not answer.
    Stale(Arc<HeldKey>),
    Nothing,
}

/// A moment in the life of the cache: a key that was asked for before a `forget` is not kept after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

pub(crate) struct HeldKeys {
    max: usize,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    epoch: u64,
    entries: HashMap<DataKeyPosition, Entry>,
}

struct Entry {
    since: Timestamp,
    key: Arc<HeldKey>,
}

impl Entry {
    /// A clock that stepped back makes an entry of unknown age, which is not fresh.
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.since <= now && now.saturating_duration_since(self.since) < FRESH
    }

    fn is_usable(&self, now: Timestamp) -> bool {
        now.saturating_duration_since(self.since).max(self.since.saturating_duration_since(now)) < STALE
    }
}

impl HeldKeys {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, state: RwLock::default() }
    }

    pub(crate) fn find(&self, place: &DataKeyPosition, now: Timestamp) -> Found {
        match self.read().entries.get(place) {
            Some(entry) if entry.is_fresh(now) => Found::Fresh(Arc::clone(&entry.key)),
            Some(entry) if entry.is_usable(now) => Found::Stale(Arc::clone(&entry.key)),
            _ => Found::Nothing,
        }
    }

    /// Take this before asking for what will be kept.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.read().epoch)
    }

    /// Keeps the key, unless something was forgotten since `epoch`: it may be this key. What an older copy of
    /// it may still seal passes on to it.
    pub(crate) fn keep(&self, place: DataKeyPosition, key: Arc<HeldKey>, now: Timestamp, epoch: Epoch) {
        let mut state = self.write();
        if Epoch(state.epoch) != epoch {
            return;
        }
        if let Some(old) = state.entries.remove(&place) {
            key.allow(old.key.allowance.swap(0, Ordering::Relaxed));
        }
        if state.entries.len() >= self.max {
            state.entries.retain(|_, entry| entry.is_usable(now));
        }
        while state.entries.len() >= self.max.max(1) {
            let oldest = state.entries.iter().min_by_key(|(_, entry)| entry.since).map(|(place, _)| *place);
            oldest.and_then(|place| state.entries.remove(&place));
        }
        state.entries.insert(place, Entry { since: now, key });
    }

    pub(crate) fn forget(&self, place: &DataKeyPosition) {
        let mut state = self.write();
        state.epoch += 1;
        state.entries.remove(place);
    }

    pub(crate) fn forget_tenant(&self, tenant: TenantId) {
        let mut state = self.write();
        state.epoch += 1;
        state.entries.retain(|(owner, _), _| *owner != tenant);
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataKeyId;

    const PLACE: DataKeyPosition = place(1, 1);

    const fn place(tenant: u8, key: u32) -> DataKeyPosition {
        (TenantId::from_bytes([tenant; 16]), DataKeyId::new(key))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    fn key() -> Arc<HeldKey> {
        Arc::new(HeldKey::new(&DataKey::random().unwrap()))
    }

    fn state(keys: &HeldKeys, place: DataKeyPosition, now: i64) -> &'static str {
        match keys.find(&place, at(now)) {
            Found::Fresh(_) => "fresh",
            Found::Stale(_) => "stale",
            Found::Nothing => "nothing",
        }
    }

    #[test]
    fn a_key_is_fresh_for_ten_minutes_and_stale_for_an_hour() {
        let keys = HeldKeys::new(10);
        keys.keep(PLACE, key(), at(1000), keys.epoch());
        for (now, expected) in [
            (1000, "fresh"),
            (1599, "fresh"),
            (1600, "stale"),
            (4599, "stale"),
            (4600, "nothing"),
            (999, "stale"),
            (-2599, "stale"),
            (-2600, "nothing"),
        ] {
            assert_eq!(state(&keys, PLACE, now), expected, "{now}");
        }
        keys.keep(PLACE, key(), at(4600), keys.epoch());
        assert_eq!(state(&keys, PLACE, 4600), "fresh");
    }

    #[test]
    fn it_never_holds_more_than_its_bound_and_drops_the_oldest() {
        let keys = HeldKeys::new(2);
        for (number, since) in [(1, 10), (2, 30), (3, 20), (4, 40)] {
            keys.keep(place(1, number), key(), at(since), keys.epoch());
            assert!(keys.read().entries.len() <= 2);
        }
        let kept: Vec<_> = (1..=4).filter(|number| state(&keys, place(1, *number), 40) == "fresh").collect();
        assert_eq!(kept, [2, 4]);
        keys.keep(place(1, 2), key(), at(50), keys.epoch());
        assert_eq!(state(&keys, place(1, 4), 50), "fresh", "renewing a key drops none");
    }

    #[test]
    fn what_was_asked_for_before_forgetting_is_not_kept_after_it() {
        let keys = HeldKeys::new(10);
        let forgets: [fn(&HeldKeys); 2] = [|keys| keys.forget(&PLACE), |keys| keys.forget_tenant(PLACE.0)];
        for forget in forgets {
            keys.keep(PLACE, key(), at(0), keys.epoch());
            keys.keep(place(2, 1), key(), at(0), keys.epoch());
            let before = keys.epoch();
            forget(&keys);
            keys.keep(PLACE, key(), at(0), before);
            assert_eq!(state(&keys, PLACE, 0), "nothing");
            assert_eq!(state(&keys, place(2, 1), 0), "fresh");
        }
    }

    #[test]
    fn what_a_copy_may_seal_passes_on_to_the_next() {
        let keys = HeldKeys::new(10);
        let (old, new) = (key(), key());
        assert!(!old.has_allowance());
        old.allow(2);
        keys.keep(PLACE, Arc::clone(&old), at(0), keys.epoch());
        old.spend();
        keys.keep(PLACE, Arc::clone(&new), at(1), keys.epoch());
        assert!(new.has_allowance() && !old.has_allowance());
        new.spend();
        assert!(!new.has_allowance());
    }

    #[test]
    fn a_forgotten_key_is_dropped_with_its_last_user() {
        let keys = HeldKeys::new(10);
        let key = key();
        keys.keep(PLACE, Arc::clone(&key), at(0), keys.epoch());
        assert_eq!(Arc::strong_count(&key), 2);
        keys.forget_tenant(PLACE.0);
        assert_eq!(Arc::strong_count(&key), 1);
    }
}
