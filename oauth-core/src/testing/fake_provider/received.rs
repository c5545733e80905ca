//! What reached the server.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{HeaderMap, Method, Request, Uri, header};
use sociogram_api_core::{
    http::{Body, TransportError, TransportErrorKind},
    redact,
};

/// The fields of a form.
pub(super) type Form = BTreeMap<String, String>;

/// Which part of the server a request was for.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerEndpoint {
    /// Codes, refresh tokens and credentials for tokens; also Meta's exchanges of a token for another.
    Token,
    /// What a token is (RFC 7662; LinkedIn: `introspectToken`; Meta: `debug_token`).
    Introspection,
    /// To withdraw a token (RFC 7009).
    Revocation,
    /// Whose token it is (OpenID Connect; Meta and LinkedIn: `me`).
    Userinfo,
    /// The server's description of itself (RFC 8414, OpenID Connect Discovery).
    Metadata,
    /// Anything else: nothing is there unless an answer was set.
    Other,
}

impl ServerEndpoint {
    fn of(path: &str) -> Self {
        if path.contains("/.well-known/") {
            return Self::Metadata;
        }
        match path.rsplit('/').next().unwrap_or_default() {
            "token" | "access_token" | "refresh_access_token" | "accessToken" => Self::Token,
            "introspect" | "introspectToken" | "debug_token" => Self::Introspection,
            "revoke" => Self::Revocation,
            "userinfo" | "me" => Self::Userinfo,
            _ => Self::Other,
        }
    }
}

/// A request, as the server got it. `Debug` shows what may be logged.
#[non_exhaustive]
#[derive(Clone)]
pub struct Received {
    /// What it was for.
    pub endpoint: ServerEndpoint,
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub uri: Uri,
    /// The headers, credentials included.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Received {
    pub(super) async fn read(request: Request<Body>) -> Result<Self, TransportError> {
        let (head, body) = request.into_parts();
        let chunks: Vec<Bytes> = body
            .open()
            .try_collect()
            .await
            .map_err(|error| TransportError::new(TransportErrorKind::NotSent).with_source(error))?;
        Ok(Self {
            endpoint: ServerEndpoint::of(head.uri.path()),
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body: chunks.concat().into(),
        })
    }

    /// One header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The form in the body: name and value of each field, in alphabetical order.
    pub fn form(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// One field of the form in the body; empty when it is missing.
    pub fn field(&self, name: &str) -> String {
        self.form().remove(name).unwrap_or_default()
    }

    /// The parameters in the URL.
    pub fn query(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
    }

    /// The form, if it is one and no field comes twice (RFC 6749 section 3.2).
    pub(super) fn strict_form(&self) -> Option<Form> {
        let is_form =
            self.header(header::CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded");
        let form = self.form();
        let fields = form_urlencoded::parse(&self.body).count();
        (self.method == Method::POST && is_form && fields == form.len()).then_some(form)
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("target", &redact::target(&self.uri.to_string()))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
