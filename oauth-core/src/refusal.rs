//! A refusal of a token endpoint, reduced to what may be shown.

use std::fmt;

use sociogram_api_core::{ErrorKind, http::FaultClass};

use crate::ReauthReason;

/// What was asked of the token endpoint.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// A code for a token.
    Code,
    /// A refresh token for a new token.
    Refresh,
    /// A token for one that lives longer (Meta).
    LongLived,
    /// The app's own credentials for a token.
    ClientCredentials,
    /// What a token is (RFC 7662).
    Introspection,
    /// To withdraw a token (RFC 7009).
    Revocation,
    /// Whose token it is (OpenID Connect: UserInfo Endpoint). The credential is the token itself.
    UserInfo,
}

/// An answer of the token endpoint that is no success, or a success that holds an error.
#[non_exhaustive]
#[derive(Clone, Copy)]
pub struct RefusedAnswer<'a> {
    /// What was asked.
    pub grant: Grant,
    /// The HTTP status. A refusal may come with one of success.
    pub status: u16,
    /// The body. May repeat a token or a code: take codes out of it, never text.
    pub body: &'a [u8],
    /// The `WWW-Authenticate` header (RFC 6750 section 3), if there is one.
    pub challenge: Option<&'a str>,
}

impl<'a> RefusedAnswer<'a> {
    /// Without a challenge.
    pub const fn new(grant: Grant, status: u16, body: &'a [u8]) -> Self {
        Self { grant, status, body, challenge: None }
    }

    /// Adds the `WWW-Authenticate` header.
    pub const fn with_challenge(mut self, challenge: Option<&'a str>) -> Self {
        self.challenge = challenge;
        self
    }
}

impl fmt::Debug for RefusedAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusedAnswer")
            .field("grant", &self.grant)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// What a refusal means.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OAuthErrorClass {
    /// The code, the grant or the token is no good any more: the person must log in again.
    Reauthorize,
    /// The client id or secret is wrong, and nothing else was looked at: the code or token is still good.
    /// Every connection is affected.
    InvalidClient,
    /// The app is set up wrongly: redirect URI, disabled app, missing product. Every connection is affected.
    Misconfigured,
    /// The app may not do this.
    Permission,
    /// Too many calls.
    Throttled,
    /// The provider is in trouble.
    Transient,
    /// Refused for another lasting reason.
    Rejected,
}

impl OAuthErrorClass {
    /// The coarse kind; `None` where it depends on what was asked.
    pub(crate) const fn error_kind(self) -> Option<ErrorKind> {
        match self {
            Self::Reauthorize => Some(ErrorKind::Reauthorize),
            Self::InvalidClient | Self::Misconfigured => Some(ErrorKind::Misconfigured),
            Self::Permission => Some(ErrorKind::Permission),
            Self::Throttled => Some(ErrorKind::Throttled),
            Self::Transient => None,
            Self::Rejected => Some(ErrorKind::Rejected),
        }
    }

    /// How the road is to treat it. A dead grant is nothing the road could renew.
    pub(crate) const fn fault_class(self) -> FaultClass {
        match self {
            Self::Reauthorize | Self::Rejected => FaultClass::Permanent,
            Self::InvalidClient | Self::Misconfigured => FaultClass::Misconfigured,
            Self::Permission => FaultClass::Permission,
            Self::Throttled => FaultClass::Throttled,
            Self::Transient => FaultClass::Transient,
        }
    }
}

/// A refusal, reduced to what may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    class: OAuthErrorClass,
    error: Option<Box<str>>,
    code: Option<i64>,
    subcode: Option<i64>,
    reauth_reason: Option<ReauthReason>,
}

impl Refusal {
    /// With its meaning only.
    pub const fn new(class: OAuthErrorClass) -> Self {
        Self { class, error: None, code: None, subcode: None, reauth_reason: None }
    }

    /// Adds the provider's `error`. Dropped unless it is a plain word of at most 64 characters, because
    /// anything longer may be text that repeats a token.
    pub fn with_error(mut self, error: &str) -> Self {
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
        if !error.is_empty() && error.len() <= 64 && error.bytes().all(plain) {
            self.error = Some(error.into());
        }
        self
    }

    /// Adds the provider's numeric code and subcode.
    pub fn with_code(mut self, code: Option<i64>, subcode: Option<i64>) -> Self {
        self.code = code;
        self.subcode = subcode;
        self
    }

    /// Adds why the person must log in again, where the codes say so. Only a refusal of class
    /// [`Reauthorize`](OAuthErrorClass::Reauthorize) or [`Permission`](OAuthErrorClass::Permission) keeps it.
    pub const fn with_reauth_reason(mut self, reason: ReauthReason) -> Self {
        if matches!(self.class, OAuthErrorClass::Reauthorize | OAuthErrorClass::Permission) {
            self.reauth_reason = Some(reason);
        }
        self
    }

    /// What it means.
    pub const fn class(&self) -> OAuthErrorClass {
        self.class
    }

    /// The provider's `error`.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The provider's numeric code.
    pub const fn code(&self) -> Option<i64> {
        self.code
    }

    /// The provider's numeric subcode.
    pub const fn subcode(&self) -> Option<i64> {
        self.subcode
    }

    /// Why the person must log in again; `None` if that is not what it means, or the provider did not say why.
    pub const fn reauth_reason(&self) -> Option<ReauthReason> {
        self.reauth_reason
    }
}
