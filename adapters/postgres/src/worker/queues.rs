//! What waits: events for the product, grants to be withdrawn.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};
use sociogram_token_vault::{
    Event, EventId, EventQueue, Generation, Notes, Revocation, RevocationQueue, StoreError,
};
use sqlx::{
    postgres::PgRow,
    types::{Json, Uuid},
};

use super::PostgresWorker;
use crate::{
    database::{Call, Lane},
    fault::Fault,
    notes, rows,
    statements::Sql,
    values::{Columns as _, Time, bigint, millis, uuid},
};

/// Takes a batch. What cannot be read back stays where it is, hidden for as long as the rest; a batch of nothing else
/// does not look like the end of the queue.
async fn take<T>(
    lane: &Lane,
    sql: &Sql,
    limit: usize,
    visibility: Duration,
    read: fn(&PgRow) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    loop {
        let taken = lane.rows(Call::write(sql).bind(bigint(limit)).bind(millis(visibility))).await?;
        let readable: Vec<_> = taken.iter().filter_map(|row| read(row).ok()).collect();
        if !readable.is_empty() || taken.len() < limit || taken.is_empty() {
            return Ok(readable);
        }
    }
}

#[async_trait]
impl EventQueue for PostgresWorker {
    async fn take_events(&self, limit: usize, visibility: Duration) -> Result<Vec<Event>, StoreError> {
        Ok(take(&self.lane, &self.sql.take_events, limit, visibility, event).await?)
    }

    async fn ack_events(&self, events: &[EventId]) -> Result<u64, StoreError> {
        if events.is_empty() {
            return Ok(0);
        }
        let ids: Vec<_> = events.iter().map(|id| uuid(id.as_bytes())).collect();
        Ok(self.lane.one(Call::write(&self.sql.ack_events).bind(ids)).await?.count("removed")?)
    }
}

#[async_trait]
impl RevocationQueue for PostgresWorker {
    async fn take_revocations(
        &self,
        limit: usize,
        visibility: Duration,
    ) -> Result<Vec<Revocation>, StoreError> {
        Ok(take(&self.lane, &self.sql.take_revocations, limit, visibility, revocation).await?)
    }

    async fn finish_revocation(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
        notes: Notes,
    ) -> Result<bool, StoreError> {
        let call = Call::write(&self.sql.finish_revocation)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(bigint(generation.get()))
            .bind(notes::of(notes)?);
        Ok(self.lane.one(call).await?.get("is_done")?)
    }
}

fn event(row: &PgRow) -> Result<Event, Fault> {
    Ok(Event::new(
        EventId::from_bytes(row.get::<Uuid>("id")?.into_bytes()),
        rows::tenant(row, "tenant_id")?,
        rows::connection_id(row, "connection_id")?,
        row.get::<Time>("at")?.0,
        row.get::<Json<_>>("kind")?.0,
        row.count("deliveries")?,
    ))
}

fn revocation(row: &PgRow) -> Result<Revocation, Fault> {
    let ended =
        (rows::tenant(row, "tenant_id")?, rows::connection_id(row, "connection_id")?, rows::account(row)?);
    Ok(Revocation::new(
        ended,
        Generation::new(row.count("generation")?),
        rows::token_kind(row)?,
        rows::sealed(row)?.ok_or(Fault::Unreadable("access_ct"))?,
        row.get::<Time>("since")?.0,
        row.count("attempts")?,
    ))
}
