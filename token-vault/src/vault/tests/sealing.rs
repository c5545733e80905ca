//! Rows and keys that were moved, changed, rotated or lost.

use super::*;
use crate::{
    DataKeyId, KekId, KeyContext, Sealed, WrappedDataKey,
    scripted_keys::{Asked, ScriptedKeys, ScriptedTable},
};

/// Puts other secrets into a row, as somebody with access to the database could.
fn overwrite(world: &World, connection: ConnectionId, with: &StoredToken) {
    world.store.overwrite((TENANT, connection), |stored| {
        stored.sealed.clone_from(&with.sealed);
        stored.generation = with.generation;
    });
}

async fn fault(world: &World, connection: ConnectionId) -> Option<SealFault> {
    refusal(&world.process(KEY), TENANT, connection).await.seal_fault()
}

#[tokio::test]
async fn rows_cannot_be_swapped() {
    let world = World::new();
    let set = tokens("EAAB-1").with_refresh(RefreshToken::new("r"), Expiry::Never);
    let victim = world.connect(TENANT, "victim", &set).await;
    let mine = world.connect(TENANT, "mine", &tokens("EAAB-2")).await;
    let foreign = world.connect(OTHER, "victim", &tokens("EAAB-3")).await;
    let original = world.store.read(TENANT, victim).await.unwrap().unwrap();

    overwrite(&world, mine, &original);
    assert_eq!(fault(&world, mine).await, Some(SealFault::Tampered), "another connection's row");

    let of_other_tenant = world.store.read(OTHER, foreign).await.unwrap().unwrap();
    overwrite(&world, mine, &of_other_tenant);
    assert_eq!(fault(&world, mine).await, Some(SealFault::WrongKey), "another tenant's row");

    let mut fields = original.clone();
    fields.sealed.as_mut().unwrap().access = original.sealed.clone().unwrap().refresh.unwrap();
    overwrite(&world, victim, &fields);
    assert_eq!(fault(&world, victim).await, Some(SealFault::Tampered), "the refresh token as access");

    let mut generation = original.clone();
    generation.generation = original.generation.next();
    overwrite(&world, victim, &generation);
    assert_eq!(fault(&world, victim).await, Some(SealFault::Tampered), "another generation");

    let mut plain = original.clone();
    plain.sealed.as_mut().unwrap().access =
        Sealed::from_bytes(b"EAAB-plain-text-in-the-row-of-a-table".to_vec());
    overwrite(&world, victim, &plain);
    assert_eq!(fault(&world, victim).await, Some(SealFault::UnsupportedFormat), "plain text");

    overwrite(&world, victim, &original);
    assert_eq!(token(&world.process(KEY), TENANT, victim).await, "EAAB-1");
}

#[tokio::test]
async fn a_rotated_key_opens_what_was_sealed_before() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let rotated = world.process(&format!("{NEW_KEY},{KEY}"));
    assert_eq!(token(&rotated, TENANT, connection).await, "EAAB-1");
    let later = rotated.connect(login(OTHER, "u"), &tokens("EAAB-2")).await.unwrap().id;

    let after = world.process(NEW_KEY);
    assert_eq!(token(&after, OTHER, later).await, "EAAB-2");
    let error = refusal(&after, TENANT, connection).await;
    assert_eq!((error.kind(), error.seal_fault()), (ErrorKind::Misconfigured, Some(SealFault::WrongKey)));
    assert_eq!(error.user_action(), "put the encryption key that was used before behind the current one");
    let put = after.put(TENANT, connection, &tokens("EAAB-3")).await.unwrap_err();
    assert_eq!(put.seal_fault(), Some(SealFault::WrongKey));
    assert_eq!(token(&world.process(KEY), TENANT, connection).await, "EAAB-1");
}

#[tokio::test]
async fn a_shredded_tenant_is_noise_and_others_are_not() {
    let world = World::new();
    let gone = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let kept = world.connect(OTHER, "u", &tokens("EAAB-2")).await;
    assert_eq!(token(&world.vault, TENANT, gone).await, "EAAB-1");
    world.vault.shred_tenant(TENANT).await.unwrap();
    assert_eq!(world.audited(TENANT).await.pop(), Some((AuditAction::Shredded, AuditActor::Service)));

    let error = refusal(&world.vault, TENANT, gone).await;
    assert_eq!((error.kind(), error.seal_fault()), (ErrorKind::Reauthorize, Some(SealFault::Shredded)));
    assert_eq!(token(&world.vault, OTHER, kept).await, "EAAB-2");
    world.vault.put(TENANT, gone, &tokens("EAAB-3")).await.unwrap();
    assert_eq!(token(&world.vault, TENANT, gone).await, "EAAB-3");
}

#[tokio::test]
async fn a_changed_data_key_row_is_noticed() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let bends: [(fn(&mut WrappedDataKey), _, _); 6] = [
        (|row| row.wrapped.bytes[20] ^= 1, Some(SealFault::Tampered), ErrorKind::Decode),
        (|row| row.commitment[0] ^= 1, Some(SealFault::Tampered), ErrorKind::Decode),
        (|row| row.suite = 2, Some(SealFault::UnsupportedFormat), ErrorKind::Decode),
        (
            |row| row.wrapped.kek = KekId::new("local:other"),
            Some(SealFault::WrongKey),
            ErrorKind::Misconfigured,
        ),
        (|row| row.tenant = OTHER, None, ErrorKind::Internal),
        (|row| row.id = DataKeyId::new(row.id.get() ^ 1), None, ErrorKind::Internal),
    ];
    for (number, (bend, fault, kind)) in bends.into_iter().enumerate() {
        let table = ScriptedTable::over(world.store.clone());
        table.bend(bend);
        let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), table);
        let vault =
            Vault::builder(world.store.clone(), keys).timer(Arc::new(world.clock.clone())).build().unwrap();
        let error = refusal(&vault, TENANT, connection).await;
        assert_eq!((error.seal_fault(), error.kind()), (fault, kind), "bend {number}");
    }
}

#[tokio::test]
async fn a_data_key_is_wrapped_for_its_tenant_id_suite_and_wrapping_key() {
    let world = World::new();
    let provider = ScriptedKeys::over(LocalKeys::parse(KEY).unwrap());
    let keys = DataKeys::new(provider.clone(), world.store.clone());
    let vault = Vault::builder(world.store.clone(), keys).build().unwrap();
    vault.connect(login(TENANT, "u"), &tokens("EAAB")).await.unwrap();

    let row = world.store.active_key(TENANT).await.unwrap().unwrap();
    let context = KeyContext::new(TENANT, row.id, 1, KekId::new("local:efb81a692a2f72c5"));
    assert_eq!(provider.asked(), [Asked::Wrap(context.clone()), Asked::Unwrap(context)]);
}

#[tokio::test]
async fn a_data_key_given_to_another_tenant_opens_nothing() {
    let world = World::new();
    world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let mut stolen = world.store.active_key(TENANT).await.unwrap().unwrap();
    stolen.tenant = OTHER;
    world.store.insert_active_key(stolen, None).await.unwrap();
    let error = world.vault.connect(login(OTHER, "u"), &tokens("EAAB-2")).await.unwrap_err();
    assert_eq!(error.seal_fault(), Some(SealFault::Tampered));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_first_logins_share_one_data_key() {
    let world = World::new();
    let logins: Vec<_> = (0..8)
        .map(|n| {
            let vault = world.process(KEY);
            tokio::spawn(async move { vault.connect(login(TENANT, &n.to_string()), &tokens("EAAB")).await })
        })
        .collect();
    let mut keys = std::collections::BTreeSet::new();
    for login in logins {
        let connection = login.await.unwrap().unwrap().id;
        let record = world.store.read(TENANT, connection).await.unwrap().unwrap();
        keys.insert(record.sealed.unwrap().access.key_id().unwrap());
        assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB");
    }
    assert_eq!(keys.len(), 1);
}
