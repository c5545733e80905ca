//! Meta's login products.

use std::{borrow::Cow, sync::Arc, time::Duration};

use super::{
    GRAPH_VERSION, Provider,
    endpoint::Endpoint,
    swap::{Swap, SwapShape},
};
use crate::{ProviderHooks, ProviderId, ScopeFamily, TokenKind};

const DIALOG: Endpoint = Endpoint::versioned("https://www.facebook.com", "/dialog/oauth");
const GRAPH_TOKEN: Endpoint = Endpoint::versioned("https://graph.facebook.com", "/oauth/access_token");
const FB_EXCHANGE: Swap = Swap::new(GRAPH_TOKEN, "fb_exchange_token", "fb_exchange_token", SwapShape::Form);

const INSTAGRAM: &str = "https://graph.instagram.com";
const THREADS: &str = "https://graph.threads.net";
/// How long the codes of Instagram and Threads live.
const HOUR: Duration = Duration::from_secs(3_600);
/// How long the code of the WhatsApp signup lives.
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

/// What sort of token a configuration of Facebook Login for Business gives.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BusinessToken {
    /// A token of the person: an hour or two, exchanged for 60 days.
    User,
    /// A token of a system user in the person's business (business integration system user): without end, or
    /// for 60 days, as the configuration says.
    SystemUser,
}

impl Provider {
    /// Facebook Login, classic (Facebook Login: Manually Build a Login Flow): Pages, Instagram through Pages,
    /// ads. No PKCE. The token of the code lives an hour or two and is exchanged for one of 60 days. The person
    /// may decline single permissions; what was granted earlier stays granted.
    pub fn facebook(hooks: Arc<dyn ProviderHooks>) -> Self {
        Self {
            rerequest: Some(("auth_type", "rerequest")),
            incremental: true,
            ..graph(ProviderId::FACEBOOK, hooks)
        }
    }

    /// Facebook Login for Business. The configuration, by its id in the app's settings, names the permissions,
    /// so none are asked for in the URL; the person grants all of them or none. `token` is what the
    /// configuration was made for.
    pub fn facebook_for_business(
        config_id: impl Into<String>,
        token: BusinessToken,
        hooks: Arc<dyn ProviderHooks>,
    ) -> Self {
        let mut provider = graph(ProviderId::FACEBOOK, hooks);
        provider.config = Some(config_id.into());
        if token == BusinessToken::SystemUser {
            provider.use_system_user(TokenKind::MetaSystemUser);
        }
        provider
    }

    /// WhatsApp Embedded Signup. The code comes from Meta's script in the page and lives 30 seconds; there is no
    /// redirect URI. `config_id` is a configuration of Facebook Login for Business.
    pub fn whatsapp_embedded_signup(config_id: impl Into<String>, hooks: Arc<dyn ProviderHooks>) -> Self {
        let mut provider = graph(ProviderId::WHATSAPP, hooks);
        provider.config = Some(config_id.into());
        provider.use_system_user(TokenKind::WhatsAppBusiness);
        provider.sends_redirect_uri = false;
        provider.code_life = HALF_A_MINUTE;
        provider
    }

    /// Instagram Login (Instagram Platform: Business Login for Instagram). Takes the Instagram app's id and
    /// secret, which are not those of the Meta app. The token of the code lives an hour and is exchanged for
    /// one of 60 days, which is renewed from its second day on.
    pub fn instagram(hooks: Arc<dyn ProviderHooks>) -> Self {
        let authorize = Endpoint::new("https://www.instagram.com", "/oauth/authorize");
        let token = Endpoint::new("https://api.instagram.com", "/oauth/access_token");
        Self {
            scope_separator: ',',
            token_kind: TokenKind::InstagramUser,
            long_lived_kind: Some(TokenKind::InstagramUser),
            long_lived: Some(with_secret(INSTAGRAM, "ig_exchange_token")),
            renew: Some(without_secret(INSTAGRAM, "ig_refresh_token")),
            families: &[ScopeFamily::Instagram],
            code_life: HOUR,
            ..Self::plain(ProviderId::INSTAGRAM, "meta", authorize, token, hooks)
        }
    }

    /// Threads (Threads API: Get Access Tokens). Takes the Threads app's id and secret, which are not those of
    /// the Meta app. Tokens live as long as Instagram's.
    pub fn threads(hooks: Arc<dyn ProviderHooks>) -> Self {
        let authorize = Endpoint::new("https://threads.net", "/oauth/authorize");
        let token = Endpoint::new(THREADS, "/oauth/access_token");
        Self {
            scope_separator: ',',
            token_kind: TokenKind::ThreadsUser,
            long_lived_kind: Some(TokenKind::ThreadsUser),
            long_lived: Some(with_secret(THREADS, "th_exchange_token")),
            renew: Some(without_secret(THREADS, "th_refresh_token")),
            families: &[ScopeFamily::Threads],
            code_life: HOUR,
            ..Self::plain(ProviderId::THREADS, "meta", authorize, token, hooks)
        }
    }

    fn use_system_user(&mut self, kind: TokenKind) {
        self.authorize_params.push(("override_default_response_type".into(), "true".into()));
        self.token_kind = kind;
        self.long_lived_kind = None;
        self.long_lived = None;
    }
}

/// What all products on Facebook's dialog share.
fn graph(id: ProviderId, hooks: Arc<dyn ProviderHooks>) -> Provider {
    Provider {
        version: Some(Cow::Borrowed(GRAPH_VERSION)),
        scope_separator: ',',
        token_kind: TokenKind::MetaUserShort,
        long_lived_kind: Some(TokenKind::MetaUserLong),
        app_kind: Some(TokenKind::MetaApp),
        long_lived: Some(FB_EXCHANGE),
        renew: Some(FB_EXCHANGE),
        families: &[ScopeFamily::Facebook],
        issuers: vec![Cow::Borrowed("https://www.facebook.com")],
        ..Provider::plain(id, "meta", DIALOG, GRAPH_TOKEN, hooks)
    }
}

/// Instagram and Threads take tokens for an exchange in the query only.
const fn with_secret(base: &'static str, grant: &'static str) -> Swap {
    Swap::new(Endpoint::new(base, "/access_token"), grant, "access_token", SwapShape::QueryWithSecret)
}

const fn without_secret(base: &'static str, grant: &'static str) -> Swap {
    Swap::new(Endpoint::new(base, "/refresh_access_token"), grant, "access_token", SwapShape::Query)
}
