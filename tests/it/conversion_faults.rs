//! What becomes of conversion events when processes are killed while they send them, in front of a platform that
//! misbehaves: every accepted event has one fate, and none is sent twice on its own.

#![allow(clippy::disallowed_methods, reason = "real processes are waited for in real time")]
#![allow(clippy::print_stdout, reason = "the figures are what an operator would look at")]

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use sociogram_api_core::{Clock as _, SystemClock, Timer as _};
use sociogram_capi::outbox::{
    AddEvents, Added, Census, Entry, EntryFilter, EntryId, EntryState, Fate, OutboxEvent, OutboxStore,
    Replay, Route,
};
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE, require_postgres};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

mod sink;

use sink::{BAD, HELD, Sink};

const PATIENCE: Duration = Duration::from_secs(20);
const TENANTS: [TenantId; 2] = [TenantId::from_bytes([1; 16]), TenantId::from_bytes([2; 16])];

struct World {
    database: Database,
    worker: PostgresWorker,
    sink: Sink,
}

impl World {
    async fn new() -> Self {
        let migrate = |owner: String| async move {
            let setup = Setup::new(Schema::default(), Roles::new(APP_ROLE, WORKER_ROLE).unwrap());
            setup.migrate(&ConnectOptions::parse(&owner).unwrap()).await.unwrap();
        };
        let cluster = Cluster::shared().await;
        let template = cluster.template("sociogram", migrate).await;
        let database = cluster.database(&template).await;
        let options = |url: &str| ConnectOptions::parse(url).unwrap().connections(3);
        let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
        let worker = PostgresWorker::connect(store, &options(&database.worker_url())).await.unwrap();
        Self { database, worker, sink: Sink::start().await }
    }

    async fn process(&self, arguments: &[&str]) -> Process {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conversion-process"));
        command.args(["--database", &self.database.app_url(), "--worker", &self.database.worker_url()]);
        command.args(["--platform", &self.sink.url]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut process = Process { child, lines };
        process.says("ready").await;
        process
    }

    async fn census(&self) -> Census {
        OutboxStore::census(&self.worker).await.unwrap()
    }

    /// Until every event has its fate.
    async fn all_is_done(&self) -> Census {
        let clock = SystemClock::new();
        let began = clock.monotonic();
        loop {
            let census = self.census().await;
            if census.pending + census.claimed + census.sending == 0 {
                return census;
            }
            assert!(
                clock.monotonic().saturating_sub(began) < PATIENCE * 2,
                "events are left over: {census:?}"
            );
            clock.sleep(Duration::from_millis(100)).await;
        }
    }

    async fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for tenant in TENANTS {
            let mut after = None;
            loop {
                let page =
                    AddEvents::list(&self.worker, tenant, &EntryFilter::all(), after, 500).await.unwrap();
                entries.extend(page.entries);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        entries
    }
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    async fn says(&mut self, expected: &str) {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        assert_eq!(line.ok().and_then(Result::unwrap).as_deref(), Some(expected), "see its standard error");
    }

    /// With SIGKILL.
    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// To one of twelve datasets, of two tenants.
fn route(number: u32) -> Route {
    let tenant = TENANTS[number as usize % 2];
    Route::meta(tenant, ConnectionId::from_bytes([9; 16]), (1000 + number % 12).to_string())
}

/// Every forty-first is bad.
fn event(number: u32) -> OutboxEvent {
    let clock = SystemClock::new();
    let (id, now) = (format!("event-{number}"), clock.now());
    let name = if number.is_multiple_of(41) { BAD } else { "Purchase" };
    let json = json!({"event_name": name, "event_id": id, "event_time": now.as_unix_seconds()});
    OutboxEvent {
        name: name.to_owned(),
        event_id: Some(id),
        event_time: now,
        expires_at: now.saturating_add(Duration::from_secs(3600)),
        json: json.to_string().into(),
    }
}

/// Adds events until it is told to end: what was accepted, by id.
async fn feed(store: PostgresStore, ends: Arc<AtomicBool>, next: Arc<AtomicU32>) -> HashMap<EntryId, String> {
    let mut accepted = HashMap::new();
    while !ends.load(Ordering::Relaxed) {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        let events: Vec<_> = (turn * 25..(turn + 1) * 25).map(event).collect();
        let added = store.add(&route(turn), &events).await.unwrap();
        // Somebody tells everything twice.
        let again = store.add(&route(turn), &events).await.unwrap();
        for ((new, known), event) in added.iter().zip(again).zip(&events) {
            assert_eq!((Added::New(new.id()), Added::Duplicate(new.id())), (*new, known));
            accepted.insert(new.id(), event.event_id.clone().unwrap());
        }
        SystemClock::new().sleep(Duration::from_millis(30)).await;
    }
    accepted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_stage_no_event_is_lost_and_none_is_sent_twice() {
    require_postgres!();
    let world = World::new().await;
    let (ends, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let feeder = tokio::spawn(feed(world.worker.store().clone(), Arc::clone(&ends), next));

    let steady = world.process(&["--token", "steady", "--concurrency", "2"]).await;
    for stage in ["before-begin", "after-begin", "before-settle", "between-settles"] {
        let mut process = world.process(&["--token", "stopping", "--stop-at", stage]).await;
        process.says("stopped").await;
        process.kill().await;
    }
    let process = world.process(&["--token", HELD]).await;
    timeout(PATIENCE, world.sink.is_holding()).await.unwrap();
    process.kill().await;
    // Killed wherever it is.
    steady.kill().await;
    for pause in [150, 310, 470] {
        let process = world.process(&["--token", "short", "--concurrency", "4"]).await;
        SystemClock::new().sleep(Duration::from_millis(pause)).await;
        process.kill().await;
    }
    ends.store(true, Ordering::Relaxed);
    let accepted = feeder.await.unwrap();
    world.sink.get_well();

    let last = world.process(&["--token", "last", "--concurrency", "4"]).await;
    let census = world.all_is_done().await;
    check(&world, &accepted, census, 0).await;

    // A person decides to count some of them twice rather than not at all.
    let replayed = world.worker.replay(TENANTS[0], &Replay::in_doubt(EntryFilter::all())).await.unwrap();
    assert!(replayed.replayed > 0 && replayed.too_late == 0 && !replayed.more, "{replayed:?}");
    let census = world.all_is_done().await;
    check(&world, &accepted, census, replayed.replayed).await;
    last.kill().await;
    println!("{:?}", world.sink.faults());
}

async fn check(world: &World, accepted: &HashMap<EntryId, String>, census: Census, replayed: u64) {
    let entries = world.entries().await;
    let (sent, rejected, in_doubt) = (census.sent, census.rejected, census.in_doubt);
    println!("accepted = sent + rejected + in_doubt: {} = {sent} + {rejected} + {in_doubt}", accepted.len());
    assert_eq!(accepted.len() as u64, sent + rejected + in_doubt);
    assert_eq!(accepted.len(), entries.len());
    assert!(sent > 0 && rejected > 0 && (in_doubt > 0 || replayed > 0), "{census:?}");

    let mut doubts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &entries {
        if let Some(Fate::InDoubt { reason, .. }) = &entry.fate {
            *doubts.entry(reason).or_default() += 1;
        }
    }
    println!("in doubt: {doubts:?}");
    assert!(replayed > 0 || doubts.contains_key("process_died"), "nobody died while sending: {doubts:?}");

    let taken = world.sink.taken();
    let mut twice = 0;
    for entry in &entries {
        let id = &accepted[&entry.id];
        let times = taken.get(id).copied().unwrap_or(0);
        match entry.state {
            EntryState::Sent => assert!(times > 0, "{id} was told to be sent, and nobody took it"),
            EntryState::Rejected => {
                assert_eq!((times, &*entry.event.name), (0, BAD), "{id} was taken, or is not bad: {entry:?}");
            }
            state => assert_eq!(state, EntryState::InDoubt, "{id}"),
        }
        assert!(times <= 1 + entry.replays, "{id} was taken {times} times: {entry:?}");
        twice += u64::from(times > 1);
    }
    assert!(twice <= replayed);
    let known: HashSet<&str> = accepted.values().map(String::as_str).collect();
    assert!(
        taken.keys().all(|id| known.contains(id.as_str())),
        "something was taken that was never accepted"
    );
    for fault in
        ["throttled", "refused", "held", "too slow", "reset in the middle of the answer", "took a part"]
    {
        assert!(
            world.sink.faults().contains_key(fault),
            "the platform never {fault}: {:?}",
            world.sink.faults()
        );
    }
}
