//! LinkedIn: the login, the REST client, the webhook verifier.

use std::sync::Arc;

use sociogram::{
    linkedin_api::{Client, oauth},
    oauth_core::{OAuthClient, Scope, ScopeRequest, ScopeSet, TokenSource, scope},
    token_vault::Connection,
    webhook_verify::{LinkedInVerifier, Secret},
};

use super::{Login, Played, Surroundings, TIMEOUTS};
use crate::{config::LinkedInApp, server::StartError};

/// Posting as the member and as organizations, seeing which organizations those are, and reading their leads.
const SCOPES: [&str; 7] = [
    scope::OPENID,
    scope::PROFILE,
    scope::W_MEMBER_SOCIAL,
    scope::W_ORGANIZATION_SOCIAL,
    scope::RW_ORGANIZATION_ADMIN,
    scope::R_MARKETING_LEADGEN_AUTOMATION,
    scope::R_ADS,
];

/// Everything of the app at LinkedIn.
#[derive(Debug)]
pub(crate) struct LinkedIn {
    pub(crate) oauth: OAuthClient,
    pub(crate) scopes: ScopeRequest,
    pub(crate) verifier: LinkedInVerifier,
    api: Client,
}

/// What differs from one run to the next.
#[derive(Debug)]
pub(crate) struct LinkedInSettings {
    pub(crate) app: LinkedInApp,
    pub(crate) played: Option<Played>,
    pub(crate) scopes: Option<ScopeSet>,
    /// Whether there is a conversion rule: then conversions are asked for too.
    pub(crate) conversions: bool,
}

impl LinkedInSettings {
    fn usual_scopes(&self) -> ScopeSet {
        let mut scopes = ScopeSet::from_static(&SCOPES);
        if self.conversions {
            scopes.insert(Scope::new(scope::RW_CONVERSIONS));
        }
        scopes
    }
}

impl LinkedIn {
    pub(crate) fn new(settings: LinkedInSettings, around: &Arc<Surroundings>) -> Result<Self, StartError> {
        let usual = settings.usual_scopes();
        let LinkedInApp { id, secret } = settings.app;
        let mut builder = Client::builder();
        if let Some(played) = &settings.played {
            builder = builder.base_url(played.api.clone());
        }
        // Without a token of its own: every call is made for somebody, with `client`.
        let api = builder
            .app(id.as_str())
            .transport(Arc::clone(&around.transport))
            .timer(Arc::clone(&around.timer))
            .timeouts(TIMEOUTS)
            .build()
            .map_err(|error| StartError::Setup(error.to_string()))?;
        let mut provider = oauth::linkedin(&api);
        if let Some(played) = &settings.played {
            provider = played.provider(provider);
        }
        let unusable =
            |error: &dyn std::error::Error| StartError::Setup(format!("LINKEDIN_CLIENT_SECRET: {error}"));
        let webhook_secret = Secret::new(secret.expose()).map_err(|error| unusable(&error))?;
        let verifier = LinkedInVerifier::builder().secret("app", webhook_secret).build();
        Ok(Self {
            oauth: around.oauth(Login::LinkedIn, provider, &id, secret.expose())?,
            // LinkedIn's consent is all or nothing, so nothing less is of use.
            scopes: ScopeRequest::new(settings.scopes.unwrap_or(usual)),
            verifier: verifier.map_err(|error| unusable(&error))?,
            api,
        })
    }

    /// A client that acts with the tokens of this source, for this member.
    pub(crate) fn client(&self, tokens: Arc<dyn TokenSource>, connection: &Connection) -> Client {
        self.api.with_token(tokens).with_member(connection.account.external_user_id.as_str())
    }
}
