//! What is told at once, and what is not.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{SystemClock, Timer as _, Timestamp};
use sociogram_oauth_core::ReauthReason;
use sociogram_postgres::{Heard, Listener};
use sociogram_test_postgres::{CutProxy, Database, require_postgres};
use sociogram_token_vault::{
    Amendment, AuditActor, Claim, ConnectionRepo as _, ConnectionState, CrossTenant as _, DataKeyId,
    DataKeyTable as _, Details, Failure, FailureClass, Generation, KekId, LeaseOwner, Retire, Retirement,
    TokenStore as _, Version, Wrapped, WrappedDataKey,
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};

use crate::{
    bench::{connection, migrated, options, store, worker},
    fixtures::{OTHER, TENANT, account, commit, connect, id, no_notes, renewal, stored},
};

struct Ear {
    heard: UnboundedReceiver<Heard>,
    task: JoinHandle<()>,
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Ear {
    /// Listens, and returns once it does.
    async fn at(url: &str) -> Self {
        let (sender, heard) = unbounded_channel();
        let listener = Listener::new(options(url));
        let task = tokio::spawn(async move {
            listener.run(|what| sender.send(what).unwrap_or_default()).await;
        });
        let mut ear = Self { heard, task };
        assert_eq!(ear.next().await, Heard::Listening);
        ear
    }

    async fn next(&mut self) -> Heard {
        let late = SystemClock::new().sleep(Duration::from_secs(20));
        tokio::select! {
            what = self.heard.recv() => what.unwrap(),
            () = late => panic!("nothing was heard"),
        }
    }

    /// What was told until now: what comes before a word of our own.
    async fn so_far(&mut self, database: &Database) -> Vec<Heard> {
        let end = sociogram_oauth_core::TenantId::from_bytes([0xEE; 16]);
        sqlx::query("select pg_notify('sociogram', $1)")
            .bind(end.to_string())
            .execute(&mut connection(&database.owner_url()).await)
            .await
            .unwrap();
        let mut all = Vec::new();
        loop {
            match self.next().await {
                Heard::Tenant(tenant) if tenant == end => return all,
                what => all.push(what),
            }
        }
    }
}

#[tokio::test]
async fn what_forbids_the_use_of_a_token_is_told_at_once() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    for number in 1..=7 {
        connect(&store, TENANT, number).await;
    }
    let mut ear = Ear::at(&database.app_url()).await;
    let told = |number| vec![Heard::Connection { tenant: TENANT, connection: id(number) }];

    let dead = ConnectionState::NeedsReauth(ReauthReason::GrantRevoked);
    let row = stored(&store, TENANT, 1).await;
    let failure = Failure::of(&row, FailureClass::Terminal(ReauthReason::GrantRevoked), no_notes());
    store.commit_failure(TENANT, id(1), failure.with_state(dead)).await.unwrap();
    assert_eq!(ear.so_far(&database).await, told(1), "a failure that needs a login");
    for (number, state) in [(2, dead), (3, ConnectionState::Revoked), (4, ConnectionState::Disconnected)] {
        let row = stored(&store, TENANT, number).await;
        store.amend(TENANT, id(number), Amendment::of(&row, no_notes()).with_state(state)).await.unwrap();
        assert_eq!(ear.so_far(&database).await, told(number), "{state}");
    }
    store.retire(TENANT, id(5), Retire::new(Retirement::Revoked, no_notes())).await.unwrap();
    assert_eq!(ear.so_far(&database).await, told(5), "an end");
    worker.erase_account(&account("6"), AuditActor::Provider).await.unwrap();
    assert_eq!(ear.so_far(&database).await, told(6), "erasing");

    for tenant in [TENANT, OTHER] {
        let wrapped = Wrapped::new(KekId::new("kek"), vec![1]);
        let key = WrappedDataKey::new(tenant, DataKeyId::new(1), 1, wrapped, [7; 32], Timestamp::UNIX_EPOCH);
        store.insert_active_key(key, None).await.unwrap();
    }
    store.destroy_keys(OTHER).await.unwrap();
    assert_eq!(ear.so_far(&database).await, [Heard::Tenant(OTHER)], "keys that were destroyed");
    worker.erase_tenant(TENANT, AuditActor::Service).await.unwrap();
    assert!(ear.so_far(&database).await.contains(&Heard::Tenant(TENANT)), "a tenant that was erased");
}

#[tokio::test]
async fn what_harms_nobody_is_not_told() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    for number in 1..=3 {
        connect(&store, TENANT, number).await;
    }
    let dead = ConnectionState::NeedsReauth(ReauthReason::GrantRevoked);
    let row = stored(&store, TENANT, 3).await;
    store.amend(TENANT, id(3), Amendment::of(&row, no_notes()).with_state(dead)).await.unwrap();

    let mut ear = Ear::at(&database.app_url()).await;
    connect(&store, TENANT, 4).await;
    let claim = Claim::new(LeaseOwner::from_bytes([1; 16]), Generation::new(1), Duration::from_secs(60));
    store.claim(TENANT, id(1), claim).await.unwrap();
    commit(&store, TENANT, 1, renewal(1, 2)).await;
    let row = stored(&store, TENANT, 2).await;
    let failing =
        Failure::of(&row, FailureClass::Transient, no_notes()).with_state(ConnectionState::RefreshFailing);
    store.commit_failure(TENANT, id(2), failing).await.unwrap();
    store.update(TENANT, id(2), Version::new(1), Details::new(), no_notes()).await.unwrap();
    // It needs a login since a while: that is no news.
    SystemClock::new().sleep(Duration::from_millis(5)).await;
    let row = stored(&store, TENANT, 3).await;
    store.amend(TENANT, id(3), Amendment::of(&row, no_notes())).await.unwrap();
    assert_eq!(ear.so_far(&database).await, []);
}

#[tokio::test]
async fn a_lost_connection_is_told_and_made_again() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let mut ear = Ear::at(proxy.url()).await;
    proxy.cut().await;
    assert_eq!(ear.next().await, Heard::Lost);
    store.retire(TENANT, id(1), Retire::new(Retirement::Disconnected, no_notes())).await.unwrap();
    proxy.restore().await;
    assert_eq!(ear.next().await, Heard::Listening, "what was missed must be forgotten as a whole");
    connect(&store, TENANT, 2).await;
    store.retire(TENANT, id(2), Retire::new(Retirement::Disconnected, no_notes())).await.unwrap();
    assert_eq!(ear.next().await, Heard::Connection { tenant: TENANT, connection: id(2) });
    let _: Arc<Database> = database;
}
