//! Checking, normalising and hashing events: what is left is what the outbox keeps.

use serde::Serialize;
use sociogram::{
    api_core::{Finding, Severity},
    capi::{
        Event, PrepareOptions, Prepared, Timestamp,
        linkedin::{LinkedInEvent, prepare_linkedin},
        outbox::OutboxEvent,
        prepare,
    },
    linkedin_api::ConversionUrn,
};

use super::linkedin;

/// Events that were looked at, each by its number in the body.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// What is to be recorded.
    pub(crate) events: Vec<(usize, OutboxEvent)>,
    /// What the platform would refuse.
    pub(crate) rejected: Vec<Refused>,
    /// What is odd about events that are taken.
    pub(crate) warnings: Vec<Remark>,
}

/// An event that is not taken.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Refused {
    pub(crate) index: usize,
    pub(crate) reason: String,
    pub(crate) findings: Vec<Finding>,
}

/// Something odd about an event that is taken.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Remark {
    pub(crate) index: usize,
    pub(crate) reason: String,
}

impl Refused {
    fn new(index: usize, findings: Vec<Finding>) -> Self {
        let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
        let reason = errors.map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Self { index, reason, findings }
    }
}

impl Intake {
    /// In Meta's form. One that is not readable never costs the others.
    pub(crate) fn of_meta(texts: &[(usize, &str)], options: &PrepareOptions) -> Self {
        let (mut events, mut numbers, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
        for (number, text) in texts {
            match Event::from_json(text) {
                Ok(event) => {
                    events.push(event);
                    numbers.push(*number);
                }
                Err(invalid) => unreadable.push(Refused::new(*number, invalid.into_findings())),
            }
        }
        let prepared = prepare(&events, options);
        let written = OutboxEvent::of_prepared(&prepared, &events);
        Self::gather(written, &prepared, unreadable, &numbers)
    }

    /// In LinkedIn's form. Events without a rule count under `rule`.
    pub(crate) fn of_linkedin(texts: &[(usize, &str)], rule: Option<&ConversionUrn>, now: Timestamp) -> Self {
        let (mut events, mut numbers, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
        for (number, text) in texts {
            match linkedin::read(text, rule) {
                Ok(event) => {
                    events.push(event);
                    numbers.push(*number);
                }
                Err(findings) => unreadable.push(Refused::new(*number, findings)),
            }
        }
        Self::of_linkedin_events(&events, unreadable, &numbers, now)
    }

    fn of_linkedin_events(
        events: &[LinkedInEvent],
        unreadable: Vec<Refused>,
        numbers: &[usize],
        now: Timestamp,
    ) -> Self {
        let prepared = prepare_linkedin(events, now);
        let bodies = prepared.bodies().iter().flat_map(|body| body.indexes().zip(body.events()));
        let written = bodies.filter_map(|(index, json)| {
            let event = events.get(index)?;
            Some((
                index,
                OutboxEvent {
                    name: event.conversion().to_string(),
                    event_id: event.id().map(str::to_owned),
                    event_time: event.happened_at(),
                    expires_at: event.expires_at(),
                    json: json.into(),
                },
            ))
        });
        Self::gather(written.collect(), &prepared, unreadable, numbers)
    }

    /// From numbers among those that were readable to numbers of the body.
    fn gather(
        written: Vec<(usize, OutboxEvent)>,
        prepared: &Prepared,
        mut rejected: Vec<Refused>,
        numbers: &[usize],
    ) -> Self {
        let number = |index: usize| numbers.get(index).copied().unwrap_or(index);
        let refused = prepared.rejected().iter();
        rejected.extend(refused.map(|event| Refused::new(number(event.index), event.findings.clone())));
        rejected.sort_by_key(|refused| refused.index);
        let warnings = prepared
            .warnings()
            .iter()
            .map(|warning| Remark { index: number(warning.index), reason: warning.finding.to_string() });
        let mut events: Vec<_> = written.into_iter().map(|(index, event)| (number(index), event)).collect();
        events.sort_by_key(|(number, _)| *number);
        Self { events, rejected, warnings: warnings.collect() }
    }
}

/// One event that this server made.
pub(crate) fn one_for_meta(event: Event, options: &PrepareOptions) -> Intake {
    let events = [event];
    let prepared = prepare(&events, options);
    let written = OutboxEvent::of_prepared(&prepared, &events);
    Intake::gather(written, &prepared, Vec::new(), &[0])
}

/// The same for LinkedIn.
pub(crate) fn one_for_linkedin(event: LinkedInEvent, now: Timestamp) -> Intake {
    Intake::of_linkedin_events(&[event], Vec::new(), &[0], now)
}
