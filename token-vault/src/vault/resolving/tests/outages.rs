//! The store does not answer.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_was_served_shortly_before_is_served_for_a_bounded_time() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.get(id).await.unwrap();
    world.here.store.set_down(true);
    for (passed, expected) in [
        (9, Some(vec![])),
        (10, Some(vec![Warning::Stale])),
        (60, Some(vec![Warning::Stale])),
        (309, Some(vec![Warning::Stale])),
        (310, None),
        (400, None),
    ] {
        let now = world.clock.monotonic();
        world.pass((passed * SECOND).saturating_sub(now)).await;
        let answer = world.here.get(id).await;
        if let Some(expected) = expected {
            let warnings: Vec<_> = answer.unwrap().warnings.iter().collect();
            assert_eq!(warnings, expected, "{passed}");
        } else {
            assert_eq!(answer.unwrap_err().kind(), ErrorKind::Unavailable, "{passed}");
        }
    }
    world.here.store.set_down(false);
    assert_eq!(world.here.get(id).await.unwrap().warnings, []);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_asked_once_a_second() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.here.get(id).await.unwrap();
    world.here.store.set_down(true);
    world.pass(20 * SECOND).await;
    for _ in 0..3 {
        world.here.calls();
        for _ in 0..10 {
            assert_eq!(world.here.get(id).await.unwrap().warnings, [Warning::Stale]);
            world.pass(SECOND / 10).await;
        }
        assert_eq!(world.here.calls(), ["read"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_here_is_not_served() {
    let world = World::new(Rotation::None);
    let (here, vault) = (&world.here, &world.here.vault);
    let id = world.log_in(TokenKind::Generic, "u").await;
    here.get(id).await.unwrap();
    here.store.set_down(true);
    world.pass(20 * SECOND).await;
    here.get(id).await.unwrap();
    vault.forget(TENANT, id);
    assert_eq!(here.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);

    // What a client said of it could not be stored, and counts here all the same.
    here.store.set_down(false);
    here.get(id).await.unwrap();
    world.pass(20 * SECOND).await;
    here.store.set_down(true);
    here.get(id).await.unwrap();
    vault.reject(TENANT, id, &"scripted-access-1".into()).await.unwrap_err();
    assert_eq!(here.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn what_was_found_to_be_gone_is_not_served() {
    let world = World::new(Rotation::None);
    let elsewhere = world.process();
    let id = world.log_in(TokenKind::Generic, "u").await;
    elsewhere.get(id).await.unwrap();
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    world.pass(20 * SECOND).await;
    assert_eq!(elsewhere.get(id).await.unwrap_err().unusable(), Some(Unusable::Disconnected));
    elsewhere.store.set_down(true);
    world.pass(20 * SECOND).await;
    // Not even the refusal: it may be over by now.
    let error = elsewhere.get(id).await.unwrap_err();
    assert_eq!((error.kind(), error.unusable()), (ErrorKind::Unavailable, None));

    // The connection is not there any more.
    let id = world.log_in(TokenKind::Generic, "v").await;
    let process = world.process();
    process.get(id).await.unwrap();
    world.here.vault.disconnect(TENANT, id).await.unwrap();
    world.here.vault.remove(TENANT, id, AuditActor::Service).await.unwrap();
    world.pass(20 * SECOND).await;
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::NotFound);
    process.store.set_down(true);
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);

    // A key that is refused is an order.
    let id = world.log_in(TokenKind::Generic, "w").await;
    let process = world.process();
    process.get(id).await.unwrap();
    world.keys.fail(crate::KeyErrorKind::Denied);
    world.pass(595 * SECOND).await;
    process.get(id).await.unwrap();
    world.pass(10 * SECOND).await;
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::Misconfigured);
    process.store.set_down(true);
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_renewed_meanwhile_and_what_ends_is_not_served() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    world.pass(LIFE.saturating_sub(2 * MINUTE)).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Transient));
    world.here.get(id).await.unwrap();
    world.here.settle(world.clock).await;
    world.here.get(id).await.unwrap();
    world.here.store.set_down(true);
    world.pass(30 * SECOND).await;
    let calls = world.refreshes();
    let resolved = world.here.get(id).await.unwrap();
    assert!(resolved.warnings.contains(Warning::Stale), "{resolved:?}");
    let asked = ResolveOptions::new().with_min_validity(10 * MINUTE);
    let resolved = world.here.get_with(id, asked).await.unwrap();
    assert!(resolved.warnings.contains(Warning::LessThanAsked), "{resolved:?}");
    world.pass(30 * SECOND).await;
    assert_eq!(world.here.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(world.refreshes(), calls);
}

#[tokio::test(start_paused = true)]
async fn a_vault_may_be_told_to_hand_out_nothing_without_its_store() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let process = world.process_with(world.clock, |builder| builder.outage_grace(Duration::ZERO));
    process.get(id).await.unwrap();
    process.store.set_down(true);
    world.pass(9 * SECOND).await;
    process.get(id).await.unwrap();
    world.pass(SECOND).await;
    assert_eq!(process.get(id).await.unwrap_err().kind(), ErrorKind::Unavailable);
}
