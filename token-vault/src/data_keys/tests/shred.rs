//! Shredding a tenant.

use super::*;

async fn fault(world: &World, sealed: &Sealed, now: i64) -> Option<SealFault> {
    world.open(TENANT, sealed, now).await.unwrap_err().seal_fault()
}

#[tokio::test]
async fn shred_then_restore_an_old_backup_of_token_rows() {
    let world = World::new();
    // The backup: ciphertexts under both keys the tenant ever had.
    let first = world.seal(TENANT, 0).await;
    world.keys.rotate(TENANT, at(1)).await.unwrap();
    let second = world.seal(TENANT, 1).await;
    let kept = world.seal(OTHER, 1).await;
    world.keys.shred(TENANT).await.unwrap();

    // The tenant comes back and gets a key; the restored rows name keys that are gone.
    let fresh = world.seal(TENANT, 2).await;
    for process in [&world, &world.process()] {
        for restored in [&first, &second] {
            assert_eq!(fault(process, restored, 2).await, Some(SealFault::Shredded));
        }
        process.open(TENANT, &fresh, 2).await.unwrap();
        process.open(OTHER, &kept, 2).await.unwrap();
    }
    let rows = world.store.list_keys(TENANT).await.unwrap();
    let gone = rows.iter().filter(|row| row.state == DataKeyState::Destroyed);
    assert_eq!(gone.filter(|row| row.wrapped.bytes.is_empty()).count(), 2);
}

#[tokio::test]
async fn a_shredded_tenant_is_forgotten_at_once() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.open(TENANT, &sealed, 0).await.unwrap();
    world.keys.shred(TENANT).await.unwrap();
    assert_eq!(fault(&world, &sealed, 0).await, Some(SealFault::Shredded));
    world.keys.shred(TENANT).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_was_under_way_is_not_kept() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    let process = Arc::new(world.process());
    process.provider.script().gated = true;
    let opening = {
        let (process, sealed) = (Arc::clone(&process), sealed.clone());
        tokio::spawn(async move { process.open(TENANT, &sealed, 0).await })
    };
    tokio::task::yield_now().await;
    process.keys.shred(TENANT).await.unwrap();
    process.provider.gate.add_permits(1);
    // Asked for before the shredding, so it may still be answered; but nothing stays.
    opening.await.unwrap().unwrap();
    assert_eq!(fault(&process, &sealed, 0).await, Some(SealFault::Shredded));
}

#[tokio::test]
async fn a_key_that_was_being_made_does_not_outlive_the_shredding() {
    let world = Arc::new(World::new());
    let made = world.keys.make(TENANT, at(0)).await.unwrap();
    world.store.insert_active_key(made.row.clone(), None).await.unwrap();
    world.keys.shred(TENANT).await.unwrap();
    // A slow caller of the same flight comes with the row that was destroyed meanwhile.
    let late = world.store.insert_active_key(made.row, None).await.unwrap_err();
    assert_eq!(late.kind(), crate::StoreErrorKind::Conflict);
}

#[tokio::test]
async fn another_process_forgets_within_ten_minutes_and_seals_nothing_that_is_lost() {
    let world = World::new();
    let process = world.process();
    let sealed = world.seal(TENANT, 0).await;
    process.open(TENANT, &sealed, 0).await.unwrap();
    world.keys.shred(TENANT).await.unwrap();

    process.open(TENANT, &sealed, 599).await.unwrap();
    let fresh = process.seal(TENANT, 599).await;
    assert_ne!(fresh.key_id(), sealed.key_id());
    assert_eq!(fault(&process, &sealed, 600).await, Some(SealFault::Shredded));
    process.provider.fail(KeyErrorKind::Unavailable);
    assert_eq!(fault(&process, &sealed, 600).await, Some(SealFault::Shredded), "outage or not");
    process.open(TENANT, &fresh, 600).await.unwrap();
}

#[tokio::test]
async fn a_shredding_that_failed_may_be_repeated() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.table.set_mood(Mood::Away);
    assert_eq!(world.keys.shred(TENANT).await.unwrap_err().kind(), ErrorKind::Unavailable);
    world.table.set_mood(Mood::Well);
    world.open(TENANT, &sealed, 0).await.unwrap();
    world.keys.shred(TENANT).await.unwrap();
    assert_eq!(fault(&world, &sealed, 0).await, Some(SealFault::Shredded));
}

#[tokio::test]
async fn a_shredding_that_is_given_up_leaves_no_key_in_memory() {
    let world = World::new();
    let place = (TENANT, world.seal(TENANT, 0).await.key_id().unwrap());
    assert!(matches!(world.keys.0.held.find(&place, at(0)), Found::Fresh(_)));
    world.table.set_mood(Mood::Hanging);
    let mut shredding = Box::pin(world.keys.shred(TENANT));
    assert!(poll(shredding.as_mut()).is_pending());
    drop(shredding);
    assert!(matches!(world.keys.0.held.find(&place, at(0)), Found::Nothing));
}

#[tokio::test]
async fn a_key_that_was_read_while_the_rows_were_being_destroyed_is_forgotten() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    world.table.set_mood(Mood::Slow);
    let mut shredding = Box::pin(world.keys.shred(TENANT));
    assert!(poll(shredding.as_mut()).is_pending());
    world.open(TENANT, &sealed, 0).await.unwrap();
    shredding.await.unwrap();
    assert_eq!(fault(&world, &sealed, 0).await, Some(SealFault::Shredded));
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}
