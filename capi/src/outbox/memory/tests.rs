use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use proptest::{collection::vec, prelude::*};
use sociogram_api_core::testing::ManualClock;
use sociogram_oauth_core::ConnectionId;

use super::*;
use crate::outbox::{Fate, OutboxErrorKind, Outcome};

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn route(target: u8) -> Route {
    Route::meta(TENANT, ConnectionId::from_bytes([2; 16]), target.to_string())
}

/// As large as usual, with an id as long as usual.
fn event(number: usize) -> OutboxEvent {
    OutboxEvent {
        name: "Purchase".to_owned(),
        event_id: Some(format!("0192f0c1-2b3c-7d4e-8f5a-{number:012}")),
        event_time: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::from_unix_seconds(4_102_444_800),
        json: format!(r#"{{"event_id":{number},"user_data":"{}"}}"#, "x".repeat(1500)).into(),
    }
}

fn events(numbers: std::ops::Range<usize>) -> Vec<OutboxEvent> {
    numbers.map(event).collect()
}

fn sent() -> Outcome {
    Outcome::Finished(Fate::Sent { trace: None })
}

#[tokio::test]
async fn what_does_not_fit_is_refused_as_a_whole() {
    let store = MemoryOutbox::new().with_capacity_limit(3);
    store.add(&route(1), &events(0..2)).await.unwrap();
    let error = store.add(&route(1), &events(1..4)).await.unwrap_err();
    assert_eq!(error.kind(), OutboxErrorKind::Full);
    assert!(error.to_string().contains("trim"), "{error}");
    assert_eq!(store.census().await.unwrap().accepted(), 2);
    let repeated = [event(2), event(1), event(2)];
    let added = store.add(&route(1), &repeated).await.unwrap();
    let ids = [EntryId::new(3), EntryId::new(2), EntryId::new(3)];
    assert_eq!(added, [Added::New(ids[0]), Added::Duplicate(ids[1]), Added::Duplicate(ids[2])]);
    let nameless = OutboxEvent { event_id: None, ..event(1) };
    assert!(store.add(&route(1), &[nameless]).await.is_err());
    assert_eq!(store.add(&route(1), &events(0..3)).await.unwrap().len(), 3, "it knows what it holds");
}

#[tokio::test]
async fn there_is_room_again_when_rows_are_deleted() {
    let clock = ManualClock::default();
    let store = MemoryOutbox::with_timer(Arc::new(clock.clone())).with_capacity_limit(1);
    store.add(&route(1), &events(0..1)).await.unwrap();
    let batch = store.claim(&Claim::new(1, LEASE)).await.unwrap().unwrap();
    store.settle(&[Settlement::new(batch.events[0].token, sent())]).await.unwrap();
    assert!(store.add(&route(1), &events(1..2)).await.is_err());
    clock.advance(DAY * 91);
    assert_eq!(store.trim(&Retention::default(), 9).await.unwrap().rows, 1);
    let added = store.add(&route(1), &events(1..2)).await.unwrap();
    assert_eq!(added, [Added::New(EntryId::new(2))]);
}

#[tokio::test]
async fn clones_are_one_store_and_new_ones_are_apart() {
    let (store, other) = (MemoryOutbox::new(), MemoryOutbox::default());
    store.clone().add(&route(1), &events(0..1)).await.unwrap();
    assert_eq!(store.census().await.unwrap().pending, 1);
    assert_eq!(other.census().await.unwrap().pending, 0);
}

#[tokio::test]
async fn debug_shows_counts_only() {
    let store = MemoryOutbox::new().with_capacity_limit(9);
    store.add(&route(77), &events(0..2)).await.unwrap();
    let batch = store.claim(&Claim::new(1, LEASE)).await.unwrap().unwrap();
    store.settle(&[Settlement::new(batch.events[0].token, sent())]).await.unwrap();
    assert_eq!(format!("{store:?}"), "MemoryOutbox { events: 2, unfinished: 1, limit: 9, .. }");
}

/// A wall clock that is set back, as happens to machines.
#[derive(Debug)]
struct SetBack(ManualClock, std::sync::atomic::AtomicBool);

impl sociogram_api_core::Clock for SetBack {
    fn now(&self) -> Timestamp {
        let is_back = self.1.load(std::sync::atomic::Ordering::Relaxed);
        self.0.now().saturating_sub(if is_back { DAY } else { Duration::ZERO })
    }
}

impl Timer for SetBack {
    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.sleep(duration)
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_lease_last() {
    let clock = Arc::new(SetBack(ManualClock::default(), false.into()));
    let store = MemoryOutbox::with_timer(clock.clone());
    store.add(&route(1), &events(0..1)).await.unwrap();
    store.claim(&Claim::new(1, LEASE)).await.unwrap().unwrap();
    clock.1.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(store.claim(&Claim::new(1, LEASE)).await.unwrap().is_none());
    clock.0.advance(LEASE);
    assert!(store.claim(&Claim::new(1, LEASE)).await.unwrap().is_some());
}

/// Everything a store in memory does is done at the first poll.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

/// What rows and the index take, whatever the size of the JSON.
const OVERHEAD: usize = 400;

#[test]
fn a_queued_event_takes_little_more_than_its_json() {
    const EVENTS: usize = 20_000;
    let events = events(0..EVENTS);
    let json: usize = events.iter().map(|event| event.json.len()).sum();
    let store = MemoryOutbox::new();
    let counted = allocation_counter::measure(|| {
        for thousand in events.chunks(1000) {
            drop(at_once(store.add(&route(1), thousand)).unwrap());
        }
    });
    let taken = usize::try_from(counted.bytes_current).unwrap();
    println!("per event: {} B of JSON, {} B in all", json / EVENTS, taken / EVENTS);
    assert!(taken <= json + OVERHEAD * EVENTS, "{} B for each", taken / EVENTS);
    assert!(taken * 10 <= json * 12 + 1000 * EVENTS, "more than 1.2 times the JSON and 100 B");
}

#[test]
fn a_claim_costs_what_it_takes_whatever_waits() {
    let allocations = |waiting: usize| {
        let store = MemoryOutbox::new();
        at_once(store.add(&route(1), &events(0..waiting))).unwrap();
        at_once(store.add(&route(2), &events(0..waiting))).unwrap();
        allocation_counter::measure(|| drop(at_once(store.claim(&Claim::new(10, LEASE))).unwrap()))
            .count_total
    };
    let (few, many) = (allocations(20), allocations(5000));
    assert!(many <= few + 10, "{few} allocations with 40 events, {many} with 10 000");
}

#[test]
fn nothing_stays_of_what_was_deleted() {
    let clock = ManualClock::default();
    let store = MemoryOutbox::with_timer(Arc::new(clock.clone()));
    for target in 0..9 {
        at_once(store.add(&route(target), &events(0..3))).unwrap();
    }
    while let Some(batch) = at_once(store.claim(&Claim::new(9, LEASE))).unwrap() {
        let done = batch.events.iter().map(|event| Settlement::new(event.token, sent())).collect::<Vec<_>>();
        at_once(store.settle(&done)).unwrap();
    }
    clock.advance(DAY * 91);
    assert_eq!(at_once(store.trim(&Retention::default(), 99)).unwrap().rows, 27);
    let (rows, _) = store.rows();
    assert!(rows.is_bare(), "an index kept something");
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Add(u8, usize),
    Claim(usize),
    Begin,
    Finish(u8),
    Later,
    Release,
    Advance(u32),
    Replay,
    Trim,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3_u8, 0..20_usize).prop_map(|(target, number)| Step::Add(target, number)),
        (1..6_usize).prop_map(Step::Claim),
        Just(Step::Begin),
        (0..3_u8).prop_map(Step::Finish),
        Just(Step::Later),
        Just(Step::Release),
        (1..200_u32).prop_map(Step::Advance),
        Just(Step::Replay),
        Just(Step::Trim),
    ]
}

proptest! {
    /// Whatever happens, the indexes say what the rows say.
    #[test]
    fn the_index_is_in_step(steps in vec(step(), 1..80)) {
        let clock = ManualClock::default();
        let store = MemoryOutbox::with_timer(Arc::new(clock.clone()));
        let mut held: Vec<ClaimToken> = Vec::new();
        let (mut accepted, mut deleted) = (0, 0);
        for step in steps {
            let tell = |outcome: Outcome| {
                let token = held.last().copied();
                token.map(|token| at_once(store.settle(&[Settlement::new(token, outcome)])).unwrap());
            };
            match step {
                Step::Add(target, number) => {
                    let added = at_once(store.add(&route(target), &[event(number), event(number + 1)])).unwrap();
                    accepted += added.iter().filter(|added| matches!(added, Added::New(_))).count() as u64;
                }
                Step::Claim(limit) => {
                    let batch = at_once(store.claim(&Claim::new(limit, LEASE))).unwrap();
                    held.extend(batch.into_iter().flat_map(|batch| batch.events).map(|event| event.token));
                }
                Step::Begin => drop(at_once(store.begin(&held, LEASE)).unwrap()),
                Step::Finish(0) => tell(sent()),
                Step::Finish(_) => tell(Outcome::Finished(Fate::process_died())),
                Step::Later => tell(Outcome::NotProcessed { after: LEASE, reason: "busy".to_owned() }),
                Step::Release => tell(Outcome::Released),
                Step::Advance(seconds) => clock.advance(Duration::from_secs(u64::from(seconds))),
                Step::Replay => {
                    at_once(store.replay(TENANT, &Replay::in_doubt(EntryFilter::all()))).unwrap();
                }
                Step::Trim => {
                    deleted += at_once(store.trim(&Retention::new(LEASE, LEASE * 3), 2)).unwrap().rows;
                }
            }
            if matches!(step, Step::Later | Step::Release | Step::Finish(_)) {
                held.pop();
            }
            let census = at_once(store.census()).unwrap();
            prop_assert_eq!(census.accepted(), accepted - deleted);
            prop_assert_eq!(at_once(store.tenant_census(TENANT)).unwrap(), census);
            let (rows, now) = store.rows();
            prop_assert_eq!(rows.counted_anew(now), census);
        }
    }
}
