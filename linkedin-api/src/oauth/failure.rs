//! Calls of a login, and what becomes of their errors.

use std::fmt::Write as _;

use http::Method;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::OAuthError;

use crate::error::Error;

/// An endpoint of whose answers no error keeps anything: they are about a person who has not connected yet.
#[derive(Clone, Debug)]
pub(super) struct Quiet<E>(pub(super) E);

impl<E: Endpoint> Endpoint for Quiet<E> {
    type Output = E::Output;

    const NAME: &'static str = E::NAME;
    const METHOD: Method = E::METHOD;
    const PATH: &'static str = E::PATH;
    const REPLAY: Replay = E::REPLAY;
    const SCOPES: &'static [&'static str] = E::SCOPES;
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        self.0.write(parts)
    }

    fn subject(&self) -> Option<&str> {
        self.0.subject()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.0.describe(operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<E::Output, DecodeError> {
        self.0.decode(response)
    }
}

/// The error of a [`Quiet`] call as one of the login: kind, codes, advice, status, request id and the time to wait
/// stay. LinkedIn's texts are not in it, because the call kept none.
pub(super) fn oauth_error(error: Error) -> OAuthError {
    let mut message = format!("{} failed: {}", error.operation(), error.kind());
    let mut facts = Vec::new();
    facts.extend(error.status().map(|status| format!("status {status}")));
    facts.extend(error.code().map(|code| format!("code {code}")));
    if !facts.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(message, " ({})", facts.join(", "));
    }
    OAuthError::new(error.kind(), message).with_action(error.user_action()).with_source(error.into_core())
}

#[cfg(test)]
mod tests;
