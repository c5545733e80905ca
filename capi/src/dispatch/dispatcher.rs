//! The loop: claims batches, and has each of them delivered by a task of its own.

use std::{fmt, future::Future, pin::Pin, pin::pin, sync::Arc, time::Duration};

use sociogram_api_core::Timer;
use tokio::{
    sync::{Notify, watch},
    task::{JoinError, JoinSet},
};

use super::{
    DispatcherBuilder, Routes,
    delivery::Delivery,
    lanes::{Entrance, Lanes},
    meter,
    waits::{StoreTrouble, Waits},
    within::within,
};
use crate::{
    InDoubtPolicy,
    outbox::{Batch, Claim, OutboxStore, Outcome, Settlement},
};

/// After this many batches in a row that were given back, because as many of their route as allowed are under way, the
/// dispatcher waits until one of those is done.
const MAX_GIVEN_BACK: u32 = 8;

/// Sends what is in the log.
///
/// It claims due events, the longest due first, those of one route at a time; records them as begun; sends them; and
/// records what became of each as soon as it is known. What it does when something goes wrong:
///
/// * An event that the platform **refuses** is rejected with the reason. When the platform refuses a whole request for
///   it, the event is searched for and the others are sent, with at most 60 further calls; what they do not settle
///   comes back.
/// * A request of which **nobody knows** whether it was processed leaves its events in doubt, and the route waits. They
///   are never sent again, unless the [policy](DispatcherBuilder::in_doubt) says so. The next request of the route has
///   few events, so that a platform that is down costs few doubts.
/// * A request that was **not processed** (rate limit, no connection) brings its events back later, as late as the
///   platform says, and the route waits so long. Other routes go on.
/// * What a **person** has to put right (token, permission, dataset) makes the route wait in the same way; the reason is
///   in the history of the events.
/// * An event that **expired** before it could be sent is rejected.
///
/// There is no limit on attempts: what is not processed comes back until it expires.
///
/// ```no_run
/// # use std::sync::Arc;
/// use sociogram_capi::{dispatch::{Dispatcher, DispatcherConfigError, Routes}, outbox::OutboxStore};
///
/// # async fn serve(
/// #     store: Arc<dyn OutboxStore>,
/// #     routes: Arc<dyn Routes>,
/// #     shutdown: impl Future<Output = ()> + Send,
/// # ) -> Result<(), DispatcherConfigError> {
/// let dispatcher = Dispatcher::builder(store, routes).concurrency(8).build()?;
/// dispatcher.run(shutdown).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Dispatcher(Arc<Shared>);

pub(super) struct Shared {
    pub(super) store: Arc<dyn OutboxStore>,
    pub(super) routes: Arc<dyn Routes>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) settings: Settings,
    pub(super) waits: Waits,
    pub(super) trouble: StoreTrouble,
    lanes: Arc<Lanes>,
    wake: Arc<Notify>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) concurrency: usize,
    pub(super) per_route: usize,
    pub(super) batch_events: usize,
    pub(super) batch_bytes: usize,
    pub(super) lease: Duration,
    pub(super) poll: Duration,
    pub(super) grace: Duration,
    pub(super) answer_within: Duration,
    pub(super) in_doubt: InDoubtPolicy,
}

impl Settings {
    /// How long a call of the store may take: two of them fit into a lease.
    pub(super) fn store_patience(&self) -> Duration {
        self.lease / 3
    }
}

/// What a look into the store brought.
enum Look {
    Batch(Box<Batch>, Duration),
    Nothing,
    Failed,
}

type Stop<'a> = Pin<&'a mut (dyn Future<Output = ()> + Send)>;

impl Dispatcher {
    /// For the events of this store, sent by whom these routes name.
    pub fn builder(store: Arc<dyn OutboxStore>, routes: Arc<dyn Routes>) -> DispatcherBuilder {
        DispatcherBuilder::new(store, routes)
    }

    pub(super) fn of(
        store: Arc<dyn OutboxStore>,
        routes: Arc<dyn Routes>,
        timer: Arc<dyn Timer>,
        settings: Settings,
        waits: Waits,
    ) -> Self {
        let (trouble, lanes, wake) = (StoreTrouble::default(), Arc::default(), Arc::default());
        Self(Arc::new(Shared { store, routes, timer, settings, waits, trouble, lanes, wake }))
    }

    /// Has it look into the store now, because there is something new. Never waits. Clones are the same dispatcher.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    pub(super) fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.0.wake)
    }

    /// Sends until `stop` is ready. Then it claims nothing more, gives back what was not begun, and lets requests under
    /// way take the [grace](DispatcherBuilder::grace).
    ///
    /// Dropping the future breaks everything off at once: what was begun is in doubt when its lease is over.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        self.work(pin!(stop), false).await;
    }

    /// Sends until nothing is due. What waits for later is not waited for.
    pub async fn drain(&self) {
        self.work(pin!(std::future::pending()), true).await;
    }

    async fn work(&self, mut stop: Stop<'_>, ends_idle: bool) {
        let shared = &self.0;
        let (stopping, is_stopping) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut given_back = 0;
        loop {
            while let Some(ended) = tasks.try_join_next() {
                note(ended);
            }
            // The store may answer without ever waiting.
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = tokio::task::yield_now() => {}
            }
            let trouble = shared.trouble.left(shared.timer.monotonic());
            let pause = if tasks.len() >= shared.settings.concurrency || given_back >= MAX_GIVEN_BACK {
                given_back = 0;
                Some(shared.settings.poll)
            } else {
                trouble
            };
            if let Some(pause) = pause {
                if shared.pause(&mut stop, &mut tasks, pause).await {
                    break;
                }
                continue;
            }
            let Some(look) = shared.look(&mut stop).await else { break };
            match look {
                Look::Failed => {}
                Look::Nothing if ends_idle && tasks.is_empty() => break,
                Look::Nothing => {
                    let poll = shared.settings.poll;
                    if shared.pause(&mut stop, &mut tasks, poll).await {
                        break;
                    }
                }
                Look::Batch(batch, asked_at) => {
                    let now = shared.timer.monotonic();
                    let entrance = shared.lanes.enter(&batch.route, shared.settings.per_route, now);
                    let delivery = Delivery::new(Arc::clone(shared), *batch, asked_at, is_stopping.clone());
                    match entrance {
                        Entrance::Open(seat) => {
                            given_back = 0;
                            tasks.spawn(delivery.run(seat));
                        }
                        Entrance::Paused(pause) => {
                            tasks.spawn(delivery.postpone(pause));
                        }
                        Entrance::Busy => {
                            given_back += 1;
                            delivery.give_back().await;
                        }
                    }
                }
            }
        }
        stopping.send_replace(true);
        let ended = async {
            while let Some(ended) = tasks.join_next().await {
                note(ended);
            }
        };
        if within(&*shared.timer, shared.settings.grace, ended).await.is_none() {
            tracing::warn!(
                batches = tasks.len(),
                "requests under way were broken off: their events will be in doubt when their leases are over"
            );
            tasks.shutdown().await;
        }
    }
}

/// Whatever panics in a sender ends its batch only; the log then says what it says of a process that died.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(panicked = error.is_panic(), "the delivery of a batch broke off");
    }
}

impl Shared {
    /// Waits until something happens, this long at most. Gives whether it is to stop.
    async fn pause(&self, stop: &mut Stop<'_>, tasks: &mut JoinSet<()>, pause: Duration) -> bool {
        // With all hands full, only one that is done changes anything.
        let is_full = tasks.len() >= self.settings.concurrency;
        tokio::select! {
            biased;
            () = stop => return true,
            Some(ended) = tasks.join_next(), if !tasks.is_empty() => note(ended),
            () = self.wake.notified(), if !is_full => {}
            () = self.timer.sleep(pause), if !is_full => {}
        }
        false
    }

    /// Claims a batch; `None` when it is to stop.
    async fn look(self: &Arc<Self>, stop: &mut Stop<'_>) -> Option<Look> {
        let mut claim = pin!(self.claim());
        tokio::select! {
            biased;
            () = stop => {}
            look = &mut claim => return Some(look),
        }
        // What is claimed by now would be kept from others for the lease.
        if let Some(Look::Batch(batch, asked_at)) = within(&*self.timer, self.settings.grace, claim).await {
            Delivery::new(Arc::clone(self), *batch, asked_at, watch::channel(true).1).give_back().await;
        }
        None
    }

    async fn claim(&self) -> Look {
        let claim =
            Claim::new(self.settings.batch_events, self.settings.lease).bytes(self.settings.batch_bytes);
        let asked_at = self.timer.monotonic();
        match within(&*self.timer, self.settings.store_patience(), self.store.claim(&claim)).await {
            Some(Ok(Some(batch))) => Look::Batch(Box::new(batch), asked_at),
            Some(Ok(None)) => {
                self.trouble.well();
                Look::Nothing
            }
            Some(Err(error)) => {
                self.failed("claim");
                tracing::warn!(%error, kind = ?error.kind(), "no events could be claimed");
                Look::Failed
            }
            None => {
                self.failed("claim");
                tracing::warn!("no events could be claimed: the store does not answer");
                Look::Failed
            }
        }
    }

    /// The store failed. Gives how long to leave it alone.
    pub(super) fn failed(&self, call: &'static str) -> Duration {
        meter::store_failed(call);
        self.trouble.failed(&self.waits, self.timer.monotonic())
    }

    /// Stores outcomes, once; `None` when it is not known whether they were stored.
    pub(super) async fn settle(&self, settlements: &[Settlement]) -> Option<Vec<bool>> {
        match within(&*self.timer, self.settings.store_patience(), self.store.settle(settlements)).await {
            Some(Ok(stored)) => {
                // A batch that is only given back says nothing of `begin`.
                if settlements.iter().any(|settlement| settlement.outcome != Outcome::Released) {
                    self.trouble.well();
                }
                Some(stored)
            }
            Some(Err(error)) => {
                tracing::warn!(
                    %error, kind = ?error.kind(), events = settlements.len(), "outcomes could not be stored"
                );
                None
            }
            None => {
                tracing::warn!(events = settlements.len(), "outcomes could not be stored: no answer");
                None
            }
        }
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("store", &self.0.store)
            .field("routes", &self.0.routes)
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
