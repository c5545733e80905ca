use bytes::Bytes;
use proptest::prelude::*;
use serde::Deserialize;

use super::{LinkedInReading, LinkedInVerifier};
use crate::{
    BuildError, Hint, Provider, Scheme, Secret, VerifyError,
    keyring::signed_by_this_thread,
    testing::{linkedin_challenge_response, sign_linkedin, sign_linkedin_bare},
};

const BODY: &str = r#"{"type":"LEAD_ACTION","leadAction":"CREATED"}"#;
const PREFIXED: &str = "0a637413caaaddbad440ec6b866cdf469bdf0457cb5db26479d9f162dcb03714";
const BARE: &str = "7130cfa1e3c7d340707477c28f48fa59279615558e8a026fa48b6a19653ab635";
const CODE: &str = "890e4665-4dfe-4ab1-b689-ed553bceeed0";

#[derive(Deserialize)]
struct Vectors {
    challenge: Vec<ChallengeRow>,
    signature: Vec<SignatureRow>,
}

#[derive(Deserialize)]
struct ChallengeRow {
    client_secret: String,
    challenge_code: String,
    challenge_response: String,
}

#[derive(Deserialize)]
struct SignatureRow {
    client_secret: String,
    raw_body: String,
    literal_reading: String,
    prefix_reading: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../testdata/linkedin_webhook_vectors.json")).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn verifier(text: &str, reading: LinkedInReading) -> LinkedInVerifier {
    LinkedInVerifier::builder().secret("main", secret(text)).reading(reading).build().unwrap()
}

fn verify(reading: LinkedInReading, signature: &str, body: &str) -> Result<Scheme, VerifyError> {
    verifier("test_client_secret", reading)
        .verify([signature], Bytes::copy_from_slice(body.as_bytes()))
        .map(|verified| verified.scheme())
}

#[test]
fn every_challenge_row_is_answered() {
    let rows = vectors().challenge;
    assert_eq!(rows.len(), 9);
    for row in rows {
        let answer = verifier(&row.client_secret, LinkedInReading::Either)
            .challenge(&format!("challengeCode={}", row.challenge_code))
            .unwrap();
        let expected = serde_json::json!({
            "challengeCode": row.challenge_code,
            "challengeResponse": row.challenge_response,
        });
        assert_eq!(serde_json::from_str::<serde_json::Value>(answer.body()).unwrap(), expected);
    }
}

#[test]
fn every_signature_row_verifies_in_its_reading_only() {
    let rows = vectors().signature;
    assert_eq!(rows.len(), 18);
    for row in rows {
        let verify = |reading, signature: &str| {
            verifier(&row.client_secret, reading)
                .verify([signature], Bytes::copy_from_slice(row.raw_body.as_bytes()))
                .map(|verified| verified.scheme())
        };
        for (signature, reading, scheme, other) in [
            (
                &row.literal_reading,
                LinkedInReading::Prefixed,
                Scheme::LinkedInPrefixed,
                LinkedInReading::Bare,
            ),
            (&row.prefix_reading, LinkedInReading::Bare, Scheme::LinkedInBare, LinkedInReading::Prefixed),
        ] {
            // The one body that is no JSON object must be refused although its MAC is right.
            let expected = if row.raw_body.is_empty() { Err(VerifyError::NotJsonObject) } else { Ok(scheme) };
            assert_eq!(verify(reading, signature), expected, "{}", row.raw_body);
            assert_eq!(verify(LinkedInReading::Either, signature), expected, "{}", row.raw_body);
            assert_eq!(verify(other, signature).unwrap_err().reason(), "mismatch", "{}", row.raw_body);
        }
    }
}

#[test]
fn the_header_prefix_says_nothing_about_the_signed_text() {
    for (digits, scheme) in [(PREFIXED, Scheme::LinkedInPrefixed), (BARE, Scheme::LinkedInBare)] {
        for header in [digits.to_owned(), format!("hmacsha256={digits}"), format!("HMACSHA256={digits}")] {
            assert_eq!(verify(LinkedInReading::Either, &header, BODY), Ok(scheme));
        }
    }
}

#[test]
fn the_answer_to_a_challenge_is_no_signature() {
    // The challenge MAC equals the bare MAC of a body that is the UUID itself.
    let stolen = linkedin_challenge_response(&secret("test_client_secret"), CODE);
    assert_eq!(verify(LinkedInReading::Either, &stolen, CODE), Err(VerifyError::NotJsonObject));
    assert_eq!(
        verify(LinkedInReading::Either, &stolen, BODY),
        Err(VerifyError::Mismatch { secrets: 1, hints: vec![Hint::OtherSecret] })
    );
}

#[test]
fn a_body_that_brings_its_own_prefix_is_refused() {
    assert_eq!(
        verify(LinkedInReading::Either, PREFIXED, &format!("hmacsha256={BODY}")),
        Err(VerifyError::NotJsonObject)
    );
}

#[test]
fn every_secret_and_application_is_tried() {
    let verifier = LinkedInVerifier::builder()
        .secret("parent", secret("one"))
        .application("11", "child", secret("two"))
        .application("11", "child before", secret("three"))
        .build()
        .unwrap();
    for (text, name) in [("one", "parent"), ("two", "child"), ("three", "child before")] {
        for signature in [
            sign_linkedin(&secret(text), BODY.as_bytes()),
            sign_linkedin_bare(&secret(text), BODY.as_bytes()),
        ] {
            let proof = verifier.verify([signature], Bytes::from_static(BODY.as_bytes())).unwrap();
            assert_eq!(proof.secret_name(), name);
            assert_eq!(proof.scheme().provider(), Provider::LinkedIn);
        }
    }
    let foreign = sign_linkedin(&secret("four"), BODY.as_bytes());
    let error = verifier.verify([foreign], Bytes::from_static(BODY.as_bytes())).unwrap_err();
    assert!(error.to_string().contains("(3 tried)"), "{error}");
}

#[test]
fn the_work_does_not_depend_on_what_matches() {
    for (reading, macs) in
        [(LinkedInReading::Either, 6), (LinkedInReading::Prefixed, 3), (LinkedInReading::Bare, 3)]
    {
        let builder = LinkedInVerifier::builder().reading(reading);
        let builder =
            ["one", "two", "three"].iter().fold(builder, |builder, name| builder.secret(*name, secret(name)));
        let verifier = builder.build().unwrap();
        for text in ["one", "two", "three", "stranger"] {
            for sign in [sign_linkedin, sign_linkedin_bare] {
                let signature = sign(&secret(text), BODY.as_bytes());
                let before = signed_by_this_thread();
                let _ = verifier.verify([signature], Bytes::from_static(BODY.as_bytes()));
                assert_eq!(signed_by_this_thread() - before, macs, "{reading:?} {text}");
            }
        }
    }
}

#[test]
fn headers_and_limits() {
    let provider = Provider::LinkedIn;
    let body = Bytes::from_static(BODY.as_bytes());
    let either = verifier("test_client_secret", LinkedInReading::Either);
    let missing = either.verify(None::<&str>, body.clone()).unwrap_err();
    assert_eq!(missing, VerifyError::MissingSignature { provider });
    assert!(
        missing.to_string().starts_with("no X-LI-Signature header: the request did not come from LinkedIn")
    );
    let double = either.verify([PREFIXED, PREFIXED], body.clone()).unwrap_err();
    assert_eq!(double, VerifyError::DuplicateSignature { provider });
    let small = LinkedInVerifier::builder().secret("a", secret("b")).max_body_bytes(10).build().unwrap();
    let error = small.verify([PREFIXED], body).unwrap_err();
    assert_eq!(error, VerifyError::BodyTooLarge { provider, length: BODY.len(), limit: 10 });
}

#[test]
fn builders_that_make_no_sense_are_refused() {
    let build = |id: &str| LinkedInVerifier::builder().application(id, "a", secret("b")).build();
    for id in ["", "1 2", "1\n", &"1".repeat(129)] {
        assert_eq!(build(id).unwrap_err(), BuildError::BadApplicationId, "{id:?}");
    }
    assert!(build("urn:li:developerApplication:123").is_ok());
    assert_eq!(LinkedInVerifier::builder().build().unwrap_err(), BuildError::NoSecret);
    let zero = LinkedInVerifier::builder().secret("a", secret("b")).max_body_bytes(0).build();
    assert_eq!(zero.unwrap_err(), BuildError::ZeroBodyLimit);
}

proptest! {
    #[test]
    fn any_bit_flip_fails(text in "[ -~é]{0,60}", place: prop::sample::Index, bare: bool) {
        let body = format!("{{\"t\":\"{text}\"}}").into_bytes();
        let sign = if bare { sign_linkedin_bare } else { sign_linkedin };
        let signature = sign(&secret("test_client_secret"), &body);
        let verifier = verifier("test_client_secret", LinkedInReading::Either);
        prop_assert!(verifier.verify([&signature], Bytes::from(body.clone())).is_ok());
        let mut flipped = body;
        let bit = place.index(flipped.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verifier.verify([&signature], Bytes::from(flipped)).is_err());
    }
}
