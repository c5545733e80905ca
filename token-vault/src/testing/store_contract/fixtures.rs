//! Rows to work with, and short ways to write and read them.

use std::{fmt::Debug, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Expiry, ProviderId, ScopeRequest, ScopeSet, TenantId, TokenKind};

use super::bench::Handle;
use crate::{
    Account, Amendment, AuditAction, AuditActor, AuditEntry, AuditQuery, AuditRecord, Claim, Claimed,
    Committed, Connect, Connection, ConnectionState, Details, Event, EventKind, Failure, FailureClass, Fence,
    Generation, LeaseOwner, Notes, Retire, Retired, Retirement, Revision, Sealed, SealedTokens, StoreError,
    StoredToken, Success, TokenRecord,
};

pub(super) const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub(super) const OTHER: TenantId = TenantId::from_bytes([2; 16]);
pub(super) const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn id(number: u8) -> ConnectionId {
    ConnectionId::from_bytes([number; 16])
}

pub(super) fn account(user: &str) -> Account {
    Account::new(ProviderId::FACEBOOK, "app", user)
}

/// A whole point in time that every database keeps: milliseconds.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(1_800_000_000_456 + seconds * 1000)
}

/// Secrets that differ by this number.
pub(super) fn sealed(number: u8) -> SealedTokens {
    let refresh = Sealed::from_bytes(vec![0xFF, number, 0]);
    SealedTokens::new(Sealed::from_bytes(vec![number; 40]), Some(refresh))
}

/// A record with every field set.
pub(super) fn record() -> TokenRecord {
    let mut record = TokenRecord::new(TokenKind::MetaUserLong);
    record.expiry = Expiry::At(at(60));
    record.refresh_expiry = Expiry::Never;
    record.data_access_expiry = Expiry::At(at(90));
    record.scopes = Some(ScopeSet::parse("email pages_show_list"));
    record.issued_at = Some(at(-5));
    record
}

/// Details with every field set.
pub(super) fn details(name: &str) -> Details {
    let mut details = Details::new();
    details.display_name = Some(name.to_owned());
    details.connected_by = Some("user-7".to_owned());
    details.requested = ScopeRequest::new(ScopeSet::parse("pages_show_list read_insights"));
    details
}

pub(super) fn user() -> AuditActor {
    AuditActor::User("ada".to_owned())
}

/// Notes without content.
pub(super) fn no_notes() -> Notes {
    Notes::by(AuditActor::Service)
}

/// Notes with an entry and an event.
pub(super) fn notes() -> Notes {
    Notes::by(user()).entry(AuditEntry::new(AuditAction::AdminForce)).event(EventKind::Recovered)
}

/// A first login.
pub(super) fn login(user: &str) -> Success {
    Success::new(Generation::NONE, sealed(1), record(), no_notes())
        .with_connect(Connect::new(account(user), details(user)))
}

/// A renewal of what is stored.
pub(super) fn renewal(expected: Generation, secret: u8) -> Success {
    Success::new(expected, sealed(secret), record(), no_notes())
}

pub(super) fn owner(number: u8) -> LeaseOwner {
    LeaseOwner::from_bytes([number; 16])
}

/// A claim of generation 1 for ten minutes.
pub(super) fn claim(number: u8) -> Claim {
    Claim::new(owner(number), Generation::new(1), MINUTE * 10)
}

#[track_caller]
pub(super) fn ok<T>(result: Result<T, StoreError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the store failed: {error:?}"),
    }
}

#[track_caller]
pub(super) fn some<T>(value: Option<T>, what: &str) -> T {
    match value {
        Some(value) => value,
        None => panic!("{what} is not there"),
    }
}

/// The revision after a commit that must be stored.
#[track_caller]
pub(super) fn done(committed: Result<Committed, StoreError>) -> Revision {
    match ok(committed) {
        Committed::Done { revision } => revision,
        other => panic!("the commit was not stored: {other:?}"),
    }
}

#[track_caller]
pub(super) fn superseded(committed: Result<Committed, StoreError>) -> StoredToken {
    match ok(committed) {
        Committed::Superseded(stored) => *stored,
        other => panic!("the commit should have been superseded: {other:?}"),
    }
}

#[track_caller]
pub(super) fn won(claimed: Result<Claimed, StoreError>) -> (Fence, StoredToken, Option<crate::Lease>) {
    match ok(claimed) {
        Claimed::Won { fence, stored, prior } => (fence, *stored, prior),
        other => panic!("the claim was not won: {other:?}"),
    }
}

#[track_caller]
pub(super) fn lost(claimed: Result<Claimed, StoreError>) -> StoredToken {
    match ok(claimed) {
        Claimed::Lost(stored) => *stored,
        other => panic!("the claim should have been lost: {other:?}"),
    }
}

/// The commits that were stored.
pub(super) fn winners(committed: impl IntoIterator<Item = Committed>) -> usize {
    committed.into_iter().filter(|one| matches!(one, Committed::Done { .. })).count()
}

/// What is stored of a connection of [`TENANT`].
pub(super) async fn stored(store: &Handle, number: u8) -> StoredToken {
    some(ok(store.read(TENANT, id(number)).await), "the token set")
}

/// A connection of [`TENANT`] as it is described.
pub(super) async fn described(store: &Handle, number: u8) -> Connection {
    some(ok(store.find(TENANT, id(number)).await), "the connection")
}

/// Logs in to [`TENANT`] with an account that is named after the number.
pub(super) async fn connect(store: &Handle, number: u8) -> StoredToken {
    connect_to(store, TENANT, number).await;
    stored(store, number).await
}

pub(super) async fn connect_to(store: &Handle, tenant: TenantId, number: u8) {
    done(store.commit_success(tenant, id(number), login(&number.to_string())).await);
}

/// Logs in to an account whose token is derived from that of another.
pub(super) async fn derive(store: &Handle, tenant: TenantId, number: u8, parent: u8) {
    let connect = Connect::new(account(&number.to_string()), details("derived")).derived_from(id(parent));
    let success = login("").with_connect(connect);
    done(store.commit_success(tenant, id(number), success).await);
}

/// Puts a connection of [`TENANT`] into a state.
pub(super) async fn put_into(store: &Handle, number: u8, state: ConnectionState) {
    let current = stored(store, number).await;
    done(store.amend(TENANT, id(number), Amendment::of(&current, no_notes()).with_state(state)).await);
}

/// Disconnects a connection of [`TENANT`].
pub(super) async fn disconnect(store: &Handle, number: u8) {
    let retired = store.retire(TENANT, id(number), Retire::new(Retirement::Disconnected, no_notes())).await;
    assert!(matches!(ok(retired), Retired::Done { .. }), "the connection was not disconnected");
}

/// A failure of what is stored.
pub(super) fn failure(stored: &StoredToken) -> Failure {
    Failure::of(stored, FailureClass::Transient, no_notes())
}

/// The whole audit of a tenant, the oldest entry first.
pub(super) async fn audit(store: &Handle, tenant: TenantId) -> Vec<AuditRecord> {
    let mut records = ok(store.query(tenant, AuditQuery::latest(1_000)).await).records;
    records.reverse();
    records
}

pub(super) async fn actions(store: &Handle, tenant: TenantId) -> Vec<AuditAction> {
    audit(store, tenant).await.into_iter().map(|record| record.action).collect()
}

/// Every event that waits. They are hidden for ten minutes afterwards.
pub(super) async fn events(store: &Handle) -> Vec<Event> {
    ok(store.take_events(1_000, MINUTE * 10).await)
}

#[track_caller]
pub(super) fn same<T: PartialEq + Debug>(left: &T, right: &T, what: &str) {
    assert!(left == right, "{what} differs:\n{left:#?}\n{right:#?}");
}

pub(super) fn describe_kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|event| event.kind.clone()).collect()
}
