//! Storing what many callers hand in at the same time, with few writes.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use sociogram_api_core::{SystemClock, Timer};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, TryAcquireError, mpsc, oneshot, watch};

use super::{Dispatcher, meter};
use crate::outbox::{AddEvents, Added, OutboxError, OutboxErrorKind, OutboxEvent, Route};
use commits::{Commits, Job, Limits, Message};

mod commits;

/// Takes events from any number of callers and stores them together: each route's events of a few milliseconds go into
/// the store with one write. Accepted means stored.
///
/// Clones are the same recorder. Keep one for as long as the process takes events, and
/// [shut it down](Self::shutdown) at the end. When the last clone is dropped, what callers wait for no more is
/// stored all the same, if the runtime lives long enough.
///
/// ```no_run
/// # use std::sync::Arc;
/// use sociogram_capi::{
///     Event, PrepareOptions,
///     dispatch::Recorder,
///     outbox::{AddEvents, OutboxError, OutboxEvent, Route},
/// };
///
/// # async fn take(store: Arc<dyn AddEvents>, route: Route, events: Vec<Event>, options: PrepareOptions) -> Result<(), OutboxError> {
/// let recorder = Recorder::builder(store).start();
/// let (events, rejected) = OutboxEvent::prepare(&events, &options);
/// let added = recorder.record(route, events.into_iter().map(|(_, event)| event).collect()).await?;
/// // From here on each event of `added` gets exactly one fate.
/// recorder.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    jobs: mpsc::UnboundedSender<Message>,
    /// A permit for each event that may be queued yet.
    room: Arc<Semaphore>,
    queue: u32,
    /// Closed when everything is stored after a shutdown.
    done: watch::Receiver<()>,
}

/// Builds a [`Recorder`].
#[must_use]
pub struct RecorderBuilder {
    store: Arc<dyn AddEvents>,
    timer: Arc<dyn Timer>,
    queue: u32,
    limits: Limits,
    wake: Option<Arc<Notify>>,
}

impl RecorderBuilder {
    /// How many events wait to be stored at most, those being stored included; 10 000 unless told otherwise.
    pub fn queue(mut self, events: u32) -> Self {
        self.queue = events.clamp(1, u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX));
        self
    }

    /// Stores the events of a route when there are this many; 1000 unless told otherwise. One call's events are never
    /// split, so a write may have more.
    pub fn flush_events(mut self, events: usize) -> Self {
        self.limits.events = events.max(1);
        self
    }

    /// The same for bytes of JSON; 1 MiB unless told otherwise.
    pub fn flush_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// Stores the events of a route when the first of them waited so long; 5 ms unless told otherwise.
    pub fn flush_after(mut self, time: Duration) -> Self {
        self.limits.time = time;
        self
    }

    /// How many routes are written at the same time; 8 unless told otherwise. A route is written once at a time: what
    /// comes meanwhile goes into its next write.
    pub fn writes(mut self, writes: usize) -> Self {
        self.limits.writes = writes.max(1);
        self
    }

    /// [Wakes](Dispatcher::wake) this dispatcher when there are new events.
    pub fn wakes(mut self, dispatcher: &Dispatcher) -> Self {
        self.wake = Some(dispatcher.waker());
        self
    }

    /// Measures and waits with this clock instead of the system's.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// Starts the task that stores.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start(self) -> Recorder {
        let Self { store, timer, queue, limits, wake } = self;
        let (jobs, incoming) = mpsc::unbounded_channel();
        let (alive, done) = watch::channel(());
        let commits = Commits::new(store, timer, limits, wake);
        tokio::spawn(async move {
            commits.run(incoming).await;
            drop(alive);
        });
        let room = Arc::new(Semaphore::new(usize::try_from(queue).unwrap_or(usize::MAX)));
        Recorder(Arc::new(Inner { jobs, room, queue, done }))
    }
}

impl Recorder {
    /// Into this store.
    pub fn builder(store: Arc<dyn AddEvents>) -> RecorderBuilder {
        let limits = Limits { events: 1000, bytes: 1024 * 1024, time: Duration::from_millis(5), writes: 8 };
        RecorderBuilder { store, timer: Arc::new(SystemClock::new()), queue: 10_000, limits, wake: None }
    }

    /// Stores events of one route: all of them or none. Gives what became of each, in their order, when they are
    /// stored. Waits while the queue is full.
    ///
    /// Dropping the future does not take back what is queued: it is stored or not, and nobody is told.
    ///
    /// # Errors
    ///
    /// As [`AddEvents::add`]: recording the same events again stores none with an `event_id` twice. After
    /// [`shutdown`](Self::shutdown) an error of kind `Unavailable`, and nothing was stored.
    pub async fn record(
        &self,
        route: impl Into<Arc<Route>> + Send,
        events: Vec<OutboxEvent>,
    ) -> Result<Vec<Added>, OutboxError> {
        let route = route.into();
        let Ok(permit) = Arc::clone(&self.0.room).acquire_many_owned(self.places(&events)).await else {
            meter::not_recorded(events.len());
            return Err(shut_down());
        };
        self.queue(route, events, permit).await
    }

    /// As [`record`](Self::record), but never waits for room in the queue: then it gives the events back at once. The
    /// future waits until the events are stored; they are queued already, also when it is never polled.
    ///
    /// # Errors
    ///
    /// [`QueueFull`] with the events.
    pub fn try_record(
        &self,
        route: impl Into<Arc<Route>>,
        events: Vec<OutboxEvent>,
    ) -> Result<Recording, QueueFull> {
        match Arc::clone(&self.0.room).try_acquire_many_owned(self.places(&events)) {
            Ok(permit) => Ok(self.queue(route.into(), events, permit)),
            Err(TryAcquireError::NoPermits) => Err(QueueFull { events }),
            Err(TryAcquireError::Closed) => {
                meter::not_recorded(events.len());
                Ok(Recording(State::Told(Some(Err(shut_down())))))
            }
        }
    }

    /// How many events wait to be stored, those being stored included.
    pub fn queued(&self) -> usize {
        usize::try_from(self.0.queue).unwrap_or(usize::MAX).saturating_sub(self.0.room.available_permits())
    }

    /// Takes no more events, stores what is queued at once, and returns when that is done: each caller was told. Those
    /// that waited for room are told that nothing of theirs was stored. Waits as long as the store takes.
    pub async fn shutdown(&self) {
        self.0.room.close();
        // An error says that it is done.
        let _ = self.0.jobs.send(Message::Stop);
        let mut done = self.0.done.clone();
        let _ = done.changed().await;
    }

    /// Calls with more events than the queue has places take all of them.
    fn places(&self, events: &[OutboxEvent]) -> u32 {
        u32::try_from(events.len()).unwrap_or(u32::MAX).min(self.0.queue)
    }

    fn queue(&self, route: Arc<Route>, events: Vec<OutboxEvent>, permit: OwnedSemaphorePermit) -> Recording {
        if events.is_empty() {
            return Recording(State::Told(Some(Ok(Vec::new()))));
        }
        meter::queue(self.queued());
        let (reply, told) = oneshot::channel();
        let job = Job { route, events, reply, permit };
        match self.0.jobs.send(Message::Job(job)) {
            Ok(()) => Recording(State::Queued(told)),
            Err(_) => Recording(State::Told(Some(Err(shut_down())))),
        }
    }
}

fn shut_down() -> OutboxError {
    let message = "the recorder is shut down, and the events were not stored: start another one";
    OutboxError::new(OutboxErrorKind::Unavailable, message)
}

/// Waits until events are stored: see [`Recorder::try_record`].
#[must_use = "only its end says whether the events are stored"]
pub struct Recording(State);

enum State {
    Queued(oneshot::Receiver<Result<Vec<Added>, OutboxError>>),
    Told(Option<Result<Vec<Added>, OutboxError>>),
}

impl Future for Recording {
    type Output = Result<Vec<Added>, OutboxError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let told = match &mut self.0 {
            State::Told(told) => told.take(),
            State::Queued(receiver) => match Pin::new(receiver).poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(told) => told.ok(),
            },
        };
        self.0 = State::Told(None);
        Poll::Ready(told.unwrap_or_else(|| {
            let message =
                "the recorder broke off: whether the events were stored is unknown, record them again";
            Err(OutboxError::new(OutboxErrorKind::Unavailable, message))
        }))
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_queued = matches!(self.0, State::Queued(_));
        f.debug_struct("Recording").field("queued", &is_queued).finish_non_exhaustive()
    }
}

/// The queue of a [`Recorder`] is full. Try again later, tell the caller to, or wait with [`Recorder::record`].
pub struct QueueFull {
    events: Vec<OutboxEvent>,
}

impl QueueFull {
    /// The events, none of which was queued.
    pub fn into_events(self) -> Vec<OutboxEvent> {
        self.events
    }
}

impl fmt::Debug for QueueFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueFull").field("events", &self.events.len()).finish()
    }
}

impl fmt::Display for QueueFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many events wait to be stored: try again later")
    }
}

impl std::error::Error for QueueFull {}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("queued", &self.queued()).finish_non_exhaustive()
    }
}

impl fmt::Debug for RecorderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecorderBuilder")
            .field("store", &self.store)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}
