//! Token sets that somebody else renewed.

use super::*;

#[tokio::test]
async fn a_set_renewed_elsewhere_does_not_bring_back_what_has_ended() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    world.vault.disconnect(TENANT, connection).await.unwrap();
    let error = world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::Disconnected));
    assert_eq!(world.stored(connection).sealed, None);
    assert_eq!(world.connect(TENANT, "u", &tokens("EAAB-3")).await, connection, "a login does");
    world.vault.put(TENANT, connection, &tokens("EAAB-4")).await.unwrap();
    assert_eq!(token(&world.vault, TENANT, connection).await, "EAAB-4");
}

#[tokio::test]
async fn a_set_renewed_elsewhere_heals_and_tells() {
    let world = World::new();
    let connection = world.connect(TENANT, "u", &tokens("EAAB-1")).await;
    let reason = ReauthReason::TokenRejected;
    world.vault.mark_needs_reauth(TENANT, connection, reason).await.unwrap();
    let healed = world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(healed.state, ConnectionState::Connected);
    assert_eq!(world.told(TENANT).await, [EventKind::NeedsReauth { reason }, EventKind::Recovered]);
    let actions: Vec<_> = world.audited(TENANT).await.into_iter().map(|(action, _)| action).collect();
    let (refreshed, changed) = (AuditAction::Refreshed, AuditAction::StateChanged);
    assert_eq!(actions, [AuditAction::Connected, changed.clone(), refreshed, changed]);
}

#[tokio::test]
async fn a_set_renewed_elsewhere_keeps_what_it_does_not_tell() {
    let world = World::new();
    let data_access = Expiry::At(at(90 * DAY));
    let set = tokens("EAAB-1").with_scopes(ScopeSet::parse("email read_insights"));
    let new = login(TENANT, "u").with_data_access_expiry(data_access);
    let connection = world.vault.connect(new, &set).await.unwrap().id;
    let given = Notified::from_stages([crate::NoticeStage::TokenIn14Days]);
    world.store.overwrite((TENANT, connection), |row| row.notified = given);

    let same_end = world.vault.put(TENANT, connection, &tokens("EAAB-2")).await.unwrap();
    assert_eq!(same_end.token.data_access_expiry, data_access);
    assert_eq!(same_end.token.scopes, set.scopes().cloned());
    assert_eq!(world.stored(connection).notified, given, "the end has not moved");
    assert_eq!(same_end.due_at, Some(at(53 * DAY)), "the next notice is the one a week before");

    let later = tokens("EAAB-3").with_expiry(Expiry::At(at(80 * DAY))).with_scopes(ScopeSet::parse("email"));
    let moved = world.vault.put(TENANT, connection, &later).await.unwrap();
    assert_eq!(world.stored(connection).notified, Notified::NONE);
    assert_eq!(moved.due_at, Some(at(66 * DAY)));
    assert_eq!(world.told(TENANT).await, [EventKind::ScopesLost { lost: ScopeSet::parse("read_insights") }]);
}

#[tokio::test]
async fn linkedins_refresh_token_never_lives_longer_than_at_the_login() {
    let world = World::new();
    let set = |access: i64, refresh: i64| {
        TokenSet::new("AQX".into(), TokenKind::LinkedInMember)
            .with_expiry(Expiry::At(at(access * DAY)))
            .with_refresh(RefreshToken::new("AQR"), Expiry::At(at(refresh * DAY)))
    };
    let connection = world.connect(TENANT, "m", &set(60, 365)).await;
    world.advance(350 * DAY);
    let renewed = world.vault.put(TENANT, connection, &set(410, 715)).await.unwrap();
    let last = Expiry::At(at(365 * DAY));
    assert_eq!((renewed.token.expiry, renewed.token.refresh_expiry), (last, last));
}
