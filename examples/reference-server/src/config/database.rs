//! Which database, and under which logins.

use sociogram::api_core::Secret;
use sociogram_postgres::{ConnectOptions, Role, Roles, Schema, SetupError};
use url::Url;

use super::{ConfigError, Variables};

const APP: &str = "DATABASE_URL";
const WORKER: &str = "WORKER_DATABASE_URL";
const OWNER: &str = "MIGRATION_DATABASE_URL";
const SCHEMA: &str = "DATABASE_SCHEMA";

/// The database that a server serves from.
#[derive(Debug, Clone)]
pub struct Database {
    /// The login that sees one tenant at a time (`DATABASE_URL`), with the schema (`DATABASE_SCHEMA`).
    pub app: ConnectOptions,
    /// The login that looks across tenants (`WORKER_DATABASE_URL`). Unset: this process runs no worker.
    pub worker: Option<ConnectOptions>,
    /// `DATABASE_URL` as it was set, for the server's own records; it may hold a password.
    pub(crate) url: Secret,
    /// The schema that those stand beside.
    pub(crate) schema: Schema,
}

impl Database {
    /// From URLs, in the usual schema.
    ///
    /// # Errors
    ///
    /// [`SetupError`] when a text is no URL of a database.
    pub fn parse(app: &str, worker: Option<&str>) -> Result<Self, SetupError> {
        let worker = worker.map(ConnectOptions::parse).transpose()?;
        Ok(Self {
            app: ConnectOptions::parse(app)?,
            worker,
            url: Secret::new(app),
            schema: Schema::default(),
        })
    }

    pub(super) fn read(from: &Variables<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(app) = from.text(APP)? else {
            from.refuse_alone(WORKER, APP)?;
            from.refuse_alone(SCHEMA, APP)?;
            return Ok(None);
        };
        let schema = schema(from)?;
        let worker = from.text(WORKER)?.map(|url| options(WORKER, &url, &schema)).transpose()?;
        Ok(Some(Self { app: options(APP, &app, &schema)?, worker, url: Secret::new(app), schema }))
    }
}

/// What `migrate` works with: the owner of the tables, and the logins to grant to.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The login of the owner (`MIGRATION_DATABASE_URL`).
    pub owner: ConnectOptions,
    /// As it was set; it may hold a password.
    pub(crate) owner_url: Secret,
    pub(crate) schema: Schema,
    /// Those of `DATABASE_URL` and `WORKER_DATABASE_URL`, or else `sociogram_app` and `sociogram_worker`.
    pub(crate) roles: Roles,
    /// The password of `DATABASE_URL`.
    pub(crate) password: Option<Secret>,
}

impl Migration {
    pub(super) fn read(from: &Variables<'_>) -> Result<Self, ConfigError> {
        let url = from.text(OWNER)?.ok_or_else(|| {
            ConfigError::new(
                OWNER,
                "missing: set it to the login that owns the tables, such as postgres://product_owner@localhost/product; \
                 for migrate --dev a superuser will do",
            )
        })?;
        let schema = schema(from)?;
        let owner = options(OWNER, &url, &schema)?;
        let mut roles = Roles::default();
        let mut password = None;
        for (name, role) in [(APP, &mut roles.app), (WORKER, &mut roles.worker)] {
            let Some(url) = from.text(name)? else { continue };
            options(name, &url, &schema)?;
            let login = Login::of(&url);
            if let Some(login) = login.name {
                *role = Role::new(login).map_err(|error| ConfigError::new(name, error.to_string()))?;
            }
            if name == APP {
                password = login.password.map(Secret::new);
            }
        }
        Ok(Self { owner, owner_url: Secret::new(url), schema, roles, password })
    }
}

fn schema(from: &Variables<'_>) -> Result<Schema, ConfigError> {
    let Some(name) = from.text(SCHEMA)? else { return Ok(Schema::default()) };
    Schema::new(name).map_err(|error| ConfigError::new(SCHEMA, error.to_string()))
}

fn options(name: &'static str, url: &str, schema: &Schema) -> Result<ConnectOptions, ConfigError> {
    let options = ConnectOptions::parse(url).map_err(|error| ConfigError::new(name, error.to_string()))?;
    Ok(options.schema(schema.clone()))
}

/// Who a URL logs in as.
#[derive(Default)]
struct Login {
    name: Option<String>,
    password: Option<String>,
}

impl Login {
    fn of(url: &str) -> Self {
        let Ok(url) = Url::parse(url) else { return Self::default() };
        let mut login = Self {
            name: Some(decoded(url.username())).filter(|name| !name.is_empty()),
            password: url.password().map(decoded),
        };
        for (name, value) in url.query_pairs() {
            match &*name {
                "user" => login.name = Some(value.into_owned()),
                "password" => login.password = Some(value.into_owned()),
                _ => {}
            }
        }
        login
    }
}

fn decoded(part: &str) -> String {
    // `+` stands for itself there, unlike in a query.
    let query = format!("a={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

/// The same server and database under another login; `None` when `url` is none.
pub(crate) fn with_login(url: &str, name: &str, password: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "user" | "password"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let at_host = url.set_username(name).is_ok() && url.set_password(Some(password)).is_ok();
    url.set_query(None);
    if !kept.is_empty() || !at_host {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(kept);
        if !at_host {
            query.append_pair("user", name).append_pair("password", password);
        }
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_read_from_where_it_stands_and_replaced_there() {
        for (url, name, password, replaced) in [
            (
                "postgres://own%40er:p%2Bq+r@localhost:5433/db?sslmode=disable",
                Some("own@er"),
                Some("p+q+r"),
                "postgres://app:s@localhost:5433/db?sslmode=disable",
            ),
            ("postgres://localhost/db", None, None, "postgres://app:s@localhost/db"),
            (
                "postgres:///db?host=%2Frun%2Fpg&user=owner&password=x",
                Some("owner"),
                Some("x"),
                "postgres:///db?host=%2Frun%2Fpg&user=app&password=s",
            ),
            ("postgres:///db", None, None, "postgres:///db?user=app&password=s"),
        ] {
            let login = Login::of(url);
            assert_eq!((login.name.as_deref(), login.password.as_deref()), (name, password), "{url}");
            assert_eq!(with_login(url, "app", "s").as_deref(), Some(replaced));
            let again = Login::of(replaced);
            assert_eq!((again.name.as_deref(), again.password.as_deref()), (Some("app"), Some("s")));
        }
    }
}
