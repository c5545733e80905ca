//! The login in steps: start, complete, exchange.

use std::{fmt, sync::Arc};

use http::Method;
use sociogram_api_core::{
    ErrorKind, SystemClock, Timestamp,
    http::{Observer, RequestParts, Timer, Transport},
};
use url::Url;

use crate::{
    Actor, AuthorizationCode, BinderCookie, BrowserBinder, CallbackParams, ClientSecret, NewSession,
    OAuthError, PkceVerifier, Provider, RedirectUri, ReturnTo, Scope, ScopeSet, SessionStore, TokenSet, pkce,
    random,
    session::{self, Mismatch, Origin, Session, TTL},
    token_endpoint::TokenEndpoint,
};

/// Headers for the answer to a callback, besides status 303 and the cleared cookie: the code and the state
/// stay out of `Referer` and caches.
pub const CALLBACK_HEADERS: [(&str, &str); 2] =
    [("referrer-policy", "no-referrer"), ("cache-control", "no-store")];

/// One app at one provider: starts logins, completes them, renews tokens. Cheap to clone.
#[derive(Clone)]
pub struct OAuthClient(Arc<Inner>);

struct Inner {
    provider: Provider,
    origin: Origin,
    sessions: Arc<dyn SessionStore>,
    endpoint: TokenEndpoint,
    timer: Arc<dyn Timer>,
    cookie: BinderCookie,
}

/// Sets up an [`OAuthClient`].
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct OAuthClientBuilder {
    provider: Provider,
    client_id: String,
    secret: ClientSecret,
    redirect_uri: RedirectUri,
    transport: Option<Arc<dyn Transport>>,
    sessions: Option<Arc<dyn SessionStore>>,
    timer: Arc<dyn Timer>,
    observer: Option<Arc<dyn Observer>>,
    insecure_cookie: bool,
}

impl OAuthClientBuilder {
    /// What sends the bytes. Required. It must not follow redirects.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Where logins wait. Required; must be shared by all processes that serve callbacks.
    pub fn sessions(mut self, sessions: Arc<dyn SessionStore>) -> Self {
        self.sessions = Some(sessions);
        self
    }

    /// Where the time comes from; the system's clock unless set.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// Who watches the calls to the token endpoint.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Uses a cookie that also works over plain http. Only with a redirect URI on loopback.
    pub fn insecure_loopback_cookie(mut self) -> Self {
        self.insecure_cookie = true;
        self
    }

    /// The client. Sends nothing and reads nothing.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Misconfigured` when the transport or the session store is missing, the client
    /// id or the secret is empty, an endpoint is not usable, or the insecure cookie is asked for with a
    /// redirect URI that is not plain http on loopback.
    pub fn build(self) -> Result<OAuthClient, OAuthError> {
        let misconfigured = |what| OAuthError::new(ErrorKind::Misconfigured, what);
        let transport = self.transport.ok_or_else(|| misconfigured("set a transport"))?;
        let sessions = self.sessions.ok_or_else(|| misconfigured("set a session store"))?;
        if self.client_id.trim().is_empty() {
            return Err(misconfigured("the client id is empty; copy it from the app's settings"));
        }
        if self.secret.expose().trim().is_empty() {
            return Err(misconfigured("the client secret is empty; copy it from the app's settings"));
        }
        if self.insecure_cookie && !self.redirect_uri.is_loopback_http() {
            return Err(misconfigured(
                "the insecure cookie is for development on loopback; leave it out for this redirect URI",
            ));
        }
        let id = self.provider.id();
        let cookie =
            if self.insecure_cookie { BinderCookie::insecure_loopback(id) } else { BinderCookie::secure(id) };
        let origin = Origin {
            provider: id.as_str().to_owned(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.as_str().to_owned(),
            authorize_url: self.provider.checked_authorize_url()?,
            token_url: self.provider.token_url(),
        };
        let endpoint = TokenEndpoint::new(
            self.provider.clone(),
            self.client_id,
            self.secret,
            self.redirect_uri,
            transport,
            Arc::clone(&self.timer),
            self.observer,
        )?;
        let (provider, timer) = (self.provider, self.timer);
        Ok(OAuthClient(Arc::new(Inner { provider, origin, sessions, endpoint, timer, cookie })))
    }
}

/// What a login is to ask for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StartRequest {
    /// Who is connecting.
    pub actor: Actor,
    /// What to ask for. Meta's person may decline parts of it.
    pub scopes: ScopeSet,
    /// Where the product wants to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// Whether to ask again for what was declined before (Facebook); others ignore it.
    pub rerequest: bool,
}

impl StartRequest {
    /// For these scopes, with nowhere to return to.
    pub const fn new(actor: Actor, scopes: ScopeSet) -> Self {
        Self { actor, scopes, return_to: None, rerequest: false }
    }

    /// Sets where the product wants to go afterwards.
    pub fn with_return_to(mut self, return_to: ReturnTo) -> Self {
        self.return_to = Some(return_to);
        self
    }

    /// Asks again for scopes that the person declined before.
    pub fn with_rerequest(mut self) -> Self {
        self.rerequest = true;
        self
    }
}

/// A login that was started: set the cookie, then send the browser to the URL. `Debug` shows neither.
#[non_exhaustive]
pub struct Authorization {
    /// Where to send the browser, with status 303.
    pub url: Url,
    /// What to put into the browser's cookie; see [`OAuthClient::cookie`].
    pub binder: BrowserBinder,
    /// Until when the person can come back.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

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
    origin: Origin,
    scopes: ScopeSet,
    return_to: Option<ReturnTo>,
}

impl VerifiedCode {
    /// The scopes that were asked for. Compare them with what was granted.
    pub const fn requested_scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    /// Where the product wanted to go afterwards.
    pub const fn return_to(&self) -> Option<&ReturnTo> {
        self.return_to.as_ref()
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

impl OAuthClient {
    /// A client for this app. The redirect URI is the one registered at the provider.
    pub fn builder(
        provider: Provider,
        client_id: impl Into<String>,
        secret: ClientSecret,
        redirect_uri: RedirectUri,
    ) -> OAuthClientBuilder {
        OAuthClientBuilder {
            provider,
            client_id: client_id.into(),
            secret,
            redirect_uri,
            transport: None,
            sessions: None,
            timer: Arc::new(SystemClock::new()),
            observer: None,
            insecure_cookie: false,
        }
    }

    /// The provider.
    pub fn provider(&self) -> &Provider {
        &self.0.provider
    }

    /// The app's id at the provider.
    pub fn client_id(&self) -> &str {
        &self.0.origin.client_id
    }

    /// The cookie that carries the binder.
    pub fn cookie(&self) -> &BinderCookie {
        &self.0.cookie
    }

    pub(crate) fn endpoint(&self) -> &TokenEndpoint {
        &self.0.endpoint
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.timer.now()
    }

    /// Starts a login. It can be completed for ten minutes, once, by the same person in the same browser.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Invalid` for an empty app user or a scope that is not one word, `Unavailable` when the
    /// session store does not answer.
    pub async fn start(&self, request: StartRequest) -> Result<Authorization, OAuthError> {
        let invalid = |what| OAuthError::new(ErrorKind::Invalid, what);
        if request.actor.app_user.is_empty() {
            return Err(invalid("the app user is empty; pass the id of the signed-in person"));
        }
        if !request.scopes.iter().all(Scope::is_well_formed) {
            return Err(invalid("a scope is empty or holds a separator; pass each one by itself"));
        }
        let now = self.now();
        let expires_at = now.saturating_add(TTL);
        let state = random::token()?;
        let binder = BrowserBinder::random()?;
        let verifier = self.0.provider.pkce.verifier()?;
        let url = self.authorize_url(&request, &state, verifier.as_ref())?;

        let owner = request.actor.owner();
        let mut session =
            Session::new(self.0.origin.clone(), request.actor, &binder, verifier.as_ref(), expires_at);
        session.scopes = request.scopes;
        session.return_to = request.return_to;
        let kept = NewSession::new(session::key(&state), owner, session.to_blob()?, now, expires_at);
        self.0.sessions.put(kept).await.map_err(store_failed)?;
        Ok(Authorization { url, binder, expires_at })
    }

    fn authorize_url(
        &self,
        request: &StartRequest,
        state: &str,
        verifier: Option<&PkceVerifier>,
    ) -> Result<Url, OAuthError> {
        let Inner { provider, origin, .. } = &*self.0;
        // Written by our own encoder: LinkedIn wants a space as `%20`, never as `+`.
        let mut query = RequestParts::new(Method::GET, "/");
        query
            .query("response_type", "code")
            .query("client_id", &origin.client_id)
            .query("redirect_uri", &origin.redirect_uri)
            .query("state", state);
        if !request.scopes.is_empty() {
            query.query("scope", request.scopes.join(provider.scope_separator));
        }
        if let Some(verifier) = verifier {
            query.query("code_challenge", pkce::challenge(verifier)).query("code_challenge_method", "S256");
        }
        if let Some((name, value)) = provider.rerequest.filter(|_| request.rerequest) {
            query.query(name, value);
        }
        Url::parse(&format!("{}?{}", origin.authorize_url, query.query_string()))
            .map_err(|_| OAuthError::new(ErrorKind::Misconfigured, "the authorization endpoint is not a URL"))
    }

    /// Checks a callback against the login it names and uses that login up, whatever the outcome.
    ///
    /// `binder` comes from the browser's cookie, `actor` is the person signed in to the product now. Answer
    /// the browser with status 303, [`CALLBACK_HEADERS`] and the cleared cookie.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Rejected` when there is no such open login, or it was started by another person, in
    /// another browser or at another provider (which of these is only logged); with
    /// [`denial`](OAuthError::denial) set when the provider gave no code; `Unavailable` when the session store
    /// does not answer.
    pub async fn complete(
        &self,
        callback: CallbackParams,
        binder: &BrowserBinder,
        actor: &Actor,
    ) -> Result<VerifiedCode, OAuthError> {
        let now = self.now();
        let key = session::key(callback.state.expose());
        let blob = self.0.sessions.take(&key, now).await.map_err(store_failed)?;
        let session = blob.as_deref().and_then(Session::from_blob).ok_or(Mismatch::Unknown);
        let checked = session.and_then(|session| {
            session.check(&self.0.origin, actor, binder, now)?;
            let foreign = |issuer: &String| !self.0.provider.issuers.contains(&issuer.as_str());
            if callback.issuer.as_ref().is_some_and(foreign) { Err(Mismatch::Provider) } else { Ok(session) }
        });
        let mut session = checked.map_err(|why| self.refuse(why))?;
        match callback.outcome {
            Ok(code) => Ok(VerifiedCode {
                code,
                verifier: session.take_verifier(),
                origin: self.0.origin.clone(),
                scopes: session.scopes,
                return_to: session.return_to,
            }),
            Err(mut denial) => {
                denial.return_to = session.return_to;
                Err(denial.into())
            }
        }
    }

    fn refuse(&self, why: Mismatch) -> OAuthError {
        tracing::warn!(provider = self.0.provider.label, reason = ?why, "login callback refused");
        OAuthError::new(
            ErrorKind::Rejected,
            "this login is not open any more, or was started by someone else or in another browser",
        )
        .with_action("start the login again, in one browser and within ten minutes")
    }

    /// Trades the code for a token. Sent once: if no answer comes, the login has to be started again.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Reauthorize` when the code has expired or was used, `Misconfigured` for a wrong secret
    /// or redirect URI (also for a code of another client), `InDoubt` when no usable answer came, `Decode` when
    /// the answer is no token, and the kinds of
    /// [`CoreError`](sociogram_api_core::http::CoreError) for the rest.
    pub async fn exchange(&self, verified: VerifiedCode) -> Result<TokenSet, OAuthError> {
        if verified.origin != self.0.origin {
            return Err(OAuthError::new(
                ErrorKind::Misconfigured,
                "the code belongs to another OAuth client",
            ));
        }
        let tokens = self.0.endpoint.exchange_code(&verified.code, verified.verifier.as_ref()).await;
        tokens.map_err(|error| match error.kind() {
            ErrorKind::InDoubt => error.with_action("start the login again: the code may be used up"),
            _ => error,
        })
    }
}

fn store_failed(error: crate::SessionStoreError) -> OAuthError {
    OAuthError::new(ErrorKind::Unavailable, "the session store does not answer").with_source(error)
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClient")
            .field("provider", &self.0.provider)
            .field("client_id", &self.0.origin.client_id)
            .field("sessions", &self.0.sessions)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests;
