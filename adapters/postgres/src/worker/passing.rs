//! What names a tenant goes to the app's login, on which row security holds.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, NewSession, SessionKey, SessionStore, SessionStoreError, TenantId};
use sociogram_token_vault::{
    Account, Amendment, Asset, AssetFilter, AssetKey, AssetPage, AssetRepo, AuditActor, AuditEntry, AuditLog,
    AuditPage, AuditQuery, Claim, Claimed, Committed, Connection, ConnectionFilter, ConnectionPage,
    ConnectionRepo, DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, Details, Due, Failure,
    Generation, KekId, Link, Linked, Notes, Removed, Retire, Retired, Revision, Standing, StoreError,
    StoredToken, Success, TokenStore, Updated, Version, Wrapped, WrappedDataKey,
};
use sqlx::postgres::PgRow;

use super::PostgresWorker;
use crate::{
    database::Call,
    rows,
    values::{Columns as _, bigint, millis, uuid},
};

macro_rules! passing {
    ($trait:ident: $error:ty {
        $(fn $method:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*
    } { $($own:tt)* }) => {
        #[async_trait]
        impl $trait for PostgresWorker {
            $(
                async fn $method(&self, $($argument: $type),*) -> Result<$answer, $error> {
                    self.store.$method($($argument),*).await
                }
            )*
            $($own)*
        }
    };
}

passing! {
    SessionStore: SessionStoreError {
        fn put(session: NewSession) -> ();
        fn take(key: &SessionKey, now: Timestamp) -> Option<Vec<u8>>;
    }
    {}
}

passing! {
    TokenStore: StoreError {
        fn read(tenant: TenantId, connection: ConnectionId) -> Option<StoredToken>;
        fn claim(tenant: TenantId, connection: ConnectionId, claim: Claim) -> Claimed;
        fn commit_success(tenant: TenantId, connection: ConnectionId, success: Success) -> Committed;
        fn commit_failure(tenant: TenantId, connection: ConnectionId, failure: Failure) -> Committed;
        fn amend(tenant: TenantId, connection: ConnectionId, amendment: Amendment) -> Committed;
        fn retire(tenant: TenantId, connection: ConnectionId, retire: Retire) -> Retired;
        fn rows_under(tenant: TenantId, key: DataKeyId) -> u64;
        fn revisions(tenant: TenantId, connections: &[ConnectionId]) -> Vec<(ConnectionId, Revision)>;
    }
    {
        async fn due_batch(&self, limit: usize, visibility: Duration) -> Result<Vec<Due>, StoreError> {
            let call = Call::write(&self.sql.due_batch).bind(bigint(limit)).bind(millis(visibility));
            self.lane.rows(call).await?.iter().map(due).collect()
        }
    }
}

passing! {
    ConnectionRepo: StoreError {
        fn find(tenant: TenantId, id: ConnectionId) -> Option<Connection>;
        fn find_account(tenant: TenantId, account: &Account) -> Option<Connection>;
        fn list(
            tenant: TenantId,
            filter: &ConnectionFilter,
            after: Option<ConnectionId>,
            limit: usize
        ) -> ConnectionPage;
        fn children(tenant: TenantId, parent: ConnectionId) -> Vec<ConnectionId>;
        fn update(tenant: TenantId, id: ConnectionId, seen: Version, details: Details, notes: Notes) -> Updated;
        fn remove(tenant: TenantId, id: ConnectionId, notes: Notes) -> Removed;
    }
    {}
}

passing! {
    AssetRepo: StoreError {
        fn link_assets(tenant: TenantId, link: Link) -> Linked;
        fn unlink_assets(tenant: TenantId, assets: &[AssetKey], actor: AuditActor) -> Vec<Asset>;
        fn find_asset(tenant: TenantId, asset: &AssetKey) -> Option<Asset>;
        fn standings(tenant: TenantId, assets: &[AssetKey]) -> Vec<Standing>;
        fn list_assets(
            tenant: TenantId,
            filter: &AssetFilter,
            after: Option<&AssetKey>,
            limit: usize
        ) -> AssetPage;
    }
    {}
}

passing! {
    AuditLog: StoreError {
        fn append(
            tenant: TenantId,
            actor: AuditActor,
            connection: Option<ConnectionId>,
            entries: Vec<AuditEntry>
        ) -> ();
        fn query(tenant: TenantId, query: AuditQuery) -> AuditPage;
    }
    {}
}

passing! {
    DataKeyTable: StoreError {
        fn active_key(tenant: TenantId) -> Option<WrappedDataKey>;
        fn find_key(tenant: TenantId, id: DataKeyId) -> Option<WrappedDataKey>;
        fn list_keys(tenant: TenantId) -> Vec<WrappedDataKey>;
        fn insert_active_key(key: WrappedDataKey, replacing: Option<DataKeyId>) -> WrappedDataKey;
        fn replace_wrapped(tenant: TenantId, id: DataKeyId, seen: &Wrapped, new: Wrapped) -> bool;
        fn set_key_state(tenant: TenantId, id: DataKeyId, from: DataKeyState, to: DataKeyState) -> bool;
        fn add_messages(tenant: TenantId, id: DataKeyId, messages: u64) -> Option<u64>;
        fn destroy_keys(tenant: TenantId) -> u64;
    }
    {
        async fn keys_under(
            &self,
            kek: &KekId,
            after: Option<DataKeyPosition>,
            limit: usize,
        ) -> Result<Vec<WrappedDataKey>, StoreError> {
            let call = Call::read(&self.sql.keys_under)
                .bind(kek.as_str())
                .bind(after.map(|(tenant, _)| uuid(tenant.as_bytes())))
                .bind(after.map(|(_, id)| i64::from(id.get())))
                .bind(bigint(limit));
            Ok(self.lane.rows(call).await?.iter().map(rows::data_key).collect::<Result<_, _>>()?)
        }

        async fn count_by_kek(&self) -> Result<Vec<(KekId, u64)>, StoreError> {
            let rows = self.jobs().rows(Call::read(&self.sql.count_by_kek)).await?;
            let counted = |row: &PgRow| Ok((KekId::new(row.get::<&str>("kek_id")?), row.count("keys")?));
            rows.iter().map(counted).collect()
        }
    }
}

fn due(row: &PgRow) -> Result<Due, StoreError> {
    let generation = Generation::new(row.count("generation")?);
    Ok(Due::new(rows::tenant(row, "tenant_id")?, rows::connection_id(row, "connection_id")?, generation))
}
