//! Hexadecimal text of 32 bytes.

/// Marks a byte that is no hexadecimal digit.
const BAD: u8 = 0xff;

/// Reads exactly 64 hexadecimal digits of either case.
pub(crate) fn decode(text: &[u8]) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.try_into().ok()?;
    // No branch inside the loops, so that the compiler turns them into vector instructions.
    let nibbles = text.map(nibble);
    if nibbles.iter().fold(0, |seen, nibble| seen | nibble) > 0x0f {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(nibbles.as_chunks::<2>().0) {
        *byte = high << 4 | low;
    }
    Some(bytes)
}

fn nibble(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0');
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if digit < 10 {
        digit
    } else if letter < 6 {
        letter + 10
    } else {
        BAD
    }
}

/// Writes 64 lower-case digits.
pub(crate) fn encode(bytes: &[u8; 32]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_that_is_no_digit_is_refused_at_every_place() {
        let good = [b'a'; 64];
        for place in 0..64 {
            for byte in 0..=u8::MAX {
                let mut text = good;
                text[place] = byte;
                assert_eq!(decode(&text).is_some(), byte.is_ascii_hexdigit(), "byte {byte} at {place}");
            }
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in [0, 1, 63, 65, 128] {
            assert_eq!(decode(&vec![b'0'; length]), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive_in_both_cases(bytes: [u8; 32]) {
            let text = encode(&bytes);
            prop_assert_eq!(decode(text.as_bytes()), Some(bytes));
            prop_assert_eq!(decode(text.to_uppercase().as_bytes()), Some(bytes));
            prop_assert_eq!(text.to_lowercase(), text);
        }
    }
}
