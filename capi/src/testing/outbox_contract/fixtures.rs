//! Events to work with, and short ways to add, take and settle them.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::outbox::{
    Added, Batch, BatchEvent, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryState, Fate,
    OutboxError, OutboxEvent, OutboxStore, Outcome, Replay, Replayed, Route, Settlement,
};

pub(in crate::testing) const MINUTE: Duration = Duration::from_secs(60);
pub(in crate::testing) const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long claims last where nothing else is said.
pub(in crate::testing) const LEASE: Duration = Duration::from_secs(600);

pub(in crate::testing) const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub(in crate::testing) const STRANGER: TenantId = TenantId::from_bytes([2; 16]);
pub(in crate::testing) const CONNECTION: ConnectionId = ConnectionId::from_bytes([3; 16]);
pub(in crate::testing) const OTHER_CONNECTION: ConnectionId = ConnectionId::from_bytes([4; 16]);

pub(super) type Store = Arc<dyn OutboxStore>;

/// To Meta.
pub(in crate::testing) fn route() -> Route {
    Route::meta(TENANT, CONNECTION, "1234567890")
}

/// Another tenant's.
pub(super) fn strange_route() -> Route {
    Route { tenant: STRANGER, ..route() }
}

/// One with an `event_id` of its own, which the platform takes until 2100.
pub(in crate::testing) fn event(number: u32) -> OutboxEvent {
    OutboxEvent {
        name: "Purchase".to_owned(),
        event_id: Some(format!("order-{number}")),
        event_time: Timestamp::from_unix_seconds(1_767_225_000),
        expires_at: Timestamp::from_unix_seconds(4_102_444_800),
        json: format!(r#"{{"event_name":"Purchase","event_id":"order-{number}"}}"#).into(),
    }
}

/// The same without an `event_id`.
pub(super) fn nameless(number: u32) -> OutboxEvent {
    OutboxEvent { event_id: None, ..event(number) }
}

pub(super) fn events(numbers: impl IntoIterator<Item = u32>) -> Vec<OutboxEvent> {
    numbers.into_iter().map(event).collect()
}

pub(super) fn ok<T>(result: Result<T, OutboxError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the store failed: {error:?}"),
    }
}

pub(super) fn new_id(added: Added) -> EntryId {
    match added {
        Added::New(id) => id,
        Added::Duplicate(id) => panic!("a new event counts as a duplicate of {id}"),
    }
}

/// Adds events that are new.
pub(super) async fn add_to(store: &Store, route: &Route, events: &[OutboxEvent]) -> Vec<EntryId> {
    let added = ok(store.add(route, events).await);
    assert_eq!(added.len(), events.len(), "one answer for each event");
    added.into_iter().map(new_id).collect()
}

pub(super) async fn add(store: &Store, events: &[OutboxEvent]) -> Vec<EntryId> {
    add_to(store, &route(), events).await
}

/// Adds one event that is new.
pub(super) async fn add_one(store: &Store, event: OutboxEvent) -> EntryId {
    add(store, &[event]).await[0]
}

/// Takes what is due of one route.
pub(super) async fn batch(store: &Store, limit: usize) -> Option<Batch> {
    ok(store.claim(&Claim::new(limit, LEASE)).await)
}

/// The events that are due of one route.
pub(super) async fn take(store: &Store, limit: usize) -> Vec<BatchEvent> {
    batch(store, limit).await.map_or_else(Vec::new, |batch| batch.events)
}

/// Takes the one event that is due.
pub(super) async fn take_one(store: &Store) -> ClaimToken {
    let taken = take(store, 9).await;
    assert_eq!(taken.len(), 1, "one event is due");
    taken[0].token
}

/// Takes the one event that is due, and begins it.
pub(super) async fn begin_one(store: &Store) -> ClaimToken {
    let token = take_one(store).await;
    assert_eq!(ok(store.begin(&[token], LEASE).await), [true], "the claim holds");
    token
}

/// Which were taken, in their order.
pub(super) fn ids(taken: &[BatchEvent]) -> Vec<EntryId> {
    taken.iter().map(|event| event.token.id()).collect()
}

pub(super) fn tokens(taken: &[BatchEvent]) -> Vec<ClaimToken> {
    taken.iter().map(|event| event.token).collect()
}

/// Whether it was stored.
pub(super) async fn settle(store: &Store, token: ClaimToken, outcome: Outcome) -> bool {
    let stored = ok(store.settle(&[Settlement::new(token, outcome)]).await);
    assert_eq!(stored.len(), 1, "one answer for each settlement");
    stored[0]
}

/// Settles a claim that holds.
pub(super) async fn settled(store: &Store, token: ClaimToken, outcome: Outcome) {
    assert!(settle(store, token, outcome).await, "the claim holds");
}

pub(super) fn sent() -> Fate {
    Fate::Sent { trace: Some("trace-1".to_owned()) }
}

pub(super) fn rejected(reason: &str) -> Fate {
    Fate::Rejected {
        code: Some(100),
        subcode: Some(2_804_050),
        field: Some("user_data".to_owned()),
        reason: reason.to_owned(),
        advice: "Send more customer values.".to_owned(),
        trace: Some("trace-2".to_owned()),
    }
}

pub(super) fn in_doubt(reason: &str) -> Fate {
    Fate::InDoubt { reason: reason.to_owned(), trace: None }
}

pub(super) fn later(after: Duration, reason: &str) -> Outcome {
    Outcome::NotProcessed { after, reason: reason.to_owned() }
}

/// Adds an event, sends it, and stores this fate. Nothing else may be due.
pub(super) async fn finished(store: &Store, event: OutboxEvent, fate: Fate) -> EntryId {
    let id = add_one(store, event).await;
    let token = begin_one(store).await;
    assert_eq!(token.id(), id, "another event is due");
    settled(store, token, Outcome::Finished(fate)).await;
    id
}

pub(super) async fn entry(store: &Store, id: EntryId) -> Entry {
    match ok(store.find(TENANT, id).await) {
        Some(entry) => entry,
        None => panic!("the event {id} is gone"),
    }
}

pub(super) async fn state(store: &Store, id: EntryId) -> EntryState {
    entry(store, id).await.state
}

/// The reasons of the attempts that brought no fate.
pub(super) fn reasons(entry: &Entry) -> Vec<&str> {
    entry.history.iter().map(|attempt| attempt.reason.as_str()).collect()
}

/// The store's clock.
pub(super) async fn now(store: &Store) -> Timestamp {
    match ok(store.census().await).now {
        Some(now) => now,
        None => panic!("the census does not tell the time"),
    }
}

/// Pending, claimed, sending, sent, rejected, in doubt; and their sum is what was accepted.
pub(super) fn counts(census: Census) -> [u64; 6] {
    let Census { pending, claimed, sending, sent, rejected, in_doubt, .. } = census;
    let counts = [pending, claimed, sending, sent, rejected, in_doubt];
    assert_eq!(census.accepted(), counts.iter().sum::<u64>());
    counts
}

/// What fits, the latest first; all of it.
pub(super) async fn listed(store: &Store, filter: &EntryFilter) -> Vec<EntryId> {
    listed_of(store, TENANT, filter).await
}

pub(super) async fn listed_of(store: &Store, tenant: TenantId, filter: &EntryFilter) -> Vec<EntryId> {
    let page = ok(store.list(tenant, filter, None, 500).await);
    assert_eq!(page.next, None, "a page of 500 holds it all");
    page.entries.iter().map(|entry| entry.id).collect()
}

/// How many were replayed, how many were too late, and whether there is a rest.
pub(super) async fn replay(store: &Store, replay: &Replay) -> (u64, u64, bool) {
    let Replayed { replayed, too_late, more } = ok(store.replay(TENANT, replay).await);
    (replayed, too_late, more)
}

/// Whether a time is `by` after a moment between two readings of the clock.
pub(super) fn assert_between(time: Option<Timestamp>, before: Timestamp, after: Timestamp, by: Duration) {
    let Some(time) = time else { panic!("there is no time") };
    let (first, last) = (before.saturating_add(by), after.saturating_add(by));
    assert!(first <= time && time <= last, "{time} is not between {first} and {last}");
}
