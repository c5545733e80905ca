//! What is stored of a connection's token set.

use std::fmt;

use serde::Serialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, Expiry, ScopeSet, TokenKind, TokenSet};

use crate::{
    Account, ConnectionState, DataKeyId, FailureClass, Fence, Generation, Notified, Origin, Revision, Sealed,
    Strikes, VaultError, random,
};

/// The secrets of one token set, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealedTokens {
    /// The access token.
    pub access: Sealed,
    /// The refresh token, where there is one.
    pub refresh: Option<Sealed>,
}

impl SealedTokens {
    /// Both.
    pub const fn new(access: Sealed, refresh: Option<Sealed>) -> Self {
        Self { access, refresh }
    }

    /// Whether one of them is sealed under this data key.
    pub fn is_under(&self, key: DataKeyId) -> bool {
        [Some(&self.access), self.refresh.as_ref()]
            .into_iter()
            .flatten()
            .any(|sealed| sealed.key_id() == Some(key))
    }
}

/// What is known of a token set apart from its secrets; stored in clear, so that a store can look for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenRecord {
    /// What sort of token it is.
    pub kind: TokenKind,
    /// When the access token ends.
    pub expiry: Expiry,
    /// When the refresh token ends.
    pub refresh_expiry: Expiry,
    /// When the access to the person's data ends, which Meta counts apart from the token ("Facebook Login: Auth
    /// vs. Data Access").
    pub data_access_expiry: Expiry,
    /// What the provider said it granted; `None` if it did not say.
    pub scopes: Option<ScopeSet>,
    /// When the token was asked for.
    pub issued_at: Option<Timestamp>,
}

impl TokenRecord {
    /// A record of which only this much is known; set the other fields afterwards.
    pub const fn new(kind: TokenKind) -> Self {
        Self {
            kind,
            expiry: Expiry::Unknown,
            refresh_expiry: Expiry::Unknown,
            data_access_expiry: Expiry::Unknown,
            scopes: None,
            issued_at: None,
        }
    }

    /// What a token set says about itself.
    pub fn of(tokens: &TokenSet) -> Self {
        Self {
            kind: tokens.kind(),
            expiry: tokens.expiry(),
            refresh_expiry: tokens.refresh_expiry(),
            data_access_expiry: Expiry::Unknown,
            scopes: tokens.scopes().cloned(),
            issued_at: tokens.issued_at(),
        }
    }

    /// Whether the provider said that it granted this scope.
    pub fn has_scope(&self, name: &str) -> bool {
        self.scopes.as_ref().is_some_and(|scopes| scopes.contains(name))
    }
}

/// The last failure since the last success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LastError {
    /// What it means.
    pub class: FailureClass,
    /// When it was stored.
    pub at: Timestamp,
}

impl LastError {
    /// Both.
    pub const fn new(class: FailureClass, at: Timestamp) -> Self {
        Self { class, at }
    }
}

/// Who holds a claim: made anew for every attempt, so that an attempt that was given up is never taken for the
/// one that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseOwner([u8; 16]);

impl LeaseOwner {
    /// From the stored bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A new one.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the operating system gives no random bytes.
    pub fn generate() -> Result<Self, VaultError> {
        let mut bytes = [0; 16];
        random::fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for LeaseOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// How far an attempt got.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Nothing was sent yet.
    Claimed,
    /// The request may have reached the provider: a rotating refresh token may be spent.
    Sent,
}

impl Phase {
    /// The phase in `snake_case`, as a store may keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Sent => "sent",
        }
    }

    /// The phase of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Claimed, Self::Sent].into_iter().find(|phase| phase.as_str() == name)
    }
}

/// An attempt to renew a token set. It stays until a commit ends it; once it has run out, the next claim takes
/// over and gets to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Whose it is.
    pub owner: LeaseOwner,
    /// Which claim it is.
    pub fence: Fence,
    /// From then on another one may claim, by the store's clock.
    pub until: Timestamp,
    /// How far it got, or the one that it took over.
    pub phase: Phase,
    /// The token set that it was to replace.
    pub generation: Generation,
    /// When it was claimed, by the store's clock. If it took one over that may have sent its request: when that one
    /// was claimed, before which nothing can have been spent.
    pub started_at: Timestamp,
}

impl Lease {
    /// All of it.
    pub const fn new(
        owner: LeaseOwner,
        fence: Fence,
        generation: Generation,
        phase: Phase,
        started_at: Timestamp,
        until: Timestamp,
    ) -> Self {
        Self { owner, fence, until, phase, generation, started_at }
    }
}

/// A token set as stored, and how it stands. Times that begin with "when it was" are the store's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredToken {
    /// The account that it is for.
    pub account: Account,
    /// How the connection came about, at the time of reading.
    pub origin: Origin,
    /// Which token set of the connection it is.
    pub generation: Generation,
    /// The secrets; `None` once they are deleted.
    pub sealed: Option<SealedTokens>,
    /// What is known of it.
    pub token: TokenRecord,
    /// The state of the connection.
    pub state: ConnectionState,
    /// When it was put into that state.
    pub state_since: Timestamp,
    /// When it should be looked at again.
    pub due_at: Option<Timestamp>,
    /// How many attempts failed since the last success.
    pub failures: u32,
    /// The last failure since the last success.
    pub last_error: Option<LastError>,
    /// What is let pass a few times and not for ever.
    pub strikes: Strikes,
    /// The notices about approaching ends that were given.
    pub notified: Notified,
    /// The connection that this token is derived from.
    pub parent: Option<ConnectionId>,
    /// The attempt to renew it that was claimed last and has not ended yet.
    pub lease: Option<Lease>,
    /// When it was stored.
    pub succeeded_at: Timestamp,
    /// When it was last found good: stored, or checked at the provider.
    pub checked_at: Timestamp,
    /// How often it changed.
    pub revision: Revision,
}

impl StoredToken {
    /// A token set as it is right after it was stored; set the other fields afterwards. For stores that read
    /// one back.
    pub const fn new(
        account: Account,
        generation: Generation,
        sealed: Option<SealedTokens>,
        token: TokenRecord,
        state: ConnectionState,
        stored_at: Timestamp,
    ) -> Self {
        Self {
            account,
            origin: Origin::OAuth,
            generation,
            sealed,
            token,
            state,
            state_since: stored_at,
            due_at: None,
            failures: 0,
            last_error: None,
            strikes: Strikes::NONE,
            notified: Notified::NONE,
            parent: None,
            lease: None,
            succeeded_at: stored_at,
            checked_at: stored_at,
            revision: Revision::NONE,
        }
    }
}

#[cfg(test)]
mod tests;
