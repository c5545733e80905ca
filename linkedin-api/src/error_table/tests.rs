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
        (403, 0, "FIELD_LENGTH_TOO_LONG", Permission),
        (500, 0, "FIELD_INVALID", Transient),
        (400, 0, "NO_PERMISSION_ON_ENTITY", Permission),
        (400, 0, "TEST_ACCOUNT_LIMIT_REACHED", Permanent),
        (400, 0, "UPDATING_ASSET_FAILED", Invalid),
        (400, 0, "MEDIA_ASSET_PROCESSING_FAILED", Invalid),
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

#[test]
fn every_code_of_the_content_has_advice_of_its_own() {
    let mut seen = Vec::new();
    for code in [
        "INVALID_URN_TYPE",
        "INVALID_IMAGE_ID",
        "INVALID_CALL_TO_ACTION",
        "INVALID_URL",
        "MISSING_FIELD",
        "INVALID_VALUE_FOR_FIELD",
        "FIELD_LENGTH_TOO_LONG",
        "EXPIRED_UPLOAD_URL",
        "MEDIA_ASSET_PROCESSING_FAILED",
        "MEDIA_ASSET_WAITING_UPLOAD",
        "UPDATING_ASSET_FAILED",
        "DATE_TOO_EARLY",
        "NO_PERMISSION_ON_ENTITY",
        "TEST_ACCOUNT_LIMIT_REACHED",
        "DUPLICATE_POST",
    ] {
        // As LinkedIn sends them: the code of the whole, then that of the field.
        let codes = ["UNPROCESSABLE_ENTITY", code];
        let refusal = Refusal {
            status: 422,
            service_code: None,
            codes: &codes,
            message: "",
            foreign: false,
            grant: false,
        };
        let advice = judge(&refusal).advice.unwrap_or_else(|| panic!("{code}"));
        assert!(!seen.contains(&advice), "{code}: {advice}");
        seen.push(advice);
    }
    for (code, same) in [
        ("INVALID_URN_ID", "INVALID_URN_TYPE"),
        ("INVALID_VIDEO_ID", "INVALID_IMAGE_ID"),
        ("INVALID_VALUE_BLANK_FIELD", "MISSING_FIELD"),
        ("FIELD_VALUE_TOO_HIGH", "FIELD_LENGTH_TOO_LONG"),
        ("MULTIPLE_VALIDATIONS_FAILED", "INVALID_VALUE_FOR_FIELD"),
        ("FIELD_INVALID", "INVALID_VALUE_FOR_FIELD"),
    ] {
        let advice = |code| {
            let codes = [code];
            judge(&Refusal {
                status: 400,
                service_code: None,
                codes: &codes,
                message: "",
                foreign: false,
                grant: false,
            })
            .advice
        };
        assert_eq!(advice(code), advice(same), "{code}");
    }
}

#[test]
fn advice_about_versions_names_the_newest_known_one() {
    let newest = crate::ApiVersion::NEWEST_KNOWN.to_string();
    for (status, code, message) in [
        (426, "NONEXISTENT_VERSION", ""),
        (426, "", ""),
        (400, "VERSION_MISSING", ""),
        (404, "", "No virtual resource found"),
    ] {
        let codes = [code];
        let refusal =
            Refusal { status, service_code: None, codes: &codes, message, foreign: false, grant: false };
        assert!(judge(&refusal).advice.unwrap().contains(&newest), "{status} {code}");
    }
}
