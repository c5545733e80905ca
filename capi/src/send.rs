//! Sending prepared events to a dataset, with one fate per event.

mod endpoint;
mod isolate;
mod report;
#[cfg(test)]
mod tests;

use sociogram_api_core::ErrorKind;
use sociogram_meta_graph::{Client, DatasetId, Error, ErrorClass, GraphError};

use crate::prepare::Prepared;
use isolate::{Isolation, places};

pub use endpoint::{EventsReceived, SendEvents};
pub use report::{Outcome, Rejection};

/// Most further calls for finding the bad events of one refused request: enough for three of 1000.
const EXTRA_CALLS_PER_BODY: u32 = 60;

/// What became of the events of one [`send()`].
#[non_exhaustive]
#[derive(Debug)]
pub struct SendReport {
    /// Every event by its number, in ascending order, with its fate; those refused by
    /// [`prepare`](crate::prepare()) among them.
    pub outcomes: Vec<(usize, Outcome)>,
    /// Why sending stopped before all events were sent: a missing permission, a rate limit, no connection,
    /// an answer that never came. `None` when every request got its answer.
    pub stopped: Option<Error>,
    /// Remarks of Meta about requests it took.
    pub messages: Vec<String>,
    /// How many requests were made.
    pub calls: u32,
}

impl SendReport {
    /// Whether Meta took every event.
    pub fn all_sent(&self) -> bool {
        self.outcomes.iter().all(|(_, outcome)| matches!(outcome, Outcome::Sent { .. }))
    }
}

/// Sends prepared events to a dataset (Conversions API: `POST /{dataset_id}/events`).
///
/// Meta refuses a request as a whole for one bad event. When it does, the bad event is searched for, by
/// the place Meta names or by halving, and the others are sent; at most 60 further calls are made for a
/// request. A request whose outcome is unknown (no answer in time, a broken connection, a failure of
/// Meta's servers) is **not** repeated, because Meta does not recognise an event it got twice from a server: its
/// events are reported as [`Outcome::InDoubt`], and nothing more is sent. Errors that would meet every
/// request (token, permission, dataset, rate limit) stop the whole send as well.
///
/// Needs a token with `ads_management` on the dataset's ad account, or one made for the dataset.
///
/// The age of events is judged by `prepare`, so do not let prepared events lie. Dropping the future
/// leaves the request under way in doubt, without a report.
///
/// ```no_run
/// use sociogram_api_core::{Clock, SystemClock};
/// use sociogram_capi::{Event, Outcome, PrepareOptions, prepare, send};
///
/// # async fn run(client: sociogram_meta_graph::Client, dataset: sociogram_meta_graph::DatasetId, events: Vec<Event>) {
/// let prepared = prepare(&events, &PrepareOptions::new(SystemClock::new().now()));
/// let report = send(&client, &dataset, prepared).await;
/// for (index, outcome) in &report.outcomes {
///     match outcome {
///         Outcome::Sent { .. } => {}
///         other => println!("event {index}: {other:?}"),
///     }
/// }
/// # }
/// ```
pub async fn send(client: &Client, dataset: &DatasetId, prepared: Prepared) -> SendReport {
    let (bodies, rejected) = prepared.into_parts();
    let extra_calls = u32::try_from(bodies.len()).unwrap_or(u32::MAX).saturating_mul(EXTRA_CALLS_PER_BODY);
    let mut isolation = Isolation::new(bodies, extra_calls);
    let mut report = SendReport { outcomes: Vec::new(), stopped: None, messages: Vec::new(), calls: 0 };
    while let Some(body) = isolation.next() {
        report.calls += 1;
        let error = match client.send(SendEvents::new(dataset.clone(), &body)).await {
            Ok(answer) => {
                isolation.taken(&body, &answer);
                report.messages.extend(answer.messages);
                continue;
            }
            Err(error) => error,
        };
        let kind = error.kind();
        match judge(&error) {
            Verdict::Content => {
                let why = Rejection {
                    findings: Vec::new(),
                    code: error.code(),
                    subcode: error.subcode(),
                    fbtrace_id: error.request_id().map(str::to_owned),
                };
                let blamed = places(error.api().into_iter().flat_map(GraphError::blamed_fields));
                isolation.refused(body, &why, &blamed);
                continue;
            }
            Verdict::Doubt => isolation.in_doubt(&body, kind, error.request_id()),
            Verdict::Stop => isolation.not_sent(&body, kind),
        }
        isolation.stop(kind);
        report.stopped = Some(error);
    }
    report.outcomes = isolation.into_outcomes();
    report.outcomes.extend(rejected.iter().map(|event| (event.index, Outcome::Rejected(event.into()))));
    report.outcomes.sort_by_key(|(index, _)| *index);
    report
}

/// What an error means for the events of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Refused for what is in it; nothing of it was processed.
    Content,
    /// It may have been processed.
    Doubt,
    /// Not processed, and the next request would fare no better.
    Stop,
}

/// Offline events need a choice of data processing options for the dataset: no event is at fault.
const PROCESSING_OPTION_NEEDED: i64 = 2_804_030;

fn judge(error: &Error) -> Verdict {
    if error.may_have_been_applied() || error.kind() == ErrorKind::InDoubt {
        return Verdict::Doubt;
    }
    match error.class() {
        Some(ErrorClass::InvalidParam | ErrorClass::DataTooLarge | ErrorClass::Unknown)
            if error.code().is_some() && error.subcode() != Some(PROCESSING_OPTION_NEEDED) =>
        {
            Verdict::Content
        }
        _ => Verdict::Stop,
    }
}
