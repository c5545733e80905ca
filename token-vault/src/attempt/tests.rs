use std::task::{Context, Waker};

use sociogram_api_core::{Clock as _, Timer as _};
use sociogram_oauth_core::{ConnectionId, Rotation, TokenKind};
use tokio::task::JoinSet;

use super::*;
use crate::{
    ConnectionState, Generation,
    testing::{Answer, Call},
};
use world::{LIFE, ROTATIONS, TENANT, World};

mod chaos;
mod claims;
mod failures;
mod faults;
mod parents;
mod successes;
mod takeovers;
pub(crate) mod world;

const FREE: Wish = Wish { force: false };

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_make_one_call() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        world.provider.set_latency(Duration::from_millis(200));
        let id = world.ended().await;
        let mut callers = JoinSet::new();
        for number in 0..1000 {
            let vault = world.here.vault.clone();
            callers.spawn(async move {
                if number % 2 == 0 {
                    vault.0.renew((TENANT, id), Wish { force: number % 4 == 0 }).await.unwrap();
                }
                vault.resolve(TENANT, id).await.unwrap().token.expose().to_owned()
            });
        }
        let mut tokens = callers.join_all().await;
        tokens.dedup();
        assert_eq!(tokens, ["scripted-access-2"], "{rotation:?}");
        assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "{rotation:?}");
        let row = world.row(id);
        assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
        assert_eq!(row.lease, None);
    }
}

#[tokio::test(start_paused = true)]
async fn several_processes_make_one_call() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        world.provider.set_latency(Duration::from_millis(1500));
        let id = world.ended().await;
        let processes: Vec<_> = (0..4).map(|_| world.process()).collect();
        let mut callers = JoinSet::new();
        for process in &processes {
            for _ in 0..250 {
                let vault = process.vault.clone();
                callers
                    .spawn(async move { vault.resolve(TENANT, id).await.unwrap().token.expose().to_owned() });
            }
        }
        let mut tokens = callers.join_all().await;
        tokens.dedup();
        assert_eq!(tokens, ["scripted-access-2"], "{rotation:?}");
        assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "{rotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_connections_are_renewed_side_by_side_each_once() {
    let world = World::new(world::GRACE);
    world.provider.set_latency(Duration::from_millis(200));
    let mut ids = Vec::new();
    for number in 0..200 {
        ids.push(world.log_in(TokenKind::Generic, &format!("u{number}")).await);
    }
    world.pass_life().await;
    let other = world.process();
    let began = world.clock.monotonic();
    let mut callers = JoinSet::new();
    for id in ids {
        for process in [&world.here, &other] {
            let vault = process.vault.clone();
            callers.spawn(async move { vault.resolve(TENANT, id).await.map(drop) });
        }
    }
    assert!(callers.join_all().await.iter().all(Result::is_ok));
    assert_eq!((world.refreshes(), world.provider.resent()), (200, 0));
    assert!(world.since(began) < Duration::from_secs(2));
}

/// Polls a caller this often, a millisecond apart, and drops it. `true` if it had ended by then.
async fn give_up_after(polls: usize, world: &World, id: ConnectionId) -> bool {
    let mut caller = Box::pin(world.here.vault.resolve(TENANT, id));
    for _ in 0..polls {
        if caller.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        world.pass(Duration::from_millis(1)).await;
    }
    false
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waiting_stops_nothing() {
    let mut ended = false;
    let mut polls = 0;
    while !ended {
        let world = World::new(Rotation::Strict);
        let id = world.ended().await;
        world.provider.set_latency(Duration::from_millis(10));
        ended = give_up_after(polls, &world, id).await;
        if polls > 0 {
            world.here.settle(world.clock).await;
            assert_eq!(world.row(id).generation, Generation::new(2), "after {polls} polls");
        }
        world.here.renew(id).await.unwrap();
        assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "after {polls} polls");
        assert_eq!(world.here.token(id).await, "scripted-access-2");
        polls += 1;
    }
    assert!(polls > 10, "there were {polls} polls only");
}

#[tokio::test(start_paused = true)]
async fn a_panic_frees_the_place_and_says_so() {
    for (rotation, calls) in [(ROTATIONS[0], 2), (ROTATIONS[1], 2), (ROTATIONS[2], 1)] {
        let world = World::new(rotation);
        let id = world.due().await;
        world.provider.plan(Call::Refresh, Answer::Panic);
        let vault = &world.here.vault.0;
        let (first, second) = tokio::join!(vault.renew((TENANT, id), FREE), vault.renew((TENANT, id), FREE));
        for error in [first.unwrap_err(), second.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Internal);
        }
        // What it held is still claimed; then it is taken over.
        world.here.renew(id).await.unwrap();
        world.here.settle(world.clock).await;
        assert_eq!(world.refreshes(), calls, "{rotation:?}");
        assert_eq!(world.provider.reused(), 0, "{rotation:?}");
        assert!(world.state(id).serves(), "{rotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_the_renewal_makes_no_second_one() {
    let world = World::new(ROTATIONS[2]);
    let id = world.due().await;
    world.here.renew(id).await.unwrap();
    // Callers who saw the old token set and come only now.
    world.here.renew(id).await.unwrap();
    world.process().renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
    world.here.force(id).await.unwrap();
    assert_eq!(world.refreshes(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_ahead_of_its_time_for_a_caller_who_needs_more_of_it() {
    let world = World::new(ROTATIONS[0]);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass((LIFE / 10).saturating_sub(Duration::from_secs(1))).await;
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 0);
    world.pass(Duration::from_secs(1)).await;
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn shutting_down_waits_for_what_is_under_way_and_begins_nothing_new() {
    let world = World::new(ROTATIONS[2]);
    let (id, other) = (world.ended().await, world.log_in(TokenKind::Generic, "v").await);
    world.provider.set_latency(Duration::from_secs(3));
    let vault = world.here.vault.clone();
    let under_way = tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.provider.has_arrived(Call::Refresh, 1).await;
    assert!(world.here.vault.shutdown().await);
    assert_eq!(world.row(id).generation, Generation::new(2));
    under_way.await.unwrap().unwrap();

    let refused = world.here.force(other).await.unwrap_err();
    assert_eq!((refused.kind(), world.refreshes()), (ErrorKind::Unavailable, 1));
    assert_eq!(world.here.token(other).await, "scripted-access-2");
    // A store that does not come back does not hold up the end.
    let slow = world.process();
    let vault = slow.vault.clone();
    let id = other;
    let held = tokio::spawn(async move { vault.0.renew((TENANT, id), Wish { force: true }).await });
    world.provider.has_arrived(Call::Refresh, 2).await;
    slow.store.set_down(true);
    let began = world.clock.monotonic();
    assert!(!slow.vault.shutdown().await);
    assert_eq!(world.since(began), Duration::from_secs(15));
    slow.store.set_down(false);
    held.await.unwrap().unwrap();
    assert_eq!(world.row(other).generation, Generation::new(2));
}

#[test]
fn outside_of_a_runtime_it_says_what_is_missing() {
    let tasks: SharedTasks<u8, u8> = SharedTasks::default();
    let error = tasks.join(1, &TaskTracker::new(), || Box::pin(async { 1 })).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(tasks.under_way(&1).is_none());
}
