//! Taking events for a while.

use std::{collections::BTreeSet, time::Duration};

use super::{
    bench::{OutboxBench, one, race},
    fixtures::{
        CONNECTION, DAY, LEASE, MINUTE, OTHER_CONNECTION, TENANT, add, add_one, add_to, assert_between,
        batch, begin_one, counts, entry, event, events, ids, later, now, ok, route, settle, settled, state,
        strange_route, take, take_one, tokens,
    },
};
use crate::outbox::{Claim, ClaimToken, EntryId, EntryState, Fate, OutboxEvent, Outcome, Route, Settlement};

/// By when they became due, not by when they were added.
pub async fn the_longest_due_comes_first_and_no_more_than_asked_for<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let mut added = Vec::new();
    for number in 0..5 {
        added.push(add_one(&store, event(number)).await);
        bench.advance(MINUTE).await;
    }
    // The first is due again after all others, and the second is not due.
    for after in [MINUTE, MINUTE * 60] {
        let taken = take(&store, 1).await;
        settled(&store, taken[0].token, later(after, "busy")).await;
    }
    assert_eq!(ids(&take(&store, 2).await), added[2..4]);
    bench.advance(MINUTE * 2).await;
    assert_eq!(ids(&take(&store, 9).await), [added[4], added[0]]);
    assert_eq!(ids(&take(&store, 9).await), []);
}

/// That of the event that is due longest; whatever makes a route makes another request.
pub async fn a_claim_takes_one_route<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let routes = [
        route(),
        Route { connection: OTHER_CONNECTION, ..route() },
        Route { target: "9".to_owned(), ..route() },
        route().with_envelope(r#","test_event_code":"TEST1"}"#),
        strange_route(),
        Route::linkedin(TENANT, CONNECTION),
    ];
    // Every route has one of the oldest events, and one of the latest.
    let mut expected = vec![Vec::new(); routes.len()];
    for round in 0..2_u32 {
        for (place, number) in (0..routes.len()).zip(0..) {
            let event = event(round * 100 + number);
            expected[place].extend(add_to(&store, &routes[place], &[event]).await);
            bench.advance(MINUTE).await;
        }
    }
    for (route, expected) in routes.iter().zip(&expected) {
        let Some(batch) = batch(&store, 9).await else { panic!("events are due") };
        assert_eq!((&batch.route, &ids(&batch.events)), (route, expected));
    }
    assert!(batch(&store, 9).await.is_none());
}

/// A route with much to do does not keep another one waiting for longer than its oldest event.
pub async fn a_busy_route_does_not_hide_another<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    add(&store, &events(0..300)).await;
    bench.advance(MINUTE).await;
    let other = add_to(&store, &strange_route(), &events(0..1)).await;
    bench.advance(MINUTE).await;
    add(&store, &events(300..400)).await;
    assert_eq!(take(&store, 300).await.len(), 300);
    assert_eq!(ids(&take(&store, 300).await), other);
    assert_eq!(take(&store, 300).await.len(), 100);
}

/// But one event at least, however large it is.
pub async fn the_bytes_of_a_claim_are_kept_to<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let sized = |number, bytes: usize| {
        let json = format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8)).into();
        OutboxEvent { json, ..event(number) }
    };
    let lengths = [5000, 1000, 1000, 1000, 3000, 1000, 6000, 1000];
    let events: Vec<_> = lengths.into_iter().zip(0..).map(|(bytes, number)| sized(number, bytes)).collect();
    let added = add(&store, &events).await;
    let claim = Claim::new(100, LEASE).bytes(3500);
    for expected in [0..1, 1..4, 4..5, 5..6, 6..7, 7..8] {
        let Some(batch) = ok(store.claim(&claim).await) else { panic!("events are due") };
        assert_eq!(ids(&batch.events), added[expected]);
    }
    assert!(ok(store.claim(&claim).await).is_none());
}

/// The log shows that somebody has it and until when; nothing has begun.
pub async fn a_claim_is_shown<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    bench.advance(MINUTE * 3).await;
    let before = now(&store).await;
    let Some(batch) = batch(&store, 9).await else { panic!("an event is due") };
    let after = now(&store).await;
    let entry = entry(&store, id).await;
    assert_between(Some(batch.claimed_at), before, after, Duration::ZERO);
    assert_eq!((entry.state, entry.attempts, entry.finished_at), (EntryState::Claimed, 0, None));
    assert_between(entry.due_at, before, after, LEASE);
    assert_eq!(counts(ok(store.census().await)), [0, 1, 0, 0, 0, 0]);
}

/// For everybody, through whatever connection.
pub async fn others_keep_away_during_the_lease<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    add(&store, &events(0..2)).await;
    let taken = take(&store, 9).await;
    assert_eq!(ok(store.begin(&[taken[1].token], LEASE).await), [true]);
    bench.advance(MINUTE * 9).await;
    for store in [&store, &bench.store()] {
        assert!(take(store, 9).await.is_empty());
    }
    let late = add_one(&store, event(2)).await;
    assert_eq!(ids(&take(&store, 9).await), [late]);
}

/// Nobody gets what somebody else has, and nothing is left over.
pub async fn concurrent_claimers_share_the_events<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut added = add(&store, &events(0..150)).await;
    added.extend(add_to(&store, &strange_route(), &events(0..50)).await);
    let taken = race(&bench, |store, _| async move {
        let mut mine = Vec::new();
        // Others may have locked what is left at that moment.
        for limit in [1, 2, 3] {
            mine.extend(ids(&take(&store, limit).await));
        }
        mine
    })
    .await;
    let mut all: Vec<EntryId> = taken.into_iter().flatten().collect();
    while let Some(batch) = batch(&store, 100).await {
        all.extend(ids(&batch.events));
    }
    let distinct: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len(), "an event was given to two");
    assert_eq!(distinct, added.into_iter().collect());
}

/// Nothing had left: it is as if nobody had claimed it, and the next claim has another proof.
pub async fn an_event_that_was_not_begun_is_due_after_its_lease<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let mut fences = Vec::new();
    for _ in 0..3 {
        let taken = take(&store, 9).await;
        assert_eq!((ids(&taken), taken[0].attempts), (vec![id], 0));
        fences.push(taken[0].token.fence());
        bench.advance(LEASE + MINUTE).await;
        assert!(ok(store.census().await).oldest_due.is_some(), "it is due");
    }
    assert!(fences.is_sorted_by(|one, next| one < next), "{fences:?}");
    let entry = entry(&store, id).await;
    assert_eq!((entry.attempts, entry.history.len(), entry.fate), (0, 0, None));
}

/// It is on its way, and an attempt more.
pub async fn beginning_is_recorded_and_counted<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    for attempts in 1..4 {
        let taken = take(&store, 9).await;
        assert_eq!(taken[0].attempts, attempts - 1);
        bench.advance(MINUTE).await;
        let before = now(&store).await;
        assert_eq!(ok(store.begin(&[taken[0].token], LEASE).await), [true]);
        let after = now(&store).await;
        let sending = entry(&store, id).await;
        assert_eq!((sending.state, sending.attempts), (EntryState::Sending, attempts));
        assert_between(sending.due_at, before, after, LEASE);
        assert_eq!(counts(ok(store.census().await)), [0, 0, 1, 0, 0, 0]);
        // The answer may have been lost: it is asked again.
        assert_eq!(ok(store.begin(&[taken[0].token], LEASE).await), [true]);
        assert_eq!(entry(&store, id).await.attempts, attempts);
        settled(&store, taken[0].token, later(Duration::ZERO, "busy")).await;
    }
}

/// What somebody else took, what is settled, what never was; each by itself.
pub async fn what_is_not_held_is_not_begun<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let added = add(&store, &events(0..4)).await;
    let old = tokens(&take(&store, 4).await);
    bench.advance(LEASE + MINUTE).await;
    let new = tokens(&take(&store, 1).await);
    assert_eq!(new[0].id(), added[0]);
    settled(&store, old[1], Outcome::Released).await;
    settled(&store, old[2], Outcome::Finished(Fate::Sent { trace: None })).await;
    let nobody = ClaimToken::new(EntryId::new(1_000_000), 1);
    let other_fence = ClaimToken::new(added[3], old[3].fence() + 1);
    let asked = [old[0], old[1], old[2], nobody, other_fence, old[3], new[0]];
    let before = entry(&store, added[2]).await;
    assert_eq!(ok(store.begin(&asked, LEASE).await), [false, false, false, false, false, true, true]);
    assert_eq!(entry(&store, added[2]).await, before);
    assert_eq!(state(&store, added[1]).await, EntryState::Pending);
    assert_eq!(entry(&store, added[0]).await.attempts, 1);
    let replaced = ok(store.renew(&asked, LEASE).await);
    assert_eq!(replaced, [false, false, false, false, false, true, true]);
}

/// As long as nobody took it: whether a lease is over is seen by who takes the event.
pub async fn a_claim_holds_beyond_its_lease_while_nobody_took_the_event<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let token = take_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    assert_eq!(ok(store.renew(&[token], LEASE).await), [true]);
    assert!(take(&store, 9).await.is_empty());
    bench.advance(LEASE + MINUTE).await;
    assert_eq!(ok(store.begin(&[token], LEASE).await), [true]);
    assert!(take(&store, 9).await.is_empty());
    bench.advance(LEASE + MINUTE).await;
    settled(&store, token, Outcome::Finished(Fate::Sent { trace: None })).await;
    assert_eq!(state(&store, id).await, EntryState::Sent);
}

/// Before and after it was begun.
pub async fn a_renewed_claim_lasts_from_then_on<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    add(&store, &events(0..2)).await;
    let held = tokens(&take(&store, 9).await);
    assert_eq!(ok(store.begin(&held[1..], LEASE).await), [true]);
    for _ in 0..3 {
        bench.advance(MINUTE * 9).await;
        assert_eq!(ok(store.renew(&held, LEASE).await), [true; 2]);
        assert!(take(&store, 9).await.is_empty());
    }
    assert_eq!(counts(ok(store.census().await)), [0, 1, 1, 0, 0, 0]);
    // A renewal may end it earlier, too.
    assert_eq!(ok(store.renew(&held[..1], MINUTE).await), [true]);
    bench.advance(MINUTE * 2).await;
    assert_eq!(ids(&take(&store, 9).await), [held[0].id()]);
}

/// One of fifty that begin what two claims of the same event prove: only the latest.
pub async fn an_event_is_begun_by_one_claim<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    add(&store, &events(0..20)).await;
    let old = tokens(&take(&store, 20).await);
    bench.advance(LEASE + MINUTE).await;
    let outcomes = race(&bench, |store, number| {
        let old = old.clone();
        async move {
            // Half of them were too slow, and the others take the events at the same moment.
            if number % 2 == 0 {
                let begun = ok(store.begin(&old, LEASE).await);
                return old
                    .into_iter()
                    .zip(begun)
                    .filter(|(_, begun)| *begun)
                    .map(|(token, _)| token)
                    .collect();
            }
            let taken = tokens(&take(&store, 1).await);
            let begun = ok(store.begin(&taken, LEASE).await);
            taken
                .into_iter()
                .zip(begun)
                .filter(|(_, begun)| *begun)
                .map(|(token, _)| token)
                .collect::<Vec<_>>()
        }
    })
    .await;
    let begun: BTreeSet<_> =
        outcomes.into_iter().flatten().map(|token| (token.id(), token.fence())).collect();
    let events: BTreeSet<_> = begun.iter().map(|(id, _)| *id).collect();
    assert_eq!(events.len(), begun.len(), "two claims of one event were begun");
    assert_eq!(begun.len(), 20);
}

/// What the whole is for, at a size that matters.
pub async fn ten_thousand_events_are_taken_in_their_order<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let mut added = Vec::new();
    for thousand in 0..10 {
        added.extend(add(&store, &events(thousand * 1000..(thousand + 1) * 1000)).await);
    }
    let mut seen = Vec::new();
    for _ in 0..10 {
        let taken = take(&store, 1000).await;
        assert_eq!(taken.len(), 1000);
        seen.extend(ids(&taken));
        let tokens = tokens(&taken);
        assert_eq!(ok(store.begin(&tokens, LEASE).await), vec![true; 1000]);
        let fate = Outcome::Finished(Fate::Sent { trace: Some("t".to_owned()) });
        let settlements: Vec<_> =
            tokens.into_iter().map(|token| Settlement::new(token, fate.clone())).collect();
        assert_eq!(ok(store.settle(&settlements).await), vec![true; 1000]);
    }
    assert!(seen == added, "the order changed");
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 10_000, 0, 0]);
    assert!(batch(&store, 1000).await.is_none());
}

/// It waits, and does not hold up the others.
pub async fn an_event_that_is_not_due_is_not_taken<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let token = begin_one(&store).await;
    settled(&store, token, later(DAY, "throttled")).await;
    assert!(take(&store, 9).await.is_empty());
    assert_eq!(ok(store.begin(&[token], LEASE).await), [false]);
    let other = add_one(&store, event(2)).await;
    assert_eq!(ids(&take(&store, 9).await), [other]);
    bench.advance(DAY + MINUTE).await;
    let held = take(&store, 1).await;
    assert_eq!(ids(&held), [other], "its lease ended before the other became due");
    assert_eq!(ids(&take(&store, 9).await), [id]);
    assert!(settle(&store, held[0].token, Outcome::Released).await);
}
