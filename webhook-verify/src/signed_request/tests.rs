use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::{
    Strength,
    keyring::signed_by_this_thread,
    testing::{signed_request, signed_request_form},
};

/// The published vector: key `test_app_secret`.
const VECTOR: &str = "9C3os-BVqHdGR8ArmepqNL8RgHPK_ApB7oJt2EtN234.\
                      eyJ1c2VyX2lkIjoiMjE4NDcxIiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjEyOTE4MzY4MDAsIm\
                      V4cGlyZXMiOjEyOTE4NDA0MDB9";
const PAYLOAD: &str =
    r#"{"user_id":"218471","algorithm":"HMAC-SHA256","issued_at":1291836800,"expires":1291840400}"#;
const ISSUED: u64 = 1_291_836_800;
const EXPIRES: u64 = 1_291_840_400;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn builder() -> SignedRequestVerifierBuilder {
    SignedRequestVerifier::builder().secret("main", secret("test_app_secret"))
}

fn verify(text: &str) -> Result<SignedRequest, SignedRequestError> {
    builder().build().unwrap().verify(text, at(ISSUED))
}

/// Signs a payload's text without encoding it.
fn sign_text(payload: &str) -> String {
    let mac = crate::keyring::Key::new("x", &secret("test_app_secret")).sign(b"", payload.as_bytes());
    format!("{}.{payload}", BASE64_URL_SAFE_NO_PAD.encode(mac))
}

fn sign(payload: &str) -> String {
    signed_request(&secret("test_app_secret"), payload)
}

#[test]
fn the_known_vector_verifies() {
    let request = verify(VECTOR).unwrap();
    assert_eq!((request.user_id(), request.secret_name(), request.raw()), ("218471", "main", PAYLOAD));
    assert_eq!(request.issued_at().map(SystemTime::from), Some(at(ISSUED)));
    assert_eq!(request.expires().map(SystemTime::from), Some(at(EXPIRES)));
    assert_eq!((request.profile_id(), request.strength()), (None, Strength::Exact));
    assert_eq!(sign(PAYLOAD), VECTOR);
}

#[test]
fn the_form_is_read_as_meta_posts_it() {
    let verifier = builder().build().unwrap();
    let encoded = signed_request_form(&secret("test_app_secret"), PAYLOAD);
    for body in [
        format!("signed_request={VECTOR}"),
        encoded,
        format!("a=1&signed_request={VECTOR}&b&signed_request2=x"),
        format!("signed%5Frequest={VECTOR}&"),
    ] {
        assert_eq!(verifier.verify_form(body.as_bytes(), at(ISSUED)).unwrap().user_id(), "218471", "{body}");
    }
    for (body, expected, status) in [
        (Vec::new(), SignedRequestError::MissingField, 400),
        (VECTOR.into(), SignedRequestError::MissingField, 400),
        (format!(r#"{{"signed_request":"{VECTOR}"}}"#).into(), SignedRequestError::MissingField, 400),
        (b"signed_request".to_vec(), SignedRequestError::Empty, 400),
        (b"signed_request=%ff".to_vec(), SignedRequestError::NotText, 400),
        (b"signed_request=\xff".to_vec(), SignedRequestError::NotText, 400),
        (
            format!("signed_request={VECTOR}&signed_reques%74={VECTOR}").into(),
            SignedRequestError::DuplicateField,
            400,
        ),
        (vec![b'a'; 65_537], SignedRequestError::TooLong { length: 65_537, limit: 65_536 }, 413),
        (
            [b"signed_request=".as_slice(), &vec![b'a'; 16_385]].concat(),
            SignedRequestError::TooLong { length: 16_385, limit: 16_384 },
            413,
        ),
    ] {
        let error = verifier.verify_form(&body, at(ISSUED)).unwrap_err();
        assert_eq!(
            (&error, error.suggested_status()),
            (&expected, status),
            "{}",
            String::from_utf8_lossy(&body)
        );
    }
}

#[test]
fn each_damage_has_its_own_error_and_hint() {
    use SignedRequestHint as Hint;
    let (signature, payload) = VECTOR.split_once('.').unwrap();
    let mismatch = |hint| SignedRequestError::Mismatch { secrets: 1, hints: vec![hint] };
    let dots = |found, hints: &[Hint]| SignedRequestError::Dots { found, hints: hints.to_vec() };
    let encoding = |hints: &[Hint]| SignedRequestError::SignatureEncoding { hints: hints.to_vec() };
    for (text, expected, status) in [
        (String::new(), SignedRequestError::Empty, 400),
        (payload.to_owned(), dots(0, &[]), 400),
        (format!("{VECTOR}."), dots(2, &[]), 400),
        (format!("eyJhbGciOiJSUzI1NiJ9.{payload}.{signature}"), dots(2, &[Hint::WebToken]), 400),
        (VECTOR.replace('.', "%2E"), dots(0, &[Hint::PercentEncoded]), 400),
        (format!("signed_request={VECTOR}"), encoding(&[Hint::WholeForm]), 400),
        (format!("\"{VECTOR}\""), encoding(&[Hint::Surrounded]), 400),
        (VECTOR.replace('-', "+").replace('_', "/"), encoding(&[Hint::PlainBase64]), 400),
        (VECTOR.replace('-', " "), encoding(&[Hint::PlainBase64]), 400),
        (format!("é{VECTOR}"), encoding(&[]), 400),
        (format!(".{payload}"), SignedRequestError::SignatureLength { found: 0 }, 400),
        (format!("AAAA.{payload}"), SignedRequestError::SignatureLength { found: 3 }, 400),
        (format!("{}.{payload}", "A".repeat(44)), SignedRequestError::SignatureLength { found: 33 }, 400),
        (format!("{signature}."), mismatch(Hint::OtherSecret), 401),
        (VECTOR[..VECTOR.len() - 1].to_owned(), mismatch(Hint::OtherSecret), 401),
        (format!("{VECTOR}=="), mismatch(Hint::AddedPadding), 401),
        (format!("{VECTOR}\n"), mismatch(Hint::Surrounded), 401),
        (signed_request(&secret("other"), PAYLOAD), mismatch(Hint::OtherSecret), 401),
        (sign_text("not base64!"), SignedRequestError::PayloadEncoding, 400),
        (sign(""), SignedRequestError::NotJsonObject, 400),
        (sign("token"), SignedRequestError::NotJsonObject, 400),
        (sign("[1]"), SignedRequestError::NotJsonObject, 400),
        (sign_text(&BASE64_URL_SAFE.encode(b"{\"a\":\"\xff\"}")), SignedRequestError::NotJsonObject, 400),
        (sign(&"[".repeat(12_000)), SignedRequestError::NotJsonObject, 400),
        (sign("{}"), SignedRequestError::UnsupportedAlgorithm, 400),
        (sign(&PAYLOAD.replace("SHA256", "SHA1")), SignedRequestError::UnsupportedAlgorithm, 400),
        (sign(&PAYLOAD.replace("\"HMAC-SHA256\"", "7")), SignedRequestError::UnsupportedAlgorithm, 400),
        (sign(r#"{"algorithm":"HMAC-SHA256"}"#), SignedRequestError::MissingUser, 400),
        (sign(r#"{"algorithm":"HMAC-SHA256","user_id":""}"#), SignedRequestError::MissingUser, 400),
        (sign(r#"{"algorithm":"HMAC-SHA256","user_id":{}}"#), SignedRequestError::MissingUser, 400),
        ("a".repeat(16_385), SignedRequestError::TooLong { length: 16_385, limit: 16_384 }, 413),
    ] {
        let error = verify(&text).unwrap_err();
        assert_eq!((&error, error.suggested_status()), (&expected, status), "{text}");
    }
}

#[test]
fn payloads_are_read_leniently() {
    let deep = format!(
        r#"{{"algorithm":"HMAC-SHA256","user_id":1,"deep":{}{}}}"#,
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    for (payload, user, profile) in [
        (r#"{"algorithm":"hmac-sha256","user_id":218471}"#, "218471", None),
        (
            r#"{"algorithm":"HMAC-SHA256","user_id":123456789012345678901234567890}"#,
            "123456789012345678901234567890",
            None,
        ),
        (
            r#"{"algorithm":"HMAC-SHA256","user_id":"1","profile_id":"2","issued_at":"x","expires":"y"}"#,
            "1",
            Some("2"),
        ),
        (
            r#"{"algorithm":"HMAC-SHA256","user_id":"1","profile_id":7,"expires":0,"issued_at":-1}"#,
            "1",
            Some("7"),
        ),
        (&deep, "1", None),
    ] {
        let request = verify(&sign(payload)).unwrap();
        assert_eq!((request.user_id(), request.profile_id(), request.raw()), (user, profile, payload));
        assert_eq!((request.issued_at(), request.expires()), (None, None));
    }
}

#[test]
fn padding_is_accepted_where_it_is_signed() {
    for payload in [PAYLOAD.to_owned(), PAYLOAD.replace("218471", "21847"), PAYLOAD.replace("218471", "2184")]
    {
        let text = sign_text(&BASE64_URL_SAFE.encode(&payload));
        assert_eq!(verify(&text).unwrap().raw(), payload);
        let (signature, payload) = text.split_once('.').unwrap();
        assert!(verify(&format!("{signature}=.{payload}")).is_ok());
    }
}

#[test]
fn expires_is_enforced() {
    let verifier = builder().build().unwrap();
    assert!(verifier.verify(VECTOR, at(EXPIRES - 1)).is_ok());
    for late in [EXPIRES, EXPIRES + 1, EXPIRES * 2] {
        let error = verifier.verify(VECTOR, at(late)).unwrap_err();
        assert_eq!((&error, error.suggested_status()), (&SignedRequestError::Expired, 401), "{late}");
    }
    let never = sign(&PAYLOAD.replace("1291840400", "0"));
    assert!(verifier.verify(&never, at(EXPIRES * 2)).is_ok());
    assert!(verifier.verify(VECTOR, EventTime::from_unix_millis(1_291_836_800_000).unwrap()).is_ok());
}

#[test]
fn the_age_counts_only_when_it_is_limited() {
    let text = sign(&PAYLOAD.replace("1291840400", "0"));
    assert!(verify(&sign(r#"{"algorithm":"HMAC-SHA256","user_id":"1"}"#)).is_ok());
    assert!(builder().build().unwrap().verify(&text, at(0)).is_ok());

    let limited = builder().max_age(Duration::from_secs(60)).future_tolerance(Duration::from_secs(10));
    let limited = limited.build().unwrap();
    for (now, expected) in [
        (ISSUED, None),
        (ISSUED + 60, None),
        (ISSUED + 61, Some(SignedRequestError::TooOld)),
        (ISSUED - 10, None),
        (ISSUED - 11, Some(SignedRequestError::FromTheFuture)),
        (0, Some(SignedRequestError::FromTheFuture)),
    ] {
        assert_eq!(limited.verify(&text, at(now)).err(), expected, "{now}");
    }
    let timeless = sign(r#"{"algorithm":"HMAC-SHA256","user_id":"1"}"#);
    assert_eq!(limited.verify(&timeless, at(ISSUED)).unwrap_err(), SignedRequestError::MissingIssuedAt);
}

#[test]
fn the_age_is_judged_only_after_the_signature() {
    let forged = signed_request(&secret("other"), PAYLOAD);
    let error = builder().build().unwrap().verify(&forged, at(EXPIRES * 2)).unwrap_err();
    assert_eq!(error.reason(), "mismatch");
}

#[test]
fn every_secret_is_tried_whichever_matches() {
    let names = ["main", "instagram", "before"];
    let verifier = names
        .iter()
        .fold(SignedRequestVerifier::builder(), |builder, name| builder.secret(*name, secret(name)));
    let verifier = verifier.build().unwrap();
    for name in names {
        let text = signed_request(&secret(name), PAYLOAD);
        let before = signed_by_this_thread();
        assert_eq!(verifier.verify(&text, at(ISSUED)).unwrap().secret_name(), name);
        assert_eq!(signed_by_this_thread() - before, 3, "{name}");
    }
    let before = signed_by_this_thread();
    let error = verifier.verify(VECTOR, at(ISSUED)).unwrap_err();
    assert_eq!(signed_by_this_thread() - before, 3);
    assert!(error.to_string().contains("(3 tried): the text looks as sent"), "{error}");
}

#[test]
fn a_repeat_has_the_same_key_and_nothing_else_has() {
    let key = |payload: &str, callback| verify(&sign(payload)).unwrap().dedupe_key(callback);
    let first = key(PAYLOAD, "deauthorize");
    assert_eq!(first, key(&PAYLOAD.replace("\"218471\"", "218471"), "deauthorize"));
    let others = [
        key(PAYLOAD, "data_deletion"),
        key(&PAYLOAD.replace("218471", "218472"), "deauthorize"),
        key(&PAYLOAD.replace("1291836800", "1291836801"), "deauthorize"),
        key(&PAYLOAD.replace("\"issued_at\"", "\"sent\""), "deauthorize"),
        key(&PAYLOAD.replace("\"issued_at\":1291836800", "\"sent\":1"), "deauthorize"),
    ];
    for (place, other) in others.iter().enumerate() {
        assert!(*other != first && !others[place + 1..].contains(other), "{place}");
    }
    let timeless = verify(&sign(r#"{"algorithm":"HMAC-SHA256","user_id":"1"}"#)).unwrap();
    assert_eq!(timeless.strength(), Strength::BestEffort);
}

#[test]
fn nothing_printed_holds_a_secret_a_mac_or_the_payload() {
    let verifier = SignedRequestVerifier::builder().secret("main", secret("canary-secret"));
    let payload = r#"{"algorithm":"HMAC-SHA256","user_id":"canary-user","oauth_token":"canary-token","code":"canary-code"}"#;
    let text = signed_request(&secret("canary-secret"), payload);
    let mut printed = format!("{verifier:?}");
    let verifier = verifier.build().unwrap();
    let request = verifier.verify(&text, at(ISSUED)).unwrap();
    write!(printed, "{verifier:?} {request:?} {request:#?}").unwrap();
    for damaged in [
        format!("{text}."),
        format!("+{text}"),
        text.replacen('.', "A.", 1),
        format!("{text}A"),
        signed_request(&secret("canary-secret"), "canary-text"),
        signed_request(&secret("canary-secret"), r#"{"canary":1}"#),
    ] {
        let error = verifier.verify(&damaged, at(ISSUED)).unwrap_err();
        write!(printed, "{error} {error:?} {:?}", error.hints()).unwrap();
    }
    let answer = DataDeletionAnswer::new("https://example.com/canary", "canary").unwrap();
    write!(printed, "{answer:?} {}", DataDeletionAnswer::new("canary", "canary").unwrap_err()).unwrap();
    printed += &DataDeletionAnswer::new("https://example.com", "canary canary").unwrap_err().to_string();
    assert!(!printed.contains("canary"), "{printed}");
    assert!(!printed.contains(&text[..20]), "{printed}");
}

#[test]
fn verifiers_that_make_no_sense_are_refused() {
    assert_eq!(SignedRequestVerifier::builder().build().unwrap_err(), BuildError::NoSecret);
    assert_eq!(builder().max_age(Duration::ZERO).build().unwrap_err(), BuildError::ZeroMaxAge);
    let twice = builder().secret("main", secret("2")).build().unwrap_err();
    assert_eq!(twice, BuildError::DuplicateName { name: "main".to_owned() });
}

#[test]
fn the_answer_to_a_deletion_is_json_with_both_members() {
    let code = "a".repeat(64);
    let answer = DataDeletionAnswer::new("HTTPS://example.com:8443/d?id=1&x=%22#a", &code).unwrap();
    let json: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"url": "HTTPS://example.com:8443/d?id=1&x=%22#a", "confirmation_code": code})
    );
    assert_eq!(answer.headers()[0], ("content-type", "application/json"));
    for url in [
        "",
        "http://example.com/",
        "https://",
        "https:///path",
        "https://:443/",
        "https://user@example.com/",
        "https://example.com/a b",
        "https://example.com/\"",
        "https://example.com/\\",
        "https://example.com/<b>",
        "https://example.com/é",
        "https://example.com/\n",
        &format!("https://example.com/{}", "a".repeat(2048)),
    ] {
        assert_eq!(DataDeletionAnswer::new(url, "a").unwrap_err(), DataDeletionError::BadUrl, "{url}");
    }
    for code in ["", "a-b", "a b", "é", "\"", &"a".repeat(65)] {
        let error = DataDeletionAnswer::new("https://example.com", code).unwrap_err();
        assert_eq!(error, DataDeletionError::BadCode, "{code}");
    }
}

#[test]
fn a_confirmation_code_keeps_every_bit() {
    let code = DataDeletionAnswer::confirmation_code;
    assert_eq!(code([0; 16]), "0".repeat(26));
    assert_eq!(code([255; 16]), format!("7{}", "Z".repeat(25)));
    let codes: std::collections::BTreeSet<_> =
        (0..128).map(|bit| code((1_u128 << bit).to_be_bytes())).collect();
    assert_eq!(codes.len(), 128);
    for code in codes {
        assert!(DataDeletionAnswer::new("https://example.com/", &code).is_ok(), "{code}");
    }
}

proptest! {
    #[test]
    fn any_changed_character_fails(place: prop::sample::Index, letter in "[A-Za-z0-9_.=-]") {
        let place = place.index(VECTOR.len());
        let mut changed = VECTOR.to_owned();
        changed.replace_range(place..=place, &letter);
        prop_assert_eq!(verify(&changed).is_ok(), changed == VECTOR);
    }

    #[test]
    fn no_payload_panics(payload in "\\{[ -~é\\\\\"]{0,60}\\}", text: String) {
        let _ = (verify(&sign(&payload)), verify(&text), verify(&sign_text(&payload)));
    }
}
