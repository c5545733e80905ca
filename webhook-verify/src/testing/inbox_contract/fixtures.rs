//! Events to work with, and short ways to record, take and settle them.

use std::{sync::Arc, time::Duration};

use serde_json::value::RawValue;

use crate::{
    Event, EventTime, Provider,
    event::{Origin, kind::LEAD},
    inbox::{
        Claim, ClaimToken, Claimed, Entry, EntryFilter, EntryId, InboxError, InboxStore, Order, Outcome,
        Recorded, Settlement,
    },
};

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long claims last where nothing else is said.
pub(super) const LEASE: Duration = Duration::from_secs(600);

pub(super) type Store = Arc<dyn InboxStore>;

/// An event to be.
pub(super) struct Made {
    pub(super) provider: Provider,
    pub(super) object: &'static str,
    pub(super) account: Option<&'static str>,
    pub(super) field: &'static str,
    pub(super) raw: String,
}

impl Made {
    pub(super) fn event(self) -> Event {
        let Ok(raw) = serde_json::from_str::<&RawValue>(&self.raw) else { panic!("the fixture is no JSON") };
        let account = self.account.map(Arc::from);
        let origin = Origin { provider: self.provider, object: self.object.into(), account, sent_at: None };
        Event::read(origin, self.field, raw)
    }
}

/// A change of a field that nobody knows: it has no subject.
pub(super) fn change(number: u32) -> Made {
    Made {
        provider: Provider::Meta,
        object: "page",
        account: Some("10"),
        field: "a_new_field",
        raw: format!(r#"{{"field":"a_new_field","value":{{"number":{number}}}}}"#),
    }
}

/// A lead: its subject is its name.
pub(super) fn lead(number: u32, subject: &str) -> Made {
    let subject = serde_json::Value::from(subject);
    Made {
        provider: Provider::LinkedIn,
        object: LEAD,
        account: Some("urn:li:organization:10"),
        field: LEAD,
        raw: format!(
            r#"{{"leadGenFormResponse":{subject},"leadAction":"A{number}","occurredAt":{}}}"#,
            1_767_225_600_000_u64 + u64::from(number)
        ),
    }
}

/// One without a subject.
pub(super) fn event(number: u32) -> Event {
    change(number).event()
}

/// These, without subjects.
pub(super) fn events(numbers: impl IntoIterator<Item = u32>) -> Vec<Event> {
    numbers.into_iter().map(event).collect()
}

pub(super) fn ok<T>(result: Result<T, InboxError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the store failed: {error:?}"),
    }
}

pub(super) fn new_id(recorded: Recorded) -> EntryId {
    match recorded {
        Recorded::New(id) => id,
        Recorded::Duplicate => panic!("a new event counts as duplicate"),
    }
}

/// Records events that are new.
pub(super) async fn record(store: &Store, events: &[Event]) -> Vec<EntryId> {
    ok(store.record(events).await).into_iter().map(new_id).collect()
}

/// Records one event that is new.
pub(super) async fn record_one(store: &Store, event: Event) -> EntryId {
    record(store, &[event]).await[0]
}

/// Takes what is due, in any order.
pub(super) async fn take(store: &Store, limit: usize) -> Vec<Claimed> {
    ok(store.claim(&Claim::new(limit, LEASE)).await)
}

/// Takes what is due, subject by subject.
pub(super) async fn take_in_order(store: &Store, limit: usize) -> Vec<Claimed> {
    ok(store.claim(&Claim::new(limit, LEASE).order(Order::PerSubject)).await)
}

/// Takes the one event that is due.
pub(super) async fn take_one(store: &Store) -> Claimed {
    let mut claimed = take(store, 9).await;
    assert_eq!(claimed.len(), 1, "one event is due");
    claimed.remove(0)
}

/// Which were taken, sorted.
pub(super) fn ids(claimed: &[Claimed]) -> Vec<EntryId> {
    let mut ids: Vec<_> = claimed.iter().map(|claimed| claimed.token.id()).collect();
    ids.sort_unstable();
    ids
}

pub(super) fn token_of(claimed: &[Claimed], id: EntryId) -> ClaimToken {
    match claimed.iter().find(|claimed| claimed.token.id() == id) {
        Some(claimed) => claimed.token,
        None => panic!("the event was not taken"),
    }
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

pub(super) fn retry(after: Duration, error: &str) -> Outcome {
    Outcome::Retry { after, error: vec![error.to_owned(), "its cause".to_owned()] }
}

pub(super) fn dead(error: &str) -> Outcome {
    Outcome::Dead { error: vec![error.to_owned(), "its cause".to_owned()] }
}

/// Records an event and finishes it like this.
pub(super) async fn finished(store: &Store, event: Event, outcome: Outcome) -> EntryId {
    let id = record_one(store, event).await;
    let claimed = take(store, 500).await;
    settled(store, token_of(&claimed, id), outcome).await;
    id
}

pub(super) async fn entry(store: &Store, id: EntryId) -> Entry {
    match ok(store.find(id).await) {
        Some(entry) => entry,
        None => panic!("the event {id} is gone"),
    }
}

/// The store's clock.
pub(super) async fn now(store: &Store) -> EventTime {
    match ok(store.census().await).now {
        Some(now) => now,
        None => panic!("the census does not tell the time"),
    }
}

/// What fits, the latest first; all of it.
pub(super) async fn listed(store: &Store, filter: &EntryFilter) -> Vec<EntryId> {
    let page = ok(store.list(filter, None, 500).await);
    assert_eq!(page.next, None, "a page of 500 holds it all");
    page.entries.iter().map(|entry| entry.id).collect()
}

/// Everything of an event that could change, for comparing.
pub(super) fn shown(entry: &Entry) -> String {
    format!("{entry:?} {:?}", entry.event.as_ref().map(Event::raw))
}

/// A time plus so much.
pub(super) fn plus(time: EventTime, by: Duration) -> i64 {
    time.as_unix_millis() + i64::try_from(by.as_millis()).unwrap_or(i64::MAX)
}

/// Whether a time is `by` after a moment between two readings of the clock.
pub(super) fn assert_between(time: Option<EventTime>, before: EventTime, after: EventTime, by: Duration) {
    let Some(time) = time else { panic!("there is no time") };
    let (first, last, time) = (plus(before, by), plus(after, by), time.as_unix_millis());
    assert!(first <= time && time <= last, "{time} is not between {first} and {last}");
}
