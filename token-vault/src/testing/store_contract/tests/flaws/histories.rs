//! Stores that keep the audit and the events badly.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::ConnectionId;

use super::{Call, Flaw, gives, takes};
use crate::{
    Amendment, AuditActor, AuditEntry, AuditPage, AuditQuery, Event, EventId, Failure, Notes, Success,
};

fn notes<'a>(call: &'a mut Call<'_>) -> Option<&'a mut Notes> {
    if call.is(&["commit_success"]) {
        return call.value::<Success>().map(|success| &mut success.notes);
    }
    if call.is(&["commit_failure"]) {
        return call.value::<Failure>().map(|failure| &mut failure.notes);
    }
    call.value::<Amendment>().map(|amendment| &mut amendment.notes)
}

pub(super) const AUDITS: &[Flaw] = &[
    takes(
        "loses the entries of a change",
        |call| notes(call).into_iter().for_each(|notes| notes.audit.clear()),
        &["a_change_is_stored_along_with_its_notes", "the_audit_outlives_its_connection"],
    ),
    takes(
        "loses the events of a change",
        |call| notes(call).into_iter().for_each(|notes| notes.events.clear()),
        &["a_change_is_stored_along_with_its_notes", "events_are_given_the_oldest_first"],
    ),
    takes(
        "loses the asset of an entry",
        |call| {
            for entry in call.value::<Vec<AuditEntry>>().into_iter().flatten() {
                entry.asset = None;
            }
        },
        &["entries_come_back_as_they_were_written"],
    ),
    takes(
        "knows people only by kind",
        |call| {
            if call.is(&["append"])
                && let Some(actor) = call.value::<AuditActor>()
            {
                *actor = AuditActor::User(String::new());
            }
        },
        &["entries_come_back_as_they_were_written"],
    ),
    takes(
        "filters by nothing",
        |call| {
            if let Some(query) = call.value::<AuditQuery>() {
                let after = query.after;
                *query = AuditQuery { after, ..AuditQuery::latest(query.limit) };
            }
        },
        &["the_audit_is_filtered"],
    ),
    takes(
        "takes the end of a time span with it",
        |call| {
            if let Some(query) = call.value::<AuditQuery>() {
                let end = query.until;
                query.until = end.map(|end| end.saturating_add(Duration::from_millis(1)));
            }
        },
        &["the_audit_is_filtered"],
    ),
    gives(
        "gives the audit the wrong way round",
        |call| {
            if let Some(page) = call.answer::<AuditPage>() {
                page.records.reverse();
            }
        },
        &["audit_pages_go_through_all_entries", "a_change_is_stored_along_with_its_notes"],
    ),
    takes(
        "begins every page of the audit anew",
        |call| {
            if let Some(query) = call.value::<AuditQuery>() {
                query.limit = 100;
            }
        },
        &["audit_pages_go_through_all_entries"],
    ),
    takes(
        "trims everything",
        |call| {
            if let Some(before) = call.value::<Timestamp>() {
                *before = before.saturating_add(Duration::from_secs(3600));
            }
        },
        &["old_entries_are_trimmed"],
    ),
];

pub(super) const QUEUES: &[Flaw] = &[
    gives(
        "gives events in any order",
        |call| call.answer::<Vec<Event>>().into_iter().for_each(|events| events.reverse()),
        &["events_are_given_the_oldest_first"],
    ),
    gives(
        "gives all events one name",
        |call| {
            for event in call.answer::<Vec<Event>>().into_iter().flatten() {
                event.id = EventId::from_bytes([7; 16]);
            }
        },
        &[
            "events_are_given_the_oldest_first",
            "an_event_is_given_until_it_is_acknowledged",
            "nobody_gets_the_same_event_twice",
        ],
    ),
    gives(
        "counts no deliveries",
        |call| {
            for event in call.answer::<Vec<Event>>().into_iter().flatten() {
                event.deliveries = 1;
            }
        },
        &["an_event_is_given_until_it_is_acknowledged"],
    ),
    gives(
        "forgets which connection an event is about",
        |call| {
            for event in call.answer::<Vec<Event>>().into_iter().flatten() {
                event.connection = ConnectionId::from_bytes([0; 16]);
            }
        },
        &["a_change_is_stored_along_with_its_notes", "events_are_given_the_oldest_first"],
    ),
];
