//! Each cause has an error of its own.

use super::*;
use crate::{KekId, scripted_keys::Twist};

async fn error_of(world: &World, sealed: &Sealed) -> (ErrorKind, Option<SealFault>) {
    let error = world.open(TENANT, sealed, 0).await.unwrap_err();
    (error.kind(), error.seal_fault())
}

#[tokio::test]
async fn causes_are_told_apart() {
    let origin = World::new();
    let sealed = origin.seal(TENANT, 0).await;

    let world = origin.process();
    world.provider.set_keys(LocalKeys::parse(NEW).unwrap());
    assert_eq!(error_of(&world, &sealed).await, (ErrorKind::Misconfigured, Some(SealFault::WrongKey)));

    let world = origin.process();
    world.provider.fail(KeyErrorKind::Unavailable);
    assert_eq!(error_of(&world, &sealed).await, (ErrorKind::Unavailable, None));
    world.provider.fail(KeyErrorKind::Denied);
    assert_eq!(error_of(&world, &sealed).await, (ErrorKind::Misconfigured, None));

    let world = origin.process();
    let mut bytes = sealed.as_bytes().to_vec();
    bytes[20] ^= 1;
    let changed = Sealed::from_bytes(bytes);
    assert_eq!(error_of(&world, &changed).await, (ErrorKind::Decode, Some(SealFault::Tampered)));
    let plain = Sealed::from_bytes(b"EAAB-plain-text-in-the-row-of-a-table".to_vec());
    assert_eq!(error_of(&world, &plain).await, (ErrorKind::Decode, Some(SealFault::UnsupportedFormat)));

    origin.store.destroy_keys(TENANT).await.unwrap();
    let world = origin.process();
    assert_eq!(error_of(&world, &sealed).await, (ErrorKind::Reauthorize, Some(SealFault::Shredded)));
}

#[tokio::test]
async fn a_changed_key_row_is_noticed() {
    let origin = World::new();
    let sealed = origin.seal(TENANT, 0).await;
    let bends: [(fn(&mut WrappedDataKey), _, _); 8] = [
        (|row| row.wrapped.bytes[20] ^= 1, ErrorKind::Decode, Some(SealFault::Tampered)),
        (|row| row.wrapped.bytes.truncate(60), ErrorKind::Decode, Some(SealFault::UnsupportedFormat)),
        (|row| row.wrapped.bytes = b"EAAB".to_vec(), ErrorKind::Decode, Some(SealFault::UnsupportedFormat)),
        (|row| row.commitment[31] ^= 1, ErrorKind::Decode, Some(SealFault::Tampered)),
        (|row| row.suite = 2, ErrorKind::Decode, Some(SealFault::UnsupportedFormat)),
        (|row| row.wrapped.kek = KekId::new("x"), ErrorKind::Misconfigured, Some(SealFault::WrongKey)),
        (|row| row.tenant = OTHER, ErrorKind::Internal, None),
        (|row| row.id = DataKeyId::new(row.id.get() ^ 1), ErrorKind::Internal, None),
    ];
    for (number, (bend, kind, fault)) in bends.into_iter().enumerate() {
        let world = origin.process();
        world.table.bend(bend);
        assert_eq!(error_of(&world, &sealed).await, (kind, fault), "bend {number}");
    }
}

#[tokio::test]
async fn a_provider_that_gives_another_key_is_noticed_before_anything_is_sealed() {
    let world = World::new();
    world.provider.script().twist = Some(Twist::OtherKey);
    let error = world.try_seal(TENANT, 0).await.unwrap_err();
    assert_eq!(error.seal_fault(), Some(SealFault::Tampered));
    assert_eq!(world.store.list_keys(TENANT).await.unwrap(), [], "nor is the key kept");
}

#[tokio::test]
async fn a_provider_that_leaves_a_request_unanswered_is_unavailable() {
    let world = World::new();
    world.provider.script().twist = Some(Twist::Short);
    assert_eq!(world.try_seal(TENANT, 0).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_row_wrapped_anew_while_it_was_being_opened_opens() {
    let world = World::new();
    let sealed = world.seal(TENANT, 0).await;
    let process = Arc::new(world.process());
    process.provider.script().gated = true;
    let opening = {
        let (process, sealed) = (Arc::clone(&process), sealed.clone());
        tokio::spawn(async move { process.open(TENANT, &sealed, 0).await })
    };
    tokio::task::yield_now().await;
    assert_eq!(process.provider.asked().len(), 1, "it holds the old row and waits for the provider");

    world.provider.set_keys(LocalKeys::parse(&format!("{NEW},{OLD}")).unwrap());
    let progress = world.keys.rewrap(10).next().await.unwrap().unwrap();
    assert_eq!((progress.moved, progress.remaining), (1, 0));
    process.provider.set_keys(LocalKeys::parse(NEW).unwrap());
    process.provider.gate.add_permits(2);
    opening.await.unwrap().unwrap();
}
