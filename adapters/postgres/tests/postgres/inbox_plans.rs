//! How the server goes about the inbox, among many events.

use sociogram_test_postgres::{APP_ROLE, WORKER_ROLE, require_postgres};

use crate::{
    bench::{migrated, run},
    plans::{explaining, plans},
};

/// Forty thousand events of a thousand accounts in ten hours; most are handled, a few were given up or are due.
const SEED: &str = "
    insert into sociogram.inbox (
        key, strength, provider, object, account, subject, field, kind, order_key, event, state, fence, received_at,
        due_at, finished_at
    )
    select sha256(n::text::bytea), 'exact', 'meta', 'page', 'a' || n % 1000, 's' || n % 3000, 'feed', 'page_feed',
        n % 3000, '{}', r.state, 1, r.at,
        case r.state when 'pending' then now() + (n % 400 - 350) * interval '1 second' end,
        case when r.state <> 'pending' then r.at end
    from (
        select n, now() - (40000 - n) * interval '900 milliseconds' as at,
            case when n % 40 = 0 then 'dead' when n % 10 = 1 then 'skipped' when n > 38000 then 'pending' else 'done' end
                as state
        from generate_series(1, 40000) n
    ) r;
    analyze";

#[tokio::test]
async fn what_is_asked_of_the_inbox_goes_through_an_index() {
    require_postgres!();
    let database = migrated().await;
    run(&database.admin_url(), SEED).await;
    let mut admin = explaining(&database).await;
    let by_filter = "null, 'meta', null, 'page', 'feed', 'page_feed'";
    let cases = [
        (
            APP_ROLE,
            "record_inbox('{a,b}', '{x,x}', '{m,m}', '{o,o}', '{a,a}', '{s,s}', '{f,f}', '{k,k}', '{e,e}', '{null,null}')"
                .to_owned(),
            "",
            "",
        ),
        (WORKER_ROLE, "worker_claim_inbox(10, 60000)".to_owned(), "inbox_due", "(due_at <= "),
        (WORKER_ROLE, "worker_claim_inbox_by_subject(10, 60000)".to_owned(), "inbox_due", "(due_at <= "),
        (WORKER_ROLE, "worker_claim_inbox_by_subject(10, 60000)".to_owned(), "inbox_order", "(order_key = "),
        (WORKER_ROLE, "worker_inbox_next(now(), 10)".to_owned(), "inbox_order", "(order_key > "),
        (
            WORKER_ROLE,
            "worker_settle_inbox('{7}', '{1}', '{done}', '{null}', '{null}')".to_owned(),
            "inbox_pkey",
            "(\"position\" = ",
        ),
        (WORKER_ROLE, "worker_renew_inbox('{7}', '{1}', 1)".to_owned(), "inbox_pkey", "(\"position\" = "),
        (
            WORKER_ROLE,
            format!("worker_list_inbox({by_filter}, null, null, 20000, 21)"),
            "inbox_pkey",
            "(\"position\" < ",
        ),
        (
            WORKER_ROLE,
            "worker_list_inbox(null, null, '{a7,a8}', null, null, null, null, null, null, 21)".to_owned(),
            "inbox_account",
            "(\"left\"(account, 100) = ",
        ),
        (
            WORKER_ROLE,
            "worker_list_inbox('{dead}', null, null, null, null, null, now() - interval '2 hours', null, null, 21)"
                .to_owned(),
            "inbox_unhandled",
            "(ROW(state, \"position\") >= ",
        ),
        (
            WORKER_ROLE,
            "worker_list_inbox('{done}', null, null, null, 'none', null, now() - interval '2 hours', null, null, 21)"
                .to_owned(),
            "inbox_pkey",
            "(\"position\" >= ",
        ),
        (
            WORKER_ROLE,
            "worker_replay_inbox('dead', null, null, null, null, null, null, now() - interval '1 hour', null, 5)"
                .to_owned(),
            "inbox_unhandled",
            "(ROW(state, \"position\") >= ",
        ),
        (
            WORKER_ROLE,
            "worker_trim_inbox(35000000, 34000000, 34000000, 10)".to_owned(),
            "inbox_payload",
            "(finished_at <= ",
        ),
    ];
    for (role, call, index, condition) in cases {
        let plans = plans(&mut admin, role, &call).await;
        let is_used = [
            format!("using {index} on"),
            format!("Index Scan on {index} "),
            format!("Backward using {index}"),
        ]
        .iter()
        .any(|used| plans.contains(used));
        assert!(is_used || index.is_empty(), "{call}: not by {index}\n{plans}");
        let conditions: Vec<_> = plans.lines().filter(|line| line.contains("Index Cond: ")).collect();
        assert!(
            condition.is_empty() || conditions.iter().any(|line| line.contains(condition)),
            "{call}: {conditions:#?}\n{plans}"
        );
        assert!(!plans.contains("Seq Scan on inbox"), "{call} goes through every row\n{plans}");
        let filters = plans.lines().filter(|line| line.contains("Filter: ")).collect::<String>();
        assert!(!filters.contains("worker_inbox_fits"), "{call} calls the filter for every row: {filters}");
    }
}
