//! Wrapping keys held in this process.

use std::fmt;

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{
    KeyContext, KeyError,
    cipher::{Cipher, NONCE_LEN, TAG_LEN},
    key_provider::{
        DataKey, HeldKek, KekId, KeyCheck, KeyHealth, KeyProvider, RewrapRequest, UnwrapRequest, WrapRequest,
    },
    key_text::{self, GeneratedKey, KeyTextError, TextKey},
    random,
};

const FORMAT: u8 = 0x01;
const WRAPPED_LEN: usize = 1 + NONCE_LEN + 32 + TAG_LEN;

/// Wrapping keys given as text: the first wraps, every one unwraps.
///
/// A key is named by a fingerprint of itself (`local:` and 16 hexadecimal digits), so the order and the place
/// of a key may change freely. How to rotate: see the crate's front page.
///
/// ```
/// use sociogram_token_vault::{KeyProvider, LocalKeys};
///
/// let old = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// let new = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
/// let keys = LocalKeys::parse(&format!("{new},{old}"))?;
/// assert_ne!(keys.id(), LocalKeys::parse(old)?.id());
/// # Ok::<(), sociogram_token_vault::KeyTextError>(())
/// ```
pub struct LocalKeys {
    primary: LocalKey,
    others: Vec<LocalKey>,
}

struct LocalKey {
    id: KekId,
    check: KeyCheck,
    cipher: Cipher,
}

impl LocalKeys {
    /// Reads a comma-separated list of keys, each 64 hexadecimal digits, 32 bytes in base64 (standard or
    /// URL-safe, with or without padding), or `v1:<fingerprint>:<either>`, which notices a key that was
    /// copied wrongly. Space and line ends around an entry are ignored, as is a key that is there twice.
    ///
    /// # Errors
    ///
    /// [`KeyTextError`] naming the first entry that is none of them.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let (primary, others) = key_text::parse(text)?;
        let mut keys = Self { primary: LocalKey::new(&primary), others: Vec::new() };
        for other in &others {
            if keys.all().all(|key| key.check != other.check) {
                keys.others.push(LocalKey::new(other));
            }
        }
        Ok(keys)
    }

    /// One random key that nobody else knows: whatever it wraps is lost when the process ends. For stores in
    /// memory.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let generated = Self::generate_text()?;
        Self::parse(&generated.text).map_err(|_| KeyError::unsupported())
    }

    /// A fresh key as text, for a command that makes one. Whoever runs it keeps the text; it is not kept
    /// here.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the operating system gives no random bytes.
    pub fn generate_text() -> Result<GeneratedKey, KeyError> {
        Ok(GeneratedKey::new()?)
    }

    /// The ids of all keys, the one that wraps first.
    pub fn ids(&self) -> impl Iterator<Item = &KekId> {
        self.all().map(|key| &key.id)
    }

    fn all(&self) -> impl Iterator<Item = &LocalKey> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    fn find(&self, id: &KekId) -> Result<&LocalKey, KeyError> {
        self.all().find(|key| key.id == *id).ok_or_else(|| KeyError::wrong_key(id))
    }

    fn wrap(&self, context: &KeyContext, key: &DataKey) -> Result<Vec<u8>, KeyError> {
        let mut nonce = [0; NONCE_LEN];
        random::fill(&mut nonce)?;
        self.wrap_with_nonce(context, key, nonce)
    }

    fn wrap_with_nonce(
        &self,
        context: &KeyContext,
        key: &DataKey,
        nonce: [u8; NONCE_LEN],
    ) -> Result<Vec<u8>, KeyError> {
        let with = self.find(&context.kek)?;
        let mut body = Zeroizing::new(*key.expose());
        let tag = with.cipher.seal(&nonce, &context.to_bytes(), body.as_mut_slice());
        let tag = tag.ok_or_else(KeyError::tampered)?;
        let mut wrapped = Vec::with_capacity(WRAPPED_LEN);
        wrapped.push(FORMAT);
        wrapped.extend_from_slice(&nonce);
        wrapped.extend_from_slice(body.as_slice());
        wrapped.extend_from_slice(&tag);
        Ok(wrapped)
    }

    fn unwrap(&self, context: &KeyContext, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        let with = self.find(&context.kek)?;
        let (nonce, body, tag) = split(wrapped).ok_or_else(KeyError::unsupported)?;
        let key =
            with.cipher.open(nonce, &context.to_bytes(), body, tag).map_err(|_| KeyError::tampered())?;
        DataKey::from_slice(&key).ok_or_else(KeyError::tampered)
    }

    fn rewrap(&self, request: &RewrapRequest<'_>) -> Result<Vec<u8>, KeyError> {
        self.wrap(request.to, &self.unwrap(request.from, request.wrapped)?)
    }
}

impl LocalKey {
    fn new(key: &TextKey) -> Self {
        Self { id: key_text::local_id(key.check), check: key.check, cipher: Cipher::new(&key.bytes) }
    }
}

impl fmt::Debug for LocalKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalKeys").field(&self.ids().collect::<Vec<_>>()).finish()
    }
}

#[async_trait]
impl KeyProvider for LocalKeys {
    fn id(&self) -> KekId {
        self.primary.id.clone()
    }

    async fn wrap_many(&self, requests: &[WrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        requests.iter().map(|request| self.wrap(request.context, request.key)).collect()
    }

    async fn unwrap_many(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<DataKey, KeyError>> {
        requests.iter().map(|request| self.unwrap(request.context, request.wrapped)).collect()
    }

    async fn rewrap_many(&self, requests: &[RewrapRequest<'_>]) -> Vec<Result<Vec<u8>, KeyError>> {
        requests.iter().map(|request| self.rewrap(request)).collect()
    }

    /// Always well: the keys are in memory.
    async fn health(&self) -> Result<KeyHealth, KeyError> {
        let keys = self.all().map(|key| HeldKek::new(key.id.clone()).with_check(key.check)).collect();
        Ok(KeyHealth::new(self.id(), keys))
    }
}

fn split(wrapped: &[u8]) -> Option<(&[u8; NONCE_LEN], &[u8], &[u8; TAG_LEN])> {
    if wrapped.len() != WRAPPED_LEN {
        return None;
    }
    let (format, rest) = wrapped.split_first()?;
    let (nonce, rest) = rest.split_first_chunk()?;
    let (body, tag) = rest.split_last_chunk()?;
    (*format == FORMAT).then_some((nonce, body, tag))
}

#[cfg(test)]
mod tests;
