//! From a stored token set to a token that may be used now.

use std::{sync::Arc, time::Duration};

use sociogram_oauth_core::{AccessToken, Expiry, TokenKind};

use crate::{Unusable, VaultError};

mod entry;
mod seen;
mod warnings;

pub(crate) use entry::{Entry, Limits};
pub(crate) use seen::{Seen, Step, refusal};
pub use warnings::{Warning, Warnings, WarningsIter};

/// How often one caller waits for a renewal that brought nothing and forbids no other.
const MAX_ROUNDS: u8 = 3;

/// A token to use now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resolved {
    /// The token. Shared, so that it is in memory once.
    pub token: Arc<AccessToken>,
    /// What sort of token it is.
    pub kind: TokenKind,
    /// When it ends.
    pub expiry: Expiry,
    /// What somebody should know before it is too late.
    pub warnings: Warnings,
}

/// What a caller needs of a token. By default: whatever may be used now.
///
/// ```
/// use std::time::Duration;
///
/// use sociogram_token_vault::ResolveOptions;
///
/// // An upload that takes half an hour, for which the person waits five seconds at most.
/// let options =
///     ResolveOptions::new().with_min_validity(Duration::from_secs(1800)).with_wait(Duration::from_secs(5));
/// assert!(!options.force);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolveOptions {
    /// For how long the token should be good, over and above the minute that it counts as ended early. If it is not,
    /// it is renewed first, where a renewal can bring as much. Less is handed out all the same, with
    /// [`Warning::LessThanAsked`].
    pub min_validity: Duration,
    /// How long to wait for a renewal; `None` is what the vault is set up with
    /// ([`VaultBuilder::wait`](crate::VaultBuilder::wait)). The renewal itself goes on after that. Zero starts one
    /// and does not wait.
    pub wait: Option<Duration>,
    /// Renew it in any case, without waiting for the end of a back-off. Nothing else is skipped: who must log in
    /// still must.
    pub force: bool,
}

impl ResolveOptions {
    /// The defaults.
    pub const fn new() -> Self {
        Self { min_validity: Duration::ZERO, wait: None, force: false }
    }

    /// Sets for how long the token should be good.
    pub const fn with_min_validity(mut self, min_validity: Duration) -> Self {
        self.min_validity = min_validity;
        self
    }

    /// Sets how long to wait for a renewal.
    pub const fn with_wait(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Renews it in any case.
    pub const fn forced(mut self) -> Self {
        self.force = true;
        self
    }
}

/// What one caller has waited for so far.
#[derive(Debug, Default)]
pub(crate) enum Efforts {
    #[default]
    None,
    /// So many renewals that ended, well or badly; what came of them is stored.
    Done(u8),
    /// A renewal that could not be made or stored.
    Failed(VaultError),
    /// A renewal that has not ended yet.
    TooSlow,
}

impl Efforts {
    const fn are_none(&self) -> bool {
        matches!(self, Self::None)
    }

    const fn may_go_on(&self) -> bool {
        match self {
            Self::None => true,
            Self::Done(rounds) => *rounds < MAX_ROUNDS,
            Self::Failed(_) | Self::TooSlow => false,
        }
    }

    /// With one more renewal that has ended.
    pub(crate) const fn one_more(&self) -> Self {
        match self {
            Self::Done(rounds) => Self::Done(rounds.saturating_add(1)),
            _ => Self::Done(1),
        }
    }
}

/// A row that should have secrets has none.
pub(crate) fn no_secrets() -> VaultError {
    VaultError::unusable_because(Unusable::Disconnected)
}

#[cfg(test)]
mod tests;
