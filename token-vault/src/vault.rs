//! The vault: what goes in is sealed, what comes out may be used.

use std::{fmt, sync::Arc, time::Duration};

use sociogram_api_core::{Clock, ErrorKind, SystemClock, Timestamp};
use sociogram_oauth_core::{AccessToken, ConnectionId, TenantId, TokenSet, TokenSource};

use crate::{
    Account, Connection, ConnectionRepo, ConnectionStatus, DataKeys, Generation, ReauthReason, Resolved,
    SealedTokens, StoreErrorKind, TokenCommit, TokenRecord, TokenStore, VaultError,
    cache::Cache,
    envelope::{Field, Place},
    resolve::{Usable, check_status, reconnect},
    token_source::VaultTokenSource,
};

/// How often a write is tried again when another writer was faster.
const ATTEMPTS: usize = 5;
/// A refusal this soon after the first one belongs to it: a fresh LinkedIn token can be refused for seconds.
const SAME_REFUSAL: Duration = Duration::from_secs(60);
/// A refusal this long after the first one is a new first one.
const OLD_REFUSAL: Duration = Duration::from_secs(24 * 3600);
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

/// A completed login, before it is known whether the account was connected before.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewConnection {
    /// Whose it becomes.
    pub tenant: TenantId,
    /// Which account it is.
    pub account: Account,
    /// What to call it in a list.
    pub display_name: Option<String>,
    /// The product's own id of the person who connected it.
    pub connected_by: Option<String>,
}

impl NewConnection {
    /// Without a name.
    pub const fn new(tenant: TenantId, account: Account) -> Self {
        Self { tenant, account, display_name: None, connected_by: None }
    }

    /// Sets what to call it in a list.
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Sets the product's own id of the person who connected it.
    pub fn with_connected_by(mut self, app_user: impl Into<String>) -> Self {
        self.connected_by = Some(app_user.into());
        self
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

    /// Stores the outcome of a login: under the existing connection if this tenant has connected the account
    /// before, else under a new one.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Unavailable` when a store or the key provider does not answer, `Conflict` when other
    /// writers were faster several times in a row.
    pub async fn connect(&self, new: NewConnection, tokens: &TokenSet) -> Result<Connection, VaultError> {
        for _ in 0..ATTEMPTS {
            let now = self.0.clock.now();
            let mut connection = match self.0.repo.find_account(new.tenant, &new.account).await? {
                Some(known) => known,
                None => Connection::new(new.tenant, new.account.clone(), tokens.kind(), now)?,
            };
            if new.display_name.is_some() {
                connection.display_name.clone_from(&new.display_name);
            }
            if new.connected_by.is_some() {
                connection.connected_by.clone_from(&new.connected_by);
            }
            connection.updated_at = now;
            let id = connection.id;
            match self.0.repo.put(connection).await {
                Ok(_) => return self.put(new.tenant, id, tokens).await,
                Err(error) if error.kind() == StoreErrorKind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    /// Stores a token set of an existing connection and marks it connected.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection, `Invalid` for an empty token,
    /// `Unavailable` when a store or the key provider does not answer, `Conflict` when other writers were
    /// faster several times in a row.
    pub async fn put(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        tokens: &TokenSet,
    ) -> Result<Connection, VaultError> {
        self.find(tenant, connection).await?;
        self.commit(tenant, connection, tokens).await?;
        let stored = self
            .change(tenant, connection, |connection, now| {
                connection.kind = tokens.kind();
                if let Some(scopes) = tokens.scopes() {
                    connection.scopes = scopes.clone();
                }
                connection.set_status(ConnectionStatus::Connected, now);
                true
            })
            .await;
        self.0.cache.forget_one(&(tenant, connection));
        stored
    }

    async fn commit(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        tokens: &TokenSet,
    ) -> Result<(), VaultError> {
        for _ in 0..ATTEMPTS {
            let now = self.0.clock.now();
            let stored = self.0.store.read(tenant, connection).await?;
            let expected = stored.map_or(Generation::NONE, |record| record.generation);
            let record = self.seal(tenant, connection, expected.next(), tokens, now).await?;
            match self.0.store.commit_success(tenant, connection, TokenCommit::new(expected, record)).await {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == StoreErrorKind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
    }

    async fn seal(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
        tokens: &TokenSet,
        now: Timestamp,
    ) -> Result<TokenRecord, VaultError> {
        let with = self.0.keys.sealer(tenant, now).await?;
        let place = |field| Place { tenant, connection, field, generation };
        let access = with.seal(&place(Field::Access), tokens.access().expose())?;
        let refresh = match tokens.refresh() {
            Some(refresh) => Some(with.seal(&place(Field::Refresh), refresh.expose())?),
            None => None,
        };
        let sealed = Some(SealedTokens::new(access, refresh));
        let mut record = TokenRecord::new(generation, tokens.kind(), sealed, now);
        record.expiry = tokens.expiry();
        record.refresh_expiry = tokens.refresh_expiry();
        record.scopes = tokens.scopes().cloned();
        record.issued_at = tokens.issued_at();
        Ok(record)
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
        let described = self.find(tenant, connection).await?;
        check_status(described.status)?;
        let (record, token) = self.open(tenant, connection, now).await?;
        let usable = Usable::new(token, &record, &described);
        let resolved = usable.resolve(now)?;
        self.0.cache.insert(key, usable, now, epoch);
        Ok(resolved)
    }

    async fn open(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        now: Timestamp,
    ) -> Result<(TokenRecord, AccessToken), VaultError> {
        let record =
            self.0.store.read(tenant, connection).await?.ok_or_else(|| reconnect("no token is stored"))?;
        let sealed = record.sealed.as_ref().ok_or_else(|| reconnect("its token was deleted"))?;
        let place = Place { tenant, connection, field: Field::Access, generation: record.generation };
        let mut secret = self.0.keys.open(&sealed.access, &place, now).await?;
        let token = AccessToken::new(std::mem::take(&mut *secret));
        Ok((record, token))
    }

    /// A token source for the clients of one connection; asks the vault for every call.
    pub fn token_source(&self, tenant: TenantId, connection: ConnectionId) -> Arc<dyn TokenSource> {
        Arc::new(VaultTokenSource::new(self.clone(), tenant, connection))
    }

    /// The provider refused this token. The first refusal of the current token is a warning
    /// ([`ConnectionStatus::NeedsCheck`]); another one, between a minute and a day later, means that the
    /// person must log in again. A refusal of an older token changes nothing.
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
        let (_, current) = self.open(tenant, connection, self.0.clock.now()).await?;
        if !current.ct_eq(used) {
            return Ok(());
        }
        let changed = self
            .change(tenant, connection, |connection, now| {
                let age = now.saturating_duration_since(connection.status_since);
                let next = match connection.status {
                    ConnectionStatus::Connected => ConnectionStatus::NeedsCheck,
                    ConnectionStatus::NeedsCheck if age >= OLD_REFUSAL => ConnectionStatus::NeedsCheck,
                    ConnectionStatus::NeedsCheck if age >= SAME_REFUSAL => {
                        ConnectionStatus::NeedsReauth(ReauthReason::TokenRejected)
                    }
                    _ => return false,
                };
                connection.set_status(next, now);
                true
            })
            .await;
        self.0.cache.forget_one(&(tenant, connection));
        changed.map(|_| ())
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
        let changed = self
            .change(tenant, connection, |connection, now| {
                let gone = connection.status == ConnectionStatus::Disconnected;
                if !gone {
                    connection.set_status(ConnectionStatus::NeedsReauth(reason), now);
                }
                !gone
            })
            .await;
        self.0.cache.forget_one(&(tenant, connection));
        changed
    }

    /// Stops handing out the token and deletes the stored secrets. Does not depend on the provider; may be
    /// repeated.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `NotFound` when this tenant has no such connection; any other kind means that the
    /// secrets may still be there: call it again.
    pub async fn disconnect(&self, tenant: TenantId, connection: ConnectionId) -> Result<(), VaultError> {
        // The mark goes first: from then on no token leaves, whatever happens to the deletion.
        let marked = self
            .change(tenant, connection, |connection, now| {
                connection.set_status(ConnectionStatus::Disconnected, now);
                true
            })
            .await;
        self.0.cache.forget_one(&(tenant, connection));
        marked?;
        Ok(self.0.store.shred(tenant, connection).await?)
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

    async fn find(&self, tenant: TenantId, id: ConnectionId) -> Result<Connection, VaultError> {
        self.0.repo.find(tenant, id).await?.ok_or_else(VaultError::not_found)
    }

    /// Applies `change` to the stored connection until no other writer is faster; `false` = leave it.
    async fn change(
        &self,
        tenant: TenantId,
        id: ConnectionId,
        change: impl Fn(&mut Connection, Timestamp) -> bool + Send + Sync,
    ) -> Result<Connection, VaultError> {
        for _ in 0..ATTEMPTS {
            let now = self.0.clock.now();
            let mut connection = self.find(tenant, id).await?;
            if !change(&mut connection, now) {
                return Ok(connection);
            }
            connection.updated_at = now;
            match self.0.repo.put(connection.clone()).await {
                Ok(version) => {
                    connection.version = version;
                    return Ok(connection);
                }
                Err(error) if error.kind() == StoreErrorKind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(contended())
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
