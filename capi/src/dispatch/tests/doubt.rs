//! Requests of which nobody knows whether they were processed.

use sociogram_api_core::ErrorKind;

use super::world::{Act, TENANT, World, event, seconds};
use crate::{
    InDoubtPolicy, Refusal, RequestOutcome,
    outbox::{EntryFilter, EntryState, Fate, OutboxEvent},
};

#[tokio::test(start_paused = true)]
async fn events_in_doubt_are_never_sent_again() {
    for act in [Act::TakeAndDoubt, Act::Doubt, Act::Hang] {
        let world = World::new();
        world.add_many("one", "a", 3).await;
        world.one.acts([act.clone()]);
        let dispatcher = world.dispatcher();
        world.run(&dispatcher, seconds(24 * 3600)).await;
        assert_eq!(world.one.seen().len(), 1, "{act:?}");
        let Fate::InDoubt { reason, .. } = world.fate("a0").await else { panic!("in doubt") };
        assert_eq!(reason, if matches!(act, Act::Hang) { "timeout" } else { "server_error" });
        assert_eq!(world.census().await.in_doubt, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_person_may_send_them_again() {
    use crate::outbox::{AddEvents as _, Replay};
    let world = World::new();
    world.add_many("one", "a", 1).await;
    world.one.acts([Act::Doubt]);
    let dispatcher = world.dispatcher();
    world.run(&dispatcher, seconds(60)).await;
    assert_eq!(world.state("a0").await, EntryState::InDoubt);
    world.log.replay(TENANT, &Replay::in_doubt(EntryFilter::all())).await.unwrap();
    world.run(&dispatcher, seconds(60)).await;
    assert_eq!(world.state("a0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_down_costs_few_doubts() {
    let world = World::new();
    world.add_many("one", "a", 5000).await;
    world.one.script(|_, _| Act::Doubt);
    let dispatcher = world.builder().concurrency(1).build().unwrap();
    world.run(&dispatcher, seconds(600)).await;
    let sizes = world.one.sizes();
    assert_eq!(sizes[0], 1000);
    assert!(sizes[1..].iter().all(|size| *size == 10) && sizes.len() < 14, "{sizes:?}");
    world.one.script(|_, _| Act::Take);
    world.run(&dispatcher, seconds(600)).await;
    let census = world.census().await;
    assert_eq!(census.in_doubt + census.sent, 5000);
    assert!(census.in_doubt < 1200, "{census:?}");
    world.assert_true("after the platform came back").await;
}

#[tokio::test(start_paused = true)]
async fn retry_once_sends_a_request_of_events_with_ids_once_more() {
    let world = World::new();
    world.add_many("one", "a", 3).await;
    world.one.acts([Act::Doubt]);
    let dispatcher = world.builder().in_doubt(InDoubtPolicy::RetryOnce).build().unwrap();
    world.run(&dispatcher, seconds(60)).await;
    assert_eq!((world.one.seen().len(), world.census().await.sent), (2, 3));
    assert_eq!(world.entry("a0").await.attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_retry_only_an_answer_that_takes_it_settles_it() {
    let refused = RequestOutcome::Refused { refusal: Refusal::default(), blamed: vec![0] };
    let in_part = RequestOutcome::Taken {
        received: None,
        refused: vec![(0, Refusal::default())],
        unknown: Vec::new(),
        trace: None,
        messages: Vec::new(),
    };
    for (second, other) in [
        (Act::Doubt, EntryState::InDoubt),
        (Act::Throttle(None), EntryState::InDoubt),
        (Act::Fail(ErrorKind::Connect), EntryState::InDoubt),
        (Act::Answer(refused), EntryState::InDoubt),
        (Act::Answer(in_part), EntryState::Sent),
    ] {
        let world = World::new();
        world.add_many("one", "a", 2).await;
        world.one.acts([Act::TakeAndDoubt, second.clone()]);
        let dispatcher = world.builder().in_doubt(InDoubtPolicy::RetryOnce).build().unwrap();
        world.run(&dispatcher, seconds(3600)).await;
        assert_eq!(world.one.seen().len(), 2, "{second:?}");
        assert_eq!(world.state("a0").await, EntryState::InDoubt, "{second:?}");
        assert_eq!(world.state("a1").await, other, "{second:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_without_an_id_keeps_its_request_from_being_sent_again() {
    let world = World::new();
    world.add("one", &[event("a0"), OutboxEvent { event_id: None, ..event("a1") }]).await;
    world.one.acts([Act::Doubt]);
    let dispatcher = world.builder().in_doubt(InDoubtPolicy::RetryOnce).build().unwrap();
    world.run(&dispatcher, seconds(60)).await;
    assert_eq!((world.one.seen().len(), world.census().await.in_doubt), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_doubt_during_a_search_leaves_the_unsent_parts_for_later() {
    let world = World::new();
    world.add_many("one", "a", 8).await;
    world.one.bad.lock().unwrap().push("a7".to_owned());
    // The whole is refused, the answer to the first half is lost, the second half is not sent yet.
    world.one.script(|_, number| if number == 1 { Act::TakeAndDoubt } else { Act::Take });
    let dispatcher = world.dispatcher();
    dispatcher.drain().await;
    let census = world.census().await;
    assert_eq!((census.in_doubt, census.pending), (4, 4));
    world.run(&dispatcher, seconds(60)).await;
    let census = world.census().await;
    assert_eq!((census.in_doubt, census.sent, census.rejected), (4, 3, 1));
    world.assert_true("after the search").await;
}
