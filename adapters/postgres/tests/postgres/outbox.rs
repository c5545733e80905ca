//! What only this outbox does.

use std::time::Duration;

use sociogram_capi::outbox::{
    AddEvents, Added, Claim, ClaimToken, EntryFilter, EntryState, Fate, OutboxErrorKind, OutboxEvent,
    OutboxStore, Outcome, Route, Settlement,
};
use sociogram_postgres::PostgresStore;
use sociogram_test_postgres::{CutProxy, require_postgres};
use sociogram_token_vault::{AuditActor, CrossTenant as _};
use tokio::task::JoinSet;

use crate::{
    bench::{connection, migrated, options, run, store, worker},
    fixtures::{OTHER, TENANT},
    outbox_bench::{new_id, of, purchase, purchases, route},
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_app_adds_and_the_worker_sends() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    let added = store.add(&route(), &[purchase(1), purchase(2), purchase(1)]).await.unwrap();
    assert!(
        matches!(added[..], [Added::New(one), Added::New(two), Added::Duplicate(again)] if one < two && again == one)
    );
    let batch = worker.claim(&Claim::new(9, MINUTE)).await.unwrap().unwrap();
    let tokens: Vec<_> = batch.events.iter().map(|one| one.token).collect();
    assert_eq!(worker.begin(&tokens, MINUTE).await.unwrap(), [true, true]);
    let sent = Outcome::Finished(Fate::Sent { trace: None });
    let settled: Vec<_> = tokens.iter().map(|token| Settlement::new(*token, sent.clone())).collect();
    assert_eq!(worker.settle(&settled).await.unwrap(), [true, true]);
    let found = store.find(TENANT, tokens[0].id()).await.unwrap().unwrap();
    assert_eq!((found.state, found.attempts), (EntryState::Sent, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_added_and_settled_at_once_nobody_stops_another() {
    require_postgres!();
    let database = migrated().await;
    let (store, worker) = (store(&database).await, worker(&database).await);
    for round in 0..5_u32 {
        let mut tasks = JoinSet::new();
        for turn in 0..6_usize {
            let (store, worker) = (store.clone(), worker.clone());
            let mut events = purchases(round * 100..round * 100 + 40);
            events.rotate_left(turn * 5);
            if turn % 2 == 1 {
                events.reverse();
            }
            tasks.spawn(async move {
                let added = store.add(&route(), &events).await.unwrap();
                let mut tokens: Vec<ClaimToken> = Vec::new();
                while let Some(batch) = worker.claim(&Claim::new(11, MINUTE)).await.unwrap() {
                    tokens.extend(batch.events.iter().map(|event| event.token));
                }
                let half = tokens.len() / 2;
                tokens.rotate_left(half);
                assert!(worker.begin(&tokens, MINUTE).await.unwrap().iter().all(|held| *held));
                let sent = |token: &ClaimToken| {
                    Settlement::new(*token, Outcome::Finished(Fate::Sent { trace: None }))
                };
                let settled = worker.settle(&tokens.iter().map(sent).collect::<Vec<_>>()).await.unwrap();
                assert!(settled.iter().all(|stored| *stored));
                added.iter().filter(|one| matches!(one, Added::New(_))).count()
            });
        }
        assert_eq!(tasks.join_all().await.iter().sum::<usize>(), 40);
    }
    // What a claim finds locked it leaves to others.
    while let Some(batch) = worker.claim(&Claim::new(1000, MINUTE)).await.unwrap() {
        let sent = batch
            .events
            .iter()
            .map(|event| Settlement::new(event.token, Outcome::Finished(Fate::Sent { trace: None })));
        worker.settle(&sent.collect::<Vec<_>>()).await.unwrap();
    }
    assert_eq!(OutboxStore::census(&worker).await.unwrap().sent, 200);
    let sql = "select deadlocks from pg_stat_database where datname = current_database()";
    let deadlocks: i64 =
        sqlx::query_scalar(sql).fetch_one(&mut connection(&database.admin_url()).await).await.unwrap();
    assert_eq!(deadlocks, 0);
}

#[tokio::test]
async fn two_routes_with_one_hash_do_not_share_a_request() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    let routes = [route(), Route { target: "9".to_owned(), ..route() }, route().with_envelope("x")];
    for route in &routes {
        worker.add(route, &purchases(0..2)).await.unwrap();
    }
    run(&database.admin_url(), "update sociogram.outbox set route = 7").await;
    let mut seen = Vec::new();
    while let Some(batch) = worker.claim(&Claim::new(9, MINUTE)).await.unwrap() {
        seen.push((batch.route, batch.events.len()));
    }
    // The third knows the events of the first: they are the same events.
    assert_eq!(seen, [(routes[0].clone(), 2), (routes[1].clone(), 2)]);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_a_duplicate_afterwards() {
    require_postgres!();
    let database = migrated().await;
    let proxy = CutProxy::before(&database.app_url()).await;
    let store = PostgresStore::connect(&options(proxy.url())).await.unwrap();
    store.add(&route(), &[purchase(1)]).await.unwrap();
    proxy.lose_answer_to("add_outbox");
    let error = store.add(&route(), &purchases(2..4)).await.unwrap_err();
    assert_eq!((error.kind(), proxy.lost()), (OutboxErrorKind::Unavailable, 1));
    let again = store.add(&route(), &purchases(2..4)).await.unwrap();
    assert!(matches!(again[..], [Added::Duplicate(_), Added::Duplicate(_)]), "{again:?}");
    proxy.lose_statement("add_outbox");
    store.add(&route(), &[purchase(5)]).await.unwrap_err();
    assert!(matches!(store.add(&route(), &[purchase(5)]).await.unwrap()[..], [Added::New(_)]));
}

#[tokio::test]
async fn a_platform_of_a_newer_version_waits_and_holds_up_no_other() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    let newer = worker.add(&route(), &purchases(0..3)).await.unwrap();
    run(&database.admin_url(), "update sociogram.outbox set platform = 'newer'").await;
    let known = worker.add(&of(OTHER), &purchases(0..1)).await.unwrap();
    let batch = worker.claim(&Claim::new(9, MINUTE)).await.unwrap().unwrap();
    assert_eq!(batch.events.iter().map(|one| one.token.id()).collect::<Vec<_>>(), [new_id(known[0])]);
    assert!(worker.claim(&Claim::new(9, MINUTE)).await.unwrap().is_none());
    let census = OutboxStore::census(&worker).await.unwrap();
    assert_eq!((census.pending, census.claimed), (3, 1));
    assert_eq!(
        AddEvents::find(&worker, TENANT, new_id(newer[0])).await.unwrap_err().kind(),
        OutboxErrorKind::Corrupt
    );
    // A lease of no time does not make it look for ever.
    run(
        &database.admin_url(),
        "update sociogram.outbox set due_at = sociogram.clock() where platform = 'newer'",
    )
    .await;
    assert!(worker.claim(&Claim::new(9, Duration::ZERO)).await.unwrap().is_none());
}

#[tokio::test]
async fn an_unknown_word_hides_one_entry() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    let ids: Vec<_> = store.add(&route(), &purchases(0..5)).await.unwrap().into_iter().map(new_id).collect();
    for (id, set) in [
        (ids[1], "state = 'parked'"),
        (ids[2], "fate = '{\"fate\": \"newer\"}', state = 'sent', due_at = null, finished_at = now()"),
        (ids[3], "history = '{\"newer\", \"{\\\"at\\\":1,\\\"reason\\\":\\\"busy\\\"}\"}'"),
    ] {
        run(&database.admin_url(), &format!("update sociogram.outbox set {set} where position = {id}")).await;
    }
    let page = store.list(TENANT, &EntryFilter::all(), None, 3).await.unwrap();
    assert_eq!(page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [ids[4], ids[3]]);
    assert_eq!(page.entries[1].history.len(), 1, "an attempt that cannot be read is left out");
    let rest = store.list(TENANT, &EntryFilter::all(), page.next, 3).await.unwrap();
    assert_eq!(rest.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [ids[0]]);
    for id in [ids[1], ids[2]] {
        assert_eq!(store.find(TENANT, id).await.unwrap_err().kind(), OutboxErrorKind::Corrupt);
    }
}

#[tokio::test]
async fn names_of_any_length_are_kept() {
    require_postgres!();
    let database = migrated().await;
    let store = store(&database).await;
    // Of characters that do not get shorter when packed.
    let long: String = (0..9000_u32)
        .filter_map(|number| char::from_u32(33 + number.wrapping_mul(2_654_435_761) % 20_000))
        .collect();
    let odd = OutboxEvent { name: long.clone(), event_id: Some(long.clone()), ..purchase(1) };
    let to = Route { target: long.clone(), envelope: long.clone(), ..route() };
    let added = store.add(&to, &[odd.clone(), purchase(2)]).await.unwrap();
    assert_eq!(
        store.add(&to, std::slice::from_ref(&odd)).await.unwrap(),
        [Added::Duplicate(new_id(added[0]))]
    );
    let found = store.find(TENANT, new_id(added[0])).await.unwrap().unwrap();
    assert_eq!((found.event, found.route), (odd, to));
    let filter = EntryFilter::all().event_id(long);
    assert_eq!(store.list(TENANT, &filter, None, 9).await.unwrap().entries.len(), 1);
}

#[tokio::test]
async fn a_tenant_that_is_erased_takes_its_events_with_it() {
    require_postgres!();
    let database = migrated().await;
    let worker = worker(&database).await;
    for tenant in [TENANT, OTHER] {
        worker.add(&of(tenant), &purchases(0..3)).await.unwrap();
    }
    let batch = worker.claim(&Claim::new(2, MINUTE)).await.unwrap().unwrap();
    worker.erase_tenant(TENANT, AuditActor::Service).await.unwrap();
    assert_eq!(worker.tenant_census(TENANT).await.unwrap().accepted(), 0);
    assert_eq!(worker.tenant_census(OTHER).await.unwrap().accepted(), 3);
    let held: Vec<_> = batch.events.iter().map(|one| one.token).collect();
    assert_eq!(worker.begin(&held, MINUTE).await.unwrap(), [false, false]);
}
