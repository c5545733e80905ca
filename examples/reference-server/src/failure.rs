//! From the errors of the family's crates to what is answered.

use http::StatusCode;
use sociogram::{
    api_core::{ErrorKind, http::CoreError},
    capi::Stopped,
    capi::outbox::{OutboxError, OutboxErrorKind},
    linkedin_api, meta_graph,
    oauth_core::{DenialKind, OAuthError},
    token_vault::{StoreError, VaultError},
    webhook_verify::inbox::InboxError,
};

use crate::{problem::Problem, records::RecordsError};

/// Status, type and title of a kind of trouble with a provider.
fn answer_of(kind: ErrorKind) -> (StatusCode, &'static str, &'static str) {
    match kind {
        ErrorKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "the request is not acceptable"),
        ErrorKind::Rejected => (StatusCode::UNPROCESSABLE_ENTITY, "rejected", "the provider refused"),
        ErrorKind::Throttled => {
            (StatusCode::TOO_MANY_REQUESTS, "throttled", "the provider asks to slow down")
        }
        // Not 401: that would be about the caller of this API.
        ErrorKind::Reauthorize => {
            (StatusCode::CONFLICT, "reauthorize", "the account must be connected again")
        }
        ErrorKind::Conflict => {
            (StatusCode::CONFLICT, "conflict", "the provider holds something that clashes")
        }
        ErrorKind::Permission => (StatusCode::FORBIDDEN, "permission", "a permission is missing"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "not-found", "not found"),
        ErrorKind::InDoubt => (StatusCode::GATEWAY_TIMEOUT, Problem::IN_DOUBT, "the outcome is unknown"),
        ErrorKind::Connect => (StatusCode::BAD_GATEWAY, "unreachable", "the provider cannot be reached"),
        ErrorKind::Server => (StatusCode::BAD_GATEWAY, "provider-failed", "the provider failed"),
        ErrorKind::Decode => (StatusCode::BAD_GATEWAY, "unreadable", "the provider's answer cannot be read"),
        ErrorKind::CircuitOpen | ErrorKind::Cancelled | ErrorKind::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "not possible at the moment")
        }
        ErrorKind::Misconfigured => {
            (StatusCode::INTERNAL_SERVER_ERROR, "misconfigured", "the app is not set up correctly")
        }
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server failed"),
    }
}

/// `Display` of all these errors is one line without tokens, bodies and URLs, made to be shown.
impl From<&CoreError> for Problem {
    fn from(error: &CoreError) -> Self {
        let doubtful = error.kind() == ErrorKind::InDoubt || error.may_have_been_applied();
        let (status, name, title) = answer_of(if doubtful { ErrorKind::InDoubt } else { error.kind() });
        let action = if doubtful { ErrorKind::InDoubt.user_action() } else { error.user_action() };
        Self::new(status, name, title, error.to_string(), action)
            .with_findings(error.findings().to_vec())
            .with_retry_after(error.retry_after())
    }
}

impl From<meta_graph::Error> for Problem {
    fn from(error: meta_graph::Error) -> Self {
        error.as_core().into()
    }
}

impl From<Stopped> for Problem {
    fn from(stopped: Stopped) -> Self {
        let (status, name, title) = answer_of(stopped.kind);
        Self::new(status, name, title, stopped.reason, stopped.kind.user_action())
            .with_retry_after(stopped.retry_after)
    }
}

impl From<linkedin_api::Error> for Problem {
    fn from(error: linkedin_api::Error) -> Self {
        error.as_core().into()
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        let (status, name, title) = answer_of(error.kind());
        Self::new(status, name, title, error.to_string(), error.user_action())
            .with_retry_after(error.retry_after())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        VaultError::from(error).into()
    }
}

impl From<InboxError> for Problem {
    fn from(error: InboxError) -> Self {
        tracing::error!(%error, "the inbox");
        unavailable("the events cannot be read or changed at the moment")
    }
}

impl From<OutboxError> for Problem {
    fn from(error: OutboxError) -> Self {
        tracing::error!(%error, kind = ?error.kind(), "the outbox");
        match error.kind() {
            OutboxErrorKind::Full => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "outbox-full",
                "there is no room for more events",
                "the outbox is full, and none of the events was recorded",
                "wait until events were sent and old ones deleted; in memory there is room for 500 000",
            ),
            _ => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "not-recorded",
                "the conversions cannot be recorded or read at the moment",
                "the outbox does not answer, so it is not known whether it did what it was asked to",
                "send the same again in a minute; events with an event_id are recorded once",
            ),
        }
    }
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        tracing::error!(%error, "the records");
        unavailable("the records cannot be read or changed at the moment")
    }
}

/// Our own database does not do what it should; the log says more.
fn unavailable(detail: &'static str) -> Problem {
    let (status, name, title) = answer_of(ErrorKind::Unavailable);
    Problem::new(status, name, title, detail, ErrorKind::Unavailable.user_action())
}

/// Trouble with a login. The person did nothing wrong that a status of this API could name, so most of it
/// is a plain 400 or the provider's 502.
impl From<OAuthError> for Problem {
    fn from(error: OAuthError) -> Self {
        let (status, name) = match error.kind() {
            ErrorKind::Cancelled => (StatusCode::FORBIDDEN, "login-declined"),
            ErrorKind::Permission => (StatusCode::FORBIDDEN, "login-refused"),
            ErrorKind::Invalid | ErrorKind::Rejected | ErrorKind::Reauthorize => {
                (StatusCode::BAD_REQUEST, "login-refused")
            }
            ErrorKind::Misconfigured => (StatusCode::INTERNAL_SERVER_ERROR, "misconfigured"),
            ErrorKind::Throttled => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            ErrorKind::Unavailable | ErrorKind::CircuitOpen => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            }
            ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            _ => (StatusCode::BAD_GATEWAY, "login-failed"),
        };
        Self::new(status, name, "the login was not completed", told(&error), error.user_action())
            .with_retry_after(error.retry_after())
    }
}

/// With what the provider says about the app's settings: only the developer can do something about that.
fn told(error: &OAuthError) -> String {
    let denial = error.denial().filter(|denial| denial.kind() != DenialKind::Cancelled);
    match denial.and_then(|denial| denial.description()) {
        Some(description) => format!("{error}; the provider says: {description}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_an_error_and_only_ours_are_500() {
        let kinds = [
            (ErrorKind::Invalid, 422),
            (ErrorKind::Misconfigured, 500),
            (ErrorKind::Connect, 502),
            (ErrorKind::InDoubt, 504),
            (ErrorKind::Throttled, 429),
            (ErrorKind::Reauthorize, 409),
            (ErrorKind::Permission, 403),
            (ErrorKind::NotFound, 404),
            (ErrorKind::Conflict, 409),
            (ErrorKind::Rejected, 422),
            (ErrorKind::Server, 502),
            (ErrorKind::Decode, 502),
            (ErrorKind::CircuitOpen, 503),
            (ErrorKind::Cancelled, 503),
            (ErrorKind::Unavailable, 503),
            (ErrorKind::Internal, 500),
        ];
        for (kind, status) in kinds {
            assert_eq!(answer_of(kind).0.as_u16(), status, "{kind:?}");
        }
    }
}
