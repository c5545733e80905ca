//! What only this inbox does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
    time::Duration,
};

use sociogram_api_core::{SystemClock, Timer as _};
use sociogram_postgres::PostgresStore;
use sociogram_test_postgres::{CutProxy, require_postgres};
use sociogram_webhook_verify::{
    Event,
    inbox::{
        Claim, EntryFilter, EntryState, InboxErrorKind, InboxStore as _, Order, Outcome, RecordEvents as _,
        Recorded, Replay, Settlement,
    },
};
use sqlx::Executor as _;
use tokio::{sync::Mutex, task::JoinSet};

use crate::{
    bench::{connection, migrated, options, run, store, worker},
    inbox_bench::{about, lead, new_id},
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_app_records_and_the_worker_handles() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    let recorded = store.record(&[lead("10", 1), lead("10", 2), lead("10", 1)]).await.unwrap();
    assert!(
        matches!(recorded[..], [Recorded::New(first), Recorded::New(second), Recorded::Duplicate] if first < second)
    );
    let claimed = worker.claim(&Claim::new(9, MINUTE)).await.unwrap();
    assert_eq!(
        claimed.iter().map(|one| one.token.id()).collect::<Vec<_>>(),
        [new_id(recorded[0]), new_id(recorded[1])]
    );
    let done: Vec<_> = claimed.iter().map(|one| Settlement::new(one.token, Outcome::Done)).collect();
    assert_eq!(worker.settle(&done).await.unwrap(), [true, true]);
    assert_eq!(worker.settle(&done).await.unwrap(), [false, false]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_of_the_same_events_in_any_order_are_recorded_once_and_never_stop_each_other() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    for round in 0..10_u64 {
        let mut tasks = JoinSet::new();
        for turn in 0..8_usize {
            let store = store.clone();
            let mut events: Vec<Event> = (0..40).map(|number| lead("10", round * 100 + number)).collect();
            events.rotate_left(turn * 5);
            if turn % 2 == 1 {
                events.reverse();
            }
            tasks.spawn(async move {
                let recorded = store.record(&events).await.unwrap();
                let ids: Vec<_> = recorded
                    .iter()
                    .filter(|one| matches!(one, Recorded::New(_)))
                    .copied()
                    .map(new_id)
                    .collect();
                assert!(ids.is_sorted(), "positions follow the batch: {ids:?}");
                ids.len()
            });
        }
        assert_eq!(tasks.join_all().await.iter().sum::<usize>(), 40);
    }
    let sql = "select deadlocks from pg_stat_database where datname = current_database()";
    let deadlocks: i64 =
        sqlx::query_scalar(sql).fetch_one(&mut connection(&database.admin_url()).await).await.unwrap();
    assert_eq!(deadlocks, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_claimers_share_what_is_due() {
    require_postgres!();
    let database = migrated().await;
    let events: Vec<_> = (0..400).map(|number| lead("10", number)).collect();
    store(&database).await.record(&events).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let worker = worker(&database).await;
        tasks.spawn(async move {
            let mut taken = Vec::new();
            loop {
                let claimed = worker.claim(&Claim::new(7, MINUTE)).await.unwrap();
                if claimed.is_empty() {
                    return taken;
                }
                taken.extend(claimed.into_iter().map(|one| one.token.id()));
            }
        });
    }
    let taken: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 400, "somebody took an event twice, or nobody did");
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 400);
}

/// Which events of each subject are in somebody's hands, and which were last.
#[derive(Default)]
struct Hands {
    held: BTreeMap<String, u64>,
    handled: BTreeMap<String, Vec<u64>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_one_subject_one_event_is_claimed_at_a_time() {
    require_postgres!();
    let database = migrated().await;
    let hands = Arc::new(Mutex::new(Hands::default()));
    let mut tasks = JoinSet::new();
    // Two that record while the others claim, and replay what was handled before.
    for half in 0..2_u64 {
        let worker = worker(&database).await;
        tasks.spawn(async move {
            for batch in 0..20_u64 {
                let events: Vec<_> = (0..10)
                    .map(|place| {
                        let number = batch * 20 + half * 10 + place;
                        about(&format!("post {}", number % 6), number)
                    })
                    .collect();
                let recorded = worker.record(&events).await.unwrap();
                worker.replay(&Replay::entries(recorded.into_iter().take(2).map(new_id))).await.unwrap();
            }
        });
    }
    for turn in 0..8_u64 {
        let (worker, hands) = (worker(&database).await, Arc::clone(&hands));
        tasks.spawn(async move {
            let claim = Claim::new(3, MINUTE).order(Order::PerSubject);
            loop {
                let claimed = worker.claim(&claim).await.unwrap();
                let mut now = hands.lock().await;
                for one in &claimed {
                    let subject = one.event.subject().unwrap().to_owned();
                    let other = now.held.insert(subject, one.token.id().get());
                    assert_eq!(other, None, "two events of a subject at once: {one:?}");
                }
                let handled: usize = now.handled.values().map(Vec::len).sum();
                drop(now);
                if claimed.is_empty() && handled == 400 {
                    return;
                }
                SystemClock::new().sleep(Duration::from_millis(turn % 3)).await;
                let mut now = hands.lock().await;
                for one in &claimed {
                    let subject = one.event.subject().unwrap().to_owned();
                    now.held.remove(&subject);
                    now.handled.entry(subject).or_default().push(one.token.id().get());
                }
                drop(now);
                let done: Vec<_> =
                    claimed.iter().map(|one| Settlement::new(one.token, Outcome::Done)).collect();
                let settled = worker.settle(&done).await.unwrap();
                assert!(settled.iter().all(|settled| *settled));
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let hands = hands.lock().await;
    assert_eq!(hands.handled.len(), 6);
}

#[tokio::test]
async fn an_event_that_came_late_waits_for_the_one_of_its_subject_that_is_claimed() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    let claim = Claim::new(9, MINUTE).order(Order::PerSubject);
    worker.record(&[about("post", 1), about("post", 2)]).await.unwrap();
    let first = worker.claim(&claim).await.unwrap();
    worker.settle(&[Settlement::new(first[0].token, Outcome::Done)]).await.unwrap();
    let second = worker.claim(&claim).await.unwrap();
    // The first is replayed while the second is claimed.
    assert_eq!(worker.replay(&Replay::entries([first[0].token.id()])).await.unwrap().replayed, 1);
    assert_eq!(worker.claim(&claim).await.unwrap().len(), 0);
    worker.settle(&[Settlement::new(second[0].token, Outcome::Done)]).await.unwrap();
    let again = worker.claim(&claim).await.unwrap();
    assert_eq!(again.iter().map(|one| one.token.id()).collect::<Vec<_>>(), [first[0].token.id()]);
}

#[tokio::test]
async fn a_long_queue_of_few_subjects_is_passed_by() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    // More than a claim looks at one by one.
    let queue: Vec<_> = (0..2500).map(|number| about("busy", number)).collect();
    worker.record(&queue).await.unwrap();
    let others: Vec<_> = (2500..2503).map(|number| about(&format!("quiet {number}"), number)).collect();
    let others = worker.record(&others).await.unwrap();
    let claim = Claim::new(9, MINUTE).order(Order::PerSubject);
    let claimed = worker.claim(&claim).await.unwrap();
    assert_eq!(claimed.len(), 4);
    assert_eq!(
        claimed[1..].iter().map(|one| one.token.id()).collect::<Vec<_>>(),
        others.into_iter().map(new_id).collect::<Vec<_>>()
    );
    assert_eq!(worker.claim(&claim).await.unwrap().len(), 0);
}

#[tokio::test]
async fn an_unreadable_event_waits_and_its_attempts_do_not_count() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    let recorded = worker.record(&[lead("10", 1), lead("10", 2), lead("10", 3)]).await.unwrap();
    let spoil = "update sociogram.inbox set event = '{\"version\":99}' where position < (select max(position) from sociogram.inbox)";
    run(&database.admin_url(), spoil).await;
    // Two that cannot be read fill the first batch: it must not look like the end of the queue.
    let claimed = worker.claim(&Claim::new(2, MINUTE)).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.token.id()).collect::<Vec<_>>(), [new_id(recorded[2])]);
    assert_eq!(worker.claim(&Claim::new(2, MINUTE)).await.unwrap().len(), 0);
    let hidden = worker.find(new_id(recorded[0])).await.unwrap().unwrap();
    assert_eq!((hidden.state, hidden.attempts, hidden.event.is_none()), (EntryState::Pending, 0, true));
    assert_eq!((hidden.subject.as_deref(), hidden.account.as_deref()), (Some("1"), Some("10")));
    // A lease of no time does not make it look for ever.
    run(
        &database.admin_url(),
        "update sociogram.inbox set due_at = sociogram.clock() where event like '%99%'",
    )
    .await;
    assert_eq!(worker.claim(&Claim::new(2, Duration::ZERO)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_state_of_a_newer_version_hides_one_entry() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    let recorded = worker.record(&[lead("10", 1), lead("10", 2), lead("10", 3)]).await.unwrap();
    let ids: Vec<_> = recorded.into_iter().map(new_id).collect();
    run(
        &database.admin_url(),
        &format!("update sociogram.inbox set state = 'parked' where position = {}", ids[1]),
    )
    .await;
    let page = worker.list(&EntryFilter::all(), None, 2).await.unwrap();
    assert_eq!(page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [ids[2]]);
    let rest = worker.list(&EntryFilter::all(), page.next, 2).await.unwrap();
    assert_eq!(rest.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [ids[0]]);
    assert_eq!(worker.find(ids[1]).await.unwrap_err().kind(), InboxErrorKind::Corrupt);
}

#[tokio::test]
async fn what_cannot_be_kept_is_no_reason_to_refuse() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    // An account that is too long for an index, of characters that do not get shorter when packed.
    let mut account = String::new();
    for number in 0..600_u64 {
        write!(account, "{:x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).unwrap();
    }
    let recorded = worker.record(&[lead(&account, 1), lead("1\\u0000", 2)]).await.unwrap();
    let listed = async |account: &str| {
        let page = worker.list(&EntryFilter::all().accounts([account]), None, 9).await.unwrap();
        page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&account).await, [new_id(recorded[0])]);
    assert_eq!(listed(&account[..200]).await, []);
    assert_eq!(listed("1\0").await, [new_id(recorded[1])]);
    let claimed = worker.claim(&Claim::new(9, MINUTE)).await.unwrap();
    let error = vec!["a\0b".to_owned(), "\"quoted\" \\ é".to_owned()];
    let dead = claimed.iter().map(|one| Settlement::new(one.token, Outcome::Dead { error: error.clone() }));
    assert_eq!(worker.settle(&dead.collect::<Vec<_>>()).await.unwrap(), [true, true]);
    assert_eq!(worker.find(new_id(recorded[1])).await.unwrap().unwrap().errors[0].error, error);
}

#[tokio::test]
async fn a_record_whose_answer_is_lost_counts_as_duplicate_afterwards() {
    require_postgres!();
    let database = migrated().await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let store = PostgresStore::connect(&options(proxy.url())).await.unwrap();
    store.record(&[lead("10", 1)]).await.unwrap();
    proxy.lose_answer_to("record_inbox");
    let error = store.record(&[lead("10", 2), lead("10", 3)]).await.unwrap_err();
    assert_eq!((error.kind(), proxy.lost()), (InboxErrorKind::Unavailable, 1));
    let again = store.record(&[lead("10", 2), lead("10", 3)]).await.unwrap();
    assert_eq!(again, [Recorded::Duplicate; 2]);
    proxy.lose_statement("record_inbox");
    store.record(&[lead("10", 4)]).await.unwrap_err();
    assert!(matches!(store.record(&[lead("10", 4)]).await.unwrap()[..], [Recorded::New(_)]));
}

#[tokio::test]
async fn the_sessions_of_a_claimer_that_end_cost_no_event() {
    require_postgres!();
    let database = migrated().await;
    let worker = Arc::new(worker(&database).await);
    let events: Vec<_> = (0..20).map(|number| about(&format!("post {}", number % 4), number)).collect();
    worker.record(&events).await.unwrap();
    let mut admin = connection(&database.admin_url()).await;
    // A claim that waits for another one is ended, and sent again.
    admin
        .execute("begin; select pg_advisory_xact_lock(hashtextextended('sociogram.inbox', 0))")
        .await
        .unwrap();
    let claimer = Arc::clone(&worker);
    let claim =
        tokio::spawn(
            async move { claimer.claim(&Claim::new(9, MINUTE).order(Order::PerSubject)).await.unwrap() },
        );
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    let mut ended = 0_i64;
    for _ in 0..500 {
        ended = sqlx::query_scalar(end).fetch_one(&mut admin).await.unwrap();
        if ended > 0 {
            break;
        }
        SystemClock::new().sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ended, 1);
    admin.execute("rollback").await.unwrap();
    assert_eq!(claim.await.unwrap().len(), 4);
    assert_eq!(worker.census().await.unwrap().pending, 16);
}
