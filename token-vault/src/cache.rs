//! A bounded map for many readers that takes in nothing that was read before it was forgotten.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::{BuildHasher as _, BuildHasherDefault, Hash, Hasher},
    sync::{
        PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use foldhash::quality::RandomState;

/// More than enough for readers not to meet; a power of two.
const MAX_SHARDS: usize = 64;
/// A smaller part is not worth a lock of its own.
const MIN_PER_SHARD: usize = 64;

/// A moment in the life of a key: what was read before a [`Cache::forget`] must not be inserted after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Epoch(u64);

/// What a cache keeps.
pub(crate) trait Cached {
    /// Takes the place of this value, unless `read` is the older one of the two.
    fn renew_with(&mut self, read: Self);
}

pub(crate) struct Cache<K, V> {
    /// Hashes a key once, for the choice of the shard and for the map in it.
    hasher: RandomState,
    max_per_shard: usize,
    shards: Box<[Shard<K, V>]>,
}

/// Alone on its cache lines, or the locks of neighbours would slow each other down.
#[repr(align(128))]
struct Shard<K, V>(RwLock<State<K, V>>);

/// What readers need comes first, on the cache line of the lock.
#[repr(C)]
struct State<K, V> {
    slots: HashMap<Hashed<K>, Slot<V>, BuildHasherDefault<AsHashed>>,
    /// Rises with everything that is forgotten here.
    epoch: u64,
    /// Who leaves first. Holds the keys of all slots, and some that were forgotten.
    queue: VecDeque<(Hashed<K>, u64)>,
    last_ticket: u64,
}

/// A key with its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hashed<K> {
    hash: u64,
    key: K,
}

impl<K> Hash for Hashed<K> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// Takes the hash as it is.
#[derive(Default)]
struct AsHashed(u64);

impl Hasher for AsHashed {
    fn write(&mut self, bytes: &[u8]) {
        // Nothing but a hash comes here; anything else would still be told apart by the keys.
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    #[inline]
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

struct Slot<V> {
    value: V,
    /// Its entry in the queue; others with its key are from before it was forgotten.
    ticket: u64,
    /// Whether it was read since it was last looked at for eviction: then it may stay once more.
    used: AtomicBool,
}

impl<K: Copy + Eq + Hash, V: Cached> Cache<K, V> {
    pub(crate) fn new(max: usize) -> Self {
        let mut shards = 1;
        while shards < MAX_SHARDS && max / (shards * 2) >= MIN_PER_SHARD {
            shards *= 2;
        }
        let hasher = RandomState::default();
        let empty = || State { slots: HashMap::default(), epoch: 0, queue: VecDeque::new(), last_ticket: 0 };
        let max_per_shard = (max / shards).max(1);
        let all = (0..shards).map(|_| Shard(RwLock::new(empty()))).collect();
        Self { hasher, max_per_shard, shards: all }
    }

    /// What `look` makes of the value.
    pub(crate) fn read<R>(&self, key: &K, look: impl FnOnce(&V) -> R) -> Option<R> {
        let key = self.hashed(key);
        let state = self.shard(&key)?.read();
        let slot = state.slots.get(&key)?;
        if !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        Some(look(&slot.value))
    }

    /// Changes the value in place.
    pub(crate) fn change<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let key = self.hashed(key);
        let mut state = self.shard(&key)?.write();
        state.slots.get_mut(&key).map(|slot| change(&mut slot.value))
    }

    /// Take this before reading what will be inserted.
    pub(crate) fn epoch(&self, key: &K) -> Epoch {
        Epoch(self.shard(&self.hashed(key)).map_or(0, |shard| shard.read().epoch))
    }

    /// Keeps the value, unless a newer one is there, or something was forgotten since `epoch`: the value may be the
    /// forgotten one.
    pub(crate) fn insert(&self, key: K, value: V, epoch: Epoch) {
        let key = self.hashed(&key);
        let Some(shard) = self.shard(&key) else { return };
        let mut state = shard.write();
        if Epoch(state.epoch) != epoch {
            return;
        }
        if let Some(slot) = state.slots.get_mut(&key) {
            slot.value.renew_with(value);
            return;
        }
        while state.slots.len() >= self.max_per_shard {
            state.evict_one();
        }
        state.add(key, value);
    }

    /// Drops the value because of what was read after it. What is being read now may still be inserted.
    pub(crate) fn drop_one(&self, key: &K) {
        let key = self.hashed(key);
        if let Some(shard) = self.shard(&key) {
            shard.write().slots.remove(&key);
        }
    }

    pub(crate) fn forget(&self, which: impl Fn(&K) -> bool) {
        for shard in &self.shards {
            let mut state = shard.write();
            state.epoch += 1;
            state.slots.retain(|key, _| !which(&key.key));
        }
    }

    pub(crate) fn forget_one(&self, key: &K) {
        let key = self.hashed(key);
        if let Some(shard) = self.shard(&key) {
            let mut state = shard.write();
            state.epoch += 1;
            state.slots.remove(&key);
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().slots.len()).sum()
    }

    /// What `look` makes of every value, in no order.
    pub(crate) fn collect<R>(&self, look: impl Fn(&K, &V) -> R) -> Vec<R> {
        let mut all = Vec::with_capacity(self.len());
        for shard in &self.shards {
            all.extend(shard.read().slots.iter().map(|(key, slot)| look(&key.key, &slot.value)));
        }
        all
    }

    #[inline]
    fn hashed(&self, key: &K) -> Hashed<K> {
        Hashed { hash: self.hasher.hash_one(key), key: *key }
    }

    #[inline]
    fn shard(&self, key: &Hashed<K>) -> Option<&Shard<K, V>> {
        // The map takes the lowest and the highest bits.
        let middle = usize::try_from((key.hash >> 32) & 0xFFFF).unwrap_or(0);
        self.shards.get(middle & (self.shards.len() - 1))
    }
}

impl<K: Copy + Eq, V> State<K, V> {
    fn add(&mut self, key: Hashed<K>, value: V) {
        if self.queue.len() > 2 * self.slots.len() + MIN_PER_SHARD {
            let slots = &self.slots;
            self.queue.retain(|(key, ticket)| slots.get(key).is_some_and(|slot| slot.ticket == *ticket));
        }
        self.last_ticket += 1;
        self.queue.push_back((key, self.last_ticket));
        let slot = Slot { value, ticket: self.last_ticket, used: AtomicBool::new(false) };
        self.slots.insert(key, slot);
    }

    /// Whoever was not read since it was last looked at leaves.
    fn evict_one(&mut self) {
        while let Some((key, ticket)) = self.queue.pop_front() {
            let Some(slot) = self.slots.get_mut(&key).filter(|slot| slot.ticket == ticket) else { continue };
            if !std::mem::take(slot.used.get_mut()) {
                self.slots.remove(&key);
                return;
            }
            self.queue.push_back((key, ticket));
        }
        // Every slot is in the queue. Should one ever not be, the bound holds all the same.
        self.slots.clear();
    }
}

impl<K, V> Shard<K, V> {
    fn read(&self) -> RwLockReadGuard<'_, State<K, V>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State<K, V>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("shards", &self.shards.len())
            .field("max_per_shard", &self.max_per_shard)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
