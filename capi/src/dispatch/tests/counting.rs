//! What is counted.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, SharedString, Unit,
};

use super::world::{Act, VirtualClock, World, event, route, seconds};
use crate::{dispatch::Recorder, outbox::OutboxEvent};

/// Sums of counters, last values of gauges, numbers of records of histograms.
#[derive(Clone, Default)]
struct Sums(Arc<Mutex<BTreeMap<String, f64>>>);

struct Sum(Sums, String);

impl Sums {
    fn sum(&self, key: &Key) -> Arc<Sum> {
        let mut labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        labels.sort();
        let name = key.name().trim_start_matches("sociogram_conversions_");
        Arc::new(Sum(self.clone(), format!("{name} {}", labels.join(" ")).trim_end().to_owned()))
    }

    fn get(&self, name: &str) -> f64 {
        let sums = self.0.lock().unwrap();
        *sums.get(name).unwrap_or_else(|| panic!("{name} among {:?}", sums.keys()))
    }
}

impl Sum {
    fn add(&self, value: f64) {
        *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
    }
}

impl CounterFn for Sum {
    fn increment(&self, value: u64) {
        self.add(f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, value: u64) {
        CounterFn::increment(self, value);
    }
}

impl GaugeFn for Sum {
    fn increment(&self, value: f64) {
        self.add(value);
    }

    fn decrement(&self, value: f64) {
        self.add(-value);
    }

    fn set(&self, value: f64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value);
    }
}

impl HistogramFn for Sum {
    fn record(&self, _: f64) {
        self.add(1.0);
    }
}

impl metrics::Recorder for Sums {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.sum(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.sum(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.sum(key))
    }
}

#[test]
fn every_fate_is_counted_once() {
    let sums = Sums::default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    metrics::with_local_recorder(&sums, || {
        runtime.block_on(async {
            let world = World::with(|sink| sink.names_bad = true);
            let recorder =
                Recorder::builder(world.log.clone()).timer(Arc::new(world.clock)).flush_events(1).start();
            let mut events: Vec<OutboxEvent> = (0..10).map(|number| event(&format!("a{number}"))).collect();
            events.push(event("a0"));
            events.push(OutboxEvent { expires_at: VirtualClock::START, ..event("old") });
            recorder.record(route("one"), events).await.unwrap();
            world.add_many("two", "b", 2).await;
            world.one.bad.lock().unwrap().push("a3".to_owned());
            world.one.acts([Act::Throttle(Some(seconds(1)))]);
            world.two.acts([Act::Doubt]);
            let dispatcher = world.dispatcher();
            world.run(&dispatcher, seconds(60)).await;
            crate::dispatch::report(&world.census().await);
        });
    });
    for (name, value) in [
        ("accepted_total result=new", 11.0),
        ("accepted_total result=duplicate", 1.0),
        ("sent_total platform=meta", 9.0),
        ("rejected_total code=100 platform=meta reason=refused", 1.0),
        ("rejected_total code=none platform=meta reason=expired", 1.0),
        ("in_doubt_total platform=meta reason=server_error", 2.0),
        ("not_processed_total platform=meta reason=throttled", 10.0),
        ("batch_events platform=meta", 4.0),
        ("request_seconds outcome=taken platform=meta", 1.0),
        ("request_seconds outcome=refused platform=meta", 1.0),
        ("request_seconds outcome=in_doubt platform=meta", 1.0),
        ("request_seconds outcome=not_processed platform=meta", 1.0),
        ("lag_seconds platform=meta", 9.0),
        ("log_events state=sent", 9.0),
        ("log_events state=pending", 0.0),
        ("log_oldest_due_seconds", 0.0),
    ] {
        assert!((sums.get(name) - value).abs() < f64::EPSILON, "{name} is {}", sums.get(name));
    }
}
