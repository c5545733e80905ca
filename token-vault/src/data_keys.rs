//! From a tenant to the cipher that seals its secrets.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::TenantId;
use zeroize::Zeroizing;

use crate::{
    DataKey, DataKeyId, DataKeyPosition, DataKeyState, DataKeyTable, KeyContext, KeyError, KeyErrorKind,
    KeyHealth, KeyProvider, SealFault, Sealed, VaultError, Wrapped, WrappedDataKey,
    envelope::{self, Place, SUITE},
    flights::Flights,
    held_keys::{Found, HeldKey, HeldKeys},
    random, wrapping,
};

const MAX_HELD: usize = 10_000;
/// How long the provider is not asked for what can wait, after it failed.
const PAUSE: Duration = Duration::from_secs(15);
/// A data key this old is replaced.
const MAX_AGE: Duration = Duration::from_secs(365 * 24 * 3600);
/// A data key with this many messages is replaced: a quarter of what NIST SP 800-38D allows.
const MAX_MESSAGES: u64 = 1 << 30;
/// With this many, nothing is sealed under it any more. NIST SP 800-38D, 8.3, allows 2^32.
const MESSAGE_LIMIT: u64 = 1 << 31;
/// How many messages a process reports to the key table before it seals them.
const RESERVED: u32 = 4096;
/// How often an active key may change between reading and using it.
const ATTEMPTS: usize = 5;

/// The tenants' data keys: made on first use, wrapped by a [`KeyProvider`], stored in a [`DataKeyTable`].
/// Cheap to clone; clones share everything.
///
/// An unwrapped key is used from memory for ten minutes; at most 10 000 are kept. Concurrent first uses ask
/// the provider once. While the provider does not answer, a key in memory is used for up to an hour; then
/// opening and sealing fail with `Unavailable`.
///
/// A data key is replaced by a new one after a year or 2^30 messages; what is sealed under it stays readable
/// and comes under the new one with its next write.
#[derive(Clone)]
pub struct DataKeys(Arc<Inner>);

struct Inner {
    provider: Arc<dyn KeyProvider>,
    table: Arc<dyn DataKeyTable>,
    held: HeldKeys,
    /// By key and wrapped bytes: what one form of a row gives is no answer about a newer one.
    unwrapping: Flights<(DataKeyPosition, Vec<u8>), Result<Arc<HeldKey>, KeyError>>,
    making: Flights<(TenantId, Option<DataKeyId>), Result<Made, KeyError>>,
    /// Unix milliseconds before which the provider is not asked for what can wait.
    paused_until: AtomicI64,
}

/// A key that was just made and is in no table yet.
#[derive(Clone)]
struct Made {
    row: WrappedDataKey,
    key: Arc<HeldKey>,
}

impl DataKeys {
    /// Joins the key that wraps and the table that keeps.
    pub fn new(provider: Arc<dyn KeyProvider>, table: Arc<dyn DataKeyTable>) -> Self {
        Self(Arc::new(Inner {
            provider,
            table,
            held: HeldKeys::new(MAX_HELD),
            unwrapping: Flights::new(),
            making: Flights::new(),
            paused_until: AtomicI64::new(i64::MIN),
        }))
    }

    /// The data key that the tenant's secrets are sealed under now. A stored secret under another one
    /// ([`Sealed::key_id`]) comes under this one with its next write. `None` before the first secret.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the table cannot be read.
    pub async fn active_key_id(&self, tenant: TenantId) -> Result<Option<DataKeyId>, VaultError> {
        Ok(self.active_row(tenant).await?.map(|row| row.id))
    }

    /// Gives the tenant a new active data key; the one before only opens from then on. Happens by itself
    /// after a year or 2^30 messages. Of concurrent calls one does it; all give the new key.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Unavailable` when the table or the key provider does not answer, `Misconfigured` when
    /// the provider refuses.
    pub async fn rotate(&self, tenant: TenantId, now: Timestamp) -> Result<DataKeyId, VaultError> {
        let active = self.active_row(tenant).await?;
        Ok(self.put_new_key(tenant, active.map(|row| row.id), now).await?.id)
    }

    /// When a key that only opens was replaced, at the latest; `None` when there is no such key.
    pub(crate) async fn replaced_at(
        &self,
        tenant: TenantId,
        key: DataKeyId,
    ) -> Result<Option<Timestamp>, VaultError> {
        let row = self.find_row(tenant, key).await?;
        let Some(row) = row.filter(|row| row.state == DataKeyState::DecryptOnly) else { return Ok(None) };
        let active = self.active_row(tenant).await?;
        Ok(Some(active.map_or(row.created_at, |active| active.created_at)))
    }

    /// Destroys one data key that is no longer active; `false` when there is no such key or it is active.
    /// Everything that is still sealed under it is lost.
    pub(crate) async fn destroy_retired(&self, tenant: TenantId, key: DataKeyId) -> Result<bool, VaultError> {
        let (from, to) = (DataKeyState::DecryptOnly, DataKeyState::Destroyed);
        let destroyed = self.0.table.set_key_state(tenant, key, from, to).await;
        self.0.held.forget(&(tenant, key));
        Ok(destroyed?)
    }

    /// Asks the key provider whether its keys can be used.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when they cannot.
    pub async fn health(&self) -> Result<KeyHealth, KeyError> {
        self.0.provider.health().await
    }

    pub(crate) fn provider(&self) -> &dyn KeyProvider {
        &*self.0.provider
    }

    pub(crate) fn table(&self) -> &dyn DataKeyTable {
        &*self.0.table
    }

    /// A sealer under the tenant's active key, made now if there is none.
    pub(crate) async fn sealer(&self, tenant: TenantId, now: Timestamp) -> Result<Sealer, VaultError> {
        for _ in 0..ATTEMPTS {
            // Read every time: what is sealed under a key that was destroyed meanwhile is lost.
            let row = match self.active_row(tenant).await? {
                Some(row) if is_worn(&row, now) => self.replace_worn(row, now).await?,
                Some(row) => row,
                None => self.put_new_key(tenant, None, now).await?,
            };
            let id = row.id;
            let key = self.key_of(row, now).await?;
            if key.has_allowance() || self.reserve(tenant, id, &key).await? {
                return Ok(Sealer { id, key });
            }
        }
        Err(VaultError::new(ErrorKind::Conflict, "the tenant's data key keeps changing; try again"))
    }

    /// Opens what was sealed for this place.
    pub(crate) async fn open(
        &self,
        sealed: &Sealed,
        place: &Place,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, VaultError> {
        let id = sealed.key_id().ok_or(SealFault::UnsupportedFormat)?;
        let key = match self.0.held.find(&(place.tenant, id), now) {
            Found::Fresh(key) => key,
            Found::Stale(_) | Found::Nothing => {
                let Some(row) = self.find_row(place.tenant, id).await? else {
                    self.0.held.forget(&(place.tenant, id));
                    return Err(SealFault::WrongKey.into());
                };
                self.key_of(row, now).await?
            }
        };
        Ok(envelope::open(&key.cipher, sealed, place)?)
    }

    /// Forgets what is in memory of the tenant.
    pub(crate) fn forget(&self, tenant: TenantId) {
        self.0.held.forget_tenant(tenant);
    }

    /// Destroys every key of the tenant.
    pub(crate) async fn shred(&self, tenant: TenantId) -> Result<(), VaultError> {
        self.0.held.forget_tenant(tenant);
        let destroyed = self.0.table.destroy_keys(tenant).await;
        self.0.held.forget_tenant(tenant);
        destroyed?;
        Ok(())
    }

    async fn active_row(&self, tenant: TenantId) -> Result<Option<WrappedDataKey>, VaultError> {
        match self.0.table.active_key(tenant).await? {
            Some(row) if row.tenant != tenant => Err(foreign_row()),
            row => Ok(row),
        }
    }

    async fn find_row(&self, tenant: TenantId, id: DataKeyId) -> Result<Option<WrappedDataKey>, VaultError> {
        match self.0.table.find_key(tenant, id).await? {
            Some(row) if row.tenant != tenant || row.id != id => Err(foreign_row()),
            row => Ok(row),
        }
    }

    /// A new active key, unless another process was faster; gives the active one.
    async fn put_new_key(
        &self,
        tenant: TenantId,
        replacing: Option<DataKeyId>,
        now: Timestamp,
    ) -> Result<WrappedDataKey, VaultError> {
        let epoch = self.0.held.epoch();
        let made = self.0.making.fly((tenant, replacing), || self.make(tenant, now)).await?;
        let active = self.0.table.insert_active_key(made.row.clone(), replacing).await?;
        if active.tenant != tenant {
            return Err(foreign_row());
        }
        if active.id == made.row.id {
            self.0.held.keep((tenant, active.id), made.key, now, epoch);
        }
        Ok(active)
    }

    async fn make(&self, tenant: TenantId, now: Timestamp) -> Result<Made, KeyError> {
        let key = DataKey::random()?;
        let mut number = [0; 4];
        random::fill(&mut number)?;
        let id = DataKeyId::new(u32::from_be_bytes(number));
        let context = KeyContext::new(tenant, id, SUITE, self.0.provider.id());
        let bytes = wrapping::wrap_one(self.provider(), &context, &key).await?;
        let commitment = wrapping::commitment(&key, tenant, id);
        let wrapped = Wrapped::new(context.kek, bytes);
        let row = WrappedDataKey::new(tenant, id, SUITE, wrapped, commitment, now);
        // What cannot be unwrapped again must not seal anything.
        let key = wrapping::unwrap_one(self.provider(), &row).await?;
        Ok(Made { row, key: Arc::new(HeldKey::new(&key)) })
    }

    /// Replaces a key that has served its time. While that fails, the old one seals on: its time has a margin.
    async fn replace_worn(&self, row: WrappedDataKey, now: Timestamp) -> Result<WrappedDataKey, VaultError> {
        let can_wait = row.messages < MESSAGE_LIMIT;
        if can_wait && self.is_paused(now) {
            return Ok(row);
        }
        match self.put_new_key(row.tenant, Some(row.id), now).await {
            Err(_) if can_wait => {
                self.pause(now);
                Ok(row)
            }
            outcome => outcome,
        }
    }

    /// Reports messages to the table before they are sealed, so that its count is never too low. `false` when
    /// the key is not active any more.
    async fn reserve(&self, tenant: TenantId, id: DataKeyId, key: &HeldKey) -> Result<bool, VaultError> {
        let count = self.0.table.add_messages(tenant, id, RESERVED.into()).await?;
        if count.is_some() {
            key.allow(RESERVED.into());
        }
        Ok(count.is_some())
    }

    /// The unwrapped key of a row that was read just now.
    async fn key_of(&self, row: WrappedDataKey, now: Timestamp) -> Result<Arc<HeldKey>, VaultError> {
        let place = (row.tenant, row.id);
        if row.state == DataKeyState::Destroyed {
            self.0.held.forget(&place);
            return Err(SealFault::Shredded.into());
        }
        if row.suite != SUITE {
            return Err(SealFault::UnsupportedFormat.into());
        }
        let stale = match self.0.held.find(&place, now) {
            Found::Fresh(key) => return Ok(key),
            Found::Stale(key) if self.is_paused(now) => return Ok(key),
            Found::Stale(key) => Some(key),
            Found::Nothing => None,
        };
        let mut answer = self.unwrap(&row, now).await;
        if answer.as_ref().is_err_and(|error| error.kind() == KeyErrorKind::WrongKey)
            && let Some(newer) = self.find_row(row.tenant, row.id).await?
            && newer.wrapped != row.wrapped
        {
            // It was wrapped anew, and the old wrapping key removed, since the row was read.
            answer = self.unwrap(&newer, now).await;
        }
        match (answer, stale) {
            (Err(error), Some(key)) if error.kind() == KeyErrorKind::Unavailable => {
                self.pause(now);
                Ok(key)
            }
            (Err(error), _) if error.kind() != KeyErrorKind::Unavailable => {
                self.0.held.forget(&place);
                Err(error.into())
            }
            (answer, _) => Ok(answer?),
        }
    }

    /// Asks the provider, once for all callers that want this key.
    async fn unwrap(&self, row: &WrappedDataKey, now: Timestamp) -> Result<Arc<HeldKey>, KeyError> {
        let place = (row.tenant, row.id);
        let work = || async move {
            let epoch = self.0.held.epoch();
            let key = Arc::new(HeldKey::new(&wrapping::unwrap_one(self.provider(), row).await?));
            self.0.held.keep(place, Arc::clone(&key), now, epoch);
            Ok(key)
        };
        self.0.unwrapping.fly((place, row.wrapped.bytes.clone()), work).await
    }

    fn pause(&self, now: Timestamp) {
        let until = now.saturating_add(PAUSE).as_unix_millis();
        self.0.paused_until.store(until, Ordering::Relaxed);
    }

    fn is_paused(&self, now: Timestamp) -> bool {
        let until = Timestamp::from_unix_millis(self.0.paused_until.load(Ordering::Relaxed));
        // A clock that stepped back does not make the pause longer.
        now < until && until <= now.saturating_add(PAUSE)
    }
}

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKeys")
            .field("provider", &self.0.provider)
            .field("table", &self.0.table)
            .finish_non_exhaustive()
    }
}

/// Seals under one key.
#[derive(Debug)]
pub(crate) struct Sealer {
    id: DataKeyId,
    key: Arc<HeldKey>,
}

impl Sealer {
    pub(crate) fn seal(&self, place: &Place, secret: &str) -> Result<Sealed, VaultError> {
        self.key.spend();
        envelope::seal(&self.key.cipher, self.id, place, secret)
    }
}

fn is_worn(row: &WrappedDataKey, now: Timestamp) -> bool {
    row.messages >= MAX_MESSAGES || now.saturating_duration_since(row.created_at) >= MAX_AGE
}

fn foreign_row() -> VaultError {
    VaultError::new(ErrorKind::Internal, "the key table gave the row of another key")
}

#[cfg(test)]
mod tests;
