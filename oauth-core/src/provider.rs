//! Providers as data: where their endpoints are and what they do their own way.

use std::{borrow::Cow, collections::BTreeSet, fmt, sync::Arc, time::Duration};

use sociogram_api_core::http::BaseUrl;

use crate::{
    OAuthError, PkceSupport, ProviderHooks, ProviderId, Reason, RedirectUri, Rotation, ScopeFamily, TokenKind,
};

pub(crate) mod endpoint;
mod generic;
mod linkedin;
mod meta;
pub(crate) mod swap;
pub(crate) mod targets;

use endpoint::Endpoint;

pub use meta::BusinessToken;
use swap::Swap;

/// The Graph API version that Facebook's dialog and token endpoint are addressed with unless another is set.
pub const GRAPH_VERSION: &str = "v26.0";

/// How long a code may live where the provider does not say (RFC 6749 section 4.1.2).
const CODE_LIFE: Duration = Duration::from_secs(600);

/// Parameters of the authorization URL that the flow writes itself, or whose change would break it.
const RESERVED: [&str; 14] = [
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "config_id",
    "iss",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// How an app proves at the token endpoint that it is the one it says (RFC 6749 section 2.3).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAuth {
    /// Id and secret in the form.
    Body,
    /// Id and secret in the `Authorization` header.
    Basic,
    /// The id alone: a public app has no secret.
    None,
}

/// What a provider wants of redirect URIs beyond what [`RedirectUri`] asks of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedirectRule {
    /// Nothing.
    Any,
    /// An address of this machine, not its name.
    LoopbackAddress,
}

/// One provider's login product.
///
/// ```
/// use std::sync::Arc;
///
/// use sociogram_api_core::http::BaseUrl;
/// use sociogram_oauth_core::{PkceSupport, Provider, StandardHooks};
///
/// // A product passes the hooks of the crate that knows the provider's API; these are the standard's.
/// let facebook = Provider::facebook(Arc::new(StandardHooks::new()));
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
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about a provider")]
pub struct Provider {
    pub(crate) id: ProviderId,
    /// The name in spans and metrics.
    pub(crate) label: &'static str,
    authorize: Endpoint,
    token: Endpoint,
    introspection: Option<Endpoint>,
    revocation: Option<Endpoint>,
    /// Whether the revocation endpoint is told what sort of token it gets.
    pub(crate) revocation_hint: bool,
    userinfo: Option<Endpoint>,
    /// How the token of a code becomes one that lives longer.
    long_lived: Option<Swap>,
    /// How a token is renewed by itself.
    renew: Option<Swap>,
    version: Option<Cow<'static, str>>,
    pub(crate) scope_separator: char,
    pub(crate) client_auth: ClientAuth,
    /// What the introspection endpoint takes instead, where it says so.
    pub(crate) introspection_auth: Vec<ClientAuth>,
    /// What the revocation endpoint takes instead, where it says so.
    pub(crate) revocation_auth: Vec<ClientAuth>,
    pub(crate) pkce: PkceSupport,
    /// Whether an id token repeats the nonce of its login.
    pub(crate) nonce: bool,
    pub(crate) token_kind: TokenKind,
    pub(crate) long_lived_kind: Option<TokenKind>,
    /// What the app's own credentials give, where they give anything.
    pub(crate) app_kind: Option<TokenKind>,
    pub(crate) rotation: Rotation,
    /// What to add to the authorization URL so that declined scopes are asked for again.
    pub(crate) rerequest: Option<(&'static str, &'static str)>,
    /// Whether granted scopes add up over logins, so that a later one may ask for the missing ones alone.
    pub(crate) incremental: bool,
    /// Whose scopes may be asked for; empty for any.
    pub(crate) families: &'static [ScopeFamily],
    /// The configuration that stands in place of scopes.
    pub(crate) config: Option<String>,
    pub(crate) authorize_params: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// What `iss` may say.
    pub(crate) issuers: Vec<Cow<'static, str>>,
    /// Whether every callback carries `iss` (RFC 9207).
    pub(crate) iss_required: bool,
    pub(crate) code_life: Duration,
    /// Whether the login has a redirect URI at all.
    pub(crate) sends_redirect_uri: bool,
    pub(crate) redirect_rule: RedirectRule,
    pub(crate) hooks: Arc<dyn ProviderHooks>,
}

impl Provider {
    /// The standard's way in everything.
    fn plain(
        id: ProviderId,
        label: &'static str,
        authorize: Endpoint,
        token: Endpoint,
        hooks: Arc<dyn ProviderHooks>,
    ) -> Self {
        Self {
            id,
            label,
            authorize,
            token,
            introspection: None,
            revocation: None,
            revocation_hint: false,
            userinfo: None,
            long_lived: None,
            renew: None,
            version: None,
            scope_separator: ' ',
            client_auth: ClientAuth::Body,
            introspection_auth: Vec::new(),
            revocation_auth: Vec::new(),
            pkce: PkceSupport::Unsupported,
            nonce: false,
            token_kind: TokenKind::Generic,
            long_lived_kind: None,
            app_kind: None,
            rotation: Rotation::None,
            rerequest: None,
            incremental: false,
            families: &[],
            config: None,
            authorize_params: Vec::new(),
            issuers: Vec::new(),
            iss_required: false,
            code_life: CODE_LIFE,
            sends_redirect_uri: true,
            redirect_rule: RedirectRule::Any,
            hooks,
        }
    }

    /// Opens the dialog elsewhere: a sandbox. The provider's path is appended.
    pub fn with_authorize_base(mut self, base: &BaseUrl) -> Self {
        self.authorize.rebase(base);
        self
    }

    /// Sends every call of a server elsewhere: a sandbox. The provider's paths are appended.
    pub fn with_token_base(mut self, base: &BaseUrl) -> Self {
        let swaps =
            [&mut self.long_lived, &mut self.renew].into_iter().flatten().map(|swap| &mut swap.endpoint);
        let others =
            [&mut self.introspection, &mut self.revocation, &mut self.userinfo].into_iter().flatten();
        for endpoint in swaps.chain(others).chain([&mut self.token]) {
            endpoint.rebase(base);
        }
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

    /// Sets who knows what the provider does its own way.
    pub fn with_hooks(mut self, hooks: Arc<dyn ProviderHooks>) -> Self {
        self.hooks = hooks;
        self
    }

    /// Sets how the app proves itself at the token endpoint.
    pub fn with_client_auth(mut self, auth: ClientAuth) -> Self {
        self.client_auth = auth;
        self
    }

    /// Sets what becomes of a refresh token that was used, for tokens of kind
    /// [`Generic`](TokenKind::Generic).
    pub fn with_rotation(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// Adds a parameter to the authorization URL, such as `prompt`. One that the flow writes itself is refused
    /// when the client is built.
    pub fn with_authorize_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.authorize_params.push((Cow::Owned(name.into()), Cow::Owned(value.into())));
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

    /// How the app proves itself at the token endpoint.
    pub const fn client_auth(&self) -> ClientAuth {
        self.client_auth
    }

    /// What becomes of a refresh token that was used, for tokens of kind [`Generic`](TokenKind::Generic).
    pub const fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// What sort of token a code gives.
    pub const fn token_kind(&self) -> TokenKind {
        self.token_kind
    }

    /// Where the person is sent, without the parameters of a login.
    pub fn authorize_url(&self) -> String {
        self.authorize.url(self.version.as_deref())
    }

    /// Where codes are traded for tokens.
    pub fn token_url(&self) -> String {
        self.token.url(self.version.as_deref())
    }

    /// The authorization URL without the parameters of a login, with everything that goes into it checked.
    pub(crate) fn checked_authorize_url(&self) -> Result<String, OAuthError> {
        self.target(&self.authorize)?;
        // RFC 6749 section 3.1: no parameter comes twice.
        let mut names = BTreeSet::new();
        let added = self.authorize_params.iter().map(|(name, _)| Cow::Borrowed(&**name));
        for name in self.authorize.query_names().chain(added) {
            if name.is_empty() || RESERVED.contains(&&*name) || !names.insert(name) {
                return Err(setup(
                    "an added parameter, or one of the endpoint's own query, is empty, there twice, or written \
                     by the flow itself",
                )
                .with_action("leave it out of `with_authorize_param` and of the endpoint"));
            }
        }
        let plain = |id: &String| !id.is_empty() && id.bytes().all(|c| c.is_ascii_alphanumeric());
        if !self.config.as_ref().is_none_or(plain) {
            return Err(setup("the configuration id is not one; copy it from the app's settings"));
        }
        Ok(self.authorize_url())
    }

    /// Whether the provider takes this redirect URI.
    pub(crate) fn check_redirect_uri(&self, uri: &RedirectUri) -> Result<(), OAuthError> {
        if self.redirect_rule == RedirectRule::LoopbackAddress && !uri.is_loopback_address() {
            return Err(setup(
                "this login product returns to the same machine only; use a redirect URI on 127.0.0.1 or [::1]",
            ));
        }
        Ok(())
    }
}

fn setup(what: &'static str) -> OAuthError {
    OAuthError::because(Reason::Setup).with_message(what)
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("authorize_url", &self.authorize_url())
            .field("token_url", &self.token_url())
            .field("client_auth", &self.client_auth)
            .field("pkce", &self.pkce)
            .field("hooks", &self.hooks)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
