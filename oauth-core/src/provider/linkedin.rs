//! LinkedIn's login products.

use std::{borrow::Cow, sync::Arc, time::Duration};

use super::{ClientAuth, Provider, RedirectRule, endpoint::Endpoint};
use crate::{PkceSupport, ProviderHooks, ProviderId, ScopeFamily, TokenKind};

const LINKEDIN: &str = "https://www.linkedin.com";
/// How long a code lives.
const CODE_LIFE: Duration = Duration::from_secs(30 * 60);

impl Provider {
    /// LinkedIn for apps with a secret (LinkedIn: 3-Legged OAuth Flow). No PKCE: LinkedIn refuses a verifier on
    /// this flow. The person grants all scopes or none. Tokens live 60 days; a refresh token comes for approved
    /// products only. A login with another set of scopes ends the tokens of the earlier one.
    pub fn linkedin(hooks: Arc<dyn ProviderHooks>) -> Self {
        Self {
            introspection: Some(Endpoint::new(LINKEDIN, "/oauth/v2/introspectToken")),
            revocation: Some(Endpoint::new(LINKEDIN, "/oauth/v2/revoke")),
            app_kind: Some(TokenKind::LinkedInApp),
            ..linkedin("/oauth/v2/authorization", hooks)
        }
    }

    /// LinkedIn for installed programs, which have no secret (LinkedIn: Authorization Code Flow with PKCE for
    /// native clients). LinkedIn enables it for an app on request. The redirect URI is on `127.0.0.1` or
    /// `[::1]`. Introspection and revocation need a secret, so there is neither.
    pub fn linkedin_native(hooks: Arc<dyn ProviderHooks>) -> Self {
        Self {
            pkce: PkceSupport::Required,
            client_auth: ClientAuth::None,
            redirect_rule: RedirectRule::LoopbackAddress,
            ..linkedin("/oauth/native-pkce/authorization", hooks)
        }
    }
}

fn linkedin(authorize: &'static str, hooks: Arc<dyn ProviderHooks>) -> Provider {
    let authorize = Endpoint::new(LINKEDIN, authorize);
    let token = Endpoint::new(LINKEDIN, "/oauth/v2/accessToken");
    Provider {
        userinfo: Some(Endpoint::new("https://api.linkedin.com", "/v2/userinfo")),
        token_kind: TokenKind::LinkedInMember,
        families: &[ScopeFamily::LinkedIn],
        issuers: vec![Cow::Borrowed("https://www.linkedin.com/oauth"), Cow::Borrowed(LINKEDIN)],
        code_life: CODE_LIFE,
        ..Provider::plain(ProviderId::LINKEDIN, "linkedin", authorize, token, hooks)
    }
}
