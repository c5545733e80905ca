//! Slow providers, wrong clocks, and processes that are set up differently.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use sociogram_oauth_core::Rotation;
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{DataKeys, MemoryStore, Vault, VaultConfigError};

use super::assert_kept;
use crate::herd::rush;
use crate::processes::{ROTATIONS, World};

/// With a lease of 2 seconds and a provider that takes 3, every process would take over from the one before and spend
/// the refresh token once more. Such a vault cannot be built.
#[test]
fn crash_row_06_a_provider_slower_than_the_lease_is_refused_by_the_builder() {
    let second = Duration::from_secs(1);
    let build = |lease: Duration| {
        let store = Arc::new(MemoryStore::new());
        let keys = DataKeys::new(Arc::new(World::keys()), store.clone());
        let builder = Vault::builder(store, keys).provider_timeout(second * 3).commit_budget(second);
        builder.lease(lease).build().map(drop)
    };
    let refused = |lease| {
        Err(VaultConfigError::LeaseTooShort { lease, provider_timeout: second * 3, commit_budget: second })
    };
    assert_eq!(build(second * 2), refused(second * 2));
    let almost = Duration::from_millis(8999);
    assert_eq!(build(almost), refused(almost));
    assert_eq!(build(second * 9), Ok(()));
}

#[tokio::test]
async fn crash_row_07_a_slow_provider_within_the_lease_is_called_once() {
    require_postgres!();
    let rushes = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        world.provider.set_latency(Duration::from_millis(1500));
        let arguments = ["--provider-timeout-ms", "3000", "--lease-ms", "9000"];
        for report in rush(&world, 250, &arguments).await {
            assert_eq!(report.rounds(), [(250, 0)], "{report:?}");
            assert_kept(&world, &report, 1).await;
        }
    });
    join_all(rushes).await;
}

/// Processes with these arguments, which begin together: one call, and each gets the token.
async fn assert_one_call(rotation: Rotation, arguments: &[&[&str]]) {
    let world = World::new(rotation, 1).await;
    world.provider.set_latency(Duration::from_millis(600));
    let mut processes = Vec::new();
    for arguments in arguments {
        processes.push(world.process(arguments).await);
    }
    for process in &mut processes {
        process.go().await;
    }
    for process in &mut processes {
        let report = process.report().await;
        assert_kept(&world, &report, 1).await;
    }
}

/// One process dies with a claim; another one waits until the claim has run out by the clock of the store, however the
/// two are set up.
async fn assert_waits_for_the_lease(rotation: Rotation, dead: [&str; 4], living: &[&str], lease: Duration) {
    let world = World::new(rotation, 1).await;
    let mut process = world.process(&dead).await;
    process.go().await;
    process.has_died_as_told().await;
    let claimed = world.stored(world.connections[0]).await.lease.unwrap();
    assert_eq!(claimed.until.saturating_duration_since(claimed.started_at), lease);
    let mut process = world.process(living).await;
    process.go().await;
    let report = process.report().await;
    assert_kept(&world, &report, 1).await;
    let renewed_at = world.stored(world.connections[0]).await.succeeded_at;
    assert!(renewed_at >= claimed.until, "{claimed:?}, renewed at {renewed_at}");
}

#[tokio::test]
async fn crash_row_12_a_wall_clock_that_is_wrong_by_an_hour_makes_no_second_call() {
    require_postgres!();
    let (late, early) = (["--clock-wrong-by-s", "-3600"], ["--clock-wrong-by-s", "3600"]);
    let together = ROTATIONS.map(|rotation| async move {
        assert_one_call(rotation, &[&late, &early, &[]]).await;
    });
    let dead = ["--die-at", "after-claim", "--lease-ms", "7000"];
    let takeovers = [late, early].map(|wrong| async move {
        let lease = Duration::from_secs(7);
        assert_waits_for_the_lease(Rotation::Strict, dead, &wrong, lease).await;
    });
    tokio::join!(join_all(together), join_all(takeovers));
}

#[tokio::test]
async fn crash_row_13_processes_with_different_leases_respect_each_other() {
    require_postgres!();
    let (short, long) = (["--lease-ms", "7000"], ["--lease-ms", "20000"]);
    let together = ROTATIONS.map(|rotation| async move { assert_one_call(rotation, &[&short, &long]).await });
    let (short_dies, longer_dies) = (
        ["--die-at", "after-claim", "--lease-ms", "7000"],
        ["--die-at", "after-claim", "--lease-ms", "10000"],
    );
    let takeovers = async {
        tokio::join!(
            assert_waits_for_the_lease(Rotation::Strict, short_dies, &long, Duration::from_secs(7)),
            assert_waits_for_the_lease(Rotation::Strict, longer_dies, &short, Duration::from_secs(10)),
        )
    };
    tokio::join!(join_all(together), takeovers);
}
