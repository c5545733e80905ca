use proptest::prelude::*;

use super::*;

const KEY: [u8; 32] = {
    let mut key = [0; 32];
    let mut byte = 0_u8;
    while byte < 32 {
        key[byte as usize] = byte;
        byte += 1;
    }
    key
};
const ID: DataKeyId = DataKeyId::new(0x0102_0304);
const SECRET: &str = "EAAB-golden-token";

fn place() -> Place {
    Place {
        tenant: TenantId::from_bytes([0x11; 16]),
        connection: ConnectionId::from_bytes([0x22; 16]),
        field: Field::Access,
        generation: Generation::new(7),
    }
}

fn sealed() -> Sealed {
    seal(&Cipher::new(&KEY), ID, &place(), SECRET).unwrap()
}

fn fault(sealed: &Sealed, place: &Place) -> SealFault {
    open(&Cipher::new(&KEY), sealed, place).unwrap_err()
}

fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Sealed {
    let mut bytes = sealed().as_bytes().to_vec();
    change(&mut bytes);
    Sealed::from_bytes(bytes)
}

/// Computed with another implementation of AES-256-GCM, from the layout as documented.
#[test]
fn the_format_is_the_documented_one() {
    let golden = "010101020304a0a1a2a3a4a5a6a7a8a9aaaba3593d6f68ac6dd30600e9fe7315abbb1e5c08a3adbd4a39a81669ebae82fda3e4";
    let nonce = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab];
    let sealed = seal_with_nonce(&Cipher::new(&KEY), ID, &place(), SECRET, nonce).unwrap();
    let bytes: Vec<u8> = golden
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    assert_eq!(sealed.as_bytes(), bytes);
    assert_eq!(sealed.as_bytes().len(), SECRET.len() + 34);
    assert_eq!(sealed.key_id(), Some(ID));
    assert_eq!(*open(&Cipher::new(&KEY), &sealed, &place()).unwrap(), SECRET);
}

#[test]
fn the_same_secret_never_looks_the_same() {
    assert_ne!(sealed(), sealed());
}

#[test]
fn a_secret_opens_in_its_own_place_only() {
    let here = place();
    let elsewhere = [
        Place { tenant: TenantId::from_bytes([0x12; 16]), ..here },
        Place { connection: ConnectionId::from_bytes([0x23; 16]), ..here },
        Place { field: Field::Refresh, ..here },
        Place { generation: Generation::new(6), ..here },
        Place { generation: Generation::new(8), ..here },
        // Tenant and connection the other way round: the same bytes, in another order.
        Place {
            tenant: TenantId::from_bytes([0x22; 16]),
            connection: ConnectionId::from_bytes([0x11; 16]),
            ..here
        },
    ];
    for place in elsewhere {
        assert_eq!(fault(&sealed(), &place), SealFault::Tampered, "{place:?}");
    }
    let mut other_key = KEY;
    other_key[31] ^= 1;
    assert_eq!(open(&Cipher::new(&other_key), &sealed(), &here).unwrap_err(), SealFault::Tampered);
}

#[test]
fn every_flipped_bit_fails() {
    let len = sealed().as_bytes().len();
    for at in 0..len {
        for bit in 0..8 {
            let expected = if at < 2 { SealFault::UnsupportedFormat } else { SealFault::Tampered };
            assert_eq!(
                fault(&changed(|bytes| bytes[at] ^= 1 << bit), &place()),
                expected,
                "byte {at} bit {bit}"
            );
        }
    }
}

#[test]
fn every_truncation_and_any_extension_fails() {
    let len = sealed().as_bytes().len();
    for kept in 0..len {
        let expected = if kept < 34 { SealFault::UnsupportedFormat } else { SealFault::Tampered };
        assert_eq!(fault(&changed(|bytes| bytes.truncate(kept)), &place()), expected, "{kept} bytes");
    }
    assert_eq!(fault(&changed(|bytes| bytes.push(0)), &place()), SealFault::Tampered);
}

#[test]
fn plain_text_is_never_taken_for_a_secret() {
    for text in ["", "EAAB", "EAABwzLixnjYBO-a-plain-token-somebody-wrote-into-the-row"] {
        assert_eq!(
            fault(&Sealed::from_bytes(text.as_bytes().to_vec()), &place()),
            SealFault::UnsupportedFormat
        );
    }
}

#[test]
fn empty_and_endless_secrets_are_refused() {
    for secret in [String::new(), "x".repeat(MAX_SECRET_LEN + 1)] {
        let error = seal(&Cipher::new(&KEY), ID, &place(), &secret).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}

#[test]
fn debug_shows_the_length_only() {
    assert_eq!(format!("{:?}", Sealed::from_bytes(b"CANARY".to_vec())), "Sealed(6 bytes)");
    assert_eq!(format!("{:?}", Cipher::new(&KEY)), "Cipher([redacted])");
}

proptest! {
    #[test]
    fn any_text_round_trips(secret in "\\PC{1,200}", generation: u64, key: u32) {
        let place = Place { generation: Generation::new(generation), ..place() };
        let sealed = seal(&Cipher::new(&KEY), DataKeyId::new(key), &place, &secret).unwrap();
        prop_assert_eq!(sealed.key_id(), Some(DataKeyId::new(key)));
        prop_assert_eq!(&*open(&Cipher::new(&KEY), &sealed, &place).unwrap(), &secret);
    }

    #[test]
    fn arbitrary_bytes_neither_panic_nor_open(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let sealed = Sealed::from_bytes(bytes);
        prop_assert!(open(&Cipher::new(&KEY), &sealed, &place()).is_err());
    }

    #[test]
    fn bytes_with_a_good_header_neither_panic_nor_open(rest in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = header(ID).to_vec();
        bytes.extend(rest);
        let readable = bytes.len() >= 34;
        let sealed = Sealed::from_bytes(bytes);
        prop_assert_eq!(sealed.key_id(), readable.then_some(ID));
        let expected = if readable { SealFault::Tampered } else { SealFault::UnsupportedFormat };
        prop_assert_eq!(fault(&sealed, &place()), expected);
    }
}
