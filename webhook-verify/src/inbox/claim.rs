//! Taking events, and telling what became of them.

use std::{error::Error, time::Duration};

use super::EntryId;
use crate::{Event, EventTime};

/// In which order events are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// As they become due, several at once.
    #[default]
    Any,
    /// Events of one subject ([`Event::subject`]) one after the other, as they were recorded; one that has to be tried
    /// again holds up those behind it, and one that was given up does not. The platforms promise no order: this keeps
    /// two events from being handled at the same time, and not a late one from coming first.
    PerSubject,
}

/// How many events to take, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// At most this many.
    pub limit: usize,
    /// How long others keep away from them.
    pub lease: Duration,
    /// In which order.
    pub order: Order,
}

impl Claim {
    /// At most `limit`, for `lease`, in any order.
    pub fn new(limit: usize, lease: Duration) -> Self {
        Self { limit, lease, order: Order::Any }
    }

    /// In this order.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
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

/// An event that was taken to be handled.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claimed {
    /// Proof of the claim.
    pub token: ClaimToken,
    /// The event.
    pub event: Event,
    /// Which attempt this is since it was recorded or replayed, from 1. Attempts that a crash cut off count.
    pub attempt: u32,
    /// When it was recorded.
    pub received_at: EventTime,
    /// When it was taken, by the store's clock.
    pub claimed_at: EventTime,
}

impl Claimed {
    /// For stores.
    pub fn new(
        token: ClaimToken,
        event: Event,
        attempt: u32,
        received_at: EventTime,
        claimed_at: EventTime,
    ) -> Self {
        Self { token, event, attempt, received_at, claimed_at }
    }

    /// How long after it happened (or was sent, or else was recorded) it was taken.
    pub fn lag(&self) -> Duration {
        let began = self.event.time().unwrap_or(self.received_at);
        let millis = self.claimed_at.as_unix_millis().saturating_sub(began.as_unix_millis());
        Duration::from_millis(millis.try_into().unwrap_or(0))
    }
}

/// What became of a claimed event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was handled.
    Done,
    /// Nobody wants to handle it.
    Skipped,
    /// It is to be tried again.
    Retry {
        /// After this time.
        after: Duration,
        /// Why the attempt failed, the cause last; at most 8 texts of 300 characters.
        error: Vec<String>,
    },
    /// It was given up.
    Dead {
        /// Why, the cause last.
        error: Vec<String>,
    },
    /// It was not tried: it is due again at once, and the attempt does not count.
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

/// Most errors of a chain that are kept.
const MAX_CAUSES: usize = 8;
/// Most characters of one of them.
const MAX_CHARS: usize = 300;

/// The texts of an error and of what is behind it, the cause last: at most 8, each one line of at most 300 characters.
/// A cause whose text is part of the one before is left out.
pub(super) fn error_chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next.filter(|_| chain.len() < MAX_CAUSES) {
        let line = error.to_string();
        let line: String =
            line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
        if !chain.last().is_some_and(|before| before.contains(&line)) {
            chain.push(line);
        }
        next = error.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Failure {
        text: String,
        source: Option<Box<Failure>>,
    }

    fn failure(texts: &[&str]) -> Option<Box<Failure>> {
        let (text, rest) = texts.split_first()?;
        Some(Box::new(Failure { text: (*text).to_owned(), source: failure(rest) }))
    }

    fn chain(texts: &[&str]) -> Vec<String> {
        error_chain(&*failure(texts).unwrap())
    }

    #[test]
    fn the_cause_comes_last() {
        assert_eq!(chain(&["not handled", "no answer", "reset"]), ["not handled", "no answer", "reset"]);
    }

    #[test]
    fn a_cause_that_was_told_already_is_left_out() {
        assert_eq!(
            chain(&["not handled: no answer", "no answer", "reset"]),
            ["not handled: no answer", "reset"]
        );
    }

    #[test]
    fn texts_are_cut_and_have_one_line() {
        let long = "é".repeat(400);
        let told = chain(&["a\nb\0c\u{1b}[0m", &long]);
        assert_eq!(told[0], "a b c [0m");
        assert_eq!(told[1].chars().count(), 300);
    }

    #[test]
    fn a_chain_has_an_end() {
        let texts: Vec<_> = (10..30).map(|number| number.to_string()).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        assert_eq!(chain(&texts), texts[..8]);
    }

    #[test]
    fn the_lag_begins_when_it_happened_or_else_was_sent_or_else_was_recorded() {
        let time = |millis: i64| EventTime::from_unix_millis(1_712_000_000_000 + millis).unwrap();
        let claimed = |sent_at: Option<EventTime>, at| {
            let event: Event = serde_json::from_value(serde_json::json!({
                "version": 1, "provider": "meta", "object": "page", "account": null, "field": "a_new_field",
                "sent_at": sent_at, "key": "ab".repeat(32), "strength": "best_effort", "raw": {},
            }))
            .unwrap();
            Claimed::new(ClaimToken::new(EntryId::new(1), 1), event, 1, time(400), at)
        };
        assert_eq!(claimed(None, time(1000)).lag(), Duration::from_millis(600));
        assert_eq!(claimed(Some(time(100)), time(1000)).lag(), Duration::from_millis(900));
        assert_eq!(claimed(Some(time(5000)), time(1000)).lag(), Duration::ZERO, "their clock is ahead");
    }
}
