//! The audit, and the events on their way to the product.

use std::collections::BTreeSet;

use super::{
    bench::{Bench, Handle, one, race, several},
    fixtures::{
        MINUTE, OTHER, TENANT, actions, at, audit, connect, connect_to, describe_kinds, disconnect, done,
        events, failure, id, login, no_notes, notes, ok, renewal, stored, user,
    },
};
use crate::{
    Amendment, AssetKey, AssetKind, AuditAction, AuditActor, AuditEntry, AuditPosition, AuditQuery,
    AuditReason, EventKind, FailureClass, Generation, Notes, Success,
};
use sociogram_oauth_core::{ReauthReason, ScopeSet};

fn refreshed(generation: u64) -> AuditEntry {
    AuditEntry::new(AuditAction::Refreshed).with_generation(Generation::new(generation))
}

/// Change, entries and events are one step: all there, in order, stamped by the store's clock.
pub async fn a_change_is_stored_along_with_its_notes(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let before = control.now().await;
    let (first, second) = (EventKind::Recovered, EventKind::Blocked);
    let notes = Notes::by(user()).entry(refreshed(1)).entry(AuditEntry::new(AuditAction::ScopesChanged));
    let notes = notes.event(first.clone()).event(second.clone());
    done(store.commit_success(TENANT, id(1), Success { notes: notes.clone(), ..login("1") }).await);
    let row = stored(&store, 1).await;
    let mut failure = failure(&row);
    failure.notes = notes.clone();
    done(store.commit_failure(TENANT, id(1), failure).await);
    let row = stored(&store, 1).await;
    done(store.amend(TENANT, id(1), Amendment::of(&row, notes.clone())).await);
    let renewed = Success { notes, ..renewal(Generation::new(1), 2) };
    done(store.commit_success(TENANT, id(1), renewed).await);
    let after = control.now().await;

    let entries = audit(&store, TENANT).await;
    let pair = [AuditAction::Refreshed, AuditAction::ScopesChanged];
    assert_eq!(actions(&store, TENANT).await, vec![pair; 4].concat());
    for entry in &entries {
        assert_eq!((&entry.actor, entry.connection), (&user(), Some(id(1))));
        assert!(before <= entry.at && entry.at <= after, "an entry is not stamped by the store's clock");
    }
    assert_eq!(entries.first().and_then(|entry| entry.generation), Some(Generation::new(1)));
    let events = events(&store).await;
    assert_eq!(describe_kinds(&events), vec![[first, second]; 4].concat());
    for event in &events {
        assert_eq!((event.tenant, event.connection), (TENANT, id(1)));
        assert!(before <= event.at && event.at <= after, "an event is not stamped by the store's clock");
    }
}

/// What did not happen is told nowhere.
pub async fn a_refused_change_stores_no_notes(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    let old = stored(&store, 1).await;
    done(store.commit_success(TENANT, id(1), renewal(Generation::new(1), 2)).await);
    let taken = Success { notes: notes(), ..login("1") };
    let late = Success { notes: notes(), ..renewal(Generation::new(1), 3) };
    let mut failed = failure(&old);
    failed.notes = notes();
    ok(store.commit_success(TENANT, id(2), taken).await);
    ok(store.commit_success(TENANT, id(1), late).await);
    ok(store.commit_failure(TENANT, id(1), failed).await);
    ok(store.amend(TENANT, id(1), Amendment::of(&old, notes())).await);
    assert_eq!(actions(&store, TENANT).await, []);
    assert_eq!(events(&store).await, []);
}

/// Every part of an entry, whoever did it.
pub async fn entries_come_back_as_they_were_written(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let asset = AssetKey::new("app", AssetKind::LinkedInOrganization, "urn:li:organization:1");
    let entries = [
        refreshed(u64::from(u32::MAX) + 5),
        AuditEntry::new(AuditAction::Unknown("from_a_newer_version".into())),
        AuditEntry::new(AuditAction::StateChanged).with_reason(ReauthReason::PasswordChanged),
        AuditEntry::new(AuditAction::RefreshFailed).with_reason(FailureClass::Throttled),
        AuditEntry::new(AuditAction::SessionRejected).with_reason(AuditReason::from_static("state_reused")),
        AuditEntry::new(AuditAction::AssetLinked).with_asset(asset),
    ];
    let actors = [
        AuditActor::User("a:b ü".to_owned()),
        AuditActor::Operator("ops".to_owned()),
        AuditActor::Service,
        AuditActor::Provider,
        AuditActor::Erased,
        AuditActor::Unknown("robot".into()),
    ];
    let before = control.now().await;
    for (actor, entry) in actors.iter().zip(&entries) {
        let connection = (*actor != AuditActor::Service).then(|| id(7));
        ok(store.append(TENANT, actor.clone(), connection, vec![entry.clone()]).await);
    }
    ok(store.append(TENANT, user(), None, Vec::new()).await);
    let records = audit(&store, TENANT).await;
    assert_eq!(records.len(), entries.len());
    for ((record, entry), actor) in records.iter().zip(&entries).zip(&actors) {
        let connection = (*actor != AuditActor::Service).then(|| id(7));
        assert_eq!((&record.actor, record.connection), (actor, connection));
        assert_eq!((&record.action, record.generation), (&entry.action, entry.generation));
        assert_eq!((&record.reason, &record.asset), (&entry.reason, &entry.asset));
        assert!(record.at >= before);
    }
}

/// By connection, action and time, and by all of them.
pub async fn the_audit_is_filtered(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let actions = [AuditAction::Connected, AuditAction::Refreshed, AuditAction::TokenRead];
    let mut times = Vec::new();
    for action in &actions {
        for number in [1, 2] {
            let entries = vec![AuditEntry::new(action.clone())];
            ok(store.append(TENANT, user(), Some(id(number)), entries).await);
        }
        control.advance(MINUTE).await;
        times.push(control.now().await);
    }
    let all = AuditQuery::latest(100);
    let of_first = AuditQuery { connection: Some(id(1)), ..all.clone() };
    let [connected, refreshed, read] = actions;
    let two = vec![refreshed.clone(), connected.clone()];
    let cases = [
        (all.clone(), vec![&read, &read, &refreshed, &refreshed, &connected, &connected]),
        (of_first.clone(), vec![&read, &refreshed, &connected]),
        (AuditQuery { actions: two, ..of_first.clone() }, vec![&refreshed, &connected]),
        (AuditQuery { since: Some(times[0]), ..of_first.clone() }, vec![&read, &refreshed]),
        (AuditQuery { until: Some(times[1]), ..of_first.clone() }, vec![&refreshed, &connected]),
        (AuditQuery { since: Some(times[0]), until: Some(times[1]), ..of_first }, vec![&refreshed]),
        (AuditQuery { since: Some(times[2]), ..all.clone() }, vec![]),
        (AuditQuery { actions: vec![AuditAction::Shredded], ..all }, vec![]),
    ];
    for (query, expected) in cases {
        let page = ok(store.query(TENANT, query.clone()).await);
        let found: Vec<_> = page.records.iter().map(|record| &record.action).collect();
        assert_eq!((found, page.next), (expected, None), "{query:?}");
    }
}

/// The latest first, each once, also while more is written.
pub async fn audit_pages_go_through_all_entries(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], _) = several(open).await;
    for generation in 1..=7 {
        let store = if generation % 2 == 0 { &first } else { &second };
        let actor = AuditActor::Service;
        ok(store.append(TENANT, actor, Some(id(1)), vec![refreshed(generation)]).await);
        ok(store.append(OTHER, user(), Some(id(1)), vec![refreshed(99)]).await);
    }
    let query = AuditQuery { connection: Some(id(1)), ..AuditQuery::latest(3) };
    let (mut seen, mut after, mut last) = (Vec::new(), None, None::<AuditPosition>);
    loop {
        let page = ok(first.query(TENANT, AuditQuery { after, ..query.clone() }).await);
        assert!(page.records.len() <= 3);
        for record in &page.records {
            assert!(last.is_none_or(|last| record.position < last), "entries are out of order");
            last = Some(record.position);
            seen.extend(record.generation.map(Generation::get));
        }
        ok(first.append(TENANT, user(), Some(id(1)), vec![refreshed(100)]).await);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(ok(first.query(TENANT, AuditQuery::latest(0)).await).records.len(), 1);
}

/// The audit goes on where the connection does not.
pub async fn the_audit_outlives_its_connection(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    done(store.commit_success(TENANT, id(1), Success { notes: notes(), ..login("1") }).await);
    disconnect(&store, 1).await;
    ok(store.remove(TENANT, id(1), notes()).await);
    let of_it = AuditQuery { connection: Some(id(1)), ..AuditQuery::latest(9) };
    assert_eq!(ok(store.query(TENANT, of_it).await).records.len(), 2);
}

/// Retention takes what is old and leaves the rest, in steps.
pub async fn old_entries_are_trimmed(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, control) = one(open).await;
    let mut middle = at(0);
    for (tenant, generation) in [(TENANT, 1), (OTHER, 2), (TENANT, 3), (TENANT, 4)] {
        if generation == 4 {
            middle = control.now().await;
        }
        ok(store.append(tenant, user(), None, vec![refreshed(generation)]).await);
        control.advance(MINUTE).await;
    }
    assert_eq!(ok(store.trim_audit(middle, 2).await), 2);
    assert_eq!(ok(store.trim_audit(middle, 2).await), 1);
    assert_eq!(ok(store.trim_audit(middle, 2).await), 0);
    assert_eq!(audit(&store, OTHER).await.len(), 0);
    let left: Vec<_> = audit(&store, TENANT).await.into_iter().map(|record| record.generation).collect();
    assert_eq!(left, [Some(Generation::new(4))]);
}

async fn tell(store: &Handle, number: u8, kind: EventKind) {
    let row = stored(store, number).await;
    done(store.amend(TENANT, id(number), Amendment::of(&row, no_notes().event(kind))).await);
}

/// Every kind, the oldest first, from all tenants.
pub async fn events_are_given_the_oldest_first(open: impl AsyncFnOnce(usize) -> Bench) {
    let (store, _) = one(open).await;
    connect(&store, 1).await;
    connect_to(&store, OTHER, 2).await;
    let kinds = [
        EventKind::NeedsReauth { reason: ReauthReason::Checkpoint },
        EventKind::Expiring { stage: crate::NoticeStage::TokenIn3Days, end: at(5) },
        EventKind::RefreshFailingOften { failures: 4_000_000_000 },
        EventKind::ScopesLost { lost: ScopeSet::parse("pages_show_list leads_retrieval") },
        EventKind::TokenReuse,
    ];
    for kind in &kinds {
        tell(&store, 1, kind.clone()).await;
    }
    let other = ok(store.read(OTHER, id(2)).await);
    let Some(other) = other else { panic!("the row is not there") };
    let amendment = Amendment::of(&other, no_notes().event(EventKind::ChainLost));
    done(store.amend(OTHER, id(2), amendment).await);

    let first = ok(store.take_events(2, MINUTE).await);
    let rest = ok(store.take_events(100, MINUTE).await);
    let all: Vec<_> = first.iter().chain(&rest).collect();
    assert_eq!((first.len(), all.len()), (2, 6));
    for (event, kind) in all.iter().zip(&kinds) {
        assert_eq!((event.tenant, event.connection, &event.kind), (TENANT, id(1), kind));
        assert_eq!(event.deliveries, 1);
    }
    let last = all.last().map(|event| (event.tenant, event.connection, event.kind.clone()));
    assert_eq!(last, Some((OTHER, id(2), EventKind::ChainLost)));
    let names: BTreeSet<_> = all.iter().map(|event| event.id).collect();
    assert_eq!(names.len(), 6, "two events have one name");
}

/// A worker that dies loses no event, and the receiver can tell that it is the same one.
pub async fn an_event_is_given_until_it_is_acknowledged(open: impl AsyncFnOnce(usize) -> Bench) {
    let ([first, second], control) = several(open).await;
    connect(&first, 1).await;
    tell(&first, 1, EventKind::Blocked).await;
    tell(&first, 1, EventKind::Recovered).await;
    let taken = ok(first.take_events(9, MINUTE * 5).await);
    assert_eq!(ok(second.take_events(9, MINUTE * 5).await), [], "two workers have one event");
    let Some(blocked) = taken.first() else { panic!("there is no event") };
    assert_eq!(ok(second.ack_events(&[blocked.id, crate::EventId::from_bytes([9; 16])]).await), 1);
    assert_eq!(ok(second.ack_events(&[blocked.id]).await), 0);
    control.advance(MINUTE * 6).await;
    let again = ok(second.take_events(9, MINUTE * 5).await);
    assert_eq!(describe_kinds(&again), [EventKind::Recovered]);
    assert_eq!(again.first().map(|event| event.id), taken.get(1).map(|event| event.id));
    assert_eq!(
        again.first().map(|event| (event.deliveries, event.at)),
        taken.get(1).map(|event| (2, event.at))
    );
    assert_eq!(ok(first.ack_events(&[]).await), 0);
}

/// Fifty workers share the events.
pub async fn nobody_gets_the_same_event_twice(open: impl AsyncFnOnce(usize) -> Bench) {
    let (handles, _) = several::<5>(open).await;
    connect(&handles[0], 1).await;
    for _ in 0..80 {
        tell(&handles[0], 1, EventKind::Blocked).await;
    }
    let given = race(&handles, |store, _| async move {
        let mut mine = ok(store.take_events(1, MINUTE).await);
        mine.extend(ok(store.take_events(1, MINUTE).await));
        mine.into_iter().map(|event| event.id).collect::<Vec<_>>()
    })
    .await;
    let all: Vec<_> = given.into_iter().flatten().collect();
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "an event was given to two workers");
    let rest = ok(handles[0].take_events(1_000, MINUTE).await);
    assert_eq!(all.len() + rest.len(), 80, "an event was given to nobody");
}
