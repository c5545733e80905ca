use std::{sync::Arc, time::Duration};

use sociogram_api_core::{Clock as _, ErrorKind, Timer as _};
use sociogram_oauth_core::{RefreshErrorKind, Rotation, TokenKind};
use tokio::task::JoinSet;

use super::*;
use crate::{
    AuditAction, ConnectionState, NoticeStage, Notified,
    attempt::tests::world::{LIFE, TENANT, World, family},
    testing::{Answer as Scripted, Call},
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn checked(world: &World, id: ConnectionId) -> Result<(), VaultError> {
    let checked = world.here.vault.0.check((TENANT, id)).await;
    world.here.settle(world.clock).await;
    checked
}

async fn reject(world: &World, id: ConnectionId, token: &str) {
    world.here.vault.reject(TENANT, id, &token.into()).await.unwrap();
    world.here.settle(world.clock).await;
}

fn good(change: impl FnOnce(&mut TokenFacts)) -> Scripted {
    let mut facts = TokenFacts::new(true);
    change(&mut facts);
    Scripted::Check(TokenCheck::Good(Box::new(facts)))
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_says_of_a_good_token_is_stored() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    world.provider.set_scopes("a b");
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    let now = world.clock.now();
    let ends = [50, 90].map(|days| Expiry::At(now.saturating_add(days * DAY)));
    world.provider.plan(
        Call::Check,
        good(|facts| {
            (facts.expiry, facts.data_access_expiry) = (ends[0], ends[1]);
            facts.scopes = Some(ScopeSet::parse("b c"));
        }),
    );
    let before = world.row(id);
    world.pass(MINUTE).await;
    checked(&world, id).await.unwrap();
    let row = world.row(id);
    assert_eq!((row.token.expiry, row.token.data_access_expiry), (ends[0], ends[1]));
    assert_eq!(row.token.scopes, Some(ScopeSet::parse("b c")));
    assert_eq!((row.generation, row.state), (before.generation, ConnectionState::Connected));
    assert_eq!(row.checked_at, world.clock.now());
    assert_ne!(row.due_at, before.due_at);
    assert_eq!(world.events().await, [EventKind::ScopesLost { lost: ScopeSet::parse("a") }]);
    assert!(world.audit(id).await.contains(&AuditAction::ScopesChanged));
    // What it does not say has not changed.
    world.provider.plan(Call::Check, good(|_| {}));
    checked(&world, id).await.unwrap();
    assert_eq!(world.row(id).token, row.token);
    assert_eq!(world.events().await, []);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_has_moved_is_told_again_and_no_other() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    let soon = Expiry::At(world.clock.now().saturating_add(10 * DAY));
    let told = [NoticeStage::TokenIn14Days, NoticeStage::DataAccessIn14Days];
    world.memory.overwrite((TENANT, id), |row| {
        row.token.data_access_expiry = soon;
        row.notified = Notified::from_stages(told);
    });
    let later = Expiry::At(world.clock.now().saturating_add(90 * DAY));
    world.provider.plan(Call::Check, good(|facts| facts.data_access_expiry = later));
    checked(&world, id).await.unwrap();
    assert_eq!(world.row(id).notified, Notified::from_stages([NoticeStage::TokenIn14Days]));
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_sends_the_person_to_the_login() {
    for kind in [TokenKind::MetaUserLong, TokenKind::MetaSystemUser, TokenKind::ThreadsUser] {
        let world = World::new(Rotation::None);
        let id = world.log_in(kind, "u").await;
        world.provider.withdraw("u", ReauthReason::PasswordChanged);
        checked(&world, id).await.unwrap();
        assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::PasswordChanged), "{kind}");
        assert_eq!(world.events().await, [EventKind::NeedsReauth { reason: ReauthReason::PasswordChanged }]);
        // Nobody is asked about it any more.
        checked(&world, id).await.unwrap();
        assert_eq!((world.provider.calls(Call::Check), world.row(id).due_at), (1, None));
    }
    // An answer that says of itself that it is not good.
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.provider.plan(Call::Check, good(|facts| facts.active = false));
    checked(&world, id).await.unwrap();
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::TokenRejected));
    // And an error that says it.
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.provider.plan(Call::Check, Scripted::Revoked(ReauthReason::Checkpoint));
    checked(&world, id).await.unwrap();
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::Checkpoint));
}

#[tokio::test(start_paused = true)]
async fn a_dead_access_token_with_a_refresh_token_is_renewed_and_not_handed_out_meanwhile() {
    for rotation in [Rotation::None, Rotation::Strict] {
        let world = World::new(rotation);
        let id = world.log_in(TokenKind::Generic, "u").await;
        let dead = Scripted::Check(TokenCheck::Dead(ReauthReason::TokenRejected));
        world.provider.plan(Call::Check, dead);
        world.provider.set_latency(Duration::from_secs(1));
        world.here.vault.0.check((TENANT, id)).await.unwrap();
        assert!(world.row(id).token.expiry.is_past(world.clock.now()));
        assert_eq!(world.here.token(id).await, "scripted-access-2");
        assert_eq!((world.refreshes(), world.provider.resent()), (1, 0), "{rotation:?}");
        assert_eq!(world.state(id), ConnectionState::Connected);
    }
}

#[tokio::test(start_paused = true)]
async fn where_nobody_answers_the_question_it_is_not_asked_again_at_once() {
    for answer in [Scripted::Check(TokenCheck::NotOffered), Scripted::Error(RefreshErrorKind::NotOffered)] {
        let world = World::new(Rotation::None);
        let id = world.log_in(TokenKind::MetaSystemUser, "u").await;
        world.pass(2 * DAY).await;
        world.provider.always(Call::Check, answer);
        checked(&world, id).await.unwrap();
        let row = world.row(id);
        assert_eq!((row.checked_at, row.state), (world.clock.now(), ConnectionState::Connected));
        assert!(row.due_at.unwrap() > world.clock.now().saturating_add(DAY / 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_not_answered_changes_nothing() {
    let trouble = [
        RefreshErrorKind::NotSent,
        RefreshErrorKind::Transient,
        RefreshErrorKind::InDoubt,
        RefreshErrorKind::Throttled,
        RefreshErrorKind::Misconfigured,
        RefreshErrorKind::Refused,
        RefreshErrorKind::Defect,
    ];
    let trouble = trouble.map(Scripted::Error).into_iter().chain([Scripted::Silence]);
    for answer in trouble {
        let world = World::new(Rotation::None);
        let id = world.log_in(TokenKind::Generic, "u").await;
        let before = world.row(id);
        world.provider.plan(Call::Check, answer.clone());
        assert!(checked(&world, id).await.is_err(), "{answer:?}");
        assert_eq!(world.row(id), before, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_app_learns_from_questions_too() {
    let world = World::new(Rotation::None);
    world.provider.always(Call::Check, Scripted::Error(RefreshErrorKind::Misconfigured));
    let mut kinds = Vec::new();
    for number in 0..5 {
        let id = world.log_in(TokenKind::Generic, &format!("u{number}")).await;
        kinds.push(checked(&world, id).await.unwrap_err().kind());
    }
    assert_eq!(kinds[..3], [ErrorKind::Misconfigured; 3]);
    assert_eq!(kinds[3..], [ErrorKind::CircuitOpen; 2]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_an_older_token_changes_nothing() {
    let world = World::new(Rotation::Strict);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.provider.plan(Call::Check, Scripted::Check(TokenCheck::Dead(ReauthReason::Checkpoint)));
    world.provider.hold();
    let vault = world.here.vault.clone();
    let check = tokio::spawn(async move { vault.0.check((TENANT, id)).await });
    world.provider.has_arrived(Call::Check, 1).await;
    let again = world.provider.log_in(TokenKind::Generic, "u");
    world.connect("u", &again, None).await;
    let row = world.row(id);
    world.provider.let_go();
    check.await.unwrap().unwrap();
    assert_eq!(world.row(id), row);
}

#[tokio::test(start_paused = true)]
async fn a_back_off_outlives_a_question() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(LIFE.saturating_sub(5 * MINUTE)).await;
    world.provider.plan(Call::Refresh, Scripted::Throttled(3 * MINUTE));
    world.here.renew(id).await.unwrap();
    let due = world.row(id).due_at;
    checked(&world, id).await.unwrap();
    assert_eq!(world.row(id).due_at, due);
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_waits_for_the_persons_new_token_still_waits_after_a_question() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.pass(2 * DAY).await;
    world.here.force(person).await.unwrap();
    world.here.settle(world.clock).await;
    checked(&world, page).await.unwrap();
    assert!(world.row(page).due_at.unwrap() <= world.clock.now());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_refusals_of_one_token_make_one_question() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.provider.withdraw("u", ReauthReason::AppRemoved);
    world.provider.set_latency(Duration::from_secs(1));
    let processes = Arc::new([world.process(), world.process()].map(|process| process.vault));
    let mut clients = JoinSet::new();
    for number in 0..1000 {
        let processes = Arc::clone(&processes);
        clients.spawn(async move {
            let vault = &processes[number % 2];
            vault.reject(TENANT, id, &"scripted-access-1".into()).await
        });
    }
    assert!(clients.join_all().await.iter().all(Result::is_ok));
    assert_eq!(world.provider.calls(Call::Check), 1);
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    let entries = world.audit(id).await.into_iter().filter(|action| *action == AuditAction::TokenRejected);
    assert_eq!(entries.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_reports_a_refusal_is_answered_when_it_is_known_what_it_means() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.provider.withdraw("u", ReauthReason::Checkpoint);
    world.provider.set_latency(Duration::from_secs(1));
    let vault = &world.here.vault;
    let used = "scripted-access-1".into();
    let began = world.clock.monotonic();
    let reject = async || {
        vault.reject(TENANT, id, &used).await.unwrap();
        world.since(began)
    };
    let (first, second) = tokio::join!(reject(), reject());
    assert_eq!((first, second), (Duration::from_secs(1), Duration::from_secs(1)));
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::Checkpoint));
    assert!(vault.resolve(TENANT, id).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_refused_and_is_good_is_handed_out_further() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    for _ in 0..10 {
        reject(&world, id, "scripted-access-1").await;
        assert_eq!(world.here.token(id).await, "scripted-access-1");
        assert_eq!(world.row(id).strikes.rejected, 0);
        world.pass(2 * MINUTE).await;
    }
    assert_eq!(world.provider.calls(Call::Check), 10);
}

#[tokio::test(start_paused = true)]
async fn where_nobody_can_say_a_second_refusal_is_believed() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.provider.always(Call::Check, Scripted::Check(TokenCheck::NotOffered));
    reject(&world, id, "scripted-access-1").await;
    reject(&world, id, "scripted-access-1").await;
    assert_eq!((world.state(id), world.row(id).strikes.rejected), (ConnectionState::Connected, 1));
    world.pass(2 * MINUTE).await;
    reject(&world, id, "scripted-access-1").await;
    assert_eq!(world.state(id), ConnectionState::NeedsReauth(ReauthReason::TokenRejected));

    // With a refresh token there is a better way.
    let world = World::new(Rotation::Strict);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.provider.always(Call::Check, Scripted::Check(TokenCheck::NotOffered));
    reject(&world, id, "scripted-access-1").await;
    world.pass(2 * MINUTE).await;
    reject(&world, id, "scripted-access-1").await;
    assert_eq!((world.state(id), world.refreshes()), (ConnectionState::Connected, 1));
    assert_eq!(world.here.token(id).await, "scripted-access-2");
}

#[tokio::test(start_paused = true)]
async fn while_the_provider_is_away_refusals_cost_no_connection() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    for answer in [RefreshErrorKind::Transient, RefreshErrorKind::Misconfigured] {
        world.provider.always(Call::Check, Scripted::Error(answer));
        for _ in 0..5 {
            reject(&world, id, "scripted-access-1").await;
            world.pass(2 * MINUTE).await;
        }
    }
    assert_eq!(world.state(id), ConnectionState::Connected);
    world.provider.always(Call::Check, Scripted::Honest);
    reject(&world, id, "scripted-access-1").await;
    assert_eq!((world.state(id), world.row(id).strikes.rejected), (ConnectionState::Connected, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_another_token_changes_nothing() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.force(id).await.unwrap();
    let before = world.row(id);
    reject(&world, id, "scripted-access-1").await;
    reject(&world, id, "somebody-elses").await;
    assert_eq!((world.row(id), world.provider.calls(Call::Check)), (before, 0));
}
