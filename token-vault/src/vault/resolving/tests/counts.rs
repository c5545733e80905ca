//! What is counted of requests for tokens.

use std::{collections::BTreeMap, sync::Mutex};

use metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use super::*;

/// Counters by name and labels, and how often each was looked up.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<BTreeMap<String, (u64, u32)>>>);

struct Count(Counts, String);

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.0.0.lock().unwrap().entry(self.1.clone()).or_default().0 += value;
    }

    fn absolute(&self, _: u64) {}
}

impl Recorder for Counts {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let mut name = key.name().to_owned();
        for label in key.labels() {
            name = format!("{name} {}={}", label.key(), label.value());
        }
        self.0.lock().unwrap().entry(name.clone()).or_default().1 += 1;
        Counter::from_arc(Arc::new(Count(self.clone(), name)))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test(start_paused = true)]
async fn every_request_is_counted_once_by_what_came_of_it() {
    let counts = Counts::default();
    let _guard = metrics::set_default_local_recorder(&counts);
    let world = World::new(Rotation::None);
    let here = world.process_with(world.clock, |builder| builder);
    let id = world.log_in(TokenKind::Generic, "u").await;
    for _ in 0..3 {
        here.get(id).await.unwrap();
    }
    here.get_with(id, ResolveOptions::new().with_min_validity(2 * LIFE)).await.unwrap();
    here.store.set_down(true);
    world.pass(20 * SECOND).await;
    for _ in 0..4 {
        here.get(id).await.unwrap();
    }
    here.store.set_down(false);
    here.get(ConnectionId::from_bytes([9; 16])).await.unwrap_err();
    here.vault.disconnect(TENANT, id).await.unwrap();
    for _ in 0..5 {
        here.get(id).await.unwrap_err();
    }
    let counted: Vec<_> = counts.0.lock().unwrap().clone().into_iter().collect();
    let of = |outcome: &str, count| (format!("sociogram_vault_resolve_total outcome={outcome}"), (count, 1));
    let resolves: Vec<_> = counted.into_iter().filter(|(name, _)| name.contains("resolve_total")).collect();
    assert_eq!(
        resolves,
        [of("blocked", 5), of("error", 1), of("hit", 3), of("miss", 1), of("stale_served", 4)]
    );
}
