//! Meta's `signed_request`: the callbacks with which a user leaves an app.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use crate::{BuildError, EventTime, Secret, keyring::KeyRing, signature::Tag};
use payload::Payload;

mod deletion;
mod error;
mod form;
mod payload;

pub use deletion::{DataDeletionAnswer, DataDeletionError};
pub use error::{SignedRequestError, SignedRequestHint};
pub use payload::SignedRequest;

/// Longest text that is read. Meta's has well under 1 KiB.
const MAX_BYTES: usize = 16 * 1024;
/// How far the platform's clock may run ahead of ours unless configured otherwise.
const DEFAULT_FUTURE_TOLERANCE: Duration = Duration::from_secs(5 * 60);
/// base64url as Meta writes it, with or without `=` at the end.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Checks the `signed_request` that Meta posts to the deauthorize and the data deletion callback of an app
/// (Meta for Developers: Data Deletion Request Callback).
///
/// The text is `signature.payload`, both base64url. The signature is the HMAC-SHA256, under the app secret, of the
/// payload's text as received. Make a verifier at startup and share it; a clone costs nothing.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use sociogram_webhook_verify::{Secret, SignedRequestVerifier};
///
/// let verifier = SignedRequestVerifier::builder().secret("main", Secret::new("test_app_secret")?).build()?;
/// let body = b"signed_request=9C3os-BVqHdGR8ArmepqNL8RgHPK_ApB7oJt2EtN234.eyJ1c2VyX2lkIjoiMjE4NDcxIiwiYWxnb3Jp\
///     dGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjEyOTE4MzY4MDAsImV4cGlyZXMiOjEyOTE4NDA0MDB9";
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_291_836_801); // in a product: your clock
/// let request = verifier.verify_form(body, now)?;
/// assert_eq!((request.user_id(), request.secret_name()), ("218471", "main"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedRequestVerifier {
    ring: Arc<KeyRing>,
    max_age: Option<Duration>,
    future_tolerance: Duration,
}

impl SignedRequestVerifier {
    /// Starts with no secret and no limit of age.
    pub fn builder() -> SignedRequestVerifierBuilder {
        SignedRequestVerifierBuilder {
            secrets: Vec::new(),
            max_age: None,
            future_tolerance: DEFAULT_FUTURE_TOLERANCE,
        }
    }

    /// Checks the body of the POST as received: a form (`application/x-www-form-urlencoded`) with exactly one field
    /// `signed_request`. Other fields are not signed and not looked at. At most 64 KiB.
    ///
    /// # Errors
    ///
    /// A [`SignedRequestError`] with the status to answer.
    pub fn verify_form(
        &self,
        body: &[u8],
        now: impl Into<SystemTime>,
    ) -> Result<SignedRequest, SignedRequestError> {
        self.verify(&form::field(body)?, now)
    }

    /// Checks the value of the field `signed_request`: at most 16 KiB, one dot, a signature of 32 bytes that one
    /// configured secret made, and a payload that names its algorithm and a user.
    ///
    /// All secrets are tried, whichever matches, and MACs are compared in constant time. `now` is a [`SystemTime`] or
    /// an [`EventTime`]; it is compared with `expires` if the payload says when it expires, and with `issued_at` if a
    /// [limit of age](SignedRequestVerifierBuilder::max_age) is set. A copy sent again within that time verifies
    /// again: drop repeats by [`SignedRequest::dedupe_key`].
    ///
    /// # Errors
    ///
    /// A [`SignedRequestError`] with the status to answer.
    pub fn verify(
        &self,
        signed_request: &str,
        now: impl Into<SystemTime>,
    ) -> Result<SignedRequest, SignedRequestError> {
        let (tag, payload) = split(signed_request)?;
        let Some((key, _)) = self.ring.find(&tag, &[b""], payload.as_bytes()) else {
            return Err(SignedRequestError::Mismatch {
                secrets: self.ring.len(),
                hints: error::mismatch_hints(payload),
            });
        };
        let json = BASE64URL.decode(payload).map_err(|_| SignedRequestError::PayloadEncoding)?;
        let json = match String::from_utf8(json) {
            Ok(json) => Zeroizing::new(json),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                return Err(SignedRequestError::NotJsonObject);
            }
        };
        let payload = Payload::read(&json)?;
        self.check_times(&payload, now.into())?;
        Ok(SignedRequest::new(payload, key.name().clone(), json))
    }

    fn check_times(&self, payload: &Payload, now: SystemTime) -> Result<(), SignedRequestError> {
        if payload.expires.is_some_and(|expires| now >= expires.into()) {
            return Err(SignedRequestError::Expired);
        }
        let Some(max_age) = self.max_age else { return Ok(()) };
        let issued_at = payload.issued_at.ok_or(SignedRequestError::MissingIssuedAt)?;
        match now.duration_since(issued_at.into()) {
            Ok(age) if age > max_age => Err(SignedRequestError::TooOld),
            Err(ahead) if ahead.duration() > self.future_tolerance => Err(SignedRequestError::FromTheFuture),
            _ => Ok(()),
        }
    }
}

/// Splits at the only dot and reads the signature.
fn split(text: &str) -> Result<(Tag, &str), SignedRequestError> {
    if text.len() > MAX_BYTES {
        return Err(SignedRequestError::TooLong { length: text.len(), limit: MAX_BYTES });
    }
    if text.is_empty() {
        return Err(SignedRequestError::Empty);
    }
    let (signature, payload) = match text.split_once('.') {
        Some((signature, payload)) if !payload.contains('.') => (signature, payload),
        _ => {
            let found = text.bytes().filter(|byte| *byte == b'.').count();
            return Err(SignedRequestError::Dots { found, hints: error::shape_hints(text) });
        }
    };
    let signature = BASE64URL
        .decode(signature)
        .map_err(|_| SignedRequestError::SignatureEncoding { hints: error::shape_hints(text) })?;
    let tag = Tag::try_from(signature.as_slice())
        .map_err(|_| SignedRequestError::SignatureLength { found: signature.len() })?;
    Ok((tag, payload))
}

/// Collects the secrets of a [`SignedRequestVerifier`].
#[derive(Debug)]
pub struct SignedRequestVerifierBuilder {
    secrets: Vec<(String, Secret)>,
    max_age: Option<Duration>,
    future_tolerance: Duration,
}

impl SignedRequestVerifierBuilder {
    /// Adds an app secret under a name (1 to 64 bytes, unique) that [`SignedRequest::secret_name`] reports.
    ///
    /// Add one per app whose callback points here, at most 32. It is not documented whether the Meta app or the
    /// Instagram app signs for Instagram Login: configure both.
    pub fn secret(mut self, name: impl Into<String>, secret: Secret) -> Self {
        self.secrets.push((name.into(), secret));
        self
    }

    /// Refuses requests that were issued longer ago, and those that say no time or one in the future. Without it any
    /// age is accepted, as Meta documents none: a deletion that is late is still to be done.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// How far `issued_at` may lie in the future, for clocks that differ: 5 minutes unless set. Counts only with
    /// [`max_age`](Self::max_age).
    pub fn future_tolerance(mut self, tolerance: Duration) -> Self {
        self.future_tolerance = tolerance;
        self
    }

    /// Prepares the keys.
    ///
    /// # Errors
    ///
    /// When there is no secret or more than 32, a name is empty, too long or used twice, or the limit of age is zero.
    pub fn build(self) -> Result<SignedRequestVerifier, BuildError> {
        let ring = KeyRing::new(self.secrets.iter().map(|(name, secret)| (name.as_str(), secret)))?;
        if self.max_age.is_some_and(|max_age| max_age.is_zero()) {
            return Err(BuildError::ZeroMaxAge);
        }
        Ok(SignedRequestVerifier {
            ring: Arc::new(ring),
            max_age: self.max_age,
            future_tolerance: self.future_tolerance,
        })
    }
}

/// A positive time; zero means none.
fn positive(time: EventTime) -> Option<EventTime> {
    (time.as_unix_millis() > 0).then_some(time)
}

#[cfg(test)]
mod tests;
