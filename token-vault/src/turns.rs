//! Who starts a renewal that nobody waits for.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How many turns may be over and still be kept.
const MIN_SWEEP: usize = 64;

/// Gives one caller at a time a turn, for what is stored now. It outlives what is in memory of a connection: an attempt
/// that comes to nothing makes the process forget that.
#[derive(Debug)]
pub(crate) struct Turns<K, V>(Mutex<State<K, V>>);

#[derive(Debug)]
struct State<K, V> {
    taken: HashMap<K, Turn<V>>,
    sweep_at: usize,
}

#[derive(Debug)]
struct Turn<V> {
    of: V,
    over_at: Duration,
}

impl<K: Eq + Hash, V: PartialEq> Turns<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State { taken: HashMap::new(), sweep_at: MIN_SWEEP }))
    }

    /// Takes the turn for `length`, or says how long somebody else's is going to last. `of` is what is to be changed:
    /// once it has, there is a new turn. `now` never goes back
    /// ([`Timer::monotonic`](sociogram_api_core::Timer::monotonic)).
    pub(crate) fn take(&self, key: K, of: V, length: Duration, now: Duration) -> Result<(), Duration> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = state.taken.get(&key).filter(|turn| turn.of == of && now < turn.over_at) {
            return Err(turn.over_at.saturating_sub(now));
        }
        if state.taken.len() >= state.sweep_at {
            state.taken.retain(|_, turn| now < turn.over_at);
            state.sweep_at = MIN_SWEEP.max(state.taken.len().saturating_mul(2));
        }
        state.taken.insert(key, Turn { of, over_at: now.saturating_add(length) });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURN: Duration = Duration::from_secs(30);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_turn_belongs_to_one_caller_until_it_is_over_or_something_has_changed() {
        let turns = Turns::new();
        let take = |key, of, now| turns.take(key, of, TURN, at(now));
        assert_eq!(take("a", 1, 0), Ok(()));
        assert_eq!(take("a", 1, 10), Err(at(20)));
        assert_eq!(take("b", 1, 10), Ok(()));
        assert_eq!(take("a", 2, 10), Ok(()));
        assert_eq!(take("a", 2, 39), Err(at(1)));
        assert_eq!(take("a", 2, 40), Ok(()));
    }

    #[test]
    fn turns_that_are_over_do_not_pile_up() {
        let turns = Turns::new();
        for key in 0..100_000_u64 {
            turns.take(key, (), TURN, at(key)).unwrap();
        }
        assert!(turns.0.lock().unwrap().taken.len() <= 2 * MIN_SWEEP);
    }
}
