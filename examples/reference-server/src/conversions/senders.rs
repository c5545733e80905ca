//! From a route to who sends its events: the client of the platform, with the tokens of the connection.

use std::{fmt, sync::Arc};

use sociogram::{
    api_core::ErrorKind,
    capi::{
        ConversionsClient, SendRequest,
        dispatch::{RouteError, Routes},
        linkedin::LinkedInConversionsClient,
        outbox::{Platform, Route},
    },
    meta_graph::DatasetId,
    oauth_core::ProviderId,
    token_vault::{Connection, ConnectionRepo, ConnectionState, Vault, VaultError, async_trait},
};

use crate::platforms::{Facebook, LinkedIn};

/// Finds the senders of all tenants. Clients are cheap: they share what is made once for each platform.
pub(crate) struct Senders {
    pub(crate) facebook: Arc<Facebook>,
    pub(crate) linkedin: Arc<LinkedIn>,
    pub(crate) vault: Vault,
    pub(crate) connections: Arc<dyn ConnectionRepo>,
}

#[async_trait]
impl Routes for Senders {
    async fn sender(&self, route: &Route) -> Result<Arc<dyn SendRequest>, RouteError> {
        let connection = self.connection(route).await?;
        // Tells of a login that is needed before anything counts as begun.
        self.vault.resolve(route.tenant, route.connection).await.map_err(|error| unresolved(&error))?;
        let tokens = self.vault.token_source(route.tenant, route.connection);
        if route.platform == Platform::LinkedIn {
            let client = self.linkedin.client(tokens, &connection);
            return Ok(Arc::new(LinkedInConversionsClient::new(client)));
        }
        let dataset = DatasetId::new(route.target.as_str()).map_err(|_| {
            gone("the route names no dataset", "send the events again, naming the dataset by its number")
        })?;
        Ok(Arc::new(ConversionsClient::new(self.facebook.client(tokens), dataset)))
    }
}

impl Senders {
    /// The connection of a route, if events may go through it.
    async fn connection(&self, route: &Route) -> Result<Connection, RouteError> {
        let (provider, app) = match route.platform {
            Platform::Meta => (ProviderId::FACEBOOK, self.facebook.oauth.client_id()),
            Platform::LinkedIn => (ProviderId::LINKEDIN, self.linkedin.oauth.client_id()),
            _ => return Err(RouteError::Unavailable),
        };
        let found = self.connections.find(route.tenant, route.connection).await.map_err(|error| {
            tracing::warn!(%error, "the connection of a route cannot be read");
            RouteError::Unavailable
        })?;
        let connection =
            found.filter(|connection| connection.account.provider == provider).ok_or_else(|| {
                gone(
                    "the connection does not exist any more",
                    "connect an account, and send the events again",
                )
            })?;
        if connection.account.app_id != app {
            // Another server's, whose platforms may be real where ours are played, or the other way round.
            return Err(RouteError::Unavailable);
        }
        match connection.state {
            ConnectionState::Disconnected => Err(gone(
                "the account was disconnected",
                "connect it again, and replay the events or send them again",
            )),
            state if state.is_retired() => Err(RouteError::Reauthorize),
            _ => Ok(connection),
        }
    }
}

fn gone(reason: &str, advice: &str) -> RouteError {
    RouteError::Gone { reason: reason.to_owned(), advice: advice.to_owned() }
}

fn unresolved(error: &VaultError) -> RouteError {
    match error.kind() {
        ErrorKind::Reauthorize => RouteError::Reauthorize,
        ErrorKind::NotFound => RouteError::NoConnection,
        _ => {
            tracing::warn!(%error, "no token for the events of a connection");
            RouteError::Unavailable
        }
    }
}

impl fmt::Debug for Senders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Senders").finish_non_exhaustive()
    }
}
