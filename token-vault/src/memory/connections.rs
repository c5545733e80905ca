//! The descriptive part of connections.

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{MemoryStore, rows::NamedNotes};
use crate::{
    Account, Connection, ConnectionFilter, ConnectionPage, ConnectionRepo, Details, Notes, Removed,
    StoreError, Updated, Version,
};

#[async_trait]
impl ConnectionRepo for MemoryStore {
    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.step(|state, _| Ok(state.row((tenant, id))?.map(|row| row.view((tenant, id)))))
    }

    async fn find_account(
        &self,
        tenant: TenantId,
        account: &Account,
    ) -> Result<Option<Connection>, StoreError> {
        self.step(|state, _| match state.with_account(tenant, account) {
            Some((key, row)) => Ok(Some(row.readable()?.view(key))),
            None => Ok(None),
        })
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &ConnectionFilter,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<ConnectionPage, StoreError> {
        self.step(|state, _| {
            let mut page = ConnectionPage::default();
            let mut last = None;
            for (key, row) in state.of_tenant(tenant, after) {
                let view = (!row.spoilt).then(|| row.view(key));
                if view.as_ref().is_some_and(|view| !filter.wants(view)) {
                    continue;
                }
                if page.connections.len() + page.unreadable.len() >= limit.max(1) {
                    page.next = last;
                    break;
                }
                last = Some(key.1);
                match view {
                    Some(view) => page.connections.push(view),
                    None => page.unreadable.push(key.1),
                }
            }
            Ok(page)
        })
    }

    async fn children(
        &self,
        tenant: TenantId,
        parent: ConnectionId,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        self.step(|state, _| {
            let rows = state.of_tenant(tenant, None);
            let children = rows.filter(|(_, row)| row.stored.parent == Some(parent));
            Ok(children.map(|(key, _)| key.1).collect())
        })
    }

    async fn update(
        &self,
        tenant: TenantId,
        id: ConnectionId,
        seen: Version,
        details: Details,
        notes: Notes,
    ) -> Result<Updated, StoreError> {
        let notes = NamedNotes::new(notes)?;
        self.step(|state, now| {
            let key = (tenant, id);
            let Some(row) = state.rows.get_mut(&key) else { return Ok(Updated::Missing) };
            if row.readable()?.version != seen {
                return Ok(Updated::Superseded(Box::new(row.view(key))));
            }
            let origin = row.details.origin;
            row.details = Details { origin, ..details };
            row.updated_at = now;
            row.version = seen.next();
            let version = row.version;
            state.add_notes(key, notes, now);
            Ok(Updated::Done { version })
        })
    }

    async fn remove(&self, tenant: TenantId, id: ConnectionId, notes: Notes) -> Result<Removed, StoreError> {
        let notes = NamedNotes::new(notes)?;
        self.step(|state, now| {
            let key = (tenant, id);
            match state.rows.get(&key) {
                None => Ok(Removed::Missing),
                Some(row) if !row.stored.state.is_retired() => Ok(Removed::StillConnected),
                Some(_) => {
                    state.rows.remove(&key);
                    state.removed.insert(key);
                    state.add_notes(key, notes, now);
                    Ok(Removed::Done)
                }
            }
        })
    }
}
