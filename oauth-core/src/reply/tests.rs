use proptest::prelude::*;
use sociogram_api_core::ErrorKind;

use super::*;

const START: Timestamp = Timestamp::from_unix_seconds(1_000);

fn read(body: &str) -> Reply {
    Reply::read(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"))
}

fn refused(body: &[u8]) -> Reason {
    match Reply::read(body) {
        Ok(_) => panic!("{} was read", String::from_utf8_lossy(body)),
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
            assert_eq!(error.kind(), ErrorKind::Decode);
            error.reason()
        }
    }
}

#[test]
fn objects_wrapped_objects_and_forms_are_read() {
    for body in [
        r#"{"access_token":"t"}"#,
        "\u{feff} {\"access_token\":\"t\"}\r\n",
        r#"{"data":[{"access_token":"t"}]}"#,
        r#"{"data":{"access_token":"t"}}"#,
        "access_token=t&expires=5183944",
        "expires=1&access_token=%74",
    ] {
        assert_eq!(read(body).text("access_token"), Some("t"), "{body}");
    }
    for body in ["error=bad_verification_code&error_description=x", r#"{"data":[],"error":"x"}"#] {
        assert!(read(body).is_refusal(), "{body}");
    }
    // Two tokens are no answer to a question about one.
    assert_eq!(read(r#"{"data":[{"access_token":"a"},{"access_token":"b"}]}"#).text("access_token"), None);
}

#[test]
fn everything_else_says_what_is_wrong_and_nothing_more() {
    for html in ["<html>", "  \n<!DOCTYPE html><p>CANARY", "<?xml version=\"1.0\"?><CANARY/>"] {
        assert_eq!(refused(html.as_bytes()), Reason::AnswerIsHtml, "{html}");
    }
    for other in [
        "",
        " \r\n",
        "null",
        "7",
        "[]",
        "\"CANARY\"",
        "[{\"access_token\":\"CANARY\"}]",
        "CANARY",
        "access token=CANARY",
        "access_token=CANARY\nx",
        "token=CANARY",
        r#"{"access_token":"CANARY"#,
        r#"{"access_token":"CANARY"}{"#,
        r"{'access_token':'CANARY'}",
    ] {
        assert_eq!(refused(other.as_bytes()), Reason::AnswerNotReadable, "{other}");
    }
    assert_eq!(refused(b"\xff\xfe{\x00}"), Reason::AnswerNotReadable);
    let deep = "[".repeat(10_000);
    assert_eq!(refused(deep.as_bytes()), Reason::AnswerNotReadable);
}

#[test]
fn an_error_member_is_a_refusal_unless_it_says_nothing() {
    for body in [
        r#"{"error":"invalid_grant"}"#,
        r#"{"access_token":"t","error":"invalid_grant"}"#,
        r#"{"error":{"message":"m","code":190}}"#,
        r#"{"error":true}"#,
        r#"{"error":190}"#,
        r#"{"error":["x"]}"#,
        r#"{"error_type":"OAuthException","code":400,"error_message":"m"}"#,
        r#"{"data":{"error":"x"}}"#,
    ] {
        assert!(read(body).is_refusal(), "{body}");
    }
    for body in [
        r#"{"access_token":"t"}"#,
        r#"{"error":null}"#,
        r#"{"error":""}"#,
        r#"{"error":false}"#,
        r#"{"error":{}}"#,
        r#"{"error":[]}"#,
        r#"{"error_description":"x"}"#,
    ] {
        assert!(!read(body).is_refusal(), "{body}");
    }
}

#[test]
fn ids_keep_every_digit() {
    let id = |value: &str| read(&format!(r#"{{"user_id":{value}}}"#)).id("user_id");
    for (value, expected) in [
        ("17841405793187218", "17841405793187218"),
        // Beyond 2^53, where a float would lose digits.
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        ("\"abc-1\"", "abc-1"),
        ("\" 7 \"", "7"),
    ] {
        assert_eq!(id(value).as_deref(), Some(expected), "{value}");
    }
    for value in ["null", "\"\"", "\" \"", "1.5", "1e20", "true", "[]", "18446744073709551616", "\"a\\nb\""] {
        assert_eq!(id(value), None, "{value}");
    }
    assert_eq!(id(&format!("\"{}\"", "x".repeat(256))), None);
}

#[test]
fn lives_are_read_in_every_spelling() {
    let end = |value: &str| read(&format!(r#"{{"life":{value}}}"#)).end("life", START);
    let sixty_days = Expiry::At(Timestamp::from_unix_seconds(1_000 + 5_184_000));
    for life in ["5184000", "\"5184000\"", "\" 5184000 \"", "5184000.0", "\"5184000.0\"", "5.184e6"] {
        assert_eq!(end(life).unwrap(), sixty_days, "{life}");
    }
    for silent in ["null", "0", "0.0", "\"\"", "\" \"", "\"0\""] {
        assert_eq!(end(silent).unwrap(), Expiry::Unknown, "{silent}");
    }
    assert_eq!(read("{}").end("life", START).unwrap(), Expiry::Unknown);
    for senseless in [
        "-1",
        "\"-5\"",
        "1.5",
        "1e300",
        "99999999999999",
        "3153600001",
        "\"soon\"",
        "\"1h\"",
        "true",
        "[1]",
        "{}",
    ] {
        let error = end(senseless).unwrap_err();
        assert_eq!(error.reason(), Reason::LifetimeSenseless, "{senseless}");
    }
    assert!(end("3153600000").is_ok());
}

#[test]
fn times_that_cannot_be_read_are_missing() {
    let time = |value: &str| read(&format!(r#"{{"at":{value}}}"#)).time("at");
    let expected = Some(Timestamp::from_unix_seconds(1_497_497_620));
    for value in ["1497497620", "\"1497497620\"", "1497497620.0"] {
        assert_eq!(time(value), expected, "{value}");
    }
    for value in ["0", "-1", "null", "\"\"", "\"2026-01-01\"", "true", "18446744073709551615"] {
        assert_eq!(time(value), None, "{value}");
    }
}

#[test]
fn scope_lists_come_with_spaces_commas_or_as_lists() {
    let expected = Some(ScopeSet::parse("email openid"));
    for list in ["\"email,openid\"", "\"openid email\"", "[\"email\",\"openid\"]", "[\"email,openid\",7]"] {
        assert_eq!(read(&format!(r#"{{"scope":{list}}}"#)).scopes("scope"), expected, "{list}");
    }
    assert_eq!(read(r#"{"scope":""}"#).scopes("scope"), Some(ScopeSet::new()));
    for none in ["null", "7", "{}"] {
        assert_eq!(read(&format!(r#"{{"scope":{none}}}"#)).scopes("scope"), None, "{none}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(reply) = Reply::read(&body) {
            let _ = (reply.is_refusal(), reply.id("a"), reply.time("a"), reply.flag("a"), reply.scopes("a"));
        }
    }

    #[test]
    fn an_end_is_after_its_start_or_unknown(life in "-?[0-9]{0,25}(\\.[0-9]{1,3})?|\"\\PC{0,12}\"|null") {
        if let Ok(reply) = Reply::read(format!(r#"{{"life":{life}}}"#).as_bytes())
            && let Ok(end) = reply.end("life", START)
        {
            prop_assert!(end.at().is_none_or(|end| end > START));
        }
    }

    #[test]
    fn a_form_is_read_as_it_was_written(token in "[!-~]{1,40}", scope in "[a-z ,]{0,20}") {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.append_pair("access_token", &token).append_pair("scope", &scope).finish();
        let reply = Reply::read(body.as_bytes()).unwrap();
        prop_assert_eq!(reply.text("access_token"), Some(token.as_str()));
        prop_assert_eq!(reply.scopes("scope"), Some(ScopeSet::parse(&scope)));
    }

    #[test]
    fn every_whole_number_survives_as_an_id(id: u64) {
        let reply = Reply::read(format!(r#"{{"user_id":{id}}}"#).as_bytes()).unwrap();
        prop_assert_eq!(reply.id("user_id"), Some(id.to_string()));
    }
}
