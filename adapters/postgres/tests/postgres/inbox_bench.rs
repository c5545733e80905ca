//! Inboxes, and events for them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sociogram_postgres::PostgresWorker;
use sociogram_test_postgres::{Cluster, Database};
use sociogram_token_vault::testing::store_contract::StoreControl as _;
use sociogram_webhook_verify::{
    Event,
    inbox::{EntryId, InboxStore, Recorded},
    testing::inbox_contract::{InboxBench, MemoryBench, async_trait},
};

use crate::bench::{Control, migrated, run, worker};

/// Of the contract: fifty run at once, over five ways.
const WAYS: usize = 6;

pub(crate) struct Bench {
    database: Arc<Database>,
    ways: Vec<PostgresWorker>,
    next: AtomicUsize,
    control: Control,
}

/// An event that no version can read.
const SPOIL: &str =
    "update sociogram.inbox set event = replace(event, '\"version\":1', '\"version\":99') where position = ";

#[async_trait]
impl InboxBench for Bench {
    fn store(&self) -> Arc<dyn InboxStore> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        Arc::new(self.ways[next % WAYS].clone())
    }

    async fn advance(&self, by: Duration) {
        self.control.advance(by).await;
    }

    async fn spoil(&self, id: EntryId) -> bool {
        run(&self.database.owner_url(), &format!("{SPOIL}{id}")).await;
        true
    }
}

/// Where there is no Postgres a clause is one of the store in memory: it cannot be left out.
pub(crate) enum Either {
    Postgres(Box<Bench>),
    Memory(MemoryBench),
}

#[async_trait]
impl InboxBench for Either {
    fn store(&self) -> Arc<dyn InboxStore> {
        match self {
            Self::Postgres(bench) => bench.store(),
            Self::Memory(bench) => bench.store(),
        }
    }

    async fn advance(&self, by: Duration) {
        match self {
            Self::Postgres(bench) => bench.advance(by).await,
            Self::Memory(bench) => bench.advance(by).await,
        }
    }

    async fn spoil(&self, id: EntryId) -> bool {
        match self {
            Self::Postgres(bench) => bench.spoil(id).await,
            Self::Memory(bench) => bench.spoil(id).await,
        }
    }
}

pub(crate) async fn open() -> Either {
    if !Cluster::available() {
        return Either::Memory(MemoryBench::new());
    }
    let database = migrated().await;
    let mut ways = Vec::new();
    for _ in 0..WAYS {
        ways.push(worker(&database).await);
    }
    let control = Control::of(&database).await;
    Either::Postgres(Box::new(Bench { database, ways, next: AtomicUsize::new(0), control }))
}

/// A lead of this Page. Its subject is its number.
pub(crate) fn lead(page: &str, number: u64) -> Event {
    event(page, number, &format!("{{\"leadgen_id\":\"{number}\",\"created_time\":1712000000}}"))
}

/// Something about a post, which is the subject: number and post make it another event.
pub(crate) fn about(post: &str, number: u64) -> Event {
    event("10", number, &format!("{{\"leadgen_id\":\"{post}\",\"created_time\":{}}}", 1_712_000_000 + number))
}

/// An event with the number as its key.
fn event(page: &str, number: u64, value: &str) -> Event {
    let text = format!(
        r#"{{"version":1,"provider":"meta","object":"page","account":"{page}","field":"leadgen",
            "sent_at":1712000000000,"key":"{number:064x}","strength":"exact",
            "raw":{{"field":"leadgen","value":{value}}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn new_id(recorded: Recorded) -> EntryId {
    match recorded {
        Recorded::New(id) => id,
        other => panic!("{other:?}"),
    }
}
