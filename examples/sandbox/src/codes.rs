//! Authorization codes that were handed out.

use crate::{pkce::Challenge, request::PlatformName};

/// A code of Facebook's dialog, or of a login made by a page's script.
#[derive(Debug, Clone)]
pub(crate) struct FacebookCode {
    /// `None` after a login by script: then none is sent with the code either.
    pub(crate) redirect: Option<String>,
    /// The person or the system user.
    pub(crate) person: String,
    pub(crate) scopes: String,
    /// A system user's token rather than the person's.
    pub(crate) system_user: bool,
    /// Whether the system user's token ends after 60 days.
    pub(crate) sixty_days: bool,
    pub(crate) issued: i64,
    /// Milliseconds.
    pub(crate) life: i64,
    pub(crate) used: bool,
    pub(crate) challenge: Option<Challenge>,
}

/// A code of Instagram's or Threads' dialog.
#[derive(Debug, Clone)]
pub(crate) struct SiteCode {
    pub(crate) platform: PlatformName,
    pub(crate) redirect: String,
    pub(crate) person: String,
    pub(crate) scopes: String,
    pub(crate) issued: i64,
}

/// A code of LinkedIn's consent page.
#[derive(Debug, Clone)]
pub(crate) struct LinkedInCode {
    pub(crate) redirect: String,
    pub(crate) person: String,
    pub(crate) scopes: String,
    pub(crate) issued: i64,
    /// `Some` for a code of the native flow.
    pub(crate) challenge: Option<Challenge>,
}
