//! What Meta would refuse, found before sending.

mod ids;
mod processing;
mod source;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sociogram_api_core::{Finding, Timestamp};

use crate::event::Event;
use crate::field::{Field, FieldSet};
use crate::words::ActionSource;

const DAY: Duration = Duration::from_secs(86_400);
/// Seconds that lie in the year 5138: such a number is milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Meta refuses events whose only match keys lie within one of these sets (Conversions API: customer
/// information parameters). The parts that only Meta's SDKs know count like the whole.
const TOO_WEAK: &[FieldSet] = &[
    FieldSet::of(&[
        Field::City,
        Field::Country,
        Field::State,
        Field::Zip,
        Field::Gender,
        Field::ClientUserAgent,
    ]),
    FieldSet::of(&[
        Field::BirthDate,
        Field::BirthDay,
        Field::BirthMonth,
        Field::BirthYear,
        Field::ClientUserAgent,
    ]),
    FieldSet::of(&[Field::FirstName, Field::FirstNameStart, Field::FirstInitial, Field::Gender]),
    FieldSet::of(&[Field::LastName, Field::LastNameStart, Field::Gender]),
];

/// Checks an event whose customer data was normalised: `present` says which members have a value left,
/// `has_currency` whether the currency has one. Without `now` its age is not judged.
pub(crate) fn check(
    event: &Event,
    present: FieldSet,
    has_currency: bool,
    now: Option<Timestamp>,
    findings: &mut Vec<Finding>,
) {
    if event.name.trim().is_empty() {
        findings.push(Finding::error("capi.event_name", "event_name", "missing"));
    } else if event.name.trim().len() != event.name.len() {
        findings.push(
            Finding::warning("capi.event_name", "event_name", "white space around it")
                .advice("remove it: Meta takes it for another event"),
        );
    }
    time(event, now, findings);
    source::check(event, present, findings);
    ids::check(event, findings);
    if let Some(options) = &event.data_processing {
        processing::check(options, findings);
    }
    if TOO_WEAK.iter().any(|set| present.is_subset(*set)) {
        findings.push(
            Finding::error(
                "capi.match_keys",
                "user_data",
                "not enough customer information to match anybody",
            )
            .advice(
                "add an e-mail address, a phone number, an external id, a click id, or first and last name",
            ),
        );
    }
    if event.name == "Purchase" {
        let has_value = event.custom_data.as_ref().is_some_and(|data| data.value.is_some());
        for (present, field) in [(has_value, "custom_data.value"), (has_currency, "custom_data.currency")] {
            if !present {
                findings.push(Finding::error("capi.purchase", field, "a Purchase needs it"));
            }
        }
    }
}

fn time(event: &Event, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
    let time = event.time;
    if time.as_unix_seconds() >= MILLISECONDS_FROM {
        findings.push(
            Finding::error("capi.event_time.milliseconds", "event_time", "looks like milliseconds")
                .advice("give whole seconds since 1970"),
        );
        return;
    }
    let Some(now) = now else { return };
    let days = if event.action_source == Some(ActionSource::PhysicalStore) { 62 } else { 7 };
    if now.saturating_duration_since(time) > DAY * days {
        findings.push(
            Finding::error("capi.event_time.age", "event_time", "too long ago")
                .measured(time)
                .allowed(format_args!("the last {days} days"))
                .advice("Meta takes no older events; send events within the hour"),
        );
    } else if time.saturating_duration_since(now) > DAY {
        findings.push(
            Finding::error("capi.event_time.future", "event_time", "in the future")
                .measured(time)
                .advice("check the clock and the time zone of the sender"),
        );
    }
}
