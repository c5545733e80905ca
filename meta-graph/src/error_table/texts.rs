//! Failures that Meta tells apart by text and nothing else. No other text is ever looked at.

use super::{Facts, Row, code};
use crate::error_class::{ErrorClass as C, RetryAdvice as R, TokenInvalidReason};

/// The code of every refusal by Instagram's token endpoint: it repeats the HTTP status.
const INSTAGRAM: i64 = 400;

const TOO_LARGE: Row =
    code(1, C::DataTooLarge, R::AfterFix, "the answer would be too large; ask for fewer rows or fields");
const NO_TOKEN: Row =
    code(2500, C::TokenInvalid(TokenInvalidReason::NotPresented), R::AfterFix, "no access token arrived");
const REDIRECT: Row = code(
    100,
    C::AppMisconfigured,
    R::Never,
    "the redirect URI is not one of the app's, or differs from the one of the dialog",
);
const CODE: Row =
    code(100, C::CodeInvalid, R::Never, "the login code is expired, used or none; start the login again");
const CLIENT: Row = code(1, C::ClientInvalid, R::Never, "the app id or the app secret is wrong");

/// The code (`None`: without one), a part of the text in lower case, and the meaning. The first one counts.
const TEXTS: &[(Option<i64>, &str, Row)] = &[
    (None, "reduce the amount of data", TOO_LARGE),
    (Some(1), "reduce the amount of data", TOO_LARGE),
    (Some(2500), "active access token", NO_TOKEN),
    (Some(1), "client secret", CLIENT),
    (Some(1), "client_secret", CLIENT),
    // A code and a redirect URI that do not fit are one text, which older answers give without a subcode.
    (Some(100), "redirect_uri is identical", REDIRECT),
    (Some(100), "error validating verification code", CODE),
    (Some(100), "invalid verification code format", CODE),
    (Some(100), "this authorization code has", CODE),
    (Some(INSTAGRAM), "redirect", REDIRECT),
    (Some(INSTAGRAM), "platform app", CLIENT),
    (Some(INSTAGRAM), "client secret", CLIENT),
    (Some(INSTAGRAM), "client_secret", CLIENT),
    (Some(INSTAGRAM), "client_id", CLIENT),
    (Some(INSTAGRAM), "authorization code", CODE),
    (Some(INSTAGRAM), "verification code", CODE),
    (Some(INSTAGRAM), "matching code", CODE),
];

pub(super) fn find(facts: &Facts<'_>) -> Option<&'static Row> {
    let mut candidates = TEXTS.iter().filter(|(code, _, _)| *code == facts.code).peekable();
    candidates.peek()?;
    let message = facts.message.to_ascii_lowercase();
    candidates.find(|(_, part, _)| message.contains(part)).map(|(_, _, row)| row)
}
