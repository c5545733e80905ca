use std::time::Duration;

use super::*;

#[test]
fn phases_keep_their_stored_names_and_go_up() {
    for phase in [Phase::Claimed, Phase::Sent] {
        assert_eq!(Phase::from_name(phase.as_str()), Some(phase));
    }
    assert_eq!(Phase::from_name("Sent"), None);
    assert!(Phase::Claimed < Phase::Sent);
}

#[test]
fn owners_differ_and_can_be_read_in_logs() {
    let (one, other) = (LeaseOwner::generate().unwrap(), LeaseOwner::generate().unwrap());
    assert_ne!(one, other);
    assert_eq!(LeaseOwner::from_bytes(*one.as_bytes()), one);
    let known = LeaseOwner::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    assert_eq!(known.to_string(), "000102030405060708090a0b0c0d0e0f");
}

#[test]
fn a_record_holds_what_the_token_set_says_about_itself() {
    let at = Timestamp::from_unix_seconds(1_800_000_000);
    let end = at.saturating_add(Duration::from_secs(60));
    let tokens = TokenSet::new("secret".into(), TokenKind::LinkedInMember)
        .with_expiry(Expiry::At(end))
        .with_refresh("refresh".into(), Expiry::Never)
        .with_scopes(ScopeSet::parse("email"))
        .with_issued_at(at);
    let record = TokenRecord::of(&tokens);
    assert_eq!((record.kind, record.expiry), (TokenKind::LinkedInMember, Expiry::At(end)));
    assert_eq!((record.refresh_expiry, record.data_access_expiry), (Expiry::Never, Expiry::Unknown));
    assert_eq!(record.issued_at, Some(at));
    assert!(record.has_scope("email") && !record.has_scope("profile"));
}
