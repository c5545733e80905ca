//! Processes that die, are slow, or have a wrong clock. The rows are those of the crash matrix.

use sociogram_oauth_core::ReauthReason;

use super::*;
use crate::{
    AuditAction, EventKind, Phase,
    attempt::tests::world::{Ahead, GRACE, LEASE, Process},
    testing::Fault,
};

const SOON: Duration = Duration::from_millis(400);

/// Lets a process of its own renew and does not wait for it.
async fn begin(process: &Process, id: ConnectionId) {
    let vault = process.vault.clone();
    tokio::spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    tokio::task::yield_now().await;
}

/// A process that dies during its renewal at this call to the store.
async fn dying(
    world: &World,
    id: ConnectionId,
    spared: usize,
    method: &'static str,
    fault: Fault,
) -> Process {
    let process = world.process();
    process.store.fail_after(spared, method, fault, 1);
    begin(&process, id).await;
    process
}

async fn token_of_a_survivor(world: &World, id: ConnectionId) -> (String, Duration) {
    let survivor = world.process();
    let began = world.clock.monotonic();
    survivor.renew(id).await.unwrap();
    let waited = world.since(began);
    (survivor.token(id).await, waited)
}

#[tokio::test(start_paused = true)]
async fn rows_1_and_2_whoever_dies_before_sending_has_spent_nothing() {
    for rotation in ROTATIONS {
        for (fault, claimed) in [(Fault::KilledBefore, false), (Fault::KilledAfter, true)] {
            let world = World::new(rotation);
            let id = world.ended().await;
            let _dead = dying(&world, id, 0, "claim", fault).await;
            assert_eq!(world.row(id).lease.is_some(), claimed);
            let (token, waited) = token_of_a_survivor(&world, id).await;
            assert_eq!(token, "scripted-access-2", "{rotation:?} {fault:?}");
            assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "{rotation:?} {fault:?}");
            assert_eq!(waited >= LEASE, claimed, "{waited:?}");
            assert!(waited < LEASE + SOON, "{waited:?}");
        }
    }
}

/// A process has sent its request and dies before it knows what came of it.
async fn died_after_sending(world: &World, id: ConnectionId) {
    let dead = world.process();
    world.provider.plan(Call::Refresh, Answer::Silence);
    let vault = dead.vault.clone();
    tokio::spawn(async move { vault.0.renew((TENANT, id), Wish { force: true }).await });
    world.provider.has_arrived(Call::Refresh, 1).await;
    dead.store.kill();
}

#[tokio::test(start_paused = true)]
async fn row_3_the_fruit_of_a_dead_process_is_bought_again_where_the_provider_allows_it() {
    for rotation in [Rotation::None, GRACE] {
        for is_ended in [true, false] {
            let world = World::new(rotation);
            let id = if is_ended { world.ended().await } else { world.due().await };
            died_after_sending(&world, id).await;
            let (token, waited) = token_of_a_survivor(&world, id).await;
            assert_eq!(token, "scripted-access-3", "{rotation:?}");
            assert!(waited >= LEASE && waited < LEASE + SOON, "{waited:?}");
            assert_eq!((world.refreshes(), world.provider.reused()), (2, 0), "{rotation:?}");
            assert_eq!(world.state(id), ConnectionState::Connected);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn row_3_a_strict_refresh_token_in_doubt_is_not_sent_while_the_access_token_lives() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    died_after_sending(&world, id).await;
    let (token, _) = token_of_a_survivor(&world, id).await;
    assert_eq!(token, "scripted-access-1");
    world.pass(SOON).await;
    let row = world.row(id);
    assert_eq!((row.state, row.failures), (ConnectionState::RefreshUnknown, 0));
    // The access token was looked at and is good.
    assert_eq!((world.refreshes(), world.provider.calls(Call::Check)), (1, 1));
    let hard_end = row.token.expiry.at().unwrap().saturating_sub(Duration::from_secs(60));
    assert_eq!(row.due_at, Some(hard_end));
    for process in [world.process(), world.process()] {
        process.renew(id).await.unwrap();
        process.force(id).await.unwrap();
        assert!(!process.store.take_calls().contains(&"claim"));
    }
    assert_eq!((world.refreshes(), world.row(id).revision), (1, row.revision));

    // When it has ended there is nothing to lose: one try, and the loss is known.
    world.pass(Duration::from_secs(300)).await;
    let survivor = world.process();
    survivor.renew(id).await.unwrap();
    for _ in 0..3 {
        survivor.renew(id).await.unwrap();
        survivor.force(id).await.unwrap();
    }
    assert_eq!((world.refreshes(), world.provider.reused()), (2, 1));
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::TokenReuse));
    let lost = [
        EventKind::ChainLost,
        EventKind::TokenReuse,
        EventKind::NeedsReauth { reason: ReauthReason::TokenReuse },
    ];
    assert_eq!(world.events().await, lost);
    assert!(world.audit(id).await.contains(&AuditAction::ChainLost));
}

#[tokio::test(start_paused = true)]
async fn row_3_with_nothing_to_lose_the_one_try_is_made_at_once() {
    // The request of the dead process had not arrived: the one try saves the grant.
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    let dead = world.process();
    world.provider.plan(Call::Refresh, Answer::Stuck);
    begin(&dead, id).await;
    world.provider.has_arrived(Call::Refresh, 1).await;
    dead.store.kill();
    let (token, _) = token_of_a_survivor(&world, id).await;
    assert_eq!((token.as_str(), world.refreshes()), ("scripted-access-2", 2));

    // It had arrived: what is lost is lost.
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    died_after_sending(&world, id).await;
    let survivor = world.process();
    survivor.renew(id).await.unwrap();
    assert_eq!((world.refreshes(), world.provider.reused()), (2, 1));
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::TokenReuse));
}

#[tokio::test(start_paused = true)]
async fn row_3_after_the_time_of_grace_the_refresh_token_is_as_good_as_strict() {
    let world = World::new(Rotation::Grace(Duration::from_secs(20)));
    let id = world.due().await;
    died_after_sending(&world, id).await;
    let (token, _) = token_of_a_survivor(&world, id).await;
    assert_eq!((token.as_str(), world.refreshes()), ("scripted-access-1", 1));
    let state = world.row(id);
    assert_eq!(state.state, ConnectionState::RefreshUnknown);
    // The doubt is young and the call is old.
    for _ in 0..40 {
        world.pass(Duration::from_secs(1)).await;
        world.here.force(id).await.unwrap();
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn row_3_whoever_takes_over_within_the_time_of_grace_and_fails_does_not_lengthen_it() {
    let world = World::new(GRACE);
    let id = world.due().await;
    died_after_sending(&world, id).await;
    let began = world.clock.monotonic();
    let (first, other) = (world.process(), world.process());
    for (process, calls) in [(&first, 2), (&other, 3)] {
        world.provider.plan(Call::Refresh, Answer::Lost);
        world.provider.plan(Call::Check, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Transient));
        process.renew(id).await.unwrap();
        process.settle(world.clock).await;
        let row = world.row(id);
        assert_eq!((world.refreshes(), row.state), (calls, ConnectionState::RefreshUnknown));
        assert_eq!(row.lease.map(|lease| lease.phase), Some(Phase::Sent));
        assert_eq!(world.provider.calls(Call::Check), calls - 1);
        assert!(row.due_at.unwrap() <= world.clock.now().saturating_add(Duration::from_secs(5)));
        // Nobody hurries: the failure is not in the row.
        assert_eq!(process.force(id).await.unwrap_err().kind(), ErrorKind::CircuitOpen);
        world.pass(Duration::from_secs(6)).await;
    }
    world.pass(Duration::from_secs(118).saturating_sub(world.since(began))).await;
    for _ in 0..60 {
        first.force(id).await.unwrap();
        world.pass(Duration::from_secs(1)).await;
    }
    assert_eq!((world.refreshes(), world.provider.reused()), (3, 0));
    assert_eq!(world.row(id).failures, 0);
    // It is over when the access token is, or earlier if a try succeeds in time.
    let world = World::new(GRACE);
    let id = world.due().await;
    died_after_sending(&world, id).await;
    world.provider.plan(Call::Refresh, Answer::Lost);
    let survivor = world.process();
    survivor.renew(id).await.unwrap();
    world.pass(Duration::from_secs(6)).await;
    survivor.renew(id).await.unwrap();
    let row = world.row(id);
    assert_eq!((row.state, row.lease, world.provider.reused()), (ConnectionState::Connected, None, 0));
}

#[tokio::test(start_paused = true)]
async fn row_3_an_end_of_the_grant_that_comes_after_a_takeover_is_a_lost_chain() {
    let world = World::new(GRACE);
    let id = world.due().await;
    died_after_sending(&world, id).await;
    world.provider.plan(Call::Refresh, Answer::Revoked(ReauthReason::GrantRevoked));
    world.process().renew(id).await.unwrap();
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::TokenReuse));
    assert!(world.row(id).lease.is_none());
    assert!(world.events().await.contains(&EventKind::ChainLost));
}

#[tokio::test(start_paused = true)]
async fn row_3_two_that_die_one_after_the_other_leave_the_mark() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    died_after_sending(&world, id).await;
    world.pass(LEASE).await;
    // The next one dies as soon as it has claimed.
    let _dead = dying(&world, id, 0, "claim", Fault::KilledAfter).await;
    assert_eq!(world.row(id).lease.unwrap().phase, Phase::Sent);
    let (token, _) = token_of_a_survivor(&world, id).await;
    assert_eq!((token.as_str(), world.refreshes()), ("scripted-access-1", 1));
    assert_eq!(world.state(id), ConnectionState::RefreshUnknown);
}

#[tokio::test(start_paused = true)]
async fn row_3_a_process_that_dies_with_the_answer_in_its_hands() {
    for (rotation, calls) in [(Rotation::None, 2), (GRACE, 2), (Rotation::Strict, 1)] {
        let world = World::new(rotation);
        let id = world.due().await;
        let _dead = dying(&world, id, 0, "commit_success", Fault::KilledBefore).await;
        let (_, waited) = token_of_a_survivor(&world, id).await;
        assert!(waited >= LEASE && waited < LEASE + SOON, "{waited:?}");
        assert_eq!((world.refreshes(), world.provider.reused()), (calls, 0), "{rotation:?}");
        assert!(world.state(id).serves());
    }
}

#[tokio::test(start_paused = true)]
async fn rows_4_and_5_what_is_stored_is_stored_whoever_dies_then() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.ended().await;
        let _dead = dying(&world, id, 0, "commit_success", Fault::KilledAfter).await;
        let (token, waited) = token_of_a_survivor(&world, id).await;
        assert_eq!((token.as_str(), world.refreshes()), ("scripted-access-2", 1), "{rotation:?}");
        assert!(waited < SOON, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn row_7_a_slow_provider_within_the_lease_is_waited_for() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.ended().await;
        world.provider.set_latency(Duration::from_secs(9));
        begin(&world.process(), id).await;
        let (token, waited) = token_of_a_survivor(&world, id).await;
        assert_eq!((token.as_str(), world.refreshes()), ("scripted-access-2", 1), "{rotation:?}");
        assert!(waited < Duration::from_secs(9) + SOON, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn row_8_a_store_that_is_away_for_one_process_does_not_cost_the_grant() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        let cut_off = world.process();
        cut_off.store.fail("commit_success", Fault::NothingDone, usize::MAX);
        begin(&cut_off, id).await;
        // The others take over in the middle, and where the refresh token is good once they wait.
        let (_, waited) = token_of_a_survivor(&world, id).await;
        assert!(waited >= LEASE, "{waited:?}");
        cut_off.store.fail("commit_success", Fault::NothingDone, 0);
        world.pass(Duration::from_secs(10)).await;
        let row = world.row(id);
        assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
        assert_eq!(world.provider.reused(), 0, "{rotation:?}");
        let calls = if rotation == Rotation::Strict { 1 } else { 2 };
        assert_eq!(world.refreshes(), calls, "{rotation:?}");
        let superseded = world.audit(id).await.contains(&AuditAction::Superseded);
        assert_eq!(superseded, rotation != Rotation::Strict, "{rotation:?}");
        let token = world.here.token(id).await;
        assert!(world.provider.accepts(&token));
    }
}

#[tokio::test(start_paused = true)]
async fn row_12_a_wrong_clock_of_one_process_neither_steals_nor_loses() {
    for ahead in [-3600, 3600] {
        for rotation in ROTATIONS {
            let world = World::new(rotation);
            let id = world.log_in(TokenKind::Generic, "u").await;
            world.provider.set_life(Duration::from_secs(24 * 3600));
            world.pass_life().await;
            world.provider.set_latency(Duration::from_secs(5));
            let wrong = world.process_with(Ahead(world.clock, ahead), |builder| builder);
            let right = world.process();
            for (first, second) in [(&right, &wrong), (&wrong, &right)] {
                let before = (world.refreshes(), world.row(id).generation);
                begin(first, id).await;
                let other = second.renew(id);
                let (_, other) = tokio::join!(first.renew(id), other);
                other.unwrap();
                let after = world.row(id);
                assert_eq!(world.refreshes() - before.0, 1, "{rotation:?} {ahead}");
                assert_eq!(after.generation, before.1.next());
                assert_eq!((after.state, after.lease), (ConnectionState::Connected, None));
                world.pass(Duration::from_secs(25 * 3600)).await;
            }
            // One that dies is taken over no earlier by the one whose clock is ahead.
            let _dead = dying(&world, id, 0, "claim", Fault::KilledAfter).await;
            let began = world.clock.monotonic();
            wrong.force(id).await.unwrap();
            let waited = world.since(began);
            assert!(waited >= LEASE, "{waited:?}");
            assert!(waited < LEASE + Duration::from_secs(9), "{waited:?}");
            assert_eq!(world.provider.resent(), 0, "{rotation:?} {ahead}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn row_12_the_time_of_grace_goes_by_the_stores_clock() {
    for ahead in [-3600, 3600] {
        let world = World::new(GRACE);
        world.provider.set_life(24 * LIFE);
        let id = world.log_in(TokenKind::Generic, "u").await;
        died_after_sending(&world, id).await;
        let wrong = world.process_with(Ahead(world.clock, ahead), |builder| builder);
        wrong.force(id).await.unwrap();
        assert_eq!((world.refreshes(), world.state(id)), (2, ConnectionState::Connected), "{ahead}");
        assert_eq!(world.provider.reused(), 0);
    }
}
