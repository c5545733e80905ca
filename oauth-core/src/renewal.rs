//! How each sort of token is renewed.

use std::time::Duration;

use crate::{Expiry, TokenKind, TokenSet};

/// Instagram and Threads refuse to renew a token before this age.
const MIN_AGE: Duration = Duration::from_secs(24 * 3600);

/// What can be done so that a token does not end.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// Nothing needs to be done: the token has no end date. Look at it now and then.
    NotNeeded,
    /// It must be exchanged at once for one that lives longer, and never be stored.
    ExchangeNow,
    /// The token itself is exchanged while it is valid; the old one stays good until its own end.
    WhileValid {
        /// The provider refuses before the token has this age.
        min_age: Duration,
    },
    /// The token itself may be exchanged while it is valid, but the provider may give back one with the same
    /// end. It counts only if the end has moved; otherwise the person must log in before it.
    MayExtend,
    /// With the refresh token.
    RefreshToken(Rotation),
    /// It is derived anew from its parent's token (Page tokens).
    FromParent,
    /// It is made anew from the app's own credentials.
    FromApp,
    /// Only the person can renew it, by logging in again.
    Login,
}

/// What becomes of a refresh token that was used.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// It stays good (LinkedIn).
    None,
    /// A new one comes; the old one works for this long after its first use.
    Grace(Duration),
    /// A new one comes; using the old one again revokes the whole grant (RFC 9700 section 4.14).
    Strict,
}

impl TokenSet {
    /// How this token is renewed. `rotation` is what the provider does with refresh tokens of kind
    /// [`TokenKind::Generic`]; the kinds of Meta and LinkedIn have their own rule.
    ///
    /// ```
    /// use sociogram_oauth_core::{Expiry, Renewal, Rotation, TokenKind, TokenSet};
    ///
    /// let member = TokenSet::new("token".into(), TokenKind::LinkedInMember);
    /// assert_eq!(member.renewal(Rotation::Strict), Renewal::Login);
    /// let partner = member.with_refresh("refresh".into(), Expiry::Unknown);
    /// assert_eq!(partner.renewal(Rotation::Strict), Renewal::RefreshToken(Rotation::None));
    /// ```
    pub fn renewal(&self, rotation: Rotation) -> Renewal {
        Renewal::of(self.kind(), self.expiry(), self.refresh().is_some(), rotation)
    }
}

impl Renewal {
    /// How a token is renewed of which this much is known; see [`TokenSet::renewal`].
    pub const fn of(kind: TokenKind, expiry: Expiry, has_refresh_token: bool, rotation: Rotation) -> Self {
        match kind {
            TokenKind::MetaUserShort => Self::ExchangeNow,
            TokenKind::MetaUserLong => Self::MayExtend,
            TokenKind::MetaPage => Self::FromParent,
            TokenKind::MetaApp | TokenKind::LinkedInApp => Self::FromApp,
            TokenKind::MetaSystemUser | TokenKind::WhatsAppBusiness => match expiry {
                Expiry::Never => Self::NotNeeded,
                Expiry::At(_) | Expiry::Unknown => Self::WhileValid { min_age: Duration::ZERO },
            },
            TokenKind::InstagramUser | TokenKind::ThreadsUser => Self::WhileValid { min_age: MIN_AGE },
            TokenKind::LinkedInMember if has_refresh_token => Self::RefreshToken(Rotation::None),
            TokenKind::Generic if has_refresh_token => Self::RefreshToken(rotation),
            TokenKind::LinkedInMember | TokenKind::Generic => Self::Login,
        }
    }
}

#[cfg(test)]
mod tests;
