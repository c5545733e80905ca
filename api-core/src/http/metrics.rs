//! Counters and histograms through the `metrics` facade.

use metrics::{Label, counter, gauge, histogram};

use super::breaker::BreakerState;
use super::observe::{AttemptEvent, BreakerEvent, GiveUpEvent, Observer, WaitEvent, WaitReason};
use super::operation::Operation;

/// Records what a pipeline does. No ids, tokens or tenants become labels.
///
/// | name | kind | labels |
/// |---|---|---|
/// | `sociogram_attempts_total` | counter | provider, operation, status (`none` without an answer), outcome |
/// | `sociogram_attempt_seconds` | histogram, seconds | provider, operation |
/// | `sociogram_wait_seconds` | histogram, seconds | provider, operation, reason (`pacing`, `retry`) |
/// | `sociogram_failures_total` | counter | provider, operation, kind |
/// | `sociogram_circuit_open` | gauge, 0 or 1 | limit (the kind of the key) |
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct MetricsObserver;

impl MetricsObserver {
    /// Records through the recorder the program has installed.
    pub const fn new() -> Self {
        Self
    }
}

fn labels(operation: &Operation) -> Vec<Label> {
    vec![
        Label::from_static_parts("provider", operation.provider()),
        Label::from_static_parts("operation", operation.name()),
    ]
}

impl Observer for MetricsObserver {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        let mut counted = labels(event.operation);
        counted.push(match event.status {
            Some(status) => Label::new("status", status.to_string()),
            None => Label::from_static_parts("status", "none"),
        });
        let outcome = event.failure.map_or("ok", crate::ErrorKind::as_str);
        counted.push(Label::from_static_parts("outcome", outcome));
        counter!("sociogram_attempts_total", counted).increment(1);
        histogram!("sociogram_attempt_seconds", labels(event.operation)).record(event.elapsed.as_secs_f64());
    }

    fn wait(&self, event: &WaitEvent<'_>) {
        let mut counted = labels(event.operation);
        let reason = match event.reason {
            WaitReason::Pacing => "pacing",
            WaitReason::Retry => "retry",
        };
        counted.push(Label::from_static_parts("reason", reason));
        histogram!("sociogram_wait_seconds", counted).record(event.duration.as_secs_f64());
    }

    fn breaker(&self, event: &BreakerEvent<'_>) {
        let open = f64::from(u8::from(event.state != BreakerState::Closed));
        gauge!("sociogram_circuit_open", "limit" => event.key.kind()).set(open);
    }

    fn gave_up(&self, event: &GiveUpEvent<'_>) {
        let mut counted = labels(event.operation);
        counted.push(Label::from_static_parts("kind", event.kind.as_str()));
        counter!("sociogram_failures_total", counted).increment(1);
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
