//! Conversion events: from a body of raw events to events in the outbox, and what became of each.

mod accounts;
mod answer;
mod intake;
mod linkedin;
mod outbox;
mod senders;
mod shown;

use serde_json::value::RawValue;

use crate::{
    incoming::{self, unsupported},
    problem::Problem,
};

pub(crate) use accounts::{find_sender, sender};
pub(crate) use answer::Recorded;
pub(crate) use intake::{Intake, one_for_linkedin, one_for_meta};
pub(crate) use outbox::Outbox;
pub(crate) use senders::Senders;
pub(crate) use shown::{Listing, Shown, platform_from, word};

/// Largest body.
pub(crate) const LIMIT: usize = 10 * 1024 * 1024;
/// Most events of one call, so that what is said about them stays small as well.
const MAX_EVENTS: usize = 10_000;

/// The media types that are read.
pub(crate) const ACCEPTED: &str = "application/x-ndjson or application/json";

/// How the events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One event on each line.
    Lines,
    /// One list of events.
    List,
}

impl Form {
    pub(crate) fn from_media_type(media_type: &str) -> Result<Self, Problem> {
        match media_type {
            "application/x-ndjson" => Ok(Self::Lines),
            "application/json" => Ok(Self::List),
            _ => Err(unsupported("the content type is neither", format!("send Content-Type: {ACCEPTED}"))),
        }
    }

    /// The text of every event with its number, from 0; in lines, blank ones count too, so that the number is the line's.
    pub(crate) fn split(self, text: &str) -> Result<Vec<(usize, &str)>, Problem> {
        let events: Vec<(usize, &str)> = match self {
            Self::Lines => text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect(),
            Self::List => {
                let list: Vec<&RawValue> = incoming::parse(text)?;
                list.into_iter().map(RawValue::get).enumerate().collect()
            }
        };
        match events.len() {
            0 => Err(Problem::invalid("there are no events in the body", "send at least one event")),
            1..=MAX_EVENTS => Ok(events),
            _ => Err(Problem::invalid(
                format!("there are more than {MAX_EVENTS} events in the body"),
                "split the events over several calls; none of these was taken",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_body() {
        let numbers = |form: Form, text: &str| {
            form.split(text).unwrap().into_iter().map(|(number, _)| number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(Form::Lines, "{}\n\n{\"cut\":\n{}\r\n"), [0, 2, 3]);
        assert_eq!(numbers(Form::List, "[{},1,{}]"), [0, 1, 2]);
    }

    #[test]
    fn bodies_without_events_and_with_too_many_are_refused() {
        for (text, form, status) in [
            ("[]".to_owned(), Form::List, 422),
            ("{}".to_owned(), Form::List, 422),
            ("[".to_owned(), Form::List, 400),
            (" \n ".to_owned(), Form::Lines, 422),
            ("{}\n".repeat(MAX_EVENTS + 1), Form::Lines, 422),
        ] {
            assert_eq!(form.split(&text).unwrap_err().status(), status);
        }
    }
}
