//! The vault: what goes in is sealed, what comes out may be used.

use std::{fmt, sync::Arc};

use sociogram_api_core::{ErrorKind, Timer};
use sociogram_oauth_core::{ConnectionId, TenantId};

use crate::{
    Amendment, AssetRepo, AuditAction, AuditActor, AuditEntry, AuditLog, Committed, Connection,
    ConnectionRepo, DataKeys, Generation, Revision, StoredToken, TokenStore, VaultError,
    app::Apps,
    attempt::Attempts,
    cache::{Cache, Epoch},
    flights::Flights,
    meter::Resolves,
    read_audit::ReadAudits,
    resolve::Entry,
    stores::Stores,
    turns::Turns,
};

mod assets;
mod auditing;
mod builder;
mod callbacks;
mod changes;
mod connect;
mod derived;
mod disconnect;
mod health;
mod legacy;
mod resolving;
mod retired_keys;
pub(crate) mod revalidating;
mod sealing;
mod system_health;

pub use assets::{AssetLink, AssetReport, AssetStanding};
pub(crate) use builder::Config;
pub use builder::{VaultBuilder, VaultConfigError};
pub use callbacks::{Callbacks, Withdrawn};
pub use disconnect::{Disconnect, Disconnected};
pub use health::{ConnectionHealth, HealthPage, KnownEnd};
use resolving::Reading;
pub use revalidating::Revalidated;
pub(crate) use sealing::seal;
pub use system_health::{AppHealth, KeyCheckValue, KeysHealth, PartHealth, VaultHealth};

/// How often a write is tried again when another writer was faster.
pub(crate) const ATTEMPTS: usize = 5;

/// Names a connection of a tenant.
pub(crate) type ConnectionKey = (TenantId, ConnectionId);

/// Keeps tokens sealed and hands out usable ones. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Vault(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) stores: Stores,
    pub(crate) keys: DataKeys,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) apps: Apps,
    pub(crate) config: Config,
    pub(crate) reads: ReadAudits,
    pub(crate) cache: Cache<ConnectionKey, Entry>,
    /// Reads under way. Those from before something was forgotten are not joined after it.
    pub(crate) readings: Flights<(ConnectionKey, Epoch), Reading>,
    pub(crate) turns: Turns<ConnectionKey, (Generation, Revision)>,
    pub(crate) resolves: Resolves,
    pub(crate) attempts: Attempts,
}

impl Vault {
    /// A vault over this store and these keys.
    pub fn builder<S>(store: Arc<S>, keys: DataKeys) -> VaultBuilder
    where
        S: TokenStore + ConnectionRepo + AssetRepo + AuditLog,
    {
        VaultBuilder::new(store, keys)
    }

    /// Destroys the tenant's data keys: none of its stored tokens can be opened any more, not even from a
    /// backup of the token rows. Cannot be undone. A process that has a key in memory can use it for up to ten
    /// minutes more, and tokens in memory for up to five after that where [`revalidate`](Self::revalidate) is used.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when the keys may still be there: call it again.
    pub async fn shred_tenant(&self, tenant: TenantId) -> Result<(), VaultError> {
        let shredded = self.0.keys.shred(tenant).await;
        self.0.cache.forget(|(owner, _)| *owner == tenant);
        shredded?;
        let entries = vec![AuditEntry::new(AuditAction::Shredded)];
        Ok(self.0.stores.audit.append(tenant, AuditActor::Service, None, entries).await?)
    }
}

impl Inner {
    pub(crate) async fn stored(&self, (tenant, id): ConnectionKey) -> Result<StoredToken, VaultError> {
        self.stores.tokens.read(tenant, id).await?.ok_or_else(VaultError::not_found)
    }

    pub(crate) async fn connection(&self, (tenant, id): ConnectionKey) -> Result<Connection, VaultError> {
        self.stores.connections.find(tenant, id).await?.ok_or_else(VaultError::not_found)
    }

    /// Amends what is stored until no other writer is faster; `None` = leave it. Gives what was stored before the
    /// change, if there was one.
    pub(crate) async fn amend(
        &self,
        key: ConnectionKey,
        decide: impl Fn(&StoredToken) -> Result<Option<Amendment>, VaultError> + Send + Sync,
    ) -> Result<Option<StoredToken>, VaultError> {
        // Whatever comes of it, what is in memory is not to be served further should the store be away.
        self.cache.forget_one(&key);
        let mut stored = self.stored(key).await?;
        for _ in 0..ATTEMPTS {
            let Some(amendment) = decide(&stored)? else { return Ok(None) };
            let committed = self.stores.tokens.amend(key.0, key.1, amendment).await;
            self.cache.forget_one(&key);
            match committed? {
                Committed::Done { .. } => return Ok(Some(stored)),
                Committed::Superseded(current) => stored = *current,
                _ => return Err(VaultError::not_found()),
            }
        }
        Err(contended())
    }
}

pub(crate) fn contended() -> VaultError {
    VaultError::new(ErrorKind::Conflict, "the connection is being changed by others; try again")
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("stores", &self.0.stores)
            .field("keys", &self.0.keys)
            .field("config", &self.0.config)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
