#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "client")]
mod binder;
#[cfg(feature = "client")]
mod callback;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod embedded;
#[cfg(feature = "client")]
mod error;
mod facts;
#[cfg(feature = "client")]
mod hooks;
mod id;
#[cfg(feature = "client")]
mod id_token;
#[cfg(feature = "client")]
mod introspection_reply;
#[cfg(feature = "client")]
mod login;
#[cfg(feature = "client")]
mod metadata;
#[cfg(feature = "client")]
mod pkce;
#[cfg(feature = "client")]
mod popup;
#[cfg(feature = "client")]
mod provider;
mod provider_id;
#[cfg(feature = "client")]
mod random;
#[cfg(feature = "client")]
mod reason;
mod reauth_reason;
#[cfg(feature = "client")]
mod redirect_uri;
mod refresh;
#[cfg(feature = "client")]
mod refusal;
#[cfg(feature = "client")]
mod renew;
mod renewal;
#[cfg(feature = "client")]
mod reply;
#[cfg(feature = "client")]
mod return_to;
pub mod scope;
mod scope_report;
#[cfg(feature = "client")]
mod session;
mod session_store;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod token;
#[cfg(feature = "client")]
mod token_endpoint;
#[cfg(feature = "client")]
mod token_reply;
mod token_source;
#[cfg(feature = "client")]
mod userinfo_reply;

#[cfg(feature = "client")]
pub use binder::{BinderCookie, BrowserBinder};
#[cfg(feature = "client")]
pub use callback::{CallbackParams, Denial, DenialKind};
#[cfg(feature = "client")]
pub use client::{
    Authorization, CALLBACK_HEADERS, CALLBACK_STATUS, OAuthClient, OAuthClientBuilder, StartRequest,
    VerifiedCode,
};
#[cfg(feature = "client")]
pub use embedded::EmbeddedSignup;
#[cfg(feature = "client")]
pub use error::OAuthError;
pub use facts::{Identity, Permissions, ScopeLimit, TokenFacts};
#[cfg(feature = "client")]
pub use hooks::{ProviderHooks, StandardHooks};
pub use id::{ConnectionId, ParseIdError, TenantId};
#[cfg(feature = "client")]
pub use login::{Login, Revocation};
#[cfg(feature = "client")]
pub use metadata::ProviderMetadata;
#[cfg(feature = "client")]
pub use pkce::PkceSupport;
#[cfg(feature = "client")]
pub use popup::{PopupAnswer, PopupPage};
#[cfg(feature = "client")]
pub use provider::{BusinessToken, ClientAuth, GRAPH_VERSION, Provider};
pub use provider_id::ProviderId;
#[cfg(feature = "client")]
pub use reason::Reason;
pub use reauth_reason::ReauthReason;
#[cfg(feature = "client")]
pub use redirect_uri::RedirectUri;
pub use refresh::{Refresh, RefreshError, RefreshErrorKind, TokenCheck};
#[cfg(feature = "client")]
pub use refusal::{Grant, OAuthErrorClass, Refusal, RefusedAnswer};
pub use renewal::{Renewal, Rotation};
#[cfg(feature = "client")]
pub use return_to::ReturnTo;
pub use scope::{Scope, ScopeFamily, ScopeSet, ScopeState};
pub use scope_report::{ScopeChange, ScopeReport, ScopeRequest};
#[cfg(feature = "client")]
pub use session::Actor;
pub use session_store::{
    MAX_OPEN_SESSIONS, MemorySessionStore, NewSession, SessionKey, SessionOwner, SessionStore,
    SessionStoreError,
};
pub use token::{
    AccessToken, AuthorizationCode, ClientSecret, Expiry, ParseTokenKindError, PkceVerifier, RefreshToken,
    TokenKind, TokenSet,
};
pub use token_source::{NoToken, StaticToken, TokenError, TokenSource};

/// Re-exported so that implementors of the async traits need no version of their own.
pub use async_trait::async_trait;
