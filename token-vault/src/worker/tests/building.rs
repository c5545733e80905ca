use super::*;

#[tokio::test(start_paused = true)]
async fn the_visibility_must_be_longer_than_the_lease() {
    let world = World::new();
    let build = |visibility| world.vault.worker(world.store.clone()).visibility(visibility).build();
    let (visibility, lease) = (seconds(30), seconds(30));
    assert_eq!(build(visibility).unwrap_err(), WorkerConfigError::VisibilityTooShort { visibility, lease });
    assert!(build(seconds(31)).is_ok());
}

#[tokio::test(start_paused = true)]
async fn settings_of_nothing_still_do_something() {
    let world = World::new();
    world.due(3).await;
    let worker = world.vault.worker(world.store.clone()).renewals_per_second(0).concurrency(0).batch(0);
    let worker = worker.build().unwrap();
    for _ in 0..3 {
        let report = worker.tick().await.unwrap();
        assert_eq!((report.renewed, report.more), (1, true));
    }
    assert_eq!(worker.tick().await.unwrap(), WorkerReport::default());
    assert_eq!(world.provider.calls(Call::Refresh), 3);
}
