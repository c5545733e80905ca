//! What a refusal of Meta's token endpoints means: the error table's meaning, in the login's terms.

use serde_json::Value;
use sociogram_oauth_core::{Grant, OAuthErrorClass, ProviderHooks, Refusal, RefusedAnswer, StandardHooks};

use super::reauth_reason;
use crate::error_class::{ErrorClass, TokenInvalidReason};
use crate::graph_error::GraphError;

/// Reads the answers of graph.facebook.com, graph.instagram.com, api.instagram.com and graph.threads.net.
pub(super) fn read(answer: &RefusedAnswer<'_>) -> Refusal {
    if is_rfc6749(answer.body) {
        return StandardHooks::new().refusal(answer);
    }
    let Some(error) = GraphError::from_body(answer.status, answer.body) else {
        return Refusal::new(OAuthErrorClass::Rejected);
    };
    let class =
        if error.meaning().is_some() { known(&error, answer.grant) } else { by_status(error.class()) };
    let refusal = Refusal::new(class)
        .with_error(error.error_type().unwrap_or_default())
        .with_code(error.code(), error.subcode());
    match reauth_reason::read(&error) {
        Some(reason) => refusal.with_reauth_reason(reason),
        None => refusal,
    }
}

/// Whether `error` is a word, as the standard wants it; Meta's is an object or missing.
fn is_rfc6749(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body.get("error").is_some_and(Value::is_string))
}

/// A number that is in the table.
fn known(error: &GraphError, grant: Grant) -> OAuthErrorClass {
    use TokenInvalidReason::{AppUnknown, NotPresented};
    match error.class() {
        ErrorClass::ClientInvalid => OAuthErrorClass::InvalidClient,
        // A capability is the app's, and no login brings it back.
        ErrorClass::AppMisconfigured
        | ErrorClass::CapabilityMissing
        | ErrorClass::VersionRetired
        | ErrorClass::TokenInvalid(AppUnknown | NotPresented) => OAuthErrorClass::Misconfigured,
        ErrorClass::CodeInvalid | ErrorClass::TokenInvalid(_) => OAuthErrorClass::Reauthorize,
        ErrorClass::RateLimited(_) | ErrorClass::QuotaReached => OAuthErrorClass::Throttled,
        ErrorClass::Transient => OAuthErrorClass::Transient,
        ErrorClass::PermissionMissing => OAuthErrorClass::Permission,
        // Of all parameters the code alone comes from outside. A stored grant is never given up for this.
        ErrorClass::InvalidParam if grant == Grant::Code && error.subcode().is_none() => {
            OAuthErrorClass::Reauthorize
        }
        _ => OAuthErrorClass::Rejected,
    }
}

/// Without a number, or with a new one: the HTTP status decides only whether it passes, never that a grant is dead.
fn by_status(class: ErrorClass) -> OAuthErrorClass {
    match class {
        ErrorClass::RateLimited(_) => OAuthErrorClass::Throttled,
        ErrorClass::Transient => OAuthErrorClass::Transient,
        _ => OAuthErrorClass::Rejected,
    }
}

#[cfg(test)]
mod tests;
