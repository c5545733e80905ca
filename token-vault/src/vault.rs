//! The vault: what goes in is sealed, what comes out may be used.

use std::{fmt, sync::Arc, time::Duration};

use sociogram_api_core::{Clock, ErrorKind, SystemClock};
use sociogram_oauth_core::{AccessToken, ConnectionId, TenantId, TokenSource};

use crate::{
    ConnectionRepo, DataKeys, Resolved, StoredToken, TokenStore, VaultError,
    cache::Cache,
    envelope::{Field, Place},
    resolve::{Usable, check_state, reconnect},
    token_source::VaultTokenSource,
};

mod changes;
mod connect;

/// How often a write is tried again when another writer was faster.
const ATTEMPTS: usize = 5;
const MAX_CACHED: usize = 100_000;

/// Keeps tokens sealed and hands out usable ones. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    store: Arc<dyn TokenStore>,
    repo: Arc<dyn ConnectionRepo>,
    keys: DataKeys,
    clock: Arc<dyn Clock>,
    cache: Cache<(TenantId, ConnectionId), Usable>,
}

/// Sets up a [`Vault`].
#[derive(Debug)]
pub struct VaultBuilder {
    store: Arc<dyn TokenStore>,
    repo: Arc<dyn ConnectionRepo>,
    keys: DataKeys,
    clock: Arc<dyn Clock>,
    max_staleness: Duration,
}

impl VaultBuilder {
    /// Where the time comes from; the system's clock unless set.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long a token is handed out from memory without looking at the store, and so how long a disconnect
    /// in another process may go unnoticed in this one. 30 seconds unless set; zero looks every time.
    pub fn max_staleness(mut self, age: Duration) -> Self {
        self.max_staleness = age;
        self
    }

    /// The vault. Touches neither the stores nor the keys.
    pub fn build(self) -> Vault {
        let Self { store, repo, keys, clock, max_staleness } = self;
        Vault(Arc::new(Inner { store, repo, keys, clock, cache: Cache::new(MAX_CACHED, max_staleness) }))
    }
}

impl Vault {
    /// A vault over these stores and keys.
    pub fn builder(
        store: Arc<dyn TokenStore>,
        repo: Arc<dyn ConnectionRepo>,
        keys: DataKeys,
    ) -> VaultBuilder {
        let clock = Arc::new(SystemClock::new());
        VaultBuilder { store, repo, keys, clock, max_staleness: Duration::from_secs(30) }
    }

    /// The token to use now.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection (whether another has is not told),
    /// `Reauthorize` when the person must connect the account again, `Misconfigured` or `Decode` when the
    /// stored token cannot be opened (see [`VaultError::seal_fault`]), `Unavailable` when a store or the key
    /// provider does not answer.
    pub async fn resolve(&self, tenant: TenantId, connection: ConnectionId) -> Result<Resolved, VaultError> {
        let now = self.0.clock.now();
        let key = (tenant, connection);
        if let Some(usable) = self.0.cache.get(&key, now) {
            return usable.resolve(now);
        }
        let epoch = self.0.cache.epoch();
        let stored = self.stored(tenant, connection).await?;
        check_state(stored.state)?;
        let token = self.open(tenant, connection, &stored).await?;
        let usable = Usable::new(token, &stored);
        let resolved = usable.resolve(now)?;
        self.0.cache.insert(key, usable, now, epoch);
        Ok(resolved)
    }

    async fn stored(&self, tenant: TenantId, connection: ConnectionId) -> Result<StoredToken, VaultError> {
        self.0.store.read(tenant, connection).await?.ok_or_else(VaultError::not_found)
    }

    async fn open(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        stored: &StoredToken,
    ) -> Result<AccessToken, VaultError> {
        let sealed = stored.sealed.as_ref().ok_or_else(|| reconnect("its token was deleted"))?;
        let place = Place { tenant, connection, field: Field::Access, generation: stored.generation };
        let mut secret = self.0.keys.open(&sealed.access, &place, self.0.clock.now()).await?;
        Ok(AccessToken::new(std::mem::take(&mut *secret)))
    }

    /// A token source for the clients of one connection; asks the vault for every call.
    pub fn token_source(&self, tenant: TenantId, connection: ConnectionId) -> Arc<dyn TokenSource> {
        Arc::new(VaultTokenSource::new(self.clone(), tenant, connection))
    }

    /// Destroys the tenant's data keys: none of its stored tokens can be opened any more, not even from a
    /// backup of the token rows. Cannot be undone. A process that has a key in memory can use it for up to ten
    /// minutes more.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when the keys may still be there: call it again.
    pub async fn shred_tenant(&self, tenant: TenantId) -> Result<(), VaultError> {
        let shredded = self.0.keys.shred(tenant).await;
        self.0.cache.forget(|(owner, _)| *owner == tenant);
        shredded
    }
}

fn contended() -> VaultError {
    VaultError::new(ErrorKind::Conflict, "the connection is being changed by others; try again")
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("store", &self.0.store)
            .field("repo", &self.0.repo)
            .field("keys", &self.0.keys)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
