//! Why a person must log in again, from Meta's numbers (Graph API: Handling Errors).

use sociogram_oauth_core::ReauthReason;

use crate::error_class::{ErrorClass, TokenInvalidReason};
use crate::graph_error::GraphError;

/// The subcode of a token that was withdrawn through the API.
const WITHDRAWN: i64 = 466;

/// `None` where the person is not concerned, and for numbers that are not in the table: a status alone, such as the
/// 401 of a proxy, says nothing about a grant.
pub(super) fn read(error: &GraphError) -> Option<ReauthReason> {
    error.meaning()?;
    match error.class() {
        ErrorClass::TokenInvalid(_) if error.subcode() == Some(WITHDRAWN) => Some(ReauthReason::GrantRevoked),
        ErrorClass::TokenInvalid(reason) => of_token(reason),
        ErrorClass::PermissionMissing => Some(ReauthReason::PermissionsLost),
        _ => None,
    }
}

const fn of_token(reason: TokenInvalidReason) -> Option<ReauthReason> {
    Some(match reason {
        TokenInvalidReason::Expired | TokenInvalidReason::LongUnused => ReauthReason::GrantExpired,
        TokenInvalidReason::AppRemoved => ReauthReason::AppRemoved,
        TokenInvalidReason::PasswordChanged => ReauthReason::PasswordChanged,
        // An account that is not confirmed is confirmed on facebook.com too.
        TokenInvalidReason::Checkpoint | TokenInvalidReason::Unconfirmed => ReauthReason::Checkpoint,
        TokenInvalidReason::PageRoleLost => ReauthReason::PermissionsLost,
        // "Expired, revoked or otherwise invalid": Meta does not say which.
        TokenInvalidReason::Invalidated
        | TokenInvalidReason::Unknown
        | TokenInvalidReason::SessionEnded
        | TokenInvalidReason::Reinstalled
        | TokenInvalidReason::UserInvalid
        | TokenInvalidReason::Malformed => ReauthReason::TokenRejected,
        // The app, not the token.
        TokenInvalidReason::NotPresented | TokenInvalidReason::AppUnknown => return None,
    })
}

#[cfg(test)]
pub(super) mod tests;
