//! A request with several conversion events, of which some are taken.

use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use http::header;
use serde_json::{Value, json};

use crate::request::{Incoming, MAX_BODY};

/// What the list of events is called: at Meta, and at LinkedIn.
const LISTS: [&str; 2] = ["data", "elements"];

fn body_of(request: &Incoming) -> Option<Value> {
    serde_json::from_slice(&request.body).ok()
}

/// How many of so many are taken.
fn taken(events: usize) -> usize {
    events.div_ceil(2)
}

/// The request without the events that are lost. One that is not understood stays as it is.
pub(super) fn first_half(request: &Incoming) -> Incoming {
    let mut request = request.clone();
    let Some(mut body) = body_of(&request) else { return request };
    for list in LISTS {
        if let Some(events) = body.get_mut(list).and_then(Value::as_array_mut) {
            events.truncate(taken(events.len()));
        }
    }
    request.body = body.to_string().into();
    request
}

/// The answer to the first half. Meta's count tells by itself that some are missing; LinkedIn says so of each.
pub(super) async fn with_the_rest(right: Response, request: &Incoming) -> Response {
    let sent = body_of(request).and_then(|body| body.get("elements")?.as_array().map(Vec::len));
    let Some(sent) = sent else { return right };
    let (mut parts, body) = right.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let Ok(mut answer) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    if let Some(fates) = answer.get_mut("elements").and_then(Value::as_array_mut) {
        let lost = json!({"status": 500, "error": {"status": 500, "message": "Internal Server Error"}});
        fates.resize(sent.max(fates.len()), lost);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(answer.to_string()))
}
