//! What a provider tells about a person.

use super::*;

fn account(user: &str) -> Account {
    Account::new(ProviderId::FACEBOOK, "app", user)
}

/// A person whom two tenants have connected, with a Page in one of them.
async fn shared(world: &World) -> (ConnectionId, ConnectionId, ConnectionId) {
    let set = world.provider.log_in(TokenKind::MetaUserLong, "ada");
    let (here, there) = (world.connect(TENANT, "ada", &set).await, world.connect(OTHER, "ada", &set).await);
    let page = login(TENANT, "ada/bakery").derived_from(here);
    (here, world.vault.connect_derived(page).await.unwrap().id, there)
}

#[tokio::test]
async fn a_removed_app_ends_the_account_in_every_tenant() {
    let world = World::with_app();
    let (here, page, there) = shared(&world).await;
    let bystander = world.person("bob").await;
    let link = Link::new(page, pages(&["1"]), user("ada"));
    world.vault.connect_assets(TENANT, link).await.unwrap();
    for (tenant, connection) in [(TENANT, here), (TENANT, page), (OTHER, there)] {
        world.vault.resolve(tenant, connection).await.unwrap();
    }
    let callbacks = world.vault.callbacks(world.store.clone());
    let ended = callbacks.deauthorized(&account("ada")).await.unwrap();
    let told: Vec<_> = ended.iter().map(|one| (one.tenant, one.connection)).collect();
    assert_eq!(told, [(TENANT, here), (OTHER, there)]);
    assert_eq!(ended[0].assets.iter().map(|asset| asset.key.clone()).collect::<Vec<_>>(), [page_key("1")]);

    for (tenant, connection) in [(TENANT, here), (TENANT, page), (OTHER, there)] {
        let error = refusal(&world.vault, tenant, connection).await;
        assert_eq!(error.unusable(), Some(Unusable::Revoked));
        assert_eq!(world.store.peek((tenant, connection)).unwrap().sealed, None);
    }
    world.vault.resolve(TENANT, bystander).await.unwrap();
    assert_eq!(
        world.store.take_revocations(9, Duration::ZERO).await.unwrap(),
        [],
        "there is no grant any more"
    );
    let events = world.store.take_events(9, Duration::from_secs(60)).await.unwrap();
    assert!(events.iter().all(|event| event.kind == EventKind::Revoked));
    let mut named: Vec<_> = events.iter().map(|event| (event.tenant, event.connection)).collect();
    named.sort_unstable();
    let mut expected = [(TENANT, here), (TENANT, page), (OTHER, there)];
    expected.sort_unstable();
    assert_eq!(named, expected);
    let revoked = (AuditAction::Revoked, AuditActor::Provider);
    assert_eq!(world.audited(OTHER).await.last(), Some(&revoked));
    assert_eq!(callbacks.deauthorized(&account("ada")).await.unwrap(), [], "once is enough");
    assert_eq!(callbacks.deauthorized(&account("nobody")).await.unwrap(), []);
}

#[tokio::test]
async fn one_tenant_that_cannot_be_written_does_not_spare_the_others() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let connections = [(TENANT, "ada"), (OTHER, "ada")].map(|(tenant, user)| login(tenant, user));
    for new in connections {
        vault.connect(new, &tokens("EAAB")).await.unwrap();
    }
    let callbacks = vault.callbacks(store.clone());
    store.fail("retire", Fault::NothingDone, 1);
    assert_eq!(callbacks.deauthorized(&account("ada")).await.unwrap_err().kind(), ErrorKind::Unavailable);
    let left = callbacks.deauthorized(&account("ada")).await.unwrap();
    assert_eq!(left.iter().map(|one| one.tenant).collect::<Vec<_>>(), [TENANT], "the other had ended");
}

#[tokio::test]
async fn an_erased_account_is_gone_from_memory_as_well() {
    let world = World::with_app();
    let (here, page, there) = shared(&world).await;
    let all = [(TENANT, here), (TENANT, page), (OTHER, there)];
    for (tenant, connection) in all {
        world.vault.resolve(tenant, connection).await.unwrap();
    }
    let callbacks = world.vault.callbacks(world.store.clone());
    let mut erased = callbacks.erase_account(&account("ada"), AuditActor::Provider).await.unwrap();
    erased.sort_unstable();
    let mut expected = all.to_vec();
    expected.sort_unstable();
    assert_eq!(erased, expected);
    for (tenant, connection) in all {
        assert_eq!(refusal(&world.vault, tenant, connection).await.kind(), ErrorKind::NotFound);
    }
    assert_eq!(callbacks.erase_account(&account("ada"), AuditActor::Provider).await.unwrap(), []);
}

#[tokio::test]
async fn an_erasure_whose_answer_was_lost_leaves_nothing_in_memory() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let connection = vault.connect(login(TENANT, "ada"), &tokens("EAAB")).await.unwrap().id;
    assert_eq!(token(&vault, TENANT, connection).await, "EAAB");
    store.fail("erase_account", Fault::AnswerLost, 1);
    let callbacks = vault.callbacks(store.clone());
    callbacks.erase_account(&account("ada"), AuditActor::Provider).await.unwrap_err();
    assert_eq!(refusal(&vault, TENANT, connection).await.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_erased_tenant_leaves_neither_tokens_nor_keys_in_memory() {
    let world = World::new();
    let gone = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let kept = world.connect(OTHER, "u", &tokens("EAAB-2")).await;
    for (tenant, connection) in [(TENANT, gone), (OTHER, kept)] {
        world.vault.resolve(tenant, connection).await.unwrap();
    }
    let row = world.stored(gone);
    let operator = AuditActor::Operator("ops".to_owned());
    let callbacks = world.vault.callbacks(world.store.clone());
    assert_eq!(callbacks.erase_tenant(TENANT, operator).await.unwrap(), 1);
    assert_eq!(refusal(&world.vault, TENANT, gone).await.kind(), ErrorKind::NotFound);
    assert_eq!(token(&world.vault, OTHER, kept).await, "EAAB-2");

    // The row comes back from a backup, its key does not.
    let again = world.connect(TENANT, "u", &tokens("EAAB-3")).await;
    world.store.overwrite((TENANT, again), |stored| {
        (stored.sealed, stored.generation) = (row.sealed.clone(), row.generation);
    });
    assert_eq!(refusal(&world.vault, TENANT, again).await.seal_fault(), Some(SealFault::Shredded));
}
