//! What a refusal of LinkedIn's token endpoint means: the error table's meaning, in the login's terms.

use http::HeaderMap;
use sociogram_api_core::http::FaultClass;
use sociogram_oauth_core::{Grant, OAuthErrorClass, ReauthReason, Refusal, RefusedAnswer};

use crate::api_error::LinkedInError;
use crate::error_table::Meaning;

pub(super) fn read(answer: &RefusedAnswer<'_>) -> Refusal {
    let error = LinkedInError::read(answer.status, &HeaderMap::new(), answer.body);
    let grant = matches!(answer.grant, Grant::Code | Grant::Refresh);
    let meaning = error.ruling(answer.body, grant).meaning;
    let refusal = Refusal::new(class(meaning))
        .with_error(error.code().unwrap_or_default())
        .with_code(error.service_error_code(), None);
    match (meaning, answer.grant) {
        // One answer for a refresh token that is wrong, ended or revoked.
        (Meaning::GrantDead, Grant::Refresh) => refusal.with_reauth_reason(ReauthReason::TokenRejected),
        _ => refusal,
    }
}

const fn class(meaning: Meaning) -> OAuthErrorClass {
    match meaning {
        Meaning::GrantDead => OAuthErrorClass::Reauthorize,
        Meaning::ClientInvalid => OAuthErrorClass::InvalidClient,
        Meaning::AppWrong | Meaning::Call(FaultClass::Misconfigured) => OAuthErrorClass::Misconfigured,
        Meaning::Call(FaultClass::Permission) => OAuthErrorClass::Permission,
        Meaning::Call(FaultClass::Throttled) => OAuthErrorClass::Throttled,
        Meaning::Call(FaultClass::Transient) => OAuthErrorClass::Transient,
        // A status alone never gives up a stored grant.
        Meaning::Call(_) => OAuthErrorClass::Rejected,
    }
}

#[cfg(test)]
mod tests;
