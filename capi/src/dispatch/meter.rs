//! What is counted and measured. Without the feature `metrics` nothing is.

use std::time::Duration;

use crate::{
    RequestOutcome,
    outbox::{Added, Census, Platform, Settlement},
};

#[cfg(feature = "metrics")]
mod recorder {
    use std::collections::BTreeMap;

    use metrics::{counter, gauge, histogram};

    use super::{Added, Census, Duration, Platform, RequestOutcome, Settlement};
    use crate::outbox::{EntryState, Fate, Outcome};

    fn count(events: usize) -> u64 {
        u64::try_from(events).unwrap_or(u64::MAX)
    }

    #[allow(clippy::cast_precision_loss, reason = "nobody counts that many events")]
    fn number(events: u64) -> f64 {
        events as f64
    }

    pub(crate) fn accepted(added: &[Added]) {
        let new = added.iter().filter(|added| matches!(added, Added::New(_))).count();
        for (result, events) in [("new", new), ("duplicate", added.len() - new)] {
            if events > 0 {
                counter!("sociogram_conversions_accepted_total", "result" => result).increment(count(events));
            }
        }
    }

    pub(crate) fn not_recorded(events: usize) {
        counter!("sociogram_conversions_record_failures_total").increment(count(events));
    }

    pub(crate) fn queue(events: usize) {
        gauge!("sociogram_conversions_record_queue").set(number(count(events)));
    }

    /// Something else that tells outcomes apart.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    enum Group<'a> {
        Sent,
        Rejected(&'a str, Option<i64>),
        InDoubt(&'a str),
        NotProcessed(&'a str),
        Superseded,
    }

    /// `unbegun` is the reason of outcomes that no platform gave.
    pub(crate) fn settled(
        platform: Platform,
        settlements: &[Settlement],
        stored: &[bool],
        unbegun: Option<&'static str>,
    ) {
        let mut groups: BTreeMap<Group<'_>, usize> = BTreeMap::new();
        for (place, settlement) in settlements.iter().enumerate() {
            let group = match &settlement.outcome {
                _ if !stored.get(place).is_some_and(|stored| *stored) => Group::Superseded,
                Outcome::Finished(Fate::Sent { .. }) => Group::Sent,
                Outcome::Finished(Fate::Rejected { code, .. }) => {
                    Group::Rejected(unbegun.unwrap_or("refused"), *code)
                }
                Outcome::Finished(Fate::InDoubt { reason, .. }) => Group::InDoubt(reason),
                Outcome::NotProcessed { reason, .. } => Group::NotProcessed(reason),
                Outcome::Released => continue,
            };
            *groups.entry(group).or_default() += 1;
        }
        let platform = platform.as_str();
        for (group, events) in groups {
            match group {
                Group::Sent => counter!("sociogram_conversions_sent_total", "platform" => platform),
                Group::Rejected(reason, code) => {
                    let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
                    let reason = reason.to_owned();
                    counter!(
                        "sociogram_conversions_rejected_total",
                        "platform" => platform, "reason" => reason, "code" => code
                    )
                }
                Group::InDoubt(reason) => {
                    let reason = reason.to_owned();
                    counter!(
                        "sociogram_conversions_in_doubt_total", "platform" => platform, "reason" => reason
                    )
                }
                Group::NotProcessed(reason) => {
                    let reason = reason.to_owned();
                    counter!(
                        "sociogram_conversions_not_processed_total", "platform" => platform, "reason" => reason
                    )
                }
                Group::Superseded => counter!("sociogram_conversions_superseded_total", "platform" => platform),
            }
            .increment(count(events));
        }
    }

    pub(crate) fn superseded(platform: Platform, events: usize) {
        counter!("sociogram_conversions_superseded_total", "platform" => platform.as_str())
            .increment(count(events));
    }

    pub(crate) fn unsettled(platform: Platform, events: usize) {
        counter!("sociogram_conversions_unsettled_total", "platform" => platform.as_str())
            .increment(count(events));
    }

    pub(crate) fn requested(platform: Platform, events: usize, outcome: &RequestOutcome, took: Duration) {
        let platform = platform.as_str();
        let outcome = match outcome {
            RequestOutcome::Taken { .. } => "taken",
            RequestOutcome::Refused { .. } => "refused",
            RequestOutcome::InDoubt { .. } => "in_doubt",
            RequestOutcome::NotProcessed { .. } => "not_processed",
        };
        histogram!("sociogram_conversions_batch_events", "platform" => platform)
            .record(number(count(events)));
        histogram!("sociogram_conversions_request_seconds", "platform" => platform, "outcome" => outcome)
            .record(took.as_secs_f64());
    }

    pub(crate) fn lag(platform: Platform, lag: Duration) {
        histogram!("sociogram_conversions_lag_seconds", "platform" => platform.as_str())
            .record(lag.as_secs_f64());
    }

    pub(crate) fn store_failed(call: &'static str) {
        counter!("sociogram_conversions_store_failures_total", "call" => call).increment(1);
    }

    pub(crate) fn census(census: &Census) {
        for (state, events) in [
            (EntryState::Pending, census.pending),
            (EntryState::Claimed, census.claimed),
            (EntryState::Sending, census.sending),
            (EntryState::Sent, census.sent),
            (EntryState::Rejected, census.rejected),
            (EntryState::InDoubt, census.in_doubt),
        ] {
            gauge!("sociogram_conversions_log_events", "state" => state.as_str()).set(number(events));
        }
        let oldest = census.now.zip(census.oldest_due);
        let waits = oldest.map_or(Duration::ZERO, |(now, due)| now.saturating_duration_since(due));
        gauge!("sociogram_conversions_log_oldest_due_seconds").set(waits.as_secs_f64());
    }
}

#[cfg(not(feature = "metrics"))]
mod recorder {
    use super::{Added, Census, Duration, Platform, RequestOutcome, Settlement};

    pub(crate) const fn accepted(_: &[Added]) {}
    pub(crate) const fn not_recorded(_: usize) {}
    pub(crate) const fn queue(_: usize) {}
    pub(crate) const fn settled(_: Platform, _: &[Settlement], _: &[bool], _: Option<&'static str>) {}
    pub(crate) const fn superseded(_: Platform, _: usize) {}
    pub(crate) const fn unsettled(_: Platform, _: usize) {}
    pub(crate) const fn requested(_: Platform, _: usize, _: &RequestOutcome, _: Duration) {}
    pub(crate) const fn lag(_: Platform, _: Duration) {}
    pub(crate) const fn store_failed(_: &'static str) {}
    pub(crate) const fn census(_: &Census) {}
}

pub(super) use recorder::{
    accepted, census, lag, not_recorded, queue, requested, settled, store_failed, superseded, unsettled,
};
