//! Renewing what a login gave.

use std::time::Duration;

use crate::{Expiry, OAuthClient, OAuthError, Reason, Renewal, ScopeSet, TokenKind, TokenSet};

mod seam;

impl OAuthClient {
    /// Exchanges a token for one that lives longer (Meta: Get Long-Lived Tokens; Instagram Platform: Business
    /// Login; Threads: Long-Lived Tokens): right after the login, for the 60-day token. The old token stays
    /// valid until its own end. [`log_in`](Self::log_in) does it by itself.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Invalid` for a provider or a token without such an exchange, `Reauthorize` when the
    /// token has ended, and those of [`exchange`](Self::exchange).
    pub async fn exchange_long_lived(&self, current: &TokenSet) -> Result<TokenSet, OAuthError> {
        let offered =
            self.provider().long_lived_kind.is_some_and(|kind| is_exchangeable(current.kind(), kind));
        if !offered {
            return Err(OAuthError::because(Reason::NotOffered)
                .with_message("this sort of token has no long-lived form"));
        }
        let fresh = self.endpoint().exchange_long_lived(current.access()).await?;
        Ok(carry_over(fresh.tokens, current))
    }

    /// Buys a new access token with the refresh token (RFC 6749 section 6; LinkedIn: Programmatic Refresh
    /// Tokens). A refresh token or scope list that the answer leaves out is carried over.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Reauthorize` when there is no refresh token (then nothing is sent), or it was revoked
    /// or has ended, and those of [`exchange`](Self::exchange).
    pub async fn refresh_token(&self, current: &TokenSet) -> Result<TokenSet, OAuthError> {
        let gone = OAuthError::because(Reason::NoRefreshToken);
        let Some(refresh) = current.refresh().filter(|refresh| !refresh.is_empty()) else {
            return Err(gone);
        };
        if current.refresh_expiry().is_past(self.now()) {
            return Err(gone.with_message("the refresh token has ended"));
        }
        let fresh = self.endpoint().refresh(refresh, current.kind()).await?;
        Ok(carry_over(fresh.tokens, current))
    }

    /// Gets a token for the app itself (RFC 6749 section 4.4). Get a new one when it ends; do not store it.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Permission` when the app may not do this, `Misconfigured` for a wrong secret, and the
    /// kinds of [`CoreError`](sociogram_api_core::http::CoreError) for the rest.
    pub async fn client_credentials(&self, scopes: &ScopeSet) -> Result<TokenSet, OAuthError> {
        self.endpoint().client_credentials(scopes).await.map(|answer| answer.tokens)
    }

    /// Exchanges a token that is still good for one that ends later.
    async fn renew_itself(&self, current: &TokenSet, min_age: Duration) -> Result<TokenSet, OAuthError> {
        let now = self.now();
        if current.expiry().is_past(now) {
            return Err(OAuthError::because(Reason::NoRefreshToken)
                .with_message("the token has ended, and only a token that is still good can be renewed"));
        }
        let ripe_at = current.issued_at().map(|issued_at| issued_at.saturating_add(min_age));
        let wait = ripe_at.map_or(Duration::ZERO, |ripe_at| ripe_at.saturating_duration_since(now));
        if !wait.is_zero() {
            return Err(OAuthError::because(Reason::TooYoung).with_retry_after(wait));
        }
        let fresh = self.endpoint().renew(current.access(), current.kind()).await?;
        Ok(carry_over(fresh.tokens, current))
    }

    /// Renews it the way that its sort wants.
    async fn renew(&self, current: &TokenSet) -> Result<TokenSet, OAuthError> {
        let not_offered = |why| Err(OAuthError::because(Reason::NotOffered).with_message(why));
        match current.renewal(self.provider().rotation) {
            Renewal::ExchangeNow => self.exchange_long_lived(current).await,
            Renewal::MayExtend => self.renew_itself(current, Duration::ZERO).await,
            Renewal::WhileValid { min_age } => self.renew_itself(current, min_age).await,
            Renewal::RefreshToken(_) => self.refresh_token(current).await,
            Renewal::FromApp => self.client_credentials(current.scopes().unwrap_or(&ScopeSet::new())).await,
            Renewal::Login => Err(OAuthError::because(Reason::NoRefreshToken)),
            Renewal::NotNeeded => not_offered("the token has no end, so it is not renewed"),
            Renewal::FromParent => not_offered("the token is derived anew from its parent's token"),
        }
    }
}

const fn is_exchangeable(from: TokenKind, to: TokenKind) -> bool {
    matches!(
        (from, to),
        (TokenKind::MetaUserShort | TokenKind::MetaUserLong, TokenKind::MetaUserLong)
            | (TokenKind::InstagramUser, TokenKind::InstagramUser)
            | (TokenKind::ThreadsUser, TokenKind::ThreadsUser)
    )
}

/// What the provider did not repeat stays as it was.
fn carry_over(fresh: TokenSet, old: &TokenSet) -> TokenSet {
    let refresh = fresh.refresh().or(old.refresh()).cloned();
    let expiry = match fresh.refresh_expiry() {
        Expiry::Unknown if fresh.refresh().is_none() || same_refresh(&fresh, old) => old.refresh_expiry(),
        known => known,
    };
    // Meta may give back the very token it was given, with no word about its end.
    let same = fresh.access().ct_eq(old.access()) && fresh.expiry() == Expiry::Unknown;
    let mut result = if same { fresh.with_expiry(old.expiry()) } else { fresh };
    if let Some(refresh) = refresh {
        result = result.with_refresh(refresh, expiry);
    }
    match (result.scopes(), old.scopes()) {
        (None, Some(scopes)) => result.with_scopes(scopes.clone()),
        _ => result,
    }
}

fn same_refresh(a: &TokenSet, b: &TokenSet) -> bool {
    matches!((a.refresh(), b.refresh()), (Some(a), Some(b)) if a.ct_eq(b))
}

#[cfg(test)]
mod tests;
