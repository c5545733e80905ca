//! What is counted and measured. Without the feature `metrics` nothing is.

#[cfg(feature = "metrics")]
mod recorder {
    use std::time::Duration;

    use metrics::{counter, gauge, histogram};

    use crate::{
        Provider,
        inbox::{Census, EntryState},
    };

    pub(crate) fn verified(provider: Provider) {
        counter!("sociogram_webhook_deliveries_verified_total", "provider" => provider.as_str()).increment(1);
    }

    pub(crate) fn refused(provider: Provider, reason: &'static str) {
        let provider = provider.as_str();
        counter!("sociogram_webhook_deliveries_refused_total", "provider" => provider, "reason" => reason)
            .increment(1);
    }

    pub(crate) fn unreadable(provider: Provider) {
        counter!("sociogram_webhook_deliveries_unreadable_total", "provider" => provider.as_str())
            .increment(1);
    }

    pub(crate) fn not_recorded(provider: Provider) {
        counter!("sociogram_webhook_deliveries_not_recorded_total", "provider" => provider.as_str())
            .increment(1);
    }

    pub(crate) fn event(provider: Provider, kind: &'static str, result: &'static str) {
        let provider = provider.as_str();
        counter!("sociogram_webhook_events_total", "provider" => provider, "kind" => kind, "result" => result)
            .increment(1);
    }

    pub(crate) fn lag(provider: Provider, lag: Duration) {
        histogram!("sociogram_webhook_lag_seconds", "provider" => provider.as_str())
            .record(lag.as_secs_f64());
    }

    pub(crate) fn handled(provider: Provider, kind: &'static str, outcome: &'static str) {
        let provider = provider.as_str();
        counter!("sociogram_webhook_handled_total", "provider" => provider, "kind" => kind, "outcome" => outcome)
            .increment(1);
    }

    impl Census {
        /// Sets the gauges `sociogram_webhook_inbox_events` (by `state`) and `sociogram_webhook_inbox_oldest_due_seconds`
        /// (how long the event that waits longest has been due; 0 when none is due). Call it each minute or so, in one
        /// process of those that share the store.
        #[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
        #[allow(clippy::cast_precision_loss, reason = "nobody keeps that many events")]
        pub fn record_metrics(&self) {
            let Self { pending, running, done, skipped, dead, oldest_due, now } = *self;
            for (state, count) in [
                (EntryState::Pending, pending),
                (EntryState::Running, running),
                (EntryState::Done, done),
                (EntryState::Skipped, skipped),
                (EntryState::Dead, dead),
            ] {
                gauge!("sociogram_webhook_inbox_events", "state" => state.as_str()).set(count as f64);
            }
            let millis = |time: crate::EventTime| time.as_unix_millis();
            let waited = oldest_due.zip(now).map_or(0, |(due, now)| (millis(now) - millis(due)).max(0));
            gauge!("sociogram_webhook_inbox_oldest_due_seconds").set(waited as f64 / 1000.0);
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod recorder {
    use std::time::Duration;

    use crate::Provider;

    pub(crate) const fn verified(_: Provider) {}
    pub(crate) const fn refused(_: Provider, _: &'static str) {}
    pub(crate) const fn unreadable(_: Provider) {}
    pub(crate) const fn not_recorded(_: Provider) {}
    pub(crate) const fn event(_: Provider, _: &'static str, _: &'static str) {}
    pub(crate) const fn lag(_: Provider, _: Duration) {}
    pub(crate) const fn handled(_: Provider, _: &'static str, _: &'static str) {}
}

pub(crate) use recorder::{event, handled, lag, not_recorded, refused, unreadable, verified};

#[cfg(test)]
#[cfg(feature = "metrics")]
mod tests;
