//! What finds rows without looking at all of them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::TenantId;

use super::{
    super::{Census, EntryId, EntryState, Route},
    rows::Row,
};

/// Which route.
pub(super) type LaneId = u64;

/// When something is to be done with an event, or when it was finished; and which.
pub(super) type Timed = (Timestamp, EntryId);

#[derive(Default)]
pub(super) struct Index {
    /// The routes that have rows.
    lanes: BTreeMap<LaneId, Lane>,
    lane_ids: HashMap<Arc<Route>, LaneId>,
    last_lane: LaneId,
    /// Of each route the row that is due first.
    heads: BTreeSet<(Timestamp, EntryId, LaneId)>,
    /// The rows on their way, by the ends of their leases.
    pub(super) sending: BTreeSet<Timed>,
    pub(super) finished: BTreeSet<Timed>,
    /// The finished rows that have their contents.
    pub(super) contents: BTreeSet<Timed>,
    tenants: HashMap<TenantId, Tenant>,
}

struct Lane {
    route: Arc<Route>,
    rows: usize,
    /// What waits, and what is claimed and not begun: it is due when the lease ends.
    due: BTreeSet<Timed>,
}

#[derive(Default)]
struct Tenant {
    rows: BTreeSet<EntryId>,
    counts: Counts,
}

/// How many rows are in which state.
#[derive(Default)]
struct Counts(Census);

impl Counts {
    fn of(&mut self, state: EntryState) -> &mut u64 {
        let Self(census) = self;
        match state {
            EntryState::Pending => &mut census.pending,
            EntryState::Claimed => &mut census.claimed,
            EntryState::Sending => &mut census.sending,
            EntryState::Sent => &mut census.sent,
            EntryState::Rejected => &mut census.rejected,
            EntryState::InDoubt => &mut census.in_doubt,
        }
    }
}

impl Index {
    /// That of a route, which is going to have rows.
    pub(super) fn lane(&mut self, route: &Route) -> LaneId {
        if let Some(id) = self.lane_ids.get(route) {
            return *id;
        }
        self.last_lane += 1;
        let route = Arc::new(route.clone());
        self.lane_ids.insert(Arc::clone(&route), self.last_lane);
        self.lanes.insert(self.last_lane, Lane { route, rows: 0, due: BTreeSet::new() });
        self.last_lane
    }

    pub(super) fn route(&self, lane: LaneId) -> Option<&Route> {
        self.lanes.get(&lane).map(|lane| &*lane.route)
    }

    /// The route of the row that is due longest, if it is due at that time.
    pub(super) fn due_lane(&self, now: Timestamp) -> Option<LaneId> {
        self.heads.first().filter(|(due_at, ..)| *due_at <= now).map(|(.., lane)| *lane)
    }

    /// The rows of a route that wait or are claimed, by when they are due.
    pub(super) fn due_in(&self, lane: LaneId) -> impl Iterator<Item = Timed> {
        self.lanes.get(&lane).into_iter().flat_map(|lane| lane.due.iter().copied())
    }

    /// The tenant's rows.
    pub(super) fn rows_of(&self, tenant: TenantId) -> Option<&BTreeSet<EntryId>> {
        self.tenants.get(&tenant).map(|tenant| &tenant.rows)
    }

    pub(super) fn census(&self, now: Timestamp) -> Census {
        let mut census = Census { now: Some(now), ..Census::default() };
        for Tenant { counts: Counts(counts), .. } in self.tenants.values() {
            census.pending += counts.pending;
            census.claimed += counts.claimed;
            census.sending += counts.sending;
            census.sent += counts.sent;
            census.rejected += counts.rejected;
            census.in_doubt += counts.in_doubt;
        }
        census.oldest_due = self.heads.first().map(|(due_at, ..)| *due_at).filter(|due_at| *due_at <= now);
        census
    }

    pub(super) fn tenant_census(&self, tenant: TenantId, now: Timestamp) -> Census {
        let counts = self.tenants.get(&tenant).map_or_else(Census::default, |tenant| tenant.counts.0);
        let lanes = self.lanes.values().filter(|lane| lane.route.tenant == tenant);
        let oldest = lanes.filter_map(|lane| lane.due.first()).map(|(due_at, _)| *due_at).min();
        Census { now: Some(now), oldest_due: oldest.filter(|due_at| *due_at <= now), ..counts }
    }

    #[cfg(test)]
    pub(super) fn is_bare(&self) -> bool {
        let Self { lanes, lane_ids, last_lane: _, heads, sending, finished, contents, tenants } = self;
        lanes.is_empty()
            && lane_ids.is_empty()
            && [sending, finished, contents].into_iter().all(BTreeSet::is_empty)
            && heads.is_empty()
            && tenants.is_empty()
    }

    /// There is a new row.
    pub(super) fn begin(&mut self, id: EntryId, row: &Row) {
        let Some(lane) = self.lanes.get_mut(&row.lane) else { return };
        lane.rows += 1;
        self.tenants.entry(lane.route.tenant).or_default().rows.insert(id);
    }

    /// A row is gone.
    pub(super) fn end(&mut self, id: EntryId, row: &Row) {
        let Some(lane) = self.lanes.get_mut(&row.lane) else { return };
        lane.rows = lane.rows.saturating_sub(1);
        if let Some(tenant) = self.tenants.get_mut(&lane.route.tenant) {
            tenant.rows.remove(&id);
            if tenant.rows.is_empty() {
                self.tenants.remove(&lane.route.tenant);
            }
        }
        if lane.rows == 0 {
            self.lane_ids.remove(&lane.route);
            self.lanes.remove(&row.lane);
        }
    }

    pub(super) fn insert(&mut self, id: EntryId, row: &Row) {
        let Some(lane) = self.lanes.get_mut(&row.lane) else { return };
        *self.tenants.entry(lane.route.tenant).or_default().counts.of(row.state) += 1;
        let timed = (row.at, id);
        match row.state {
            EntryState::Pending | EntryState::Claimed => {
                let before = lane.due.first().copied();
                lane.due.insert(timed);
                if before.is_none_or(|before| timed < before) {
                    before.map(|(at, id)| self.heads.remove(&(at, id, row.lane)));
                    self.heads.insert((row.at, id, row.lane));
                }
            }
            EntryState::Sending => {
                self.sending.insert(timed);
            }
            EntryState::Sent | EntryState::Rejected | EntryState::InDoubt => {
                self.finished.insert(timed);
                if !row.json.is_empty() {
                    self.contents.insert(timed);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, id: EntryId, row: &Row) {
        let Some(lane) = self.lanes.get_mut(&row.lane) else { return };
        *self.tenants.entry(lane.route.tenant).or_default().counts.of(row.state) -= 1;
        let timed = (row.at, id);
        match row.state {
            EntryState::Pending | EntryState::Claimed => {
                lane.due.remove(&timed);
                if self.heads.remove(&(row.at, id, row.lane)) {
                    self.heads.extend(lane.due.first().map(|(at, id)| (*at, *id, row.lane)));
                }
            }
            EntryState::Sending => {
                self.sending.remove(&timed);
            }
            EntryState::Sent | EntryState::Rejected | EntryState::InDoubt => {
                self.finished.remove(&timed);
                self.contents.remove(&timed);
            }
        }
    }
}
