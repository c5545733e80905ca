//! Taking events to be sent, and telling what became of them.

use std::{fmt, time::Duration};

use sociogram_api_core::Timestamp;

use super::{EntryId, Fate, Route};

/// How much to take, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// At most this many events; platforms take 1000 (Meta) or 5000 (LinkedIn) in a request.
    pub limit: usize,
    /// About this many bytes of JSON.
    pub bytes: usize,
    /// How long others keep away from them.
    pub lease: Duration,
}

impl Claim {
    /// At most `limit` events and about 4 MiB, for `lease`.
    pub fn new(limit: usize, lease: Duration) -> Self {
        Self { limit, bytes: crate::MAX_BODY_BYTES, lease }
    }

    /// About this many bytes.
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }
}

/// Proof of a claim: the event, and which of its claims it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClaimToken {
    id: EntryId,
    fence: u64,
}

impl ClaimToken {
    /// For stores. `fence` grows with each claim of the event.
    pub fn new(id: EntryId, fence: u64) -> Self {
        Self { id, fence }
    }

    /// Which event.
    pub fn id(self) -> EntryId {
        self.id
    }

    /// Which claim of the event.
    pub fn fence(self) -> u64 {
        self.fence
    }
}

/// Events of one route that were taken to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Batch {
    /// Where they go.
    pub route: Route,
    /// The events, the longest due first; at least one.
    pub events: Vec<BatchEvent>,
    /// When they were taken, by the store's clock.
    pub claimed_at: Timestamp,
}

impl Batch {
    /// For stores.
    pub fn new(route: Route, events: Vec<BatchEvent>, claimed_at: Timestamp) -> Self {
        Self { route, events, claimed_at }
    }
}

/// One event of a [`Batch`]. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchEvent {
    /// Proof of the claim.
    pub token: ClaimToken,
    /// The JSON of the event.
    pub json: Box<str>,
    /// Whether it has an `event_id`.
    pub has_event_id: bool,
    /// Until when the platform takes it.
    pub expires_at: Timestamp,
    /// How often it was begun before.
    pub attempts: u32,
    /// When it was added.
    pub added_at: Timestamp,
}

impl BatchEvent {
    /// For stores.
    pub fn new(
        token: ClaimToken,
        json: Box<str>,
        has_event_id: bool,
        expires_at: Timestamp,
        attempts: u32,
        added_at: Timestamp,
    ) -> Self {
        Self { token, json, has_event_id, expires_at, attempts, added_at }
    }
}

impl fmt::Debug for BatchEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchEvent")
            .field("token", &self.token)
            .field("bytes", &self.json.len())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What became of a claimed event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It has its fate.
    Finished(Fate),
    /// It was not processed: it is due again after this time. `reason` is a short word such as `throttled`.
    NotProcessed {
        /// How long to wait.
        after: Duration,
        /// Why.
        reason: String,
    },
    /// It was not begun, as far as its holder knows: it is due again at once, and nothing is noted, nor is an attempt
    /// counted.
    Released,
}

/// What became of one claimed event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settlement {
    /// Proof of the claim.
    pub token: ClaimToken,
    /// What became of it.
    pub outcome: Outcome,
}

impl Settlement {
    /// Of this claim.
    pub fn new(token: ClaimToken, outcome: Outcome) -> Self {
        Self { token, outcome }
    }
}
