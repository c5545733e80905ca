use std::collections::BTreeSet;

use proptest::prelude::*;
use sociogram_oauth_core::ReauthReason::{
    AppRemoved, Checkpoint, GrantExpired, GrantRevoked, PasswordChanged, PermissionsLost, TokenRejected,
};

use super::*;

/// Every number that Meta documents for a token or a permission: code, subcode, why the person must log in again.
pub(in crate::oauth) const NUMBERS: [(i64, Option<i64>, Option<ReauthReason>); 30] = [
    (190, None, Some(TokenRejected)),
    (190, Some(452), Some(TokenRejected)),
    (190, Some(456), Some(TokenRejected)),
    (190, Some(457), Some(TokenRejected)),
    (190, Some(458), Some(AppRemoved)),
    (190, Some(459), Some(Checkpoint)),
    (190, Some(460), Some(PasswordChanged)),
    (190, Some(461), Some(TokenRejected)),
    (190, Some(462), Some(TokenRejected)),
    (190, Some(463), Some(GrantExpired)),
    (190, Some(464), Some(Checkpoint)),
    (190, Some(465), Some(TokenRejected)),
    (190, Some(466), Some(GrantRevoked)),
    (190, Some(467), Some(TokenRejected)),
    (190, Some(468), Some(GrantExpired)),
    (190, Some(492), Some(PermissionsLost)),
    // A subcode that is new does not make a token good.
    (190, Some(9_999), Some(TokenRejected)),
    (102, None, Some(TokenRejected)),
    (450, None, Some(GrantExpired)),
    (10, None, Some(PermissionsLost)),
    (200, None, Some(PermissionsLost)),
    (230, None, Some(PermissionsLost)),
    (299, None, Some(PermissionsLost)),
    // The app is concerned, or Meta, or the call.
    (1, None, None),
    (3, None, None),
    (4, None, None),
    (100, None, None),
    (101, None, None),
    (104, None, None),
    (368, None, None),
];

pub(in crate::oauth) fn body(code: i64, subcode: Option<i64>) -> String {
    serde_json::json!({ "error": { "message": "CANARY", "code": code, "error_subcode": subcode } })
        .to_string()
}

#[test]
fn every_number_says_why() {
    for (code, subcode, reason) in NUMBERS {
        let error = GraphError::from_body(400, body(code, subcode).as_bytes()).unwrap();
        assert_eq!(read(&error), reason, "{code}/{subcode:?}");
    }
    let numbers: BTreeSet<_> = NUMBERS.iter().map(|(code, subcode, _)| (code, subcode)).collect();
    assert_eq!(numbers.len(), NUMBERS.len());
}

#[test]
fn a_status_alone_says_nothing_about_a_grant() {
    for status in [400, 401, 403, 404, 500] {
        for text in ["", "<html>", r#"{"error":{"message":"no"}}"#, r#"{"error":{"code":98765}}"#] {
            let error = GraphError::from_body(status, text.as_bytes()).unwrap();
            assert_eq!(read(&error), None, "{status} {text}");
        }
    }
}

proptest! {
    #[test]
    fn no_other_code_ends_a_connection(code in any::<i32>(), status in 400u16..600) {
        let code = i64::from(code);
        let error = GraphError::from_body(status, body(code, None).as_bytes()).unwrap();
        let documented = matches!(code, 10 | 102 | 190 | 200..=299 | 450 | 452);
        // Seven-digit numbers of a product may be about a permission of an object.
        prop_assume!(code < 1_000);
        prop_assert_eq!(read(&error).is_some(), documented, "{}", code);
    }
}
