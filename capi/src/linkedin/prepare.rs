//! From events to requests.

use std::collections::HashMap;

use sociogram_api_core::{Finding, Severity, Timestamp};
use sociogram_linkedin_api::Money;
use sociogram_linkedin_api::conversions::ConversionEvent;
use sociogram_linkedin_api::guard::rules;

use super::LinkedInEvent;
use super::event::MAX_AGE_MILLIS;
use super::person;
use crate::field::Field;
use crate::normalize::{Context, Mode, normalize};
use crate::prepare::{MAX_BODY_BYTES, OPEN_LINKEDIN, Prepared, Rejected, RequestBody, Warning};

/// Most events LinkedIn takes in one request.
pub const MAX_LINKEDIN_EVENTS: usize = rules::MAX_CONVERSION_EVENTS;
/// Most conversion rules that the events of one request name. LinkedIn's partners name this limit; LinkedIn itself
/// documents none.
pub const MAX_RULES: usize = 100;

/// What follows the list of events.
const ENVELOPE: &str = "}";

/// Normalises, hashes, checks and packs events for LinkedIn: at most [`MAX_LINKEDIN_EVENTS`] events,
/// [`MAX_RULES`] rules and [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES) bytes in a request, the events of a rule together.
/// Nothing is sent, and nothing can fail as a whole: an event that would be refused is reported in
/// [`Prepared::rejected`].
///
/// `now` is when they are sent: LinkedIn takes events of the last 90 days and none of the future.
pub fn prepare_linkedin<'a>(events: impl IntoIterator<Item = &'a LinkedInEvent>, now: Timestamp) -> Prepared {
    let (mut rejected, mut warnings, mut written) = (Vec::new(), Vec::new(), Vec::new());
    let mut rules: HashMap<&str, usize> = HashMap::new();
    for (index, event) in events.into_iter().enumerate() {
        let mut findings = Vec::new();
        match write(event, now, &mut findings) {
            Some(json) => {
                let next = rules.len();
                let rule = *rules.entry(event.conversion.as_str()).or_insert(next);
                written.push(Written { rule, index, json });
                warnings.extend(findings.into_iter().map(|finding| Warning { index, finding }));
            }
            None => rejected.push(Rejected { index, findings }),
        }
    }
    // Together, so that a rule that LinkedIn refuses is found soon, and requests are not cut by many rules.
    written.sort_by_key(|event| event.rule);
    Prepared::from_parts(pack(&written), rejected, warnings)
}

struct Written {
    /// Which rule, in the order of their first events.
    rule: usize,
    index: usize,
    json: String,
}

/// The JSON of one event; `None` when a finding is an error.
fn write(event: &LinkedInEvent, now: Timestamp, findings: &mut Vec<Finding>) -> Option<String> {
    let user = person::read(event, findings);
    let mut out = ConversionEvent::new(event.conversion.clone(), event.happened_at, user);
    if let Some(value) = money(event, findings) {
        out = out.value(value);
    }
    if let Some(id) = &event.event_id {
        out = out.event_id(id.as_str());
    }
    findings.extend(out.check());
    window(event.happened_at, now, findings);
    if findings.iter().any(|finding| finding.severity() == Severity::Error) {
        return None;
    }
    let problem = match serde_json::to_string(&out) {
        Ok(json) if size_of(json.len()) <= MAX_BODY_BYTES => return Some(json),
        Ok(_) => Finding::error("capi.event_size", "", "the event is too large").allowed("4 MiB"),
        Err(_) => Finding::error("capi.event_json", "", "the event cannot be written as JSON"),
    };
    findings.push(problem);
    None
}

fn money(event: &LinkedInEvent, findings: &mut Vec<Finding>) -> Option<Money> {
    let (amount, currency) = event.value.as_ref()?;
    let code = match normalize(Mode::Canonical, Field::Currency, currency, &Context::new()) {
        Ok(code) => code?,
        Err(invalid) => {
            findings.extend(invalid.findings().iter().map(person::left_out));
            return None;
        }
    };
    let money = Money::new(amount.as_str(), code.text());
    if money.is_err() {
        findings.push(
            Finding::warning(
                "capi.linkedin.value",
                "conversionValue.amount",
                "left out, because LinkedIn takes digits and a point only",
            )
            .advice("pass a positive amount without an exponent, such as 129.90"),
        );
    }
    money.ok()
}

fn window(happened_at: Timestamp, now: Timestamp, findings: &mut Vec<Finding>) {
    const FIELD: &str = "conversionHappenedAt";
    let age = now.as_unix_millis().saturating_sub(happened_at.as_unix_millis());
    if age < 0 {
        findings.push(rules::CONVERSION_FUTURE.finding(FIELD).measured(happened_at));
    } else if age > MAX_AGE_MILLIS {
        // LinkedIn refuses the whole request for it.
        findings.push(
            Finding::error(rules::CONVERSION_OLD.name, FIELD, "too long ago")
                .measured(happened_at)
                .allowed(format_args!("the last {} days", rules::MAX_CONVERSION_AGE_DAYS))
                .advice(rules::CONVERSION_OLD.advice),
        );
    }
}

/// The bytes of a request with this many bytes of events and commas.
const fn size_of(events: usize) -> usize {
    OPEN_LINKEDIN.len() + events + "]".len() + ENVELOPE.len()
}

fn pack(events: &[Written]) -> Vec<RequestBody> {
    let mut bodies = Vec::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    let (mut bytes, mut rules, mut last) = (0, 0, None);
    for Written { rule, index, json } in events {
        let is_new = last != Some(rule);
        let is_full = open.len() == MAX_LINKEDIN_EVENTS
            || (is_new && rules == MAX_RULES)
            || size_of(bytes + ",".len() + json.len()) > MAX_BODY_BYTES;
        if is_full && !open.is_empty() {
            bodies.extend(RequestBody::of_json(OPEN_LINKEDIN, open.drain(..), ENVELOPE));
            (bytes, rules, last) = (0, 0, None);
        }
        rules += usize::from(last != Some(rule));
        last = Some(rule);
        bytes += json.len() + usize::from(!open.is_empty());
        open.push((*index, json));
    }
    bodies.extend(RequestBody::of_json(OPEN_LINKEDIN, open, ENVELOPE));
    bodies
}
