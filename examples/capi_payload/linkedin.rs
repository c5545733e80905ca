//! The same events for LinkedIn's Conversions API.

use std::io::{self, BufRead, Write};

use sociogram::{
    capi::{
        Event, Timestamp,
        linkedin::{LinkedInEvent, MAX_LINKEDIN_EVENTS, prepare_linkedin},
    },
    linkedin_api::urn::ConversionUrn,
};

use crate::input::Records;

/// Prints the bodies. LinkedIn takes no event of the future and none older than 90 days. Returns whether all events were
/// accepted.
///
/// # Errors
/// Something cannot be read or written.
pub(crate) fn bodies<R: BufRead>(
    records: &mut Records<'_, R>,
    rule: &ConversionUrn,
    now: Timestamp,
    warn: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<bool> {
    let (mut fine, mut more) = (true, true);
    while more {
        let (mut lines, mut events) = (Vec::new(), Vec::new());
        while more && events.len() < MAX_LINKEDIN_EVENTS {
            let Some(record) = records.next()? else {
                more = false;
                continue;
            };
            let event =
                record.json.and_then(|json| Event::from_json(&json).map_err(|invalid| invalid.to_string()));
            match event {
                Ok(event) => {
                    lines.push(record.line);
                    events.push(LinkedInEvent::from_event(rule.clone(), &event));
                }
                Err(reason) => {
                    fine = false;
                    writeln!(err, "line {}: {reason}", record.line)?;
                }
            }
        }
        let prepared = prepare_linkedin(&events, now);
        let line = |index: usize| lines.get(index).copied().unwrap_or_default();
        for body in prepared.bodies() {
            writeln!(out, "{}", body.to_json())?;
        }
        for rejected in prepared.rejected() {
            fine = false;
            writeln!(err, "line {}: {rejected}", line(rejected.index))?;
        }
        for warning in prepared.warnings().iter().filter(|_| warn) {
            writeln!(err, "warning: line {}: {}", line(warning.index), warning.finding)?;
        }
    }
    Ok(fine)
}
