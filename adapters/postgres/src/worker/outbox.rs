//! The outbox: what is on its way to the platforms, and what became of it.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_capi::outbox::{
    AddEvents, Added, Batch, Census, Claim, ClaimToken, Entry, EntryFilter, EntryId, EntryPage, Fate,
    OutboxError, OutboxEvent, OutboxStore, Outcome, Replay, Replayed, Retention, Route, Settlement, Trimmed,
};
use sociogram_oauth_core::TenantId;
use sqlx::postgres::PgRow;

use super::PostgresWorker;
use crate::{
    database::Call,
    fault::Fault,
    outbox_rows::{census, claimed, claimed_at, fate, route, token},
    statements::Sql,
    values::{Columns as _, bigint, millis},
};

/// How many batches of nothing that can be read are passed over: with a lease of no time they would come for ever.
const MAX_UNREADABLE: usize = 100;
/// Most rows that one statement deletes.
const MAX_ROWS: i64 = 1_000_000;

/// On the app's login, as everything that names a tenant.
#[async_trait]
impl AddEvents for PostgresWorker {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        self.store.add(route, events).await
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        AddEvents::find(&self.store, tenant, id).await
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        AddEvents::list(&self.store, tenant, filter, after, limit).await
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        AddEvents::replay(&self.store, tenant, replay).await
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        self.store.tenant_census(tenant).await
    }
}

#[async_trait]
impl OutboxStore for PostgresWorker {
    async fn claim(&self, claim: &Claim) -> Result<Option<Batch>, OutboxError> {
        let died = fate(&Fate::process_died())?;
        for _ in 0..MAX_UNREADABLE {
            let call = Call::write(&self.outbox.claim)
                .bind(bigint(claim.limit))
                .bind(bigint(claim.bytes))
                .bind(millis(claim.lease))
                .bind(&died);
            let taken = self.lane.rows(call).await?;
            let Some(first) = taken.first() else { return Ok(None) };
            let claimed_at = claimed_at(first)?;
            let Ok(route) = route(first) else {
                self.hide_batch(&taken).await?;
                continue;
            };
            let (events, hidden): (Vec<_>, Vec<_>) =
                taken.into_iter().map(|row| claimed(&row).map_err(|_| row)).partition(Result::is_ok);
            let hidden: Vec<PgRow> = hidden.into_iter().filter_map(Result::err).collect();
            if !hidden.is_empty() {
                self.hide_batch(&hidden).await?;
            }
            // A batch that nothing can be read of does not look like the end of the queue.
            if !events.is_empty() {
                return Ok(Some(Batch::new(route, events.into_iter().flatten().collect(), claimed_at)));
            }
        }
        Ok(None)
    }

    async fn begin(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        Ok(self.hold(&self.outbox.begin, tokens, lease).await?)
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, OutboxError> {
        Ok(self.hold(&self.outbox.renew, tokens, lease).await?)
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, OutboxError> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let told: Vec<Told> =
            settlements.iter().map(|settlement| Told::of(&settlement.outcome)).collect::<Result<_, _>>()?;
        let tokens = settlements.iter().map(|settlement| settlement.token);
        let call = bind_tokens(Call::write(&self.outbox.settle), tokens)
            .bind(told.iter().map(|told| told.word).collect::<Vec<_>>())
            .bind(told.iter().map(|told| told.fate.as_deref()).collect::<Vec<_>>())
            .bind(told.iter().map(|told| told.after).collect::<Vec<_>>())
            .bind(told.iter().map(|told| told.reason.as_deref()).collect::<Vec<_>>());
        Ok(held(&self.lane.rows(call).await?, settlements.len())?)
    }

    async fn census(&self) -> Result<Census, OutboxError> {
        Ok(census(&self.jobs().one(Call::read(&self.outbox.census)).await?)?)
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, OutboxError> {
        let call = Call::write(&self.outbox.trim)
            .bind(millis(retention.contents_for()))
            .bind(millis(retention.rows_for()))
            .bind(bigint(limit).min(MAX_ROWS));
        let row = self.jobs().one(call).await?;
        Ok(Trimmed::new(row.count("contents")?, row.count("deleted")?))
    }
}

impl PostgresWorker {
    /// Gives back claims of events that a newer version wrote. Where that fails they are due again after the lease all
    /// the same.
    async fn hide_batch(&self, rows: &[PgRow]) -> Result<(), Fault> {
        let tokens: Vec<_> = rows.iter().map(token).collect::<Result<_, _>>()?;
        let call = bind_tokens(Call::write(&self.outbox.hide), tokens.into_iter());
        let _ = self.lane.rows(call).await;
        Ok(())
    }

    async fn hold(&self, sql: &Sql, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, Fault> {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let call = bind_tokens(Call::write(sql), tokens.iter().copied()).bind(millis(lease));
        held(&self.lane.rows(call).await?, tokens.len())
    }
}

fn bind_tokens(call: Call, tokens: impl Iterator<Item = ClaimToken> + Clone) -> Call {
    let ids = tokens.clone().map(|token| bigint(token.id().get()));
    let fences = tokens.map(|token| bigint(token.fence()));
    call.bind(ids.collect::<Vec<_>>()).bind(fences.collect::<Vec<_>>())
}

/// For each of `count` claims whether its place is among the rows; places count from 1.
fn held(rows: &[PgRow], count: usize) -> Result<Vec<bool>, Fault> {
    let mut held = vec![false; count];
    for row in rows {
        let place: usize = row.count("place")?;
        *held.get_mut(place.wrapping_sub(1)).ok_or(Fault::Unreadable("place"))? = true;
    }
    Ok(held)
}

/// An outcome as it is stored.
struct Told {
    word: &'static str,
    fate: Option<String>,
    after: Option<i64>,
    reason: Option<String>,
}

impl Told {
    fn of(outcome: &Outcome) -> Result<Self, Fault> {
        let nothing = Self { word: "released", fate: None, after: None, reason: None };
        Ok(match outcome {
            Outcome::Finished(told) => {
                Self { word: told.state().as_str(), fate: Some(fate(told)?), ..nothing }
            }
            Outcome::NotProcessed { after, reason } => {
                let reason = serde_json::to_string(reason).map_err(|_| Fault::Unsendable)?;
                Self { word: "retry", after: Some(millis(*after)), reason: Some(reason), ..nothing }
            }
            Outcome::Released => nothing,
            _ => return Err(Fault::Unsendable),
        })
    }
}
