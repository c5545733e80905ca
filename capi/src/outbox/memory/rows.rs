//! The rows.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    hash::{BuildHasher, RandomState},
};

use sociogram_api_core::Timestamp;

use super::{
    super::{
        Added, Attempt, Entry, EntryId, EntryState, Fate, OutboxError, OutboxErrorKind, OutboxEvent, Route,
    },
    index::{Index, LaneId},
};

/// An event, as small as can be: most rows wait, or were sent, and have nothing to tell.
pub(super) struct Row {
    pub(super) lane: LaneId,
    pub(super) state: EntryState,
    /// It is in doubt because its lease ended, and nothing else happened to it since.
    pub(super) lapsed: bool,
    pub(super) attempts: u32,
    pub(super) replays: u32,
    /// Grows with each claim and each replay; never begins anew.
    pub(super) fence: u64,
    pub(super) name: Box<str>,
    pub(super) event_id: Option<Box<str>>,
    /// Empty when it was deleted.
    pub(super) json: Box<str>,
    pub(super) event_time: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) added_at: Timestamp,
    /// When it is due, or its lease ends; when it was finished.
    pub(super) at: Timestamp,
    told: Option<Box<Told>>,
}

/// What became of an event, and of earlier attempts.
#[derive(Default)]
struct Told {
    fate: Option<Fate>,
    history: Vec<Attempt>,
}

impl Row {
    fn new(lane: LaneId, event: &OutboxEvent, now: Timestamp) -> Self {
        Self {
            lane,
            state: EntryState::Pending,
            lapsed: false,
            attempts: 0,
            replays: 0,
            fence: 0,
            name: event.name.as_str().into(),
            event_id: event.event_id.as_deref().map(Into::into),
            json: event.json.clone(),
            event_time: event.event_time,
            expires_at: event.expires_at,
            added_at: now,
            at: now,
            told: None,
        }
    }

    pub(super) fn fate(&self) -> Option<&Fate> {
        self.told.as_ref()?.fate.as_ref()
    }

    pub(super) fn finish(&mut self, fate: Fate, lapsed: bool, now: Timestamp) {
        (self.state, self.lapsed, self.at) = (fate.state(), lapsed, now);
        self.told.get_or_insert_default().fate = Some(fate);
    }

    /// Makes it wait until then; what it was finished with is forgotten.
    pub(super) fn wait(&mut self, until: Timestamp) -> Option<Fate> {
        (self.state, self.lapsed, self.at) = (EntryState::Pending, false, until);
        self.told.as_mut()?.fate.take()
    }

    pub(super) fn remember(&mut self, attempt: Attempt) {
        let history = &mut self.told.get_or_insert_default().history;
        history.push(attempt);
        let surplus = history.len().saturating_sub(Entry::MAX_ATTEMPTS);
        history.drain(..surplus);
    }

    pub(super) fn entry(&self, id: EntryId, route: &Route) -> Entry {
        let event = OutboxEvent {
            name: self.name.to_string(),
            event_id: self.event_id.as_ref().map(ToString::to_string),
            event_time: self.event_time,
            expires_at: self.expires_at,
            json: self.json.clone(),
        };
        let finished = self.state.is_finished();
        let mut entry = Entry::new(id, route.clone(), event, self.added_at);
        entry.state = self.state;
        entry.attempts = self.attempts;
        entry.replays = self.replays;
        entry.due_at = (!finished).then_some(self.at);
        entry.finished_at = finished.then_some(self.at);
        if let Some(told) = &self.told {
            entry.fate.clone_from(&told.fate);
            entry.history.clone_from(&told.history);
        }
        entry
    }
}

/// All rows. Every change of a row goes through [`change`](Self::change), which keeps the index in step.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) by_id: BTreeMap<EntryId, Box<Row>>,
    pub(super) index: Index,
    /// The rows whose name and `event_id` have this hash.
    keys: BTreeSet<(u64, EntryId)>,
    hasher: RandomState,
    last_id: u64,
}

impl Rows {
    pub(super) fn add(
        &mut self,
        route: &Route,
        events: &[OutboxEvent],
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Added>, OutboxError> {
        let mut fresh = HashSet::new();
        let mut new = 0_usize;
        for event in events {
            let is_new = event.event_id.as_deref().is_none_or(|id| {
                fresh.insert((event.name.as_str(), id)) && self.known(route, &event.name, id).is_none()
            });
            new += usize::from(is_new);
        }
        if new > 0 && self.by_id.len().saturating_add(new) > limit {
            let message =
                "the outbox in memory is full: trim it, raise its limit, or use a store in a database";
            return Err(OutboxError::new(OutboxErrorKind::Full, message));
        }
        if new == 0 {
            // A route without rows would stay for ever.
            return Ok(events.iter().filter_map(|event| self.duplicate(route, event)).collect());
        }
        let lane = self.index.lane(route);
        let added = events.iter().map(|event| match self.duplicate(route, event) {
            Some(known) => known,
            None => Added::New(self.insert(route, lane, event, now)),
        });
        Ok(added.collect())
    }

    /// Whether there is nothing, in no index either.
    #[cfg(test)]
    pub(super) fn is_bare(&self) -> bool {
        self.by_id.is_empty() && self.keys.is_empty() && self.index.is_bare()
    }

    fn duplicate(&self, route: &Route, event: &OutboxEvent) -> Option<Added> {
        self.known(route, &event.name, event.event_id.as_ref()?).map(Added::Duplicate)
    }

    fn insert(&mut self, route: &Route, lane: LaneId, event: &OutboxEvent, now: Timestamp) -> EntryId {
        self.last_id += 1;
        let id = EntryId::new(self.last_id);
        let row = Box::new(Row::new(lane, event, now));
        if let Some(event_id) = &row.event_id {
            self.keys.insert((self.hash(route, &row.name, event_id), id));
        }
        self.index.begin(id, &row);
        self.index.insert(id, &row);
        self.by_id.insert(id, row);
        id
    }

    pub(super) fn delete(&mut self, id: EntryId) {
        let Some(row) = self.by_id.remove(&id) else { return };
        if let (Some(event_id), Some(route)) = (&row.event_id, self.index.route(row.lane)) {
            let hash = self.hash(route, &row.name, event_id);
            self.keys.remove(&(hash, id));
        }
        self.index.remove(id, &row);
        self.index.end(id, &row);
    }

    /// Changes a row; `None` when there is none.
    pub(super) fn change<T>(&mut self, id: EntryId, change: impl FnOnce(&mut Row) -> T) -> Option<T> {
        let row = self.by_id.get_mut(&id)?;
        self.index.remove(id, row);
        let result = change(row);
        self.index.insert(id, row);
        Some(result)
    }

    /// The row with this name and `event_id`.
    fn known(&self, route: &Route, name: &str, event_id: &str) -> Option<EntryId> {
        let hash = self.hash(route, name, event_id);
        let same_hash = (hash, EntryId::new(0))..=(hash, EntryId::new(u64::MAX));
        self.keys.range(same_hash).map(|(_, id)| *id).find(|id| {
            self.by_id.get(id).is_some_and(|row| {
                *row.name == *name
                    && row.event_id.as_deref() == Some(event_id)
                    && self.index.route(row.lane).is_some_and(|other| space(other) == space(route))
            })
        })
    }

    fn hash(&self, route: &Route, name: &str, event_id: &str) -> u64 {
        self.hasher.hash_one((space(route), name, event_id))
    }
}

/// Within what an event is sent once.
fn space(route: &Route) -> impl Eq + std::hash::Hash + '_ {
    (route.tenant, route.platform, route.target.as_str())
}
