//! What became of claimed events.

use std::time::Duration;

use super::{
    bench::{InboxBench, one, race},
    fixtures::{
        DAY, LEASE, MINUTE, assert_between, dead, entry, event, events, ids, now, ok, record, record_one,
        retry, settle, settled, shown, take, take_in_order, take_one, token_of,
    },
};
use crate::inbox::{ClaimToken, Entry, EntryId, EntryState, Outcome, Settlement};

/// It is never due again, and the log shows when it was finished.
pub async fn a_finished_event_stays_finished<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let cases = [
        (EntryState::Done, Outcome::Done, 0),
        (EntryState::Skipped, Outcome::Skipped, 0),
        (EntryState::Dead, dead("no"), 1),
    ];
    for ((state, outcome, errors), number) in cases.into_iter().zip(0..) {
        let id = record_one(&store, event(number)).await;
        let claimed = take_one(&store).await;
        bench.advance(MINUTE).await;
        let before = now(&store).await;
        settled(&store, claimed.token, outcome).await;
        let entry = entry(&store, id).await;
        assert_eq!((entry.state, entry.attempts, entry.due_at), (state, 1, None));
        assert_eq!(entry.errors.len(), errors);
        assert_between(entry.finished_at, before, now(&store).await, Duration::ZERO);
        assert!(entry.event.is_some());
        bench.advance(DAY).await;
        assert!(take(&store, 9).await.is_empty() && take_in_order(&store, 9).await.is_empty());
    }
}

/// Not before, and with what went wrong beside it.
pub async fn a_failed_attempt_is_repeated_after_its_time<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let first = take_one(&store).await;
    let before = now(&store).await;
    settled(&store, first.token, retry(MINUTE * 30, "away")).await;
    let after = now(&store).await;
    let waiting = entry(&store, id).await;
    assert_eq!((waiting.state, waiting.attempts, waiting.finished_at), (EntryState::Pending, 1, None));
    assert_between(waiting.due_at, before, after, MINUTE * 30);
    assert_eq!((waiting.errors.len(), waiting.errors[0].attempt), (1, 1));
    assert_eq!(waiting.errors[0].error, ["away", "its cause"]);
    assert_between(Some(waiting.errors[0].at), before, after, Duration::ZERO);
    bench.advance(MINUTE * 29).await;
    assert!(take(&store, 9).await.is_empty(), "it was taken too early");
    bench.advance(MINUTE * 2).await;
    let second = take_one(&store).await;
    assert_eq!((second.token.id(), second.attempt), (id, 2));
    assert!(second.token.fence() > first.token.fence());
    settled(&store, second.token, retry(Duration::ZERO, "at once")).await;
    assert_eq!(take_one(&store).await.attempt, 3);
}

/// The last error is the one for which it was given up.
pub async fn a_given_up_event_keeps_why<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    settled(&store, take_one(&store).await.token, retry(Duration::ZERO, "first")).await;
    settled(&store, take_one(&store).await.token, dead("second")).await;
    let entry = entry(&store, id).await;
    assert_eq!((entry.state, entry.attempts), (EntryState::Dead, 2));
    let told: Vec<_> = entry.errors.iter().map(|error| (error.attempt, &*error.error[0])).collect();
    assert_eq!(told, [(1, "first"), (2, "second")]);
    assert!(entry.errors[0].at <= entry.errors[1].at && Some(entry.errors[1].at) == entry.finished_at);
}

/// What a process gives back when it is told to end.
pub async fn a_released_event_is_due_at_once_and_the_attempt_does_not_count<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    settled(&store, take_one(&store).await.token, retry(Duration::ZERO, "one")).await;
    let claimed = take_one(&store).await;
    assert_eq!(claimed.attempt, 2);
    settled(&store, claimed.token, Outcome::Released).await;
    let waiting = entry(&store, id).await;
    assert_eq!((waiting.state, waiting.attempts, waiting.errors.len()), (EntryState::Pending, 1, 1));
    let again = take_one(&store).await;
    assert_eq!(again.attempt, 2);
    assert!(again.token.fence() > claimed.token.fence(), "two claims share one proof");
    assert!(!settle(&store, claimed.token, Outcome::Done).await);
}

/// The last one last.
pub async fn the_latest_ten_errors_are_kept<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    for number in 1..=12 {
        let claimed = take_one(&store).await;
        settled(&store, claimed.token, retry(Duration::ZERO, &number.to_string())).await;
    }
    settled(&store, take_one(&store).await.token, dead("13")).await;
    let entry = entry(&store, id).await;
    assert_eq!((entry.errors.len(), entry.attempts), (Entry::MAX_ERRORS, 13));
    for (error, number) in entry.errors.iter().zip(4..) {
        assert_eq!((error.attempt, &*error.error[0]), (number, &*number.to_string()));
    }
}

/// A person may want to know what went wrong before.
pub async fn what_was_handled_in_the_end_keeps_its_errors<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    settled(&store, take_one(&store).await.token, retry(Duration::ZERO, "one")).await;
    settled(&store, take_one(&store).await.token, Outcome::Done).await;
    let entry = entry(&store, id).await;
    assert_eq!((entry.state, entry.attempts, entry.errors.len()), (EntryState::Done, 2, 1));
}

/// Whatever a process that was too slow tells, it is no more its event.
pub async fn an_old_claim_changes_nothing<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let old = take_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    let new = take_one(&store).await;
    let before = shown(&entry(&store, id).await);
    let outcomes = || [Outcome::Done, Outcome::Skipped, retry(MINUTE, "x"), dead("x"), Outcome::Released];
    for outcome in outcomes() {
        assert!(!settle(&store, old.token, outcome).await);
        assert_eq!(shown(&entry(&store, id).await), before);
    }
    let unknown = [ClaimToken::new(id, 0), ClaimToken::new(id, new.token.fence() + 1)];
    for token in unknown {
        assert!(!settle(&store, token, Outcome::Done).await, "{token:?}");
    }
    settled(&store, new.token, Outcome::Done).await;
    let after = shown(&entry(&store, id).await);
    for outcome in outcomes() {
        assert!(!settle(&store, old.token, outcome).await);
    }
    assert_eq!(shown(&entry(&store, id).await), after);
}

/// The work was done: doing it again would help nobody.
pub async fn a_claim_whose_lease_ended_counts_while_nobody_took_the_event<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    for (outcome, number) in [Outcome::Done, retry(DAY, "x"), dead("x")].into_iter().zip(0..) {
        record_one(&store, event(number)).await;
        let claimed = take_one(&store).await;
        bench.advance(LEASE + MINUTE).await;
        settled(&store, claimed.token, outcome).await;
        assert!(take(&store, 9).await.is_empty());
    }
}

/// The second time it holds no more, whatever came first.
pub async fn a_claim_is_settled_once<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let first = [Outcome::Done, Outcome::Skipped, retry(DAY, "x"), dead("x")];
    for (outcome, number) in first.into_iter().zip(0..) {
        let id = record_one(&store, event(number)).await;
        let claimed = take_one(&store).await;
        settled(&store, claimed.token, outcome.clone()).await;
        let before = shown(&entry(&store, id).await);
        for again in [outcome, Outcome::Done, Outcome::Released, dead("y")] {
            assert!(!settle(&store, claimed.token, again).await);
        }
        assert_eq!(shown(&entry(&store, id).await), before);
    }
}

/// Of fifty outcomes of one claim one is stored, and it is the one that was told so.
pub async fn one_of_fifty_concurrent_settlements_counts<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let token = take_one(&store).await.token;
    let stored = race(&bench, |store, runner| async move {
        settle(&store, token, dead(&runner.to_string())).await.then_some(runner)
    })
    .await;
    let winners: Vec<_> = stored.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    let entry = entry(&store, id).await;
    assert_eq!(entry.errors.len(), 1);
    assert_eq!(entry.errors[0].error[0], winners[0].to_string());
}

/// One that holds no more does not keep the others from being stored, and the answers are in the order of the batch.
pub async fn claims_are_settled_each_by_itself<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let recorded = record(&store, &events(0..7)).await;
    let old = take(&store, 9).await;
    bench.advance(LEASE + MINUTE).await;
    let new = take(&store, 6).await;
    assert_eq!(new.len(), 6);
    let last = recorded.iter().copied().find(|id| ids(&new).binary_search(id).is_err());
    let [left, done, skipped, retried, given_up, released] = [0, 1, 2, 3, 4, 5].map(|place| new[place].token);
    let settlements = [
        Settlement::new(released, Outcome::Released),
        Settlement::new(token_of(&old, left.id()), Outcome::Done),
        Settlement::new(done, Outcome::Done),
        Settlement::new(ClaimToken::new(EntryId::new(1_000_000), 1), Outcome::Done),
        Settlement::new(skipped, Outcome::Skipped),
        Settlement::new(retried, retry(DAY, "retry")),
        Settlement::new(given_up, dead("dead")),
    ];
    let stored = ok(store.settle(&settlements).await);
    assert_eq!(stored, [true, false, true, false, true, true, true]);
    let expected = [
        (left, EntryState::Running, 2, None),
        (done, EntryState::Done, 2, None),
        (skipped, EntryState::Skipped, 2, None),
        (retried, EntryState::Pending, 2, Some("retry")),
        (given_up, EntryState::Dead, 2, Some("dead")),
        (released, EntryState::Pending, 1, None),
    ];
    for (token, state, attempts, error) in expected {
        let entry = entry(&store, token.id()).await;
        assert_eq!((entry.state, entry.attempts), (state, attempts));
        assert_eq!(entry.errors.last().map(|last| &*last.error[0]), error);
    }
    let mut due: Vec<_> = last.into_iter().chain([released.id()]).collect();
    due.sort_unstable();
    assert_eq!(ids(&take(&store, 9).await), due);
}
