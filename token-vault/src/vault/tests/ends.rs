//! Connections that lose their grant, or end.

use super::*;

#[tokio::test]
async fn a_reason_learnt_elsewhere_stops_the_token_but_revives_nothing() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB");
    let reason = ReauthReason::AppRemoved;
    let changed = world.vault.mark_needs_reauth(TENANT, connection, reason).await.unwrap();
    assert_eq!(changed.state, ConnectionState::NeedsReauth(reason));
    let error = refusal(&world.vault, TENANT, connection).await;
    assert_eq!(error.to_string(), "the account must be connected again: the app was removed");

    world.vault.disconnect(TENANT, connection).await.unwrap();
    let unchanged = world.vault.mark_needs_reauth(TENANT, connection, reason).await.unwrap();
    assert_eq!(unchanged.state, ConnectionState::Disconnected);
}

#[tokio::test]
async fn a_disconnect_that_failed_is_told_and_may_be_repeated() {
    let world = World::new();
    for fault in [Fault::NothingDone, Fault::AnswerLost] {
        let (store, vault) = faulty(&world);
        let connection = vault.connect(login(TENANT, "u"), &tokens("EAAB")).await.unwrap().id;
        assert_eq!(token(&vault, TENANT, connection).await, "EAAB");
        store.fail("retire", fault, 1);
        let error = vault.disconnect(TENANT, connection).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (ErrorKind::Unavailable, "the store does not answer".to_owned())
        );
        let gone = vault.resolve(TENANT, connection).await.is_err();
        assert_eq!(gone, fault == Fault::AnswerLost, "what is stored is what counts, not what is in memory");
        vault.disconnect(TENANT, connection).await.unwrap();
        assert_eq!(refusal(&vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
        assert!(world.store.read(TENANT, connection).await.unwrap().unwrap().sealed.is_none());
    }
}

#[tokio::test]
async fn a_disconnect_takes_along_what_is_derived_from_it() {
    let world = World::new();
    let person = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let page = login(TENANT, "u/page").derived_from(person);
    let page = world.vault.connect(page, &tokens("EAAP")).await.unwrap();
    assert_eq!(page.parent, Some(person));
    let deeper = login(TENANT, "u/page/ig").derived_from(page.id);
    let deeper = world.vault.connect(deeper, &tokens("EAAI")).await.unwrap().id;
    let other = world.connect(TENANT, "v", &tokens("EAAB-v")).await;
    for id in [page.id, deeper] {
        world.vault.resolve(TENANT, id).await.unwrap();
    }
    world.vault.disconnect(TENANT, person).await.unwrap();
    for id in [person, page.id, deeper] {
        assert_eq!(refusal(&world.vault, TENANT, id).await.kind(), ErrorKind::Reauthorize);
        assert!(world.store.read(TENANT, id).await.unwrap().unwrap().sealed.is_none());
    }
    assert_eq!(token(&world.vault, TENANT, other).await, "EAAB-v");

    let again = login(TENANT, "u/page").derived_from(person);
    let error = world.vault.connect(again, &tokens("EAAP")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert!(error.to_string().contains("gives access to it"), "{error}");
}

async fn waiting(world: &World) -> Vec<ConnectionId> {
    let waiting = world.store.take_revocations(9, Duration::from_secs(60)).await.unwrap();
    waiting.into_iter().map(|one| one.connection).collect()
}

#[tokio::test]
async fn a_disconnect_says_who_did_it_and_what_it_leaves_behind() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let page = login(TENANT, "ada/bakery").derived_from(person);
    let page = world.vault.connect_derived(page).await.unwrap().id;
    for (connection, id) in [(person, "1"), (page, "2")] {
        let link = Link::new(connection, pages(&[id]), user("ada"));
        world.vault.connect_assets(TENANT, link).await.unwrap();
    }
    let left = world.vault.disconnect(TENANT, person).by(user("bob")).await.unwrap();
    let keys: Vec<_> = left.assets.into_iter().map(|asset| asset.key).collect();
    assert_eq!(keys, [page_key("2"), page_key("1")]);
    let gone: Vec<_> =
        world.audited(TENANT).await.into_iter().filter(|(_, actor)| *actor == user("bob")).collect();
    let count = |action| gone.iter().filter(|(one, _)| *one == action).count();
    assert_eq!((count(AuditAction::Disconnected), count(AuditAction::AssetUnlinked)), (2, 2));
    let again = world.vault.disconnect(TENANT, person).by(user("eve")).await.unwrap();
    assert_eq!(again.assets, []);
    assert!(world.audited(TENANT).await.iter().all(|(_, actor)| *actor != user("eve")), "nothing happened");
}

#[tokio::test]
async fn a_grant_waits_to_be_withdrawn_where_somebody_can_withdraw_it() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let page = login(TENANT, "ada/bakery").derived_from(person);
    world.vault.connect_derived(page).await.unwrap();
    let mut elsewhere = login(TENANT, "ada");
    elsewhere.account.app_id = "unknown app".to_owned();
    let elsewhere = world.vault.connect(elsewhere, &tokens("EAAB")).await.unwrap().id;
    for connection in [person, elsewhere] {
        world.vault.disconnect(TENANT, connection).await.unwrap();
    }
    assert_eq!(waiting(&world).await, [person], "a Page has no grant of its own");
}

#[tokio::test]
async fn what_the_provider_ended_is_not_disconnected_again() {
    let world = World::with_app();
    let person = world.person("ada").await;
    let account = Account::new(ProviderId::FACEBOOK, "app", "ada");
    world.vault.callbacks(world.store.clone()).deauthorized(&account).await.unwrap();
    world.vault.disconnect(TENANT, person).await.unwrap();
    assert_eq!(world.stored(person).state, ConnectionState::Revoked);
    assert_eq!(world.told(TENANT).await, [EventKind::Revoked]);
}

#[tokio::test]
async fn a_connection_that_cannot_be_read_can_be_ended() {
    let world = World::with_app();
    let person = world.person("ada").await;
    assert!(world.store.spoil(TENANT, person));
    assert_eq!(world.vault.health(TENANT, person).await.unwrap_err().kind(), ErrorKind::Decode);
    world.vault.disconnect(TENANT, person).await.unwrap();
    assert_eq!(world.stored(person).sealed, None);
    assert_eq!(waiting(&world).await, [], "nobody knows whose grant it is");
}

#[tokio::test]
async fn a_store_that_is_away_ends_nothing() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let connection = vault.connect(login(TENANT, "u"), &tokens("EAAB")).await.unwrap().id;
    for method in ["children", "read", "retire"] {
        store.fail(method, Fault::NothingDone, 1);
        assert_eq!(vault.disconnect(TENANT, connection).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert!(world.stored(connection).sealed.is_some(), "{method}");
    }
    vault.disconnect(TENANT, connection).await.unwrap();
}
