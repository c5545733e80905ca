//! Deleting what is kept too long.

use std::time::Duration;

use super::{
    bench::{OutboxBench, one},
    fixtures::{
        DAY, LEASE, MINUTE, Store, TENANT, add, add_one, batch, begin_one, counts, entry, event, finished,
        in_doubt, later, listed, new_id, ok, rejected, replay, route, sent, settled, take, take_one, tokens,
    },
};
use crate::outbox::{Added, EntryFilter, EntryId, OutboxEvent, Outcome, Replay, Retention};

async fn trim(store: &Store, retention: &Retention, limit: usize) -> (u64, u64) {
    let trimmed = ok(store.trim(retention, limit).await);
    (trimmed.contents, trimmed.rows)
}

async fn has_content(store: &Store, id: EntryId) -> bool {
    !entry(store, id).await.event.json.is_empty()
}

/// Whatever became of it; the rest of the row says what it was.
pub async fn contents_are_kept_from_the_end_on<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let retention = Retention::new(DAY * 2, DAY * 90);
    let held = {
        add(&store, &[event(9)]).await;
        take(&store, 9).await
    };
    ok(store.renew(&tokens(&held), DAY * 50).await);
    let mut old = Vec::new();
    for (fate, number) in [sent(), rejected("no"), in_doubt("timeout")].into_iter().zip(0..) {
        old.push(finished(&store, event(number), fate).await);
    }
    bench.advance(DAY).await;
    let late = held[0].token;
    settled(&store, late, Outcome::Finished(sent())).await;
    assert_eq!(trim(&store, &retention, 99).await, (0, 0));
    bench.advance(DAY + MINUTE).await;
    let before = entry(&store, old[1]).await;
    assert_eq!(trim(&store, &retention, 99).await, (3, 0));
    for id in old.iter().copied() {
        assert!(!has_content(&store, id).await);
    }
    assert!(has_content(&store, late.id()).await, "it was finished a day later");
    let mut after = entry(&store, old[1]).await;
    after.event.json.clone_from(&before.event.json);
    assert_eq!(after, before, "more than the content is gone");
    assert_eq!(trim(&store, &retention, 99).await, (0, 0), "what is gone was deleted again");
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 2, 1, 1]);
    let page = ok(store.list(TENANT, &EntryFilter::all(), None, 9).await);
    assert_eq!(page.entries.iter().filter(|entry| entry.event.json.is_empty()).count(), 3);
}

/// With all they say, their contents included.
pub async fn rows_are_kept_from_the_end_on<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let retention = Retention::new(DAY * 8, DAY * 8);
    let mut old = Vec::new();
    for (fate, number) in [sent(), rejected("no"), in_doubt("timeout")].into_iter().zip(0..) {
        old.push(finished(&store, event(number), fate).await);
    }
    bench.advance(DAY).await;
    let young = finished(&store, event(3), sent()).await;
    bench.advance(DAY * 6).await;
    assert_eq!(trim(&store, &retention, 99).await, (0, 0));
    bench.advance(DAY + MINUTE).await;
    assert_eq!(trim(&store, &retention, 99).await, (0, 3), "the contents went with their rows");
    assert_eq!(listed(&store, &EntryFilter::all()).await, [young]);
    for id in old {
        assert!(ok(store.find(TENANT, id).await).is_none());
    }
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 1, 0, 0]);
    bench.advance(DAY).await;
    assert_eq!(trim(&store, &retention, 99).await, (0, 1));
    assert_eq!(counts(ok(store.census().await)), [0; 6]);
}

/// Whatever its age: it is still to be sent, or may still be settled.
pub async fn what_is_not_finished_stays<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let replayed = finished(&store, event(0), rejected("no")).await;
    assert_eq!(replay(&store, &Replay::entries([replayed])).await.0, 1);
    settled(&store, take_one(&store).await, later(DAY * 300, "much later")).await;
    let mut ids = vec![replayed, add_one(&store, event(1)).await];
    begin_one(&store).await;
    ids.push(add_one(&store, event(2)).await);
    take_one(&store).await;
    ids.push(add_one(&store, event(3)).await);
    bench.advance(DAY * 200).await;
    assert_eq!(trim(&store, &Retention::default(), 99).await, (0, 0));
    for id in ids {
        assert!(has_content(&store, id).await);
    }
    let taken = take(&store, 9).await;
    assert_eq!(taken.len(), 2);
    // It has just become in doubt, however long ago its lease ended.
    assert_eq!(trim(&store, &Retention::default(), 99).await, (0, 0));
    assert_eq!(counts(ok(store.census().await)), [1, 2, 0, 0, 0, 1]);
}

/// Of each sort; the rest goes with the next calls.
pub async fn no_more_is_deleted_than_asked_for<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let retention = Retention::new(DAY, DAY * 30);
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(finished(&store, event(number), sent()).await);
        bench.advance(MINUTE).await;
    }
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &retention, 0).await, (0, 0));
    assert_eq!(trim(&store, &retention, 2).await, (2, 0));
    for (place, id) in ids.into_iter().enumerate() {
        assert_eq!(has_content(&store, id).await, place >= 2, "the oldest go first");
    }
    for deleted in [2, 1, 0] {
        assert_eq!(trim(&store, &retention, 2).await, (deleted, 0));
    }
    bench.advance(DAY * 40).await;
    for deleted in [2, 2, 1, 0] {
        assert_eq!(trim(&store, &retention, 2).await, (0, deleted));
    }
}

/// Also without its content, and no longer.
pub async fn a_duplicate_is_known_as_long_as_the_row<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let first = finished(&store, event(1), sent()).await;
    let retention = Retention::new(DAY, DAY * 30);
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &retention, 9).await, (1, 0));
    assert_eq!(ok(store.add(&route(), &[event(1)]).await), [Added::Duplicate(first)]);
    assert!(batch(&store, 9).await.is_none());
    assert!(!has_content(&store, first).await);
    bench.advance(DAY * 30).await;
    assert_eq!(ok(store.add(&route(), &[event(1)]).await), [Added::Duplicate(first)]);
    assert_eq!(trim(&store, &retention, 9).await, (0, 1));
    let again = new_id(ok(store.add(&route(), &[event(1)]).await)[0]);
    assert!(again > first, "an id came twice");
    assert_eq!(take_one(&store).await.id(), again);
}

/// Both for ever, or one of them.
pub async fn what_is_kept_for_ever_stays<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = finished(&store, event(1), sent()).await;
    bench.advance(DAY * 3650).await;
    assert_eq!(trim(&store, &Retention::new(Duration::MAX, Duration::MAX), 9).await, (0, 0));
    assert!(has_content(&store, id).await);
    assert_eq!(trim(&store, &Retention::new(Duration::ZERO, Duration::MAX), 9).await, (1, 0));
    assert_eq!(trim(&store, &Retention::new(Duration::ZERO, Duration::ZERO), 9).await, (0, 1));
    assert_eq!(counts(ok(store.census().await)), [0; 6]);
}

/// A row that comes after others were deleted is like any other.
pub async fn what_comes_after_a_trim_is_sent<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    for number in 0..3 {
        finished(&store, event(number), sent()).await;
    }
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &Retention::new(DAY, DAY), 9).await, (0, 3));
    let other = OutboxEvent { name: "Lead".to_owned(), ..event(1) };
    let added = add(&store, &[event(0), other]).await;
    let held = tokens(&take(&store, 9).await);
    assert_eq!(held.iter().map(|token| token.id()).collect::<Vec<_>>(), added);
    assert_eq!(ok(store.begin(&held, LEASE).await), [true; 2]);
}
