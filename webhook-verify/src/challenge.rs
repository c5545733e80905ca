//! The answer to a GET challenge, and why there is none.

use std::fmt;

/// What to answer to a challenge of either platform. Send status, headers and body as they are.
///
/// `Debug` does not show the body: LinkedIn's holds a MAC.
#[derive(Clone, PartialEq, Eq)]
pub struct ChallengeAnswer {
    content_type: &'static str,
    body: String,
}

impl ChallengeAnswer {
    pub(crate) fn new(content_type: &'static str, body: String) -> Self {
        Self { content_type, body }
    }

    /// Always 200.
    pub fn status(&self) -> u16 {
        200
    }

    /// `text/plain; charset=utf-8` for Meta, `application/json` for LinkedIn.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The headers to send: the content type, and `nosniff` so that no browser reads the body as HTML.
    pub fn headers(&self) -> [(&'static str, &'static str); 2] {
        [("content-type", self.content_type), ("x-content-type-options", "nosniff")]
    }

    /// The whole body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The whole body, owned.
    pub fn into_body(self) -> String {
        self.body
    }
}

impl fmt::Debug for ChallengeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChallengeAnswer").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

/// A challenge is not answered.
///
/// The text names no value of the query, so it may be logged. Answer with
/// [`suggested_status`](Self::suggested_status) and an empty body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeError {
    /// The query string is too long to be a challenge.
    #[error("the query string is longer than {max} bytes: this is not a challenge")]
    QueryTooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// A key that must be unique occurs twice.
    #[error("{key} occurs more than once in the query: this is not a challenge of the platform")]
    DuplicateKey {
        /// The key, or `hub.*` when it is none of the three known ones.
        key: &'static str,
    },
    /// A required key is absent.
    #[error("{key} is missing from the query: pass the raw query string, with the dots in its keys")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A value is not UTF-8 after percent-decoding.
    #[error("the value of {key} is not UTF-8 text")]
    NotText {
        /// The key.
        key: &'static str,
    },
    /// `hub.mode` is not `subscribe`.
    #[error("hub.mode is not `subscribe`")]
    WrongMode,
    /// The verify token is not ours.
    #[error(
        "hub.verify_token differs from ours: enter the same token in the app dashboard or subscription call"
    )]
    TokenMismatch,
    /// The challenge holds characters that are never echoed or signed.
    #[error("the challenge is malformed: expected {expected}")]
    MalformedChallenge {
        /// The accepted form.
        expected: &'static str,
    },
    /// `applicationId` names an application that is not configured.
    #[error("applicationId names an application without a configured secret: add it to the verifier")]
    UnknownApplication,
    /// There is no `applicationId` and every configured secret belongs to an application.
    #[error(
        "the challenge names no application and no default secret is configured: add one to the verifier"
    )]
    NoDefaultSecret,
}

impl ChallengeError {
    /// The HTTP status to answer: 403 when token or application are not ours, else 400.
    pub fn suggested_status(&self) -> u16 {
        match self {
            Self::TokenMismatch | Self::UnknownApplication | Self::NoDefaultSecret => 403,
            Self::QueryTooLong { .. }
            | Self::DuplicateKey { .. }
            | Self::MissingKey { .. }
            | Self::NotText { .. }
            | Self::WrongMode
            | Self::MalformedChallenge { .. } => 400,
        }
    }
}
