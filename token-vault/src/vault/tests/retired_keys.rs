//! Data keys that are not needed any more.

use super::*;
use crate::DataKeyId;

async fn active(world: &World) -> DataKeyId {
    world.store.active_key(TENANT).await.unwrap().unwrap().id
}

fn in_use(outcome: Result<bool, VaultError>) -> bool {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    error.refusal() == Some(Refusal::KeyInUse)
}

#[tokio::test]
async fn a_data_key_is_destroyed_once_nothing_needs_it() {
    let world = World::with_app();
    let renewed = world.person("ada").await;
    let ended = world.person("bob").await;
    let old = active(&world).await;
    assert!(!world.vault.retire_data_key(TENANT, old).await.unwrap(), "the active one never is");
    let new = world.vault.0.keys.rotate(TENANT, world.vault.0.timer.now()).await.unwrap();
    world.vault.put(TENANT, renewed, &tokens("EAAB-2")).await.unwrap();
    world.advance(3600);
    assert!(in_use(world.vault.retire_data_key(TENANT, old).await), "a token is under it");
    world.vault.disconnect(TENANT, ended).await.unwrap();
    assert!(in_use(world.vault.retire_data_key(TENANT, old).await), "its grant is still to be withdrawn");
    let waiting = world.store.take_revocations(9, Duration::ZERO).await.unwrap().pop().unwrap();
    let notes = crate::Notes::by(AuditActor::Service);
    world.store.finish_revocation(TENANT, ended, waiting.generation, notes).await.unwrap();

    assert!(!world.vault.retire_data_key(OTHER, old).await.unwrap(), "of another tenant");
    assert!(world.vault.retire_data_key(TENANT, old).await.unwrap());
    assert!(!world.vault.retire_data_key(TENANT, old).await.unwrap(), "once");
    let destroyed = AuditQuery::latest(9).only(AuditAction::KeyDestroyed);
    assert_eq!(world.vault.audit(TENANT, destroyed).await.unwrap().records.len(), 1);
    assert!(!world.vault.retire_data_key(TENANT, new).await.unwrap());
    assert_eq!(token(&world.process(KEY), TENANT, renewed).await, "EAAB-2");
}

#[tokio::test]
async fn a_data_key_is_not_destroyed_while_a_write_may_be_under_way() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let old = active(&world).await;
    world.vault.0.keys.rotate(TENANT, world.vault.0.timer.now()).await.unwrap();
    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert!(in_use(world.vault.retire_data_key(TENANT, old).await));
    world.advance(3599);
    assert!(in_use(world.vault.retire_data_key(TENANT, old).await));
    world.advance(1);
    assert!(world.vault.retire_data_key(TENANT, old).await.unwrap());
}
