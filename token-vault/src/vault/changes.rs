//! Connections that lose their grant, or end.

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::{AccessToken, ConnectionId, ReauthReason, Renewal, TenantId};

use super::{ATTEMPTS, Vault, contended};
use crate::{
    Amendment, AuditAction, AuditActor, AuditEntry, Committed, Connection, EventKind, NextLook, Notes,
    Retire, Retired, Retirement, StoredToken, VaultError,
    state::{Context, StateEvent, Transition, Verdict, next},
};

impl Vault {
    /// The provider refused this token. The first refusal of the current token is a warning
    /// ([`Warning::Refused`](crate::Warning::Refused)); another one, between a minute and a day later, means
    /// that the person must log in again. A refusal of an older token changes nothing.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when the state could not be written; the token is no longer served from memory all the
    /// same.
    pub async fn reject(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        used: &AccessToken,
    ) -> Result<(), VaultError> {
        self.0.cache.forget_one(&(tenant, connection));
        let current = self.stored(tenant, connection).await?;
        if !self.open(tenant, connection, &current).await?.ct_eq(used) {
            return Ok(());
        }
        self.amend(tenant, connection, |stored, now| {
            if stored.generation != current.generation {
                return Ok(None);
            }
            let Some(strikes) = stored.strikes.after_rejection(now) else { return Ok(None) };
            // Nobody can be asked whether the token is good.
            let context = Context { strikes, ..Context::new(Renewal::Login) };
            let transition = transition(stored, StateEvent::Checked(Verdict::Unknown), &context)?;
            let entry = AuditEntry::new(AuditAction::TokenRejected).with_generation(stored.generation);
            let notes = Notes::by(AuditActor::Provider).entry(entry);
            Ok(Some(amendment(stored, transition, notes).with_strikes(strikes)))
        })
        .await
    }

    /// Stops handing out the token until the account is connected again, for a reason learnt elsewhere: a
    /// deauthorize callback, an error code of the provider.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Unavailable` or `Conflict` when
    /// the state could not be written.
    pub async fn mark_needs_reauth(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        reason: ReauthReason,
    ) -> Result<Connection, VaultError> {
        self.amend(tenant, connection, |stored, _| {
            let context = Context::new(Renewal::Login);
            let transition = transition(stored, StateEvent::GrantLost(reason), &context)?;
            let changes = transition.state != stored.state;
            Ok(changes.then(|| amendment(stored, transition, Notes::by(AuditActor::Service))))
        })
        .await?;
        self.find(tenant, connection).await
    }

    /// Stops handing out the token and deletes the stored secrets, in one step; the same for every connection
    /// that is derived from this one. Unlinks their assets. Does not depend on the provider; may be repeated.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection; any other kind means that secrets may
    /// still be there: call it again.
    pub async fn disconnect(&self, tenant: TenantId, connection: ConnectionId) -> Result<(), VaultError> {
        // Once before, so that what is left by a crash can still be found; once after, when no more can come.
        self.retire_children(tenant, connection).await?;
        let there = self.retire(tenant, connection).await?;
        self.retire_children(tenant, connection).await?;
        if there { Ok(()) } else { Err(VaultError::not_found()) }
    }

    async fn retire_children(&self, tenant: TenantId, parent: ConnectionId) -> Result<(), VaultError> {
        let mut derived = self.0.repo.children(tenant, parent).await?;
        let mut seen = 0;
        while let Some(child) = derived.get(seen).copied() {
            let further = self.0.repo.children(tenant, child).await?;
            let new = |id: &ConnectionId| *id != parent && !derived.contains(id);
            let further: Vec<_> = further.into_iter().filter(new).collect();
            derived.extend(further);
            seen += 1;
        }
        for child in derived.into_iter().rev() {
            self.retire(tenant, child).await?;
        }
        Ok(())
    }

    /// `false` if there is no such connection.
    async fn retire(&self, tenant: TenantId, connection: ConnectionId) -> Result<bool, VaultError> {
        self.0.cache.forget_one(&(tenant, connection));
        let notes = Notes::by(AuditActor::Service)
            .entry(AuditEntry::new(AuditAction::Disconnected))
            .event(EventKind::Disconnected);
        let retired = self.0.store.retire(tenant, connection, Retire::new(Retirement::Disconnected, notes));
        let retired = retired.await;
        self.0.cache.forget_one(&(tenant, connection));
        Ok(retired? != Retired::Missing)
    }

    pub(super) async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Connection, VaultError> {
        self.0.repo.find(tenant, id).await?.ok_or_else(VaultError::not_found)
    }

    /// Amends what is stored until no other writer is faster; `None` = leave it.
    async fn amend(
        &self,
        tenant: TenantId,
        id: ConnectionId,
        decide: impl Fn(&StoredToken, Timestamp) -> Result<Option<Amendment>, VaultError> + Send + Sync,
    ) -> Result<(), VaultError> {
        let mut stored = self.stored(tenant, id).await?;
        for _ in 0..ATTEMPTS {
            let Some(amendment) = decide(&stored, self.0.clock.now())? else { return Ok(()) };
            let committed = self.0.store.amend(tenant, id, amendment).await;
            self.0.cache.forget_one(&(tenant, id));
            match committed? {
                Committed::Done { .. } => return Ok(()),
                Committed::Superseded(current) => stored = *current,
                _ => return Err(VaultError::not_found()),
            }
        }
        Err(contended())
    }
}

fn transition(stored: &StoredToken, event: StateEvent, context: &Context) -> Result<Transition, VaultError> {
    next(stored.state, event, context)
        .map_err(|error| VaultError::new(ErrorKind::Internal, error.to_string()))
}

/// The change of state as it is stored, with what is to be told about it.
fn amendment(stored: &StoredToken, transition: Transition, mut notes: Notes) -> Amendment {
    let mut next_look = NextLook::Unchanged;
    if transition.state != stored.state {
        let mut entry = AuditEntry::new(AuditAction::StateChanged).with_generation(stored.generation);
        if let Some(reason) = transition.state.reason() {
            entry = entry.with_reason(reason);
            next_look = NextLook::Never;
        }
        notes = notes.entry(entry);
    }
    if let Some(reason) = transition.state.reason().filter(|_| transition.effects.notify) {
        notes = notes.event(EventKind::NeedsReauth { reason });
    }
    Amendment::of(stored, notes).with_state(transition.state).with_next_look(next_look)
}
