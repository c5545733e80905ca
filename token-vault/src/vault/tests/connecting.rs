//! Logins and renewed token sets on their way in.

use super::*;

#[tokio::test]
async fn what_is_put_in_comes_out() {
    let world = World::new();
    let set = tokens("EAAB-1").with_scopes(ScopeSet::parse("pages_show_list"));
    let requested = ScopeRequest::new(ScopeSet::parse("pages_show_list email"));
    let login = login(TENANT, "u").with_display_name("Ada").with_connected_by("user-7");
    let connection = world.vault.connect(login.with_requested(requested), &set).await.unwrap();
    assert_eq!(connection.state, ConnectionState::Connected);
    assert_eq!(connection.details.display_name.as_deref(), Some("Ada"));
    assert_eq!(connection.details.connected_by.as_deref(), Some("user-7"));
    assert_eq!(connection.token.scopes, Some(ScopeSet::parse("pages_show_list")));
    assert_eq!(connection.missing_scopes(), Some(ScopeSet::parse("email")));

    let resolved = world.vault.resolve(TENANT, connection.id).await.unwrap();
    assert_eq!(resolved.token.expose(), "EAAB-1");
    assert_eq!(resolved.expiry, set.expiry());
    assert_eq!(resolved.kind, TokenKind::MetaUserLong);
    assert_eq!(resolved.warnings, []);
    let again = world.vault.resolve(TENANT, connection.id).await.unwrap();
    assert!(Arc::ptr_eq(&resolved.token, &again.token));
}

#[tokio::test]
async fn an_account_connected_again_keeps_its_connection() {
    let world = World::new();
    let first = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-1");
    world.vault.disconnect(TENANT, first).await.unwrap();

    assert_eq!(world.connect(TENANT, "u", &tokens("EAAB-2")).await, first);
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-2");
    assert_ne!(world.connect(TENANT, "v", &tokens("EAAB-3")).await, first);
    let elsewhere = world.connect(OTHER, "u", &tokens("EAAB-4")).await;
    assert_eq!(token(&world.vault, OTHER, elsewhere).await, "EAAB-4");
    assert_eq!(token(&world.vault, TENANT, first).await, "EAAB-2");
}

#[tokio::test]
async fn another_tenants_connection_is_told_apart_from_none_by_nothing() {
    let world = World::new();
    let connection = world.connect(OTHER, "u", &tokens("EAAB")).await;
    world.vault.resolve(OTHER, connection).await.unwrap();
    let nowhere = ConnectionId::from_bytes([9; 16]);
    let foreign = refusal(&world.vault, TENANT, connection).await;
    let unknown = refusal(&world.vault, TENANT, nowhere).await;
    assert_eq!(foreign.kind(), ErrorKind::NotFound);
    assert_eq!(format!("{foreign:?}"), format!("{unknown:?}"));

    assert_eq!(world.vault.disconnect(TENANT, connection).await.unwrap_err().kind(), ErrorKind::NotFound);
    let put = world.vault.put(TENANT, connection, &tokens("mine")).await.unwrap_err();
    assert_eq!(put.kind(), ErrorKind::NotFound);
    assert_eq!(token(&world.vault, OTHER, connection).await, "EAAB");
}

#[tokio::test]
async fn a_new_token_is_served_at_once() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-1");
    let stored = world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(stored.version, Version::new(1), "a renewal is no change of the details");
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_writers_lose_nothing() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-0")).await;
    let writers: Vec<_> = (1..=3)
        .map(|n| {
            let vault = world.process(KEY);
            tokio::spawn(async move { vault.put(TENANT, connection, &tokens(&format!("EAAB-{n}"))).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let record = world.store.read(TENANT, connection).await.unwrap().unwrap();
    assert_eq!(record.generation, Generation::new(4));
    assert_eq!(record.revision.get(), 4);
    assert!(token(&world.process(KEY), TENANT, connection).await.starts_with("EAAB-"));
}

#[tokio::test]
async fn a_login_is_looked_at_again_before_anybody_must_act() {
    let world = World::new();
    let due = async |user: &str, set: &TokenSet| {
        world.vault.connect(login(TENANT, user), set).await.unwrap().due_at.unwrap()
    };
    // Nobody can renew it: the next thing to do is to tell the person, 14 days ahead.
    assert_eq!(due("long", &tokens("EAAB")).await, at(46 * DAY));
    let hour = tokens("EAAB").with_expiry(Expiry::At(at(3600)));
    assert_eq!(due("hour", &hour).await, at(3540), "when it is not handed out any more");
    let endless = tokens("EAAB").with_expiry(Expiry::Never);
    let daily = due("endless", &endless).await;
    assert!(daily > at(DAY * 9 / 10 - 1) && daily < at(DAY * 11 / 10), "{daily}");
    // The app can try to extend it before the person is told.
    let world = World::with_app();
    let due = world.vault.connect(login(TENANT, "u"), &tokens("EAAB")).await.unwrap().due_at.unwrap();
    assert!(due > at(44 * DAY - 1) && due < at(45 * DAY + 1), "{due}");
}

#[tokio::test]
async fn a_login_starts_notices_and_the_end_of_the_data_access_anew() {
    let world = World::new();
    let end = Expiry::At(at(90 * DAY));
    let first = login(TENANT, "u").with_data_access_expiry(end);
    let connection = world.vault.connect(first, &tokens("EAAB-1")).await.unwrap();
    assert_eq!(connection.token.data_access_expiry, end);
    let given = Notified::from_stages(crate::NoticeStage::ALL.iter().copied());
    world.store.overwrite((TENANT, connection.id), |row| row.notified = given);
    let again = world.vault.connect(login(TENANT, "u"), &tokens("EAAB-2")).await.unwrap();
    assert_eq!(again.token.data_access_expiry, Expiry::Unknown, "the old end is none of the new login's");
    assert_eq!(world.stored(connection.id).notified, Notified::NONE);
}

#[tokio::test]
async fn what_is_worth_nothing_tomorrow_is_never_stored() {
    let world = World::new();
    let connection = world.connect(OTHER, "u", &tokens("EAAB")).await;
    for kind in [TokenKind::MetaUserShort, TokenKind::MetaApp, TokenKind::LinkedInApp] {
        let set = TokenSet::new("EAAB-short".into(), kind);
        let errors = [
            world.vault.connect(login(TENANT, "u"), &set).await.unwrap_err(),
            world.vault.import_legacy(login(TENANT, "u"), &set).await.unwrap_err(),
            world.vault.put(OTHER, connection, &set).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.refusal()), (ErrorKind::Invalid, Some(Refusal::NeverStored)));
            assert_ne!(error.user_action(), ErrorKind::Invalid.user_action(), "it says what to do instead");
        }
    }
    assert!(world.store.active_key(TENANT).await.unwrap().is_none(), "not even a data key was made");
    assert_eq!(token(&world.vault, OTHER, connection).await, "EAAB");
}

#[tokio::test]
async fn a_login_with_another_account_does_not_take_the_place_of_a_connection() {
    let world = World::new();
    let ada = world.connect(TENANT, "ada", &tokens("EAAB-ada")).await;
    let bob = world.connect(TENANT, "bob", &tokens("EAAB-bob")).await;
    world.vault.mark_needs_reauth(TENANT, ada, ReauthReason::PasswordChanged).await.unwrap();
    let audited = world.audited(TENANT).await;
    for wrong in ["bob", "eve"] {
        let new = login(TENANT, wrong).replacing(ada);
        let error = world.vault.connect(new, &tokens("EAAB-wrong")).await.unwrap_err();
        assert_eq!((error.kind(), error.refusal()), (ErrorKind::Conflict, Some(Refusal::AccountMismatch)));
    }
    assert_eq!(world.audited(TENANT).await, audited, "nothing was stored");
    assert_eq!(token(&world.vault, TENANT, bob).await, "EAAB-bob");
    for (tenant, nowhere) in [(TENANT, ConnectionId::from_bytes([9; 16])), (OTHER, ada)] {
        let new = login(tenant, "ada").replacing(nowhere);
        let error = world.vault.connect(new, &tokens("EAAB")).await.unwrap_err();
        assert_eq!((error.kind(), error.refusal()), (ErrorKind::NotFound, None));
    }
    let right = login(TENANT, "ada").replacing(ada);
    assert_eq!(world.vault.connect(right, &tokens("EAAB-new")).await.unwrap().id, ada);
    assert_eq!(token(&world.vault, TENANT, ada).await, "EAAB-new");
    assert_ne!(world.connect(TENANT, "eve", &tokens("EAAB-eve")).await, ada, "as a new one it may come");
}

#[tokio::test]
async fn a_login_that_grants_something_else_says_so_in_the_audit() {
    let world = World::new();
    let connect = async |scopes: Option<&str>| {
        let set = scopes.map_or(tokens("EAAB"), |scopes| tokens("EAAB").with_scopes(ScopeSet::parse(scopes)));
        world.vault.connect(login(TENANT, "u"), &set).await.unwrap().token.scopes
    };
    let granted = connect(Some("email pages_show_list")).await;
    assert_eq!(connect(None).await, granted, "a provider that does not repeat them has not changed them");
    connect(Some("pages_show_list email")).await;
    connect(Some("email")).await;
    connect(Some("email read_insights")).await;
    let actions: Vec<_> = world.audited(TENANT).await.into_iter().map(|(action, _)| action).collect();
    let (again, changed) = (AuditAction::Reconnected, AuditAction::ScopesChanged);
    let expected = [
        AuditAction::Connected,
        again.clone(),
        again.clone(),
        again.clone(),
        changed.clone(),
        again,
        changed,
    ];
    assert_eq!(actions, expected);
    assert_eq!(world.told(TENANT).await, [], "the person was there and saw it");
}
