//! From a stored token set to a token that may be used now.

use std::{sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{AccessToken, Expiry, TokenKind};

use crate::{
    ConnectionState, StoredToken, VaultError,
    state::{Gate, gate},
};

/// A token this close to its end counts as ended: it would end on the way, or by a clock that is not ours.
const SKEW: Duration = Duration::from_secs(60);
const ENDS_SOON: Duration = Duration::from_secs(14 * 24 * 3600);
const REFRESH_ENDS_SOON: Duration = Duration::from_secs(30 * 24 * 3600);

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
    /// What the product should tell the person before it is too late.
    pub warnings: Vec<Warning>,
}

/// Something about a usable token that a person should know.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The token ends within 14 days.
    EndsSoon {
        /// When.
        at: Timestamp,
    },
    /// The refresh token ends within 30 days; from then on only a login helps.
    RefreshEndsSoon {
        /// When.
        at: Timestamp,
    },
    /// The provider refused the token once, a while ago.
    Refused,
}

/// What is kept in memory of a connection in use.
#[derive(Clone, Debug)]
pub(crate) struct Usable {
    token: Arc<AccessToken>,
    kind: TokenKind,
    expiry: Expiry,
    refresh_expiry: Expiry,
    refused: bool,
}

impl Usable {
    pub(crate) fn new(token: AccessToken, stored: &StoredToken) -> Self {
        Self {
            token: Arc::new(token),
            kind: stored.token.kind,
            expiry: stored.token.expiry,
            refresh_expiry: stored.token.refresh_expiry,
            refused: stored.strikes.rejected > 0,
        }
    }

    pub(crate) fn resolve(&self, now: Timestamp) -> Result<Resolved, VaultError> {
        if self.expiry.is_past(now.saturating_add(SKEW)) {
            return Err(reconnect("the token has ended"));
        }
        let soon =
            |expiry: Expiry, within| expiry.at().filter(|_| expiry.is_past(now.saturating_add(within)));
        let warnings = [
            soon(self.expiry, ENDS_SOON).map(|at| Warning::EndsSoon { at }),
            soon(self.refresh_expiry, REFRESH_ENDS_SOON).map(|at| Warning::RefreshEndsSoon { at }),
            self.refused.then_some(Warning::Refused),
        ];
        Ok(Resolved {
            token: Arc::clone(&self.token),
            kind: self.kind,
            expiry: self.expiry,
            warnings: warnings.into_iter().flatten().collect(),
        })
    }
}

/// Whether a token may be handed out in this state.
pub(crate) fn check_state(state: ConnectionState) -> Result<(), VaultError> {
    match gate(state) {
        Gate::Serve | Gate::ServeWithWarning(_) => Ok(()),
        Gate::Refuse(refused) => Err(reconnect(refused.as_text())),
    }
}

/// The connection that a token is derived from is of no use.
pub(crate) fn parent_first() -> VaultError {
    reconnect("the account that gives access to it must be connected again first")
}

pub(crate) fn reconnect(why: &str) -> VaultError {
    VaultError::new(ErrorKind::Reauthorize, format!("the account must be connected again: {why}"))
}
