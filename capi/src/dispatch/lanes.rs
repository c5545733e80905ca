//! Which routes are in use, and which have to wait.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::outbox::{Platform, Route};

/// What is known of the routes. All times are monotonic.
#[derive(Default)]
pub(super) struct Lanes(Mutex<Table>);

#[derive(Default)]
struct Table {
    lanes: HashMap<LaneKey, Lane>,
    /// With how many lanes those that are long forgotten are looked for.
    sweep_at: usize,
}

/// A route without its envelope: test events and others have their troubles in common.
#[derive(Clone, PartialEq, Eq, Hash)]
struct LaneKey {
    tenant: TenantId,
    connection: ConnectionId,
    platform: Platform,
    target: String,
}

#[derive(Default)]
struct Lane {
    /// How many batches are under way.
    batches: usize,
    /// How many failures there were in a row, those at the same time counted once.
    failures: u32,
    pause: Option<Paused>,
    /// The last failure left events in doubt.
    doubtful: bool,
}

#[derive(Clone, Copy)]
struct Paused {
    since: Duration,
    until: Duration,
    reason: &'static str,
}

/// How long a route has to wait yet, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) left: Duration,
    pub(super) reason: &'static str,
}

/// Whether a batch may be sent.
pub(super) enum Entrance {
    Open(Seat),
    Paused(Pause),
    /// As many batches of the route as allowed are under way.
    Busy,
}

/// A batch of a route is under way for as long as this lives.
pub(super) struct Seat {
    lanes: Arc<Lanes>,
    key: LaneKey,
}

impl Lanes {
    /// A pause that nobody asked for this long after its end is forgotten, and its failures too.
    const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat, if there is one. A route that had trouble last has one.
    pub(super) fn enter(self: &Arc<Self>, route: &Route, seats: usize, now: Duration) -> Entrance {
        let key = LaneKey::of(route);
        let mut table = self.table();
        let lane = table.lanes.entry(key.clone()).or_default();
        if let Some(pause) = lane.pause(now) {
            return Entrance::Paused(pause);
        }
        let seats = if lane.failures > 0 { 1 } else { seats };
        if lane.batches >= seats {
            return Entrance::Busy;
        }
        lane.batches += 1;
        Entrance::Open(Seat { lanes: Arc::clone(self), key })
    }
}

impl Seat {
    /// How long the route has to wait, because of another batch.
    pub(super) fn pause(&self, now: Duration) -> Option<Pause> {
        self.lanes.table().lanes.get(&self.key)?.pause(now)
    }

    /// Whether the last request of the route left its events in doubt.
    pub(super) fn is_doubtful(&self) -> bool {
        self.lanes.table().lanes.get(&self.key).is_some_and(|lane| lane.doubtful)
    }

    /// Something that began then went wrong: the route waits. Gives how long, from `now` on.
    pub(super) fn failed(
        &self,
        began: Duration,
        now: Duration,
        reason: &'static str,
        doubtful: bool,
        wait: impl FnOnce(u32) -> Duration,
    ) -> Duration {
        let mut table = self.lanes.table();
        let lane = table.lanes.entry(self.key.clone()).or_default();
        // What failed together counts once.
        if lane.pause.is_none_or(|pause| pause.since <= began) {
            lane.failures = lane.failures.saturating_add(1);
        }
        lane.doubtful |= doubtful;
        let until = now.saturating_add(wait(lane.failures));
        let paused = Paused { since: now, until, reason };
        let longest = lane.pause.filter(|pause| pause.until > until).unwrap_or(paused);
        lane.pause = Some(Paused { since: now, ..longest });
        let left = longest.until.saturating_sub(now);
        table.sweep(now);
        left
    }

    /// A request that began then was answered.
    pub(super) fn well(&self, began: Duration) {
        if let Some(lane) = self.lanes.table().lanes.get_mut(&self.key)
            && lane.pause.is_none_or(|pause| pause.until <= began)
        {
            (lane.failures, lane.pause, lane.doubtful) = (0, None, false);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.lanes.table();
        if let Some(lane) = table.lanes.get_mut(&self.key) {
            lane.batches = lane.batches.saturating_sub(1);
            if lane.batches == 0 && lane.pause.is_none() {
                table.lanes.remove(&self.key);
            }
        }
    }
}

impl Lane {
    fn pause(&self, now: Duration) -> Option<Pause> {
        let paused = self.pause?;
        let left = paused.until.checked_sub(now).filter(|left| !left.is_zero())?;
        Some(Pause { left, reason: paused.reason })
    }
}

impl Table {
    fn sweep(&mut self, now: Duration) {
        if self.lanes.len() < self.sweep_at.max(1000) {
            return;
        }
        self.lanes.retain(|_, lane| {
            let is_over = |pause: Paused| pause.until.saturating_add(Lanes::FORGOTTEN_AFTER) < now;
            lane.batches > 0 || lane.pause.is_some_and(|pause| !is_over(pause))
        });
        self.sweep_at = 2 * self.lanes.len();
    }
}

impl LaneKey {
    fn of(route: &Route) -> Self {
        let Route { tenant, connection, platform, target, envelope: _ } = route;
        Self { tenant: *tenant, connection: *connection, platform: *platform, target: target.clone() }
    }
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").field("routes", &self.table().lanes.len()).finish_non_exhaustive()
    }
}
