use std::time::Duration;

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{Rotation, TokenKind};

use super::*;
use crate::{
    Unusable,
    attempt::tests::world::{TENANT, World},
};

const SECOND: Duration = Duration::from_secs(1);

const fn outcome(unchanged: usize, forgotten: usize) -> Revalidated {
    Revalidated { unchanged, forgotten }
}

#[tokio::test(start_paused = true)]
async fn one_call_tells_what_has_changed_and_spares_the_reads_of_the_rest() {
    let world = World::new(Rotation::None);
    let elsewhere = world.process();
    let mut ids = Vec::new();
    for number in 0..1_100 {
        let id = world.log_in(TokenKind::Generic, &number.to_string()).await;
        elsewhere.vault.resolve(TENANT, id).await.unwrap();
        ids.push(id);
    }
    world.pass(8 * SECOND).await;
    world.here.vault.disconnect(TENANT, ids[0]).await.unwrap();
    world.here.vault.put(TENANT, ids[1], &world.provider.log_in(TokenKind::Generic, "1")).await.unwrap();
    elsewhere.store.take_calls();
    assert_eq!(elsewhere.vault.revalidate().await.unwrap(), outcome(1_098, 2));
    assert_eq!(elsewhere.store.take_calls(), ["revisions"; 3]);
    assert_eq!(elsewhere.vault.cached_len(), 1_098);

    world.pass(8 * SECOND).await;
    for id in &ids[2..] {
        elsewhere.vault.resolve(TENANT, *id).await.unwrap();
    }
    assert_eq!(elsewhere.store.take_calls(), [""; 0]);
    let error = elsewhere.vault.resolve(TENANT, ids[0]).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::Disconnected));
    elsewhere.vault.resolve(TENANT, ids[1]).await.unwrap();
    assert_eq!(elsewhere.store.take_calls(), ["read", "read"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_removed_is_forgotten() {
    let world = World::new(Rotation::None);
    let elsewhere = world.process();
    let id = world.log_in(TokenKind::Generic, "u").await;
    elsewhere.vault.resolve(TENANT, id).await.unwrap();
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    let notes = crate::Notes::by(crate::AuditActor::Service);
    let removed = crate::ConnectionRepo::remove(&*world.memory, TENANT, id, notes).await.unwrap();
    assert_eq!(removed, crate::Removed::Done);
    assert_eq!(elsewhere.vault.revalidate().await.unwrap(), outcome(0, 1));
    assert_eq!(elsewhere.vault.resolve(TENANT, id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn refusals_are_confirmed_like_tokens() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    world.here.vault.resolve(TENANT, id).await.unwrap_err();
    world.pass(9 * SECOND).await;
    assert_eq!(world.here.vault.revalidate().await.unwrap(), outcome(1, 0));
    world.pass(9 * SECOND).await;
    world.here.store.take_calls();
    world.here.vault.resolve(TENANT, id).await.unwrap_err();
    assert_eq!(world.here.store.take_calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn tenants_are_asked_for_one_by_one_and_an_empty_memory_asks_for_none() {
    let world = World::new(Rotation::None);
    assert_eq!(world.here.vault.revalidate().await.unwrap(), outcome(0, 0));
    world.here.store.take_calls();
    let other = TenantId::from_bytes([2; 16]);
    let account = |user| crate::Account::new(sociogram_oauth_core::ProviderId::FACEBOOK, "app", user);
    for tenant in [TENANT, other] {
        for user in ["u", "v"] {
            let tokens = world.provider.log_in(TokenKind::Generic, user);
            let new = crate::NewConnection::new(tenant, account(user));
            let id = world.here.vault.connect(new, &tokens).await.unwrap().id;
            world.here.vault.resolve(tenant, id).await.unwrap();
        }
    }
    world.here.store.take_calls();
    assert_eq!(world.here.vault.revalidate().await.unwrap(), outcome(4, 0));
    assert_eq!(world.here.store.take_calls(), ["revisions"; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_told_and_changes_nothing() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.vault.resolve(TENANT, id).await.unwrap();
    world.here.store.set_down(true);
    assert_eq!(world.here.vault.revalidate().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(world.here.vault.cached_len(), 1);
    world.here.vault.resolve(TENANT, id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_destroyed_key_is_noticed_however_often_the_memory_is_confirmed() {
    let world = World::new(Rotation::None);
    let elsewhere = world.process();
    let id = world.log_in(TokenKind::Generic, "u").await;
    elsewhere.vault.resolve(TENANT, id).await.unwrap();
    world.here.vault.shred_tenant(TENANT).await.unwrap();
    let mut minutes = 0;
    while elsewhere.vault.resolve(TENANT, id).await.is_ok() {
        for _ in 0..10 {
            world.pass(6 * SECOND).await;
            elsewhere.vault.revalidate().await.unwrap();
        }
        minutes += 1;
        assert!(minutes <= 15, "ten minutes for the key, five for the open token");
    }
}
