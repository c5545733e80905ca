//! Meta: Facebook Login, the Graph client, the webhook verifier.

use std::sync::Arc;

use http::StatusCode;
use sociogram::{
    meta_graph::{
        AppId, AppSecret, Client, DatasetId, PageId, UserId,
        debug_token::{DebugToken, TokenInfo},
        me::GetMe,
        oauth::AppToken,
    },
    oauth_core::{
        Expiry, OAuthClient, Provider, ProviderId, ScopeSet, StaticToken, TokenKind, TokenSource,
        VerifiedCode, scope,
    },
    token_vault::{Account, Connection},
    webhook_verify::{MetaVerifier, Secret, VerifyToken},
};

use super::{LoggedIn, Login, Played, Surroundings, TIMEOUTS};
use crate::{config::MetaApp, problem::Problem, server::StartError};

/// Listing and posting on Pages, their webhooks, leads, and conversion events.
const SCOPES: [&str; 10] = [
    scope::PUBLIC_PROFILE,
    scope::PAGES_SHOW_LIST,
    scope::PAGES_READ_ENGAGEMENT,
    scope::PAGES_MANAGE_POSTS,
    scope::PAGES_MANAGE_METADATA,
    scope::PAGES_MANAGE_ADS,
    scope::LEADS_RETRIEVAL,
    scope::ADS_READ,
    scope::ADS_MANAGEMENT,
    scope::BUSINESS_MANAGEMENT,
];

/// Everything of the app at Meta.
#[derive(Debug)]
pub(crate) struct Facebook {
    pub(crate) oauth: OAuthClient,
    pub(crate) scopes: ScopeSet,
    pub(crate) verifier: MetaVerifier,
    pub(crate) verify_token: VerifyToken,
    pub(crate) dataset: Option<DatasetId>,
    app: AppId,
    graph: Client,
    as_app: Client,
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
        let (mut provider, mut builder) = (Provider::facebook(), Client::builder());
        if let Some(played) = settings.played {
            provider = played.provider(provider);
            builder = builder.base_url(played.api);
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
        let webhook_secret =
            Secret::new(secret.expose()).map_err(|error| setup("META_APP_SECRET", &error))?;
        let verifier = MetaVerifier::builder().secret("app", webhook_secret).build();
        Ok(Self {
            oauth: around.oauth(Login::Facebook, provider, app.as_str(), secret.expose())?,
            scopes: settings.scopes.unwrap_or_else(|| ScopeSet::from_static(&SCOPES)),
            verifier: verifier.map_err(|error| setup("META_APP_SECRET", &error))?,
            verify_token: VerifyToken::new(verify_token.expose())
                .map_err(|error| setup("META_VERIFY_TOKEN", &error))?,
            dataset: settings.dataset,
            as_app: graph.with_token(Arc::new(AppToken::new(&app, &secret))),
            app,
            graph,
        })
    }

    /// A client that acts with the tokens of this source.
    pub(crate) fn client(&self, tokens: Arc<dyn TokenSource>) -> Client {
        self.graph.with_token(tokens)
    }

    /// From the checked callback to a token of 60 days and whose it is.
    pub(crate) async fn log_in(&self, verified: VerifiedCode) -> Result<LoggedIn, Problem> {
        let short = self.oauth.exchange(verified).await?;
        let long = self.oauth.exchange_long_lived(&short).await?;
        let info = self.as_app.send(DebugToken::new(long.access().clone())).await?;
        check(&info, &self.app)?;
        let me = self.client(Arc::new(StaticToken::new(long.access().clone()))).send(GetMe::new()).await?;
        if info.user_id.as_ref().is_some_and(|user| *user != me.id) {
            return Err(foreign("Meta names two different people for the token"));
        }
        // The exchange may leave the end out; this never does.
        let expiry = if long.expiry() == Expiry::Unknown { info.expires_at } else { long.expiry() };
        Ok(LoggedIn {
            account: Account::new(ProviderId::FACEBOOK, self.app.as_str(), me.id.as_str()),
            name: me.name,
            tokens: long.with_expiry(expiry).with_scopes(info.scopes),
        })
    }
}

/// A token of another app, or one that is not valid, must never be stored.
fn check(info: &TokenInfo, app: &AppId) -> Result<(), Problem> {
    if info.app_id.as_ref() != Some(app) {
        return Err(foreign("the token belongs to another app"));
    }
    if !info.is_valid {
        return Err(foreign("Meta says that the token is not valid"));
    }
    Ok(())
}

fn setup(variable: &str, error: &dyn std::error::Error) -> StartError {
    StartError::Setup(format!("{variable}: {error}"))
}

fn foreign(detail: &'static str) -> Problem {
    Problem::new(
        StatusCode::BAD_GATEWAY,
        "login-failed",
        "the login was not completed",
        detail,
        "start the login again; if it happens again, check the app id and the app secret",
    )
}

/// Where a Page's token is kept: it is this person's access to the Page, so two people who connect the same
/// Page have one each.
pub(crate) fn page_account(parent: &Connection, page: &PageId) -> Account {
    let Account { provider, app_id, external_user_id } = parent.account.clone();
    Account::new(provider, app_id, format!("{external_user_id}/{page}"))
}

/// The Page of a connection that [`page_account`] named, if it belongs to this person.
pub(crate) fn page_of<'a>(child: &'a Connection, parent: &Connection) -> Option<&'a str> {
    let same_app = child.account.app_id == parent.account.app_id;
    let page =
        child.account.external_user_id.strip_prefix(&parent.account.external_user_id)?.strip_prefix('/');
    page.filter(|_| child.kind == TokenKind::MetaPage && same_app)
}

/// The person of a connection, for limits that are counted per person.
pub(crate) fn user_of(connection: &Connection) -> Option<UserId> {
    UserId::new(connection.account.external_user_id.as_str()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_valid_token_of_our_app_is_taken() {
        let app = AppId::from(7);
        for (info, taken) in [
            (r#"{"app_id":"7","is_valid":true}"#, true),
            (r#"{"app_id":7,"is_valid":false}"#, false),
            (r#"{"app_id":"8","is_valid":true}"#, false),
            (r#"{"is_valid":true}"#, false),
            ("{}", false),
        ] {
            let read: TokenInfo = serde_json::from_str(info).unwrap();
            assert_eq!(check(&read, &app).is_ok(), taken, "{info}");
        }
    }
}
