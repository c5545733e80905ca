//! Conversion events: from a body of raw events to what became of each.

mod report;

use serde_json::value::RawValue;
use sociogram::{
    api_core::Finding,
    capi::{Event, PrepareOptions, Timestamp, prepare, send},
    meta_graph::{Client, DatasetId},
};

use crate::{
    incoming::{self, unsupported},
    problem::Problem,
};

pub(crate) use report::Report;

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
}

/// The events of a body, each with its number or with what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    events: Vec<Event>,
    /// The number of each event in the body.
    numbers: Vec<usize>,
    refused: Vec<(usize, Vec<Finding>)>,
}

impl Batch {
    /// Reads every event on its own: one that is not readable never costs the others. Events are numbered
    /// from 0; in lines, blank ones count too, so that the number is the line's.
    pub(crate) fn read(text: &str, form: Form) -> Result<Self, Problem> {
        let mut batch = Self::default();
        match form {
            Form::Lines => {
                let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
                for (number, line) in lines {
                    batch.add(number, line)?;
                }
            }
            Form::List => {
                let list: Vec<&RawValue> = incoming::parse(text)?;
                for (number, event) in list.into_iter().enumerate() {
                    batch.add(number, event.get())?;
                }
            }
        }
        if batch.count() == 0 {
            return Err(Problem::invalid("there are no events in the body", "send at least one event"));
        }
        Ok(batch)
    }

    fn add(&mut self, number: usize, event: &str) -> Result<(), Problem> {
        if self.count() == MAX_EVENTS {
            return Err(Problem::invalid(
                format!("there are more than {MAX_EVENTS} events in the body"),
                "split the events over several calls; none of these was sent",
            ));
        }
        match Event::from_json(event) {
            Ok(event) => {
                self.events.push(event);
                self.numbers.push(number);
            }
            Err(invalid) => self.refused.push((number, invalid.into_findings())),
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.events.len() + self.refused.len()
    }

    /// Checks, hashes and sends the events, and says what became of each.
    pub(crate) async fn send(
        self,
        client: &Client,
        dataset: &DatasetId,
        now: Timestamp,
    ) -> Result<Report, Problem> {
        let prepared = prepare(&self.events, &PrepareOptions::new(now));
        let mut report = Report::new(dataset, self.refused);
        report.warn(prepared.warnings(), &self.numbers);
        let outcome = send(client, dataset, prepared).await;
        report.settle(outcome, &self.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"event_name":"Lead","event_time":1,"action_source":"email","user_data":{"em":"a@example.com"}}"#;

    #[test]
    fn numbers_are_those_of_the_body() {
        let text = format!("{GOOD}\n\n{{\"cut\":\n{GOOD}\r\n");
        let batch = Batch::read(&text, Form::Lines).unwrap();
        assert_eq!(batch.numbers, [0, 3]);
        assert_eq!(batch.refused.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2]);
        let batch = Batch::read(&format!("[{GOOD},1,{GOOD}]"), Form::List).unwrap();
        assert_eq!((batch.numbers.as_slice(), batch.refused[0].0), (&[0, 2][..], 1));
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
            assert_eq!(Batch::read(&text, form).unwrap_err().status(), status);
        }
    }
}
