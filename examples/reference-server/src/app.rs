//! Everything the routes share.

use std::{future::Future, sync::Arc};

use sociogram::{
    api_core::Timer,
    capi::Hashed,
    oauth_core::{
        Actor, ConnectionId, OAuthClient, ProviderId, ScopeRequest, TenantId, TokenKind, TokenSource,
    },
    token_vault::{Connection, ConnectionFilter, ConnectionRepo, Vault},
    webhook_verify::inbox::{InboxStore, Receiver, Wake},
};

use crate::{
    accounts::AccountBook,
    config::LeadEvents,
    conversions::{Outbox, Recorded},
    idempotency::Idempotency,
    platforms::{Facebook, LinkedIn, Login},
    problem::Problem,
    publish::{NewPost, PostLog, Published},
    records::Records,
    stores::Stores,
};

/// The one person that is built in.
const USER: &str = "operator";

/// Whose requests all requests are, until there is a sign-in.
pub(crate) fn built_in_actor(tenant: TenantId) -> Actor {
    Actor::new(tenant, USER)
}

/// The state of the server.
#[derive(Debug)]
pub(crate) struct App {
    /// Origin under which browsers and platforms reach the server, without a trailing slash.
    pub(crate) base: String,
    /// Where the sandbox is, if it plays a platform.
    pub(crate) sandbox: Option<String>,
    /// The platforms it plays: `meta`, `linkedin`.
    pub(crate) played: Vec<&'static str>,
    /// The signed-in person.
    pub(crate) actor: Actor,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) vault: Vault,
    pub(crate) store: Arc<dyn ConnectionRepo>,
    /// Everything else that is kept.
    pub(crate) stores: Stores,
    pub(crate) facebook: Arc<Facebook>,
    pub(crate) linkedin: Arc<LinkedIn>,
    pub(crate) accounts: AccountBook,
    /// What takes in the deliveries of each platform.
    pub(crate) receivers: Receivers,
    /// The log of events; `None` in a process without a worker.
    pub(crate) inbox: Option<Arc<dyn InboxStore>>,
    /// Tells what handles events that some are due.
    pub(crate) wake: Option<Wake>,
    pub(crate) records: Records,
    /// Conversion events on their way.
    pub(crate) outbox: Outbox,
    /// What a lead's status is told to the platforms as.
    pub(crate) leads: LeadEvents,
    /// Answers to posts with a key.
    pub(crate) idempotency: Idempotency<NewPost, Published>,
    /// Answers to conversions with a key.
    pub(crate) recorded: Idempotency<Hashed, Arc<Recorded>>,
    pub(crate) posts: PostLog,
}

/// What takes in deliveries.
#[derive(Debug)]
pub(crate) struct Receivers {
    pub(crate) meta: Receiver,
    pub(crate) linkedin: Receiver,
}

impl App {
    /// Whose connections these are.
    pub(crate) fn tenant(&self) -> TenantId {
        self.actor.tenant
    }

    pub(crate) fn oauth(&self, login: Login) -> &OAuthClient {
        match login {
            Login::Facebook => &self.facebook.oauth,
            Login::LinkedIn => &self.linkedin.oauth,
        }
    }

    /// What a login is to bring.
    pub(crate) fn scopes(&self, login: Login) -> &ScopeRequest {
        match login {
            Login::Facebook => &self.facebook.scopes,
            Login::LinkedIn => &self.linkedin.scopes,
        }
    }

    /// Every connection a person made, oldest first; those that hold Page tokens are left out.
    pub(crate) async fn connections(&self) -> Result<Vec<Connection>, Problem> {
        let mut all = self.all_connections().await?;
        all.retain(|connection| connection.token.kind != TokenKind::MetaPage);
        all.sort_by_key(|connection| (connection.created_at, connection.id));
        Ok(all)
    }

    /// Every connection of the tenant, those that hold Page tokens among them.
    pub(crate) async fn all_connections(&self) -> Result<Vec<Connection>, Problem> {
        const STEP: usize = 100;
        let mut all: Vec<Connection> = Vec::new();
        let mut after = None;
        loop {
            let part = self.store.list(self.tenant(), &ConnectionFilter::all(), after, STEP).await?;
            for id in &part.unreadable {
                tracing::error!(connection = %id, "the connection cannot be read");
            }
            all.extend(part.connections);
            if part.next.is_none() {
                return Ok(all);
            }
            after = part.next;
        }
    }

    /// The connection with this id, as a path or a body names it.
    pub(crate) async fn connection(&self, id: ConnectionId) -> Result<Connection, Problem> {
        let found = self.store.find(self.tenant(), id).await?;
        found.filter(|connection| connection.token.kind != TokenKind::MetaPage).ok_or_else(|| {
            Problem::not_found("there is no connection with this id", "take an id of GET /api/connections")
        })
    }

    /// The tokens of a connection.
    pub(crate) fn tokens(&self, connection: &Connection) -> Arc<dyn TokenSource> {
        self.vault.token_source(self.tenant(), connection.id)
    }
}

/// The login that made a connection.
pub(crate) fn login_of(connection: &Connection) -> Result<Login, Problem> {
    match &connection.account.provider {
        provider if *provider == ProviderId::FACEBOOK => Ok(Login::Facebook),
        provider if *provider == ProviderId::LINKEDIN => Ok(Login::LinkedIn),
        _ => Err(Problem::internal("the connection belongs to a provider this server does not know")),
    }
}

/// Runs work to its end even if the caller goes away: a post under way, a code that is used up, an event that
/// is counted must not be left without anybody to see the outcome.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Problem::internal("the work broke off")),
    }
}
