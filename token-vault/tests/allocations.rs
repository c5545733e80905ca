//! How often a token from memory allocates: never.

use std::{
    error::Error,
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
fn resolve(vault: &Vault, id: ConnectionId, options: &ResolveOptions) -> Poll<Result<Resolved, VaultError>> {
    pin!(vault.resolve_with(TENANT, id, options)).poll(&mut Context::from_waker(Waker::noop()))
}

async fn vault_and_connection() -> Result<(Vault, ConnectionId), Box<dyn Error>> {
    let store = Arc::new(MemoryStore::new());
    let keys = LocalKeys::parse(&"07".repeat(32))?;
    let vault = Vault::builder(Arc::clone(&store), DataKeys::new(Arc::new(keys), store))
        .max_staleness(Duration::from_secs(300))
        .build()?;
    let new = NewConnection::new(TENANT, Account::new(ProviderId::FACEBOOK, "app", "user"));
    let tokens = TokenSet::new("EAAB".into(), TokenKind::MetaUserLong);
    let id = vault.connect(new, &tokens).await?.id;
    Ok((vault, id))
}

#[tokio::test]
async fn a_token_from_memory_allocates_nothing() {
    let (vault, id) = vault_and_connection().await.unwrap();
    let plain = ResolveOptions::new();
    let read = allocation_counter::measure(|| assert!(resolve(&vault, id, &plain).is_ready()));
    assert!(read.count_total > 0, "the first one is read from the store");
    // The first one from memory looks its counter up.
    assert!(resolve(&vault, id, &plain).is_ready());
    for options in [plain, plain.with_min_validity(Duration::from_secs(60))] {
        let counted = allocation_counter::measure(|| {
            for _ in 0..100 {
                assert!(matches!(resolve(&vault, id, &options), Poll::Ready(Ok(_))));
            }
        });
        assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
    }
}

#[tokio::test]
async fn a_refusal_from_memory_allocates_nothing() {
    let (vault, id) = vault_and_connection().await.unwrap();
    vault.mark_needs_reauth(TENANT, id, ReauthReason::AppRemoved).await.unwrap();
    let options = ResolveOptions::new();
    for _ in 0..2 {
        assert!(matches!(resolve(&vault, id, &options), Poll::Ready(Err(_))));
    }
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            assert!(matches!(resolve(&vault, id, &options), Poll::Ready(Err(_))));
        }
    });
    assert_eq!(counted.count_total, 0);
}
