use proptest::prelude::*;

use super::*;
use crate::golden;

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

#[test]
fn golden_file() {
    let rows = golden::rows(include_str!("golden.txt"));
    assert_eq!(rows.len(), 6);
    for row in rows {
        let [key, id, tenant, connection, field, generation, nonce, secret, expected] = &row[..] else {
            panic!("a row has nine columns: {row:x?}")
        };
        let field = if field == &[Field::Access as u8] { Field::Access } else { Field::Refresh };
        let place = Place {
            tenant: TenantId::from_bytes(golden::fixed(tenant)),
            connection: ConnectionId::from_bytes(golden::fixed(connection)),
            field,
            generation: Generation::new(u64::from_be_bytes(golden::fixed(generation))),
        };
        let id = DataKeyId::new(u32::from_be_bytes(golden::fixed(id)));
        let cipher = Cipher::new(&golden::fixed(key));
        let secret = str::from_utf8(secret).unwrap();
        let sealed = seal_with_nonce(&cipher, id, &place, secret, golden::fixed(nonce)).unwrap();
        assert_eq!(sealed.as_bytes(), expected);
        assert_eq!(sealed.as_bytes().len(), secret.len() + 34);
        assert_eq!(sealed.key_id(), Some(id));
        assert_eq!(*open(&cipher, &sealed, &place).unwrap(), secret);
    }
}

#[test]
fn the_same_secret_never_looks_the_same() {
    assert_ne!(sealed(), sealed());
}

/// Every place and key there is in a small world: two tenants, connections, fields, generations and keys.
fn everywhere() -> Vec<(DataKeyId, [u8; 32], Place)> {
    let mut all = Vec::new();
    for bits in 0..32_u8 {
        let bit = |n: u8| (bits >> n) & 1;
        // Tenants and connections share their bytes, so that one cannot pass for the other.
        let place = Place {
            tenant: TenantId::from_bytes([0x11 + bit(0); 16]),
            connection: ConnectionId::from_bytes([0x11 + bit(1); 16]),
            field: if bit(2) == 0 { Field::Access } else { Field::Refresh },
            generation: Generation::new(7 + u64::from(bit(3))),
        };
        let mut key = KEY;
        key[31] ^= bit(4);
        all.push((DataKeyId::new(0x0102_0304 + u32::from(bit(4))), key, place));
    }
    all
}

#[test]
fn swap_matrix() {
    let everywhere = everywhere();
    let mut opened = 0;
    for (from, (id, key, place)) in everywhere.iter().enumerate() {
        let sealed = seal(&Cipher::new(key), *id, place, SECRET).unwrap();
        for (to, (other_id, other_key, elsewhere)) in everywhere.iter().enumerate() {
            let cipher = Cipher::new(other_key);
            // As it is, and with a header that names the key it is opened with.
            let mut renamed = sealed.as_bytes().to_vec();
            renamed[2..6].copy_from_slice(&other_id.get().to_be_bytes());
            for sealed in [sealed.clone(), Sealed::from_bytes(renamed)] {
                match open(&cipher, &sealed, elsewhere) {
                    Ok(secret) => {
                        assert_eq!((from, &**secret), (to, SECRET), "{place:?} opened at {elsewhere:?}");
                        opened += 1;
                    }
                    Err(fault) => {
                        assert_ne!(from, to);
                        assert_eq!(fault, SealFault::Tampered, "{place:?} at {elsewhere:?}");
                    }
                }
            }
        }
    }
    assert_eq!(opened, 64, "each opens in its own place and nowhere else");
}

#[test]
fn bit_flip_at_each_byte() {
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
fn truncated_and_extended() {
    let len = sealed().as_bytes().len();
    for kept in 0..len {
        let expected = if kept < 34 { SealFault::UnsupportedFormat } else { SealFault::Tampered };
        assert_eq!(fault(&changed(|bytes| bytes.truncate(kept)), &place()), expected, "{kept} bytes");
    }
    for more in 1..40 {
        let longer = changed(|bytes| bytes.resize(len + more, 0));
        assert_eq!(fault(&longer, &place()), SealFault::Tampered, "{more} bytes more");
        let behind = changed(|bytes| bytes.splice(18..18, vec![0; more]).for_each(drop));
        assert_eq!(fault(&behind, &place()), SealFault::Tampered, "{more} bytes in front");
    }
}

#[test]
fn plaintext_row_refused() {
    for text in [
        "",
        "EAAB",
        "EAABwzLixnjYBO-a-plain-token-somebody-wrote-into-the-row",
        "{\"access_token\":\"EAABwzLixnjYBO\",\"token_type\":\"bearer\",\"expires_in\":5183944}",
        "\u{1}EAABwzLixnjYBO-a-plain-token-behind-the-byte-of-the-format",
    ] {
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
