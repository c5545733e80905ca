//! What is counted and measured. Without the feature `metrics` nothing is.

use std::time::Duration;

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::ProviderId;

use crate::SealFault;

/// What came of a request for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResolveOutcome {
    /// It was in memory.
    Hit,
    /// It was read from the store.
    Miss,
    /// It was handed out although its renewal fails.
    StaleServed,
    /// The state of the connection forbids it.
    Blocked,
    /// A fault.
    Error,
}

/// What came of an attempt to renew a token set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshOutcome {
    Success,
    /// Somebody else had done it.
    Adopted,
    Terminal,
    Throttled,
    Transient,
    Ambiguous,
    AppConfig,
    Refused,
    Defect,
    /// A new token set was bought, and a newer one was stored.
    Superseded,
    ChainLost,
}

#[cfg(feature = "metrics")]
mod recorder {
    use std::{fmt, sync::OnceLock};

    use metrics::{Counter, counter, gauge, histogram};

    use super::{Duration, ProviderId, RefreshOutcome, ResolveOutcome, SealFault, Timestamp};

    /// Counts requests for tokens. Each counter is looked up in the recorder once, when it is first needed: it is
    /// wanted by every request.
    pub(crate) struct Resolves([OnceLock<Counter>; 5]);

    impl Resolves {
        pub(crate) const fn new() -> Self {
            Self([const { OnceLock::new() }; 5])
        }

        pub(crate) fn count(&self, outcome: ResolveOutcome) {
            let [hit, miss, stale_served, blocked, error] = &self.0;
            let (counter, outcome) = match outcome {
                ResolveOutcome::Hit => (hit, "hit"),
                ResolveOutcome::Miss => (miss, "miss"),
                ResolveOutcome::StaleServed => (stale_served, "stale_served"),
                ResolveOutcome::Blocked => (blocked, "blocked"),
                ResolveOutcome::Error => (error, "error"),
            };
            let find = || counter!("sociogram_vault_resolve_total", "outcome" => outcome);
            counter.get_or_init(find).increment(1);
        }
    }

    impl fmt::Debug for Resolves {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Resolves")
        }
    }

    pub(crate) fn refreshed(provider: &ProviderId, outcome: RefreshOutcome, took: Option<Duration>) {
        let provider = provider.as_str().to_owned();
        let outcome = match outcome {
            RefreshOutcome::Success => "success",
            RefreshOutcome::Adopted => "adopted",
            RefreshOutcome::Terminal => "terminal",
            RefreshOutcome::Throttled => "throttled",
            RefreshOutcome::Transient => "transient",
            RefreshOutcome::Ambiguous => "ambiguous",
            RefreshOutcome::AppConfig => "app_config",
            RefreshOutcome::Refused => "refused",
            RefreshOutcome::Defect => "defect",
            RefreshOutcome::Superseded => "superseded",
            RefreshOutcome::ChainLost => "chain_lost",
        };
        if let Some(took) = took {
            histogram!("sociogram_vault_refresh_seconds", "provider" => provider.clone())
                .record(took.as_secs_f64());
        }
        counter!("sociogram_vault_refresh_total", "provider" => provider, "outcome" => outcome).increment(1);
    }

    pub(crate) fn lease_taken_over() {
        counter!("sociogram_vault_lease_takeover_total").increment(1);
    }

    pub(crate) fn lease_waited(waited: Duration) {
        histogram!("sociogram_vault_lease_wait_seconds").record(waited.as_secs_f64());
    }

    pub(crate) fn decrypt_failed(fault: SealFault) {
        let cause = match fault {
            SealFault::WrongKey => "wrong_key",
            SealFault::Shredded => "shredded",
            SealFault::Tampered => "tampered",
            SealFault::UnsupportedFormat => "unsupported_format",
        };
        counter!("sociogram_vault_decrypt_fail_total", "cause" => cause).increment(1);
    }

    pub(crate) fn gate_closed(provider: &ProviderId, closed: bool) {
        gauge!("sociogram_vault_app_suspended", "provider" => provider.as_str().to_owned())
            .set(f64::from(u8::from(closed)));
    }

    pub(crate) fn refresh_lag(now: Timestamp, oldest_due: Option<Timestamp>) {
        let lag = oldest_due.map_or(Duration::ZERO, |due| now.saturating_duration_since(due));
        gauge!("sociogram_vault_refresh_lag_seconds").set(lag.as_secs_f64());
    }

    #[allow(clippy::cast_precision_loss, reason = "nobody counts that many connections")]
    pub(crate) fn connections(provider: &ProviderId, state: &'static str, count: u64) {
        let provider = provider.as_str().to_owned();
        gauge!("sociogram_vault_connections", "provider" => provider, "state" => state).set(count as f64);
    }

    pub(crate) fn expiring(stage: &'static str) {
        counter!("sociogram_vault_expiring_total", "stage" => stage).increment(1);
    }

    #[allow(clippy::cast_precision_loss, reason = "a cache is bounded")]
    pub(crate) fn cache_entries(count: usize) {
        gauge!("sociogram_vault_cache_entries").set(count as f64);
    }

    pub(crate) fn key_provider_called(call: &'static str, ok: bool) {
        let outcome = if ok { "ok" } else { "error" };
        counter!("sociogram_vault_key_provider_calls_total", "call" => call, "outcome" => outcome)
            .increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod recorder {
    use super::{Duration, ProviderId, RefreshOutcome, ResolveOutcome, SealFault, Timestamp};

    #[derive(Debug)]
    pub(crate) struct Resolves;

    impl Resolves {
        pub(crate) const fn new() -> Self {
            Self
        }

        #[allow(clippy::unused_self, reason = "with the feature `metrics` it counts")]
        pub(crate) const fn count(&self, _: ResolveOutcome) {}
    }

    pub(crate) const fn refreshed(_: &ProviderId, _: RefreshOutcome, _: Option<Duration>) {}
    pub(crate) const fn lease_taken_over() {}
    pub(crate) const fn lease_waited(_: Duration) {}
    pub(crate) const fn decrypt_failed(_: SealFault) {}
    pub(crate) const fn gate_closed(_: &ProviderId, _: bool) {}
    pub(crate) const fn refresh_lag(_: Timestamp, _: Option<Timestamp>) {}
    pub(crate) const fn connections(_: &ProviderId, _: &'static str, _: u64) {}
    pub(crate) const fn expiring(_: &'static str) {}
    pub(crate) const fn cache_entries(_: usize) {}
    pub(crate) const fn key_provider_called(_: &'static str, _: bool) {}
}

pub(crate) use recorder::{
    Resolves, cache_entries, connections, decrypt_failed, expiring, gate_closed, key_provider_called,
    lease_taken_over, lease_waited, refresh_lag, refreshed,
};
