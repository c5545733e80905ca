//! The client of one dataset.

use std::sync::Arc;

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;
use sociogram_meta_graph::{Client, DatasetId, Error, ErrorClass, GraphError};
use sociogram_oauth_core::TokenSource;

use super::SendEvents;
use super::code_table::{self, PROCESSING_OPTION_NEEDED};
use crate::blame::Blame;
use crate::event::Event;
use crate::platform::{RequestOutcome, SendRequest};
use crate::prepare::{PrepareOptions, Prepared, RequestBody, prepare};
use crate::send::{InDoubtPolicy, SendReport, run};

/// Sends events to one dataset (Conversions API: `POST /{dataset_id}/events`). Cheap to clone; clones share the limits and
/// circuits of the Graph client.
///
/// Meta refuses a request as a whole for one bad event. When it does, the bad event is searched for, by
/// the place Meta names or by halving, and the others are sent; at most 60 further calls are made for a
/// request. A request whose outcome is unknown (no answer in time, a broken connection, a failure of
/// Meta's servers) is **not** repeated unless [`InDoubtPolicy`] says so, because Meta does not recognise an event it got
/// twice from a server: its events are reported as [`Outcome::InDoubt`](crate::Outcome::InDoubt), and nothing more is
/// sent. Errors that would meet every request (token, permission, dataset, rate limit) stop the whole send as well.
///
/// Needs a token with `ads_management` on the dataset's ad account, or one made for the dataset in Events Manager.
///
/// ```no_run
/// use sociogram_api_core::{Clock, SystemClock};
/// use sociogram_capi::{ConversionsClient, Event, Outcome, PrepareOptions};
///
/// # async fn run(graph: sociogram_meta_graph::Client, dataset: sociogram_meta_graph::DatasetId, events: Vec<Event>) {
/// let client = ConversionsClient::new(graph, dataset);
/// let report = client.send(&events, &PrepareOptions::new(SystemClock::new().now())).await;
/// assert_eq!(report.counts().accepted(), events.len() as u64);
/// for (index, outcome) in &report.outcomes {
///     match outcome {
///         Outcome::Sent { .. } => {}
///         Outcome::Rejected(why) => println!("event {index}: {why}"),
///         other => println!("event {index}: {other:?}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ConversionsClient {
    client: Client,
    dataset: DatasetId,
    in_doubt: InDoubtPolicy,
}

impl ConversionsClient {
    /// For this dataset (pixel), with the token of the Graph client.
    pub fn new(client: Client, dataset: DatasetId) -> Self {
        Self { client, dataset, in_doubt: InDoubtPolicy::Report }
    }

    /// With tokens from this source: of another tenant or system user.
    pub fn with_token(self, tokens: Arc<dyn TokenSource>) -> Self {
        Self { client: self.client.with_token(tokens), ..self }
    }

    /// Sets what happens to requests whose outcome is unknown; they are reported unless set otherwise. Counts for
    /// [`send`](Self::send) and [`send_prepared`](Self::send_prepared), not for
    /// [`send_request`](SendRequest::send_request).
    pub fn in_doubt(self, policy: InDoubtPolicy) -> Self {
        Self { in_doubt: policy, ..self }
    }

    /// The dataset.
    pub fn dataset(&self) -> &DatasetId {
        &self.dataset
    }

    /// Prepares events, sends them in as many requests as it takes (at most 1000 events and 4 MiB each), one after the
    /// other, and reports what became of every event by its place in `events`.
    ///
    /// A test event code and a partner agent are set at the [`PrepareOptions`]. Dropping the future leaves the
    /// request under way in doubt, without a report.
    pub async fn send(&self, events: &[Event], options: &PrepareOptions) -> SendReport {
        self.send_prepared(prepare(events, options)).await
    }

    /// The same for events that are prepared already. The age of events was judged then, so do not let them lie.
    pub async fn send_prepared(&self, prepared: Prepared) -> SendReport {
        run(self, prepared, self.in_doubt).await
    }
}

#[async_trait]
impl SendRequest for ConversionsClient {
    async fn send_request(&self, body: &RequestBody) -> RequestOutcome {
        match self.client.send(SendEvents::new(self.dataset.clone(), body)).await {
            Ok(answer) => RequestOutcome::Taken {
                received: answer.events_received,
                refused: Vec::new(),
                unknown: Vec::new(),
                trace: answer.fbtrace_id,
                messages: answer.messages,
            },
            Err(error) => judge(&error),
        }
    }
}

fn judge(error: &Error) -> RequestOutcome {
    let (kind, trace) = (error.kind(), error.request_id());
    if error.may_have_been_applied() || kind == ErrorKind::InDoubt {
        return RequestOutcome::doubt(kind, error.status(), trace);
    }
    let is_content = matches!(
        error.class(),
        Some(ErrorClass::InvalidParam | ErrorClass::DataTooLarge | ErrorClass::Unknown)
    );
    let is_setting = error.subcode() == Some(PROCESSING_OPTION_NEEDED);
    if is_content && error.code().is_some() && !is_setting {
        let paths = error.api().into_iter().flat_map(GraphError::blamed_fields);
        let named: Vec<Blame> = paths.map(|path| Blame::read(path, "data", code_table::is_member)).collect();
        let (blamed, field) = Blame::gather(&named);
        return RequestOutcome::Refused { refusal: code_table::refusal(error, field), blamed };
    }
    RequestOutcome::NotProcessed {
        kind,
        retry_after: error.retry_after(),
        reason: code_table::stopped(error),
    }
}
