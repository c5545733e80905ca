//! Tokens from before the login.

use super::*;

async fn import(world: &World, user: &str) -> ConnectionId {
    let new = login(TENANT, user).with_connected_by("user-7");
    world.vault.import_legacy(new, &tokens("EAAB-old")).await.unwrap().id
}

async fn legacy(vault: &Vault) -> Vec<ConnectionId> {
    vault.legacy_connections(TENANT).await.unwrap().into_iter().map(|one| one.id).collect()
}

#[tokio::test]
async fn a_pasted_token_is_marked_until_the_account_is_connected_by_a_login() {
    let world = World::new();
    let pasted = login(TENANT, "u").with_display_name("Ada").with_connected_by("user-7");
    let pasted = world.vault.import_legacy(pasted, &tokens("EAAB-old")).await.unwrap();
    assert_eq!(pasted.details.origin, Origin::Legacy);
    assert_eq!(world.audited(TENANT).await, [(AuditAction::Imported, user("user-7"))]);
    let resolved = world.vault.resolve(TENANT, pasted.id).await.unwrap();
    assert_eq!(
        (resolved.token.expose(), resolved.warnings),
        ("EAAB-old", [Warning::Legacy].into_iter().collect())
    );
    assert_eq!(legacy(&world.vault).await, [pasted.id]);

    let connected = world.vault.connect(login(TENANT, "u"), &tokens("EAAB-new")).await.unwrap();
    assert_eq!((connected.id, connected.details.origin), (pasted.id, Origin::OAuth));
    assert_eq!(connected.details.display_name.as_deref(), Some("Ada"), "what a login does not tell stays");
    assert_eq!(legacy(&world.vault).await, []);
}

#[tokio::test]
async fn a_pasted_token_does_not_take_the_place_of_a_login() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-new")).await;
    let error = world.vault.import_legacy(login(TENANT, "u"), &tokens("EAAB-old")).await.unwrap_err();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::Conflict, Some(Refusal::ConnectedByLogin)));
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-new");
    world.vault.disconnect(TENANT, connection).await.unwrap();
    assert_eq!(import(&world, "u").await, connection, "once it has ended it may");
    import(&world, "u").await;
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-old");
}

#[tokio::test]
async fn a_vault_that_requires_logins_takes_and_hands_out_no_pasted_tokens() {
    let world = World::new();
    let pasted = import(&world, "u").await;
    let strict = world.with(|builder| builder.require_oauth(true));
    let refused = [
        refusal(&strict, TENANT, pasted).await,
        strict.import_legacy(login(TENANT, "v"), &tokens("EAAB-old")).await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.unusable(), Some(Unusable::OAuthRequired));
    }
    assert_eq!(legacy(&strict).await, [pasted], "it is kept, and listed");
    assert_eq!(token(&world.vault, TENANT, pasted).await, "EAAB-old");
    strict.connect(login(TENANT, "u"), &tokens("EAAB-new")).await.unwrap();
    assert_eq!(token(&strict, TENANT, pasted).await, "EAAB-new");
}

#[tokio::test]
async fn the_cut_over_stops_every_pasted_token_and_says_so_once() {
    let world = World::new();
    let (first, second) = (import(&world, "u").await, import(&world, "v").await);
    let login = world.connect(TENANT, "w", &tokens("EAAB")).await;
    let gone = import(&world, "x").await;
    world.vault.disconnect(TENANT, gone).await.unwrap();
    world.told(TENANT).await;
    let mut expected = vec![first, second];
    expected.sort_unstable();

    let reason = ReauthReason::LegacyToken;
    for _ in 0..2 {
        let ended = world.vault.end_legacy(TENANT).await.unwrap();
        assert_eq!(ended.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
        assert!(ended.iter().all(|one| one.state == ConnectionState::NeedsReauth(reason)));
    }
    let told = world.told(TENANT).await;
    assert_eq!(told, vec![EventKind::NeedsReauth { reason }; 2]);
    assert_eq!(refusal(&world.vault, TENANT, first).await.unusable(), Some(Unusable::NeedsReauth(reason)));
    assert_eq!(token(&world.vault, TENANT, login).await, "EAAB");
    assert_eq!(world.vault.end_legacy(OTHER).await.unwrap(), []);
}

#[tokio::test]
async fn more_pasted_tokens_than_fit_on_a_page_are_all_found() {
    let world = World::new();
    for number in 0..101 {
        import(&world, &number.to_string()).await;
    }
    assert_eq!(legacy(&world.vault).await.len(), 101);
}

#[tokio::test]
async fn a_pasted_token_is_deleted_like_any_other() {
    let world = World::new();
    let pasted = import(&world, "u").await;
    let error = world.vault.remove(TENANT, pasted, user("ada")).await.unwrap_err();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::Conflict, Some(Refusal::StillConnected)));
    world.vault.disconnect(TENANT, pasted).by(user("ada")).await.unwrap();
    world.vault.remove(TENANT, pasted, user("ada")).await.unwrap();
    assert_eq!(legacy(&world.vault).await, []);
    let error = world.vault.remove(TENANT, pasted, user("ada")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let last = world.audited(TENANT).await.pop();
    assert_eq!(last, Some((AuditAction::Removed, user("ada"))), "the audit stays");
}
