//! Meta's GET handshake.

use std::{collections::BTreeSet, fmt};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ChallengeAnswer, ChallengeError, SecretError, query::Query, secret::check};

const MODE: &str = "hub.mode";
const TOKEN: &str = "hub.verify_token";
const CHALLENGE: &str = "hub.challenge";
const MAX_CHALLENGE_BYTES: usize = 256;

/// The token that you chose for a subscription, in the app dashboard or the subscription call.
///
/// Only its SHA-256 is kept, and hashes are what is compared, so neither length nor content shows in the time.
#[derive(Clone)]
pub struct VerifyToken(Zeroizing<[u8; 32]>);

impl VerifyToken {
    /// Hashes the token.
    ///
    /// # Errors
    ///
    /// When the text is empty, longer than 1024 bytes, starts or ends with whitespace, or holds a control
    /// character.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        check(&text)?;
        Ok(Self(Zeroizing::new(Sha256::digest(text.as_bytes()).into())))
    }

    fn matches(&self, presented: &str) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        self.0.ct_eq(&presented).into()
    }
}

impl fmt::Debug for VerifyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyToken([redacted])")
    }
}

/// Answers the GET request with which Meta verifies an endpoint (Graph API: Webhooks, "Verification requests").
#[derive(Clone, Copy, Debug)]
pub struct MetaChallenge;

impl MetaChallenge {
    /// Echoes `hub.challenge` when the mode is `subscribe` and the token is ours.
    ///
    /// `raw_query` is the query string as received, without decoding. No `hub.` key may occur twice, and the
    /// challenge must have 1 to 256 letters, digits, `_` or `-`: nothing else is ever echoed.
    ///
    /// ```
    /// use sociogram_webhook_verify::{MetaChallenge, VerifyToken};
    ///
    /// let token = VerifyToken::new("my-token")?;
    /// let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-token";
    /// assert_eq!(MetaChallenge::answer(query, &token)?.body(), "1158201444");
    ///
    /// let forged = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess";
    /// assert_eq!(MetaChallenge::answer(forged, &token).unwrap_err().suggested_status(), 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ChallengeError`] with the status to answer.
    pub fn answer(raw_query: &str, token: &VerifyToken) -> Result<ChallengeAnswer, ChallengeError> {
        let query = Query::parse(raw_query)?;
        refuse_duplicates(&query)?;
        let (mode, presented, challenge) =
            (query.required(MODE)?, query.required(TOKEN)?, query.required(CHALLENGE)?);
        if mode != "subscribe" {
            return Err(ChallengeError::WrongMode);
        }
        if !token.matches(presented) {
            return Err(ChallengeError::TokenMismatch);
        }
        if !is_harmless(challenge) {
            return Err(ChallengeError::MalformedChallenge {
                expected: "1 to 256 letters, digits, `_` or `-`",
            });
        }
        Ok(ChallengeAnswer::new("text/plain; charset=utf-8", challenge.to_owned()))
    }
}

fn refuse_duplicates(query: &Query<'_>) -> Result<(), ChallengeError> {
    let mut seen = BTreeSet::new();
    match query.keys().filter(|key| key.starts_with("hub.")).find(|key| !seen.insert(*key)) {
        None => Ok(()),
        Some(key) => {
            let known = [MODE, TOKEN, CHALLENGE].into_iter().find(|known| *known == key);
            Err(ChallengeError::DuplicateKey { key: known.unwrap_or("hub.*") })
        }
    }
}

fn is_harmless(challenge: &str) -> bool {
    (1..=MAX_CHALLENGE_BYTES).contains(&challenge.len())
        && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(query: &str) -> Result<ChallengeAnswer, ChallengeError> {
        MetaChallenge::answer(query, &VerifyToken::new("tok en+1").unwrap())
    }

    #[test]
    fn the_right_token_gets_its_challenge_back() {
        let long = "a".repeat(256);
        for challenge in ["1158201444", "a-b_C9", "0", &long] {
            let query =
                format!("hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token=tok%20en%2B1&x=1&x=2");
            let answer = answer(&query).unwrap();
            assert_eq!((answer.status(), answer.body()), (200, challenge));
            assert_eq!(answer.content_type(), "text/plain; charset=utf-8");
            assert_eq!(answer.headers()[1], ("x-content-type-options", "nosniff"));
        }
    }

    #[test]
    fn everything_else_gets_its_status() {
        let malformed =
            ChallengeError::MalformedChallenge { expected: "1 to 256 letters, digits, `_` or `-`" };
        let missing = |key| ChallengeError::MissingKey { key };
        let twice = |key| ChallengeError::DuplicateKey { key };
        let good = "hub.mode=subscribe&hub.verify_token=tok+en%2B1";
        let long = format!("{good}&hub.challenge={}", "a".repeat(257));
        for (query, expected, status) in [
            ("", missing(MODE), 400),
            ("hub.verify_token=tok+en%2B1&hub.challenge=1", missing(MODE), 400),
            ("hub.mode=subscribe&hub.challenge=1", missing(TOKEN), 400),
            (good, missing(CHALLENGE), 400),
            ("hub_mode=subscribe&hub_verify_token=tok+en%2B1&hub_challenge=1", missing(MODE), 400),
            (
                "hub.mode=unsubscribe&hub.verify_token=tok+en%2B1&hub.challenge=1",
                ChallengeError::WrongMode,
                400,
            ),
            (
                "hub.mode=Subscribe&hub.verify_token=tok+en%2B1&hub.challenge=1",
                ChallengeError::WrongMode,
                400,
            ),
            ("hub.mode=subscribe&hub.verify_token=&hub.challenge=1", ChallengeError::TokenMismatch, 403),
            (
                "hub.mode=subscribe&hub.verify_token=tok+en&hub.challenge=1",
                ChallengeError::TokenMismatch,
                403,
            ),
            (
                "hub.mode=subscribe&hub.verify_token=x&hub.challenge=%3Cb%3E",
                ChallengeError::TokenMismatch,
                403,
            ),
            (
                "hub.mode=subscribe&hub.verify_token=%ff&hub.challenge=1",
                ChallengeError::NotText { key: TOKEN },
                400,
            ),
            (&format!("{good}&hub.challenge="), malformed.clone(), 400),
            (&format!("{good}&hub.challenge=%3Cscript%3E"), malformed.clone(), 400),
            (&format!("{good}&hub.challenge=1%0d%0a"), malformed.clone(), 400),
            (&format!("{good}&hub.challenge=%C3%A9"), malformed.clone(), 400),
            (&long, malformed, 400),
            (&format!("{good}&hub.challenge=1&hub.challenge=1"), twice(CHALLENGE), 400),
            (&format!("{good}&hub.challenge=1&hub%2Everify_token=x"), twice(TOKEN), 400),
            (&format!("{good}&hub.challenge=1&hub.mode=subscribe"), twice(MODE), 400),
            (&format!("{good}&hub.challenge=1&hub.topic=a&hub.topic=b"), twice("hub.*"), 400),
        ] {
            let error = answer(query).unwrap_err();
            assert_eq!((&error, error.suggested_status()), (&expected, status), "{query}");
        }
    }

    #[test]
    fn tokens_that_cannot_be_right_are_refused_and_never_printed() {
        assert_eq!(VerifyToken::new("").unwrap_err(), SecretError::Empty);
        assert_eq!(VerifyToken::new("a ").unwrap_err(), SecretError::SurroundingWhitespace);
        assert_eq!(format!("{:?}", VerifyToken::new("canary").unwrap()), "VerifyToken([redacted])");
    }

    proptest! {
        #[test]
        fn only_harmless_text_is_echoed(challenge in "[ -~éß%<>]{0,40}") {
            let query = format!("hub.mode=subscribe&hub.verify_token=tok+en%2B1&hub.challenge={challenge}");
            if let Ok(answer) = answer(&query) {
                prop_assert!(answer.body().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
            }
        }

        #[test]
        fn no_query_panics(query: String) {
            let _ = answer(&query);
        }
    }
}
