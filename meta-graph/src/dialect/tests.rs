use sociogram_api_core::http::Replay;

use super::*;

fn inspect(operation: &Operation, status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let (head, ()) = response.body(()).unwrap().into_parts();
    GraphDialect::for_app(AppId::from(7)).inspect(operation, &head, body.as_bytes())
}

fn operation(name: &'static str) -> Operation {
    Operation::new(name, "meta", Replay::Safe).subject("42")
}

fn delay_of(headers: &[(&str, &str)], code: i64, subcode: i64) -> Option<u64> {
    let body = crate::scripted::error_body(code, subcode);
    let fault = inspect(&operation("page.read"), 400, headers, &body).fault.unwrap();
    fault.delay().map(|delay| delay.as_secs())
}

#[test]
fn an_error_counts_whatever_the_status_and_keeps_its_detail() {
    for status in [200, 400, 500] {
        let body = crate::scripted::error_body(200, 0);
        let verdict = inspect(&operation("page.read"), status, &[], &body);
        let fault = verdict.fault.unwrap();
        assert_eq!(fault.class(), FaultClass::Permission, "{status}");
        assert_eq!((fault.provider_code(), fault.provider_subcode()), (Some(200), Some(0)));
        let error: &GraphError = fault.downcast_detail().unwrap();
        assert_eq!(error.message(), Some("CANARYmessage"));
        assert_eq!(fault.advice(), Some(ErrorClass::PermissionMissing.advice()));
    }
    assert!(inspect(&operation("page.read"), 200, &[], r#"{"id":"1"}"#).fault.is_none());
    assert!(inspect(&operation("page.read"), 304, &[], "").fault.is_none());
}

#[test]
fn an_answer_about_a_token_keeps_numbers_only() {
    let body = crate::scripted::error_body(190, 0);
    let fault = inspect(&operation("token.debug").sensitive(), 400, &[], &body).fault.unwrap();
    let error: &GraphError = fault.downcast_detail().unwrap();
    assert_eq!((error.code(), error.message()), (Some(190), None));
}

#[test]
fn the_trace_id_comes_from_the_header_or_the_body() {
    let body = crate::scripted::error_body(1, 0);
    for (headers, body, expected) in [
        (&[("x-fb-trace-id", "H1"), ("x-fb-request-id", "R1")][..], body.as_str(), Some("H1")),
        (&[("x-fb-request-id", "R1")][..], body.as_str(), Some("AbC1")),
        (&[("x-fb-request-id", "R1")][..], "{}", Some("R1")),
        (&[][..], "{}", None),
    ] {
        let verdict = inspect(&operation("page.read"), 200, headers, body);
        assert_eq!(verdict.request_id.as_deref(), expected);
    }
}

#[test]
fn what_support_asks_for_stays_with_the_error() {
    let headers = [
        ("x-fb-debug", "D1"),
        ("x-fb-trace-id", "T1"),
        ("x-fb-rev", ""),
        ("facebook-api-version", "v26.0"),
        ("set-cookie", "CANARYcookie"),
    ];
    let body = crate::scripted::error_body(1, 0);
    let fault = inspect(&operation("page.read"), 500, &headers, &body).fault.unwrap();
    let error: &GraphError = fault.downcast_detail().unwrap();
    let kept: Vec<_> = error.support_headers().collect();
    assert_eq!(kept, [("x-fb-trace-id", "T1"), ("x-fb-debug", "D1"), ("facebook-api-version", "v26.0")]);
    assert!(!format!("{error:?} {error}").contains("D1"));
}

#[test]
fn a_challenge_counts_where_the_body_says_nothing() {
    let challenge = [("www-authenticate", r#"OAuth "Facebook Platform" "invalid_token" "CANARYtext""#)];
    for (status, headers, body, expected) in [
        (400, &challenge[..], "", FaultClass::AuthRejected),
        (401, &challenge, "", FaultClass::AuthRejected),
        (400, &[], "", FaultClass::Permanent),
        (500, &challenge, "", FaultClass::Transient),
        (400, &challenge, r#"{"error":{"code":100}}"#, FaultClass::Invalid),
        (400, &challenge, r#"{"error":{"code":4}}"#, FaultClass::Throttled),
    ] {
        let fault = inspect(&operation("page.read"), status, headers, body).fault.unwrap();
        assert_eq!(fault.class(), expected, "{status} {body}");
    }
}

#[test]
fn the_wait_comes_from_headers_then_the_table_then_a_careful_default() {
    let regain = r#"{"42":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":9}]}"#;
    assert_eq!(delay_of(&[("x-business-use-case-usage", regain)], 80_001, 0), Some(540));
    assert_eq!(delay_of(&[("retry-after", "17")], 80_001, 0), Some(17));
    assert_eq!(delay_of(&[], 80_001, 0), Some(300));
    assert_eq!(delay_of(&[], 613, 5_044_001), Some(1));
    assert_eq!(delay_of(&[], 131_049, 0), Some(86_400));
    assert_eq!(delay_of(&[], 131_064, 0), Some(3600));
    assert_eq!(delay_of(&[], 134_102, 0), Some(300));
    assert_eq!(delay_of(&[], 9007, 2_207_027), Some(30));
    for (code, subcode) in [(1, 0), (100, 0), (130_429, 0), (368, 0), (190, 459), (613, 1_893_016)] {
        assert_eq!(delay_of(&[], code, subcode), None, "{code}/{subcode}");
    }
}

#[test]
fn a_throttle_stops_what_it_is_counted_by() {
    for (name, code, subcode, expected) in [
        ("page.read", 4, 0, "app:7"),
        ("page.read", 80_001, 0, "pages:42"),
        ("page.read", 32, 0, "pages:42"),
        ("page.read", 80_006, 0, "messenger:42"),
        ("ads.read", 17, 2_446_079, "ad_account:42"),
        ("ads.read", 80_004, 2_446_079, "ads_management:42"),
        // A person, a recipient, a quota or a single endpoint: nothing else is held up.
        ("page.read", 17, 0, "call:page.read"),
        ("whatsapp.message.send", 131_056, 0, "call:whatsapp.message.send"),
        ("instagram.media.publish", 9, 2_207_042, "call:instagram.media.publish"),
        ("page.read", 613, 0, "call:page.read"),
    ] {
        let body = crate::scripted::error_body(code, subcode);
        let fault = inspect(&operation(name), 400, &[], &body).fault.unwrap();
        assert_eq!(fault.class(), FaultClass::Throttled, "{code}/{subcode}");
        assert_eq!(fault.limit().unwrap().to_string(), expected, "{code}/{subcode}");
    }
}

#[test]
fn whatsapp_operations_use_whatsapps_meanings() {
    let body = crate::scripted::error_body(368, 0);
    let class = |name| {
        let fault = inspect(&operation(name), 400, &[], &body).fault.unwrap();
        fault.downcast_detail::<GraphError>().unwrap().class()
    };
    assert_eq!(class("whatsapp.message.send"), ErrorClass::AccountRestricted);
    assert_eq!(class("page.posts.create"), ErrorClass::PolicyBlocked);
}
