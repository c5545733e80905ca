//! Token sets, claims and commits.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_oauth_core::{ConnectionId, ReauthReason, ScopeSet, TenantId};
use sociogram_token_vault::{
    Amendment, Claim, Claimed, Committed, Connect, DataKeyId, Details, Due, Failure, Fence, Generation,
    NextLook, NoticeStage, Notified, Retire, Retired, Revision, Sealed, StoreError, StoreErrorKind, Strikes,
    Success, TokenStore,
};
use sqlx::{postgres::PgRow, types::Json};

use super::PostgresStore;
use crate::{
    database::Call,
    fault::Fault,
    notes, rows,
    values::{Columns as _, End, Time, bigint, millis, shown, uuid},
};

#[async_trait]
impl TokenStore for PostgresStore {
    async fn read(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<Option<sociogram_token_vault::StoredToken>, StoreError> {
        let call =
            Call::read(&self.sql.read_token).bind(uuid(tenant.as_bytes())).bind(uuid(connection.as_bytes()));
        Ok(self.lane.row(call).await?.as_ref().map(rows::stored).transpose()?)
    }

    async fn claim(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        claim: Claim,
    ) -> Result<Claimed, StoreError> {
        let call = Call::write(&self.sql.claim)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(uuid(claim.owner.as_bytes()))
            .bind(bigint(claim.generation.get()))
            .bind(claim.phase.as_str())
            .bind(millis(claim.ttl));
        let row = self.lane.one(call).await?;
        match row.get("outcome")? {
            "won" => Ok(Claimed::Won {
                fence: Fence::new(row.count("fence")?),
                stored: Box::new(rows::stored(&row)?),
                prior: rows::prior_lease(&row, claim.generation)?,
            }),
            "lost" => Ok(Claimed::Lost(Box::new(rows::stored(&row)?))),
            "missing" => Ok(Claimed::Missing),
            _ => Err(Fault::Unreadable("outcome").into()),
        }
    }

    async fn commit_success(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        success: Success,
    ) -> Result<Committed, StoreError> {
        let Success { expected, sealed, token, state, due_at, notified, connect, notes, .. } = success;
        let key = |sealed: &Sealed| sealed.key_id().map(|key| i64::from(key.get()));
        let call = Call::write(&self.sql.commit_success)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(bigint(expected.get()))
            .bind(sealed.access.as_bytes())
            .bind(sealed.refresh.as_ref().map(Sealed::as_bytes))
            .bind(key(&sealed.access))
            .bind(sealed.refresh.as_ref().and_then(key))
            .bind(token.kind.as_str())
            .bind(End(token.expiry))
            .bind(End(token.refresh_expiry))
            .bind(End(token.data_access_expiry))
            .bind(token.scopes.as_ref().map(names))
            .bind(token.issued_at.map(Time))
            .bind(state.as_str())
            .bind(state.reason().map(ReauthReason::as_str))
            .bind(due_at.map(Time))
            .bind(stages(notified))
            .bind(notes::of(notes)?);
        let row = self.commits.one(bind_connect(call, connect.as_ref())).await?;
        match row.get("outcome")? {
            "account_taken" => Ok(Committed::AccountTaken { by: rows::connection_id(&row, "taken_by")? }),
            "parent_gone" => Ok(Committed::ParentGone),
            "other_account" => {
                let message = "the connection is one to another account";
                Err(StoreError::new(StoreErrorKind::Conflict, message))
            }
            outcome => Ok(committed(outcome, &row)?),
        }
    }

    async fn commit_failure(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        failure: Failure,
    ) -> Result<Committed, StoreError> {
        let Failure {
            fence, generation, revision, class, state, failures, strikes, next_look, notes, ..
        } = failure;
        let (look, due_at) = next(next_look);
        let call = Call::write(&self.sql.commit_failure)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(bigint(generation.get()))
            .bind(bigint(revision.get()))
            .bind(fence.map(|fence| bigint(fence.get())))
            .bind(class.as_str())
            .bind(class.reason().map(ReauthReason::as_str))
            .bind(state.as_str())
            .bind(state.reason().map(ReauthReason::as_str))
            .bind(i64::from(failures))
            .bind(counted(strikes))
            .bind(look)
            .bind(due_at)
            .bind(notes::of(notes)?);
        let row = self.lane.one(call).await?;
        Ok(committed(row.get("outcome")?, &row)?)
    }

    async fn amend(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        amendment: Amendment,
    ) -> Result<Committed, StoreError> {
        let Amendment { generation, revision, state, strikes, next_look, notified, checked, notes, .. } =
            amendment;
        let (look, due_at) = next(next_look);
        let call = Call::write(&self.sql.amend)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(bigint(generation.get()))
            .bind(bigint(revision.get()))
            .bind(state.as_str())
            .bind(state.reason().map(ReauthReason::as_str))
            .bind(counted(strikes))
            .bind(look)
            .bind(due_at)
            .bind(stages(notified))
            .bind(notes::of(notes)?)
            .bind(checked.is_some())
            .bind(checked.as_ref().map(|checked| End(checked.expiry)))
            .bind(checked.as_ref().map(|checked| End(checked.refresh_expiry)))
            .bind(checked.as_ref().map(|checked| End(checked.data_access_expiry)))
            .bind(checked.as_ref().and_then(|checked| checked.scopes.as_ref()).map(names));
        let row = self.lane.one(call).await?;
        Ok(committed(row.get("outcome")?, &row)?)
    }

    async fn retire(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        retire: Retire,
    ) -> Result<Retired, StoreError> {
        let call = Call::write(&self.sql.retire)
            .bind(uuid(tenant.as_bytes()))
            .bind(uuid(connection.as_bytes()))
            .bind(retire.how.state().as_str())
            .bind(retire.keep_for_revoke)
            .bind(notes::of(retire.notes)?);
        let rows = self.lane.rows(call).await?;
        let first = rows.first().ok_or(Fault::Unreadable("the answer"))?;
        match first.get("outcome")? {
            "done" => {
                let linked = |row: &&PgRow| row.get::<Option<&str>>("app_id").is_ok_and(|id| id.is_some());
                Ok(Retired::Done {
                    generation: Generation::new(first.count("new_generation")?),
                    revision: Revision::new(first.count("new_revision")?),
                    assets: rows.iter().filter(linked).map(rows::unlinked_asset).collect::<Result<_, _>>()?,
                })
            }
            "already" => Ok(Retired::Already),
            "missing" => Ok(Retired::Missing),
            _ => Err(Fault::Unreadable("outcome").into()),
        }
    }

    async fn rows_under(&self, tenant: TenantId, key: DataKeyId) -> Result<u64, StoreError> {
        let call = Call::read(&self.sql.rows_under).bind(uuid(tenant.as_bytes())).bind(i64::from(key.get()));
        Ok(self.lane.one(call).await?.count("counted")?)
    }

    async fn due_batch(&self, _: usize, _: Duration) -> Result<Vec<Due>, StoreError> {
        Err(needs_worker())
    }

    async fn revisions(
        &self,
        tenant: TenantId,
        connections: &[ConnectionId],
    ) -> Result<Vec<(ConnectionId, Revision)>, StoreError> {
        if connections.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = connections.iter().map(|id| uuid(id.as_bytes())).collect();
        let call = Call::read(&self.sql.revisions).bind(uuid(tenant.as_bytes())).bind(ids);
        let revision = |row: &PgRow| {
            Ok((rows::connection_id(row, "connection_id")?, Revision::new(row.count("revision")?)))
        };
        self.lane.rows(call).await?.iter().map(revision).collect()
    }
}

/// What the app's login is not for.
pub(crate) fn needs_worker() -> StoreError {
    let message = "the app's login does not look across tenants; use a PostgresWorker";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

fn bind_connect(call: Call, connect: Option<&Connect>) -> Call {
    let account = connect.map(|connect| &connect.account);
    let call = call
        .bind(connect.is_some())
        .bind(account.map(|account| account.provider.as_str()))
        .bind(account.map(|account| account.app_id.as_str()))
        .bind(account.map(|account| account.external_user_id.as_str()))
        .bind(connect.and_then(|connect| connect.parent).map(|parent| uuid(parent.as_bytes())));
    let details = connect.map(|connect| &connect.details);
    bind_details(call.bind(details.map(|details| details.origin.as_str())), details)
}

pub(super) fn bind_details(call: Call, details: Option<&Details>) -> Call {
    let text = |text: fn(&Details) -> Option<&String>| details.and_then(text).map(|text| shown(text));
    call.bind(text(|details| details.display_name.as_ref()))
        .bind(text(|details| details.connected_by.as_ref()))
        .bind(details.map(|details| names(&details.requested.required)))
        .bind(details.map(|details| names(&details.requested.optional)))
}

fn names(scopes: &ScopeSet) -> Vec<String> {
    scopes.iter().map(|scope| shown(scope.as_str()).into_owned()).collect()
}

fn stages(notified: Notified) -> Vec<&'static str> {
    notified.stages().map(NoticeStage::as_str).collect()
}

fn counted(strikes: Strikes) -> Option<Json<Strikes>> {
    (!strikes.is_none()).then_some(Json(strikes))
}

fn next(look: NextLook) -> (&'static str, Option<Time>) {
    match look {
        NextLook::At(at) => ("at", Some(Time(at))),
        NextLook::Never => ("never", None),
        _ => ("unchanged", None),
    }
}

fn committed(outcome: &str, row: &PgRow) -> Result<Committed, Fault> {
    match outcome {
        "done" => Ok(Committed::Done { revision: Revision::new(row.count("new_revision")?) }),
        "superseded" => Ok(Committed::Superseded(Box::new(rows::stored(row)?))),
        "missing" => Ok(Committed::Missing),
        _ => Err(Fault::Unreadable("outcome")),
    }
}
