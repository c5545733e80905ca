//! Four processes want the same tokens at the same moment.

use std::io::Write as _;
use std::time::Duration;

use sociogram_oauth_core::Rotation;
use sociogram_test_postgres::require_postgres;
use sociogram_token_vault::Generation;

use crate::processes::{Report, World};

const PROCESSES: usize = 4;
/// A slow token endpoint: with 200 ms the processes and the database would be what is measured.
const LATENCY: Duration = Duration::from_secs(1);
/// What a product would set for such a provider.
const SLOW: [&str; 4] = ["--provider-timeout-ms", "3000", "--lease-ms", "9000"];

/// All processes begin together, with this many calls each.
pub(crate) async fn rush(world: &World, resolves: usize, settings: &[&str]) -> Vec<Report> {
    let resolves = resolves.to_string();
    let mut arguments = vec!["--resolves", resolves.as_str(), "--concurrency", resolves.as_str()];
    arguments.extend(settings);
    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        processes.push(world.process(&arguments).await);
    }
    for process in &mut processes {
        process.go().await;
    }
    let mut reports = Vec::new();
    for process in &mut processes {
        reports.push(process.report().await);
    }
    reports
}

/// Times, and how many statements were sent for the tokens: every call of the store is one.
fn tell(what: &str, reports: &[Report]) {
    let times = |name| reports.iter().map(|report| report.number(name)).collect::<Vec<_>>();
    let (p50, p99) = (times("p50_ms"), times("p99_ms"));
    let aim = LATENCY.as_millis() * 5 / 2;
    // Past the capture of the test harness.
    let mut stderr = std::io::stderr();
    let statements: u64 = times("statements").iter().sum();
    let _ = writeln!(
        stderr,
        "{what}: p50 {p50:?} ms, p99 {p99:?} ms by process (the aim is {aim} ms), {statements} statements"
    );
}

#[tokio::test]
async fn four_processes_with_a_thousand_calls_each_make_one_call_to_the_provider() {
    require_postgres!();
    let world = World::new(Rotation::Strict, 1).await;
    world.provider.set_latency(LATENCY);
    let reports = rush(&world, 1000, &SLOW).await;
    tell("one connection", &reports);
    for report in &reports {
        assert_eq!(report.rounds(), [(1000, 0)], "{report:?}");
        assert_eq!(report.number("tokens"), 1, "{report:?}");
    }
    assert_eq!((world.provider.calls(), world.provider.reused()), (1, 0));
    assert_eq!(world.stored(world.connections[0]).await.generation, Generation::new(2));
}

#[tokio::test]
async fn two_hundred_connections_are_renewed_once_each() {
    require_postgres!();
    let world = World::new(Rotation::Strict, 200).await;
    world.provider.set_latency(LATENCY);
    let reports = rush(&world, 1000, &SLOW).await;
    tell("200 connections", &reports);
    for report in &reports {
        assert_eq!(report.rounds(), [(1000, 0)], "{report:?}");
        assert_eq!((report.number("tokens"), report.number("connections")), (200, 200));
    }
    assert_eq!((world.provider.calls(), world.provider.reused()), (200, 0));
    let by_person = world.provider.calls_by_person();
    assert!(by_person.len() == 200 && by_person.values().all(|calls| *calls == 1), "{by_person:?}");
}
