//! What the two logins may not do, whatever the program asks for.

use std::borrow::Cow;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{NewSession, SessionKey, SessionOwner, SessionStore as _};
use sociogram_test_postgres::{APP_ROLE, require_postgres};
use sociogram_token_vault::{Retire, Retirement, TokenStore as _};
use sociogram_webhook_verify::inbox::RecordEvents as _;
use sqlx::{Connection as _, Executor as _, error::DatabaseError};

use crate::{
    bench::{connection, migrated, store, worker},
    fixtures::{TENANT, connect, id, no_notes},
    inbox_bench::lead,
};

async fn denied(url: &str, statements: &[&'static str]) {
    let mut connection = connection(url).await;
    for sql in statements {
        let Err(error) = connection.execute(*sql).await else { panic!("{sql} is allowed") };
        let code = error.as_database_error().and_then(DatabaseError::code).map(Cow::into_owned);
        assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn the_app_changes_no_history_and_takes_nothing_that_waits() {
    require_postgres!();
    let database = migrated().await;
    let statements = [
        "update sociogram.audit set actor = 'service'",
        "delete from sociogram.audit",
        "truncate sociogram.audit",
        "select 1 from sociogram.event",
        "update sociogram.event set deliveries = 0",
        "delete from sociogram.event",
        "select access_ct from sociogram.revocation",
        "select account from (select external_user_id as account from sociogram.revocation) r",
        "update sociogram.revocation set attempts = 0",
        "delete from sociogram.revocation",
        "delete from sociogram.data_key",
        "update sociogram.session set blob = ''",
        "insert into sociogram.migration values (9, '')",
        "select event from sociogram.inbox",
        "select account from sociogram.inbox",
        "select * from sociogram.inbox",
        "update sociogram.inbox set state = 'done'",
        "delete from sociogram.inbox",
        "truncate sociogram.inbox",
        "insert into sociogram.inbox (key, state) values ('', 'done')",
        "insert into sociogram.inbox (key) values ('') on conflict (key) do update set event = excluded.event",
        "insert into sociogram.inbox (key) values ('') on conflict (key) do nothing returning event",
        "select setval('sociogram.inbox_position', 1)",
        "delete from sociogram.outbox",
        "truncate sociogram.outbox",
        "update sociogram.outbox set json = ''",
        "update sociogram.outbox set tenant_id = tenant_id",
        "insert into sociogram.outbox (state) values ('sent')",
        "select setval('sociogram.outbox_position', 1)",
        "select sociogram.worker_claim_outbox(1, 1, 1, '')",
        "select sociogram.worker_settle_outbox('{}', '{}', '{}', '{}', '{}', '{}')",
        "select sociogram.worker_outbox_census()",
        "select sociogram.worker_trim_outbox(0, 0, 1)",
        "select sociogram.worker_claim_inbox(1, 1)",
        "select sociogram.worker_find_inbox(1)",
        "select sociogram.worker_trim_inbox(0, 0, 0, 1)",
        "select sociogram.worker_due_batch(1, 1)",
        "select sociogram.worker_erase_tenant('00000000-0000-0000-0000-000000000001', 'service')",
        "select sociogram.worker_holders('facebook', 'app', 'u')",
        "create table sociogram.mine ()",
        "alter table sociogram.secret no force row level security",
        "drop policy own_rows on sociogram.secret",
        "create policy mine on sociogram.secret using (true)",
        "set role test_owner",
    ];
    denied(&database.app_url(), &statements).await;
}

#[tokio::test]
async fn the_worker_sees_no_names_and_no_secrets_of_the_living() {
    require_postgres!();
    let database = migrated().await;
    worker(&database).await;
    let statements = [
        "select 1 from sociogram.secret",
        "delete from sociogram.secret",
        "select display_name from sociogram.connection",
        "select connected_by from sociogram.connection",
        "select * from sociogram.connection",
        "update sociogram.connection set state = 'connected'",
        "insert into sociogram.asset select * from sociogram.asset",
        "update sociogram.asset set name = ''",
        "select 1 from sociogram.session",
        "delete from sociogram.session",
        "insert into sociogram.data_key select * from sociogram.data_key",
        "update sociogram.data_key set kek_id = ''",
        "update sociogram.audit set action = ''",
        "update sociogram.revocation set access_ct = ''",
        "delete from sociogram.used_id",
        "insert into sociogram.inbox (key) values ('')",
        "update sociogram.inbox set key = ''",
        "update sociogram.inbox set account = ''",
        "truncate sociogram.inbox",
        "select nextval('sociogram.inbox_position')",
        "insert into sociogram.outbox (name) values ('')",
        "update sociogram.outbox set tenant_id = tenant_id",
        "update sociogram.outbox set target = ''",
        "update sociogram.outbox set replays = 0",
        "truncate sociogram.outbox",
        "select nextval('sociogram.outbox_position')",
        "truncate sociogram.audit",
        "alter table sociogram.secret disable row level security",
        "set role test_owner",
    ];
    denied(&database.worker_url(), &statements).await;
}

#[tokio::test]
async fn of_the_inbox_the_app_sees_which_keys_are_known_and_the_worker_everything() {
    require_postgres!();
    let database = migrated().await;
    store(&database).await.record(&[lead("10", 1)]).await.unwrap();
    let app = "select position, key from sociogram.inbox";
    assert_eq!(connection(&database.app_url()).await.execute(app).await.unwrap().rows_affected(), 1);
    let worker = "select * from sociogram.inbox where event is not null";
    assert_eq!(connection(&database.worker_url()).await.execute(worker).await.unwrap().rows_affected(), 1);
}

#[tokio::test]
async fn other_logins_have_no_rights_at_all() {
    require_postgres!();
    let database = migrated().await;
    let role = format!("stranger_{}", database.name());
    crate::bench::run(&database.admin_url(), &format!("create role {role} login")).await;
    let url = database.app_url().replace(APP_ROLE, &role);
    let statements = [
        "select 1 from sociogram.connection",
        "select 1 from sociogram.migration",
        "select 1 from sociogram.inbox",
        "select nextval('sociogram.inbox_position')",
        "select sociogram.record_inbox('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "select sociogram.worker_claim_inbox(1, 1)",
        "select sociogram.clock()",
        "select sociogram.asset_is_taken('', '', '')",
        "select sociogram.take_session('', now())",
    ];
    denied(&url, &statements).await;
}

#[tokio::test]
async fn a_function_of_somebody_else_is_never_called_in_place_of_the_servers() {
    require_postgres!();
    let database = migrated().await;
    let trap = "create function public.concat_ws(text, uuid, uuid) returns text language plpgsql
        as $$ begin raise exception 'called as %', current_user; end $$;
        create function public.encode(bytea, text) returns text language plpgsql
        as $$ begin raise exception 'called as %', current_user; end $$";
    crate::bench::run(&database.admin_url(), trap).await;
    let first =
        "set search_path = public, pg_catalog; select concat_ws(' ', gen_random_uuid(), gen_random_uuid())";
    let mut app = connection(&database.app_url()).await;
    let error = app.execute(sqlx::raw_sql(first)).await.unwrap_err().to_string();
    assert!(error.contains("called as"), "the trap does not work: {error}");
    let login = format!(
        "alter role {} in database {} set search_path = public, pg_catalog",
        APP_ROLE,
        database.name()
    );
    crate::bench::run(&database.admin_url(), &login).await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    let retire = Retire::new(Retirement::Disconnected, no_notes());
    store.retire(TENANT, id(1), retire).await.unwrap();
    let (key, owner) = (SessionKey::from_bytes([1; 32]), SessionOwner::from_bytes([1; 32]));
    let now = Timestamp::UNIX_EPOCH;
    store.put(NewSession::new(key, owner, vec![1], now, Timestamp::from_unix_seconds(9))).await.unwrap();
}
