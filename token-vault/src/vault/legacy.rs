//! Tokens from before the login, and the way out of them.

use sociogram_oauth_core::{ReauthReason, TenantId, TokenSet};

use super::Vault;
use crate::{Connection, ConnectionFilter, ConnectionState, NewConnection, Origin, Unusable, VaultError};

const PAGE: usize = 100;

impl Vault {
    /// Takes over a token that was pasted by hand before there was a login. It is handed out like any other, and
    /// marked ([`Origin::Legacy`]) until the account is connected by a login.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: those of [`connect`](Self::connect); `Conflict` when the account is connected by a login
    /// already; `Reauthorize` where such tokens are refused
    /// ([`require_oauth`](crate::VaultBuilder::require_oauth)).
    pub async fn import_legacy(
        &self,
        new: NewConnection,
        tokens: &TokenSet,
    ) -> Result<Connection, VaultError> {
        if self.0.config.require_oauth {
            return Err(VaultError::unusable_because(Unusable::OAuthRequired));
        }
        self.store_login(new, tokens, Origin::Legacy).await
    }

    /// Every connection of the tenant that still holds a token from before the login, in the order of their ids:
    /// those that the cut-over concerns. Rows that cannot be read are left out.
    ///
    /// # Errors
    ///
    /// [`VaultError`] of kind `Unavailable` when the store does not answer.
    pub async fn legacy_connections(&self, tenant: TenantId) -> Result<Vec<Connection>, VaultError> {
        let filter = ConnectionFilter::all().of_origin(Origin::Legacy);
        let mut legacy = Vec::new();
        let mut after = None;
        loop {
            let page = self.0.stores.connections.list(tenant, &filter, after, PAGE).await?;
            legacy.extend(page.connections.into_iter().filter(|one| !one.state.is_retired()));
            after = page.next;
            if after.is_none() {
                return Ok(legacy);
            }
        }
    }

    /// Cuts over: every connection of the tenant that holds a token from before the login needs one from now on
    /// ([`ReauthReason::LegacyToken`]), and the product is told about each. Gives those connections. May be
    /// repeated.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when one of them could not be written: call it again.
    pub async fn end_legacy(&self, tenant: TenantId) -> Result<Vec<Connection>, VaultError> {
        let mut ended = Vec::new();
        for connection in self.legacy_connections(tenant).await? {
            let reason = ReauthReason::LegacyToken;
            ended.push(match connection.state {
                ConnectionState::NeedsReauth(_) => connection,
                _ => self.mark_needs_reauth(tenant, connection.id, reason).await?,
            });
        }
        Ok(ended)
    }
}
