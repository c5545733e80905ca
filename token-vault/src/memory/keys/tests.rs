//! One test per promise of the trait.

use std::sync::Arc;

use sociogram_api_core::Timestamp;

use super::*;
use crate::StoreErrorKind;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);
const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const OTHER: TenantId = TenantId::from_bytes([2; 16]);

fn id(id: u32) -> DataKeyId {
    DataKeyId::new(id)
}

fn wrapped(kek: &str, bytes: &[u8]) -> Wrapped {
    Wrapped::new(KekId::new(kek), bytes.to_vec())
}

fn key(tenant: TenantId, number: u32, kek: &str) -> WrappedDataKey {
    WrappedDataKey::new(tenant, id(number), 1, wrapped(kek, &[1, 2, 3]), [7; 32], NOW)
}

async fn states(store: &MemoryStore, tenant: TenantId) -> Vec<(u32, DataKeyState)> {
    let keys = store.list_keys(tenant).await.unwrap();
    keys.into_iter().map(|key| (key.id.get(), key.state)).collect()
}

async fn store_with(keys: &[(TenantId, u32, &str)]) -> MemoryStore {
    let store = MemoryStore::new();
    for (tenant, number, kek) in keys {
        let before = store.active_key(*tenant).await.unwrap().map(|key| key.id);
        let inserted = store.insert_active_key(key(*tenant, *number, kek), before).await.unwrap();
        assert_eq!(inserted.id, id(*number));
    }
    store
}

#[tokio::test]
async fn what_is_kept_is_read_back_by_its_tenant_only() {
    let store = MemoryStore::new();
    assert_eq!(store.active_key(TENANT).await.unwrap(), None);
    let kept = key(TENANT, 1, "kek");
    assert_eq!(store.insert_active_key(kept.clone(), None).await.unwrap(), kept);
    assert_eq!(store.active_key(TENANT).await.unwrap(), Some(kept.clone()));
    assert_eq!(store.find_key(TENANT, id(1)).await.unwrap(), Some(kept));
    assert_eq!(store.find_key(TENANT, id(2)).await.unwrap(), None);
    for tenant in [OTHER, TenantId::from_bytes([0; 16])] {
        assert_eq!(store.find_key(tenant, id(1)).await.unwrap(), None);
        assert_eq!(store.active_key(tenant).await.unwrap(), None);
        assert_eq!(store.list_keys(tenant).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_tenant_has_one_active_data_key() {
    let store = store_with(&[(TENANT, 1, "kek")]).await;
    let second = store.insert_active_key(key(TENANT, 2, "kek"), None).await.unwrap();
    assert_eq!(second.id, id(1), "the one that was there first");
    assert!(store.find_key(TENANT, id(2)).await.unwrap().is_none());
    store.insert_active_key(key(OTHER, 1, "kek"), None).await.unwrap();
    assert_eq!(states(&store, TENANT).await, [(1, DataKeyState::Active)]);
    assert_eq!(states(&store, OTHER).await, [(1, DataKeyState::Active)]);
}

#[tokio::test]
async fn a_new_active_key_makes_the_one_it_replaces_decrypt_only() {
    let store = store_with(&[(TENANT, 5, "kek")]).await;
    let now = store.insert_active_key(key(TENANT, 3, "kek"), Some(id(5))).await.unwrap();
    assert_eq!(now.id, id(3));
    let expected = [(3, DataKeyState::Active), (5, DataKeyState::DecryptOnly)];
    assert_eq!(states(&store, TENANT).await, expected);
    let stale = store.insert_active_key(key(TENANT, 4, "kek"), Some(id(5))).await.unwrap();
    assert_eq!(stale.id, id(3), "who saw an older active key changes nothing");
    for replacing in [None, Some(id(3)), Some(id(5))] {
        let again = store.insert_active_key(key(TENANT, 3, "kek"), replacing).await.unwrap();
        assert_eq!(again.id, id(3), "{replacing:?}");
    }
    assert_eq!(states(&store, TENANT).await, expected);
}

#[tokio::test]
async fn an_id_never_comes_twice_and_a_refused_key_changes_nothing() {
    let store = store_with(&[(TENANT, 1, "kek"), (TENANT, 2, "kek")]).await;
    let error = store.insert_active_key(key(TENANT, 1, "kek"), Some(id(2))).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
    assert_eq!(states(&store, TENANT).await, [(1, DataKeyState::DecryptOnly), (2, DataKeyState::Active)]);
    store.destroy_keys(TENANT).await.unwrap();
    let error = store.insert_active_key(key(TENANT, 2, "kek"), None).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict, "a destroyed key does not come back");
    store.insert_active_key(key(TENANT, 3, "kek"), Some(id(2))).await.unwrap();
    assert_eq!(store.active_key(TENANT).await.unwrap().unwrap().id, id(3));
}

#[tokio::test]
async fn the_wrapped_form_is_replaced_by_the_one_who_saw_the_last_one() {
    let store = store_with(&[(TENANT, 1, "old"), (OTHER, 1, "old")]).await;
    let (old, new) = (wrapped("old", &[1, 2, 3]), wrapped("new", &[9]));
    for (seen, expected) in [
        (wrapped("new", &[1, 2, 3]), false),
        (wrapped("old", &[1, 2]), false),
        (old.clone(), true),
        (old.clone(), false),
    ] {
        let replaced = store.replace_wrapped(TENANT, id(1), &seen, new.clone()).await.unwrap();
        assert_eq!(replaced, expected, "{seen:?}");
    }
    assert!(!store.replace_wrapped(TENANT, id(2), &old, new.clone()).await.unwrap());
    let changed = store.find_key(TENANT, id(1)).await.unwrap().unwrap();
    assert_eq!(changed, WrappedDataKey { wrapped: new.clone(), ..key(TENANT, 1, "old") });
    assert_eq!(store.find_key(OTHER, id(1)).await.unwrap().unwrap().wrapped, old);

    store.destroy_keys(TENANT).await.unwrap();
    let gone = store.find_key(TENANT, id(1)).await.unwrap().unwrap().wrapped;
    assert!(!store.replace_wrapped(TENANT, id(1), &gone, new).await.unwrap());
}

#[tokio::test]
async fn a_state_moves_down_only_and_from_where_it_was_seen() {
    use DataKeyState::{Active, DecryptOnly, Destroyed};
    let store = store_with(&[(TENANT, 1, "kek")]).await;
    for (from, to, expected) in [
        (DecryptOnly, Destroyed, false),
        (Active, Active, false),
        (Active, DecryptOnly, true),
        (Active, DecryptOnly, false),
        (DecryptOnly, Active, false),
        (DecryptOnly, Destroyed, true),
        (Destroyed, Active, false),
        (Destroyed, DecryptOnly, false),
        (Destroyed, Destroyed, false),
    ] {
        let moved = store.set_key_state(TENANT, id(1), from, to).await.unwrap();
        assert_eq!(moved, expected, "{from:?} to {to:?}");
    }
    let row = store.find_key(TENANT, id(1)).await.unwrap().unwrap();
    assert_eq!(row.wrapped, wrapped("kek", &[]), "destroyed with the step that says so");
    assert!(!store.set_key_state(OTHER, id(1), Active, Destroyed).await.unwrap());
}

#[tokio::test]
async fn messages_are_counted_for_the_active_key() {
    let store = store_with(&[(TENANT, 1, "kek")]).await;
    assert_eq!(store.add_messages(TENANT, id(1), 4096).await.unwrap(), Some(4096));
    assert_eq!(store.add_messages(TENANT, id(1), 1).await.unwrap(), Some(4097));
    assert_eq!(store.find_key(TENANT, id(1)).await.unwrap().unwrap().messages, 4097);
    assert_eq!(store.add_messages(TENANT, id(1), u64::MAX).await.unwrap(), Some(u64::MAX));
    assert_eq!(store.add_messages(TENANT, id(2), 1).await.unwrap(), None);
    assert_eq!(store.add_messages(OTHER, id(1), 1).await.unwrap(), None);
    store.insert_active_key(key(TENANT, 2, "kek"), Some(id(1))).await.unwrap();
    assert_eq!(store.add_messages(TENANT, id(1), 1).await.unwrap(), None, "no longer active");
}

#[tokio::test]
async fn destroying_empties_every_key_of_the_tenant_and_no_other() {
    let store = store_with(&[(TENANT, 1, "kek"), (TENANT, 2, "kek"), (OTHER, 1, "kek")]).await;
    assert_eq!(store.destroy_keys(TENANT).await.unwrap(), 2);
    assert_eq!(store.destroy_keys(TENANT).await.unwrap(), 0);
    assert_eq!(states(&store, TENANT).await, [(1, DataKeyState::Destroyed), (2, DataKeyState::Destroyed)]);
    let keys = store.list_keys(TENANT).await.unwrap();
    assert!(keys.iter().all(|key| key.wrapped.bytes.is_empty()));
    assert_eq!(store.active_key(TENANT).await.unwrap(), None);
    assert_eq!(store.active_key(OTHER).await.unwrap(), Some(key(OTHER, 1, "kek")));
}

#[tokio::test]
async fn keys_are_listed_and_counted_by_their_wrapping_key() {
    let store = store_with(&[
        (TENANT, 9, "old"),
        (TENANT, 2, "old"),
        (TENANT, 5, "new"),
        (OTHER, 1, "old"),
        (TenantId::from_bytes([3; 16]), 1, "old"),
    ])
    .await;
    store.destroy_keys(TenantId::from_bytes([3; 16])).await.unwrap();
    let under = async |kek, after, limit| {
        let keys = store.keys_under(&KekId::new(kek), after, limit).await.unwrap();
        keys.into_iter().map(|key| (key.tenant, key.id.get())).collect::<Vec<_>>()
    };
    assert_eq!(under("old", None, 2).await, [(TENANT, 2), (TENANT, 9)]);
    assert_eq!(under("old", Some((TENANT, id(9))), 2).await, [(OTHER, 1)]);
    assert_eq!(under("old", Some((OTHER, id(1))), 2).await, []);
    assert_eq!(under("new", None, 9).await, [(TENANT, 5)]);
    let counts = store.count_by_kek().await.unwrap();
    assert_eq!(counts, [(KekId::new("new"), 1), (KekId::new("old"), 3)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_concurrent_writers_one_wins() {
    let store = Arc::new(store_with(&[(TENANT, 0, "old")]).await);
    let writers: Vec<_> = (1..=16)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let seen = wrapped("old", &[1, 2, 3]);
                let new = wrapped("new", &number.to_string().into_bytes());
                let replaced = store.replace_wrapped(TENANT, id(0), &seen, new).await.unwrap();
                let active = store.insert_active_key(key(TENANT, number, "new"), Some(id(0))).await.unwrap();
                (replaced, active.id)
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for writer in writers {
        outcomes.push(writer.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|(replaced, _)| *replaced).count(), 1);
    let active = store.active_key(TENANT).await.unwrap().unwrap().id;
    assert!(outcomes.iter().all(|(_, seen)| *seen == active));
    assert_eq!(store.list_keys(TENANT).await.unwrap().len(), 2);
}
