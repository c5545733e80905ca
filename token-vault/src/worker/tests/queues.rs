//! Events on their way to the product.

use std::sync::atomic::Ordering;

use super::world::{TENANT, Trap};
use super::*;

/// Connections with two events each.
async fn eventful(world: &World, count: usize) -> Vec<ConnectionId> {
    let mut connections = Vec::new();
    for number in 0..count {
        let user = format!("user-{number}");
        let tokens = TokenSet::new("token".into(), TokenKind::MetaSystemUser).with_expiry(Expiry::Never);
        let connection = world.connect(&user, &tokens).await;
        world.vault.mark_needs_reauth(TENANT, connection, ReauthReason::AppRemoved).await.unwrap();
        world.vault.disconnect(TENANT, connection).await.unwrap();
        connections.push(connection);
    }
    connections
}

async fn waiting(world: &World) -> u64 {
    crate::CrossTenant::census(&*world.store).await.unwrap().events_waiting
}

fn of(world: &World, connection: ConnectionId) -> Vec<EventKind> {
    let taken = world.sink.taken.lock().unwrap();
    taken.iter().filter(|event| event.connection == connection).map(|event| event.kind.clone()).collect()
}

const LOST: EventKind = EventKind::NeedsReauth { reason: ReauthReason::AppRemoved };

#[tokio::test(start_paused = true)]
async fn what_was_delivered_is_not_delivered_again() {
    let world = World::new();
    let connections = eventful(&world, 150).await;
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.events_delivered, report.events_left), (300, 0));
    assert_eq!(waiting(&world).await, 0);
    world.work(seconds(30), minutes(10)).await;
    assert_eq!(world.sink.offered.load(Ordering::Relaxed), 300);
    for connection in connections {
        assert_eq!(of(&world, connection), [LOST, EventKind::Disconnected]);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_sink_events_wait_for_one() {
    let world = World::new();
    eventful(&world, 2).await;
    let worker = world.vault.worker(world.store.clone()).build().unwrap();
    let report = worker.tick().await.unwrap();
    assert_eq!((report.events_delivered, report.events_left, waiting(&world).await), (0, 0, 4));
    world.worker.tick().await.unwrap();
    assert_eq!(world.sink.kinds().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_refused_comes_again_and_before_those_that_came_after_it() {
    let world = World::new();
    let connection = eventful(&world, 1).await[0];
    world.sink.refusals.store(1, Ordering::Relaxed);
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.events_delivered, report.events_left), (0, 2));
    assert_eq!(world.sink.offered.load(Ordering::Relaxed), 1);
    world.pass(seconds(119)).await;
    assert_eq!(world.worker.tick().await.unwrap().events_delivered, 0);
    world.pass(seconds(1)).await;
    assert_eq!(world.worker.tick().await.unwrap().events_delivered, 2);
    assert_eq!(of(&world, connection), [LOST, EventKind::Disconnected]);
    assert_eq!(world.sink.taken.lock().unwrap()[0].deliveries, 2);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_never_taken_holds_up_others_for_a_while_at_most() {
    for trap in [Trap::Refuse, Trap::Panic, Trap::Hang] {
        let world = World::new();
        let connections = eventful(&world, 30).await;
        world.sink.set_trap(Some((connections[0], trap)));
        let report = world.worker.tick().await.unwrap();
        assert_eq!((report.events_delivered, report.events_left), (58, 2), "{trap:?}");
        // The poison alone: its successor is offered after the fifth time.
        let offered = world.sink.offered.load(Ordering::Relaxed);
        world.work(seconds(60), minutes(6)).await;
        let again = world.sink.offered.load(Ordering::Relaxed) - offered;
        assert!((2..=3).contains(&again), "{trap:?}: {again}");
        world.work(seconds(60), minutes(8)).await;
        assert!(world.sink.offered.load(Ordering::Relaxed) - offered > again + 3, "{trap:?}");
        world.sink.set_trap(None);
        world.work(seconds(60), minutes(4)).await;
        assert_eq!((of(&world, connections[0]).len(), waiting(&world).await), (2, 0), "{trap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_takes_nothing_is_not_offered_the_whole_queue() {
    let world = World::new();
    eventful(&world, 300).await;
    world.sink.refusals.store(u32::MAX, Ordering::Relaxed);
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.events_delivered, report.events_left), (0, 100));
}

#[tokio::test(start_paused = true)]
async fn events_that_could_not_be_acknowledged_come_again_under_their_names() {
    let world = World::new();
    eventful(&world, 2).await;
    let store = FaultyStore::over(world.store.clone());
    store.fail("ack_events", Fault::NothingDone, 1);
    let worker = world.vault.worker(store.clone()).sink(world.sink.clone()).build().unwrap();
    assert!(worker.tick().await.is_err());
    assert_eq!(waiting(&world).await, 4);
    world.pass(minutes(2)).await;
    worker.tick().await.unwrap();
    let ids = world.sink.ids();
    let (mut first, mut second) = (ids[..4].to_vec(), ids[4..].to_vec());
    first.sort_unstable();
    second.sort_unstable();
    assert_eq!((first, waiting(&world).await), (second, 0));
    assert_eq!(store.take_calls().into_iter().filter(|call| *call == "ack_events").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_pass_decides_is_delivered_in_the_same_pass() {
    let world = World::new();
    let tokens = TokenSet::new("token".into(), TokenKind::LinkedInMember)
        .with_expiry(Expiry::At(world.clock.now().saturating_add(hours(1))));
    world.connect_to(TENANT, ProviderId::LINKEDIN, "member", &tokens).await;
    world.pass(hours(1)).await;
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.lost, report.events_delivered), (1, 1));
}
