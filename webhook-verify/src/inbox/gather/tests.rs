use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use serde_json::json;
use tokio::{sync::Semaphore, task::JoinHandle};

use super::*;
use crate::{MetaVerifier, Secret, inbox::MemoryInbox, parse_meta, testing::sign_meta};

/// Events of one delivery, with these numbers.
fn events(numbers: impl IntoIterator<Item = u32>) -> Vec<Event> {
    let lead = |number: u32| json!({"field": "leadgen", "value": {"leadgen_id": number}});
    let changes: Vec<_> = numbers.into_iter().map(lead).collect();
    let body = json!({"object": "page", "entry": [{"id": "1", "time": 1, "changes": changes}]}).to_string();
    let secret = Secret::new("secret").unwrap();
    let verifier = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
    let delivery = verifier.verify([sign_meta(&secret, body.as_bytes())], Bytes::from(body)).unwrap();
    parse_meta(&delivery).unwrap().into_events()
}

/// A store whose writes wait for leave, and fail as they are told.
#[derive(Debug)]
struct Gate {
    inner: MemoryInbox,
    leave: Semaphore,
    calls: AtomicUsize,
    failures: Mutex<VecDeque<Option<InboxErrorKind>>>,
}

impl Gate {
    fn closed() -> Arc<Self> {
        let (inner, leave) = (MemoryInbox::new(), Semaphore::new(0));
        Arc::new(Self { inner, leave, calls: AtomicUsize::new(0), failures: Mutex::default() })
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn fail(&self, failures: impl IntoIterator<Item = Option<InboxErrorKind>>) {
        self.failures.lock().unwrap().extend(failures);
    }
}

#[async_trait]
impl RecordEvents for Gate {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.leave.acquire().await.unwrap().forget();
        let failure = self.failures.lock().unwrap().pop_front().flatten();
        if let Some(kind) = failure {
            return Err(InboxError::new(kind, "the store is down"));
        }
        self.inner.record(events).await
    }
}

fn record(
    gather: &GatherWrites,
    numbers: impl IntoIterator<Item = u32>,
) -> JoinHandle<Result<Vec<Recorded>, InboxError>> {
    let (gather, events) = (gather.clone(), events(numbers));
    tokio::spawn(async move { gather.record(&events).await })
}

/// Lets every task run until it waits.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

fn new_ones(recorded: Result<Vec<Recorded>, InboxError>) -> Vec<bool> {
    recorded.unwrap().iter().map(|recorded| matches!(recorded, Recorded::New(_))).collect()
}

#[tokio::test]
async fn calls_that_come_during_a_write_share_the_next_one() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 1);
    let first = record(&gather, [1]);
    settle().await;
    let others: Vec<_> = [vec![2, 3], vec![1], vec![4]].into_iter().map(|one| record(&gather, one)).collect();
    settle().await;
    assert_eq!(store.calls(), 1);
    store.leave.add_permits(2);
    assert_eq!(new_ones(first.await.unwrap()), [true]);
    let mut told = Vec::new();
    for call in others {
        told.push(new_ones(call.await.unwrap()));
    }
    assert_eq!((told, store.calls()), (vec![vec![true, true], vec![false], vec![true]], 2));
}

#[tokio::test]
async fn no_call_ends_before_its_events_are_stored() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 2);
    let calls: Vec<_> = (0..5).map(|number| record(&gather, [number])).collect();
    settle().await;
    assert!(calls.iter().all(|call| !call.is_finished()));
    store.leave.add_permits(5);
    for call in calls {
        assert_eq!(new_ones(call.await.unwrap()), [true]);
    }
}

#[tokio::test]
async fn a_failed_write_fails_its_calls_and_no_later_one() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 1);
    store.fail([None, Some(InboxErrorKind::Unavailable)]);
    let first = record(&gather, [1]);
    settle().await;
    let (second, third) = (record(&gather, [2]), record(&gather, [3]));
    settle().await;
    store.leave.add_permits(3);
    assert!(first.await.unwrap().is_ok());
    for call in [second, third] {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), InboxErrorKind::Unavailable);
        let cause = std::error::Error::source(&error).unwrap();
        assert_eq!(cause.to_string(), "the store is down");
    }
    assert_eq!(new_ones(record(&gather, [2]).await.unwrap()), [true]);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_kept_costs_no_other() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 1);
    let corrupt = Some(InboxErrorKind::Corrupt);
    // The first write, the common one, and then each by itself.
    store.fail([None, corrupt, None, corrupt, None]);
    let first = record(&gather, [1]);
    settle().await;
    let others: Vec<_> = (2..5).map(|number| record(&gather, [number])).collect();
    settle().await;
    store.leave.add_permits(5);
    assert!(first.await.unwrap().is_ok());
    let mut kept = Vec::new();
    for call in others {
        kept.push(call.await.unwrap().is_ok());
    }
    assert_eq!(kept, [true, false, true]);
}

#[tokio::test]
async fn a_caller_that_goes_away_takes_nobody_along() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 1);
    let first = record(&gather, [1]);
    settle().await;
    let second = record(&gather, [2]);
    settle().await;
    first.abort();
    settle().await;
    store.leave.add_permits(2);
    assert_eq!(new_ones(second.await.unwrap()), [true]);
    // Its own events were stored all the same.
    store.leave.add_permits(1);
    assert_eq!(new_ones(record(&gather, [1]).await.unwrap()), [false]);
}

#[tokio::test]
async fn a_write_takes_a_thousand_events_and_a_larger_call_alone() {
    let store = Gate::closed();
    let gather = GatherWrites::new(store.clone(), 1);
    let first = record(&gather, [0]);
    settle().await;
    let calls = [record(&gather, 1..1500), record(&gather, 2000..2900), record(&gather, 3000..3200)];
    settle().await;
    store.leave.add_permits(4);
    assert!(first.await.unwrap().is_ok());
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!(store.calls(), 4);
    assert!(gather.record(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_store_that_panics_leaves_room_for_the_next_write() {
    #[derive(Debug)]
    struct Panics;

    #[async_trait]
    impl RecordEvents for Panics {
        async fn record(&self, _: &[Event]) -> Result<Vec<Recorded>, InboxError> {
            panic!("a defect");
        }
    }

    let gather = GatherWrites::new(Arc::new(Panics), 1);
    for _ in 0..2 {
        assert_eq!(gather.record(&events([1])).await.unwrap_err().kind(), InboxErrorKind::Unavailable);
    }
}
