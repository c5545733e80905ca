//! Recording the events of several deliveries with one write.

use std::{
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tokio::sync::oneshot;

use super::{InboxError, InboxErrorKind, RecordEvents, Recorded};
use crate::Event;

/// Most events that go into one write.
const MAX_EVENTS: usize = 1000;

/// Records the events of deliveries that come in while a write is under way together in the next one. A store that
/// commits for every write then takes several times as many deliveries; one that comes alone waits for nothing.
///
/// Every call still ends only when its own events are durable. A write that fails because of a value
/// ([`InboxErrorKind::Corrupt`]) is made again call by call, so that one delivery never costs another one. Must be used
/// inside a tokio runtime. Cheap to clone; clones share their writes.
#[derive(Clone)]
pub struct GatherWrites(Arc<Shared>);

struct Shared {
    store: Arc<dyn RecordEvents>,
    writers: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<Call>,
    writing: usize,
}

/// One call that waits for its events to be durable.
struct Call {
    events: Vec<Event>,
    answer: oneshot::Sender<Result<Vec<Recorded>, InboxError>>,
}

impl GatherWrites {
    /// Over this store, with at most `writers` writes at once (at least one): two keep a database busy while the next
    /// write gathers.
    pub fn new(store: Arc<dyn RecordEvents>, writers: usize) -> Self {
        Self(Arc::new(Shared { store, writers: writers.max(1), state: Mutex::default() }))
    }
}

#[async_trait]
impl RecordEvents for GatherWrites {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut state = self.0.lock();
            state.waiting.push(Call { events: events.to_vec(), answer });
            let begin = state.writing < self.0.writers;
            state.writing += usize::from(begin);
            begin
        };
        if begin {
            // In a task of its own: a caller that goes away must not take the calls of others with it.
            tokio::spawn(write(Arc::clone(&self.0)));
        }
        answered.await.unwrap_or_else(|_| Err(broken()))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is one step: there is nothing half done behind a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The calls of the next write; none when this writer is to stop.
    fn next(&self) -> Vec<Call> {
        let mut state = self.lock();
        let mut events = 0;
        let fitting = state.waiting.iter().take_while(|call| {
            events += call.events.len();
            events <= MAX_EVENTS
        });
        // A call that is larger than that goes alone.
        let count = fitting.count().max(1).min(state.waiting.len());
        let rest = state.waiting.split_off(count);
        let calls = mem::replace(&mut state.waiting, rest);
        state.writing -= usize::from(calls.is_empty());
        calls
    }
}

/// Gives the place of a writer back that panicked.
struct Place {
    shared: Arc<Shared>,
    is_given_back: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.is_given_back {
            self.shared.lock().writing -= 1;
        }
    }
}

async fn write(shared: Arc<Shared>) {
    let mut place = Place { shared: Arc::clone(&shared), is_given_back: false };
    loop {
        let calls = shared.next();
        if calls.is_empty() {
            place.is_given_back = true;
            return;
        }
        let mut events = Vec::new();
        let mut answers = Vec::with_capacity(calls.len());
        for mut call in calls {
            answers.push((call.events.len(), call.answer));
            events.append(&mut call.events);
        }
        match shared.store.record(&events).await {
            Ok(recorded) if recorded.len() == events.len() => {
                let mut recorded = recorded.into_iter();
                for (count, answer) in answers {
                    // A caller that went away does not need the answer.
                    let _ = answer.send(Ok(recorded.by_ref().take(count).collect()));
                }
            }
            Err(error) if error.kind() == InboxErrorKind::Corrupt && answers.len() > 1 => {
                let mut rest = events.as_slice();
                for (count, answer) in answers {
                    let (own, others) = rest.split_at(count.min(rest.len()));
                    rest = others;
                    let _ = answer.send(shared.store.record(own).await);
                }
            }
            failed => {
                let kind = failed.as_ref().err().map_or(InboxErrorKind::Unavailable, InboxError::kind);
                let cause: Arc<dyn std::error::Error + Send + Sync> = match failed {
                    Err(error) => Arc::new(error),
                    Ok(_) => Arc::new(broken()),
                };
                for (_, answer) in answers {
                    let error = InboxError::new(kind, "the events were not recorded");
                    let _ = answer.send(Err(error.with_source(Cause(Arc::clone(&cause)))));
                }
            }
        }
    }
}

fn broken() -> InboxError {
    InboxError::new(InboxErrorKind::Unavailable, "the write of the events broke off")
}

/// One failure that several calls are told of.
#[derive(Debug)]
struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl fmt::Debug for GatherWrites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatherWrites")
            .field("store", &self.0.store)
            .field("writers", &self.0.writers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
