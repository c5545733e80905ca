//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use crate::{PkceVerifier, random};

/// What a provider makes of PKCE. It never takes the place of the state.
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
}
