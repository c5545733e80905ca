//! What a failed renewal means for its connection.

use std::fmt;

use serde::{Deserialize, Serialize};
use sociogram_oauth_core::{ReauthReason, RefreshError, RefreshErrorKind};

mod strikes;

pub use strikes::Strikes;

/// What a failed renewal means for its connection, and so what is done next.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The grant is gone: only a login helps. Nothing is tried again.
    Terminal(ReauthReason),
    /// The app is set up wrongly or blocked; the connection itself is as good as before.
    AppConfig,
    /// The provider says "not now". Tried again after the wait it asks for.
    Throttled,
    /// The provider was not reached. Safe to try again for every sort of token.
    NotSent,
    /// The provider failed, and the old token is as good as before.
    Transient,
    /// The request was sent and what became of it is not known: a rotating refresh token may be spent.
    Ambiguous,
    /// The provider refused in a way that nobody can place. Taken as temporary three times over an hour, then
    /// the token is checked.
    Refused,
    /// The request was made wrongly. No fault of the connection.
    Defect,
}

impl FailureClass {
    /// One of each, the terminal one with every reason.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        let terminal = ReauthReason::ALL.iter().map(|reason| Self::Terminal(*reason));
        let others = [
            Self::AppConfig,
            Self::Throttled,
            Self::NotSent,
            Self::Transient,
            Self::Ambiguous,
            Self::Refused,
            Self::Defect,
        ];
        terminal.chain(others).collect()
    }

    /// The class in `snake_case`, without the reason: as stored, and as used in metrics labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terminal(_) => "terminal",
            Self::AppConfig => "app_config",
            Self::Throttled => "throttled",
            Self::NotSent => "not_sent",
            Self::Transient => "transient",
            Self::Ambiguous => "ambiguous",
            Self::Refused => "refused",
            Self::Defect => "defect",
        }
    }

    /// Why the person must log in again, if that is what it means.
    pub const fn reason(self) -> Option<ReauthReason> {
        match self {
            Self::Terminal(reason) => Some(reason),
            _ => None,
        }
    }

    /// The class of that name; with a reason if and only if it is the terminal one.
    pub fn from_parts(name: &str, reason: Option<ReauthReason>) -> Option<Self> {
        let class = match (name, reason) {
            ("terminal", Some(reason)) => Self::Terminal(reason),
            ("app_config", None) => Self::AppConfig,
            ("throttled", None) => Self::Throttled,
            ("not_sent", None) => Self::NotSent,
            ("transient", None) => Self::Transient,
            ("ambiguous", None) => Self::Ambiguous,
            ("refused", None) => Self::Refused,
            ("defect", None) => Self::Defect,
            _ => return None,
        };
        Some(class)
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&RefreshError> for FailureClass {
    fn from(error: &RefreshError) -> Self {
        match error.kind() {
            RefreshErrorKind::Revoked => {
                Self::Terminal(error.reauth_reason().unwrap_or(ReauthReason::GrantRevoked))
            }
            RefreshErrorKind::Misconfigured => Self::AppConfig,
            RefreshErrorKind::Throttled => Self::Throttled,
            RefreshErrorKind::NotSent => Self::NotSent,
            RefreshErrorKind::Transient => Self::Transient,
            RefreshErrorKind::Refused => Self::Refused,
            // What is not renewed this way should not have been asked for.
            RefreshErrorKind::Defect | RefreshErrorKind::NotOffered => Self::Defect,
            // A kind that this version does not know may have spent the refresh token.
            _ => Self::Ambiguous,
        }
    }
}

#[cfg(test)]
mod tests;
