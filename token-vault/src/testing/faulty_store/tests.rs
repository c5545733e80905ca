use std::time::Duration;

use sociogram_oauth_core::TenantId;

use super::*;
use crate::{
    AuditAction, AuditActor, AuditEntry, AuditLog, AuditQuery, EventQueue, testing::store_contract::Bench,
};

const TENANT: TenantId = TenantId::from_bytes([1; 16]);

fn store() -> Arc<FaultyStore> {
    FaultyStore::over(Bench::in_memory(1).handles.remove(0))
}

async fn append(store: &FaultyStore) -> Option<StoreErrorKind> {
    let entries = vec![AuditEntry::new(AuditAction::AdminForce)];
    let added = store.append(TENANT, AuditActor::Service, None, entries).await;
    added.err().map(|error| error.kind())
}

async fn entries(store: &FaultyStore) -> usize {
    store.query(TENANT, AuditQuery::latest(9)).await.unwrap().records.len()
}

#[tokio::test]
async fn a_plan_is_carried_out_and_then_over() {
    let (store, away) = (store(), Some(StoreErrorKind::Unavailable));
    store.fail("append", Fault::NothingDone, 2);
    assert_eq!((append(&store).await, append(&store).await), (away, away));
    assert_eq!(entries(&store).await, 0);
    assert_eq!((append(&store).await, entries(&store).await), (None, 1));
    store.fail("append", Fault::AnswerLost, 1);
    assert_eq!((append(&store).await, entries(&store).await), (away, 2));
    let told = ["append", "append", "query", "append", "query", "append", "query"];
    assert_eq!(store.take_calls(), told);
    assert_eq!(store.take_calls(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_plan_may_spare_the_first_calls() {
    let (store, away) = (store(), Some(StoreErrorKind::Unavailable));
    store.fail_after(1, "append", Fault::NothingDone, 1);
    assert_eq!((append(&store).await, append(&store).await, append(&store).await), (None, away, None));
}

#[tokio::test]
async fn a_process_is_killed_before_or_after_what_it_asks_for() {
    for (fault, done) in [(Fault::KilledBefore, 0), (Fault::KilledAfter, 1)] {
        let bench = Bench::in_memory(2);
        let [killed, alive] = [0, 1].map(|number| FaultyStore::over(Arc::clone(&bench.handles[number])));
        killed.fail("append", fault, 1);
        let mut call = Box::pin(append(&killed));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert!(call.as_mut().poll(context).is_pending());
        assert!(Box::pin(append(&killed)).as_mut().poll(context).is_pending());
        assert_eq!(entries(&alive).await, done, "{fault:?}");
    }
}

#[tokio::test]
async fn while_it_is_down_nothing_works() {
    let store = store();
    store.set_down(true);
    assert!(append(&store).await.is_some());
    assert!(store.take_events(1, Duration::ZERO).await.is_err());
    store.set_down(false);
    assert_eq!((append(&store).await, entries(&store).await), (None, 1));
}

#[test]
#[should_panic(expected = "no trait of a store has a method refesh")]
fn a_plan_for_nothing_is_a_mistake() {
    store().fail("refesh", Fault::NothingDone, 1);
}

mod in_front_of_the_store_in_memory {
    use super::*;

    async fn open(handles: usize) -> Bench {
        let Bench { handles, control } = Bench::in_memory(handles);
        let through = handles.into_iter().map(|handle| FaultyStore::over(handle) as Handle);
        Bench::new(through.collect(), control)
    }

    crate::vault_store_contract!(open);
}
