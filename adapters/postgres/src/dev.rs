//! A database for development, made in one call.

use sociogram_api_core::Secret;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, raw_sql};

use crate::{ConnectOptions, Roles, Setup, SetupError};

/// The two logins that a program serves with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DevLogins {
    /// For [`PostgresStore::connect`](crate::PostgresStore::connect).
    pub app: ConnectOptions,
    /// For `PostgresWorker::connect`.
    pub worker: ConnectOptions,
}

/// Makes the logins `sociogram_app` and `sociogram_worker` with this password, makes the schema of `owner` or brings it
/// up to date, and grants the logins their rights. For development: `owner` may be a superuser, such as that of a
/// container. In production somebody who may make roles does that once, and [`Setup::migrate`] the rest.
///
/// # Errors
///
/// [`SetupError`]: `Misconfigured` when the server is not on this machine, or the login may not make roles;
/// `Unavailable` when it does not answer.
pub async fn setup_dev(owner: &ConnectOptions, password: &Secret) -> Result<DevLogins, SetupError> {
    if !is_local(owner) {
        let message = "setup_dev makes logins with the rights of the owner, on a server on this machine only";
        return Err(SetupError::misconfigured(message));
    }
    let roles = Roles::default();
    let mut connection = owner.server.connect().await?;
    let mut transaction = connection.begin().await?;
    // One at a time: the server takes no two changes of a role at once.
    transaction.execute("select pg_advisory_xact_lock(hashtextextended('sociogram.setup_dev', 0))").await?;
    for role in [roles.app.as_str(), roles.worker.as_str()] {
        make_login(&mut transaction, role, password).await?;
    }
    transaction.commit().await?;
    // What was made is there, however the connection ends.
    let _ = connection.close().await;
    let login = |role: &str| owner.clone().with_login(role, password);
    let (app, worker) = (login(roles.app.as_str()), login(roles.worker.as_str()));
    Setup::new(owner.schema.clone(), roles).migrate(owner).await?;
    Ok(DevLogins { app, worker })
}

fn is_local(options: &ConnectOptions) -> bool {
    let host = options.server.get_host();
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    options.server.get_socket().is_some() || host.starts_with('/') || host == "localhost" || is_loopback
}

async fn make_login(connection: &mut PgConnection, role: &str, password: &Secret) -> Result<(), SetupError> {
    // It may be there, or be made for another database at the same time.
    let create = format!(
        "do $do$ begin create role \"{role}\" login;
        exception when duplicate_object or unique_violation then null; end $do$"
    );
    connection.execute(raw_sql(AssertSqlSafe(create))).await?;
    // A password cannot be a parameter there; the server quotes it.
    let alter: String =
        sqlx::query_scalar("select format('alter role %I login password %L', $1::text, $2::text)")
            .bind(role)
            .bind(password.expose())
            .fetch_one(&mut *connection)
            .await?;
    connection.execute(raw_sql(AssertSqlSafe(alter))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_on_this_machine_are_set_up() {
        for (url, local) in [
            ("postgres://owner@localhost/db", true),
            ("postgres://owner@127.0.0.1:5433/db", true),
            ("postgres:///db?host=/run/postgresql", true),
            ("postgres://owner@db.example/db", false),
            ("postgres://owner@10.0.0.1/db", false),
            ("postgres://owner@localhost.example/db", false),
        ] {
            assert_eq!(is_local(&ConnectOptions::parse(url).unwrap()), local, "{url}");
        }
    }
}
