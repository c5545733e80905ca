//! One row for each way in which a delivery can be bad.

use bytes::Bytes;
use sociogram_webhook_verify::{
    Hint, ParseError, Provider, Secret, SignatureFault, VerifyError, parse_linkedin, parse_meta, testing,
};

use super::{linkedin, meta, secret};

const BODY: &[u8] = br#"{"object":"page","entry":[]}"#;

fn verify(provider: Provider, headers: &[String], body: &[u8]) -> Result<&'static str, VerifyError> {
    let body = Bytes::copy_from_slice(body);
    let verified = match provider {
        Provider::Meta => meta().verify(headers, body)?,
        _ => linkedin().verify(headers, body)?,
    };
    assert_eq!(verified.secret_name(), "main");
    Ok("verified")
}

fn sign(provider: Provider, secret: &Secret, body: &[u8]) -> String {
    match provider {
        Provider::Meta => testing::sign_meta(secret, body),
        _ => testing::sign_linkedin(secret, body),
    }
}

/// Name, values of the header, body, what is expected, status.
type Row = (&'static str, Vec<String>, Vec<u8>, Result<&'static str, VerifyError>, u16);

/// Rows that both platforms have in common.
fn rows(provider: Provider) -> Vec<Row> {
    let good = sign(provider, &secret(), BODY);
    let prefix = if provider == Provider::Meta { "sha256=" } else { "" };
    let digits = good.trim_start_matches(prefix).to_owned();
    let malformed = |fault| Err(VerifyError::MalformedSignature { provider, fault });
    let length = |found| malformed(SignatureFault::Length { found });
    let mismatch = |hints: &[Hint]| Err(VerifyError::Mismatch { secrets: 2, hints: hints.to_vec() });
    let twice = || Err(VerifyError::DuplicateSignature { provider });
    let signed = |body: &[u8]| vec![sign(provider, &secret(), body)];
    let spaced =
        serde_json::to_vec_pretty(&serde_json::from_slice::<serde_json::Value>(BODY).unwrap()).unwrap();
    let sha1 = "sha1=1a0f9c7c0ba12e75ceddc41a1849c768641b8c7d".to_owned();
    let sha1_error = match provider {
        Provider::Meta => VerifyError::Sha1Signature,
        _ => VerifyError::UnsupportedAlgorithm { provider },
    };
    let huge = vec![b'{'; 10 * 1024 * 1024];
    let too_large = VerifyError::BodyTooLarge { provider, length: huge.len(), limit: 4 * 1024 * 1024 };
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    vec![
        ("right", vec![good.clone()], BODY.to_vec(), Ok("verified"), 200),
        (
            "upper case",
            vec![format!("{prefix}{}", digits.to_uppercase())],
            BODY.to_vec(),
            Ok("verified"),
            200,
        ),
        ("missing", vec![], BODY.to_vec(), Err(VerifyError::MissingSignature { provider }), 401),
        ("duplicate", vec![good.clone(), good.clone()], BODY.to_vec(), twice(), 400),
        ("joined by a proxy", vec![format!("{good}, {good}")], BODY.to_vec(), twice(), 400),
        ("empty header", vec![String::new()], BODY.to_vec(), malformed(SignatureFault::Empty), 400),
        ("truncated", vec![good[..good.len() - 1].to_owned()], BODY.to_vec(), length(63), 400),
        ("too long", vec![format!("{good}0")], BODY.to_vec(), length(65), 400),
        (
            "no hexadecimal",
            vec![format!("{prefix}{}", "g".repeat(64))],
            BODY.to_vec(),
            malformed(SignatureFault::NotHex),
            400,
        ),
        ("SHA-1", vec![sha1], BODY.to_vec(), Err(sha1_error), 400),
        (
            "other algorithm",
            vec![format!("sha512={digits}")],
            BODY.to_vec(),
            Err(VerifyError::UnsupportedAlgorithm { provider }),
            400,
        ),
        (
            "wrong secret",
            vec![sign(provider, &Secret::new("x").unwrap(), BODY)],
            BODY.to_vec(),
            mismatch(&[Hint::OtherSecret]),
            401,
        ),
        ("written again", vec![good.clone()], spaced, mismatch(&[Hint::AddedWhitespace]), 401),
        ("empty body", vec![good.clone()], vec![], mismatch(&[Hint::EmptyBody]), 401),
        ("compressed", vec![good.clone()], b"\x1f\x8b\x08".to_vec(), mismatch(&[Hint::CompressedBody]), 401),
        ("a form", vec![good.clone()], b"object=page".to_vec(), mismatch(&[Hint::NotJsonBody]), 401),
        ("10 MB", vec![good], huge, Err(too_large), 413),
        ("signed, no JSON", signed(b"hello"), b"hello".to_vec(), Err(VerifyError::NotJsonObject), 400),
        ("signed, empty", signed(b""), vec![], Err(VerifyError::NotJsonObject), 400),
        ("signed, an array", signed(b"[{}]"), b"[{}]".to_vec(), Err(VerifyError::NotJsonObject), 400),
        (
            "signed, not UTF-8",
            signed(b"\xff\xfe"),
            b"\xff\xfe".to_vec(),
            Err(VerifyError::NotJsonObject),
            400,
        ),
        ("signed, deep", signed(deep.as_bytes()), deep.into_bytes(), Err(VerifyError::NotJsonObject), 400),
    ]
}

#[test]
fn every_bad_delivery_has_its_own_error_and_status() {
    for provider in [Provider::Meta, Provider::LinkedIn] {
        for (row, headers, body, expected, status) in rows(provider) {
            let outcome = verify(provider, &headers, &body);
            let answered = outcome.as_ref().map_or_else(VerifyError::suggested_status, |_| 200);
            assert_eq!((outcome, answered), (expected, status), "{provider}: {row}");
        }
    }
}

#[test]
fn a_header_without_the_prefix_of_meta_is_refused() {
    let bare = testing::sign_meta(&secret(), BODY).replace("sha256=", "");
    let fault = SignatureFault::NoPrefix;
    let error = verify(Provider::Meta, &[bare], BODY).unwrap_err();
    assert_eq!(error, VerifyError::MalformedSignature { provider: Provider::Meta, fault });
}

#[test]
fn text_that_meta_escapes_and_a_middleware_unescaped_gets_the_hint() {
    let sent = br#"{"object":"page","entry":[{"id":"\u00e4"}]}"#;
    let header = testing::sign_meta(&secret(), sent);
    let again = serde_json::to_vec(&serde_json::from_slice::<serde_json::Value>(sent).unwrap()).unwrap();
    let error = verify(Provider::Meta, &[header], &again).unwrap_err();
    assert_eq!(error.hints(), [Hint::UnescapedText]);
}

#[test]
fn a_verified_object_that_cannot_be_parsed_has_its_own_error() {
    let deep = format!("{{\"a\":{}}}", "[".repeat(100_000));
    for (body, expected) in [
        (&b"{\"a\":\"\xff\"}"[..], ParseError::NotUtf8),
        (b"{\"a\":1,}", ParseError::NotJson { line: 1, column: 8 }),
        (b"{}{}", ParseError::NotJson { line: 1, column: 3 }),
        (b"{\n\"a\":1e}", ParseError::NotJson { line: 2, column: 7 }),
        (deep.as_bytes(), ParseError::NotJson { line: 1, column: deep.len() }),
    ] {
        let body = Bytes::copy_from_slice(body);
        let verified = meta().verify([testing::sign_meta(&secret(), &body)], body.clone()).unwrap();
        assert_eq!(parse_meta(&verified).unwrap_err(), expected, "{}", body.len());
        assert_eq!(
            parse_linkedin(&verified).unwrap_err(),
            ParseError::OtherProvider { signed_by: Provider::Meta }
        );
        let verified = linkedin().verify([testing::sign_linkedin(&secret(), &body)], body.clone()).unwrap();
        assert_eq!(parse_linkedin(&verified).unwrap_err(), expected, "{}", body.len());
    }
}
