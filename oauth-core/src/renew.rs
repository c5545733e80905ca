//! Renewing what a login gave.

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::{Expiry, OAuthClient, OAuthError, Refresh, RefreshError, RefreshErrorKind, TokenKind, TokenSet};

impl OAuthClient {
    /// Exchanges a token for one that lives longer (Meta: Get Long-Lived Tokens): right after the login, for
    /// the 60-day token. The old token stays valid until its own end.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Invalid` for a provider or a token without such an exchange, `Reauthorize` when the
    /// token has ended, and those of [`exchange`](Self::exchange).
    pub async fn exchange_long_lived(&self, current: &TokenSet) -> Result<TokenSet, OAuthError> {
        let target = self.provider().long_lived_kind.filter(|kind| is_exchangeable(current.kind(), *kind));
        let Some(kind) = target else {
            return Err(OAuthError::new(
                ErrorKind::Invalid,
                "this sort of token has no long-lived form; keep it as it is",
            ));
        };
        let fresh = self.endpoint().exchange_token(current.access(), kind).await?;
        Ok(carry_over(fresh, current))
    }

    /// Buys a new access token with the refresh token (LinkedIn: Programmatic Refresh Tokens). A refresh
    /// token or scope list that the answer leaves out is carried over.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Reauthorize` when there is no refresh token (then nothing is sent), or it was revoked
    /// or has ended, and those of [`exchange`](Self::exchange).
    pub async fn refresh_token(&self, current: &TokenSet) -> Result<TokenSet, OAuthError> {
        let gone = |why| OAuthError::new(ErrorKind::Reauthorize, why);
        let refresh = current
            .refresh()
            .filter(|refresh| !refresh.is_empty())
            .ok_or_else(|| gone("there is no refresh token to renew the access with"))?;
        if current.refresh_expiry().is_past(self.now()) {
            return Err(gone("the refresh token has ended"));
        }
        let fresh = self.endpoint().refresh(refresh, current.kind()).await?;
        Ok(carry_over(fresh, current))
    }
}

const fn is_exchangeable(from: TokenKind, to: TokenKind) -> bool {
    matches!((from, to), (TokenKind::MetaUserShort | TokenKind::MetaUserLong, TokenKind::MetaUserLong))
}

/// What the provider did not repeat stays as it was.
fn carry_over(fresh: TokenSet, old: &TokenSet) -> TokenSet {
    let refresh = fresh.refresh().or(old.refresh()).cloned();
    let expiry = match fresh.refresh_expiry() {
        Expiry::Unknown => old.refresh_expiry(),
        known => known,
    };
    let mut result = fresh;
    if let Some(refresh) = refresh {
        result = result.with_refresh(refresh, expiry);
    }
    match (result.scopes(), old.scopes()) {
        (None, Some(scopes)) => result.with_scopes(scopes.clone()),
        _ => result,
    }
}

#[async_trait]
impl Refresh for OAuthClient {
    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        let renewed = match self.provider().renewal {
            crate::provider::Renew::RefreshToken => self.refresh_token(current).await,
            crate::provider::Renew::TokenExchange => self.exchange_long_lived(current).await,
        };
        renewed.map_err(refresh_error)
    }
}

/// Both ways of renewal leave the old token good, so an unknown outcome may be tried again.
fn refresh_error(error: OAuthError) -> RefreshError {
    let kind = match error.kind() {
        ErrorKind::Reauthorize => RefreshErrorKind::Revoked,
        ErrorKind::Misconfigured | ErrorKind::Permission | ErrorKind::Invalid | ErrorKind::Rejected => {
            RefreshErrorKind::Misconfigured
        }
        _ => RefreshErrorKind::Retry,
    };
    let wait = error.retry_after();
    let refresh = RefreshError::new(kind, error.to_string()).with_source(error);
    match wait {
        Some(wait) => refresh.with_retry_after(wait),
        None => refresh,
    }
}

#[cfg(test)]
mod tests;
