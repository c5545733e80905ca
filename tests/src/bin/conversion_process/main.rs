//! A process that sends conversion events from a log in Postgres to a platform that a test plays, and stops dead at a
//! stage that it is told.

#![allow(clippy::print_stderr, reason = "a test reads what goes wrong")]

mod settings;
mod stopping_store;

use std::{
    error::Error,
    io::{Write, stdout},
    sync::Arc,
    time::Duration,
};

use sociogram_api_core::http::BaseUrl;
use sociogram_capi::{
    ConversionsClient, SendRequest,
    dispatch::{Dispatcher, RouteError, Routes},
    outbox::Route,
};
use sociogram_meta_graph::Client;
use sociogram_postgres::{ConnectOptions, PostgresStore, PostgresWorker};

use settings::Settings;
use stopping_store::StoppingStore;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    let settings = Settings::from_arguments(std::env::args().skip(1))?;
    let app = ConnectOptions::parse(&settings.database)?.connections(2);
    let store = PostgresStore::connect(&app).await?;
    let across = ConnectOptions::parse(&settings.worker)?.connections(4);
    let worker = PostgresWorker::connect(store, &across).await?;
    let client = Client::builder()
        .access_token(settings.token.clone())
        .base_url(BaseUrl::parse(&settings.platform)?)
        .build()?;
    let dispatcher = Dispatcher::builder(
        Arc::new(StoppingStore::new(worker, settings.stop_at)),
        Arc::new(Datasets { client }),
    )
    .concurrency(settings.concurrency)
    .batch_events(60)
    .lease(Duration::from_secs(3))
    .poll(Duration::from_millis(50))
    .back_off(Duration::from_millis(50), Duration::from_millis(400))
    .wait_for_person(Duration::from_millis(400))
    .answer_within(Duration::from_secs(2))
    .build()?;
    say("ready")?;
    // Until it is killed.
    dispatcher.run(std::future::pending()).await;
    Ok(())
}

/// Tells the test.
fn say(line: &str) -> Fallible<()> {
    let mut stdout = stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

/// Every dataset, with one token.
#[derive(Debug)]
struct Datasets {
    client: Client,
}

#[sociogram_token_vault::async_trait]
impl Routes for Datasets {
    async fn sender(&self, route: &Route) -> Result<Arc<dyn SendRequest>, RouteError> {
        let dataset = route.target.parse().map_err(|_| RouteError::NoConnection)?;
        Ok(Arc::new(ConversionsClient::new(self.client.clone(), dataset)))
    }
}
