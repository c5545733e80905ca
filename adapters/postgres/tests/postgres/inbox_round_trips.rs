//! Every method of the inbox is one statement.

use std::time::Duration;

use sociogram_postgres::{PostgresStore, PostgresWorker};
use sociogram_test_postgres::require_postgres;
use sociogram_webhook_verify::inbox::{
    Claim, EntryFilter, InboxStore as _, Order, Outcome, RecordEvents as _, Replay, Retention, Settlement,
};

use crate::{bench::options, inbox_bench::lead, round_trips::Wire};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn every_method_of_the_inbox_is_one_statement() {
    require_postgres!();
    let (mut wire, database) = Wire::tapped().await;
    let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
    let worker = PostgresWorker::connect(store.clone(), &options(&database.worker_url())).await.unwrap();
    wire.new_lines();
    store.record(&[lead("10", 1)]).await.unwrap();
    wire.was_one("record of one");
    let many: Vec<_> = (0..100).map(|number| lead("10", number)).collect();
    store.record(&many).await.unwrap();
    wire.was_one("record of many");
    worker.record(&many).await.unwrap();
    wire.was_one("record of repeats by the worker");
    let claimed = worker.claim(&Claim::new(50, MINUTE)).await.unwrap();
    wire.was_one("claim");
    let ordered = worker.claim(&Claim::new(50, MINUTE).order(Order::PerSubject)).await.unwrap();
    wire.was_one("claim by subject");
    assert_eq!((claimed.len(), ordered.len()), (50, 50));
    assert_eq!(worker.claim(&Claim::new(50, MINUTE)).await.unwrap().len(), 0);
    wire.was_one("claim in vain");
    let tokens: Vec<_> = claimed.iter().map(|one| one.token).collect();
    worker.renew(&tokens, MINUTE).await.unwrap();
    wire.was_one("renew");
    let dead = Outcome::Dead { error: vec!["why".to_owned()] };
    let settlements: Vec<_> = tokens.iter().map(|token| Settlement::new(*token, dead.clone())).collect();
    worker.settle(&settlements).await.unwrap();
    wire.was_one("settle");
    worker.find(tokens[0].id()).await.unwrap();
    wire.was_one("find");
    worker.list(&EntryFilter::all().accounts(["10"]), None, 50).await.unwrap();
    wire.was_one("list");
    worker.replay(&Replay::failed(EntryFilter::all()).limit(9)).await.unwrap();
    wire.was_one("replay");
    worker.replay(&Replay::entries([tokens[0].id()])).await.unwrap();
    wire.was_one("replay of entries");
    worker.census().await.unwrap();
    wire.was_one("census");
    worker.trim(&Retention::default(), 9).await.unwrap();
    wire.was_one("trim");

    // Nothing asked is nothing sent.
    worker.record(&[]).await.unwrap();
    worker.renew(&[], MINUTE).await.unwrap();
    worker.settle(&[]).await.unwrap();
    assert_eq!(wire.new_lines(), [""; 0]);
}
