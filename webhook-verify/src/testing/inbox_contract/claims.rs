//! Taking events for a while.

use std::{collections::BTreeSet, time::Duration};

use super::{
    bench::{InboxBench, one, race},
    fixtures::{
        LEASE, MINUTE, assert_between, entry, event, events, ids, now, ok, record, record_one, retry,
        settled, take, take_in_order, take_one,
    },
};
use crate::inbox::{Claim, ClaimToken, EntryId, EntryState, Outcome};

/// By when they became due, not by when they were recorded.
pub async fn the_longest_due_comes_first_and_no_more_than_asked_for<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let mut recorded = Vec::new();
    for number in 0..5 {
        recorded.push(record_one(&store, event(number)).await);
        bench.advance(MINUTE).await;
    }
    // The first is due again after all others, and the second is not due.
    for after in [MINUTE, MINUTE * 60] {
        let claimed = take(&store, 1).await;
        settled(&store, claimed[0].token, retry(after, "later")).await;
    }
    assert_eq!(ids(&take(&store, 0).await), []);
    assert_eq!(ids(&take(&store, 2).await), recorded[2..4]);
    bench.advance(MINUTE * 2).await;
    assert_eq!(ids(&take(&store, 1).await), recorded[4..]);
    assert_eq!(ids(&take(&store, 9).await), recorded[..1]);
    assert_eq!(ids(&take(&store, 9).await), []);
}

/// The proof, the attempt, the times; and the log shows who has it until when.
pub async fn a_claim_says_what_was_taken<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    bench.advance(MINUTE * 3).await;
    let before = now(&store).await;
    let claimed = take_one(&store).await;
    let after = now(&store).await;
    let entry = entry(&store, id).await;
    assert_eq!((claimed.token.id(), claimed.attempt), (id, 1));
    assert_eq!(claimed.event.key(), event(1).key());
    assert_eq!(claimed.received_at, entry.received_at);
    assert_between(Some(claimed.claimed_at), before, after, Duration::ZERO);
    assert_eq!((entry.state, entry.attempts, entry.finished_at), (EntryState::Running, 1, None));
    assert_between(entry.due_at, before, after, LEASE);
}

/// A process that dies leaves its events to others, who are told so.
pub async fn a_claimed_event_is_hidden_until_its_lease_ends<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let mut fences = Vec::new();
    for attempt in 1..=3 {
        let claimed = take_one(&store).await;
        assert_eq!((claimed.token.id(), claimed.attempt), (id, attempt));
        fences.push(claimed.token.fence());
        bench.advance(MINUTE * 9).await;
        for store in [&store, &bench.store()] {
            assert!(take(store, 9).await.is_empty() && take_in_order(store, 9).await.is_empty());
        }
        bench.advance(MINUTE * 2).await;
    }
    assert!(fences.is_sorted_by(|one, next| one < next), "{fences:?}");
    assert_eq!(entry(&store, id).await.attempts, 3);
}

/// Nobody gets what somebody else has, and nothing is left over.
pub async fn concurrent_claimers_share_the_events<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut recorded = record(&store, &events(0..200)).await;
    let taken = race(&bench, |store, _| async move {
        let mut mine = ids(&take(&store, 1).await);
        mine.extend(ids(&take(&store, 2).await));
        mine
    })
    .await;
    let mut all: Vec<_> = taken.into_iter().flatten().collect();
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "two have taken the same event");
    all.extend(ids(&take(&store, 500).await));
    all.sort_unstable();
    recorded.sort_unstable();
    assert_eq!(all, recorded, "an event was taken twice, or by nobody");
}

/// From the renewal on, not from the claim on; it may be shorter, too.
pub async fn a_renewed_claim_lasts_from_then_on<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let claimed = take_one(&store).await;
    bench.advance(MINUTE * 8).await;
    let before = now(&store).await;
    assert_eq!(ok(store.renew(&[claimed.token], LEASE).await), [true]);
    let renewed = entry(&store, id).await;
    assert_between(renewed.due_at, before, now(&store).await, LEASE);
    assert_eq!((renewed.state, renewed.attempts), (EntryState::Running, 1));
    bench.advance(MINUTE * 8).await;
    assert!(take(&store, 9).await.is_empty(), "the renewed claim ended with the first lease");
    assert_eq!(ok(store.renew(&[claimed.token], MINUTE).await), [true]);
    bench.advance(MINUTE * 2).await;
    assert_eq!(take_one(&store).await.attempt, 2);
}

/// Neither what was settled nor what somebody else took; each is told by itself.
pub async fn only_held_claims_are_renewed<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    record(&store, &events(0..4)).await;
    let first = take(&store, 9).await;
    let [taken, done, again, held] = [0, 1, 2, 3].map(|place| first[place].token);
    settled(&store, done, Outcome::Done).await;
    settled(&store, again, Outcome::Released).await;
    assert_eq!(ok(store.renew(&[held], LEASE * 3).await), [true]);
    bench.advance(LEASE + MINUTE).await;
    let second = ok(store.claim(&Claim::new(9, MINUTE * 5)).await);
    assert_eq!(second.len(), 2, "what was not renewed is due");
    let before = entry(&store, taken.id()).await.due_at;
    let unknown = ClaimToken::new(EntryId::new(1_000_000), 1);
    let newer = ClaimToken::new(held.id(), held.fence() + 1);
    let renewed = store.renew(&[taken, held, done, unknown, again, newer], LEASE * 9).await;
    assert_eq!(ok(renewed), [false, true, false, false, false, false]);
    assert_eq!(entry(&store, taken.id()).await.due_at, before, "another's claim was renewed");
    assert_eq!(entry(&store, done.id()).await.state, EntryState::Done);
    bench.advance(MINUTE * 6).await;
    assert_eq!(ids(&take(&store, 9).await), ids(&second));
}

/// As it may be settled then.
pub async fn a_lease_that_ended_is_renewed_while_nobody_took_the_event<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    record_one(&store, event(1)).await;
    let claimed = take_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    assert_eq!(ok(store.renew(&[claimed.token], LEASE).await), [true]);
    assert!(take(&store, 9).await.is_empty());
    settled(&store, claimed.token, Outcome::Done).await;
}

/// What a newer version wrote waits for a process of that version.
pub async fn an_unreadable_event_holds_up_no_other<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let recorded = record(&store, &events(0..3)).await;
    if !bench.spoil(recorded[0]).await {
        return;
    }
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.extend(ids(&take(&store, 1).await));
    }
    assert_eq!(taken, recorded[1..]);
    let spoilt = entry(&store, recorded[0]).await;
    assert!(spoilt.event.is_none() && !spoilt.state.is_finished(), "{spoilt:?}");
    assert_eq!(listed_all(&store).await, 3);
}

async fn listed_all(store: &super::fixtures::Store) -> usize {
    super::fixtures::listed(store, &crate::inbox::EntryFilter::all()).await.len()
}
