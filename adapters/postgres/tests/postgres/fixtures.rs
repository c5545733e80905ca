//! Rows to work with.

use sociogram_oauth_core::{ConnectionId, ProviderId, TenantId, TokenKind};
use sociogram_token_vault::{
    Account, AuditAction, AuditActor, AuditEntry, Committed, Connect, Details, EventKind, Generation, Notes,
    Sealed, SealedTokens, StoredToken, Success, TokenRecord, TokenStore,
};

pub(crate) const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub(crate) const OTHER: TenantId = TenantId::from_bytes([2; 16]);

pub(crate) fn id(number: u8) -> ConnectionId {
    ConnectionId::from_bytes([number; 16])
}

pub(crate) fn account(user: &str) -> Account {
    Account::new(ProviderId::FACEBOOK, "app", user)
}

pub(crate) fn sealed(number: u8) -> SealedTokens {
    SealedTokens::new(Sealed::from_bytes(vec![number; 40]), Some(Sealed::from_bytes(vec![number; 41])))
}

pub(crate) fn no_notes() -> Notes {
    Notes::by(AuditActor::Service)
}

pub(crate) fn notes() -> Notes {
    let actor = AuditActor::User("ada".to_owned());
    Notes::by(actor).entry(AuditEntry::new(AuditAction::AdminForce)).event(EventKind::Recovered)
}

/// A first login with this account.
pub(crate) fn login(user: &str) -> Success {
    let record = TokenRecord::new(TokenKind::MetaUserLong);
    Success::new(Generation::NONE, sealed(1), record, no_notes())
        .with_connect(Connect::new(account(user), Details::new()))
}

/// A login with a token that is derived from that of another connection.
pub(crate) fn derived(user: &str, parent: ConnectionId) -> Success {
    login("").with_connect(Connect::new(account(user), Details::new()).derived_from(parent))
}

pub(crate) fn renewal(expected: u64, secret: u8) -> Success {
    let record = TokenRecord::new(TokenKind::MetaUserLong);
    Success::new(Generation::new(expected), sealed(secret), record, no_notes())
}

/// Connects an account that is named after the number.
pub(crate) async fn connect(store: &impl TokenStore, tenant: TenantId, number: u8) {
    commit(store, tenant, number, login(&number.to_string())).await;
}

/// Stores a token set that must be stored.
pub(crate) async fn commit(store: &impl TokenStore, tenant: TenantId, number: u8, success: Success) {
    let committed = store.commit_success(tenant, id(number), success).await.unwrap();
    assert!(matches!(committed, Committed::Done { .. }), "{committed:?}");
}

pub(crate) async fn stored(store: &impl TokenStore, tenant: TenantId, number: u8) -> StoredToken {
    store.read(tenant, id(number)).await.unwrap().unwrap()
}
