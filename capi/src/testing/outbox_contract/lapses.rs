//! Processes that die while they send, and those that only seemed to.

use std::time::Duration;

use super::{
    bench::{OutboxBench, one},
    fixtures::{
        DAY, LEASE, MINUTE, add, add_one, assert_between, batch, begin_one, counts, entry, event, events,
        in_doubt, later, now, ok, reasons, rejected, replay, sent, settle, settled, state, take, take_one,
        tokens,
    },
};
use crate::outbox::{EntryFilter, EntryState, Fate, Outcome, Replay, Retention};

/// It is counted, listed, and never sent again on its own.
pub async fn an_event_whose_sender_died_is_in_doubt<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let token = begin_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    let other = add_one(&store, event(2)).await;
    let before = now(&store).await;
    let given = take(&store, 9).await;
    let after = now(&store).await;
    assert_eq!(given.len(), 1, "what is in doubt was given out");
    assert_eq!(given[0].token.id(), other);
    let doubtful = entry(&store, id).await;
    assert_eq!((doubtful.state, doubtful.fate), (EntryState::InDoubt, Some(Fate::process_died())));
    assert_eq!((doubtful.attempts, doubtful.due_at, doubtful.history.len()), (1, None, 0));
    assert_between(doubtful.finished_at, before, after, Duration::ZERO);
    assert_eq!(counts(ok(store.census().await)), [0, 1, 0, 0, 0, 1]);
    assert_eq!(ok(store.begin(&[token], LEASE).await), [false]);
    assert_eq!(ok(store.renew(&[token], LEASE).await), [false]);
    settled(&store, given[0].token, Outcome::Finished(sent())).await;
    bench.advance(DAY * 9).await;
    assert!(batch(&store, 9).await.is_none());
    assert_eq!(state(&store, id).await, EntryState::InDoubt);
}

/// Also when nothing else is due; and however many they are, none is given out.
pub async fn many_are_found_in_doubt_over_several_claims<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let added = add(&store, &events(0..1200)).await;
    let held = tokens(&take(&store, 1200).await);
    assert_eq!(held.len(), added.len());
    assert_eq!(ok(store.begin(&held, LEASE).await), vec![true; 1200]);
    assert!(batch(&store, 9).await.is_none());
    assert_eq!(counts(ok(store.census().await)), [0, 0, 1200, 0, 0, 0]);
    bench.advance(LEASE + MINUTE).await;
    for claims in 1..=3 {
        assert!(batch(&store, 9).await.is_none());
        let [.., sending, _, _, in_doubt] = counts(ok(store.census().await));
        assert_eq!(sending + in_doubt, 1200);
        assert!(in_doubt <= 1000 * claims, "more than a thousand at once");
        assert!(claims < 2 || in_doubt == 1200, "{sending} are still on their way");
    }
}

/// It was not dead, only slow: what it knows is better than doubt.
pub async fn a_late_outcome_takes_the_place_of_doubt<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    for (fate, number) in [sent(), rejected("no"), in_doubt("timeout")].into_iter().zip(0..) {
        let id = add_one(&store, event(number)).await;
        let token = begin_one(&store).await;
        bench.advance(LEASE + MINUTE).await;
        assert!(batch(&store, 9).await.is_none());
        assert_eq!(state(&store, id).await, EntryState::InDoubt);
        bench.advance(MINUTE).await;
        settled(&store, token, Outcome::Finished(fate.clone())).await;
        let known = entry(&store, id).await;
        assert_eq!((known.state, known.fate), (fate.state(), Some(fate.clone())));
        assert!(known.finished_at.is_some() && known.due_at.is_none());
        // Told once more it is the same, and another one comes too late.
        assert!(settle(&store, token, Outcome::Finished(fate)).await);
        assert!(!settle(&store, token, Outcome::Finished(rejected("another"))).await);
    }
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 1, 1, 1]);
}

/// It was refused at the door, or had not even left: it is due again.
pub async fn a_late_outcome_may_make_it_due<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let cases = [(later(MINUTE * 5, "throttled"), 1, vec!["throttled"]), (Outcome::Released, 0, vec![])];
    for ((outcome, attempts, history), number) in cases.into_iter().zip(0..) {
        let id = add_one(&store, event(number)).await;
        let token = begin_one(&store).await;
        bench.advance(LEASE + MINUTE).await;
        assert!(batch(&store, 9).await.is_none());
        settled(&store, token, outcome).await;
        let waiting = entry(&store, id).await;
        assert_eq!((waiting.state, waiting.fate.as_ref()), (EntryState::Pending, None));
        assert_eq!((waiting.attempts, waiting.finished_at, reasons(&waiting)), (attempts, None, history));
        bench.advance(MINUTE * 6).await;
        let next = take_one(&store).await;
        assert!(next.id() == id && next.fence() > token.fence());
        assert!(!settle(&store, token, Outcome::Finished(sent())).await, "it has another holder");
        settled(&store, next, Outcome::Finished(sent())).await;
    }
}

/// A person decided in between; the event has another life.
pub async fn a_late_outcome_does_not_settle_a_replayed_event<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let old = begin_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    assert!(batch(&store, 9).await.is_none());
    assert_eq!(replay(&store, &Replay::in_doubt(EntryFilter::all())).await, (1, 0, false));
    let outcomes = [Outcome::Finished(sent()), later(MINUTE, "x"), Outcome::Released];
    let refused = async || {
        let before = entry(&store, id).await;
        for outcome in &outcomes {
            assert!(!settle(&store, old, outcome.clone()).await, "{outcome:?}");
        }
        assert_eq!(ok(store.begin(&[old], LEASE).await), [false]);
        assert_eq!(entry(&store, id).await, before);
    };
    refused().await;
    let new = begin_one(&store).await;
    refused().await;
    bench.advance(LEASE + MINUTE).await;
    assert!(batch(&store, 9).await.is_none());
    refused().await;
    settled(&store, new, Outcome::Finished(sent())).await;
}

/// There is nothing left to send, but its fate may still become known.
pub async fn a_late_outcome_without_content_is_a_fate_or_nothing<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let token = begin_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    assert!(batch(&store, 9).await.is_none());
    bench.advance(DAY * 2).await;
    assert_eq!(ok(store.trim(&Retention::new(DAY, DAY * 9), 9).await).contents, 1);
    for outcome in [later(MINUTE, "x"), Outcome::Released] {
        assert!(!settle(&store, token, outcome).await);
    }
    assert_eq!(state(&store, id).await, EntryState::InDoubt);
    settled(&store, token, Outcome::Finished(sent())).await;
    assert_eq!(entry(&store, id).await.fate, Some(sent()));
}
