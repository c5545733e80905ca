//! Meta's delivery signature.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    BuildError, Provider, Scheme, Secret, Verified, VerifyError,
    hint::{hints, is_json_object},
    keyring::KeyRing,
    signature::{Tag, only_value, read_meta},
};

/// Largest body that is verified unless configured otherwise: 4 MiB. WhatsApp documents 3 MB.
pub const DEFAULT_MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Checks `X-Hub-Signature-256` of Facebook, Instagram, WhatsApp, Messenger and Threads deliveries
/// (Graph API: Webhooks, "Validate payloads").
///
/// Make one at startup and share it: the keys are prepared at construction, verifying copies nothing, and clones share
/// the keys.
/// The GET handshake carries no signature; [`MetaChallenge`](crate::MetaChallenge) answers it.
///
/// ```
/// use bytes::Bytes;
/// use sociogram_webhook_verify::{MetaVerifier, Secret};
///
/// let verifier = MetaVerifier::builder().secret("main", Secret::new("test_app_secret")?).build()?;
/// let verified = verifier.verify(
///     ["sha256=231868f9ac6f7a304cc336397814a89c3d9bf5f61ce3f5b5e9392ea523f42aa4"],
///     Bytes::from_static(br#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[]}]}"#),
/// )?;
/// assert_eq!(verified.secret_name(), "main");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MetaVerifier {
    ring: Arc<KeyRing>,
    max_body_bytes: usize,
}

impl MetaVerifier {
    /// The header to read, in lower case as HTTP libraries look names up.
    pub const SIGNATURE_HEADER: &'static str = "x-hub-signature-256";

    /// Starts with no secret and a body limit of 4 MiB.
    pub fn builder() -> MetaVerifierBuilder {
        MetaVerifierBuilder { secrets: Vec::new(), max_body_bytes: DEFAULT_MAX_BODY_BYTES }
    }

    /// Checks that one configured secret signed exactly these bytes.
    ///
    /// Pass *every* value of the header, so that a duplicate is noticed: an `Option<&[u8]>`, an array, or
    /// what `HeaderMap::get_all(MetaVerifier::SIGNATURE_HEADER)` of the `http` crate returns. Pass the body
    /// as received; parsed and written again it no longer matches.
    ///
    /// All secrets are tried, whichever matches, and MACs are compared in constant time. A body that
    /// matches must also start with `{` and end with `}` (whitespace aside): that is all the JSON this
    /// function looks at, [`parse_meta`](crate::parse_meta) reads the rest.
    ///
    /// Nothing in a delivery says when it was signed: a copy sent again verifies again. Drop repeats by
    /// [`Event::key`](crate::Event::key).
    ///
    /// # Errors
    ///
    /// A [`VerifyError`] that says what is missing or wrong, with [hints](crate::Hint) on a mismatch.
    pub fn verify(
        &self,
        signatures: impl IntoIterator<Item = impl AsRef<[u8]>>,
        body: Bytes,
    ) -> Result<Verified<Bytes>, VerifyError> {
        check_length(Provider::Meta, &body, self.max_body_bytes)?;
        let value = only_value(signatures, Provider::Meta)?;
        self.verify_tag(&read_meta(value.as_ref())?, body)
    }

    /// Longer bodies are refused, in bytes.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    fn verify_tag(&self, tag: &Tag, body: Bytes) -> Result<Verified<Bytes>, VerifyError> {
        let Some((key, _)) = self.ring.find(tag, &[b""], &body) else {
            return Err(mismatch(Provider::Meta, &self.ring, &body));
        };
        if !is_json_object(&body) {
            return Err(VerifyError::NotJsonObject);
        }
        Ok(Verified::new(body, key.name().clone(), Scheme::MetaSha256))
    }
}

pub(crate) fn check_length(provider: Provider, body: &[u8], limit: usize) -> Result<(), VerifyError> {
    let length = body.len();
    if length > limit { Err(VerifyError::BodyTooLarge { provider, length, limit }) } else { Ok(()) }
}

#[cold]
pub(crate) fn mismatch(provider: Provider, ring: &KeyRing, body: &[u8]) -> VerifyError {
    VerifyError::Mismatch { secrets: ring.len(), hints: hints(provider, body) }
}

/// Collects the secrets of a [`MetaVerifier`].
#[derive(Debug)]
pub struct MetaVerifierBuilder {
    secrets: Vec<(String, Secret)>,
    max_body_bytes: usize,
}

impl MetaVerifierBuilder {
    /// Adds an app secret under a name (1 to 64 bytes, unique) that [`Verified::secret_name`] reports.
    ///
    /// Add one per app that sends to this endpoint, at most 32: the Meta app, the Instagram app of an
    /// Instagram Login product, the Threads app, and during a rotation the old secret beside the new one.
    pub fn secret(mut self, name: impl Into<String>, secret: Secret) -> Self {
        self.secrets.push((name.into(), secret));
        self
    }

    /// Refuses longer bodies, in bytes. The HTTP server needs the same limit, to stop reading in time.
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    /// Prepares the keys.
    ///
    /// # Errors
    ///
    /// When there is no secret or more than 32, a name is empty, too long or used twice, or the body
    /// limit is zero.
    pub fn build(self) -> Result<MetaVerifier, BuildError> {
        let ring = KeyRing::new(self.secrets.iter().map(|(name, secret)| (name.as_str(), secret)))?;
        if self.max_body_bytes == 0 {
            return Err(BuildError::ZeroBodyLimit);
        }
        Ok(MetaVerifier { ring: Arc::new(ring), max_body_bytes: self.max_body_bytes })
    }
}

#[cfg(test)]
mod tests;
