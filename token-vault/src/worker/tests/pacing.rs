//! Many connections at once.

use std::sync::Mutex;

use proptest::prelude::*;

use super::lanes::Turns;
use super::*;

#[tokio::test(start_paused = true)]
async fn ten_thousand_due_connections_are_spread_by_the_rate() {
    let world = World::new();
    let keys = world.due(10_000).await;
    world.provider.set_latency(Duration::from_millis(200));
    let began = world.now();
    let run = world.worker.run(world.pass(seconds(1_100)));
    run.await;
    let calls = world.calls.lock().unwrap().clone();
    assert_eq!(calls.len(), 10_000, "each of them once");
    at_rate(&calls, 10);
    let took = calls[9_999].saturating_sub(began);
    assert!(took <= seconds(1_050), "{took:?}: no faster, and not much slower");
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_takes_longer_than_it_is_hidden_is_left_to_come_again() {
    let world = World::new();
    world.due(100).await;
    let worker = world.vault.worker(world.store.clone()).renewals_per_second(1).visibility(seconds(60));
    let worker = worker.build().unwrap();
    let report = worker.tick().await.unwrap();
    // One at once, and one for each second of half the visibility.
    assert_eq!((report.renewed, report.postponed, report.more), (31, 69, true));
    worker.run(world.pass(minutes(10))).await;
    let calls = world.calls.lock().unwrap().clone();
    assert_eq!(calls.len(), 100);
    at_rate(&calls, 1);
}

#[tokio::test(start_paused = true)]
async fn recovering_from_an_outage_is_no_herd() {
    let world = World::new();
    let keys = world.due(300).await;
    world.provider.set_latency(Duration::from_millis(200));
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    let outage = async {
        world.pass(minutes(40)).await;
        world.provider.always(Call::Refresh, Answer::Honest);
        let back = world.now();
        world.pass(minutes(20)).await;
        back
    };
    let back = Mutex::new(Duration::ZERO);
    world.worker.run(async { *back.lock().unwrap() = outage.await }).await;
    let back = *back.lock().unwrap();

    let calls = world.calls.lock().unwrap().clone();
    at_rate(&calls, 10);
    let after = calls.iter().filter(|at| **at >= back).count();
    assert!((300..=330).contains(&after), "{after}: once each, but for what was under way");
    assert!(keys.iter().all(|key| world.row(*key).state == ConnectionState::Connected));
    assert!(keys.iter().all(|key| world.row(*key).failures == 0));
}

#[tokio::test(start_paused = true)]
async fn what_another_process_did_while_a_turn_was_waited_for_is_not_done_again() {
    let world = World::new();
    let keys = world.due(50).await;
    let (other, _) = world.process();
    let away = async {
        world.pass(seconds(1)).await;
        for (tenant, connection) in &keys {
            let wish = crate::attempt::Wish { force: false };
            other.0.renew((*tenant, *connection), wish).await.unwrap();
        }
        world.pass(seconds(10)).await;
    };
    world.worker.run(away).await;
    assert_eq!(world.provider.calls(Call::Refresh), 50);
}

#[tokio::test(start_paused = true)]
async fn what_failed_elsewhere_while_a_turn_was_waited_for_is_not_tried_again_at_once() {
    let world = World::new();
    let keys = world.due(50).await;
    for key in &keys {
        world.store.overwrite(*key, |stored| stored.failures = 1);
    }
    // Half an hour until the next try.
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Refused));
    let (other, _) = world.process();
    let elsewhere = async {
        // Between two turns.
        world.pass(Duration::from_millis(1_050)).await;
        for key in keys.iter().filter(|key| world.row(**key).failures == 1) {
            other.0.renew(*key, crate::attempt::Wish { force: true }).await.unwrap();
        }
        world.pass(seconds(10)).await;
    };
    world.worker.run(elsewhere).await;
    assert_eq!(world.provider.calls(Call::Refresh), 50);
    assert!(keys.iter().all(|key| world.row(*key).failures == 2));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_does_not_hold_up_another() {
    let world = World::new();
    let hanging = world.due(80).await;
    world.provider.always(Call::Refresh, Answer::Stuck);
    world.linkedin.set_life(hours(1));
    let key = |connection| (world::OTHER, connection);
    let mut members = Vec::new();
    for number in 0..20 {
        let user = format!("member-{number}");
        let tokens = world.linkedin.log_in(TokenKind::Generic, &user);
        members.push(world.connect_to(world::OTHER, ProviderId::LINKEDIN, &user, &tokens).await);
    }
    world.pass(minutes(52)).await;
    for key in &hanging {
        world.make_due(*key);
    }
    let renewed = || members.iter().filter(|member| world.row(key(**member)).generation.get() == 2).count();
    let seen = Mutex::new((0, 0));
    let look = async {
        world.pass(seconds(5)).await;
        *seen.lock().unwrap() = (renewed(), world.provider.calls(Call::Refresh));
    };
    world.worker.run(look).await;
    assert_eq!(*seen.lock().unwrap(), (20, 7));
}

#[tokio::test(start_paused = true)]
async fn connections_of_a_closed_app_do_not_stand_before_those_of_another() {
    let world = World::new();
    let closed = world.due(1_000).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    world.worker.run(world.pass(seconds(1))).await;
    world.linkedin.set_life(hours(1));
    let tokens = world.linkedin.log_in(TokenKind::Generic, "member");
    let member = world.connect_to(world::OTHER, ProviderId::LINKEDIN, "member", &tokens).await;
    let now = world.clock.now();
    for key in &closed {
        world.make_due(*key);
    }
    world.store.overwrite((world::OTHER, member), |stored| {
        stored.token.issued_at = Some(now.saturating_sub(minutes(55)));
        stored.token.expiry = Expiry::At(now.saturating_add(minutes(5)));
        stored.due_at = Some(now.saturating_add(seconds(1)));
    });
    world.worker.run(world.pass(seconds(8))).await;
    assert_eq!(world.row((world::OTHER, member)).generation.get(), 2);
}

proptest! {
    #[test]
    fn turns_are_an_interval_apart_and_never_later_than_asked(
        per_second in 1_u32..50,
        wishes in prop::collection::vec((0_u64..3_000, 0_u64..2_000), 1..200),
    ) {
        let mut turns = Turns::new(per_second);
        let (mut now, mut last) = (Duration::ZERO, None);
        for (passes, patience) in wishes {
            now += Duration::from_millis(passes);
            let patience = Duration::from_millis(patience);
            let interval = Duration::from_secs(1) / per_second;
            match turns.take(now, patience) {
                Some(wait) => {
                    prop_assert!(wait <= patience);
                    prop_assert!(last.is_none_or(|last| now + wait >= last + interval));
                    prop_assert!(wait.is_zero() || last.is_some_and(|last| now + wait == last + interval));
                    last = Some(now + wait);
                }
                None => prop_assert!(last.is_some_and(|last: Duration| last + interval > now + patience)),
            }
        }
    }
}
