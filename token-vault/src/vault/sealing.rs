//! Token sets in clear and sealed.

use sociogram_oauth_core::{AccessToken, ConnectionId, RefreshToken, TenantId, TokenSet};

use super::Inner;
use crate::{
    Generation, Revocation, SealedTokens, StoredToken, TokenRecord, VaultError,
    data_keys::Sealer,
    envelope::{Field, Place},
    resolve::no_secrets,
};

/// Seals a token set for its place.
pub(crate) fn seal(
    with: &Sealer,
    tenant: TenantId,
    connection: ConnectionId,
    generation: Generation,
    tokens: &TokenSet,
) -> Result<SealedTokens, VaultError> {
    let place = |field| Place { tenant, connection, field, generation };
    let access = with.seal(&place(Field::Access), tokens.access().expose())?;
    let refresh = match tokens.refresh() {
        Some(refresh) => Some(with.seal(&place(Field::Refresh), refresh.expose())?),
        None => None,
    };
    Ok(SealedTokens::new(access, refresh))
}

impl Inner {
    /// The access token in clear.
    pub(crate) async fn open_access(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        stored: &StoredToken,
    ) -> Result<AccessToken, VaultError> {
        let sealed = stored.sealed.as_ref().ok_or_else(no_secrets)?;
        let place = Place { tenant, connection, field: Field::Access, generation: stored.generation };
        let mut secret = self.keys.open(&sealed.access, &place, self.timer.now()).await?;
        Ok(AccessToken::new(std::mem::take(&mut *secret)))
    }

    /// The whole token set in clear, as a provider needs it.
    pub(crate) async fn open_tokens(
        &self,
        tenant: TenantId,
        connection: ConnectionId,
        stored: &StoredToken,
    ) -> Result<TokenSet, VaultError> {
        let sealed = stored.sealed.as_ref().ok_or_else(no_secrets)?;
        let place = Place { tenant, connection, field: Field::Access, generation: stored.generation };
        self.open_set(place, sealed, &stored.token).await
    }

    /// A token set in clear that is kept to withdraw its grant.
    pub(crate) async fn open_kept(&self, kept: &Revocation) -> Result<TokenSet, VaultError> {
        let Revocation { tenant, connection, generation, .. } = *kept;
        let place = Place { tenant, connection, field: Field::Access, generation };
        self.open_set(place, &kept.sealed, &TokenRecord::new(kept.kind)).await
    }

    async fn open_set(
        &self,
        place: Place,
        sealed: &SealedTokens,
        token: &TokenRecord,
    ) -> Result<TokenSet, VaultError> {
        let now = self.timer.now();
        let mut access = self.keys.open(&sealed.access, &place, now).await?;
        let access = AccessToken::new(std::mem::take(&mut *access));
        let mut tokens = TokenSet::new(access, token.kind).with_expiry(token.expiry);
        if let Some(sealed) = &sealed.refresh {
            let place = Place { field: Field::Refresh, ..place };
            let mut refresh = self.keys.open(sealed, &place, now).await?;
            let refresh = RefreshToken::new(std::mem::take(&mut *refresh));
            tokens = tokens.with_refresh(refresh, token.refresh_expiry);
        }
        if let Some(scopes) = &token.scopes {
            tokens = tokens.with_scopes(scopes.clone());
        }
        Ok(match token.issued_at {
            Some(issued_at) => tokens.with_issued_at(issued_at),
            None => tokens,
        })
    }
}
