//! What a provider tells about a person, for every tenant that has connected them.

use std::sync::Arc;

use sociogram_api_core::ErrorKind;
use sociogram_oauth_core::{ConnectionId, TenantId};

use super::{Vault, disconnect::Ending};
use crate::{Account, Asset, AuditActor, CrossTenant, Retirement, VaultError};

/// Answers the callbacks of a provider, which knows no tenants: a person may be connected by several. Not for requests
/// of a tenant. Made by [`Vault::callbacks`]; clones share everything.
#[derive(Clone, Debug)]
pub struct Callbacks {
    vault: Vault,
    across: Arc<dyn CrossTenant>,
}

/// A connection that ended because the grant was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Withdrawn {
    /// Whose it was.
    pub tenant: TenantId,
    /// Which one.
    pub connection: ConnectionId,
    /// What was linked to it, and to the connections derived from it, until now.
    pub assets: Vec<Asset>,
}

impl Vault {
    /// For the callbacks of providers, over the same store.
    pub fn callbacks<S: CrossTenant>(&self, store: Arc<S>) -> Callbacks {
        Callbacks { vault: self.clone(), across: store }
    }
}

impl Callbacks {
    /// The person has removed the app ("Facebook Login: Manually Build a Login Flow", deauthorize callback; Instagram
    /// and Threads have the same): ends every connection of every tenant to the account, and those derived from them,
    /// as revoked. Secrets are deleted, assets unlinked, the product is told. Nothing is kept for a revocation: there
    /// is no grant any more. May be repeated; gives those that it ended.
    ///
    /// `account` must come from a request whose signature was checked.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when some of them may not have ended: call it again. The others have.
    pub async fn deauthorized(&self, account: &Account) -> Result<Vec<Withdrawn>, VaultError> {
        let end = Ending { how: Retirement::Revoked, withdraw: false, actor: AuditActor::Provider };
        let (mut ended, mut failed) = (Vec::new(), None);
        for holder in self.across.holders(account).await? {
            if holder.state.is_retired() {
                continue;
            }
            match self.vault.end(holder.tenant, holder.connection, &end).await {
                Ok(assets) => {
                    ended.push(Withdrawn { tenant: holder.tenant, connection: holder.connection, assets });
                }
                // Removed a moment ago.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(ended), Err)
    }

    /// The person wants their data deleted ("Facebook Login: Data Deletion Request Callback"): deletes every connection
    /// of every tenant to the account, and those derived from them. The product is told of each
    /// ([`Erased`](crate::EventKind::Erased)), so that it can delete what it made of it. May be repeated; gives those
    /// that it deleted.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when it is not certain that everything is deleted: call it again.
    pub async fn erase_account(
        &self,
        account: &Account,
        actor: AuditActor,
    ) -> Result<Vec<(TenantId, ConnectionId)>, VaultError> {
        let erased = self.across.erase_account(account, actor).await;
        match &erased {
            Ok(erased) => erased.iter().for_each(|key| self.vault.0.cache.forget_one(key)),
            // Whatever was erased before it failed must not be handed out from memory.
            Err(_) => self.vault.0.cache.forget(|_| true),
        }
        Ok(erased?)
    }

    /// Deletes everything of a tenant, its data keys included: what is left of it in backups is noise. Its audit stays
    /// without the ids of people. May be repeated; gives how many connections were deleted.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when it is not certain that everything is deleted: call it again.
    pub async fn erase_tenant(&self, tenant: TenantId, actor: AuditActor) -> Result<u64, VaultError> {
        let erased = self.across.erase_tenant(tenant, actor).await;
        self.vault.0.keys.forget(tenant);
        self.vault.0.cache.forget(|(owner, _)| *owner == tenant);
        Ok(erased?)
    }
}
