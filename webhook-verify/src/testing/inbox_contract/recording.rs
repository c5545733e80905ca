//! What is new, and that it comes back as it was.

use std::{collections::HashSet, time::Duration};

use super::{
    bench::{InboxBench, RUNNERS, one, race},
    fixtures::{
        MINUTE, Made, assert_between, change, entry, event, events, finished, lead, listed, new_id, now, ok,
        record, record_one, shown, take_one,
    },
};
use crate::{
    Event,
    inbox::{EntryFilter, EntryState, Outcome, Recorded, Replay},
};

/// Each event is told by itself, and ids grow in the order of the batch.
pub async fn new_and_known_events_are_told_apart_in_their_order<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let first = record(&store, &events([1, 2])).await;
    let second = ok(store.record(&events([2, 3, 1, 4])).await);
    assert_eq!((second[0], second[2], second.len()), (Recorded::Duplicate, Recorded::Duplicate, 4));
    let ids = [first[0], first[1], new_id(second[1]), new_id(second[3])];
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    for (id, number) in ids.into_iter().zip(1..) {
        assert_eq!(entry(&store, id).await.key, event(number).key());
    }
    assert_eq!(listed(&store, &EntryFilter::all()).await.len(), 4);
}

/// The first is new, and the others are repeats of it.
pub async fn a_repeat_within_a_batch_counts_once<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let recorded = ok(store.record(&events([1, 2, 1, 1])).await);
    let ids = [new_id(recorded[0]), new_id(recorded[1])];
    assert_eq!(recorded[2..], [Recorded::Duplicate, Recorded::Duplicate]);
    assert_eq!(listed(&store, &EntryFilter::all()).await, [ids[1], ids[0]]);
    assert_eq!(ok(store.record(&events([2])).await), [Recorded::Duplicate]);
}

/// What was handled is not handled again for a repeat, and no time moves.
pub async fn a_repeat_changes_nothing<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let done = finished(&store, event(1), Outcome::Done).await;
    let waiting = record_one(&store, event(2)).await;
    let before = [shown(&entry(&store, done).await), shown(&entry(&store, waiting).await)];
    bench.advance(MINUTE).await;
    assert_eq!(ok(store.record(&events([1, 2])).await), [Recorded::Duplicate; 2]);
    let after = [shown(&entry(&store, done).await), shown(&entry(&store, waiting).await)];
    assert_eq!(before, after);
    assert_eq!(take_one(&store).await.token.id(), waiting);
}

/// Whoever looks meanwhile sees all of a batch or nothing of it.
pub async fn a_batch_is_seen_as_a_whole<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let seen = race(&bench, |store, runner| async move {
        if runner == 10 {
            record(&store, &events(0..1000)).await;
            return 1000;
        }
        ok(store.census().await).pending
    })
    .await;
    assert!(seen.iter().all(|seen| [0, 1000].contains(seen)), "{seen:?}");
    assert_eq!(ok(store.census().await).pending, 1000);
}

/// A platform that gets no answer in time sends again, maybe to another process.
pub async fn one_of_fifty_concurrent_records_of_one_key_is_new<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let recorded = race(&bench, |store, _| async move { ok(store.record(&[event(1)]).await) }).await;
    let new = recorded.iter().flatten().filter(|recorded| matches!(recorded, Recorded::New(_))).count();
    assert_eq!((new, recorded.iter().flatten().count()), (1, 50));
    assert_eq!(ok(store.census().await).pending, 1);
}

/// The same events in batches that are sorted the other way round: each is new once, and nobody fails.
pub async fn batches_in_opposite_orders_do_not_stop_each_other<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (_, bench) = one(open).await;
    let recorded = race(&bench, |store, runner| async move {
        let mut batch = events(runner / 10..runner / 10 + 30);
        if runner % 2 == 0 {
            batch.reverse();
        }
        let recorded = ok(store.record(&batch).await);
        assert_eq!(recorded.len(), batch.len());
        let new = batch.iter().zip(recorded).filter(|(_, recorded)| *recorded != Recorded::Duplicate);
        new.map(|(event, _)| event.key()).collect::<Vec<_>>()
    })
    .await;
    let all: Vec<_> = recorded.into_iter().flatten().collect();
    let distinct: HashSet<_> = all.iter().collect();
    let expected = usize::try_from(30 + RUNNERS / 10 - 1).unwrap_or_default();
    assert_eq!((all.len(), distinct.len()), (expected, expected), "each key is new once");
}

/// With and without an account, subject and time; of either platform.
pub async fn an_event_comes_back_as_it_was_recorded<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let bare = Made { account: None, object: "", field: "", ..change(2) };
    for event in [lead(1, "urn:li:leadGenFormResponse:1").event(), change(1).event(), bare.event()] {
        let before = now(&store).await;
        let id = record_one(&store, event.clone()).await;
        let after = now(&store).await;
        let entry = entry(&store, id).await;
        assert_eq!((entry.id, entry.key, entry.strength), (id, event.key(), event.strength()));
        assert_eq!((entry.provider, &*entry.object), (event.provider(), event.object()));
        assert_eq!((entry.account.as_deref(), entry.subject.as_deref()), (event.account(), event.subject()));
        assert_eq!((&*entry.field, &*entry.kind), (event.field(), event.kind().name()));
        assert_eq!((entry.state, entry.attempts, entry.replays), (EntryState::Pending, 0, 0));
        assert_eq!((entry.occurred_at, entry.finished_at), (event.occurred_at(), None));
        assert!(entry.errors.is_empty());
        assert_between(Some(entry.received_at), before, after, Duration::ZERO);
        assert_between(entry.due_at, before, after, Duration::ZERO);
        assert_eq!(written(entry.event.as_ref()), written(Some(&event)));
    }
}

fn written(event: Option<&Event>) -> Option<String> {
    event.and_then(|event| serde_json::to_string(event).ok())
}

/// What a text column, a binary form of JSON or a size limit would change: escaped NULs, emoji, half a surrogate pair,
/// white space, members that come twice, numbers beyond a double, and a megabyte.
pub async fn content_survives_byte_by_byte<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let megabyte = format!(r#"{{"field":"a","value":"{}"}}"#, "\u{1F600}".repeat(256 * 1024));
    let raws = [
        r#"{"field":"a","value":"a\u0000b"}"#,
        r#"{"field":"a","value":"\ud83d\ude00 😀 \ud83d é é \\ \" \/"}"#,
        r#"{ "value" : 1.0e0 ,"b":1,  "a":2, "a":3, "n":123456789012345678901234567890, "m":1e999, "z":-0.0 }"#,
        &megabyte,
    ];
    for raw in raws {
        let event = Made { raw: raw.to_owned(), ..change(0) }.event();
        let id = record_one(&store, event.clone()).await;
        let found = entry(&store, id).await.event;
        let claimed = take_one(&store).await.event;
        for back in [found, Some(claimed)] {
            // Not assert_eq: a megabyte is no message.
            assert!(back.as_ref().map(Event::raw) == Some(raw), "the JSON changed");
            assert!(written(back.as_ref()) == written(Some(&event)), "the event changed");
        }
    }
}

/// Nobody could make the platform stop sending it.
pub async fn a_nul_in_a_name_is_no_reason_to_refuse<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let odd = Made { account: Some("1\u{0}0"), object: "o\u{0}", field: "f\u{0}", ..change(1) };
    for event in [odd.event(), lead(2, "a\u{0}b").event()] {
        record_one(&store, event.clone()).await;
        assert_eq!(ok(store.record(std::slice::from_ref(&event)).await), [Recorded::Duplicate]);
        assert_eq!(written(Some(&take_one(&store).await.event)), written(Some(&event)));
    }
}

/// Empty batches are answered with empty lists.
pub async fn nothing_asked_is_nothing_done<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    record_one(&store, event(1)).await;
    assert_eq!(ok(store.record(&[]).await), []);
    assert!(ok(store.renew(&[], MINUTE).await).is_empty());
    assert!(ok(store.settle(&[]).await).is_empty());
    let replayed = ok(store.replay(&Replay::entries([])).await);
    assert_eq!((replayed.replayed, replayed.without_payload, replayed.more), (0, 0, false));
    let page = ok(store.list(&EntryFilter::all(), None, 0).await);
    assert!(page.entries.is_empty());
    let census = ok(store.census().await);
    assert_eq!((census.pending, census.running), (1, 0));
}
