//! The tenants' wrapped data keys.

use std::collections::BTreeSet;

use super::{
    bench::{Bench, Handle, one, race, several},
    fixtures::{OTHER, TENANT, at, done, id, login, no_notes, ok, same, some},
};
use crate::{
    DataKeyId, DataKeyPosition, DataKeyState, Generation, KekId, Retire, Retirement, Sealed, SealedTokens,
    StoreErrorKind, Success, Wrapped, WrappedDataKey,
};
use sociogram_oauth_core::TenantId;

fn number(id: u32) -> DataKeyId {
    DataKeyId::new(id)
}

fn wrapped(kek: &str, bytes: &[u8]) -> Wrapped {
    Wrapped::new(KekId::new(kek), bytes.to_vec())
}

fn key(tenant: TenantId, id: u32, kek: &str) -> WrappedDataKey {
    WrappedDataKey::new(tenant, number(id), 1, wrapped(kek, &[0, 1, 0xFF]), [7; 32], at(0))
}

/// Makes a key the active one, in place of the one that is.
async fn insert(store: &Handle, tenant: TenantId, id: u32, kek: &str) {
    let before = ok(store.active_key(tenant).await).map(|key| key.id);
    let inserted = ok(store.insert_active_key(key(tenant, id, kek), before).await);
    assert_eq!(inserted.id, number(id), "the key was not inserted");
}

async fn states(store: &Handle, tenant: TenantId) -> Vec<(u32, DataKeyState)> {
    let keys = ok(store.list_keys(tenant).await);
    keys.into_iter().map(|key| (key.id.get(), key.state)).collect()
}

/// With all its parts, and for its tenant only.
pub async fn a_data_key_comes_back_as_it_was_stored(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    assert!(ok(store.active_key(TENANT).await).is_none());
    let kept = WrappedDataKey {
        commitment: std::array::from_fn(|place| u8::try_from(place).unwrap_or_default()),
        wrapped: wrapped("projects/p/keys/k#version:1", &(0..=u8::MAX).collect::<Vec<_>>()),
        messages: 1 << 33,
        ..key(TENANT, u32::MAX, "")
    };
    same(&ok(store.insert_active_key(kept.clone(), None).await), &kept, "what was inserted");
    for found in [
        ok(store.active_key(TENANT).await),
        ok(store.find_key(TENANT, number(u32::MAX)).await),
        ok(store.list_keys(TENANT).await).pop(),
    ] {
        same(&some(found, "the key"), &kept, "what was read");
    }
    assert!(ok(store.find_key(TENANT, number(1)).await).is_none());
    assert!(ok(store.find_key(OTHER, number(u32::MAX)).await).is_none());
    assert!(ok(store.active_key(OTHER).await).is_none() && ok(store.list_keys(OTHER).await).is_empty());
}

/// Two processes that meet a new tenant at once agree on one key.
pub async fn a_tenant_has_one_active_data_key(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], _) = several(open).await;
    insert(&first, TENANT, 1, "kek").await;
    let told = ok(second.insert_active_key(key(TENANT, 2, "kek"), None).await);
    assert_eq!(told.id, number(1), "the one that was there first");
    assert!(ok(first.find_key(TENANT, number(2)).await).is_none());
    insert(&second, OTHER, 1, "kek").await;
    for tenant in [TENANT, OTHER] {
        assert_eq!(states(&first, tenant).await, [(1, DataKeyState::Active)]);
    }
}

/// Of fifty first keys one is kept, and everybody gets that one.
pub async fn one_of_fifty_concurrent_first_keys_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let told = race(&handles, |store, runner| async move {
        ok(store.insert_active_key(key(TENANT, runner.into(), "kek"), None).await).id
    })
    .await;
    let distinct: BTreeSet<_> = told.into_iter().collect();
    assert_eq!(distinct.len(), 1, "processes seal under different keys: {distinct:?}");
    let active = ok(handles[0].active_key(TENANT).await).map(|key| key.id);
    assert_eq!(distinct.first().copied(), active);
    assert_eq!(ok(handles[0].list_keys(TENANT).await).len(), 1);
}

/// In one step, for whoever saw the key that was active.
pub async fn a_new_active_key_makes_the_old_one_decrypt_only(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    insert(&store, TENANT, 5, "kek").await;
    insert(&store, TENANT, 3, "kek").await;
    let expected = [(3, DataKeyState::Active), (5, DataKeyState::DecryptOnly)];
    assert_eq!(states(&store, TENANT).await, expected);
    let stale = ok(store.insert_active_key(key(TENANT, 4, "kek"), Some(number(5))).await);
    assert_eq!(stale.id, number(3), "who saw an older active key changes nothing");
    for replacing in [None, Some(number(3)), Some(number(5))] {
        let again = ok(store.insert_active_key(key(TENANT, 3, "other"), replacing).await);
        assert_eq!((again.id, again.wrapped.kek), (number(3), KekId::new("kek")), "{replacing:?}");
    }
    assert_eq!(states(&store, TENANT).await, expected);
}

/// Fifty rotations at once make one new key.
pub async fn one_of_fifty_concurrent_rotations_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    insert(&handles[0], TENANT, 100, "kek").await;
    let told = race(&handles, |store, runner| async move {
        ok(store.insert_active_key(key(TENANT, runner.into(), "kek"), Some(number(100))).await).id
    })
    .await;
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>().len(), 1);
    let states = states(&handles[0], TENANT).await;
    assert_eq!(states.len(), 2);
    assert_eq!(states.last(), Some(&(100, DataKeyState::DecryptOnly)));
}

/// Not even after it was destroyed: a token under it must be known to be shredded.
pub async fn a_data_key_id_never_comes_twice(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    insert(&store, TENANT, 1, "kek").await;
    insert(&store, TENANT, 2, "kek").await;
    let refused = store.insert_active_key(key(TENANT, 1, "kek"), Some(number(2))).await;
    assert_eq!(refused.err().map(|error| error.kind()), Some(StoreErrorKind::Conflict));
    assert_eq!(states(&store, TENANT).await, [(1, DataKeyState::DecryptOnly), (2, DataKeyState::Active)]);
    ok(store.destroy_keys(TENANT).await);
    let refused = store.insert_active_key(key(TENANT, 2, "kek"), None).await;
    assert_eq!(refused.err().map(|error| error.kind()), Some(StoreErrorKind::Conflict));
    insert(&store, TENANT, 3, "kek").await;
    assert_eq!(ok(store.active_key(TENANT).await).map(|key| key.id), Some(number(3)));
}

/// Key id and bytes must both be the ones that were seen.
pub async fn a_wrapping_is_replaced_by_the_one_who_saw_it(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    insert(&store, TENANT, 1, "old").await;
    insert(&store, OTHER, 1, "old").await;
    let (old, new) = (wrapped("old", &[0, 1, 0xFF]), wrapped("new", &[9]));
    for (seen, expected) in [
        (wrapped("new", &[0, 1, 0xFF]), false),
        (wrapped("old", &[0, 1]), false),
        (old.clone(), true),
        (old.clone(), false),
    ] {
        let replaced = ok(store.replace_wrapped(TENANT, number(1), &seen, new.clone()).await);
        assert_eq!(replaced, expected, "{seen:?}");
    }
    assert!(!ok(store.replace_wrapped(TENANT, number(2), &old, new.clone()).await));
    let changed = some(ok(store.find_key(TENANT, number(1)).await), "the key");
    same(&changed, &WrappedDataKey { wrapped: new.clone(), ..key(TENANT, 1, "") }, "the key");
    let other = ok(store.find_key(OTHER, number(1)).await).map(|key| key.wrapped);
    assert_eq!(other, Some(old));
    ok(store.destroy_keys(TENANT).await);
    let gone = some(ok(store.find_key(TENANT, number(1)).await), "the key").wrapped;
    assert!(!ok(store.replace_wrapped(TENANT, number(1), &gone, new).await), "a destroyed key came back");
}

/// Of fifty that saw the same wrapping one replaces it.
pub async fn one_of_fifty_concurrent_rewraps_wins(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    insert(&handles[0], TENANT, 1, "old").await;
    let replaced = race(&handles, |store, runner| async move {
        let (seen, new) = (wrapped("old", &[0, 1, 0xFF]), wrapped("new", &[runner]));
        ok(store.replace_wrapped(TENANT, number(1), &seen, new).await)
    })
    .await;
    let winners: Vec<_> =
        (0..).zip(replaced).filter(|(_, replaced)| *replaced).map(|(runner, _)| runner).collect();
    let kept = some(ok(handles[0].find_key(TENANT, number(1)).await), "the key").wrapped;
    assert_eq!(winners, kept.bytes, "exactly one wrapping must be kept");
}

/// Down only, from where it was seen; whatever destroys a key empties it in the same step.
pub async fn key_states_move_down_only(open: impl AsyncFnOnce(usize) -> Bench) {
    use DataKeyState::{Active, DecryptOnly, Destroyed};
    let (store, _) = one(open).await;
    insert(&store, TENANT, 1, "kek").await;
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
        let moved = ok(store.set_key_state(TENANT, number(1), from, to).await);
        assert_eq!(moved, expected, "{from:?} to {to:?}");
    }
    let gone = some(ok(store.find_key(TENANT, number(1)).await), "the key");
    assert_eq!(gone.wrapped, wrapped("kek", &[]));
    insert(&store, TENANT, 2, "kek").await;
    assert!(!ok(store.set_key_state(OTHER, number(2), Active, Destroyed).await), "another tenant's key");
}

/// For the active key alone, and by all processes together.
pub async fn messages_are_counted(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    let store = &handles[0];
    insert(store, TENANT, 1, "kek").await;
    let counts = race(&handles, |store, _| async move {
        ok(store.add_messages(TENANT, number(1), 4096).await).unwrap_or_default()
    })
    .await;
    assert_eq!(counts.into_iter().collect::<BTreeSet<_>>().len(), 50, "two processes got one block");
    let counted = ok(store.find_key(TENANT, number(1)).await).map(|key| key.messages);
    assert_eq!(counted, Some(50 * 4096));
    let most = ok(store.add_messages(TENANT, number(1), u64::MAX).await).unwrap_or_default();
    assert!(i64::try_from(most).is_err() || most == i64::MAX.unsigned_abs(), "{most} is not the largest");
    for (tenant, id) in [(TENANT, 2), (OTHER, 1)] {
        assert_eq!(ok(store.add_messages(tenant, number(id), 1).await), None);
    }
    insert(store, TENANT, 2, "kek").await;
    assert_eq!(ok(store.add_messages(TENANT, number(1), 1).await), None, "it is no longer active");
}

/// All of one tenant's, and nobody else's.
pub async fn destroying_empties_every_key_of_the_tenant(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    for (tenant, id) in [(TENANT, 1), (TENANT, 2), (OTHER, 1)] {
        insert(&store, tenant, id, "kek").await;
    }
    assert_eq!(ok(store.destroy_keys(TENANT).await), 2);
    assert_eq!(ok(store.destroy_keys(TENANT).await), 0);
    let destroyed = [(1, DataKeyState::Destroyed), (2, DataKeyState::Destroyed)];
    assert_eq!(states(&store, TENANT).await, destroyed);
    assert!(ok(store.list_keys(TENANT).await).iter().all(|key| key.wrapped.bytes.is_empty()));
    assert!(ok(store.active_key(TENANT).await).is_none());
    same(&ok(store.active_key(OTHER).await), &Some(key(OTHER, 1, "kek")), "the other tenant's key");
}

fn sealed_under(id: u32) -> Sealed {
    let header = [&[1, 1], id.to_be_bytes().as_slice()].concat();
    Sealed::from_bytes([header, vec![0x5A; 40]].concat())
}

/// A data key is destroyed once nothing is sealed under it: neither secret of a token set, readable or not, nor what
/// waits to be revoked.
pub async fn token_sets_are_counted_by_data_key(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let connect = async |tenant, number: u8, access, refresh: Option<u32>| {
        let tokens = SealedTokens::new(sealed_under(access), refresh.map(sealed_under));
        let success = Success { sealed: tokens, ..login(&number.to_string()) };
        done(store.commit_success(tenant, id(number), success).await);
    };
    connect(TENANT, 1, 7, Some(7)).await;
    connect(TENANT, 2, 8, Some(7)).await;
    connect(TENANT, 3, 8, None).await;
    connect(OTHER, 4, 7, None).await;
    let count = async |tenant| {
        let (seven, eight) =
            (store.rows_under(tenant, number(7)).await, store.rows_under(tenant, number(8)).await);
        (ok(seven), ok(eight))
    };
    assert_eq!((count(TENANT).await, count(OTHER).await), ((2, 2), (1, 0)));
    control.spoil(TENANT, id(2)).await;
    assert_eq!(count(TENANT).await, (2, 2), "what cannot be read is lost with its key all the same");
    let retire = Retire::new(Retirement::Disconnected, no_notes());
    ok(store.retire(TENANT, id(1), retire.clone().keeping_for_revoke()).await);
    assert_eq!(count(TENANT).await, (2, 2), "what waits to be revoked must be opened once more");
    ok(store.retire(TENANT, id(3), retire).await);
    ok(store.finish_revocation(TENANT, id(1), Generation::new(1), no_notes()).await);
    assert_eq!(count(TENANT).await, (1, 1));
    assert_eq!(ok(store.rows_under(TENANT, number(0x0700_0000)).await), 0);
}

/// Across tenants, in the order of tenants and ids, without the destroyed ones.
pub async fn keys_are_listed_and_counted_by_wrapping_key(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    let third = TenantId::from_bytes([3; 16]);
    for (tenant, id, kek) in
        [(TENANT, 9, "old"), (TENANT, 2, "old"), (TENANT, 5, "new"), (OTHER, 1, "old"), (third, 1, "old")]
    {
        insert(&store, tenant, id, kek).await;
    }
    ok(store.destroy_keys(third).await);
    let under = async |kek, after: Option<DataKeyPosition>, limit| -> Vec<_> {
        let keys = ok(store.keys_under(&KekId::new(kek), after, limit).await);
        keys.into_iter().map(|key| (key.tenant, key.id.get())).collect()
    };
    assert_eq!(under("old", None, 2).await, [(TENANT, 2), (TENANT, 9)]);
    assert_eq!(under("old", Some((TENANT, number(9))), 2).await, [(OTHER, 1)]);
    assert_eq!(under("old", Some((OTHER, number(1))), 2).await, []);
    assert_eq!(under("new", None, 9).await, [(TENANT, 5)]);
    assert_eq!(ok(store.count_by_kek().await), [(KekId::new("new"), 1), (KekId::new("old"), 3)]);
}
