//! What a failed attempt leaves behind.

use sociogram_oauth_core::{Expiry, ReauthReason, RefreshErrorKind, TokenSet};

use super::*;
use crate::{AuditAction, EventKind, FailureClass, app_gate::AppState};

const TRANSIENT: Answer = Answer::Error(RefreshErrorKind::Transient);

/// An answer of each kind, the class that it means, and the states it leads to without and with rotation.
fn table() -> Vec<(Answer, FailureClass, ConnectionState, ConnectionState)> {
    use ConnectionState as State;
    let error = Answer::Error;
    let lost = State::NeedsReauth(ReauthReason::PasswordChanged);
    let revoked = Answer::Revoked(ReauthReason::PasswordChanged);
    vec![
        (revoked, FailureClass::Terminal(ReauthReason::PasswordChanged), lost, lost),
        (
            error(RefreshErrorKind::Revoked),
            FailureClass::Terminal(ReauthReason::GrantRevoked),
            State::NeedsReauth(ReauthReason::GrantRevoked),
            State::NeedsReauth(ReauthReason::GrantRevoked),
        ),
        (
            error(RefreshErrorKind::NotSent),
            FailureClass::NotSent,
            State::RefreshFailing,
            State::RefreshFailing,
        ),
        (TRANSIENT, FailureClass::Transient, State::RefreshFailing, State::RefreshFailing),
        (
            error(RefreshErrorKind::InDoubt),
            FailureClass::Ambiguous,
            State::RefreshFailing,
            State::RefreshUnknown,
        ),
        (Answer::Lost, FailureClass::Ambiguous, State::RefreshFailing, State::RefreshUnknown),
        (
            error(RefreshErrorKind::Refused),
            FailureClass::Refused,
            State::RefreshFailing,
            State::RefreshFailing,
        ),
        (error(RefreshErrorKind::Misconfigured), FailureClass::AppConfig, State::Connected, State::Connected),
        (error(RefreshErrorKind::Throttled), FailureClass::Throttled, State::Connected, State::Connected),
        (error(RefreshErrorKind::Defect), FailureClass::Defect, State::Connected, State::Connected),
        (error(RefreshErrorKind::NotOffered), FailureClass::Defect, State::Connected, State::Connected),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_classed_stored_and_told() {
    for (answer, class, plain, rotating) in table() {
        for rotation in ROTATIONS {
            let world = World::new(rotation);
            let id = world.due().await;
            world.provider.plan(Call::Refresh, answer.clone());
            world.here.renew(id).await.unwrap();
            let expected = if rotation == Rotation::None { plain } else { rotating };
            let row = world.row(id);
            assert_eq!(row.state, expected, "{answer:?} {rotation:?}");
            assert_eq!((row.failures, row.lease), (1, None), "{answer:?}");
            assert_eq!(row.last_error.unwrap().class, class, "{answer:?}");
            assert!(world.audit(id).await.contains(&AuditAction::RefreshFailed), "{answer:?}");
            let is_lost = expected.reason().is_some();
            assert_eq!(row.due_at.is_none(), is_lost, "{answer:?}");
            assert!(row.due_at.is_none_or(|due| due > world.clock.now()), "{answer:?}");
            let told = world.events().await;
            assert_eq!(!told.is_empty(), is_lost, "{answer:?} {told:?}");
            // Who comes next is spared the call.
            world.here.renew(id).await.unwrap();
            world.process().renew(id).await.unwrap();
            assert_eq!(world.refreshes(), 1, "{answer:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn our_own_timeout_leaves_a_rotating_refresh_token_in_doubt_and_no_other() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        world.provider.plan(Call::Refresh, Answer::Silence);
        let began = world.clock.monotonic();
        world.here.renew(id).await.unwrap();
        assert_eq!(world.since(began), Duration::from_secs(10));
        let expected = match rotation {
            Rotation::None => (ConnectionState::RefreshFailing, FailureClass::Transient),
            _ => (ConnectionState::RefreshUnknown, FailureClass::Ambiguous),
        };
        let row = world.row(id);
        assert_eq!((row.state, row.last_error.unwrap().class), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn within_the_time_of_grace_a_refresh_token_in_doubt_is_sent_again() {
    let world = World::new(world::GRACE);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Silence);
    world.here.renew(id).await.unwrap();
    let due = world.row(id).due_at.unwrap();
    assert!(due <= world.clock.now().saturating_add(Duration::from_secs(5)), "{due}");
    world.pass(Duration::from_secs(5)).await;
    world.here.renew(id).await.unwrap();
    assert_eq!((world.state(id), world.refreshes()), (ConnectionState::Connected, 2));
    assert_eq!((world.provider.resent(), world.provider.reused()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_grace_counts_from_the_call() {
    for grace in [5, 10, 16, 20, 30, 60] {
        let world = World::new(Rotation::Grace(Duration::from_secs(grace)));
        let id = world.due().await;
        world.provider.plan(Call::Refresh, Answer::Silence);
        world.here.renew(id).await.unwrap();
        let row = world.row(id);
        let hard_end = row.token.expiry.at().unwrap().saturating_sub(Duration::from_secs(60));
        // The call took ten seconds of it.
        assert_eq!(row.due_at == Some(hard_end), grace <= 10, "{grace} s");
        for _ in 0..grace {
            world.here.force(id).await.unwrap();
            world.pass(Duration::from_secs(1)).await;
        }
        assert_eq!(world.provider.reused(), 0, "{grace} s");
        assert!(world.state(id).serves());
        world.here.settle(world.clock).await;
        let token = world.here.token(id).await;
        assert!(world.provider.accepts(&token), "{grace} s");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_decided_within_the_time_of_grace_and_done_after_it_is_not_sent() {
    let world = World::new(Rotation::Grace(Duration::from_secs(30)));
    let id = world.due().await;
    world.here.vault.0.open_access(TENANT, id, &world.row(id)).await.unwrap();
    world.provider.plan(Call::Refresh, Answer::Lost);
    world.here.renew(id).await.unwrap();
    // Another process has to wait for its keys.
    let other = world.process();
    world.keys.script().gated = true;
    let vault = other.vault.clone();
    let slow = tokio::spawn(async move { vault.0.renew((TENANT, id), Wish { force: true }).await });
    world.pass(Duration::from_secs(40)).await;
    world.keys.gate.add_permits(10);
    slow.await.unwrap().unwrap();
    assert_eq!((world.refreshes(), world.provider.reused()), (1, 0));
    let row = world.row(id);
    assert_eq!((row.state, row.lease), (ConnectionState::RefreshUnknown, None));
    assert_eq!(row.last_error.unwrap().class, FailureClass::NotSent);
}

#[tokio::test(start_paused = true)]
async fn a_strict_refresh_token_in_doubt_waits_for_the_end_of_the_access_token() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    // The request never arrived, which nobody knows.
    world.provider.plan(Call::Refresh, Answer::Error(RefreshErrorKind::InDoubt));
    world.here.renew(id).await.unwrap();
    world.here.settle(world.clock).await;
    let row = world.row(id);
    let hard_end = row.token.expiry.at().unwrap().saturating_sub(Duration::from_secs(60));
    assert_eq!(row.due_at, Some(hard_end));
    assert_eq!(world.provider.calls(Call::Check), 1);
    world.here.force(id).await.unwrap();
    assert_eq!((world.refreshes(), world.here.token(id).await.as_str()), (1, "scripted-access-1"));
    world.pass(Duration::from_secs(240)).await;
    assert_eq!(world.here.token(id).await, "scripted-access-2");
    assert_eq!((world.state(id), world.provider.resent()), (ConnectionState::Connected, 0));
}

#[tokio::test(start_paused = true)]
async fn a_dead_access_token_ends_the_wait() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Error(RefreshErrorKind::InDoubt));
    let dead = sociogram_oauth_core::TokenCheck::Dead(ReauthReason::TokenRejected);
    world.provider.plan(Call::Check, Answer::Check(dead));
    world.here.renew(id).await.unwrap();
    world.here.settle(world.clock).await;
    assert_eq!((world.refreshes(), world.state(id)), (2, ConnectionState::Connected));
    assert_eq!(world.provider.resent(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_dead_access_token_and_a_provider_that_never_answers_make_no_storm() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::InDoubt));
    let dead = sociogram_oauth_core::TokenCheck::Dead(ReauthReason::TokenRejected);
    world.provider.always(Call::Check, Answer::Check(dead));
    world.here.renew(id).await.unwrap();
    for _ in 0..600 {
        world.pass(Duration::from_secs(1)).await;
        world.here.renew(id).await.unwrap();
    }
    world.here.settle(world.clock).await;
    let calls = world.refreshes();
    assert!((3..40).contains(&calls), "{calls} calls in ten minutes");
}

#[tokio::test(start_paused = true)]
async fn a_back_off_grows_and_force_skips_nothing_else() {
    let world = World::new(Rotation::None);
    world.provider.set_life(Duration::from_secs(60 * 24 * 3600));
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(Duration::from_secs(56 * 24 * 3600)).await;
    world.provider.always(Call::Refresh, TRANSIENT);
    let mut longest = Duration::ZERO;
    for failures in 1..=12_u8 {
        world.here.renew(id).await.unwrap();
        assert_eq!((world.row(id).failures, world.refreshes()), (failures.into(), usize::from(failures)));
        let wait = world.row(id).due_at.unwrap().saturating_duration_since(world.clock.now());
        let most = Duration::from_secs(5 << failures).min(Duration::from_secs(900));
        assert!(wait >= Duration::from_secs(1) && wait <= most, "{wait:?} after {failures}");
        longest = longest.max(wait);
        world.pass(wait.saturating_sub(Duration::from_millis(1))).await;
        world.here.renew(id).await.unwrap();
        assert_eq!(world.refreshes(), usize::from(failures));
        world.pass(Duration::from_millis(1)).await;
    }
    assert!(longest > Duration::from_secs(60), "{longest:?}");
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 13);
    world.here.force(id).await.unwrap();
    assert_eq!(world.refreshes(), 14);
    // A success starts anew.
    world.provider.always(Call::Refresh, Answer::Honest);
    world.here.force(id).await.unwrap();
    let row = world.row(id);
    assert_eq!((row.failures, row.last_error, row.state), (0, None, ConnectionState::Connected));
    // Where the person must log in, nobody is asked.
    world.here.vault.mark_needs_reauth(TENANT, id, ReauthReason::AppRemoved).await.unwrap();
    world.here.force(id).await.unwrap();
    assert_eq!(world.refreshes(), 15);
}

#[tokio::test(start_paused = true)]
async fn the_product_is_told_at_some_failures_and_at_every_doubling() {
    let world = World::new(Rotation::None);
    let process = world.process_with(world.clock, |builder| builder.alert_after(3));
    let id = world.due().await;
    world.provider.always(Call::Refresh, TRANSIENT);
    for _ in 0..24 {
        process.force(id).await.unwrap();
    }
    let told = [3, 6, 12, 24].map(|failures| EventKind::RefreshFailingOften { failures });
    assert_eq!(world.events().await, told);
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_the_provider_asks_for_is_kept() {
    let world = World::new(Rotation::None);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Throttled(Duration::from_secs(240)));
    world.here.renew(id).await.unwrap();
    let wait = world.row(id).due_at.unwrap().saturating_duration_since(world.clock.now());
    assert_eq!(wait, Duration::from_secs(240));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_refusal_is_believed_after_an_hour_and_a_look() {
    let world = World::new(Rotation::None);
    world.provider.set_life(Duration::from_secs(24 * 3600));
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(Duration::from_secs(20 * 3600)).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Refused));
    for refused in 1..=3_u8 {
        assert_eq!(world.provider.calls(Call::Check), 0);
        world.here.renew(id).await.unwrap();
        world.here.settle(world.clock).await;
        assert_eq!(
            (world.refreshes(), world.row(id).strikes.refused),
            (usize::from(refused), refused.into())
        );
        world.pass(Duration::from_secs(36 * 60)).await;
    }
    assert_eq!(world.provider.calls(Call::Check), 1);
    assert_eq!(world.state(id), ConnectionState::RefreshFailing);
    // A token that is dead as well ends it.
    world.provider.withdraw("u", ReauthReason::GrantRevoked);
    world.here.vault.0.check((TENANT, id)).await.unwrap();
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::GrantRevoked));
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_app_costs_no_connection() {
    let world = World::new(Rotation::None);
    let mut ids = Vec::new();
    for number in 0..100 {
        ids.push(world.log_in(TokenKind::Generic, &format!("u{number}")).await);
    }
    world.pass(LIFE.saturating_sub(Duration::from_secs(300))).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    world.provider.set_latency(Duration::from_millis(200));
    let mut callers = JoinSet::new();
    for id in ids.clone() {
        let vault = world.here.vault.clone();
        callers.spawn(async move { vault.0.renew((TENANT, id), FREE).await });
    }
    let held = callers.join_all().await.into_iter().filter_map(Result::err);
    assert!(held.map(|error| error.kind()).all(|kind| kind == ErrorKind::CircuitOpen));
    assert!(world.refreshes() <= 10, "{} calls", world.refreshes());
    assert!(ids.iter().all(|id| world.state(*id) == ConnectionState::Connected));
    let app = world.here.vault.0.apps.iter().next().unwrap();
    assert!(matches!(app.gate.state(&world.clock), AppState::Suspended { .. }));
}

#[tokio::test(start_paused = true)]
async fn what_the_failure_means_is_decided_on_what_is_stored_by_then() {
    // Somebody has logged in again: the end of the old grant is no news.
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Revoked(ReauthReason::GrantRevoked));
    let renewal = in_flight(&world, id).await;
    let again = world.provider.log_in(TokenKind::Generic, "u");
    world.connect("u", &again, None).await;
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    assert_eq!((world.state(id), world.row(id).failures), (ConnectionState::Connected, 0));

    // Somebody else has decided about the state: both count.
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, TRANSIENT);
    let renewal = in_flight(&world, id).await;
    world.here.vault.mark_needs_reauth(TENANT, id, ReauthReason::AppRemoved).await.unwrap();
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    let row = world.row(id);
    assert_eq!(row.state, ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert_eq!((row.failures, row.due_at), (1, None));
}

/// A renewal whose answer is held back.
pub(super) async fn in_flight(
    world: &World,
    id: ConnectionId,
) -> tokio::task::JoinHandle<Result<(), VaultError>> {
    let calls = world.refreshes();
    world.provider.hold();
    let vault = world.here.vault.clone();
    let renewal = tokio::spawn(async move { vault.0.renew((TENANT, id), Wish { force: true }).await });
    world.provider.has_arrived(Call::Refresh, calls + 1).await;
    renewal
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_used_is_no_success() {
    let now = World::new(Rotation::None).clock.now();
    let good = TokenSet::new("new".into(), TokenKind::Generic);
    let answers = [
        (TokenSet::new("".into(), TokenKind::Generic), FailureClass::Transient),
        (TokenSet::new("new".into(), TokenKind::MetaPage), FailureClass::Defect),
        (good.clone().with_expiry(Expiry::At(now)), FailureClass::Transient),
    ];
    for (answer, class) in answers {
        let world = World::new(Rotation::None);
        let id = world.due().await;
        world.provider.plan(Call::Refresh, Answer::Tokens(answer.clone()));
        world.here.renew(id).await.unwrap();
        let row = world.row(id);
        assert_eq!(row.last_error.map(|error| error.class), Some(class), "{answer:?}");
        assert_eq!(row.generation, Generation::new(1), "{answer:?}");
    }
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Tokens(TokenSet::new("".into(), TokenKind::Generic)));
    world.here.renew(id).await.unwrap();
    assert_eq!(world.state(id), ConnectionState::RefreshUnknown);
    // What came for a spent refresh token is kept, whatever is wrong with the rest of it.
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    let ended = TokenSet::new("new".into(), TokenKind::MetaPage).with_expiry(Expiry::At(now));
    world.provider.plan(Call::Refresh, Answer::Tokens(ended.with_refresh("next".into(), Expiry::Unknown)));
    world.here.renew(id).await.unwrap();
    let row = world.row(id);
    assert_eq!((row.generation, row.token.kind), (Generation::new(2), TokenKind::Generic));
    assert_eq!((row.state, row.failures), (ConnectionState::RefreshFailing, 1));
    let tokens = world.here.vault.0.open_tokens(TENANT, id, &row).await.unwrap();
    assert_eq!(tokens.refresh().unwrap().expose(), "next");
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sealed_is_counted_as_lost() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.due().await;
        let huge = TokenSet::new("x".repeat(70_000).as_str().into(), TokenKind::Generic);
        world.provider.plan(Call::Refresh, Answer::Tokens(huge));
        assert_eq!(world.here.renew(id).await.unwrap_err().kind(), ErrorKind::Invalid);
        let lost = world.audit(id).await.contains(&AuditAction::ChainLost);
        assert_eq!(lost, rotation != Rotation::None, "{rotation:?}");
        let expected = if lost { ConnectionState::RefreshUnknown } else { ConnectionState::RefreshFailing };
        assert_eq!((world.state(id), world.row(id).lease), (expected, None));
    }
}
