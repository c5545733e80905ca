//! A connection of the vault as a client sees it.

use std::sync::Arc;

use async_trait::async_trait;
use sociogram_oauth_core::{AccessToken, ConnectionId, TenantId, TokenError, TokenSource};

use crate::Vault;

#[derive(Debug)]
pub(crate) struct VaultTokenSource {
    vault: Vault,
    tenant: TenantId,
    connection: ConnectionId,
}

impl VaultTokenSource {
    pub(crate) const fn new(vault: Vault, tenant: TenantId, connection: ConnectionId) -> Self {
        Self { vault, tenant, connection }
    }
}

#[async_trait]
impl TokenSource for VaultTokenSource {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        match self.vault.resolve(self.tenant, self.connection).await {
            Ok(resolved) => Ok(resolved.token),
            Err(error) => Err(TokenError::new(error.kind(), error.to_string()).with_source(error)),
        }
    }

    async fn reject(&self, used: &AccessToken) {
        // Whatever keeps the mark from being written fails the next `token` as well, where it is reported.
        let _ = self.vault.reject(self.tenant, self.connection, used).await;
    }
}
