//! The seam at the end of the road: one request out, one answer back.

use std::error::Error as StdError;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

use super::body::Body;

/// What a transport must respect besides the request itself.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest response body accepted, in bytes. A longer one is [`TransportErrorKind::TooLarge`], and
    /// reading stops there.
    pub max_response_bytes: usize,
}

impl Limits {
    /// With a response cap in bytes.
    pub const fn new(max_response_bytes: usize) -> Self {
        Self { max_response_bytes }
    }
}

impl Default for Limits {
    /// 8 MiB.
    fn default() -> Self {
        Self::new(8 * 1024 * 1024)
    }
}

/// Sends one request and reads the whole answer. No redirects, no retries, no cookies, no change to the
/// URL: all of that is the pipeline's business or nobody's.
///
/// A status of 400 or above is an answer, not an error. The [`Operation`](super::Operation) travels in
/// the request's extensions for transports that trace.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`.
    ///
    /// # Errors
    /// When no complete answer came back. The kind must be honest about whether the request can have
    /// reached the server, because that decides whether it may be repeated.
    async fn send(
        &self,
        request: ::http::Request<Body>,
        limits: &Limits,
    ) -> Result<::http::Response<Bytes>, TransportError>;
}

/// Why there is no answer, told apart by whether the request can have had an effect.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// No connection was made (DNS, TCP, TLS). Always repeated.
    Connect,
    /// The request could not be put on the wire. Always repeated unless it is the request's own fault.
    NotSent,
    /// No answer in time. Repeated only where repeating is harmless.
    Timeout,
    /// The connection broke after sending began. Repeated only where repeating is harmless.
    Interrupted,
    /// The answer is longer than the cap. Never repeated: it would be as long again.
    TooLarge,
    /// Anything else; treated as if it was sent. Repeated only where repeating is harmless.
    Other,
}

impl TransportErrorKind {
    /// Whether the server may have received the request.
    pub const fn may_have_been_sent(self) -> bool {
        !matches!(self, Self::Connect | Self::NotSent)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Connect => "could not connect",
            Self::NotSent => "could not send the request",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke before the answer was complete",
            Self::TooLarge => "the answer is larger than the limit",
            Self::Other => "the transport failed",
        }
    }
}

/// An error of a [`Transport`]. It never holds the URL.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// Of this kind.
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// With the underlying error. Strip URLs and header values from it first.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind.
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.text())
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
