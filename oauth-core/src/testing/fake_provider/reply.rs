//! Answers of a server.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// The headers of RFC 6749 section 5.1 go with every answer; an impossible status becomes 500.
pub(super) fn reply(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(super) fn json(status: u16, body: &Value) -> Response<Bytes> {
    reply(status, "application/json", body.to_string())
}

pub(super) fn html(status: u16, title: &str) -> Response<Bytes> {
    reply(
        status,
        "text/html; charset=utf-8",
        format!("<!doctype html><title>{title}</title><h1>{title}</h1>"),
    )
}

/// A refusal (RFC 6749 section 5.2).
pub(super) struct Refused {
    status: u16,
    error: &'static str,
    about: String,
}

impl Refused {
    /// With status 400. `about` is repeated in the description, as careless providers do.
    pub(super) fn new(error: &'static str, about: &str) -> Self {
        Self { status: 400, error, about: about.to_owned() }
    }

    /// The app could not prove who it is.
    pub(super) fn client(about: &str) -> Self {
        Self { status: 401, ..Self::new("invalid_client", about) }
    }

    /// The token in the header is no good (RFC 6750 section 3.1).
    pub(super) fn token(about: &str) -> Self {
        Self { status: 401, ..Self::new("invalid_token", about) }
    }

    pub(super) fn answer(&self) -> Response<Bytes> {
        let mut response = refusal(self.status, self.error, &self.about);
        if self.status == 401 {
            let scheme =
                if self.error == "invalid_token" { "Bearer" } else { "Basic realm=\"fake provider\"" };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        response
    }
}

pub(super) fn refusal(status: u16, error: &str, about: &str) -> Response<Bytes> {
    let description = format!("the request was refused: {about}");
    json(status, &json!({ "error": error, "error_description": description }))
}
