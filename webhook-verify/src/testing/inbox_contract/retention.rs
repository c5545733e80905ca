//! What is deleted, and when.

use super::{
    bench::{InboxBench, one},
    fixtures::{
        DAY, LEASE, Store, dead, entry, event, events, finished, listed, new_id, ok, record, record_one,
        retry, settled, take, take_one,
    },
};
use crate::inbox::{EntryFilter, EntryId, Outcome, Recorded, Retention};

async fn trim(store: &Store, retention: &Retention) -> (u64, u64) {
    let trimmed = ok(store.trim(retention, 1000).await);
    (trimmed.payloads, trimmed.rows)
}

async fn has_payload(store: &Store, id: EntryId) -> bool {
    entry(store, id).await.event.is_some()
}

/// Payloads of handled and skipped events, and of given up ones, each from when it was finished.
pub async fn payloads_are_kept_by_state_from_the_end_on<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let late = record_one(&store, event(9)).await;
    settled(&store, take_one(&store).await.token, retry(DAY * 5, "later")).await;
    bench.advance(DAY * 3).await;
    let done = finished(&store, event(0), Outcome::Done).await;
    let skipped = finished(&store, event(1), Outcome::Skipped).await;
    let failed = finished(&store, event(2), dead("no")).await;
    bench.advance(DAY * 2 + LEASE).await;
    settled(&store, take_one(&store).await.token, Outcome::Done).await;

    let retention = Retention::default().payloads(DAY * 4, DAY * 9);
    bench.advance(DAY).await;
    assert_eq!(trim(&store, &retention).await, (0, 0));
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &retention).await, (2, 0));
    for (id, stays) in [(done, false), (skipped, false), (failed, true), (late, true)] {
        assert_eq!(has_payload(&store, id).await, stays);
    }
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &retention).await, (1, 0));
    assert!(has_payload(&store, failed).await && !has_payload(&store, late).await);
    bench.advance(DAY * 3).await;
    assert_eq!(trim(&store, &retention).await, (1, 0));
    assert_eq!(trim(&store, &retention).await, (0, 0), "what is gone was deleted again");
    let rest = entry(&store, failed).await;
    assert_eq!((rest.key, rest.attempts, &*rest.kind), (event(2).key(), 1, event(2).kind().name()));
}

/// They may tell of people, too.
pub async fn the_texts_of_errors_go_with_the_payload<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = finished(&store, event(1), dead("told by a person")).await;
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &Retention::default().payloads(DAY * 9, DAY)).await, (1, 0));
    let entry = entry(&store, id).await;
    assert!(entry.errors.iter().all(|error| error.error.is_empty()), "{entry:?}");
}

/// However late they were finished.
pub async fn rows_are_kept_from_recording_on<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let Ok(retention) = Retention::default().keys(DAY * 8) else { panic!("8 days are enough") };
    let mut old = Vec::new();
    for (number, outcome) in [(0, Outcome::Done), (1, Outcome::Skipped), (2, dead("no"))] {
        old.push(finished(&store, event(number), outcome).await);
    }
    bench.advance(DAY).await;
    let young = finished(&store, event(3), Outcome::Done).await;
    bench.advance(DAY * 6).await;
    assert_eq!(trim(&store, &retention).await, (0, 0));
    bench.advance(DAY + LEASE).await;
    assert_eq!(trim(&store, &retention).await.1, 3);
    assert_eq!(listed(&store, &EntryFilter::all()).await, [young]);
    for id in old {
        assert!(ok(store.find(id).await).is_none());
    }
    bench.advance(DAY).await;
    assert_eq!(trim(&store, &retention).await, (0, 1));
}

/// Whatever its age: it is still to be handled.
pub async fn what_waits_or_is_claimed_stays<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let ids = record(&store, &events(0..4)).await;
    let claimed = take(&store, 3).await;
    settled(&store, claimed[0].token, retry(DAY * 100, "much later")).await;
    ok(store.renew(&[claimed[1].token], DAY * 100).await);
    bench.advance(DAY * 60).await;
    assert_eq!(trim(&store, &Retention::default()).await, (0, 0));
    for id in ids {
        assert!(has_payload(&store, id).await);
    }
    assert_eq!(take(&store, 9).await.len(), 2, "the waiting one, and the one whose lease ended");
    settled(&store, claimed[1].token, Outcome::Done).await;
    assert_eq!(trim(&store, &Retention::default()).await.1, 1, "it is finished, and old enough");
}

/// Of each sort; the rest goes with the next calls.
pub async fn no_more_is_deleted_than_asked_for<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    for number in 0..5 {
        finished(&store, event(number), if number < 3 { Outcome::Done } else { dead("no") }).await;
    }
    let retention = Retention::default().payloads(DAY, DAY);
    bench.advance(DAY * 2).await;
    for deleted in [2, 2, 1, 0] {
        let trimmed = ok(store.trim(&retention, 2).await);
        assert_eq!((trimmed.payloads, trimmed.rows), (deleted, 0));
    }
    bench.advance(DAY * 40).await;
    for deleted in [2, 2, 1, 0] {
        let trimmed = ok(store.trim(&retention, 2).await);
        assert_eq!((trimmed.payloads, trimmed.rows), (0, deleted));
    }
    assert_eq!(ok(store.trim(&retention, 0).await).rows, 0);
}

/// Also without its payload, and no longer.
pub async fn a_repeat_is_known_as_long_as_the_row<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let first = finished(&store, event(1), Outcome::Done).await;
    let retention = Retention::default().payloads(DAY, DAY);
    bench.advance(DAY * 2).await;
    assert_eq!(trim(&store, &retention).await, (1, 0));
    assert_eq!(ok(store.record(&events([1])).await), [Recorded::Duplicate]);
    assert!(take(&store, 9).await.is_empty() && !has_payload(&store, first).await);
    bench.advance(DAY * 40).await;
    assert_eq!(trim(&store, &retention).await, (0, 1));
    let second = new_id(ok(store.record(&events([1])).await)[0]);
    assert!(second > first, "an id came twice");
    assert_eq!(take_one(&store).await.attempt, 1);
}

/// The longest time there is does no harm.
pub async fn what_is_kept_for_ever_stays<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let forever = std::time::Duration::MAX;
    let Ok(retention) = Retention::default().payloads(forever, forever).keys(forever) else {
        panic!("for ever is long enough");
    };
    let id = finished(&store, event(1), Outcome::Done).await;
    bench.advance(DAY * 60).await;
    assert_eq!(trim(&store, &retention).await, (0, 0));
    assert!(has_payload(&store, id).await);
}
