//! How a request is answered when not in the usual way.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use super::reply;

/// How the next request is answered: in the shape of another provider, or with trouble.
#[derive(Clone)]
pub struct Answer(pub(super) Way);

#[derive(Clone)]
pub(super) enum Way {
    Reply(Response<Bytes>),
    Late(Duration, Response<Bytes>),
    Unreachable,
    Dropped,
    Endless,
    Never,
}

impl Way {
    /// The same around the answer that the request would have got.
    pub(super) fn around(self, reply: Response<Bytes>) -> Self {
        match self {
            Self::Late(wait, _) => Self::Late(wait, reply),
            other => other,
        }
    }
}

impl Answer {
    /// With this status and JSON text. What was asked for is not done.
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::body(status, "application/json; charset=UTF-8", body)
    }

    /// With this status, content type and body. What was asked for is not done.
    pub fn body(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self(Way::Reply(reply::reply(status, content_type, body)))
    }

    /// A page for people, with status 200: a sign-in page or a proxy in between. Nothing is done.
    pub fn html() -> Self {
        Self(Way::Reply(reply::html(200, "Sign in to continue")))
    }

    /// Status 302 to this address. Nothing is done.
    pub fn redirect(to: &str) -> Self {
        let mut response = reply::html(302, "Found");
        if let Ok(to) = HeaderValue::from_str(to) {
            response.headers_mut().insert(header::LOCATION, to);
        }
        Self(Way::Reply(response))
    }

    /// The same answer with another status; an impossible one becomes 500.
    pub fn with_status(mut self, status: u16) -> Self {
        if let Way::Reply(reply) = &mut self.0 {
            *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        }
        self
    }

    /// A refusal of RFC 6749 section 5.2 with this status, which may be 200. Nothing is done.
    pub fn oauth_error(status: u16, error: &str) -> Self {
        Self(Way::Reply(reply::refusal(status, error, "as the test wants it")))
    }

    /// A refusal of the Graph API (Meta: Handle Errors) with status 400. Nothing is done.
    pub fn graph_error(code: i64, subcode: Option<i64>) -> Self {
        let mut error = json!({
            "message": "as the test wants it", "type": "OAuthException", "code": code, "fbtrace_id": "AbC",
        });
        if let (Some(error), Some(subcode)) = (error.as_object_mut(), subcode) {
            error.insert("error_subcode".to_owned(), subcode.into());
        }
        Self::json(400, json!({ "error": error }).to_string())
    }

    /// A token as Facebook gives it (Meta: Manually Build a Login Flow): `expires_in` in seconds, or missing.
    pub fn facebook_token(token: &str, expires_in: Option<u64>) -> Self {
        let mut body = json!({ "access_token": token, "token_type": "bearer" });
        if let (Some(body), Some(expires_in)) = (body.as_object_mut(), expires_in) {
            body.insert("expires_in".to_owned(), expires_in.into());
        }
        Self::json(200, body.to_string())
    }

    /// A short-lived token as Instagram gives it (Meta: Business Login for Instagram): in a list, with the
    /// user's id and the granted permissions.
    pub fn instagram_token(token: &str, user_id: u64, permissions: &str) -> Self {
        let entry = json!({ "access_token": token, "user_id": user_id, "permissions": permissions });
        Self::json(200, json!({ "data": [entry] }).to_string())
    }

    /// A token as LinkedIn gives it (LinkedIn: 3-Legged OAuth Flow): 60 days, scopes joined by commas, a
    /// refresh token of a year for approved products.
    pub fn linkedin_token(token: &str, scope: &str, refresh_token: Option<&str>) -> Self {
        let mut body = json!({ "access_token": token, "expires_in": 5_184_000, "scope": scope });
        if let (Some(body), Some(refresh_token)) = (body.as_object_mut(), refresh_token) {
            body.insert("refresh_token".to_owned(), refresh_token.into());
            body.insert("refresh_token_expires_in".to_owned(), 31_536_000.into());
        }
        Self::json(200, body.to_string())
    }

    /// The usual answer, after this time.
    pub fn late(by: Duration) -> Self {
        Self(Way::Late(by, Response::new(Bytes::new())))
    }

    /// No connection: nothing arrives.
    pub fn unreachable() -> Self {
        Self(Way::Unreachable)
    }

    /// Does what was asked for, then the connection breaks: the client cannot know.
    pub fn dropped() -> Self {
        Self(Way::Dropped)
    }

    /// Does what was asked for and answers without end, so that the client stops at its limit.
    pub fn endless() -> Self {
        Self(Way::Endless)
    }

    /// Does what was asked for and never answers.
    pub fn never() -> Self {
        Self(Way::Never)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Reply(reply) => write!(f, "Answer(status {})", reply.status().as_u16()),
            Way::Late(wait, _) => write!(f, "Answer(after {wait:?})"),
            Way::Unreachable => f.write_str("Answer(unreachable)"),
            Way::Dropped => f.write_str("Answer(dropped)"),
            Way::Endless => f.write_str("Answer(endless)"),
            Way::Never => f.write_str("Answer(never)"),
        }
    }
}
