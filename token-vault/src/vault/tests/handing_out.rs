//! Tokens on their way out, as the rest of a product sees it.

use super::*;

#[tokio::test]
async fn a_token_at_its_end_sends_the_person_to_the_login() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    world.advance(60 * DAY - 61);
    world.vault.resolve(TENANT, connection).await.unwrap();
    world.advance(1);
    let error = refusal(&world.vault, TENANT, connection).await;
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(error.to_string(), "the account must be connected again: access has ended");
    assert_eq!(error.user_action(), "send the person through the login again");
}

#[tokio::test]
async fn a_token_without_an_end_is_served_for_ever() {
    let world = World::new();
    for (user, expiry) in [("page", Expiry::Never), ("unknown", Expiry::Unknown)] {
        let set = TokenSet::new(user.into(), TokenKind::MetaPage).with_expiry(expiry);
        let connection = world.connect(TENANT, user, &set).await;
        world.advance(1_000 * DAY);
        let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
        assert_eq!((resolved.expiry, resolved.warnings.is_empty()), (expiry, true));
    }
}

#[tokio::test]
async fn warnings_come_before_the_end() {
    let world = World::new();
    let end = Timestamp::from_unix_seconds(START + 60 * DAY);
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let mut now = 0;
    for (day, expected) in [(45, vec![]), (46, vec![Warning::EndsSoon { at: end }])] {
        world.advance((day - now) * DAY);
        now = day;
        let warnings = world.vault.resolve(TENANT, connection).await.unwrap().warnings;
        assert_eq!(warnings.iter().collect::<Vec<_>>(), expected, "day {day}");
    }
}

#[tokio::test]
async fn a_disconnect_is_immediate_here_and_within_the_staleness_elsewhere() {
    let world = World::new();
    let elsewhere = world.process(KEY);
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    for vault in [&world.vault, &elsewhere] {
        assert_eq!(token(vault, TENANT, connection).await, "EAAB");
    }
    world.vault.disconnect(TENANT, connection).await.unwrap();
    assert_eq!(refusal(&world.vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
    assert!(world.store.read(TENANT, connection).await.unwrap().unwrap().sealed.is_none());

    world.advance(9);
    assert_eq!(token(&elsewhere, TENANT, connection).await, "EAAB");
    world.advance(1);
    let error = refusal(&elsewhere, TENANT, connection).await;
    assert_eq!(error.to_string(), "the account must be connected again: it was disconnected");
    world.vault.disconnect(TENANT, connection).await.unwrap();
}

#[tokio::test]
async fn zero_staleness_looks_every_time() {
    let world = World::new();
    let keys = DataKeys::new(Arc::new(LocalKeys::parse(KEY).unwrap()), world.store.clone());
    let vault = Vault::builder(world.store.clone(), keys)
        .timer(Arc::new(world.clock.clone()))
        .max_staleness(Duration::ZERO)
        .build()
        .unwrap();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&vault, TENANT, connection).await, "EAAB-1");
    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(token(&vault, TENANT, connection).await, "EAAB-2");
}

#[tokio::test]
async fn one_refusal_warns_and_a_later_one_ends_it() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let source = world.vault.token_source(TENANT, connection);
    let used = source.token().await.unwrap();
    for wait in [0, 30, 29] {
        world.advance(wait);
        source.reject(&used).await;
        let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
        assert_eq!(resolved.warnings, [Warning::Refused]);
    }
    world.advance(1);
    source.reject(&used).await;
    let error = source.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reauthorize);
    assert_eq!(
        error.to_string(),
        "the account must be connected again: the provider no longer accepts the token"
    );

    world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    source.reject(&used).await;
    let resolved = world.vault.resolve(TENANT, connection).await.unwrap();
    assert_eq!((resolved.token.expose(), resolved.warnings.is_empty()), ("EAAB-2", true));
}

#[tokio::test]
async fn a_refusal_from_long_ago_does_not_count() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB")).await;
    let used = AccessToken::new("EAAB");
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    world.advance(DAY);
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB");
    world.advance(60);
    world.vault.reject(TENANT, connection, &used).await.unwrap();
    assert_eq!(refusal(&world.vault, TENANT, connection).await.kind(), ErrorKind::Reauthorize);
}

#[tokio::test]
async fn no_secret_is_printed_or_reaches_the_store_in_clear() {
    let world = World::new();
    let (store, vault) = faulty(&world);
    let set = tokens("CANARY-access").with_refresh(RefreshToken::new("CANARY-refresh"), Expiry::Never);
    let connection = vault.connect(login(TENANT, "u"), &set).await.unwrap();
    let resolved = vault.resolve(TENANT, connection.id).await.unwrap();
    let source = vault.token_source(TENANT, connection.id);
    let record = world.store.read(TENANT, connection.id).await.unwrap().unwrap();
    let sealed = record.sealed.clone().unwrap();
    for bytes in [sealed.access.as_bytes(), sealed.refresh.as_ref().unwrap().as_bytes()] {
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"));
    }
    let mut texts = vec![
        format!("{vault:?} {resolved:?} {source:?} {connection:?} {record:?} {:?} {store:?}", world.store),
        format!("{:?}", world.store.active_key(TENANT).await.unwrap()),
        format!("{:?}", world.store.query(TENANT, AuditQuery::latest(9)).await.unwrap()),
        serde_json::to_string(&connection).unwrap(),
    ];
    store.fail("commit_success", Fault::NothingDone, 1);
    let error = vault.put(TENANT, connection.id, &set).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    vault.disconnect(TENANT, connection.id).await.unwrap();
    let error = source.token().await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    for text in texts {
        assert!(!text.contains("CANARY") && !text.contains("67, 65, 78"), "{text}");
        assert!(!text.contains(KEY), "{text}");
    }
}
