//! A transport that plays a script and remembers what it was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;

use crate::http::{Body, Limits, Transport, TransportError, TransportErrorKind};
use crate::redact;

/// Answers requests in the order of its script. Clones share script and record.
///
/// A request beyond the end of the script fails with [`TransportErrorKind::Other`].
#[derive(Clone, Default)]
pub struct ScriptedTransport {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Step>,
    requests: Vec<RecordedRequest>,
}

enum Step {
    Answer(::http::Response<Bytes>),
    Fail(TransportErrorKind),
    Hang,
}

/// A request as it reached the transport, its body read completely. `Debug` shows what may be logged.
#[non_exhaustive]
#[derive(Clone)]
pub struct RecordedRequest {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub uri: Uri,
    /// The headers, credentials included.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |name: &HeaderName| {
            if redact::header_is_public(name.as_str()) { self.header(name.as_str()) } else { redact::HIDDEN }
        };
        let headers: Vec<_> = self.headers.keys().map(|name| format!("{name}: {}", shown(name))).collect();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("target", &redact::target(&self.uri.to_string()))
            .field("headers", &headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

impl RecordedRequest {
    /// One header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text; empty when it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}

impl ScriptedTransport {
    /// With an empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Next, answers with this status, these headers and this body. Headers that are not valid are left
    /// out, and an impossible status becomes 500.
    pub fn respond(self, status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Self {
        let mut response = ::http::Response::new(body.into());
        *response.status_mut() =
            ::http::StatusCode::from_u16(status).unwrap_or(::http::StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                response.headers_mut().append(name, value);
            }
        }
        self.push(Step::Answer(response))
    }

    /// Next, answers 200 with this JSON text.
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.respond(200, &[("content-type", "application/json")], body)
    }

    /// Next, fails without an answer.
    pub fn fail(self, kind: TransportErrorKind) -> Self {
        self.push(Step::Fail(kind))
    }

    /// Next, never answers.
    pub fn hang(self) -> Self {
        self.push(Step::Hang)
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    fn push(self, step: Step) -> Self {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).script.push_back(step);
        self
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScriptedTransport")
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(
        &self,
        request: ::http::Request<Body>,
        limits: &Limits,
    ) -> Result<::http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let chunks: Vec<Bytes> = body
            .open()
            .try_collect()
            .await
            .map_err(|error| TransportError::new(TransportErrorKind::NotSent).with_source(error))?;
        let recorded = RecordedRequest {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body: chunks.concat().into(),
        };
        let step = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.requests.push(recorded);
            state.script.pop_front()
        };
        match step {
            Some(Step::Answer(response)) if response.body().len() > limits.max_response_bytes => {
                Err(TransportError::new(TransportErrorKind::TooLarge))
            }
            Some(Step::Answer(response)) => Ok(response),
            Some(Step::Fail(kind)) => Err(TransportError::new(kind)),
            Some(Step::Hang) => std::future::pending().await,
            None => Err(TransportError::new(TransportErrorKind::Other).with_source("the script has ended")),
        }
    }
}
