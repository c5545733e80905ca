use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error_class::{RateLimitScope, TokenInvalidReason};

fn read(status: u16, body: &str) -> GraphError {
    GraphError::from_body(status, body.as_bytes()).unwrap_or_else(|| panic!("no failure in {body}"))
}

#[test]
fn the_standard_shape_gives_every_field() {
    let error = read(
        400,
        r#"{"error":{"message":"(#100) Invalid parameter","type":"OAuthException","code":100,
            "error_data":{"blame_field_specs":[["targeting","geo_locations"],["name"]]},
            "error_subcode":1487694,"is_transient":false,"error_user_title":"Gone",
            "error_user_msg":"Pick another one","fbtrace_id":"AbC1"}}"#,
    );
    assert_eq!((error.code(), error.subcode()), (Some(100), Some(1_487_694)));
    assert_eq!(error.error_type(), Some("OAuthException"));
    assert_eq!(error.is_transient(), Some(false));
    assert_eq!(error.message(), Some("(#100) Invalid parameter"));
    assert_eq!((error.user_title(), error.user_message()), (Some("Gone"), Some("Pick another one")));
    assert_eq!(error.blamed_fields().collect::<Vec<_>>(), ["targeting.geo_locations", "name"]);
    assert_eq!(error.trace_id(), Some("AbC1"));
    assert_eq!(error.class(), ErrorClass::InvalidParam);
    assert_eq!(error.status(), Some(400));
}

#[test]
fn error_data_may_be_text_and_so_may_its_parts() {
    let expected = ["bid.amount", "name"];
    let specs = json!([["bid", "amount"], "name"]);
    for data in [
        json!({ "blame_field_specs": specs }),
        json!({ "blame_field_specs": specs.to_string() }),
        json!(json!({ "blame_field_specs": specs }).to_string()),
    ] {
        let body = json!({ "error": { "code": 100, "error_data": data } }).to_string();
        assert_eq!(read(400, &body).blamed_fields().collect::<Vec<_>>(), expected, "{body}");
    }
    let single = read(400, r#"{"error":{"code":100,"error_data":{"blame_field":"schedule"}}}"#);
    assert_eq!(single.blamed_fields().collect::<Vec<_>>(), ["schedule"]);
    assert_eq!(read(400, r#"{"error":{"code":100,"error_data":"no json"}}"#).blamed_fields().len(), 0);
}

#[test]
fn whatsapp_and_upload_details_are_read() {
    let error = read(
        400,
        r#"{"error":{"message":"(#368) blocked","code":368,"error_data":{"messaging_product":"whatsapp",
            "details":"Account restricted"}}}"#,
    );
    assert_eq!(error.details(), Some("Account restricted"));
    assert_eq!(error.class(), ErrorClass::AccountRestricted, "on WhatsApp 368 is about the account");

    let error = read(
        400,
        r#"{"error":{"code":6000,"error_subcode":1363037,"error_data":"{\"start_offset\":\"1024\",\"end_offset\":2048}"}}"#,
    );
    assert_eq!(error.upload_offset(), Some((1024, 2048)));
    assert_eq!(error.class(), ErrorClass::UploadOffset);
}

#[test]
fn the_other_shapes_are_read() {
    // Instagram's token endpoint.
    let error = read(400, r#"{"error_type":"OAuthException","code":190,"error_message":"Bad token"}"#);
    assert_eq!((error.code(), error.message()), (Some(190), Some("Bad token")));
    // Debug Token, when the request itself was refused.
    let error = read(400, r#"{"data":{"error":{"code":190,"message":"Expired","subcode":463}}}"#);
    assert_eq!(error.class(), ErrorClass::TokenInvalid(TokenInvalidReason::Expired));
    // Legacy.
    let error = read(200, r#"{"error_code":4,"error_msg":"Application request limit reached"}"#);
    assert_eq!(error.class(), ErrorClass::RateLimited(RateLimitScope::App));
    // rupload.
    let body = r#"{"debug_info":{"retriable":true,"type":"OffsetInvalidError","message":"Request offset"}}"#;
    assert_eq!(read(400, body).class(), ErrorClass::Transient);
    assert_eq!(read(200, body).error_type(), Some("OffsetInvalidError"));
    let refused = body.replace("true", "false");
    assert_eq!(read(400, &refused).class(), ErrorClass::Unknown);
    // Plain refusals.
    for body in [r#"{"success":false}"#, r#"{"success":"false"}"#, "false", " false\n"] {
        assert_eq!(read(200, body).class(), ErrorClass::Unknown, "{body}");
    }
    // The shape of RFC 6749.
    let error = read(400, r#"{"error":"invalid_request","error_description":"no"}"#);
    assert_eq!((error.error_type(), error.message()), (Some("invalid_request"), Some("no")));
}

#[test]
fn without_a_readable_body_the_status_decides() {
    for (status, body, class) in [
        (502, "<html><body>Bad gateway</body></html>", ErrorClass::Transient),
        (500, "", ErrorClass::Transient),
        (400, "", ErrorClass::Unknown),
        (401, "", ErrorClass::TokenInvalid(TokenInvalidReason::Unknown)),
        (429, "slow down", ErrorClass::RateLimited(RateLimitScope::Edge)),
        (404, "[]", ErrorClass::NotFoundOrHidden),
        (403, r#"{"something":"else"}"#, ErrorClass::PermissionMissing),
        (200, "<h1>Service Unavailable</h1>", ErrorClass::Transient),
        (500, r#"{"error":"#, ErrorClass::Transient),
    ] {
        assert_eq!(read(status, body).class(), class, "{status} {body}");
    }
}

#[test]
fn an_error_counts_whatever_the_status() {
    for status in [200, 201, 302, 400, 404, 500] {
        let error = read(status, r#"{"error":{"code":190,"message":"x"}}"#);
        assert_eq!(error.code(), Some(190), "{status}");
    }
}

#[test]
fn a_success_is_no_error() {
    for body in [
        r#"{"id":"1_2"}"#,
        r#"{"success":true}"#,
        r#"{"success":"true"}"#,
        r#"{"error":null,"id":"1"}"#,
        "true",
        "",
        "[]",
        r#"[{"error":{"code":1}}]"#,
        r#"[{"code":400,"body":"x"},null]"#,
        r#"{"data":[{"error":{"code":1}}]}"#,
        r#"{"data":{"error":{"code":190,"subcode":463},"is_valid":false}}"#,
        r#"{"id":"7","async_status":"Job Failed","error_code":1,"error_message":"m","error_type":"t"}"#,
        r#"{"success":true,"debug_info":{"retriable":false}}"#,
        "binary \u{0}",
        r#""text""#,
    ] {
        assert_eq!(GraphError::from_body(200, body.as_bytes()), None, "{body}");
    }
}

#[test]
fn numbers_may_be_text() {
    let error = read(400, r#"{"error":{"code":"190","error_subcode":"460","is_transient":"false"}}"#);
    assert_eq!(error.class(), ErrorClass::TokenInvalid(TokenInvalidReason::PasswordChanged));
}

#[test]
fn throttle_details_are_kept() {
    let error = read(
        400,
        r#"{"error":{"code":613,"throttled":true,"backend_qps":{"actual_score":8,"limit":"5.5",
            "more_info":"spread the calls"}}}"#,
    );
    let throttle = error.throttle().unwrap();
    assert!(throttle.throttled);
    let qps = throttle.backend_qps.as_ref().unwrap();
    assert_eq!((qps.actual_score, qps.limit), (Some(8.0), Some(5.5)));
    assert_eq!(qps.more_info.as_deref(), Some("spread the calls"));
    assert_eq!(throttle.complexity_score, None);
    assert_eq!(read(400, r#"{"error":{"code":613}}"#).throttle(), None);
}

#[test]
fn metas_texts_are_never_printed() {
    let body = r#"{"error":{"message":"SEKRET1","type":"SEKRET2","code":100,"error_user_title":"SEKRET3",
        "error_user_msg":"SEKRET4","error_data":{"details":"SEKRET5","blame_field_specs":[["SEKRET6"]]}}}"#;
    let error = read(400, body);
    assert!(!format!("{error} {error:?} {error:#?}").contains("SEKRET"));
    assert_eq!(error.message(), Some("SEKRET1"));
    let bare = error.without_texts();
    assert_eq!(
        (bare.message(), bare.details(), bare.user_title(), bare.user_message()),
        (None, None, None, None)
    );
    assert_eq!(bare.code(), Some(100));
}

#[test]
fn a_verdict_on_an_inspected_token_is_no_failure_of_the_call() {
    let verdict = r#"{"data":{"error":{"code":190,"message":"Expired","subcode":463},"is_valid":false}}"#;
    for status in [200, 400] {
        assert_eq!(GraphError::from_body(status, verdict.as_bytes()), None, "{status}");
    }
    // An `error` of the call itself comes first.
    let error = read(400, r#"{"error":{"code":190},"data":{"is_valid":false}}"#);
    assert_eq!(error.code(), Some(190));
}

#[test]
fn the_permissions_that_the_text_names_are_told() {
    for (code, message, expected) in [
        (
            200,
            "(#200) Requires pages_read_engagement permission to manage the object",
            &["pages_read_engagement"][..],
        ),
        (
            10,
            "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content \
              Access' feature.",
            &["pages_read_engagement"],
        ),
        (
            200,
            "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as an admin",
            &["pages_read_engagement", "pages_manage_posts"],
        ),
        (
            200,
            "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
            &["ads_read", "ads_management"],
        ),
        (10, "Requires instagram_business_content_publish.", &["instagram_business_content_publish"]),
        // What nobody can ask for, what is a word of the language, and parts of other words are no permissions.
        (200, "(#200) Requires manage_pages, email and xpages_manage_posts, or SEKRET_scope", &[]),
        (100, "(#100) Requires pages_read_engagement", &[]),
    ] {
        let body = json!({"error": {"code": code, "message": message}}).to_string();
        let error = read(400, &body);
        let mut named: Vec<&str> = error.missing_scopes().collect();
        let mut expected = expected.to_vec();
        named.sort_unstable();
        expected.sort_unstable();
        assert_eq!(named, expected, "{message}");
        let kept = error.without_texts();
        assert_eq!(
            kept.missing_scopes().len(),
            expected.len(),
            "names of our own list are no text of Meta's"
        );
    }
    let details = r#"{"error":{"code":131005,"error_data":{"messaging_product":"whatsapp","details":
        "The whatsapp_business_messaging permission is required"}}}"#;
    assert_eq!(read(403, details).missing_scopes().collect::<Vec<_>>(), ["whatsapp_business_messaging"]);
}

#[test]
fn the_error_of_a_webhook_is_read_with_the_same_table() {
    let told = json!({"code": "131047", "title": "Re-engagement message", "message": "Re-engagement message",
        "error_data": {"details": "More than 24 hours"}, "href": "https://developers.facebook.com/docs/x"});
    let error = GraphError::from_whatsapp_webhook(&told).unwrap();
    assert_eq!(
        (error.class(), error.code(), error.status()),
        (ErrorClass::WindowClosed, Some(131_047), None)
    );
    assert_eq!(error.help_url(), Some("https://developers.facebook.com/docs/x"));
    assert_eq!(error.details(), Some("More than 24 hours"));
    let error = GraphError::from_whatsapp_webhook(&json!({"code": 368, "title": "Restricted"})).unwrap();
    assert_eq!((error.class(), error.message()), (ErrorClass::AccountRestricted, Some("Restricted")));
    assert_eq!(GraphError::from_whatsapp_webhook(&json!({})).unwrap().class(), ErrorClass::Unknown);
    assert_eq!(GraphError::from_whatsapp_webhook(&json!("131047")), None);
}

proptest! {
    #[test]
    fn any_body_is_judged_without_a_panic(status in 100u16..600, body in any::<Vec<u8>>()) {
        prop_assert_eq!(GraphError::from_body(status, &body).is_some() || status < 400, true);
    }

    #[test]
    fn any_code_is_judged(code in any::<i64>(), subcode in any::<Option<i64>>(), status in 100u16..600) {
        let body = json!({ "error": { "code": code, "error_subcode": subcode } }).to_string();
        let error = read(status, &body);
        prop_assert_eq!((error.code(), error.subcode()), (Some(code), subcode));
        prop_assert!(!error.advice().is_empty());
    }
}
