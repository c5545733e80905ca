//! How a dispatcher works.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use sociogram_api_core::{SystemClock, Timer};

use super::{
    Dispatcher, Routes,
    dispatcher::Settings,
    waits::{Waits, full_jitter},
};
use crate::{InDoubtPolicy, MAX_BODY_BYTES, MAX_EVENTS, outbox::OutboxStore};

/// Builds a [`Dispatcher`].
#[derive(Debug)]
#[must_use]
pub struct DispatcherBuilder {
    store: Arc<dyn OutboxStore>,
    routes: Arc<dyn Routes>,
    timer: Arc<dyn Timer>,
    settings: Settings,
    waits: Waits,
}

/// A setting with which nothing can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DispatcherConfigError {
    /// This setting must not be zero.
    Zero(&'static str),
    /// The lease is shorter than a second: no store renews it in time.
    ShortLease,
}

impl fmt::Display for DispatcherConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero(setting) => write!(f, "{setting} is zero: give at least one"),
            Self::ShortLease => f.write_str("the lease is too short: give a second or more"),
        }
    }
}

impl Error for DispatcherConfigError {}

impl DispatcherBuilder {
    pub(super) fn new(store: Arc<dyn OutboxStore>, routes: Arc<dyn Routes>) -> Self {
        let settings = Settings {
            concurrency: 4,
            per_route: usize::MAX,
            batch_events: MAX_EVENTS,
            batch_bytes: MAX_BODY_BYTES,
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(30),
            answer_within: Duration::from_secs(120),
            in_doubt: InDoubtPolicy::Report,
        };
        let waits = Waits {
            base: Duration::from_secs(1),
            cap: Duration::from_secs(5 * 60),
            person: Duration::from_secs(5 * 60),
            jitter: full_jitter,
        };
        Self { store, routes, timer: Arc::new(SystemClock::new()), settings, waits }
    }

    /// How many requests are under way at the same time; 4 unless told otherwise.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.settings.concurrency = requests;
        self
    }

    /// How many of them may be of one route; all of them unless told otherwise. With fewer, a route with many events and
    /// a slow platform leaves room for others, at the price of claims that are given back.
    pub fn per_route(mut self, requests: usize) -> Self {
        self.settings.per_route = requests;
        self
    }

    /// How many events are claimed at a time; 1000 unless told otherwise. More are sent in several requests, one after
    /// the other, of at most 1000 events (Meta) or 5000 (LinkedIn).
    pub fn batch_events(mut self, events: usize) -> Self {
        self.settings.batch_events = events;
        self
    }

    /// How many bytes of JSON are claimed at a time, about, and the most that a request of more than one event has;
    /// [`MAX_BODY_BYTES`] unless told otherwise, and never more.
    pub fn batch_bytes(mut self, bytes: usize) -> Self {
        self.settings.batch_bytes = bytes.min(MAX_BODY_BYTES);
        self
    }

    /// How long events are claimed for; a minute unless told otherwise. Claims are renewed after each third of it, for as
    /// long as a request takes. So long it takes until others see that this process died.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease;
        self
    }

    /// How often the store is asked for due events while nobody [wakes](Dispatcher::wake) the dispatcher; every second
    /// unless told otherwise.
    pub fn poll(mut self, every: Duration) -> Self {
        self.settings.poll = every;
        self
    }

    /// The back-off after failures: at most `base` after the first, twice as much after each further one in a row, up to
    /// `cap`; chance decides how much of it is waited. A second and five minutes unless told otherwise. A time that the
    /// platform names is waited as told.
    pub fn back_off(mut self, base: Duration, cap: Duration) -> Self {
        (self.waits.base, self.waits.cap) = (base, cap);
        self
    }

    /// How long a route waits after what a person has to put right: a token that is not accepted, a missing permission,
    /// a wrong dataset. Five minutes unless told otherwise. Its events wait with it, and none is used up.
    pub fn wait_for_person(mut self, wait: Duration) -> Self {
        self.waits.person = wait;
        self
    }

    /// What happens to requests of which nobody knows whether they were processed; they are reported as in doubt unless
    /// told otherwise.
    pub fn in_doubt(mut self, policy: InDoubtPolicy) -> Self {
        self.settings.in_doubt = policy;
        self
    }

    /// How long a request may take, whatever its sender allows; its events are in doubt then. Two minutes unless told
    /// otherwise.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.settings.answer_within = time;
        self
    }

    /// How long requests under way may take when the dispatcher stops; 30 seconds unless told otherwise. Those that take
    /// longer are broken off, and their events are in doubt when their lease is over.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.settings.grace = grace;
        self
    }

    /// Measures and waits with this clock instead of the system's.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    #[cfg(test)]
    pub(super) fn jitter(mut self, jitter: super::waits::Jitter) -> Self {
        self.waits.jitter = jitter;
        self
    }

    /// The dispatcher. It does nothing until it [runs](Dispatcher::run).
    ///
    /// # Errors
    ///
    /// [`DispatcherConfigError`] names the setting with which nothing could be sent.
    pub fn build(self) -> Result<Dispatcher, DispatcherConfigError> {
        let Self { store, routes, timer, settings, waits } = self;
        for (setting, value) in [
            ("concurrency", settings.concurrency),
            ("per_route", settings.per_route),
            ("batch_events", settings.batch_events),
            ("batch_bytes", settings.batch_bytes),
        ] {
            if value == 0 {
                return Err(DispatcherConfigError::Zero(setting));
            }
        }
        for (setting, value) in [("poll", settings.poll), ("answer_within", settings.answer_within)] {
            if value.is_zero() {
                return Err(DispatcherConfigError::Zero(setting));
            }
        }
        if settings.lease < Duration::from_secs(1) {
            return Err(DispatcherConfigError::ShortLease);
        }
        Ok(Dispatcher::of(store, routes, timer, settings, waits))
    }
}
