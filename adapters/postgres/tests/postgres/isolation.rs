//! The second wall: what a statement sees that forgets to name the tenant.

use sociogram_capi::outbox::AddEvents;
use sociogram_oauth_core::TenantId;
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{
    AssetKind, AssetRepo, AuditActor, DataKeyId, DataKeyTable, KekId, Link, NewAsset, Retire, Retirement,
    TokenStore, Wrapped, WrappedDataKey,
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::{
    bench::{connection, migrated, store},
    fixtures::{OTHER, TENANT, connect, id, login, notes},
    outbox_bench::{of, purchases},
};

const TABLES: [&str; 9] =
    ["connection", "used_id", "secret", "asset", "audit", "event", "revocation", "data_key", "outbox"];

/// Puts at least one row of the tenant into every table.
async fn fill<S: TokenStore + AssetRepo + DataKeyTable + AddEvents>(store: &S, tenant: TenantId) {
    connect(store, tenant, 1).await;
    connect(store, tenant, 2).await;
    let asset = NewAsset::new(AssetKind::FacebookPage, tenant.to_string());
    store.link_assets(tenant, Link::new(id(1), vec![asset], AuditActor::Service)).await.unwrap();
    let retire = Retire::new(Retirement::Disconnected, notes()).keeping_for_revoke();
    store.retire(tenant, id(2), retire).await.unwrap();
    let wrapped = Wrapped::new(KekId::new("kek"), vec![1]);
    let key = WrappedDataKey::new(
        tenant,
        DataKeyId::new(1),
        1,
        wrapped,
        [7; 32],
        sociogram_api_core::Timestamp::UNIX_EPOCH,
    );
    store.insert_active_key(key, None).await.unwrap();
    store.add(&of(tenant), &purchases(0..2)).await.unwrap();
}

/// How many rows of a table there are for a statement without a condition.
async fn count(connection: &mut PgConnection, table: &str) -> i64 {
    // One column: of what waits to be revoked the app sees no more.
    let sql = format!("select count(tenant_id) from sociogram.{table}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}

async fn set_tenant(connection: &mut PgConnection, tenant: Option<TenantId>, is_local: bool) {
    sqlx::query("select set_config('sociogram.tenant', $1, $2)")
        .bind(tenant.map(|tenant| tenant.to_string()).unwrap_or_default())
        .bind(is_local)
        .execute(connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn without_a_tenant_there_are_no_rows() {
    require_postgres!();
    let database = migrated().await;
    fill(&store(&database).await, TENANT).await;
    let mut app = connection(&database.app_url()).await;
    let mut owner = connection(&database.owner_url()).await;
    // Events are not the app's to read.
    let readable: Vec<_> = TABLES.into_iter().filter(|table| *table != "event").collect();
    for table in &readable {
        assert_eq!(count(&mut app, table).await, 0, "{table}, never set");
        assert_eq!(count(&mut owner, table).await, 0, "{table}, for the owner");
    }
    // Once a transaction had set it, the setting reads as an empty text.
    let mut transaction = app.begin().await.unwrap();
    set_tenant(&mut transaction, Some(TENANT), true).await;
    for table in &readable {
        assert!(count(&mut transaction, table).await > 0, "{table} is empty");
    }
    transaction.commit().await.unwrap();
    for table in &readable {
        assert_eq!(count(&mut app, table).await, 0, "{table}, after a transaction");
    }
    set_tenant(&mut app, None, false).await;
    for table in &readable {
        assert_eq!(count(&mut app, table).await, 0, "{table}, empty");
    }
}

#[tokio::test]
async fn a_statement_that_forgets_the_tenant_sees_one_tenant() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    fill(&store, TENANT).await;
    let mut app = connection(&database.app_url()).await;
    let mut admin = connection(&database.admin_url()).await;
    for table in TABLES.into_iter().filter(|table| *table != "event") {
        set_tenant(&mut app, Some(OTHER), false).await;
        assert_eq!(count(&mut app, table).await, 0, "{table} under a foreign tenant");
    }
    fill(&store, OTHER).await;
    for table in TABLES.into_iter().filter(|table| *table != "event") {
        set_tenant(&mut app, Some(TENANT), false).await;
        let mine = count(&mut app, table).await;
        set_tenant(&mut app, Some(OTHER), false).await;
        let theirs = count(&mut app, table).await;
        assert!(mine > 0 && theirs > 0 && mine + theirs == count(&mut admin, table).await, "{table}");
    }
}

#[tokio::test]
async fn a_write_that_forgets_the_tenant_changes_one_tenant() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    fill(&store, TENANT).await;
    let before = store.read(TENANT, id(1)).await.unwrap();
    let mut app = connection(&database.app_url()).await;
    set_tenant(&mut app, Some(OTHER), false).await;
    for sql in [
        "update sociogram.connection set state = 'revoked'",
        "update sociogram.secret set access_ct = ''",
        "update sociogram.asset set name = 'mine'",
        "update sociogram.data_key set state = 'destroyed', wrapped = ''",
        "delete from sociogram.asset",
        "delete from sociogram.secret",
        "delete from sociogram.connection",
        "delete from sociogram.used_id",
        "update sociogram.outbox set state = 'sent', due_at = null, finished_at = now()",
    ] {
        assert_eq!(app.execute(sql).await.unwrap().rows_affected(), 0, "{sql}");
    }
    assert_eq!(store.read(TENANT, id(1)).await.unwrap(), before);
    assert!(store.active_key(TENANT).await.unwrap().is_some());
}

#[tokio::test]
async fn no_row_is_written_into_another_tenant() {
    require_postgres!();
    let database = migrated().await;
    fill(&store(&database).await, TENANT).await;
    let mut app = connection(&database.app_url()).await;
    set_tenant(&mut app, Some(OTHER), false).await;
    for sql in [
        "insert into sociogram.used_id values ($1, $1)",
        "insert into sociogram.secret values ($1, $1, '')",
        "insert into sociogram.audit (tenant_id, at, actor, action) values ($1, now(), 'service', 'revoked')",
        "insert into sociogram.event (id, tenant_id, connection_id, at, kind, visible_at)
            values ($1, $1, $1, now(), '{}', now())",
        "insert into sociogram.data_key values ($1, 9, 1, '', '', '', 'active', now(), 0)",
        "insert into sociogram.outbox (tenant_id, connection_id, platform, target, envelope, route, name, event_time,
            expires_at, added_at, due_at) values ($1, $1, 'meta', '', '}', 1, '', now(), now(), now(), now())",
    ] {
        let refused = sqlx::query(sql).bind(crate::bench::uuid(TENANT.as_bytes())).execute(&mut app).await;
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("violates row-level security policy"), "{sql}: {message}");
    }
    let moved =
        sqlx::query("update sociogram.asset set tenant_id = $1").bind(crate::bench::uuid(OTHER.as_bytes()));
    assert_eq!(moved.execute(&mut app).await.unwrap().rows_affected(), 0);
}

#[tokio::test]
async fn the_worker_without_a_tenant_sees_every_tenant_and_no_secret() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    for tenant in [TENANT, OTHER] {
        store.commit_success(tenant, id(1), login("u")).await.unwrap();
    }
    let mut worker = connection(&database.worker_url()).await;
    assert_eq!(count(&mut worker, "connection").await, 2);
    for tenant in [TENANT, OTHER] {
        store.add(&of(tenant), &purchases(0..2)).await.unwrap();
    }
    assert_eq!(count(&mut worker, "outbox").await, 4);
    let secret = worker.execute("select count(*) from sociogram.secret").await;
    assert!(secret.unwrap_err().to_string().contains("permission denied"), "the worker reads secrets");
}
