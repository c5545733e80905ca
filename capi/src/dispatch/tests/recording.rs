//! Many callers, few writes.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::Timer as _;
use sociogram_oauth_core::TenantId;

use super::world::{TENANT, VirtualClock, event, millis, route, seconds};
use crate::{
    dispatch::{Recorder, RecorderBuilder},
    outbox::{
        AddEvents, Added, Census, Entry, EntryFilter, EntryId, EntryPage, MemoryOutbox, OutboxError,
        OutboxErrorKind, OutboxEvent, Replay, Replayed, Route,
    },
};

/// Writes down each write, and takes its time.
#[derive(Debug)]
struct Writes {
    inner: MemoryOutbox,
    clock: VirtualClock,
    takes: Duration,
    seen: Mutex<Vec<(Duration, String, usize)>>,
    fails: Mutex<Vec<OutboxErrorKind>>,
    under_way: Mutex<(usize, usize)>,
}

impl Writes {
    fn new(takes: Duration) -> Arc<Self> {
        let clock = VirtualClock::new();
        let inner = MemoryOutbox::with_timer(Arc::new(clock));
        let (seen, fails, under_way) = (Mutex::default(), Mutex::default(), Mutex::default());
        Arc::new(Self { inner, clock, takes, seen, fails, under_way })
    }

    fn recorder(self: &Arc<Self>) -> RecorderBuilder {
        Recorder::builder(self.clone()).timer(Arc::new(self.clock))
    }

    fn sizes(&self) -> Vec<usize> {
        self.seen.lock().unwrap().iter().map(|(_, _, size)| *size).collect()
    }

    async fn stored(&self) -> u64 {
        self.inner.tenant_census(TENANT).await.unwrap().accepted()
    }
}

#[async_trait]
impl AddEvents for Writes {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        let seen = (self.clock.monotonic(), route.target.clone(), events.len());
        self.seen.lock().unwrap().push(seen);
        {
            let mut under_way = self.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        self.clock.sleep(self.takes).await;
        self.under_way.lock().unwrap().0 -= 1;
        if events.iter().any(|event| &*event.json == "poison") {
            return Err(OutboxError::new(OutboxErrorKind::Corrupt, "poison"));
        }
        assert!(events.iter().all(|event| &*event.json != "panic"), "the store broke");
        let fails = self.fails.lock().unwrap().pop();
        match fails {
            Some(kind) => Err(OutboxError::new(kind, "told to fail")),
            None => self.inner.add(route, events).await,
        }
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        self.inner.find(tenant, id).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        self.inner.list(tenant, filter, after, limit).await
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        self.inner.replay(tenant, replay).await
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        self.inner.tenant_census(tenant).await
    }
}

fn events(prefix: &str, count: usize) -> Vec<OutboxEvent> {
    (0..count).map(|number| event(&format!("{prefix}{number}"))).collect()
}

fn with_json(id: &str, json: &str) -> OutboxEvent {
    OutboxEvent { json: json.into(), ..event(id) }
}

#[tokio::test(start_paused = true)]
async fn callers_at_the_same_time_share_a_write_and_each_gets_its_own_answer() {
    let writes = Writes::new(millis(20));
    let recorder = writes.recorder().start();
    let all = (0..50).map(|caller| {
        let recorder = recorder.clone();
        async move { recorder.record(route("one"), events(&format!("c{caller}-"), 2)).await.unwrap() }
    });
    let answers = futures_of(all).await;
    assert_eq!(writes.sizes(), [100]);
    let mut ids: Vec<EntryId> = answers.iter().flatten().map(|added| added.id()).collect();
    assert!(answers.iter().all(|added| added.len() == 2 && added[0].id() < added[1].id()));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 100);
    let again = recorder.record(route("one"), events("c7-", 2)).await.unwrap();
    assert!(again.iter().all(|added| matches!(added, Added::Duplicate(_))));
    assert_eq!(again[0].id(), answers[7][0].id());
}

/// Runs them at the same time.
async fn futures_of<T: Send + 'static>(
    all: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = all.map(tokio::spawn).collect();
    let mut out = Vec::new();
    for task in tasks {
        out.push(task.await.unwrap());
    }
    out
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_only_when_the_events_are_stored() {
    let writes = Writes::new(seconds(3));
    let recorder = writes.recorder().start();
    let before = writes.clock.monotonic();
    let told = async {
        recorder.record(route("one"), events("a", 1)).await.unwrap();
        writes.clock.monotonic().saturating_sub(before)
    };
    assert!(told.await >= seconds(3));
    assert_eq!(writes.stored().await, 1);
    assert_eq!(recorder.record(route("one"), Vec::new()).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_route_is_written_by_count_by_bytes_or_by_time() {
    for (count, wait) in [(10, Duration::ZERO), (9, seconds(1))] {
        let writes = Writes::new(Duration::ZERO);
        let recorder = writes.recorder().flush_events(10).flush_after(seconds(1)).start();
        recorder.record(route("one"), events("a", count)).await.unwrap();
        assert_eq!(writes.clock.monotonic().as_secs(), wait.as_secs(), "{count}");
    }
    let writes = Writes::new(Duration::ZERO);
    let recorder = writes.recorder().flush_bytes(100).flush_after(seconds(1)).start();
    let json = format!(r#"{{"n":"{}"}}"#, "x".repeat(100));
    recorder.record(route("one"), vec![with_json("a", &json)]).await.unwrap();
    assert_eq!(writes.clock.monotonic().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_comes_during_a_write_goes_into_the_next_one() {
    let writes = Writes::new(millis(100));
    let recorder = writes.recorder().flush_events(1).start();
    let all = (0..30).map(|caller| {
        let (recorder, clock) = (recorder.clone(), writes.clock);
        async move {
            clock.sleep(millis(caller)).await;
            recorder.record(route("one"), events(&format!("c{caller}-"), 1)).await.unwrap();
        }
    });
    futures_of(all).await;
    assert_eq!(writes.under_way.lock().unwrap().1, 1, "a route is written once at a time");
    assert_eq!(writes.stored().await, 30);

    let writes = Writes::new(millis(100));
    let recorder = writes.recorder().start();
    let all = (0..30).map(|caller| {
        let (recorder, clock) = (recorder.clone(), writes.clock);
        async move {
            clock.sleep(millis(caller)).await;
            recorder.record(route("one"), events(&format!("c{caller}-"), 1)).await.unwrap();
        }
    });
    futures_of(all).await;
    assert!(writes.sizes().len() <= 3, "{:?}", writes.sizes());
}

#[tokio::test(start_paused = true)]
async fn routes_are_written_apart_and_a_slow_one_holds_up_no_other() {
    let writes = Writes::new(millis(100));
    let recorder = writes.recorder().writes(2).start();
    let all = ["one", "two", "three"].map(|target| {
        let recorder = recorder.clone();
        async move { recorder.record(route(target), events("a", 2)).await.unwrap() }
    });
    futures_of(all.into_iter()).await;
    assert_eq!(writes.sizes(), [2, 2, 2]);
    assert_eq!(writes.under_way.lock().unwrap().1, 2);
}

#[tokio::test(start_paused = true)]
async fn one_calls_events_are_never_split() {
    let writes = Writes::new(millis(10));
    let recorder = writes.recorder().flush_events(10).queue(20).start();
    // More than a write, and more than the queue has places.
    let added = recorder.record(route("one"), events("a", 35)).await.unwrap();
    assert_eq!((added.len(), writes.sizes()), (35, vec![35]));
    assert_eq!(recorder.queued(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_makes_callers_wait_and_says_so() {
    let writes = Writes::new(seconds(1));
    let recorder = writes.recorder().queue(10).start();
    let first = recorder.try_record(route("one"), events("a", 8)).unwrap();
    assert_eq!(recorder.queued(), 8);
    let full = recorder.try_record(route("one"), events("b", 3)).unwrap_err();
    assert_eq!(full.to_string(), "too many events wait to be stored: try again later");
    let back = full.into_events();
    assert_eq!(back.len(), 3);
    let (first, second) = tokio::join!(first, recorder.record(route("one"), back));
    assert_eq!((first.unwrap().len(), second.unwrap().len()), (8, 3));
    assert_eq!(writes.sizes(), [8, 3], "the second waited for room");
    assert_eq!(recorder.queued(), 0);
}

#[tokio::test(start_paused = true)]
async fn shutting_down_stores_what_is_queued_and_takes_nothing_more() {
    let writes = Writes::new(seconds(1));
    let recorder = writes.recorder().flush_after(seconds(3600)).queue(100).start();
    let queued: Vec<_> =
        ["one", "two"].map(|target| recorder.try_record(route(target), events("a", 50)).unwrap()).into();
    let waiting = tokio::spawn({
        let recorder = recorder.clone();
        async move { recorder.record(route("one"), events("w", 1)).await }
    });
    writes.clock.sleep(seconds(1)).await;
    recorder.shutdown().await;
    assert_eq!(writes.stored().await, 100);
    assert!(writes.clock.monotonic() < seconds(5));
    for recording in queued {
        assert_eq!(recording.await.unwrap().len(), 50);
    }
    for refused in [waiting.await.unwrap(), recorder.record(route("one"), events("z", 1)).await] {
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind(), OutboxErrorKind::Unavailable);
        assert!(refused.to_string().contains("shut down"), "{refused}");
    }
    assert!(recorder.try_record(route("one"), events("z", 1)).unwrap().await.is_err());
    recorder.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_a_caller_waits_for_no_more_is_stored_all_the_same() {
    let writes = Writes::new(millis(1));
    let recorder = writes.recorder().start();
    drop(recorder.try_record(route("one"), events("a", 3)).unwrap());
    drop(recorder);
    writes.clock.sleep(seconds(1)).await;
    assert_eq!(writes.stored().await, 3);
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_store_is_told_to_every_caller_of_the_write() {
    let writes = Writes::new(millis(1));
    writes.fails.lock().unwrap().push(OutboxErrorKind::Unavailable);
    let recorder = writes.recorder().start();
    let (a, b) = tokio::join!(
        recorder.record(route("one"), events("a", 1)),
        recorder.record(route("one"), events("b", 1)),
    );
    for error in [a.unwrap_err(), b.unwrap_err()] {
        assert_eq!(error.kind(), OutboxErrorKind::Unavailable);
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("told to fail"));
    }
    assert_eq!(writes.sizes(), [2]);
    assert_eq!(recorder.record(route("one"), events("a", 1)).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn events_that_cannot_be_kept_cost_only_their_own_call() {
    let writes = Writes::new(millis(1));
    let recorder = writes.recorder().start();
    let (good, bad, fine) = tokio::join!(
        recorder.record(route("one"), events("a", 2)),
        recorder.record(route("one"), vec![with_json("b", "poison")]),
        recorder.record(route("one"), events("c", 1)),
    );
    assert_eq!((good.unwrap().len(), fine.unwrap().len()), (2, 1));
    assert_eq!(bad.unwrap_err().kind(), OutboxErrorKind::Corrupt);
    assert_eq!(writes.stored().await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_panics_is_told_as_unknown_and_the_recorder_lives_on() {
    let writes = Writes::new(millis(1));
    let recorder = writes.recorder().start();
    let broken = recorder.record(route("one"), vec![with_json("b", "panic")]).await.unwrap_err();
    assert_eq!(broken.kind(), OutboxErrorKind::Unavailable);
    assert!(broken.to_string().contains("record them again"), "{broken}");
    assert_eq!(recorder.record(route("one"), events("a", 1)).await.unwrap().len(), 1);
    recorder.shutdown().await;
    assert_eq!(writes.sizes(), [1, 1]);
}
