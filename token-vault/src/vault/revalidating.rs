//! What is in memory, looked through or thrown away at once.

use sociogram_oauth_core::{ConnectionId, TenantId};

use super::Vault;
use crate::{Revision, VaultError, meter, vault::ConnectionKey};

/// How many revisions are asked for in one call.
pub(crate) const BATCH: usize = 500;

/// What became of the connections in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revalidated {
    /// Still as they are in memory.
    pub unchanged: usize,
    /// Changed or gone, or in memory for five minutes without being opened again: they are read again when somebody
    /// needs them.
    pub forgotten: usize,
}

impl Vault {
    /// Forgets what is in memory of a connection: for a message that another process has changed it, and for
    /// callbacks of a provider. The next [`resolve`](Self::resolve) reads it.
    pub fn forget(&self, tenant: TenantId, connection: ConnectionId) {
        self.0.cache.forget_one(&(tenant, connection));
    }

    /// Asks the store which of the connections in memory have changed, many in one call, and forgets those. Called
    /// more often than every [`max_staleness`](crate::VaultBuilder::max_staleness), it spares the reads of single
    /// connections; a change elsewhere is noticed as often as it is called. What follows from destroyed keys
    /// ([`shred_tenant`](Self::shred_tenant)) is noticed within five minutes more.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when the store does not answer. What was not asked about by then ages as before.
    pub async fn revalidate(&self) -> Result<Revalidated, VaultError> {
        let mut cached = self.0.cache.collect(|key, entry| (*key, entry.revision()));
        cached.sort_unstable();
        let mut sum = Revalidated::default();
        for of_tenant in cached.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
            for batch in of_tenant.chunks(BATCH) {
                self.revalidate_batch(batch, &mut sum).await?;
            }
        }
        meter::cache_entries(self.cached_len());
        Ok(sum)
    }

    /// How many connections are in memory.
    pub fn cached_len(&self) -> usize {
        self.0.cache.len()
    }

    async fn revalidate_batch(
        &self,
        of_one_tenant: &[(ConnectionKey, Revision)],
        sum: &mut Revalidated,
    ) -> Result<(), VaultError> {
        let Some(((tenant, _), _)) = of_one_tenant.first() else { return Ok(()) };
        let vault = &self.0;
        let asked_at = vault.timer.now();
        let ids: Vec<_> = of_one_tenant.iter().map(|((_, id), _)| *id).collect();
        let mut stored = vault.stores.tokens.revisions(*tenant, &ids).await?;
        stored.sort_unstable();
        let now = vault.timer.now();
        for (key, seen) in of_one_tenant {
            let same = stored.binary_search(&(key.1, *seen)).is_ok();
            // What was read anew meanwhile is none of what was asked about.
            let kept = vault.cache.change(key, |entry| {
                (entry.revision() == *seen).then(|| same && entry.revalidate(asked_at, now))
            });
            match kept.flatten() {
                Some(true) => sum.unchanged += 1,
                Some(false) => {
                    vault.cache.forget_one(key);
                    sum.forgotten += 1;
                }
                None => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
