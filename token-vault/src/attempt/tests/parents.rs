//! Tokens that are derived from another connection's.

use sociogram_oauth_core::{ReauthReason, RefreshErrorKind};

use super::{world::family, *};
use crate::{EventKind, FailureClass};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_blocked_page_gets_a_token_from_the_person() {
    let world = World::new(Rotation::None);
    let (_, page) = family(&world).await;
    world.memory.overwrite((TENANT, page), |row| row.state = ConnectionState::BlockedByParent);
    world.here.renew(page).await.unwrap();
    let row = world.row(page);
    assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
    assert_eq!((world.provider.calls(Call::Derive), world.refreshes()), (1, 0));
    assert!(world.provider.accepts(&world.here.token(page).await));
    assert_eq!(world.events().await, [EventKind::Recovered]);
    // What is derived from what the person has now is not derived again; unless it is forced.
    world.here.renew(page).await.unwrap();
    assert_eq!(world.provider.calls(Call::Derive), 1);
    world.here.force(page).await.unwrap();
    assert_eq!(world.provider.calls(Call::Derive), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_follows_the_token_of_the_person() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.pass(2 * 24 * 60 * MINUTE).await;
    world.here.force(person).await.unwrap();
    world.here.settle(world.clock).await;
    // It was told, and waits for a worker.
    assert!(world.row(page).due_at.unwrap() <= world.clock.now());
    assert_eq!(world.provider.calls(Call::Derive), 0);
    world.here.renew(page).await.unwrap();
    world.here.renew(page).await.unwrap();
    assert_eq!((world.provider.calls(Call::Derive), world.row(page).generation), (1, Generation::new(2)));
    assert!(world.row(page).due_at.is_none_or(|due| due > world.clock.now()));
}

#[tokio::test(start_paused = true)]
async fn a_person_whose_token_has_ended_is_renewed_first() {
    let world = World::new(Rotation::Strict);
    let person = world.log_in(TokenKind::Generic, "u").await;
    let tokens = world.here.vault.0.open_tokens(TENANT, person, &world.row(person)).await.unwrap();
    let page = world.provider.log_in_page(&tokens, "page");
    let page = world.connect("page", &page, Some(person)).await;
    world.pass_life().await;
    world.memory.overwrite((TENANT, page), |row| row.state = ConnectionState::BlockedByParent);
    world.here.renew(page).await.unwrap();
    assert_eq!((world.refreshes(), world.provider.calls(Call::Derive)), (1, 1));
    assert_eq!(world.row(person).generation, Generation::new(2));
    assert!(world.provider.accepts(&world.here.token(page).await));

    // And when that fails, the Page waits with the person.
    world.pass_life().await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    let error = world.here.force(page).await.unwrap_err();
    assert_eq!(
        (error.unusable(), world.state(page)),
        (Some(crate::Unusable::NotNow), ConnectionState::Connected)
    );
    world.provider.always(Call::Refresh, Answer::Revoked(ReauthReason::AppRemoved));
    world.pass(MINUTE).await;
    world.here.force(page).await.unwrap();
    assert_eq!(world.state(person), ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert_eq!(world.state(page), ConnectionState::BlockedByParent);
    assert_eq!(world.provider.calls(Call::Derive), 1);
}

#[tokio::test(start_paused = true)]
async fn without_the_person_a_page_is_blocked_and_looks_again_in_an_hour() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    // A process that died before it told anybody.
    let lost = ConnectionState::NeedsReauth(ReauthReason::PasswordChanged);
    world.memory.overwrite((TENANT, person), |row| row.state = lost);
    world.here.force(page).await.unwrap();
    assert_eq!(
        (world.state(page), world.provider.calls(Call::Derive)),
        (ConnectionState::BlockedByParent, 0)
    );
    assert_eq!(world.events().await, [EventKind::Blocked]);
    let due = world.row(page).due_at.unwrap();
    let wait = due.saturating_duration_since(world.clock.now());
    assert!(wait >= 60 * MINUTE && wait <= 75 * MINUTE, "{wait:?}");
    // It is not written again for everybody who asks, and moves on when its time has come.
    let revision = world.row(page).revision;
    world.here.force(page).await.unwrap();
    assert_eq!(world.row(page).revision, revision);
    world.pass(wait).await;
    world.here.renew(page).await.unwrap();
    assert!(world.row(page).due_at.unwrap() > world.clock.now());
    assert_eq!(world.provider.calls(Call::Derive), 0);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_the_person_no_longer_reaches_is_lost_alone() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.provider.plan(Call::Derive, Answer::Revoked(ReauthReason::PermissionsLost));
    world.here.force(page).await.unwrap();
    world.here.settle(world.clock).await;
    assert_eq!(world.state(page), ConnectionState::NeedsReauth(ReauthReason::PermissionsLost));
    assert_eq!(world.state(person), ConnectionState::Connected);
    assert_eq!(world.provider.calls(Call::Check), 0);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_dies_with_the_person_asks_the_person_once() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    let tokens = world.here.vault.0.open_tokens(TENANT, person, &world.row(person)).await.unwrap();
    let second = world.provider.log_in_page(&tokens, "second");
    let second = world.connect("second", &second, Some(person)).await;
    world.provider.withdraw("u", ReauthReason::PasswordChanged);
    world.here.force(page).await.unwrap();
    world.here.settle(world.clock).await;
    assert_eq!(world.state(person), ConnectionState::NeedsReauth(ReauthReason::PasswordChanged));
    for page in [page, second] {
        assert_eq!(world.state(page), ConnectionState::BlockedByParent);
    }
    let asked =
        world.events().await.into_iter().filter(|event| matches!(event, EventKind::NeedsReauth { .. }));
    assert_eq!(asked.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_person_is_good_is_lost_itself() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.provider.always(Call::Derive, Answer::Revoked(ReauthReason::GrantRevoked));
    world.here.force(page).await.unwrap();
    world.here.settle(world.clock).await;
    // Blocked, the person is checked and found good, deriving fails once more.
    assert_eq!((world.provider.calls(Call::Derive), world.provider.calls(Call::Check)), (2, 1));
    assert_eq!(world.state(page), ConnectionState::NeedsReauth(ReauthReason::GrantRevoked));
    assert_eq!(world.state(person), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_person_cannot_be_checked_stays_blocked() {
    let world = World::new(Rotation::None);
    let (_, page) = family(&world).await;
    world.provider.plan(Call::Derive, Answer::Revoked(ReauthReason::GrantRevoked));
    world.provider.plan(Call::Check, Answer::Error(RefreshErrorKind::Transient));
    world.here.force(page).await.unwrap();
    world.here.settle(world.clock).await;
    assert_eq!(
        (world.state(page), world.provider.calls(Call::Derive)),
        (ConnectionState::BlockedByParent, 1)
    );
    // An hour later nothing is wrong any more.
    world.pass(76 * MINUTE).await;
    world.here.renew(page).await.unwrap();
    assert_eq!(world.state(page), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_deriving_is_one_of_the_page() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.provider.plan(Call::Derive, Answer::Silence);
    world.here.force(page).await.unwrap();
    let row = world.row(page);
    assert_eq!(row.last_error.unwrap().class, FailureClass::Transient);
    assert_eq!((row.state, world.row(person).failures), (ConnectionState::RefreshFailing, 0));
}

#[tokio::test(start_paused = true)]
async fn connections_that_go_round_in_a_circle_end() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.memory.overwrite((TENANT, person), |row| {
        row.parent = Some(page);
        row.token.kind = TokenKind::MetaPage;
    });
    world.pass_life().await;
    for id in [page, person] {
        world.memory.overwrite((TENANT, id), |row| {
            row.token.expiry = sociogram_oauth_core::Expiry::At(world.clock.now());
        });
    }
    let (first, second) = tokio::join!(world.here.force(page), world.here.force(person));
    assert!(first.is_err() && second.is_err());
}
