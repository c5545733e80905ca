//! Assets, as a person picks among them.

use std::collections::BTreeMap;

use serde::Serialize;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::Vault;
use crate::{
    Asset, AssetFilter, AssetKey, AssetPage, AuditActor, Connection, Link, LinkOutcome, Linked, NewAsset,
    Origin, Standing, StoreErrorKind, VaultError,
    state::{Gate, gate},
};

/// How an asset stands, seen from a connection that reaches it, before it is linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AssetReport {
    /// Which one it is.
    #[serde(flatten)]
    pub key: AssetKey,
    /// What to call it in a list.
    pub name: Option<String>,
    /// How it stands.
    #[serde(flatten)]
    pub standing: AssetStanding,
}

/// How an asset stands, seen from a connection that reaches it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum AssetStanding {
    /// Nobody has it: linking it works.
    Free,
    /// It is linked to this connection.
    LinkedHere(AssetLink),
    /// Another connection of the tenant has it. Linking it takes [`Link::replacing`]: ask the person first.
    Conflict(AssetLink),
    /// It belongs to somebody else. Nothing more is told.
    Unavailable,
}

/// The connection of the tenant that has an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AssetLink {
    /// Which connection.
    pub connection: ConnectionId,
    /// What it is called in a list.
    pub display_name: Option<String>,
    /// The product's own id of the person who connected it.
    pub connected_by: Option<String>,
    /// How it came about.
    pub origin: Origin,
    /// Who linked the asset.
    pub linked_by: AuditActor,
    /// When it was linked.
    pub linked_at: Timestamp,
}

impl AssetLink {
    /// `with`: the connection, if it can be read.
    fn new(asset: Asset, with: Option<&Connection>) -> Self {
        Self {
            connection: asset.connection,
            display_name: with.and_then(|with| with.details.display_name.clone()),
            connected_by: with.and_then(|with| with.details.connected_by.clone()),
            origin: asset.origin,
            linked_by: asset.linked_by,
            linked_at: asset.linked_at,
        }
    }
}

impl Vault {
    /// How the assets that a connection reaches stand, in the order in which they are given: for a list to pick from.
    /// What the connection reaches is found out by the provider's client. Changes nothing; linking decides.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Reauthorize` when it has ended,
    /// `Unavailable` when the store does not answer.
    pub async fn asset_report(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        assets: &[NewAsset],
    ) -> Result<Vec<AssetReport>, VaultError> {
        let own = self.living(tenant, connection).await?;
        let keys = keys_of(&own, assets);
        let standings = self.0.stores.assets.standings(tenant, &keys).await?;
        let others = self.holders_of(&own, &standings).await?;
        let reports = keys.into_iter().zip(assets).zip(standings).map(|((key, asset), standing)| {
            let standing = match standing {
                Standing::Free => AssetStanding::Free,
                Standing::Unavailable => AssetStanding::Unavailable,
                Standing::Linked(asset) if asset.connection == own.id => {
                    AssetStanding::LinkedHere(AssetLink::new(*asset, Some(&own)))
                }
                Standing::Linked(asset) => {
                    let holder = others.get(&asset.connection).and_then(Option::as_ref);
                    AssetStanding::Conflict(AssetLink::new(*asset, holder))
                }
            };
            AssetReport { key, name: asset.name.clone(), standing }
        });
        Ok(reports.collect())
    }

    /// Links assets to a connection, in one step; what became of each, in the order in which they are given. One that
    /// another connection of the tenant has is taken away from it only by [`Link::replacing`]; one of another tenant
    /// never.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Reauthorize` when it has ended,
    /// `Unavailable` when it is not certain what was linked.
    pub async fn connect_assets(
        &self,
        tenant: TenantId,
        link: Link,
    ) -> Result<Vec<(AssetKey, LinkOutcome)>, VaultError> {
        let own = self.living(tenant, link.connection).await?;
        let keys = keys_of(&own, &link.assets);
        match self.0.stores.assets.link_assets(tenant, link).await? {
            Linked::Done(outcomes) => Ok(keys.into_iter().zip(outcomes).collect()),
            Linked::NoConnection => {
                // It ended, or was removed, since it was read.
                self.living(tenant, own.id).await?;
                Err(super::contended())
            }
        }
    }

    /// Unlinks assets, in one step. Gives those that were linked until now, so that their webhooks can be
    /// unsubscribed.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when it is not certain what was unlinked.
    pub async fn disconnect_assets(
        &self,
        tenant: TenantId,
        assets: &[AssetKey],
        actor: AuditActor,
    ) -> Result<Vec<Asset>, VaultError> {
        Ok(self.0.stores.assets.unlink_assets(tenant, assets, actor).await?)
    }

    /// Up to `limit` linked assets (at least one) in the order of their keys, those behind `after` only: the
    /// [`next`](AssetPage::next) of the page before. Each says who linked it, and how its connection came about.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the store does not answer.
    pub async fn assets(
        &self,
        tenant: TenantId,
        filter: &AssetFilter,
        after: Option<&AssetKey>,
        limit: usize,
    ) -> Result<AssetPage, VaultError> {
        Ok(self.0.stores.assets.list_assets(tenant, filter, after, limit).await?)
    }

    /// A connection that has not ended.
    async fn living(&self, tenant: TenantId, connection: ConnectionId) -> Result<Connection, VaultError> {
        let found = self.0.connection((tenant, connection)).await?;
        match gate(found.state) {
            Gate::Refuse(ended) if found.state.is_retired() => Err(VaultError::unusable_because(ended)),
            _ => Ok(found),
        }
    }

    /// The other connections that have one of the assets; `None` for one that cannot be read.
    async fn holders_of(
        &self,
        own: &Connection,
        standings: &[Standing],
    ) -> Result<BTreeMap<ConnectionId, Option<Connection>>, VaultError> {
        let mut holders = BTreeMap::new();
        for standing in standings {
            let Standing::Linked(asset) = standing else { continue };
            let id = asset.connection;
            if id == own.id || holders.contains_key(&id) {
                continue;
            }
            let found = match self.0.stores.connections.find(own.tenant, id).await {
                Err(error) if error.kind() == StoreErrorKind::Corrupt => None,
                found => found?,
            };
            holders.insert(id, found);
        }
        Ok(holders)
    }
}

fn keys_of(connection: &Connection, assets: &[NewAsset]) -> Vec<AssetKey> {
    let app = connection.account.app_id.as_str();
    let key = |asset: &NewAsset| AssetKey::new(app, asset.kind.clone(), asset.external_id.as_str());
    assets.iter().map(key).collect()
}
