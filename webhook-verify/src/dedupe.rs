//! The key by which a repeated event is recognised.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{EventTime, Provider, hex};

/// Changes when the way of building keys does, so that old and new keys never meet.
const VERSION: &str = "sociogram-event-1";

/// 32 bytes that are the same whenever the same event is delivered again, however it was batched.
///
/// Make it a unique column and keep it for at least eight days: the platforms repeat a delivery for up to
/// seven. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DedupeKey([u8; 32]);

impl DedupeKey {
    /// Takes stored bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for DedupeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for DedupeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DedupeKey({self})")
    }
}

/// A text is not a [`DedupeKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a dedupe key has 64 hexadecimal digits")]
pub struct DedupeKeyError;

impl FromStr for DedupeKey {
    type Err = DedupeKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        hex::decode(text.as_bytes()).map(Self).ok_or(DedupeKeyError)
    }
}

impl TryFrom<String> for DedupeKey {
    type Error = DedupeKeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DedupeKey> for String {
    fn from(key: DedupeKey) -> Self {
        key.to_string()
    }
}

/// How far a [`DedupeKey`] can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Strength {
    /// Built from the identifiers that the platform gives the event: equal keys are the same event, and a
    /// repeat has the same key.
    Exact,
    /// Built from the content and the time of sending, for lack of identifiers: a repeat that the platform
    /// rendered or timed anew gets another key, so the handler must bear a repeat; two events that say the
    /// same at the same time share one.
    BestEffort,
}

/// Parts to be hashed, each with its length in front, so that no two lists of parts feed the same bytes. Hashed in one go,
/// which is faster than feeding each part.
pub(crate) struct KeyParts(Vec<u8>);

impl KeyParts {
    /// Every key starts with whose event it is.
    pub(crate) fn new(provider: Provider, object: &str, account: Option<&str>) -> Self {
        Self(Vec::with_capacity(320)).part(VERSION).part(provider.as_str()).part(object).maybe(account)
    }

    pub(crate) fn part(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
        self
    }

    /// Absent and empty differ.
    pub(crate) fn maybe(self, part: Option<impl AsRef<[u8]>>) -> Self {
        match part {
            Some(part) => self.part([1]).part(part),
            None => self.part([0]),
        }
    }

    pub(crate) fn time(self, time: Option<EventTime>) -> Self {
        self.maybe(time.map(|time| time.as_unix_millis().to_be_bytes()))
    }

    pub(crate) fn finish(self) -> DedupeKey {
        DedupeKey(Sha256::digest(self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(account: Option<&str>, parts: &[Option<&str>]) -> DedupeKey {
        let start = KeyParts::new(Provider::Meta, "page", account);
        parts.iter().fold(start, |key, part| key.maybe(*part)).finish()
    }

    #[test]
    fn parts_never_run_together() {
        let keys = [
            key(None, &[]),
            key(Some(""), &[]),
            key(Some("1"), &[]),
            key(Some("1"), &[None]),
            key(Some("1"), &[Some("")]),
            key(Some("1"), &[Some("ab"), Some("c")]),
            key(Some("1"), &[Some("a"), Some("bc")]),
            key(Some("1"), &[Some("abc"), None]),
            key(Some("1"), &[None, Some("abc")]),
            KeyParts::new(Provider::LinkedIn, "page", Some("1")).finish(),
            KeyParts::new(Provider::Meta, "user", Some("1")).finish(),
        ];
        for (place, left) in keys.iter().enumerate() {
            assert!(!keys[place + 1..].contains(left), "{place}");
        }
    }

    #[test]
    fn the_way_of_building_keys_is_frozen() {
        // Stored keys must match those of later versions; change VERSION when this must change.
        assert_eq!(
            key(Some("1"), &[Some("leadgen"), None]).to_string(),
            "82a023b776cad31e093c75d57c538de43a759eb2dcd282380e0c3a6941d86c31"
        );
    }

    #[test]
    fn texts_that_are_no_key_are_refused() {
        for text in ["", "00", &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(text.parse::<DedupeKey>(), Err(DedupeKeyError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn keys_survive_storage(bytes: [u8; 32]) {
            let key = DedupeKey::from_bytes(bytes);
            prop_assert_eq!(key.to_string().parse(), Ok(key));
            prop_assert_eq!(serde_json::from_str::<DedupeKey>(&serde_json::to_string(&key).unwrap()).unwrap(), key);
            prop_assert_eq!(key.as_bytes(), &bytes);
        }
    }
}
