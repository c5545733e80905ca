//! Connections as they are described.

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, ProviderId, ReauthReason, TenantId, TokenKind};
use sociogram_token_vault::{
    Account, Connection, ConnectionFilter, ConnectionPage, ConnectionRepo, ConnectionState, Details, Notes,
    Origin, Parents, Removed, StoreError, Updated, Version,
};

use super::{PostgresStore, tokens::bind_details};
use crate::{
    database::Call,
    fault::Fault,
    notes, rows,
    values::{Columns as _, bigint, uuid},
};

/// The states that this version can read.
const STATES: [ConnectionState; 7] = [
    ConnectionState::Connected,
    ConnectionState::RefreshFailing,
    ConnectionState::RefreshUnknown,
    ConnectionState::NeedsReauth(ReauthReason::TokenRejected),
    ConnectionState::BlockedByParent,
    ConnectionState::Revoked,
    ConnectionState::Disconnected,
];
const ORIGINS: [Origin; 2] = [Origin::OAuth, Origin::Legacy];

#[async_trait]
impl ConnectionRepo for PostgresStore {
    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let call =
            Call::read(&self.sql.find_connection).bind(uuid(tenant.as_bytes())).bind(uuid(id.as_bytes()));
        let row = self.lane.row(call).await?;
        Ok(row.map(|row| rows::connection(&row, tenant)).transpose()?)
    }

    async fn find_account(
        &self,
        tenant: TenantId,
        account: &Account,
    ) -> Result<Option<Connection>, StoreError> {
        let call = Call::read(&self.sql.find_account)
            .bind(uuid(tenant.as_bytes()))
            .bind(account.provider.as_str())
            .bind(&account.app_id)
            .bind(&account.external_user_id);
        let row = self.lane.row(call).await?;
        Ok(row.map(|row| rows::connection(&row, tenant)).transpose()?)
    }

    async fn list(
        &self,
        tenant: TenantId,
        filter: &ConnectionFilter,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<ConnectionPage, StoreError> {
        let limit = limit.max(1);
        let (parents, parent) = match filter.parents {
            Parents::None => ("none", None),
            Parents::Of(parent) => ("of", Some(uuid(parent.as_bytes()))),
            _ => ("any", None),
        };
        let call = Call::read(&self.sql.list_connections)
            .bind(uuid(tenant.as_bytes()))
            .bind(after.map(|after| uuid(after.as_bytes())))
            .bind(bigint(limit).saturating_add(1))
            .bind(wanted(&filter.states, |state| state.as_str()))
            .bind(STATES.map(ConnectionState::as_str))
            .bind(wanted(&filter.providers, ProviderId::as_str))
            .bind(wanted(&filter.kinds, |kind| kind.as_str()))
            .bind(TokenKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>())
            .bind(filter.origin.map(Origin::as_str))
            .bind(ORIGINS.map(Origin::as_str))
            .bind(parents)
            .bind(parent);
        let found = self.lane.rows(call).await?;
        let mut page = ConnectionPage::default();
        for row in found.iter().take(limit) {
            match rows::connection(row, tenant) {
                // The database let through what it did not know; what is known by now decides.
                Ok(connection) if !filter.wants(&connection) => {}
                Ok(connection) => page.connections.push(connection),
                Err(_) => page.unreadable.push(rows::connection_id(row, "id")?),
            }
        }
        if found.len() > limit
            && let Some(last) = found.get(limit - 1)
        {
            page.next = Some(rows::connection_id(last, "id")?);
        }
        Ok(page)
    }

    async fn children(
        &self,
        tenant: TenantId,
        parent: ConnectionId,
    ) -> Result<Vec<ConnectionId>, StoreError> {
        let call = Call::read(&self.sql.children).bind(uuid(tenant.as_bytes())).bind(uuid(parent.as_bytes()));
        let rows = self.lane.rows(call).await?;
        Ok(rows.iter().map(|row| rows::connection_id(row, "id")).collect::<Result<_, _>>()?)
    }

    async fn update(
        &self,
        tenant: TenantId,
        id: ConnectionId,
        seen: Version,
        details: Details,
        notes: Notes,
    ) -> Result<Updated, StoreError> {
        let call = Call::write(&self.sql.update_details)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(id.as_bytes()))
            .bind(bigint(seen.get()));
        let row = self.lane.one(bind_details(call, Some(&details)).bind(notes::of(notes)?)).await?;
        match row.get("outcome")? {
            "done" => Ok(Updated::Done { version: Version::new(row.count("new_version")?) }),
            "superseded" => Ok(Updated::Superseded(Box::new(rows::connection(&row, tenant)?))),
            "missing" => Ok(Updated::Missing),
            _ => Err(Fault::Unreadable("outcome").into()),
        }
    }

    async fn remove(&self, tenant: TenantId, id: ConnectionId, notes: Notes) -> Result<Removed, StoreError> {
        let call = Call::write(&self.sql.remove_connection)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(id.as_bytes()))
            .bind(notes::of(notes)?);
        match self.lane.one(call).await?.get("outcome")? {
            "done" => Ok(Removed::Done),
            "still_connected" => Ok(Removed::StillConnected),
            "missing" => Ok(Removed::Missing),
            _ => Err(Fault::Unreadable("outcome").into()),
        }
    }
}

/// The names of what is wanted; none at all for everything.
fn wanted<T>(list: &[T], name: impl Fn(&T) -> &str) -> Option<Vec<&str>> {
    (!list.is_empty()).then(|| list.iter().map(name).collect())
}
