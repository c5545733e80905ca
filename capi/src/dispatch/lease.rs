//! Keeping claims while something is done with the events.

use std::{collections::HashSet, future::Future, pin::pin, sync::Arc, time::Duration};

use super::{dispatcher::Shared, meter, within::within};
use crate::outbox::{BatchEvent, ClaimToken};

/// The claims of a batch that are not settled yet.
pub(super) struct Lease {
    shared: Arc<Shared>,
    held: HashSet<ClaimToken>,
    /// Until when they surely hold, by the monotonic clock: counted from before the store was asked.
    valid_until: Duration,
    renew_at: Duration,
}

impl Lease {
    /// Of events that were claimed by a call that began then.
    pub(super) fn new(shared: Arc<Shared>, events: &[BatchEvent], asked_at: Duration) -> Self {
        let held = events.iter().map(|event| event.token).collect();
        let mut new = Self { shared, held, valid_until: Duration::ZERO, renew_at: Duration::ZERO };
        new.extended(asked_at);
        new
    }

    fn extended(&mut self, asked_at: Duration) {
        let lease = self.shared.settings.lease;
        self.valid_until = asked_at.saturating_add(lease);
        self.renew_at = asked_at.saturating_add(lease / 3);
    }

    pub(super) fn holds(&self, token: ClaimToken) -> bool {
        self.held.contains(&token)
    }

    /// These are settled, or somebody else's.
    pub(super) fn release(&mut self, tokens: impl IntoIterator<Item = ClaimToken>) {
        for token in tokens {
            self.held.remove(&token);
        }
    }

    pub(super) fn valid_until(&self) -> Duration {
        self.valid_until
    }

    /// Renews the claims if it is time to. Gives whether they surely hold.
    pub(super) async fn ensure(&mut self) -> bool {
        let timer = Arc::clone(&self.shared.timer);
        if timer.monotonic() >= self.renew_at {
            let shared = Arc::clone(&self.shared);
            let patience = shared.settings.store_patience();
            if within(&*timer, patience, self.renew()).await.is_none() {
                meter::store_failed("renew");
            }
        }
        timer.monotonic() < self.valid_until
    }

    /// Waits for the work, and renews the claims meanwhile.
    pub(super) async fn during<F>(&mut self, work: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        let mut work = pin!(work);
        let timer = Arc::clone(&self.shared.timer);
        loop {
            let wait = self.renew_at.saturating_sub(timer.monotonic());
            tokio::select! {
                biased;
                output = &mut work => return output,
                () = timer.sleep(wait) => {}
            }
            // A renewal that is dropped took place or did not; both are well.
            tokio::select! {
                biased;
                output = &mut work => return output,
                renewed = within(&*timer, self.shared.settings.store_patience(), self.renewal()) => {
                    self.take(timer.monotonic(), renewed.flatten());
                }
            }
        }
    }

    async fn renew(&mut self) {
        let renewed = self.renewal().await;
        let now = self.shared.timer.monotonic();
        self.take(now, renewed);
    }

    /// When it was asked, and which claims are lost; `None` when the store failed.
    fn renewal(&self) -> impl Future<Output = Option<(Duration, Vec<ClaimToken>)>> + Send + use<> {
        let tokens: Vec<ClaimToken> = self.held.iter().copied().collect();
        let shared = Arc::clone(&self.shared);
        async move {
            let asked_at = shared.timer.monotonic();
            match shared.store.renew(&tokens, shared.settings.lease).await {
                Ok(held) => {
                    let held = held.into_iter().chain(std::iter::repeat(false));
                    let lost = tokens.into_iter().zip(held).filter(|(_, held)| !held);
                    Some((asked_at, lost.map(|(token, _)| token).collect()))
                }
                Err(error) => {
                    tracing::warn!(%error, kind = ?error.kind(), claims = tokens.len(), "claims were not renewed");
                    None
                }
            }
        }
    }

    fn take(&mut self, now: Duration, renewed: Option<(Duration, Vec<ClaimToken>)>) {
        let Some((asked_at, lost)) = renewed else {
            meter::store_failed("renew");
            self.renew_at = now.saturating_add(self.shared.settings.lease / 12);
            return;
        };
        if !lost.is_empty() {
            tracing::warn!(claims = lost.len(), "claims were lost before their events were settled");
        }
        self.release(lost);
        self.extended(asked_at);
    }
}
