//! How often a token from memory allocates: never.

use std::{
    future::Future as _,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use sociogram_oauth_core::{ConnectionId, ProviderId, ReauthReason, TenantId, TokenKind, TokenSet};
use sociogram_token_vault::{
    Account, DataKeys, LocalKeys, MemoryStore, NewConnection, ResolveOptions, Resolved, Vault, VaultError,
};

const TENANT: TenantId = TenantId::from_bytes([1; 16]);

/// Polls once: whatever is in memory needs no more.
fn resolve(vault: &Vault, id: ConnectionId, options: &ResolveOptions) -> Result<Resolved, VaultError> {
    let resolve = pin!(vault.resolve_with(TENANT, id, options));
    match resolve.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("it is not in memory"),
    }
}

async fn vault_and_connection() -> (Vault, ConnectionId) {
    let store = Arc::new(MemoryStore::new());
    let keys = LocalKeys::parse(&"07".repeat(32)).unwrap();
    let vault = Vault::builder(Arc::clone(&store), DataKeys::new(Arc::new(keys), store))
        .max_staleness(Duration::from_secs(300))
        .build()
        .unwrap();
    let new = NewConnection::new(TENANT, Account::new(ProviderId::FACEBOOK, "app", "user"));
    let tokens = TokenSet::new("EAAB".into(), TokenKind::MetaUserLong);
    let id = vault.connect(new, &tokens).await.unwrap().id;
    (vault, id)
}

#[tokio::test]
async fn a_token_from_memory_allocates_nothing() {
    let (vault, id) = vault_and_connection().await;
    let options = ResolveOptions::new().with_min_validity(Duration::from_secs(60));
    for options in [ResolveOptions::new(), options] {
        let first = allocation_counter::measure(|| drop(resolve(&vault, id, &options).unwrap()));
        let read = first.count_total > 0;
        assert_eq!(read, options == ResolveOptions::new(), "the first one is read from the store");
        let counted = allocation_counter::measure(|| {
            for _ in 0..100 {
                assert!(resolve(&vault, id, &options).is_ok());
            }
        });
        assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
    }
}

#[tokio::test]
async fn a_refusal_from_memory_allocates_nothing() {
    let (vault, id) = vault_and_connection().await;
    vault.mark_needs_reauth(TENANT, id, ReauthReason::AppRemoved).await.unwrap();
    let options = ResolveOptions::new();
    resolve(&vault, id, &options).unwrap_err();
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            assert!(resolve(&vault, id, &options).is_err());
        }
    });
    assert_eq!(counted.count_total, 0);
}
