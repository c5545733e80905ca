//! What is answered when something goes wrong: `application/problem+json` (RFC 9457).

use std::{borrow::Cow, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use sociogram::api_core::Finding;

use crate::html;

const TYPE_PREFIX: &str = "urn:sociogram:problem:";

/// A refusal: what is wrong, and what to do about it.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Inner>);

#[derive(Debug, Clone, Serialize)]
struct Inner {
    /// A stable name to branch on.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: Cow<'static, str>,
    action: Cow<'static, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    /// What the provider holds already, for a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<String>,
    /// Where to start the login again for just what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    ask_again: Option<String>,
    #[serde(skip)]
    retry_after: Option<Duration>,
}

impl Problem {
    /// The name of a refusal because the same post exists.
    pub(crate) const DUPLICATE: &str = "duplicate";
    /// The name of a failure after which nobody knows whether it was done.
    pub(crate) const IN_DOUBT: &str = "in-doubt";

    /// `name` is the last part of the `type`; `action` says what a person should do.
    pub(crate) fn new(
        status: StatusCode,
        name: &str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
        action: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind: format!("{TYPE_PREFIX}{name}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            action: action.into(),
            findings: Vec::new(),
            existing: None,
            ask_again: None,
            retry_after: None,
        }))
    }

    /// The request itself cannot be read.
    pub(crate) fn bad_request(
        detail: impl Into<Cow<'static, str>>,
        action: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "the request cannot be read", detail, action)
    }

    /// The request can be read and is not acceptable.
    pub(crate) fn invalid(
        detail: impl Into<Cow<'static, str>>,
        action: impl Into<Cow<'static, str>>,
    ) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "invalid", "the request is not acceptable", detail, action)
    }

    pub(crate) fn not_found(
        detail: impl Into<Cow<'static, str>>,
        action: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "not found", detail, action)
    }

    /// A defect of this program; the log says more.
    pub(crate) fn internal(detail: impl Into<Cow<'static, str>>) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "internal", "the server failed", detail, "report it with the server's log")
    }

    pub(crate) fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.0.findings = findings;
        self
    }

    pub(crate) fn with_existing(mut self, id: Option<String>) -> Self {
        self.0.existing = id;
        self
    }

    /// `path` is one of this server.
    pub(crate) fn with_ask_again(mut self, path: String) -> Self {
        self.0.ask_again = Some(path);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.0.status
    }

    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Whether a post exists, or may exist, although the request failed.
    pub(crate) fn concerns_a_post(&self) -> bool {
        let name = self.0.kind.strip_prefix(TYPE_PREFIX);
        matches!(name, Some(Self::DUPLICATE | Self::IN_DOUBT))
    }

    /// The answer for a browser that wants a page, else the JSON.
    pub(crate) fn for_browser(self, headers: &HeaderMap) -> Response {
        let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        if accepts.into_iter().any(|accept| accept.contains("text/html")) {
            let status = self.code();
            let Inner { title, detail, action, ask_again, .. } = &*self.0;
            html::refusal(status, title, detail, action, ask_again.as_deref())
        } else {
            self.into_response()
        }
    }

    fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Numbers, text and lists of them: writing cannot fail.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut answer = (self.code(), body).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.0.retry_after {
            // Rounded up: whole seconds, and never too early.
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().saturating_add(1)));
        }
        answer
    }
}
