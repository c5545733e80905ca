//! Faults on demand: the next calls that match are answered badly, late, or not at all.

use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    clock::pause,
    graph::answer::{Answer as GraphAnswer, GraphError},
    linkedin::answer::ApiError,
    listener::Cut,
    request::{Area, Incoming},
    state::Shared,
};

/// Longest delay a `slow` fault may ask for.
pub(crate) const MAX_DELAY_MS: u64 = 120_000;

/// Which calls a fault hits; an absent part matches every call.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Match {
    /// `meta` or `linkedin`.
    pub(crate) platform: Option<PlatformName>,
    /// Text the path below the host must contain.
    pub(crate) path_contains: Option<String>,
    /// Method, in upper case.
    pub(crate) method: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PlatformName {
    Meta,
    Linkedin,
}

/// What happens to the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    Throttle,
    ServerError,
    ExpiredToken,
    Slow,
    Reset,
    /// The call takes effect, then the connection breaks.
    ResetAfterEffect,
    HtmlError,
    MalformedJson,
}

/// A fault waiting for calls.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(rename = "match", default)]
    pub(crate) matcher: Match,
    pub(crate) kind: FaultKind,
    /// Delay of `slow`, in milliseconds.
    #[serde(default)]
    pub(crate) ms: Option<u64>,
    /// How many calls it hits.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Whether the call takes effect all the same before it is answered badly.
    #[serde(default)]
    pub(crate) after_effect: bool,
}

fn once() -> u32 {
    1
}

impl Fault {
    fn hits(&self, request: &Incoming) -> bool {
        let platform = match self.matcher.platform {
            None => true,
            Some(PlatformName::Meta) => request.area.is_meta(),
            Some(PlatformName::Linkedin) => !request.area.is_meta(),
        };
        let path =
            self.matcher.path_contains.as_ref().is_none_or(|part| request.path.contains(part.as_str()));
        let method = self.matcher.method.as_ref().is_none_or(|method| request.method.as_str() == method);
        platform && path && method
    }
}

/// Takes the first waiting fault that hits this call.
fn take(shared: &Shared, request: &Incoming) -> Option<Fault> {
    let mut state = shared.lock();
    let position = state.faults.iter().position(|fault| fault.hits(request))?;
    let fault = state.faults.get_mut(position)?;
    fault.times = fault.times.saturating_sub(1);
    let taken = fault.clone();
    if taken.times == 0 {
        state.faults.remove(position);
    }
    Some(taken)
}

/// Answers a call to a platform, with the fault that waits for it if there is one.
pub(crate) async fn play(
    shared: &Shared,
    request: Incoming,
    cut: &Cut,
    answer: fn(&Shared, &Incoming) -> Response,
) -> Response {
    let Some(fault) = take(shared, &request) else {
        let response = answer(shared, &request);
        shared.lock().record_call(&request, response.status().as_u16());
        return response;
    };
    if fault.kind == FaultKind::Slow {
        pause(Duration::from_millis(fault.ms.unwrap_or_default())).await;
        let response = answer(shared, &request);
        shared.lock().record_call(&request, response.status().as_u16());
        return response;
    }
    if fault.after_effect || fault.kind == FaultKind::ResetAfterEffect {
        let _lost = answer(shared, &request);
    }
    let response = match fault.kind {
        FaultKind::Reset | FaultKind::ResetAfterEffect => {
            cut.cut();
            shared.lock().record_call(&request, 0);
            return StatusCode::OK.into_response();
        }
        FaultKind::HtmlError => (
            StatusCode::BAD_GATEWAY,
            [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))],
            "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>",
        )
            .into_response(),
        FaultKind::MalformedJson => (
            StatusCode::OK,
            [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            "{\"data\":[{\"id\":",
        )
            .into_response(),
        FaultKind::Throttle => throttled(shared, &request),
        FaultKind::ServerError => broken(shared, &request),
        FaultKind::ExpiredToken | FaultKind::Slow => expired(shared, &request),
    };
    shared.lock().record_call(&request, response.status().as_u16());
    response
}

/// The Page a Graph call is about, if it is about one.
fn page_of(shared: &Shared, request: &Incoming) -> Option<String> {
    let segment = *request.segments().get(1)?;
    let known = shared.config.world.pages.iter().any(|page| page.id == segment);
    known.then(|| segment.to_owned())
}

fn throttled(shared: &Shared, request: &Incoming) -> Response {
    match request.area {
        Area::Facebook | Area::Graph => {
            let page = page_of(shared, request);
            let error = if page.is_some() {
                GraphError::new(400, 80_001, "(#80001) There have been too many calls to this Page account.")
            } else {
                GraphError::new(403, 4, "(#4) Application request limit reached")
            };
            GraphAnswer::fault(shared, page, true).error(&error.transient())
        }
        Area::LinkedIn => {
            let body = json!({"error": "QUOTA_EXCEEDED", "error_description": "too many token requests"});
            (StatusCode::TOO_MANY_REQUESTS, axum::Json(body)).into_response()
        }
        _ => ApiError::new(
            429,
            "Resource level throttle MEMBER DAY limit for calls to this resource is reached.",
        )
        .code("TOO_MANY_REQUESTS")
        .service_code(101)
        .respond(shared),
    }
}

fn broken(shared: &Shared, request: &Incoming) -> Response {
    match request.area {
        Area::Facebook | Area::Graph => {
            let error = GraphError::new(500, 2, "Service temporarily unavailable").transient();
            GraphAnswer::fault(shared, None, false).error(&error)
        }
        Area::LinkedIn => {
            let body = json!({"error": "server_error", "error_description": "something broke on our side"});
            (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(body)).into_response()
        }
        _ => ApiError::new(500, "Internal Server Error").code("INTERNAL_SERVER_ERROR").respond(shared),
    }
}

fn expired(shared: &Shared, request: &Incoming) -> Response {
    match request.area {
        Area::Facebook | Area::Graph => {
            GraphAnswer::fault(shared, None, false).error(&GraphError::session_expired())
        }
        Area::LinkedIn => {
            let body = json!({"error": "invalid_request", "error_description": "The token has expired."});
            (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
        }
        _ => ApiError::expired_token().respond(shared),
    }
}
