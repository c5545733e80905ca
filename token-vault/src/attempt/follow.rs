//! Waiting for somebody else's attempt.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::ProviderId;

use super::run::{Course, Next};
use crate::{
    Generation, StoredToken, VaultError,
    meter::{self, RefreshOutcome},
    vault::{ConnectionKey, Inner},
};

/// The least time between two claims of one that waits.
const MIN_WAIT: Duration = Duration::from_millis(250);
/// By our clock the lease may have run out while by the store's it has not, and the other way round: it is claimed
/// again after this long whatever the clocks say.
const CLAIM_AGAIN: Duration = Duration::from_secs(2);

impl Inner {
    /// Waits until the attempt that holds the claim has ended, or may be taken over. `current`: the row, with a lease
    /// that is somebody else's; `generation`: the token set that was to be replaced.
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
            let left = lease.until.saturating_duration_since(self.timer.now());
            let ran_out = left.is_zero() && waited >= MIN_WAIT;
            if Some(lease.fence) != fence || waited >= CLAIM_AGAIN || ran_out {
                course.claims = true;
                return Ok(Next::Again);
            }
            let at_most = left.max(MIN_WAIT).min(CLAIM_AGAIN.saturating_sub(waited));
            self.until_changed(key, current.revision, at_most).await;
            current = self.stored(key).await?;
        }
    }
}
