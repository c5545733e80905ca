//! Wrapping keys as text: an environment variable, a mounted file.

use std::fmt;

use base64::{
    Engine,
    alphabet::{Alphabet, STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use zeroize::Zeroizing;

use crate::{
    key_provider::{DataKey, KekId, KeyCheck},
    mac::mac,
    random::NoRandomness,
};

const TAGGED: &str = "v1:";

/// The text given for encryption keys is not usable. Says which entry, never what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("encryption key {position} of {count} is not usable: {fault}")]
#[non_exhaustive]
pub struct KeyTextError {
    /// Which entry of the comma-separated list, from 1.
    pub position: usize,
    /// How many entries the list has.
    pub count: usize,
    /// What is wrong with it.
    pub fault: KeyTextFault,
}

/// What is wrong with one entry of a list of encryption keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyTextFault {
    /// It is no key.
    #[error(
        "expected 64 hexadecimal digits or the base64 of 32 bytes, found {length} characters; make one with \
         `openssl rand -hex 32`"
    )]
    NotAKey {
        /// How many characters the entry has.
        length: usize,
    },
    /// It has the form `v1:<fingerprint>:<base64>`, and the fingerprint is another key's.
    #[error("the fingerprint beside it is another key's; one of the two was copied wrongly")]
    OtherFingerprint,
}

/// A key as read from text, with the name it gives itself.
pub(crate) struct TextKey {
    pub(crate) bytes: Zeroizing<[u8; 32]>,
    pub(crate) check: KeyCheck,
}

impl TextKey {
    fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let check = fingerprint(&bytes);
        Self { bytes, check }
    }
}

/// The first key, and the others in their order.
pub(crate) fn parse(text: &str) -> Result<(TextKey, Vec<TextKey>), KeyTextError> {
    let count = text.split(',').count();
    let mut keys = text.split(',').enumerate().map(|(index, entry)| {
        parse_entry(entry.trim()).map_err(|fault| KeyTextError { position: index + 1, count, fault })
    });
    // `split` gives at least one entry, even for an empty text.
    let none = KeyTextError { position: 1, count, fault: KeyTextFault::NotAKey { length: 0 } };
    let primary = keys.next().unwrap_or(Err(none))?;
    Ok((primary, keys.collect::<Result<_, _>>()?))
}

fn parse_entry(entry: &str) -> Result<TextKey, KeyTextFault> {
    let fault = KeyTextFault::NotAKey { length: entry.chars().count() };
    let Some(tagged) = entry.strip_prefix(TAGGED) else {
        return decode(entry).map(TextKey::new).ok_or(fault);
    };
    let (name, key) = tagged.split_once(':').ok_or(fault)?;
    let key = decode(key).map(TextKey::new).ok_or(fault)?;
    if key.check.to_string() == name { Ok(key) } else { Err(KeyTextFault::OtherFingerprint) }
}

/// A fresh wrapping key as text, to be shown once and kept outside the database: `v1:`, the key's
/// fingerprint, `:`, and the key in base64. Made by [`LocalKeys::generate_text`](crate::LocalKeys::generate_text).
///
/// `Debug` shows the id only.
#[non_exhaustive]
pub struct GeneratedKey {
    /// What the key will be called.
    pub id: KekId,
    /// The text for `ENCRYPTION_KEY` or a key file. Wiped on drop.
    pub text: Zeroizing<String>,
}

impl GeneratedKey {
    pub(crate) fn new() -> Result<Self, NoRandomness> {
        let key = DataKey::random()?;
        let check = fingerprint(key.expose());
        let mut base64 = Zeroizing::new([0; 44]);
        // 32 bytes are 44 characters with padding, so the buffer always fits.
        let _ = general_purpose::STANDARD.encode_slice(key.expose(), base64.as_mut_slice());
        let mut text = Zeroizing::new(String::with_capacity(64));
        text.push_str(TAGGED);
        text.push_str(&check.to_string());
        text.push(':');
        text.extend(base64.iter().copied().map(char::from));
        Ok(Self { id: local_id(check), text })
    }
}

impl fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedKey").field("id", &self.id).finish_non_exhaustive()
    }
}

pub(crate) fn local_id(check: KeyCheck) -> KekId {
    KekId::new(format!("local:{check}"))
}

fn fingerprint(key: &[u8; 32]) -> KeyCheck {
    let full = mac(key, &[b"sociogram wrapping key id"]);
    KeyCheck::from_bytes(std::array::from_fn(|index| full.get(index).copied().unwrap_or_default()))
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
mod tests;
