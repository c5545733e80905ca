//! Connections that end.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use sociogram_oauth_core::{ConnectionId, TenantId};

use super::Vault;
use crate::{
    Asset, AuditAction, AuditActor, AuditEntry, EventKind, Notes, Refusal, Removed, Retire, Retired,
    Retirement, StoreErrorKind, StoredToken, VaultError, state::StateEvent,
};

/// The wish to disconnect one connection; nothing happens until it is awaited. See [`Vault::disconnect`].
#[derive(Debug)]
#[must_use = "nothing is disconnected until this is awaited"]
pub struct Disconnect<'a> {
    vault: &'a Vault,
    tenant: TenantId,
    connection: ConnectionId,
    actor: AuditActor,
}

/// What a disconnected connection leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnected {
    /// What was linked to it, and to the connections derived from it, until now: Pages to unsubscribe, schedules to
    /// stop. Empty when it had ended before.
    pub assets: Vec<Asset>,
}

impl Disconnect<'_> {
    /// Says who does it, for the audit; the program itself unless told.
    pub fn by(mut self, actor: AuditActor) -> Self {
        self.actor = actor;
        self
    }

    async fn run(self) -> Result<Disconnected, VaultError> {
        let Self { vault, tenant, connection, actor } = self;
        let end = Ending { how: Retirement::Disconnected, withdraw: true, actor };
        vault.end(tenant, connection, &end).await.map(|assets| Disconnected { assets })
    }
}

impl<'a> IntoFuture for Disconnect<'a> {
    type Output = Result<Disconnected, VaultError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// How connections end.
pub(super) struct Ending {
    pub(super) how: Retirement,
    /// Whether the grant is still to be withdrawn at the provider.
    pub(super) withdraw: bool,
    pub(super) actor: AuditActor,
}

impl Ending {
    const fn event(&self) -> StateEvent {
        match self.how {
            Retirement::Disconnected => StateEvent::Disconnect,
            Retirement::Revoked => StateEvent::Withdrawn,
        }
    }

    fn notes(&self) -> Notes {
        let (action, event) = match self.how {
            Retirement::Disconnected => (AuditAction::Disconnected, EventKind::Disconnected),
            Retirement::Revoked => (AuditAction::Revoked, EventKind::Revoked),
        };
        Notes::by(self.actor.clone()).entry(AuditEntry::new(action)).event(event)
    }
}

impl Vault {
    /// Stops handing out the token, deletes the stored secrets and unlinks the assets, in one step; the same for every
    /// connection that is derived from this one. Does not depend on the provider; may be repeated.
    ///
    /// Where the app is known to the vault, the sealed secrets wait in the revocation queue until a worker has
    /// withdrawn the grant at the provider.
    ///
    /// ```
    /// # use sociogram_oauth_core::{ConnectionId, TenantId};
    /// # use sociogram_token_vault::{AuditActor, Vault, VaultError};
    /// # async fn example(vault: Vault, tenant: TenantId, connection: ConnectionId) -> Result<(), VaultError> {
    /// let left = vault.disconnect(tenant, connection).by(AuditActor::User("user-7".to_owned())).await?;
    /// for asset in left.assets {
    ///     println!("unsubscribe {}", asset.key);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection; any other kind means that secrets may
    /// still be there: call it again.
    pub const fn disconnect(&self, tenant: TenantId, connection: ConnectionId) -> Disconnect<'_> {
        Disconnect { vault: self, tenant, connection, actor: AuditActor::Service }
    }

    /// Deletes what is left of a connection that has ended: it is in no list any more, and its account can be
    /// connected anew. Its audit stays.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Conflict` when it is neither disconnected
    /// nor revoked, `Unavailable` when the store does not answer.
    pub async fn remove(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        actor: AuditActor,
    ) -> Result<(), VaultError> {
        let notes = Notes::by(actor).entry(AuditEntry::new(AuditAction::Removed));
        let removed = self.0.stores.connections.remove(tenant, connection, notes).await;
        self.0.cache.forget_one(&(tenant, connection));
        match removed? {
            Removed::Done => Ok(()),
            Removed::StillConnected => Err(VaultError::refused(Refusal::StillConnected)),
            Removed::Missing => Err(VaultError::not_found()),
        }
    }

    /// Ends a connection and all that is derived from it. Gives the assets that were linked to them.
    pub(super) async fn end(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        end: &Ending,
    ) -> Result<Vec<Asset>, VaultError> {
        // Once before, so that what is left by a crash can still be found; once after, when no more can come.
        let mut assets = self.end_children(tenant, connection, end).await?;
        let own = self.end_one(tenant, connection, end).await?;
        assets.extend(self.end_children(tenant, connection, end).await?);
        assets.extend(own.ok_or_else(VaultError::not_found)?);
        Ok(assets)
    }

    async fn end_children(
        &self,
        tenant: TenantId,
        parent: ConnectionId,
        end: &Ending,
    ) -> Result<Vec<Asset>, VaultError> {
        let mut derived = self.0.stores.connections.children(tenant, parent).await?;
        let mut seen = 0;
        while let Some(child) = derived.get(seen).copied() {
            let further = self.0.stores.connections.children(tenant, child).await?;
            let new = |id: &ConnectionId| *id != parent && !derived.contains(id);
            let further: Vec<_> = further.into_iter().filter(new).collect();
            derived.extend(further);
            seen += 1;
        }
        let mut assets = Vec::new();
        for child in derived.into_iter().rev() {
            assets.extend(self.end_one(tenant, child, end).await?.unwrap_or_default());
        }
        Ok(assets)
    }

    /// `None` if there is no such connection.
    async fn end_one(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        end: &Ending,
    ) -> Result<Option<Vec<Asset>>, VaultError> {
        let key = (tenant, connection);
        self.0.cache.forget_one(&key);
        let stored = match self.0.stores.tokens.read(tenant, connection).await {
            Ok(Some(stored)) => Some(stored),
            Ok(None) => return Ok(None),
            // What cannot be read can be ended all the same.
            Err(error) if error.kind() == StoreErrorKind::Corrupt => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(stored) = &stored {
            let now = self.0.timer.now();
            let transition = self.0.transition(connection, stored, end.event(), stored.strikes, now)?;
            if !transition.effects.shred && stored.sealed.is_none() {
                // It had ended before, in this way or another.
                return Ok(Some(Vec::new()));
            }
        }
        let mut retire = Retire::new(end.how, end.notes());
        if end.withdraw && stored.as_ref().is_some_and(|stored| self.can_withdraw(stored)) {
            retire = retire.keeping_for_revoke();
        }
        let retired = self.0.stores.tokens.retire(tenant, connection, retire).await;
        self.0.cache.forget_one(&key);
        match retired? {
            Retired::Done { assets, .. } => Ok(Some(assets)),
            Retired::Already => Ok(Some(Vec::new())),
            Retired::Missing => Ok(None),
        }
    }

    /// Whether there is a grant of its own to withdraw, and somebody who can do it.
    fn can_withdraw(&self, stored: &StoredToken) -> bool {
        stored.parent.is_none() && self.0.apps.of(&stored.account).is_some()
    }
}
