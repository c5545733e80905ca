//! New data keys: on demand, after a year, after 2^30 messages.

use super::*;

const YEAR: i64 = 365 * 24 * 3600;

async fn states(world: &World) -> Vec<DataKeyState> {
    let mut keys = world.store.list_keys(TENANT).await.unwrap();
    keys.sort_by_key(|key| key.created_at);
    keys.into_iter().map(|key| key.state).collect()
}

#[tokio::test]
async fn a_rotated_key_only_opens_and_the_new_one_seals() {
    use DataKeyState::{Active, DecryptOnly};
    let world = World::new();
    let before = world.seal(TENANT, 0).await;
    let id = world.keys.rotate(TENANT, at(1)).await.unwrap();
    assert_ne!(before.key_id(), Some(id));
    assert_eq!(states(&world).await, [DecryptOnly, Active]);
    assert_eq!(world.keys.active_key_id(TENANT).await.unwrap(), Some(id));

    let after = world.seal(TENANT, 2).await;
    assert_eq!(after.key_id(), Some(id));
    for process in [&world, &world.process()] {
        process.open(TENANT, &before, 2).await.unwrap();
        process.open(TENANT, &after, 2).await.unwrap();
    }
    assert_eq!(world.keys.rotate(OTHER, at(1)).await.ok(), world.keys.active_key_id(OTHER).await.unwrap());
}

#[tokio::test]
async fn another_process_seals_under_the_new_key_at_once() {
    let world = World::new();
    let process = world.process();
    world.seal(TENANT, 0).await;
    process.seal(TENANT, 0).await;
    let id = world.keys.rotate(TENANT, at(1)).await.unwrap();
    assert_eq!(process.seal(TENANT, 1).await.key_id(), Some(id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_rotations_agree_on_one_new_key() {
    let world = World::new();
    world.seal(TENANT, 0).await;
    // They all saw the same active key.
    let seen = Some(world.active().await.id);
    let rotations: Vec<_> = (0..8)
        .map(|_| {
            let keys = world.process().keys;
            tokio::spawn(async move { keys.put_new_key(TENANT, seen, at(1)).await.unwrap().id })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for rotation in rotations {
        ids.insert(rotation.await.unwrap());
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(states(&world).await, [DataKeyState::DecryptOnly, DataKeyState::Active]);
}

#[tokio::test]
async fn a_key_is_replaced_after_a_year() {
    let world = World::new();
    let first = world.seal(TENANT, 0).await.key_id();
    assert_eq!(world.seal(TENANT, YEAR - 1).await.key_id(), first);
    let second = world.seal(TENANT, YEAR).await.key_id();
    assert_ne!(second, first);
    assert_eq!(world.seal(TENANT, 2 * YEAR - 1).await.key_id(), second);
}

#[tokio::test]
async fn a_key_is_replaced_after_its_messages() {
    let world = World::new();
    let first = world.seal(TENANT, 0).await.key_id();
    let used = world.active().await.messages;
    world.store.add_messages(TENANT, first.unwrap(), MAX_MESSAGES - used - 1).await.unwrap();
    assert_eq!(world.seal(TENANT, 1).await.key_id(), first);
    world.store.add_messages(TENANT, first.unwrap(), 1).await.unwrap();
    assert_ne!(world.seal(TENANT, 1).await.key_id(), first);
}

#[tokio::test]
async fn the_table_hears_of_messages_before_they_are_sealed() {
    let world = World::new();
    for sealed in 1..=2 * u64::from(RESERVED) + 1 {
        world.seal(TENANT, 0).await;
        let count = world.active().await.messages;
        let blocks = sealed.div_ceil(u64::from(RESERVED));
        assert_eq!(count, blocks * u64::from(RESERVED), "{sealed}");
    }
    let another = world.process();
    another.seal(TENANT, 0).await;
    assert_eq!(world.active().await.messages, 4 * u64::from(RESERVED));
    // Asking the provider again costs no block.
    another.seal(TENANT, 600).await;
    assert_eq!(world.active().await.messages, 4 * u64::from(RESERVED));
}

#[tokio::test]
async fn a_worn_key_seals_on_while_no_new_one_can_be_made_but_not_beyond_its_limit() {
    let world = World::new();
    let first = world.seal(TENANT, 0).await.key_id();
    let id = first.unwrap();
    world.store.add_messages(TENANT, id, MAX_MESSAGES).await.unwrap();
    world.provider.fail(KeyErrorKind::Unavailable);
    world.provider.take_calls();
    // The last one: a clock that stepped back does not stretch the pause.
    for (now, wraps) in [(1, 1), (2, 0), (15, 0), (16, 1), (17, 0), (-1000, 1)] {
        assert_eq!(world.seal(TENANT, now).await.key_id(), first);
        assert_eq!(world.provider.take_calls().0, wraps, "{now}");
    }
    world.store.add_messages(TENANT, id, MESSAGE_LIMIT).await.unwrap();
    assert_eq!(world.try_seal(TENANT, -999).await.unwrap_err().kind(), ErrorKind::Unavailable);
    world.provider.fail(None);
    assert_ne!(world.seal(TENANT, -998).await.key_id(), first);
}

#[tokio::test]
async fn a_retired_key_can_be_destroyed_and_the_active_one_cannot() {
    let world = World::new();
    let before = world.seal(TENANT, 0).await;
    let old = before.key_id().unwrap();
    assert!(!world.keys.destroy_retired(TENANT, old).await.unwrap());
    let new = world.keys.rotate(TENANT, at(1)).await.unwrap();
    assert!(!world.keys.destroy_retired(OTHER, old).await.unwrap());
    assert!(!world.keys.destroy_retired(TENANT, new).await.unwrap());
    world.open(TENANT, &before, 1).await.unwrap();

    assert!(world.keys.destroy_retired(TENANT, old).await.unwrap());
    let error = world.open(TENANT, &before, 1).await.unwrap_err();
    assert_eq!(error.seal_fault(), Some(SealFault::Shredded), "it is gone from memory too");
    let after = world.seal(TENANT, 1).await;
    world.open(TENANT, &after, 1).await.unwrap();
}
