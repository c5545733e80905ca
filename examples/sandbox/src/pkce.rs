//! Proof Key for Code Exchange (RFC 7636).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{mac::same, request::Form};

/// What the token call has to prove.
#[derive(Debug, Clone)]
pub(crate) struct Challenge {
    text: String,
    /// S256, otherwise plain.
    hashed: bool,
}

impl Challenge {
    /// The challenge of an authorization request; `None` when it has none.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn read(fields: &Form) -> Result<Option<Self>, &'static str> {
        let Some(text) = fields.filled("code_challenge") else {
            return match fields.get("code_challenge_method") {
                None => Ok(None),
                Some(_) => Err("code_challenge_method was sent without a code_challenge."),
            };
        };
        if !is_well_formed(text) {
            return Err("Invalid code_challenge: 43 to 128 characters of A-Z, a-z, 0-9, -, ., _ and ~.");
        }
        let hashed = match fields.get("code_challenge_method") {
            Some("S256") => true,
            None | Some("plain") => false,
            Some(_) => return Err("Invalid code_challenge_method: use S256."),
        };
        Ok(Some(Self { text: text.to_owned(), hashed }))
    }

    /// Whether only the hash of the verifier was sent.
    pub(crate) fn is_hashed(&self) -> bool {
        self.hashed
    }

    /// Whether the verifier of the token call fits.
    pub(crate) fn is_met_by(&self, verifier: Option<&str>) -> bool {
        verifier.filter(|verifier| is_well_formed(verifier)).is_some_and(|verifier| {
            if self.hashed {
                same(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), &self.text)
            } else {
                same(verifier, &self.text)
            }
        })
    }
}

/// RFC 7636 section 4.1.
fn is_well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn read(fields: &[(&str, &str)]) -> Result<Option<Challenge>, &'static str> {
        let owned = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Challenge::read(&Form(owned.collect()))
    }

    #[test]
    fn only_the_right_verifier_meets_a_challenge() {
        let hashed =
            read(&[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).unwrap().unwrap();
        let plain = read(&[("code_challenge", VERIFIER)]).unwrap().unwrap();
        assert!(hashed.is_hashed() && !plain.is_hashed());
        for challenge in [hashed, plain] {
            assert!(challenge.is_met_by(Some(VERIFIER)));
            for wrong in [None, Some(""), Some(CHALLENGE), Some(&VERIFIER[..42])] {
                assert!(!challenge.is_met_by(wrong), "{wrong:?}");
            }
        }
    }

    #[test]
    fn a_challenge_that_is_none_is_refused() {
        assert!(read(&[]).unwrap().is_none());
        for bad in [
            &[("code_challenge", "short")][..],
            &[("code_challenge", CHALLENGE), ("code_challenge_method", "s256")],
            &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")],
            &[("code_challenge_method", "S256")],
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
