//! What is measured about all connections, now and then.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sociogram_oauth_core::ProviderId;

use super::Shared;
use crate::{Census, meter};

/// No more often than this: to count means to look at every row.
const EVERY: Duration = Duration::from_secs(60);

/// When the connections were counted last, and what of.
#[derive(Debug, Default)]
pub(super) struct Counting(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    next: Duration,
    gauges: HashSet<(ProviderId, &'static str)>,
}

impl Counting {
    /// Counts, if somebody wants to know and it is time to.
    pub(super) async fn count(&self, shared: &Shared) {
        if !cfg!(feature = "metrics") || !self.is_time(shared.vault.timer.monotonic()) {
            return;
        }
        match shared.stores.across.census().await {
            Ok(census) => self.tell(shared, &census),
            Err(error) => tracing::debug!(kind = ?error.kind(), %error, "the connections were not counted"),
        }
    }

    fn is_time(&self, now: Duration) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = now >= counted.next;
        if is_time {
            counted.next = now.saturating_add(EVERY);
        }
        is_time
    }

    fn tell(&self, shared: &Shared, census: &Census) {
        let lines = census.connections.iter().map(|one| (one.provider.clone(), one.state));
        let gauges: HashSet<_> = lines.collect();
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What there is none of any more is not counted, and its gauge would stand still.
        for (provider, state) in counted.gauges.difference(&gauges) {
            meter::connections(provider, state, 0);
        }
        counted.gauges = gauges;
        drop(counted);
        for one in &census.connections {
            meter::connections(&one.provider, one.state, one.count);
        }
        meter::refresh_lag(shared.vault.timer.now(), census.oldest_due);
    }
}
