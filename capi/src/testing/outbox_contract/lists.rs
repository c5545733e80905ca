//! What is there.

use std::time::Duration;

use super::{
    bench::{OutboxBench, one},
    fixtures::{
        CONNECTION, DAY, LEASE, MINUTE, OTHER_CONNECTION, STRANGER, TENANT, add, add_one, add_to,
        assert_between, batch, begin_one, counts, entry, event, events, finished, in_doubt, later, listed,
        listed_of, nameless, now, ok, rejected, route, sent, settled, strange_route, take, take_one, tokens,
    },
};
use crate::outbox::{Entry, EntryFilter, EntryId, EntryState, OutboxEvent, Outcome, Platform, Route};
use sociogram_api_core::Timestamp;

/// Not with an id that nobody got, and not in an empty store.
pub async fn nothing_is_found_where_nothing_is<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    assert!(ok(store.find(TENANT, EntryId::new(1)).await).is_none());
    let page = ok(store.list(TENANT, &EntryFilter::all(), None, 9).await);
    assert!(page.entries.is_empty() && page.next.is_none());
    let id = add_one(&store, event(1)).await;
    for nobody in [id.get() + 1, 0, u64::MAX] {
        assert!(ok(store.find(TENANT, EntryId::new(nobody)).await).is_none());
    }
    assert_eq!(entry(&store, id).await.id, id);
}

/// Not by id, in lists or in numbers.
pub async fn tenants_never_see_each_others_events<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mine = add(&store, &events(0..3)).await;
    bench.advance(MINUTE).await;
    let theirs = add_to(&store, &strange_route(), &events(0..2)).await;
    for (tenant, own, others) in [(TENANT, &mine, &theirs), (STRANGER, &theirs, &mine)] {
        for id in own {
            let found = ok(store.find(tenant, *id).await);
            assert_eq!(found.map(|entry| entry.route.tenant), Some(tenant));
        }
        for id in others {
            assert!(ok(store.find(tenant, *id).await).is_none(), "another tenant's event was found");
        }
        let listed: Vec<_> = listed_of(&store, tenant, &EntryFilter::all()).await.into_iter().rev().collect();
        assert_eq!(listed, *own);
        let census = ok(store.tenant_census(tenant).await);
        assert_eq!(counts(census), [own.len() as u64, 0, 0, 0, 0, 0]);
        assert_eq!(census.oldest_due, ok(store.find(tenant, own[0]).await).and_then(|entry| entry.due_at));
    }
    assert_eq!(counts(ok(store.census().await)), [5, 0, 0, 0, 0, 0]);
    // What is no page of theirs is no place to go on from either.
    let page = ok(store.list(STRANGER, &EntryFilter::all(), Some(mine[2]), 9).await);
    assert!(page.entries.iter().all(|entry| entry.route.tenant == STRANGER));
    let nobody = ok(store.tenant_census(sociogram_oauth_core::TenantId::from_bytes([9; 16])).await);
    assert_eq!((counts(nobody), nobody.oldest_due), ([0; 6], None));
}

/// And ends with the first.
pub async fn a_list_begins_with_the_latest<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let mut added = add(&store, &events(0..5)).await;
    added.extend(add(&store, &events(5..7)).await);
    added.reverse();
    assert_eq!(listed(&store, &EntryFilter::all()).await, added);
    let first = ok(store.list(TENANT, &EntryFilter::all(), None, 3).await);
    assert_eq!(first.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), added[..3]);
    for (listed, number) in first.entries.iter().zip([6, 5, 4]) {
        assert_eq!((listed, &listed.event), (&entry(&store, listed.id).await, &event(number)));
    }
    let rest = ok(store.list(TENANT, &EntryFilter::all(), first.next, 9).await);
    assert_eq!(rest.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), added[3..]);
    assert_eq!(rest.next, None);
}

/// Somebody looks through the log while it grows: each event that was there is seen once.
pub async fn pages_have_no_gaps_or_repeats_while_events_are_added<B: OutboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let mut added = add(&store, &events(0..9)).await;
    added.reverse();
    let filter = EntryFilter::all().name("Purchase");
    let (mut seen, mut after) = (Vec::new(), None);
    for round in 100.. {
        let page = ok(store.list(TENANT, &filter, after, 3).await);
        assert_eq!(page.entries.len(), 3, "nine events are three full pages");
        seen.extend(page.entries.iter().map(|entry| entry.id));
        add(&store, &[event(round), OutboxEvent { name: "Lead".to_owned(), ..event(round) }]).await;
        add_to(&store, &strange_route(), &[event(round)]).await;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, added);
}

/// Whatever was asked for.
pub async fn a_page_has_at_most_500_events<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let added = add(&store, &events(0..501)).await;
    for limit in [501, usize::MAX] {
        let page = ok(store.list(TENANT, &EntryFilter::all(), None, limit).await);
        assert_eq!(page.entries.len(), 500);
        let rest = ok(store.list(TENANT, &EntryFilter::all(), page.next, limit).await);
        assert_eq!((rest.entries.len(), rest.next), (1, None));
        assert_eq!(rest.entries[0].id, added[0]);
    }
}

/// Each member of a filter alone.
pub async fn each_filter_picks_what_it_names<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let cases = [
        (route(), event(0)),
        (Route { connection: OTHER_CONNECTION, ..route() }, event(1)),
        (Route { target: "20".to_owned(), ..route() }, event(2)),
        (Route::linkedin(TENANT, CONNECTION), event(3)),
        (route(), OutboxEvent { name: "Lead".to_owned(), ..event(4) }),
        (route(), nameless(5)),
        (route(), OutboxEvent { event_id: Some(String::new()), ..event(6) }),
    ];
    let mut added = Vec::new();
    for (route, event) in cases {
        added.extend(add_to(&store, &route, &[event]).await);
    }
    let all = EntryFilter::all;
    let cases: [(EntryFilter, &[usize]); 17] = [
        (all(), &[6, 5, 4, 3, 2, 1, 0]),
        (all().platform(Platform::LinkedIn), &[3]),
        (all().platform(Platform::Meta), &[6, 5, 4, 2, 1, 0]),
        (all().connection(OTHER_CONNECTION), &[1]),
        (all().target("20"), &[2]),
        (all().target(""), &[3]),
        (all().target("2"), &[]),
        (all().target("%"), &[]),
        (all().name("Lead"), &[4]),
        (all().name("LEAD"), &[]),
        (all().name("Lea_"), &[]),
        (all().name(""), &[]),
        (all().event_id("order-1"), &[1]),
        (all().event_id("order-5"), &[]),
        (all().event_id(""), &[6]),
        (all().event_id("ORDER-1"), &[]),
        (all().event_id("order-1' OR '1'='1"), &[]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|place| added[*place]).collect();
        assert_eq!(listed(&store, &filter).await, expected, "{filter:?}");
    }
}

/// All members at once, and any two.
pub async fn filters_together_pick_what_fits_all<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut entries: Vec<Entry> = Vec::new();
    for number in 0..64_u32 {
        let [platform, connection, target, name, state, more] =
            [0, 1, 2, 3, 4, 5].map(|bit| usize::from(number >> bit & 1 == 1));
        // Each once for its platform, target and name, and beside every connection and state.
        let event_id = (connection + 2 * state + 4 * more) ^ (3 * target) ^ platform;
        let route = Route {
            platform: Platform::ALL[platform],
            connection: [CONNECTION, OTHER_CONNECTION][connection],
            target: ["1", "2"][target].to_owned(),
            ..route()
        };
        let name = ["Purchase", "Lead"][name].to_owned();
        let event_id = Some(format!("order-{event_id}"));
        let id = add_to(&store, &route, &[OutboxEvent { name, event_id, ..event(number) }]).await[0];
        let fate = [sent(), rejected("no")][state].clone();
        settled(&store, begin_one(&store).await, Outcome::Finished(fate)).await;
        bench.advance(MINUTE).await;
        entries.insert(0, entry(&store, id).await);
    }
    let (since, until) = (entries[52].added_at, entries[8].added_at);
    let members: [fn(EntryFilter, Timestamp, Timestamp) -> EntryFilter; 8] = [
        |filter, _, _| filter.states([EntryState::Rejected]),
        |filter, _, _| filter.platform(Platform::LinkedIn),
        |filter, _, _| filter.connection(OTHER_CONNECTION),
        |filter, _, _| filter.target("2"),
        |filter, _, _| filter.name("Lead"),
        |filter, _, _| filter.event_id("order-2"),
        |filter, since, _| filter.since(since),
        |filter, _, until| filter.until(until),
    ];
    for chosen in 0..1_u32 << members.len() {
        let filter = members
            .iter()
            .enumerate()
            .filter(|(place, _)| chosen >> place & 1 == 1)
            .fold(EntryFilter::all(), |filter, (_, member)| member(filter, since, until));
        let expected: Vec<_> =
            entries.iter().filter(|entry| filter.fits(entry)).map(|entry| entry.id).collect();
        assert_eq!(listed(&store, &filter).await, expected, "{filter:?}");
    }
}

/// One, several, any.
pub async fn events_are_picked_by_state<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let done = finished(&store, event(0), sent()).await;
    let no = finished(&store, event(1), rejected("no")).await;
    let doubtful = finished(&store, event(2), in_doubt("timeout")).await;
    let sending = add_one(&store, event(3)).await;
    begin_one(&store).await;
    let claimed = add_one(&store, event(4)).await;
    take_one(&store).await;
    let pending = add_one(&store, event(5)).await;
    let ids = [pending, claimed, sending, done, no, doubtful];
    for (state, id) in EntryState::ALL.into_iter().zip(ids) {
        assert_eq!(listed(&store, &EntryFilter::all().states([state])).await, [id], "{state}");
    }
    let two = EntryFilter::all().states([EntryState::Sent, EntryState::InDoubt]);
    assert_eq!(listed(&store, &two).await, [doubtful, done]);
    assert_eq!(listed(&store, &EntryFilter::all().states([])).await.len(), 6);
}

/// From a time on, that time included; before a time, that time excluded.
pub async fn events_are_picked_by_when_they_were_added<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut added = Vec::new();
    for number in 0..3 {
        added.push(add_one(&store, event(number)).await);
        bench.advance(MINUTE).await;
    }
    let [old, middle, new] = [added[0], added[1], added[2]];
    let at = entry(&store, middle).await.added_at;
    let all = EntryFilter::all;
    assert_eq!(listed(&store, &all().since(at)).await, [new, middle]);
    assert_eq!(listed(&store, &all().until(at)).await, [old]);
    let next = entry(&store, new).await.added_at;
    assert_eq!(listed(&store, &all().since(at).until(next)).await, [middle]);
    assert_eq!(listed(&store, &all().since(at).until(at)).await, []);
    let last = Timestamp::from_unix_millis(253_402_300_799_999);
    assert_eq!(listed(&store, &all().since(Timestamp::UNIX_EPOCH).until(last)).await.len(), 3);
}

/// Every state, the event that is due longest, and the time; the sum is what was accepted.
pub async fn a_census_counts_what_there_is<B: OutboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let empty = ok(store.census().await);
    assert_eq!((counts(empty), empty.oldest_due), ([0; 6], None));
    for (fate, number) in [sent(), rejected("no"), in_doubt("timeout"), sent()].into_iter().zip(0..) {
        finished(&store, event(number), fate).await;
    }
    let before = now(&store).await;
    add(&store, &events(4..8)).await;
    let after = now(&store).await;
    bench.advance(MINUTE).await;
    let waiting = ok(store.census().await);
    assert_eq!((counts(waiting), waiting.accepted()), ([4, 0, 0, 2, 1, 1], 8));
    assert_between(waiting.oldest_due, before, after, Duration::ZERO);

    let held = tokens(&take(&store, 3).await);
    settled(&store, held[0], later(DAY, "busy")).await;
    assert_eq!(ok(store.begin(&held[1..2], LEASE).await), [true]);
    assert_eq!(counts(ok(store.census().await)), [2, 1, 1, 2, 1, 1]);
    take_one(&store).await;
    let busy = ok(store.census().await);
    assert_eq!((counts(busy), busy.oldest_due), ([1, 2, 1, 2, 1, 1], None), "nothing is due");

    let ends = entry(&store, held[2].id()).await.due_at;
    bench.advance(LEASE + MINUTE).await;
    let ended = ok(store.census().await);
    assert_eq!((ended.accepted(), ended.oldest_due), (8, ends), "a lease is over");
    assert!(ended.now > busy.now);
    let Some(taken) = batch(&store, 9).await else { panic!("two leases are over") };
    assert_eq!(taken.events.len(), 2);
    assert_eq!(counts(ok(store.census().await)), [1, 2, 0, 2, 1, 2]);
    let census = ok(store.tenant_census(TENANT).await);
    assert_eq!((counts(census), census.oldest_due), ([1, 2, 0, 2, 1, 2], None));
}
