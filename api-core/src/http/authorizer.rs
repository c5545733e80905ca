//! Attaching the credential to an attempt.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use ::http::request::Parts;
use ::http::uri::PathAndQuery;
use ::http::{HeaderValue, Uri};
use async_trait::async_trait;

use super::operation::Operation;
use super::request::encode;
use crate::ErrorKind;

/// Attaches the credential to each attempt, after the host was found to be allowed.
#[async_trait]
pub trait Authorizer: fmt::Debug + Send + Sync + 'static {
    /// Adds the credential to the request head: a header marked sensitive, and a signature in the query
    /// where the provider wants one. It works on a copy, so an error leaves the request untouched.
    ///
    /// # Errors
    /// When no usable credential can be had; the request is then not sent.
    async fn authorize(&self, operation: &Operation, head: &mut Parts) -> Result<Ticket, AuthorizeError>;

    /// The provider refused the credential this ticket stands for. Called at most once per call, before
    /// one more attempt with whatever [`authorize`](Self::authorize) gives then.
    async fn rejected(&self, ticket: Ticket);
}

/// Stands for the credential of one attempt, so that a refusal can be told to whoever gave it.
#[derive(Clone, Default)]
pub struct Ticket(Option<Arc<dyn Any + Send + Sync>>);

impl Ticket {
    /// No credential was attached.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Remembers `value` until the attempt is judged.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The remembered value, if it is a `T`.
    pub fn downcast<T: Any + Send + Sync>(self) -> Option<Arc<T>> {
        self.0?.downcast().ok()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Ticket(..)" } else { "Ticket(none)" })
    }
}

/// Why no credential could be attached.
#[derive(Debug)]
pub struct AuthorizeError {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl AuthorizeError {
    /// `message` is one lower-case line without secrets.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// With the underlying error.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind; it becomes the kind of the call's error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for AuthorizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for AuthorizeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Attaches nothing: for token endpoints, which carry their credential in the body.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoAuth;

impl NoAuth {
    /// Attaches nothing.
    pub const fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Authorizer for NoAuth {
    async fn authorize(&self, _operation: &Operation, _head: &mut Parts) -> Result<Ticket, AuthorizeError> {
        Ok(Ticket::none())
    }

    async fn rejected(&self, _ticket: Ticket) {}
}

/// The value of `Authorization: Bearer`, marked sensitive so that nothing prints it.
///
/// # Errors
/// When the token is empty or holds characters that cannot stand in a header.
pub fn bearer(token: &str) -> Result<HeaderValue, AuthorizeError> {
    let refuse = |message| AuthorizeError::new(ErrorKind::Reauthorize, message);
    if token.is_empty() {
        return Err(refuse("the token is empty; connect the account again"));
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| refuse("the token holds characters that no token has; connect the account again"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Appends `name=value` to the query of the request, percent-encoded. For signatures that the provider
/// takes in the query, such as `appsecret_proof`; a token never belongs here.
pub fn append_query(head: &mut Parts, name: &str, value: &str) {
    let old = head.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let separator = if old.contains('?') { '&' } else { '?' };
    let target = format!("{old}{separator}{}={}", encode(name), encode(value));
    let mut parts = head.uri.clone().into_parts();
    // Both texts are percent-encoded, so parsing fails only past the length limit of a URI.
    if let Ok(target) = PathAndQuery::try_from(target) {
        parts.path_and_query = Some(target);
        if let Ok(uri) = Uri::from_parts(parts) {
            head.uri = uri;
        }
    }
}
