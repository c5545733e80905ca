//! Two servers on one database.

use std::{sync::Arc, time::Duration};

use http::Method;
use sociogram::{
    api_core::{Secret, SystemClock, Timer as _},
    oauth_core::ConnectionId,
    token_vault::{KeyProvider, LocalKeys},
};
use sociogram_postgres::{ConnectOptions, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, WORKER_ROLE, require_postgres};

use super::driver::Bench;
use crate::{Config, config::Database, records};

/// Less than for how long a token is used from memory without looking at the database.
const PATIENCE: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(25);

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_at_one_server_is_heard_by_the_others() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let roles = Roles::new(APP_ROLE, WORKER_ROLE).unwrap();
    let setup = Setup::new(Schema::default(), roles.clone());
    setup.migrate(&ConnectOptions::parse(&database.owner_url()).unwrap()).await.unwrap();
    records::migrate(&Secret::new(database.owner_url()), &Schema::default(), &roles).await.unwrap();
    let keys: Arc<dyn KeyProvider> = Arc::new(LocalKeys::generate().unwrap());
    let config = Config {
        encryption_key: Some(keys),
        database: Some(Database::parse(&database.app_url(), None).unwrap()),
        ..Config::sandboxed()
    };
    let (mut one, other) = (Bench::with(config.clone()).await, Bench::with(config).await);
    one.browser.log_in("linkedin", "allow").await.unwrap();
    let id = one.connection("linkedin").await;
    assert_eq!(other.connection("linkedin").await, id);
    let app = other.server.app();
    let connection: ConnectionId = id.parse().unwrap();
    let timer = SystemClock::new();
    // Once it listens it looks at everything in memory: what is resolved after that stays until something is heard.
    timer.sleep(Duration::from_secs(1)).await;
    app.vault.resolve(app.tenant(), connection).await.unwrap();
    assert_eq!(app.vault.cached_len(), 1);

    let begun = timer.monotonic();
    let gone = one.request(Method::DELETE, &format!("/api/connections/{id}"));
    assert_eq!(one.send(gone).await.status, 204);
    while app.vault.cached_len() > 0 {
        assert!(timer.monotonic().saturating_sub(begun) < PATIENCE, "nothing was heard");
        timer.sleep(PAUSE).await;
    }
    assert!(app.vault.resolve(app.tenant(), connection).await.is_err());
}
