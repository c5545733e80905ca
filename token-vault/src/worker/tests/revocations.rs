//! Grants of ended connections.

use super::world::{OTHER, TENANT};
use super::*;
use crate::{AuditActor, Notes, Retire, Retirement};

const ACTIONS: [AuditAction; 3] =
    [AuditAction::Revoked, AuditAction::RevokeSkipped, AuditAction::RevokeFailed];

/// Ends the connection; its secrets wait to be revoked.
async fn retire(world: &World, tenant: TenantId, connection: ConnectionId) {
    let notes = Notes::by(AuditActor::Service);
    let retire = Retire::new(Retirement::Disconnected, notes).keeping_for_revoke();
    world.store.retire(tenant, connection, retire).await.unwrap();
}

async fn retired(world: &World) -> (ConnectionId, TokenSet) {
    world.provider.set_life(days(60));
    let tokens = world.provider.log_in(TokenKind::MetaUserLong, "user");
    let connection = world.connect("user", &tokens).await;
    retire(world, TENANT, connection).await;
    (connection, tokens)
}

async fn waiting(world: &World) -> u64 {
    crate::CrossTenant::census(&*world.store).await.unwrap().revocations_waiting
}

/// The only thing that is told about it.
async fn told(world: &World, tenant: TenantId) -> (AuditAction, String) {
    let mut audit = world.audit(tenant, &ACTIONS).await;
    assert_eq!((audit.len(), waiting(world).await), (1, 0));
    audit.remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_grant_is_withdrawn_once_and_its_secrets_are_gone() {
    let world = World::new();
    let (_, tokens) = retired(&world).await;
    assert!(world.provider.accepts(tokens.access().expose()));
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.revoked, world.provider.calls(Call::Revoke)), (1, 1));
    assert!(!world.provider.accepts(tokens.access().expose()));
    assert_eq!(told(&world, TENANT).await, (AuditAction::Revoked, String::new()));
    world.work(minutes(1), minutes(10)).await;
    assert_eq!(world.provider.calls(Call::Revoke), 1);
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_another_tenant_lives_on_is_not_withdrawn() {
    let world = World::new();
    let (_, tokens) = retired(&world).await;
    world.connect_to(OTHER, ProviderId::FACEBOOK, "user", &tokens).await;
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.revocations_skipped, world.provider.calls(Call::Revoke)), (1, 0));
    assert_eq!(told(&world, TENANT).await, (AuditAction::RevokeSkipped, "in_use".to_owned()));
    assert!(world.provider.accepts(tokens.access().expose()));
}

#[tokio::test(start_paused = true)]
async fn a_grant_is_not_withdrawn_from_under_a_new_login_of_the_same_connection() {
    let world = World::new();
    let (connection, tokens) = retired(&world).await;
    assert_eq!(world.connect("user", &tokens).await, connection);
    world.worker.tick().await.unwrap();
    assert_eq!(told(&world, TENANT).await.0, AuditAction::RevokeSkipped);
    assert_eq!(world.provider.calls(Call::Revoke), 0);
}

#[tokio::test(start_paused = true)]
async fn the_last_of_two_that_live_on_one_grant_takes_it_along() {
    let world = World::new();
    let (_, tokens) = retired(&world).await;
    let elsewhere = world.connect_to(OTHER, ProviderId::FACEBOOK, "user", &tokens).await;
    world.worker.tick().await.unwrap();
    retire(&world, OTHER, elsewhere).await;
    world.worker.tick().await.unwrap();
    assert_eq!(told(&world, OTHER).await.0, AuditAction::Revoked);
    assert_eq!(world.provider.calls(Call::Revoke), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_withdrawn_at_the_provider_is_skipped() {
    let world = World::new();
    world.provider.plan(Call::Revoke, Answer::NoRevocation);
    world.provider.plan(Call::Revoke, Answer::Error(RefreshErrorKind::NotOffered));
    for _ in 0..2 {
        retired(&world).await;
        world.worker.tick().await.unwrap();
    }
    let skipped = (AuditAction::RevokeSkipped, "not_offered".to_owned());
    assert_eq!(world.audit(TENANT, &ACTIONS).await, [skipped.clone(), skipped]);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_never_withdrawn_at_the_provider() {
    let world = World::new();
    let page = world.connect("page", &world.provider.log_in(TokenKind::MetaPage, "page")).await;
    retire(&world, TENANT, page).await;
    world.worker.tick().await.unwrap();
    assert_eq!(told(&world, TENANT).await, (AuditAction::RevokeSkipped, "derived".to_owned()));
    assert_eq!(world.provider.calls(Call::Revoke), 0);
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_is_gone_already_counts_as_withdrawn() {
    let world = World::new();
    retired(&world).await;
    world.provider.withdraw("user", ReauthReason::AppRemoved);
    world.worker.tick().await.unwrap();
    assert_eq!(told(&world, TENANT).await.0, AuditAction::Revoked);
}

#[tokio::test(start_paused = true)]
async fn a_provider_in_trouble_is_asked_less_and_less_often_for_a_week() {
    let world = World::new();
    retired(&world).await;
    world.provider.always(Call::Revoke, Answer::Error(RefreshErrorKind::Transient));
    let began = world.now();
    world.work(minutes(1), days(7)).await;
    assert_eq!((world.audit(TENANT, &ACTIONS).await, waiting(&world).await), (vec![], 1));
    let calls: Vec<_> =
        world.calls.lock().unwrap().iter().map(|at| at.saturating_sub(began).as_secs() / 60).collect();
    assert_eq!(calls[..6], [0, 2, 6, 14, 30, 62]);
    assert!(calls.len() <= 13, "{calls:?}");
    world.work(minutes(1), minutes(5)).await;
    assert_eq!(told(&world, TENANT).await, (AuditAction::RevokeFailed, "no_confirmation".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_not_waited_for() {
    let world = World::new();
    retired(&world).await;
    world.provider.plan(Call::Revoke, Answer::Silence);
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.revocations_left, report.revoked), (1, 0));
    // It had been done.
    world.pass(minutes(2)).await;
    world.worker.tick().await.unwrap();
    assert_eq!(told(&world, TENANT).await.0, AuditAction::Revoked);
}

#[tokio::test(start_paused = true)]
async fn secrets_that_cannot_be_opened_any_more_are_deleted() {
    let world = World::new();
    retired(&world).await;
    world.vault.shred_tenant(TENANT).await.unwrap();
    let report = world.worker.tick().await.unwrap();
    assert_eq!(report.revocations_given_up, 1);
    assert_eq!(told(&world, TENANT).await, (AuditAction::RevokeFailed, "secrets_lost".to_owned()));
    assert_eq!(world.provider.calls(Call::Revoke), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_makes_trouble_keeps_no_other_from_being_withdrawn() {
    let world = World::new();
    world.provider.set_life(days(60));
    world.provider.plan(Call::Revoke, Answer::Panic);
    for number in 0..20 {
        let user = format!("user-{number}");
        let connection = world.connect(&user, &world.provider.log_in(TokenKind::MetaUserLong, &user)).await;
        retire(&world, TENANT, connection).await;
    }
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.revoked, report.revocations_left), (19, 1));
    world.pass(minutes(2)).await;
    assert_eq!(world.worker.tick().await.unwrap().revoked, 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_say_who_else_holds_the_account_withdraws_nothing() {
    let world = World::new();
    retired(&world).await;
    let store = FaultyStore::over(world.store.clone());
    store.fail("holders", Fault::NothingDone, 1);
    let worker = world.vault.worker(store).build().unwrap();
    assert_eq!(worker.tick().await.unwrap().revocations_left, 1);
    assert_eq!(world.provider.calls(Call::Revoke), 0);
}
