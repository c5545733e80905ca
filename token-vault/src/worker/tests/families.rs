//! Tokens that are derived from another connection's.

use super::world::TENANT;
use super::*;

async fn family(world: &World) -> (ConnectionId, ConnectionId) {
    world.provider.set_life(days(60));
    let tokens = world.provider.log_in(TokenKind::MetaUserLong, "person");
    let person = world.connect("person", &tokens).await;
    let page = TokenSet::new(
        world.provider.log_in(TokenKind::MetaPage, "page").access().clone(),
        TokenKind::MetaPage,
    )
    .with_expiry(Expiry::Never)
    .with_issued_at(world.clock.now());
    let new =
        NewConnection::new(TENANT, Account::new(ProviderId::FACEBOOK, "app", "page")).derived_from(person);
    (person, world.vault.connect(new, &page).await.unwrap().id)
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_person_was_lost_without_anybody_telling_it_is_blocked() {
    let world = World::new();
    let (person, page) = family(&world).await;
    // The process died between the two writes.
    world.store.overwrite((TENANT, person), |stored| {
        stored.state = ConnectionState::NeedsReauth(ReauthReason::PasswordChanged);
    });
    world.make_due((TENANT, page));
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.lost, world.state(page)), (1, ConnectionState::BlockedByParent));
    assert_eq!(world.sink.kinds(), [EventKind::Blocked]);
    assert_eq!(world.calls.lock().unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_blocked_page_waits_for_its_person_and_asks_nobody_meanwhile() {
    let world = World::new();
    let (person, page) = family(&world).await;
    world.vault.mark_needs_reauth(TENANT, person, ReauthReason::PasswordChanged).await.unwrap();
    world.work(minutes(1), minutes(1)).await;
    assert_eq!(world.state(page), ConnectionState::BlockedByParent);
    let mut looks = 0;
    for _ in 0..24 * 60 {
        looks += world.worker.tick().await.unwrap().connections;
        world.pass(minutes(1)).await;
    }
    assert!(looks <= 26, "{looks} in a day");
    assert_eq!(world.calls.lock().unwrap().len(), 0);

    // The person is back, and nobody told the page.
    world.store.overwrite((TENANT, person), |stored| stored.state = ConnectionState::Connected);
    world.work(minutes(5), minutes(90)).await;
    assert_eq!(world.state(page), ConnectionState::Connected);
    assert_eq!(world.provider.calls(Call::Derive), 1);
    assert_eq!(world.sink.kinds().last(), Some(&EventKind::Recovered));
}

#[tokio::test(start_paused = true)]
async fn a_page_is_derived_anew_when_its_person_has_a_new_token() {
    let world = World::new();
    let (person, page) = family(&world).await;
    let before = world.row((TENANT, page)).generation;
    world.pass(hours(1)).await;
    world.vault.put(TENANT, person, &world.provider.log_in(TokenKind::MetaUserLong, "person")).await.unwrap();
    world.make_due((TENANT, page));
    world.work(minutes(1), minutes(5)).await;
    assert!(world.row((TENANT, page)).generation > before);
    assert_eq!(world.provider.calls(Call::Derive), 1);
}
