use super::*;

fn class(status: u16, service_code: i64, code: &str) -> FaultClass {
    let codes = [code];
    let service_code = (service_code != 0).then_some(service_code);
    let refusal = Refusal { status, service_code, codes: &codes, message: "", foreign: false, grant: false };
    judge(&refusal).meaning.fault_class()
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
        (401, 0, "access_denied", Permission),
        (500, 0, "invalid_client", Transient),
        (429, 0, "invalid_client", Throttled),
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
        grant: false,
    };
    let ruling = judge(&refusal);
    assert_eq!(ruling.meaning, Meaning::Call(Permission));
    assert_eq!(ruling.advice, Some("the author is not the member this token belongs to"));
    let other = judge(&Refusal { status: 429, ..refusal });
    assert_eq!(other, Ruling { meaning: Meaning::Call(Throttled), advice: None });
}

#[test]
fn a_page_from_the_edge_is_not_a_missing_permission() {
    let refusal =
        Refusal { status: 403, service_code: None, codes: &[], message: "", foreign: true, grant: false };
    for (status, class) in [(403, Permanent), (503, Transient), (401, AuthRejected)] {
        assert_eq!(judge(&Refusal { status, ..refusal }).meaning, Meaning::Call(class), "{status}");
    }
}
