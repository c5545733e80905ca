//! Token sets, claims and commits.

use std::time::Duration;

use async_trait::async_trait;
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{
    MemoryStore, conflict,
    rows::{NamedNotes, Queued, Row, RowKey, State, corrupt},
};
use crate::{
    Amendment, Claim, Claimed, Committed, Connect, DataKeyId, Due, Failure, Fence, Generation, LastError,
    Lease, NextLook, Phase, Retire, Retired, Revision, Revocation, StoreError, StoredToken, Success,
    TokenStore, Version,
};

#[async_trait]
impl TokenStore for MemoryStore {
    async fn read(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
    ) -> Result<Option<StoredToken>, StoreError> {
        self.step(|state, _| Ok(state.row((tenant, connection))?.map(|row| row.stored.clone())))
    }

    async fn claim(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        claim: Claim,
    ) -> Result<Claimed, StoreError> {
        self.step(|state, now| match state.rows.get_mut(&(tenant, connection)) {
            Some(row) if row.spoilt => Err(corrupt()),
            Some(row) => Ok(row.claim(&claim, now)),
            None => Ok(Claimed::Missing),
        })
    }

    async fn commit_success(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        mut success: Success,
    ) -> Result<Committed, StoreError> {
        let notes = NamedNotes::new(success.notes.clone())?;
        let connect = success.connect.take();
        self.step(|state, now| {
            let key = (tenant, connection);
            if let Some(refused) = state.refuses(key, success.expected, connect.as_ref())? {
                return Ok(refused);
            }
            let revision = state.store(key, success, connect, now);
            state.add_notes(key, notes, now);
            Ok(Committed::Done { revision })
        })
    }

    async fn commit_failure(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        failure: Failure,
    ) -> Result<Committed, StoreError> {
        let seen = (failure.generation, failure.revision, failure.fence);
        let notes = NamedNotes::new(failure.notes)?;
        self.change((tenant, connection), seen, notes, |row, now| {
            row.changed(failure.state, now);
            row.stored.failures = failure.failures;
            row.stored.strikes = failure.strikes;
            row.stored.last_error = Some(LastError::new(failure.class, now));
            row.look_at(failure.next_look);
            if failure.fence.is_some() {
                row.stored.lease = None;
            }
        })
    }

    async fn amend(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        amendment: Amendment,
    ) -> Result<Committed, StoreError> {
        let seen = (amendment.generation, amendment.revision, None);
        let notes = NamedNotes::new(amendment.notes)?;
        self.change((tenant, connection), seen, notes, |row, now| {
            row.changed(amendment.state, now);
            row.stored.strikes = amendment.strikes;
            row.look_at(amendment.next_look);
            row.stored.notified = amendment.notified;
            if let Some(checked) = amendment.checked {
                row.stored.checked_at = now;
                row.stored.token.expiry = checked.expiry;
                row.stored.token.refresh_expiry = checked.refresh_expiry;
                row.stored.token.data_access_expiry = checked.data_access_expiry;
                row.stored.token.scopes = checked.scopes;
            }
        })
    }

    async fn retire(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        retire: Retire,
    ) -> Result<Retired, StoreError> {
        let notes = NamedNotes::new(retire.notes)?;
        self.step(|state, now| {
            let key = (tenant, connection);
            let Some(row) = state.rows.get_mut(&key) else { return Ok(Retired::Missing) };
            let to = retire.how.state();
            if row.stored.state == to && row.stored.sealed.is_none() {
                return Ok(Retired::Already);
            }
            let kept = retire.keep_for_revoke.then(|| row.revocation(key, now)).flatten();
            row.changed(to, now);
            row.stored.sealed = None;
            row.stored.generation = row.stored.generation.next();
            row.stored.lease = None;
            row.stored.due_at = None;
            let (generation, revision) = (row.stored.generation, row.stored.revision);
            if let Some(kept) = kept {
                let place = (tenant, connection, kept.generation);
                state.revocations.insert(place, Queued { item: kept, visible_at: now });
            }
            let actor = notes.actor();
            state.add_notes(key, notes, now);
            let assets = state.unlink_all(key, &actor, now);
            Ok(Retired::Done { generation, revision, assets })
        })
    }

    async fn due_batch(&self, limit: usize, visibility: Duration) -> Result<Vec<Due>, StoreError> {
        self.step(|state, now| {
            let times = state.rows.iter().filter_map(|(key, row)| Some((row.stored.due_at?, *key)));
            let mut due: Vec<_> = times.filter(|(at, _)| *at <= now).collect();
            due.sort_unstable();
            due.truncate(limit);
            let hidden_until = now.saturating_add(visibility);
            let batch = due.into_iter().filter_map(|(_, key)| {
                let row = state.rows.get_mut(&key)?;
                row.stored.due_at = Some(hidden_until);
                Some(Due::new(key.0, key.1, row.stored.generation))
            });
            Ok(batch.collect())
        })
    }

    async fn revisions(
        &self,
        tenant: TenantId,
        connections: &[ConnectionId],
    ) -> Result<Vec<(ConnectionId, Revision)>, StoreError> {
        self.step(|state, _| {
            let rows = connections.iter().filter_map(|id| Some((*id, state.rows.get(&(tenant, *id))?)));
            Ok(rows.map(|(id, row)| (id, row.stored.revision)).collect())
        })
    }

    async fn rows_under(&self, tenant: TenantId, key: DataKeyId) -> Result<u64, StoreError> {
        self.step(|state, _| {
            let stored = state.of_tenant(tenant, None).filter_map(|(_, row)| row.stored.sealed.as_ref());
            let waiting = state.revocations.values().filter(|queued| queued.item.tenant == tenant);
            let sealed = stored.chain(waiting.map(|queued| &queued.item.sealed));
            let under = sealed.filter(|sealed| sealed.is_under(key)).count();
            Ok(u64::try_from(under).unwrap_or(u64::MAX))
        })
    }
}

impl MemoryStore {
    /// Changes a row if it is still as it was seen.
    fn change(
        &self,
        key: RowKey,
        (generation, revision, fence): (Generation, Revision, Option<Fence>),
        notes: NamedNotes,
        change: impl FnOnce(&mut Row, Timestamp),
    ) -> Result<Committed, StoreError> {
        self.step(|state, now| {
            let Some(row) = state.rows.get_mut(&key) else { return Ok(Committed::Missing) };
            row.readable()?;
            let current = row.stored.generation == generation && row.stored.revision == revision;
            if !current || fence.is_some_and(|fence| fence != row.fence) {
                return Ok(Committed::Superseded(Box::new(row.stored.clone())));
            }
            change(row, now);
            let revision = row.stored.revision;
            state.add_notes(key, notes, now);
            Ok(Committed::Done { revision })
        })
    }

    /// Puts anything into a row, as somebody with access to a database could.
    #[cfg(test)]
    pub(crate) fn overwrite(&self, key: RowKey, change: impl Fn(&mut StoredToken)) {
        self.step(|state, _| state.rows.get_mut(&key).into_iter().for_each(|row| change(&mut row.stored)));
    }

    /// What is in a row.
    #[cfg(test)]
    pub(crate) fn peek(&self, key: RowKey) -> Option<StoredToken> {
        self.step(|state, _| state.rows.get(&key).map(|row| row.stored.clone()))
    }
}

impl State {
    /// Why a new token set cannot be stored; `None` if it can.
    fn refuses(
        &self,
        key: RowKey,
        expected: Generation,
        connect: Option<&Connect>,
    ) -> Result<Option<Committed>, StoreError> {
        match (self.rows.get(&key), connect) {
            (Some(row), _) if row.stored.generation != expected => {
                let stored = Box::new(row.readable()?.stored.clone());
                return Ok(Some(Committed::Superseded(stored)));
            }
            (Some(row), Some(connect)) if row.stored.account != connect.account => {
                return Err(conflict("the connection is one to another account"));
            }
            (Some(_), _) => {}
            (None, Some(connect)) if expected == Generation::NONE && !self.removed.contains(&key) => {
                if let Some(((_, by), _)) = self.with_account(key.0, &connect.account) {
                    return Ok(Some(Committed::AccountTaken { by }));
                }
            }
            (None, _) => return Ok(Some(Committed::Missing)),
        }
        let parent = connect.and_then(|connect| connect.parent);
        let gone = |parent| {
            let parent = self.rows.get(&(key.0, parent));
            parent.is_none_or(|parent| parent.stored.state.is_retired())
        };
        Ok(parent.is_some_and(gone).then_some(Committed::ParentGone))
    }

    fn store(&mut self, key: RowKey, success: Success, connect: Option<Connect>, now: Timestamp) -> Revision {
        let generation = success.expected.next();
        let Success { sealed, token, state, due_at, notified, .. } = success;
        let fresh = |account| {
            let mut stored = StoredToken::new(account, generation, Some(sealed), token, state, now);
            stored.due_at = due_at;
            stored.notified = notified;
            stored
        };
        if let Some(row) = self.rows.get_mut(&key) {
            row.changed(state, now);
            let mut stored = fresh(row.stored.account.clone());
            stored.origin = row.stored.origin;
            stored.state_since = row.stored.state_since;
            stored.parent = row.stored.parent;
            stored.revision = row.stored.revision;
            if let Some(connect) = connect {
                stored.parent = connect.parent;
                stored.origin = connect.details.origin;
                row.details = connect.details;
                row.version = row.version.next();
            }
            row.stored = stored;
            row.spoilt = false;
            return row.stored.revision;
        }
        if let Some(Connect { account, parent, details }) = connect {
            let mut stored = fresh(account);
            stored.revision = Revision::NONE.next();
            stored.parent = parent;
            stored.origin = details.origin;
            let row = Row::new(details, stored, Version::NEW.next(), now);
            self.rows.insert(key, row);
        }
        Revision::NONE.next()
    }
}

impl Row {
    fn claim(&mut self, claim: &Claim, now: Timestamp) -> Claimed {
        let stored = &mut self.stored;
        let live = stored.lease.filter(|lease| now < lease.until);
        let mine = live.filter(|lease| lease.owner == claim.owner);
        let claimable = stored.generation == claim.generation
            && stored.sealed.is_some()
            && stored.state.allows_attempts()
            && (live.is_none() || mine.is_some());
        if !claimable {
            return Claimed::Lost(Box::new(stored.clone()));
        }
        let prior = if mine.is_some() { None } else { stored.lease };
        let is_sent = |lease: &Lease| lease.phase == Phase::Sent && lease.generation == claim.generation;
        let until = now.saturating_add(claim.ttl);
        let lease = if let Some(lease) = mine {
            Lease { until, phase: lease.phase.max(claim.phase), ..lease }
        } else {
            self.fence = self.fence.next();
            let lease = Lease::new(claim.owner, self.fence, claim.generation, claim.phase, now, until);
            match prior.filter(is_sent) {
                Some(Lease { phase, started_at, .. }) => Lease { phase, started_at, ..lease },
                None => lease,
            }
        };
        stored.lease = Some(lease);
        Claimed::Won { fence: lease.fence, stored: Box::new(stored.clone()), prior }
    }

    fn look_at(&mut self, next_look: NextLook) {
        match next_look {
            NextLook::Unchanged => {}
            NextLook::At(at) => self.stored.due_at = Some(at),
            NextLook::Never => self.stored.due_at = None,
        }
    }

    /// The secrets as they are kept aside, if there are any.
    fn revocation(&self, (tenant, id): RowKey, now: Timestamp) -> Option<Revocation> {
        let sealed = self.stored.sealed.clone()?;
        let ended = (tenant, id, self.stored.account.clone());
        let (generation, kind) = (self.stored.generation, self.stored.token.kind);
        Some(Revocation::new(ended, generation, kind, sealed, now, 0))
    }
}
