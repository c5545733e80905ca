//! What is there.

use std::time::Duration;

use super::{
    bench::{InboxBench, one},
    fixtures::{
        DAY, LEASE, MINUTE, Made, assert_between, change, dead, entry, event, events, finished, lead, listed,
        now, ok, record, record_one, retry, settled, take, take_one,
    },
};
use crate::{
    EventTime, Provider,
    inbox::{Census, EntryFilter, EntryId, EntryState, Outcome},
};

/// Not with an id that nobody got, and not in an empty store.
pub async fn nothing_is_found_where_nothing_is<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    assert!(ok(store.find(EntryId::new(1)).await).is_none());
    assert!(take(&store, 9).await.is_empty());
    let page = ok(store.list(&EntryFilter::all(), None, 9).await);
    assert!(page.entries.is_empty() && page.next.is_none());
    let id = record_one(&store, event(1)).await;
    assert!(ok(store.find(EntryId::new(id.get() + 1)).await).is_none());
    assert!(ok(store.find(EntryId::new(u64::MAX)).await).is_none());
    assert_eq!(entry(&store, id).await.id, id);
}

/// And ends with the first.
pub async fn a_list_begins_with_the_latest<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let mut recorded = record(&store, &events(0..5)).await;
    recorded.extend(record(&store, &events(5..7)).await);
    recorded.reverse();
    assert_eq!(listed(&store, &EntryFilter::all()).await, recorded);
    let first = ok(store.list(&EntryFilter::all(), None, 3).await);
    assert_eq!(first.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), recorded[..3]);
    assert!(first.next.is_some() && first.entries.iter().all(|entry| entry.event.is_some()));
}

/// Somebody looks through the log while it grows: each event that was there is seen once.
pub async fn pages_have_no_gaps_or_repeats_while_events_are_added<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let mut recorded = record(&store, &events(0..9)).await;
    recorded.reverse();
    let filter = EntryFilter::all().object("page");
    let (mut seen, mut after, mut added) = (Vec::new(), None, 100);
    loop {
        let page = ok(store.list(&filter, after, 3).await);
        assert_eq!(page.entries.len(), 3, "nine events are three full pages");
        seen.extend(page.entries.iter().map(|entry| entry.id));
        record(&store, &[event(added), lead(added, "a").event()]).await;
        added += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, recorded);
}

/// Whatever was asked for.
pub async fn a_page_has_at_most_500_events<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let recorded = record(&store, &events(0..501)).await;
    for limit in [501, usize::MAX] {
        let page = ok(store.list(&EntryFilter::all(), None, limit).await);
        assert_eq!(page.entries.len(), 500);
        let rest = ok(store.list(&EntryFilter::all(), page.next, limit).await);
        assert_eq!((rest.entries.len(), rest.next), (1, None));
        assert_eq!(rest.entries[0].id, recorded[0]);
    }
}

/// Each member of a filter alone.
pub async fn each_filter_picks_what_it_names<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let recorded = record(
        &store,
        &[
            change(0).event(),
            Made { account: Some("20"), ..change(1) }.event(),
            Made { account: None, ..change(2) }.event(),
            Made { object: "user", ..change(3) }.event(),
            Made { field: "another", ..change(4) }.event(),
            lead(5, "a").event(),
        ],
    )
    .await;
    let all = EntryFilter::all;
    let kind = lead(5, "a").event().kind().name();
    let cases: [(EntryFilter, &[usize]); 13] = [
        (all(), &[5, 4, 3, 2, 1, 0]),
        (all().provider(Provider::LinkedIn), &[5]),
        (all().provider(Provider::Meta), &[4, 3, 2, 1, 0]),
        (all().accounts(["20"]), &[1]),
        (all().accounts(["20", "nobody", "10"]), &[4, 3, 1, 0]),
        (all().accounts([""]), &[]),
        (all().accounts([] as [&str; 0]), &[]),
        (all().object("user"), &[3]),
        (all().object("use"), &[]),
        (all().field("another"), &[4]),
        (all().field("ANOTHER"), &[]),
        (all().kind(kind), &[5]),
        (all().kind("%"), &[]),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|place| recorded[*place]).collect();
        assert_eq!(listed(&store, &filter).await, expected, "{filter:?}");
    }
}

/// All members at once, and any two.
pub async fn filters_together_pick_what_fits_all<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut recorded = Vec::new();
    let objects = ["page", "user"];
    for number in 0..16_u32 {
        let [object, account, field, state] = [0, 1, 2, 3].map(|bit| usize::from(number >> bit & 1 == 1));
        let made = Made {
            object: objects[object],
            account: Some(["10", "20"][account]),
            field: ["one", "two"][field],
            ..change(number)
        };
        let outcome = [Outcome::Done, dead("no")][state].clone();
        recorded.push(finished(&store, made.event(), outcome).await);
        bench.advance(MINUTE).await;
    }
    let mut entries = Vec::new();
    for id in recorded.iter().rev() {
        entries.push(entry(&store, *id).await);
    }
    let since = entries[12].received_at;
    let until = entries[2].received_at;
    let members: [fn(EntryFilter, EventTime, EventTime) -> EntryFilter; 7] = [
        |filter, _, _| filter.object("user"),
        |filter, _, _| filter.accounts(["20"]),
        |filter, _, _| filter.field("two"),
        |filter, _, _| filter.states([EntryState::Dead]),
        |filter, since, _| filter.since(since),
        |filter, _, until| filter.until(until),
        |filter, _, _| filter.provider(Provider::Meta),
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
pub async fn events_are_picked_by_state<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let done = finished(&store, event(0), Outcome::Done).await;
    let skipped = finished(&store, event(1), Outcome::Skipped).await;
    let dead = finished(&store, event(2), dead("no")).await;
    let running = record_one(&store, event(3)).await;
    take_one(&store).await;
    let pending = record_one(&store, event(4)).await;
    let cases = [
        (EntryState::Done, done),
        (EntryState::Skipped, skipped),
        (EntryState::Dead, dead),
        (EntryState::Running, running),
        (EntryState::Pending, pending),
    ];
    for (state, id) in cases {
        assert_eq!(listed(&store, &EntryFilter::all().states([state])).await, [id], "{state}");
    }
    let failed_or_done = EntryFilter::all().states([EntryState::Done, EntryState::Dead]);
    assert_eq!(listed(&store, &failed_or_done).await, [dead, done]);
    assert_eq!(listed(&store, &EntryFilter::all().states([])).await.len(), 5);
}

/// From a time on, that time included; before a time, that time excluded.
pub async fn events_are_picked_by_when_they_were_recorded<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut recorded = Vec::new();
    for number in 0..3 {
        recorded.push(record_one(&store, event(number)).await);
        bench.advance(MINUTE).await;
    }
    let [old, middle, new] = [recorded[0], recorded[1], recorded[2]];
    let at = entry(&store, middle).await.received_at;
    let all = EntryFilter::all;
    assert_eq!(listed(&store, &all().since(at)).await, [new, middle]);
    assert_eq!(listed(&store, &all().until(at)).await, [old]);
    let next = entry(&store, new).await.received_at;
    assert_eq!(listed(&store, &all().since(at).until(next)).await, [middle]);
    assert_eq!(listed(&store, &all().since(at).until(at)).await, []);
    let (first, last) = (EventTime::from_unix_millis(0), EventTime::from_unix_millis(253_402_300_799_999));
    if let (Some(first), Some(last)) = (first, last) {
        assert_eq!(listed(&store, &all().since(first).until(last)).await.len(), 3);
    }
}

/// An event whose lease ended waits, and what is due longest is told.
pub async fn a_census_counts_what_there_is<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let counts = |census: Census| [census.pending, census.running, census.done, census.skipped, census.dead];
    let empty = ok(store.census().await);
    assert_eq!((counts(empty), empty.oldest_due), ([0; 5], None));
    for (number, outcome) in [(0, Outcome::Done), (1, Outcome::Skipped), (2, dead("no")), (3, Outcome::Done)]
    {
        finished(&store, event(number), outcome).await;
    }
    let before = now(&store).await;
    record(&store, &events([4, 5, 6])).await;
    let after = now(&store).await;
    bench.advance(MINUTE).await;
    let waiting = ok(store.census().await);
    assert_eq!(counts(waiting), [3, 0, 2, 1, 1]);
    assert_between(waiting.oldest_due, before, after, Duration::ZERO);

    let claimed = take(&store, 2).await;
    settled(&store, claimed[0].token, retry(DAY, "later")).await;
    assert_eq!(counts(ok(store.census().await)), [2, 1, 2, 1, 1]);
    take_one(&store).await;
    let busy = ok(store.census().await);
    assert_eq!((counts(busy), busy.oldest_due), ([1, 2, 2, 1, 1], None), "nothing is due");

    let ends = entry(&store, claimed[1].token.id()).await.due_at;
    bench.advance(LEASE + MINUTE).await;
    let ended = ok(store.census().await);
    assert_eq!((counts(ended), ended.oldest_due), ([3, 0, 2, 1, 1], ends));
    assert!(ended.now > busy.now);
}
