//! Wrapped data keys.

use async_trait::async_trait;
use sociogram_oauth_core::TenantId;
use sociogram_token_vault::{
    DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, KekId, StoreError, StoreErrorKind, Wrapped,
    WrappedDataKey,
};

use super::{PostgresStore, tokens::needs_worker};
use crate::{
    database::Call,
    rows,
    values::{Columns as _, Time, bigint, uuid},
};

#[async_trait]
impl DataKeyTable for PostgresStore {
    async fn active_key(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, StoreError> {
        let call = Call::read(&self.sql.active_key).bind(uuid(tenant.as_bytes()));
        Ok(self.lane.row(call).await?.as_ref().map(rows::data_key).transpose()?)
    }

    async fn find_key(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, StoreError> {
        let call = Call::read(&self.sql.find_key).bind(uuid(tenant.as_bytes())).bind(i64::from(id.get()));
        Ok(self.lane.row(call).await?.as_ref().map(rows::data_key).transpose()?)
    }

    async fn list_keys(&self, tenant: TenantId) -> Result<Vec<WrappedDataKey>, StoreError> {
        let call = Call::read(&self.sql.list_keys).bind(uuid(tenant.as_bytes()));
        Ok(self.lane.rows(call).await?.iter().map(rows::data_key).collect::<Result<_, _>>()?)
    }

    async fn insert_active_key(
        &self,
        key: WrappedDataKey,
        replacing: Option<DataKeyId>,
    ) -> Result<WrappedDataKey, StoreError> {
        let call = Call::write(&self.sql.insert_active_key)
            .bind(uuid(key.tenant.as_bytes()))
            .bind(i64::from(key.id.get()))
            .bind(i16::from(key.suite))
            .bind(key.wrapped.kek.as_str())
            .bind(&key.wrapped.bytes)
            .bind(key.commitment.as_slice())
            .bind(key.state.as_str())
            .bind(Time(key.created_at))
            .bind(bigint(key.messages))
            .bind(replacing.map(|replacing| i64::from(replacing.get())));
        let Some(row) = self.lane.row(call).await? else {
            let message = "the tenant has another data key with this id";
            return Err(StoreError::new(StoreErrorKind::Conflict, message));
        };
        Ok(rows::data_key(&row)?)
    }

    async fn replace_wrapped(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        seen: &Wrapped,
        new: Wrapped,
    ) -> Result<bool, StoreError> {
        let call = Call::write(&self.sql.replace_wrapped)
            .bind(uuid(tenant.as_bytes()))
            .bind(i64::from(id.get()))
            .bind(seen.kek.as_str())
            .bind(&seen.bytes)
            .bind(new.kek.as_str())
            .bind(new.bytes);
        Ok(self.lane.one(call).await?.get("is_done")?)
    }

    async fn set_key_state(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        from: DataKeyState,
        to: DataKeyState,
    ) -> Result<bool, StoreError> {
        if !from.may_become(to) {
            return Ok(false);
        }
        let call = Call::write(&self.sql.set_key_state)
            .bind(uuid(tenant.as_bytes()))
            .bind(i64::from(id.get()))
            .bind(from.as_str())
            .bind(to.as_str());
        Ok(self.lane.one(call).await?.get("is_done")?)
    }

    async fn add_messages(
        &self,
        tenant: TenantId,
        id: DataKeyId,
        messages: u64,
    ) -> Result<Option<u64>, StoreError> {
        let call = Call::write(&self.sql.add_messages)
            .bind(uuid(tenant.as_bytes()))
            .bind(i64::from(id.get()))
            .bind(bigint(messages));
        let counted: Option<i64> = self.lane.one(call).await?.get("messages")?;
        Ok(counted.map(i64::unsigned_abs))
    }

    async fn destroy_keys(&self, tenant: TenantId) -> Result<u64, StoreError> {
        let call = Call::write(&self.sql.destroy_keys).bind(uuid(tenant.as_bytes()));
        Ok(self.lane.one(call).await?.count("destroyed")?)
    }

    async fn keys_under(
        &self,
        _: &KekId,
        _: Option<DataKeyPosition>,
        _: usize,
    ) -> Result<Vec<WrappedDataKey>, StoreError> {
        Err(needs_worker())
    }

    async fn count_by_kek(&self) -> Result<Vec<(KekId, u64)>, StoreError> {
        Err(needs_worker())
    }
}
