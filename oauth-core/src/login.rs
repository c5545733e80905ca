//! A login from the code to what may be stored.

use sociogram_api_core::ErrorKind;

use crate::{
    Expiry, Identity, OAuthClient, OAuthError, Permissions, Reason, ReauthReason, ReturnTo, ScopeReport,
    ScopeRequest, ScopeSet, TokenFacts, TokenKind, TokenSet, VerifiedCode, client::Redeemed,
};

/// A login that passed every check: what to store, and for whom.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Login {
    /// The tokens, with their end and their scopes as far as the provider told them.
    pub tokens: TokenSet,
    /// Whose account it is. Store its id: a later reconnect names it
    /// ([`StartRequest::for_user`](crate::StartRequest::for_user)).
    pub identity: Identity,
    /// What was granted of what was asked for.
    pub scopes: ScopeReport,
    /// What the provider said about the token, where it can be asked.
    pub facts: Option<TokenFacts>,
    /// Where the product wanted to go afterwards.
    pub return_to: Option<ReturnTo>,
}

impl Login {
    /// Goes on only if every required scope was granted.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Permission` with [`scope_report`](OAuthError::scope_report), to ask again with
    /// [`StartRequest::reconsent`](crate::StartRequest::reconsent). The provider has given out a token all the
    /// same: whoever does not want to keep a connection with fewer scopes calls this before it stores
    /// anything.
    pub fn require_scopes(self) -> Result<Self, OAuthError> {
        let missing = self.scopes.missing_required();
        if missing.is_empty() {
            return Ok(self);
        }
        Err(OAuthError::because(Reason::ScopesMissing)
            .with_message(format!("required scopes were not granted: {missing}"))
            .with_scope_report(self.scopes))
    }
}

/// What became of a revocation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Revocation {
    /// The provider confirmed it.
    Confirmed,
    /// The provider has no way to revoke: the token stays good until its end. Forget it.
    NotOffered,
}

impl OAuthClient {
    /// Takes a login from the code to what may be stored: exchanges the code, exchanges the token for the
    /// long-lived one where there is one, and asks the provider whose token it is and what was granted.
    ///
    /// The login fails unless the token was made for this app and is active, every answer names the same
    /// user, and that user is the one of [`StartRequest::for_user`](crate::StartRequest::for_user). Whether the
    /// granted scopes are enough is for the product to say: [`Login::require_scopes`].
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: those of [`exchange`](Self::exchange); `Rejected` for a token of another app or answers
    /// about different users; `Conflict` for another account than the connected one; `Reauthorize` for a token
    /// that is not active; `Misconfigured` when nobody can tell whose token it is; and what the provider's
    /// [hooks](crate::ProviderHooks) fail with. The code is used up in every case.
    pub async fn log_in(&self, verified: VerifiedCode) -> Result<Login, OAuthError> {
        let redeemed = self.redeem(verified).await?;
        self.examine(redeemed).await.map_err(after_exchange)
    }

    async fn examine(&self, redeemed: Redeemed) -> Result<Login, OAuthError> {
        let Redeemed { tokens, user_id, claims, scopes, return_to, expected_user } = redeemed;
        let mut tokens = match self.provider().long_lived_kind {
            Some(_) => self.exchange_long_lived(&tokens).await?,
            None => tokens,
        };
        let facts = match self.provider().hooks.inspect(tokens.access()).await? {
            Some(facts) => Some(facts),
            None => unless_closed(self.endpoint().introspect(tokens.access().expose()).await)?,
        };
        if let Some(facts) = &facts {
            self.check_facts(facts)?;
        }
        let identity = self.whose(&tokens, facts.as_ref(), claims, user_id).await?;
        if expected_user.is_some_and(|expected| expected != identity.id) {
            return Err(OAuthError::because(Reason::AccountSwapped));
        }
        if let (Expiry::Unknown, Some(facts)) = (tokens.expiry(), &facts) {
            tokens = tokens.with_expiry(facts.expiry);
        }
        let permissions = self.granted(&tokens, facts.as_ref(), &scopes).await?;
        if let Some(permissions) = &permissions {
            tokens = tokens.with_scopes(permissions.granted.clone());
        }
        let Permissions { granted, declined, expired, .. } = permissions.unwrap_or_default();
        let scopes = ScopeReport::compare(&scopes, &granted, &declined, &expired);
        self.log_scopes(&scopes);
        Ok(Login { tokens, identity, scopes, facts, return_to })
    }

    fn log_scopes(&self, report: &ScopeReport) {
        let provider = self.provider().label;
        if !report.is_complete() {
            tracing::warn!(provider, missing = %report.missing, "a login brought fewer scopes than asked for");
        }
        if !report.extra.is_empty() {
            tracing::info!(provider, extra = %report.extra, "a login brought more scopes than asked for");
        }
    }

    /// RFC 9700 section 4.6: a token of another app is never taken, however it got here.
    fn check_facts(&self, facts: &TokenFacts) -> Result<(), OAuthError> {
        if self.is_foreign(facts) {
            return Err(OAuthError::because(Reason::ForeignToken));
        }
        if !facts.active {
            return Err(OAuthError::because(Reason::TokenInactive));
        }
        Ok(())
    }

    /// Whether the token was made for another app.
    pub(crate) fn is_foreign(&self, facts: &TokenFacts) -> bool {
        facts.client_id.as_deref().is_some_and(|id| id != self.client_id())
    }

    /// Whose token it is, if all who say so agree.
    async fn whose(
        &self,
        tokens: &TokenSet,
        facts: Option<&TokenFacts>,
        claims: Option<Identity>,
        user_id: Option<String>,
    ) -> Result<Identity, OAuthError> {
        let subject = facts.and_then(|facts| facts.subject.as_deref());
        let hooked = self.provider().hooks.identify(tokens.access()).await?;
        // A hook may know the account by another id than the id token's subject; the userinfo endpoint may not
        // (OpenID Connect Core 5.3.2).
        let (found, comparable) = match hooked {
            Some(identity) => (Some(identity), None),
            None => (self.userinfo(tokens, claims.is_some()).await?, claims.as_ref()),
        };
        if !agree([subject, found.as_ref().map(id), comparable.map(id)]) {
            return Err(OAuthError::because(Reason::SubjectMismatch));
        }
        // The token answer's own id comes last: Instagram's is another than the account's.
        let known = found.or(claims).or_else(|| subject.map(Identity::new)).or(user_id.map(Identity::new));
        known
            .filter(|identity| !identity.id.is_empty())
            .ok_or_else(|| OAuthError::because(Reason::IdentityUnknown))
    }

    /// What the userinfo endpoint says, where it is for this token. `named`: the id token has told whose it is, so
    /// an endpoint that refuses the token is not needed (an access token for one API is not good for another).
    async fn userinfo(&self, tokens: &TokenSet, named: bool) -> Result<Option<Identity>, OAuthError> {
        match unless_forbidden(self.endpoint().userinfo(tokens.access()).await) {
            Err(error) if named && error.kind() == ErrorKind::Reauthorize => Ok(None),
            told => told,
        }
    }

    /// What was granted, from whoever knows it best; `None` if nobody does.
    async fn granted(
        &self,
        tokens: &TokenSet,
        facts: Option<&TokenFacts>,
        requested: &ScopeRequest,
    ) -> Result<Option<Permissions>, OAuthError> {
        if let Some(permissions) = self.provider().hooks.permissions(tokens.access()).await? {
            return Ok(Some(permissions));
        }
        let told = facts.and_then(|facts| facts.scopes.as_ref()).or(tokens.scopes()).cloned();
        // RFC 6749 section 5.1: an answer without a list grants what was asked for. Threads names the scopes to
        // testers alone; Facebook's and Instagram's answers may lack a list although a part was declined.
        let standard =
            matches!(tokens.kind(), TokenKind::Generic | TokenKind::LinkedInMember | TokenKind::ThreadsUser);
        Ok(told.or_else(|| standard.then(|| requested.all())).map(only_granted))
    }

    /// What the provider says about the token (Meta: Debug Token; LinkedIn: Token Introspection; RFC 7662).
    /// `None` if it cannot be asked.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked. A token that is not good is no error, but
    /// [`TokenFacts::active`] is `false`.
    pub async fn inspect(&self, tokens: &TokenSet) -> Result<Option<TokenFacts>, OAuthError> {
        match self.provider().hooks.inspect(tokens.access()).await? {
            Some(facts) => Ok(Some(facts)),
            None => self.endpoint().introspect(tokens.access().expose()).await,
        }
    }

    /// As [`inspect`](Self::inspect), but `None` also where this app may not ask.
    pub(crate) async fn inspect_if_open(&self, tokens: &TokenSet) -> Result<Option<TokenFacts>, OAuthError> {
        match unless_forbidden(self.provider().hooks.inspect(tokens.access()).await)? {
            Some(facts) => Ok(Some(facts)),
            None => unless_closed(self.endpoint().introspect(tokens.access().expose()).await),
        }
    }

    /// Whose token it is. `None` if the provider cannot be asked.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    pub async fn identify(&self, tokens: &TokenSet) -> Result<Option<Identity>, OAuthError> {
        match self.provider().hooks.identify(tokens.access()).await? {
            Some(identity) => Ok(Some(identity)),
            None => self.endpoint().userinfo(tokens.access()).await,
        }
    }

    /// What the person granted and declined, as of now (Meta: User Permissions; elsewhere the scopes of the
    /// introspection). `None` if the provider cannot be asked.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider could not be asked or refused the token.
    pub async fn permissions(&self, tokens: &TokenSet) -> Result<Option<Permissions>, OAuthError> {
        if let Some(permissions) = self.provider().hooks.permissions(tokens.access()).await? {
            return Ok(Some(permissions));
        }
        let facts = self.endpoint().introspect(tokens.access().expose()).await?;
        Ok(facts.filter(|facts| facts.active).and_then(|facts| facts.scopes).map(only_granted))
    }

    /// Withdraws the tokens at the provider: its own way (Meta takes the app off the account), else RFC 7009 for
    /// the refresh token and then the access token. Both are tried even if the first fails. A refusal that says
    /// that the grant is gone confirms it.
    ///
    /// A provider that is away must not keep anybody from disconnecting: forget the tokens first, revoke
    /// then. Other connections of the same account and app may lose their tokens too.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the provider did not confirm; it may be tried again.
    pub async fn revoke(&self, tokens: &TokenSet) -> Result<Revocation, OAuthError> {
        if unless_gone(self.provider().hooks.revoke(tokens).await)? {
            return Ok(Revocation::Confirmed);
        }
        let refresh = match tokens.refresh().filter(|refresh| !refresh.is_empty()) {
            Some(refresh) => unless_gone(self.endpoint().revoke(refresh.expose(), "refresh_token").await),
            None => Ok(false),
        };
        let access = unless_gone(self.endpoint().revoke(tokens.access().expose(), "access_token").await);
        Ok(if refresh? | access? { Revocation::Confirmed } else { Revocation::NotOffered })
    }
}

fn id(identity: &Identity) -> &str {
    &identity.id
}

/// Whether all that are named are the same.
fn agree(named: [Option<&str>; 3]) -> bool {
    let mut named = named.into_iter().flatten();
    named.next().is_none_or(|first| named.all(|other| other == first))
}

/// A question that this app or this token may not ask is one without an answer: LinkedIn's userinfo refuses
/// tokens without `openid`, and many introspection endpoints are for the provider's own servers.
fn unless_forbidden<T>(answer: Result<Option<T>, OAuthError>) -> Result<Option<T>, OAuthError> {
    match answer {
        Err(error) if error.kind() == ErrorKind::Permission => Ok(None),
        answer => answer,
    }
}

/// The same for the standard's introspection. Servers also refuse it as if they did not know the app, which the
/// token endpoint has just disproved: to an app without a secret, or one registered for another method.
fn unless_closed(answer: Result<Option<TokenFacts>, OAuthError>) -> Result<Option<TokenFacts>, OAuthError> {
    match unless_forbidden(answer) {
        Err(error) if error.reason() == Reason::ClientRefused => Ok(None),
        answer => answer,
    }
}

/// A refusal that says that there is nothing to withdraw any more. A token that ended for another reason, such as a
/// new password, does not say that of the grant.
fn unless_gone(answer: Result<bool, OAuthError>) -> Result<bool, OAuthError> {
    let gone = |error: &OAuthError| {
        let reason = error.reauth_reason();
        error.kind() == ErrorKind::Reauthorize
            && matches!(reason, None | Some(ReauthReason::GrantRevoked | ReauthReason::AppRemoved))
    };
    match answer {
        Err(error) if gone(&error) => Ok(true),
        answer => answer,
    }
}

fn only_granted(granted: ScopeSet) -> Permissions {
    let mut permissions = Permissions::new();
    permissions.granted = granted;
    permissions
}

/// The code is gone by now, so trying again means the whole login.
fn after_exchange(error: OAuthError) -> OAuthError {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::InDoubt
        | ErrorKind::Throttled
        | ErrorKind::Server
        | ErrorKind::Decode
        | ErrorKind::CircuitOpen
        | ErrorKind::Unavailable => error.with_action("start the login again later: the code is used up"),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
