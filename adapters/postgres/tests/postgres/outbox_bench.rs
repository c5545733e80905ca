//! Outboxes, and events for them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sociogram_api_core::Timestamp;
use sociogram_capi::{
    outbox::{Added, EntryId, OutboxEvent, OutboxStore, Route},
    testing::outbox_contract::{MemoryBench, OutboxBench, async_trait},
};
use sociogram_oauth_core::TenantId;
use sociogram_postgres::PostgresWorker;
use sociogram_test_postgres::Cluster;
use sociogram_token_vault::testing::store_contract::StoreControl as _;

use crate::{
    bench::{Control, migrated, worker},
    fixtures::{TENANT, id},
};

/// Of the contract: fifty run at once, over five ways.
const WAYS: usize = 6;

pub(crate) struct Bench {
    ways: Vec<PostgresWorker>,
    next: AtomicUsize,
    control: Control,
}

#[async_trait]
impl OutboxBench for Bench {
    fn store(&self) -> Arc<dyn OutboxStore> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        Arc::new(self.ways[next % WAYS].clone())
    }

    async fn advance(&self, by: Duration) {
        self.control.advance(by).await;
    }
}

/// Where there is no Postgres a clause is one of the store in memory: it cannot be left out.
pub(crate) enum Either {
    Postgres(Box<Bench>),
    Memory(MemoryBench),
}

#[async_trait]
impl OutboxBench for Either {
    fn store(&self) -> Arc<dyn OutboxStore> {
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
    Either::Postgres(Box::new(Bench { ways, next: AtomicUsize::new(0), control }))
}

/// To a dataset of this tenant.
pub(crate) fn of(tenant: TenantId) -> Route {
    Route::meta(tenant, id(1), "1234567890")
}

pub(crate) fn route() -> Route {
    of(TENANT)
}

/// One with an event id of its own.
pub(crate) fn purchase(number: u32) -> OutboxEvent {
    OutboxEvent {
        name: "Purchase".to_owned(),
        event_id: Some(format!("order-{number}")),
        event_time: Timestamp::from_unix_seconds(1_767_225_000),
        expires_at: Timestamp::from_unix_seconds(4_102_444_800),
        json: format!(r#"{{"event_name":"Purchase","event_id":"order-{number}"}}"#).into(),
    }
}

pub(crate) fn purchases(numbers: impl IntoIterator<Item = u32>) -> Vec<OutboxEvent> {
    numbers.into_iter().map(purchase).collect()
}

pub(crate) fn new_id(added: Added) -> EntryId {
    match added {
        Added::New(id) => id,
        other => panic!("{other:?}"),
    }
}
