//! LinkedIn's delivery signature.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;

use crate::{
    BuildError, DEFAULT_MAX_BODY_BYTES, Provider, Scheme, Secret, Verified, VerifyError,
    hint::is_json_object,
    keyring::{Key, KeyRing},
    meta::{check_length, mismatch},
    signature::{Tag, only_value, read_linkedin},
};

/// The literal text that LinkedIn's documentation puts in front of the signed body.
pub(crate) const SIGNED_PREFIX: &[u8] = b"hmacsha256=";
const MAX_APPLICATION_ID_BYTES: usize = 128;

/// Which text the delivery signature covers.
///
/// LinkedIn's documentation puts `hmacsha256=` in front of the body; some receivers sign the body alone.
/// Both are tried until a delivery shows which one your application gets; [`Verified::scheme`] tells, and the
/// setting can then be narrowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkedInReading {
    /// Either of the two. Costs two HMACs for every secret.
    #[default]
    Either,
    /// `hmacsha256=` followed by the body ([`Scheme::LinkedInPrefixed`]).
    Prefixed,
    /// The body alone ([`Scheme::LinkedInBare`]).
    Bare,
}

impl LinkedInReading {
    fn prefixes(self) -> &'static [&'static [u8]] {
        match self {
            Self::Either => &[SIGNED_PREFIX, b""],
            Self::Prefixed => &[SIGNED_PREFIX],
            Self::Bare => &[b""],
        }
    }
}

/// Answers LinkedIn's GET challenge and checks `X-LI-Signature` of its deliveries
/// (LinkedIn: Webhook validation).
///
/// Both use the client secret as the same HMAC key, so whoever may have any text answered can forge
/// deliveries. [`challenge`](Self::challenge) is therefore the only way to obtain an answer, it signs nothing
/// but a 36-character UUID, and [`verify`](Self::verify) accepts nothing but a JSON object. Clones share the keys.
#[derive(Clone, Debug)]
pub struct LinkedInVerifier {
    ring: Arc<KeyRing>,
    /// Place in the ring of the secret that answers challenges without an `applicationId`.
    default: Option<usize>,
    /// Place in the ring of the secret that answers challenges of that application.
    applications: Arc<BTreeMap<Box<str>, usize>>,
    reading: LinkedInReading,
    max_body_bytes: usize,
}

impl LinkedInVerifier {
    /// The header to read, in lower case as HTTP libraries look names up.
    pub const SIGNATURE_HEADER: &'static str = "x-li-signature";

    /// Starts with no secret, both [readings](LinkedInReading) and a body limit of 4 MiB.
    pub fn builder() -> LinkedInVerifierBuilder {
        LinkedInVerifierBuilder {
            secrets: Vec::new(),
            reading: LinkedInReading::Either,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
        }
    }

    /// Checks that one configured secret signed exactly these bytes.
    ///
    /// Pass *every* value of the header and the body as received, as for
    /// [`MetaVerifier::verify`](crate::MetaVerifier::verify). The header may carry `hmacsha256=` in front of
    /// its 64 hexadecimal digits or not; that says nothing about the text that was signed.
    ///
    /// # Errors
    ///
    /// A [`VerifyError`] that says what is missing or wrong, with [hints](crate::Hint) on a mismatch.
    pub fn verify(
        &self,
        signatures: impl IntoIterator<Item = impl AsRef<[u8]>>,
        body: Bytes,
    ) -> Result<Verified<Bytes>, VerifyError> {
        check_length(Provider::LinkedIn, &body, self.max_body_bytes)?;
        let value = only_value(signatures, Provider::LinkedIn)?;
        self.verify_tag(&read_linkedin(value.as_ref())?, body)
    }

    /// Longer bodies are refused, in bytes.
    pub fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }

    fn verify_tag(&self, tag: &Tag, body: Bytes) -> Result<Verified<Bytes>, VerifyError> {
        let Some((key, prefix)) = self.ring.find(tag, self.reading.prefixes(), &body) else {
            return Err(mismatch(Provider::LinkedIn, &self.ring, &body));
        };
        // Keeps out the answer to a challenge (a UUID) and a body that brings its own prefix.
        if !is_json_object(&body) {
            return Err(VerifyError::NotJsonObject);
        }
        let scheme = if prefix.is_empty() { Scheme::LinkedInBare } else { Scheme::LinkedInPrefixed };
        Ok(Verified::new(body, key.name().clone(), scheme))
    }

    /// The key that answers challenges for this `applicationId`, or for none.
    pub(crate) fn challenge_key(&self, application: Option<&str>) -> Option<&Key> {
        let place = match application {
            Some(id) => self.applications.get(id).copied(),
            None => self.default,
        };
        place.and_then(|place| self.ring.key(place))
    }
}

/// Collects the secrets of a [`LinkedInVerifier`].
#[derive(Debug)]
pub struct LinkedInVerifierBuilder {
    secrets: Vec<(String, Option<String>, Secret)>,
    reading: LinkedInReading,
    max_body_bytes: usize,
}

impl LinkedInVerifierBuilder {
    /// Adds a client secret under a name (1 to 64 bytes, unique) that [`Verified::secret_name`] reports.
    ///
    /// The first one added answers challenges that name no application; later ones (old secrets during a
    /// rotation) only verify deliveries.
    pub fn secret(mut self, name: impl Into<String>, secret: Secret) -> Self {
        self.secrets.push((name.into(), None, secret));
        self
    }

    /// Adds the client secret of the application that LinkedIn names `applicationId` in its challenge.
    ///
    /// The first one added for an id answers its challenges; later ones only verify deliveries.
    pub fn application(
        mut self,
        application_id: impl Into<String>,
        name: impl Into<String>,
        secret: Secret,
    ) -> Self {
        self.secrets.push((name.into(), Some(application_id.into()), secret));
        self
    }

    /// Narrows which signed text is accepted.
    pub fn reading(mut self, reading: LinkedInReading) -> Self {
        self.reading = reading;
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
    /// When there is no secret or more than 32, a name is empty, too long or used twice, an application
    /// id is empty, too long or holds a space, or the body limit is zero.
    pub fn build(self) -> Result<LinkedInVerifier, BuildError> {
        let ring = KeyRing::new(self.secrets.iter().map(|(name, _, secret)| (name.as_str(), secret)))?;
        if self.max_body_bytes == 0 {
            return Err(BuildError::ZeroBodyLimit);
        }
        let mut default = None;
        let mut applications = BTreeMap::new();
        for (place, (_, application, _)) in self.secrets.into_iter().enumerate() {
            match application {
                Some(id) => {
                    check_application_id(&id)?;
                    applications.entry(id.into_boxed_str()).or_insert(place);
                }
                None => default = default.or(Some(place)),
            }
        }
        Ok(LinkedInVerifier {
            ring: Arc::new(ring),
            default,
            applications: Arc::new(applications),
            reading: self.reading,
            max_body_bytes: self.max_body_bytes,
        })
    }
}

fn check_application_id(id: &str) -> Result<(), BuildError> {
    let blank = |letter: char| letter.is_whitespace() || letter.is_control();
    if id.is_empty() || id.len() > MAX_APPLICATION_ID_BYTES || id.chars().any(blank) {
        return Err(BuildError::BadApplicationId);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
