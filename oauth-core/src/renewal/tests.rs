use sociogram_api_core::Timestamp;

use super::*;

const AT: Expiry = Expiry::At(Timestamp::from_unix_seconds(1_800_000_000));
const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn every_kind_is_renewed_in_its_own_way() {
    use Renewal::{ExchangeNow, FromApp, FromParent, Login, MayExtend, NotNeeded, RefreshToken, WhileValid};
    let strict = RefreshToken(Rotation::Strict);
    let kept = RefreshToken(Rotation::None);
    let (at_once, after_a_day) = (WhileValid { min_age: Duration::ZERO }, WhileValid { min_age: DAY });
    // kind, end of the token, with a refresh token
    let cases = [
        (TokenKind::MetaUserShort, AT, false, ExchangeNow),
        (TokenKind::MetaUserShort, Expiry::Unknown, false, ExchangeNow),
        (TokenKind::MetaUserLong, AT, false, MayExtend),
        (TokenKind::MetaUserLong, Expiry::Unknown, false, MayExtend),
        (TokenKind::MetaPage, Expiry::Never, false, FromParent),
        (TokenKind::MetaSystemUser, Expiry::Never, false, NotNeeded),
        (TokenKind::MetaSystemUser, AT, false, at_once),
        (TokenKind::WhatsAppBusiness, Expiry::Never, false, NotNeeded),
        (TokenKind::WhatsAppBusiness, AT, false, at_once),
        (TokenKind::MetaApp, Expiry::Never, false, FromApp),
        (TokenKind::InstagramUser, AT, false, after_a_day),
        (TokenKind::ThreadsUser, AT, false, after_a_day),
        (TokenKind::LinkedInMember, AT, true, kept),
        (TokenKind::LinkedInMember, AT, false, Login),
        (TokenKind::LinkedInApp, AT, false, FromApp),
        (TokenKind::Generic, AT, true, strict),
        (TokenKind::Generic, Expiry::Unknown, true, strict),
        (TokenKind::Generic, AT, false, Login),
    ];
    for (kind, expiry, refreshable, renewal) in cases {
        let mut tokens = TokenSet::new("token".into(), kind).with_expiry(expiry);
        if refreshable {
            tokens = tokens.with_refresh("refresh".into(), Expiry::Unknown);
        }
        assert_eq!(tokens.renewal(Rotation::Strict), renewal, "{kind} {expiry:?}");
    }
    for kind in TokenKind::ALL {
        assert!(cases.iter().any(|(tested, ..)| tested == kind), "{kind} has no case");
    }
}

#[test]
fn only_a_generic_token_follows_the_providers_rotation() {
    for rotation in [Rotation::None, Rotation::Strict, Rotation::Grace(DAY)] {
        for kind in TokenKind::ALL {
            let tokens = TokenSet::new("token".into(), *kind).with_refresh("refresh".into(), Expiry::Unknown);
            let follows = tokens.renewal(rotation) == Renewal::RefreshToken(rotation);
            let expected = *kind == TokenKind::Generic
                || (*kind == TokenKind::LinkedInMember && rotation == Rotation::None);
            assert_eq!(follows, expected, "{kind} {rotation:?}");
        }
    }
}
