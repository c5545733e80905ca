//! Postgres goes away between the answer of the provider and the commit.

use std::time::Duration;

use futures_util::future::join_all;
use sociogram_test_postgres::{Cluster, CutProxy, require_postgres};
use sociogram_token_vault::Generation;

use super::{assert_as_row_3, assert_kept};
use crate::processes::{ROTATIONS, World, provider::pause};

/// The answer is held in memory and stored when the server is back: for a minute at most.
#[tokio::test]
async fn crash_row_08_the_database_is_down_between_answer_and_commit_and_comes_back() {
    require_postgres!();
    let cluster = Cluster::own().await;
    let mut worlds = Vec::new();
    for rotation in ROTATIONS {
        let world = World::on(&cluster, rotation, 1).await;
        world.provider.hold();
        let mut process = world.process(&["--provider-timeout-ms", "10000", "--lease-ms", "16000"]).await;
        process.go().await;
        world.provider.has_arrived(1).await;
        worlds.push((world, process));
    }
    cluster.stop().await;
    for (world, _) in &worlds {
        world.provider.let_go();
    }
    // Long enough for several tries that fail.
    pause(Duration::from_secs(2)).await;
    cluster.start().await;
    for (world, process) in &mut worlds {
        // The caller who waited all the time gets the token, though the connections of its pool ended with the server.
        process.report().await.assert_ok();
        world.look_anew().await;
        let stored = world.stored(world.connections[0]).await;
        assert_eq!(stored.generation, Generation::new(2), "stored by the process that held it");
        assert_kept(world, &world.resolve_elsewhere().await, 1).await;
    }
}

/// There is no spool on a disk: what is held is lost with the process. Where refresh tokens stay good, or within the
/// grace, that costs one more call; strictly it is row 3 again.
#[tokio::test]
async fn crash_row_09_the_process_is_killed_while_the_database_is_down_and_there_is_no_spool() {
    require_postgres!();
    let crashes = ROTATIONS.map(|rotation| async move {
        let world = World::new(rotation, 1).await;
        let proxy = CutProxy::before(&world.database.app_url()).await;
        world.provider.hold();
        let arguments = ["--database", proxy.url(), "--provider-timeout-ms", "1500", "--lease-ms", "7500"];
        let mut process = world.process(&arguments).await;
        process.go().await;
        world.provider.has_arrived(1).await;
        proxy.cut().await;
        world.provider.let_go();
        pause(Duration::from_millis(500)).await;
        process.kill().await;
        assert_eq!(world.stored(world.connections[0]).await.generation, Generation::new(1));
        let report = world.resolve_elsewhere().await;
        assert_as_row_3(rotation, &world, &report).await;
    });
    join_all(crashes).await;
}
