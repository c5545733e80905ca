//! An event in the log, with its fate.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use super::{OutboxEvent, Route};

/// Where an event is in the log. Later events have greater ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(u64);

impl EntryId {
    /// For stores.
    pub fn new(id: u64) -> Self {
        Self(id)
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryState {
    /// It waits for its first attempt or another one.
    Pending,
    /// Somebody has claimed it, and nothing has left.
    Claimed,
    /// It is on its way.
    Sending,
    /// The platform took it.
    Sent,
    /// It was refused, and was not counted.
    Rejected,
    /// It was sent, and whether it was counted is unknown.
    InDoubt,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Claimed, Self::Sending, Self::Sent, Self::Rejected, Self::InDoubt];

    /// The word that stores keep.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Claimed => "claimed",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Rejected => "rejected",
            Self::InDoubt => "in_doubt",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more happens to it unless it is replayed.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Sent | Self::Rejected | Self::InDoubt)
    }
}

impl fmt::Display for EntryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What became of an event. Holds no customer values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// The platform took it.
    Sent {
        /// The id of the exchange (`fbtrace_id`, `x-li-uuid`), if there was one.
        trace: Option<String>,
    },
    /// It was refused, and was not counted.
    Rejected {
        /// The platform's error code.
        code: Option<i64>,
        /// Its subcode.
        subcode: Option<i64>,
        /// Which member is at fault, where that is known.
        field: Option<String>,
        /// Why, in our words; never the platform's, which may quote values.
        reason: String,
        /// What to do.
        advice: String,
        /// The id of the exchange.
        trace: Option<String>,
    },
    /// It was sent, and whether it was counted is unknown.
    InDoubt {
        /// Why: `timeout`, `server`, `fewer_taken`, `process_died`, …
        reason: String,
        /// The id of the exchange, if there was an answer.
        trace: Option<String>,
    },
}

impl Fate {
    /// The state of an event with this fate.
    pub const fn state(&self) -> EntryState {
        match self {
            Self::Sent { .. } => EntryState::Sent,
            Self::Rejected { .. } => EntryState::Rejected,
            Self::InDoubt { .. } => EntryState::InDoubt,
        }
    }

    /// That of an event whose process died while it was sending.
    pub fn process_died() -> Self {
        Self::InDoubt { reason: "process_died".to_owned(), trace: None }
    }
}

/// An attempt that brought no fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it ended, in Unix milliseconds by the store's clock.
    pub at: Timestamp,
    /// Why: see [`Outcome::NotProcessed`](super::Outcome), or what a fate said that a replay undid.
    pub reason: String,
}

impl Attempt {
    /// For stores.
    pub fn new(at: Timestamp, reason: impl Into<String>) -> Self {
        Self { at, reason: reason.into() }
    }
}

/// An event in the log. `Debug` shows no content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it is in the log.
    pub id: EntryId,
    /// Where it goes.
    pub route: Route,
    /// The event; its JSON is empty when the content was deleted ([`Retention`](super::Retention)).
    pub event: OutboxEvent,
    /// How far it has come.
    pub state: EntryState,
    /// What became of it; set when it is finished.
    pub fate: Option<Fate>,
    /// How often it was begun since it was added or replayed.
    pub attempts: u32,
    /// How often it was replayed.
    pub replays: u32,
    /// The latest attempts that brought no fate, the last one last; at most [`Entry::MAX_ATTEMPTS`].
    pub history: Vec<Attempt>,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it is due, or its lease ends; `None` when it is finished.
    pub due_at: Option<Timestamp>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

impl Entry {
    /// How many attempts a store keeps of an event.
    pub const MAX_ATTEMPTS: usize = 10;

    /// For stores: a new event.
    pub fn new(id: EntryId, route: Route, event: OutboxEvent, added_at: Timestamp) -> Self {
        Self {
            id,
            route,
            event,
            state: EntryState::Pending,
            fate: None,
            attempts: 0,
            replays: 0,
            history: Vec::new(),
            added_at,
            due_at: Some(added_at),
            finished_at: None,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EntryPage {
    /// The events, the latest added first.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<EntryId>,
}

impl EntryPage {
    /// For stores.
    pub fn new(entries: Vec<Entry>, next: Option<EntryId>) -> Self {
        Self { entries, next }
    }
}
