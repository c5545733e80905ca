//! What is fuzzed of the webhooks: everything that anyone may send to a public address. Each function panics when a
//! promise is broken.

use std::time::SystemTime;

use bytes::Bytes;
use serde_json::value::RawValue;
use sociogram_webhook_verify::{
    Delivery, Event, LinkedInReading, LinkedInVerifier, MetaChallenge, MetaVerifier, Provider, Scheme,
    Secret, SignedRequestVerifier, Verified, VerifyError, VerifyToken, parse_linkedin, parse_meta, testing,
};

const BODY: &[u8] = br#"{"object":"page","entry":[]}"#;
const SECRET: &str = "canary-secret";
const TOKEN: &str = "canary-token";

/// Values of a signature header, one in each line, with a body that is always the same.
pub fn signature_header(data: &[u8]) {
    let lines: Vec<_> =
        if data.is_empty() { Vec::new() } else { data.split(|byte| *byte == b'\n').collect() };
    let secret = secret();
    let right = testing::sign_meta(&secret, BODY);
    let outcome = meta().verify(&lines, Bytes::from_static(BODY));
    assert_eq!(
        outcome.is_ok(),
        is_only(&lines, std::slice::from_ref(&right)),
        "only the right value is right"
    );
    inspect(&outcome, &right);

    let bare = testing::sign_linkedin_bare(&secret, BODY);
    let prefixed = testing::sign_linkedin(&secret, BODY);
    for (reading, right) in [(LinkedInReading::Bare, &bare), (LinkedInReading::Prefixed, &prefixed)] {
        let digits = right.trim_start_matches("hmacsha256=");
        let spellings = [digits.to_owned(), format!("hmacsha256={digits}")];
        let outcome = linkedin(reading).verify(&lines, Bytes::from_static(BODY));
        assert_eq!(outcome.is_ok(), is_only(&lines, &spellings), "only the right value is right");
        inspect(&outcome, digits);
    }
}

/// Query strings of both challenges.
pub fn webhook_query(data: &[u8]) {
    let query = String::from_utf8_lossy(data);
    let Ok(token) = VerifyToken::new(TOKEN) else { unreachable!("the token is fine") };
    match MetaChallenge::answer(&query, &token) {
        Ok(answer) => {
            let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            assert!(
                !answer.body().is_empty() && answer.body().bytes().all(harmless),
                "nothing else is echoed"
            );
        }
        Err(error) => {
            assert!(matches!(error.suggested_status(), 400 | 403), "a refusal has its status");
            assert!(!format!("{error} {error:?}").contains("canary"), "an error holds no secret");
        }
    }
    match linkedin(LinkedInReading::Either).challenge(&query) {
        Ok(answer) => {
            let json: Result<serde_json::Value, _> = serde_json::from_str(answer.body());
            let code =
                json.as_ref().ok().and_then(|json| json.get("challengeCode")?.as_str()).unwrap_or_default();
            assert!(is_uuid(code), "nothing but a UUID is signed");
            let response = testing::linkedin_challenge_response(&secret(), code);
            let forged =
                linkedin(LinkedInReading::Either).verify([response], Bytes::copy_from_slice(code.as_bytes()));
            assert_eq!(
                forged.err(),
                Some(VerifyError::NotJsonObject),
                "an answer is no signature of a delivery"
            );
        }
        Err(error) => assert!(matches!(error.suggested_status(), 400 | 403), "a refusal has its status"),
    }
}

/// `signed_request` as a form, as its value, and as a payload that is signed first.
pub fn signed_request(data: &[u8]) {
    let verifier = SignedRequestVerifier::builder().secret("main", secret()).build();
    let Ok(verifier) = verifier else { unreachable!("the secret is fine") };
    let now = SystemTime::UNIX_EPOCH;
    let text = String::from_utf8_lossy(data);
    let signed = testing::signed_request(&secret(), &text);
    let as_form = verifier.verify_form(data, now);
    let as_text = verifier.verify(&text, now);
    assert!(as_form.is_err() && as_text.is_err(), "nobody guesses a signature");
    let as_payload = verifier.verify(&signed, now);
    if let Ok(request) = &as_payload {
        assert_eq!(request.raw(), text, "the payload comes out as it went in");
        assert!(!request.user_id().is_empty(), "a request names its user");
        assert_eq!(request.dedupe_key("x"), request.clone().dedupe_key("x"), "a key stays");
    }
    for error in [as_form.err(), as_text.err(), as_payload.err()].into_iter().flatten() {
        let shown = format!("{error} {error:?}");
        let signature = signed.split('.').next().unwrap_or_default();
        assert!(
            !shown.contains("canary") && !shown.contains(signature),
            "an error holds no secret and no MAC"
        );
        assert!(matches!(error.suggested_status(), 400 | 401 | 413), "a refusal has its status");
    }
}

/// Signed bodies of both platforms.
pub fn delivery(data: &[u8]) {
    let body = Bytes::copy_from_slice(data);
    let outcome = meta().verify([testing::sign_meta(&secret(), data)], body.clone());
    if let Some(verified) = signed(outcome, Scheme::MetaSha256) {
        assert!(parse_linkedin(&verified).is_err(), "the proof does not change its platform");
        if let Ok(delivery) = parse_meta(&verified) {
            read(&delivery, Provider::Meta);
        }
    }
    let outcome = linkedin(LinkedInReading::Either).verify([testing::sign_linkedin(&secret(), data)], body);
    if let Some(verified) = signed(outcome, Scheme::LinkedInPrefixed) {
        assert!(parse_meta(&verified).is_err(), "the proof does not change its platform");
        if let Ok(delivery) = parse_linkedin(&verified) {
            read(&delivery, Provider::LinkedIn);
        }
    }
}

fn signed(outcome: Result<Verified<Bytes>, VerifyError>, scheme: Scheme) -> Option<Verified<Bytes>> {
    match outcome {
        Ok(verified) => {
            assert_eq!(verified.scheme(), scheme, "the scheme is the one that signed");
            Some(verified)
        }
        Err(VerifyError::NotJsonObject | VerifyError::BodyTooLarge { .. }) => None,
        Err(error) => unreachable!("the signature is right: {error}"),
    }
}

/// What is read of a delivery must survive a queue.
fn read(delivery: &Delivery, provider: Provider) {
    assert_eq!(delivery.provider(), provider);
    for event in delivery.events() {
        assert!(serde_json::from_str::<&RawValue>(event.raw()).is_ok(), "the JSON of an event is JSON");
        let Ok(stored) = serde_json::to_string(event) else { unreachable!("an event can be stored") };
        let Ok(again) = serde_json::from_str::<Event>(&stored) else {
            unreachable!("a stored event can be read")
        };
        assert_eq!((again.key(), again.strength()), (event.key(), event.strength()), "a stored key stays");
        assert_eq!(
            format!("{:?}", again.kind()),
            format!("{:?}", event.kind()),
            "a stored event has the same kind"
        );
    }
}

fn inspect(outcome: &Result<Verified<Bytes>, VerifyError>, right: &str) {
    let shown = match outcome {
        Ok(verified) => format!("{verified:?}"),
        Err(error) => {
            assert!(matches!(error.suggested_status(), 400 | 401 | 413), "a refusal has its status");
            format!("{error} {error:?}")
        }
    };
    let digits = right.trim_start_matches("sha256=");
    assert!(!shown.contains("canary") && !shown.contains(digits), "nothing shown holds a secret or a MAC");
}

/// Whether the only line is one of these texts, in either case behind the `=`.
fn is_only(lines: &[&[u8]], rights: &[String]) -> bool {
    let [line] = lines else { return false };
    let line = line.trim_ascii();
    rights.iter().any(|right| match right.split_once("sha256=") {
        Some(("", digits)) => {
            line.strip_prefix(b"sha256=").is_some_and(|line| line.eq_ignore_ascii_case(digits.as_bytes()))
        }
        _ => line.eq_ignore_ascii_case(right.as_bytes()),
    })
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn secret() -> Secret {
    let Ok(secret) = Secret::new(SECRET) else { unreachable!("the secret is fine") };
    secret
}

fn meta() -> MetaVerifier {
    let Ok(verifier) = MetaVerifier::builder().secret("main", secret()).build() else {
        unreachable!("the secret is fine")
    };
    verifier
}

fn linkedin(reading: LinkedInReading) -> LinkedInVerifier {
    let Ok(verifier) = LinkedInVerifier::builder().secret("main", secret()).reading(reading).build() else {
        unreachable!("the secret is fine")
    };
    verifier
}
