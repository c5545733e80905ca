#![allow(clippy::disallowed_methods, reason = "these tests hold tokio's time")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use crate::{
    EventTime, MetaVerifier, Secret,
    inbox::{
        Census, HandleError, Handled, InboxStore, MemoryInbox, Receiver, Worker, worker::tests::handler,
    },
    testing::sign_meta,
};

/// Keeps every record as a line of text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line(Lines, String);

impl Line {
    fn of(lines: &Lines, key: &Key) -> Arc<Self> {
        let mut labels: Vec<_> =
            key.labels().map(|label| format!(" {}={}", label.key(), label.value())).collect();
        labels.sort();
        let name = key.name().strip_prefix("sociogram_webhook_").unwrap();
        Arc::new(Self(lines.clone(), format!("{name}{}", labels.concat())))
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

/// What is recorded while this runs, in paused time.
fn recorded(work: impl Future<Output = ()>) -> Vec<String> {
    let lines = Lines::default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    metrics::with_local_recorder(&lines, || runtime.block_on(work));
    let lines = lines.0.lock().unwrap();
    lines.clone()
}

fn body(second: i64) -> String {
    format!(
        r#"{{"object":"page","entry":[{{"id":"1","time":{second},"changes":[{{"field":"leadgen","value":{{"leadgen_id":"4","created_time":{second}}}}}]}}]}}"#
    )
}

#[test]
fn deliveries_are_counted_by_what_became_of_them() {
    let lines = recorded(async {
        let secret = Secret::new("test_app_secret").unwrap();
        let verifier = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
        let receiver = Receiver::meta(verifier, Arc::new(MemoryInbox::with_capacity_limit(1)));
        let receive =
            |body: String| receiver.receive([sign_meta(&secret, body.as_bytes())], Bytes::from(body));
        receive(body(1_712_000_000)).await.unwrap();
        receive(body(1_712_000_000)).await.unwrap();
        receive(body(1_712_000_000).replace(r#""4""#, r#""5""#)).await.unwrap_err();
        receive("{,}".to_owned()).await.unwrap_err();
        receiver.receive(["sha1=00"], Bytes::from_static(b"{}")).await.unwrap_err();
    });
    assert_eq!(
        lines,
        [
            "deliveries_verified_total provider=meta 1",
            "events_total kind=page_leadgen provider=meta result=new 1",
            "deliveries_verified_total provider=meta 1",
            "events_total kind=page_leadgen provider=meta result=duplicate 1",
            "deliveries_verified_total provider=meta 1",
            "deliveries_not_recorded_total provider=meta 1",
            "deliveries_verified_total provider=meta 1",
            "deliveries_unreadable_total provider=meta 1",
            "deliveries_refused_total provider=meta reason=sha1_signature 1",
        ]
    );
}

#[test]
fn handled_events_are_counted_by_outcome_with_the_lag_of_their_first_attempt() {
    let lines = recorded(async {
        let secret = Secret::new("test_app_secret").unwrap();
        let verifier = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
        let inbox = Arc::new(MemoryInbox::new());
        let receiver = Receiver::meta(verifier, inbox.clone());
        let now = inbox.census().await.unwrap().now.unwrap();
        let body = body(now.as_unix_seconds());
        let sign = [sign_meta(&secret, body.as_bytes())];
        receiver.receive(sign, Bytes::from(body)).await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
        let second_time = handler(|claimed| async move {
            if claimed.attempt == 1 { Err(HandleError::retry("not yet")) } else { Ok(Handled::Done) }
        });
        let worker = Worker::builder(inbox, second_time).build();
        worker.run(tokio::time::sleep(Duration::from_secs(60))).await;
    });
    let [lag, rest @ ..] = &lines[2..] else { panic!("{lines:?}") };
    let lag: f64 = lag.strip_prefix("lag_seconds provider=meta ").unwrap().parse().unwrap();
    assert!((30.0..31.1).contains(&lag), "{lag}");
    assert_eq!(
        rest,
        [
            "handled_total kind=page_leadgen outcome=retry provider=meta 1",
            "handled_total kind=page_leadgen outcome=done provider=meta 1",
        ]
    );
}

#[test]
fn a_census_sets_a_gauge_for_each_state() {
    let at = EventTime::from_unix_millis;
    let mut census = Census::default();
    (census.pending, census.running, census.done, census.skipped, census.dead) = (1, 2, 3, 4, 5);
    let states = ["pending 1", "running 2", "done 3", "skipped 4", "dead 5"];
    for (oldest_due, seconds) in [(None, "0"), (at(10_000), "2.5"), (at(99_000), "0")] {
        (census.oldest_due, census.now) = (oldest_due, at(12_500));
        let mut expected: Vec<_> = states.iter().map(|state| format!("inbox_events state={state}")).collect();
        expected.push(format!("inbox_oldest_due_seconds {seconds}"));
        assert_eq!(recorded(async { census.record_metrics() }), expected);
    }
}
