//! Sending events again.

use std::time::Duration;

use super::{
    bench::{OutboxBench, one, race},
    fixtures::{
        DAY, LEASE, MINUTE, OTHER_CONNECTION, STRANGER, add, add_one, add_to, assert_between, begin_one,
        counts, entry, event, events, finished, ids, in_doubt, later, listed, now, ok, reasons, rejected,
        replay, route, sent, settle, settled, state, take, take_one, tokens,
    },
};
use crate::outbox::{
    Added, EntryFilter, EntryId, EntryState, OutboxEvent, Outcome, Replay, ReplayOf, Retention, Route,
    Settlement,
};

/// Those that fit the filter, and no others.
pub async fn rejected_events_are_due_again<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let old = finished(&store, event(0), rejected("no")).await;
    bench.advance(MINUTE).await;
    let since = now(&store).await;
    let new = finished(&store, event(1), rejected("no")).await;
    let other = OutboxEvent { name: "Lead".to_owned(), ..event(2) };
    let other = finished(&store, other, rejected("no")).await;
    let doubtful = finished(&store, event(3), in_doubt("timeout")).await;
    finished(&store, event(4), sent()).await;
    bench.advance(MINUTE).await;

    let before = now(&store).await;
    let wanted = Replay::rejected(EntryFilter::all().since(since).name("Purchase"));
    assert_eq!(replay(&store, &wanted).await, (1, 0, false));
    let after = now(&store).await;
    let due = entry(&store, new).await;
    assert_eq!((due.state, due.finished_at, due.fate, due.replays), (EntryState::Pending, None, None, 1));
    assert_between(due.due_at, before, after, Duration::ZERO);
    assert_eq!(ids(&take(&store, 9).await), [new]);
    // Whatever states the filter names.
    let any = Replay { of: ReplayOf::Rejected(EntryFilter::all()), limit: 9 };
    assert_eq!(replay(&store, &any).await, (2, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [old, other]);
    assert_eq!(state(&store, doubtful).await, EntryState::InDoubt);
}

/// Only when asked for, since the platform may count them twice.
pub async fn doubtful_events_are_due_again_when_asked_for<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let told = finished(&store, event(0), in_doubt("timeout")).await;
    let lapsed = add_one(&store, event(1)).await;
    begin_one(&store).await;
    bench.advance(LEASE + MINUTE).await;
    assert!(take(&store, 9).await.is_empty());
    let no = finished(&store, event(2), rejected("no")).await;
    let wanted = Replay::in_doubt(EntryFilter::all().event_id("order-0"));
    assert_eq!(replay(&store, &wanted).await, (1, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [told]);
    assert_eq!(replay(&store, &Replay::in_doubt(EntryFilter::all())).await, (1, 0, false));
    assert_eq!(ids(&take(&store, 9).await), [lapsed]);
    assert_eq!(state(&store, no).await, EntryState::Rejected);
}

/// Neither those that were sent nor those that wait or are claimed, another tenant's or nobody's.
pub async fn named_events_are_due_again_if_they_were_rejected_or_are_in_doubt<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let done = finished(&store, event(0), sent()).await;
    let no = finished(&store, event(1), rejected("no")).await;
    let doubtful = finished(&store, event(2), in_doubt("timeout")).await;
    let left = finished(&store, event(3), rejected("no")).await;
    let sending = add_one(&store, event(4)).await;
    begin_one(&store).await;
    let claimed = add_one(&store, event(5)).await;
    take_one(&store).await;
    let waiting = add_one(&store, event(6)).await;
    settled(&store, take_one(&store).await, later(MINUTE * 3, "busy")).await;
    bench.advance(MINUTE).await;
    let untouched = [done, sending, claimed, waiting];
    let mut before = Vec::new();
    for id in untouched {
        before.push(entry(&store, id).await);
    }
    let named = [waiting, doubtful, done, EntryId::new(1_000_000), claimed, no, sending, no];
    assert_eq!(replay(&store, &Replay::entries(named)).await, (2, 0, false));
    for before in before {
        assert_eq!(entry(&store, before.id).await, before);
    }
    assert_eq!(ids(&take(&store, 9).await), [no, doubtful]);
    assert_eq!(state(&store, left).await, EntryState::Rejected);
    assert_eq!(replay(&store, &Replay::entries([no, doubtful])).await, (0, 0, false));
}

/// Each member of a filter is kept to.
pub async fn a_replay_keeps_to_its_filter<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let routes = [
        route(),
        Route { connection: OTHER_CONNECTION, ..route() },
        Route { target: "9".to_owned(), ..route() },
        Route::linkedin(route().tenant, OTHER_CONNECTION),
    ];
    let mut added = Vec::new();
    for (route, number) in routes.iter().zip(0..) {
        added.extend(add_to(&store, route, &[event(number)]).await);
        settled(&store, begin_one(&store).await, Outcome::Finished(rejected("no"))).await;
    }
    let all = EntryFilter::all;
    let cases = [
        (all().target("9"), &added[2..3]),
        (all().platform(routes[3].platform), &added[3..]),
        (all().connection(OTHER_CONNECTION), &added[1..2]),
        (all().until(now(&store).await.saturating_add(MINUTE)), &added[..1]),
    ];
    for (filter, expected) in cases {
        assert_eq!(replay(&store, &Replay::rejected(filter)).await, (1, 0, false));
        let taken = take(&store, 9).await;
        assert_eq!(ids(&taken), expected);
    }
}

/// By when they were added; and it is told whether there is a rest.
pub async fn the_oldest_are_replayed_first_and_no_more_than_asked_for<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let added = add(&store, &events(0..8)).await;
    let held = tokens(&take(&store, 9).await);
    // The oldest is finished last.
    for token in held.iter().rev() {
        settled(&store, *token, Outcome::Finished(rejected("no"))).await;
        bench.advance(MINUTE).await;
    }
    let some = Replay::rejected(EntryFilter::all()).limit(2);
    for (expected, more) in [(&added[..2], true), (&added[2..4], true)] {
        assert_eq!(replay(&store, &some).await, (2, 0, more));
        assert_eq!(ids(&take(&store, 9).await), expected);
    }
    let named = Replay::entries([added[7], added[6], added[5], added[4]]).limit(3);
    assert_eq!(replay(&store, &named).await, (3, 0, true));
    assert_eq!(ids(&take(&store, 9).await), added[4..7]);
    assert_eq!(replay(&store, &some).await, (1, 0, false));
}

/// It is tried as often as a new one, and what a replay undid is still told.
pub async fn attempts_begin_anew_and_the_fate_is_remembered<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    settled(&store, begin_one(&store).await, later(Duration::ZERO, "busy")).await;
    let old = begin_one(&store).await;
    settled(&store, old, Outcome::Finished(rejected("no permission"))).await;
    let finished_at = entry(&store, id).await.finished_at;
    bench.advance(MINUTE).await;
    for (replays, reason) in [(1, "no permission"), (2, "timeout")] {
        assert_eq!(replay(&store, &Replay::entries([id])).await, (1, 0, false));
        let due = entry(&store, id).await;
        assert_eq!((due.attempts, due.replays), (0, replays));
        assert_eq!(due.history.last().map(|attempt| attempt.reason.as_str()), Some(reason));
        let token = begin_one(&store).await;
        assert!(token.fence() > old.fence(), "a proof came twice");
        settled(&store, token, Outcome::Finished(in_doubt("timeout"))).await;
    }
    let entry = entry(&store, id).await;
    assert_eq!((reasons(&entry), entry.attempts), (vec!["busy", "no permission", "timeout"], 1));
    assert_eq!(Some(entry.history[1].at), finished_at, "it ended when it was finished");
}

/// Neither for those that look nor for a repeat, and with the content of before.
pub async fn a_replay_makes_no_new_event<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let id = finished(&store, event(1), rejected("no")).await;
    let before = entry(&store, id).await;
    bench.advance(MINUTE).await;
    assert_eq!(replay(&store, &Replay::entries([id, id])).await, (1, 0, false));
    assert_eq!(listed(&store, &EntryFilter::all()).await, [id]);
    assert_eq!(ok(store.add(&route(), &[event(1)]).await), [Added::Duplicate(id)]);
    let after = entry(&store, id).await;
    assert_eq!((after.event, after.added_at), (before.event, before.added_at));
    let taken = take(&store, 9).await;
    assert_eq!((taken[0].token.id(), &taken[0].json, taken[0].attempts), (id, &event(1).json, 0));
}

/// It proves a claim from before.
pub async fn an_old_claim_does_not_settle_a_replayed_event<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = add_one(&store, event(1)).await;
    let old = begin_one(&store).await;
    settled(&store, old, Outcome::Finished(rejected("no"))).await;
    assert_eq!(replay(&store, &Replay::entries([id])).await.0, 1);
    let before = entry(&store, id).await;
    for outcome in [Outcome::Finished(rejected("no")), later(MINUTE, "x"), Outcome::Released] {
        assert!(!settle(&store, old, outcome).await);
    }
    assert_eq!(ok(store.renew(&[old], DAY).await), [false]);
    assert_eq!(entry(&store, id).await, before);
    let new = take_one(&store).await;
    assert!(!settle(&store, old, Outcome::Finished(sent())).await);
    settled(&store, new, Outcome::Finished(sent())).await;
}

/// The platform would refuse the whole request; they are counted, and do not stop the others.
pub async fn what_expired_is_not_replayed<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let now = now(&store).await;
    let until = |number, by| OutboxEvent { expires_at: now.saturating_add(by), ..event(number) };
    let old = [until(0, DAY), until(1, DAY * 2), until(2, DAY * 9)];
    let added = add(&store, &old).await;
    let held = tokens(&take(&store, 9).await);
    let no = |token| Settlement::new(token, Outcome::Finished(rejected("no")));
    assert_eq!(ok(store.settle(&held.into_iter().map(no).collect::<Vec<_>>()).await), [true; 3]);
    bench.advance(DAY * 3).await;
    let before = entry(&store, added[0]).await;
    assert_eq!(replay(&store, &Replay::entries([added[0]])).await, (0, 1, false));
    // They do not use up the limit.
    assert_eq!(replay(&store, &Replay::rejected(EntryFilter::all()).limit(1)).await.0, 1);
    assert_eq!(ids(&take(&store, 9).await), added[2..]);
    assert_eq!(replay(&store, &Replay::rejected(EntryFilter::all())).await, (0, 2, false));
    assert_eq!(entry(&store, added[0]).await, before);
}

/// There is nothing left to send.
pub async fn what_lost_its_content_is_not_replayed<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let gone = finished(&store, event(0), rejected("no")).await;
    let doubtful = finished(&store, event(1), in_doubt("timeout")).await;
    bench.advance(DAY * 2).await;
    assert_eq!(ok(store.trim(&Retention::new(DAY, DAY * 9), 9).await).contents, 2);
    let kept = finished(&store, event(2), rejected("no")).await;
    let before = entry(&store, gone).await;
    assert_eq!(replay(&store, &Replay::entries([gone, doubtful])).await, (0, 2, false));
    assert_eq!(replay(&store, &Replay::rejected(EntryFilter::all())).await, (1, 1, false));
    assert_eq!(replay(&store, &Replay::in_doubt(EntryFilter::all())).await, (0, 1, false));
    assert_eq!(ids(&take(&store, 9).await), [kept]);
    assert_eq!(entry(&store, gone).await, before);
}

/// Two people press the button at once.
pub async fn concurrent_replays_count_once<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    add(&store, &events(0..20)).await;
    let held = tokens(&take(&store, 20).await);
    let no = |token| Settlement::new(token, Outcome::Finished(rejected("no")));
    ok(store.settle(&held.into_iter().map(no).collect::<Vec<_>>()).await);
    let told = race(&bench, |store, _| async move {
        replay(&store, &Replay::rejected(EntryFilter::all()).limit(7)).await.0
    })
    .await;
    assert_eq!(told.iter().sum::<u64>(), 20);
    assert_eq!(counts(ok(store.census().await)), [20, 0, 0, 0, 0, 0]);
    for event in take(&store, 20).await {
        assert_eq!(entry(&store, event.token.id()).await.replays, 1);
    }
}

/// Not even by name.
pub async fn nobody_replays_what_belongs_to_another<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let no = finished(&store, event(0), rejected("no")).await;
    let doubtful = finished(&store, event(1), in_doubt("timeout")).await;
    let all = EntryFilter::all;
    for wanted in [Replay::rejected(all()), Replay::in_doubt(all()), Replay::entries([no, doubtful])] {
        let replayed = ok(store.replay(STRANGER, &wanted).await);
        assert_eq!((replayed.replayed, replayed.too_late, replayed.more), (0, 0, false));
    }
    assert_eq!(counts(ok(store.census().await)), [0, 0, 0, 0, 1, 1]);
}
