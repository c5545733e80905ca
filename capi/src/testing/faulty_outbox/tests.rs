use super::*;
use crate::testing::outbox_contract::{
    MemoryBench, OutboxBench as _,
    fixtures::{LEASE, TENANT, event, route},
};

fn store() -> Arc<FaultyOutbox> {
    FaultyOutbox::over(MemoryBench::new().store())
}

async fn add(store: &FaultyOutbox, number: u32) -> Option<OutboxErrorKind> {
    store.add(&route(), &[event(number)]).await.err().map(|error| error.kind())
}

async fn added(store: &FaultyOutbox) -> u64 {
    store.census().await.unwrap().pending
}

#[tokio::test]
async fn a_plan_is_carried_out_and_then_over() {
    let (store, full) = (store(), Some(OutboxErrorKind::Full));
    store.fail("add", OutboxFault::NothingDone(OutboxErrorKind::Full), 2);
    assert_eq!((add(&store, 1).await, add(&store, 1).await), (full, full));
    assert_eq!(added(&store).await, 0);
    assert_eq!((add(&store, 1).await, added(&store).await), (None, 1));
    store.fail("add", OutboxFault::AnswerLost, 1);
    assert_eq!(add(&store, 2).await, Some(OutboxErrorKind::Unavailable));
    assert_eq!(added(&store).await, 2);
    assert_eq!(store.take_calls(), ["add", "add", "census", "add", "census", "add", "census"]);
    assert_eq!(store.take_calls(), [] as [&str; 0]);
}

#[tokio::test]
async fn the_nth_call_from_now_on_fails_and_several_plans_stand_beside_each_other() {
    let (store, away) = (store(), Some(OutboxErrorKind::Unavailable));
    assert_eq!(add(&store, 0).await, None);
    store.fail_nth(2, "add", OutboxFault::AnswerLost);
    store.fail_nth(4, "add", OutboxFault::NothingDone(OutboxErrorKind::Corrupt));
    store.fail_nth(1, "census", OutboxFault::AnswerLost);
    let mut told = Vec::new();
    for number in 1..6 {
        told.push(add(&store, number).await);
    }
    assert_eq!(told, [None, away, None, Some(OutboxErrorKind::Corrupt), None]);
    assert!(store.census().await.is_err());
    assert_eq!(added(&store).await, 5);
}

#[tokio::test(start_paused = true)]
#[allow(clippy::disallowed_methods, reason = "the test waits for what never comes, in paused time")]
async fn a_call_that_hangs_did_nothing_or_all() {
    let store = store();
    for (fault, done) in [(OutboxFault::Hangs, 0), (OutboxFault::AnswerHangs, 1)] {
        store.fail("add", fault, 1);
        assert!(tokio::time::timeout(Duration::from_secs(3600), add(&store, 1)).await.is_err());
        assert_eq!(added(&store).await, done);
    }
}

#[tokio::test]
async fn while_it_is_down_nothing_works() {
    let store = store();
    store.set_down(true);
    assert!(add(&store, 1).await.is_some() && store.find(TENANT, EntryId::new(1)).await.is_err());
    store.set_down(false);
    assert_eq!((add(&store, 1).await, added(&store).await), (None, 1));
}

#[tokio::test]
async fn every_method_fails_under_its_own_name() {
    let store = store();
    for method in FaultyOutbox::METHODS {
        store.fail(method, OutboxFault::NothingDone(OutboxErrorKind::Corrupt), 1);
    }
    let (all, replay) = (EntryFilter::all(), Replay::entries([EntryId::new(1)]));
    let failed = [
        store.add(&route(), &[]).await.is_err(),
        store.find(TENANT, EntryId::new(1)).await.is_err(),
        store.list(TENANT, &all, None, 1).await.is_err(),
        store.replay(TENANT, &replay).await.is_err(),
        store.tenant_census(TENANT).await.is_err(),
        store.claim(&Claim::new(1, LEASE)).await.is_err(),
        store.begin(&[], LEASE).await.is_err(),
        store.renew(&[], LEASE).await.is_err(),
        store.settle(&[]).await.is_err(),
        store.census().await.is_err(),
        store.trim(&Retention::default(), 1).await.is_err(),
    ];
    assert_eq!(failed, [true; 11]);
    assert_eq!(store.take_calls(), FaultyOutbox::METHODS);
}

#[test]
#[should_panic(expected = "no method setle")]
fn a_misspelt_method_is_told() {
    store().fail("setle", OutboxFault::Hangs, 1);
}
