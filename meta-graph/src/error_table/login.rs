//! Refusals of the token endpoint (Facebook Login: Manually Build a Login Flow).

use super::{Row, code, pair};
use crate::error_class::{ErrorClass as C, RetryAdvice as R};

pub(super) const ROWS: &[Row] = &[
    pair(100, 36_007, C::CodeInvalid, R::Never, "the login code has expired; start the login again"),
    pair(100, 36_008, C::AppMisconfigured, R::Never, "the redirect URI differs from the one of the dialog"),
    pair(100, 36_009, C::CodeInvalid, R::Never, "the login code was used before; start the login again"),
    code(191, C::AppMisconfigured, R::Never, "the redirect URI is missing or does not belong to the app"),
];
