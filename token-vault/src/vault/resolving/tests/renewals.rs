//! Callers and renewals.

use super::*;

const RENEWED: &str = "scripted-access-2";

#[tokio::test(start_paused = true)]
async fn when_a_renewal_is_due_callers_are_served_and_it_is_made_behind_their_backs() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.set_latency(5 * SECOND);
    let began = world.clock.monotonic();
    for _ in 0..100 {
        assert_eq!(world.here.token(id).await, "scripted-access-1");
        assert!(world.here.vault.0.hit(&(TENANT, id), &ResolveOptions::new()).is_some());
    }
    assert_eq!(world.clock.monotonic(), began, "nobody waited");
    world.here.settle(world.clock).await;
    assert_eq!(world.here.token(id).await, RENEWED);
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_is_made_once_per_back_off() {
    let world = World::new(Rotation::None);
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    let id = world.due().await;
    world.here.get(id).await.unwrap();
    world.here.settle(world.clock).await;
    for _ in 0..200 {
        let before = world.row(id);
        let resolved = world.here.get(id).await.unwrap();
        let since = before.state_since;
        assert_eq!(resolved.warnings, [Warning::RefreshFailing { since }]);
        world.here.settle(world.clock).await;
        let tried = world.row(id).failures - before.failures;
        let was_due = before.due_at.unwrap() <= world.clock.now();
        assert!(tried <= u32::from(was_due));
        world.pass(SECOND).await;
    }
    assert_eq!(u32::try_from(world.refreshes()).unwrap(), world.row(id).failures);
    assert!((3..=40).contains(&world.refreshes()), "{}", world.refreshes());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_cannot_even_begin_is_not_begun_for_every_caller() {
    let world = World::new(Rotation::None);
    let id = world.due().await;
    world.here.get(id).await.unwrap();
    world.here.settle(world.clock).await;
    let id_of_another = world.log_in(TokenKind::Generic, "v").await;
    world.pass(LIFE.saturating_sub(5 * MINUTE)).await;
    world.here.store.fail("claim", crate::testing::Fault::NothingDone, usize::MAX);
    world.here.calls();
    for _ in 0..60 {
        for _ in 0..10 {
            world.here.get(id_of_another).await.unwrap();
        }
        world.pass(SECOND).await;
    }
    let claims = world.here.calls().into_iter().filter(|call| *call == "claim").count();
    assert!((1..=3).contains(&claims), "{claims}");
}

#[tokio::test(start_paused = true)]
async fn without_a_usable_token_callers_wait_for_the_renewal() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    world.provider.set_latency(5 * SECOND);
    let began = world.clock.monotonic();
    assert_eq!(world.here.token(id).await, RENEWED);
    assert_eq!(world.clock.monotonic().saturating_sub(began), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_they_said_and_the_renewal_goes_on() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    world.provider.set_latency(8 * SECOND);
    for wait in [Duration::ZERO, SECOND, 2 * SECOND] {
        let began = world.clock.monotonic();
        let options = ResolveOptions::new().with_wait(wait);
        let error = world.here.get_with(id, options).await.unwrap_err();
        assert_eq!((error.unusable(), error.retry_after()), (Some(Unusable::NotNow), Some(SECOND)));
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(world.clock.monotonic().saturating_sub(began), wait);
    }
    let short = world.process_with(world.clock, |builder| builder.wait(SECOND));
    assert_eq!(short.get(id).await.unwrap_err().unusable(), Some(Unusable::NotNow));
    assert_eq!(world.here.token(id).await, RENEWED);
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_needs_a_longer_life_waits_for_it() {
    let world = World::new(Rotation::Strict);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(20 * MINUTE).await;
    let forty = ResolveOptions::new().with_min_validity(40 * MINUTE);
    assert_eq!(world.here.token(id).await, "scripted-access-1");

    // In a hurry: what there is, and the renewal goes on.
    world.provider.set_latency(5 * SECOND);
    let hurried = world.here.get_with(id, forty.with_wait(Duration::ZERO)).await.unwrap();
    assert_eq!(hurried.token.expose(), "scripted-access-1");
    assert_eq!(hurried.warnings, [Warning::LessThanAsked]);
    let patient = world.here.get_with(id, forty).await.unwrap();
    assert_eq!((patient.token.expose(), patient.warnings.is_empty()), (RENEWED, true));

    // More than there ever is: no call for nothing.
    for _ in 0..10 {
        let options = ResolveOptions::new().with_min_validity(2 * LIFE);
        assert_eq!(world.here.get_with(id, options).await.unwrap().warnings, [Warning::LessThanAsked]);
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_longer_life_that_cannot_be_had_now_is_no_error() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(20 * MINUTE).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    let options = ResolveOptions::new().with_min_validity(40 * MINUTE);
    for _ in 0..5 {
        let resolved = world.here.get_with(id, options).await.unwrap();
        assert_eq!(resolved.token.expose(), "scripted-access-1");
        let since = world.row(id).state_since;
        assert_eq!(resolved.warnings, [Warning::RefreshFailing { since }, Warning::LessThanAsked]);
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_forced_renewal_waits_for_no_back_off_and_for_nothing_else_less() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let forced = ResolveOptions::new().forced();
    assert_eq!(world.here.get_with(id, forced).await.unwrap().token.expose(), RENEWED);
    world.provider.plan(Call::Refresh, Answer::Throttled(30 * MINUTE));
    let throttled = world.here.get_with(id, forced).await.unwrap();
    assert_eq!(throttled.token.expose(), RENEWED);
    assert!(throttled.warnings.tell_of_trouble());
    assert_eq!(world.here.get_with(id, forced).await.unwrap().token.expose(), "scripted-access-3");
    assert_eq!(world.refreshes(), 3);

    world.memory.overwrite((TENANT, id), |stored| {
        stored.state = ConnectionState::NeedsReauth(ReauthReason::Checkpoint);
    });
    world.here.vault.forget(TENANT, id);
    let error = world.here.get_with(id, forced).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::Checkpoint)));
    assert_eq!(world.refreshes(), 3);
}

#[tokio::test(start_paused = true)]
async fn during_a_back_off_without_a_token_callers_are_told_when_it_ends() {
    let world = World::new(Rotation::None);
    let id = world.ended().await;
    world.provider.plan(Call::Refresh, Answer::Throttled(30 * MINUTE));
    let first = world.here.get(id).await.unwrap_err();
    assert_eq!(first.unusable(), Some(Unusable::NotNow));
    for passed in 0..5 {
        let error = world.here.get(id).await.unwrap_err();
        let left = error.retry_after().unwrap();
        assert_eq!(left, (30 * MINUTE).saturating_sub(passed * SECOND));
        world.pass(SECOND).await;
    }
    assert_eq!(world.refreshes(), 1);
    world.pass(30 * MINUTE).await;
    assert_eq!(world.here.token(id).await, RENEWED);
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_is_lost_costs_one_call() {
    let world = World::new(Rotation::Strict);
    let id = world.ended().await;
    world.provider.withdraw("u", ReauthReason::AppRemoved);
    for _ in 0..5 {
        let error = world.here.get(id).await.unwrap_err();
        assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::AppRemoved)));
        world.pass(20 * SECOND).await;
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_only_a_login_can_renew_is_never_asked_for() {
    let world = World::new(Rotation::None);
    let id = world.connect("u", &pasted("AQX", LIFE), None).await;
    for options in [
        ResolveOptions::new(),
        ResolveOptions::new().forced(),
        ResolveOptions::new().with_min_validity(2 * LIFE),
    ] {
        assert_eq!(world.here.get_with(id, options).await.unwrap().token.expose(), "AQX");
    }
    world.pass_life().await;
    let forced = ResolveOptions::new().forced();
    let error = world.here.get_with(id, forced).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::GrantExpired)));
    world.here.settle(world.clock).await;
    let calls = [Call::Refresh, Call::Derive, Call::Check].map(|call| world.provider.calls(call));
    assert_eq!(calls, [0; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_keeps_it_from_being_renewed_is_told_as_it_is() {
    let world = World::new(Rotation::None);
    let id = world.ended().await;
    world.here.get(id).await.unwrap();
    world.pass_life().await;
    world.here.store.fail("claim", crate::testing::Fault::NothingDone, usize::MAX);
    let error = world.here.get(id).await.unwrap_err();
    assert_eq!((error.kind(), error.unusable()), (ErrorKind::Unavailable, None));
    assert_eq!(error.to_string(), "the store does not answer");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_another_process_renewed_is_taken_up() {
    let world = World::new(Rotation::Strict);
    let elsewhere = world.process();
    let id = world.ended().await;
    world.provider.set_latency(3 * SECOND);
    let (here, there) = tokio::join!(world.here.get(id), elsewhere.get(id));
    for resolved in [here.unwrap(), there.unwrap()] {
        assert_eq!(resolved.token.expose(), RENEWED);
    }
    assert_eq!(world.refreshes(), 1);
}
