//! What is stored of a new token set.

use sociogram_oauth_core::{Expiry, ReauthReason, ScopeSet, TokenSet};

use super::{failures::in_flight, *};
use crate::{AuditAction, EventKind, NoticeStage, Notified, Retirement};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(start_paused = true)]
async fn everything_about_the_new_token_set_is_stored_in_one_write() {
    let world = World::new(Rotation::Strict);
    world.provider.set_scopes("a b");
    let id = world.due().await;
    world.provider.plan(Call::Refresh, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Transient));
    world.here.renew(id).await.unwrap();
    let before = world.row(id);
    world.here.store.take_calls();
    world.here.force(id).await.unwrap();
    let calls = world.here.store.take_calls();
    assert_eq!(calls.iter().filter(|call| **call == "commit_success").count(), 1, "{calls:?}");
    let row = world.row(id);
    assert_eq!((row.generation, row.state), (before.generation.next(), ConnectionState::Connected));
    assert_eq!((row.failures, row.last_error, row.lease), (0, None, None));
    let now = world.clock.now();
    assert_eq!((row.token.expiry, row.token.issued_at), (Expiry::At(now.saturating_add(LIFE)), Some(now)));
    assert_eq!((row.succeeded_at, row.checked_at), (now, now));
    // An hour's token: twelve to nine minutes ahead.
    let ahead = now.saturating_add(LIFE).saturating_duration_since(row.due_at.unwrap());
    assert!(ahead <= Duration::from_secs(720) && ahead >= Duration::from_secs(540), "{ahead:?}");
    let tokens = world.here.vault.0.open_tokens(TENANT, id, &row).await.unwrap();
    assert!(world.provider.awaits(tokens.refresh().unwrap().expose()));
    let audit = world.audit(id).await;
    assert_eq!(audit.last_chunk(), Some(&[AuditAction::Refreshed, AuditAction::StateChanged]), "{audit:?}");
    assert_eq!(world.events().await, []);
}

#[tokio::test(start_paused = true)]
async fn scopes_that_are_lost_are_told_and_scopes_that_are_not_named_stay() {
    let world = World::new(Rotation::None);
    world.provider.set_scopes("a b c");
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.provider.set_scopes("b c d");
    world.here.force(id).await.unwrap();
    assert_eq!(world.row(id).token.scopes, Some(ScopeSet::parse("b c d")));
    assert_eq!(world.events().await, [EventKind::ScopesLost { lost: ScopeSet::parse("a") }]);
    assert!(world.audit(id).await.contains(&AuditAction::ScopesChanged));
    // More than before is no loss.
    world.provider.set_scopes("b c d e");
    world.here.force(id).await.unwrap();
    assert_eq!(world.events().await, []);
    let changes = world.audit(id).await.into_iter().filter(|action| *action == AuditAction::ScopesChanged);
    assert_eq!(changes.count(), 2);
    let silent = TokenSet::new("silent".into(), TokenKind::Generic);
    world.provider.plan(Call::Refresh, Answer::Tokens(silent));
    world.here.force(id).await.unwrap();
    assert_eq!(world.row(id).token.scopes, Some(ScopeSet::parse("b c d e")));
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_refresh_token_loses_none() {
    for rotation in ROTATIONS {
        let world = World::new(rotation);
        let id = world.log_in(TokenKind::Generic, "u").await;
        for refresh in [None, Some("")] {
            let mut answer = TokenSet::new("new".into(), TokenKind::Generic);
            if let Some(refresh) = refresh {
                answer = answer.with_refresh(refresh.into(), Expiry::Unknown);
            }
            world.provider.plan(Call::Refresh, Answer::Tokens(answer));
            world.here.force(id).await.unwrap();
            let tokens = world.here.vault.0.open_tokens(TENANT, id, &world.row(id)).await.unwrap();
            assert_eq!(tokens.refresh().unwrap().expose(), "scripted-refresh-1", "{rotation:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_linkedin_refresh_token_never_gets_a_later_end() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    let start = world.clock.now();
    let end = start.saturating_add(100 * DAY);
    let login = world.provider.log_in(TokenKind::LinkedInMember, "u");
    let refresh = login.refresh().unwrap().clone();
    let id = world.connect("u", &login.with_refresh(refresh.clone(), Expiry::At(end)), None).await;
    world.pass(54 * DAY).await;
    world.here.renew(id).await.unwrap();
    let row = world.row(id);
    assert_eq!((row.token.refresh_expiry, row.token.expiry), (Expiry::At(end), Expiry::At(end)));
    // Both end together: another one changes nothing.
    world.pass(40 * DAY).await;
    world.here.renew(id).await.unwrap();
    world.here.force(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_not_extended_is_kept() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    // Not before its time, for whomever.
    world.pass(40 * DAY).await;
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 0);
    world.pass(6 * DAY).await;
    world.provider.set_extends(false);
    world.here.renew(id).await.unwrap();
    let row = world.row(id);
    assert_eq!((world.refreshes(), row.generation), (1, Generation::new(1)));
    assert_eq!((row.checked_at, row.state), (world.clock.now(), ConnectionState::Connected));
    assert!(row.lease.is_none_or(|lease| lease.until <= world.clock.now()));
    assert_eq!(world.here.token(id).await, "scripted-access-1");
    world.here.renew(id).await.unwrap();
    assert_eq!(world.refreshes(), 1);
    // A week later it is tried again.
    world.pass(7 * DAY).await;
    world.provider.set_extends(true);
    world.here.renew(id).await.unwrap();
    assert_eq!((world.refreshes(), world.row(id).generation), (2, Generation::new(2)));
    assert_eq!(world.row(id).token.expiry, Expiry::At(world.clock.now().saturating_add(60 * DAY)));
}

#[tokio::test(start_paused = true)]
async fn an_extension_that_fails_worries_nobody() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    let id = world.log_in(TokenKind::MetaUserLong, "u").await;
    world.pass(46 * DAY).await;
    world.provider.always(Call::Refresh, Answer::Error(sociogram_oauth_core::RefreshErrorKind::Transient));
    for _ in 0..10 {
        world.here.force(id).await.unwrap();
    }
    assert_eq!((world.state(id), world.row(id).failures), (ConnectionState::Connected, 10));
    assert_eq!(world.events().await, []);
}

#[tokio::test(start_paused = true)]
async fn notices_are_not_repeated_for_an_end_that_has_not_moved() {
    let world = World::new(Rotation::None);
    world.provider.set_life(60 * DAY);
    let login = world.provider.log_in(TokenKind::LinkedInMember, "u");
    let end = world.clock.now().saturating_add(80 * DAY);
    let refresh = login.refresh().unwrap().clone();
    let id = world.connect("u", &login.with_refresh(refresh, Expiry::At(end)), None).await;
    world.pass(54 * DAY).await;
    let told = Notified::from_stages([NoticeStage::RefreshIn30Days, NoticeStage::TokenIn7Days]);
    world.memory.overwrite((TENANT, id), |row| row.notified = told);
    world.here.renew(id).await.unwrap();
    // The token's end has moved, that of the refresh token has not.
    assert_eq!(world.row(id).notified, Notified::from_stages([NoticeStage::RefreshIn30Days]));
}

#[tokio::test(start_paused = true)]
async fn a_late_success_heals_and_says_so() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    let renewal = in_flight(&world, id).await;
    world.here.vault.mark_needs_reauth(TENANT, id, ReauthReason::GrantRevoked).await.unwrap();
    let told = EventKind::NeedsReauth { reason: ReauthReason::GrantRevoked };
    assert_eq!(world.events().await, [told]);
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    assert_eq!(world.state(id), ConnectionState::Connected);
    assert_eq!(world.here.token(id).await, "scripted-access-2");
    assert_eq!(world.events().await, [EventKind::Recovered]);
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_during_a_renewal_stays_one() {
    for revoked in [false, true] {
        let world = World::new(Rotation::Strict);
        let id = world.due().await;
        let renewal = in_flight(&world, id).await;
        if revoked {
            let notes = crate::Notes::by(crate::AuditActor::Provider);
            let retire = crate::Retire::new(Retirement::Revoked, notes);
            crate::TokenStore::retire(&*world.memory, TENANT, id, retire).await.unwrap();
        } else {
            world.here.vault.disconnect(TENANT, id).await.unwrap();
        }
        world.provider.let_go();
        renewal.await.unwrap().unwrap();
        let row = world.row(id);
        assert!(row.state.is_retired() && row.sealed.is_none(), "{:?}", row.state);
        assert!(world.here.vault.resolve(TENANT, id).await.is_err());
        assert!(world.audit(id).await.contains(&AuditAction::Superseded));
        world.here.force(id).await.unwrap();
        assert_eq!(world.refreshes(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_during_a_renewal_wins() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    let renewal = in_flight(&world, id).await;
    let again = world.provider.log_in(TokenKind::Generic, "u");
    world.connect("u", &again, None).await;
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    assert_eq!(world.here.token(id).await, again.access().expose());
    assert!(world.audit(id).await.contains(&AuditAction::Superseded));
}

#[tokio::test(start_paused = true)]
async fn a_removed_connection_is_not_brought_back() {
    let world = World::new(Rotation::Strict);
    let id = world.due().await;
    let renewal = in_flight(&world, id).await;
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    let notes = crate::Notes::by(crate::AuditActor::Service);
    crate::ConnectionRepo::remove(&*world.memory, TENANT, id, notes).await.unwrap();
    world.provider.let_go();
    renewal.await.unwrap().unwrap();
    assert!(world.memory.peek((TENANT, id)).is_none());
}
