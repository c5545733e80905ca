//! Requests that are not processed: waiting, and nothing lost.

use std::time::Duration;

use sociogram_api_core::{ErrorKind, Timer as _};

use super::world::{Act, World, millis, seconds};
use crate::{
    dispatch::RouteError,
    outbox::{EntryState, Fate},
};

#[tokio::test(start_paused = true)]
async fn a_throttle_waits_as_told_and_other_routes_go_on() {
    let world = World::new();
    world.add_many("one", "a", 2).await;
    world.one.acts([Act::Throttle(Some(seconds(300)))]);
    let dispatcher = world.dispatcher();
    tokio::join!(world.run(&dispatcher, seconds(600)), async {
        world.pass(seconds(20)).await;
        assert_eq!(world.state("a0").await, EntryState::Pending);
        // New events of the route wait as well.
        world.add_many("one", "b", 1).await;
        world.add_many("two", "c", 1).await;
        world.pass(seconds(10)).await;
        assert_eq!(world.state("c0").await, EntryState::Sent);
        assert_eq!(world.state("b0").await, EntryState::Pending);
        assert_eq!(world.entry("b0").await.attempts, 0);
    });
    let seen = world.one.seen();
    let waited = seen[1].at.saturating_sub(seen[0].at);
    assert!(waited >= seconds(300) && waited < seconds(303), "{waited:?}");
    let census = world.census().await;
    assert_eq!(census.sent, 4);
    assert_eq!(world.entry("a0").await.history[0].reason, "throttled");
    world.assert_true("after a throttle").await;
}

#[tokio::test(start_paused = true)]
async fn back_off_grows_and_is_forgotten_after_success() {
    let world = World::with(|sink| sink.takes = Duration::ZERO);
    let connect = Act::Fail(ErrorKind::Connect);
    world.one.acts([connect.clone(), connect.clone(), connect.clone(), Act::Take, connect, Act::Take]);
    world.add_many("one", "a", 1).await;
    let dispatcher = world.builder().poll(millis(10)).build().unwrap();
    world.run(&dispatcher, seconds(60)).await;
    world.add_many("one", "b", 1).await;
    world.run(&dispatcher, seconds(60)).await;
    let at: Vec<Duration> = world.one.seen().iter().map(|seen| seen.at).collect();
    let waits: Vec<u64> = at.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).as_secs()).collect();
    assert_eq!((waits[0], waits[1], waits[2], waits[4]), (1, 2, 4, 1), "{waits:?}");
    assert_eq!(world.census().await.sent, 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_has_to_put_right_pauses_the_route_and_uses_no_event_up() {
    for kind in [ErrorKind::Reauthorize, ErrorKind::Permission, ErrorKind::Misconfigured, ErrorKind::NotFound]
    {
        let world = World::new();
        world.add_many("one", "a", 5000).await;
        world.one.script(move |_, number| if number == 0 { Act::Fail(kind) } else { Act::Take });
        let dispatcher = world.builder().concurrency(1).build().unwrap();
        tokio::join!(world.run(&dispatcher, seconds(290)), async {
            world.pass(seconds(280)).await;
            assert_eq!(world.one.seen().len(), 1, "{kind:?}");
            let census = world.census().await;
            assert_eq!((census.pending, census.rejected, census.in_doubt), (5000, 0, 0));
            assert_eq!(world.entry("a0").await.history[0].reason, kind.as_str());
            assert_eq!(world.entry("a4999").await.history[0].reason, kind.as_str());
        });
        world.run(&dispatcher, seconds(60)).await;
        assert_eq!(world.census().await.sent, 5000, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn events_wait_for_a_connection_and_go_out_when_it_is_there() {
    for (error, word) in
        [(RouteError::NoConnection, "no_connection"), (RouteError::Reauthorize, "reauthorize")]
    {
        let world = World::new();
        world.table.fail("one", Some(error));
        world.add_many("one", "a", 3).await;
        world.add_many("two", "b", 1).await;
        let dispatcher = world.dispatcher();
        world.run(&dispatcher, seconds(60)).await;
        assert_eq!(world.state("b0").await, EntryState::Sent);
        let entry = world.entry("a0").await;
        assert_eq!((entry.state, entry.attempts), (EntryState::Pending, 0));
        assert_eq!(entry.history[0].reason, word);
        let asked = world.table.asked.lock().unwrap().iter().filter(|target| *target == "one").count();
        assert_eq!(asked, 1);
        world.table.fail("one", None);
        world.run(&dispatcher, seconds(300)).await;
        assert_eq!(world.state("a0").await, EntryState::Sent);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_store_that_does_not_answer_costs_only_seconds() {
    let world = World::new();
    world.table.fail("one", Some(RouteError::Unavailable));
    world.add_many("one", "a", 1).await;
    let dispatcher = world.dispatcher();
    tokio::join!(world.run(&dispatcher, seconds(20)), async {
        world.pass(seconds(2)).await;
        world.table.fail("one", None);
    });
    assert_eq!(world.state("a0").await, EntryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn events_of_a_route_that_is_gone_are_rejected_with_the_reason() {
    let world = World::new();
    let (reason, advice) = ("the connection was ended".to_owned(), "connect it again".to_owned());
    world.table.fail("one", Some(RouteError::Gone { reason: reason.clone(), advice: advice.clone() }));
    world.add_many("one", "a", 2).await;
    world.dispatcher().drain().await;
    let rejected = Fate::Rejected { code: None, subcode: None, field: None, reason, advice, trace: None };
    assert_eq!(world.fate("a1").await, rejected);
    assert_eq!(world.one.seen().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn requests_that_fail_together_count_once() {
    let world = World::with(|sink| sink.takes = seconds(1));
    world.one.script(|_, number| if number < 4 { Act::Fail(ErrorKind::Connect) } else { Act::Take });
    world.add_many("one", "a", 8).await;
    let dispatcher = world.builder().batch_events(2).concurrency(4).build().unwrap();
    world.run(&dispatcher, seconds(30)).await;
    let at: Vec<u64> = world.one.seen().iter().map(|seen| seen.at.as_secs()).collect();
    // All at 0, failed at 1; one probe at about 2, and the others after it.
    assert_eq!(at[..4], [0, 0, 0, 0]);
    assert!(at[4] <= 3, "{at:?}");
    assert_eq!(world.census().await.sent, 8);
    assert!(world.one.seen()[5].at >= world.one.seen()[4].at + seconds(2), "one probe first");
}

#[tokio::test(start_paused = true)]
async fn logs_hold_no_content_of_events() {
    let logs = sociogram_api_core::testing::CapturedLogs::start();
    let world = World::new();
    world.add_many("one", "canary", 3).await;
    world.one.bad.lock().unwrap().push("canary1".to_owned());
    world.one.script(|_, number| match number {
        0 => Act::Throttle(None),
        2 => Act::Doubt,
        _ => Act::Take,
    });
    let dispatcher = world.dispatcher();
    world.run(&dispatcher, seconds(60)).await;
    let text = logs.text();
    assert!(text.contains("a route waits"), "{text}");
    assert!(!text.contains("canary") && !format!("{dispatcher:?}").contains("canary"));
    assert!(world.clock.monotonic() >= seconds(60));
}
