//! The two platforms: one app at each, with everything that is made once from its settings.

mod facebook;
mod linkedin;

use std::{sync::Arc, time::Duration};

use sociogram::{
    api_core::{
        Timer,
        http::{BaseUrl, Timeouts, Transport},
    },
    oauth_core::{ClientSecret, OAuthClient, Provider, RedirectUri, ScopeRequest, ScopeSet, SessionStore},
};

pub(crate) use facebook::{Facebook, FacebookSettings, page_account, user_of};
pub(crate) use linkedin::{LinkedIn, LinkedInSettings};

use crate::server::StartError;

/// A person waits for the answer: better a refusal that says how long to wait than a minute of silence.
const TIMEOUTS: Timeouts = Timeouts::new(Duration::from_secs(30), Duration::from_secs(40));

/// Which login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Facebook,
    LinkedIn,
}

impl Login {
    /// From the last part of `/connect/{provider}` and `/callback/{provider}`.
    pub(crate) fn from_path(name: &str) -> Option<Self> {
        match name {
            "facebook" => Some(Self::Facebook),
            "linkedin" => Some(Self::LinkedIn),
            _ => None,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::LinkedIn => "linkedin",
        }
    }
}

/// What both platforms are built with.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// Origin of this server, without a trailing slash.
    pub(crate) base: String,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) sessions: Arc<dyn SessionStore>,
    pub(crate) timer: Arc<dyn Timer>,
}

impl Surroundings {
    /// Where the platform sends the person back to.
    pub(crate) fn callback(base: &str, login: Login) -> String {
        format!("{base}/callback/{}", login.as_str())
    }

    fn oauth(
        &self,
        login: Login,
        provider: Provider,
        id: &str,
        secret: &str,
    ) -> Result<OAuthClient, StartError> {
        let redirect = RedirectUri::parse(&Self::callback(&self.base, login))?;
        let mut builder = OAuthClient::builder(provider, id)
            .client_secret(ClientSecret::new(secret))
            .redirect_uri(redirect)
            .transport(Arc::clone(&self.transport))
            .sessions(Arc::clone(&self.sessions))
            .timer(Arc::clone(&self.timer));
        if self.base.starts_with("http://") {
            builder = builder.insecure_loopback_cookie();
        }
        Ok(builder.build()?)
    }
}

/// Where a platform is, if it is played by the sandbox.
#[derive(Debug)]
pub(crate) struct Played {
    /// Stands for the host of the dialog.
    pub(crate) dialog: BaseUrl,
    /// Stands for the host of the token endpoint.
    pub(crate) tokens: BaseUrl,
    /// Stands for the host of the API.
    pub(crate) api: BaseUrl,
}

impl Played {
    pub(crate) fn new(dialog: &str, tokens: &str, api: &str) -> Result<Self, StartError> {
        let parse = |url: &str| BaseUrl::parse(url).map_err(|error| StartError::Setup(error.to_string()));
        Ok(Self { dialog: parse(dialog)?, tokens: parse(tokens)?, api: parse(api)? })
    }

    fn provider(&self, provider: Provider) -> Provider {
        provider.with_authorize_base(&self.dialog).with_token_base(&self.tokens)
    }
}

/// What to ask for: the scopes of the settings, or else `usual`. Those of `needed` among them are required.
fn request(configured: Option<ScopeSet>, usual: &[&'static str], needed: &[&'static str]) -> ScopeRequest {
    let all = configured.unwrap_or_else(|| ScopeSet::from_static(usual));
    let required = all.intersection(&ScopeSet::from_static(needed));
    let optional = required.missing(&all);
    ScopeRequest::new(required).with_optional(optional)
}
