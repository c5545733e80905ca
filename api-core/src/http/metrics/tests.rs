use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use super::*;
use crate::ErrorKind;
use crate::http::{BudgetKey, Replay};

/// Keeps every record as a line of text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line(Lines, String);

impl Line {
    fn of(lines: &Lines, key: &Key) -> Arc<Self> {
        let mut labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        labels.sort();
        Arc::new(Self(lines.clone(), format!("{} {}", key.name(), labels.join(" "))))
    }

    fn write(&self, value: f64) {
        self.0.0.lock().unwrap().push(format!("{} {value}", self.1));
    }
}

impl CounterFn for Line {
    fn increment(&self, value: u64) {
        self.write(f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, value: u64) {
        CounterFn::increment(self, value);
    }
}

impl GaugeFn for Line {
    fn increment(&self, value: f64) {
        self.write(value);
    }

    fn decrement(&self, value: f64) {
        self.write(-value);
    }

    fn set(&self, value: f64) {
        self.write(value);
    }
}

impl HistogramFn for Line {
    fn record(&self, value: f64) {
        self.write(value);
    }
}

impl Recorder for Lines {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Line::of(self, key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Line::of(self, key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Line::of(self, key))
    }
}

#[test]
fn names_labels_and_values_are_as_documented() {
    let lines = Lines::default();
    let operation = &Operation::new("page.posts.create", "meta", Replay::Never).subject("PAGE-ID");
    let key = &BudgetKey::new("app", "APP-ID");
    metrics::with_local_recorder(&lines, || {
        let observer = MetricsObserver::new();
        let attempt = |status, failure| AttemptEvent {
            method: &::http::Method::GET,
            operation,
            template: "/{page_id}/feed",
            attempt: 1,
            status,
            failure,
            elapsed: Duration::from_millis(250),
        };
        observer.attempt(&attempt(Some(200), None));
        observer.attempt(&attempt(None, Some(ErrorKind::InDoubt)));
        observer.wait(&WaitEvent { operation, reason: WaitReason::Pacing, duration: Duration::from_secs(2) });
        observer.breaker(&BreakerEvent { key, state: BreakerState::Open });
        observer.breaker(&BreakerEvent { key, state: BreakerState::Closed });
        observer.gave_up(&GiveUpEvent { operation, kind: ErrorKind::InDoubt, attempts: 1 });
    });
    let call = "operation=page.posts.create";
    assert_eq!(
        *lines.0.lock().unwrap(),
        [
            format!("sociogram_attempts_total {call} outcome=ok provider=meta status=200 1"),
            format!("sociogram_attempt_seconds {call} provider=meta 0.25"),
            format!("sociogram_attempts_total {call} outcome=in_doubt provider=meta status=none 1"),
            format!("sociogram_attempt_seconds {call} provider=meta 0.25"),
            format!("sociogram_wait_seconds {call} provider=meta reason=pacing 2"),
            "sociogram_circuit_open limit=app 1".to_owned(),
            "sociogram_circuit_open limit=app 0".to_owned(),
            format!("sociogram_failures_total kind=in_doubt {call} provider=meta 1"),
        ]
    );
}
