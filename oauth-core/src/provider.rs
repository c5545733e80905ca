//! Providers as data: where their endpoints are and what they do their own way.

use std::{borrow::Cow, fmt, sync::Arc};

use sociogram_api_core::{ErrorKind, http::BaseUrl};

use crate::{OAuthError, PkceSupport, ProviderHooks, ProviderId, StandardHooks, TokenKind};

/// The Graph API version that Facebook's dialog and token endpoint are addressed with unless another is set.
pub const GRAPH_VERSION: &str = "v26.0";

#[derive(Clone, Copy, Debug)]
pub(crate) enum Renew {
    RefreshToken,
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
/// let facebook = facebook.with_authorize_base(&sandbox).with_token_base(&sandbox);
/// assert_eq!(facebook.authorize_url(), "http://127.0.0.1:4010/v26.0/dialog/oauth");
/// # Ok::<(), sociogram_api_core::http::BaseUrlError>(())
/// ```
#[derive(Clone)]
pub struct Provider {
    pub(crate) id: ProviderId,
    /// The name in spans and metrics.
    pub(crate) label: &'static str,
    authorize_base: Cow<'static, str>,
    authorize_path: &'static str,
    token_base: Cow<'static, str>,
    pub(crate) token_path: &'static str,
    version: Option<Cow<'static, str>>,
    pub(crate) scope_separator: char,
    pub(crate) pkce: PkceSupport,
    pub(crate) token_kind: TokenKind,
    pub(crate) long_lived_kind: Option<TokenKind>,
    pub(crate) renewal: Renew,
    /// What to add to the authorization URL so that declined scopes are asked for again.
    pub(crate) rerequest: Option<(&'static str, &'static str)>,
    /// What `iss` may say, should the provider ever send it.
    pub(crate) issuers: &'static [&'static str],
    pub(crate) hooks: Arc<dyn ProviderHooks>,
}

impl Provider {
    /// Facebook Login, classic (Meta: Manually Build a Login Flow): Pages, Instagram through Pages, WhatsApp,
    /// ads. No PKCE; the token of the code lives an hour or two and is exchanged for one of 60 days.
    pub fn facebook() -> Self {
        Self {
            id: ProviderId::FACEBOOK,
            label: "meta",
            authorize_base: Cow::Borrowed("https://www.facebook.com"),
            authorize_path: "/dialog/oauth",
            token_base: Cow::Borrowed("https://graph.facebook.com"),
            token_path: "/oauth/access_token",
            version: Some(Cow::Borrowed(GRAPH_VERSION)),
            scope_separator: ',',
            pkce: PkceSupport::Unsupported,
            token_kind: TokenKind::MetaUserShort,
            long_lived_kind: Some(TokenKind::MetaUserLong),
            renewal: Renew::TokenExchange,
            rerequest: Some(("auth_type", "rerequest")),
            issuers: &["https://www.facebook.com"],
            hooks: Arc::new(StandardHooks::facebook()),
        }
    }

    /// LinkedIn for confidential clients (LinkedIn: 3-Legged OAuth Flow). No PKCE: LinkedIn refuses a verifier
    /// on this flow. Tokens live 60 days; a refresh token comes for approved products only.
    pub fn linkedin() -> Self {
        Self {
            id: ProviderId::LINKEDIN,
            label: "linkedin",
            authorize_base: Cow::Borrowed("https://www.linkedin.com"),
            authorize_path: "/oauth/v2/authorization",
            token_base: Cow::Borrowed("https://www.linkedin.com"),
            token_path: "/oauth/v2/accessToken",
            version: None,
            scope_separator: ' ',
            pkce: PkceSupport::Unsupported,
            token_kind: TokenKind::LinkedInMember,
            long_lived_kind: None,
            renewal: Renew::RefreshToken,
            rerequest: None,
            issuers: &["https://www.linkedin.com/oauth", "https://www.linkedin.com"],
            hooks: Arc::new(StandardHooks::linkedin()),
        }
    }

    /// Opens the dialog elsewhere: a sandbox. The provider's path is appended.
    pub fn with_authorize_base(mut self, base: &BaseUrl) -> Self {
        self.authorize_base = Cow::Owned(base.as_str().to_owned());
        self
    }

    /// Asks for tokens elsewhere: a sandbox. The provider's path is appended.
    pub fn with_token_base(mut self, base: &BaseUrl) -> Self {
        self.token_base = Cow::Owned(base.as_str().to_owned());
        self
    }

    /// Sets the API version in the path (`v26.0`), for providers that have one there.
    pub fn with_version(mut self, version: impl Into<String>) -> Self {
        if self.version.is_some() {
            self.version = Some(Cow::Owned(version.into()));
        }
        self
    }

    /// Sets whether PKCE is sent, for an app whose login product wants it.
    pub fn with_pkce(mut self, pkce: PkceSupport) -> Self {
        self.pkce = pkce;
        self
    }

    /// Sets who reads the token endpoint's refusals.
    pub fn with_hooks(mut self, hooks: Arc<dyn ProviderHooks>) -> Self {
        self.hooks = hooks;
        self
    }

    /// Which provider it is.
    pub const fn id(&self) -> &ProviderId {
        &self.id
    }

    /// Whether PKCE is sent.
    pub const fn pkce(&self) -> PkceSupport {
        self.pkce
    }

    /// Where the person is sent, without the query.
    pub fn authorize_url(&self) -> String {
        self.url(&self.authorize_base, self.authorize_path)
    }

    /// Where codes are traded for tokens.
    pub fn token_url(&self) -> String {
        self.url(&self.token_base, self.token_path)
    }

    fn url(&self, base: &str, path: &str) -> String {
        match &self.version {
            Some(version) => format!("{base}/{version}{path}"),
            None => format!("{base}{path}"),
        }
    }

    /// Everything of the token endpoint's URL but the last path, checked.
    pub(crate) fn checked_token_base(&self) -> Result<BaseUrl, OAuthError> {
        self.checked(&self.token_base)
    }

    /// The authorization URL without the query, checked.
    pub(crate) fn checked_authorize_url(&self) -> Result<String, OAuthError> {
        self.checked(&self.authorize_base).map(|base| format!("{base}{}", self.authorize_path))
    }

    fn checked(&self, base: &str) -> Result<BaseUrl, OAuthError> {
        let unusable = |error| {
            OAuthError::new(ErrorKind::Misconfigured, "an endpoint of the provider is not usable")
                .with_source(error)
        };
        let base = BaseUrl::parse(base).map_err(unusable)?;
        match self.version.as_deref() {
            Some(version) if is_version(version) => base.with_path(version).map_err(unusable),
            Some(_) => Err(OAuthError::new(
                ErrorKind::Misconfigured,
                "the API version is not one; pass one such as v26.0",
            )),
            None => Ok(base),
        }
    }
}

fn is_version(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() < 5 && text.bytes().all(|c| c.is_ascii_digit());
    let numbers = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    numbers.is_some_and(|(major, minor)| digits(major) && digits(minor))
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("authorize_url", &self.authorize_url())
            .field("token_url", &self.token_url())
            .field("pkce", &self.pkce)
            .field("renewal", &self.renewal)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_the_documented_ones() {
        let facebook = Provider::facebook();
        assert_eq!(facebook.authorize_url(), "https://www.facebook.com/v26.0/dialog/oauth");
        assert_eq!(facebook.token_url(), "https://graph.facebook.com/v26.0/oauth/access_token");
        let linkedin = Provider::linkedin();
        assert_eq!(linkedin.authorize_url(), "https://www.linkedin.com/oauth/v2/authorization");
        assert_eq!(linkedin.token_url(), "https://www.linkedin.com/oauth/v2/accessToken");
        for provider in [facebook, linkedin] {
            assert_eq!(provider.checked_authorize_url().unwrap(), provider.authorize_url());
            let token = format!("{}{}", provider.checked_token_base().unwrap(), provider.token_path);
            assert_eq!(token, provider.token_url());
        }
    }

    #[test]
    fn a_version_belongs_to_providers_that_have_one() {
        let facebook = Provider::facebook().with_version("v27.0");
        assert_eq!(facebook.token_url(), "https://graph.facebook.com/v27.0/oauth/access_token");
        let linkedin = Provider::linkedin().with_version("v27.0");
        assert_eq!(linkedin.token_url(), "https://www.linkedin.com/oauth/v2/accessToken");
        for bad in ["", "26.0", "v26", "v26.0/..", "v26.0.1", "vx.y", "v99999.0"] {
            let error = Provider::facebook().with_version(bad).checked_token_base().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Misconfigured, "{bad}");
        }
    }
}
