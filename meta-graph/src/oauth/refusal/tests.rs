use OAuthErrorClass::{
    InvalidClient, Misconfigured, Permission, Reauthorize, Rejected, Throttled, Transient,
};
use proptest::prelude::*;

use super::*;

fn read_as(grant: Grant, status: u16, body: &str) -> Refusal {
    read(&RefusedAnswer::new(grant, status, body.as_bytes()))
}

#[test]
fn facebook_answers() {
    let redirect = r#"{"error":{"message":"Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request","type":"OAuthException","code":100}}"#;
    let cases = [
        (
            400,
            r#"{"error":{"message":"x","type":"OAuthException","code":100,"error_subcode":36007}}"#,
            Reauthorize,
        ),
        (400, r#"{"error":{"type":"OAuthException","code":100,"error_subcode":36008}}"#, Misconfigured),
        (400, r#"{"error":{"type":"OAuthException","code":"100","error_subcode":"36009"}}"#, Reauthorize),
        (400, r#"{"error":{"message":"Invalid verification code format.","code":100}}"#, Reauthorize),
        (400, r#"{"error":{"message":"Something about the code that is new","code":100}}"#, Reauthorize),
        (400, redirect, Misconfigured),
        (400, r#"{"error":{"code":100,"error_subcode":33}}"#, Rejected),
        (400, r#"{"error":{"code":100,"error_subcode":99999}}"#, Rejected),
        (
            400,
            r#"{"error":{"message":"Error validating client secret.","type":"OAuthException","code":1,"fbtrace_id":"F"}}"#,
            InvalidClient,
        ),
        (400, r#"{"error":{"message":"An unknown error occurred","code":1}}"#, Transient),
        (500, r#"{"error":{"code":2,"is_transient":true}}"#, Transient),
        (400, r#"{"error":{"code":3}}"#, Misconfigured),
        (400, r#"{"error":{"code":101}}"#, Misconfigured),
        (400, r#"{"error":{"code":102}}"#, Reauthorize),
        (400, r#"{"error":{"code":104}}"#, Misconfigured),
        (400, r#"{"error":{"code":191}}"#, Misconfigured),
        (400, r#"{"error":{"code":2635}}"#, Misconfigured),
        (400, r#"{"error":{"code":190}}"#, Reauthorize),
        (400, r#"{"error":{"code":190,"error_subcode":458}}"#, Reauthorize),
        (400, r#"{"error":{"code":190,"error_subcode":459}}"#, Reauthorize),
        (400, r#"{"error":{"code":190,"error_subcode":460}}"#, Reauthorize),
        (400, r#"{"error":{"code":190,"error_subcode":463}}"#, Reauthorize),
        (400, r#"{"error":{"code":190,"error_subcode":467}}"#, Reauthorize),
        (400, r#"{"error":{"code":4}}"#, Throttled),
        (400, r#"{"error":{"code":17}}"#, Throttled),
        (400, r#"{"error":{"code":32}}"#, Throttled),
        (400, r#"{"error":{"code":341}}"#, Throttled),
        (400, r#"{"error":{"code":613,"is_transient":false}}"#, Throttled),
        (400, r#"{"error":{"code":10}}"#, Permission),
        (403, r#"{"error":{"code":200}}"#, Permission),
        (403, r#"{"error":{"code":299}}"#, Permission),
        (400, r#"{"error":{"code":368}}"#, Rejected),
        // Numbers of which nothing is known.
        (400, r#"{"error":{"code":9999,"is_transient":true}}"#, Transient),
        (503, r#"{"error":{"code":9999}}"#, Transient),
        (429, r#"{"error":{"code":9999}}"#, Throttled),
        (400, r#"{"error":{"code":9999}}"#, Rejected),
        (401, r#"{"error":{"code":9999}}"#, Rejected),
        (403, r#"{"error":{"code":9999}}"#, Rejected),
        // No number at all.
        (400, r#"{"error":{"message":"no code"}}"#, Rejected),
        (400, r#"{"error":{"message":"no code","is_transient":true}}"#, Transient),
        (401, "<html>", Rejected),
        (401, "", Rejected),
        (401, r#"{"error":{"type":"OAuthException"}}"#, Rejected),
        (302, "", Rejected),
        (502, "<html>", Transient),
        (429, "", Throttled),
        (200, r#"{"error":{"code":190}}"#, Reauthorize),
        // The shape of RFC 6749.
        (400, r#"{"error":"invalid_grant"}"#, Reauthorize),
        (401, r#"{"error":"invalid_grant"}"#, Reauthorize),
        (200, r#"{"error":"invalid_grant"}"#, Reauthorize),
        (400, r#"{"error":"server_error"}"#, Transient),
        (429, r#"{"error":"invalid_grant"}"#, Throttled),
    ];
    for (status, body, class) in cases {
        assert_eq!(read_as(Grant::Code, status, body).class(), class, "{status} {body}");
    }
}

#[test]
fn instagrams_flat_answers() {
    for (message, class) in [
        ("Invalid platform app", InvalidClient),
        ("Error validating client secret.", InvalidClient),
        ("Invalid redirect_uri", Misconfigured),
        ("Redirect URI does not match registered redirect URI", Misconfigured),
        ("This authorization code has been used", Reauthorize),
        ("This authorization code has expired", Reauthorize),
        ("Matching code was not found or was already used.", Reauthorize),
        ("A text that is new", Rejected),
    ] {
        let body =
            serde_json::json!({ "error_type": "OAuthException", "code": 400, "error_message": message });
        let refusal = read_as(Grant::Code, 400, &body.to_string());
        assert_eq!(refusal.class(), class, "{message}");
        assert_eq!((refusal.error(), refusal.code()), (Some("OAuthException"), Some(400)));
    }
    let outage = r#"{"error_type":"OAuthException","code":500,"error_message":"x"}"#;
    assert_eq!(read_as(Grant::Code, 500, outage).class(), Transient);
    // The renewal is refused in the shape of the Graph API.
    let ended = r#"{"error":{"message":"Error validating access token","type":"IGApiException","code":190}}"#;
    assert_eq!(read_as(Grant::LongLived, 400, ended).class(), Reauthorize);
}

#[test]
fn a_refusal_says_why_the_person_must_log_in_again() {
    for (code, subcode, reason) in reauth_reason::tests::NUMBERS {
        for status in [200, 400, 401, 403] {
            let refusal = read_as(Grant::LongLived, status, &reauth_reason::tests::body(code, subcode));
            assert_eq!(refusal.reauth_reason(), reason, "{status} {code}/{subcode:?}");
        }
    }
    // Instagram's own shape has no numbers, and the standard's words do not say why.
    for body in [
        r#"{"error_type":"OAuthException","code":400,"error_message":"This authorization code has been used"}"#,
        r#"{"error":"invalid_grant"}"#,
    ] {
        let refusal = read_as(Grant::LongLived, 400, body);
        assert_eq!((refusal.class(), refusal.reauth_reason()), (Reauthorize, None), "{body}");
    }
}

/// Losing a grant that is still good means that the person has to log in again.
#[test]
fn a_stored_grant_is_given_up_for_a_documented_reason_only() {
    for body in [
        r#"{"error":{"message":"(#100) The parameter x is required","code":100}}"#,
        r#"{"error":{"code":9999}}"#,
        r#"{"error":{"code":1}}"#,
        "<html>",
        "",
    ] {
        for grant in [Grant::LongLived, Grant::Refresh, Grant::ClientCredentials] {
            for status in [400, 401, 403, 404, 500] {
                let class = read_as(grant, status, body).class();
                assert_ne!(class, Reauthorize, "{grant:?} {status} {body}");
            }
        }
    }
}

#[test]
fn numbers_and_plain_words_are_kept_and_texts_are_not() {
    let body =
        r#"{"error":{"type":"OAuthException","code":190,"error_subcode":460,"message":"Malformed CANARY"}}"#;
    let refusal = read_as(Grant::LongLived, 400, body);
    assert_eq!(
        (refusal.error(), refusal.code(), refusal.subcode()),
        (Some("OAuthException"), Some(190), Some(460))
    );
    assert!(!format!("{refusal:?}").contains("CANARY"));
    for body in [
        r#"{"error":{"type":"CANARY <script>","code":190}}"#,
        r#"{"error_type":"has space CANARY","code":400,"error_message":"CANARY"}"#,
        r#"{"error":"CANARY CANARY"}"#,
    ] {
        let refusal = read_as(Grant::Code, 400, body);
        assert_eq!(refusal.error(), None, "{body}");
        assert!(!format!("{refusal:?}").contains("CANARY"));
    }
}

proptest! {
    #[test]
    fn reading_never_panics(body in proptest::collection::vec(any::<u8>(), 0..200), status: u16) {
        let _ = read(&RefusedAnswer::new(Grant::Code, status, &body));
    }

    #[test]
    fn every_number_has_a_class(code in any::<i64>(), subcode in any::<Option<i64>>(), status in 200u16..600) {
        let body = serde_json::json!({ "error": { "code": code, "error_subcode": subcode } }).to_string();
        let refusal = read_as(Grant::Refresh, status, &body);
        prop_assert_eq!((refusal.code(), refusal.subcode()), (Some(code), subcode));
    }
}
