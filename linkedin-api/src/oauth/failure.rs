//! What becomes of the errors of a login's calls.

use std::fmt::Write as _;

use sociogram_oauth_core::{OAuthError, ReauthReason};

use crate::error::Error;

/// The error of a [`Quiet`](sociogram_api_core::http::Quiet) call as one of the login: kind, codes, advice, status,
/// request id, the time to wait and why the member must log in again stay. LinkedIn's texts are not in it, because
/// the call kept none.
pub(super) fn oauth_error(error: Error) -> OAuthError {
    let mut message = format!("{} failed: {}", error.operation(), error.kind());
    let mut facts = Vec::new();
    facts.extend(error.status().map(|status| format!("status {status}")));
    facts.extend(error.code().map(|code| format!("code {code}")));
    if !facts.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(message, " ({})", facts.join(", "));
    }
    let reason = error.code().and_then(reauth_reason);
    let told = OAuthError::new(error.kind(), message).with_action(error.user_action());
    let told = told.with_source(error.into_core());
    match reason {
        Some(reason) => told.with_reauth_reason(reason),
        None => told,
    }
}

/// Why a token is not accepted (LinkedIn: API Error Handling).
const fn reauth_reason(code: i64) -> Option<ReauthReason> {
    match code {
        65_600 => Some(ReauthReason::TokenRejected),
        65_601 => Some(ReauthReason::GrantRevoked),
        65_602 => Some(ReauthReason::GrantExpired),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
