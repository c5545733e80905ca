//! From events to request bodies: every event alone, so that a bad one never costs its neighbours.

mod options;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use sociogram_api_core::{Finding, Severity};

use crate::event::Event;
use crate::normalize::user_data;
use crate::validate;
use crate::write::WireEvent;

pub use options::PrepareOptions;

/// Most events Meta takes in one request.
pub const MAX_EVENTS: usize = 1000;
/// Largest request body that is built, in bytes. Meta documents no limit; this stays clear of common ones.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

const OPEN: &str = r#"{"data":["#;

/// An event that is not sent, and why.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The number of the event as it was given, counted from 0 by [`prepare()`].
    pub index: usize,
    /// At least one finding of severity error; warnings may stand beside it.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Rejected {
    /// The errors in one line, without the warnings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.findings.iter().filter(|finding| finding.severity() == Severity::Error);
        for (count, finding) in errors.enumerate() {
            write!(f, "{}{finding}", if count > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

/// Something odd about an event that is sent nevertheless.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The number of the event, as in [`Rejected::index`].
    pub index: usize,
    /// What is odd.
    pub finding: Finding,
}

/// One event as it is written.
#[derive(Clone, PartialEq, Eq)]
struct PreparedEvent {
    index: usize,
    json: Box<str>,
}

/// One request: at most [`MAX_EVENTS`] events and [`MAX_BODY_BYTES`] bytes. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestBody {
    events: Vec<PreparedEvent>,
    close: Arc<str>,
}

impl RequestBody {
    /// How many events it has; at least one.
    #[allow(clippy::len_without_is_empty, reason = "a body without events is never made")]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// The numbers of its events, in their order.
    pub fn indexes(&self) -> impl Iterator<Item = usize> + '_ {
        self.events.iter().map(|event| event.index)
    }

    /// The events at the places that `pick` chooses, and the others; `None` for a part without events.
    #[cfg(feature = "meta")]
    pub(crate) fn partition(self, pick: impl Fn(usize) -> bool) -> (Option<Self>, Option<Self>) {
        let close = self.close;
        let (mut picked, mut others) = (Vec::new(), Vec::new());
        for (place, event) in self.events.into_iter().enumerate() {
            if pick(place) { picked.push(event) } else { others.push(event) }
        }
        let body = |events: Vec<PreparedEvent>| {
            (!events.is_empty()).then(|| Self { events, close: Arc::clone(&close) })
        };
        (body(picked), body(others))
    }

    /// The JSON that is sent, in one line: `{"data":[…]}`. Equal events give equal bytes.
    pub fn to_json(&self) -> String {
        let bytes: usize = self.events.iter().map(|event| event.json.len() + 1).sum();
        let mut out = String::with_capacity(OPEN.len() + bytes + self.close.len());
        out.push_str(OPEN);
        for (count, event) in self.events.iter().enumerate() {
            if count > 0 {
                out.push(',');
            }
            out.push_str(&event.json);
        }
        out.push_str(&self.close);
        out
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").field("events", &self.events.len()).finish_non_exhaustive()
    }
}

/// Events ready to be sent, and those that are not.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    bodies: Vec<RequestBody>,
    rejected: Vec<Rejected>,
    warnings: Vec<Warning>,
}

impl Prepared {
    /// The requests to send.
    pub fn bodies(&self) -> &[RequestBody] {
        &self.bodies
    }

    /// The events that are not sent, in the order they were given.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    #[cfg(feature = "meta")]
    pub(crate) fn into_parts(self) -> (Vec<RequestBody>, Vec<Rejected>) {
        (self.bodies, self.rejected)
    }

    /// What was odd about events that are sent, fields that were left out among it.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Normalises, hashes, checks and packs events. Nothing is sent, and nothing can fail as a whole: an event
/// that would be refused is reported in [`Prepared::rejected`].
///
/// ```
/// use sociogram_capi::{Event, PrepareOptions, prepare};
///
/// let event = Event::from_json(
///     r#"{"event_name":"Lead","event_time":1795000000,"action_source":"email","user_data":{"em":"A@Example.com"}}"#,
/// )?;
/// let prepared = prepare([&event], &PrepareOptions::without_clock());
/// let hash = sociogram_capi::Hashed::digest("a@example.com");
/// assert_eq!(
///     prepared.bodies()[0].to_json(),
///     format!(
///         r#"{{"data":[{{"event_name":"Lead","event_time":1795000000,"action_source":"email","user_data":{{"em":["{}"]}}}}]}}"#,
///         hash.as_str(),
///     ),
/// );
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
pub fn prepare<'a>(events: impl IntoIterator<Item = &'a Event>, options: &PrepareOptions) -> Prepared {
    let mut batcher = Batcher::new(options.clone());
    let mut out = Prepared::default();
    for (index, event) in events.into_iter().enumerate() {
        match batcher.push(index, event) {
            Ok(accepted) => {
                out.bodies.extend(accepted.full);
                out.warnings.extend(accepted.warnings.into_iter().map(|finding| Warning { index, finding }));
            }
            Err(rejected) => out.rejected.push(rejected),
        }
    }
    out.bodies.extend(batcher.finish());
    out
}

/// Everything there is to say about one event: errors stop it, warnings do not.
pub fn check(event: &Event, options: &PrepareOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    written(event, options, &mut findings);
    findings
}

/// Prepares events one at a time, for streams that do not fit into memory: at most one request is held.
#[derive(Debug)]
pub struct Batcher {
    options: PrepareOptions,
    open: RequestBody,
    bytes: usize,
}

/// An event that was taken into the open request.
#[non_exhaustive]
#[derive(Debug)]
#[must_use = "a full request is handed out here and nowhere else"]
pub struct Accepted {
    /// A request that was full before this event.
    pub full: Option<RequestBody>,
    /// What is odd about this event.
    pub warnings: Vec<Finding>,
}

impl Batcher {
    /// Starts with no events.
    pub fn new(options: PrepareOptions) -> Self {
        let open = RequestBody { events: Vec::new(), close: options.close() };
        Self { options, open, bytes: 0 }
    }

    /// Takes an event. `index` is what you want to call it in the results.
    ///
    /// # Errors
    ///
    /// The event would be refused; the others are not touched.
    pub fn push(&mut self, index: usize, event: &Event) -> Result<Accepted, Rejected> {
        let mut findings = Vec::new();
        let json = written(event, &self.options, &mut findings);
        // Every event but the first has a comma in front of it.
        let room = (MAX_BODY_BYTES + 1).saturating_sub(OPEN.len() + self.open.close.len());
        let Some(json) = json.filter(|json| json.len() < room) else {
            if !findings.iter().any(|finding| finding.severity() == Severity::Error) {
                findings
                    .push(Finding::error("capi.event_size", "", "the event is too large").allowed("4 MiB"));
            }
            return Err(Rejected { index, findings });
        };
        let size = json.len() + 1;
        let full = (self.open.events.len() == MAX_EVENTS || self.bytes + size > room).then(|| self.take());
        self.bytes += size;
        self.open.events.push(PreparedEvent { index, json: json.into() });
        Ok(Accepted { full: full.flatten(), warnings: findings })
    }

    /// The last request, if there are events left.
    pub fn finish(mut self) -> Option<RequestBody> {
        self.take()
    }

    fn take(&mut self) -> Option<RequestBody> {
        self.bytes = 0;
        let events = std::mem::take(&mut self.open.events);
        (!events.is_empty()).then(|| RequestBody { events, close: Arc::clone(&self.open.close) })
    }
}

/// The JSON of one event; `None` when a finding is an error.
fn written(event: &Event, options: &PrepareOptions, findings: &mut Vec<Finding>) -> Option<String> {
    let rules = options.rules();
    let user = user_data(&event.user_data, &rules, findings);
    let currency = event.custom_data.as_ref().and_then(|data| data.currency.as_deref());
    let currency = currency.and_then(|code| rules.currency(code, findings));
    validate::check(event, user.present(), currency.is_some(), options.now, findings);
    if findings.iter().any(|finding| finding.severity() == Severity::Error) {
        return None;
    }
    let json = serde_json::to_string(&WireEvent { event, user: &user, currency: currency.as_deref() }).ok();
    if json.is_none() {
        findings.push(Finding::error("capi.event_json", "", "the event cannot be written as JSON"));
    }
    json
}
