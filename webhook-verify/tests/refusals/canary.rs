//! No error and no hint may show a secret, a MAC or a body.

use bytes::Bytes;
use sociogram_webhook_verify::{
    BuildError, ChallengeError, LinkedInVerifier, MetaChallenge, MetaVerifier, ParseError, Secret,
    SecretError, VerifyToken, parse_meta, testing,
};

const CANARY: &str = "canary-3f9c";

fn canary() -> Secret {
    Secret::new(CANARY).unwrap()
}

/// Both ways in which an error is shown, and its causes.
fn shown(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(format!("{error} {error:?} {error:#?}"), |text, cause| format!("{text} {cause} {cause:?}"))
}

#[test]
fn no_verify_error_shows_a_secret_a_mac_or_a_body() {
    let meta = MetaVerifier::builder().secret("main", canary()).max_body_bytes(1000).build().unwrap();
    let linkedin = LinkedInVerifier::builder().secret("main", canary()).max_body_bytes(1000).build().unwrap();
    let mut reasons = std::collections::BTreeSet::new();
    let bodies = [
        "",
        CANARY,
        "[\"canary-3f9c\"]",
        "{\"canary-3f9c\": \"ä\"}",
        "{\"canary-3f9c\":1}",
        &"canary-3f9c".repeat(100),
    ];
    for body in bodies {
        let mac = testing::linkedin_challenge_response(&canary(), body);
        let foreign = testing::linkedin_challenge_response(&Secret::new("x").unwrap(), body);
        let prefixed = testing::sign_linkedin(&canary(), body.as_bytes());
        for headers in [
            vec![],
            vec![String::new()],
            vec![mac.clone(), mac.clone()],
            vec![mac.clone()],
            vec![prefixed.clone()],
            vec![format!("sha256={mac}")],
            vec![format!("sha256={foreign}")],
            vec![foreign.clone()],
            vec![format!("sha1={mac}")],
            vec![format!("md5={mac}")],
            vec![mac[1..].to_owned()],
            vec![format!("sha256={mac}a")],
            vec![format!("sha256={}g", &mac[1..])],
            vec![CANARY.to_owned()],
        ] {
            let body = Bytes::copy_from_slice(body.as_bytes());
            let errors = [meta.verify(&headers, body.clone()).err(), linkedin.verify(&headers, body).err()];
            for error in errors.into_iter().flatten() {
                let text = shown(&error);
                for hidden in [CANARY, &mac, &foreign, &prefixed, &mac[1..]] {
                    assert!(!text.contains(hidden), "{text}");
                }
                reasons.insert(error.reason());
            }
        }
    }
    let all = [
        "body_too_large",
        "duplicate_signature",
        "malformed_signature",
        "mismatch",
        "missing_signature",
        "not_json_object",
        "sha1_signature",
        "unsupported_algorithm",
    ];
    assert!(reasons.into_iter().eq(all), "every kind of error was seen");
}

#[test]
fn no_challenge_error_shows_the_token_or_the_query() {
    let token = VerifyToken::new(CANARY).unwrap();
    let linkedin = LinkedInVerifier::builder().application("1", "main", canary()).build().unwrap();
    let code = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
    let long = format!("canary-3f9c={}", "a".repeat(9000));
    let errors: Vec<ChallengeError> = [
        "",
        "hub.canary-3f9c=1&hub.canary-3f9c=1",
        "hub.mode=canary-3f9c&hub.verify_token=canary-3f9c&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=canary-3f9c1&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=canary-3f9c&hub.challenge=canary-3f9c%20",
        "hub.mode=subscribe&hub.verify_token=canary-3f9c%ff&hub.challenge=1",
        &long,
    ]
    .into_iter()
    .map(|query| MetaChallenge::answer(query, &token).unwrap_err())
    .chain(
        [
            "challengeCode=canary-3f9c".to_owned(),
            format!("challengeCode={code}"),
            format!("challengeCode={code}&applicationId=canary-3f9c"),
        ]
        .into_iter()
        .map(|query| linkedin.challenge(&query).unwrap_err()),
    )
    .collect();
    for error in errors {
        assert!(!shown(&error).contains("canary"), "{error}");
    }
}

#[test]
fn no_error_of_building_or_parsing_shows_a_secret_or_a_body() {
    let secrets = [format!("{CANARY} "), format!("{CANARY}\u{1}x"), CANARY.repeat(200)];
    let secrets = secrets.into_iter().map(|text| Secret::new(text).unwrap_err());
    let not_text = Secret::from_utf8([CANARY.as_bytes(), b"\xff"].concat()).unwrap_err();
    for error in secrets.chain([not_text]) {
        assert!(!shown(&error).contains("canary"), "{error}");
    }
    assert_eq!(not_text, SecretError::NotUtf8);

    let many = (0..33).fold(MetaVerifier::builder(), |builder, n| builder.secret(n.to_string(), canary()));
    let builds: [Result<MetaVerifier, BuildError>; 4] = [
        many.build(),
        MetaVerifier::builder().secret("", canary()).build(),
        MetaVerifier::builder().secret("a", canary()).secret("a", canary()).build(),
        MetaVerifier::builder().secret("a", canary()).max_body_bytes(0).build(),
    ];
    for error in builds.map(Result::unwrap_err) {
        assert!(!shown(&error).contains("canary"), "{error}");
    }

    let meta = MetaVerifier::builder().secret("main", canary()).build().unwrap();
    for body in [&b"{canary-3f9c}"[..], b"{\"canary-3f9c\":\"\xff\"}"] {
        let body = Bytes::copy_from_slice(body);
        let verified = meta.verify([testing::sign_meta(&canary(), &body)], body).unwrap();
        let error: ParseError = parse_meta(&verified).unwrap_err();
        assert!(!shown(&error).contains("canary"), "{error}");
    }
}

#[test]
fn no_verifier_is_built_without_a_secret() {
    assert_eq!(MetaVerifier::builder().build().unwrap_err(), BuildError::NoSecret);
    assert_eq!(LinkedInVerifier::builder().build().unwrap_err(), BuildError::NoSecret);
    let error = MetaVerifier::builder().build().unwrap_err();
    assert!(error.to_string().contains("add the app secret"), "{error}");
}
