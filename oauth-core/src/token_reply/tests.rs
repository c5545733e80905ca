use proptest::prelude::*;
use sociogram_api_core::ErrorKind;

use super::*;
use crate::{Expiry, ScopeSet};

const SENT: Timestamp = Timestamp::from_unix_seconds(1_000);

fn read(body: &str) -> Result<TokenAnswer, OAuthError> {
    TokenAnswer::from_reply(&Reply::read(body.as_bytes())?, TokenKind::Generic, SENT)
}

fn tokens(body: &str) -> TokenSet {
    read(body).unwrap_or_else(|error| panic!("{body}: {error}")).tokens
}

fn after(seconds: i64) -> Expiry {
    Expiry::At(Timestamp::from_unix_seconds(1_000 + seconds))
}

/// Access token, end, refresh token, its end, scopes, user, whether there is an id token.
type Row =
    (&'static str, Expiry, Option<&'static str>, Expiry, Option<&'static str>, Option<&'static str>, bool);

fn check(cases: &[(&str, &str, Row)]) {
    for (name, body, (access, end, refresh, refresh_end, scopes, user, id_token)) in cases {
        let answer = read(body).unwrap_or_else(|error| panic!("{name}: {error}"));
        let tokens = &answer.tokens;
        assert_eq!(tokens.access().expose(), *access, "{name}");
        assert_eq!(tokens.expiry(), *end, "{name}");
        assert_eq!(tokens.refresh().map(RefreshToken::expose), *refresh, "{name}");
        assert_eq!(tokens.refresh_expiry(), *refresh_end, "{name}");
        assert_eq!(tokens.scopes(), scopes.map(ScopeSet::parse).as_ref(), "{name}");
        assert_eq!((tokens.kind(), tokens.issued_at()), (TokenKind::Generic, Some(SENT)), "{name}");
        assert_eq!(answer.user_id.as_deref(), *user, "{name}");
        assert_eq!(answer.id_token.is_some(), *id_token, "{name}");
    }
}

#[test]
fn metas_answers_are_read_as_documented_and_as_seen() {
    let unknown = Expiry::Unknown;
    check(&[
        (
            "Facebook Login: Manually Build a Login Flow",
            r#"{"access_token":"EAAB","token_type":"bearer","expires_in":5183944}"#,
            ("EAAB", after(5_183_944), None, unknown, None, None, false),
        ),
        (
            "a system user's token without end",
            r#"{"access_token":"EAAB","token_type":"bearer"}"#,
            ("EAAB", unknown, None, unknown, None, None, false),
        ),
        (
            "Facebook's answer of old",
            "access_token=EAAB&expires=5183944",
            ("EAAB", after(5_183_944), None, unknown, None, None, false),
        ),
        (
            "Facebook Login: App Access Tokens",
            r#"{"access_token":"1234|ab-CD_ef","token_type":"bearer"}"#,
            ("1234|ab-CD_ef", unknown, None, unknown, None, None, false),
        ),
        (
            "Instagram Platform: Business Login",
            r#"{"data":[{"access_token":"IGAA","user_id":"1020","permissions":"instagram_business_basic,instagram_business_content_publish"}]}"#,
            (
                "IGAA",
                unknown,
                None,
                unknown,
                Some("instagram_business_basic instagram_business_content_publish"),
                Some("1020"),
                false,
            ),
        ),
        (
            "Instagram in practice",
            r#"{"access_token":"IGAA","user_id":17841405793187218,"permissions":["instagram_business_basic"]}"#,
            (
                "IGAA",
                unknown,
                None,
                unknown,
                Some("instagram_business_basic"),
                Some("17841405793187218"),
                false,
            ),
        ),
        (
            "Threads API: Get Access Tokens",
            r#"{"access_token":"THQV","user_id":9007199254740993}"#,
            ("THQV", unknown, None, unknown, None, Some("9007199254740993"), false),
        ),
    ]);
}

#[test]
fn linkedins_and_the_standards_answers_are_read() {
    let unknown = Expiry::Unknown;
    check(&[
        (
            "LinkedIn: 3-Legged OAuth Flow",
            r#"{"access_token":"AQUv","expires_in":5184000,"refresh_token":"AQWA","refresh_token_expires_in":31536000,"scope":"email,openid,profile,w_member_social","id_token":"e.y.J","token_type":"Bearer"}"#,
            (
                "AQUv",
                after(5_184_000),
                Some("AQWA"),
                after(31_536_000),
                Some("email openid profile w_member_social"),
                None,
                true,
            ),
        ),
        (
            "LinkedIn: Client Credentials Flow",
            r#"{"access_token":"AQV8","expires_in":"1800"}"#,
            ("AQV8", after(1_800), None, unknown, None, None, false),
        ),
        (
            "RFC 6749 section 5.1",
            r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"BEARER","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}"#,
            (
                "2YotnFZFEjr1zCsicMWpAA",
                after(3_600),
                Some("tGzv3JOkF0XG5Qx2TlKWIA"),
                unknown,
                None,
                None,
                false,
            ),
        ),
        (
            "Keycloak",
            r#"{"access_token":"ey","expires_in":300,"refresh_expires_in":1800,"refresh_token":"ey2","token_type":"Bearer","not-before-policy":0,"session_state":"x","scope":"profile email"}"#,
            ("ey", after(300), Some("ey2"), after(1_800), Some("email profile"), None, false),
        ),
    ]);
}

#[test]
fn unusable_answers_are_told_apart_without_repeating_them() {
    let cases = [
        (r"{}", Reason::TokenMissing),
        (r#"{"access_token":""}"#, Reason::TokenMissing),
        (r#"{"access_token":null}"#, Reason::TokenMissing),
        (r#"{"access_token":"   "}"#, Reason::TokenMissing),
        (r#"{"access_token":"CANARY token"}"#, Reason::TokenMissing),
        (r#"{"access_token":"CANARY\n"}"#, Reason::TokenMissing),
        (r#"{"access_token":"CANARYä"}"#, Reason::TokenMissing),
        (r#"{"access_token":["CANARY"]}"#, Reason::TokenMissing),
        (r#"{"access_token":7}"#, Reason::TokenMissing),
        (r#"{"data":[]}"#, Reason::TokenMissing),
        (r#"{"access_token":"CANARY","token_type":"mac"}"#, Reason::NotBearer),
        (r#"{"access_token":"CANARY","token_type":"DPoP"}"#, Reason::NotBearer),
        (r#"{"access_token":"CANARY","token_type":7}"#, Reason::NotBearer),
        (r#"{"access_token":"CANARY","expires_in":-1}"#, Reason::LifetimeSenseless),
        (r#"{"access_token":"CANARY","expires":"-1"}"#, Reason::LifetimeSenseless),
        (r#"{"access_token":"CANARY","expires_in":99999999999}"#, Reason::LifetimeSenseless),
        (
            r#"{"access_token":"CANARY","refresh_token":"r","refresh_token_expires_in":-1}"#,
            Reason::LifetimeSenseless,
        ),
        (r#"{"access_token":"CANARY","refresh_token":7}"#, Reason::AnswerNotReadable),
        (r#"{"access_token":"CANARY","refresh_token":"a CANARY"}"#, Reason::AnswerNotReadable),
        ("[]", Reason::AnswerNotReadable),
        ("", Reason::AnswerNotReadable),
        ("<html>CANARY", Reason::AnswerIsHtml),
    ];
    for (body, reason) in cases {
        let error = read(body).unwrap_err();
        assert_eq!((error.reason(), error.kind()), (reason, ErrorKind::Decode), "{body}");
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{body}");
    }
}

#[test]
fn token_types_and_empty_members_are_read_leniently() {
    for kind in ["\"bearer\"", "\"Bearer\"", "\"BEARER\"", "\"\"", "null"] {
        assert!(read(&format!(r#"{{"access_token":"t","token_type":{kind}}}"#)).is_ok(), "{kind}");
    }
    for empty in [r#""refresh_token":"""#, r#""refresh_token":null"#, r#""refresh_token_expires_in":-1"#] {
        let tokens = tokens(&format!(r#"{{"access_token":"t",{empty}}}"#));
        assert!(tokens.refresh().is_none(), "{empty}");
        assert_eq!(tokens.refresh_expiry(), Expiry::Unknown, "{empty}");
    }
    for odd in [r#""id_token":7"#, r#""id_token":"""#, r#""id_token":"a b""#, r#""user_id":{}"#] {
        let answer = read(&format!(r#"{{"access_token":"t",{odd}}}"#)).unwrap();
        assert!(answer.id_token.is_none() && answer.user_id.is_none(), "{odd}");
    }
    // The standard's spelling counts where both are there.
    assert_eq!(tokens(r#"{"access_token":"t","expires_in":10,"expires":99}"#).expiry(), after(10));
    assert_eq!(
        tokens(r#"{"access_token":"t","scope":"a","permissions":["b"]}"#).scopes(),
        Some(&ScopeSet::parse("a"))
    );
}

#[test]
fn an_answer_is_not_printed() {
    let answer = read(r#"{"access_token":"CANARY","refresh_token":"CANARY","id_token":"CANARY"}"#).unwrap();
    assert!(!format!("{answer:?}").contains("CANARY"));
}

proptest! {
    #[test]
    fn reading_never_yields_an_empty_or_ended_token(
        life in "-?[0-9]{0,25}(\\.[0-9]{1,3})?|\"\\PC{0,12}\"|null",
        token in "\\PC{0,12}",
    ) {
        let token = serde_json::to_string(&token).unwrap();
        if let Ok(answer) = read(&format!(r#"{{"access_token":{token},"expires_in":{life}}}"#)) {
            prop_assert!(!answer.tokens.access().is_empty());
            prop_assert!(answer.tokens.expiry().at().is_none_or(|end| end > SENT));
        }
    }

    #[test]
    fn every_token_of_visible_ascii_is_kept_as_it_is(token in "[!-~]{1,2000}") {
        let body = serde_json::json!({ "access_token": token, "refresh_token": token, "id_token": token });
        let answer = read(&body.to_string()).unwrap();
        prop_assert_eq!(answer.tokens.access().expose(), &token);
        prop_assert_eq!(answer.tokens.refresh().unwrap().expose(), &token);
        prop_assert_eq!(answer.id_token.as_ref().map(Secret::expose), Some(token.as_str()));
    }
}
