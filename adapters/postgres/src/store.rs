//! The store of the app: one tenant at a time.

use std::{fmt, sync::Arc, time::Duration};

use sociogram_api_core::{SystemClock, Timer};
use sqlx::PgPool;

use crate::{
    ConnectOptions, Schema, SetupError,
    database::Lane,
    login::{Purpose, check},
};

#[cfg(feature = "token-vault")]
mod assets;
#[cfg(feature = "token-vault")]
mod audit;
#[cfg(feature = "token-vault")]
mod connections;
#[cfg(feature = "token-vault")]
mod data_keys;
#[cfg(feature = "webhook-verify")]
mod inbox;
#[cfg(feature = "capi")]
mod outbox;
#[cfg(feature = "oauth-core")]
mod sessions;
#[cfg(feature = "token-vault")]
mod tokens;

/// How long a statement may take unless set otherwise.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a job over many rows may take.
#[cfg(any(feature = "oauth-core", feature = "webhook-verify", feature = "capi"))]
pub(crate) const JOB_PATIENCE: Duration = Duration::from_secs(600);

/// Everything that serves the requests of tenants, on the app's login. It cannot look across tenants:
/// `PostgresWorker` does. Cheap to clone; clones share everything.
///
/// Every method is one statement, so one round trip and one transaction. Reads are sent again when a connection breaks;
/// writes are when others got in their way, or when the server ended the connection before it did anything, as after an
/// orderly restart. A write of which it is not certain whether it was stored fails.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) schema: Schema,
    pub(crate) lane: Lane,
    /// For storing renewed tokens: it does not wait behind reads.
    commits: Lane,
    #[cfg(feature = "oauth-core")]
    sessions: Arc<crate::statements::SessionStatements>,
    #[cfg(feature = "token-vault")]
    sql: Arc<crate::statements::TenantStatements>,
    #[cfg(feature = "webhook-verify")]
    inbox: Arc<crate::statements::ReceiverStatements>,
    #[cfg(feature = "capi")]
    outbox: Arc<crate::statements::SenderStatements>,
}

impl PostgresStore {
    /// Connects with the app's login, and checks login and schema.
    ///
    /// # Errors
    ///
    /// [`SetupError`]: `Misconfigured` when the login could see every tenant (it owns the tables, is a superuser, has
    /// BYPASSRLS or the worker's rights) or lacks rights, with the statements that mend it; when the schema is missing
    /// or older than this crate; when the server is a replica. `Unavailable` when it does not answer.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, SetupError> {
        Self::over(options.pool(), options.commit_pool(), options.schema.clone()).await
    }

    /// The same over pools of the product's own; `commits` is used for storing renewed tokens alone, so that these
    /// never wait behind reads, and may be a clone of `app`. Set `test_before_acquire(false)`, or every statement takes
    /// two round trips, and leave `synchronous_commit` on, or a crash of the server may lose what was stored.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn over(app: PgPool, commits: PgPool, schema: Schema) -> Result<Self, SetupError> {
        let timer: Arc<dyn Timer> = Arc::new(SystemClock::new());
        let lane = Lane::new(app.clone(), Arc::clone(&timer), PATIENCE);
        check(&app, &lane, &schema, Purpose::App).await?;
        Ok(Self {
            commits: Lane::new(commits, timer, PATIENCE),
            lane,
            #[cfg(feature = "oauth-core")]
            sessions: Arc::new(crate::statements::SessionStatements::new(&schema)),
            #[cfg(feature = "token-vault")]
            sql: Arc::new(crate::statements::TenantStatements::new(&schema)),
            #[cfg(feature = "webhook-verify")]
            inbox: Arc::new(crate::statements::ReceiverStatements::new(&schema)),
            #[cfg(feature = "capi")]
            outbox: Arc::new(crate::statements::SenderStatements::new(&schema)),
            schema,
        })
    }

    /// How long a statement may take, 10 seconds unless set. After that it fails, and whether it was stored is not
    /// known. The wait for a free connection comes on top ([`ConnectOptions::wait`]).
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.lane = self.lane.with_patience(patience);
        self.commits = self.commits.with_patience(patience);
        self
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("schema", &self.schema)
            .field("app", &self.lane)
            .field("commits", &self.commits)
            .finish_non_exhaustive()
    }
}
