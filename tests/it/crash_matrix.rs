//! What it costs when a process dies, or what it needs goes away, at each moment of a renewal: by what the provider
//! does with refresh tokens. The tests are named after the rows of the matrix.
//!
//! Two rows are no tests. 16: after a failover that loses the last commits the generation before comes back; where
//! refresh tokens stay good, or within the grace, that costs one more call, and strictly it costs a login, so use a
//! synchronous replica. 17: the same after a backup was restored, whose refresh tokens are older than any grace.

use futures_util::future::join_all;
use sociogram_oauth_core::{ReauthReason, Rotation};
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::{AuditAction, ConnectionState, Generation};

use crate::processes::{GRACE, ROTATIONS, Report, World, run};

mod attempts;
mod hosts;
mod stores;

/// A process dies at its kill point, and another one resolves.
async fn crash_at(point: &str, rotation: Rotation) -> (World, Report) {
    let world = World::new(rotation, 1).await;
    world.dies_at(point).await;
    let report = world.resolve_elsewhere().await;
    (world, report)
}

/// The caller got a token, it is stored, and the grant lives.
async fn assert_kept(world: &World, report: &Report, calls: usize) {
    report.assert_ok();
    let stored = world.stored(world.connections[0]).await;
    let outcome = (world.provider.calls(), world.provider.reused(), stored.generation, stored.state);
    assert_eq!(outcome, (calls, 0, Generation::new(2), ConnectionState::Connected));
    assert_eq!(world.audited(AuditAction::ChainLost).await, 0);
    assert!(stored.lease.is_none(), "{:?}", stored.lease);
}

/// The person has to log in: two calls, of which the second one cost the grant. It is named, counted once, and nobody
/// makes a third call.
async fn assert_lost(world: &World, report: &Report) {
    assert!(report.rounds().last().is_some_and(|(ok, failed)| *ok == 0 && *failed > 0), "{report:?}");
    let later = world.resolve_elsewhere().await;
    assert_eq!(later.rounds(), [(0, 1)], "{later:?}");
    let stored = world.stored(world.connections[0]).await;
    let outcome = (world.provider.calls(), world.provider.reused(), stored.generation, stored.state);
    let lost = ConnectionState::NeedsReauth(ReauthReason::TokenReuse);
    assert_eq!(outcome, (2, 1, Generation::new(1), lost));
    assert_eq!(world.audited(AuditAction::ChainLost).await, 1);
}

/// After a crash between the answer and its way to the store, the successor exists nowhere any more.
async fn assert_as_row_3(rotation: Rotation, world: &World, report: &Report) {
    if rotation == Rotation::Strict {
        assert_lost(world, report).await;
    } else {
        assert_kept(world, report, 2).await;
    }
}

#[tokio::test]
async fn crash_row_01_dies_before_the_claim() {
    require_postgres!();
    let crashes = ROTATIONS.map(|rotation| async move {
        let (world, report) = crash_at("before-claim", rotation).await;
        assert_kept(&world, &report, 1).await;
    });
    join_all(crashes).await;
}

#[tokio::test]
async fn crash_row_02_dies_after_the_claim_before_anything_is_sent() {
    require_postgres!();
    let crashes = ROTATIONS.map(|rotation| async move {
        let (world, report) = crash_at("after-claim", rotation).await;
        assert_kept(&world, &report, 1).await;
    });
    join_all(crashes).await;
}

/// What is stored says that it may have been sent, and nobody can know that it was not.
#[tokio::test]
async fn crash_row_02_dies_after_the_mark_before_anything_is_sent() {
    require_postgres!();
    let crashes = [GRACE, Rotation::Strict].map(|rotation| async move {
        let (world, report) = crash_at("after-mark", rotation).await;
        assert_kept(&world, &report, 1).await;
    });
    join_all(crashes).await;
}

/// Strictly nobody can close this gap: the successor was in the memory of a process that is gone.
#[tokio::test]
async fn crash_row_03_dies_after_send_before_commit() {
    require_postgres!();
    let points = ["after-sent", "after-answer"];
    let crashes = points.iter().flat_map(|point| ROTATIONS.map(|rotation| (*point, rotation)));
    let crashes = crashes.map(|(point, rotation)| async move {
        let (world, report) = crash_at(point, rotation).await;
        assert_as_row_3(rotation, &world, &report).await;
    });
    join_all(crashes).await;
}

/// The commit waits behind a lock while the process dies: the server goes on with what it was sent.
#[tokio::test]
async fn crash_row_04_dies_after_the_commit_was_sent() {
    require_postgres!();
    let crashes = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        world.provider.hold();
        let arguments = ["--die-at", "commit-sent", "--provider-timeout-ms", "5000", "--lease-ms", "11000"];
        let mut process = world.process(&arguments).await;
        process.go().await;
        world.provider.has_arrived(1).await;
        let mut admin = world.admin().await;
        run(&mut admin, "begin; select from sociogram.connection for update").await;
        world.provider.let_go();
        process.has_died_as_told().await;
        assert_eq!(world.stored(world.connections[0]).await.generation, Generation::new(1));
        run(&mut admin, "rollback").await;
        let report = world.resolve_elsewhere().await;
        assert_kept(&world, &report, 1).await;
    });
    join_all(crashes).await;
}

#[tokio::test]
async fn crash_row_05_dies_after_the_commit() {
    require_postgres!();
    let crashes = ROTATIONS.map(|rotation| async move {
        let (world, report) = crash_at("after-commit", rotation).await;
        assert_kept(&world, &report, 1).await;
    });
    join_all(crashes).await;
}
