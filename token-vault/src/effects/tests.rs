use std::time::Duration;

use sociogram_api_core::Clock as _;
use sociogram_oauth_core::{ReauthReason, Rotation, TokenKind, TokenSet};

use super::*;
use crate::{
    EventKind, Generation,
    attempt::tests::world::{TENANT, World, family},
    testing::{Answer as Scripted, Call, Fault},
};

const NOTHING: Effects = Effects {
    shred: false,
    notify: false,
    cascade: None,
    check: false,
    check_parent: false,
    renew: false,
    report_app: false,
    alarm: false,
    chain_lost: false,
};

async fn follow_up(world: &World, id: ConnectionId, effects: Effects) {
    world.here.vault.0.follow_up((TENANT, id), effects);
    world.here.settle(world.clock).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_starts_nothing() {
    let world = World::new(Rotation::None);
    let (person, _) = family(&world).await;
    world.here.store.take_calls();
    let effects =
        Effects { shred: true, notify: true, report_app: true, alarm: true, chain_lost: true, ..NOTHING };
    follow_up(&world, person, effects).await;
    assert_eq!(world.here.store.take_calls(), [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_person_blocks_the_pages_once() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.here.vault.mark_needs_reauth(TENANT, person, ReauthReason::AppRemoved).await.unwrap();
    world.here.settle(world.clock).await;
    assert_eq!(world.state(page), ConnectionState::BlockedByParent);
    let told = [EventKind::NeedsReauth { reason: ReauthReason::AppRemoved }, EventKind::Blocked];
    assert_eq!(world.events().await, told);
    let revision = world.row(page).revision;
    let lost = Effects { cascade: Some(Cascade::Lost), ..NOTHING };
    follow_up(&world, person, lost).await;
    assert_eq!((world.row(page).revision, world.events().await), (revision, vec![]));
}

#[tokio::test(start_paused = true)]
async fn news_that_come_too_late_block_nobody() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    follow_up(&world, person, Effects { cascade: Some(Cascade::Lost), ..NOTHING }).await;
    assert_eq!(world.state(page), ConnectionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_is_back_brings_the_pages_back() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    let tokens = world.here.vault.0.open_tokens(TENANT, person, &world.row(person)).await.unwrap();
    let second = world.connect("second", &world.provider.log_in_page(&tokens, "second"), Some(person)).await;
    world.here.vault.mark_needs_reauth(TENANT, person, ReauthReason::AppRemoved).await.unwrap();
    world.here.settle(world.clock).await;
    // One of the two was lost for good, and waits for its own login.
    let lost = ConnectionState::NeedsReauth(ReauthReason::PermissionsLost);
    world.memory.overwrite((TENANT, second), |row| row.state = lost);
    world.events().await;
    world.pass(Duration::from_secs(60)).await;
    let again = world.provider.log_in(TokenKind::MetaUserLong, "u");
    world.connect("u", &again, None).await;
    let back = Effects { cascade: Some(Cascade::Back), ..NOTHING };
    follow_up(&world, person, back).await;
    follow_up(&world, person, back).await;
    let row = world.row(page);
    assert_eq!((row.state, row.generation), (ConnectionState::Connected, Generation::new(2)));
    assert_eq!((world.provider.calls(Call::Derive), world.state(second)), (1, lost));
    assert!(world.events().await.contains(&EventKind::Recovered));
    assert!(world.provider.accepts(&world.here.token(page).await));
}

#[tokio::test(start_paused = true)]
async fn a_connected_page_is_made_due_once_and_not_when_it_is_younger() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.pass(Duration::from_secs(60)).await;
    let again = world.provider.log_in(TokenKind::MetaUserLong, "u");
    world.connect("u", &again, None).await;
    world.here.settle(world.clock).await;
    let back = Effects { cascade: Some(Cascade::Back), ..NOTHING };
    follow_up(&world, person, back).await;
    let row = world.row(page);
    assert!(row.due_at.unwrap() <= world.clock.now());
    follow_up(&world, person, back).await;
    assert_eq!(world.row(page).revision, row.revision);
    world.pass(Duration::from_secs(60)).await;
    world.here.renew(page).await.unwrap();
    let row = world.row(page);
    follow_up(&world, person, back).await;
    assert_eq!(world.row(page), row);
    assert_eq!(world.provider.calls(Call::Derive), 1);
}

#[tokio::test(start_paused = true)]
async fn one_page_that_cannot_be_told_does_not_keep_the_others_from_it() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    let tokens = world.here.vault.0.open_tokens(TENANT, person, &world.row(person)).await.unwrap();
    let mut pages = vec![page];
    for name in ["second", "third"] {
        pages.push(world.connect(name, &world.provider.log_in_page(&tokens, name), Some(person)).await);
    }
    let lost = ConnectionState::NeedsReauth(ReauthReason::AppRemoved);
    world.memory.overwrite((TENANT, person), |row| row.state = lost);
    world.here.store.fail("amend", Fault::NothingDone, 1);
    let effects = Effects { cascade: Some(Cascade::Lost), ..NOTHING };
    follow_up(&world, person, effects).await;
    let blocked = pages.iter().filter(|page| world.state(**page) == ConnectionState::BlockedByParent);
    assert_eq!(blocked.count(), 2);
    // Done again, it does what was left.
    follow_up(&world, person, effects).await;
    assert!(pages.iter().all(|page| world.state(*page) == ConnectionState::BlockedByParent));
}

#[tokio::test(start_paused = true)]
async fn connections_in_a_circle_are_told_and_that_is_all() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    world.memory.overwrite((TENANT, person), |row| {
        (row.parent, row.token.kind) = (Some(page), TokenKind::MetaPage);
        row.state = ConnectionState::BlockedByParent;
    });
    follow_up(&world, person, Effects { cascade: Some(Cascade::Lost), ..NOTHING }).await;
    assert_eq!(world.state(page), ConnectionState::BlockedByParent);
    follow_up(&world, person, Effects { cascade: Some(Cascade::Back), ..NOTHING }).await;
}

#[tokio::test(start_paused = true)]
async fn news_do_not_travel_for_ever() {
    let world = World::new(Rotation::None);
    let (person, page) = family(&world).await;
    let mut line = vec![page];
    for name in ["a", "b", "c", "d", "e"] {
        let tokens = TokenSet::new(name.into(), TokenKind::MetaPage);
        line.push(world.connect(name, &tokens, line.last().copied()).await);
    }
    world.here.vault.mark_needs_reauth(TENANT, person, ReauthReason::AppRemoved).await.unwrap();
    world.here.settle(world.clock).await;
    let blocked = line.iter().map(|id| world.state(*id) == ConnectionState::BlockedByParent);
    assert_eq!(blocked.collect::<Vec<_>>(), [true, true, true, true, false, false]);
}

#[tokio::test(start_paused = true)]
async fn checks_and_renewals_are_made() {
    let world = World::new(Rotation::None);
    let id = world.ended().await;
    follow_up(&world, id, Effects { renew: true, ..NOTHING }).await;
    assert_eq!(world.refreshes(), 1);
    follow_up(&world, id, Effects { check: true, ..NOTHING }).await;
    assert_eq!(world.provider.calls(Call::Check), 1);
    let (person, page) = family(&world).await;
    world.provider.plan(Call::Check, Scripted::Revoked(ReauthReason::AppRemoved));
    follow_up(&world, page, Effects { check_parent: true, ..NOTHING }).await;
    assert_eq!(world.state(person), ConnectionState::NeedsReauth(ReauthReason::AppRemoved));
    assert_eq!(
        (world.state(page), world.provider.calls(Call::Derive)),
        (ConnectionState::BlockedByParent, 0)
    );
}
