//! Meta: Facebook Login, the Graph client, the webhook verifier.

use std::sync::Arc;

use sociogram::{
    meta_graph::{AppSecret, Client, DatasetId, PageId, UserId, oauth},
    oauth_core::{OAuthClient, ScopeRequest, ScopeSet, TokenSource, scope},
    token_vault::{Account, Connection},
    webhook_verify::{MetaVerifier, Secret, VerifyToken},
};

use super::{Login, Played, Surroundings, TIMEOUTS, request};
use crate::{config::MetaApp, server::StartError};

/// Listing and posting on Pages, their webhooks, messages, leads, and conversion events.
const SCOPES: [&str; 11] = [
    scope::PUBLIC_PROFILE,
    scope::PAGES_SHOW_LIST,
    scope::PAGES_READ_ENGAGEMENT,
    scope::PAGES_MANAGE_POSTS,
    scope::PAGES_MANAGE_METADATA,
    scope::PAGES_MESSAGING,
    scope::PAGES_MANAGE_ADS,
    scope::LEADS_RETRIEVAL,
    scope::ADS_READ,
    scope::ADS_MANAGEMENT,
    scope::BUSINESS_MANAGEMENT,
];

/// Without these the server is of no use to a Page.
const NEEDED: [&str; 3] = [scope::PAGES_SHOW_LIST, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_MANAGE_POSTS];

/// Everything of the app at Meta.
#[derive(Debug)]
pub(crate) struct Facebook {
    pub(crate) oauth: OAuthClient,
    pub(crate) scopes: ScopeRequest,
    pub(crate) verifier: MetaVerifier,
    pub(crate) verify_token: VerifyToken,
    pub(crate) dataset: Option<DatasetId>,
    graph: Client,
}

/// What differs from one run to the next.
#[derive(Debug)]
pub(crate) struct FacebookSettings {
    pub(crate) app: MetaApp,
    pub(crate) played: Option<Played>,
    pub(crate) scopes: Option<ScopeSet>,
    pub(crate) dataset: Option<DatasetId>,
}

impl Facebook {
    pub(crate) fn new(settings: FacebookSettings, around: &Arc<Surroundings>) -> Result<Self, StartError> {
        let MetaApp { id: app, secret, verify_token } = settings.app;
        let mut builder = Client::builder();
        if let Some(played) = &settings.played {
            builder = builder.base_url(played.api.clone());
        }
        let secret = AppSecret::new(secret.expose());
        // Without a token of its own: every call is made for somebody.
        let graph = builder
            .app_id(app.clone())
            .app_secret(secret.clone())
            .transport(Arc::clone(&around.transport))
            .timer(Arc::clone(&around.timer))
            .timeouts(TIMEOUTS)
            .build()
            .map_err(|error| StartError::Setup(error.to_string()))?;
        let mut provider = oauth::facebook(&graph, app.clone(), secret.clone());
        if let Some(played) = &settings.played {
            provider = played.provider(provider);
        }
        let webhook_secret =
            Secret::new(secret.expose()).map_err(|error| setup("META_APP_SECRET", &error))?;
        let verifier = MetaVerifier::builder().secret("app", webhook_secret).build();
        Ok(Self {
            oauth: around.oauth(Login::Facebook, provider, app.as_str(), secret.expose())?,
            scopes: request(settings.scopes, &SCOPES, &NEEDED),
            verifier: verifier.map_err(|error| setup("META_APP_SECRET", &error))?,
            verify_token: VerifyToken::new(verify_token.expose())
                .map_err(|error| setup("META_VERIFY_TOKEN", &error))?,
            dataset: settings.dataset,
            graph,
        })
    }

    /// A client that acts with the tokens of this source.
    pub(crate) fn client(&self, tokens: Arc<dyn TokenSource>) -> Client {
        self.graph.with_token(tokens)
    }
}

fn setup(variable: &str, error: &dyn std::error::Error) -> StartError {
    StartError::Setup(format!("{variable}: {error}"))
}

/// The account of a Page, whose token is derived from the person's.
pub(crate) fn page_account(parent: &Connection, page: &PageId) -> Account {
    Account { external_user_id: page.to_string(), ..parent.account.clone() }
}

/// The person of a connection, for limits that are counted per person.
pub(crate) fn user_of(connection: &Connection) -> Option<UserId> {
    UserId::new(connection.account.external_user_id.as_str()).ok()
}
