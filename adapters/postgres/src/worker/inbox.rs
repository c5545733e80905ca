//! The inbox: what came from the platforms, and what became of it.

use std::{borrow::Cow, time::Duration};

use async_trait::async_trait;
use sociogram_webhook_verify::{
    Event, Provider,
    inbox::{
        Census, Claim, ClaimToken, Claimed, Entry, EntryFilter, EntryId, EntryPage, EntryState, InboxError,
        InboxStore, Order, Outcome, RecordEvents, Recorded, Replay, ReplayOf, Replayed, Retention,
        Settlement, Trimmed,
    },
};
use sqlx::postgres::PgRow;

use super::PostgresWorker;
use crate::{
    database::Call,
    fault::Fault,
    inbox_rows::{at, claimed, entry, id, maybe_at, time, token},
    values::{Columns as _, bigint, millis, shown},
};

/// How many batches of nothing that can be read are passed over: with a lease of no time they would come for ever.
const MAX_UNREADABLE: usize = 100;
/// Most events of a page.
const MAX_PAGE: usize = 500;
/// Most rows that one statement makes due again or deletes.
const MAX_ROWS: i64 = 1_000_000;

/// On the app's login, as everything that receives.
#[async_trait]
impl RecordEvents for PostgresWorker {
    async fn record(&self, events: &[Event]) -> Result<Vec<Recorded>, InboxError> {
        self.store.record(events).await
    }
}

#[async_trait]
impl InboxStore for PostgresWorker {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Claimed>, InboxError> {
        let sql = match claim.order {
            Order::PerSubject => &self.inbox.claim_by_subject,
            _ => &self.inbox.claim,
        };
        for _ in 0..MAX_UNREADABLE {
            let call = Call::write(sql).bind(bigint(claim.limit)).bind(millis(claim.lease));
            let taken = self.lane.rows(call).await?;
            let (mut readable, mut hidden) = (Vec::with_capacity(taken.len()), Vec::new());
            for row in &taken {
                match claimed(row) {
                    Ok(event) => readable.push(event),
                    Err(_) => hidden.push(token(row)?),
                }
            }
            if !hidden.is_empty() {
                self.hide(&hidden).await;
            }
            // A batch that nothing can be read of does not look like the end of the queue.
            if !readable.is_empty() || taken.is_empty() {
                return Ok(readable);
            }
        }
        Ok(Vec::new())
    }

    async fn renew(&self, tokens: &[ClaimToken], lease: Duration) -> Result<Vec<bool>, InboxError> {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let call = bind_tokens(Call::write(&self.inbox.renew), tokens.iter().copied()).bind(millis(lease));
        Ok(held(&self.lane.rows(call).await?, tokens.len())?)
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<bool>, InboxError> {
        if settlements.is_empty() {
            return Ok(Vec::new());
        }
        let outcomes = || settlements.iter().map(|settlement| &settlement.outcome);
        let errors: Vec<_> = outcomes().map(error).collect::<Result<_, _>>()?;
        let tokens = settlements.iter().map(|settlement| settlement.token);
        let call = bind_tokens(Call::write(&self.inbox.settle), tokens)
            .bind(outcomes().map(word).collect::<Result<Vec<_>, _>>()?)
            .bind(outcomes().map(after).collect::<Vec<_>>())
            .bind(errors);
        Ok(held(&self.lane.rows(call).await?, settlements.len())?)
    }

    async fn find(&self, id: EntryId) -> Result<Option<Entry>, InboxError> {
        let call = Call::read(&self.inbox.find).bind(bigint(id.get()));
        Ok(self.lane.row(call).await?.as_ref().map(entry).transpose()?)
    }

    /// Entries with words of a newer version are left out.
    async fn list(
        &self,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, InboxError> {
        let limit = limit.min(MAX_PAGE);
        let call = bind_filter(Call::read(&self.inbox.list), filter)
            .bind(after.map(|after| bigint(after.get())))
            .bind(bigint(limit).saturating_add(1));
        let found = self.lane.rows(call).await?;
        let page = found.get(..limit.min(found.len())).unwrap_or_default();
        let last = page.last().filter(|_| found.len() > limit);
        let next = last.map(|row| id(row, "position")).transpose()?;
        Ok(EntryPage::new(page.iter().filter_map(|row| entry(row).ok()).collect(), next))
    }

    async fn replay(&self, replay: &Replay) -> Result<Replayed, InboxError> {
        let limit = bigint(replay.limit).min(MAX_ROWS);
        let of = |state: EntryState, filter| {
            let call = Call::write(&self.inbox.replay).bind(state.as_str());
            bind_filter(call, filter).bind(limit)
        };
        let call = match &replay.of {
            ReplayOf::Failed(filter) => of(EntryState::Dead, filter),
            ReplayOf::NeverDelivered(filter) => of(EntryState::Skipped, filter),
            ReplayOf::Entries(ids) => {
                let ids: Vec<_> = ids.iter().map(|id| bigint(id.get())).collect();
                Call::write(&self.inbox.replay_entries).bind(ids).bind(limit)
            }
            _ => return Err(Fault::Unsendable.into()),
        };
        let row = self.jobs().one(call).await?;
        Ok(Replayed::new(row.count("replayed")?, row.count("without_payload")?, row.get("more")?))
    }

    async fn census(&self) -> Result<Census, InboxError> {
        let row = self.jobs().one(Call::read(&self.inbox.census)).await?;
        let mut census = Census::default();
        census.pending = row.count("pending")?;
        census.running = row.count("running")?;
        census.done = row.count("done")?;
        census.skipped = row.count("skipped")?;
        census.dead = row.count("dead")?;
        census.oldest_due = maybe_at(&row, "oldest_due")?;
        census.now = Some(at(&row, "now")?);
        Ok(census)
    }

    async fn trim(&self, retention: &Retention, limit: usize) -> Result<Trimmed, InboxError> {
        let call = Call::write(&self.inbox.trim)
            .bind(millis(retention.keys_for()))
            .bind(millis(retention.payloads_for()))
            .bind(millis(retention.failed_payloads_for()))
            .bind(bigint(limit).min(MAX_ROWS));
        let row = self.jobs().one(call).await?;
        Ok(Trimmed::new(row.count("emptied")?, row.count("deleted")?))
    }
}

impl PostgresWorker {
    /// Gives back claims of events that a newer version wrote. Where that fails they are due again after the lease all
    /// the same, and only an attempt is lost.
    async fn hide(&self, tokens: &[ClaimToken]) {
        let call = bind_tokens(Call::write(&self.inbox.hide), tokens.iter().copied());
        let _ = self.lane.rows(call).await;
    }
}

fn bind_tokens(call: Call, tokens: impl Iterator<Item = ClaimToken> + Clone) -> Call {
    let ids = tokens.clone().map(|token| bigint(token.id().get()));
    let fences = tokens.map(|token| bigint(token.fence()));
    call.bind(ids.collect::<Vec<_>>()).bind(fences.collect::<Vec<_>>())
}

fn bind_filter(call: Call, filter: &EntryFilter) -> Call {
    let text = |text: &Option<String>| text.as_deref().map(|text| shown(text).into_owned());
    let states: Vec<_> = filter.states.iter().map(|state| state.as_str()).collect();
    let accounts = filter.accounts.as_ref();
    let accounts =
        accounts.map(|all| all.iter().map(|account| shown(account)).collect::<Vec<Cow<'_, str>>>());
    call.bind((!states.is_empty()).then_some(states))
        .bind(filter.provider.map(Provider::as_str))
        .bind(accounts)
        .bind(text(&filter.object))
        .bind(text(&filter.field))
        .bind(text(&filter.kind))
        .bind(filter.since.map(time))
        .bind(filter.until.map(time))
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

fn word(outcome: &Outcome) -> Result<&'static str, Fault> {
    match outcome {
        Outcome::Done => Ok(EntryState::Done.as_str()),
        Outcome::Skipped => Ok(EntryState::Skipped.as_str()),
        Outcome::Dead { .. } => Ok(EntryState::Dead.as_str()),
        Outcome::Retry { .. } => Ok("retry"),
        Outcome::Released => Ok("released"),
        _ => Err(Fault::Unsendable),
    }
}

fn after(outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::Retry { after, .. } => Some(millis(*after)),
        _ => None,
    }
}

fn error(outcome: &Outcome) -> Result<Option<String>, Fault> {
    match outcome {
        Outcome::Retry { error, .. } | Outcome::Dead { error } => {
            serde_json::to_string(error).map(Some).map_err(|_| Fault::Unsendable)
        }
        _ => Ok(None),
    }
}
