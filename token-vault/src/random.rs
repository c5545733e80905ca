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

/// A number for jitter. Where the operating system gives none, one in the middle does.
pub(crate) fn number() -> u32 {
    #[cfg(any(test, feature = "testing"))]
    if let Some(number) = foreseen::number() {
        return u32::try_from(number >> 32).unwrap_or_default();
    }
    let mut bytes = [0; 4];
    fill(&mut bytes).map_or(u32::MAX / 2, |()| u32::from_be_bytes(bytes))
}

/// A fresh connection id: 122 random bits in the form of a UUID version 4.
///
/// # Errors
///
/// [`VaultError`] of kind `Unavailable` when the operating system gives no random bytes.
pub fn new_connection_id() -> Result<ConnectionId, VaultError> {
    let number = id_bits()?;
    let version = (number & !(0xF << 76)) | (0x4 << 76);
    let variant = (version & !(0b11 << 62)) | (0b10 << 62);
    Ok(ConnectionId::from_bytes(variant.to_be_bytes()))
}

fn id_bits() -> Result<u128, NoRandomness> {
    #[cfg(any(test, feature = "testing"))]
    if let Some(halves) = foreseen::number().zip(foreseen::number()) {
        return Ok(u128::from(halves.0) << 64 | u128::from(halves.1));
    }
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

/// Ids and jitter, and nothing that protects a secret, for tests that must come out the same every time.
#[cfg(any(test, feature = "testing"))]
pub(crate) mod foreseen {
    use std::cell::Cell;

    thread_local! {
        static STATE: Cell<Option<u64>> = const { Cell::new(None) };
    }

    pub(crate) fn seed(seed: u64) {
        STATE.set(Some(seed));
    }

    /// The next number of a SplitMix64 generator, on a thread that was seeded.
    pub(super) fn number() -> Option<u64> {
        let state = STATE.get()?.wrapping_add(0x9E37_79B9_7F4A_7C15);
        STATE.set(Some(state));
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Some(mixed ^ (mixed >> 31))
    }
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
