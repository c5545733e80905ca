//! Random bytes, from the operating system and nowhere else.

use sociogram_oauth_core::ConnectionId;

use crate::VaultError;

/// The operating system refused to give random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub(crate) struct NoRandomness(getrandom::Error);

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(NoRandomness)
}

/// A fresh connection id: 122 random bits in the form of a UUID version 4.
///
/// # Errors
///
/// [`VaultError`] of kind `Unavailable` when the operating system gives no random bytes.
pub fn new_connection_id() -> Result<ConnectionId, VaultError> {
    let mut number = [0; 16];
    fill(&mut number)?;
    let number = u128::from_be_bytes(number);
    let version = (number & !(0xF << 76)) | (0x4 << 76);
    let variant = (version & !(0b11 << 62)) | (0b10 << 62);
    Ok(ConnectionId::from_bytes(variant.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_four_and_differ() {
        let (a, b) = (new_connection_id().unwrap(), new_connection_id().unwrap());
        assert_ne!(a, b);
        for text in [a.to_string(), b.to_string()] {
            assert_eq!(&text[14..15], "4", "{text}");
            assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
        }
    }
}
