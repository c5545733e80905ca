//! An app that is at fault is no trouble of its connections.

use sociogram_oauth_core::ProviderId;

use super::*;
use crate::AppState;

#[tokio::test(start_paused = true)]
async fn app_breaker_500_connections_with_invalid_client() {
    let world = World::new();
    let keys = world.due(500).await;
    world.provider.set_latency(Duration::from_millis(200));
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    let worker =
        world.vault.worker(world.store.clone()).renewals_per_second(1_000).concurrency(500).batch(500);
    let worker = worker.build().unwrap();
    worker.run(world.pass(seconds(55))).await;

    let calls = world.provider.calls(Call::Refresh);
    assert!((3..=10).contains(&calls), "{calls}");
    for (tenant, connection) in &keys {
        let row = world.row((*tenant, *connection));
        assert_eq!(row.state, ConnectionState::Connected);
        world.vault.resolve(*tenant, *connection).await.unwrap();
    }
    assert_eq!(world.provider.calls(Call::Refresh), calls, "callers are served what is stored");

    // An hour of probes, then somebody puts the right secret in.
    worker.run(world.pass(hours(1))).await;
    let probes = world.provider.calls(Call::Refresh) - calls;
    assert!((3..=8).contains(&probes), "{probes}");
    world.provider.always(Call::Refresh, Answer::Honest);
    worker.run(world.pass(hours(1))).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn throttled_connections_hold_back_the_app_and_no_other() {
    let world = World::new();
    let keys = world.due(100).await;
    world.provider.set_latency(Duration::from_millis(200));
    world.provider.always(Call::Refresh, Answer::Throttled(minutes(10)));
    world.worker.run(world.pass(minutes(9))).await;
    let calls = world.provider.calls(Call::Refresh);
    assert!((3..=10).contains(&calls), "{calls}");
    let app = world.vault.0.apps.iter().find(|app| app.provider == ProviderId::FACEBOOK).unwrap();
    let state = app.gate.state(&world.clock);
    assert!(matches!(state, AppState::HeldBack { .. }), "{state:?}");

    world.provider.always(Call::Refresh, Answer::Honest);
    world.worker.run(world.pass(minutes(10))).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
    assert!(keys.iter().all(|key| world.row(*key).state == ConnectionState::Connected));
}

#[tokio::test(start_paused = true)]
async fn the_operator_need_not_wait_for_the_next_probe() {
    let world = World::new();
    let keys = world.due(30).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    world.worker.run(world.pass(minutes(10))).await;
    world.provider.always(Call::Refresh, Answer::Honest);
    assert!(world.vault.reset_app(&ProviderId::FACEBOOK, "app"));
    assert!(!world.vault.reset_app(&ProviderId::FACEBOOK, "another app"));
    for key in &keys {
        world.make_due(*key);
    }
    world.worker.run(world.pass(seconds(10))).await;
    assert!(keys.iter().all(|key| world.row(*key).generation.get() == 2));
}

#[tokio::test(start_paused = true)]
async fn people_are_told_in_time_although_the_app_is_suspended() {
    let world = World::new();
    world.provider.set_life(days(60));
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    for user in ["a", "b", "c", "d"] {
        world.connect(user, &world.provider.log_in(TokenKind::MetaUserLong, user)).await;
    }
    world.work(hours(1), days(61)).await;
    assert_eq!(world.sink.stages().len(), 16);
    let lost = EventKind::NeedsReauth { reason: ReauthReason::GrantExpired };
    assert_eq!(world.sink.kinds().into_iter().filter(|kind| *kind == lost).count(), 4);
}

#[tokio::test(start_paused = true)]
async fn grants_of_a_suspended_app_wait() {
    let world = World::new();
    world.due(3).await;
    world.provider.always(Call::Refresh, Answer::Error(RefreshErrorKind::Misconfigured));
    world.worker.tick().await.unwrap();
    let tokens = world.provider.log_in(TokenKind::MetaUserLong, "user");
    let connection = world.connect("user", &tokens).await;
    world.vault.disconnect(world::TENANT, connection).await.unwrap();
    let report = world.worker.tick().await.unwrap();
    assert_eq!((report.revocations_left, world.provider.calls(Call::Revoke)), (1, 0));
    world.work(minutes(1), minutes(10)).await;
    assert_eq!(world.provider.calls(Call::Revoke), 1);
}
