//! An event in the log, with what became of it.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{DedupeKey, Event, EventTime, Provider, Strength};

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

/// What has become of an event so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryState {
    /// It waits for its first attempt or for another one.
    Pending,
    /// Somebody has claimed it. When the lease ends it is due again.
    Running,
    /// It was handled.
    Done,
    /// Nobody wanted to handle it.
    Skipped,
    /// It was given up.
    Dead,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Done, Self::Skipped, Self::Dead];

    /// The word that stores keep.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Dead => "dead",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more happens to it unless it is replayed.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::Skipped | Self::Dead)
    }
}

impl fmt::Display for EntryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AttemptError {
    /// When, by the store's clock.
    pub at: EventTime,
    /// Which attempt it was, from 1; counted anew after a replay.
    pub attempt: u32,
    /// Why it failed, the cause last.
    pub error: Vec<String>,
}

impl AttemptError {
    /// For stores.
    pub fn new(at: EventTime, attempt: u32, error: Vec<String>) -> Self {
        Self { at, attempt, error }
    }
}

/// An event in the log.
///
/// `Debug` shows everything but the content.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Where it is in the log.
    pub id: EntryId,
    /// The key by which a repeat is recognised.
    pub key: DedupeKey,
    /// How far the key can be trusted.
    pub strength: Strength,
    /// Who sent it.
    pub provider: Provider,
    /// [`Event::object`].
    pub object: String,
    /// [`Event::account`].
    pub account: Option<String>,
    /// [`Event::subject`].
    pub subject: Option<String>,
    /// [`Event::field`].
    pub field: String,
    /// The name of its kind when it was recorded ([`EventKind::name`](crate::EventKind::name)).
    pub kind: String,
    /// What has become of it so far.
    pub state: EntryState,
    /// Attempts since it was recorded or replayed.
    pub attempts: u32,
    /// How often it was replayed.
    pub replays: u32,
    /// When it happened, where it says so.
    pub occurred_at: Option<EventTime>,
    /// When it was recorded.
    pub received_at: EventTime,
    /// When it is due, or its lease ends; `None` when it is finished.
    pub due_at: Option<EventTime>,
    /// When it was finished.
    pub finished_at: Option<EventTime>,
    /// The latest failed attempts, the last one last; at most [`Entry::MAX_ERRORS`].
    pub errors: Vec<AttemptError>,
    /// The event; `None` when its payload was deleted ([`Retention`](super::Retention)), or cannot be read by this
    /// version.
    pub event: Option<Event>,
}

impl Entry {
    /// How many failed attempts a store keeps of an event.
    pub const MAX_ERRORS: usize = 10;

    /// For stores: a new event.
    pub fn new(id: EntryId, event: Event, received_at: EventTime) -> Self {
        Self {
            id,
            key: event.key(),
            strength: event.strength(),
            provider: event.provider(),
            object: event.object().to_owned(),
            account: event.account().map(str::to_owned),
            subject: event.subject().map(str::to_owned),
            field: event.field().to_owned(),
            kind: event.kind().name().to_owned(),
            state: EntryState::Pending,
            attempts: 0,
            replays: 0,
            occurred_at: event.occurred_at(),
            received_at,
            due_at: Some(received_at),
            finished_at: None,
            errors: Vec::new(),
            event: Some(event),
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct EntryPage {
    /// The events, the latest recorded first.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_from_its_word() {
        for state in EntryState::ALL {
            assert_eq!(EntryState::parse(state.as_str()), Some(state));
            assert_eq!(state.to_string(), state.as_str());
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for word in ["", "Done", "done ", "failed"] {
            assert_eq!(EntryState::parse(word), None, "{word}");
        }
    }

    #[test]
    fn what_waits_or_is_claimed_is_not_finished() {
        let finished = EntryState::ALL.into_iter().filter(|state| state.is_finished());
        assert_eq!(finished.collect::<Vec<_>>(), [EntryState::Done, EntryState::Skipped, EntryState::Dead]);
    }

    #[test]
    fn an_id_is_a_number_in_text_and_json() {
        let id = EntryId::new(u64::MAX);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), u64::MAX.to_string());
        assert_eq!(serde_json::from_str::<EntryId>("7").unwrap().get(), 7);
        assert!("-1".parse::<EntryId>().is_err() && "".parse::<EntryId>().is_err());
    }

    #[test]
    fn a_new_entry_tells_what_its_event_does_and_debug_no_content() {
        let event: Event = serde_json::from_str(
            r#"{"version":1,"provider":"meta","object":"page","account":"10","field":"a_new_field",
            "sent_at":1712000000000,"key":"abababababababababababababababababababababababababababababababab",
            "strength":"best_effort","raw":{"field":"a_new_field","value":"private words"}}"#,
        )
        .unwrap();
        let now = EventTime::from_unix_millis(1_712_000_000_005).unwrap();
        let entry = Entry::new(EntryId::new(3), event.clone(), now);
        assert_eq!((entry.key, entry.strength), (event.key(), Strength::BestEffort));
        assert_eq!((entry.provider, &*entry.object, &*entry.field), (Provider::Meta, "page", "a_new_field"));
        assert_eq!((entry.account.as_deref(), entry.subject.as_deref()), (Some("10"), None));
        assert_eq!((&*entry.kind, entry.occurred_at), (event.kind().name(), event.occurred_at()));
        assert_eq!((entry.state, entry.attempts, entry.replays), (EntryState::Pending, 0, 0));
        assert_eq!((entry.received_at, entry.due_at, entry.finished_at), (now, Some(now), None));
        let debug = format!("{entry:?}");
        assert!(debug.contains("a_new_field") && !debug.contains("private"), "{debug}");
    }
}
