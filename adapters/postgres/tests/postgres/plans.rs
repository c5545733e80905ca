//! How the server goes about the statements that matter, among many rows.

use std::fmt::Write as _;

use sociogram_api_core::testing::CapturedLogs;
use sociogram_test_postgres::{APP_ROLE, Database, WORKER_ROLE, require_postgres};
use sqlx::{Executor as _, PgConnection};

use crate::bench::{connection, migrated, run};

/// Twenty tenants with a thousand connections each, of which a few are due.
const SEED: &str = "
    insert into sociogram.connection (
        tenant_id, id, provider, app_id, external_user_id, version, origin, scopes_required, scopes_optional, generation,
        token_kind, has_refresh_token, revision, state, state_since, due_at, notified, created_at, updated_at, succeeded_at, checked_at
    )
    select md5('t' || n % 20)::uuid, md5('c' || n)::uuid, 'facebook', 'app', 'u' || n, 1, 'oauth', '{}', '{}', 1,
        'meta_user_long', false, 1, 'connected', now(), now() + (n - 50) * interval '1 second', '{}', now(), now(), now(), now()
    from generate_series(1, 20000) n;
    insert into sociogram.secret (tenant_id, connection_id, access_ct) select tenant_id, id, '' from sociogram.connection;
    insert into sociogram.asset
    select 'app', 'facebook_page', id::text, tenant_id, id, null, 'service', now() from sociogram.connection;
    insert into sociogram.audit (tenant_id, at, actor, connection_id, action)
    select md5('t' || n % 20)::uuid, now() - n * interval '1 second', 'service', md5('c' || n % 2000)::uuid, 'refreshed'
    from generate_series(1, 60000) n;
    analyze";

/// A connection that tells the plans of what it runs.
pub(crate) async fn explaining(database: &Database) -> PgConnection {
    let mut admin = connection(&database.admin_url()).await;
    let explain = "load 'auto_explain';
        set auto_explain.log_min_duration = 0;
        set auto_explain.log_nested_statements = on;
        set client_min_messages = log";
    admin.execute(sqlx::raw_sql(explain)).await.unwrap();
    admin
}

/// The plans of everything that one call runs, inner statements included. It is called often enough for the server to
/// settle on a plan that does for all values.
pub(crate) async fn plans(admin: &mut PgConnection, role: &str, call: &str) -> String {
    let mut sql = format!("set role {role};");
    for _ in 0..8 {
        write!(sql, "select count(*) from sociogram.{call};").unwrap();
    }
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    let logs = CapturedLogs::start();
    let sql = format!("select count(*) from sociogram.{call}; reset role");
    admin.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    let text = logs.text();
    assert!(text.contains("Query Text: "), "no plan was logged: {text}");
    text
}

#[tokio::test]
async fn what_is_asked_often_goes_through_an_index() {
    require_postgres!();
    let database = migrated().await;
    run(&database.admin_url(), SEED).await;
    let mut admin = explaining(&database).await;
    let tenant = "md5('t7')::uuid";
    let cases = [
        (WORKER_ROLE, "worker_due_batch(10, 1)".to_owned(), "connection_due", "(due_at <= "),
        (
            APP_ROLE,
            format!(
                "list_connections({tenant}, md5('c7')::uuid, 51, null, '{{}}', null, null, '{{}}', null, '{{}}', 'any', null)"
            ),
            "connection_pkey",
            "AND (id >= ",
        ),
        (
            APP_ROLE,
            format!("query_audit({tenant}, null, null, null, null, 30000, 21)"),
            "audit_pkey",
            "AND (\"position\" < ",
        ),
        (
            APP_ROLE,
            format!("query_audit({tenant}, md5('c7')::uuid, null, null, null, null, 21)"),
            "audit_connection",
            "AND (connection_id = ",
        ),
        (APP_ROLE, format!("read_token({tenant}, md5('c7')::uuid)"), "secret_pkey", "AND (connection_id = "),
        (
            APP_ROLE,
            format!("find_account({tenant}, 'facebook', 'app', 'u7')"),
            "connection_account",
            "(external_user_id = ",
        ),
        (
            APP_ROLE,
            format!("list_assets({tenant}, null, null, 'app', 'facebook_page', '5', 21)"),
            "asset_tenant",
            "(ROW(app_id, kind, external_id) >= ",
        ),
        (
            WORKER_ROLE,
            "worker_holders('facebook', 'app', 'u7')".to_owned(),
            "connection_account",
            "(external_user_id = ",
        ),
        (WORKER_ROLE, "worker_trim_audit(now() - interval '16 hours', 10)".to_owned(), "audit_at", "(at < "),
    ];
    for (role, call, index, condition) in cases {
        let plans = plans(&mut admin, role, &call).await;
        assert!(plans.contains(&format!("using {index} on")), "{call}: not by {index}\n{plans}");
        let conditions: Vec<_> = plans.lines().filter(|line| line.contains("Index Cond: ")).collect();
        assert!(conditions.iter().any(|line| line.contains(condition)), "{call}: {conditions:#?}\n{plans}");
        for table in ["connection", "secret", "asset", "audit"] {
            assert!(
                !plans.contains(&format!("Seq Scan on {table}")),
                "{call} goes through every row\n{plans}"
            );
        }
    }
}
