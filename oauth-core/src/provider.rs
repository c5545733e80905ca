//! Providers as data: where their endpoints are and what they do their own way.

use std::{fmt, sync::Arc};

use sociogram_api_core::{
    ErrorKind,
    http::{BaseUrl, BaseUrlError},
};

use crate::{OAuthError, PkceSupport, ProviderHooks, ProviderId, StandardHooks, TokenKind};

/// The Graph API version the dialog and the token endpoint are addressed with unless another is set.
pub const GRAPH_VERSION: &str = "v26.0";

/// How a provider's tokens are renewed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// With a refresh token, which stays the same (LinkedIn). Without one there is no renewal.
    RefreshToken,
    /// By exchanging the token itself while it is valid (Facebook: `fb_exchange_token`).
    TokenExchange,
}

/// One provider's login product.
///
/// ```
/// use sociogram_api_core::http::BaseUrl;
/// use sociogram_oauth_core::{PkceSupport, Provider};
///
/// let facebook = Provider::facebook();
/// assert_eq!(facebook.token_url(), "https://graph.facebook.com/v26.0/oauth/access_token");
/// assert_eq!(facebook.pkce(), PkceSupport::Unsupported);
///
/// // The same against a sandbox on this machine.
/// let sandbox = BaseUrl::parse("http://127.0.0.1:4010")?;
/// let facebook = facebook.with_authorize_base(sandbox.clone()).with_token_base(sandbox);
/// assert_eq!(facebook.authorize_url(), "http://127.0.0.1:4010/v26.0/dialog/oauth");
/// # Ok::<(), sociogram_api_core::http::BaseUrlError>(())
/// ```
#[derive(Clone)]
pub struct Provider {
    id: ProviderId,
    label: &'static str,
    authorize_base: Base,
    authorize_path: &'static str,
    token_base: Base,
    token_path: &'static str,
    version: Option<BaseVersion>,
    pub(crate) scope_separator: char,
    pub(crate) pkce: PkceSupport,
    pub(crate) token_kind: TokenKind,
    pub(crate) long_lived_kind: Option<TokenKind>,
    pub(crate) renewal: Renewal,
    pub(crate) rerequest: Option<(&'static str, &'static str)>,
    pub(crate) issuers: &'static [&'static str],
    pub(crate) hooks: Arc<dyn ProviderHooks>,
}
