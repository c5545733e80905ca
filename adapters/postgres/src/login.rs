//! Whether a login may serve, found out before it does.

use sqlx::PgPool;

use crate::{
    Role, Roles, Schema, Setup, SetupError,
    database::{Call, Lane},
    fault::Fault,
    setup,
    statements::Sql,
    values::Columns as _,
};

/// What a login is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The requests of tenants.
    App,
    /// What looks across tenants.
    Worker,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Worker => "worker",
        }
    }
}

/// How a login and a schema stand.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, each read from one column")]
struct Standing {
    login: String,
    is_superuser: bool,
    bypasses: bool,
    is_replica: bool,
    is_read_only: bool,
    isolation: String,
    is_migrated: bool,
    is_owner: bool,
    is_secured: bool,
    may_enter: bool,
    may_serve: bool,
    may_look_across: bool,
}

impl Standing {
    async fn of(lane: &Lane, schema: &Schema) -> Result<Self, Fault> {
        let check = Sql::fixed(include_str!("../sql/check.sql"));
        let row = lane.one(Call::read(&check).bind(schema.as_str())).await?;
        Ok(Self {
            login: row.get("login")?,
            is_superuser: row.get("is_superuser")?,
            bypasses: row.get("bypasses")?,
            is_replica: row.get("is_replica")?,
            is_read_only: row.get("is_read_only")?,
            isolation: row.get("isolation")?,
            is_migrated: row.get("is_migrated")?,
            is_owner: row.get("is_owner")?,
            is_secured: row.get("is_secured")?,
            may_enter: row.get("may_enter")?,
            may_serve: row.get("may_serve")?,
            may_look_across: row.get("may_look_across")?,
        })
    }

    /// Why the login must not serve at all.
    fn danger(&self, purpose: Purpose) -> Option<&'static str> {
        if self.is_superuser {
            return Some("is a superuser, whom row security does not hold back");
        }
        if self.bypasses {
            return Some("has BYPASSRLS, so row security does not hold it back");
        }
        if self.is_owner {
            return Some("owns the tables or is a member of their owner, and could switch row security off");
        }
        match purpose {
            Purpose::App if self.may_look_across => {
                Some("has the rights of the worker, and sees every tenant")
            }
            Purpose::Worker if self.may_serve => {
                Some("has the rights of the app, and sees every tenant's secrets")
            }
            _ => None,
        }
    }

    /// What is wrong with the server as it is reached.
    fn trouble(&self) -> Option<String> {
        if self.is_replica {
            return Some("this server is a replica: it lags behind and takes no writes".to_owned());
        }
        if self.is_read_only {
            return Some("the server's sessions are read-only (default_transaction_read_only)".to_owned());
        }
        if self.isolation != "read committed" {
            return Some(format!(
                "the server's transactions are {} (default_transaction_isolation), and \"read committed\" is needed: \
                 who loses a race must see what the winner stored",
                self.isolation
            ));
        }
        None
    }
}

/// Whether this login may serve this schema.
pub(crate) async fn check(
    pool: &PgPool,
    lane: &Lane,
    schema: &Schema,
    purpose: Purpose,
) -> Result<(), SetupError> {
    // A login that is refused is told so here, not after waiting for a free connection.
    drop(pool.acquire().await?);
    let standing = Standing::of(lane, schema).await?;
    let (login, role) = (&standing.login, purpose.as_str());
    if let Some(danger) = standing.danger(purpose) {
        let message = format!(
            "the {role} login {login:?} {danger}; serve with logins of their own, to which the owner of the tables grants:"
        );
        let statements = Setup::new(schema.clone(), Roles::default()).logins_and_grants();
        return Err(SetupError::misconfigured(message).with_statements(statements));
    }
    if let Some(trouble) = standing.trouble() {
        return Err(SetupError::misconfigured(trouble));
    }
    if !standing.is_migrated {
        let message = format!("there is no schema {schema} of this crate in the database; run migrate first");
        return Err(SetupError::misconfigured(message));
    }
    if !standing.is_secured {
        let message = format!(
            "row security is not forced on every table of the schema {schema}; somebody switched it off"
        );
        return Err(SetupError::misconfigured(message));
    }
    if standing.may_enter {
        let stored = setup::version(lane, schema).await?;
        if stored < setup::VERSION {
            let message = format!(
                "the schema {schema} has version {stored} and this program needs {}; run migrate first",
                setup::VERSION
            );
            return Err(SetupError::misconfigured(message));
        }
    }
    let may = match purpose {
        Purpose::App => standing.may_serve,
        Purpose::Worker => standing.may_look_across,
    };
    if standing.may_enter && may {
        return Ok(());
    }
    let message = format!("the {role} login {login:?} lacks rights; the owner of the tables should run:");
    let statements = Setup::new(schema.clone(), roles_with(login, purpose)).grants();
    Err(SetupError::misconfigured(message).with_statements(statements))
}

/// The usual roles, with this login in its place.
fn roles_with(login: &str, purpose: Purpose) -> Roles {
    let mut roles = Roles::default();
    if let Ok(login) = Role::new(login) {
        match purpose {
            Purpose::App => roles.app = login,
            Purpose::Worker => roles.worker = login,
        }
    }
    roles
}
