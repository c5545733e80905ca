//! Which assets are linked.

use std::{collections::BTreeSet, ops::Bound};

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{
    MemoryStore,
    rows::{AssetRow, RowKey, State},
};
use crate::{
    Asset, AssetFilter, AssetKey, AssetPage, AssetRepo, AuditAction, AuditActor, AuditEntry, Link,
    LinkOutcome, Linked, NewAsset, Overwrite, Standing, StoreError,
};

#[async_trait]
impl AssetRepo for MemoryStore {
    async fn link_assets(&self, tenant: TenantId, link: Link) -> Result<Linked, StoreError> {
        self.step(|state, now| {
            let key = (tenant, link.connection);
            let live = state.rows.get(&key).filter(|row| !row.stored.state.is_retired());
            let Some(app_id) = live.map(|row| row.stored.account.app_id.clone()) else {
                return Ok(Linked::NoConnection);
            };
            let Link { assets, overwrite, actor, .. } = link;
            let link_one = |new: NewAsset| {
                let asset = AssetKey::new(app_id.as_str(), new.kind, new.external_id);
                state.link(key, asset, new.name, overwrite, &actor, now)
            };
            Ok(Linked::Done(assets.into_iter().map(link_one).collect()))
        })
    }

    async fn unlink_assets(
        &self,
        tenant: TenantId,
        assets: &[AssetKey],
        actor: AuditActor,
    ) -> Result<Vec<Asset>, StoreError> {
        self.step(|state, now| {
            let mut unlinked = Vec::new();
            for asset in assets.iter().collect::<BTreeSet<_>>() {
                let Some(row) = state.assets.get(asset).filter(|row| row.tenant == tenant) else { continue };
                let (connection, gone) = (row.connection, state.asset(asset, row));
                state.assets.remove(asset);
                state.add_unlinked((tenant, connection), asset.clone(), &actor, now);
                unlinked.push(gone);
            }
            Ok(unlinked)
        })
    }

    async fn find_asset(&self, tenant: TenantId, asset: &AssetKey) -> Result<Option<Asset>, StoreError> {
        self.step(|state, _| {
            let row = state.assets.get(asset).filter(|row| row.tenant == tenant);
            Ok(row.map(|row| state.asset(asset, row)))
        })
    }

    async fn standings(&self, tenant: TenantId, assets: &[AssetKey]) -> Result<Vec<Standing>, StoreError> {
        self.step(|state, _| {
            let standing = |key| match state.assets.get(key) {
                None => Standing::Free,
                Some(row) if row.tenant != tenant => Standing::Unavailable,
                Some(row) => Standing::Linked(Box::new(state.asset(key, row))),
            };
            Ok(assets.iter().map(standing).collect())
        })
    }

    async fn list_assets(
        &self,
        tenant: TenantId,
        filter: &AssetFilter,
        after: Option<&AssetKey>,
        limit: usize,
    ) -> Result<AssetPage, StoreError> {
        self.step(|state, _| {
            let from = after.map_or(Bound::Unbounded, Bound::Excluded);
            let rows = state.assets.range::<AssetKey, _>((from, Bound::Unbounded));
            let assets = rows.filter(|(_, row)| row.tenant == tenant).map(|(key, row)| state.asset(key, row));
            let mut wanted = assets.filter(|asset| filter.wants(asset));
            let page: Vec<_> = wanted.by_ref().take(limit.max(1)).collect();
            let more = wanted.next().is_some();
            let next = page.last().filter(|_| more).map(|asset| asset.key.clone());
            Ok(AssetPage::new(page, 0, next))
        })
    }
}

impl State {
    fn link(
        &mut self,
        to: RowKey,
        asset: AssetKey,
        name: Option<String>,
        overwrite: Overwrite,
        actor: &AuditActor,
        now: Timestamp,
    ) -> LinkOutcome {
        let (tenant, connection) = to;
        let outcome = match self.assets.get_mut(&asset) {
            None => LinkOutcome::Linked,
            Some(row) if row.tenant != tenant => return LinkOutcome::Unavailable,
            Some(row) if row.connection == connection => {
                if name.is_some() {
                    row.name = name;
                }
                return LinkOutcome::AlreadyLinked;
            }
            Some(row) => match overwrite {
                Overwrite::Refuse => return LinkOutcome::Conflict { with: row.connection },
                Overwrite::Replace => LinkOutcome::Replaced { from: row.connection },
            },
        };
        if let LinkOutcome::Replaced { from } = outcome {
            self.add_unlinked((tenant, from), asset.clone(), actor, now);
        }
        let entry = AuditEntry::new(AuditAction::AssetLinked).with_asset(asset.clone());
        self.add_entry(tenant, Some(connection), actor.clone(), entry, now);
        let linked_by = actor.clone();
        self.assets.insert(asset, AssetRow { tenant, connection, name, linked_by, linked_at: now });
        outcome
    }
}
