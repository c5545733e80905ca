//! What became of claimed events.

use std::time::Duration;

use super::{
    bench::{OutboxBench, one, race},
    fixtures::{
        DAY, LEASE, MINUTE, add, add_one, assert_between, begin_one, counts, entry, event, events, in_doubt,
        later, now, ok, reasons, rejected, sent, settle, settled, take, take_one, tokens,
    },
};
use crate::outbox::{ClaimToken, Entry, EntryId, EntryState, Fate, Outcome, Settlement};

/// It comes back as it was told, and the event is never due again.
pub async fn each_fate_is_kept<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let bare = Fate::Rejected {
        code: None,
        subcode: None,
        field: None,
        reason: String::new(),
        advice: String::new(),
        trace: None,
    };
    let fates = [
        sent(),
        Fate::Sent { trace: None },
        rejected("invalid \u{e9}\u{1F600} '\"\\"),
        bare,
        in_doubt("timeout"),
        Fate::InDoubt { reason: "server".to_owned(), trace: Some("t".to_owned()) },
    ];
    for (fate, number) in fates.into_iter().zip(0..) {
        let id = add_one(&store, event(number)).await;
        let token = begin_one(&store).await;
        bench.advance(MINUTE).await;
        let before = now(&store).await;
        settled(&store, token, Outcome::Finished(fate.clone())).await;
        let entry = entry(&store, id).await;
        assert_eq!((entry.state, entry.due_at, entry.attempts), (fate.state(), None, 1));
        assert_eq!((entry.fate, entry.history.len()), (Some(fate), 0));
        assert_between(entry.finished_at, before, now(&store).await, Duration::ZERO);
        assert_eq!(entry.event, event(number));
        bench.advance(DAY).await;
        assert!(take(&store, 9).await.is_empty());
    }
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 2, 2, 2]);
}

/// It may have expired while it waited: then nothing leaves.
pub async fn an_event_may_be_finished_without_being_begun<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    settled(&store, take_one(&store).await, Outcome::Finished(rejected("expired"))).await;
    let entry = entry(&store, id).await;
    assert_eq!((entry.state, entry.attempts), (EntryState::Rejected, 0));
}

/// Not before, and with why beside it.
pub async fn an_event_that_was_not_processed_is_due_after_its_time<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let first = begin_one(&store).await;
    let before = now(&store).await;
    settled(&store, first, later(MINUTE * 30, "throttled")).await;
    let after = now(&store).await;
    let waiting = entry(&store, id).await;
    assert_eq!((waiting.state, waiting.fate, waiting.finished_at), (EntryState::Pending, None, None));
    assert_eq!((waiting.attempts, waiting.history[0].reason.as_str()), (1, "throttled"));
    assert_between(waiting.due_at, before, after, MINUTE * 30);
    assert_between(Some(waiting.history[0].at), before, after, Duration::ZERO);
    bench.advance(MINUTE * 29).await;
    assert!(take(&store, 9).await.is_empty(), "it was taken too early");
    bench.advance(MINUTE * 2).await;
    let second = begin_one(&store).await;
    assert!(second.id() == id && second.fence() > first.fence());
    settled(&store, second, Outcome::Finished(sent())).await;
    let done = entry(&store, id).await;
    assert_eq!((done.state, done.attempts, reasons(&done)), (EntryState::Sent, 2, vec!["throttled"]));
}

/// The last one last.
pub async fn the_latest_ten_attempts_are_kept<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    for number in 1..=12 {
        let token = begin_one(&store).await;
        settled(&store, token, later(Duration::ZERO, &format!("no {number}"))).await;
        bench.advance(MINUTE).await;
    }
    let entry = entry(&store, id).await;
    assert_eq!((entry.history.len(), entry.attempts), (Entry::MAX_ATTEMPTS, 12));
    let expected: Vec<_> = (3..=12).map(|number| format!("no {number}")).collect();
    assert_eq!(reasons(&entry), expected);
    assert!(entry.history.is_sorted_by(|one, next| one.at < next.at));
}

/// What a process gives back when it is told to end, also when it does not know that the store had begun it.
pub async fn a_released_event_is_due_at_once_and_nothing_is_noted<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    settled(&store, begin_one(&store).await, later(Duration::ZERO, "busy")).await;
    let claimed = take_one(&store).await;
    settled(&store, claimed, Outcome::Released).await;
    let begun = begin_one(&store).await;
    assert!(begun.fence() > claimed.fence(), "two claims share one proof");
    settled(&store, begun, Outcome::Released).await;
    let waiting = entry(&store, id).await;
    assert_eq!((waiting.state, waiting.attempts), (EntryState::Pending, 1));
    assert_eq!((reasons(&waiting), waiting.fate.as_ref()), (vec!["busy"], None));
    assert_eq!(ok(store.begin(&[begun], LEASE).await), [false], "it was given back");
    assert_eq!(take_one(&store).await.id(), id);
}

/// Whatever a process that was too slow tells, it is no more its event.
pub async fn an_old_claim_settles_nothing<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let old = take_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    let new = take_one(&store).await;
    let outcomes =
        [Outcome::Finished(sent()), Outcome::Finished(rejected("x")), later(MINUTE, "x"), Outcome::Released];
    let refused = async |state| {
        let before = entry(&store, id).await;
        assert_eq!(before.state, state);
        for outcome in &outcomes {
            for token in [old, ClaimToken::new(id, new.fence() + 1)] {
                assert!(!settle(&store, token, outcome.clone()).await, "{outcome:?}");
            }
        }
        assert_eq!(entry(&store, id).await, before);
    };
    refused(EntryState::Claimed).await;
    assert_eq!(ok(store.begin(&[new], LEASE).await), [true]);
    refused(EntryState::Sending).await;
    settled(&store, new, Outcome::Finished(in_doubt("timeout"))).await;
    refused(EntryState::InDoubt).await;
}

/// The answer to the first may have been lost.
pub async fn an_outcome_may_be_told_twice<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let outcomes = [
        Outcome::Finished(sent()),
        Outcome::Finished(rejected("no")),
        Outcome::Finished(in_doubt("timeout")),
        later(DAY * 9, "throttled"),
    ];
    for (outcome, number) in outcomes.into_iter().zip(0..) {
        let id = add_one(&store, event(number)).await;
        let token = begin_one(&store).await;
        settled(&store, token, outcome.clone()).await;
        let before = entry(&store, id).await;
        bench.advance(MINUTE).await;
        assert!(settle(&store, token, outcome).await, "it is stored");
        assert_eq!(entry(&store, id).await, before, "it was stored twice");
    }
    let token = {
        add_one(&store, event(9)).await;
        take_one(&store).await
    };
    settled(&store, token, Outcome::Released).await;
    assert!(settle(&store, token, Outcome::Released).await);
}

/// What was told first counts.
pub async fn a_fate_is_not_changed_by_another<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    for (fate, number) in [sent(), rejected("no"), in_doubt("timeout")].into_iter().zip(0..) {
        let id = add_one(&store, event(number)).await;
        let token = begin_one(&store).await;
        settled(&store, token, Outcome::Finished(fate)).await;
        let before = entry(&store, id).await;
        let others = [
            Outcome::Finished(Fate::Sent { trace: Some("another".to_owned()) }),
            Outcome::Finished(rejected("another")),
            Outcome::Finished(in_doubt("another")),
            later(MINUTE, "another"),
            Outcome::Released,
        ];
        for other in others {
            assert!(!settle(&store, token, other).await);
        }
        assert_eq!(entry(&store, id).await, before);
    }
}

/// Fifty tell different fates of one claim: one of them is stored, and whoever told it knows.
pub async fn one_of_fifty_concurrent_settlements_counts<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let token = begin_one(&store).await;
    let stored = race(&bench, |store, number| async move {
        settle(&store, token, Outcome::Finished(rejected(&number.to_string()))).await
    })
    .await;
    let winners: Vec<_> =
        stored.iter().zip(0..).filter(|(stored, _)| **stored).map(|(_, number)| number).collect();
    let [winner] = winners[..] else { panic!("{winners:?} were stored") };
    let winner: u32 = winner;
    assert_eq!(entry(&store, id).await.fate, Some(rejected(&winner.to_string())));
}

/// One that is lost does not keep the others from being stored.
pub async fn claims_are_settled_each_by_itself<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let added = add(&store, &events(0..5)).await;
    let held = tokens(&take(&store, 9).await);
    assert_eq!(ok(store.begin(&held, LEASE).await), [true; 5]);
    let settlements = [
        Settlement::new(held[3], later(MINUTE, "busy")),
        Settlement::new(ClaimToken::new(EntryId::new(1_000_000), 1), Outcome::Released),
        Settlement::new(held[0], Outcome::Finished(sent())),
        Settlement::new(ClaimToken::new(added[4], held[4].fence() + 7), Outcome::Finished(sent())),
        Settlement::new(held[1], Outcome::Finished(rejected("no"))),
        Settlement::new(held[2], Outcome::Finished(in_doubt("timeout"))),
    ];
    assert_eq!(ok(store.settle(&settlements).await), [true, false, true, false, true, true]);
    assert_eq!(counts(ok(store.census().await)), [1, 0, 1, 1, 1, 1]);
    assert_eq!(entry(&store, added[4]).await.state, EntryState::Sending);
}
