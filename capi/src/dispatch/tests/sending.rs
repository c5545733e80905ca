//! What becomes of events when the platform answers.

use super::world::{Act, VirtualClock, World, event, route, seconds, taken};
use crate::{
    Refusal, RequestOutcome,
    outbox::{EntryState, Fate, OutboxEvent},
};

#[tokio::test(start_paused = true)]
async fn everything_accepted_gets_exactly_one_fate() {
    let world = World::new();
    world.add_many("one", "a", 2500).await;
    world.add_many("two", "b", 3).await;
    *world.one.bad.lock().unwrap() = vec!["a7".to_owned(), "a1999".to_owned()];
    world.one.script(|_, number| match number {
        0 => Act::Throttle(None),
        9 => Act::TakeAndDoubt,
        _ => Act::Take,
    });
    let dispatcher = world.builder().concurrency(2).build().unwrap();
    world.run(&dispatcher, seconds(600)).await;
    let census = world.census().await;
    assert_eq!(census.accepted(), 2503);
    assert_eq!((census.pending, census.claimed, census.sending), (0, 0, 0));
    // A bad event may be among those in doubt.
    assert!((1..=2).contains(&census.rejected) && census.in_doubt > 0 && census.sent > 1000, "{census:?}");
    world.assert_true("at the end").await;
}

#[tokio::test(start_paused = true)]
async fn events_of_a_route_share_a_request_and_the_answer_is_kept() {
    let world = World::new();
    world.add_many("one", "a", 3).await;
    world.dispatcher().drain().await;
    let seen = world.one.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].body, r#"{"data":[{"n":"a0"},{"n":"a1"},{"n":"a2"}]}"#);
    assert_eq!(world.fate("a1").await, Fate::Sent { trace: Some("T0".to_owned()) });
    assert_eq!(world.entry("a1").await.attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn the_envelope_stands_beside_the_events_and_test_events_travel_alone() {
    use crate::outbox::AddEvents as _;
    let world = World::new();
    world.add_many("one", "a", 1).await;
    let options = crate::PrepareOptions::without_clock().test_event_code("TEST1");
    let test = route("one").with_envelope(options.envelope());
    world.log.add(&test, &[event("b0")]).await.unwrap();
    world.dispatcher().drain().await;
    let mut bodies: Vec<String> = world.one.seen().into_iter().map(|seen| seen.body).collect();
    bodies.sort();
    assert_eq!(bodies, [r#"{"data":[{"n":"a0"}]}"#, r#"{"data":[{"n":"b0"}],"test_event_code":"TEST1"}"#]);
}

#[tokio::test(start_paused = true)]
async fn one_bad_event_of_1000_is_isolated_and_the_others_are_sent() {
    for names_bad in [false, true] {
        let world = World::with(|sink| sink.names_bad = names_bad);
        world.add_many("one", "a", 1000).await;
        world.one.bad.lock().unwrap().push("a617".to_owned());
        world.dispatcher().drain().await;
        let census = world.census().await;
        assert_eq!((census.sent, census.rejected), (999, 1));
        let Fate::Rejected { code, reason, .. } = world.fate("a617").await else { panic!("rejected") };
        assert_eq!((code, reason.as_str()), (Some(100), "bad"));
        assert!(world.one.seen().len() <= if names_bad { 2 } else { 21 });
        world.assert_true("isolated").await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_decided_is_stored_before_the_next_request_leaves() {
    let world = World::with(|sink| sink.names_bad = true);
    world.add_many("one", "a", 10).await;
    world.one.bad.lock().unwrap().push("a3".to_owned());
    world.one.script(|_, number| if number == 1 { Act::Hang } else { Act::Take });
    let dispatcher = world.dispatcher();
    let _ = tokio::join!(world.run(&dispatcher, seconds(30)), async {
        world.pass(seconds(20)).await;
        assert_eq!(world.state("a3").await, EntryState::Rejected);
        assert_eq!(world.state("a4").await, EntryState::Sending);
    });
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_search_are_limited_and_the_rest_comes_back() {
    let world = World::new();
    world.add_many("one", "a", 200).await;
    world.one.bad.lock().unwrap().extend((0..200).filter(|number| number % 2 == 0).map(|n| format!("a{n}")));
    let dispatcher = world.dispatcher();
    dispatcher.drain().await;
    assert_eq!(world.one.seen().len(), 61);
    let census = world.census().await;
    assert!(census.pending > 0 && census.rejected > 0 && census.in_doubt == 0, "{census:?}");
    assert!(world.entries().await.iter().any(|it| it.history.iter().any(|it| it.reason == "search_limit")));
    world.run(&dispatcher, seconds(3600)).await;
    let census = world.census().await;
    assert_eq!((census.sent, census.rejected), (100, 100));
    world.assert_true("in the end").await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_taken_in_part_gives_each_event_its_own_fate() {
    let world = World::new();
    world.add_many("one", "a", 4).await;
    let refusal = Refusal { code: Some(422), advice: "use another rule".to_owned(), ..Refusal::default() };
    world.one.acts([Act::Answer(RequestOutcome::Taken {
        received: None,
        refused: vec![(1, refusal)],
        unknown: vec![3],
        trace: Some("T5".to_owned()),
        messages: Vec::new(),
    })]);
    world.dispatcher().drain().await;
    let mut states = Vec::new();
    for id in ["a0", "a1", "a2", "a3"] {
        states.push(world.state(id).await);
    }
    assert_eq!(states, [EntryState::Sent, EntryState::Rejected, EntryState::Sent, EntryState::InDoubt]);
    let Fate::Rejected { advice, .. } = world.fate("a1").await else { panic!("rejected") };
    assert_eq!(advice, "use another rule");
}

#[tokio::test(start_paused = true)]
async fn fewer_taken_than_sent_leaves_doubt_and_the_route_goes_on() {
    let world = World::new();
    world.add_many("one", "a", 5).await;
    world.one.acts([Act::Answer(taken(Some(4)))]);
    let dispatcher = world.dispatcher();
    dispatcher.drain().await;
    let expected = Fate::InDoubt { reason: "fewer_taken".to_owned(), trace: Some("T0".to_owned()) };
    assert_eq!(world.fate("a0").await, expected);
    world.add_many("one", "b", 1).await;
    dispatcher.drain().await;
    assert_eq!(world.state("b0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_expired_is_rejected_and_not_sent() {
    let world = World::new();
    let soon = OutboxEvent { expires_at: VirtualClock::START.saturating_add(seconds(60)), ..event("soon") };
    world.add("one", &[soon, event("late")]).await;
    world.pass(seconds(60)).await;
    world.dispatcher().drain().await;
    assert_eq!(world.state("late").await, EntryState::Sent);
    let Fate::Rejected { field, reason, advice, .. } = world.fate("soon").await else { panic!("rejected") };
    assert_eq!(field.as_deref(), Some("event_time"));
    assert!(reason.contains("too old") && advice.contains("history"), "{reason} {advice}");
    assert_eq!(world.one.arrivals("soon"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waits_for_its_route_expires_too() {
    let world = World::new();
    let soon = OutboxEvent { expires_at: VirtualClock::START.saturating_add(seconds(60)), ..event("soon") };
    world.add("one", &[soon]).await;
    world.one.acts([Act::Throttle(Some(seconds(30))), Act::Throttle(Some(seconds(45)))]);
    let dispatcher = world.dispatcher();
    world.run(&dispatcher, seconds(200)).await;
    let entry = world.entry("soon").await;
    assert_eq!(entry.state, EntryState::Rejected);
    let reasons: Vec<&str> = entry.history.iter().map(|attempt| attempt.reason.as_str()).collect();
    assert_eq!(reasons, ["throttled", "throttled"]);
}

#[tokio::test(start_paused = true)]
async fn requests_keep_the_limits_on_events_and_bytes() {
    let world = World::new();
    world.add_many("one", "a", 2500).await;
    let dispatcher = world.builder().batch_events(5000).build().unwrap();
    dispatcher.drain().await;
    assert_eq!(world.one.sizes(), [1000, 1000, 500]);

    let world = World::new();
    world.add_many("one", "a", 9).await;
    // Three events with their commas, and the frame of 11 bytes: `{"data":[` and `]}`.
    let three = 3 * r#"{"n":"a0"}"#.len() + 2 + 11;
    for (bytes, sizes) in [(three, vec![3, 3, 3]), (three - 1, vec![2, 2, 2, 2, 1]), (1, vec![1; 9])] {
        let world = World::new();
        world.add_many("one", "a", 9).await;
        let dispatcher = world.builder().batch_bytes(bytes).concurrency(1).build().unwrap();
        dispatcher.drain().await;
        assert!(world.one.seen().iter().all(|seen| bytes == 1 || seen.body.len() <= bytes));
        assert_eq!(world.one.sizes().iter().sum::<usize>(), 9);
        assert_eq!(world.one.sizes().iter().max(), sizes.iter().max(), "{bytes}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_allowed() {
    for (concurrency, per_route, most) in [(1, 9, 1), (3, 9, 3), (4, 2, 2)] {
        let world = World::new();
        world.add_many("one", "a", 40).await;
        let builder = world.builder().batch_events(2).concurrency(concurrency).per_route(per_route);
        builder.build().unwrap().drain().await;
        assert_eq!(world.one.most_under_way(), most);
        assert_eq!(world.census().await.sent, 40);
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_route_leaves_room_for_others() {
    let world = World::with(|sink| sink.takes = seconds(60));
    world.add_many("one", "a", 40).await;
    world.add_many("two", "b", 1).await;
    let dispatcher = world.builder().batch_events(2).concurrency(2).per_route(1).build().unwrap();
    world.run(&dispatcher, seconds(30)).await;
    assert_eq!(world.state("b0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn two_dispatchers_share_the_work_and_send_nothing_twice() {
    let world = World::new();
    world.add_many("one", "a", 60).await;
    let build = || world.builder().batch_events(7).concurrency(2).build().unwrap();
    let (first, second) = (build(), build());
    tokio::join!(first.drain(), second.drain());
    assert_eq!(world.census().await.sent, 60);
    world.assert_true("shared").await;
    assert!(world.one.most_under_way() > 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_longer_than_the_lease_keeps_its_claims() {
    let world = World::with(|sink| sink.takes = seconds(50));
    world.add_many("one", "a", 5).await;
    let build = || world.builder().lease(seconds(6)).build().unwrap();
    let (first, second) = (build(), build());
    tokio::join!(world.run(&first, seconds(300)), world.run(&second, seconds(300)));
    assert_eq!(world.census().await.sent, 5);
    assert_eq!(world.one.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn waking_brings_new_events_out_before_the_next_poll() {
    let world = World::new();
    let dispatcher = world.builder().poll(seconds(3600)).build().unwrap();
    let recorder = crate::dispatch::Recorder::builder(world.log.clone())
        .timer(std::sync::Arc::new(world.clock))
        .wakes(&dispatcher)
        .start();
    tokio::join!(world.run(&dispatcher, seconds(20)), async {
        world.pass(seconds(5)).await;
        recorder.record(route("one"), vec![event("a0")]).await.unwrap();
    });
    assert_eq!(world.state("a0").await, EntryState::Sent);
    assert!(world.one.seen()[0].at < seconds(6));
}
