//! What a login yields: the secrets, when they end, and what they allow.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Timestamp, secret_newtype};

use crate::ScopeSet;

secret_newtype! {
    /// The text that authorises calls. Opaque, of any length; plan for 1000 bytes and more.
    pub struct AccessToken;
}

secret_newtype! {
    /// The text that buys new access tokens. Meta has none; LinkedIn gives one to approved products.
    pub struct RefreshToken;
}

secret_newtype! {
    /// The app's secret (Meta: app secret; LinkedIn: client secret).
    pub struct ClientSecret;
}

secret_newtype! {
    /// The single-use code of a callback.
    pub struct AuthorizationCode;
}

secret_newtype! {
    /// The verifier of RFC 7636; its SHA-256 travels in the authorization URL.
    pub struct PkceVerifier;
}

/// When a token ends.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// At this time.
    At(Timestamp),
    /// The provider said that there is no end date. It may still be withdrawn at any time.
    Never,
    /// The provider did not say. Ask it (Meta: Debug Token; LinkedIn: introspection).
    Unknown,
}

impl Expiry {
    /// The end, where it is known.
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(end) => Some(end),
            Self::Never | Self::Unknown => None,
        }
    }

    /// Whether the end is known and not after `now`.
    pub fn is_past(self, now: Timestamp) -> bool {
        self.at().is_some_and(|end| end <= now)
    }

    /// The time left at `now`, where the end is known; zero once it is past.
    pub fn remaining(self, now: Timestamp) -> Option<Duration> {
        self.at().map(|end| end.saturating_duration_since(now))
    }
}

macro_rules! token_kind {
    ($($(#[$meta:meta])* $variant:ident => $name:literal,)*) => {
        /// What sort of token it is; decides how it is renewed and what it may be used for.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum TokenKind {
            $($(#[$meta])* #[serde(rename = $name)] $variant,)*
        }

        impl TokenKind {
            /// Every kind this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The kind in `snake_case`, as stored and as used in metrics labels.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

token_kind! {
    /// Facebook user token fresh from the dialog: one to two hours.
    MetaUserShort => "meta_user_short",
    /// Facebook user token after the long-lived exchange: about 60 days.
    MetaUserLong => "meta_user_long",
    /// Page token. From a long-lived user token it has no end date.
    MetaPage => "meta_page",
    /// System user token of a business: without end, or 60 days.
    MetaSystemUser => "meta_system_user",
    /// App token (`app id|app secret`). Derived, never stored.
    MetaApp => "meta_app",
    /// User token of Instagram Login: one hour, 60 days after the exchange.
    InstagramUser => "instagram_user",
    /// Threads user token: one hour, 60 days after the exchange.
    ThreadsUser => "threads_user",
    /// Business token of WhatsApp Embedded Signup.
    WhatsAppBusiness => "whatsapp_business",
    /// LinkedIn member token: 60 days, with a refresh token only for approved products.
    LinkedInMember => "linkedin_member",
    /// LinkedIn app token (client credentials): 30 minutes. Never stored.
    LinkedInApp => "linkedin_app",
    /// Any other bearer token.
    Generic => "generic",
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Text that names no [`TokenKind`] this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this version does not know the token kind; update the crate that reads the stored token")]
#[non_exhaustive]
pub struct ParseTokenKindError;

impl FromStr for TokenKind {
    type Err = ParseTokenKindError;

    fn from_str(name: &str) -> Result<Self, ParseTokenKindError> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name).ok_or(ParseTokenKindError)
    }
}

/// An access token with everything the provider said about it. `Debug` shows no secret.
///
/// ```
/// use sociogram_api_core::Timestamp;
/// use sociogram_oauth_core::{AccessToken, Expiry, ScopeSet, TokenKind, TokenSet};
///
/// let end = Timestamp::from_unix_seconds(1_800_000_000);
/// let token = TokenSet::new(AccessToken::new("EAAB…"), TokenKind::MetaUserLong)
///     .with_expiry(Expiry::At(end))
///     .with_scopes(ScopeSet::parse("pages_show_list"));
/// assert!(token.expiry().is_past(end));
/// assert!(!format!("{token:?}").contains("EAAB"));
/// ```
#[derive(Clone, Debug)]
pub struct TokenSet {
    access: AccessToken,
    kind: TokenKind,
    expiry: Expiry,
    refresh: Option<RefreshToken>,
    refresh_expiry: Expiry,
    scopes: Option<ScopeSet>,
    issued_at: Option<Timestamp>,
}

impl TokenSet {
    /// A token of which nothing else is known yet.
    pub const fn new(access: AccessToken, kind: TokenKind) -> Self {
        Self {
            access,
            kind,
            expiry: Expiry::Unknown,
            refresh: None,
            refresh_expiry: Expiry::Unknown,
            scopes: None,
            issued_at: None,
        }
    }

    /// Adds the refresh token and its own end.
    pub fn with_refresh(mut self, refresh: RefreshToken, expiry: Expiry) -> Self {
        self.refresh = Some(refresh);
        self.refresh_expiry = expiry;
        self
    }

    /// Sets the access token's end.
    pub fn with_expiry(mut self, expiry: Expiry) -> Self {
        self.expiry = expiry;
        self
    }

    /// Sets the scopes the provider says it granted.
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Sets when the request for this token was sent.
    pub fn with_issued_at(mut self, issued_at: Timestamp) -> Self {
        self.issued_at = Some(issued_at);
        self
    }

    /// The access token.
    pub const fn access(&self) -> &AccessToken {
        &self.access
    }

    /// The refresh token, if the provider gave one.
    pub const fn refresh(&self) -> Option<&RefreshToken> {
        self.refresh.as_ref()
    }

    /// When the access token ends.
    pub const fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// When the refresh token ends; [`Expiry::Unknown`] without one.
    pub const fn refresh_expiry(&self) -> Expiry {
        self.refresh_expiry
    }

    /// The granted scopes; `None` if the provider did not name them (Facebook never does in this place).
    pub const fn scopes(&self) -> Option<&ScopeSet> {
        self.scopes.as_ref()
    }

    /// What sort of token it is.
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// When the request for it was sent.
    pub const fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_only_ends_when_the_end_is_known() {
        let end = Timestamp::from_unix_seconds(100);
        let before = Timestamp::from_unix_seconds(99);
        assert!(Expiry::At(end).is_past(end));
        assert!(!Expiry::At(end).is_past(before));
        assert_eq!(Expiry::At(end).remaining(before), Some(Duration::from_secs(1)));
        assert_eq!(Expiry::At(before).remaining(end), Some(Duration::ZERO));
        for open in [Expiry::Never, Expiry::Unknown] {
            assert!(!open.is_past(Timestamp::from_unix_millis(i64::MAX)));
            assert_eq!(open.remaining(end), None);
        }
    }

    #[test]
    fn kinds_keep_their_stored_names() {
        for kind in TokenKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(*kind));
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!("MetaPage".parse::<TokenKind>(), Err(ParseTokenKindError));
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = TokenSet::new("CANARY-access".into(), TokenKind::Generic)
            .with_refresh("CANARY-refresh".into(), Expiry::Never);
        let text = format!("{token:?}");
        assert!(!text.contains("CANARY"), "{text}");
        assert!(text.contains("Never"), "{text}");
    }
}
