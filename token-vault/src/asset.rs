//! What a connection reaches and the product has chosen to work with: Pages, ad accounts, organizations.

use std::{cmp::Ordering, fmt};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{AuditActor, Origin, StoreError};

open_enum! {
    /// What sort of thing it is.
    pub enum AssetKind {
        /// A Facebook Page.
        FacebookPage = "facebook_page",
        /// An Instagram professional account.
        InstagramAccount = "instagram_account",
        /// A Threads profile.
        ThreadsProfile = "threads_profile",
        /// A WhatsApp Business account.
        WhatsAppAccount = "whatsapp_account",
        /// A phone number of a WhatsApp Business account.
        WhatsAppNumber = "whatsapp_number",
        /// A Meta business portfolio.
        MetaBusiness = "meta_business",
        /// A Meta ad account.
        MetaAdAccount = "meta_ad_account",
        /// A Meta dataset (pixel).
        MetaDataset = "meta_dataset",
        /// A LinkedIn member, who can be posted for.
        LinkedInMember = "linkedin_member",
        /// A LinkedIn organization.
        LinkedInOrganization = "linkedin_organization",
        /// A LinkedIn ad account.
        LinkedInAdAccount = "linkedin_ad_account",
    }
}

/// Names an asset. Ids count byte by byte; the same id in two apps is two assets. Sorted by the bytes of app, kind
/// and id, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssetKey {
    /// The app (Meta: app id; LinkedIn: client id) it was linked with.
    pub app_id: String,
    /// What sort of thing it is.
    pub kind: AssetKind,
    /// The provider's id of it.
    pub external_id: String,
}

impl AssetKey {
    /// All of it.
    pub fn new(app_id: impl Into<String>, kind: AssetKind, external_id: impl Into<String>) -> Self {
        Self { app_id: app_id.into(), kind, external_id: external_id.into() }
    }

    fn texts(&self) -> [&str; 3] {
        [&self.app_id, self.kind.as_str(), &self.external_id]
    }
}

impl Ord for AssetKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.texts().cmp(&other.texts()).then_with(|| self.kind.cmp(&other.kind))
    }
}

impl PartialOrd for AssetKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for AssetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of app {}", self.kind, self.external_id, self.app_id)
    }
}

/// An asset that is linked to a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Asset {
    /// Which one it is.
    #[serde(flatten)]
    pub key: AssetKey,
    /// The connection whose token works for it.
    pub connection: ConnectionId,
    /// How that connection came about, at the time of reading.
    pub origin: Origin,
    /// What to call it in a list.
    pub name: Option<String>,
    /// Who linked it.
    pub linked_by: AuditActor,
    /// When it was linked, by the store's clock.
    pub linked_at: Timestamp,
}

impl Asset {
    /// All of it, for stores.
    pub const fn new(
        key: AssetKey,
        connection: ConnectionId,
        origin: Origin,
        name: Option<String>,
        linked_by: AuditActor,
        linked_at: Timestamp,
    ) -> Self {
        Self { key, connection, origin, name, linked_by, linked_at }
    }
}

/// An asset to be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewAsset {
    /// What sort of thing it is.
    pub kind: AssetKind,
    /// The provider's id of it.
    pub external_id: String,
    /// What to call it in a list.
    pub name: Option<String>,
}

impl NewAsset {
    /// Without a name.
    pub fn new(kind: AssetKind, external_id: impl Into<String>) -> Self {
        Self { kind, external_id: external_id.into(), name: None }
    }

    /// Sets what to call it in a list.
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

/// What to do with an asset that another connection of the same tenant has. One of another tenant is never taken
/// away.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overwrite {
    /// Leave it there and report it.
    Refuse,
    /// Take it away from that connection.
    Replace,
}

/// Assets to be linked to one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Which connection; the assets get its app.
    pub connection: ConnectionId,
    /// Which assets.
    pub assets: Vec<NewAsset>,
    /// What to do with those that another connection has.
    pub overwrite: Overwrite,
    /// Who links them.
    pub actor: AuditActor,
}

impl Link {
    /// Without taking anything away from another connection.
    pub const fn new(connection: ConnectionId, assets: Vec<NewAsset>, actor: AuditActor) -> Self {
        Self { connection, assets, overwrite: Overwrite::Refuse, actor }
    }

    /// Takes assets away from other connections of the tenant. Ask the person first.
    pub fn replacing(mut self) -> Self {
        self.overwrite = Overwrite::Replace;
        self
    }
}

/// What became of one asset.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LinkOutcome {
    /// It is linked now.
    Linked,
    /// It was linked to this connection already. Its name is the given one now, if one was given.
    AlreadyLinked,
    /// It is linked now; another connection of the tenant had it.
    Replaced {
        /// Which one.
        from: ConnectionId,
    },
    /// Another connection of the tenant has it. Nothing changed.
    Conflict {
        /// Which one.
        with: ConnectionId,
    },
    /// It belongs to somebody else. Nothing changed, and nothing more is told.
    Unavailable,
}

/// What is known of an asset before it is linked.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has it.
    Free,
    /// The tenant has it.
    Linked(Box<Asset>),
    /// It belongs to somebody else; nothing more is told.
    Unavailable,
}

/// What became of a [`Link`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linked {
    /// One outcome for each asset, in the order in which they were given.
    Done(Vec<LinkOutcome>),
    /// The tenant has no such connection, or it is disconnected. Nothing changed.
    NoConnection,
}

/// Which assets are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssetFilter {
    /// Of this connection only.
    pub connection: Option<ConnectionId>,
    /// Of this kind only.
    pub kind: Option<AssetKind>,
}

impl AssetFilter {
    /// All of them.
    pub const fn all() -> Self {
        Self { connection: None, kind: None }
    }

    /// Those of one connection.
    pub const fn of(connection: ConnectionId) -> Self {
        Self { connection: Some(connection), kind: None }
    }

    /// Only those of this kind.
    pub fn with_kind(mut self, kind: AssetKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Whether an asset is wanted.
    pub fn wants(&self, asset: &Asset) -> bool {
        self.connection.is_none_or(|connection| asset.connection == connection)
            && self.kind.as_ref().is_none_or(|kind| asset.key.kind == *kind)
    }
}

/// A page of assets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AssetPage {
    /// The assets in the order of their keys.
    pub assets: Vec<Asset>,
    /// How many rows there were in between that could not be read back.
    pub unreadable: usize,
    /// What to ask for to get the next page; `None` on the last one.
    pub next: Option<AssetKey>,
}

impl AssetPage {
    /// All of it.
    pub const fn new(assets: Vec<Asset>, unreadable: usize, next: Option<AssetKey>) -> Self {
        Self { assets, unreadable, next }
    }
}

/// Keeps which assets are linked to which connection.
///
/// Promises of every implementation:
///
/// * An asset is linked to one connection of one tenant at most, also when several processes link it at once.
/// * Nothing that a tenant gets back depends on another tenant's links, but for [`LinkOutcome::Unavailable`] and
///   [`Standing::Unavailable`].
/// * Assets of a connection are unlinked in the same step in which it is retired or erased.
/// * Every asset that is linked or unlinked adds an entry
///   ([`AssetLinked`](crate::AuditAction::AssetLinked), [`AssetUnlinked`](crate::AuditAction::AssetUnlinked)) to
///   the audit of its connection, in the same step.
#[async_trait]
pub trait AssetRepo: fmt::Debug + Send + Sync + 'static {
    /// Links assets to a connection that is not disconnected or revoked, in one step. An asset that is given
    /// twice is linked once; the second outcome is [`LinkOutcome::AlreadyLinked`].
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain what was linked.
    async fn link_assets(&self, tenant: TenantId, link: Link) -> Result<Linked, StoreError>;

    /// Unlinks assets, in one step. Gives those that were linked until now, in the order of their keys.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it is not certain what was unlinked.
    async fn unlink_assets(
        &self,
        tenant: TenantId,
        assets: &[AssetKey],
        actor: AuditActor,
    ) -> Result<Vec<Asset>, StoreError>;

    /// One asset of the tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be read.
    async fn find_asset(&self, tenant: TenantId, asset: &AssetKey) -> Result<Option<Asset>, StoreError>;

    /// How each of these assets stands, in the order in which they are given. Changes nothing, and is out of date
    /// as soon as it is told: linking decides.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be read.
    async fn standings(&self, tenant: TenantId, assets: &[AssetKey]) -> Result<Vec<Standing>, StoreError>;

    /// Up to `limit` assets (at least one) in the order of their keys, those behind `after` only. A row that
    /// cannot be read is counted and left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the list cannot be read.
    async fn list_assets(
        &self,
        tenant: TenantId,
        filter: &AssetFilter,
        after: Option<&AssetKey>,
        limit: usize,
    ) -> Result<AssetPage, StoreError>;
}

#[cfg(test)]
mod tests;
