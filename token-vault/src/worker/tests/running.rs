//! The loop: what it lives through, and how it ends.

use super::world::TENANT;
use super::*;

#[tokio::test(start_paused = true)]
async fn shutting_down_finishes_what_is_under_way_and_begins_nothing_new() {
    let world = Arc::new(World::new());
    let keys = world.due(50).await;
    world.provider.hold();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.worker.run(async { stopped.await.unwrap() }).await }
    });
    world.provider.has_arrived(Call::Refresh, 1).await;
    stop.send(()).unwrap();
    world.pass(seconds(2)).await;
    assert!(!running.is_finished(), "the call is under way");
    world.provider.let_go();
    running.await.unwrap();
    let renewed = keys.iter().filter(|key| world.row(**key).generation.get() == 2).count();
    assert_eq!(renewed, world.provider.calls(Call::Refresh));
    assert!((1..=2).contains(&renewed), "{renewed}");

    // The others are not lost.
    world.worker.run(world.pass(minutes(3))).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
    assert_eq!(world.provider.calls(Call::Refresh), 50);
}

#[tokio::test(start_paused = true)]
async fn a_worker_with_nothing_to_do_stops_at_once() {
    let world = World::new();
    let worker = world.vault.worker(world.store.clone()).poll_every(days(1)).build().unwrap();
    let before = world.now();
    worker.run(world.pass(seconds(3))).await;
    assert_eq!(world.now().saturating_sub(before), seconds(3));
}

#[tokio::test(start_paused = true)]
async fn one_row_that_cannot_be_read_stops_nothing() {
    let world = World::new();
    let keys = world.due(20).await;
    assert!(world.store.spoil(keys[7].0, keys[7].1));
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.connections, report.renewed, report.failed), (20, 19, 1));
}

#[tokio::test(start_paused = true)]
async fn code_of_a_provider_that_panics_costs_one_attempt() {
    let world = World::new();
    let keys = world.due(5).await;
    world.provider.plan(Call::Refresh, Answer::Panic);
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.renewed, report.failed), (4, 1));
    world.work(seconds(30), minutes(4)).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_asked_less_and_less_and_the_worker_goes_on_when_it_is_back() {
    let world = World::new();
    let keys = world.due(5).await;
    let store = FaultyStore::over(world.store.clone());
    let worker = world.vault.worker(store.clone()).sink(world.sink.clone()).build().unwrap();
    store.set_down(true);
    worker.run(world.pass(minutes(10))).await;
    let calls = store.take_calls().into_iter().filter(|call| *call == "due_batch").count();
    // 1 + 2 + 4 + ... + 32 seconds, then once a minute.
    assert!((14..=17).contains(&calls), "{calls}");
    let back = async {
        world.pass(minutes(1)).await;
        store.set_down(false);
        world.pass(minutes(2)).await;
    };
    worker.run(back).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn a_pass_does_what_does_not_depend_on_what_failed() {
    let world = World::new();
    world.due(1).await;
    let tokens = TokenSet::new("token".into(), TokenKind::MetaSystemUser).with_expiry(Expiry::Never);
    let connection = world.connect("user", &tokens).await;
    world.vault.disconnect(TENANT, connection).await.unwrap();
    let store = FaultyStore::over(world.store.clone());
    let worker = world.vault.worker(store.clone()).sink(world.sink.clone()).build().unwrap();
    store.fail("due_batch", Fault::NothingDone, 1);
    assert!(worker.tick().await.is_err());
    assert_eq!(world.sink.kinds(), [EventKind::Disconnected]);
    store.fail("take_events", Fault::NothingDone, 1);
    assert!(worker.tick().await.is_err());
    assert_eq!(world.provider.calls(Call::Refresh), 1);
}

#[tokio::test(start_paused = true)]
async fn two_workers_share_the_work() {
    let world = World::new();
    let keys = world.due(200).await;
    let (_, second) = world.process();
    tokio::join!(world.worker.run(world.pass(seconds(30))), second.run(world.pass(seconds(30))));
    assert_eq!(world.provider.calls(Call::Refresh), 200);
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_before_the_end_and_not_begun_is_not_even_read() {
    let world = World::new();
    world.due(5).await;
    let store = FaultyStore::over(world.store.clone());
    let worker = world.vault.worker(store.clone()).build().unwrap();
    let stop = CancellationToken::new();
    stop.cancel();
    let report = worker.0.look_at_due(&stop).await.unwrap();
    assert_eq!((report.connections, report.postponed), (5, 5));
    assert_eq!(store.take_calls(), ["due_batch"]);
}

#[tokio::test(start_paused = true)]
async fn a_place_that_becomes_free_as_the_worker_stops_is_not_taken() {
    let world = World::new();
    let app = world.vault.0.apps.iter().next().unwrap();
    let lanes = Lanes::new(world.vault.0.apps.iter(), 10, 1);
    let stop = CancellationToken::new();
    let first = lanes.enter(app, &world.clock, days(1), &stop).await.unwrap();
    let second = lanes.enter(app, &world.clock, days(1), &stop);
    let end = async {
        world.pass(seconds(5)).await;
        drop(first);
        stop.cancel();
    };
    let (second, ()) = tokio::join!(second, end);
    assert!(second.is_none());
}

#[tokio::test]
async fn work_that_panics_is_an_error() {
    let broke_off: Result<(), _> = guarded(async { panic!("as planned") }).await;
    assert_eq!(broke_off.unwrap_err().kind(), ErrorKind::Internal);
    assert_eq!(guarded(async { Ok(7) }).await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn an_earlier_look_that_somebody_else_asked_for_meanwhile_stays() {
    let world = World::new();
    world.provider.set_life(days(60));
    let connection = world.connect("user", &world.provider.log_in(TokenKind::Generic, "user")).await;
    let key = (TENANT, connection);
    let planned = world.row(key).due_at.unwrap();
    let due = crate::Due::new(TENANT, connection, world.row(key).generation);
    let worker = &*world.worker.0;
    let mut look =
        look::Look::new(&world.worker.0, due, worker.deadline(), &worker.hands(), &CancellationToken::new());
    let asked = world.clock.now().saturating_add(minutes(1));
    world.store.overwrite(key, |stored| stored.due_at = Some(asked));
    look.conclude(&world.row(key)).await.unwrap();
    assert_eq!(world.row(key).due_at, Some(asked));
    // The same time, when it is what hid the row.
    look.hidden_until = Some(asked);
    look.conclude(&world.row(key)).await.unwrap();
    assert_eq!(world.row(key).due_at, Some(planned));
}

#[cfg(feature = "metrics")]
#[tokio::test(start_paused = true)]
async fn connections_are_counted_once_a_minute_at_most() {
    let world = World::new();
    let store = FaultyStore::over(world.store.clone());
    let worker = world.vault.worker(store.clone()).build().unwrap();
    worker.run(world.pass(seconds(290))).await;
    assert_eq!(store.take_calls().into_iter().filter(|call| *call == "census").count(), 5);
}
