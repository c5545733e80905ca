//! AES-256-GCM over one key: the only place that touches the primitive.

use std::fmt;

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

pub(crate) const NONCE_LEN: usize = 12;
pub(crate) const TAG_LEN: usize = 16;

/// The tag does not fit: other key, other context, or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TagMismatch;

/// A key with its schedule computed. Wiped on drop.
pub(crate) struct Cipher(Aes256Gcm);

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Aes256Gcm::new(key.into()))
    }

    /// Encrypts `buffer` where it lies and gives the tag. A nonce is used once per key.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        buffer: &mut [u8],
    ) -> Option<[u8; TAG_LEN]> {
        self.0.encrypt_inout_detached(nonce.into(), aad, buffer.into()).ok().map(Into::into)
    }

    /// The plain text, in a buffer of exactly its size so that turning it into text copies nothing.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<Zeroizing<Vec<u8>>, TagMismatch> {
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        // On a mismatch the buffer is wiped when it is dropped.
        let opened =
            self.0.decrypt_inout_detached(nonce.into(), aad, buffer.as_mut_slice().into(), tag.into());
        opened.map(|()| buffer).map_err(|_| TagMismatch)
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cipher([redacted])")
    }
}

#[cfg(test)]
mod tests;
