//! The audit, as a product reads and adds to it.

use sociogram_oauth_core::{ConnectionId, TenantId};

use super::Vault;
use crate::{AuditActor, AuditEntry, AuditPage, AuditQuery, VaultError};

impl Vault {
    /// What was done with the tenant's connections, the latest first.
    ///
    /// ```
    /// # use sociogram_oauth_core::{ConnectionId, TenantId};
    /// # use sociogram_token_vault::{AuditAction, AuditQuery, Vault, VaultError};
    /// # async fn example(vault: Vault, tenant: TenantId, connection: ConnectionId) -> Result<(), VaultError> {
    /// let query = AuditQuery::latest(50).of(connection).only(AuditAction::RefreshFailed);
    /// let mut page = vault.audit(tenant, query.clone()).await?;
    /// loop {
    ///     for entry in &page.records {
    ///         let why = entry.reason.as_ref().map_or("", |reason| reason.as_str());
    ///         println!("{} {} {} {why}", entry.at, entry.actor, entry.action);
    ///     }
    ///     let Some(next) = page.next else { break };
    ///     page = vault.audit(tenant, query.clone().after(next)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the store does not answer.
    pub async fn audit(&self, tenant: TenantId, query: AuditQuery) -> Result<AuditPage, VaultError> {
        Ok(self.0.stores.audit.query(tenant, query).await?)
    }

    /// Adds entries about something that the vault cannot know: a login that was started, whose callback came
    /// ([`SessionConsumed`](crate::AuditAction::SessionConsumed)), or was refused. Changes of connections are
    /// recorded by the vault itself.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when it is not certain that they were added.
    pub async fn record(
        &self,
        tenant: TenantId,
        actor: AuditActor,
        connection: Option<ConnectionId>,
        entries: Vec<AuditEntry>,
    ) -> Result<(), VaultError> {
        Ok(self.0.stores.audit.append(tenant, actor, connection, entries).await?)
    }
}
