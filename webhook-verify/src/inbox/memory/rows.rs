//! The rows, and what finds them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::{Entry, EntryId, EntryState, InboxError, InboxErrorKind, Recorded};
use crate::{DedupeKey, Event, EventTime, Provider};

/// What is handled one after the other: provider, object, account, subject.
type Lane = (Provider, Box<str>, Option<Box<str>>, Option<Box<str>>);

/// When something is to be done with an event, or since when it is finished; and which.
pub(super) type Timed = (EventTime, EntryId);

pub(super) struct Row {
    pub(super) entry: Entry,
    /// How often it was claimed; never begins anew.
    pub(super) fence: u64,
}

/// All rows. Every change of a row goes through [`change`](Self::change), which keeps the rest in step.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) by_id: BTreeMap<EntryId, Row>,
    keys: HashMap<DedupeKey, EntryId>,
    /// The unfinished rows.
    pub(super) due: BTreeSet<Timed>,
    /// Of each lane the first unfinished row.
    pub(super) heads: BTreeSet<Timed>,
    /// The unfinished rows of each lane, in their order.
    lanes: HashMap<Lane, BTreeSet<EntryId>>,
    /// The handled and skipped rows that have their payloads.
    pub(super) payloads: BTreeSet<Timed>,
    /// The given up rows that have their payloads.
    pub(super) failed_payloads: BTreeSet<Timed>,
    last_id: u64,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn unfinished(&self) -> usize {
        self.due.len()
    }

    pub(super) fn record(
        &mut self,
        events: &[Event],
        limit: usize,
        now: EventTime,
    ) -> Result<Vec<Recorded>, InboxError> {
        let mut fresh = HashSet::new();
        let is_new: Vec<bool> = events
            .iter()
            .map(|event| !self.keys.contains_key(&event.key()) && fresh.insert(event.key()))
            .collect();
        if !fresh.is_empty() && self.by_id.len().saturating_add(fresh.len()) > limit {
            let message =
                "the inbox in memory is full: trim it, raise its limit, or use a store in a database";
            return Err(InboxError::new(InboxErrorKind::Full, message));
        }
        let recorded = events.iter().zip(is_new).map(|(event, is_new)| {
            if is_new { Recorded::New(self.insert(event.clone(), now)) } else { Recorded::Duplicate }
        });
        Ok(recorded.collect())
    }

    fn insert(&mut self, event: Event, now: EventTime) -> EntryId {
        self.last_id += 1;
        let id = EntryId::new(self.last_id);
        let row = Row { entry: Entry::new(id, event, now), fence: 0 };
        self.keys.insert(row.entry.key, id);
        self.index(&row.entry);
        self.by_id.insert(id, row);
        id
    }

    pub(super) fn delete(&mut self, id: EntryId) {
        if let Some(row) = self.by_id.remove(&id) {
            self.unindex(&row.entry);
            self.keys.remove(&row.entry.key);
        }
    }

    /// Changes a row; `None` when there is none.
    pub(super) fn change<T>(&mut self, id: EntryId, change: impl FnOnce(&mut Row) -> T) -> Option<T> {
        let mut row = self.by_id.remove(&id)?;
        self.unindex(&row.entry);
        let result = change(&mut row);
        self.index(&row.entry);
        self.by_id.insert(id, row);
        Some(result)
    }

    fn index(&mut self, entry: &Entry) {
        let id = entry.id;
        if let Some(payload) = payload_of(entry) {
            self.payloads_like(entry).insert(payload);
        }
        let Some(due_at) = entry.due_at else { return };
        self.due.insert((due_at, id));
        let lane = self.lanes.entry(lane_of(entry)).or_default();
        let before = lane.first().copied();
        lane.insert(id);
        if before.is_none_or(|before| id < before) {
            self.heads.insert((due_at, id));
            if let Some(head) = before.and_then(|before| due_of(&self.by_id, before)) {
                self.heads.remove(&head);
            }
        }
    }

    fn unindex(&mut self, entry: &Entry) {
        if let Some(payload) = payload_of(entry) {
            self.payloads_like(entry).remove(&payload);
        }
        let Some(due_at) = entry.due_at else { return };
        self.due.remove(&(due_at, entry.id));
        let was_head = self.heads.remove(&(due_at, entry.id));
        let name = lane_of(entry);
        let Some(lane) = self.lanes.get_mut(&name) else { return };
        lane.remove(&entry.id);
        match lane.first().copied() {
            None => {
                self.lanes.remove(&name);
            }
            Some(next) if was_head => self.heads.extend(due_of(&self.by_id, next)),
            Some(_) => {}
        }
    }

    fn payloads_like(&mut self, entry: &Entry) -> &mut BTreeSet<Timed> {
        if entry.state == EntryState::Dead { &mut self.failed_payloads } else { &mut self.payloads }
    }
}

fn due_of(rows: &BTreeMap<EntryId, Row>, id: EntryId) -> Option<Timed> {
    rows.get(&id)?.entry.due_at.map(|due_at| (due_at, id))
}

fn payload_of(entry: &Entry) -> Option<Timed> {
    let finished_at = entry.finished_at.filter(|_| entry.event.is_some())?;
    Some((finished_at, entry.id))
}

fn lane_of(entry: &Entry) -> Lane {
    let boxed = |text: &Option<String>| text.as_deref().map(Box::from);
    (entry.provider, Box::from(&*entry.object), boxed(&entry.account), boxed(&entry.subject))
}
