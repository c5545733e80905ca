//! Who did what to which connection, and when.

use std::{borrow::Cow, fmt};

use async_trait::async_trait;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::{ConnectionId, ReauthReason, TenantId};

use crate::{AssetKey, FailureClass, Generation, StoreError};

open_enum! {
    /// What was done.
    pub enum AuditAction {
        /// A login was started.
        SessionStarted = "session_started",
        /// The callback of a login was accepted.
        SessionConsumed = "session_consumed",
        /// The callback of a login was refused; the reason says why.
        SessionRejected = "session_rejected",
        /// An account was connected for the first time.
        Connected = "connected",
        /// A known account was connected again.
        Reconnected = "reconnected",
        /// A token from before the login was taken over by hand.
        Imported = "imported",
        /// The provider now grants more or less than before.
        ScopesChanged = "scopes_changed",
        /// A new token set was stored.
        Refreshed = "refreshed",
        /// A renewal failed; the reason says how.
        RefreshFailed = "refresh_failed",
        /// A new token set was bought, but another one was stored meanwhile.
        Superseded = "superseded",
        /// A rotated token set was lost: it was bought and could not be stored.
        ChainLost = "chain_lost",
        /// The state of the connection changed; the reason says why.
        StateChanged = "state_changed",
        /// A token was handed out.
        TokenRead = "token_read",
        /// The provider refused a token in use.
        TokenRejected = "token_rejected",
        /// The provider confirmed that the grant is withdrawn.
        Revoked = "revoked",
        /// The provider could not be told that the grant is withdrawn.
        RevokeFailed = "revoke_failed",
        /// The grant is not withdrawn at the provider; the reason says why: others live on it, or the provider
        /// offers no way to.
        RevokeSkipped = "revoke_skipped",
        /// The connection was disconnected and its secrets were deleted.
        Disconnected = "disconnected",
        /// The connection was deleted.
        Removed = "removed",
        /// What is known of a person or a tenant was deleted.
        Erased = "erased",
        /// The name or another detail was changed.
        DetailsChanged = "details_changed",
        /// An asset was linked to the connection.
        AssetLinked = "asset_linked",
        /// An asset was unlinked from the connection.
        AssetUnlinked = "asset_unlinked",
        /// The tenant's data key was replaced.
        KeyRotated = "key_rotated",
        /// The tenant's data keys were wrapped anew.
        Rewrapped = "rewrapped",
        /// A data key of the tenant that nothing needed any more was destroyed.
        KeyDestroyed = "key_destroyed",
        /// The tenant's data keys were destroyed.
        Shredded = "shredded",
        /// An operator made the vault try again.
        AdminForce = "admin_force",
    }
}

/// Who did it. `Display` and serde use `kind` or `kind:id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditActor {
    /// A person, by the product's own id.
    User(String),
    /// The program itself: a renewal, a scheduled job.
    Service,
    /// The provider: a callback, an answer.
    Provider,
    /// Somebody who runs the program, by a name the product gives.
    Operator(String),
    /// A person whose id was erased.
    Erased,
    /// Text that this version does not know, as it was stored.
    Unknown(Box<str>),
}

impl AuditActor {
    /// From the stored text.
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some(("user", id)) => Self::User(id.to_owned()),
            Some(("operator", name)) => Self::Operator(name.to_owned()),
            _ => match text {
                "service" => Self::Service,
                "provider" => Self::Provider,
                "erased" => Self::Erased,
                other => Self::Unknown(other.into()),
            },
        }
    }

    /// The same without what tells who the person is: for the audit of a tenant that was erased.
    pub fn without_person(self) -> Self {
        match self {
            Self::User(_) | Self::Operator(_) | Self::Unknown(_) => Self::Erased,
            other @ (Self::Service | Self::Provider | Self::Erased) => other,
        }
    }
}

impl fmt::Display for AuditActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Operator(name) => write!(f, "operator:{name}"),
            Self::Service => f.write_str("service"),
            Self::Provider => f.write_str("provider"),
            Self::Erased => f.write_str("erased"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl Serialize for AuditActor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AuditActor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

/// Why, as one word in `snake_case`. Made from constants only, so that no text of a provider gets into an audit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct AuditReason(Cow<'static, str>);

impl AuditReason {
    /// From a literal.
    pub const fn from_static(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// From the stored text.
    pub fn from_stored(word: impl Into<String>) -> Self {
        Self(Cow::Owned(word.into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ReauthReason> for AuditReason {
    fn from(reason: ReauthReason) -> Self {
        Self::from_static(reason.as_str())
    }
}

impl From<FailureClass> for AuditReason {
    fn from(class: FailureClass) -> Self {
        class.reason().map_or_else(|| Self::from_static(class.as_str()), Self::from)
    }
}

/// One thing that was done. It holds no secret; who did it, to which connection and when is added where it is
/// stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// What.
    pub action: AuditAction,
    /// Which token set it was about.
    pub generation: Option<Generation>,
    /// Why.
    pub reason: Option<AuditReason>,
    /// Which asset it was about.
    pub asset: Option<AssetKey>,
}

impl AuditEntry {
    /// Without details.
    pub const fn new(action: AuditAction) -> Self {
        Self { action, generation: None, reason: None, asset: None }
    }

    /// Says which token set it was about.
    pub fn with_generation(mut self, generation: Generation) -> Self {
        self.generation = Some(generation);
        self
    }

    /// Says why.
    pub fn with_reason(mut self, reason: impl Into<AuditReason>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Says which asset it was about.
    pub fn with_asset(mut self, asset: AssetKey) -> Self {
        self.asset = Some(asset);
        self
    }
}

/// Where an entry stands among all entries of its tenant: a later one has a larger number. Numbers may be left
/// out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditPosition(u64);

impl AuditPosition {
    /// From the stored number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// An entry as it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditRecord {
    /// Where it stands.
    pub position: AuditPosition,
    /// When it was stored, by the store's clock.
    pub at: Timestamp,
    /// Who did it.
    pub actor: AuditActor,
    /// To which connection, if to one.
    pub connection: Option<ConnectionId>,
    /// What.
    pub action: AuditAction,
    /// With which token set.
    pub generation: Option<Generation>,
    /// Why.
    pub reason: Option<AuditReason>,
    /// With which asset.
    pub asset: Option<AssetKey>,
}

impl AuditRecord {
    /// All of it, for stores.
    pub fn new(
        position: AuditPosition,
        at: Timestamp,
        actor: AuditActor,
        connection: Option<ConnectionId>,
        entry: AuditEntry,
    ) -> Self {
        let AuditEntry { action, generation, reason, asset } = entry;
        Self { position, at, actor, connection, action, generation, reason, asset }
    }
}

/// Which entries are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditQuery {
    /// Of this connection only.
    pub connection: Option<ConnectionId>,
    /// Of these actions only; of all if it is empty.
    pub actions: Vec<AuditAction>,
    /// Stored at this time or later.
    pub since: Option<Timestamp>,
    /// Stored before this time.
    pub until: Option<Timestamp>,
    /// Older than this one: the [`next`](AuditPage::next) of the page before.
    pub after: Option<AuditPosition>,
    /// How many; at least one.
    pub limit: usize,
}

impl AuditQuery {
    /// The latest entries, this many at most.
    pub const fn latest(limit: usize) -> Self {
        Self { connection: None, actions: Vec::new(), since: None, until: None, after: None, limit }
    }

    /// Only those of this connection.
    pub const fn of(mut self, connection: ConnectionId) -> Self {
        self.connection = Some(connection);
        self
    }

    /// Only those of this action, or of one that was named before.
    pub fn only(mut self, action: AuditAction) -> Self {
        self.actions.push(action);
        self
    }

    /// Only those that were stored at this time or later.
    pub const fn since(mut self, since: Timestamp) -> Self {
        self.since = Some(since);
        self
    }

    /// Only those that were stored before this time.
    pub const fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }

    /// Goes on behind a page: its [`next`](AuditPage::next).
    pub const fn after(mut self, next: AuditPosition) -> Self {
        self.after = Some(next);
        self
    }

    /// Whether an entry is wanted, its place apart.
    pub fn wants(&self, record: &AuditRecord) -> bool {
        self.connection.is_none_or(|connection| record.connection == Some(connection))
            && (self.actions.is_empty() || self.actions.contains(&record.action))
            && self.since.is_none_or(|since| record.at >= since)
            && self.until.is_none_or(|until| record.at < until)
    }
}

/// A page of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditPage {
    /// The entries, the latest first.
    pub records: Vec<AuditRecord>,
    /// What to ask for to get the next page; `None` on the last one.
    pub next: Option<AuditPosition>,
}

impl AuditPage {
    /// Both.
    pub const fn new(records: Vec<AuditRecord>, next: Option<AuditPosition>) -> Self {
        Self { records, next }
    }
}

/// Keeps what was done. Entries are only ever added; they outlive their connection. What changes a connection
/// brings its entries along in [`Notes`](crate::Notes) and stores them in the same step.
#[async_trait]
pub trait AuditLog: fmt::Debug + Send + Sync + 'static {
    /// Adds entries about something that changes no connection, such as a login that was refused: all of them
    /// or none, in this order, stamped with the store's clock. `connection` need not be there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain that they were added.
    async fn append(
        &self,
        tenant: TenantId,
        actor: AuditActor,
        connection: Option<ConnectionId>,
        entries: Vec<AuditEntry>,
    ) -> Result<(), StoreError>;

    /// The entries of the tenant that are wanted, the latest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn query(&self, tenant: TenantId, query: AuditQuery) -> Result<AuditPage, StoreError>;
}

#[cfg(test)]
mod tests;
