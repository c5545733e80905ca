//! What becomes of the errors of a login's calls.

use std::fmt::Write as _;

use sociogram_oauth_core::OAuthError;

use crate::error::Error;

/// The error of a [`Quiet`](sociogram_api_core::http::Quiet) call as one of the login: kind, codes, advice, status, request id and the time to wait
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
