//! How long unwrapped keys are kept and how often the provider is asked.

use super::*;
use crate::KeyErrorKind::{Denied, Unavailable, WrongKey};

#[tokio::test]
async fn many_first_uses_ask_the_provider_once() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    let process = Arc::new(world.process());
    process.provider.script().gated = true;
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (process, sealed) = (Arc::clone(&process), sealed.clone());
            tokio::spawn(async move { process.open(TENANT, &sealed, 0).await })
        })
        .collect();
    tokio::task::yield_now().await;
    process.provider.gate.add_permits(50);
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(process.provider.take_calls(), (0, 1));
}

#[tokio::test]
async fn many_first_logins_of_a_tenant_make_one_key() {
    let world = Arc::new(World::new());
    world.provider.script().gated = true;
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.seal(TENANT, 0).await.key_id() })
        })
        .collect();
    tokio::task::yield_now().await;
    world.provider.gate.add_permits(50);
    let id = world.keys.active_key_id(TENANT);
    let mut ids = Vec::new();
    for caller in callers {
        ids.push(caller.await.unwrap());
    }
    assert_eq!(ids, [id.await.unwrap(); 50]);
    assert_eq!(world.provider.take_calls(), (1, 1));
    assert_eq!(world.store.list_keys(TENANT).await.unwrap().len(), 1);
}

#[tokio::test]
async fn waiters_share_a_failure_too() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    let process = Arc::new(world.process());
    process.provider.fail(Unavailable);
    process.provider.script().gated = true;
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (process, sealed) = (Arc::clone(&process), sealed.clone());
            tokio::spawn(async move { process.open(TENANT, &sealed, 0).await })
        })
        .collect();
    tokio::task::yield_now().await;
    process.provider.gate.add_permits(20);
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap_err().kind(), ErrorKind::Unavailable);
    }
    assert_eq!(process.provider.take_calls(), (0, 1));
    process.provider.fail(None);
    process.open(TENANT, &sealed, 0).await.unwrap();
}

#[tokio::test]
async fn a_key_is_asked_for_again_after_ten_minutes() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    assert_eq!(world.provider.take_calls(), (1, 1), "made and proved");
    for (now, expected) in [(0, 0), (599, 0), (600, 1), (601, 0), (1199, 0), (1200, 1), (100, 1)] {
        world.open(TENANT, &sealed, now).await.unwrap();
        assert_eq!(world.provider.take_calls(), (0, expected), "{now}");
    }
}

#[tokio::test]
async fn key_provider_down_cached_serves_until_one_hour() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.provider.fail(Unavailable);
    for now in [599, 600, 1800, 3599] {
        world.open(TENANT, &sealed, now).await.unwrap();
        world.seal(TENANT, now).await;
    }
    for error in [
        world.open(TENANT, &sealed, 3600).await.unwrap_err(),
        world.try_seal(TENANT, 3600).await.unwrap_err(),
        world.try_seal(OTHER, 3600).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.seal_fault()), (ErrorKind::Unavailable, None));
    }
    world.provider.fail(None);
    world.open(TENANT, &sealed, 3601).await.unwrap();
    world.provider.fail(Unavailable);
    world.open(TENANT, &sealed, 3601 + 3599).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_every_fifteen_seconds() {
    let world = World::new();
    let (sealed, other) = (world.seal(TENANT, 0).await, world.seal(OTHER, 0).await);
    world.provider.fail(Unavailable);
    world.provider.take_calls();
    for (now, expected) in [(600, 1), (600, 0), (614, 0), (615, 1), (616, 0), (700, 1)] {
        world.open(TENANT, &sealed, now).await.unwrap();
        world.open(OTHER, &other, now).await.unwrap();
        assert_eq!(world.provider.take_calls(), (0, expected), "{now}");
    }
    world.provider.fail(None);
    world.open(TENANT, &sealed, 714).await.unwrap();
    assert_eq!(world.provider.take_calls(), (0, 0));
    world.open(TENANT, &sealed, 715).await.unwrap();
    assert_eq!(world.provider.take_calls(), (0, 1));
    world.provider.fail(Unavailable);
    world.open(TENANT, &sealed, 715 + 599).await.unwrap();
    assert_eq!(world.provider.take_calls(), (0, 0), "fresh again");
}

#[tokio::test]
async fn a_provider_that_refuses_ends_the_use_of_a_key_at_once() {
    for (kind, expected, fault) in [
        (Denied, ErrorKind::Misconfigured, None),
        (WrongKey, ErrorKind::Misconfigured, Some(SealFault::WrongKey)),
        (KeyErrorKind::Tampered, ErrorKind::Decode, Some(SealFault::Tampered)),
    ] {
        let world = World::new();
        let sealed = world.seal(TENANT, 0).await;
        world.provider.fail(kind);
        world.open(TENANT, &sealed, 599).await.unwrap();
        let error = world.open(TENANT, &sealed, 600).await.unwrap_err();
        assert_eq!((error.kind(), error.seal_fault()), (expected, fault));
        world.provider.fail(Unavailable);
        let error = world.open(TENANT, &sealed, 600).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "nothing is left in memory");
    }
}

#[tokio::test]
async fn a_table_that_is_down_is_no_reason_to_go_on_with_an_old_key() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.table.set_mood(Mood::Away);
    world.open(TENANT, &sealed, 599).await.unwrap();
    assert_eq!(world.open(TENANT, &sealed, 600).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(world.try_seal(TENANT, 0).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_key_whose_row_is_gone_is_forgotten() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.table.set_mood(Mood::Forgetful);
    let error = world.open(TENANT, &sealed, 600).await.unwrap_err();
    assert_eq!(error.seal_fault(), Some(SealFault::WrongKey));
    let place = (TENANT, sealed.key_id().unwrap());
    assert!(matches!(world.keys.0.held.find(&place, at(600)), Found::Nothing));
}
