//! From events to request bodies: every event alone, so that a bad one never costs its neighbours.

mod options;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use sociogram_api_core::{Finding, Severity};

use crate::event::Event;
use crate::normalize::NormalizedUser;
use crate::validate;
use crate::write::WireEvent;

pub use options::PrepareOptions;

/// Most events Meta takes in one request.
pub const MAX_EVENTS: usize = 1000;
/// Largest request body that is built, in bytes. Meta documents no limit; this stays clear of common ones.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// What stands before the list of events in a request to Meta.
const OPEN: &str = r#"{"data":["#;
/// The same in a request to LinkedIn.
#[cfg(feature = "linkedin")]
pub(crate) const OPEN_LINKEDIN: &str = r#"{"elements":["#;

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

/// Where one event is in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// The number of the event, as in [`Rejected::index`].
    index: usize,
    /// Where its JSON ends.
    end: usize,
}

/// One request: at most [`MAX_EVENTS`] events and [`MAX_BODY_BYTES`] bytes. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestBody {
    /// The whole body.
    json: Bytes,
    places: Vec<Place>,
    open: &'static str,
    close: Arc<str>,
}

/// A request that is being written.
#[derive(Debug)]
struct OpenBody {
    /// What stands before the list, and then the events with commas between them.
    json: Vec<u8>,
    places: Vec<Place>,
    open: &'static str,
    close: Arc<str>,
}

impl OpenBody {
    fn new(open: &'static str, close: Arc<str>) -> Self {
        Self { json: open.into(), places: Vec::new(), open, close }
    }

    #[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
    fn push(&mut self, index: usize, json: &[u8]) {
        if !self.places.is_empty() {
            self.json.push(b',');
        }
        self.json.extend_from_slice(json);
        self.places.push(Place { index, end: self.json.len() });
    }

    /// The request; `None` without events.
    fn finish(self) -> Option<RequestBody> {
        let Self { mut json, places, open, close } = self;
        json.extend_from_slice(close.as_bytes());
        (!places.is_empty()).then(|| RequestBody { json: json.into(), places, open, close })
    }
}

impl RequestBody {
    /// Of events that are written already. `envelope` is what follows the list: `}` or further members. `None` without
    /// events.
    #[cfg(any(feature = "linkedin", feature = "outbox"))]
    pub(crate) fn of_json<'a>(
        open: &'static str,
        events: impl IntoIterator<Item = (usize, &'a str)>,
        envelope: &str,
    ) -> Option<Self> {
        let mut body = OpenBody::new(open, format!("]{envelope}").into());
        for (index, json) in events {
            body.push(index, json.as_bytes());
        }
        body.finish()
    }

    /// How many events it has; at least one.
    #[allow(clippy::len_without_is_empty, reason = "a body without events is never made")]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The numbers of its events, in their order.
    pub fn indexes(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.iter().map(|place| place.index)
    }

    /// The JSON of each event, in their order.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(self.open.len()).chain(self.places.iter().map(|place| place.end + 1));
        let written = |(start, place): (usize, &Place)| {
            self.json
                .get(start..place.end)
                .and_then(|json| std::str::from_utf8(json).ok())
                .unwrap_or_default()
        };
        starts.zip(&self.places).map(written)
    }

    /// The events at the places that `pick` chooses, and the others; `None` for a part without events.
    #[cfg(any(feature = "meta", feature = "linkedin", feature = "outbox"))]
    pub(crate) fn partition(&self, pick: impl Fn(usize) -> bool) -> (Option<Self>, Option<Self>) {
        let empty = || OpenBody::new(self.open, Arc::clone(&self.close));
        let (mut picked, mut others) = (empty(), empty());
        for (place, (index, json)) in self.indexes().zip(self.events()).enumerate() {
            let part = if pick(place) { &mut picked } else { &mut others };
            part.push(index, json.as_bytes());
        }
        (picked.finish(), others.finish())
    }

    /// The JSON that is sent, in one line: `{"data":[…]}`. Equal events give equal bytes. Copies nothing.
    pub fn to_bytes(&self) -> Bytes {
        self.json.clone()
    }

    /// The same as text.
    pub fn to_json(&self) -> String {
        String::from_utf8_lossy(&self.json).into_owned()
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").field("events", &self.len()).finish_non_exhaustive()
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

    #[cfg(feature = "linkedin")]
    pub(crate) fn from_parts(
        bodies: Vec<RequestBody>,
        rejected: Vec<Rejected>,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { bodies, rejected, warnings }
    }

    #[cfg(any(feature = "meta", feature = "linkedin"))]
    pub(crate) fn into_parts(self) -> (Vec<RequestBody>, Vec<Rejected>, Vec<Warning>) {
        (self.bodies, self.rejected, self.warnings)
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
    let events = events.into_iter();
    batcher.expected = events.size_hint().0;
    for (index, event) in events.enumerate() {
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
    written(event, options, &mut NormalizedUser::default(), &mut findings, &mut Vec::new());
    findings
}

/// Prepares events one at a time, for streams that do not fit into memory: at most one request is held.
#[derive(Debug)]
pub struct Batcher {
    options: PrepareOptions,
    open: OpenBody,
    user: NormalizedUser,
    /// How many events are to come, as far as that is known.
    expected: usize,
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
        let open = OpenBody::new(OPEN, options.close());
        Self { options, open, user: NormalizedUser::default(), expected: 0 }
    }

    /// Takes an event. `index` is what you want to call it in the results.
    ///
    /// # Errors
    ///
    /// The event would be refused; the others are not touched.
    pub fn push(&mut self, index: usize, event: &Event) -> Result<Accepted, Rejected> {
        let mut findings = Vec::new();
        let body = &mut self.open;
        let before = body.json.len();
        if !body.places.is_empty() {
            body.json.push(b',');
        }
        let start = body.json.len();
        let is_written = written(event, &self.options, &mut self.user, &mut findings, &mut body.json);
        let room = MAX_BODY_BYTES.saturating_sub(body.close.len());
        let size = body.json.len() - start;
        if !is_written || OPEN.len() + size > room {
            body.json.truncate(before);
            if is_written {
                findings
                    .push(Finding::error("capi.event_size", "", "the event is too large").allowed("4 MiB"));
            }
            return Err(Rejected { index, findings });
        }
        let is_full = body.places.len() == MAX_EVENTS || body.json.len() > room;
        let mut full = None;
        if is_full {
            let last = body.json.split_off(start);
            body.json.truncate(before);
            full = self.take();
            self.open.json.extend_from_slice(&last);
        }
        self.expected = self.expected.saturating_sub(1);
        if self.open.places.is_empty() {
            // As if all were as large as the first.
            let more = self.expected.min(MAX_EVENTS);
            self.open.places.reserve(more + 1);
            self.open.json.reserve((more * (size + size / 16)).min(MAX_BODY_BYTES));
        }
        self.open.places.push(Place { index, end: self.open.json.len() });
        Ok(Accepted { full, warnings: findings })
    }

    /// The last request, if there are events left.
    pub fn finish(mut self) -> Option<RequestBody> {
        self.take()
    }

    fn take(&mut self) -> Option<RequestBody> {
        let next = OpenBody::new(OPEN, Arc::clone(&self.open.close));
        std::mem::replace(&mut self.open, next).finish()
    }
}

/// Writes the JSON of one event; `false` when a finding is an error, and then what was written is of no use.
fn written(
    event: &Event,
    options: &PrepareOptions,
    user: &mut NormalizedUser,
    findings: &mut Vec<Finding>,
    out: &mut Vec<u8>,
) -> bool {
    let currency = event.custom_data.as_ref().and_then(|data| data.currency.as_deref());
    user.read(&event.user_data, currency, &options.rules(), findings);
    validate::check(event, user.present(), user.currency().is_some(), options.now, findings);
    if findings.iter().any(|finding| finding.severity() == Severity::Error) {
        return false;
    }
    let is_written = serde_json::to_writer(out, &WireEvent { event, user }).is_ok();
    if !is_written {
        findings.push(Finding::error("capi.event_json", "", "the event cannot be written as JSON"));
    }
    is_written
}
