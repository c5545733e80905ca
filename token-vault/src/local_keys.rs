//! Wrapping keys given as text, as in an environment variable or a mounted file.

use std::fmt::{self, Write as _};

use async_trait::async_trait;
use base64::{
    Engine,
    alphabet::{Alphabet, STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use crate::{
    cipher::{Cipher, NONCE_LEN, TAG_LEN},
    key_provider::{DataKey, KekId, KeyError, KeyErrorKind, KeyProvider},
    mac::mac,
    random,
};

const FORMAT: u8 = 0x01;
const WRAPPED_LEN: usize = 1 + NONCE_LEN + 32 + TAG_LEN;

/// Wrapping keys held in this process: the first wraps, every one unwraps.
///
/// To rotate, put the new key in front and keep the old one behind it until no data key is wrapped with it.
/// A key is named by a fingerprint of itself (`local:` and 16 hexadecimal digits), so the order and the place
/// of a key may change freely.
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
    cipher: Cipher,
}

/// The text given to [`LocalKeys::parse`] is not usable. Says which entry, never what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "encryption key {position} of {count} is not usable: expected 64 hexadecimal digits or the base64 of 32 bytes, \
     found {length} characters; make one with `openssl rand -hex 32`"
)]
#[non_exhaustive]
pub struct KeyTextError {
    /// Which entry of the comma-separated list, from 1.
    pub position: usize,
    /// How many entries the list has.
    pub count: usize,
    /// How many characters the entry has.
    pub length: usize,
}

impl LocalKeys {
    /// Reads a comma-separated list of keys, each 64 hexadecimal digits or 32 bytes in base64 (standard or
    /// URL-safe, with or without padding). Space around an entry is ignored.
    ///
    /// # Errors
    ///
    /// [`KeyTextError`] naming the first entry that is neither.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let count = text.split(',').count();
        let mut keys = text.split(',').enumerate().map(|(index, entry)| {
            let entry = entry.trim();
            let key = decode(entry).ok_or(KeyTextError {
                position: index + 1,
                count,
                length: entry.chars().count(),
            })?;
            Ok(LocalKey::new(&key))
        });
        // `split` gives at least one entry, even for an empty text.
        let primary = keys.next().unwrap_or(Err(KeyTextError { position: 1, count, length: 0 }))?;
        let others = keys.collect::<Result<_, _>>()?;
        Ok(Self { primary, others })
    }

    /// One random key that nobody else knows: whatever it wraps is lost when the process ends. For stores in
    /// memory.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        let key = DataKey::random()?;
        Ok(Self { primary: LocalKey::new(key.expose()), others: Vec::new() })
    }

    fn find(&self, id: &KekId) -> Result<&LocalKey, KeyError> {
        std::iter::once(&self.primary).chain(&self.others).find(|key| key.id == *id).ok_or_else(|| {
            KeyError::new(
                KeyErrorKind::WrongKey,
                format!(
                    "no encryption key has the id {id}; add the key that was used before behind the new one"
                ),
            )
        })
    }
}

impl LocalKey {
    fn new(key: &[u8; 32]) -> Self {
        Self { id: fingerprint(key), cipher: Cipher::new(key) }
    }
}

impl fmt::Debug for LocalKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = std::iter::once(&self.primary).chain(&self.others).map(|key| &key.id);
        f.debug_tuple("LocalKeys").field(&ids.collect::<Vec<_>>()).finish()
    }
}

#[async_trait]
impl KeyProvider for LocalKeys {
    fn id(&self) -> KekId {
        self.primary.id.clone()
    }

    async fn wrap(&self, kek: &KekId, key: &DataKey, aad: &[u8]) -> Result<Vec<u8>, KeyError> {
        let with = self.find(kek)?;
        let mut nonce = [0; NONCE_LEN];
        random::fill(&mut nonce)?;
        let mut wrapped = Vec::with_capacity(WRAPPED_LEN);
        wrapped.push(FORMAT);
        wrapped.extend_from_slice(&nonce);
        let mut body = Zeroizing::new(*key.expose());
        let tag = with.cipher.seal(&nonce, aad, body.as_mut_slice()).ok_or_else(tampered)?;
        wrapped.extend_from_slice(body.as_slice());
        wrapped.extend_from_slice(&tag);
        Ok(wrapped)
    }

    async fn unwrap(&self, kek: &KekId, wrapped: &[u8], aad: &[u8]) -> Result<DataKey, KeyError> {
        let with = self.find(kek)?;
        let (nonce, body, tag) = split(wrapped).ok_or_else(|| {
            KeyError::new(
                KeyErrorKind::UnsupportedFormat,
                "the wrapped data key has a form this version does not know",
            )
        })?;
        let key = with.cipher.open(nonce, aad, body, tag).map_err(|_| tampered())?;
        DataKey::from_slice(&key).ok_or_else(tampered)
    }
}

fn tampered() -> KeyError {
    KeyError::new(KeyErrorKind::Tampered, "the wrapped data key was changed or belongs to something else")
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

fn fingerprint(key: &[u8; 32]) -> KekId {
    let mut id = "local:".to_owned();
    for byte in mac(key, &[b"sociogram wrapping key id"]).iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    KekId::new(id)
}

fn decode(entry: &str) -> Option<Zeroizing<[u8; 32]>> {
    if entry.len() == 64 {
        return decode_hex(entry);
    }
    [STANDARD, URL_SAFE].iter().find_map(|alphabet| decode_base64(entry, alphabet))
}

fn decode_hex(entry: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let (pairs, _) = entry.as_bytes().as_chunks::<2>();
    for (byte, [high, low]) in key.iter_mut().zip(pairs) {
        let digit = |c: &u8| char::from(*c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = (digit(high)? << 4) | digit(low)?;
    }
    Some(key)
}

fn decode_base64(entry: &str, alphabet: &Alphabet) -> Option<Zeroizing<[u8; 32]>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = Zeroizing::new(GeneralPurpose::new(alphabet, config).decode(entry).ok()?);
    decoded.as_slice().try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const OTHER: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    #[test]
    fn one_key_may_be_written_in_five_ways() {
        let spellings = [
            HEX,
            &HEX.to_uppercase(),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            &format!(" {HEX}\n"),
        ];
        for spelling in spellings {
            assert_eq!(
                LocalKeys::parse(spelling).unwrap().id().as_str(),
                "local:efb81a692a2f72c5",
                "{spelling}"
            );
        }
        let (standard, url_safe) = ("+/".repeat(21) + "8=", "-_".repeat(21) + "8");
        assert_eq!(LocalKeys::parse(&standard).unwrap().id(), LocalKeys::parse(&url_safe).unwrap().id());
    }

    #[test]
    fn unusable_text_is_named_by_place_and_never_shown() {
        let short = &HEX[..62];
        for (text, position, count, length) in [
            ("", 1, 1, 0),
            ("CANARYCANARY", 1, 1, 12),
            (short, 1, 1, 62),
            (&*HEX.replace('f', "g"), 1, 1, 64),
            (&*format!("{HEX},"), 2, 2, 0),
            (&*format!("{HEX},CANARY,{OTHER}"), 2, 3, 6),
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", 1, 1, 44),
        ] {
            let error = LocalKeys::parse(text).unwrap_err();
            assert_eq!(error, KeyTextError { position, count, length }, "{text}");
            assert!(!error.to_string().contains("CANARY"));
        }
        assert_eq!(
            LocalKeys::parse("x").unwrap_err().to_string(),
            "encryption key 1 of 1 is not usable: expected 64 hexadecimal digits or the base64 of 32 bytes, \
             found 1 characters; make one with `openssl rand -hex 32`"
        );
    }

    #[tokio::test]
    async fn every_key_of_the_list_unwraps_and_the_first_wraps() {
        let old = LocalKeys::parse(HEX).unwrap();
        let key = DataKey::random().unwrap();
        let wrapped = old.wrap(&old.id(), &key, b"context").await.unwrap();

        let rotated = LocalKeys::parse(&format!("{OTHER},{HEX}")).unwrap();
        assert_ne!(rotated.id(), old.id());
        let again = rotated.unwrap(&old.id(), &wrapped, b"context").await.unwrap();
        assert_eq!(again.expose(), key.expose());

        let new_only = LocalKeys::parse(OTHER).unwrap();
        let error = new_only.unwrap(&old.id(), &wrapped, b"context").await.unwrap_err();
        assert_eq!(error.kind(), KeyErrorKind::WrongKey);
        assert!(error.to_string().contains("local:efb81a692a2f72c5"), "{error}");
    }

    #[tokio::test]
    async fn no_change_to_the_wrapped_bytes_or_the_context_goes_unseen() {
        let keys = LocalKeys::parse(HEX).unwrap();
        let id = keys.id();
        let wrapped = keys.wrap(&id, &DataKey::random().unwrap(), b"context").await.unwrap();
        assert_eq!(wrapped.len(), WRAPPED_LEN);
        let kind = async |bytes: &[u8], aad: &[u8]| keys.unwrap(&id, bytes, aad).await.unwrap_err().kind();

        assert_eq!(kind(&wrapped, b"contexT").await, KeyErrorKind::Tampered);
        assert_eq!(kind(&wrapped[..WRAPPED_LEN - 1], b"context").await, KeyErrorKind::UnsupportedFormat);
        assert_eq!(kind(&[], b"context").await, KeyErrorKind::UnsupportedFormat);
        for at in 0..WRAPPED_LEN {
            let mut changed = wrapped.clone();
            changed[at] ^= 0x10;
            let expected = if at == 0 { KeyErrorKind::UnsupportedFormat } else { KeyErrorKind::Tampered };
            assert_eq!(kind(&changed, b"context").await, expected, "byte {at}");
        }
    }

    #[tokio::test]
    async fn generated_keys_differ_and_debug_shows_ids_only() {
        let (a, b) = (LocalKeys::generate().unwrap(), LocalKeys::generate().unwrap());
        assert_ne!(a.id(), b.id());
        let text = format!("{:?}", LocalKeys::parse(HEX).unwrap());
        assert_eq!(text, "LocalKeys([KekId(\"local:efb81a692a2f72c5\")])");
        assert_eq!(format!("{:?}", DataKey::random().unwrap()), "DataKey([redacted])");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = LocalKeys::parse(&text);
        }

        #[test]
        fn any_32_bytes_are_read_back(key: [u8; 32]) {
            let half = |at| u128::from_be_bytes(*key[at..].first_chunk().unwrap());
            let hex = format!("{:032x}{:032x}", half(0), half(16));
            prop_assert_eq!(*decode(&hex).unwrap(), key);
            let base64 = base64::engine::general_purpose::STANDARD.encode(key);
            prop_assert_eq!(*decode(&base64).unwrap(), key);
        }
    }
}
