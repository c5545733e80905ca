use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;

use super::*;

/// A value that says how new it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Numbered(u32);

impl Cached for Numbered {
    fn renew_with(&mut self, read: Self) {
        self.0 = self.0.max(read.0);
    }
}

fn put(cache: &Cache<u32, Numbered>, key: u32, number: u32) {
    cache.insert(key, Numbered(number), cache.epoch(&key));
}

fn get(cache: &Cache<u32, Numbered>, key: u32) -> Option<u32> {
    cache.read(&key, |value| value.0)
}

#[test]
fn what_was_read_before_forgetting_is_not_inserted_after() {
    let cache = Cache::new(1);
    let forgets: [fn(&Cache<u32, Numbered>); 3] = [
        |cache| cache.forget_one(&7),
        |cache| cache.forget(|key| *key == 7),
        // Nothing that is there is meant; what is being read may be.
        |cache| cache.forget(|key| *key == 8),
    ];
    for forget in forgets {
        let before = cache.epoch(&7);
        forget(&cache);
        cache.insert(7, Numbered(1), before);
        assert_eq!(get(&cache, 7), None);
    }
    put(&cache, 7, 2);
    assert_eq!(get(&cache, 7), Some(2));
}

#[test]
fn what_is_forgotten_is_gone_and_the_rest_stays() {
    let cache = Cache::new(100_000);
    for key in 0..1_000 {
        put(&cache, key, key);
    }
    cache.forget_one(&3);
    cache.forget(|key| *key >= 500);
    assert_eq!(cache.len(), 499);
    for key in 0..1_000 {
        assert_eq!(get(&cache, key), (key != 3 && key < 500).then_some(key));
    }
    cache.drop_one(&4);
    assert_eq!(get(&cache, 4), None);
}

#[test]
fn dropping_a_value_does_not_keep_out_what_is_being_read() {
    let cache = Cache::new(10);
    put(&cache, 1, 1);
    let before = cache.epoch(&1);
    cache.drop_one(&1);
    cache.insert(1, Numbered(2), before);
    assert_eq!(get(&cache, 1), Some(2));
}

#[test]
fn an_older_value_never_replaces_a_newer_one() {
    let cache = Cache::new(10);
    for (number, kept) in [(2, 2), (1, 2), (3, 3), (2, 3)] {
        put(&cache, 1, number);
        assert_eq!(get(&cache, 1), Some(kept));
    }
}

#[test]
fn it_never_holds_more_than_its_bound_and_never_empties_itself() {
    for max in [1, 2, 63, 64, 127, 128, 1_000, 10_000] {
        let cache = Cache::new(max);
        let many = u32::try_from(max).unwrap() * 4;
        for key in 0..many {
            put(&cache, key, key);
            assert_eq!(get(&cache, key), Some(key), "the latest is there");
        }
        assert!(cache.len() <= max, "{} of {max}", cache.len());
        assert!(cache.len() * 10 >= max * 9, "{} of {max}", cache.len());
    }
    let none = Cache::new(0);
    put(&none, 1, 1);
    assert_eq!(none.len(), 1, "what was just read is always kept");
}

#[test]
fn who_is_read_now_and_then_outlives_those_who_are_not() {
    let cache = Cache::new(64);
    for key in 0..64 {
        put(&cache, key, key);
    }
    for key in 64..10_000 {
        for favourite in 0..8 {
            assert_eq!(get(&cache, favourite), Some(favourite), "after {key}");
        }
        put(&cache, key, key);
    }
    assert_eq!(cache.len(), 64);
}

#[test]
fn those_who_are_all_read_leave_one_by_one() {
    let cache = Cache::new(4);
    for key in 0..4 {
        put(&cache, key, key);
    }
    for new in 4..20 {
        let before: Vec<_> = (0..new).filter(|key| get(&cache, *key).is_some()).collect();
        assert_eq!(before.len(), 4);
        put(&cache, new, new);
        let after: Vec<_> = before.into_iter().filter(|key| get(&cache, *key).is_some()).collect();
        assert_eq!(after.len(), 3);
    }
}

#[test]
fn forgetting_and_inserting_for_ever_takes_no_more_memory() {
    let cache = Cache::new(10);
    for round in 0..10_000 {
        put(&cache, round % 3, round);
        cache.forget_one(&(round % 3));
    }
    let queued = cache.shards.iter().map(|shard| shard.read().queue.len()).max();
    assert!(queued.unwrap() <= MIN_PER_SHARD + 1, "{queued:?}");
}

#[test]
fn many_keys_spread_over_the_shards() {
    let cache: Cache<u32, Numbered> = Cache::new(100_000);
    assert_eq!(cache.shards.len(), MAX_SHARDS);
    for key in 0..6_400 {
        put(&cache, key, 0);
    }
    let sizes: Vec<_> = cache.shards.iter().map(|shard| shard.read().slots.len()).collect();
    assert!(sizes.iter().all(|size| (40..=180).contains(size)), "{sizes:?}");
    let all: BTreeSet<_> = cache.collect(|key, _| *key).into_iter().collect();
    assert_eq!(all.len(), 6_400);
}

#[test]
fn readers_and_writers_of_many_threads_see_nothing_that_was_forgotten() {
    let cache = Arc::new(Cache::new(1_000));
    let threads: Vec<_> = (0..4_u32)
        .map(|thread| {
            let cache = Arc::clone(&cache);
            std::thread::spawn(move || {
                for round in 0..5_000 {
                    let key = (round * 7 + thread) % 50;
                    let epoch = cache.epoch(&key);
                    cache.insert(key, Numbered(round), epoch);
                    cache.read(&key, |_| ());
                    let mine = 1_000 + thread;
                    put(&cache, mine, round);
                    cache.forget_one(&mine);
                    assert_eq!(get(&cache, mine), None);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[derive(Clone, Copy, Debug)]
enum Act {
    /// Begin to read this key.
    Begin(u8),
    /// Insert what was begun this long ago.
    End(usize),
    Forget(u8),
    ForgetAll,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..6_u8).prop_map(Act::Begin),
        4 => (0..4_usize).prop_map(Act::End),
        1 => (0..6_u8).prop_map(Act::Forget),
        1 => Just(Act::ForgetAll),
    ]
}

proptest! {
    /// The store is a clock: what is read is the time of the reading. Nothing may be seen of a key that was read before
    /// the key was forgotten last.
    #[test]
    fn whatever_the_order_nothing_older_than_the_last_forgetting_is_seen(acts in prop::collection::vec(act(), 0..60)) {
        let cache = Cache::new(3);
        let mut forgotten = [0_u32; 6];
        let mut under_way = Vec::new();
        for (now, act) in (1_u32..).zip(acts) {
            match act {
                Act::Begin(key) => under_way.push((u32::from(key), cache.epoch(&u32::from(key)), now)),
                Act::End(back) => {
                    if let Some(at) = under_way.len().checked_sub(back + 1) {
                        let (key, epoch, read) = under_way.remove(at);
                        cache.insert(key, Numbered(read), epoch);
                    }
                }
                Act::Forget(key) => {
                    cache.forget_one(&u32::from(key));
                    forgotten[usize::from(key)] = now;
                }
                Act::ForgetAll => {
                    cache.forget(|_| true);
                    forgotten = [now; 6];
                }
            }
            prop_assert!(cache.len() <= 3);
            for key in 0..6 {
                if let Some(read) = get(&cache, key) {
                    prop_assert!(read > forgotten[usize::try_from(key).unwrap()]);
                }
            }
        }
    }
}
