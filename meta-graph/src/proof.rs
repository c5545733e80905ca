//! `appsecret_proof`: evidence that a call comes from someone who knows the app secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sociogram_api_core::{Timestamp, secret_newtype};
use sociogram_oauth_core::AccessToken;

secret_newtype! {
    /// The secret of an app. It signs calls and webhooks; it is never sent except to the token endpoint.
    pub struct AppSecret;
}

/// Which form of `appsecret_proof` is sent (Facebook Login: Secure Graph API Calls).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProofMode {
    /// Over the token alone, as Meta's own SDKs send it.
    #[default]
    Classic,
    /// Over the token and the time, sent as `appsecret_time`; each proof is valid for 5 minutes.
    Timestamped,
}

/// Marks an operation that Meta refuses without the proof, as an extension of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NeedsProof;

impl AppSecret {
    /// The classic proof for `token`: 64 lower-case hexadecimal digits. The secret must be the one of the
    /// app that issued the token.
    ///
    /// ```
    /// use sociogram_meta_graph::AppSecret;
    ///
    /// let proof = AppSecret::new("test_app_secret").proof(&"token".into());
    /// assert_eq!(proof, "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af");
    /// ```
    pub fn proof(&self, token: &AccessToken) -> String {
        self.sign(&[token.expose().as_bytes()])
    }

    /// The proof for `token` at `time`, for which the whole seconds go along as `appsecret_time`.
    pub fn proof_at(&self, token: &AccessToken, time: Timestamp) -> String {
        let seconds = time.as_unix_seconds().to_string();
        self.sign(&[token.expose().as_bytes(), b"|", seconds.as_bytes()])
    }

    fn sign(&self, parts: &[&[u8]]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.expose().as_bytes()) else {
            unreachable!("HMAC takes keys of any length");
        };
        for part in parts {
            mac.update(part);
        }
        hex(&mac.finalize().into_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_forms_are_hmacs_over_token_and_time() {
        let secret = AppSecret::new("test_app_secret");
        let token = AccessToken::new("token");
        assert_eq!(secret.proof(&token), "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af");
        let time = Timestamp::from_unix_millis(1_700_000_000_999);
        assert_eq!(secret.proof_at(&token, time), secret.proof(&AccessToken::new("token|1700000000")));
        assert_ne!(secret.proof_at(&token, time), secret.proof(&token));
        assert!(!format!("{secret:?}").contains("test_app"));
    }
}
