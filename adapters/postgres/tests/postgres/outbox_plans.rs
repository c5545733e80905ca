//! How the server goes about the outbox, among many events.

use sociogram_test_postgres::{APP_ROLE, WORKER_ROLE, require_postgres};

use crate::{
    bench::{migrated, run},
    plans::{explaining, plans},
};

/// Forty thousand events of twenty tenants with a hundred routes each in ten hours; most are sent, a few were refused, are in
/// doubt, on their way, or due.
const SEED: &str = "
    insert into sociogram.outbox (
        tenant_id, connection_id, platform, target, envelope, route, name, event_id, key, event_time, expires_at, json,
        state, fence, added_at, due_at, finished_at
    )
    select md5('t' || n % 20)::uuid, md5('c' || n % 20)::uuid, 'meta', 'd' || n % 2000, '}', n % 2000, 'Purchase', 'o' || n,
        sha256(n::text::bytea), r.at, r.at + interval '7 days', '{}', r.state, 1, r.at,
        case when r.state in ('pending', 'sending') then now() + (n % 400 - 350) * interval '1 second' end,
        case when r.state not in ('pending', 'sending') then r.at end
    from (
        select n, now() - (40000 - n) * interval '900 milliseconds' as at,
            case when n % 39 = 0 then 'rejected' when n % 101 = 1 then 'in_doubt' when n > 39900 then 'sending'
                when n > 38000 then 'pending' else 'sent' end as state
        from generate_series(1, 40000) n
    ) r;
    analyze";

/// Who calls what, which index finds it, and by what condition.
fn cases() -> Vec<(&'static str, String, &'static str, &'static str)> {
    let tenant = "md5('t7')::uuid";
    let list = |states: &str, event_id: &str, since: &str, keys: &str, after: &str| {
        format!(
            "list_outbox({tenant}, {states}, 'meta', null, null, 'Purchase', {event_id}, {since}, null, {keys}, {after}, 21)"
        )
    };
    let ago = "now() - interval '2 hours'";
    vec![
        (
            APP_ROLE,
            format!(
                "add_outbox({tenant}, {tenant}, 'meta', 'd', '}}', 7, '{{n,n}}', '{{a,b}}',
                    array[sha256('7'), sha256('8')], array[now(), now()], array[now(), now()], '{{a,b}}')"
            ),
            "outbox_key",
            "(key = ",
        ),
        (WORKER_ROLE, "worker_claim_outbox(10, 100000, 60000, 'x')".to_owned(), "outbox_due", "(due_at <= "),
        (WORKER_ROLE, "worker_claim_outbox(10, 100000, 60000, 'x')".to_owned(), "outbox_route", "(route = "),
        (
            WORKER_ROLE,
            "worker_claim_outbox(10, 100000, 60000, 'x')".to_owned(),
            "outbox_sending",
            "(due_at <= ",
        ),
        (
            WORKER_ROLE,
            "worker_settle_outbox('{7}', '{1}', '{sent}', '{x}', '{null}', '{null}')".to_owned(),
            "outbox_pkey",
            "(\"position\" = ",
        ),
        (WORKER_ROLE, "worker_begin_outbox('{7}', '{1}', 1)".to_owned(), "outbox_pkey", "(\"position\" = "),
        (WORKER_ROLE, "worker_renew_outbox('{7}', '{1}', 1)".to_owned(), "outbox_pkey", "(\"position\" = "),
        (APP_ROLE, format!("find_outbox({tenant}, 7)"), "outbox_", "(\"position\" = "),
        (
            APP_ROLE,
            list("null", "null", "null", "null, null", "20000"),
            "outbox_tenant",
            "(ROW(tenant_id, \"position\") < ",
        ),
        (
            APP_ROLE,
            list("'{sent}'", "null", ago, "null, null", "null"),
            "outbox_tenant",
            "(ROW(tenant_id, \"position\") >= ",
        ),
        (
            APP_ROLE,
            list("'{rejected}'", "null", ago, "null, null", "null"),
            "outbox_unsent",
            "(ROW(state, \"position\") >= ",
        ),
        (
            APP_ROLE,
            list("'{pending}'", "null", "null", "null, null", "null"),
            "outbox_route",
            "(tenant_id = ",
        ),
        (
            APP_ROLE,
            list("null", "'o7'", "null", "sha256('7'), sha256('7')", "null"),
            "outbox_key",
            "(key >= ",
        ),
        (
            APP_ROLE,
            format!(
                "replay_outbox({tenant}, 'rejected', null, null, null, null, null, null, {ago}, null, 5)"
            ),
            "outbox_unsent",
            "(ROW(state, \"position\") >= ",
        ),
        (APP_ROLE, format!("replay_outbox_entries({tenant}, '{{7,8}}', 5)"), "outbox_", "(\"position\" = "),
        (
            WORKER_ROLE,
            "worker_trim_outbox(34000000, 35000000, 10)".to_owned(),
            "outbox_content",
            "(finished_at <= ",
        ),
        (
            WORKER_ROLE,
            "worker_trim_outbox(34000000, 35000000, 10)".to_owned(),
            "outbox_pkey",
            "(\"position\" < ",
        ),
    ]
}

#[tokio::test]
async fn what_is_asked_of_the_outbox_goes_through_an_index() {
    require_postgres!();
    let database = migrated().await;
    run(&database.admin_url(), SEED).await;
    let mut admin = explaining(&database).await;
    for (role, call, index, condition) in cases() {
        let plans = plans(&mut admin, role, &call).await;
        let is_used =
            [format!("using {index}"), format!("Index Scan on {index}"), format!("Backward using {index}")]
                .iter()
                .any(|used| plans.contains(used));
        assert!(is_used, "{call}: not by {index}\n{plans}");
        let conditions: Vec<_> = plans.lines().filter(|line| line.contains("Index Cond: ")).collect();
        assert!(conditions.iter().any(|line| line.contains(condition)), "{call}: {conditions:#?}\n{plans}");
        assert!(!plans.contains("Seq Scan on outbox"), "{call} goes through every row\n{plans}");
        let filters = plans.lines().filter(|line| line.contains("Filter: ")).collect::<String>();
        assert!(!filters.contains("outbox_fits"), "{call} calls the filter for every row: {filters}");
    }
}
