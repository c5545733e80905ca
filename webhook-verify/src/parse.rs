//! From a verified body to its events.

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{Provider, Verified};

mod linkedin;
mod members;
mod meta;
mod whatsapp;

pub use linkedin::parse_linkedin;
pub use meta::parse_meta;

/// A verified body is not a delivery.
///
/// The platform will send the same bytes again, so refusing helps nobody: keep the body, tell a person,
/// and answer 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The body was signed by the other platform.
    #[error("the body was signed by {signed_by}: use the parse function of that platform")]
    OtherProvider {
        /// Who signed it.
        signed_by: Provider,
    },
    /// The body is not UTF-8.
    #[error("the verified body is not UTF-8 text")]
    NotUtf8,
    /// The body is not JSON.
    #[error("the verified body is not valid JSON: line {line}, column {column}")]
    NotJson {
        /// Line of the first mistake, from 1.
        line: usize,
        /// Column of the first mistake, from 1.
        column: usize,
    },
}

/// The whole body as one unread JSON object; a verifier lets nothing else through.
fn body(verified: &Verified<Bytes>, provider: Provider) -> Result<&RawValue, ParseError> {
    let signed_by = verified.scheme().provider();
    if signed_by != provider {
        return Err(ParseError::OtherProvider { signed_by });
    }
    let text = std::str::from_utf8(verified.body()).map_err(|_| ParseError::NotUtf8)?;
    serde_json::from_str(text)
        .map_err(|error| ParseError::NotJson { line: error.line(), column: error.column() })
}

#[cfg(test)]
mod tests;
