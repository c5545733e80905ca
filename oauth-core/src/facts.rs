//! What a provider says about a token: whether it is good, whose it is, what it allows.

use std::fmt;

use sociogram_api_core::Timestamp;

use crate::{Expiry, ReauthReason, Scope, ScopeSet};

/// The answer to an inspection (Meta: Debug Token; LinkedIn: Token Introspection; RFC 7662).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// Whether the provider accepts the token now.
    pub active: bool,
    /// Why not, where the provider says so of a token that is not active.
    pub reauth_reason: Option<ReauthReason>,
    /// The app the token was made for. It must be your own.
    pub client_id: Option<String>,
    /// Whose token it is: the account's id.
    pub subject: Option<String>,
    /// The account's name at the provider, for people; not to be compared with ids.
    pub username: Option<String>,
    /// When it ends.
    pub expiry: Expiry,
    /// When the app loses the person's data unless they come back (Meta: 90 days).
    pub data_access_expiry: Expiry,
    /// When it was made.
    pub issued_at: Option<Timestamp>,
    /// The granted scopes.
    pub scopes: Option<ScopeSet>,
    /// Scopes that are limited to some objects (Meta's granular scopes).
    pub limits: Vec<ScopeLimit>,
}

impl TokenFacts {
    /// Active or not, and nothing else known.
    pub const fn new(active: bool) -> Self {
        Self {
            active,
            reauth_reason: None,
            client_id: None,
            subject: None,
            username: None,
            expiry: Expiry::Unknown,
            data_access_expiry: Expiry::Unknown,
            issued_at: None,
            scopes: None,
            limits: Vec::new(),
        }
    }
}

/// A scope and the objects it is limited to.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLimit {
    /// The scope.
    pub scope: Scope,
    /// Ids of the objects; an empty list allows none.
    pub targets: Vec<String>,
}

impl ScopeLimit {
    /// Both.
    pub const fn new(scope: Scope, targets: Vec<String>) -> Self {
        Self { scope, targets }
    }
}

/// Whose token it is. `Debug` shows the id only.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's, account's or system user's id at the provider, as this app sees it.
    pub id: String,
    /// A name to show.
    pub name: Option<String>,
    /// The handle (Instagram, Threads).
    pub username: Option<String>,
    /// The e-mail address, where it was asked for.
    pub email: Option<String>,
    /// The address of a picture; it may expire.
    pub picture: Option<String>,
}

impl Identity {
    /// With the id only.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), name: None, username: None, email: None, picture: None }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What the person answered for each scope (Meta: User Permissions).
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// In force.
    pub granted: ScopeSet,
    /// Refused or taken back.
    pub declined: ScopeSet,
    /// Ended because the person did not use the app for long.
    pub expired: ScopeSet,
}

impl Permissions {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { granted: ScopeSet::new(), declined: ScopeSet::new(), expired: ScopeSet::new() }
    }
}
