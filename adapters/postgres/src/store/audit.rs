//! What was done.

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_token_vault::{
    AuditAction, AuditActor, AuditEntry, AuditLog, AuditPage, AuditPosition, AuditQuery, AuditReason,
    AuditRecord, Generation, StoreError,
};
use sqlx::{postgres::PgRow, types::Uuid};

use super::PostgresStore;
use crate::{
    database::Call,
    fault::Fault,
    notes, rows,
    values::{Columns as _, Time, bigint, uuid},
};

#[async_trait]
impl AuditLog for PostgresStore {
    async fn append(
        &self,
        tenant: TenantId,
        actor: AuditActor,
        connection: Option<ConnectionId>,
        entries: Vec<AuditEntry>,
    ) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let call = Call::write(&self.sql.append_audit)
            .bind(uuid(tenant.as_bytes()))
            .bind(connection.map(|connection| uuid(connection.as_bytes())))
            .bind(notes::of_entries(&actor, &entries));
        self.lane.one(call).await?;
        Ok(())
    }

    async fn query(&self, tenant: TenantId, query: AuditQuery) -> Result<AuditPage, StoreError> {
        let limit = query.limit.max(1);
        let actions: Vec<_> = query.actions.iter().map(AuditAction::as_str).collect();
        let call = Call::read(&self.sql.query_audit)
            .bind(uuid(tenant.as_bytes()))
            .bind(query.connection.map(|connection| uuid(connection.as_bytes())))
            .bind((!actions.is_empty()).then_some(actions))
            .bind(query.since.map(Time))
            .bind(query.until.map(Time))
            .bind(query.after.map(|after| bigint(after.get())))
            .bind(bigint(limit).saturating_add(1));
        let found = self.lane.rows(call).await?;
        let records: Vec<_> = found.iter().take(limit).map(record).collect::<Result<_, _>>()?;
        let next = records.last().filter(|_| found.len() > limit).map(|record| record.position);
        Ok(AuditPage::new(records, next))
    }
}

fn record(row: &PgRow) -> Result<AuditRecord, Fault> {
    let mut entry = AuditEntry::new(AuditAction::from(row.get::<&str>("action")?));
    entry.reason = row.get::<Option<String>>("reason")?.map(AuditReason::from_stored);
    if row.get::<Option<i64>>("generation")?.is_some() {
        entry.generation = Some(Generation::new(row.count("generation")?));
    }
    if row.get::<Option<&str>>("asset_app_id")?.is_some() {
        entry.asset = Some(rows::asset_key(row, ["asset_app_id", "asset_kind", "asset_external_id"])?);
    }
    let connection = row.get::<Option<Uuid>>("connection_id")?;
    Ok(AuditRecord::new(
        AuditPosition::new(row.count("position")?),
        row.get::<Time>("at")?.0,
        AuditActor::parse(row.get("actor")?),
        connection.map(|id| ConnectionId::from_bytes(id.into_bytes())),
        entry,
    ))
}
