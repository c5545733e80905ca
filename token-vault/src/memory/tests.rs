//! What the contract cannot ask of a store whose clock runs: the exact moment.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{ConnectionId, ProviderId, TenantId, TokenKind};

use super::*;
use crate::{
    Account, AuditActor, AuditLog, Claim, Claimed, Committed, Connect, Details, EventKind, EventQueue,
    Generation, LeaseOwner, Notes, Retire, Retirement, RevocationQueue, Sealed, SealedTokens, Success,
    TokenRecord, TokenStore, testing::store_contract::TestClock,
};

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const ID: ConnectionId = ConnectionId::from_bytes([2; 16]);
const MINUTE: Duration = Duration::from_secs(60);
const MILLISECOND: Duration = Duration::from_millis(1);

async fn store() -> (MemoryStore, Arc<TestClock>) {
    let clock = Arc::new(TestClock::new());
    let store = MemoryStore::with_clock(clock.clone());
    let notes = Notes::by(AuditActor::Service).event(EventKind::Recovered);
    let sealed = SealedTokens::new(Sealed::from_bytes(b"CANARY".to_vec()), None);
    let account = Account::new(ProviderId::FACEBOOK, "app", "PERSON");
    let login = Success::new(Generation::NONE, sealed, TokenRecord::new(TokenKind::MetaUserLong), notes)
        .with_connect(Connect::new(account, Details::new()))
        .with_due_at(Some(clock.now().saturating_add(MINUTE)));
    assert!(matches!(store.commit_success(TENANT, ID, login).await.unwrap(), Committed::Done { .. }));
    (store, clock)
}

fn claim(owner: u8) -> Claim {
    Claim::new(LeaseOwner::from_bytes([owner; 16]), Generation::new(1), MINUTE)
}

#[tokio::test]
async fn a_claim_has_run_out_at_its_end_and_not_before() {
    let (store, clock) = store().await;
    let is_won = async |owner| matches!(store.claim(TENANT, ID, claim(owner)).await, Ok(Claimed::Won { .. }));
    assert!(is_won(1).await);
    clock.advance(MINUTE.checked_sub(MILLISECOND).unwrap());
    assert!(!is_won(2).await);
    clock.advance(MILLISECOND);
    assert!(is_won(2).await);
}

#[tokio::test]
async fn a_connection_is_due_at_its_time_and_not_before() {
    let (store, clock) = store().await;
    let due = async || store.due_batch(9, MINUTE).await.unwrap().len();
    clock.advance(MINUTE.checked_sub(MILLISECOND).unwrap());
    assert_eq!(due().await, 0);
    clock.advance(MILLISECOND);
    assert_eq!(due().await, 1);
    clock.advance(MINUTE.checked_sub(MILLISECOND).unwrap());
    assert_eq!(due().await, 0);
    clock.advance(MILLISECOND);
    assert_eq!(due().await, 1);
}

#[tokio::test]
async fn what_was_taken_comes_back_at_its_time_and_not_before() {
    let (store, clock) = store().await;
    let notes = Notes::by(AuditActor::Service);
    let retire = Retire::new(Retirement::Disconnected, notes).keeping_for_revoke();
    store.retire(TENANT, ID, retire).await.unwrap();
    let taken = async || {
        let events = store.take_events(9, MINUTE).await.unwrap().len();
        (events, store.take_revocations(9, MINUTE).await.unwrap().len())
    };
    assert_eq!(taken().await, (1, 1));
    clock.advance(MINUTE.checked_sub(MILLISECOND).unwrap());
    assert_eq!(taken().await, (0, 0));
    clock.advance(MILLISECOND);
    assert_eq!(taken().await, (1, 1));
}

#[tokio::test]
async fn debug_shows_counts_and_nothing_else() {
    let (store, _) = store().await;
    store.append(TENANT, AuditActor::User("PERSON".to_owned()), None, Vec::new()).await.unwrap();
    assert_eq!(
        format!("{store:?}"),
        "MemoryStore { connections: 1, assets: 0, audit: 0, events: 1, revocations: 0, keys: 0, .. }"
    );
}
