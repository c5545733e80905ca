//! From a tenant to the cipher that seals its secrets.

use std::{fmt, sync::Arc, time::Duration};

use sociogram_api_core::{ErrorKind, Timestamp};
use sociogram_oauth_core::TenantId;
use subtle::ConstantTimeEq;

use crate::{
    DataKey, DataKeyId, DataKeyTable, KekId, KeyProvider, SealFault, Sealed, VaultError, WrappedDataKey,
    cache::Cache,
    cipher::Cipher,
    envelope::{self, Place, SUITE},
    mac::mac,
    random,
};

const COMMITMENT: &[u8] = b"sociogram data key 1";
/// How long an unwrapped key is kept. A tenant shredded in another process stays readable here that long.
const KEPT_FOR: Duration = Duration::from_secs(600);
const MAX_KEPT: usize = 10_000;

/// The tenants' data keys: made on first use, wrapped by a [`KeyProvider`], stored in a [`DataKeyTable`].
///
/// Unwrapped keys are kept in memory for at most ten minutes.
pub struct DataKeys {
    provider: Arc<dyn KeyProvider>,
    table: Arc<dyn DataKeyTable>,
    unwrapped: Cache<(TenantId, DataKeyId), Arc<Cipher>>,
}

impl DataKeys {
    /// Joins the key that wraps and the table that keeps.
    pub fn new(provider: Arc<dyn KeyProvider>, table: Arc<dyn DataKeyTable>) -> Self {
        Self { provider, table, unwrapped: Cache::new(MAX_KEPT, KEPT_FOR) }
    }

    /// A sealer under the tenant's active key, made now if there is none.
    pub(crate) async fn sealer(&self, tenant: TenantId, now: Timestamp) -> Result<Sealer, VaultError> {
        let row = match self.table.active_key(tenant).await? {
            Some(row) => row,
            None => self.table.insert_active_key(self.make(tenant, now).await?).await?,
        };
        let cipher = self.cipher_of(&row, tenant, row.id, now).await?;
        Ok(Sealer { id: row.id, cipher })
    }

    /// Opens what was sealed for this place.
    pub(crate) async fn open(
        &self,
        sealed: &Sealed,
        place: &Place,
        now: Timestamp,
    ) -> Result<zeroize::Zeroizing<String>, VaultError> {
        let id = sealed.key_id().ok_or(SealFault::UnsupportedFormat)?;
        let cipher = if let Some(cipher) = self.unwrapped.get(&(place.tenant, id), now) {
            cipher
        } else {
            let row = self.table.find_key(place.tenant, id).await?.ok_or(SealFault::WrongKey)?;
            self.cipher_of(&row, place.tenant, id, now).await?
        };
        Ok(envelope::open(&cipher, sealed, place)?)
    }

    /// Destroys every key of the tenant.
    pub(crate) async fn shred(&self, tenant: TenantId) -> Result<(), VaultError> {
        self.unwrapped.forget(|(owner, _)| *owner == tenant);
        self.table.destroy_keys(tenant).await?;
        self.unwrapped.forget(|(owner, _)| *owner == tenant);
        Ok(())
    }

    async fn make(&self, tenant: TenantId, now: Timestamp) -> Result<WrappedDataKey, VaultError> {
        let key = DataKey::random()?;
        let mut number = [0; 4];
        random::fill(&mut number)?;
        let id = DataKeyId::new(u32::from_be_bytes(number));
        let kek = self.provider.id();
        let wrapped = self.provider.wrap(&kek, &key, &wrap_aad(tenant, id, SUITE, &kek)).await?;
        Ok(WrappedDataKey::new(tenant, id, SUITE, kek, wrapped, commitment(&key, tenant, id), now))
    }

    async fn cipher_of(
        &self,
        row: &WrappedDataKey,
        tenant: TenantId,
        id: DataKeyId,
        now: Timestamp,
    ) -> Result<Arc<Cipher>, VaultError> {
        if row.tenant != tenant || row.id != id {
            return Err(VaultError::new(ErrorKind::Internal, "the key table gave the row of another key"));
        }
        if let Some(cipher) = self.unwrapped.get(&(tenant, id), now) {
            return Ok(cipher);
        }
        if row.suite != SUITE {
            return Err(SealFault::UnsupportedFormat.into());
        }
        let epoch = self.unwrapped.epoch();
        let aad = wrap_aad(tenant, id, row.suite, &row.kek);
        let key = self.provider.unwrap(&row.kek, &row.wrapped, &aad).await?;
        if !commits_to(&key, tenant, id, &row.commitment) {
            return Err(SealFault::Tampered.into());
        }
        let cipher = Arc::new(Cipher::new(key.expose()));
        self.unwrapped.insert((tenant, id), Arc::clone(&cipher), now, epoch);
        Ok(cipher)
    }
}

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKeys")
            .field("provider", &self.provider)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

/// Seals under one key.
#[derive(Debug)]
pub(crate) struct Sealer {
    id: DataKeyId,
    cipher: Arc<Cipher>,
}

impl Sealer {
    pub(crate) fn seal(&self, place: &Place, secret: &str) -> Result<Sealed, VaultError> {
        envelope::seal(&self.cipher, self.id, place, secret)
    }
}

/// Tenant, key id, suite, wrapping key: only the last part varies in width.
fn wrap_aad(tenant: TenantId, id: DataKeyId, suite: u8, kek: &KekId) -> Vec<u8> {
    let mut aad = Vec::with_capacity(21 + kek.as_str().len());
    aad.extend_from_slice(tenant.as_bytes());
    aad.extend_from_slice(&id.get().to_be_bytes());
    aad.push(suite);
    aad.extend_from_slice(kek.as_str().as_bytes());
    aad
}

fn commitment(key: &DataKey, tenant: TenantId, id: DataKeyId) -> [u8; 32] {
    mac(key.expose(), &[COMMITMENT, tenant.as_bytes(), &id.get().to_be_bytes()])
}

fn commits_to(key: &DataKey, tenant: TenantId, id: DataKeyId, expected: &[u8; 32]) -> bool {
    commitment(key, tenant, id).ct_eq(expected).into()
}
