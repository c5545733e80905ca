//! Every method of the outbox is one statement.

use std::time::Duration;

use sociogram_capi::outbox::{
    AddEvents as _, Claim, EntryFilter, Fate, OutboxStore as _, Outcome, Replay, Retention, Settlement,
};
use sociogram_postgres::{PostgresStore, PostgresWorker};
use sociogram_test_postgres::require_postgres;

use crate::{
    bench::options,
    fixtures::TENANT,
    outbox_bench::{purchase, purchases, route},
    round_trips::Wire,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn every_method_of_the_outbox_is_one_statement() {
    require_postgres!();
    let (mut wire, database) = Wire::tapped().await;
    let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
    let worker = PostgresWorker::connect(store.clone(), &options(&database.worker_url())).await.unwrap();
    wire.new_lines();
    store.add(&route(), &[purchase(1)]).await.unwrap();
    wire.was_one("add of one");
    store.add(&route(), &purchases(0..100)).await.unwrap();
    wire.was_one("add of many, one of them known");
    worker.add(&route(), &purchases(0..100)).await.unwrap();
    wire.was_one("add of repeats by the worker");
    let batch = worker.claim(&Claim::new(50, MINUTE)).await.unwrap().unwrap();
    wire.was_one("claim");
    let rest = worker.claim(&Claim::new(1000, MINUTE)).await.unwrap().unwrap();
    wire.was_one("claim of the rest");
    assert_eq!((batch.events.len(), rest.events.len()), (50, 50));
    assert!(worker.claim(&Claim::new(50, MINUTE)).await.unwrap().is_none());
    wire.was_one("claim in vain");
    let tokens: Vec<_> = batch.events.iter().map(|one| one.token).collect();
    worker.begin(&tokens, MINUTE).await.unwrap();
    wire.was_one("begin");
    worker.renew(&tokens, MINUTE).await.unwrap();
    wire.was_one("renew");
    let fate = Outcome::Finished(Fate::InDoubt { reason: "timeout".to_owned(), trace: None });
    let settlements: Vec<_> = tokens.iter().map(|token| Settlement::new(*token, fate.clone())).collect();
    worker.settle(&settlements).await.unwrap();
    wire.was_one("settle");
    store.find(TENANT, tokens[0].id()).await.unwrap();
    wire.was_one("find");
    let filter = EntryFilter::all().event_id("order-7");
    assert_eq!(store.list(TENANT, &filter, None, 50).await.unwrap().entries.len(), 1);
    wire.was_one("list");
    store.replay(TENANT, &Replay::in_doubt(EntryFilter::all()).limit(9)).await.unwrap();
    wire.was_one("replay");
    store.replay(TENANT, &Replay::entries([tokens[0].id()])).await.unwrap();
    wire.was_one("replay of entries");
    store.tenant_census(TENANT).await.unwrap();
    wire.was_one("census of a tenant");
    worker.census().await.unwrap();
    wire.was_one("census");
    worker.trim(&Retention::default(), 9).await.unwrap();
    wire.was_one("trim");

    // Nothing asked is nothing sent.
    worker.add(&route(), &[]).await.unwrap();
    worker.begin(&[], MINUTE).await.unwrap();
    worker.renew(&[], MINUTE).await.unwrap();
    worker.settle(&[]).await.unwrap();
    assert_eq!(wire.new_lines(), [""; 0]);
}
