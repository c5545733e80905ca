//! What is in memory, and what must not be.

use std::sync::atomic::{AtomicI64, Ordering};

use sociogram_api_core::{Clock, Timer};

use super::*;
use crate::{NewConnection, VaultBuilder, virtual_clock::VirtualClock};

/// A clock that can be set.
#[derive(Clone, Debug)]
struct Wound(VirtualClock, Arc<AtomicI64>);

impl Clock for Wound {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.now().as_unix_millis() + self.1.load(Ordering::Relaxed))
    }
}

impl Timer for Wound {
    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn within_the_staleness_the_store_is_left_alone() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let first = world.here.get(id).await.unwrap();
    for _ in 0..2 {
        world.here.calls();
        for _ in 0..10 {
            let again = world.here.get(id).await.unwrap();
            assert_eq!(again.token.expose(), first.token.expose());
            world.pass(SECOND).await;
        }
        assert_eq!(world.here.calls(), [""; 0]);
        world.here.get(id).await.unwrap();
        assert_eq!(world.here.calls(), ["read"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_in_memory_once() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let (first, second) = (world.here.get(id).await.unwrap(), world.here.get(id).await.unwrap());
    assert!(Arc::ptr_eq(&first.token, &second.token));
}

#[tokio::test(start_paused = true)]
async fn refusals_are_remembered_as_long_as_tokens() {
    let world = World::new(Rotation::None);
    let strict = world.process_with(world.clock, |builder| builder.require_oauth(true));
    let reason = ReauthReason::PasswordChanged;
    let cases = [
        (ConnectionState::NeedsReauth(reason), &world.here, Unusable::NeedsReauth(reason)),
        (ConnectionState::BlockedByParent, &world.here, Unusable::BlockedByParent),
        (ConnectionState::Revoked, &world.here, Unusable::Revoked),
        (ConnectionState::Disconnected, &world.here, Unusable::Disconnected),
        (ConnectionState::Connected, &strict, Unusable::OAuthRequired),
    ];
    for (number, (state, process, unusable)) in cases.into_iter().enumerate() {
        let id = world.log_in(TokenKind::Generic, &number.to_string()).await;
        world.memory.overwrite((TENANT, id), |stored| {
            (stored.state, stored.origin) = (state, crate::Origin::Legacy);
        });
        process.calls();
        for _ in 0..3 {
            let read_again = process.calls();
            for _ in 0..5 {
                let error = process.get(id).await.unwrap_err();
                assert_eq!((error.unusable(), error.kind()), (Some(unusable), ErrorKind::Reauthorize));
                let forced = process.get_with(id, ResolveOptions::new().forced()).await.unwrap_err();
                assert_eq!(forced.unusable(), Some(unusable));
            }
            assert_eq!(process.calls(), ["read"], "{state:?} {read_again:?}");
            world.pass(10 * SECOND).await;
        }
        assert_eq!(world.refreshes(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_token_that_only_a_login_can_renew_is_remembered_too() {
    let world = World::new(Rotation::None);
    let id = world.connect("u", &pasted("AQX", LIFE), None).await;
    world.pass(LIFE.saturating_sub(MINUTE)).await;
    world.here.calls();
    for _ in 0..10 {
        let error = world.here.get(id).await.unwrap_err();
        assert_eq!(error.unusable(), Some(Unusable::NeedsReauth(ReauthReason::GrantExpired)));
    }
    assert_eq!(world.here.calls(), ["read"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_not_remembered() {
    let world = World::new(Rotation::None);
    let nowhere = ConnectionId::from_bytes([9; 16]);
    for _ in 0..3 {
        assert_eq!(world.here.get(nowhere).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(world.here.calls(), ["read"]);
    }
    assert_eq!(world.here.vault.cached_len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_read_once() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let elsewhere = world.process();
    world.keys.script().gated = true;
    let mut callers = JoinSet::new();
    for _ in 0..1000 {
        let vault = elsewhere.vault.clone();
        callers.spawn(async move { vault.resolve(TENANT, id).await.unwrap().token });
    }
    world.pass(SECOND).await;
    assert!(callers.try_join_next().is_none());
    world.keys.gate.add_permits(1);
    let tokens = callers.join_all().await;
    assert!(tokens.iter().all(|token| Arc::ptr_eq(token, &tokens[0])));
    assert_eq!(elsewhere.calls(), ["read"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_and_not_remembered() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let elsewhere = world.process();
    elsewhere.store.set_down(true);
    let (first, second) = tokio::join!(elsewhere.get(id), elsewhere.get(id));
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!((error.kind(), error.unusable()), (ErrorKind::Unavailable, None));
    }
    elsewhere.store.set_down(false);
    elsewhere.get(id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn when_the_caller_who_reads_is_dropped_another_one_reads() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let elsewhere = world.process();
    world.keys.script().gated = true;
    let (mut first, mut second) = (Box::pin(elsewhere.get(id)), Box::pin(elsewhere.get(id)));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    drop(first);
    world.keys.gate.add_permits(2);
    assert_eq!(second.await.unwrap().token.expose(), "scripted-access-1");
}

#[tokio::test(start_paused = true)]
async fn what_was_being_read_when_it_was_forgotten_is_not_remembered() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let elsewhere = world.process();
    world.keys.script().gated = true;
    let mut slow = Box::pin(elsewhere.get(id));
    assert!(poll(slow.as_mut()).is_pending());
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    elsewhere.vault.forget(TENANT, id);

    // Who comes now does not wait for what was read before.
    let error = elsewhere.get(id).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::Disconnected));
    world.keys.gate.add_permits(1);
    assert!(slow.await.is_ok(), "it was good when it was asked for");
    let error = elsewhere.get(id).await.unwrap_err();
    assert_eq!(error.unusable(), Some(Unusable::Disconnected));
    assert_eq!(elsewhere.calls(), ["read", "read"]);
}

#[tokio::test(start_paused = true)]
async fn every_change_in_this_process_is_seen_by_the_next_caller() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let vault = &world.here.vault;
    assert_eq!(world.here.token(id).await, "scripted-access-1");
    vault.put(TENANT, id, &pasted("put", 60 * LIFE)).await.unwrap();
    assert_eq!(world.here.token(id).await, "put");
    world.memory.overwrite((TENANT, id), |stored| stored.state = ConnectionState::Revoked);
    assert_eq!(world.here.token(id).await, "put");
    vault.forget(TENANT, id);
    assert_eq!(world.here.get(id).await.unwrap_err().unusable(), Some(Unusable::Revoked));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_steps_back_makes_nothing_younger() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let clock = Wound(world.clock, Arc::default());
    let process = world.process_with(clock.clone(), |builder| builder);
    process.get(id).await.unwrap();
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    process.get(id).await.unwrap();
    clock.1.fetch_sub(3_600_000, Ordering::Relaxed);
    assert_eq!(process.get(id).await.unwrap_err().unusable(), Some(Unusable::Disconnected));
}

#[tokio::test(start_paused = true)]
async fn zero_staleness_looks_every_time() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let process = world.process_with(world.clock, |builder| builder.max_staleness(Duration::ZERO));
    for _ in 0..3 {
        process.get(id).await.unwrap();
        assert_eq!(process.calls(), ["read"]);
    }
    process.store.set_down(true);
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn another_tenant_finds_nothing_in_memory() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.get(id).await.unwrap();
    let other = TenantId::from_bytes([2; 16]);
    assert_eq!(world.here.vault.resolve(other, id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_token_from_before_the_login_says_so_or_is_refused() {
    let world = World::new(Rotation::None);
    let account = crate::Account::new(sociogram_oauth_core::ProviderId::FACEBOOK, "app", "u");
    let strict = |builder: VaultBuilder| builder.require_oauth(true);
    let strict = world.process_with(world.clock, strict);
    let new = || NewConnection::new(TENANT, account.clone());
    let id = world.here.vault.import_legacy(new(), &pasted("old", 30 * LIFE)).await.unwrap().id;
    assert_eq!(world.here.get(id).await.unwrap().warnings, [Warning::Legacy]);
    assert_eq!(strict.get(id).await.unwrap_err().unusable(), Some(Unusable::OAuthRequired));
    strict.vault.connect(new(), &pasted("new", 30 * LIFE)).await.unwrap();
    assert_eq!(strict.get(id).await.unwrap().warnings, []);
}

#[tokio::test(start_paused = true)]
async fn a_source_of_tokens_passes_on_what_went_wrong() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let source = world.here.vault.token_source(TENANT, id);
    assert_eq!(source.token().await.unwrap().expose(), "scripted-access-1");
    world.pass_life().await;
    world.provider.always(Call::Refresh, Answer::Throttled(7 * MINUTE));
    let error = source.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.to_string(), "the token has ended and could not be renewed yet");
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<VaultError>().unwrap();
    assert_eq!(cause.unusable(), Some(Unusable::NotNow));
    assert!(cause.retry_after().unwrap() > 6 * MINUTE);
}
