use OAuthErrorClass::{
    InvalidClient, Misconfigured, Permission, Reauthorize, Rejected, Throttled, Transient,
};
use proptest::prelude::*;
use sociogram_api_core::testing::canary;

use super::*;

const GRANTS: [Grant; 6] = [
    Grant::Code,
    Grant::Refresh,
    Grant::LongLived,
    Grant::ClientCredentials,
    Grant::Introspection,
    Grant::Revocation,
];

fn refusal(grant: Grant, status: u16, body: &str) -> Refusal {
    read(&RefusedAnswer::new(grant, status, body.as_bytes()))
}

fn told(error: &str, description: &str) -> String {
    serde_json::json!({ "error": error, "error_description": description }).to_string()
}

#[test]
fn the_documented_answers_of_the_token_endpoint() {
    use Grant::{ClientCredentials, Code, Introspection, Refresh, Revocation};
    let missing = "A required parameter \"code\" is missing";
    let expired = "Unable to retrieve access token: appid/redirect uri/code verifier does not match \
                   authorization code. Or authorization code expired. Or external member binding exists";
    let cases = [
        (400, Code, "invalid_request", missing, Reauthorize),
        (
            401,
            Code,
            "invalid_request",
            "Unable to retrieve access token: authorization code not found",
            Reauthorize,
        ),
        (400, Code, "invalid_redirect_uri", expired, Reauthorize),
        (
            400,
            Refresh,
            "invalid_request",
            "The provided authorization grant or refresh token is invalid, expired or \
         revoked",
            Reauthorize,
        ),
        (401, Code, "invalid_client", "Client authentication failed", InvalidClient),
        (401, Refresh, "invalid_client", "Client authentication failed", InvalidClient),
        (401, Code, "invalid_client_id", "The passed in client_id is invalid", InvalidClient),
        (401, Introspection, "invalid_client", "Client authentication failed", InvalidClient),
        (
            401,
            ClientCredentials,
            "access_denied",
            "This application is not allowed to create application tokens",
            Permission,
        ),
        (400, Introspection, "invalid_request", "A required parameter \"token\" is missing", Misconfigured),
        (400, Revocation, "invalid_request", "A required parameter \"token\" is missing", Misconfigured),
        (400, ClientCredentials, "invalid_request", missing, Misconfigured),
        (400, ClientCredentials, "unsupported_grant_type", "", Misconfigured),
    ];
    for (status, grant, error, description, class) in cases {
        let refusal = refusal(grant, status, &told(error, description));
        assert_eq!((refusal.class(), refusal.error()), (class, Some(error)), "{status} {grant:?} {error}");
    }
}

#[test]
fn throttles_and_failures_say_more_than_their_words() {
    for grant in GRANTS {
        for error in
            ["invalid_request", "invalid_client", "invalid_redirect_uri", "access_denied", "new_word"]
        {
            for (status, class) in [(429, Throttled), (500, Transient), (502, Transient), (503, Transient)] {
                assert_eq!(
                    refusal(grant, status, &told(error, "")).class(),
                    class,
                    "{status} {grant:?} {error}"
                );
            }
        }
        for (status, body, class) in [
            (
                429,
                r#"{"code":"QUOTA_EXCEEDED","message":"Resource level throttle APPLICATION DAY limit"}"#,
                Throttled,
            ),
            (429, r#"{"serviceErrorCode":101,"message":"x","status":429}"#, Throttled),
            (500, r#"{"error":"server_error"}"#, Transient),
            (400, r#"{"error":"temporarily_unavailable"}"#, Transient),
            (504, "<html>Gateway Timeout</html>", Transient),
            (408, "", Transient),
        ] {
            assert_eq!(refusal(grant, status, body).class(), class, "{status} {body}");
        }
    }
}

#[test]
fn what_is_not_known_gives_up_no_grant() {
    for grant in GRANTS {
        for (status, body) in [
            (400, ""),
            (400, "{}"),
            (400, "[]"),
            (400, r#"{"error":"new_word"}"#),
            (400, r#"{"error":{"code":190}}"#),
            (401, ""),
            (401, "<html>"),
            (403, "<html>blocked</html>"),
            (404, r#"{"status":404}"#),
            (404, "<html>"),
            (409, r#"{"code":"CONFLICT"}"#),
            (999, "Request denied"),
            (302, ""),
        ] {
            assert_eq!(refusal(grant, status, body).class(), Rejected, "{status} {grant:?} {body}");
        }
    }
}

#[test]
fn a_dead_grant_is_told_by_code_and_refresh_token_alone() {
    for grant in GRANTS {
        let of_person = matches!(grant, Grant::Code | Grant::Refresh);
        for status in [200, 400, 401] {
            for error in ["invalid_request", "invalid_redirect_uri", "invalid_grant"] {
                let dead = refusal(grant, status, &told(error, "")).class() == Reauthorize;
                assert_eq!(dead, of_person, "{status} {grant:?} {error}");
            }
        }
        assert_eq!(refusal(grant, 403, &told("invalid_request", "")).class(), Misconfigured);
    }
}

#[test]
fn a_refused_refresh_token_is_one_that_is_not_accepted_for_a_reason_that_is_not_told() {
    for grant in GRANTS {
        for (status, error) in [(400, "invalid_request"), (401, "invalid_grant"), (200, "invalid_request")] {
            let reason = refusal(grant, status, &told(error, "")).reauth_reason();
            let expected = (grant == Grant::Refresh).then_some(ReauthReason::TokenRejected);
            assert_eq!(reason, expected, "{status} {grant:?} {error}");
        }
        for (status, body) in [
            (401, told("invalid_client", "")),
            (429, told("invalid_request", "")),
            (401, "<html>".to_owned()),
        ] {
            assert_eq!(refusal(grant, status, &body).reauth_reason(), None, "{status} {grant:?} {body}");
        }
    }
}

#[test]
fn codes_are_kept_and_texts_are_not() {
    let text = canary::secret("CODE");
    let refusal = refusal(Grant::Code, 400, &told("invalid_request", &text));
    assert_eq!(canary::leaks(&format!("{refusal:?}")), [""; 0]);
    for error in ["CANARY two words", "CANARY~token", &format!("CANARY{}", "x".repeat(60))] {
        assert_eq!(self::refusal(Grant::Code, 400, &told(error, &text)).error(), None, "{error}");
    }
    let legacy =
        r#"{"serviceErrorCode":65600,"code":"INVALID_ACCESS_TOKEN","message":"CANARY","status":401}"#;
    let refusal = self::refusal(Grant::Introspection, 401, legacy);
    assert_eq!(
        (refusal.error(), refusal.code(), refusal.subcode()),
        (Some("INVALID_ACCESS_TOKEN"), Some(65600), None)
    );
    assert!(!format!("{refusal:?}").contains("CANARY"));
}

proptest! {
    #[test]
    fn reading_never_panics_and_never_guesses_a_dead_grant(
        body in proptest::collection::vec(any::<u8>(), 0..200), status: u16, at in 0..6_usize,
    ) {
        let refusal = read(&RefusedAnswer::new(GRANTS[at], status, &body));
        prop_assert_ne!(refusal.class(), Reauthorize);
        prop_assert_ne!(refusal.class(), InvalidClient);
    }

    #[test]
    fn the_description_decides_nothing(description in any::<String>(), status in 400..600_u16, at in 0..6_usize) {
        for error in ["invalid_request", "invalid_client", "access_denied", "new_word"] {
            let with = refusal(GRANTS[at], status, &told(error, &description));
            prop_assert_eq!(with, refusal(GRANTS[at], status, &told(error, "")));
        }
    }
}
