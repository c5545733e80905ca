use std::{collections::BTreeSet, thread};

use super::*;
use crate::{
    Provider,
    event::{Origin, kind::LEAD},
    inbox::{EntryState, InboxErrorKind, Order, Outcome},
};
use proptest::{collection::vec, prelude::*};

const LEASE: Duration = Duration::from_secs(60);

/// A lead with this subject.
fn event(number: u32, subject: u32) -> Event {
    let raw = format!(
        r#"{{"leadGenFormResponse":"s{subject}","leadAction":"A{number}","occurredAt":{}}}"#,
        1_767_225_600_000_u64 + u64::from(number)
    );
    let origin = Origin {
        provider: Provider::LinkedIn,
        object: LEAD.into(),
        account: Some("10".into()),
        sent_at: None,
    };
    Event::read(origin, LEAD, serde_json::from_str(&raw).unwrap())
}

fn events(numbers: std::ops::Range<u32>) -> Vec<Event> {
    numbers.map(|number| event(number, number)).collect()
}

#[tokio::test]
async fn what_does_not_fit_is_refused_as_a_whole() {
    let store = MemoryInbox::with_capacity_limit(3);
    store.record(&events(0..2)).await.unwrap();
    let error = store.record(&events(1..4)).await.unwrap_err();
    assert_eq!(error.kind(), InboxErrorKind::Full);
    assert!(error.to_string().contains("trim"), "{error}");
    assert_eq!(store.census().await.unwrap().pending, 2);
    let recorded = store.record(&events(1..3)).await.unwrap();
    assert_eq!(recorded, [Recorded::Duplicate, Recorded::New(EntryId::new(3))]);
}

#[tokio::test]
async fn a_full_store_recognises_repeats_and_has_room_again_when_rows_are_deleted() {
    let store = MemoryInbox::with_capacity_limit(2);
    store.record(&events(0..2)).await.unwrap();
    assert_eq!(store.record(&events(0..2)).await.unwrap(), [Recorded::Duplicate; 2]);
    assert!(store.record(&events(2..3)).await.is_err());
    let claimed = store.claim(&Claim::new(1, LEASE)).await.unwrap();
    store.settle(&[Settlement::new(claimed[0].token, Outcome::Done)]).await.unwrap();
    store.advance(Duration::from_secs(31 * 24 * 3600));
    assert_eq!(store.trim(&Retention::default(), 9).await.unwrap().rows, 1);
    assert!(matches!(store.record(&events(2..3)).await.unwrap()[..], [Recorded::New(_)]));
}

#[tokio::test]
async fn clones_are_one_store_and_new_ones_are_apart() {
    let (store, other) = (MemoryInbox::new(), MemoryInbox::default());
    let clone = store.clone();
    store.record(&events(0..1)).await.unwrap();
    assert_eq!(clone.record(&events(0..1)).await.unwrap(), [Recorded::Duplicate]);
    assert!(matches!(other.record(&events(0..1)).await.unwrap()[..], [Recorded::New(_)]));
}

#[tokio::test]
async fn debug_shows_counts_only() {
    let store = MemoryInbox::new();
    store.record(&events(0..3)).await.unwrap();
    let claimed = store.claim(&Claim::new(1, LEASE)).await.unwrap();
    store.settle(&[Settlement::new(claimed[0].token, Outcome::Done)]).await.unwrap();
    assert_eq!(format!("{store:?}"), "MemoryInbox { events: 3, unfinished: 2, limit: 500000 }");
}

#[test]
fn threads_share_the_events() {
    let store = MemoryInbox::new();
    let work = |store: MemoryInbox| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let recorded = store.record(&events(0..500)).await.unwrap();
            let new = recorded.iter().filter(|one| **one != Recorded::Duplicate).count();
            let mut taken = Vec::new();
            loop {
                let claimed = store.claim(&Claim::new(3, LEASE).order(Order::PerSubject)).await.unwrap();
                if claimed.is_empty() {
                    return (new, taken);
                }
                let settlements: Vec<_> =
                    claimed.iter().map(|one| Settlement::new(one.token, Outcome::Done)).collect();
                assert!(store.settle(&settlements).await.unwrap().iter().all(|stored| *stored));
                taken.extend(claimed.iter().map(|one| one.token.id()));
            }
        })
    };
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            thread::spawn(move || work(store))
        })
        .collect();
    let results: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(results.iter().map(|(new, _)| new).sum::<usize>(), 500);
    let taken: Vec<_> = results.into_iter().flat_map(|(_, taken)| taken).collect();
    assert_eq!((taken.len(), taken.iter().collect::<BTreeSet<_>>().len()), (500, 500));
}

/// What finds rows says the same as the rows do.
fn assert_in_step(rows: &Rows) {
    let entries = || rows.by_id.values().map(|row| &row.entry);
    let due: BTreeSet<_> = entries().filter_map(|entry| Some((entry.due_at?, entry.id))).collect();
    assert_eq!(rows.due, due);
    let mut heads = BTreeSet::new();
    let mut lanes = BTreeSet::new();
    for entry in entries().filter(|entry| !entry.state.is_finished()) {
        if lanes.insert((&entry.object, &entry.account, &entry.subject)) {
            heads.insert((entry.due_at.unwrap(), entry.id));
        }
    }
    assert_eq!(rows.heads, heads);
    let payloads = |failed: bool| -> BTreeSet<_> {
        entries()
            .filter(|entry| (entry.state == EntryState::Dead) == failed && entry.event.is_some())
            .filter_map(|entry| Some((entry.finished_at?, entry.id)))
            .collect()
    };
    assert_eq!((&rows.payloads, &rows.failed_payloads), (&payloads(false), &payloads(true)));
    for entry in entries() {
        assert_eq!(entry.state.is_finished(), entry.finished_at.is_some());
        assert_eq!(entry.state.is_finished(), entry.due_at.is_none());
    }
}

#[derive(Clone, Debug)]
enum Step {
    Record(u32, u32),
    Claim(usize, bool),
    Settle(usize, u8),
    Renew(usize),
    Replay(u64),
    Advance(u64),
    Trim(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..40_u32, 0..4_u32).prop_map(|(number, subject)| Step::Record(number, subject)),
        3 => (0..4_usize, any::<bool>()).prop_map(|(limit, ordered)| Step::Claim(limit, ordered)),
        3 => (0..20_usize, 0..5_u8).prop_map(|(token, outcome)| Step::Settle(token, outcome)),
        1 => (0..20_usize).prop_map(Step::Renew),
        1 => (1..40_u64).prop_map(Step::Replay),
        2 => (0..200_000_u64).prop_map(Step::Advance),
        1 => (0..4_usize).prop_map(Step::Trim),
    ];
    vec(step, 1..120)
}

async fn play(store: &MemoryInbox, step: Step, tokens: &mut Vec<ClaimToken>) {
    match step {
        Step::Record(number, subject) => {
            store.record(&[event(number, subject), event(number, subject)]).await.unwrap();
        }
        Step::Claim(limit, ordered) => {
            let order = if ordered { Order::PerSubject } else { Order::Any };
            let claimed = store.claim(&Claim::new(limit, LEASE).order(order)).await.unwrap();
            assert!(claimed.len() <= limit);
            if ordered {
                let subjects: BTreeSet<_> = claimed.iter().map(|one| one.event.subject()).collect();
                assert_eq!(subjects.len(), claimed.len());
            }
            tokens.extend(claimed.iter().map(|one| one.token));
        }
        Step::Settle(token, outcome) => {
            let error = vec!["x".to_owned()];
            let outcome = match outcome {
                0 => Outcome::Done,
                1 => Outcome::Skipped,
                2 => Outcome::Retry { after: LEASE * 2, error },
                3 => Outcome::Dead { error },
                _ => Outcome::Released,
            };
            if let Some(token) = tokens.get(token) {
                store.settle(&[Settlement::new(*token, outcome)]).await.unwrap();
            }
        }
        Step::Renew(token) => {
            if let Some(token) = tokens.get(token) {
                store.renew(&[*token], LEASE * 3).await.unwrap();
            }
        }
        Step::Replay(id) => {
            store.replay(&Replay::entries([EntryId::new(id)])).await.unwrap();
        }
        Step::Advance(seconds) => store.advance(Duration::from_secs(seconds)),
        Step::Trim(limit) => {
            let day = Duration::from_secs(24 * 3600);
            store.trim(&Retention::default().payloads(day, day * 2), limit).await.unwrap();
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_the_indexes_agree_with_the_rows(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (store, mut tokens) = (MemoryInbox::new(), Vec::new());
            for step in steps {
                play(&store, step, &mut tokens).await;
                assert_in_step(&store.rows());
            }
        });
    }
}
