//! Setting up a client.

use std::sync::Arc;

use sociogram_api_core::{
    Timer,
    http::{Observer, Transport},
};

use super::{Inner, OAuthClient, OAuthClientBuilder};
use crate::{
    BinderCookie, ClientAuth, ClientSecret, OAuthError, PkceSupport, Reason, RedirectUri, SessionStore,
    session::Origin,
    token_endpoint::{Secrets, TokenEndpoint},
};

impl OAuthClientBuilder {
    /// The app's secret. Required, unless the provider's app is a public one (LinkedIn's native flow): then it
    /// has none.
    pub fn client_secret(mut self, secret: ClientSecret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// The secret from before, while it is being replaced: it is tried when the provider does not accept the
    /// current one.
    pub fn previous_client_secret(mut self, secret: ClientSecret) -> Self {
        self.previous_secret = Some(secret);
        self
    }

    /// The redirect URI, as it is registered at the provider. Required, unless the provider takes none
    /// (WhatsApp Embedded Signup).
    pub fn redirect_uri(mut self, redirect_uri: RedirectUri) -> Self {
        self.redirect_uri = Some(redirect_uri);
        self
    }

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
    /// [`OAuthError`] of kind `Misconfigured` when the transport or the session store is missing; the client
    /// id, the secret or the redirect URI is missing, empty, or not what the provider takes; an endpoint or an
    /// added parameter is not usable; or the insecure cookie is asked for without a redirect URI that is plain
    /// http on loopback.
    pub fn build(self) -> Result<OAuthClient, OAuthError> {
        if self.client_id.trim().is_empty() {
            return Err(setup("the client id is empty; copy it from the app's settings"));
        }
        self.check_secrets()?;
        self.check_redirect_uri()?;
        self.check_provider()?;
        let transport = self.transport.ok_or_else(|| setup("set a transport"))?;
        let sessions = self.sessions.ok_or_else(|| setup("set a session store"))?;
        let id = self.provider.id();
        let cookie =
            if self.insecure_cookie { BinderCookie::insecure_loopback(id) } else { BinderCookie::secure(id) };
        let origin = Origin {
            provider: id.as_str().to_owned(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.as_ref().map_or("", RedirectUri::as_str).to_owned(),
            issuer: self.provider.issuers.first().map(ToString::to_string).unwrap_or_default(),
            authorize_url: self.provider.checked_authorize_url()?,
            token_url: self.provider.token_url(),
        };
        let endpoint = TokenEndpoint::new(
            self.provider.clone(),
            self.client_id,
            Secrets { current: self.secret, previous: self.previous_secret },
            transport,
            Arc::clone(&self.timer),
            self.observer,
        )?;
        let (provider, timer) = (self.provider, self.timer);
        Ok(OAuthClient(Arc::new(Inner { provider, origin, sessions, endpoint, timer, cookie })))
    }

    fn check_secrets(&self) -> Result<(), OAuthError> {
        let blank = |secret: &Option<ClientSecret>| {
            secret.as_ref().is_some_and(|secret| secret.expose().trim().is_empty())
        };
        if blank(&self.secret) || blank(&self.previous_secret) {
            return Err(setup("a client secret is empty; copy it from the app's settings"));
        }
        match (self.provider.client_auth(), self.secret.is_some(), self.previous_secret.is_some()) {
            (ClientAuth::None, false, false) if self.provider.pkce == PkceSupport::Unsupported => {
                Err(setup("an app without a secret needs PKCE"))
            }
            (ClientAuth::None, false, false) => Ok(()),
            (ClientAuth::None, ..) => {
                Err(setup("this login product takes no client secret; leave it out, and out of the app"))
            }
            (_, true, _) => Ok(()),
            (_, false, _) => Err(setup("set the client secret; copy it from the app's settings")),
        }
    }

    fn check_redirect_uri(&self) -> Result<(), OAuthError> {
        let redirect_uri = self.redirect_uri.as_ref();
        if self.provider.sends_redirect_uri && redirect_uri.is_none() {
            return Err(setup("set the redirect URI that is registered for the app"));
        }
        if let Some(redirect_uri) = redirect_uri {
            self.provider.check_redirect_uri(redirect_uri)?;
        }
        if self.insecure_cookie && !redirect_uri.is_some_and(RedirectUri::is_loopback_http) {
            return Err(setup(if redirect_uri.is_some() {
                "the insecure cookie is for development on loopback; leave it out for this redirect URI"
            } else {
                "the insecure cookie needs a redirect URI on loopback, and this login has none; use https"
            }));
        }
        Ok(())
    }

    fn check_provider(&self) -> Result<(), OAuthError> {
        if self.provider.iss_required && self.provider.issuers.is_empty() {
            return Err(setup("the provider names itself in callbacks, but its issuer is not set"));
        }
        Ok(())
    }
}

fn setup(what: &'static str) -> OAuthError {
    OAuthError::because(Reason::Setup).with_message(what)
}
