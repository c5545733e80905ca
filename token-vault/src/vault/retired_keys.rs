//! Data keys that are not needed any more.

use std::time::Duration;

use sociogram_oauth_core::TenantId;

use super::Vault;
use crate::{AuditAction, AuditActor, AuditEntry, DataKeyId, Refusal, VaultError};

/// A write that took the key while it was active is over by then.
const UNDER_WAY: Duration = Duration::from_secs(3600);

impl Vault {
    /// Destroys a data key that was replaced: what is still sealed under it in a backup is lost for good. Refused
    /// while a stored token set, or one that waits to be revoked, is sealed under it, and for an hour after the
    /// tenant's active key was made, since a write may be under way. `false` when there is no such key, or it is
    /// active. Afterwards no backup that needs it may have to be restored.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: `Conflict` while it may be needed ([`Refusal::KeyInUse`]), `Unavailable` when the store does not
    /// answer or the deletion is not certain.
    pub async fn retire_data_key(&self, tenant: TenantId, key: DataKeyId) -> Result<bool, VaultError> {
        let Some(replaced_at) = self.0.keys.replaced_at(tenant, key).await? else { return Ok(false) };
        if replaced_at.saturating_add(UNDER_WAY) > self.0.timer.now()
            || self.0.stores.tokens.rows_under(tenant, key).await? > 0
        {
            return Err(VaultError::refused(Refusal::KeyInUse));
        }
        // Written first: a destroyed key that the audit does not know of would be worse than the reverse.
        let entries = vec![AuditEntry::new(AuditAction::KeyDestroyed)];
        self.0.stores.audit.append(tenant, AuditActor::Service, None, entries).await?;
        self.0.keys.destroy_retired(tenant, key).await
    }
}
