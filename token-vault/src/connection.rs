//! A connected account: everything about it that is not secret.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, ProviderId, ScopeSet, TenantId, TokenKind};

use crate::{StoreError, VaultError, new_connection_id};

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

/// Why the person must log in again.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReauthReason {
    /// The provider refused the stored token again and again.
    TokenRejected,
    /// The person or the provider withdrew the grant.
    GrantRevoked,
    /// The grant reached its end.
    GrantExpired,
    /// The person changed the password, which ends Meta's tokens.
    PasswordChanged,
    /// The person removed the app.
    AppRemoved,
    /// The provider wants the person to confirm something on its own pages first.
    Checkpoint,
    /// A permission the product needs was taken away.
    PermissionsLost,
    /// Meta's 90-day access to the person's data has lapsed.
    DataAccessExpired,
}

impl ReauthReason {
    /// The reason in plain words, to follow "the account must be connected again: ".
    pub const fn as_text(self) -> &'static str {
        match self {
            Self::TokenRejected => "the provider no longer accepts the token",
            Self::GrantRevoked => "access was withdrawn",
            Self::GrantExpired => "access has ended",
            Self::PasswordChanged => "the password was changed",
            Self::AppRemoved => "the app was removed",
            Self::Checkpoint => "the provider wants something confirmed first",
            Self::PermissionsLost => "a permission was taken away",
            Self::DataAccessExpired => "access to the data has lapsed",
        }
    }
}

/// What state a connection is in.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", content = "reason", rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// Its token may be used.
    Connected,
    /// The provider refused its token once. It is still handed out, with a warning; another refusal ends it.
    NeedsCheck,
    /// The person must log in again; no token is handed out.
    NeedsReauth(ReauthReason),
    /// It was disconnected on purpose and its secrets are gone; no token is handed out.
    Disconnected,
}

/// Counts the changes of a stored connection; a writer must name the one it saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// Of a connection that is not stored yet.
    pub const NEW: Self = Self(0);

    /// From the stored number.
    pub const fn new(version: u64) -> Self {
        Self(version)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one after this.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
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
    /// What to call it in a list.
    pub display_name: Option<String>,
    /// What sort of token it has.
    pub kind: TokenKind,
    /// Its state.
    pub status: ConnectionStatus,
    /// Since when it is in that state.
    pub status_since: Timestamp,
    /// What the provider said it granted.
    pub scopes: ScopeSet,
    /// The product's own id of the person who connected it.
    pub connected_by: Option<String>,
    /// When it was first connected.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl Connection {
    /// A connection that is not stored yet, with a fresh id.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the operating system gives no random bytes.
    pub fn new(
        tenant: TenantId,
        account: Account,
        kind: TokenKind,
        now: Timestamp,
    ) -> Result<Self, VaultError> {
        Ok(Self::with_id(new_connection_id()?, tenant, account, kind, now))
    }

    /// A connection with a given id, for stores that read one back and set the rest.
    pub const fn with_id(
        id: ConnectionId,
        tenant: TenantId,
        account: Account,
        kind: TokenKind,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            tenant,
            account,
            display_name: None,
            kind,
            status: ConnectionStatus::Connected,
            status_since: now,
            scopes: ScopeSet::new(),
            connected_by: None,
            created_at: now,
            updated_at: now,
            version: Version::NEW,
        }
    }

    pub(crate) fn set_status(&mut self, status: ConnectionStatus, now: Timestamp) {
        self.status = status;
        self.status_since = now;
    }
}

/// Keeps connections. Every method names the tenant; a row of another tenant does not exist for it.
#[async_trait]
pub trait ConnectionRepo: fmt::Debug + Send + Sync + 'static {
    /// Writes the connection if the stored version is still `connection.version` ([`Version::NEW`] = nothing
    /// is stored). Gives the version it is stored with.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: `Conflict` when the version differs or when another connection of the same tenant has
    /// the same [`Account`]; the row is unchanged then.
    async fn put(&self, connection: Connection) -> Result<Version, StoreError>;

    /// One connection by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read.
    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Option<Connection>, StoreError>;

    /// One connection by account.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read.
    async fn find_account(
        &self,
        tenant: TenantId,
        account: &Account,
    ) -> Result<Option<Connection>, StoreError>;

    /// Up to `limit` connections in the order of their ids, those after `after` only.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn list(
        &self,
        tenant: TenantId,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<Connection>, StoreError>;

    /// Deletes the connection; `false` if there was none. Disconnect it first, so that its secrets are gone
    /// too.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the deletion is not certain.
    async fn remove(&self, tenant: TenantId, id: ConnectionId) -> Result<bool, StoreError>;
}
