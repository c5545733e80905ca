//! The connection of the administrator.

use std::path::Path;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use tokio::sync::Mutex;

pub(crate) const ADMIN: &str = "postgres";

/// One connection, opened when it is needed and again after it broke. It lives on the keeper's thread.
#[derive(Debug)]
pub(crate) struct Admin {
    options: PgConnectOptions,
    connection: Mutex<Option<PgConnection>>,
}

impl Admin {
    pub(crate) fn new(socket_directory: &Path, port: u16) -> Admin {
        let options = PgConnectOptions::new_without_pgpass().ssl_mode(PgSslMode::Disable);
        let options = options.socket(socket_directory).port(port).username(ADMIN).database(ADMIN);
        Admin { options, connection: Mutex::new(None) }
    }

    /// Runs one statement.
    pub(crate) async fn run(&self, statement: &str) -> Result<(), String> {
        let mut kept = self.connection.lock().await;
        let connected = match kept.take() {
            Some(connection) => Ok(connection),
            None => self.options.connect().await,
        };
        let mut connection = connected.map_err(|error| format!("no connection for {statement}: {error}"))?;
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
        let broken = done.as_ref().is_err_and(|error| error.as_database_error().is_none());
        if !broken {
            *kept = Some(connection);
        }
        done.map(drop).map_err(|error| format!("{statement}: {error}"))
    }

    /// Gives the connection up, because the server goes down.
    pub(crate) async fn disconnect(&self) {
        *self.connection.lock().await = None;
    }
}
