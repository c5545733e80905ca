//! Why a delivery is not accepted.

use crate::{Hint, Provider, SignatureFault};

/// A delivery was refused.
///
/// The text is meant for the operator's log; it holds no secret, no MAC and nothing of the body.
/// Answer the sender with [`suggested_status`](Self::suggested_status) and an empty body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature header is absent.
    #[error("no {} header: the request did not come from {provider}, or a proxy dropped the header", .provider.header())]
    MissingSignature {
        /// Whose header was expected.
        provider: Provider,
    },
    /// The signature header occurs more than once.
    #[error("more than one {} value: {provider} sends exactly one, so something in between added another", .provider.header())]
    DuplicateSignature {
        /// Whose header was expected.
        provider: Provider,
    },
    /// The signature header cannot be read.
    #[error("the {} header cannot be read: {fault}", .provider.header())]
    MalformedSignature {
        /// Whose header was expected.
        provider: Provider,
        /// What is wrong with it.
        fault: SignatureFault,
    },
    /// The value is the legacy SHA-1 signature, which is never accepted.
    #[error("the value is a SHA-1 signature: pass the X-Hub-Signature-256 header, not X-Hub-Signature")]
    Sha1Signature,
    /// The value names another algorithm.
    #[error("the {} header names an algorithm that {provider} does not use", .provider.header())]
    UnsupportedAlgorithm {
        /// Whose header was expected.
        provider: Provider,
    },
    /// The signature is well formed and does not belong to this body under any secret.
    #[error("the signature matches no configured secret ({} tried): {}", secrets, sentence(hints))]
    Mismatch {
        /// How many secrets were tried.
        secrets: usize,
        /// What probably went wrong; at least one.
        hints: Vec<Hint>,
    },
    /// The body is longer than the verifier reads.
    #[error(
        "the body has at least {length} bytes, the limit is {limit}: raise max_body_bytes if {provider} really sends that much"
    )]
    BodyTooLarge {
        /// Which verifier refused.
        provider: Provider,
        /// Length of the body in bytes, as far as it was announced or read.
        length: usize,
        /// The configured limit in bytes.
        limit: usize,
    },
    /// The signature is right, but no webhook is anything but a JSON object: another message under the same key.
    #[error("the signed body is not a JSON object: this is not a webhook delivery")]
    NotJsonObject,
}

impl VerifyError {
    /// The HTTP status to answer: 400, 401 or 413. None of them is 2xx, so the platform sends again.
    pub fn suggested_status(&self) -> u16 {
        match self {
            Self::MissingSignature { .. } | Self::Mismatch { .. } => 401,
            Self::BodyTooLarge { .. } => 413,
            Self::DuplicateSignature { .. }
            | Self::MalformedSignature { .. }
            | Self::Sha1Signature
            | Self::UnsupportedAlgorithm { .. }
            | Self::NotJsonObject => 400,
        }
    }

    /// A short stable name, for a metric label.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::MissingSignature { .. } => "missing_signature",
            Self::DuplicateSignature { .. } => "duplicate_signature",
            Self::MalformedSignature { .. } => "malformed_signature",
            Self::Sha1Signature => "sha1_signature",
            Self::UnsupportedAlgorithm { .. } => "unsupported_algorithm",
            Self::Mismatch { .. } => "mismatch",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::NotJsonObject => "not_json_object",
        }
    }

    /// What probably went wrong; empty unless the signature did not match.
    pub fn hints(&self) -> &[Hint] {
        match self {
            Self::Mismatch { hints, .. } => hints,
            _ => &[],
        }
    }
}

fn sentence(hints: &[Hint]) -> String {
    hints.iter().map(Hint::to_string).collect::<Vec<_>>().join("; ")
}

/// A verifier cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// There is no secret. Verification is never skipped.
    #[error("no secret is configured: add the app secret of every app that sends to this endpoint")]
    NoSecret,
    /// There are more secrets than one delivery should be checked against.
    #[error("{count} secrets are configured, the limit is {max}: give each app its own endpoint")]
    TooManySecrets {
        /// How many were given.
        count: usize,
        /// The limit.
        max: usize,
    },
    /// A secret's name is empty, too long or holds a control character.
    #[error("a secret's name must have 1 to 64 bytes and no control characters")]
    BadName,
    /// Two secrets have the same name.
    #[error("two secrets are named {name:?}: the name says which one matched, so it must be unique")]
    DuplicateName {
        /// The name that occurs twice.
        name: String,
    },
    /// A LinkedIn application id is empty, too long, or holds a space or control character.
    #[error("a LinkedIn application id must have 1 to 128 bytes and no spaces or control characters")]
    BadApplicationId,
    /// The body limit is zero.
    #[error("max_body_bytes is 0: no delivery would be accepted")]
    ZeroBodyLimit,
    /// The limit of age is zero.
    #[error("max_age is 0: no signed_request would be accepted")]
    ZeroMaxAge,
}
