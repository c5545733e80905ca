use std::sync::atomic::{AtomicUsize, Ordering};

use sociogram_api_core::{ErrorKind, testing::ManualClock};

use super::*;
use crate::virtual_clock::VirtualClock;

mod properties;

fn id(number: u16) -> ConnectionId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    ConnectionId::from_bytes(bytes)
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn gate() -> AppGate {
    AppGate::new(ProviderId::FACEBOOK)
}

/// One call of a connection, start to end at one moment.
fn call(gate: &AppGate, number: u16, outcome: Outcome, now: Duration) {
    gate.try_enter(id(number), now).unwrap().settle(outcome, now);
}

fn suspended() -> AppGate {
    let gate = gate();
    (1..=3).for_each(|number| call(&gate, number, Outcome::AppConfig, at(0)));
    gate
}

fn refusal(gate: &AppGate, now: Duration) -> Held {
    gate.try_enter(id(99), now).unwrap_err()
}

#[test]
fn three_connections_within_five_minutes_suspend_the_app() {
    for (times, closed) in [([0, 100, 299], true), ([0, 100, 300], false), ([0, 1, 2], true)] {
        let gate = gate();
        (1..).zip(times).for_each(|(number, time)| call(&gate, number, Outcome::AppConfig, at(time)));
        assert_eq!(gate.try_enter(id(9), at(times[2])).is_err(), closed, "{times:?}");
    }
}

#[test]
fn one_connection_however_often_suspends_and_holds_back_nothing() {
    let gate = gate();
    for time in 0..50 {
        call(&gate, 1, Outcome::AppConfig, at(time));
        call(&gate, 2, Outcome::Throttled(Some(at(600))), at(time));
    }
    call(&gate, 3, Outcome::Answered, at(50));
}

#[test]
fn an_accepted_answer_in_between_starts_the_count_again() {
    let gate = gate();
    for (number, outcome) in [
        (1, Outcome::AppConfig),
        (2, Outcome::AppConfig),
        (3, Outcome::Answered),
        (4, Outcome::AppConfig),
        (5, Outcome::AppConfig),
    ] {
        call(&gate, number, outcome, at(0));
    }
    call(&gate, 6, Outcome::AppConfig, at(1));
    assert!(gate.try_enter(id(7), at(1)).is_err());
}

#[test]
fn a_suspended_app_is_probed_after_one_two_four_and_so_on_up_to_fifteen_minutes() {
    let gate = suspended();
    let mut now = at(0);
    for minutes in [1, 2, 4, 8, 15, 15] {
        assert_eq!(refusal(&gate, now).retry_after, at(60 * minutes));
        let last_moment = now + Duration::from_millis(60_000 * minutes - 1);
        now += at(60 * minutes);
        assert_eq!(refusal(&gate, last_moment).retry_after, Duration::from_millis(1));
        let probe = gate.try_enter(id(7), now).unwrap();
        assert_eq!(refusal(&gate, now).retry_after, at(10), "one probe at a time");
        probe.settle(Outcome::AppConfig, now);
    }
}

#[test]
fn a_probe_without_an_answer_is_repeated_after_the_same_wait() {
    let gate = suspended();
    gate.try_enter(id(1), at(60)).unwrap().settle(Outcome::NoAnswer, at(60));
    assert_eq!(refusal(&gate, at(60)).retry_after, at(60));
    gate.try_enter(id(1), at(120)).unwrap().settle(Outcome::NoAnswer, at(125));
    assert_eq!(refusal(&gate, at(125)).retry_after, at(60));
    gate.try_enter(id(1), at(185)).unwrap().settle(Outcome::Throttled(None), at(185));
    assert_eq!(refusal(&gate, at(185)).retry_after, at(60));
}

#[test]
fn a_probe_that_was_not_made_is_made_by_another_one_soon() {
    let gate = suspended();
    drop(gate.try_enter(id(1), at(60)).unwrap());
    assert_eq!(refusal(&gate, at(60)).retry_after, at(10));
    gate.try_enter(id(2), at(70)).unwrap().settle(Outcome::AppConfig, at(70));
    assert_eq!(refusal(&gate, at(70)).retry_after, at(120));
}

#[test]
fn an_accepted_probe_opens_the_app_for_all_at_once() {
    let gate = suspended();
    gate.try_enter(id(1), at(60)).unwrap().settle(Outcome::Answered, at(61));
    let permits: Vec<_> = (0..500).map(|number| gate.try_enter(id(number), at(61)).unwrap()).collect();
    assert_eq!(permits.len(), 500);
}

#[test]
fn an_answer_to_a_call_from_before_the_fault_proves_nothing() {
    let gate = gate();
    let old = gate.try_enter(id(9), at(0)).unwrap();
    (1..=3).for_each(|number| call(&gate, number, Outcome::AppConfig, at(1)));
    old.settle(Outcome::Answered, at(2));
    assert_eq!(refusal(&gate, at(2)).retry_after, at(59));
}

#[test]
fn an_unproven_app_makes_seven_calls_at_a_time_and_a_proven_one_as_many_as_there_are() {
    let gate = gate();
    let mut permits: Vec<_> = (0..7).map(|number| gate.try_enter(id(number), at(0)).unwrap()).collect();
    assert_eq!(refusal(&gate, at(0)).retry_after, at(1));
    drop(permits.pop());
    permits.push(gate.try_enter(id(7), at(0)).unwrap());
    assert!(gate.try_enter(id(8), at(0)).is_err());

    permits.remove(0).settle(Outcome::Answered, at(1));
    permits.extend((10..60).map(|number| gate.try_enter(id(number), at(60)).unwrap()));
    assert!(gate.try_enter(id(61), at(61)).is_err(), "a proof holds for a minute");

    permits.remove(0).settle(Outcome::Answered, at(62));
    drop(gate.try_enter(id(61), at(62)).unwrap());
    call(&gate, 62, Outcome::AppConfig, at(63));
    assert!(gate.try_enter(id(63), at(63)).is_err(), "a fault ends a proof");
}

#[test]
fn three_throttled_connections_hold_the_app_back_until_the_longest_wait_is_over() {
    for (waits, until) in [
        ([Some(5), Some(90), Some(7)], 90),
        ([None, Some(1), None], 30),
        ([Some(10), Some(86_400), None], 3_600),
    ] {
        let gate = gate();
        for (number, wait) in (1..).zip(waits) {
            assert!(gate.try_enter(id(9), at(0)).is_ok());
            call(&gate, number, Outcome::Throttled(wait.map(at)), at(0));
        }
        assert_eq!(refusal(&gate, at(0)).retry_after, at(until), "{waits:?}");
        // Calls that were under way do not lift it.
        assert!(gate.try_enter(id(9), Duration::from_millis(1_000 * until - 1)).is_err());
        call(&gate, 9, Outcome::Answered, at(until));
    }
}

#[test]
fn throttles_that_are_a_minute_apart_have_nothing_to_do_with_each_other() {
    let gate = gate();
    for (number, time) in [(1, 0), (2, 30), (3, 60)] {
        call(&gate, number, Outcome::Throttled(Some(at(600))), at(time));
    }
    assert!(gate.try_enter(id(9), at(60)).is_ok());
    call(&gate, 4, Outcome::Throttled(None), at(61));
    assert_eq!(refusal(&gate, at(61)).retry_after, at(599));
}

#[test]
fn the_operator_reopens_the_app_and_a_few_calls_find_out_first() {
    let gate = suspended();
    let probe = gate.try_enter(id(1), at(60)).unwrap();
    (4..=6).for_each(|_| drop(gate.try_enter(id(9), at(60))));
    gate.reset();
    let permits: Vec<_> = (0..6).map(|number| gate.try_enter(id(number), at(60)).unwrap()).collect();
    assert!(gate.try_enter(id(8), at(60)).is_err(), "the probe is still under way");
    probe.settle(Outcome::Answered, at(60));
    assert!(gate.try_enter(id(8), at(60)).is_ok(), "its slot is free");
    assert_eq!(permits.len(), 6);
}

#[test]
fn the_state_says_since_when_and_until_when() {
    let clock = ManualClock::default();
    let start = sociogram_api_core::Clock::now(&clock);
    clock.advance(at(100));
    let now = || clock.monotonic();
    let gate = gate();
    assert_eq!(gate.state(&clock), AppState::Open);
    (1..=3).for_each(|number| call(&gate, number, Outcome::Throttled(Some(at(40))), now()));
    assert_eq!(gate.state(&clock), AppState::HeldBack { until: start.saturating_add(at(140)) });
    clock.advance(at(40));
    assert_eq!(gate.state(&clock), AppState::Open);
    (1..=3).for_each(|number| call(&gate, number, Outcome::AppConfig, now()));
    clock.advance(at(5));
    let (since, next_probe) = (start.saturating_add(at(140)), start.saturating_add(at(200)));
    assert_eq!(gate.state(&clock), AppState::Suspended { since, next_probe });
    gate.reset();
    assert_eq!(gate.state(&clock), AppState::Open);
}

#[test]
fn a_held_app_is_an_error_that_says_when_to_come_again() {
    let error = VaultError::from(refusal(&suspended(), at(20)));
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::CircuitOpen, Some(at(40))));
    assert_eq!(error.to_string(), "the app is set up wrongly or blocked at the provider");
}

/// Calls of this many connections at once, each answered after 200 ms. Gives how many were made, how many were
/// let through, and how long it took in all.
async fn storm(connections: u16, outcome: Outcome, patience: Duration) -> (usize, usize, Duration) {
    let gate = Arc::new(gate());
    let calls = Arc::new(AtomicUsize::new(0));
    let timer = VirtualClock::new();
    let callers: Vec<_> = (0..connections)
        .map(|number| {
            let (gate, calls) = (Arc::clone(&gate), Arc::clone(&calls));
            tokio::spawn(async move {
                let permit = gate.enter(id(number), &timer, patience).await?;
                calls.fetch_add(1, Ordering::Relaxed);
                timer.sleep(Duration::from_millis(200)).await;
                permit.settle(outcome, timer.monotonic());
                Ok::<(), Held>(())
            })
        })
        .collect();
    let mut through = 0;
    for caller in callers {
        through += usize::from(caller.await.unwrap().is_ok());
    }
    (calls.load(Ordering::Relaxed), through, timer.monotonic())
}

#[tokio::test(start_paused = true)]
async fn five_hundred_connections_of_a_refused_app_make_ten_calls_at_most() {
    let (calls, through, took) = storm(500, Outcome::AppConfig, at(20)).await;
    assert!((3..=10).contains(&calls), "{calls}");
    assert_eq!(through, calls);
    assert!(took < at(1), "{took:?}: nobody waits for a suspended app");
}

#[tokio::test(start_paused = true)]
async fn two_hundred_connections_of_a_healthy_app_take_two_latencies() {
    let (calls, _, took) = storm(200, Outcome::Answered, at(20)).await;
    assert_eq!(calls, 200);
    assert!(took <= Duration::from_millis(410), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_app_that_nobody_answers_for_is_tried_seven_at_a_time_for_as_long_as_callers_have_patience() {
    let (calls, through, took) = storm(100, Outcome::NoAnswer, at(60)).await;
    assert_eq!((calls, through), (100, 100));
    assert!(took >= at(3), "{took:?}");
    let (calls, through, took) = storm(100, Outcome::NoAnswer, Duration::from_millis(500)).await;
    assert_eq!((calls, through), (21, 21));
    assert!(took <= Duration::from_millis(620), "{took:?}");
}

#[tokio::test]
async fn a_waiter_that_is_dropped_passes_its_turn_on() {
    let (gate, clock) = (gate(), ManualClock::default());
    let mut permits: Vec<_> = (0..7).map(|number| gate.try_enter(id(number), at(0)).unwrap()).collect();
    let mut first = Box::pin(gate.enter(id(10), &clock, at(60)));
    let mut second = Box::pin(gate.enter(id(11), &clock, at(60)));
    assert!(within(&clock, Duration::ZERO, first.as_mut()).await.is_none());
    assert!(within(&clock, Duration::ZERO, second.as_mut()).await.is_none());
    drop(permits.pop());
    drop(first);
    assert!(second.await.is_ok());
}
