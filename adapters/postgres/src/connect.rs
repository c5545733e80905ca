//! How to reach the server.

use std::{fmt, time::Duration};

use sociogram_api_core::Secret;
use sqlx::{
    ConnectOptions as _, Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Schema, SetupError};

/// How long a connection may lie idle before it is tested at its next use.
const TRUSTED_FOR: Duration = Duration::from_secs(5);

/// Which server, which login, which schema, how many connections.
///
/// Statements are not logged. Connections are tested before a use only if they were idle for 5 seconds: it is a second
/// round trip. A pool of your own should be set up the same way ([`PostgresStore::over`](crate::PostgresStore::over)).
#[derive(Clone)]
pub struct ConnectOptions {
    pub(crate) server: PgConnectOptions,
    pub(crate) schema: Schema,
    connections: u32,
    commit_connections: u32,
    wait: Duration,
}

impl ConnectOptions {
    /// From a URL such as `postgres://app@db.example/product?sslmode=verify-full`. For a Unix socket, `host` is its
    /// folder: `postgres:///product?host=/run/postgresql&user=app`. What the URL leaves out comes from `PGHOST` and the
    /// like ("PostgreSQL: Environment Variables").
    ///
    /// # Errors
    ///
    /// [`SetupError`] of kind `Misconfigured` when the text is no such URL. It does not repeat the text.
    pub fn parse(url: &str) -> Result<Self, SetupError> {
        let server: PgConnectOptions = url
            .parse()
            .map_err(|_| SetupError::misconfigured("the URL of the database is not a postgres:// URL"))?;
        Ok(Self {
            server: server.disable_statement_logging(),
            schema: Schema::default(),
            connections: 10,
            commit_connections: 2,
            wait: Duration::from_secs(5),
        })
    }

    /// Another schema than `sociogram`.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// How many connections at most: 10 unless set.
    pub fn connections(mut self, connections: u32) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// How many connections are kept apart for storing renewed tokens, so that these never wait behind reads: 2
    /// unless set. Of an app login only.
    pub fn commit_connections(mut self, connections: u32) -> Self {
        self.commit_connections = connections.max(1);
        self
    }

    /// How long to wait for a free connection: 5 seconds unless set.
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// The same server and database under another login.
    pub(crate) fn with_login(mut self, name: &str, password: &Secret) -> Self {
        self.server = self.server.username(name).password(password.expose());
        self
    }

    fn pool_of(&self, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(self.wait)
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    // The server may have closed it meanwhile, and a write that meets that would be in doubt.
                    if about.idle_for > TRUSTED_FOR {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(self.server.clone())
    }

    pub(crate) fn pool(&self) -> PgPool {
        self.pool_of(self.connections)
    }

    pub(crate) fn commit_pool(&self) -> PgPool {
        self.pool_of(self.commit_connections)
    }

    /// A pool of one connection, which stays.
    pub(crate) fn listening_pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(self.wait)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(self.server.clone())
    }
}

impl fmt::Debug for ConnectOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("host", &self.server.get_host())
            .field("port", &self.server.get_port())
            .field("user", &self.server.get_username())
            .field("database", &self.server.get_database())
            .field("schema", &self.schema)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_errors_show_no_password() {
        let options = ConnectOptions::parse("postgres://app:CANARY@db.example/product").unwrap();
        let error = ConnectOptions::parse("postgres://app:CANARY@db.example:port/product").unwrap_err();
        let shown = format!("{options:?} {options:#?} {error} {error:?}");
        assert!(shown.contains("db.example") && !shown.contains("CANARY"), "{shown}");
    }
}
