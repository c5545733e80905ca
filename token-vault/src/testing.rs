//! For tests and measurements: the contract suite of stores, a store that fails when told to, and the sealed form
//! under one fixed key. Exempt from semantic versioning.

#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a check that does not hold panics: that is what it is for"
)]

mod faulty_store;
mod scripted_refresh;
pub mod store_contract;
mod store_methods;

pub use faulty_store::{Fault, FaultyStore};
pub use scripted_refresh::{Answer, Call, ScriptedRefresh};

use sociogram_oauth_core::{ConnectionId, TenantId};
use zeroize::Zeroizing;

use crate::{
    DataKey, DataKeyId, Generation, ResolveOptions, Resolved, SealFault, Sealed, Vault, VaultError,
    cipher::Cipher,
    envelope::{self, Field, Place},
    random,
};

/// [`Vault::resolve`] where it takes nothing but handing out what is in memory, without the future around it: for
/// measurements. `None` if it takes more.
pub fn resolve_from_memory(
    vault: &Vault,
    tenant: TenantId,
    connection: ConnectionId,
) -> Option<Result<Resolved, VaultError>> {
    vault.0.hit(&(tenant, connection), &ResolveOptions::new())
}

/// Makes the ids of new connections and the jitter of waits come out the same for the same seed, on this thread and
/// from now on. Keys, nonces and claims stay random.
pub fn seed_ids_and_jitter(seed: u64) {
    random::foreseen::seed(seed);
}

/// Seals and opens access tokens of one connection under one data key, as a vault does. Nonces come from the
/// operating system here too.
#[derive(Debug)]
pub struct SealedForm {
    cipher: Cipher,
    id: DataKeyId,
    place: Place,
}

impl SealedForm {
    /// For one key and one place.
    pub fn new(
        key: &DataKey,
        id: DataKeyId,
        tenant: TenantId,
        connection: ConnectionId,
        generation: Generation,
    ) -> Self {
        let place = Place { tenant, connection, field: Field::Access, generation };
        Self { cipher: Cipher::new(key.expose()), id, place }
    }

    /// Seals.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Invalid` for a secret that is empty or longer than 64 KiB, `Unavailable` when the
    /// operating system gives no random bytes.
    pub fn seal(&self, secret: &str) -> Result<Sealed, VaultError> {
        envelope::seal(&self.cipher, self.id, &self.place, secret)
    }

    /// Opens.
    ///
    /// # Errors
    ///
    /// [`SealFault`]: `UnsupportedFormat` or `Tampered`.
    pub fn open(&self, sealed: &Sealed) -> Result<Zeroizing<String>, SealFault> {
        envelope::open(&self.cipher, sealed, &self.place)
    }
}
