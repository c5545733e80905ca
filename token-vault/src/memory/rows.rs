//! The rows, and what several traits do with them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{
    Account, Asset, AssetKey, AuditAction, AuditActor, AuditEntry, AuditPosition, AuditRecord, Connection,
    ConnectionState, Details, Event, EventId, EventKind, Fence, Generation, Notes, Origin, Revocation,
    StoreError, StoreErrorKind, StoredToken, Version, random,
};

pub(super) type RowKey = (TenantId, ConnectionId);

#[derive(Default)]
pub(super) struct State {
    pub(super) rows: BTreeMap<RowKey, Row>,
    /// Ids that are used up: a late commit must not make a row of them.
    pub(super) removed: BTreeSet<RowKey>,
    pub(super) assets: BTreeMap<AssetKey, AssetRow>,
    pub(super) audit: BTreeMap<AuditPosition, (TenantId, AuditRecord)>,
    last_audit: u64,
    pub(super) events: BTreeMap<u64, Queued<Event>>,
    last_event: u64,
    pub(super) revocations: BTreeMap<(TenantId, ConnectionId, Generation), Queued<Revocation>>,
}

/// A connection and its token set.
pub(super) struct Row {
    pub(super) details: Details,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) version: Version,
    pub(super) fence: Fence,
    pub(super) stored: StoredToken,
    /// Stands for a row that cannot be read back. Only a test makes one.
    pub(super) spoilt: bool,
}

pub(super) struct AssetRow {
    pub(super) tenant: TenantId,
    pub(super) connection: ConnectionId,
    pub(super) name: Option<String>,
    pub(super) linked_by: AuditActor,
    pub(super) linked_at: Timestamp,
}

/// Something that is handed out again unless it is taken away in time.
pub(super) struct Queued<T> {
    pub(super) item: T,
    pub(super) visible_at: Timestamp,
}

/// Notes whose events have their names: what can fail is done before anything is changed.
pub(super) struct NamedNotes {
    actor: AuditActor,
    audit: Vec<AuditEntry>,
    events: Vec<(EventId, EventKind)>,
}

impl NamedNotes {
    pub(super) fn new(notes: Notes) -> Result<Self, StoreError> {
        let Notes { actor, audit, events } = notes;
        let events = events.into_iter().map(|kind| Ok((new_event_id()?, kind)));
        Ok(Self { actor, audit, events: events.collect::<Result<_, StoreError>>()? })
    }
}

pub(super) fn new_event_id() -> Result<EventId, StoreError> {
    let mut bytes = [0; 16];
    match random::fill(&mut bytes) {
        Ok(()) => Ok(EventId::from_bytes(bytes)),
        Err(error) => {
            Err(StoreError::new(StoreErrorKind::Unavailable, "the event got no name").with_source(error))
        }
    }
}

impl Row {
    pub(super) fn new(details: Details, stored: StoredToken, version: Version, now: Timestamp) -> Self {
        Self { details, created_at: now, updated_at: now, version, fence: Fence::NONE, stored, spoilt: false }
    }

    pub(super) fn view(&self, (tenant, id): RowKey) -> Connection {
        let mut view = Connection::new(id, tenant, self.details.clone(), &self.stored, self.created_at);
        view.updated_at = self.updated_at;
        view.version = self.version;
        view
    }

    pub(super) fn readable(&self) -> Result<&Self, StoreError> {
        if self.spoilt { Err(corrupt()) } else { Ok(self) }
    }

    /// Stamps a change of what the connection gives.
    pub(super) fn changed(&mut self, state: ConnectionState, now: Timestamp) {
        if self.stored.state != state {
            self.stored.state = state;
            self.stored.state_since = now;
        }
        self.stored.revision = self.stored.revision.next();
        self.updated_at = now;
    }
}

pub(super) fn corrupt() -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, "the connection cannot be read back")
}

impl State {
    /// The row, if there is one and it can be read back.
    pub(super) fn row(&self, key: RowKey) -> Result<Option<&Row>, StoreError> {
        self.rows.get(&key).map(Row::readable).transpose()
    }

    pub(super) fn of_tenant(
        &self,
        tenant: TenantId,
        after: Option<ConnectionId>,
    ) -> impl Iterator<Item = (RowKey, &Row)> {
        let from = match after {
            Some(id) => Bound::Excluded((tenant, id)),
            None => Bound::Included((tenant, ConnectionId::from_bytes([0; 16]))),
        };
        let to = Bound::Included((tenant, ConnectionId::from_bytes([0xFF; 16])));
        self.rows.range((from, to)).map(|(key, row)| (*key, row))
    }

    pub(super) fn with_account(&self, tenant: TenantId, account: &Account) -> Option<(RowKey, &Row)> {
        self.of_tenant(tenant, None).find(|(_, row)| row.stored.account == *account)
    }

    pub(super) fn asset(&self, key: &AssetKey, row: &AssetRow) -> Asset {
        let connection = self.rows.get(&(row.tenant, row.connection));
        let origin = connection.map_or(Origin::default(), |connection| connection.details.origin);
        let (name, linked_by) = (row.name.clone(), row.linked_by.clone());
        Asset::new(key.clone(), row.connection, origin, name, linked_by, row.linked_at)
    }

    /// Unlinks everything of a connection.
    pub(super) fn unlink_all(&mut self, key: RowKey, actor: &AuditActor, now: Timestamp) -> Vec<Asset> {
        let of_connection = |row: &AssetRow| (row.tenant, row.connection) == key;
        let linked = self.assets.iter().filter(|(_, row)| of_connection(row));
        let assets: Vec<_> = linked.map(|(asset, row)| self.asset(asset, row)).collect();
        self.assets.retain(|_, row| !of_connection(row));
        for asset in &assets {
            self.add_unlinked(key, asset.key.clone(), actor, now);
        }
        assets
    }

    pub(super) fn add_unlinked(&mut self, key: RowKey, asset: AssetKey, actor: &AuditActor, now: Timestamp) {
        let entry = AuditEntry::new(AuditAction::AssetUnlinked).with_asset(asset);
        self.add_entry(key.0, Some(key.1), actor.clone(), entry, now);
    }

    pub(super) fn add_entry(
        &mut self,
        tenant: TenantId,
        connection: Option<ConnectionId>,
        actor: AuditActor,
        entry: AuditEntry,
        now: Timestamp,
    ) {
        self.last_audit += 1;
        let position = AuditPosition::new(self.last_audit);
        let record = AuditRecord::new(position, now, actor, connection, entry);
        self.audit.insert(position, (tenant, record));
    }

    pub(super) fn add_event(&mut self, key: RowKey, id: EventId, kind: EventKind, now: Timestamp) {
        self.last_event += 1;
        let item = Event::new(id, key.0, key.1, now, kind, 0);
        self.events.insert(self.last_event, Queued { item, visible_at: now });
    }

    pub(super) fn add_notes(&mut self, key: RowKey, notes: NamedNotes, now: Timestamp) {
        for entry in notes.audit {
            self.add_entry(key.0, Some(key.1), notes.actor.clone(), entry, now);
        }
        for (id, kind) in notes.events {
            self.add_event(key, id, kind, now);
        }
    }
}

impl NamedNotes {
    pub(super) fn actor(&self) -> AuditActor {
        self.actor.clone()
    }
}
