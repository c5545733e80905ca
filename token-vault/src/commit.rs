//! What is written to a [`TokenStore`](crate::TokenStore), and what becomes of it.

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Expiry, ScopeSet};

use crate::{
    Account, Asset, ConnectionState, Details, FailureClass, Fence, Generation, Notes, Notified, Revision,
    SealedTokens, StoredToken, Strikes, TokenRecord,
};

/// The connection that a token set belongs to, as a login brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connect {
    /// Which account was connected. The account of a stored connection never changes.
    pub account: Account,
    /// The connection that the token is derived from.
    pub parent: Option<ConnectionId>,
    /// The details; they replace those that are stored.
    pub details: Details,
}

impl Connect {
    /// Derived from none.
    pub const fn new(account: Account, details: Details) -> Self {
        Self { account, parent: None, details }
    }

    /// Derived from the token of this connection.
    pub fn derived_from(mut self, parent: ConnectionId) -> Self {
        self.parent = Some(parent);
        self
    }
}

/// A new token set to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Success {
    /// The generation that must be stored now; [`Generation::NONE`] for a connection that is not stored yet. The
    /// token set gets, and is sealed for, the one after it.
    pub expected: Generation,
    /// The secrets.
    pub sealed: SealedTokens,
    /// What is known of them.
    pub token: TokenRecord,
    /// The state the connection is in then.
    pub state: ConnectionState,
    /// When to look at it again.
    pub due_at: Option<Timestamp>,
    /// The notices about approaching ends that were given and hold for this token set as well.
    pub notified: Notified,
    /// After a login: what the connection is. `None` leaves that as it is.
    pub connect: Option<Connect>,
    /// What to store along with it.
    pub notes: Notes,
}

impl Success {
    /// A renewal that is never due again; set the other fields afterwards.
    pub const fn new(expected: Generation, sealed: SealedTokens, token: TokenRecord, notes: Notes) -> Self {
        let (state, notified) = (ConnectionState::Connected, Notified::NONE);
        Self { expected, sealed, token, state, due_at: None, notified, connect: None, notes }
    }

    /// Makes it a login.
    pub fn with_connect(mut self, connect: Connect) -> Self {
        self.connect = Some(connect);
        self
    }

    /// Sets when to look at it again.
    pub fn with_due_at(mut self, due_at: Option<Timestamp>) -> Self {
        self.due_at = due_at;
        self
    }

    /// Sets the notices that need not be given again.
    pub const fn with_notified(mut self, notified: Notified) -> Self {
        self.notified = notified;
        self
    }
}

/// What becomes of the time at which a connection is due.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NextLook {
    /// It stays as it is.
    #[default]
    Unchanged,
    /// It is this time.
    At(Timestamp),
    /// It is not due any more.
    Never,
}

/// A failed attempt to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The claim under which the attempt was made; it ends with this write. `None` for a failure that was learnt
    /// without a claim; a claim of somebody else stays then.
    pub fence: Option<Fence>,
    /// The generation that must still be stored.
    pub generation: Generation,
    /// The revision that must still be stored: the state below was decided on what it shows.
    pub revision: Revision,
    /// What the failure means.
    pub class: FailureClass,
    /// The state the connection is in then.
    pub state: ConnectionState,
    /// How many attempts have failed since the last success, this one included.
    pub failures: u32,
    /// What is let pass a few times, this failure included.
    pub strikes: Strikes,
    /// When to look at it again.
    pub next_look: NextLook,
    /// What to store along with it.
    pub notes: Notes,
}

impl Failure {
    /// One more failure of what is stored, without a claim. State and due time stay unless they are set
    /// afterwards.
    pub const fn of(stored: &StoredToken, class: FailureClass, notes: Notes) -> Self {
        Self {
            fence: None,
            generation: stored.generation,
            revision: stored.revision,
            class,
            state: stored.state,
            failures: stored.failures.saturating_add(1),
            strikes: stored.strikes,
            next_look: NextLook::Unchanged,
            notes,
        }
    }

    /// Sets the claim that ends with it.
    pub const fn with_fence(mut self, fence: Fence) -> Self {
        self.fence = Some(fence);
        self
    }

    /// Sets the state.
    pub const fn with_state(mut self, state: ConnectionState) -> Self {
        self.state = state;
        self
    }

    /// Sets what is let pass.
    pub const fn with_strikes(mut self, strikes: Strikes) -> Self {
        self.strikes = strikes;
        self
    }

    /// Sets when to look at it again.
    pub const fn with_next_look(mut self, next_look: NextLook) -> Self {
        self.next_look = next_look;
        self
    }
}

/// What the provider said about a token that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// When the access token ends.
    pub expiry: Expiry,
    /// When the refresh token ends.
    pub refresh_expiry: Expiry,
    /// When the access to the person's data ends.
    pub data_access_expiry: Expiry,
    /// What is granted.
    pub scopes: Option<ScopeSet>,
}

impl Checked {
    /// That nothing has changed; set afterwards what has.
    pub fn unchanged(token: &TokenRecord) -> Self {
        let TokenRecord { expiry, refresh_expiry, data_access_expiry, ref scopes, .. } = *token;
        Self { expiry, refresh_expiry, data_access_expiry, scopes: scopes.clone() }
    }
}

/// Something that was learnt about the stored token set without an attempt to renew it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Amendment {
    /// The generation that must still be stored.
    pub generation: Generation,
    /// The revision that must still be stored.
    pub revision: Revision,
    /// The state the connection is in then.
    pub state: ConnectionState,
    /// What is let pass a few times.
    pub strikes: Strikes,
    /// When to look at it again.
    pub next_look: NextLook,
    /// The notices about approaching ends that were given, those given with it included.
    pub notified: Notified,
    /// What the provider says about the token now. `None`: it was not asked.
    pub checked: Option<Checked>,
    /// What to store along with it.
    pub notes: Notes,
}

impl Amendment {
    /// Changes nothing of what is stored; set afterwards what it changes.
    pub const fn of(stored: &StoredToken, notes: Notes) -> Self {
        Self {
            generation: stored.generation,
            revision: stored.revision,
            state: stored.state,
            strikes: stored.strikes,
            next_look: NextLook::Unchanged,
            notified: stored.notified,
            checked: None,
            notes,
        }
    }

    /// Sets the state.
    pub const fn with_state(mut self, state: ConnectionState) -> Self {
        self.state = state;
        self
    }

    /// Sets what is let pass.
    pub const fn with_strikes(mut self, strikes: Strikes) -> Self {
        self.strikes = strikes;
        self
    }

    /// Sets when to look at it again.
    pub const fn with_next_look(mut self, next_look: NextLook) -> Self {
        self.next_look = next_look;
        self
    }

    /// Sets the notices that were given.
    pub const fn with_notified(mut self, notified: Notified) -> Self {
        self.notified = notified;
        self
    }

    /// Sets what the provider says now.
    pub fn with_checked(mut self, checked: Checked) -> Self {
        self.checked = Some(checked);
        self
    }
}

/// What became of a commit.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is stored.
    Done {
        /// The revision that is stored now.
        revision: Revision,
    },
    /// Something else was stored meanwhile. Nothing changed; this is what is stored.
    Superseded(Box<StoredToken>),
    /// The tenant has no such connection (any more). Nothing changed.
    Missing,
    /// The account of a new connection is connected already. Nothing changed.
    AccountTaken {
        /// The connection that has it.
        by: ConnectionId,
    },
    /// The connection that a new one is derived from is not there, disconnected or revoked. Nothing changed.
    ParentGone,
}

/// How a connection ends.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retirement {
    /// Somebody disconnected it.
    Disconnected,
    /// The grant was withdrawn at the provider.
    Revoked,
}

impl Retirement {
    /// The state the connection is in then.
    pub const fn state(self) -> ConnectionState {
        match self {
            Self::Disconnected => ConnectionState::Disconnected,
            Self::Revoked => ConnectionState::Revoked,
        }
    }
}

/// The end of a connection, to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retire {
    /// How it ends.
    pub how: Retirement,
    /// Whether the sealed secrets are kept aside until the grant is withdrawn at the provider
    /// ([`RevocationQueue`](crate::RevocationQueue)).
    pub keep_for_revoke: bool,
    /// What to store along with it.
    pub notes: Notes,
}

impl Retire {
    /// Keeps no secret.
    pub const fn new(how: Retirement, notes: Notes) -> Self {
        Self { how, keep_for_revoke: false, notes }
    }

    /// Keeps the sealed secrets aside.
    pub const fn keeping_for_revoke(mut self) -> Self {
        self.keep_for_revoke = true;
        self
    }
}

/// What became of a [`Retire`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retired {
    /// It is stored.
    Done {
        /// The generation that is stored now.
        generation: Generation,
        /// The revision that is stored now.
        revision: Revision,
        /// The assets that were linked to the connection until now, in the order of their keys.
        assets: Vec<Asset>,
    },
    /// It had ended in just this way before. Nothing changed.
    Already,
    /// The tenant has no such connection.
    Missing,
}
