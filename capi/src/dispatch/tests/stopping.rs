//! Stopping in good order.

use super::world::{Act, World, seconds};
use crate::outbox::{EntryState, Fate};

#[tokio::test(start_paused = true)]
async fn stopping_lets_requests_end_and_claims_nothing_more() {
    let world = World::with(|sink| sink.takes = seconds(5));
    world.add_many("one", "a", 10).await;
    let dispatcher = world.builder().batch_events(2).concurrency(2).build().unwrap();
    world.run(&dispatcher, seconds(3)).await;
    let census = world.census().await;
    assert_eq!((census.sent, census.pending), (4, 6));
    assert_eq!(world.one.seen().len(), 2);
    world.assert_true("stopped").await;
}

#[tokio::test(start_paused = true)]
async fn what_was_not_begun_is_due_again_at_once() {
    let world = World::with(|sink| sink.takes = seconds(5));
    world.add_many("one", "a", 2500).await;
    let dispatcher = world.builder().batch_events(2500).concurrency(1).build().unwrap();
    world.run(&dispatcher, seconds(3)).await;
    let census = world.census().await;
    assert_eq!((census.sent, census.pending, census.claimed), (1000, 1500, 0));
    let waiting = world.entry("a2000").await;
    assert_eq!((waiting.attempts, waiting.history.len()), (0, 0));
    let before = world.one.seen().len();
    dispatcher.drain().await;
    assert_eq!(world.census().await.sent, 2500);
    assert_eq!(world.one.seen().len(), before + 2);
}

#[tokio::test(start_paused = true)]
async fn a_search_ends_at_the_next_answer_and_the_rest_is_due_again() {
    let world = World::with(|sink| sink.takes = seconds(5));
    world.add_many("one", "a", 8).await;
    world.one.bad.lock().unwrap().push("a7".to_owned());
    let dispatcher = world.dispatcher();
    world.run(&dispatcher, seconds(3)).await;
    let census = world.census().await;
    assert_eq!((census.pending, census.in_doubt, census.sending), (8, 0, 0));
    assert_eq!(world.entry("a0").await.history[0].reason, "cancelled");
    dispatcher.drain().await;
    assert_eq!(world.census().await.sent, 7);
}

#[tokio::test(start_paused = true)]
async fn what_takes_longer_than_the_grace_is_in_doubt_and_never_given_back() {
    let world = World::new();
    world.add_many("one", "a", 2).await;
    world.one.acts([Act::Hang]);
    let dispatcher = world.builder().grace(seconds(10)).build().unwrap();
    let before = sociogram_api_core::Timer::monotonic(&world.clock);
    world.run(&dispatcher, seconds(5)).await;
    let took = sociogram_api_core::Timer::monotonic(&world.clock).saturating_sub(before);
    assert_eq!(took.as_secs(), 15);
    assert_eq!(world.state("a0").await, EntryState::Sending);
    world.pass(seconds(60)).await;
    dispatcher.drain().await;
    assert_eq!(world.fate("a0").await, Fate::process_died());
    assert_eq!(world.one.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dispatcher_that_was_stopped_can_run_again() {
    let world = World::new();
    let dispatcher = world.dispatcher();
    dispatcher.run(std::future::ready(())).await;
    world.add_many("one", "a", 1).await;
    dispatcher.run(std::future::ready(())).await;
    assert_eq!(world.state("a0").await, EntryState::Pending);
    world.run(&dispatcher, seconds(5)).await;
    assert_eq!(world.state("a0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn events_claimed_while_it_stops_are_given_back() {
    use super::crashes::Slow;
    let world = World::new();
    world.add_many("one", "a", 5).await;
    let store = Slow::over(world.log.clone(), world.clock, seconds(2));
    let dispatcher = world.builder_over(store).build().unwrap();
    // In the middle of the claim.
    world.run(&dispatcher, seconds(3)).await;
    assert_eq!(world.census().await.pending, 5);
    assert_eq!(world.one.seen().len(), 0);
}
