//! Making the schema.

use std::{collections::BTreeSet, time::Duration};

use sociogram_api_core::{ErrorKind, Secret};
use sociogram_capi::outbox::{AddEvents as _, OutboxStore};
use sociogram_postgres::{PostgresStore, PostgresWorker, Roles, Schema, Setup, setup_dev};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE, require_postgres};
use sociogram_token_vault::{AuditLog as _, AuditQuery, TokenStore as _};
use sociogram_webhook_verify::inbox::{Claim, InboxStore, RecordEvents as _};
use sqlx::{Executor as _, Row as _};
use tokio::task::JoinSet;

use crate::{
    bench::{connection, migrated, options, roles, run, setup, store},
    fixtures::{TENANT, connect, id, renewal, stored},
    inbox_bench::lead,
    outbox_bench::{purchase, route},
};

/// Everything there is in a schema, and who may do what with it.
async fn catalog(database: &Database, schema: &str) -> BTreeSet<String> {
    let sql = "
        select concat_ws(' ', 'table', c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
            c.reloptions::text, pg_get_userbyid(c.relowner))
        from pg_class c where c.relnamespace = $1::regnamespace
        union all
        select concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attstorage, a.attacl::text, a.attcollation::regcollation)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = $1::regnamespace and a.attnum > 0
        union all
        select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid)) from pg_index i join pg_class c on c.oid = i.indrelid
        where c.relnamespace = $1::regnamespace
        union all
        select concat_ws(' ', 'constraint', k.conrelid::regclass, pg_get_constraintdef(k.oid))
        from pg_constraint k where k.connamespace = $1::regnamespace
        union all
        select concat_ws(' ', 'policy', p.tablename, p.policyname, p.roles::text, p.cmd, p.qual, p.with_check)
        from pg_policies p where p.schemaname = $1
        union all
        select concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proacl::text)
        from pg_proc p where p.pronamespace = $1::regnamespace
        union all
        select concat_ws(' ', 'schema', n.nspacl::text) from pg_namespace n where n.nspname = $1";
    let rows: Vec<String> = sqlx::query_scalar(sql)
        .bind(schema)
        .fetch_all(&mut connection(&database.owner_url()).await)
        .await
        .unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = options(&database.owner_url());
    assert_eq!(setup().migrate(&owner).await.unwrap(), 3);
    let before = catalog(&database, "sociogram").await;
    assert!(before.len() > 150, "{before:#?}");
    for _ in 0..2 {
        assert_eq!(setup().migrate(&owner).await.unwrap(), 0);
    }
    assert_eq!(catalog(&database, "sociogram").await, before);
}

#[tokio::test]
async fn of_many_at_once_one_takes_the_steps() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let owner = options(&database.owner_url());
        tasks.spawn(async move { setup().migrate(&owner).await.unwrap() });
    }
    let mut taken = tasks.join_all().await;
    taken.sort_unstable();
    assert_eq!(taken, [0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    PostgresStore::connect(&options(&database.app_url())).await.unwrap();
}

#[tokio::test]
async fn the_script_makes_the_same_schema() {
    require_postgres!();
    let cluster = Cluster::shared().await;
    let (by_migrate, by_script, by_steps) =
        (cluster.empty_database().await, cluster.empty_database().await, cluster.empty_database().await);
    setup().migrate(&options(&by_migrate.owner_url())).await.unwrap();
    run(&by_script.owner_url(), &setup().script()).await;
    for (_, step) in setup().steps() {
        run(&by_steps.owner_url(), &step).await;
    }
    run(&by_steps.owner_url(), &setup().grants()).await;
    let expected = catalog(&by_migrate, "sociogram").await;
    assert_eq!(catalog(&by_script, "sociogram").await, expected);
    assert_eq!(catalog(&by_steps, "sociogram").await, expected);
    assert_eq!(setup().migrate(&options(&by_script.owner_url())).await.unwrap(), 0, "it keeps the books too");
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = options(&database.owner_url());
    let nobody = Setup::new(Schema::default(), Roles::new(APP_ROLE, "no_such-role").unwrap());
    let error = nobody.migrate(&owner).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().contains("no role no_such-role"), "{error}");
    assert!(error.statements().unwrap().contains("create role \"no_such-role\" login"));

    // Something of that name is in the way of the last file.
    let in_the_way = "create schema sociogram;
        create function sociogram.worker_erase_tenant(p_tenant uuid, p_actor text) returns bigint
            language sql as 'select 1::bigint'";
    run(&database.owner_url(), in_the_way).await;
    assert!(setup().migrate(&owner).await.is_err());
    let left = catalog(&database, "sociogram").await;
    assert_eq!(left.iter().filter(|one| one.starts_with("table")).count(), 0, "{left:#?}");
}

#[tokio::test]
async fn a_database_of_version_1_keeps_its_rows_and_its_running_programs() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = options(&database.owner_url());
    let (_, first) = setup().steps().next().unwrap();
    run(&database.owner_url(), &(first + include_str!("grants_v1.sql"))).await;
    // A program of version 1 that runs on: its statement is prepared before the change.
    let mut running = connection(&database.app_url()).await;
    let write = format!(
        "select sociogram.append_audit('{TENANT}', null, '{{\"actor\":\"service\",\"audit\":[{{\"action\":\"token_read\"}}],\"events\":[]}}')"
    );
    let mut write_entry = async || {
        sqlx::query(sqlx::AssertSqlSafe(write.clone())).execute(&mut running).await.unwrap();
    };
    write_entry().await;
    let error = PostgresStore::connect(&options(&database.app_url())).await.unwrap_err();
    assert!(error.to_string().contains("has version 1 and this program needs 3; run migrate"), "{error}");

    assert_eq!(setup().migrate(&owner).await.unwrap(), 2);
    write_entry().await;
    let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
    assert_eq!(store.query(TENANT, AuditQuery::latest(9)).await.unwrap().records.len(), 2);
    let worker = PostgresWorker::connect(store.clone(), &options(&database.worker_url())).await.unwrap();
    store.record(&[lead("10", 1)]).await.unwrap();
    let claim = Claim::new(9, Duration::from_secs(60));
    assert_eq!(InboxStore::claim(&worker, &claim).await.unwrap().len(), 1);

    // One that starts now: what it asks of the schema is what its check asks, and its rights are still there.
    let mut app = connection(&database.app_url()).await;
    app.execute(sqlx::raw_sql(
        "begin; select set_config('sociogram.tenant', gen_random_uuid()::text, true);
        select sociogram.find_connection(gen_random_uuid(), gen_random_uuid()); commit",
    ))
    .await
    .unwrap();
}

#[tokio::test]
async fn a_database_of_version_2_keeps_its_rows_and_its_running_programs() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let owner = options(&database.owner_url());
    let first: String = setup().steps().take(2).map(|(_, step)| step).collect();
    run(&database.owner_url(), &(first + include_str!("grants_v2.sql"))).await;
    // A program of version 2 that runs on: its statement is prepared before the change.
    let mut running = connection(&database.app_url()).await;
    let mut record = async |key: &str| {
        let sql = "select count(*) from sociogram.record_inbox(
            array[sha256($1)], '{exact}', '{meta}', '{page}', '{10}', '{null}', '{feed}', '{page_feed}', '{x}', '{null}'
        )";
        let recorded: i64 =
            sqlx::query_scalar(sql).bind(key.as_bytes()).fetch_one(&mut running).await.unwrap();
        assert_eq!(recorded, 1);
    };
    record("one").await;
    let error = PostgresStore::connect(&options(&database.app_url())).await.unwrap_err();
    assert!(error.to_string().contains("has version 2 and this program needs 3; run migrate"), "{error}");

    assert_eq!(setup().migrate(&owner).await.unwrap(), 1);
    record("two").await;
    let store = PostgresStore::connect(&options(&database.app_url())).await.unwrap();
    let worker = PostgresWorker::connect(store.clone(), &options(&database.worker_url())).await.unwrap();
    assert_eq!(InboxStore::census(&worker).await.unwrap().pending, 2);
    store.add(&route(), &[purchase(1)]).await.unwrap();
    let claim = sociogram_capi::outbox::Claim::new(9, Duration::from_secs(60));
    assert!(OutboxStore::claim(&worker, &claim).await.unwrap().is_some());

    // One of version 2 that starts now, on either login: what its check asks.
    for (url, may) in [(database.app_url(), [true, false]), (database.worker_url(), [false, true])] {
        let row = sqlx::query(include_str!("check_v2.sql"))
            .bind("sociogram")
            .fetch_one(&mut connection(&url).await)
            .await
            .unwrap();
        let told: Vec<bool> = ["is_secured", "may_enter", "may_serve", "may_look_across", "is_owner"]
            .map(|column| row.get(column))
            .into();
        assert_eq!(told, [true, true, may[0], may[1], false]);
    }
}

#[tokio::test]
async fn two_schemas_know_nothing_of_each_other() {
    require_postgres!();
    let database = Cluster::shared().await.empty_database().await;
    let mut stores = Vec::new();
    for name in ["one", "two"] {
        let schema = Schema::new(name).unwrap();
        Setup::new(schema.clone(), roles()).migrate(&options(&database.owner_url())).await.unwrap();
        stores.push(PostgresStore::connect(&options(&database.app_url()).schema(schema)).await.unwrap());
    }
    connect(&stores[0], TENANT, 1).await;
    assert!(stores[0].read(TENANT, id(1)).await.unwrap().is_some());
    assert!(stores[1].read(TENANT, id(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_running_program_survives_the_columns_of_the_next_version() {
    require_postgres!();
    let database = migrated().await;
    // One connection: its statements are prepared before the change.
    let one = options(&database.app_url()).connections(1);
    let store = PostgresStore::connect(&one).await.unwrap();
    connect(&store, TENANT, 1).await;
    let before = stored(&store, TENANT, 1).await;
    for table in ["connection", "asset", "audit", "data_key", "revocation"] {
        let add = format!(
            "alter table sociogram.{table} add column newer text, add column newest text default 'x'"
        );
        run(&database.owner_url(), &add).await;
    }
    assert_eq!(stored(&store, TENANT, 1).await, before);
    connect(&store, TENANT, 2).await;
    let late = store.commit_success(TENANT, id(1), renewal(7, 7)).await.unwrap();
    assert!(matches!(late, sociogram_token_vault::Committed::Superseded(row) if *row == before));
}

#[tokio::test]
async fn a_database_for_development_is_one_call_away() {
    require_postgres!();
    let cluster = Cluster::own().await;
    let database = cluster.empty_database().await;
    let owner = options(&database.admin_url());
    let password = Secret::new("it's a \\ secret");
    let (first, second) = tokio::join!(setup_dev(&owner, &password), setup_dev(&owner, &password));
    let (logins, _) = (first.unwrap(), second.unwrap());
    let store = PostgresStore::connect(&logins.app).await.unwrap();
    connect(&store, TENANT, 1).await;
    PostgresWorker::connect(store, &logins.worker).await.unwrap();
    assert!(!format!("{logins:?}").contains("it's"));
}

#[tokio::test]
async fn what_a_migration_grants_is_enough_and_the_roles_are_the_ones_named() {
    require_postgres!();
    let database = migrated().await;
    store(&database).await;
    let sql = "select distinct grantee::text from information_schema.role_table_grants
        where table_schema = 'sociogram' and table_name <> 'test_clock' order by 1";
    let grantees: Vec<String> =
        sqlx::query_scalar(sql).fetch_all(&mut connection(&database.owner_url()).await).await.unwrap();
    assert_eq!(grantees, [APP_ROLE, "test_owner", WORKER_ROLE]);
}
