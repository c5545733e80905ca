//! A log, a platform that writes down what it gets, and time that jumps.

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use sociogram_api_core::{Clock, ErrorKind, Timer, Timestamp};
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{
    Refusal, RequestBody, RequestOutcome, SendRequest,
    dispatch::{Dispatcher, DispatcherBuilder, RouteError, Routes},
    outbox::{
        AddEvents, Added, Census, Entry, EntryFilter, EntryState, Fate, MemoryOutbox, OutboxEvent,
        OutboxStore, Route,
    },
};

pub(super) const TENANT: TenantId = TenantId::from_bytes([1; 16]);

/// The paused time of the test's runtime.
#[derive(Clone, Copy, Debug)]
pub(super) struct VirtualClock(tokio::time::Instant);

#[allow(clippy::disallowed_methods, reason = "the time is the runtime's")]
impl VirtualClock {
    pub(super) const START: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

    pub(super) fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Self::START.saturating_add(self.monotonic())
    }
}

#[allow(clippy::disallowed_methods, reason = "the time is the runtime's")]
impl Timer for VirtualClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(super) const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

pub(super) const fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// What the platform does with a request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Takes it, says nothing of single events.
    Take,
    Answer(RequestOutcome),
    /// Takes it, and its answer is lost.
    TakeAndDoubt,
    /// Does nothing, and nobody knows.
    Doubt,
    Throttle(Option<Duration>),
    Fail(ErrorKind),
    /// Takes it, and never answers.
    Hang,
    Panic,
}

/// One request, as the platform saw it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) at: Duration,
    pub(super) ids: Vec<String>,
    pub(super) body: String,
}

type Script = Box<dyn FnMut(&[String], usize) -> Act + Send>;

/// A platform. Refuses what contains a bad event, and else does what its script says.
pub(super) struct Sink {
    clock: VirtualClock,
    script: Mutex<Script>,
    pub(super) bad: Mutex<Vec<String>>,
    pub(super) names_bad: bool,
    pub(super) takes: Duration,
    seen: Mutex<Vec<Seen>>,
    taken: Mutex<BTreeMap<String, usize>>,
    under_way: Mutex<(usize, usize)>,
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sink")
    }
}

impl Sink {
    pub(super) fn new(clock: VirtualClock) -> Self {
        Self {
            clock,
            script: Mutex::new(Box::new(|_, _| Act::Take)),
            bad: Mutex::default(),
            names_bad: false,
            takes: millis(200),
            seen: Mutex::default(),
            taken: Mutex::default(),
            under_way: Mutex::default(),
        }
    }

    /// Decides by the ids of the events and the number of the request, counted from 0.
    pub(super) fn script(&self, script: impl FnMut(&[String], usize) -> Act + Send + 'static) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    /// These acts, then takes everything.
    pub(super) fn acts(&self, acts: impl IntoIterator<Item = Act>) {
        let mut acts = acts.into_iter().collect::<Vec<_>>().into_iter();
        self.script(move |_, _| acts.next().unwrap_or(Act::Take));
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn sizes(&self) -> Vec<usize> {
        self.seen().iter().map(|seen| seen.ids.len()).collect()
    }

    /// How often it counted an event.
    pub(super) fn taken(&self, id: &str) -> usize {
        self.taken.lock().unwrap().get(id).copied().unwrap_or_default()
    }

    /// How often an event reached it.
    pub(super) fn arrivals(&self, id: &str) -> usize {
        self.seen().iter().filter(|seen| seen.ids.iter().any(|it| it == id)).count()
    }

    /// The most requests that were under way at the same time.
    pub(super) fn most_under_way(&self) -> usize {
        self.under_way.lock().unwrap().1
    }

    fn count(&self, ids: &[String]) {
        let mut taken = self.taken.lock().unwrap();
        for id in ids {
            *taken.entry(id.clone()).or_default() += 1;
        }
    }
}

/// The ids in the JSON of events that these tests write.
fn ids(body: &RequestBody) -> Vec<String> {
    body.events()
        .map(|json| {
            let event: serde_json::Value = serde_json::from_str(json).unwrap();
            event["n"].as_str().unwrap().to_owned()
        })
        .collect()
}

struct UnderWay<'a>(&'a Sink);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.lock().unwrap().0 -= 1;
    }
}

#[async_trait]
impl SendRequest for Sink {
    async fn send_request(&self, body: &RequestBody) -> RequestOutcome {
        let ids = ids(body);
        let seen = Seen { at: self.clock.monotonic(), ids: ids.clone(), body: body.to_json() };
        let number = {
            let mut all = self.seen.lock().unwrap();
            all.push(seen);
            all.len() - 1
        };
        {
            let mut under_way = self.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        let _under_way = UnderWay(self);
        self.clock.sleep(self.takes).await;
        let bad: Vec<usize> = {
            let bad = self.bad.lock().unwrap();
            ids.iter().enumerate().filter(|(_, id)| bad.contains(id)).map(|(place, _)| place).collect()
        };
        let act = (self.script.lock().unwrap())(&ids, number);
        let doubt = RequestOutcome::InDoubt {
            kind: ErrorKind::Server,
            reason: "server_error",
            trace: Some("T1".to_owned()),
        };
        match act {
            Act::Take if !bad.is_empty() => {
                let blamed = if self.names_bad { bad } else { Vec::new() };
                let refusal = Refusal { code: Some(100), reason: "bad".to_owned(), ..Refusal::default() };
                RequestOutcome::Refused { refusal, blamed }
            }
            Act::Take => {
                self.count(&ids);
                self.clock.sleep(self.takes).await;
                taken(None)
            }
            Act::Answer(outcome) => outcome,
            Act::TakeAndDoubt => {
                self.count(&ids);
                doubt
            }
            Act::Doubt => doubt,
            Act::Throttle(retry_after) => {
                let reason = "slow down".to_owned();
                RequestOutcome::NotProcessed { kind: ErrorKind::Throttled, retry_after, reason }
            }
            Act::Fail(kind) => {
                RequestOutcome::NotProcessed { kind, retry_after: None, reason: "no".to_owned() }
            }
            Act::Hang => {
                self.count(&ids);
                std::future::pending().await
            }
            Act::Panic => panic!("the sender broke"),
        }
    }
}

pub(super) fn taken(received: Option<u64>) -> RequestOutcome {
    let trace = Some("T0".to_owned());
    RequestOutcome::Taken { received, refused: Vec::new(), unknown: Vec::new(), trace, messages: Vec::new() }
}

/// Who sends for which dataset.
#[derive(Debug, Default)]
pub(super) struct Table {
    sinks: Mutex<HashMap<String, Arc<Sink>>>,
    errors: Mutex<HashMap<String, RouteError>>,
    pub(super) asked: Mutex<Vec<String>>,
}

impl Table {
    pub(super) fn fail(&self, target: &str, error: Option<RouteError>) {
        let mut errors = self.errors.lock().unwrap();
        match error {
            Some(error) => errors.insert(target.to_owned(), error),
            None => errors.remove(target),
        };
    }
}

#[async_trait]
impl Routes for Table {
    async fn sender(&self, route: &Route) -> Result<Arc<dyn SendRequest>, RouteError> {
        self.asked.lock().unwrap().push(route.target.clone());
        if let Some(error) = self.errors.lock().unwrap().get(&route.target) {
            return Err(error.clone());
        }
        Ok(Arc::clone(&self.sinks.lock().unwrap()[&route.target]) as Arc<dyn SendRequest>)
    }
}

/// A log with two datasets, `one` and `two`.
pub(super) struct World {
    pub(super) clock: VirtualClock,
    pub(super) log: Arc<MemoryOutbox>,
    pub(super) table: Arc<Table>,
    pub(super) one: Arc<Sink>,
    pub(super) two: Arc<Sink>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With another dataset `one`.
    pub(super) fn with(change: impl Fn(&mut Sink)) -> Self {
        let clock = VirtualClock::new();
        let log = Arc::new(MemoryOutbox::with_timer(Arc::new(clock)));
        let (mut one, two) = (Sink::new(clock), Arc::new(Sink::new(clock)));
        change(&mut one);
        let one = Arc::new(one);
        let table = Arc::new(Table::default());
        let sinks = [("one", &one), ("two", &two)];
        table.sinks.lock().unwrap().extend(sinks.map(|(name, sink)| (name.to_owned(), Arc::clone(sink))));
        Self { clock, log, table, one, two }
    }

    /// Always waits the whole back-off.
    pub(super) fn builder_over(&self, store: Arc<dyn OutboxStore>) -> DispatcherBuilder {
        Dispatcher::builder(store, self.table.clone()).timer(Arc::new(self.clock)).jitter(|most| most)
    }

    pub(super) fn builder(&self) -> DispatcherBuilder {
        self.builder_over(self.log.clone())
    }

    pub(super) fn dispatcher(&self) -> Dispatcher {
        self.builder().build().unwrap()
    }

    /// Runs a dispatcher for so long.
    pub(super) async fn run(&self, dispatcher: &Dispatcher, time: Duration) {
        dispatcher.run(self.clock.sleep(time)).await;
    }

    pub(super) async fn add(&self, target: &str, events: &[OutboxEvent]) -> Vec<Added> {
        self.log.add(&route(target), events).await.unwrap()
    }

    /// Adds events `{prefix}0`, `{prefix}1`, …
    pub(super) async fn add_many(&self, target: &str, prefix: &str, count: usize) {
        let events: Vec<OutboxEvent> = (0..count).map(|number| event(&format!("{prefix}{number}"))).collect();
        self.add(target, &events).await;
    }

    pub(super) async fn census(&self) -> Census {
        self.log.census().await.unwrap()
    }

    /// All events, those added first first.
    pub(super) async fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut after = None;
        loop {
            let page = self.log.list(TENANT, &EntryFilter::all(), after, 500).await.unwrap();
            entries.extend(page.entries);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        entries.reverse();
        entries
    }

    pub(super) async fn entry(&self, id: &str) -> Entry {
        let entries = self.entries().await;
        entries.into_iter().find(|entry| number(entry) == id).unwrap()
    }

    pub(super) async fn state(&self, id: &str) -> EntryState {
        self.entry(id).await.state
    }

    pub(super) async fn fate(&self, id: &str) -> Fate {
        self.entry(id).await.fate.unwrap()
    }

    /// Nothing the log says is false: what it calls sent was counted once, what it calls refused or waiting was not,
    /// and nothing reached the platform's count twice.
    pub(super) async fn assert_true(&self, told: &str) {
        for entry in self.entries().await {
            let id = number(&entry);
            let counted = self.one.taken(&id) + self.two.taken(&id);
            match entry.state {
                EntryState::Sent => assert_eq!(counted, 1, "{told}: {id} is sent"),
                EntryState::Pending | EntryState::Claimed | EntryState::Rejected => {
                    assert_eq!(counted, 0, "{told}: {id} is {}", entry.state);
                }
                EntryState::Sending | EntryState::InDoubt => assert!(counted <= 1, "{told}: {id}"),
            }
        }
    }
}

pub(super) fn number(entry: &Entry) -> String {
    let event: serde_json::Value = serde_json::from_str(&entry.event.json).unwrap();
    event["n"].as_str().unwrap().to_owned()
}

pub(super) fn route(target: &str) -> Route {
    Route::meta(TENANT, ConnectionId::from_bytes([9; 16]), target)
}

pub(super) fn event(id: &str) -> OutboxEvent {
    let event_time = VirtualClock::START;
    OutboxEvent {
        name: "Lead".to_owned(),
        event_id: Some(id.to_owned()),
        event_time,
        expires_at: event_time.saturating_add(seconds(7 * 24 * 3600)),
        json: format!(r#"{{"n":"{id}"}}"#).into(),
    }
}

impl World {
    pub(super) async fn pass(&self, time: Duration) {
        self.clock.sleep(time).await;
    }
}
