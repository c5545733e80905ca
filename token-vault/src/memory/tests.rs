use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ProviderId, TokenKind};

use super::*;
use crate::{KekId, Sealed, SealedTokens};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);
const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const OTHER: TenantId = TenantId::from_bytes([2; 16]);

fn id(n: u8) -> ConnectionId {
    ConnectionId::from_bytes([n; 16])
}

fn connection(tenant: TenantId, n: u8, user: &str) -> Connection {
    let account = Account::new(ProviderId::FACEBOOK, "app", user);
    Connection::with_id(id(n), tenant, account, TokenKind::MetaUserLong, NOW)
}

fn commit(expected: u64) -> TokenCommit {
    let expected = Generation::new(expected);
    let sealed = Some(SealedTokens::new(Sealed::from_bytes(vec![1]), None));
    TokenCommit::new(expected, TokenRecord::new(expected.next(), TokenKind::Generic, sealed, NOW))
}

fn data_key(tenant: TenantId, id: u32) -> WrappedDataKey {
    WrappedDataKey::new(tenant, DataKeyId::new(id), 1, KekId::new("kek"), vec![], [0; 32], NOW)
}

#[tokio::test]
async fn a_connection_is_written_by_the_one_who_saw_the_last_version() {
    let store = MemoryStore::new();
    let mut first = connection(TENANT, 1, "u");
    assert_eq!(store.put(first.clone()).await.unwrap(), Version::new(1));
    assert_eq!(store.put(first.clone()).await.unwrap_err().kind(), StoreErrorKind::Conflict);
    first.version = Version::new(1);
    first.display_name = Some("Ada".to_owned());
    assert_eq!(store.put(first).await.unwrap(), Version::new(2));
    let stored = store.find(TENANT, id(1)).await.unwrap().unwrap();
    assert_eq!((stored.display_name.as_deref(), stored.version), (Some("Ada"), Version::new(2)));
}

#[tokio::test]
async fn an_account_is_connected_once_per_tenant() {
    let store = MemoryStore::new();
    store.put(connection(TENANT, 1, "u")).await.unwrap();
    assert_eq!(store.put(connection(TENANT, 2, "u")).await.unwrap_err().kind(), StoreErrorKind::Conflict);
    store.put(connection(OTHER, 2, "u")).await.unwrap();
    store.put(connection(TENANT, 3, "v")).await.unwrap();

    let account = Account::new(ProviderId::FACEBOOK, "app", "u");
    assert_eq!(store.find_account(TENANT, &account).await.unwrap().unwrap().id, id(1));
    assert_eq!(store.find_account(OTHER, &account).await.unwrap().unwrap().id, id(2));
}

#[tokio::test]
async fn a_tenant_sees_its_own_rows_only_page_by_page() {
    let store = MemoryStore::new();
    for n in [3, 1, 2] {
        store.put(connection(TENANT, n, &n.to_string())).await.unwrap();
    }
    store.put(connection(TENANT, 0xFF, "last")).await.unwrap();
    store.put(connection(OTHER, 9, "9")).await.unwrap();
    let list = async |tenant, after, limit| {
        let page = store.list(tenant, after, limit).await.unwrap();
        page.into_iter().map(|connection| connection.id).collect::<Vec<_>>()
    };
    assert_eq!(list(TENANT, None, 2).await, [id(1), id(2)]);
    assert_eq!(list(TENANT, Some(id(2)), 9).await, [id(3), id(0xFF)]);
    assert_eq!(list(TENANT, Some(id(0xFF)), 9).await, []);
    assert_eq!(list(OTHER, None, 9).await, [id(9)]);

    assert!(store.find(OTHER, id(1)).await.unwrap().is_none());
    assert!(!store.remove(OTHER, id(1)).await.unwrap());
    assert!(store.remove(TENANT, id(1)).await.unwrap());
    assert!(store.find(TENANT, id(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_is_replaced_only_by_the_one_who_saw_the_last_generation() {
    let store = MemoryStore::new();
    let kind = async |expected| {
        store.commit_success(TENANT, id(1), commit(expected)).await.err().map(|error| error.kind())
    };
    assert_eq!(kind(1).await, Some(StoreErrorKind::Conflict));
    assert_eq!(kind(0).await, None);
    assert_eq!(kind(0).await, Some(StoreErrorKind::Conflict));
    assert_eq!(kind(1).await, None);
    assert_eq!(store.read(TENANT, id(1)).await.unwrap().unwrap().generation, Generation::new(2));
    assert!(store.read(OTHER, id(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn shredding_stops_a_commit_under_way_and_may_be_repeated() {
    let store = MemoryStore::new();
    store.shred(TENANT, id(1)).await.unwrap();
    assert!(store.read(TENANT, id(1)).await.unwrap().is_none());
    store.commit_success(TENANT, id(1), commit(0)).await.unwrap();
    store.shred(OTHER, id(1)).await.unwrap();
    assert!(store.read(TENANT, id(1)).await.unwrap().unwrap().sealed.is_some());
    for _ in 0..2 {
        store.shred(TENANT, id(1)).await.unwrap();
        let record = store.read(TENANT, id(1)).await.unwrap().unwrap();
        assert_eq!((record.sealed, record.generation), (None, Generation::new(2)));
    }
    let late = store.commit_success(TENANT, id(1), commit(1)).await.unwrap_err();
    assert_eq!(late.kind(), StoreErrorKind::Conflict);
}

#[tokio::test]
async fn a_tenant_has_one_active_data_key() {
    let store = MemoryStore::new();
    assert!(store.active_key(TENANT).await.unwrap().is_none());
    assert_eq!(store.insert_active_key(data_key(TENANT, 1)).await.unwrap().id, DataKeyId::new(1));
    assert_eq!(store.insert_active_key(data_key(TENANT, 2)).await.unwrap().id, DataKeyId::new(1));
    assert!(store.find_key(TENANT, DataKeyId::new(2)).await.unwrap().is_none());
    store.insert_active_key(data_key(OTHER, 1)).await.unwrap();

    assert_eq!(store.destroy_keys(TENANT).await.unwrap(), 1);
    assert!(store.find_key(TENANT, DataKeyId::new(1)).await.unwrap().is_none());
    assert!(store.active_key(OTHER).await.unwrap().is_some());
}
