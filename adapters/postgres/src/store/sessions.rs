//! Logins between the redirect and the callback.

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{MAX_OPEN_SESSIONS, NewSession, SessionKey, SessionStore, SessionStoreError};

use super::{JOB_PATIENCE, PostgresStore};
use crate::{
    database::Call,
    values::{Columns as _, Time, bigint},
};

impl PostgresStore {
    /// Deletes logins that nobody came back from and that expired more than an hour ago, `limit` at most. Gives how
    /// many. For a job that runs every hour or so.
    ///
    /// # Errors
    ///
    /// [`SessionStoreError`] when the deletion is not certain.
    pub async fn purge_sessions(&self, limit: usize) -> Result<u64, SessionStoreError> {
        let call = Call::write(&self.sessions.purge).bind(bigint(limit));
        Ok(self.lane.with_patience(JOB_PATIENCE).one(call).await?.count("deleted")?)
    }
}

#[async_trait]
impl SessionStore for PostgresStore {
    async fn put(&self, session: NewSession) -> Result<(), SessionStoreError> {
        let call = Call::write(&self.sessions.put)
            .bind(session.key.as_bytes().as_slice())
            .bind(session.owner.as_bytes().as_slice())
            .bind(session.blob)
            .bind(Time(session.created_at))
            .bind(Time(session.expires_at))
            .bind(bigint(MAX_OPEN_SESSIONS));
        let is_kept: bool = self.lane.one(call).await?.get("is_kept")?;
        if is_kept { Ok(()) } else { Err(SessionStoreError::new("a login with this state is already open")) }
    }

    async fn take(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Vec<u8>>, SessionStoreError> {
        let call = Call::write(&self.sessions.take).bind(key.as_bytes().as_slice()).bind(Time(now));
        Ok(self.lane.one(call).await?.get("blob")?)
    }
}
