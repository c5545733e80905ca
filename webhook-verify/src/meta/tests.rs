use bytes::Bytes;
use proptest::prelude::*;

use super::MetaVerifier;
use crate::{
    BuildError, Hint, Provider, Scheme, Secret, VerifyError, keyring::signed_by_this_thread,
    testing::sign_meta,
};

const BODY: &[u8] = br#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[]}]}"#;
const SIGNATURE: &str = "sha256=231868f9ac6f7a304cc336397814a89c3d9bf5f61ce3f5b5e9392ea523f42aa4";
const ESCAPED: &str = r#"{"text":"\u00e4\u00f6\u00e5 \/ \u0040 \u0025 \u003C"}"#;
const ESCAPED_SIGNATURE: &str = "sha256=30bd5590ee9a6d4ea94d142fab5653b0c9dffc5c34db61d113baadbcde1df8c1";
const DECODED: &str = r#"{"text":"äöå / @ % <"}"#;
const DECODED_SIGNATURE: &str = "sha256=d7db73b75b950b61d67663ca647bbc22a00983622d23dfa3c30ff88a3540230c";

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn verifier() -> MetaVerifier {
    MetaVerifier::builder().secret("main", secret("test_app_secret")).build().unwrap()
}

fn refusal(signature: &str, body: &[u8]) -> VerifyError {
    verifier().verify([signature], Bytes::copy_from_slice(body)).unwrap_err()
}

#[test]
fn known_vectors_verify() {
    for (body, signature) in
        [(BODY, SIGNATURE), (ESCAPED.as_bytes(), ESCAPED_SIGNATURE), (DECODED.as_bytes(), DECODED_SIGNATURE)]
    {
        let verified = verifier().verify([signature], Bytes::copy_from_slice(body)).unwrap();
        assert_eq!(verified.body(), body);
        assert_eq!((verified.secret_name(), verified.scheme()), ("main", Scheme::MetaSha256));
        assert_eq!(verified.scheme().provider(), Provider::Meta);
        assert_eq!(verified.into_body(), body);
    }
}

#[test]
fn header_values_come_in_many_types() {
    let body = Bytes::from_static(BODY);
    assert!(verifier().verify(Some(SIGNATURE), body.clone()).is_ok());
    assert!(verifier().verify(Some(SIGNATURE.as_bytes()), body.clone()).is_ok());
    assert!(verifier().verify(vec![SIGNATURE.to_owned()], body.clone()).is_ok());
    assert!(verifier().verify(&[SIGNATURE.as_bytes().to_vec()], body).is_ok());
}

#[test]
fn a_rewritten_body_is_refused_with_the_reason() {
    let error = refusal(ESCAPED_SIGNATURE, DECODED.as_bytes());
    assert_eq!(error, VerifyError::Mismatch { secrets: 1, hints: vec![Hint::UnescapedText] });
    assert_eq!(error.suggested_status(), 401);
    assert!(error.to_string().contains("parsed and written again"), "{error}");
    assert_eq!(refusal(SIGNATURE, b"").hints(), [Hint::EmptyBody]);
    assert_eq!(refusal(SIGNATURE, ESCAPED.as_bytes()).hints(), [Hint::OtherSecret]);
}

#[test]
fn absent_double_and_legacy_headers_have_their_own_errors() {
    let body = Bytes::from_static(BODY);
    let provider = Provider::Meta;
    let missing = verifier().verify(None::<&[u8]>, body.clone()).unwrap_err();
    assert_eq!((&missing, missing.suggested_status()), (&VerifyError::MissingSignature { provider }, 401));
    assert_eq!(
        missing.to_string(),
        "no X-Hub-Signature-256 header: the request did not come from Meta, or a proxy dropped the header"
    );
    let double = verifier().verify([SIGNATURE, SIGNATURE], body).unwrap_err();
    assert_eq!((&double, double.suggested_status()), (&VerifyError::DuplicateSignature { provider }, 400));
    let legacy = refusal("sha1=1a0f9c7c0ba12e75ceddc41a1849c768641b8c7d", BODY);
    assert_eq!((&legacy, legacy.suggested_status()), (&VerifyError::Sha1Signature, 400));
}

#[test]
fn the_secret_that_matched_is_named_in_any_order() {
    let secrets = [("main", "one"), ("instagram", "two"), ("before", "three")];
    for (name, text) in secrets {
        for turn in 0..3 {
            let mut builder = MetaVerifier::builder();
            for (name, text) in secrets.iter().cycle().skip(turn).take(3) {
                builder = builder.secret(*name, secret(text));
            }
            let signature = sign_meta(&secret(text), BODY);
            let verified = builder.build().unwrap().verify([signature], Bytes::from_static(BODY)).unwrap();
            assert_eq!(verified.secret_name(), name);
        }
    }
}

#[test]
fn the_work_does_not_depend_on_which_secret_matches() {
    let names = ["one", "two", "three"];
    let builder =
        names.iter().fold(MetaVerifier::builder(), |builder, name| builder.secret(*name, secret(name)));
    let verifier = builder.build().unwrap();
    for text in ["one", "two", "three", "stranger"] {
        let signature = sign_meta(&secret(text), BODY);
        let before = signed_by_this_thread();
        let outcome = verifier.verify([signature], Bytes::from_static(BODY));
        assert_eq!(signed_by_this_thread() - before, 3, "{text}");
        assert_eq!(
            outcome.ok().map(|proof| proof.secret_name().to_owned()).as_deref(),
            names.into_iter().find(|name| *name == text)
        );
    }
}

#[test]
fn a_clone_verifies_with_the_same_secrets() {
    let clone = verifier().clone();
    assert!(clone.verify([SIGNATURE], Bytes::from_static(BODY)).is_ok());
    assert_eq!(clone.max_body_bytes(), crate::DEFAULT_MAX_BODY_BYTES);
}

#[test]
fn a_signed_body_that_is_no_json_object_is_refused() {
    for body in ["", "token", "[1]", "\"x\"", "3fa85f64-5717-4562-b3fc-2c963f66afa6", "\u{feff}{}"] {
        let error = refusal(&sign_meta(&secret("test_app_secret"), body.as_bytes()), body.as_bytes());
        assert_eq!((&error, error.suggested_status()), (&VerifyError::NotJsonObject, 400), "{body}");
    }
}

#[test]
fn the_body_limit_is_exact_and_comes_first() {
    let limit = BODY.len();
    let at = |limit| {
        MetaVerifier::builder().secret("main", secret("test_app_secret")).max_body_bytes(limit).build()
    };
    assert!(at(limit).unwrap().verify([SIGNATURE], Bytes::from_static(BODY)).is_ok());
    let error = at(limit - 1).unwrap().verify(None::<&str>, Bytes::from_static(BODY)).unwrap_err();
    assert_eq!(
        error,
        VerifyError::BodyTooLarge { provider: Provider::Meta, length: limit, limit: limit - 1 }
    );
    assert_eq!(error.suggested_status(), 413);
    assert_eq!(at(0).unwrap_err(), BuildError::ZeroBodyLimit);
    let large = verifier().verify([SIGNATURE], Bytes::from(vec![b' '; 4 * 1024 * 1024 + 1])).unwrap_err();
    assert_eq!(large.reason(), "body_too_large");
}

#[test]
fn nothing_printed_holds_a_secret_a_mac_or_a_body() {
    let verifier = MetaVerifier::builder().secret("main", secret("canary-secret")).build().unwrap();
    let body = br#"{"canary-body":1}"#;
    let mac = sign_meta(&secret("canary-secret"), body);
    let proof = verifier.verify([&mac], Bytes::from_static(body)).unwrap();
    let error = verifier.verify([SIGNATURE], Bytes::from_static(body)).unwrap_err();
    let builder = MetaVerifier::builder().secret("main", secret("canary-secret"));
    let printed = format!("{verifier:?} {proof:?} {error:?} {error} {builder:?}");
    assert!(!printed.contains("canary"), "{printed}");
    assert!(!printed.contains(&mac[7..]) && !printed.contains(&SIGNATURE[7..]), "{printed}");
}

#[test]
fn a_verifier_without_secrets_cannot_be_built() {
    assert_eq!(MetaVerifier::builder().build().unwrap_err(), BuildError::NoSecret);
    let twice = MetaVerifier::builder().secret("a", secret("1")).secret("a", secret("2")).build();
    assert_eq!(twice.unwrap_err(), BuildError::DuplicateName { name: "a".to_owned() });
}

#[test]
fn verifiers_and_events_are_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<MetaVerifier>();
    shared::<crate::LinkedInVerifier>();
    shared::<crate::Verified<Bytes>>();
    shared::<crate::Event>();
    shared::<VerifyError>();
}

proptest! {
    #[test]
    fn any_bit_flip_fails(text in "[ -~é]{0,60}", body_bit: prop::sample::Index, tag_bit: prop::sample::Index) {
        let body = format!("{{\"t\":\"{text}\"}}").into_bytes();
        let signature = sign_meta(&secret("test_app_secret"), &body);
        prop_assert!(verifier().verify([&signature], Bytes::from(body.clone())).is_ok());

        let mut flipped = body.clone();
        let bit = body_bit.index(flipped.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verifier().verify([&signature], Bytes::from(flipped)).is_err());

        // Flipping a bit of the text may only change its case; flip one of the MAC itself.
        let mut tag = crate::hex::decode(&signature.as_bytes()[7..]).unwrap();
        let bit = tag_bit.index(256);
        tag[bit / 8] ^= 1 << (bit % 8);
        let forged = format!("sha256={}", crate::hex::encode(&tag));
        let error = verifier().verify([forged], Bytes::from(body)).unwrap_err();
        prop_assert_eq!(error.reason(), "mismatch");
    }

    #[test]
    fn nothing_unsigned_verifies(header: Vec<u8>, body: Vec<u8>) {
        prop_assert!(verifier().verify([header], Bytes::from(body)).is_err());
    }
}
