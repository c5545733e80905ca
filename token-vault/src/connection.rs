//! A connected account: everything about it that is not secret.

use std::{fmt, mem::discriminant};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, ProviderId, ScopeRequest, ScopeSet, TenantId, TokenKind};

use crate::{ConnectionState, LastError, Notes, StoreError, StoredToken, Strikes, TokenRecord, Version};

/// Which account of which app at which provider. Unique within a tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The provider.
    pub provider: ProviderId,
    /// The app (Meta: app id; LinkedIn: client id) it was connected with.
    pub app_id: String,
    /// The provider's id of the person, Page or system user; app-scoped where the provider says so.
    pub external_user_id: String,
}

impl Account {
    /// All of it.
    pub fn new(provider: ProviderId, app_id: impl Into<String>, external_user_id: impl Into<String>) -> Self {
        Self { provider, app_id: app_id.into(), external_user_id: external_user_id.into() }
    }
}

/// How a connection came about.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Through a login.
    #[default]
    #[serde(rename = "oauth")]
    OAuth,
    /// A token from before, pasted by hand. It is to be replaced by a login.
    Legacy,
}

impl Origin {
    /// The origin in `snake_case`, as a store may keep it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Legacy => "legacy",
        }
    }

    /// The origin of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::OAuth, Self::Legacy].into_iter().find(|origin| origin.as_str() == name)
    }
}

/// The part of a connection that the product may change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Details {
    /// What to call it in a list.
    pub display_name: Option<String>,
    /// The product's own id of the person who connected it.
    pub connected_by: Option<String>,
    /// How it came about.
    pub origin: Origin,
    /// What the login was to bring; what is missing is counted against this.
    pub requested: ScopeRequest,
}

impl Details {
    /// Nothing is known, nothing was requested.
    pub fn new() -> Self {
        Self::default()
    }
}

/// One connected account of one tenant. Holds no secret; names and ids in it are personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Connection {
    /// Its own id.
    pub id: ConnectionId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which account it is.
    #[serde(flatten)]
    pub account: Account,
    /// The connection that its token is derived from: the person's, for a Page.
    pub parent: Option<ConnectionId>,
    /// What the product may change.
    #[serde(flatten)]
    pub details: Details,
    /// What is known of its token.
    pub token: TokenRecord,
    /// Its state.
    #[serde(flatten)]
    pub state: ConnectionState,
    /// Since when it is in that state.
    pub state_since: Timestamp,
    /// When its token was stored.
    pub succeeded_at: Timestamp,
    /// When its token was last found good: stored, or checked at the provider.
    pub checked_at: Timestamp,
    /// The last failure since then.
    pub last_error: Option<LastError>,
    /// How many attempts failed since then.
    pub failures: u32,
    /// What is let pass a few times and not for ever. Not serialised: it says nothing to a person.
    #[serde(skip)]
    pub strikes: Strikes,
    /// Whether it has a refresh token.
    pub has_refresh_token: bool,
    /// When it will be looked at again.
    pub due_at: Option<Timestamp>,
    /// When it was first connected.
    pub created_at: Timestamp,
    /// When its details or its token last changed.
    pub updated_at: Timestamp,
    /// How often its details changed.
    pub version: Version,
}

impl Connection {
    /// A connection as it is right after its details were first stored; set the other fields afterwards. For
    /// stores that read one back.
    pub fn new(
        id: ConnectionId,
        tenant: TenantId,
        details: Details,
        stored: &StoredToken,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            tenant,
            account: stored.account.clone(),
            parent: stored.parent,
            details,
            token: stored.token.clone(),
            state: stored.state,
            state_since: stored.state_since,
            succeeded_at: stored.succeeded_at,
            checked_at: stored.checked_at,
            last_error: stored.last_error,
            failures: stored.failures,
            strikes: stored.strikes,
            has_refresh_token: stored.sealed.as_ref().is_some_and(|sealed| sealed.refresh.is_some()),
            due_at: stored.due_at,
            created_at,
            updated_at: created_at,
            version: Version::NEW.next(),
        }
    }

    /// The scopes that were asked for and are not granted; `None` if the provider did not say what it granted.
    pub fn missing_scopes(&self) -> Option<ScopeSet> {
        self.token.scopes.as_ref().map(|granted| granted.missing(&self.details.requested.all()))
    }
}

/// Which connections are wanted as to the connection that their token is derived from.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Parents {
    /// All.
    #[default]
    Any,
    /// Those that are derived from none: what a person connected.
    None,
    /// Those that are derived from this one.
    Of(ConnectionId),
}

/// Which connections are wanted. An empty list wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionFilter {
    /// In one of these states; the reason in it is ignored.
    pub states: Vec<ConnectionState>,
    /// Of one of these providers.
    pub providers: Vec<ProviderId>,
    /// With a token of one of these kinds.
    pub kinds: Vec<TokenKind>,
    /// By the connection they are derived from.
    pub parents: Parents,
    /// Of this origin.
    pub origin: Option<Origin>,
}

impl ConnectionFilter {
    /// All of them.
    pub const fn all() -> Self {
        Self {
            states: Vec::new(),
            providers: Vec::new(),
            kinds: Vec::new(),
            parents: Parents::Any,
            origin: None,
        }
    }

    /// Those in this state, or in one that was named before.
    pub fn in_state(mut self, state: ConnectionState) -> Self {
        self.states.push(state);
        self
    }

    /// Those of this provider, or of one that was named before.
    pub fn of_provider(mut self, provider: ProviderId) -> Self {
        self.providers.push(provider);
        self
    }

    /// Those with a token of this kind, or of one that was named before.
    pub fn of_kind(mut self, kind: TokenKind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Those that are derived from none, or from this one.
    pub fn derived_from(mut self, parent: Option<ConnectionId>) -> Self {
        self.parents = parent.map_or(Parents::None, Parents::Of);
        self
    }

    /// Those of this origin.
    pub fn of_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Whether a connection is wanted.
    pub fn wants(&self, connection: &Connection) -> bool {
        let state = discriminant(&connection.state);
        let parent = match self.parents {
            Parents::Any => true,
            Parents::None => connection.parent.is_none(),
            Parents::Of(parent) => connection.parent == Some(parent),
        };
        (self.states.is_empty() || self.states.iter().any(|wanted| discriminant(wanted) == state))
            && (self.providers.is_empty() || self.providers.contains(&connection.account.provider))
            && (self.kinds.is_empty() || self.kinds.contains(&connection.token.kind))
            && self.origin.is_none_or(|origin| connection.details.origin == origin)
            && parent
    }
}

/// A page of connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionPage {
    /// The connections in the order of their ids.
    pub connections: Vec<Connection>,
    /// Those in between that could not be read back, such as rows that a newer version wrote. Whether they are
    /// wanted is not known.
    pub unreadable: Vec<ConnectionId>,
    /// What to ask for to get the next page; `None` on the last one.
    pub next: Option<ConnectionId>,
}

impl ConnectionPage {
    /// All of it.
    pub const fn new(
        connections: Vec<Connection>,
        unreadable: Vec<ConnectionId>,
        next: Option<ConnectionId>,
    ) -> Self {
        Self { connections, unreadable, next }
    }
}

/// What became of a change of a connection's details.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Updated {
    /// It is stored.
    Done {
        /// The version it has now.
        version: Version,
    },
    /// Another writer was faster. Nothing changed; this is what is stored.
    Superseded(Box<Connection>),
    /// The tenant has no such connection.
    Missing,
}

/// What became of the wish to delete a connection.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Removed {
    /// It is deleted.
    Done,
    /// It is neither disconnected nor revoked. Nothing changed.
    StillConnected,
    /// The tenant has no such connection.
    Missing,
}

/// Keeps what is known of connections apart from their secrets. They get in through
/// [`TokenStore::commit_success`](crate::TokenStore::commit_success), together with their first token set; a
/// store keeps both in one database.
///
/// Promises of every implementation:
///
/// * A row of another tenant does not exist for any method.
/// * Reads see every write that was answered before they began, whichever trait it went through.
/// * Of concurrent updates that name the same version exactly one is stored, also across processes.
/// * [`Notes`] are stored in the same step as the change that they belong to, and only with it.
#[async_trait]
pub trait ConnectionRepo: fmt::Debug + Send + Sync + 'static {
    /// One connection by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Corrupt` when the row cannot be read back, `Unavailable` when the store does not answer.
    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Option<Connection>, StoreError>;

    /// One connection by account, disconnected ones included.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Corrupt` when the row cannot be read back, `Unavailable` when the store does not answer.
    async fn find_account(
        &self,
        tenant: TenantId,
        account: &Account,
    ) -> Result<Option<Connection>, StoreError>;

    /// Up to `limit` connections (at least one) in the order of their ids, those behind `after` only, disconnected
    /// ones included. A row that cannot be read is named and counts towards the limit; it does not fail the
    /// list.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the list cannot be read.
    async fn list(
        &self,
        tenant: TenantId,
        filter: &ConnectionFilter,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<ConnectionPage, StoreError>;

    /// The connections whose token is derived from that of `parent`, in the order of their ids; readable or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn children(&self, tenant: TenantId, parent: ConnectionId)
    -> Result<Vec<ConnectionId>, StoreError>;

    /// Replaces the details if the stored version is still `seen`. Changes nothing else: not the token, the
    /// state, the revision. The origin stays as it is, whatever the details say: only a login changes it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain whether it was stored.
    async fn update(
        &self,
        tenant: TenantId,
        id: ConnectionId,
        seen: Version,
        details: Details,
        notes: Notes,
    ) -> Result<Updated, StoreError>;

    /// Deletes a connection that is disconnected or revoked. Its account can be connected again, under a new id;
    /// its audit stays, and so does a token set that waits to be revoked. What is kept of the row says nothing
    /// about the account, and makes a late commit under its id fail.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain whether it was deleted.
    async fn remove(&self, tenant: TenantId, id: ConnectionId, notes: Notes) -> Result<Removed, StoreError>;
}

#[cfg(test)]
mod tests;
