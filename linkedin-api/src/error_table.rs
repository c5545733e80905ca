//! What LinkedIn's refusals mean, as data: the first row that fits decides (LinkedIn: API Error Handling, the
//! error lists of each product, and those of the authorization flows).
//!
//! Decisions rest on status, `serviceErrorCode` and `code`; LinkedIn may change messages at any time, so
//! they only sharpen the advice.

use sociogram_api_core::http::FaultClass;

/// What a row of the table is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal<'a> {
    pub(crate) status: u16,
    pub(crate) service_code: Option<i64>,
    /// The top-level code and those of the input errors.
    pub(crate) codes: &'a [&'a str],
    /// The provider's words, for advice only.
    pub(crate) message: &'a str,
    /// The body is not JSON: an edge or a proxy answered.
    pub(crate) foreign: bool,
    /// It was the token endpoint, and it was given a person's code or refresh token.
    pub(crate) grant: bool,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Of the API's call; at the token endpoint as far as it can apply there.
    Call(FaultClass),
    /// The token endpoint does not accept the code or refresh token any more.
    GrantDead,
    /// The client id or secret is wrong, and nothing else was looked at.
    ClientInvalid,
    /// What the app asks for does not fit how it is set up.
    AppWrong,
}

impl Meaning {
    /// For the road of the API's calls, which sends no codes and refresh tokens.
    pub(crate) const fn fault_class(self) -> FaultClass {
        match self {
            Self::Call(class) => class,
            Self::GrantDead | Self::AppWrong => Invalid,
            Self::ClientInvalid => Misconfigured,
        }
    }
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) meaning: Meaning,
    pub(crate) advice: Option<&'static str>,
}

struct Row {
    when: When,
    meaning: Meaning,
    advice: Option<&'static str>,
}

enum When {
    Code(&'static [&'static str]),
    /// Words about the content: only where the status says that the content was refused.
    Content(&'static [&'static str]),
    /// The `error` of RFC 6749, of a code or refresh token: LinkedIn has no `invalid_grant`.
    Grant(&'static [&'static str]),
    /// The `error` of RFC 6749. A throttle or a failure of the server says more than its word.
    OAuth(&'static [&'static str]),
    ServiceCode(i64),
    Foreign(u16),
    Status(u16),
    StatusFrom(u16),
}

use FaultClass::{
    AuthRejected, Conflict, Invalid, Misconfigured, NotFound, Permanent, Permission, Throttled, Transient,
};

const fn row(when: When, class: FaultClass, advice: Option<&'static str>) -> Row {
    Row { when, meaning: Meaning::Call(class), advice }
}

const fn oauth(when: When, meaning: Meaning, advice: Option<&'static str>) -> Row {
    Row { when, meaning, advice }
}

const RAISE_VERSION: Option<&str> = Some(
    "set a LinkedIn-Version that is active, such as 202609: a version ends about a year after its month",
);
const VERSION_MISSING: Option<&str> = Some(
    "the LinkedIn-Version header did not arrive: check for a proxy that strips it; the newest known is 202609",
);
const EDGE: Option<&str> =
    Some("an edge or a proxy answered instead of the API: stop, and check where requests go");

const TABLE: &[Row] = &[
    // Codes say more than statuses.
    row(
        When::Code(&["DUPLICATE_POST"]),
        Conflict,
        Some(
            "the same author posted the same text: use the existing post, change the text or wait 10 minutes",
        ),
    ),
    row(When::Code(&["NONEXISTENT_VERSION"]), Misconfigured, RAISE_VERSION),
    row(When::Code(&["VERSION_MISSING"]), Misconfigured, VERSION_MISSING),
    row(
        When::Code(&["INVALID_ACCESS_TOKEN", "REVOKED_ACCESS_TOKEN", "EXPIRED_ACCESS_TOKEN"]),
        AuthRejected,
        None,
    ),
    row(When::Code(&["TOO_MANY_REQUESTS", "QUOTA_EXCEEDED"]), Throttled, None),
    row(
        When::Code(&["MEDIA_ASSET_WAITING_UPLOAD"]),
        Invalid,
        Some("the media is not ready: wait until its status is AVAILABLE, then send the post"),
    ),
    row(
        When::Code(&["MEDIA_ASSET_PROCESSING_FAILED"]),
        Invalid,
        Some("LinkedIn could not read the media: upload another file"),
    ),
    row(
        When::Code(&["EXPIRED_UPLOAD_URL"]),
        Invalid,
        Some("the upload address has expired: start the upload again"),
    ),
    row(
        When::Code(&["RESTRICTED_MEMBER"]),
        Permanent,
        Some("LinkedIn has restricted this member: they must settle it there"),
    ),
    row(
        When::Code(&["EMPTY_ACCESS_TOKEN"]),
        Misconfigured,
        Some("the Authorization header did not arrive: check for a proxy that strips it"),
    ),
    row(
        When::Code(&["ILLEGAL_ARGUMENT"]),
        Invalid,
        Some("a parameter was refused; wrongly encoded Rest.li is the usual cause"),
    ),
    row(
        When::Code(&["NO_PERMISSION_ON_ENTITY"]),
        Permission,
        Some("the member's role on the ad account does not allow this: ask its owner for a higher one"),
    ),
    row(
        When::Code(&["TEST_ACCOUNT_LIMIT_REACHED"]),
        Permanent,
        Some("no further test account can be created: use the one that exists"),
    ),
    row(
        When::Code(&["UPDATING_ASSET_FAILED"]),
        Invalid,
        Some("LinkedIn could not attach the media: check that the author owns it, or upload it again"),
    ),
    row(
        When::Content(&["INVALID_URN_TYPE", "INVALID_URN_ID"]),
        Invalid,
        Some("a URN is of the wrong kind or names nothing: pass it as LinkedIn gave it"),
    ),
    row(
        When::Content(&["INVALID_IMAGE_ID", "INVALID_VIDEO_ID"]),
        Invalid,
        Some(
            "the media does not exist or belongs to another owner: the author of the post must have uploaded it",
        ),
    ),
    row(
        When::Content(&["INVALID_CALL_TO_ACTION"]),
        Invalid,
        Some("the call to action is not one that LinkedIn knows, or has no landing page"),
    ),
    row(
        When::Content(&["INVALID_URL"]),
        Invalid,
        Some("a URL is not absolute, or LinkedIn does not accept its host"),
    ),
    row(
        When::Content(&["MISSING_FIELD", "INVALID_VALUE_BLANK_FIELD"]),
        Invalid,
        Some("a field is missing or blank: the input errors name it"),
    ),
    row(
        When::Content(&["FIELD_LENGTH_TOO_LONG", "FIELD_VALUE_TOO_HIGH", "FIELD_VALUE_TOO_LOW"]),
        Invalid,
        Some("a field is too long or out of range: the input errors name it"),
    ),
    row(
        When::Content(&["INVALID_VALUE_FOR_FIELD", "FIELD_INVALID", "MULTIPLE_VALIDATIONS_FAILED"]),
        Invalid,
        Some("one or more fields were refused: the input errors name them"),
    ),
    row(
        When::Content(&["DATE_TOO_EARLY", "DATE_TOO_LATE"]),
        Invalid,
        Some("a date lies outside of what is allowed: the input errors name it"),
    ),
    // The token endpoint (LinkedIn: Authorization Code Flow, Refresh Tokens, Client Credentials).
    oauth(
        When::Grant(&["invalid_request", "invalid_redirect_uri", "invalid_grant"]),
        Meaning::GrantDead,
        Some("the code or refresh token is not accepted any more: send the person through the login"),
    ),
    oauth(
        When::OAuth(&["invalid_client", "invalid_client_id"]),
        Meaning::ClientInvalid,
        Some("check client id and client secret of the app"),
    ),
    oauth(
        When::OAuth(&[
            "invalid_request",
            "invalid_redirect_uri",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_grant_type",
        ]),
        Meaning::AppWrong,
        Some("check redirect URLs, products and login settings of the app"),
    ),
    row(
        When::OAuth(&["access_denied"]),
        Permission,
        Some("the app does not hold the product that allows this kind of token"),
    ),
    row(When::OAuth(&["server_error", "temporarily_unavailable"]), Transient, None),
    row(
        When::ServiceCode(65_608),
        Permanent,
        Some("LinkedIn has restricted this member: they must settle it there"),
    ),
    row(
        When::ServiceCode(65_604),
        Misconfigured,
        Some("the Authorization header did not arrive: check for a proxy that strips it"),
    ),
    // 65600 unknown, 65601 revoked (also briefly after issue), 65602 expired.
    row(When::ServiceCode(65_600), AuthRejected, None),
    row(When::ServiceCode(65_601), AuthRejected, None),
    row(When::ServiceCode(65_602), AuthRejected, None),
    // The API itself always answers these with JSON.
    row(When::Foreign(403), Permanent, EDGE),
    row(When::Foreign(404), Permanent, EDGE),
    row(When::Status(400), Invalid, None),
    row(When::Status(401), AuthRejected, None),
    row(
        When::Status(403),
        Permission,
        Some("the token lacks a scope, the app lacks the product, or the member lacks the role on the page"),
    ),
    row(When::Status(404), NotFound, None),
    row(When::Status(408), Transient, None),
    row(
        When::Status(409),
        Conflict,
        Some("someone else changed it at the same time: read it again, then repeat"),
    ),
    row(When::Status(412), Conflict, Some("it changed since it was read: read it again, then repeat")),
    row(When::Status(405), Permanent, Some("the resource does not have this method: check method and path")),
    row(
        When::Status(411),
        Permanent,
        Some("the Content-Length header did not arrive: check for a proxy that strips it"),
    ),
    row(When::Status(414), Invalid, Some("the URL is too long: ask for less in one call")),
    row(When::Status(422), Invalid, None),
    row(When::Status(426), Misconfigured, RAISE_VERSION),
    row(When::Status(429), Throttled, None),
    row(When::Status(999), Permanent, EDGE),
    row(When::StatusFrom(500), Transient, None),
    // 410, 413, 415, redirects and whatever else.
    row(When::StatusFrom(0), Permanent, None),
];

/// Better advice where the provider's words show the cause. They never change the class.
const HINTS: &[(u16, &str, &str)] = &[
    (
        400,
        "Organization permissions must be used",
        "posting as an organization takes a token with w_organization_social",
    ),
    (403, "/author", "the author is not the member this token belongs to"),
    (403, "userinfo", "the token lacks the scopes openid and profile"),
    (
        404,
        "No virtual resource found",
        "this LinkedIn-Version does not have the resource: check the path, or try another version; the newest known is 202609",
    ),
    (
        403,
        "partnerApiSocialActions",
        "commenting takes w_member_social_feed or w_organization_social_feed, of the product Community Management",
    ),
    (
        403,
        "partnerApiReactions",
        "reacting takes w_member_social_feed or w_organization_social_feed, of the product Community Management",
    ),
    (403, "NO_VERSION", "the app lacks the product, or the call needs a LinkedIn-Version"),
];

pub(crate) fn judge(refusal: &Refusal<'_>) -> Ruling {
    let row = TABLE.iter().find(|row| fits(&row.when, refusal));
    // The last row fits everything.
    let (meaning, advice) = row.map_or((Meaning::Call(Permanent), None), |row| (row.meaning, row.advice));
    let hint =
        HINTS.iter().find(|(status, words, _)| *status == refusal.status && refusal.message.contains(words));
    Ruling { meaning, advice: hint.map(|(_, _, advice)| *advice).or(advice) }
}

fn fits(when: &When, refusal: &Refusal<'_>) -> bool {
    let says = |codes: &[&str]| refusal.codes.iter().any(|code| codes.contains(code));
    match when {
        When::Code(codes) => says(codes),
        When::Content(codes) => matches!(refusal.status, 400 | 409 | 422) && says(codes),
        // With a status of success it is the word that counts.
        When::Grant(codes) => refusal.grant && matches!(refusal.status, 200..=299 | 400 | 401) && says(codes),
        When::OAuth(codes) => refusal.status != 429 && refusal.status < 500 && says(codes),
        When::ServiceCode(code) => refusal.service_code == Some(*code),
        When::Foreign(status) => refusal.foreign && refusal.status == *status,
        When::Status(status) => refusal.status == *status,
        When::StatusFrom(status) => refusal.status >= *status,
    }
}

#[cfg(test)]
mod tests;
