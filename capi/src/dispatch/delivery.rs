//! One batch, from the claim to the last of its outcomes.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timestamp};
use tokio::sync::watch;

use super::{
    RouteError,
    dispatcher::Shared,
    lanes::{Pause, Seat},
    lease::Lease,
    meter, requests,
    within::within,
};
use crate::{
    SendRequest,
    outbox::{Batch, BatchEvent, ClaimToken, Fate, Outcome, Platform, Route, Settlement},
};

/// How long an outcome is tried to be stored, also when the lease is long over: a true outcome is worth it.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How many events the first request after a doubt has.
const PROBE: usize = 10;

/// A batch under way.
pub(super) struct Delivery {
    pub(super) shared: Arc<Shared>,
    pub(super) route: Route,
    pub(super) lease: Lease,
    pub(super) stopping: watch::Receiver<bool>,
    /// What is not begun.
    waiting: VecDeque<BatchEvent>,
    /// The store's clock, and the monotonic one at the same time.
    clocks: (Timestamp, Duration),
}

/// The rest of the batch is not to be sent: everything is settled that can be.
pub(super) struct Ended;

impl Delivery {
    /// Of a batch from a claim that began then.
    pub(super) fn new(
        shared: Arc<Shared>,
        batch: Batch,
        asked_at: Duration,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let Batch { route, events, claimed_at } = batch;
        let lease = Lease::new(Arc::clone(&shared), &events, asked_at);
        let clocks = (claimed_at, shared.timer.monotonic());
        Self { shared, route, lease, stopping, waiting: events.into(), clocks }
    }

    /// Sends it.
    pub(super) async fn run(mut self, seat: Seat) {
        let _ = self.send_all(&seat).await;
    }

    async fn send_all(&mut self, seat: &Seat) -> Result<(), Ended> {
        self.reject_expired().await?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let sender = self.sender(seat).await?;
        while !self.waiting.is_empty() {
            if *self.stopping.borrow() {
                return self.release_waiting().await;
            }
            if let Some(pause) = seat.pause(self.shared.timer.monotonic()) {
                return self.postpone_waiting(pause).await;
            }
            self.reject_expired().await?;
            let events = self.next_request(seat);
            let events = self.begin(events).await?;
            if !events.is_empty() {
                requests::send(self, seat, &*sender, &events).await?;
            }
        }
        Ok(())
    }

    /// Makes it wait until its route may send again.
    pub(super) async fn postpone(mut self, pause: Pause) {
        if self.reject_expired().await.is_ok() {
            let _ = self.postpone_waiting(pause).await;
        }
    }

    /// Gives it back, once; if that fails it is due when the lease is over.
    pub(super) async fn give_back(self) {
        let released: Vec<Settlement> =
            self.waiting.iter().map(|event| Settlement::new(event.token, Outcome::Released)).collect();
        if self.shared.settle(&released).await.is_none() {
            self.shared.failed("settle");
        }
    }

    /// By the store's clock.
    pub(super) fn now(&self) -> Timestamp {
        let (claimed_at, then) = self.clocks;
        claimed_at.saturating_add(self.shared.timer.monotonic().saturating_sub(then))
    }

    async fn reject_expired(&mut self) -> Result<(), Ended> {
        let now = self.now();
        let (expired, waiting): (VecDeque<BatchEvent>, VecDeque<BatchEvent>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|event| event.expires_at <= now);
        self.waiting = waiting;
        let fate = Fate::Rejected {
            code: None,
            subcode: None,
            field: Some("event_time".to_owned()),
            reason: "the event became too old for the platform before it could be sent".to_owned(),
            advice: "see in its history what it waited for; send events within the hour".to_owned(),
            trace: None,
        };
        self.settle_unbegun(&expired, &Outcome::Finished(fate), "expired").await
    }

    /// Who sends it. Otherwise the events wait, or are rejected, and that is stored.
    async fn sender(&mut self, seat: &Seat) -> Result<Arc<dyn SendRequest>, Ended> {
        let shared = Arc::clone(&self.shared);
        let began = shared.timer.monotonic();
        let asked = within(&*shared.timer, shared.settings.lease, shared.routes.sender(&self.route));
        let error = match self.lease.during(asked).await {
            Some(Ok(sender)) => return Ok(sender),
            Some(Err(error)) => error,
            None => RouteError::Unavailable,
        };
        let reason = error.word();
        tracing::warn!(
            tenant = %self.route.tenant, connection = %self.route.connection, platform = %self.route.platform,
            events = self.waiting.len(), reason, "nobody can send the events of a route"
        );
        let kind = match error {
            RouteError::Gone { reason: why, advice } => {
                let fate = Fate::Rejected {
                    code: None,
                    subcode: None,
                    field: None,
                    reason: why,
                    advice,
                    trace: None,
                };
                let gone = std::mem::take(&mut self.waiting);
                self.settle_unbegun(&gone, &Outcome::Finished(fate), reason).await?;
                return Err(Ended);
            }
            RouteError::Unavailable => ErrorKind::Unavailable,
            RouteError::NoConnection | RouteError::Reauthorize => ErrorKind::Reauthorize,
        };
        let now = shared.timer.monotonic();
        let left =
            seat.failed(began, now, reason, false, |failures| shared.waits.after(kind, None, failures));
        self.postpone_waiting(Pause { left, reason }).await?;
        Err(Ended)
    }

    /// Takes what fits into a request.
    fn next_request(&mut self, seat: &Seat) -> Vec<BatchEvent> {
        let platform_takes = match self.route.platform {
            Platform::Meta => 1000,
            Platform::LinkedIn => 5000,
        };
        let most = if seat.is_doubtful() { PROBE } else { platform_takes };
        let mut bytes = requests::open(self.route.platform).len() + 1 + self.route.envelope.len();
        let fits = |event: &BatchEvent| {
            bytes = bytes.saturating_add(event.json.len() + 1);
            // The comma of the last is one too many.
            bytes - 1 <= self.shared.settings.batch_bytes
        };
        let count = self.waiting.iter().take(most).map(fits).take_while(|fits| *fits).count().max(1);
        self.waiting.drain(..count.min(self.waiting.len())).collect()
    }

    /// Records that they are about to be sent; gives those whose claim still held.
    async fn begin(&mut self, events: Vec<BatchEvent>) -> Result<Vec<BatchEvent>, Ended> {
        let shared = Arc::clone(&self.shared);
        let tokens: Vec<ClaimToken> = events.iter().map(|event| event.token).collect();
        let begin = shared.store.begin(&tokens, shared.settings.lease);
        let failure = match within(&*shared.timer, shared.settings.store_patience(), begin).await {
            Some(Ok(held)) => {
                shared.trouble.well();
                let held = held.into_iter().chain(std::iter::repeat(false));
                let (ours, lost): (Vec<_>, Vec<_>) =
                    events.into_iter().zip(held).partition(|(_, held)| *held);
                if !lost.is_empty() {
                    meter::superseded(self.route.platform, lost.len());
                    tracing::warn!(events = lost.len(), "claims were lost before their events were sent");
                }
                self.lease.release(lost.into_iter().map(|(event, _)| event.token));
                return Ok(ours.into_iter().map(|(event, _)| event).collect());
            }
            Some(Err(error)) => Some(error),
            None => None,
        };
        shared.failed("begin");
        tracing::warn!(
            error = failure.as_ref().map(tracing::field::display),
            events = events.len(),
            "events could not be begun, and were not sent"
        );
        // Perhaps it was recorded; nothing has left, whatever the store knows.
        self.waiting.extend(events);
        self.release_waiting().await?;
        Err(Ended)
    }

    async fn release_waiting(&mut self) -> Result<(), Ended> {
        let waiting = std::mem::take(&mut self.waiting);
        self.settle_unbegun(&waiting, &Outcome::Released, "released").await
    }

    async fn postpone_waiting(&mut self, pause: Pause) -> Result<(), Ended> {
        let waiting = std::mem::take(&mut self.waiting);
        let outcome = Outcome::NotProcessed { after: pause.left, reason: pause.reason.to_owned() };
        self.settle_unbegun(&waiting, &outcome, pause.reason).await
    }

    /// The same outcome for events of which nothing has left.
    async fn settle_unbegun(
        &mut self,
        events: &VecDeque<BatchEvent>,
        outcome: &Outcome,
        reason: &'static str,
    ) -> Result<(), Ended> {
        let settlements: Vec<Settlement> =
            events.iter().map(|event| Settlement::new(event.token, outcome.clone())).collect();
        let until = self.lease.valid_until();
        let stored = self.store(&settlements, until).await?;
        meter::settled(self.route.platform, &settlements, &stored, Some(reason));
        Ok(())
    }

    /// Stores what became of events that were begun.
    pub(super) async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<bool>, Ended> {
        let until = self.shared.timer.monotonic().saturating_add(PATIENCE);
        let stored = self.store(settlements, until).await?;
        meter::settled(self.route.platform, settlements, &stored, None);
        Ok(stored)
    }

    /// Tries again until then while the store fails, and renews the claims meanwhile.
    async fn store(&mut self, settlements: &[Settlement], until: Duration) -> Result<Vec<bool>, Ended> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let shared = Arc::clone(&self.shared);
        let stored = self.lease.during(async {
            loop {
                if let Some(stored) = shared.settle(settlements).await {
                    return Some(stored);
                }
                let wait = shared.failed("settle");
                if shared.timer.monotonic().saturating_add(wait) >= until {
                    return None;
                }
                shared.timer.sleep(wait).await;
            }
        });
        let stored = stored.await;
        self.lease.release(settlements.iter().map(|settlement| settlement.token));
        let Some(stored) = stored else {
            meter::unsettled(self.route.platform, settlements.len());
            tracing::error!(
                tenant = %self.route.tenant, connection = %self.route.connection, platform = %self.route.platform,
                events = settlements.len(), first = settlements.first().map(|it| it.token.id().get()),
                "outcomes were given up on: begun events will be in doubt, others due again"
            );
            return Err(Ended);
        };
        Ok(stored)
    }
}
