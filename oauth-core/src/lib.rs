#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod id;
mod provider_id;
mod refresh;
pub mod scope;
mod session_store;
mod token;
mod token_source;

pub use id::{ConnectionId, ParseIdError, TenantId};
pub use provider_id::ProviderId;
pub use refresh::{Refresh, RefreshError, RefreshErrorKind};
pub use scope::{Scope, ScopeSet};
pub use session_store::{
    MAX_OPEN_SESSIONS, MemorySessionStore, NewSession, SessionKey, SessionOwner, SessionStore,
    SessionStoreError,
};
pub use token::{
    AccessToken, AuthorizationCode, ClientSecret, Expiry, ParseTokenKindError, PkceVerifier, RefreshToken,
    TokenKind, TokenSet,
};
pub use token_source::{StaticToken, TokenError, TokenSource};

/// Re-exported so that implementors of the async traits need no version of their own.
pub use async_trait::async_trait;
