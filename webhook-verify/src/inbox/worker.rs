//! Has events handled.

use std::{fmt, sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{Backoff, Handler, InboxStore, Order};
use running::Policy;

mod call;
mod clock;
mod cycle;
mod outage;
mod running;
mod settling;

/// Takes events out of a store and has a [`Handler`] do what is to be done with each. Any number of workers, in any
/// number of processes, may share a store.
///
/// An event is handled **at least once**. It is handled again when its process dies before the result is stored, when
/// the store does not take the result in time, or when the handler failed, panicked or was dropped. A handler is
/// dropped where it waits, like any future, when its claim was lost (somebody else has the event: the lease ended
/// before it could be renewed) and at the end of the [grace](WorkerBuilder::grace). If it must not be cut in two, let
/// it spawn a task and wait for that.
///
/// A handler that fails is called again after a [wait](Backoff) that grows, or after the time it asked for if that is
/// longer. An event is given up when it was tried [`max_attempts`](WorkerBuilder::max_attempts) times or when the
/// handler says so; an event whose attempts all ended without a result (they took the process with them) is given up
/// without calling the handler again. What was given up stays in the store with the errors, to be looked at and
/// [replayed](super::Replay).
///
/// The log (`tracing`, a span for each call of the handler) names the entry, the platform, the kind and the attempt.
/// It holds no content and no error texts of handlers: those stand in the store only.
pub struct Worker {
    store: Arc<dyn InboxStore>,
    handler: Arc<dyn Handler>,
    concurrency: usize,
    lease: Duration,
    poll: Duration,
    order: Order,
    policy: Policy,
    grace: Duration,
    wake: Wake,
}

impl Worker {
    /// Starts with the defaults that the setters name.
    pub fn builder(store: Arc<dyn InboxStore>, handler: Arc<dyn Handler>) -> WorkerBuilder {
        WorkerBuilder(Self {
            store,
            handler,
            concurrency: 8,
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            order: Order::default(),
            policy: Policy { backoff: Backoff::default(), max_attempts: 12 },
            grace: Duration::from_secs(10),
            wake: Wake(Arc::new(Notify::new())),
        })
    }

    /// With this the worker can be told that there are new events. Without, it looks each
    /// [`poll`](WorkerBuilder::poll).
    pub fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// Works until `stop` is ready. Then it takes no more events, waits for the handlers that are at work as long as
    /// the [grace](WorkerBuilder::grace), drops those that are left and gives their events back, so that another worker
    /// can take them at once. That takes at most five seconds more than the grace, and no time when nothing is at work.
    ///
    /// Dropping the future stops too, without giving anything back: the events are due again when their leases end.
    /// Failures of the store end nothing: the worker tries again, after up to 30 seconds.
    ///
    /// Needs a tokio runtime with its time enabled.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        cycle::Cycle::new(self).run(stop).await;
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("store", &self.store)
            .field("concurrency", &self.concurrency)
            .field("lease", &self.lease)
            .field("poll", &self.poll)
            .field("order", &self.order)
            .field("policy", &self.policy)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

/// How a [`Worker`] works.
#[derive(Debug)]
pub struct WorkerBuilder(Worker);

impl WorkerBuilder {
    /// How many handlers work at once; 8 unless set, at least 1. No more events are taken than can be begun at once.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.0.concurrency = handlers.max(1);
        self
    }

    /// For how long an event is taken; a minute unless set, at least a second. While the handler works it is renewed
    /// each third of it, so it need not be longer than the handler takes. After a crash nobody touches the event for
    /// that long. A call to the store that takes longer than a third of it counts as failed.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = lease.max(Duration::from_secs(1));
        self
    }

    /// How long to wait when nothing is due, unless [woken](Wake); a second unless set, at least ten milliseconds.
    pub fn poll(mut self, wait: Duration) -> Self {
        self.0.poll = wait.max(Duration::from_millis(10));
        self
    }

    /// In which order events are handled; [`Order::Any`] unless set. All workers of a store need the same.
    pub fn order(mut self, order: Order) -> Self {
        self.0.order = order;
        self
    }

    /// How long to wait after an attempt that failed; up to 5 seconds after the first and up to an hour later, unless
    /// set.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.0.policy.backoff = backoff;
        self
    }

    /// After how many failed attempts an event is given up; 12 unless set, at least 1. Attempts that a crash cut off
    /// count, and those that were given back at a stop do not.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.0.policy.max_attempts = attempts.max(1);
        self
    }

    /// How long handlers may go on after the stop; 10 seconds unless set. Five seconds more should pass before the
    /// process is killed.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.0.grace = grace;
        self
    }

    /// The worker, not at work yet.
    pub fn build(self) -> Worker {
        self.0
    }
}

/// Tells a [`Worker`] that there are new events, so that it does not wait out its [poll](WorkerBuilder::poll). Give it
/// to the [`Receiver`](super::Receiver) of the same process. To call it too often costs one look into the store each.
#[derive(Clone, Debug)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Ends the wait. When the worker is busy, it looks again as soon as it can take more.
    pub fn notify(&self) {
        self.0.notify_one();
    }
}

#[cfg(test)]
pub(super) mod tests;
