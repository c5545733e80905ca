//! Checking a callback, and trading its code.

use std::fmt;

use sociogram_api_core::{Secret, Timestamp};

use super::{OAuthClient, store_failed};
use crate::{
    Actor, AuthorizationCode, BrowserBinder, CallbackParams, Identity, OAuthError, PkceVerifier, Reason,
    ReturnTo, ScopeRequest, TokenSet,
    binder::Purpose,
    id_token::{self, Expected},
    scope,
    session::{self, Origin, Session},
    token_reply::TokenAnswer,
};

/// A code whose callback was checked against the login it belongs to. There is no other way to get one, so a
/// code cannot be exchanged unchecked:
///
/// ```compile_fail
/// # use sociogram_oauth_core::{CallbackParams, OAuthClient};
/// async fn careless(client: &OAuthClient, callback: CallbackParams) {
///     let _ = client.exchange(callback).await;
/// }
/// ```
pub struct VerifiedCode {
    code: AuthorizationCode,
    verifier: Option<PkceVerifier>,
    nonce: Option<Secret>,
    origin: Origin,
    scopes: ScopeRequest,
    return_to: Option<ReturnTo>,
    expected_user: Option<String>,
    received_at: Timestamp,
}

impl VerifiedCode {
    /// What the login is to bring.
    pub const fn requested_scopes(&self) -> &ScopeRequest {
        &self.scopes
    }

    /// Where the product wanted to go afterwards.
    pub const fn return_to(&self) -> Option<&ReturnTo> {
        self.return_to.as_ref()
    }

    /// Whose account must come back; [`log_in`](OAuthClient::log_in) sees to it.
    pub fn expected_user(&self) -> Option<&str> {
        self.expected_user.as_deref()
    }
}

impl fmt::Debug for VerifiedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedCode")
            .field("provider", &self.origin.provider)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// What the code brought, and what the login was about.
pub(crate) struct Redeemed {
    pub(crate) tokens: TokenSet,
    /// Whose token it is, if the token answer said so.
    pub(crate) user_id: Option<String>,
    /// What the id token says, where one belongs to the login.
    pub(crate) claims: Option<Identity>,
    pub(crate) scopes: ScopeRequest,
    pub(crate) return_to: Option<ReturnTo>,
    pub(crate) expected_user: Option<String>,
}

impl OAuthClient {
    /// Checks a callback against the login it names and uses that login up, whatever the outcome.
    ///
    /// `binder` comes from the browser's cookie, or from wherever an app that is no web site kept it; `actor`
    /// is the person signed in to the product now. Answer the browser with [`CALLBACK_STATUS`],
    /// [`CALLBACK_HEADERS`] and the cleared cookie.
    ///
    /// [`CALLBACK_STATUS`]: crate::CALLBACK_STATUS
    /// [`CALLBACK_HEADERS`]: crate::CALLBACK_HEADERS
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Rejected` when there is no such open login, or it was started by another person, in
    /// another browser or at another provider (the text is the same for all; which of these it is, only
    /// [`reason`](OAuthError::reason) tells); with [`denial`](OAuthError::denial) set when the provider gave no
    /// code; `Unavailable` when the session store does not answer.
    pub async fn complete(
        &self,
        callback: CallbackParams,
        binder: &BrowserBinder,
        actor: &Actor,
    ) -> Result<VerifiedCode, OAuthError> {
        let received_at = self.now();
        let key = session::key(callback.state.expose());
        let blob = self.0.sessions.take(&key, received_at).await.map_err(store_failed)?;
        let session = blob.as_deref().and_then(Session::from_blob).ok_or(Reason::SessionUnknown);
        let checked = session.and_then(|session| {
            session.check(&self.0.origin, actor, binder, received_at)?;
            self.check_issuer(callback.issuer.as_deref())?;
            Ok(session)
        });
        let session = checked.map_err(|why| self.refuse(why))?;
        let derive = |purpose| binder.derive(purpose, callback.state.expose());
        match callback.outcome {
            Ok(code) => Ok(VerifiedCode {
                code,
                verifier: session.pkce.then(|| PkceVerifier::new(derive(Purpose::PkceVerifier))),
                nonce: session.nonce.then(|| Secret::new(derive(Purpose::Nonce))),
                origin: self.0.origin.clone(),
                scopes: session.scopes,
                return_to: session.return_to,
                expected_user: session.expected_user,
                received_at,
            }),
            Err(mut denial) => {
                denial.return_to = session.return_to;
                Err(denial.into())
            }
        }
    }

    /// RFC 9207 section 2.4, and the same for a provider that names itself without having promised it.
    fn check_issuer(&self, issuer: Option<&str>) -> Result<(), Reason> {
        match issuer {
            Some(issuer) if self.0.provider.issuers.iter().any(|known| known == issuer) => Ok(()),
            Some(_) => Err(Reason::IssuerMismatch),
            None if self.0.provider.iss_required => Err(Reason::IssuerMissing),
            None => Ok(()),
        }
    }

    fn refuse(&self, why: Reason) -> OAuthError {
        tracing::warn!(provider = self.0.provider.label, reason = why.as_str(), "login callback refused");
        OAuthError::because(why)
    }

    /// Trades the code for a token, and nothing more. Sent once: if no answer comes, the login has to be
    /// started again.
    ///
    /// Nothing has been asked about the token yet: neither whose it is nor what was granted. Unless you do that
    /// yourself, use [`log_in`](Self::log_in).
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Reauthorize` when the code has expired or was used (nothing is sent if it is known to
    /// be too old), `Misconfigured` for a wrong secret or redirect URI (also for a code of another client),
    /// `InDoubt` when no usable answer came, `Decode` when the answer is no token, `Rejected` when the id
    /// token was not made for this login, and the kinds of
    /// [`CoreError`](sociogram_api_core::http::CoreError) for the rest.
    pub async fn exchange(&self, verified: VerifiedCode) -> Result<TokenSet, OAuthError> {
        self.redeem(verified).await.map(|redeemed| redeemed.tokens)
    }

    pub(crate) async fn redeem(&self, verified: VerifiedCode) -> Result<Redeemed, OAuthError> {
        if verified.origin != self.0.origin {
            return Err(
                OAuthError::because(Reason::Setup).with_message("the code belongs to another OAuth client")
            );
        }
        if self.now() >= verified.received_at.saturating_add(self.0.provider.code_life) {
            return Err(OAuthError::because(Reason::CodeTooOld));
        }
        let redirect_uri = self.0.origin.redirect_uri();
        let answer = self.0.endpoint.exchange_code(&verified.code, verified.verifier.as_ref(), redirect_uri);
        let answer = answer.await?;
        let claims = self.check_id_token(&answer, verified.nonce.as_ref())?;
        let TokenAnswer { tokens, user_id, .. } = answer;
        let VerifiedCode { scopes, return_to, expected_user, .. } = verified;
        Ok(Redeemed { tokens, user_id, claims, scopes, return_to, expected_user })
    }

    /// OpenID Connect Core 3.1.3.3 and 3.1.3.7: where `openid` was granted, an id token comes and names this
    /// login.
    fn check_id_token(
        &self,
        answer: &TokenAnswer,
        nonce: Option<&Secret>,
    ) -> Result<Option<Identity>, OAuthError> {
        let Some(nonce) = nonce else { return Ok(None) };
        let expected = Expected {
            issuers: &self.0.provider.issuers,
            client_id: &self.0.origin.client_id,
            nonce,
            now: self.now(),
        };
        match &answer.id_token {
            Some(id_token) => id_token::check(id_token, &expected).map(Some),
            // An answer without a scope list grants what was asked for.
            None if answer.tokens.scopes().is_none_or(|scopes| scopes.contains(scope::OPENID)) => {
                Err(OAuthError::because(Reason::IdTokenInvalid)
                    .with_message("the provider granted `openid` and sent no id token"))
            }
            None => Ok(None),
        }
    }
}
