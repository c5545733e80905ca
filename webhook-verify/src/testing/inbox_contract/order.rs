//! Events of one subject, one after the other.

use std::{collections::HashMap, time::Duration};

use super::{
    bench::{InboxBench, one, race},
    fixtures::{
        LEASE, MINUTE, Made, change, dead, event, finished, ids, lead, ok, record, record_one, retry,
        settled, take, take_in_order,
    },
};
use crate::{
    Event, Provider,
    inbox::{Outcome, Replay},
};

fn of(subject: &str, numbers: impl IntoIterator<Item = u32>) -> Vec<Event> {
    numbers.into_iter().map(|number| lead(number, subject).event()).collect()
}

/// Each when the one before is finished, as they were recorded.
pub async fn events_of_one_subject_come_one_after_the_other<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let first = record(&store, &of("a", 0..3)).await;
    let other = record(&store, &of("b", 3..4)).await;
    for (id, outcome) in first.iter().zip([Outcome::Done, Outcome::Skipped, Outcome::Done]) {
        let claimed = take_in_order(&store, 9).await;
        let mine: Vec<_> = claimed.iter().filter(|claimed| claimed.token.id() != other[0]).collect();
        assert_eq!(mine.len(), 1, "one of the subject at a time");
        assert_eq!(mine[0].token.id(), *id);
        assert!(take_in_order(&store, 9).await.is_empty(), "another one was taken meanwhile");
        settled(&store, mine[0].token, outcome).await;
    }
    assert!(take_in_order(&store, 9).await.is_empty());
}

/// Until it is due again, and handled. Other subjects go on.
pub async fn a_waiting_retry_holds_up_those_behind_it<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let held = record(&store, &of("a", 0..2)).await;
    let other = record(&store, &of("b", 2..4)).await;
    let claimed = take_in_order(&store, 9).await;
    assert_eq!(ids(&claimed), [held[0], other[0]]);
    for claimed in claimed {
        let is_held = claimed.token.id() == held[0];
        let outcome = if is_held { retry(MINUTE * 30, "away") } else { Outcome::Done };
        settled(&store, claimed.token, outcome).await;
    }
    assert_eq!(ids(&take_in_order(&store, 9).await), other[1..]);
    bench.advance(MINUTE * 31).await;
    let claimed = take_in_order(&store, 9).await;
    assert!(ids(&claimed).contains(&held[0]) && !ids(&claimed).contains(&held[1]));
    settled(&store, super::fixtures::token_of(&claimed, held[0]), Outcome::Released).await;
    assert_eq!(ids(&take_in_order(&store, 9).await), held[..1], "a released one goes before those behind it");
}

/// The first is due again, and not the second.
pub async fn an_ended_lease_holds_up_those_behind_it<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let recorded = record(&store, &of("a", 0..2)).await;
    for _ in 0..2 {
        assert_eq!(ids(&take_in_order(&store, 9).await), recorded[..1]);
        bench.advance(LEASE + MINUTE).await;
    }
}

/// Also when it was given up.
pub async fn a_finished_event_holds_up_nothing<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let recorded = record(&store, &of("a", 0..4)).await;
    for (id, outcome) in recorded.iter().zip([dead("no"), Outcome::Skipped, Outcome::Done]) {
        let claimed = take_in_order(&store, 9).await;
        assert_eq!(ids(&claimed), [*id]);
        settled(&store, claimed[0].token, outcome).await;
    }
    assert_eq!(ids(&take_in_order(&store, 9).await), recorded[3..]);
}

/// The same text under another platform, object or account is another subject.
pub async fn subjects_are_told_apart_by_whose_they_are<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let page_lead = r#"{"field":"leadgen","value":{"leadgen_id":"7"}}"#;
    let meta = |number: u32| Made { field: "leadgen", raw: page_lead.to_owned(), ..change(number) };
    let recorded = record(
        &store,
        &[
            lead(0, "7").event(),
            Made { account: Some("other"), ..lead(1, "7") }.event(),
            Made { account: None, ..lead(2, "7") }.event(),
            Made { object: "other", ..lead(3, "7") }.event(),
            lead(4, "8").event(),
            Made { provider: Provider::LinkedIn, ..change(5) }.event(),
            meta(6).event(),
            Made { object: "other", ..change(7) }.event(),
            // These have one before them.
            lead(8, "7").event(),
            Made { account: None, ..lead(9, "7") }.event(),
        ],
    )
    .await;
    assert_eq!(ids(&take_in_order(&store, 20).await), recorded[..8]);
}

/// Whatever their fields are; those with a subject are apart from them.
pub async fn events_without_a_subject_are_ordered_within_their_account<B: InboxBench>(
    open: impl AsyncFnOnce() -> B,
) {
    let (store, _bench) = one(open).await;
    let of_account = |account, number| Made { account, ..change(number) }.event();
    let with_subject = Made { account: Some("a"), object: "page", ..lead(6, "s") };
    let recorded = record(
        &store,
        &[
            of_account(Some("a"), 0),
            of_account(Some("b"), 1),
            of_account(None, 2),
            Made { provider: Provider::Meta, field: "leadgen", raw: meta_lead(), ..with_subject }.event(),
            of_account(Some("a"), 3),
            of_account(Some("b"), 4),
            of_account(None, 5),
            Made { account: Some("a"), field: "another", ..change(7) }.event(),
        ],
    )
    .await;
    let claimed = take_in_order(&store, 9).await;
    assert_eq!(ids(&claimed), recorded[..4]);
    for claimed in claimed {
        settled(&store, claimed.token, Outcome::Done).await;
    }
    assert_eq!(ids(&take_in_order(&store, 9).await), recorded[4..7]);
}

fn meta_lead() -> String {
    r#"{"field":"leadgen","value":{"leadgen_id":"77"}}"#.to_owned()
}

/// Neither by a claim nor by a waiting one.
pub async fn in_any_order_nothing_is_held_up<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, _bench) = one(open).await;
    let recorded = record(&store, &of("a", 0..4)).await;
    let first = take(&store, 1).await;
    settled(&store, first[0].token, retry(MINUTE * 30, "away")).await;
    assert_eq!(take(&store, 1).await.len(), 1);
    assert!(take_in_order(&store, 9).await.is_empty());
    assert_eq!(take(&store, 9).await.len(), recorded.len() - 2);
}

/// Fifty workers at ten conversations: each is held by one of them, and it is its first event that is held.
pub async fn concurrent_claimers_hold_one_event_of_a_subject<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let mut firsts = Vec::new();
    for subject in 0..10 {
        let numbers = (0..5).map(|number| subject * 5 + number);
        firsts.push(record(&store, &of(&format!("s{subject}"), numbers)).await[0]);
    }
    let claimed = race(&bench, |store, runner| async move {
        let limit = usize::try_from(runner % 3 + 1).unwrap_or_default();
        let mut mine = take_in_order(&store, limit).await;
        mine.extend(take_in_order(&store, limit).await);
        mine
    })
    .await;
    let mut held: HashMap<_, u32> = HashMap::new();
    for claimed in claimed.iter().flatten() {
        *held.entry(claimed.token.id()).or_default() += 1;
    }
    for claimed in take_in_order(&store, 99).await {
        *held.entry(claimed.token.id()).or_default() += 1;
    }
    assert!(held.values().all(|times| *times == 1), "an event was taken twice");
    let mut held: Vec<_> = held.into_keys().collect();
    held.sort_unstable();
    assert_eq!(held, firsts, "not the first of each subject");
}

/// It was recorded before them.
pub async fn a_replayed_event_holds_up_those_behind_it<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let failed = finished(&store, lead(0, "a").event(), dead("no")).await;
    let next = record_one(&store, lead(1, "a").event()).await;
    bench.advance(MINUTE).await;
    assert_eq!(ok(store.replay(&Replay::entries([failed])).await).replayed, 1);
    let claimed = take_in_order(&store, 9).await;
    assert_eq!(ids(&claimed), [failed]);
    settled(&store, claimed[0].token, Outcome::Done).await;
    assert_eq!(ids(&take_in_order(&store, 9).await), [next]);
}

/// A thousand events that wait behind one do not fill the claim that finds the one of somebody else.
pub async fn a_long_queue_of_one_subject_hides_no_other<B: InboxBench>(open: impl AsyncFnOnce() -> B) {
    let (store, bench) = one(open).await;
    let queue = record(&store, &of("a", 0..1000)).await;
    bench.advance(MINUTE).await;
    let other = record_one(&store, event(1)).await;
    let claimed = take_in_order(&store, 1).await;
    assert_eq!(ids(&claimed), queue[..1]);
    settled(&store, claimed[0].token, retry(MINUTE * 30, "away")).await;
    assert_eq!(ids(&take_in_order(&store, 1).await), [other]);
    settled(&store, take_any(&store).await, retry(Duration::ZERO, "x")).await;
    assert!(take_in_order(&store, 1).await.is_empty());
}

async fn take_any(store: &super::fixtures::Store) -> crate::inbox::ClaimToken {
    take(store, 1).await[0].token
}
