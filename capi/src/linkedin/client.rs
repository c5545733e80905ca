//! The client.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_linkedin_api::{Client, Error};
use sociogram_oauth_core::TokenSource;

use super::endpoint::{Element, SendElements};
use super::{LinkedInEvent, prepare_linkedin, refusals};
use crate::platform::{Refusal, RequestOutcome, SendRequest};
use crate::prepare::{Prepared, RequestBody};
use crate::send::{InDoubtPolicy, SendReport, run};

/// Sends events to LinkedIn (LinkedIn: Conversions API, `POST /rest/conversionEvents` as a batch). Cheap to clone; clones
/// share the limits and circuits of LinkedIn's client.
///
/// What LinkedIn says of single events becomes their fate. When it refuses a whole request for what is in it, the events
/// it names are rejected, else the bad one is searched for by halving, and the others are sent; at most 60 further calls
/// are made for a request. A request whose outcome is unknown is **not** repeated unless [`InDoubtPolicy`] says so, because
/// an `eventId` joins an event with the Insight Tag's and not with another one from a server. Errors that would meet every
/// request (token, permission, rate limit) stop the whole send.
///
/// Scopes and roles stand at the [module](super).
///
/// ```no_run
/// use sociogram_api_core::{Clock, SystemClock};
/// use sociogram_capi::linkedin::{LinkedInConversionsClient, LinkedInEvent};
///
/// # async fn run(linkedin: sociogram_linkedin_api::Client, events: Vec<LinkedInEvent>) {
/// let client = LinkedInConversionsClient::new(linkedin);
/// let report = client.send(&events, SystemClock::new().now()).await;
/// println!("{:?}", report.counts());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LinkedInConversionsClient {
    client: Client,
    in_doubt: InDoubtPolicy,
}

impl LinkedInConversionsClient {
    /// With the token of LinkedIn's client.
    pub fn new(client: Client) -> Self {
        Self { client, in_doubt: InDoubtPolicy::Report }
    }

    /// With tokens from this source: of another member.
    pub fn with_token(self, tokens: Arc<dyn TokenSource>) -> Self {
        Self { client: self.client.with_token(tokens), ..self }
    }

    /// Sets what happens to requests whose outcome is unknown; they are reported unless set otherwise. Counts for
    /// [`send`](Self::send) and [`send_prepared`](Self::send_prepared), not for
    /// [`send_request`](SendRequest::send_request).
    pub fn in_doubt(self, policy: InDoubtPolicy) -> Self {
        Self { in_doubt: policy, ..self }
    }

    /// Prepares events, sends them in as many requests as it takes, one after the other, and reports what became of every
    /// event by its place in `events`. `now` decides which ones LinkedIn still takes.
    ///
    /// Dropping the future leaves the request under way in doubt, without a report.
    pub async fn send(&self, events: &[LinkedInEvent], now: Timestamp) -> SendReport {
        self.send_prepared(prepare_linkedin(events, now)).await
    }

    /// The same for what [`prepare_linkedin`] gave.
    pub async fn send_prepared(&self, prepared: Prepared) -> SendReport {
        run(self, prepared, self.in_doubt).await
    }
}

#[async_trait]
impl SendRequest for LinkedInConversionsClient {
    async fn send_request(&self, body: &RequestBody) -> RequestOutcome {
        match self.client.send(SendElements::new(body)).with_meta().await {
            Ok((elements, response)) => taken(&elements, response.request_id()),
            Err(error) => judge(&error, body),
        }
    }
}

fn taken(elements: &[Element], trace: Option<&str>) -> RequestOutcome {
    let (mut refused, mut unknown): (Vec<(usize, Refusal)>, Vec<usize>) = Default::default();
    for (place, element) in elements.iter().enumerate() {
        match *element {
            Element::Taken => {}
            Element::Refused { status, code } => {
                refused.push((place, refusals::of_element(status, code, trace)));
            }
            Element::Unknown => unknown.push(place),
        }
    }
    let trace = trace.map(str::to_owned);
    RequestOutcome::Taken { received: None, refused, unknown, trace, messages: Vec::new() }
}

fn judge(error: &Error, body: &RequestBody) -> RequestOutcome {
    let kind = error.kind();
    if error.may_have_been_applied() || kind == ErrorKind::InDoubt {
        return RequestOutcome::doubt(kind, error.status(), error.request_id());
    }
    let about_rule = refusals::is_about_rule(error);
    let is_content = match error.status() {
        Some(400 | 422) => kind == ErrorKind::Invalid,
        Some(413) => true,
        _ => about_rule,
    };
    if !is_content {
        let (retry_after, reason) = (error.retry_after(), refusals::stopped(error));
        return RequestOutcome::NotProcessed { kind, retry_after, reason };
    }
    let (refusal, mut blamed) = refusals::refusal(error);
    if about_rule && blamed.is_empty() && has_one_rule(body) {
        blamed = (0..body.len()).collect();
    }
    RequestOutcome::Refused { refusal, blamed }
}

/// Whether all events name the same rule: then what is said of the rule holds for all of them.
fn has_one_rule(body: &RequestBody) -> bool {
    #[derive(Deserialize)]
    struct Rule {
        conversion: String,
    }
    let rule = |json| serde_json::from_str(json).ok().map(|rule: Rule| rule.conversion);
    body.events().map(rule).collect::<HashSet<_>>().len() == 1
}
