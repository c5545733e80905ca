//! One call for many callers.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::OnceCell;

/// Calls under way, by what they are for. Callers that arrive while one is under way wait for its answer,
/// good or bad. When the caller that does the work is dropped, another one does it.
pub(crate) struct Flights<K: Eq + Hash, V>(Mutex<HashMap<K, Weak<OnceCell<V>>>>);

/// The place of one caller on a flight.
struct Seat<'a, K: Eq + Hash, V> {
    flights: &'a Flights<K, V>,
    key: K,
    flight: Arc<OnceCell<V>>,
}

impl<K: Clone + Eq + Hash + Send + Sync, V: Clone + Send + Sync> Flights<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    pub(crate) async fn fly<F>(&self, key: K, start: impl FnOnce() -> F + Send) -> V
    where
        F: Future<Output = V> + Send,
    {
        let seat = self.join(key);
        seat.flight.get_or_init(start).await.clone()
    }

    fn join(&self, key: K) -> Seat<'_, K, V> {
        let mut flights = self.lock();
        // A flight that has landed is not joined: its answer may be from before what the caller knows.
        let under_way = flights.get(&key).and_then(Weak::upgrade).filter(|flight| !flight.initialized());
        let flight = under_way.unwrap_or_else(|| {
            let flight = Arc::new(OnceCell::new());
            flights.insert(key.clone(), Arc::downgrade(&flight));
            flight
        });
        drop(flights);
        Seat { flights: self, key, flight }
    }
}

impl<K: Eq + Hash, V> Flights<K, V> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Weak<OnceCell<V>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Drop for Seat<'_, K, V> {
    /// The last one to leave takes the flight off the board.
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        let listed =
            flights.get(&self.key).is_some_and(|listed| listed.as_ptr() == Arc::as_ptr(&self.flight));
        if listed && Arc::strong_count(&self.flight) == 1 {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Poll, Waker},
    };

    use tokio::sync::Semaphore;

    use super::*;
    use crate::{KeyError, KeyErrorKind};

    struct World {
        flights: Flights<u8, Result<usize, KeyError>>,
        calls: AtomicUsize,
        gate: Semaphore,
    }

    impl World {
        fn new() -> Arc<Self> {
            Arc::new(Self { flights: Flights::new(), calls: AtomicUsize::new(0), gate: Semaphore::new(0) })
        }

        /// The number of the call, or an error for call 0.
        async fn fly(&self, key: u8) -> Result<usize, KeyError> {
            self.flights
                .fly(key, || async {
                    let call = self.calls.fetch_add(1, Ordering::Relaxed);
                    self.gate.acquire().await.unwrap().forget();
                    if call == 0 { Err(KeyError::new(KeyErrorKind::Unavailable, "first")) } else { Ok(call) }
                })
                .await
        }
    }

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn callers_share_one_call_and_its_failure_and_later_ones_make_their_own() {
        let world = World::new();
        let callers: Vec<_> = (0..20)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { world.fly(1).await })
            })
            .collect();
        tokio::task::yield_now().await;
        world.gate.add_permits(1);
        for caller in callers {
            assert_eq!(caller.await.unwrap().unwrap_err().to_string(), "first");
        }
        assert_eq!(world.calls.load(Ordering::Relaxed), 1);
        world.gate.add_permits(1);
        assert_eq!(world.fly(1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn other_keys_fly_on_their_own() {
        let world = World::new();
        let (a, b) = (Box::pin(world.fly(1)), Box::pin(world.fly(2)));
        let (mut a, mut b) = (a, b);
        assert!(poll(a.as_mut()).is_pending() && poll(b.as_mut()).is_pending());
        assert_eq!(world.calls.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn when_the_first_caller_is_dropped_another_one_takes_over() {
        let world = World::new();
        let (mut first, mut second) = (Box::pin(world.fly(1)), Box::pin(world.fly(1)));
        assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
        assert_eq!(world.calls.load(Ordering::Relaxed), 1);
        drop(first);
        world.gate.add_permits(1);
        assert_eq!(second.await.unwrap(), 1);
        assert_eq!(world.calls.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn what_has_landed_is_not_joined() {
        let world = World::new();
        let (mut first, mut slow) = (Box::pin(world.fly(1)), Box::pin(world.fly(1)));
        assert!(poll(first.as_mut()).is_pending() && poll(slow.as_mut()).is_pending());
        world.gate.add_permits(2);
        assert!(first.await.is_err());
        // The slow one has not looked at the answer yet.
        assert_eq!(world.fly(1).await.unwrap(), 1);
        assert!(slow.await.is_err());
    }

    #[tokio::test]
    async fn what_has_landed_is_not_kept() {
        let world = World::new();
        world.gate.add_permits(300);
        for key in 0..100 {
            let _ = world.fly(key).await;
            let mut dropped = Box::pin(world.fly(key));
            let _ = poll(dropped.as_mut());
        }
        assert!(world.flights.lock().is_empty());
    }
}
