//! Conversion events of one tenant on their way into the outbox, and what became of them.

use async_trait::async_trait;
use sociogram_capi::outbox::{
    AddEvents, Added, Census, Entry, EntryFilter, EntryId, EntryPage, EntryState, OutboxError, OutboxEvent,
    Platform, Replay, ReplayOf, Replayed, Route,
};
use sociogram_oauth_core::TenantId;

use super::{JOB_PATIENCE, PostgresStore};
use crate::{
    database::Call,
    fault::Fault,
    outbox_rows::{census, entry, id, kept, key, keys_with, route_hash},
    values::{Columns as _, Time, bigint, uuid},
};

/// Most events of a page.
const MAX_PAGE: usize = 500;
/// Most rows that one statement makes due again.
const MAX_ROWS: i64 = 1_000_000;

#[async_trait]
impl AddEvents for PostgresStore {
    async fn add(&self, route: &Route, events: &[OutboxEvent]) -> Result<Vec<Added>, OutboxError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let ids = events.iter().map(|event| event.event_id.as_deref().map(kept));
        let call = Call::write(&self.outbox.add)
            .bind(uuid(route.tenant.as_bytes()))
            .bind(uuid(route.connection.as_bytes()))
            .bind(route.platform.as_str())
            .bind(kept(&route.target))
            .bind(kept(&route.envelope))
            .bind(route_hash(route))
            .bind(events.iter().map(|event| kept(&event.name)).collect::<Vec<_>>())
            .bind(ids.collect::<Vec<_>>())
            .bind(events.iter().map(|event| key(route, event)).collect::<Vec<_>>())
            .bind(events.iter().map(|event| Time(event.event_time)).collect::<Vec<_>>())
            .bind(events.iter().map(|event| Time(event.expires_at)).collect::<Vec<_>>())
            .bind(events.iter().map(|event| kept(&event.json)).collect::<Vec<_>>());
        let mut added = vec![None; events.len()];
        for row in self.lane.rows(call).await? {
            // Places count from 1.
            let place: usize = row.count("place")?;
            let known = added.get_mut(place.wrapping_sub(1)).ok_or(Fault::Unreadable("place"))?;
            let id = id(&row, "id")?;
            *known = Some(if row.get("is_new")? { Added::New(id) } else { Added::Duplicate(id) });
        }
        let added: Option<Vec<_>> = added.into_iter().collect();
        Ok(added.ok_or(Fault::Unreadable("the answer"))?)
    }

    async fn find(&self, tenant: TenantId, id: EntryId) -> Result<Option<Entry>, OutboxError> {
        let call = Call::read(&self.outbox.find).bind(uuid(tenant.as_bytes())).bind(bigint(id.get()));
        Ok(self.lane.row(call).await?.as_ref().map(entry).transpose()?)
    }

    /// Entries with words of a newer version are left out.
    async fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<EntryPage, OutboxError> {
        let limit = limit.min(MAX_PAGE);
        let (from, to) = filter.event_id.as_deref().map(keys_with).unzip();
        let call = Call::read(&self.outbox.list).bind(uuid(tenant.as_bytes()));
        let call = bind_filter(call, filter)
            .bind(from)
            .bind(to)
            .bind(after.map(|after| bigint(after.get())))
            .bind(bigint(limit).saturating_add(1));
        let found = self.lane.rows(call).await?;
        let page = found.get(..limit.min(found.len())).unwrap_or_default();
        let last = page.last().filter(|_| found.len() > limit);
        let next = last.map(|row| id(row, "position")).transpose()?;
        Ok(EntryPage::new(page.iter().filter_map(|row| entry(row).ok()).collect(), next))
    }

    async fn replay(&self, tenant: TenantId, replay: &Replay) -> Result<Replayed, OutboxError> {
        let (owner, limit) = (uuid(tenant.as_bytes()), bigint(replay.limit).min(MAX_ROWS));
        let of = |state: EntryState, filter| {
            let call = Call::write(&self.outbox.replay).bind(owner).bind(state.as_str());
            bind_filter(call, filter).bind(limit)
        };
        let call = match &replay.of {
            ReplayOf::Rejected(filter) => of(EntryState::Rejected, filter),
            ReplayOf::InDoubt(filter) => of(EntryState::InDoubt, filter),
            ReplayOf::Entries(ids) => {
                let ids: Vec<_> = ids.iter().map(|id| bigint(id.get())).collect();
                Call::write(&self.outbox.replay_entries).bind(owner).bind(ids).bind(limit)
            }
            _ => return Err(Fault::Unsendable.into()),
        };
        let row = self.lane.with_patience(JOB_PATIENCE).one(call).await?;
        Ok(Replayed::new(row.count("replayed")?, row.count("too_late")?, row.get("more")?))
    }

    async fn tenant_census(&self, tenant: TenantId) -> Result<Census, OutboxError> {
        let call = Call::read(&self.outbox.census).bind(uuid(tenant.as_bytes()));
        Ok(census(&self.lane.with_patience(JOB_PATIENCE).one(call).await?)?)
    }
}

fn bind_filter(call: Call, filter: &EntryFilter) -> Call {
    let text = |text: &Option<String>| text.as_deref().map(|text| kept(text).into_owned());
    let states: Vec<_> = filter.states.iter().map(|state| state.as_str()).collect();
    call.bind((!states.is_empty()).then_some(states))
        .bind(filter.platform.map(Platform::as_str))
        .bind(filter.connection.map(|connection| uuid(connection.as_bytes())))
        .bind(text(&filter.target))
        .bind(text(&filter.name))
        .bind(text(&filter.event_id))
        .bind(filter.since.map(Time))
        .bind(filter.until.map(Time))
}
