//! Codes of the whole Graph API, tokens included (Graph API: Handling Errors; Marketing API: Error Codes).

use super::{Row, code, id, pair, range};
use crate::error_class::{
    ErrorClass as C, RateLimitScope as Scope, RetryAdvice as R, TokenInvalidReason as Reason, Who,
};

const fn token(subcode: i64, reason: Reason, meaning: &'static str) -> Row {
    pair(190, subcode, C::TokenInvalid(reason), R::Never, meaning)
}

pub(super) const ROWS: &[Row] = &[
    pair(-3, 1_504_045, C::DataTooLarge, R::AfterFix, "the async report is too big; narrow the query"),
    pair(-2, 2_490_547, C::Transient, R::Later, "the async report failed; submit it again"),
    code(1, C::Transient, R::Backoff, "unknown error; also given for a wrong endpoint"),
    pair(1, 99, C::InvalidParam, R::AfterFix, "unknown error that comes from a parameter or a permission"),
    code(2, C::Transient, R::Backoff, "the service is down or overloaded"),
    code(3, C::CapabilityMissing, R::Never, "the app lacks the capability for this method"),
    code(4, C::RateLimited(Scope::App), R::Later, "the app's calls are used up"),
    code(10, C::PermissionMissing, R::AfterFix, "the permission is absent, removed or not open to this app"),
    code(17, C::RateLimited(Scope::User), R::Later, "this person's calls are used up, over all apps"),
    code(32, C::RateLimited(Scope::Page), R::Later, "too many calls to the Page with a user or app token"),
    code(100, C::InvalidParam, R::Never, "a parameter or field is missing, wrong or not supported"),
    pair(
        100,
        33,
        C::NotFoundOrHidden,
        R::Never,
        "the object does not exist, is hidden from the token, or has no such edge",
    ),
    code(101, C::TokenInvalid(Reason::AppUnknown), R::Never, "the app is unknown or disabled"),
    code(102, C::TokenInvalid(Reason::SessionEnded), R::Never, "the session is not valid any more"),
    code(
        104,
        C::TokenInvalid(Reason::NotPresented),
        R::AfterFix,
        "no token, a bad signature, or `appsecret_proof` is missing",
    ),
    code(190, C::TokenInvalid(Reason::Unknown), R::Never, "the token is malformed, expired or revoked"),
    token(452, Reason::SessionEnded, "the session was replaced or logged out"),
    token(456, Reason::Malformed, "the session in the token is malformed"),
    token(457, Reason::Malformed, "the token comes from an origin where it may not be used"),
    token(458, Reason::AppRemoved, "the person removed the app"),
    pair(
        190,
        459,
        C::TokenInvalid(Reason::Checkpoint),
        R::Later,
        "the person must pass a check on facebook.com",
    ),
    token(460, Reason::PasswordChanged, "the password was changed, or the session reset for security"),
    token(461, Reason::Reinstalled, "the app was installed anew after this token"),
    token(462, Reason::SessionEnded, "the token is stale"),
    token(463, Reason::Expired, "the token has expired"),
    pair(190, 464, C::TokenInvalid(Reason::Unconfirmed), R::Later, "the person's account is not confirmed"),
    token(465, Reason::UserInvalid, "the person's account is not valid"),
    token(466, Reason::Invalidated, "the token was withdrawn through the API"),
    token(467, Reason::Invalidated, "logged out, revoked or otherwise no longer valid"),
    token(468, Reason::LongUnused, "the token was not used for a long time"),
    pair(
        190,
        490,
        C::TokenInvalid(Reason::Checkpoint),
        R::Later,
        "the person must pass a check that blocks the login",
    ),
    token(492, Reason::PageRoleLost, "the person behind the Page token lost the role on the Page"),
    range(200, 299, C::PermissionMissing, R::AfterFix, "a permission or a Page task is missing"),
    pair(
        200,
        4_841_013,
        C::RateLimited(Scope::AdAccount),
        R::Later,
        "reported as a write throttle of development-tier ad accounts, cleared at the full hour",
    )
    .wait(3600),
    code(294, C::PermissionMissing, R::AfterFix, "ads_management or an allow-list entry is needed")
        .by(Who::Developer),
    code(341, C::RateLimited(Scope::Custom), R::Later, "a limit of the application, for a time"),
    code(368, C::PolicyBlocked, R::Later, "blocked for a time because of policy"),
    code(450, C::TokenInvalid(Reason::Expired), R::Never, "the session key has expired (legacy)"),
    code(452, C::TokenInvalid(Reason::SessionEnded), R::Never, "the session key is not valid (legacy)"),
    code(506, C::Duplicate, R::Never, "the same post twice in a row; the first may be your own"),
    code(613, C::RateLimited(Scope::Custom), R::Later, "a limit of the product, or abuse prevention on ads"),
    pair(613, 1996, C::RateLimited(Scope::Custom), R::Later, "the number of calls changed abruptly")
        .by(Who::Developer),
    code(801, C::InvalidParam, R::Never, "the operation is a repeat or not valid"),
    code(803, C::NotFoundOrHidden, R::Never, "an id or alias is unknown; one bad id fails a call by `ids`"),
    code(2500, C::InvalidParam, R::AfterFix, "the path or query cannot be read"),
    code(2635, C::VersionRetired, R::AfterFix, "this version of the Marketing API is no longer served"),
    id(1_609_005, C::InvalidParam, R::AfterFix, "the link could not be read by Meta"),
    code(10_303, C::Unknown, R::Never, "Messenger: account linking failed"),
    code(24_001, C::Unknown, R::Never, "Messenger: payment failed"),
    code(24_002, C::Unknown, R::Never, "Messenger: payment failed"),
    code(24_005, C::Unknown, R::Never, "Messenger: payment failed"),
];
