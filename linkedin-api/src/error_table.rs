//! What LinkedIn's refusals mean, as data: the first row that fits decides (LinkedIn: API Error Handling,
//! and the error lists of each product).
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
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) class: FaultClass,
    pub(crate) advice: Option<&'static str>,
}

struct Row {
    when: When,
    class: FaultClass,
    advice: Option<&'static str>,
}

enum When {
    Code(&'static [&'static str]),
    ServiceCode(i64),
    Foreign(u16),
    Status(u16),
    StatusFrom(u16),
}

use FaultClass::{
    AuthRejected, Conflict, Invalid, Misconfigured, NotFound, Permanent, Permission, Throttled, Transient,
};

const fn row(when: When, class: FaultClass, advice: Option<&'static str>) -> Row {
    Row { when, class, advice }
}

const RAISE_VERSION: Option<&str> =
    Some("set a LinkedIn-Version that is active: a version ends about a year after its month");
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
    row(When::Code(&["NONEXISTENT_VERSION", "VERSION_MISSING"]), Misconfigured, RAISE_VERSION),
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
        When::Code(&["invalid_client", "invalid_client_id"]),
        Misconfigured,
        Some("check client id and client secret of the app"),
    ),
    row(When::Code(&["invalid_request", "invalid_redirect_uri"]), Invalid, None),
    row(
        When::Code(&["ILLEGAL_ARGUMENT"]),
        Invalid,
        Some("a parameter was refused; wrongly encoded Rest.li is the usual cause"),
    ),
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
    row(When::Status(414), Invalid, Some("the URL is too long: ask for less in one call")),
    row(When::Status(422), Invalid, None),
    row(When::Status(426), Misconfigured, RAISE_VERSION),
    row(When::Status(429), Throttled, None),
    row(When::Status(999), Permanent, EDGE),
    row(When::StatusFrom(500), Transient, None),
    // 405, 410, 411, 413, 415, redirects and whatever else.
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
    (404, "No virtual resource found", "this LinkedIn-Version does not have the resource"),
    (403, "NO_VERSION", "the app lacks the product, or the call needs a LinkedIn-Version"),
];

pub(crate) fn judge(refusal: &Refusal<'_>) -> Ruling {
    let row = TABLE.iter().find(|row| fits(&row.when, refusal));
    // The last row fits everything.
    let (class, advice) = row.map_or((Permanent, None), |row| (row.class, row.advice));
    let hint =
        HINTS.iter().find(|(status, words, _)| *status == refusal.status && refusal.message.contains(words));
    Ruling { class, advice: hint.map(|(_, _, advice)| *advice).or(advice) }
}

fn fits(when: &When, refusal: &Refusal<'_>) -> bool {
    match when {
        When::Code(codes) => refusal.codes.iter().any(|code| codes.contains(code)),
        When::ServiceCode(code) => refusal.service_code == Some(*code),
        When::Foreign(status) => refusal.foreign && refusal.status == *status,
        When::Status(status) => refusal.status == *status,
        When::StatusFrom(status) => refusal.status >= *status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, service_code: i64, code: &str) -> FaultClass {
        let codes = [code];
        let service_code = (service_code != 0).then_some(service_code);
        judge(&Refusal { status, service_code, codes: &codes, message: "", foreign: false }).class
    }

    #[test]
    fn every_documented_refusal_has_its_class() {
        for (status, service_code, code, expected) in [
            (401, 65600, "INVALID_ACCESS_TOKEN", AuthRejected),
            (401, 65601, "REVOKED_ACCESS_TOKEN", AuthRejected),
            (401, 65602, "EXPIRED_ACCESS_TOKEN", AuthRejected),
            (401, 0, "", AuthRejected),
            (401, 65604, "EMPTY_ACCESS_TOKEN", Misconfigured),
            (401, 0, "EMPTY_ACCESS_TOKEN", Misconfigured),
            (401, 65608, "RESTRICTED_MEMBER", Permanent),
            (403, 65608, "", Permanent),
            (403, 100, "ACCESS_DENIED", Permission),
            (400, 0, "ILLEGAL_ARGUMENT", Invalid),
            (400, 0, "VERSION_MISSING", Misconfigured),
            (400, 0, "", Invalid),
            (404, 0, "RESOURCE_NOT_FOUND", NotFound),
            (404, 0, "NOT_FOUND", NotFound),
            (405, 0, "METHOD_NOT_ALLOWED", Permanent),
            (408, 0, "TIMEOUT", Transient),
            (409, 0, "CONFLICT", Conflict),
            (411, 0, "LENGTH_REQUIRED", Permanent),
            (412, 0, "PRECONDITION_FAILED", Conflict),
            (414, 0, "URI_TOO_LONG", Invalid),
            (422, 0, "UNPROCESSABLE_ENTITY", Invalid),
            (422, 0, "DUPLICATE_POST", Conflict),
            (426, 0, "NONEXISTENT_VERSION", Misconfigured),
            (426, 0, "", Misconfigured),
            (429, 101, "TOO_MANY_REQUESTS", Throttled),
            (429, 0, "", Throttled),
            (500, 0, "INTERNAL_SERVER_ERROR", Transient),
            (502, 0, "", Transient),
            (503, 0, "SERVICE_UNAVAILABLE", Transient),
            (504, 0, "", Transient),
            (999, 0, "", Permanent),
            (302, 0, "", Permanent),
            (400, 0, "INVALID_URN_TYPE", Invalid),
            (422, 0, "FIELD_LENGTH_TOO_LONG", Invalid),
            (400, 0, "MEDIA_ASSET_WAITING_UPLOAD", Invalid),
            (401, 0, "EXPIRED_UPLOAD_URL", Invalid),
            (401, 0, "invalid_client", Misconfigured),
            (401, 0, "invalid_request", Invalid),
        ] {
            assert_eq!(class(status, service_code, code), expected, "{status} {service_code} {code}");
        }
    }

    #[test]
    fn words_sharpen_the_advice_and_nothing_else() {
        let refusal = Refusal {
            status: 403,
            service_code: Some(100),
            codes: &[],
            message: "Field Value validation failed in REQUEST_BODY: /author",
            foreign: false,
        };
        let ruling = judge(&refusal);
        assert_eq!(ruling.class, Permission);
        assert_eq!(ruling.advice, Some("the author is not the member this token belongs to"));
        let other = judge(&Refusal { status: 429, ..refusal });
        assert_eq!(other, Ruling { class: Throttled, advice: None });
    }

    #[test]
    fn a_page_from_the_edge_is_not_a_missing_permission() {
        let refusal = Refusal { status: 403, service_code: None, codes: &[], message: "", foreign: true };
        assert_eq!(judge(&refusal).class, Permanent);
        assert_eq!(judge(&Refusal { status: 503, ..refusal }).class, Transient);
        assert_eq!(judge(&Refusal { status: 401, ..refusal }).class, AuthRejected);
    }
}
