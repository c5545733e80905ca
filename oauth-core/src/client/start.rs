//! Starting a login.

use std::fmt;

use http::Method;
use sociogram_api_core::{Timestamp, http::RequestParts};
use url::Url;

use super::{OAuthClient, store_failed};
use crate::{
    Actor, BrowserBinder, NewSession, OAuthError, PkceSupport, PkceVerifier, Provider, Reason, ReturnTo,
    Scope, ScopeReport, ScopeRequest, ScopeSet,
    binder::Purpose,
    pkce,
    provider::endpoint::append_query,
    random, scope,
    session::{self, Session, TTL},
};

/// What a login is to ask for, and whose it is to be.
///
/// ```
/// use sociogram_oauth_core::{Actor, ScopeRequest, ScopeSet, StartRequest, TenantId, scope};
///
/// let scopes = ScopeRequest::new(ScopeSet::from_static(&[scope::PAGES_SHOW_LIST]))
///     .with_optional(ScopeSet::from_static(&[scope::READ_INSIGHTS]));
/// let actor = Actor::new(TenantId::from_bytes([1; 16]), "user-7");
/// // A reconnect: another account than this one is refused.
/// let request = StartRequest::new(actor, scopes).for_user("10158…");
/// assert_eq!(request.user.as_deref(), Some("10158…"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StartRequest {
    /// Who is connecting.
    pub actor: Actor,
    /// What the login is to bring. Meta's person may decline parts of it.
    pub scopes: ScopeRequest,
    /// Where the product wants to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// Whether to ask again for what was declined before (Facebook); others ignore it.
    pub rerequest: bool,
    /// The account's id at the provider, when it is connected already.
    pub user: Option<String>,
    /// Whether another account than [`user`](Self::user) will do.
    pub other_user_allowed: bool,
    granted: ScopeSet,
}

impl StartRequest {
    /// For these scopes, for whichever account the person signs in to.
    pub fn new(actor: Actor, scopes: impl Into<ScopeRequest>) -> Self {
        Self {
            actor,
            scopes: scopes.into(),
            return_to: None,
            rerequest: false,
            user: None,
            other_user_allowed: false,
            granted: ScopeSet::new(),
        }
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

    /// Asks again after a login that did not bring everything.
    ///
    /// Where a provider adds grants up (Facebook Login), only what is missing is asked for; elsewhere the whole
    /// request is, because a token of a smaller request may replace the larger one. Either way the next report
    /// is about the whole request.
    pub fn reconsent(mut self, report: &ScopeReport) -> Self {
        self.granted = report.granted.clone();
        self.rerequest |= !report.declined.is_empty();
        self
    }

    /// Makes it a reconnect of the account with this id at the provider
    /// ([`Identity::id`](crate::Identity::id)): the login fails if another account comes back.
    pub fn for_user(mut self, id: impl Into<String>) -> Self {
        self.user = Some(id.into());
        self
    }

    /// Lets another account come back all the same.
    pub fn allow_other_user(mut self) -> Self {
        self.other_user_allowed = true;
        self
    }

    /// What to ask the person for.
    fn asked(&self, provider: &Provider) -> ScopeSet {
        let all = self.scopes.all();
        let missing = self.granted.missing(&all);
        // Nothing missing means that the person logs in anew, not that nothing is wanted.
        if provider.incremental && !missing.is_empty() { missing } else { all }
    }
}

/// A login that was started: set the cookie, then send the browser to the URL. `Debug` shows neither.
#[non_exhaustive]
pub struct Authorization {
    /// Where to send the browser, with status 303.
    pub url: Url,
    /// What to put into the browser's cookie (see [`OAuthClient::cookie`]). An app that is no web site keeps it
    /// in memory until the callback comes.
    pub binder: BrowserBinder,
    /// Until when the person can come back.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A login that is kept, before its URL is written.
pub(crate) struct Opened {
    pub(crate) state: String,
    pub(crate) binder: BrowserBinder,
    pub(crate) expires_at: Timestamp,
}

impl OAuthClient {
    /// Starts a login. It can be completed for ten minutes, once, by the same person in the same browser.
    ///
    /// Scopes that newer apps are refused, and those that no one app of LinkedIn is given together, are logged as a
    /// warning.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: `Invalid` for an empty app user or account id, a scope that is not one word, or one that
    /// another login product gives; `Misconfigured` for a provider whose logins start in a script
    /// ([`start_embedded`](Self::start_embedded)); `Unavailable` when the session store does not answer.
    pub async fn start(&self, request: StartRequest) -> Result<Authorization, OAuthError> {
        if self.0.origin.redirect_uri().is_none() {
            return Err(OAuthError::because(Reason::NotOffered)
                .with_message("this login product has no redirect")
                .with_action("use `start_embedded`"));
        }
        let asked = request.asked(&self.0.provider);
        let rerequest = request.rerequest;
        let (opened, nonce) = self.open(request, &asked).await?;
        let url = self.authorize_url(&asked, rerequest, &opened, nonce)?;
        Ok(Authorization { url, binder: opened.binder, expires_at: opened.expires_at })
    }

    /// Checks the request and keeps the session; tells whether a nonce belongs to it.
    pub(crate) async fn open(
        &self,
        request: StartRequest,
        asked: &ScopeSet,
    ) -> Result<(Opened, bool), OAuthError> {
        check(&self.0.provider, &request)?;
        warn_of_refusals(&self.0.provider, asked);
        let now = self.now();
        let expires_at = now.saturating_add(TTL);
        let state = random::token()?;
        let binder = BrowserBinder::random()?;

        let owner = request.actor.owner();
        let mut session = Session::new(self.0.origin.clone(), request.actor, &binder, expires_at);
        session.scopes = request.scopes;
        session.return_to = request.return_to;
        session.expected_user = request.user.filter(|_| !request.other_user_allowed);
        session.pkce = self.0.provider.pkce != PkceSupport::Unsupported;
        session.nonce = self.0.provider.nonce && asked.contains(scope::OPENID);
        let nonce = session.nonce;
        let kept = NewSession::new(session::key(&state), owner, session.to_blob()?, now, expires_at);
        self.0.sessions.put(kept).await.map_err(store_failed)?;
        Ok((Opened { state, binder, expires_at }, nonce))
    }

    fn authorize_url(
        &self,
        asked: &ScopeSet,
        rerequest: bool,
        opened: &Opened,
        nonce: bool,
    ) -> Result<Url, OAuthError> {
        let (provider, origin, state) = (&self.0.provider, &self.0.origin, opened.state.as_str());
        // Written by our own encoder: LinkedIn wants a space as `%20`, never as `+`.
        let mut query = RequestParts::new(Method::GET, "/");
        query
            .query("response_type", "code")
            .query("client_id", &origin.client_id)
            .query("redirect_uri", &origin.redirect_uri)
            .query("state", state);
        match &provider.config {
            // The configuration names the permissions; sending both is an error at Meta.
            Some(config) => {
                query.query("config_id", config);
            }
            None if !asked.is_empty() => {
                query.query("scope", asked.join(provider.scope_separator));
            }
            None => {}
        }
        if provider.pkce != PkceSupport::Unsupported {
            let verifier = PkceVerifier::new(opened.binder.derive(Purpose::PkceVerifier, state));
            query.query("code_challenge", pkce::challenge(&verifier)).query("code_challenge_method", "S256");
        }
        if nonce {
            query.query("nonce", opened.binder.derive(Purpose::Nonce, state));
        }
        let again = provider.rerequest.filter(|_| rerequest);
        if let Some((name, value)) = again {
            query.query(name, value);
        }
        // What this login is about goes before what every login adds.
        let added =
            provider.authorize_params.iter().filter(|(name, _)| again.is_none_or(|(own, _)| own != name));
        for (name, value) in added {
            query.query(name, value);
        }
        Url::parse(&append_query(&origin.authorize_url, query.query_string())).map_err(|_| {
            OAuthError::because(Reason::Setup).with_message("the authorization endpoint is not a URL")
        })
    }
}

fn check(provider: &Provider, request: &StartRequest) -> Result<(), OAuthError> {
    let input = |what| OAuthError::because(Reason::Input).with_message(what);
    if request.actor.app_user.is_empty() {
        return Err(input("the app user is empty; pass the id of the signed-in person"));
    }
    if request.user.as_ref().is_some_and(String::is_empty) {
        return Err(input("the account to reconnect is empty; pass its id at the provider"));
    }
    let all = request.scopes.all();
    if !all.iter().all(Scope::is_well_formed) {
        return Err(input("a scope is empty or holds a separator; pass each one by itself"));
    }
    // A provider without a family of its own gives whatever it gives.
    let foreign = all.foreign_to(provider.families);
    if !provider.families.is_empty() && !foreign.is_empty() {
        return Err(OAuthError::because(Reason::MixedScopes)
            .with_message(format!("these scopes belong to another login product: {foreign}")));
    }
    Ok(())
}

/// Some apps get what newer ones are refused, so it is told and not stopped.
fn warn_of_refusals(provider: &Provider, asked: &ScopeSet) {
    let provider = provider.label;
    let retired = asked.retired();
    if !retired.is_empty() {
        let instead: ScopeSet = retired.iter().flat_map(Scope::replacement).collect();
        tracing::warn!(provider, %retired, %instead, "a login asks for scopes that newer apps are refused");
    }
    let apart = scope::linkedin::apart(asked);
    if !apart.is_empty() {
        tracing::warn!(
            provider, %apart,
            "an app with Community Management can hold no other product: connect with two apps, or ask for \
             r_basicprofile instead"
        );
    }
}
