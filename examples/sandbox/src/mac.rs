//! Keyed hashes and their text forms.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Block size of SHA-256: the length an HMAC key is padded to (RFC 2104).
const BLOCK: usize = 64;

/// HMAC-SHA256 of the parts one after the other.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let hashed: [u8; 32];
    let short: &[u8] = if key.len() > BLOCK {
        hashed = Sha256::digest(key).into();
        &hashed
    } else {
        key
    };
    for (slot, byte) in block.iter_mut().zip(short) {
        *slot = *byte;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of lower-case hexadecimal text; `None` for anything else.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// Compares without telling by the time taken where the texts differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let key = [0_u8; 32];
    hmac_sha256(&key, &[left.as_bytes()]) == hmac_sha256(&key, &[right.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_vectors() {
        type Case = (&'static [u8], &'static [&'static [u8]], &'static str);
        let cases: [Case; 3] = [
            // appsecret_proof of the token `token`.
            (
                b"test_app_secret",
                &[b"token"],
                "cba9e453fa12ccc0fc0c7298bf2e0b060de40286cdacaaa8958ad9383fdcc1af",
            ),
            // RFC 4231, test case 2, split into parts.
            (
                b"Jefe",
                &[b"what do ya want ", b"for nothing?"],
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            // RFC 4231, test case 6: a key longer than the block.
            (
                &[0xaa; 131],
                &[b"Test Using Larger Than Block-Size Key - Hash Key First"],
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, parts, expected) in cases {
            assert_eq!(hex(&hmac_sha256(key, parts)), expected);
        }
    }

    #[test]
    fn hexadecimal_goes_both_ways_and_refuses_other_text() {
        assert_eq!(unhex(&hex(&[0, 1, 0xab, 0xff])), Some(vec![0, 1, 0xab, 0xff]));
        for bad in ["a", "0G", "AB", "é"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
