//! Signatures out of a header map.

use bytes::Bytes;
use http::HeaderMap;

use crate::{LinkedInVerifier, MetaVerifier, Verified, VerifyError};

impl MetaVerifier {
    /// [`verify`](Self::verify) with all values of [`SIGNATURE_HEADER`](Self::SIGNATURE_HEADER) in these headers.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_headers(&self, headers: &HeaderMap, body: Bytes) -> Result<Verified<Bytes>, VerifyError> {
        self.verify(headers.get_all(Self::SIGNATURE_HEADER), body)
    }
}

impl LinkedInVerifier {
    /// [`verify`](Self::verify) with all values of [`SIGNATURE_HEADER`](Self::SIGNATURE_HEADER) in these headers.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_headers(&self, headers: &HeaderMap, body: Bytes) -> Result<Verified<Bytes>, VerifyError> {
        self.verify(headers.get_all(Self::SIGNATURE_HEADER), body)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::{
        Provider, Secret,
        testing::{sign_linkedin, sign_meta},
    };

    const BODY: &[u8] = b"{}";

    #[test]
    fn all_values_of_the_header_are_seen() {
        let secret = Secret::new("s").unwrap();
        let meta = MetaVerifier::builder().secret("main", secret.clone()).build().unwrap();
        let linkedin = LinkedInVerifier::builder().secret("main", secret.clone()).build().unwrap();
        for (provider, name, value) in [
            (Provider::Meta, "X-Hub-Signature-256", sign_meta(&secret, BODY)),
            (Provider::LinkedIn, "X-LI-Signature", sign_linkedin(&secret, BODY)),
        ] {
            let verify = |headers: &HeaderMap| match provider {
                Provider::Meta => meta.verify_headers(headers, Bytes::from_static(BODY)),
                Provider::LinkedIn => linkedin.verify_headers(headers, Bytes::from_static(BODY)),
            };
            let name: http::HeaderName = name.parse().unwrap();
            let mut headers = HeaderMap::new();
            assert_eq!(verify(&headers).unwrap_err(), VerifyError::MissingSignature { provider });
            headers.append(&name, value.parse().unwrap());
            assert_eq!(verify(&headers).unwrap().secret_name(), "main");
            headers.append(&name, HeaderValue::from_bytes(b"\xff").unwrap());
            assert_eq!(verify(&headers).unwrap_err(), VerifyError::DuplicateSignature { provider });
        }
    }
}
