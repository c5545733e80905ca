//! Broken connections, servers that go away, and others in the way.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_postgres::{PostgresStore, PostgresWorker};
use sociogram_test_postgres::{CutProxy, require_postgres};
use sociogram_token_vault::{
    AuditActor, AuditLog as _, AuditQuery, Claim, Claimed, Committed, CrossTenant as _, DataKeyTable as _,
    Generation, KekId, LeaseOwner, StoreErrorKind, TokenStore as _,
};
use tokio::task::JoinSet;

use crate::{
    bench::{migrated, options, store, worker},
    fixtures::{TENANT, account, commit, connect, derived, id, login, notes, renewal, sealed, stored},
};

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_by_the_next_one() {
    require_postgres!();
    let database = migrated().await;
    let direct = store(&database).await;
    connect(&direct, TENANT, 1).await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let store = PostgresStore::connect(&options(proxy.url())).await.unwrap();
    // So that the statement is prepared on the connection that is going to break.
    connect(&store, TENANT, 2).await;

    let mut success = renewal(1, 77);
    success.notes = notes();
    proxy.lose_answer_to("commit_success");
    let lost = store.commit_success(TENANT, id(1), success.clone()).await.unwrap_err();
    assert_eq!((lost.kind(), proxy.lost()), (StoreErrorKind::Unavailable, 1));
    let found = match store.commit_success(TENANT, id(1), success.clone()).await.unwrap() {
        Committed::Superseded(found) => found,
        other => panic!("it was stored twice: {other:?}"),
    };
    assert_eq!((found.generation, &found.sealed), (Generation::new(2), &Some(sealed(77))));
    assert_eq!(direct.query(TENANT, AuditQuery::latest(9)).await.unwrap().records.len(), 1);

    // One that never arrived changes nothing, and may be sent again.
    success.expected = Generation::new(2);
    proxy.lose_statement("commit_success");
    store.commit_success(TENANT, id(1), success.clone()).await.unwrap_err();
    assert_eq!((stored(&direct, TENANT, 1).await.generation, proxy.lost()), (Generation::new(2), 2));
    commit(&store, TENANT, 1, success).await;
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_the_owners_all_the_same() {
    require_postgres!();
    let database = migrated().await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let store = PostgresStore::connect(&options(proxy.url())).await.unwrap();
    connect(&store, TENANT, 1).await;
    let claim = Claim::new(LeaseOwner::from_bytes([7; 16]), Generation::new(1), Duration::from_secs(60));
    proxy.lose_answer_to(".claim(");
    store.claim(TENANT, id(1), claim).await.unwrap_err();
    assert_eq!(proxy.lost(), 1);
    let again = store.claim(TENANT, id(1), claim).await.unwrap();
    assert!(matches!(again, Claimed::Won { prior: None, .. }), "{again:?}");
}

#[tokio::test]
async fn a_read_is_sent_again_on_another_connection() {
    require_postgres!();
    let database = migrated().await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let store = PostgresStore::connect(&options(proxy.url())).await.unwrap();
    connect(&store, TENANT, 1).await;
    stored(&store, TENANT, 1).await;
    proxy.lose_answer_to("read_token");
    stored(&store, TENANT, 1).await;
    assert_eq!(proxy.lost(), 1);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    require_postgres!();
    let database = migrated().await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let options = options(proxy.url()).wait(Duration::from_millis(500));
    let store = PostgresStore::connect(&options).await.unwrap().with_patience(Duration::from_millis(300));
    connect(&store, TENANT, 1).await;
    proxy.stall().await;
    let clock = SystemClock::new();
    let before = clock.monotonic();
    let read = store.read(TENANT, id(1)).await.unwrap_err();
    let committed = store.commit_success(TENANT, id(1), renewal(1, 2)).await.unwrap_err();
    assert_eq!((read.kind(), committed.kind()), (StoreErrorKind::Unavailable, StoreErrorKind::Unavailable));
    let waited = clock.monotonic().saturating_sub(before);
    assert!(waited < Duration::from_secs(5), "{waited:?}");
    proxy.restore().await;
    // Connections that stand in the middle of an answer are not used again.
    for _ in 0..20 {
        if store.read(TENANT, id(1)).await.is_ok() {
            return;
        }
        clock.sleep(Duration::from_millis(200)).await;
    }
    panic!("it does not come back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_takes_what_is_being_derived_meanwhile() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (Arc::new(store(&database).await), worker(&database).await);
    for round in 0..8 {
        let parent = id(100 + round);
        commit(&*store, TENANT, 100 + round, login("person")).await;
        let mut tasks = JoinSet::new();
        for child in 0..12 {
            let (store, number) = (Arc::clone(&store), round * 12 + child);
            tasks.spawn(async move {
                let success = derived(&format!("page {round}/{child}"), parent);
                store.commit_success(TENANT, id(number), success).await.unwrap()
            });
        }
        let erased = worker.erase_account(&account("person"), AuditActor::Provider).await.unwrap();
        let answers = tasks.join_all().await;
        let done = answers.iter().filter(|one| matches!(one, Committed::Done { .. })).count();
        assert!(answers.iter().all(|one| matches!(one, Committed::Done { .. } | Committed::ParentGone)));
        assert_eq!(erased.len(), done + 1, "in round {round} something that was derived is left");
        for child in 0..12 {
            assert!(store.read(TENANT, id(round * 12 + child)).await.unwrap().is_none());
        }
    }
}

#[tokio::test]
async fn no_error_tells_what_was_to_be_stored() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    connect(&store, TENANT, 1).await;
    // Digits that do not repeat, so that it does not get shorter when it is packed.
    let mut long = String::new();
    for n in 0..4_000_u64 {
        write!(long, "CANARY{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).unwrap();
    }
    // Too long for an index, and with a character that Postgres does not keep; its own words quote both.
    for user in [long.as_str(), "CANARY\0"] {
        let error = store.commit_success(TENANT, id(2), login(user)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{error:?}");
        let shown = format!(
            "{error} {error:?} {error:#?} {:?}",
            std::error::Error::source(&error).unwrap().to_string()
        );
        assert!(!shown.contains("CANARY"), "{shown}");
        assert!(shown.contains("SQLSTATE"), "{shown}");
    }
    crate::bench::run(
        &database.owner_url(),
        "alter table sociogram.secret add check (length(access_ct) < 50)",
    )
    .await;
    let mut success = login("3");
    success.sealed = sociogram_token_vault::SealedTokens::new(
        sociogram_token_vault::Sealed::from_bytes(b"CANARY".repeat(20)),
        None,
    );
    let error = store.commit_success(TENANT, id(3), success).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
    let shown = format!("{error:?}");
    assert!(
        shown.contains("secret_access_ct_check") && !shown.contains("43414e") && !shown.contains("67, 65"),
        "{shown}"
    );
    assert!(store.read(TENANT, id(3)).await.unwrap().is_none(), "half of it was stored");
}

#[tokio::test]
async fn what_looks_across_tenants_needs_the_worker() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    let errors = [
        store.due_batch(1, Duration::ZERO).await.err(),
        store.keys_under(&KekId::new("kek"), None, 1).await.err(),
        store.count_by_kek().await.err(),
    ];
    for error in errors {
        assert!(error.unwrap().to_string().contains("use a PostgresWorker"));
    }
    let worker: PostgresWorker = worker(&database).await;
    assert_eq!(worker.due_batch(1, Duration::ZERO).await.unwrap(), []);
    assert_eq!(worker.count_by_kek().await.unwrap(), []);
    assert!(worker.store().read(TENANT, id(1)).await.unwrap().is_none());
}
