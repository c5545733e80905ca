//! Making finished events due again.

use std::time::Duration;

use super::{
    bench::{InboxBench, one},
    fixtures::{
        DAY, MINUTE, Made, assert_between, change, dead, entry, event, events, finished, ids, listed, now,
        ok, record, record_one, retry, settle, settled, shown, take, take_one, token_of,
    },
};
use crate::inbox::{EntryFilter, EntryId, EntryState, Outcome, Recorded, Replay, Replayed, Retention};

fn told(replayed: Replayed) -> (u64, u64, bool) {
    (replayed.replayed, replayed.without_payload, replayed.more)
}

/// Those that fit the filter, and no others.
pub async fn given_up_events_are_due_again_from_a_time_on<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let old = finished(&store, event(0), dead("no")).await;
    bench.advance(MINUTE).await;
    let since = now(&store).await;
    let new = finished(&store, event(1), dead("no")).await;
    let elsewhere = Made { account: Some("20"), ..change(2) }.event();
    let elsewhere = finished(&store, elsewhere, dead("no")).await;
    finished(&store, event(3), Outcome::Done).await;
    finished(&store, event(4), Outcome::Skipped).await;
    bench.advance(MINUTE).await;

    let before = now(&store).await;
    let failed = Replay::failed(EntryFilter::all().since(since).accounts(["10"]));
    assert_eq!(told(ok(store.replay(&failed).await)), (1, 0, false));
    let after = now(&store).await;
    let due = entry(&store, new).await;
    assert_eq!((due.state, due.finished_at, due.replays), (EntryState::Pending, None, 1));
    assert_between(due.due_at, before, after, Duration::ZERO);
    assert_eq!(ids(&take(&store, 9).await), [new]);
    assert_eq!(told(ok(store.replay(&Replay::failed(EntryFilter::all())).await)), (2, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [old, elsewhere]);
}

/// A handler was added since.
pub async fn events_that_nobody_wanted_are_due_again<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let skipped = finished(&store, event(0), Outcome::Skipped).await;
    let other = Made { field: "another", ..change(1) }.event();
    let other = finished(&store, other, Outcome::Skipped).await;
    finished(&store, event(2), dead("no")).await;
    finished(&store, event(3), Outcome::Done).await;
    let never = Replay::never_delivered(EntryFilter::all().field("another"));
    assert_eq!(told(ok(store.replay(&never).await)), (1, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [other]);
    assert_eq!(told(ok(store.replay(&Replay::never_delivered(EntryFilter::all())).await)), (1, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [skipped]);
}

/// Also those that were handled; neither those that wait or are claimed, nor any that are not there.
pub async fn named_events_are_due_again_if_they_are_finished<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let done = finished(&store, event(0), Outcome::Done).await;
    let skipped = finished(&store, event(1), Outcome::Skipped).await;
    let failed = finished(&store, event(2), dead("no")).await;
    let left = finished(&store, event(3), dead("no")).await;
    let running = record_one(&store, event(4)).await;
    take_one(&store).await;
    let waiting = record_one(&store, event(5)).await;
    settled(&store, take_one(&store).await.token, retry(MINUTE * 3, "x")).await;
    let before = [shown(&entry(&store, running).await), shown(&entry(&store, waiting).await)];
    bench.advance(MINUTE).await;
    let named = [waiting, failed, done, EntryId::new(1_000_000), running, skipped];
    assert_eq!(ok(store.replay(&Replay::entries(named)).await).replayed, 3);
    let after = [shown(&entry(&store, running).await), shown(&entry(&store, waiting).await)];
    assert_eq!(before, after, "what was not finished was touched");
    assert_eq!(ids(&take(&store, 9).await), [done, skipped, failed]);
    assert_eq!(entry(&store, left).await.state, EntryState::Dead);
    assert_eq!(told(ok(store.replay(&Replay::entries([done, failed])).await)), (0, 0, false));
}

/// By when they were recorded; and it is told whether there is a rest.
pub async fn the_oldest_come_first_and_no_more_than_asked_for<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let recorded = record(&store, &events(0..5)).await;
    let claimed = take(&store, 9).await;
    // The oldest is finished last.
    for id in recorded.iter().rev() {
        settled(&store, token_of(&claimed, *id), dead("no")).await;
        bench.advance(MINUTE).await;
    }
    let replay = Replay::failed(EntryFilter::all()).limit(2);
    for (expected, more) in [(&recorded[..2], true), (&recorded[2..4], true), (&recorded[4..], false)] {
        let replayed = ok(store.replay(&replay).await);
        assert_eq!(told(replayed), (expected.len() as u64, 0, more));
        assert_eq!(ids(&take(&store, 9).await), expected);
    }
}

/// It is tried as often as a new one, and what went wrong before is still there.
pub async fn attempts_begin_anew_and_the_history_stays<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    settled(&store, take_one(&store).await.token, retry(Duration::ZERO, "first")).await;
    let old = take_one(&store).await;
    settled(&store, old.token, dead("second")).await;
    for replays in 1..=2 {
        assert_eq!(ok(store.replay(&Replay::entries([id])).await).replayed, 1);
        let due = entry(&store, id).await;
        assert_eq!((due.attempts, due.replays), (0, replays));
        let claimed = take_one(&store).await;
        assert_eq!(claimed.attempt, 1);
        assert!(claimed.token.fence() > old.token.fence(), "a proof came twice");
        settled(&store, claimed.token, dead("again")).await;
    }
    let history = entry(&store, id).await.errors;
    let history: Vec<_> = history.iter().map(|error| (error.attempt, &*error.error[0])).collect();
    assert_eq!(history, [(1, "first"), (2, "second"), (1, "again"), (1, "again")]);
}

/// Neither for those that read the log nor for a repeat.
pub async fn a_replay_makes_no_new_event<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = finished(&store, event(1), Outcome::Done).await;
    let before = entry(&store, id).await;
    bench.advance(MINUTE).await;
    ok(store.replay(&Replay::entries([id, id])).await);
    assert_eq!(listed(&store, &EntryFilter::all()).await, [id]);
    assert_eq!(ok(store.record(&events([1])).await), [Recorded::Duplicate]);
    let after = entry(&store, id).await;
    assert_eq!((after.key, after.received_at, after.replays), (before.key, before.received_at, 1));
    let claimed = take_one(&store).await;
    assert_eq!((claimed.event.key(), claimed.received_at), (before.key, before.received_at));
}

/// It proves a claim from before.
pub async fn an_old_claim_does_not_settle_a_replayed_event<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = record_one(&store, event(1)).await;
    let old = take_one(&store).await;
    settled(&store, old.token, dead("no")).await;
    ok(store.replay(&Replay::entries([id])).await);
    let before = shown(&entry(&store, id).await);
    assert!(!settle(&store, old.token, Outcome::Done).await);
    assert_eq!(ok(store.renew(&[old.token], DAY).await), [false]);
    assert_eq!(shown(&entry(&store, id).await), before);
    let new = take_one(&store).await;
    assert!(!settle(&store, old.token, Outcome::Done).await);
    settled(&store, new.token, Outcome::Done).await;
}

/// They stay as they are, and do not stop the others.
pub async fn events_without_their_payload_are_counted<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut gone = Vec::new();
    for number in 0..2 {
        gone.push(finished(&store, event(number), dead("no")).await);
    }
    let skipped = finished(&store, event(2), Outcome::Skipped).await;
    bench.advance(DAY).await;
    let retention = Retention::default().payloads(MINUTE, MINUTE);
    assert_eq!(ok(store.trim(&retention, 99).await).payloads, 3);
    let kept = finished(&store, event(3), dead("no")).await;
    let before = shown(&entry(&store, gone[0]).await);

    let named = Replay::entries([gone[0], skipped, EntryId::new(1_000_000)]);
    assert_eq!(told(ok(store.replay(&named).await)), (0, 2, false));
    // One is enough to reach the limit, and it is not one of those that cannot be replayed.
    let failed = Replay::failed(EntryFilter::all());
    assert_eq!(told(ok(store.replay(&failed.clone().limit(3)).await)), (1, 2, false));
    assert_eq!(ids(&take(&store, 9).await), [kept]);
    assert_eq!(told(ok(store.replay(&failed).await)), (0, 2, false));
    assert_eq!(shown(&entry(&store, gone[0]).await), before);
}
