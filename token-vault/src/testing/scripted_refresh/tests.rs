use sociogram_api_core::testing::ManualClock;

use super::*;

const GRACE: Duration = Duration::from_secs(10);

fn provider(rotation: Rotation) -> (Arc<ScriptedRefresh>, ManualClock) {
    let clock = ManualClock::default();
    (ScriptedRefresh::new(rotation, Arc::new(clock.clone())), clock)
}

#[tokio::test]
async fn a_strict_provider_takes_a_refresh_token_once_and_ends_the_grant_at_the_second_time() {
    let (provider, _clock) = provider(Rotation::Strict);
    let first = provider.log_in(TokenKind::Generic, "u");
    let second = provider.refresh(&first).await.unwrap();
    assert!(provider.accepts(second.access().expose()));
    assert!(provider.awaits(second.refresh().unwrap().expose()));
    assert!(!provider.awaits(first.refresh().unwrap().expose()));

    let error = provider.refresh(&first).await.unwrap_err();
    assert_eq!(error.reauth_reason(), Some(ReauthReason::GrantRevoked));
    assert!(!provider.accepts(second.access().expose()));
    assert!(provider.refresh(&second).await.is_err());
    assert_eq!((provider.resent(), provider.reused(), provider.calls(Call::Refresh)), (1, 1, 3));
    assert_eq!(provider.reused_early(), 1);
}

#[tokio::test]
async fn a_provider_with_grace_takes_it_twice_for_a_while() {
    let (provider, clock) = provider(Rotation::Grace(GRACE));
    let first = provider.log_in(TokenKind::Generic, "u");
    provider.refresh(&first).await.unwrap();
    clock.advance(GRACE.saturating_sub(Duration::from_millis(1)));
    assert!(provider.refresh(&first).await.is_ok());
    assert_eq!((provider.resent(), provider.reused()), (1, 0));
    clock.advance(Duration::from_millis(1));
    assert!(provider.refresh(&first).await.is_err());
    assert_eq!((provider.resent(), provider.reused()), (2, 1));
}

#[tokio::test]
async fn what_is_sent_twice_with_nothing_to_lose_is_not_early() {
    let (provider, clock) = provider(Rotation::Strict);
    let first = provider.log_in(TokenKind::Generic, "u");
    provider.refresh(&first).await.unwrap();
    clock.advance(Duration::from_secs(3540));
    provider.refresh(&first).await.unwrap_err();
    assert_eq!((provider.reused(), provider.reused_early()), (1, 0));
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let (provider, _clock) = provider(Rotation::None);
    let first = provider.log_in(TokenKind::LinkedInMember, "u");
    let second = provider.refresh(&first).await.unwrap();
    let third = provider.refresh(&first).await.unwrap();
    assert_eq!(second.refresh().unwrap().expose(), first.refresh().unwrap().expose());
    assert_ne!(third.access().expose(), second.access().expose());
    assert_eq!(provider.resent(), 0);
}

#[tokio::test]
async fn a_lost_answer_has_taken_effect_and_an_error_has_not() {
    let (provider, _clock) = provider(Rotation::Strict);
    let first = provider.log_in(TokenKind::Generic, "u");
    provider.plan(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    provider.plan(Call::Refresh, Answer::Lost);
    let kinds = [provider.refresh(&first).await, provider.refresh(&first).await];
    let kinds = kinds.map(|outcome| outcome.unwrap_err().kind());
    assert_eq!(kinds, [RefreshErrorKind::Transient, RefreshErrorKind::InDoubt]);
    assert!(!provider.awaits(first.refresh().unwrap().expose()));
    assert_eq!(provider.resent(), 0);
}

#[tokio::test]
async fn a_page_dies_with_the_person() {
    let (provider, _clock) = provider(Rotation::None);
    let person = provider.log_in(TokenKind::MetaUserLong, "u");
    let page = provider.derive(&person, "page").await.unwrap();
    assert!(matches!(provider.check(&page).await.unwrap(), TokenCheck::Good(_)));
    provider.withdraw("u", ReauthReason::PasswordChanged);
    let dead = TokenCheck::Dead(ReauthReason::PasswordChanged);
    assert_eq!(provider.check(&page).await.unwrap(), dead);
    assert!(provider.derive(&person, "page").await.is_err());
}

#[tokio::test]
async fn an_end_that_does_not_move_is_given_again() {
    let (provider, clock) = provider(Rotation::None);
    let first = provider.log_in(TokenKind::MetaUserLong, "u");
    clock.advance(Duration::from_secs(60));
    provider.set_extends(false);
    assert_eq!(provider.refresh(&first).await.unwrap().expiry(), first.expiry());
    provider.set_extends(true);
    assert_ne!(provider.refresh(&first).await.unwrap().expiry(), first.expiry());
    clock.advance(Duration::from_secs(3600));
    let ended = provider.refresh(&first).await.unwrap_err();
    assert_eq!(ended.reauth_reason(), Some(ReauthReason::GrantExpired));
    assert!(!provider.accepts(first.access().expose()));
}

#[tokio::test]
async fn answers_are_held_back_until_they_are_let_go() {
    let (provider, _clock) = provider(Rotation::None);
    let first = provider.log_in(TokenKind::Generic, "u");
    provider.hold();
    let call = tokio::spawn({
        let (provider, first) = (Arc::clone(&provider), first.clone());
        async move { provider.refresh(&first).await }
    });
    provider.has_arrived(Call::Refresh, 1).await;
    tokio::task::yield_now().await;
    assert!(!call.is_finished());
    provider.let_go();
    assert!(call.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_withdrawn_grant_is_gone() {
    let (provider, _clock) = provider(Rotation::None);
    let tokens = provider.log_in(TokenKind::Generic, "u");
    assert!(provider.revoke(&tokens).await.unwrap());
    assert!(!provider.accepts(tokens.access().expose()));
    provider.plan(Call::Revoke, Answer::NoRevocation);
    assert!(!provider.revoke(&tokens).await.unwrap());
}
