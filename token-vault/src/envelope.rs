//! The form of a sealed secret.
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 1 | format, `0x01` |
//! | 1 | 1 | suite, `1` = AES-256-GCM |
//! | 2 | 4 | id of the data key, big-endian |
//! | 6 | 12 | nonce |
//! | 18 | n | ciphertext |
//! | 18 + n | 16 | tag |
//!
//! Authenticated along with it, 55 bytes: the first 6 bytes above, tenant (16), connection (16), field code
//! (1), generation (8, big-endian), schema tag (8). All widths are fixed, so no two contexts look the same.

use std::fmt;

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{ConnectionId, TenantId};
use zeroize::Zeroizing;

use crate::{
    DataKeyId, Generation, SealFault, VaultError,
    cipher::{Cipher, NONCE_LEN, TAG_LEN},
    random,
};

const FORMAT: u8 = 0x01;
/// AES-256-GCM. A data key is bound to one suite.
pub(crate) const SUITE: u8 = 1;
const HEADER_LEN: usize = 6;
const PREFIX_LEN: usize = HEADER_LEN + NONCE_LEN;
const AAD_LEN: usize = 55;
const SCHEMA: &[u8; 8] = b"sg-token";
const MAX_SECRET_LEN: usize = 65_536;

/// Sealed bytes as a store keeps them: 34 bytes longer than the secret.
///
/// Only a vault makes them and only a vault opens them; a store moves them about. `Debug` shows the length.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// From what was stored. Any bytes are accepted here; opening them is what checks.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The data key it is sealed under; `None` for bytes this version cannot read.
    pub fn key_id(&self) -> Option<DataKeyId> {
        split(&self.0).map(|parts| parts.key)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Which of a token's secrets. The codes are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Access = 1,
    Refresh = 2,
}

/// Where a secret lives. A secret sealed for one place does not open at another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) tenant: TenantId,
    pub(crate) connection: ConnectionId,
    pub(crate) field: Field,
    pub(crate) generation: Generation,
}

impl Place {
    fn aad(&self, header: [u8; HEADER_LEN]) -> [u8; AAD_LEN] {
        let mut aad = [0; AAD_LEN];
        let generation = self.generation.get().to_be_bytes();
        let parts: [&[u8]; 6] = [
            &header,
            self.tenant.as_bytes(),
            self.connection.as_bytes(),
            &[self.field as u8],
            &generation,
            SCHEMA,
        ];
        let mut rest = aad.as_mut_slice();
        for part in parts {
            // The widths add up to the array's, which a test holds to the documented bytes.
            let Some((to, after)) = rest.split_at_mut_checked(part.len()) else { break };
            to.copy_from_slice(part);
            rest = after;
        }
        aad
    }
}

pub(crate) fn seal(
    cipher: &Cipher,
    key: DataKeyId,
    place: &Place,
    secret: &str,
) -> Result<Sealed, VaultError> {
    if secret.is_empty() || secret.len() > MAX_SECRET_LEN {
        return Err(VaultError::new(ErrorKind::Invalid, "a token must have between 1 and 65536 bytes"));
    }
    let mut nonce = [0; NONCE_LEN];
    random::fill(&mut nonce)?;
    seal_with_nonce(cipher, key, place, secret, nonce)
        .ok_or_else(|| VaultError::new(ErrorKind::Internal, "the cipher refused to seal a token"))
}

fn seal_with_nonce(
    cipher: &Cipher,
    key: DataKeyId,
    place: &Place,
    secret: &str,
    nonce: [u8; NONCE_LEN],
) -> Option<Sealed> {
    let header = header(key);
    // Full capacity from the start: a growing buffer would leave a copy of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(PREFIX_LEN + secret.len() + TAG_LEN));
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(secret.as_bytes());
    let tag = cipher.seal(&nonce, &place.aad(header), bytes.get_mut(PREFIX_LEN..)?)?;
    bytes.extend_from_slice(&tag);
    Some(Sealed(std::mem::take(&mut *bytes)))
}

/// The secret, if `sealed` was sealed by this key for this place.
pub(crate) fn open(cipher: &Cipher, sealed: &Sealed, place: &Place) -> Result<Zeroizing<String>, SealFault> {
    let parts = split(&sealed.0).ok_or(SealFault::UnsupportedFormat)?;
    let aad = place.aad(header(parts.key));
    let mut secret =
        cipher.open(parts.nonce, &aad, parts.ciphertext, parts.tag).map_err(|_| SealFault::Tampered)?;
    match String::from_utf8(std::mem::take(&mut *secret)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(SealFault::UnsupportedFormat)
        }
    }
}

fn header(key: DataKeyId) -> [u8; HEADER_LEN] {
    let [a, b, c, d] = key.get().to_be_bytes();
    [FORMAT, SUITE, a, b, c, d]
}

struct Parts<'a> {
    key: DataKeyId,
    nonce: &'a [u8; NONCE_LEN],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG_LEN],
}

fn split(bytes: &[u8]) -> Option<Parts<'_>> {
    let ([format, suite], rest) = bytes.split_first_chunk()?;
    let (key, rest) = rest.split_first_chunk()?;
    let (nonce, rest) = rest.split_first_chunk()?;
    let (ciphertext, tag) = rest.split_last_chunk()?;
    let known = *format == FORMAT && *suite == SUITE;
    known.then_some(Parts { key: DataKeyId::new(u32::from_be_bytes(*key)), nonce, ciphertext, tag })
}

#[cfg(test)]
mod tests;
