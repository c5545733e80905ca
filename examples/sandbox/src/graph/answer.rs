//! Answers of the Graph API: the headers every one carries, and the error envelope.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::state::{Dead, Shared};

/// An error envelope.
#[derive(Debug, Clone)]
pub(crate) struct GraphError {
    status: u16,
    code: i64,
    subcode: Option<i64>,
    kind: &'static str,
    message: String,
    transient: bool,
    user: Option<(&'static str, &'static str)>,
    data: Option<Box<Value>>,
}

impl GraphError {
    pub(crate) fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            subcode: None,
            kind: "OAuthException",
            message,
            transient: false,
            user: None,
            data: None,
        }
    }

    /// A bad, missing or unknown parameter.
    pub(crate) fn parameter(message: impl AsRef<str>) -> Self {
        Self::new(400, 100, format!("(#100) {}", message.as_ref()))
    }

    /// A permission or a Page task is missing.
    pub(crate) fn permission(message: impl AsRef<str>) -> Self {
        Self::new(403, 200, format!("(#200) {}", message.as_ref()))
    }

    pub(crate) fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    pub(crate) fn user_text(mut self, title: &'static str, text: &'static str) -> Self {
        self.user = Some((title, text));
        self
    }

    /// What stands in `error_data`.
    pub(crate) fn data(mut self, data: Value) -> Self {
        self.data = Some(Box::new(data));
        self
    }

    pub(crate) fn unknown_path(segments: &[&str]) -> Self {
        Self::new(400, 2500, format!("Unknown path components: /{}", segments.join("/")))
    }

    pub(crate) fn no_token_for_me() -> Self {
        Self::new(
            400,
            2500,
            "An active access token must be used to query information about the current user.",
        )
    }

    pub(crate) fn no_token() -> Self {
        Self::new(400, 104, "An access token is required to request this resource.")
    }

    /// The object is missing or invisible, or cannot do this.
    pub(crate) fn unsupported(method: &Method, id: &str) -> Self {
        let verb = method.as_str().to_ascii_lowercase();
        let message = format!(
            "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation."
        );
        Self::new(400, 100, message).subcode(33).kind("GraphMethodException")
    }

    pub(crate) fn malformed_token() -> Self {
        Self::new(401, 190, "Invalid OAuth access token - Cannot parse access token")
    }

    pub(crate) fn session_expired() -> Self {
        Self::new(401, 190, "Error validating access token: Session has expired.").subcode(463)
    }

    pub(crate) fn dead_token(why: Dead) -> Self {
        match why {
            Dead::Expired => Self::session_expired(),
            Dead::AppRemoved => Self::new(
                401,
                190,
                "Error validating access token: The user has not authorized the application.",
            )
            .subcode(458),
            Dead::PasswordChanged => Self::new(
                401,
                190,
                "Error validating access token: The session has been invalidated because the user changed their \
                 password or Facebook has changed the session for security reasons.",
            )
            .subcode(460),
            Dead::Revoked => {
                Self::new(401, 190, "Error validating access token: The session has been invalidated.")
                    .subcode(467)
            }
        }
    }

    /// Code, subcode and message: what `debug_token` repeats inside its data.
    pub(crate) fn summary(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), json!(self.code));
        error.insert("message".to_owned(), json!(self.message));
        if let Some(subcode) = self.subcode {
            error.insert("subcode".to_owned(), json!(subcode));
        }
        Value::Object(error)
    }
}

/// The frame of an answer: version, trace id, usage.
#[derive(Debug)]
pub(crate) struct Answer {
    version: String,
    trace: String,
    page: Option<String>,
    exhausted: bool,
}

impl Answer {
    pub(crate) fn new(version: &str, trace: String, page: Option<String>) -> Self {
        Self { version: version.to_owned(), trace, page, exhausted: false }
    }

    /// The frame of an answer that a fault makes up.
    pub(crate) fn fault(shared: &Shared, page: Option<String>, exhausted: bool) -> Self {
        let trace = shared.lock().trace_id();
        Self { version: shared.config.newest_graph_version().to_owned(), trace, page, exhausted }
    }

    pub(crate) fn json(&self, value: &Value) -> Response {
        let mut value = value.clone();
        // Only the events edge repeats the trace id in a good answer.
        if let Some(slot) = value.get_mut("fbtrace_id") {
            *slot = json!(self.trace);
        }
        (StatusCode::OK, self.headers(), value.to_string()).into_response()
    }

    pub(crate) fn error(&self, error: &GraphError) -> Response {
        let mut fields = Map::new();
        fields.insert("message".to_owned(), json!(error.message));
        fields.insert("type".to_owned(), json!(error.kind));
        fields.insert("code".to_owned(), json!(error.code));
        if let Some(subcode) = error.subcode {
            fields.insert("error_subcode".to_owned(), json!(subcode));
        }
        if error.transient {
            fields.insert("is_transient".to_owned(), json!(true));
        }
        if let Some((title, text)) = error.user {
            fields.insert("error_user_title".to_owned(), json!(title));
            fields.insert("error_user_msg".to_owned(), json!(text));
        }
        if let Some(data) = &error.data {
            fields.insert("error_data".to_owned(), data.as_ref().clone());
        }
        fields.insert("fbtrace_id".to_owned(), json!(self.trace));
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, self.headers(), json!({ "error": fields }).to_string()).into_response()
    }

    fn headers(&self) -> HeaderMap {
        let percent = if self.exhausted { 100 } else { 1 };
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, "application/json");
        set(header::CACHE_CONTROL, "private, no-cache, no-store, must-revalidate");
        set(HeaderName::from_static("facebook-api-version"), &self.version);
        set(HeaderName::from_static("x-fb-trace-id"), &self.trace);
        let app = if self.page.is_some() { 1 } else { percent };
        let usage = json!({"call_count": app, "total_time": 1, "total_cputime": 1});
        set(HeaderName::from_static("x-app-usage"), &usage.to_string());
        if let Some(page) = &self.page {
            let minutes = i32::from(self.exhausted);
            let usage = json!({ page.as_str(): [{
                "type": "pages", "call_count": percent, "total_cputime": 1, "total_time": 1,
                "estimated_time_to_regain_access": minutes,
            }]});
            set(HeaderName::from_static("x-business-use-case-usage"), &usage.to_string());
        }
        headers
    }
}
