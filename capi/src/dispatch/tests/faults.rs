//! A store that fails, at each method and in each way.

use std::sync::Arc;

use super::world::{Act, World, millis, seconds};
use crate::{
    outbox::{EntryState, Fate, OutboxErrorKind, OutboxStore as _},
    testing::{FaultyOutbox, OutboxFault},
};

const FAULTS: [OutboxFault; 4] = [
    OutboxFault::NothingDone(OutboxErrorKind::Unavailable),
    OutboxFault::AnswerLost,
    OutboxFault::Hangs,
    OutboxFault::AnswerHangs,
];

#[tokio::test(start_paused = true)]
async fn a_failing_store_never_makes_an_event_arrive_twice() {
    for method in ["claim", "begin", "renew", "settle"] {
        for fault in FAULTS {
            for (nth, times) in [(1, 1), (2, 1), (3, 1), (1, 5), (1, 40)] {
                let told = format!("{method} {fault:?} {nth} {times}");
                let world = World::with(|sink| (sink.names_bad, sink.takes) = (true, seconds(15)));
                world.add_many("one", "a", 12).await;
                world.one.bad.lock().unwrap().push("a5".to_owned());
                let store = FaultyOutbox::over(world.log.clone());
                for call in nth..nth + times {
                    store.fail_nth(call, method, fault);
                }
                let builder = world.builder_over(store.clone()).batch_events(4).concurrency(2);
                let dispatcher = builder.lease(seconds(30)).poll(seconds(10)).build().unwrap();
                world.run(&dispatcher, seconds(3 * 3600)).await;
                let census = world.census().await;
                assert_eq!(census.sent + census.rejected + census.in_doubt, 12, "{told}: {census:?}");
                world.assert_true(&told).await;
                for number in (0..12).map(|number| format!("a{number}")) {
                    // Those beside the bad one arrive again after the refusal, which processed nothing.
                    let most = if ["a4", "a5", "a6", "a7"].contains(&&*number) { 2 } else { 1 };
                    assert!(world.one.arrivals(&number) <= most, "{told}: {number}");
                }
                if method != "begin" && times == 1 {
                    assert_eq!(census.in_doubt, 0, "{told}: a single failure is made up for");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_when_it_is_not_known_whether_it_was_begun() {
    for fault in FAULTS {
        let world = World::new();
        world.add_many("one", "a", 3).await;
        let store = FaultyOutbox::over(world.log.clone());
        store.fail("begin", fault, 1);
        let dispatcher = world.builder_over(store.clone()).build().unwrap();
        tokio::join!(world.run(&dispatcher, seconds(120)), async {
            world.pass(millis(500)).await;
            assert_eq!(world.one.seen().len(), 0, "{fault:?}");
        });
        // It was given back, and went out later.
        assert_eq!(world.census().await.sent, 3, "{fault:?}");
        assert_eq!(world.entry("a0").await.attempts, 1, "{fault:?}");
        assert_eq!(world.one.seen().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn events_whose_beginning_hangs_are_left_to_somebody_else() {
    let world = World::new();
    world.add_many("one", "a", 3).await;
    // The first one never hears whether it may send, so it sends nothing; the second takes over after the lease.
    let store = FaultyOutbox::over(world.log.clone());
    store.fail("begin", OutboxFault::Hangs, 1);
    store.fail("settle", OutboxFault::NothingDone(OutboxErrorKind::Unavailable), 1000);
    store.fail("renew", OutboxFault::NothingDone(OutboxErrorKind::Unavailable), 1000);
    let first = world.builder_over(store).build().unwrap();
    let second = world.dispatcher();
    tokio::join!(world.run(&first, seconds(300)), async {
        world.pass(seconds(70)).await;
        world.run(&second, seconds(200)).await;
    });
    assert_eq!((world.census().await.sent, world.one.seen().len()), (3, 1));
    world.assert_true("taken over").await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_stored_when_the_store_is_back_also_after_the_lease() {
    let world = World::new();
    world.add_many("one", "a", 3).await;
    let store = FaultyOutbox::over(world.log.clone());
    let dispatcher = world.builder_over(store.clone()).build().unwrap();
    tokio::join!(world.run(&dispatcher, seconds(600)), async {
        world.pass(millis(300)).await;
        store.set_down(true);
        world.pass(seconds(90)).await;
        // Somebody else finds the lease over.
        assert!(world.log.claim(&crate::outbox::Claim::new(1, seconds(1))).await.unwrap().is_none());
        assert_eq!(world.fate("a0").await, Fate::process_died());
        store.set_down(false);
    });
    assert_eq!(world.state("a0").await, EntryState::Sent);
    assert_eq!(world.one.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_is_left_alone_longer_and_longer() {
    let world = World::new();
    let store = FaultyOutbox::over(world.log.clone());
    store.set_down(true);
    let dispatcher = world.builder_over(store.clone()).build().unwrap();
    world.run(&dispatcher, seconds(600)).await;
    let calls = store.take_calls().len();
    assert!((8..=12).contains(&calls), "{calls}");
    store.set_down(false);
    world.add_many("one", "a", 1).await;
    world.run(&dispatcher, seconds(400)).await;
    assert_eq!(world.state("a0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_panics_costs_only_its_batch() {
    let world = World::new();
    world.add_many("one", "a", 2).await;
    world.add_many("two", "b", 2).await;
    world.one.acts([Act::Panic]);
    let dispatcher = world.dispatcher();
    world.run(&dispatcher, seconds(120)).await;
    assert_eq!(world.state("b1").await, EntryState::Sent);
    assert_eq!(world.fate("a0").await, Fate::process_died());
    world.add_many("one", "c", 1).await;
    world.run(&dispatcher, seconds(10)).await;
    assert_eq!(world.state("c0").await, EntryState::Sent);
    assert_eq!(Arc::strong_count(&world.one), 2);
}
