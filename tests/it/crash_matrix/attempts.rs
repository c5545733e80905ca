//! Attempts that are left, that break off, that are interrupted, and that lack a key.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::future::join_all;
use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::Rotation;
use sociogram_postgres::PostgresStore;
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{
    DataKey, DataKeys, Generation, KekId, KeyError, KeyErrorKind, KeyHealth, KeyProvider, LocalKeys,
    RewrapRequest, UnwrapRequest, Vault, WrapRequest, async_trait,
};

use super::{assert_kept, assert_lost};
use crate::processes::{ROTATIONS, TENANT, World, provider::pause};

/// More than a call has.
const POINTS: usize = 24;

/// Polls this often and leaves then; whether the work was done.
async fn leave_after<F: Future>(polls: usize, work: F) -> bool {
    let mut work = pin!(work);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(false);
        }
        polled += 1;
        match work.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if polled == polls => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_row_10_a_caller_who_leaves_at_any_point_stops_nothing() {
    require_postgres!();
    for rotation in ROTATIONS {
        let world = World::new(rotation, POINTS).await;
        world.provider.set_latency(Duration::from_millis(5));
        let mut stayed = 0;
        for (polls, connection) in world.connections.iter().enumerate() {
            // A vault that remembers nothing.
            let vault = world.vault();
            stayed += usize::from(leave_after(polls, vault.resolve(TENANT, *connection)).await);
            vault.resolve(TENANT, *connection).await.unwrap();
            assert!(vault.shutdown().await);
            assert_eq!(world.stored(*connection).await.generation, Generation::new(2), "after {polls} polls");
        }
        assert!((1..POINTS - 1).contains(&stayed), "every point was left at: {stayed} of {POINTS} stayed");
        assert_eq!((world.provider.calls(), world.provider.reused()), (POINTS, 0));
    }
}

/// The panic comes with the answer in hand: for the grant it is row 3. The process lives on and tries again.
#[tokio::test]
async fn crash_row_11_an_attempt_that_panics_frees_its_place() {
    require_postgres!();
    let panics = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        let arguments = ["--die-at", "panic", "--resolves", "4", "--concurrency", "4", "--rounds", "2"];
        let mut process = world.process(&arguments).await;
        process.go().await;
        let report = process.report().await;
        if rotation == Rotation::Strict {
            assert_eq!(report.rounds(), [(0, 4), (0, 4)], "{report:?}");
            assert_lost(&world, &report).await;
        } else {
            assert_eq!(report.rounds(), [(0, 4), (4, 0)], "{report:?}");
            assert_kept(&world, &world.resolve_elsewhere().await, 2).await;
        }
    });
    join_all(panics).await;
}

#[tokio::test]
async fn crash_row_14_a_process_that_is_asked_to_end_stores_what_is_under_way() {
    require_postgres!();
    let ends = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        world.provider.hold();
        let mut process = world.process(&["--provider-timeout-ms", "5000", "--lease-ms", "11000"]).await;
        process.go().await;
        world.provider.has_arrived(1).await;
        process.terminate().await;
        pause(Duration::from_millis(300)).await;
        assert_eq!(world.stored(world.connections[0]).await.generation, Generation::new(1));
        world.provider.let_go();
        assert_eq!(process.report().await.shut_down(), Some(true));
        assert_eq!(world.stored(world.connections[0]).await.generation, Generation::new(2));
        assert_kept(&world, &world.resolve_elsewhere().await, 1).await;
    });
    join_all(ends).await;
}

#[tokio::test]
async fn crash_row_15_without_the_key_provider_nothing_is_claimed_or_sent() {
    require_postgres!();
    let outages = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        let before = world.stored(world.connections[0]).await;
        let mut process = world.process(&["--keys", "away", "--resolves", "3"]).await;
        process.go().await;
        assert_eq!(process.report().await.rounds(), [(0, 3)]);
        assert_eq!(world.provider.calls(), 0);
        assert_eq!(world.stored(world.connections[0]).await, before, "neither a claim nor a failure");
        assert_kept(&world, &world.resolve_elsewhere().await, 1).await;
    });
    join_all(outages).await;
}

/// A key service that can be switched off.
#[derive(Debug)]
struct Switched {
    keys: LocalKeys,
    away: AtomicBool,
}

impl Switched {
    fn unless_away<T>(&self, answers: Vec<Result<T, KeyError>>) -> Vec<Result<T, KeyError>> {
        let away = || KeyError::new(KeyErrorKind::Unavailable, "switched off");
        if self.away.load(Ordering::Relaxed) {
            return answers.iter().map(|_| Err(away())).collect();
        }
        answers
    }
}

#[async_trait]
impl KeyProvider for Switched {
    fn id(&self) -> KekId {
        self.keys.id()
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        self.unless_away(self.keys.wrap_many(requests).await)
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        self.unless_away(self.keys.unwrap_many(requests).await)
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        self.unless_away(self.keys.rewrap_many(requests).await)
    }

    async fn health(&self) -> Result<KeyHealth, KeyError> {
        self.keys.health().await
    }
}

#[tokio::test]
async fn crash_row_15_a_data_key_in_memory_serves_on_without_the_key_provider() {
    require_postgres!();
    let world = World::new(Rotation::Strict, 1).await;
    world.resolve_elsewhere().await.assert_ok();
    let switched = Arc::new(Switched { keys: World::keys(), away: AtomicBool::new(false) });
    let vault = |store: Arc<PostgresStore>| {
        let keys = DataKeys::new(switched.clone(), store.clone());
        Vault::builder(store, keys).max_staleness(Duration::ZERO).build().unwrap()
    };
    let store = Arc::new(world.store.clone());
    let (warm, cold) = (vault(store.clone()), vault(store));
    warm.resolve(TENANT, world.connections[0]).await.unwrap();
    switched.away.store(true, Ordering::Relaxed);
    warm.resolve(TENANT, world.connections[0]).await.unwrap();
    let refused = cold.resolve(TENANT, world.connections[0]).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
}
