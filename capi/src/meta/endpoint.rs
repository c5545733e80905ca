//! The events endpoint of a dataset.

use http::{HeaderValue, Method};
use serde_json::Value;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{Body, DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::redact::sanitize_text;
use sociogram_meta_graph::DatasetId;

use crate::prepare::RequestBody;

/// Most messages of an answer that are kept, and the longest text of one.
const MAX_MESSAGES: usize = 50;
const MAX_MESSAGE: usize = 300;

/// Sends one request of events to a dataset (Conversions API: `POST /{dataset_id}/events`).
///
/// Needs a token with `ads_management` on the dataset's ad account, or a token made for the dataset in
/// Events Manager. Never repeated on its own: Meta does not recognise an event it got twice from a server.
/// [`ConversionsClient`](crate::ConversionsClient) adds what a queue of events needs: one fate per event, and bad events
/// set apart.
#[derive(Clone, Debug)]
pub struct SendEvents {
    dataset: DatasetId,
    body: Body,
}

impl SendEvents {
    /// The events of one request, for this dataset (pixel).
    pub fn new(dataset: DatasetId, body: &RequestBody) -> Self {
        Self { dataset, body: body.to_bytes().into() }
    }
}

impl Endpoint for SendEvents {
    type Output = EventsReceived;

    const NAME: &'static str = "dataset.events.send";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{dataset_id}/events";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &["ads_management"];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts
            .path("dataset_id", &self.dataset)
            .body(self.body.clone(), HeaderValue::from_static("application/json"));
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.dataset.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<EventsReceived, DecodeError> {
        match response.json()? {
            Value::Object(answer) => Ok(EventsReceived::read(&answer)),
            _ => Err(DecodeError::new(".", "an object was expected")),
        }
    }
}

/// What Meta says about a request it took. Any of it may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsReceived {
    /// How many events were taken.
    pub events_received: Option<u64>,
    /// Remarks of Meta; at most 50, each one line of at most 300 characters.
    pub messages: Vec<String>,
    /// The id of the exchange, for support requests.
    pub fbtrace_id: Option<String>,
}

impl EventsReceived {
    fn read(answer: &serde_json::Map<String, Value>) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => sanitize_text(text, MAX_MESSAGE),
            other => sanitize_text(&other.to_string(), MAX_MESSAGE),
        };
        let received = match answer.get("events_received") {
            Some(Value::String(text)) => text.parse().ok(),
            other => other.and_then(Value::as_u64),
        };
        let messages = match answer.get("messages") {
            Some(Value::Array(messages)) => messages.iter().take(MAX_MESSAGES).map(text).collect(),
            None | Some(Value::Null) => Vec::new(),
            Some(one) => vec![text(one)],
        };
        let fbtrace_id = answer.get("fbtrace_id").and_then(Value::as_str).map(|id| sanitize_text(id, 64));
        Self { events_received: received, messages, fbtrace_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_leniently() {
        let read = |json: &str| match serde_json::from_str(json).unwrap() {
            Value::Object(answer) => EventsReceived::read(&answer),
            _ => panic!("an object"),
        };
        assert_eq!(read("{}"), EventsReceived::default());
        let full = read(r#"{"events_received":"2","messages":["a\nb",{"c":1}],"fbtrace_id":"AbC"}"#);
        assert_eq!(full.events_received, Some(2));
        assert_eq!(full.messages, ["a b", r#"{"c":1}"#]);
        assert_eq!(full.fbtrace_id.as_deref(), Some("AbC"));
        assert_eq!(read(r#"{"messages":"one","events_received":-1}"#).messages, ["one"]);
    }
}
