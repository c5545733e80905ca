//! The proof that a body was signed.

use std::{fmt, sync::Arc};

use crate::Provider;

/// Which signature matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Meta's `X-Hub-Signature-256`: HMAC-SHA256 of the body.
    MetaSha256,
    /// LinkedIn's `X-LI-Signature` over the text `hmacsha256=` followed by the body, as its documentation words it.
    LinkedInPrefixed,
    /// LinkedIn's `X-LI-Signature` over the body alone, as some receivers implement it.
    LinkedInBare,
}

impl Scheme {
    /// Whose scheme this is.
    pub fn provider(self) -> Provider {
        match self {
            Self::MetaSha256 => Provider::Meta,
            Self::LinkedInPrefixed | Self::LinkedInBare => Provider::LinkedIn,
        }
    }
}

/// A body whose signature was checked. Only a verifier makes one:
///
/// ```compile_fail,E0451
/// use sociogram_webhook_verify::{Scheme, Verified};
///
/// let forged = Verified { body: "{}", secret_name: "main".into(), scheme: Scheme::MetaSha256 };
/// ```
///
/// `Debug` shows everything but the body.
#[derive(Clone)]
pub struct Verified<B> {
    body: B,
    secret_name: Arc<str>,
    scheme: Scheme,
}

impl<B> Verified<B> {
    pub(crate) fn new(body: B, secret_name: Arc<str>, scheme: Scheme) -> Self {
        Self { body, secret_name, scheme }
    }

    /// The bytes that were signed.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The bytes that were signed, leaving the proof behind.
    pub fn into_body(self) -> B {
        self.body
    }

    /// The name of the secret that matched. When an old secret stops appearing here, remove it.
    pub fn secret_name(&self) -> &str {
        &self.secret_name
    }

    /// Which signature matched.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }
}

impl<B> fmt::Debug for Verified<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("secret_name", &self.secret_name)
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
