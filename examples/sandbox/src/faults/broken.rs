//! The bad answers, each in the platform's own words.

use std::convert::Infallible;

use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::{FaultKind, REDIRECTED};
use crate::{
    graph::answer::{Answer as GraphAnswer, GraphError},
    instagram::{FlatError, is_exchange},
    linkedin::answer::ApiError,
    request::{Area, Incoming, MAX_BODY},
    state::Shared,
};

/// One part of a body that does not end, and how many come before it ends all the same: 256 MiB.
const CHUNK: usize = 16 * 1024;
const CHUNKS: usize = 16 * 1024;

pub(super) fn answer(shared: &Shared, request: &Incoming, kind: FaultKind) -> Response {
    match kind {
        FaultKind::HtmlError => page(StatusCode::BAD_GATEWAY),
        FaultKind::Html => page(StatusCode::OK),
        FaultKind::MalformedJson => (StatusCode::OK, json_type(), "{\"data\":[{\"id\":").into_response(),
        FaultKind::Redirect => redirect(shared, request),
        FaultKind::Endless => endless(),
        FaultKind::Throttle => throttled(shared, request, "MEMBER"),
        FaultKind::ThrottleApp => throttled(shared, request, "APPLICATION"),
        FaultKind::ServerError => failed(shared, request),
        FaultKind::Refuse => refused(shared, request),
        FaultKind::ErrorWith200 => {
            let mut response = expired(shared, request);
            *response.status_mut() = StatusCode::OK;
            response
        }
        _ => expired(shared, request),
    }
}

type ContentType = [(header::HeaderName, HeaderValue); 1];

fn json_type() -> ContentType {
    [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]
}

fn page(status: StatusCode) -> Response {
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    let body = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>";
    (status, headers, body).into_response()
}

fn redirect(shared: &Shared, request: &Incoming) -> Response {
    let to = format!("{}/{}{REDIRECTED}", shared.url, request.area.name());
    let location = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
}

/// Looks like a token answer for as long as anybody reads.
fn endless() -> Response {
    let start = Bytes::from_static(b"{\"access_token\":\"EAA");
    let more = Bytes::from(vec![b'A'; CHUNK]);
    let parts = std::iter::once(start).chain(std::iter::repeat_n(more, CHUNKS)).map(Ok::<Bytes, Infallible>);
    (StatusCode::OK, json_type(), Body::from_stream(stream::iter(parts))).into_response()
}

pub(super) async fn with_empty_token(right: Response) -> Response {
    rewrite(right, |fields| {
        if let Some(token) = fields.get_mut("access_token") {
            *token = json!("");
        }
    })
    .await
}

pub(super) async fn without_expiry(right: Response) -> Response {
    rewrite(right, |fields| {
        if let Some(fields) = fields.as_object_mut() {
            fields.remove("expires_in");
        }
    })
    .await
}

/// Changes a token answer, also one inside `{"data":[…]}`.
async fn rewrite(right: Response, change: impl Fn(&mut Value)) -> Response {
    let (parts, body) = right.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    match value.pointer_mut("/data/0") {
        Some(inner) => change(inner),
        None => change(&mut value),
    }
    Response::from_parts(parts, Body::from(value.to_string()))
}

/// The Page a Graph call is about, if it is about one.
fn page_of(shared: &Shared, request: &Incoming) -> Option<String> {
    let segment = *request.segments().get(1)?;
    let known = shared.config.world.pages.iter().any(|page| page.id == segment);
    known.then(|| segment.to_owned())
}

/// How the host words its errors.
enum Words {
    Graph,
    /// Instagram's and Threads' code exchange.
    Flat,
    OAuth,
    Rest,
}

fn words(request: &Incoming) -> Words {
    match request.area {
        Area::InstagramApi | Area::ThreadsApi if is_exchange(request) => Words::Flat,
        // A client with one base address sends its API calls to the login's host.
        Area::LinkedIn if request.path.starts_with("/oauth/") => Words::OAuth,
        Area::LinkedIn | Area::LinkedInApi => Words::Rest,
        _ => Words::Graph,
    }
}

fn oauth(status: StatusCode, error: &str, description: &str) -> Response {
    (status, axum::Json(json!({"error": error, "error_description": description}))).into_response()
}

fn throttled(shared: &Shared, request: &Incoming, counter: &str) -> Response {
    match words(request) {
        Words::Graph => {
            let page = page_of(shared, request);
            let error = if page.is_some() {
                GraphError::new(400, 80_001, "(#80001) There have been too many calls to this Page account.")
            } else {
                GraphError::new(403, 4, "(#4) Application request limit reached")
            };
            GraphAnswer::fault(shared, page, true).error(&error.transient())
        }
        Words::Flat => FlatError("Application request limit reached").with_code(429),
        Words::OAuth => oauth(StatusCode::TOO_MANY_REQUESTS, "QUOTA_EXCEEDED", "too many token requests"),
        Words::Rest => ApiError::new(
            429,
            format!("Resource level throttle {counter} DAY limit for calls to this resource is reached."),
        )
        .code("TOO_MANY_REQUESTS")
        .service_code(101)
        .respond(shared),
    }
}

fn failed(shared: &Shared, request: &Incoming) -> Response {
    match words(request) {
        Words::Graph => {
            let error = GraphError::new(500, 2, "Service temporarily unavailable").transient();
            GraphAnswer::fault(shared, None, false).error(&error)
        }
        Words::Flat => FlatError("An unknown error has occurred").with_code(500),
        Words::OAuth => {
            oauth(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "something broke on our side")
        }
        Words::Rest => {
            ApiError::new(500, "Internal Server Error").code("INTERNAL_SERVER_ERROR").respond(shared)
        }
    }
}

fn refused(shared: &Shared, request: &Incoming) -> Response {
    match words(request) {
        Words::Graph => {
            GraphAnswer::fault(shared, None, false).error(&GraphError::new(400, 100, "Invalid parameter"))
        }
        Words::Flat => FlatError("Invalid parameter").with_code(400),
        Words::OAuth => oauth(StatusCode::BAD_REQUEST, "invalid_request", "a parameter is not valid"),
        Words::Rest => ApiError::illegal_argument("The request is not valid").respond(shared),
    }
}

fn expired(shared: &Shared, request: &Incoming) -> Response {
    match words(request) {
        Words::Graph => GraphAnswer::fault(shared, None, false).error(&GraphError::session_expired()),
        Words::Flat => FlatError("This authorization code has expired").respond(),
        Words::OAuth => oauth(StatusCode::BAD_REQUEST, "invalid_request", "The token has expired."),
        Words::Rest => ApiError::expired_token().respond(shared),
    }
}
