use std::sync::Arc;

use sociogram_api_core::{ErrorKind, Timestamp};

use super::*;
use crate::{
    DataKeyState, DataKeyTable, KekStatus, KeyChain, KeyProvider, LocalKeys, MemoryStore,
    scripted_keys::{Asked, Mood, NEW, OLD, OLDER, ScriptedKeys, ScriptedTable, Twist},
};

mod traffic;

const NOW: Timestamp = Timestamp::from_unix_seconds(0);

fn tenant(number: u8) -> TenantId {
    TenantId::from_bytes([number; 16])
}

fn id(text: &str) -> KekId {
    LocalKeys::parse(text).unwrap().id()
}

struct World {
    store: Arc<MemoryStore>,
    provider: Arc<ScriptedKeys>,
    keys: DataKeys,
}

impl World {
    /// A store with one data key per tenant, wrapped by the given keys, and a process with those of `now`.
    async fn new(tenants: &[(&str, std::ops::Range<u8>)], now: &str) -> Self {
        let store = Arc::new(MemoryStore::new());
        for (text, numbers) in tenants {
            let keys = DataKeys::new(Arc::new(LocalKeys::parse(text).unwrap()), store.clone());
            for number in numbers.clone() {
                keys.rotate(tenant(number), NOW).await.unwrap();
            }
        }
        let provider = ScriptedKeys::over(LocalKeys::parse(now).unwrap());
        let keys = DataKeys::new(provider.clone(), store.clone());
        Self { store, provider, keys }
    }

    async fn count(&self, kek: &str) -> u64 {
        let counts = self.store.count_by_kek().await.unwrap();
        counts.into_iter().find(|(id, _)| *id == self::id(kek)).map_or(0, |(_, count)| count)
    }

    async fn row(&self, number: u8) -> WrappedDataKey {
        self.store.active_key(tenant(number)).await.unwrap().unwrap()
    }
}

async fn finish(mut job: Rewrap) -> Vec<RewrapProgress> {
    let mut all = Vec::new();
    while let Some(progress) = job.next().await.unwrap() {
        all.push(progress);
    }
    assert_eq!(job.next().await.unwrap(), None, "an ended job stays ended");
    all
}

#[tokio::test]
async fn every_key_is_moved_in_batches_with_progress() {
    let both = format!("{NEW},{OLD},{OLDER}");
    let world = World::new(&[(OLD, 0..5), (OLDER, 5..7), (NEW, 7..10)], &both).await;
    let before = world.row(0).await;
    let all = finish(world.keys.rewrap(2)).await;
    let moved = all.iter().map(|progress| (progress.from.clone(), progress.moved, progress.remaining));
    let (old, older) = (id(OLD), id(OLDER));
    let mut expected = vec![(old.clone(), 2), (old.clone(), 2), (old, 1), (older, 2)];
    // Wrapping keys are done in the order of their ids.
    expected.sort_by(|a, b| (&a.0, b.1).cmp(&(&b.0, a.1)));
    let mut remaining = 7;
    let expected = expected.into_iter().map(|(kek, moved)| {
        remaining -= moved;
        (kek, usize::try_from(moved).unwrap(), remaining)
    });
    assert_eq!(moved.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert!(all.iter().all(|progress| progress.failed.is_empty() && progress.superseded == 0));
    assert_eq!((world.count(OLD).await, world.count(OLDER).await, world.count(NEW).await), (0, 0, 10));

    let after = world.row(0).await;
    assert_ne!(after.wrapped, before.wrapped);
    assert_eq!(WrappedDataKey { wrapped: before.wrapped.clone(), ..after }, before, "nothing else changed");
    let removable = world.keys.status().await.unwrap().keys.into_iter().filter(KekStatus::is_removable);
    assert_eq!(removable.map(|key| key.id).collect::<Vec<_>>(), [id(OLD), id(OLDER)]);
}

#[tokio::test]
async fn with_nothing_to_move_the_provider_is_not_asked() {
    let world = World::new(&[(NEW, 0..3)], &format!("{NEW},{OLD}")).await;
    assert_eq!(finish(world.keys.rewrap(10)).await, []);
    assert_eq!(world.provider.asked(), []);
    let empty = World::new(&[], NEW).await;
    assert_eq!(finish(empty.keys.rewrap(10)).await, []);
}

#[tokio::test]
async fn a_job_that_was_given_up_is_started_anew() {
    let world = World::new(&[(OLD, 0..5)], &format!("{NEW},{OLD}")).await;
    let mut job = world.keys.rewrap(0);
    assert_eq!(job.next().await.unwrap().unwrap().moved, 1, "at least one at a time");
    drop(job);
    let all = finish(world.keys.rewrap(10)).await;
    assert_eq!(all.iter().map(|progress| progress.moved).collect::<Vec<_>>(), [4]);
    assert_eq!(world.count(OLD).await, 0);
}

#[tokio::test]
async fn a_job_goes_on_after_an_outage() {
    let world = World::new(&[(OLD, 0..4)], &format!("{NEW},{OLD}")).await;
    let mut job = world.keys.rewrap(2);
    job.next().await.unwrap();
    world.provider.fail(KeyErrorKind::Unavailable);
    for _ in 0..2 {
        assert_eq!(job.next().await.unwrap_err().kind(), ErrorKind::Unavailable);
    }
    assert_eq!(world.count(OLD).await, 2);
    world.provider.fail(None);
    assert_eq!(finish(job).await.len(), 1);
    assert_eq!(world.count(OLD).await, 0);

    let table = ScriptedTable::over(world.store.clone());
    let keys = DataKeys::new(world.provider.clone(), table.clone());
    table.set_mood(Mood::Away);
    assert_eq!(keys.rewrap(2).next().await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_key_that_cannot_be_moved_is_named_and_does_not_stop_the_others() {
    let world = World::new(&[(OLD, 0..3), (OLDER, 3..4)], &format!("{NEW},{OLD}")).await;
    // Somebody wrote into one row; the wrapping key of another is lost.
    let victim = world.row(1).await;
    let mut changed = victim.wrapped.clone();
    changed.bytes[20] ^= 1;
    assert!(
        world.store.replace_wrapped(tenant(1), victim.id, &victim.wrapped, changed.clone()).await.unwrap()
    );

    let all = finish(world.keys.rewrap(10)).await;
    assert_eq!(all.iter().map(|progress| progress.moved).sum::<usize>(), 2);
    let mut failed: Vec<_> = all.iter().flat_map(|progress| progress.failed.clone()).collect();
    failed.sort_by_key(|failure| failure.tenant);
    let lost = world.row(3).await;
    let failure = |tenant, key, kind| RewrapFailure { tenant, key, kind };
    assert_eq!(
        failed,
        [
            failure(tenant(1), victim.id, KeyErrorKind::Tampered),
            failure(tenant(3), lost.id, KeyErrorKind::WrongKey),
        ]
    );
    assert_eq!(all.last().unwrap().remaining, 2);
    assert_eq!(world.row(1).await.wrapped, changed, "left as it was");
    let status = world.keys.status().await.unwrap();
    let missing: Vec<_> = status.keys.iter().filter(|key| key.is_missing()).collect();
    assert_eq!((missing.len(), &missing[0].id, missing[0].data_keys), (1, &id(OLDER), 1));
}

#[tokio::test]
async fn what_does_not_open_again_replaces_nothing() {
    for script in [
        |world: &World| world.provider.script().twist = Some(Twist::BrokenRewrap),
        |world: &World| world.provider.script().twist = Some(Twist::OtherKey),
    ] {
        let world = World::new(&[(OLD, 0..2)], &format!("{NEW},{OLD}")).await;
        let before = [world.row(0).await, world.row(1).await];
        script(&world);
        let all = finish(world.keys.rewrap(10)).await;
        assert_eq!((all[0].moved, all[0].failed.len(), all[0].remaining), (0, 2, 2));
        assert!(all[0].failed.iter().all(|failure| failure.kind == KeyErrorKind::Tampered));
        assert_eq!([world.row(0).await, world.row(1).await], before);
    }
}

#[tokio::test]
async fn a_provider_that_answers_too_little_moves_only_what_it_answered() {
    let world = World::new(&[(OLD, 0..3)], &format!("{NEW},{OLD}")).await;
    world.provider.script().twist = Some(Twist::Short);
    let error = world.keys.rewrap(10).next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(world.count(OLD).await, 2, "two rewrapped, one of them opened again");
    world.provider.script().twist = None;
    finish(world.keys.rewrap(10)).await;
    assert_eq!(world.count(OLD).await, 0);
}

#[tokio::test]
async fn a_key_that_another_process_moved_or_destroyed_is_left_alone() {
    let world = World::new(&[(OLD, 0..3)], &format!("{NEW},{OLD}")).await;
    world.provider.script().gated = true;
    let mut job = world.keys.rewrap(10);
    let moving = tokio::spawn(async move { job.next().await });
    tokio::task::yield_now().await;
    let asked = world.provider.asked();
    assert!(matches!(asked[..], [Asked::Rewrap(..), ..]) && asked.len() == 3, "{asked:?}");

    let other =
        DataKeys::new(Arc::new(LocalKeys::parse(&format!("{NEW},{OLD}")).unwrap()), world.store.clone());
    other.rewrap(1).next().await.unwrap();
    let moved = world.row(0).await;
    world.store.destroy_keys(tenant(1)).await.unwrap();

    world.provider.gate.add_permits(2);
    let progress = moving.await.unwrap().unwrap().unwrap();
    assert_eq!((progress.moved, progress.superseded, progress.remaining), (1, 2, 0));
    assert_eq!(world.row(0).await, moved);
    let destroyed = world.store.list_keys(tenant(1)).await.unwrap().remove(0);
    assert_eq!((destroyed.state, destroyed.wrapped.bytes.len()), (DataKeyState::Destroyed, 0));
}

#[tokio::test]
async fn keys_move_from_one_provider_to_another() {
    let world = World::new(&[(OLD, 0..3)], NEW).await;
    let (service, before) =
        (Arc::new(LocalKeys::parse(NEW).unwrap()), Arc::new(LocalKeys::parse(OLD).unwrap()));
    let chain = KeyChain::new(service).then(before);
    let keys = DataKeys::new(Arc::new(chain), world.store.clone());
    assert_eq!(finish(keys.rewrap(10)).await[0].moved, 3);
    // The new provider alone opens every one of them.
    for number in 0..3 {
        let row = world.row(number).await;
        assert!(wrapping::unwrap_one(&*world.provider, &row).await.is_ok());
    }
}
