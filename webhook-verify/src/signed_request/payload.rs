//! What a verified `signed_request` says.

use std::{fmt, sync::Arc};

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{SignedRequestError, positive};
use crate::{DedupeKey, EventTime, Provider, Strength, canonical, dedupe::KeyParts, fields::Fields};

const ALGORITHM: &str = "HMAC-SHA256";

/// The members that are read.
pub(super) struct Payload {
    user_id: String,
    profile_id: Option<String>,
    pub(super) issued_at: Option<EventTime>,
    pub(super) expires: Option<EventTime>,
}

impl Payload {
    pub(super) fn read(json: &str) -> Result<Self, SignedRequestError> {
        let raw: &RawValue = serde_json::from_str(json).map_err(|_| SignedRequestError::NotJsonObject)?;
        let fields = Fields::of(raw).ok_or(SignedRequestError::NotJsonObject)?;
        if !fields.text("algorithm").is_some_and(|name| name.eq_ignore_ascii_case(ALGORITHM)) {
            return Err(SignedRequestError::UnsupportedAlgorithm);
        }
        Ok(Self {
            user_id: fields.id("user_id").ok_or(SignedRequestError::MissingUser)?,
            profile_id: fields.id("profile_id"),
            issued_at: fields.time("issued_at").and_then(positive),
            expires: fields.time("expires").and_then(positive),
        })
    }
}

/// A `signed_request` whose signature was checked. Only a
/// [`SignedRequestVerifier`](crate::SignedRequestVerifier) makes one.
///
/// `Debug` shows the name of the secret and the times, nothing of the user.
#[derive(Clone)]
pub struct SignedRequest {
    user_id: String,
    profile_id: Option<String>,
    issued_at: Option<EventTime>,
    expires: Option<EventTime>,
    secret_name: Arc<str>,
    /// May hold tokens (`oauth_token`, `code`), so it is wiped.
    json: Zeroizing<String>,
}

impl SignedRequest {
    pub(super) fn new(payload: Payload, secret_name: Arc<str>, json: Zeroizing<String>) -> Self {
        let Payload { user_id, profile_id, issued_at, expires } = payload;
        Self { user_id, profile_id, issued_at, expires, secret_name, json }
    }

    /// The id of the user within the app, never empty. The same person has another one in another app.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The id of the profile, where the payload has one.
    pub fn profile_id(&self) -> Option<&str> {
        self.profile_id.as_deref()
    }

    /// When the user acted.
    pub fn issued_at(&self) -> Option<EventTime> {
        self.issued_at
    }

    /// When the request ends; `None` when it never does (absent or 0).
    pub fn expires(&self) -> Option<EventTime> {
        self.expires
    }

    /// The name of the secret that matched: which app the user left.
    pub fn secret_name(&self) -> &str {
        &self.secret_name
    }

    /// The whole payload, a JSON object. May hold an access token (`oauth_token`) or a `code`: do not log or store it
    /// as it is.
    pub fn raw(&self) -> &str {
        &self.json
    }

    /// The key by which a repeat is recognised, from user and `issued_at`.
    ///
    /// `callback` names what was called, such as `deauthorize` or `data_deletion`: the payloads do not say it, and a
    /// user may do both within one second.
    pub fn dedupe_key(&self, callback: &str) -> DedupeKey {
        let parts = KeyParts::new(Provider::Meta, "signed_request", None).part(callback).part(&self.user_id);
        let parts = parts.time(self.issued_at);
        match self.issued_at {
            Some(_) => parts.finish(),
            None => parts.part(canonical::digest(&self.json)).finish(),
        }
    }

    /// How far the key can be trusted: less when the payload says no time.
    pub fn strength(&self) -> Strength {
        if self.issued_at.is_some() { Strength::Exact } else { Strength::BestEffort }
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("secret_name", &self.secret_name)
            .field("issued_at", &self.issued_at)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
