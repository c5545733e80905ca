//! Who holds an account or an asset, and the operator's jobs.

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, ProviderId, TenantId};
use sociogram_token_vault::{
    Account, AssetKey, AuditActor, Census, ConnectionState, CrossTenant, Holder, StoreError,
};
use sqlx::postgres::PgRow;

use super::PostgresWorker;
use crate::{
    database::Call,
    fault::Fault,
    notes, rows,
    values::{Columns as _, Time, bigint, uuid},
};

#[async_trait]
impl CrossTenant for PostgresWorker {
    async fn holders(&self, account: &Account) -> Result<Vec<Holder>, StoreError> {
        let call = bind_account(Call::read(&self.sql.holders), account);
        Ok(self.lane.rows(call).await?.iter().map(holder).collect::<Result<_, _>>()?)
    }

    async fn asset_holder(&self, asset: &AssetKey) -> Result<Option<Holder>, StoreError> {
        let call = Call::read(&self.sql.asset_holder)
            .bind(&asset.app_id)
            .bind(asset.kind.as_str())
            .bind(&asset.external_id);
        Ok(self.lane.row(call).await?.as_ref().map(holder).transpose()?)
    }

    async fn erase_account(
        &self,
        account: &Account,
        actor: AuditActor,
    ) -> Result<Vec<(TenantId, ConnectionId)>, StoreError> {
        let call = bind_account(Call::write(&self.sql.erase_account), account).bind(notes::actor(&actor));
        let erased =
            |row: &PgRow| Ok((rows::tenant(row, "tenant_id")?, rows::connection_id(row, "connection_id")?));
        self.jobs().rows(call).await?.iter().map(erased).collect()
    }

    async fn erase_tenant(&self, tenant: TenantId, actor: AuditActor) -> Result<u64, StoreError> {
        let call =
            Call::write(&self.sql.erase_tenant).bind(uuid(tenant.as_bytes())).bind(notes::actor(&actor));
        Ok(self.jobs().one(call).await?.count("erased")?)
    }

    async fn census(&self) -> Result<Census, StoreError> {
        let mut census = Census::new();
        for row in self.jobs().rows(Call::read(&self.sql.census)).await? {
            census.oldest_due = row.get::<Option<Time>>("oldest_due")?.map(|due| due.0);
            census.events_waiting = row.count("events")?;
            census.revocations_waiting = row.count("revocations")?;
            if let Some(provider) = row.get::<Option<String>>("provider")? {
                census = census.with_connections(
                    ProviderId::new(provider),
                    row.get("state")?,
                    row.count("connections")?,
                );
            }
        }
        Ok(census)
    }

    async fn trim_audit(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError> {
        let call = Call::write(&self.sql.trim_audit).bind(Time(before)).bind(bigint(limit));
        Ok(self.jobs().one(call).await?.count("deleted")?)
    }
}

fn bind_account(call: Call, account: &Account) -> Call {
    call.bind(account.provider.as_str()).bind(&account.app_id).bind(&account.external_user_id)
}

fn holder(row: &PgRow) -> Result<Holder, Fault> {
    // A state of a newer version: it lives on the grant, and nobody gets a token.
    let state = rows::state(row).unwrap_or(ConnectionState::BlockedByParent);
    Ok(Holder::new(rows::tenant(row, "tenant_id")?, rows::connection_id(row, "connection_id")?, state))
}
