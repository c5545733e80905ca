//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use crate::{OAuthError, PkceVerifier, random};

/// What a provider makes of PKCE.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PkceSupport {
    /// It is never sent. LinkedIn refuses the verifier on its standard flow.
    Unsupported,
    /// It is sent; the provider may ignore it.
    Optional,
    /// It is sent; the provider insists.
    Required,
}

impl PkceSupport {
    /// A verifier of 32 random bytes, unless the provider does not know PKCE.
    pub(crate) fn verifier(self) -> Result<Option<PkceVerifier>, OAuthError> {
        match self {
            Self::Unsupported => Ok(None),
            Self::Optional | Self::Required => Ok(Some(PkceVerifier::new(random::token()?))),
        }
    }
}

/// What goes into the authorization URL.
pub(crate) fn challenge(verifier: &PkceVerifier) -> String {
    random::base64url(&random::sha256(verifier.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = PkceVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_is_made_unless_the_provider_knows_none() {
        assert!(PkceSupport::Unsupported.verifier().unwrap().is_none());
        for support in [PkceSupport::Optional, PkceSupport::Required] {
            // RFC 7636 section 4.1 wants 43 to 128 characters.
            assert_eq!(support.verifier().unwrap().unwrap().len(), 43);
        }
    }
}
