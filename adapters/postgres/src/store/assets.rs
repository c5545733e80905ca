//! Which assets are linked.

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;
use sociogram_token_vault::{
    Asset, AssetFilter, AssetKey, AssetKind, AssetPage, AssetRepo, AuditActor, Link, LinkOutcome, Linked,
    Overwrite, Standing, StoreError,
};
use sqlx::postgres::PgRow;

use super::PostgresStore;
use crate::{
    database::Call,
    fault::Fault,
    notes, rows,
    values::{Columns as _, bigint, shown, uuid},
};

#[async_trait]
impl AssetRepo for PostgresStore {
    async fn link_assets(&self, tenant: TenantId, link: Link) -> Result<Linked, StoreError> {
        let Link { connection, assets, overwrite, actor, .. } = link;
        let call = Call::write(&self.sql.link_assets)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(assets.iter().map(|asset| asset.kind.as_str()).collect::<Vec<_>>())
            .bind(assets.iter().map(|asset| asset.external_id.as_str()).collect::<Vec<_>>())
            .bind(assets.iter().map(|asset| asset.name.as_deref().map(shown)).collect::<Vec<_>>())
            .bind(overwrite == Overwrite::Replace)
            .bind(notes::actor(&actor));
        let mut outcomes = Vec::with_capacity(assets.len());
        for row in self.lane.rows(call).await? {
            match outcome(&row)? {
                Some(outcome) => outcomes.push((row.get::<i64>("place")?, outcome)),
                None => return Ok(Linked::NoConnection),
            }
        }
        outcomes.sort_unstable_by_key(|(place, _)| *place);
        Ok(Linked::Done(outcomes.into_iter().map(|(_, outcome)| outcome).collect()))
    }

    async fn unlink_assets(
        &self,
        tenant: TenantId,
        assets: &[AssetKey],
        actor: AuditActor,
    ) -> Result<Vec<Asset>, StoreError> {
        if assets.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::write(&self.sql.unlink_assets).bind(uuid(tenant.as_bytes()));
        let call = bind_keys(call, assets).bind(notes::actor(&actor));
        Ok(self.lane.rows(call).await?.iter().map(rows::unlinked_asset).collect::<Result<_, _>>()?)
    }

    async fn find_asset(&self, tenant: TenantId, asset: &AssetKey) -> Result<Option<Asset>, StoreError> {
        let call = Call::read(&self.sql.find_asset)
            .bind(uuid(tenant.as_bytes()))
            .bind(&asset.app_id)
            .bind(asset.kind.as_str())
            .bind(&asset.external_id);
        Ok(self.lane.row(call).await?.as_ref().map(rows::asset).transpose()?)
    }

    async fn standings(&self, tenant: TenantId, assets: &[AssetKey]) -> Result<Vec<Standing>, StoreError> {
        if assets.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::read(&self.sql.asset_standings).bind(uuid(tenant.as_bytes()));
        Ok(self.lane.rows(bind_keys(call, assets)).await?.iter().map(standing).collect::<Result<_, _>>()?)
    }

    async fn list_assets(
        &self,
        tenant: TenantId,
        filter: &AssetFilter,
        after: Option<&AssetKey>,
        limit: usize,
    ) -> Result<AssetPage, StoreError> {
        let limit = limit.max(1);
        let call = Call::read(&self.sql.list_assets)
            .bind(uuid(tenant.as_bytes()))
            .bind(filter.connection.map(|connection| uuid(connection.as_bytes())))
            .bind(filter.kind.as_ref().map(AssetKind::as_str))
            .bind(after.map(|after| after.app_id.as_str()))
            .bind(after.map(|after| after.kind.as_str()))
            .bind(after.map(|after| after.external_id.as_str()))
            .bind(bigint(limit).saturating_add(1));
        let found = self.lane.rows(call).await?;
        let mut page = AssetPage::default();
        for row in found.iter().take(limit) {
            match rows::asset(row) {
                Ok(asset) => page.assets.push(asset),
                Err(_) => page.unreadable += 1,
            }
        }
        if found.len() > limit
            && let Some(last) = found.get(limit - 1)
        {
            page.next = Some(rows::asset_key(last, ["app_id", "kind", "external_id"])?);
        }
        Ok(page)
    }
}

fn bind_keys(call: Call, assets: &[AssetKey]) -> Call {
    call.bind(assets.iter().map(|asset| asset.app_id.as_str()).collect::<Vec<_>>())
        .bind(assets.iter().map(|asset| asset.kind.as_str()).collect::<Vec<_>>())
        .bind(assets.iter().map(|asset| asset.external_id.as_str()).collect::<Vec<_>>())
}

fn standing(row: &PgRow) -> Result<Standing, Fault> {
    if row.get::<Option<&str>>("app_id")?.is_some() {
        return Ok(Standing::Linked(Box::new(rows::asset(row)?)));
    }
    Ok(if row.get("taken")? { Standing::Unavailable } else { Standing::Free })
}

/// What became of one asset; `None` if there is no connection to link it to.
fn outcome(row: &PgRow) -> Result<Option<LinkOutcome>, Fault> {
    Ok(Some(match row.get("outcome")? {
        "linked" => LinkOutcome::Linked,
        "already_linked" => LinkOutcome::AlreadyLinked,
        "replaced" => LinkOutcome::Replaced { from: rows::connection_id(row, "other")? },
        "conflict" => LinkOutcome::Conflict { with: rows::connection_id(row, "other")? },
        "unavailable" => LinkOutcome::Unavailable,
        "no_connection" => return Ok(None),
        _ => return Err(Fault::Unreadable("outcome")),
    }))
}
