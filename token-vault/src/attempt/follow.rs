//! Waiting for somebody else's attempt.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::ProviderId;

use super::run::{Course, Next};
use crate::{
    Generation, StoredToken, VaultError,
    meter::{self, RefreshOutcome},
    random,
    vault::{ConnectionKey, Inner},
};

/// The first wait between two looks, half as long again each time...
const FIRST_WAIT: Duration = Duration::from_millis(25);
/// ...up to this.
const MAX_WAIT: Duration = Duration::from_millis(250);
/// By our clock the lease may have run out while by the store's it has not, and the other way round: it is claimed
/// again after this long whatever the clocks say.
const CLAIM_AGAIN: Duration = Duration::from_secs(2);

impl Inner {
    /// Waits until the attempt that holds the claim has ended, or may be taken over. `current`: the row as it was
    /// when the claim was lost; `generation`: the token set that was to be replaced.
    pub(super) async fn follow(
        self: &Arc<Self>,
        key: ConnectionKey,
        provider: &ProviderId,
        generation: Generation,
        mut current: StoredToken,
        course: &mut Course,
    ) -> Result<Next, VaultError> {
        let began = self.timer.monotonic();
        course.waits_since.get_or_insert(began);
        let fence = current.lease.map(|lease| lease.fence);
        let mut wait = FIRST_WAIT;
        loop {
            if current.generation != generation {
                meter::refreshed(provider, RefreshOutcome::Adopted, None);
                return Ok(Next::Done);
            }
            let Some(lease) = current.lease.filter(|_| current.state.allows_attempts()) else {
                // The attempt has failed, and what it means is stored.
                return Ok(Next::Done);
            };
            let waited = self.timer.monotonic().saturating_sub(began);
            let ran_out = lease.until <= self.timer.now();
            if Some(lease.fence) != fence || waited >= CLAIM_AGAIN || (ran_out && waited >= MAX_WAIT) {
                return Ok(Next::Again);
            }
            self.timer.sleep(jittered(wait)).await;
            wait = (wait.saturating_mul(3) / 2).min(MAX_WAIT);
            current = self.stored(key).await?;
        }
    }
}

/// Between three quarters and five quarters of it.
fn jittered(wait: Duration) -> Duration {
    wait.saturating_mul(random::number() % 5 + 6) / 8
}
