//! What is there.

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{
    super::{Census, Entry, EntryFilter, EntryId, EntryPage, Route},
    rows::{Row, Rows},
};

/// Most events of a page.
const MAX_PAGE: usize = 500;

impl Rows {
    pub(super) fn find(&self, tenant: TenantId, id: EntryId) -> Option<Entry> {
        let (row, route) = self.row_of(tenant, id)?;
        Some(row.entry(id, route))
    }

    pub(super) fn list(
        &self,
        tenant: TenantId,
        filter: &EntryFilter,
        after: Option<EntryId>,
        limit: usize,
    ) -> EntryPage {
        let limit = limit.min(MAX_PAGE);
        let ids = self.index.rows_of(tenant).into_iter();
        let ids = ids.flat_map(|ids| ids.range(..after.unwrap_or(EntryId::new(u64::MAX))).rev());
        let mut fitting = ids.filter_map(|id| {
            let (row, route) = self.row_of(tenant, *id)?;
            fits(filter, row, route).then_some((*id, row, route))
        });
        let entries: Vec<Entry> =
            fitting.by_ref().take(limit).map(|(id, row, route)| row.entry(id, route)).collect();
        let last = entries.last().map(|entry| entry.id);
        let next = last.filter(|_| fitting.next().is_some());
        EntryPage::new(entries, next)
    }

    pub(super) fn census(&self, now: Timestamp) -> Census {
        self.index.census(now)
    }

    pub(super) fn tenant_census(&self, tenant: TenantId, now: Timestamp) -> Census {
        self.index.tenant_census(tenant, now)
    }

    /// A row of this tenant.
    pub(super) fn row_of(&self, tenant: TenantId, id: EntryId) -> Option<(&Row, &Route)> {
        let row = self.by_id.get(&id)?;
        let route = self.index.route(row.lane).filter(|route| route.tenant == tenant)?;
        Some((row, route))
    }
}

/// [`EntryFilter::fits`] without a copy of the content.
pub(super) fn fits(filter: &EntryFilter, row: &Row, route: &Route) -> bool {
    // Named one by one, so that none is forgotten.
    let EntryFilter { states, platform, connection, target, name, event_id, since, until } = filter;
    (states.is_empty() || states.contains(&row.state))
        && platform.is_none_or(|platform| platform == route.platform)
        && connection.is_none_or(|connection| connection == route.connection)
        && target.as_ref().is_none_or(|target| *target == route.target)
        && name.as_ref().is_none_or(|name| **name == *row.name)
        && event_id.as_ref().is_none_or(|id| row.event_id.as_deref() == Some(id))
        && since.is_none_or(|since| row.added_at >= since)
        && until.is_none_or(|until| row.added_at < until)
}
