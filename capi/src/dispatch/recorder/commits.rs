//! The task that stores: groups what is queued by route, and writes a route's group at once.

use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::Arc,
    time::Duration,
};

use sociogram_api_core::Timer;
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, mpsc, oneshot},
    task::{Id, JoinSet},
};

use super::meter;
use crate::outbox::{AddEvents, Added, OutboxError, OutboxErrorKind, OutboxEvent, Route};

/// How many calls are taken at once.
const AT_ONCE: usize = 256;

/// When a route's events are stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) events: usize,
    pub(super) bytes: usize,
    pub(super) time: Duration,
    pub(super) writes: usize,
}

/// One call's events.
pub(super) struct Job {
    pub(super) route: Arc<Route>,
    pub(super) events: Vec<OutboxEvent>,
    pub(super) reply: oneshot::Sender<Result<Vec<Added>, OutboxError>>,
    /// Their places in the queue.
    pub(super) permit: OwnedSemaphorePermit,
}

pub(super) enum Message {
    Job(Job),
    Stop,
}

pub(super) struct Commits {
    store: Arc<dyn AddEvents>,
    timer: Arc<dyn Timer>,
    limits: Limits,
    wake: Option<Arc<Notify>>,
    groups: HashMap<Arc<Route>, Group>,
    /// Routes with a group, in the order in which their time is over.
    waiting: VecDeque<(Duration, Arc<Route>)>,
    /// Routes whose group is full or waited long enough.
    ready: VecDeque<Arc<Route>>,
    writes: JoinSet<()>,
    writing: HashMap<Id, Arc<Route>>,
    stopping: bool,
}

/// What is to be stored for a route next.
#[derive(Default)]
struct Group {
    jobs: VecDeque<Job>,
    events: usize,
    bytes: usize,
    is_ready: bool,
    is_written: bool,
}

impl Commits {
    pub(super) fn new(
        store: Arc<dyn AddEvents>,
        timer: Arc<dyn Timer>,
        limits: Limits,
        wake: Option<Arc<Notify>>,
    ) -> Self {
        Self {
            store,
            timer,
            limits,
            wake,
            groups: HashMap::new(),
            waiting: VecDeque::new(),
            ready: VecDeque::new(),
            writes: JoinSet::new(),
            writing: HashMap::new(),
            stopping: false,
        }
    }

    /// Until everything is stored after a [`Message::Stop`] or the last sender.
    pub(super) async fn run(mut self, mut incoming: mpsc::UnboundedReceiver<Message>) {
        let (mut is_open, mut messages) = (true, Vec::with_capacity(AT_ONCE));
        while is_open || !self.writes.is_empty() || !self.groups.is_empty() {
            let now = self.timer.monotonic();
            self.ripen(now);
            self.write();
            let next = self.waiting.front().map(|(until, _)| until.saturating_sub(now));
            let alarm = next.map(|wait| self.timer.sleep(wait));
            tokio::select! {
                biased;
                Some(ended) = self.writes.join_next_with_id(), if !self.writes.is_empty() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => {
                            tracing::error!(panicked = error.is_panic(), "storing events broke off");
                            error.id()
                        }
                    };
                    self.written(id);
                }
                received = incoming.recv_many(&mut messages, AT_ONCE), if is_open => {
                    if received == 0 {
                        (is_open, self.stopping) = (false, true);
                    }
                    for message in messages.drain(..) {
                        match message {
                            Message::Job(job) => self.take(job),
                            Message::Stop => {
                                // What was sent before is still received.
                                incoming.close();
                                self.stopping = true;
                            }
                        }
                    }
                }
                () = async { if let Some(alarm) = alarm { alarm.await } }, if next.is_some() => {}
            }
        }
    }

    fn take(&mut self, job: Job) {
        let now = self.timer.monotonic();
        let group = self.groups.entry(Arc::clone(&job.route)).or_default();
        if group.jobs.is_empty() && !group.is_ready {
            self.waiting.push_back((now.saturating_add(self.limits.time), Arc::clone(&job.route)));
        }
        group.events += job.events.len();
        group.bytes += size(&job);
        let is_full = group.events >= self.limits.events || group.bytes >= self.limits.bytes;
        if is_full && !group.is_ready {
            group.is_ready = true;
            self.ready.push_back(Arc::clone(&job.route));
        }
        group.jobs.push_back(job);
    }

    /// Finds those that waited long enough.
    fn ripen(&mut self, now: Duration) {
        while let Some((until, _)) = self.waiting.front()
            && (*until <= now || self.stopping)
        {
            let Some((_, route)) = self.waiting.pop_front() else { return };
            if let Some(group) = self.groups.get_mut(&route)
                && !group.jobs.is_empty()
                && !group.is_ready
            {
                group.is_ready = true;
                self.ready.push_back(route);
            }
        }
    }

    /// Begins as many writes as allowed, one of a route at a time.
    fn write(&mut self) {
        let mut held_up = VecDeque::new();
        while self.writes.len() < self.limits.writes
            && let Some(route) = self.ready.pop_front()
        {
            let Some(group) = self.groups.get_mut(&route) else { continue };
            if group.is_written {
                held_up.push_back(route);
                continue;
            }
            let jobs = group.next(&self.limits);
            group.is_written = true;
            // What is left waited at least as long.
            group.is_ready = !group.jobs.is_empty();
            if group.is_ready {
                held_up.push_back(Arc::clone(&route));
            }
            let work = store_jobs(Arc::clone(&self.store), Arc::clone(&route), jobs, self.wake.clone());
            let id = self.writes.spawn(work).id();
            self.writing.insert(id, route);
        }
        self.ready.extend(held_up);
    }

    fn written(&mut self, id: Id) {
        let Some(route) = self.writing.remove(&id) else { return };
        if let Some(group) = self.groups.get_mut(&route) {
            group.is_written = false;
            if group.jobs.is_empty() {
                self.groups.remove(&route);
            }
        }
    }
}

impl Group {
    /// As many calls as fit, at least one.
    fn next(&mut self, limits: &Limits) -> Vec<Job> {
        let (mut jobs, mut events, mut bytes) = (Vec::new(), 0, 0);
        while let Some(job) = self.jobs.front() {
            events += job.events.len();
            bytes += size(job);
            if !jobs.is_empty() && (events > limits.events || bytes > limits.bytes) {
                break;
            }
            self.events -= job.events.len();
            self.bytes -= size(job);
            jobs.extend(self.jobs.pop_front());
        }
        jobs
    }
}

fn size(job: &Job) -> usize {
    job.events.iter().map(|event| event.json.len()).sum()
}

/// Whom to tell about how many of the events.
struct Caller {
    events: usize,
    reply: oneshot::Sender<Result<Vec<Added>, OutboxError>>,
    permit: OwnedSemaphorePermit,
}

impl Caller {
    fn tell(self, told: Result<Vec<Added>, OutboxError>) {
        match &told {
            Ok(added) => meter::accepted(added),
            Err(_) => meter::not_recorded(self.events),
        }
        // Room first: whoever is told may record more at once.
        drop(self.permit);
        // A caller that is gone wants no answer.
        let _ = self.reply.send(told);
    }
}

/// Stores the events of several calls with one write, and tells each.
async fn store_jobs(store: Arc<dyn AddEvents>, route: Arc<Route>, jobs: Vec<Job>, wake: Option<Arc<Notify>>) {
    let (mut events, mut callers) = (Vec::new(), Vec::new());
    for job in jobs {
        let Job { route: _, events: mut its, reply, permit } = job;
        callers.push(Caller { events: its.len(), reply, permit });
        if events.is_empty() {
            events = mem::take(&mut its);
        } else {
            events.append(&mut its);
        }
    }
    match store.add(&route, &events).await {
        Ok(added) => {
            let mut added = added.into_iter();
            for caller in callers {
                let its = added.by_ref().take(caller.events).collect();
                caller.tell(Ok(its));
            }
        }
        Err(error) => {
            tracing::warn!(%error, kind = ?error.kind(), events = events.len(), "events could not be stored");
            match <[Caller; 1]>::try_from(callers) {
                Ok([caller]) => caller.tell(Err(error)),
                Err(callers) if error.kind() == OutboxErrorKind::Unavailable => fail(callers, error),
                // Nothing was stored, for one call's fault or because it is too much at once: each for itself.
                Err(callers) => each(&*store, &route, &events, callers).await,
            }
        }
    }
    if let Some(wake) = wake {
        wake.notify_one();
    }
}

/// Stores the events of each call on their own.
async fn each(store: &dyn AddEvents, route: &Route, events: &[OutboxEvent], callers: Vec<Caller>) {
    let mut rest = events;
    for caller in callers {
        let (its, others) = rest.split_at_checked(caller.events).unwrap_or((rest, &[]));
        rest = others;
        let told = store.add(route, its).await;
        caller.tell(told);
    }
}

/// Tells everybody.
fn fail(callers: Vec<Caller>, error: OutboxError) {
    let (kind, error) = (error.kind(), Arc::new(error));
    for caller in callers {
        let message = "the store failed, and whether the events were stored is unknown: record them again";
        caller.tell(Err(OutboxError::new(kind, message).with_source(Arc::clone(&error))));
    }
}
