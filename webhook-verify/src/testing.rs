//! Signs as the platforms do, for tests of your own receiver.
//!
//! Nothing here belongs into a running receiver: a function that signs what a caller sends lets the caller
//! forge deliveries.
//!
//! ```
//! use bytes::Bytes;
//! use sociogram_webhook_verify::{MetaVerifier, Secret, testing};
//!
//! let secret = Secret::new("test_app_secret")?;
//! let verifier = MetaVerifier::builder().secret("main", secret.clone()).build()?;
//! let body = Bytes::from_static(br#"{"object":"page","entry":[]}"#);
//! assert!(verifier.verify([testing::sign_meta(&secret, &body)], body).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Secret, hex, keyring::Key, linkedin::SIGNED_PREFIX};

#[cfg(feature = "inbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "inbox")))]
pub mod inbox_contract;

/// The value of `X-Hub-Signature-256` that Meta would send with this body.
pub fn sign_meta(secret: &Secret, body: &[u8]) -> String {
    format!("sha256={}", sign(secret, b"", body))
}

/// The value of `X-LI-Signature` as LinkedIn documents it: bare digits, MAC over `hmacsha256=` and the body.
pub fn sign_linkedin(secret: &Secret, body: &[u8]) -> String {
    sign(secret, SIGNED_PREFIX, body)
}

/// The value of `X-LI-Signature` in the other reading: `hmacsha256=` and digits, MAC over the body alone.
pub fn sign_linkedin_bare(secret: &Secret, body: &[u8]) -> String {
    format!("hmacsha256={}", sign(secret, b"", body))
}

/// The query string with which Meta verifies an endpoint.
pub fn meta_challenge_query(verify_token: &str, challenge: &str) -> String {
    format!(
        "hub.mode=subscribe&hub.challenge={}&hub.verify_token={}",
        encode(challenge),
        encode(verify_token)
    )
}

/// The query string with which LinkedIn validates an endpoint.
pub fn linkedin_challenge_query(challenge_code: &str, application_id: Option<&str>) -> String {
    let code = encode(challenge_code);
    match application_id {
        Some(id) => format!("challengeCode={code}&applicationId={}", encode(id)),
        None => format!("challengeCode={code}"),
    }
}

/// The `challengeResponse` that LinkedIn expects for this `challengeCode`.
pub fn linkedin_challenge_response(secret: &Secret, challenge_code: &str) -> String {
    sign(secret, b"", challenge_code.as_bytes())
}

/// The `signed_request` that Meta would post with this payload, which should be a JSON object.
pub fn signed_request(secret: &Secret, payload: &str) -> String {
    let payload = BASE64_URL_SAFE_NO_PAD.encode(payload);
    let signature = BASE64_URL_SAFE_NO_PAD.encode(Key::new("testing", secret).sign(b"", payload.as_bytes()));
    format!("{signature}.{payload}")
}

/// The form that Meta would post to the deauthorize or data deletion callback.
pub fn signed_request_form(secret: &Secret, payload: &str) -> String {
    format!("signed_request={}", encode(&signed_request(secret, payload)))
}

fn sign(secret: &Secret, prefix: &[u8], body: &[u8]) -> String {
    hex::encode(&Key::new("testing", secret).sign(prefix, body))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LinkedInVerifier, MetaChallenge, VerifyToken};

    #[test]
    fn the_queries_are_answered() {
        let token = VerifyToken::new("ö & = +").unwrap();
        let answer = MetaChallenge::answer(&meta_challenge_query("ö & = +", "12-3"), &token).unwrap();
        assert_eq!(answer.body(), "12-3");

        let secret = Secret::new("s").unwrap();
        let verifier =
            LinkedInVerifier::builder().application("a/b", "main", secret.clone()).build().unwrap();
        let code = "00000000-0000-0000-0000-000000000000";
        let answer = verifier.challenge(&linkedin_challenge_query(code, Some("a/b"))).unwrap();
        assert!(answer.body().contains(&linkedin_challenge_response(&secret, code)));
        assert!(verifier.challenge(&linkedin_challenge_query(code, None)).is_err());
    }
}
