//! The login in steps: start, complete, then log in or exchange.

use std::{fmt, sync::Arc};

use sociogram_api_core::{
    SystemClock, Timer, Timestamp,
    http::{Observer, Transport},
};

use crate::{
    BinderCookie, ClientSecret, OAuthError, Provider, Reason, RedirectUri, SessionStore, SessionStoreError,
    session::Origin, token_endpoint::TokenEndpoint,
};

mod builder;
mod complete;
mod start;

pub(crate) use complete::Redeemed;
pub use complete::VerifiedCode;
pub use start::{Authorization, StartRequest};

/// The status for the answer to a callback: See Other. Others may send the callback's request again (RFC 9700
/// section 4.12).
pub const CALLBACK_STATUS: u16 = 303;

/// Headers for the answer to a callback, besides [`CALLBACK_STATUS`] and the cleared cookie: the code and the
/// state stay out of `Referer` and caches.
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
    secret: Option<ClientSecret>,
    previous_secret: Option<ClientSecret>,
    redirect_uri: Option<RedirectUri>,
    transport: Option<Arc<dyn Transport>>,
    sessions: Option<Arc<dyn SessionStore>>,
    timer: Arc<dyn Timer>,
    observer: Option<Arc<dyn Observer>>,
    insecure_cookie: bool,
}

impl OAuthClient {
    /// A client for this app. Nearly every provider also needs
    /// [`client_secret`](OAuthClientBuilder::client_secret) and
    /// [`redirect_uri`](OAuthClientBuilder::redirect_uri).
    pub fn builder(provider: Provider, client_id: impl Into<String>) -> OAuthClientBuilder {
        OAuthClientBuilder {
            provider,
            client_id: client_id.into(),
            secret: None,
            previous_secret: None,
            redirect_uri: None,
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
}

fn store_failed(error: SessionStoreError) -> OAuthError {
    OAuthError::because(Reason::StoreUnavailable).with_source(error)
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
