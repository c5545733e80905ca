//! Values at the ends of their ranges.

use std::time::Duration;

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{Expiry, ScopeRequest, ScopeSet};
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{
    Amendment, AuditAction, AuditActor, AuditEntry, AuditLog as _, AuditQuery, AuditReason, Claim, Claimed,
    Committed, Connect, ConnectionRepo as _, Details, EventKind, EventQueue as _, Generation, LeaseOwner,
    Notes, TokenStore as _,
};

use crate::{
    bench::{migrated, store, worker},
    fixtures::{TENANT, account, commit, connect, id, login, no_notes, renewal, stored},
};

const FIRST: i64 = -210_866_803_200_000;
const LAST: i64 = 9_224_318_015_999_999;

#[tokio::test]
async fn every_millisecond_comes_back_and_what_lies_beyond_stops_at_the_end() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    let mut generation = 1;
    let mut keep = async |millis: i64| {
        let at = Timestamp::from_unix_millis(millis);
        let mut success = renewal(generation, 1).with_due_at(Some(at));
        success.token.expiry = Expiry::At(at);
        success.token.issued_at = Some(at);
        commit(&store, TENANT, 1, success).await;
        generation += 1;
        let row = stored(&store, TENANT, 1).await;
        assert_eq!(row.token.expiry, Expiry::At(row.due_at.unwrap()));
        assert_eq!(row.token.issued_at, row.due_at);
        row.due_at.unwrap().as_unix_millis()
    };
    for millis in [0, 1, -1, 999, -999, 946_684_800_000, 946_684_799_999, 1_800_000_000_456, FIRST, LAST] {
        assert_eq!(keep(millis).await, millis);
    }
    let mut runner = TestRunner::new(Config::with_cases(1));
    for _ in 0..50 {
        let millis = (FIRST..=LAST).new_tree(&mut runner).unwrap().current();
        assert_eq!(keep(millis).await, millis);
    }
    for (beyond, end) in [(i64::MIN, FIRST), (FIRST - 1, FIRST), (LAST + 1, LAST), (i64::MAX, LAST)] {
        assert_eq!(keep(beyond).await, end);
    }
}

#[tokio::test]
async fn never_and_unknown_are_two_things() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    let mut success = renewal(1, 1);
    (success.token.expiry, success.token.refresh_expiry) = (Expiry::Never, Expiry::Unknown);
    commit(&store, TENANT, 1, success.clone()).await;
    assert_eq!(stored(&store, TENANT, 1).await.token, success.token);
}

#[tokio::test]
async fn spans_of_any_length_are_taken() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    connect(&store, TENANT, 1).await;
    let claim = Claim::new(LeaseOwner::from_bytes([1; 16]), Generation::new(1), Duration::MAX);
    assert!(matches!(store.claim(TENANT, id(1), claim).await.unwrap(), Claimed::Won { .. }));
    assert_eq!(worker.due_batch(usize::MAX, Duration::MAX).await.unwrap(), []);
    assert_eq!(worker.take_events(usize::MAX, Duration::MAX).await.unwrap(), []);
    let now = Claim::new(LeaseOwner::from_bytes([2; 16]), Generation::new(u64::MAX), Duration::ZERO);
    assert!(matches!(store.claim(TENANT, id(1), now).await.unwrap(), Claimed::Lost(_)));
    let late = store.commit_success(TENANT, id(1), renewal(u64::MAX, 1)).await.unwrap();
    assert!(matches!(late, Committed::Superseded(_)));
}

#[tokio::test]
async fn a_name_with_a_nul_costs_nobody_the_token() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    let mut details = Details::new();
    details.display_name = Some("A\0da".to_owned());
    details.connected_by = Some("\0".to_owned());
    details.requested = ScopeRequest::new(ScopeSet::parse("e\0mail"));
    let entry = AuditEntry::new(AuditAction::from("a\0b")).with_reason(AuditReason::from_stored("c\0d"));
    let lost = EventKind::ScopesLost { lost: ScopeSet::parse("e\0mail") };
    let notes = Notes::by(AuditActor::User("a\0da".to_owned())).entry(entry).event(lost);
    let mut success = login("1").with_connect(Connect::new(account("1"), details));
    success.notes = notes;
    success.token.scopes = Some(ScopeSet::parse("e\0mail"));
    commit(&store, TENANT, 1, success).await;
    let shown = store.find(TENANT, id(1)).await.unwrap().unwrap();
    assert_eq!(shown.details.display_name.as_deref(), Some("A\u{FFFD}da"));
    assert_eq!(shown.token.scopes, Some(ScopeSet::parse("e\u{FFFD}mail")));
    let record = store.query(TENANT, AuditQuery::latest(1)).await.unwrap().records.remove(0);
    assert_eq!(record.actor, AuditActor::User("a\u{FFFD}da".to_owned()));
    assert_eq!(worker.take_events(1, Duration::ZERO).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_of_nothing_is_a_change() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    let before = stored(&store, TENANT, 1).await;
    store.amend(TENANT, id(1), Amendment::of(&before, no_notes())).await.unwrap();
    let after = stored(&store, TENANT, 1).await;
    assert_eq!(after.revision, before.revision.next());
}
