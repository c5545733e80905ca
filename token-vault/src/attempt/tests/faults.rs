//! A store that fails in the middle.

use super::*;
use crate::{AuditAction, FailureClass, Fence, Phase, testing::Fault};

const FAULTS: [Fault; 2] = [Fault::NothingDone, Fault::AnswerLost];

/// Each rotation with each fault.
fn cases() -> impl Iterator<Item = (Rotation, Fault)> {
    ROTATIONS.into_iter().flat_map(|rotation| FAULTS.map(|fault| (rotation, fault)))
}

#[tokio::test(start_paused = true)]
async fn without_a_claim_nothing_is_sent() {
    for (rotation, fault) in cases() {
        let world = World::new(rotation);
        let id = world.ended().await;
        world.here.store.fail("claim", fault, 1);
        assert_eq!(world.here.renew(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(world.refreshes(), 0, "{rotation:?} {fault:?}");
        // A claim that was stored all the same runs out.
        let began = world.clock.monotonic();
        world.here.renew(id).await.unwrap();
        let waited = world.since(began);
        assert_eq!(waited >= world::LEASE, fault == Fault::AnswerLost, "{rotation:?} {waited:?}");
        assert!(waited < world::LEASE + Duration::from_millis(400), "{waited:?}");
        assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "{rotation:?} {fault:?}");
        assert_eq!(world.row(id).generation, Generation::new(2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mark_that_is_not_certain_is_set_again_and_nothing_is_sent_without_it() {
    for (rotation, fault) in cases().filter(|(rotation, _)| *rotation != Rotation::None) {
        let world = World::new(rotation);
        let id = world.due().await;
        world.here.store.fail_after(1, "claim", fault, 2);
        world.here.renew(id).await.unwrap();
        assert_eq!((world.refreshes(), world.row(id).generation), (1, Generation::new(2)));

        let world = World::new(rotation);
        let id = world.due().await;
        world.here.store.fail_after(1, "claim", fault, 100);
        world.here.renew(id).await.unwrap();
        assert_eq!(world.refreshes(), 0, "{rotation:?} {fault:?}");
        // It is written down that nothing was sent: nobody has to doubt it.
        let row = world.row(id);
        assert_eq!((row.state, row.lease), (ConnectionState::RefreshFailing, None), "{rotation:?} {fault:?}");
        assert_eq!(row.last_error.unwrap().class, FailureClass::NotSent);
        world.here.store.fail("claim", fault, 0);
        world.here.force(id).await.unwrap();
        assert_eq!((world.refreshes(), world.state(id)), (1, ConnectionState::Connected));
    }
}

#[tokio::test(start_paused = true)]
async fn without_rotation_the_mark_is_spared() {
    let world = World::new(Rotation::None);
    let id = world.due().await;
    world.here.store.take_calls();
    world.provider.hold();
    let vault = world.here.vault.clone();
    let renewal = tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.provider.has_arrived(Call::Refresh, 1).await;
    let lease = world.row(id).lease.unwrap();
    assert_eq!((lease.phase, lease.fence), (Phase::Claimed, Fence::new(1)));
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    assert_eq!(world.here.store.take_calls(), ["read", "claim", "commit_success", "children", "read"]);
}

#[tokio::test(start_paused = true)]
async fn a_new_token_set_is_held_until_the_store_is_back() {
    for (rotation, fault) in cases() {
        for times in [1, 5, 14] {
            let world = World::new(rotation);
            let id = world.ended().await;
            world.here.store.fail("commit_success", fault, times);
            let began = world.clock.monotonic();
            world.here.renew(id).await.unwrap();
            assert_eq!(world.here.token(id).await, "scripted-access-2", "{rotation:?} {fault:?} {times}");
            assert!(world.since(began) < Duration::from_secs(60));
            world.here.settle(world.clock).await;
            let row = world.row(id);
            assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
            assert_eq!((world.refreshes(), world.provider.resent()), (1, 0));
            let audit = world.audit(id).await;
            assert_eq!(audit, [AuditAction::Connected, AuditAction::Refreshed], "{rotation:?} {fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_token_set_that_cannot_be_stored_within_a_minute_is_lost_and_counted() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        world.here.store.fail("commit_success", Fault::NothingDone, usize::MAX);
        let began = world.clock.monotonic();
        let error = world.here.renew(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        let held = world.since(began);
        assert!(held > Duration::from_secs(50) && held <= Duration::from_secs(60), "{held:?}");
        let lost = world.audit(id).await.contains(&AuditAction::ChainLost);
        assert_eq!(lost, rotation != Rotation::None, "{rotation:?}");
        // For a moment nobody asks the provider, who would say yes every time.
        let refused = world.here.force(id).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::CircuitOpen);
        assert!(refused.retry_after().is_some_and(|left| left <= Duration::from_secs(5)));
        assert_eq!(world.refreshes(), 1);
        world.here.store.fail("commit_success", Fault::NothingDone, 0);
        world.pass(Duration::from_secs(6)).await;
        world.here.renew(id).await.unwrap();
        world.here.settle(world.clock).await;
        let expected = match rotation {
            Rotation::Strict => (ConnectionState::RefreshUnknown, 1),
            // The others send it again, one of them in time for the provider's grace.
            _ => (ConnectionState::Connected, 2),
        };
        assert_eq!((world.state(id), world.refreshes()), expected, "{rotation:?}");
        assert_eq!(world.provider.reused(), 0, "{rotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_counted_once_whatever_the_store_says() {
    for (rotation, fault) in cases() {
        let world = World::new(rotation);
        let id = world.due().await;
        world.provider.plan(Call::Refresh, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Transient));
        world.here.store.fail("commit_failure", fault, 3);
        world.here.renew(id).await.unwrap();
        let row = world.row(id);
        assert_eq!((row.failures, row.state, row.lease), (1, ConnectionState::RefreshFailing, None));
        let failed = world.audit(id).await.into_iter().filter(|action| *action == AuditAction::RefreshFailed);
        assert_eq!(failed.count(), 1, "{rotation:?} {fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_cannot_be_stored_brings_no_storm() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        world.provider.always(Call::Refresh, Answer::Lost);
        world.here.store.fail("commit_failure", Fault::NothingDone, usize::MAX);
        assert_eq!(world.here.renew(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
        for _ in 0..50 {
            assert_eq!(world.here.force(id).await.unwrap_err().kind(), ErrorKind::CircuitOpen);
        }
        assert_eq!(world.refreshes(), 1, "{rotation:?}");
        // The others see how far it got, once its claim has run out.
        world.provider.always(Call::Refresh, Answer::Honest);
        let other = world.process();
        other.renew(id).await.unwrap();
        other.settle(world.clock).await;
        assert_eq!(world.provider.reused(), 0, "{rotation:?}");
        let in_doubt = rotation == Rotation::Strict;
        assert_eq!(world.state(id) == ConnectionState::RefreshUnknown, in_doubt, "{rotation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_key_provider_is_away_nothing_is_claimed_and_nothing_spent() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.ended().await;
        // A process that has no key in memory.
        let other = world.process();
        world.keys.fail(crate::KeyErrorKind::Unavailable);
        assert_eq!(other.renew(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!((world.refreshes(), world.row(id).lease), (0, None), "{rotation:?}");
        assert!(!other.store.take_calls().contains(&"claim"));
        world.keys.fail(None);
        other.renew(id).await.unwrap();
        assert_eq!(world.row(id).generation, Generation::new(2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_goes_away_during_the_call_is_not_needed_any_more() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    world.provider.set_latency(Duration::from_secs(5));
    let vault = world.here.vault.clone();
    let renewal = tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    world.provider.has_arrived(Call::Refresh, 1).await;
    world.keys.fail(crate::KeyErrorKind::Unavailable);
    renewal.await.unwrap().unwrap();
    assert_eq!(world.row(id).generation, Generation::new(2));
}
