//! The client as a vault sees it.

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::{
    OAuthClient, OAuthError, Reason, ReauthReason, Refresh, RefreshError, RefreshErrorKind, Renewal,
    Revocation, Rotation, ScopeChange, TokenCheck, TokenFacts, TokenSet,
};

#[async_trait]
impl Refresh for OAuthClient {
    fn rotation(&self) -> Rotation {
        self.provider().rotation
    }

    /// A token that only [may be extended](Renewal::MayExtend) is exchanged like any other, and the answer is handed
    /// on whatever its end: whether that has moved is for the caller to judge.
    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        let renewed = self.renew(current).await.map_err(|error| {
            let renewal = current.renewal(self.rotation());
            let spends = matches!(renewal, Renewal::RefreshToken(Rotation::Grace(_) | Rotation::Strict));
            refresh_error(kind(&error, spends), error)
        })?;
        if let (Some(before), Some(after)) = (current.scopes(), renewed.scopes()) {
            let change = ScopeChange::between(before, after);
            if change.has_lost() {
                tracing::warn!(provider = self.provider().label, lost = %change.lost, "scopes were lost at a renewal");
            }
        }
        Ok(renewed)
    }

    async fn derive(&self, parent: &TokenSet, account_id: &str) -> Result<TokenSet, RefreshError> {
        let derived = self.provider().hooks.derive(parent, account_id).await;
        let derived = derived.map_err(|error| refresh_error(kind(&error, false), error))?;
        derived.ok_or_else(|| {
            let message = "no token of another account is derived from this sort of token";
            RefreshError::new(RefreshErrorKind::NotOffered, message)
        })
    }

    /// A question that this app may not ask is [`NotOffered`](TokenCheck::NotOffered): many introspection endpoints are
    /// for the provider's own servers. A refusal of the question is never a token that is dead, because it is about
    /// the app that asks. A token that is good, but was made for another app (RFC 9700 section 4.6), is dead for this
    /// one: [`LegacyToken`](ReauthReason::LegacyToken).
    async fn check(&self, current: &TokenSet) -> Result<TokenCheck, RefreshError> {
        let facts = self
            .inspect_if_open(current)
            .await
            .map_err(|error| refresh_error(blaming_the_asker(kind(&error, false)), error))?;
        let Some(facts) = facts else { return Ok(TokenCheck::NotOffered) };
        if !facts.active {
            return Ok(TokenCheck::Dead(self.why_dead(&facts, current)));
        }
        if self.is_foreign(&facts) {
            tracing::warn!(provider = self.provider().label, "a stored token was made for another app");
            return Ok(TokenCheck::Dead(ReauthReason::LegacyToken));
        }
        Ok(TokenCheck::Good(Box::new(facts)))
    }

    /// A token that is not accepted just now, and may be again once the person has done what the provider wants,
    /// fails as `Refused`: the grant may still be there.
    async fn revoke(&self, tokens: &TokenSet) -> Result<bool, RefreshError> {
        match Self::revoke(self, tokens).await {
            Ok(revocation) => Ok(revocation == Revocation::Confirmed),
            Err(error) => {
                let kind = match (error.kind(), error.reauth_reason()) {
                    (ErrorKind::Permission, _) | (_, Some(ReauthReason::Checkpoint)) => {
                        RefreshErrorKind::Refused
                    }
                    _ => kind(&error, false),
                };
                Err(refresh_error(kind, error))
            }
        }
    }
}

impl OAuthClient {
    /// Of a token that is not active. RFC 7662 section 2.2 wants nothing but that said about it.
    fn why_dead(&self, facts: &TokenFacts, current: &TokenSet) -> ReauthReason {
        facts.reauth_reason.unwrap_or_else(|| {
            let now = self.now();
            let ended = facts.expiry.is_past(now) || current.expiry().is_past(now);
            if ended { ReauthReason::GrantExpired } else { ReauthReason::TokenRejected }
        })
    }
}

/// `spends`: the provider takes a refresh token once, so an unknown outcome may have used it up.
fn kind(error: &OAuthError, spends: bool) -> RefreshErrorKind {
    match (error.reason(), error.kind()) {
        (Reason::NotOffered, _) => RefreshErrorKind::NotOffered,
        (Reason::TooYoung, _) => RefreshErrorKind::Throttled,
        // A permission that is gone comes back through the login only.
        (_, ErrorKind::Reauthorize | ErrorKind::Permission) => RefreshErrorKind::Revoked,
        // An endpoint that moved away is like a wrong setting: no connection can be renewed.
        (Reason::Redirected, _) | (_, ErrorKind::Misconfigured) => RefreshErrorKind::Misconfigured,
        (_, ErrorKind::Throttled | ErrorKind::CircuitOpen) => RefreshErrorKind::Throttled,
        (_, ErrorKind::Invalid | ErrorKind::Internal) => RefreshErrorKind::Defect,
        _ if error.was_not_sent() => RefreshErrorKind::NotSent,
        (_, ErrorKind::InDoubt | ErrorKind::Server | ErrorKind::Decode) if spends => {
            RefreshErrorKind::InDoubt
        }
        (_, ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Conflict) => RefreshErrorKind::Refused,
        _ => RefreshErrorKind::Transient,
    }
}

/// Of a question about a token: what was refused is the one who asks.
const fn blaming_the_asker(kind: RefreshErrorKind) -> RefreshErrorKind {
    match kind {
        RefreshErrorKind::Revoked => RefreshErrorKind::Refused,
        other => other,
    }
}

fn refresh_error(kind: RefreshErrorKind, error: OAuthError) -> RefreshError {
    let reason = error.reauth_reason().or(match error.reason() {
        Reason::NoRefreshToken => Some(ReauthReason::GrantExpired),
        Reason::PermissionMissing => Some(ReauthReason::PermissionsLost),
        _ => None,
    });
    let wait = error.retry_after();
    let mut refresh = RefreshError::new(kind, error.to_string()).with_source(error);
    if let Some(reason) = reason {
        refresh = refresh.with_reauth_reason(reason);
    }
    match wait {
        Some(wait) => refresh.with_retry_after(wait),
        None => refresh,
    }
}
