use super::*;
use crate::testing::inbox_contract::{InboxBench as _, MemoryBench, fixtures::event};

fn store() -> Arc<FaultyInbox> {
    FaultyInbox::over(MemoryBench::new().store())
}

async fn record(store: &FaultyInbox, number: u32) -> Option<InboxErrorKind> {
    store.record(&[event(number)]).await.err().map(|error| error.kind())
}

async fn recorded(store: &FaultyInbox) -> u64 {
    store.census().await.unwrap().pending
}

#[tokio::test]
async fn a_plan_is_carried_out_and_then_over() {
    let (store, full) = (store(), Some(InboxErrorKind::Full));
    store.fail("record", InboxFault::NothingDone(InboxErrorKind::Full), 2);
    assert_eq!((record(&store, 1).await, record(&store, 1).await), (full, full));
    assert_eq!(recorded(&store).await, 0);
    assert_eq!((record(&store, 1).await, recorded(&store).await), (None, 1));
    store.fail("record", InboxFault::AnswerLost, 1);
    assert_eq!(record(&store, 2).await, Some(InboxErrorKind::Unavailable));
    assert_eq!(recorded(&store).await, 2);
    let told = ["record", "record", "census", "record", "census", "record", "census"];
    assert_eq!(store.take_calls(), told);
    assert_eq!(store.take_calls(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_plan_may_spare_the_first_calls() {
    let (store, away) = (store(), Some(InboxErrorKind::Unavailable));
    store.fail_after(1, "record", InboxFault::AnswerLost, 1);
    let told = [record(&store, 1).await, record(&store, 2).await, record(&store, 3).await];
    assert_eq!(told, [None, away, None]);
}

#[tokio::test(start_paused = true)]
#[allow(clippy::disallowed_methods, reason = "the test waits for what never comes, in paused time")]
async fn a_call_that_hangs_does_nothing() {
    let store = store();
    store.fail("record", InboxFault::Hangs, 1);
    let waited = tokio::time::timeout(Duration::from_secs(3600), record(&store, 1)).await;
    assert!(waited.is_err());
    assert_eq!((recorded(&store).await, record(&store, 1).await), (0, None));
}

#[tokio::test]
async fn while_it_is_down_nothing_works() {
    let store = store();
    store.set_down(true);
    assert!(record(&store, 1).await.is_some() && store.find(EntryId::new(1)).await.is_err());
    store.set_down(false);
    assert_eq!((record(&store, 1).await, recorded(&store).await), (None, 1));
}

#[tokio::test]
async fn every_method_fails_under_its_own_name() {
    let store = store();
    for method in FaultyInbox::METHODS {
        store.fail(method, InboxFault::NothingDone(InboxErrorKind::Corrupt), 1);
    }
    let claim = Claim::new(1, Duration::ZERO);
    let filter = EntryFilter::all();
    let errors = [
        store.record(&[]).await.err(),
        store.claim(&claim).await.err(),
        store.renew(&[], Duration::ZERO).await.err(),
        store.settle(&[]).await.err(),
        store.find(EntryId::new(1)).await.err(),
        store.list(&filter, None, 1).await.err(),
        store.replay(&Replay::entries([])).await.err(),
        store.census().await.err(),
        store.trim(&Retention::default(), 1).await.err(),
    ];
    assert!(errors.iter().all(|error| error.as_ref().is_some_and(|it| it.kind() == InboxErrorKind::Corrupt)));
    assert_eq!(store.take_calls(), FaultyInbox::METHODS);
}

#[test]
#[should_panic(expected = "a store of events has no method setle")]
fn a_plan_for_nothing_is_a_mistake() {
    store().fail("setle", InboxFault::AnswerLost, 1);
}
