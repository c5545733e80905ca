//! Random text from the operating system, and what is computed from it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sociogram_api_core::ErrorKind;

use crate::OAuthError;

/// How long the base64url text of 32 bytes is.
pub(crate) const TOKEN_LEN: usize = 43;

/// 256 random bits as 43 characters of base64url.
pub(crate) fn token() -> Result<String, OAuthError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        OAuthError::new(ErrorKind::Unavailable, "the operating system gave no random bytes")
            .with_source(error)
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA256 over the parts in a row.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length");
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_have_43_safe_characters() {
        let (a, b) = (token().unwrap(), token().unwrap());
        assert_ne!(a, b);
        for token in [a, b] {
            assert_eq!(token.len(), TOKEN_LEN);
            assert!(token.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_'), "{token}");
        }
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(base64url(&sha256(b"abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn the_mac_is_hmac_sha_256_over_all_parts() {
        // RFC 4231, test case 2: 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843.
        let expected = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM";
        assert_eq!(base64url(&hmac_sha256(b"Jefe", &[b"what do ya want for nothing?"])), expected);
        assert_eq!(base64url(&hmac_sha256(b"Jefe", &[b"what do ya ", b"want for nothing?"])), expected);
    }
}
