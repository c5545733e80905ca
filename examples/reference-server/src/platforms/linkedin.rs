//! LinkedIn: the login, the REST client, the webhook verifier.

use std::sync::Arc;

use sociogram::{
    linkedin_api::{Client, profile::GetUserInfo},
    oauth_core::{
        OAuthClient, Provider, ProviderId, ScopeSet, StaticToken, TokenSource, VerifiedCode, scope,
    },
    token_vault::{Account, Connection},
    webhook_verify::{LinkedInVerifier, Secret},
};

use super::{LoggedIn, Login, Played, Surroundings, TIMEOUTS};
use crate::{config::LinkedInApp, problem::Problem, server::StartError};

/// Posting as the member and as organizations, and seeing which organizations those are.
const SCOPES: [&str; 5] = [
    scope::OPENID,
    scope::PROFILE,
    scope::W_MEMBER_SOCIAL,
    scope::W_ORGANIZATION_SOCIAL,
    scope::RW_ORGANIZATION_ADMIN,
];

/// Everything of the app at LinkedIn.
#[derive(Debug)]
pub(crate) struct LinkedIn {
    pub(crate) oauth: OAuthClient,
    pub(crate) scopes: ScopeSet,
    pub(crate) verifier: LinkedInVerifier,
    id: String,
    api: Client,
}

/// What differs from one run to the next.
#[derive(Debug)]
pub(crate) struct LinkedInSettings {
    pub(crate) app: LinkedInApp,
    pub(crate) played: Option<Played>,
    pub(crate) scopes: Option<ScopeSet>,
}

impl LinkedIn {
    pub(crate) fn new(settings: LinkedInSettings, around: &Arc<Surroundings>) -> Result<Self, StartError> {
        let LinkedInApp { id, secret } = settings.app;
        let (mut provider, mut builder) = (Provider::linkedin(), Client::builder());
        if let Some(played) = settings.played {
            provider = played.provider(provider);
            builder = builder.base_url(played.api);
        }
        // Without a token of its own: every call is made for somebody, with `client`.
        let api = builder
            .app(id.as_str())
            .transport(Arc::clone(&around.transport))
            .timer(Arc::clone(&around.timer))
            .timeouts(TIMEOUTS)
            .build()
            .map_err(|error| StartError::Setup(error.to_string()))?;
        let unusable =
            |error: &dyn std::error::Error| StartError::Setup(format!("LINKEDIN_CLIENT_SECRET: {error}"));
        let webhook_secret = Secret::new(secret.expose()).map_err(|error| unusable(&error))?;
        let verifier = LinkedInVerifier::builder().secret("app", webhook_secret).build();
        Ok(Self {
            oauth: around.oauth(Login::LinkedIn, provider, &id, secret.expose())?,
            scopes: settings.scopes.unwrap_or_else(|| ScopeSet::from_static(&SCOPES)),
            verifier: verifier.map_err(|error| unusable(&error))?,
            id,
            api,
        })
    }

    /// A client that acts with the tokens of this source, for this member.
    pub(crate) fn client(&self, tokens: Arc<dyn TokenSource>, connection: &Connection) -> Client {
        self.api.with_token(tokens).with_member(connection.account.external_user_id.as_str())
    }

    /// From the checked callback to a token and whose it is.
    pub(crate) async fn log_in(&self, verified: VerifiedCode) -> Result<LoggedIn, Problem> {
        let asked = verified.requested_scopes().clone();
        let tokens = self.oauth.exchange(verified).await?;
        // LinkedIn's consent is all or nothing; an answer without a list means all.
        let granted = tokens.scopes().unwrap_or(&asked).clone();
        let source = Arc::new(StaticToken::new(tokens.access().clone()));
        let info = self.api.with_token(source).send(GetUserInfo::new()).await?;
        Ok(LoggedIn {
            account: Account::new(ProviderId::LINKEDIN, self.id.as_str(), info.sub),
            name: info.name,
            tokens: tokens.with_scopes(granted),
        })
    }
}
