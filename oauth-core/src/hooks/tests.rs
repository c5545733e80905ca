use OAuthErrorClass::{
    InvalidClient, Misconfigured, Permission, Reauthorize, Rejected, Throttled, Transient,
};
use proptest::prelude::*;

use super::*;

fn read(grant: Grant, status: u16, body: &str, challenge: Option<&str>) -> Refusal {
    StandardHooks::new()
        .refusal(&RefusedAnswer::new(grant, status, body.as_bytes()).with_challenge(challenge))
}

#[test]
fn the_standards_answers_are_told_apart() {
    let cases = [
        (Grant::Code, 400, r#"{"error":"invalid_grant"}"#, Reauthorize),
        (Grant::Refresh, 400, r#"{"error":"invalid_grant","error_description":"revoked"}"#, Reauthorize),
        (Grant::Refresh, 200, r#"{"error":"invalid_grant"}"#, Reauthorize),
        (Grant::Refresh, 400, r#"{"error":"interaction_required"}"#, Reauthorize),
        (Grant::Code, 400, r#"{"error":"invalid_request"}"#, Misconfigured),
        (Grant::Code, 401, r#"{"error":"invalid_client"}"#, InvalidClient),
        (Grant::Code, 400, r#"{"error":"invalid_client"}"#, InvalidClient),
        (Grant::Introspection, 401, "", InvalidClient),
        (Grant::Code, 400, r#"{"error":"unauthorized_client"}"#, Misconfigured),
        (Grant::ClientCredentials, 400, r#"{"error":"invalid_scope"}"#, Misconfigured),
        (Grant::ClientCredentials, 400, r#"{"error":"access_denied"}"#, Permission),
        (Grant::Revocation, 400, r#"{"error":"unsupported_token_type"}"#, Rejected),
        (Grant::Revocation, 503, "", Transient),
        (Grant::Code, 400, r#"{"error":"temporarily_unavailable"}"#, Transient),
        (Grant::Code, 502, "<html>", Transient),
        (Grant::Code, 500, r#"{"error":"invalid_grant"}"#, Transient),
        (Grant::Code, 429, r#"{"error":"invalid_grant"}"#, Throttled),
        (Grant::Code, 400, "error=invalid_grant&error_description=x", Reauthorize),
        (Grant::Code, 400, r#"{"error":"something_new"}"#, Rejected),
        (Grant::Code, 401, r#"{"error":"something_new"}"#, Rejected),
        (Grant::Code, 400, r#"{"error":{"code":190}}"#, Rejected),
        (Grant::Code, 400, "", Rejected),
        (Grant::Code, 400, "[]", Rejected),
        (Grant::Code, 404, "not json", Rejected),
    ];
    for (grant, status, body, class) in cases {
        assert_eq!(read(grant, status, body, None).class(), class, "{grant:?} {status} {body}");
    }
}

#[test]
fn a_bearer_challenge_is_read_where_the_body_says_nothing() {
    let cases = [
        (401, Some(r#"Bearer realm="example", error="invalid_token", error_description="x""#), Reauthorize),
        (403, Some(r#"Bearer error="insufficient_scope", scope="openid""#), Permission),
        (400, Some(r#"Bearer realm="a",error="invalid_request""#), Misconfigured),
        (400, Some("Bearer error=invalid_token"), Reauthorize),
        (401, Some(r#"Bearer realm="no_error=""#), Reauthorize),
        (401, Some("Bearer"), Reauthorize),
        (401, None, Reauthorize),
        (403, None, Permission),
        (400, None, Rejected),
    ];
    for (status, challenge, class) in cases {
        assert_eq!(read(Grant::UserInfo, status, "", challenge).class(), class, "{status} {challenge:?}");
    }
    let told = read(Grant::UserInfo, 401, r#"{"error":"insufficient_scope"}"#, Some(r#"Bearer error="x""#));
    assert_eq!((told.class(), told.error()), (Permission, Some("insufficient_scope")));
}

#[test]
fn only_plain_words_are_kept_of_what_the_provider_says() {
    for error in ["has space", "EAAB<script>", &"x".repeat(65), "ä", "a\nb"] {
        let body = serde_json::json!({ "error": error }).to_string();
        assert_eq!(read(Grant::Code, 400, &body, None).error(), None, "{error:?}");
    }
    let refusal = read(
        Grant::Code,
        400,
        r#"{"error":"invalid_grant","error_description":"code CANARY is used"}"#,
        None,
    );
    assert_eq!(refusal.error(), Some("invalid_grant"));
    assert!(!format!("{refusal:?}").contains("CANARY"));
}

proptest! {
    #[test]
    fn reading_never_panics(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        challenge in "\\PC{0,40}(error=\"?\\PC{0,20})?",
        status: u16,
    ) {
        let answer = RefusedAnswer::new(Grant::UserInfo, status, &body).with_challenge(Some(&challenge));
        let refusal = StandardHooks::new().refusal(&answer);
        prop_assert!(refusal.error().is_none_or(|error| error.len() <= 64));
    }
}
