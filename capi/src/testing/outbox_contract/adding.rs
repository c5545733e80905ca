//! Adding events.

use std::time::Duration;

use super::{
    bench::{OutboxBench, RUNNERS, one, race},
    fixtures::{
        CONNECTION, LEASE, MINUTE, OTHER_CONNECTION, TENANT, add, add_one, add_to, assert_between, batch,
        counts, entry, event, events, finished, ids, listed, nameless, new_id, now, ok, route, sent,
        strange_route, take,
    },
};
use crate::outbox::{Added, Claim, EntryFilter, EntryId, EntryState, OutboxEvent, Replay, Retention, Route};
use sociogram_api_core::Timestamp;

/// As it was added, waiting from now on.
pub async fn an_event_comes_back_as_it_was_added<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let routes = [
        route().with_envelope(r#","test_event_code":"TEST1"}"#),
        Route { envelope: r#","a":"é😀'\"\\"}"#.to_owned(), ..route() },
        Route::linkedin(TENANT, OTHER_CONNECTION),
    ];
    for (route, number) in routes.iter().zip(1..) {
        let event = OutboxEvent {
            name: "urn:lla:llaPartnerConversion:123".to_owned(),
            event_time: Timestamp::from_unix_millis(1_767_225_000_001),
            expires_at: Timestamp::from_unix_millis(1_767_829_800_999),
            ..event(number)
        };
        let event = if number == 2 { OutboxEvent { event_id: None, ..event } } else { event };
        let before = now(&store).await;
        let id = add_to(&store, route, std::slice::from_ref(&event)).await[0];
        let after = now(&store).await;
        let entry = entry(&store, id).await;
        assert_eq!((entry.id, &entry.route, &entry.event), (id, route, &event));
        assert_eq!((entry.state, entry.fate, entry.finished_at), (EntryState::Pending, None, None));
        assert_eq!((entry.attempts, entry.replays, entry.history.len()), (0, 0, 0));
        assert_between(Some(entry.added_at), before, after, Duration::ZERO);
        assert_eq!(entry.due_at, Some(entry.added_at));
        let Some(batch) = batch(&store, 9).await else { panic!("an event is due") };
        let taken = &batch.events[0];
        assert_eq!((&batch.route, batch.events.len(), taken.token.id()), (route, 1, id));
        assert_eq!((&taken.json, taken.has_event_id), (&event.json, event.event_id.is_some()));
        assert_eq!((taken.expires_at, taken.attempts), (event.expires_at, 0));
        assert_eq!(taken.added_at, entry.added_at);
        bench.advance(MINUTE).await;
    }
}

/// Later ones have greater ids, in a batch and from batch to batch, and every way to the store shows them.
pub async fn events_keep_their_order<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut added = add(&store, &events(0..5)).await;
    added.extend(add(&store, &events(5..7)).await);
    added.push(add_one(&store, nameless(7)).await);
    assert!(added.is_sorted_by(|one, next| one < next), "{added:?}");
    let other = bench.store();
    for (id, number) in added.iter().zip(0..) {
        assert_eq!(entry(&other, *id).await.event.json, event(number).json);
    }
    assert_eq!(ids(&take(&other, 9).await), added, "the longest due first, and the oldest of them");
}

/// Whoever takes events sees a whole batch or nothing of it.
pub async fn a_batch_is_seen_as_a_whole<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let sizes = race(&bench, |store, number| async move {
        if number % 2 == 0 {
            add(&store, &events(number * 100..number * 100 + 20)).await;
            return 0;
        }
        ok(store.tenant_census(TENANT).await).accepted()
    })
    .await;
    assert!(sizes.iter().all(|size| size % 20 == 0), "part of a batch was seen: {sizes:?}");
    assert_eq!(counts(ok(store.census().await))[0], u64::from(RUNNERS) / 2 * 20);
}

/// With the id of the first, which stays as it is.
pub async fn an_event_with_the_same_name_and_id_is_a_duplicate<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let first = add_one(&store, event(1)).await;
    let before = entry(&store, first).await;
    bench.advance(MINUTE).await;
    let changed = OutboxEvent {
        json: r#"{"other":"content"}"#.into(),
        expires_at: Timestamp::from_unix_seconds(1),
        event_time: Timestamp::from_unix_seconds(0),
        ..event(1)
    };
    // Whoever sends it, and with what beside it.
    let routes = [
        route(),
        Route { connection: OTHER_CONNECTION, ..route() },
        route().with_envelope(r#","test_event_code":"T"}"#),
    ];
    for route in routes {
        let added = ok(store.add(&route, &[changed.clone(), event(1)]).await);
        assert_eq!(added, [Added::Duplicate(first); 2]);
    }
    assert_eq!(entry(&store, first).await, before);
    assert_eq!(listed(&store, &EntryFilter::all()).await, [first]);
    let mixed = ok(store.add(&route(), &[event(2), event(1), event(3)]).await);
    let (second, third) = (new_id(mixed[0]), new_id(mixed[2]));
    assert_eq!(mixed[1], Added::Duplicate(first));
    assert!(first < second && second < third);
}

/// The first of them is stored.
pub async fn a_repeat_within_a_batch_is_a_duplicate<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let repeat = OutboxEvent { json: r#"{"second":true}"#.into(), ..event(1) };
    let added = ok(store.add(&route(), &[event(1), event(2), repeat.clone(), repeat]).await);
    let (one, two) = (new_id(added[0]), new_id(added[1]));
    assert_eq!(added[2..], [Added::Duplicate(one); 2]);
    assert!(one < two);
    assert_eq!(entry(&store, one).await.event.json, event(1).json);
    assert_eq!(listed(&store, &EntryFilter::all()).await, [two, one]);
}

/// Not after it was sent either.
pub async fn an_event_is_known_in_every_state<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let id = finished(&store, event(1), sent()).await;
    assert_eq!(ok(store.add(&route(), &[event(1)]).await), [Added::Duplicate(id)]);
    let id = add_one(&store, event(2)).await;
    let taken = take(&store, 9).await;
    assert_eq!(ok(store.add(&route(), &[event(2)]).await), [Added::Duplicate(id)]);
    ok(store.begin(&[taken[0].token], LEASE).await);
    assert_eq!(ok(store.add(&route(), &[event(2)]).await), [Added::Duplicate(id)]);
    assert!(take(&store, 9).await.is_empty());
}

/// Fifty add the same event at once: it is stored once, and all are told which it is.
pub async fn one_of_fifty_concurrent_adds_is_new<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let added = race(&bench, |store, _| async move { ok(store.add(&route(), &[event(1)]).await)[0] }).await;
    let new: Vec<_> = added.iter().filter(|added| matches!(added, Added::New(_))).collect();
    assert_eq!(new.len(), 1, "{added:?}");
    assert!(added.iter().all(|added| added.id() == new[0].id()), "{added:?}");
    assert_eq!(listed(&store, &EntryFilter::all()).await, [new[0].id()]);
}

/// Whoever locks rows does so in one order.
pub async fn batches_in_opposite_orders_do_not_stop_each_other<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, bench) = one(open).await;
    let new = race(&bench, |store, number| async move {
        let mut batch = events(0..20);
        if number % 2 == 1 {
            batch.reverse();
        }
        let added = ok(store.add(&route(), &batch).await);
        added.iter().filter(|added| matches!(added, Added::New(_))).count()
    })
    .await;
    assert_eq!(new.iter().sum::<usize>(), 20);
    assert_eq!(ok(store.census().await).pending, 20);
}

/// Another tenant, platform, target, name, other spelling of the id.
pub async fn what_differs_in_any_part_is_new<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let first = add_one(&store, event(1)).await;
    let linkedin = Route::linkedin(TENANT, CONNECTION);
    let routes = [
        strange_route(),
        Route { target: "1234567891".to_owned(), ..route() },
        linkedin.clone(),
        Route { target: route().target, ..linkedin },
    ];
    for route in routes {
        assert!(add_to(&store, &route, &[event(1)]).await[0] > first, "{route:?}");
    }
    let with_id = |id: &str| OutboxEvent { event_id: Some(id.to_owned()), ..event(1) };
    let others = [
        OutboxEvent { name: "purchase".to_owned(), ..event(1) },
        OutboxEvent { name: "Purchase ".to_owned(), ..event(1) },
        OutboxEvent { name: "Purchaseorder".to_owned(), ..with_id("-1") },
        with_id("ORDER-1"),
        with_id("order-1 "),
        with_id(""),
        // The same letters, composed and not.
        with_id("\u{e9}"),
        with_id("e\u{301}"),
        with_id(&"long".repeat(200)),
        with_id(&format!("{}!", "long".repeat(200))),
    ];
    add(&store, &others).await;
    for other in others {
        assert!(matches!(ok(store.add(&route(), &[other]).await)[..], [Added::Duplicate(_)]));
    }
}

/// There is no telling them apart.
pub async fn events_without_an_id_are_always_new<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let mut added = add(&store, &[nameless(1), nameless(1)]).await;
    added.extend(add(&store, &[nameless(1)]).await);
    added.dedup();
    assert_eq!(added.len(), 3);
    assert_eq!(ids(&take(&store, 9).await), added);
}

/// It is sent as it was written: a number or an escape written otherwise may be another value.
pub async fn content_survives_byte_by_byte<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let megabyte = format!(r#"{{"value":"{}"}}"#, "\u{1F600}".repeat(256 * 1024));
    let contents = [
        r#"{"value":"a\u0000b"}"#,
        r#"{"value":"\ud83d\ude00 😀 \ud83d é é \\ \" \/ ' %s $1 ?"}"#,
        r#"{ "value" : 1.0e0 ,"b":1,  "a":2, "a":3, "n":123456789012345678901234567890, "m":1e999, "z":-0.0 }"#,
        &megabyte,
    ];
    for (json, number) in contents.into_iter().zip(0..) {
        let id = add_one(&store, OutboxEvent { json: json.into(), ..event(number) }).await;
        // Not assert_eq: a megabyte is no message.
        assert!(*entry(&store, id).await.event.json == *json, "the JSON changed");
        assert!(*take(&store, 1).await[0].json == *json, "the JSON changed");
    }
}

/// One odd event would keep all others of its batch out.
pub async fn a_nul_is_no_reason_to_refuse<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let odd = OutboxEvent { name: "a\u{0}b".to_owned(), event_id: Some("\u{0}".to_owned()), ..event(1) };
    let added = add(&store, &[event(1), odd.clone()]).await;
    assert_eq!(entry(&store, added[1]).await.event, odd);
    assert_eq!(ok(store.add(&route(), &[odd]).await), [Added::Duplicate(added[1])]);
}

/// Empty lists are answered with empty lists.
pub async fn nothing_asked_is_nothing_done<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    assert!(batch(&store, 9).await.is_none());
    assert_eq!(ok(store.add(&route(), &[]).await), []);
    assert_eq!(counts(ok(store.census().await)), [0; 6]);
    add_one(&store, event(1)).await;
    assert_eq!(ok(store.add(&route(), &[]).await), []);
    assert!(ok(store.claim(&Claim::new(0, LEASE)).await).is_none());
    assert!(ok(store.begin(&[], LEASE).await).is_empty());
    assert!(ok(store.renew(&[], LEASE).await).is_empty());
    assert!(ok(store.settle(&[]).await).is_empty());
    let replayed = ok(store.replay(TENANT, &Replay::entries([] as [EntryId; 0])).await);
    assert_eq!((replayed.replayed, replayed.too_late, replayed.more), (0, 0, false));
    assert!(ok(store.list(TENANT, &EntryFilter::all(), None, 0).await).entries.is_empty());
    let trimmed = ok(store.trim(&Retention::default(), 9).await);
    assert_eq!((trimmed.contents, trimmed.rows), (0, 0));
    assert_eq!(counts(ok(store.census().await)), [1, 0, 0, 0, 0, 0]);
}
