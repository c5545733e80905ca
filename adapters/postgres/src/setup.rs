//! Making the schema, and keeping it up to date.

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, raw_sql};

use crate::{
    ConnectOptions, Roles, Schema, SetupError,
    database::{Call, Lane},
    fault::Fault,
    statements::Sql,
    values::Columns as _,
};

/// The version of the schema that this crate works with. A newer one serves it too.
pub(crate) const VERSION: i32 = 3;

/// One step of the schema, in files of one idea each. A step that was published is never changed again.
struct Step {
    version: i32,
    name: &'static str,
    parts: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step {
        version: 1,
        name: "begin",
        parts: &[
            include_str!("../sql/v1/tables.sql"),
            include_str!("../sql/v1/row_security.sql"),
            include_str!("../sql/v1/notes.sql"),
            include_str!("../sql/v1/tokens.sql"),
            include_str!("../sql/v1/changes.sql"),
            include_str!("../sql/v1/connections.sql"),
            include_str!("../sql/v1/assets.sql"),
            include_str!("../sql/v1/audit.sql"),
            include_str!("../sql/v1/data_keys.sql"),
            include_str!("../sql/v1/sessions.sql"),
            include_str!("../sql/v1/worker.sql"),
            include_str!("../sql/v1/erasing.sql"),
            include_str!("../sql/v1/rights.sql"),
        ],
    },
    Step {
        version: 2,
        name: "inbox",
        parts: &[
            include_str!("../sql/v2/inbox.sql"),
            include_str!("../sql/v2/inbox_claims.sql"),
            include_str!("../sql/v2/inbox_reads.sql"),
            include_str!("../sql/v2/inbox_upkeep.sql"),
            include_str!("../sql/v2/rights.sql"),
        ],
    },
    Step {
        version: 3,
        name: "outbox",
        parts: &[
            include_str!("../sql/v3/outbox.sql"),
            include_str!("../sql/v3/outbox_claims.sql"),
            include_str!("../sql/v3/outbox_reads.sql"),
            include_str!("../sql/v3/outbox_upkeep.sql"),
            include_str!("../sql/v3/erasing.sql"),
            include_str!("../sql/v3/rights.sql"),
        ],
    },
];

/// Which steps were taken.
const BOOKS: &str = include_str!("../sql/books.sql");
const GRANTS: &str = include_str!("../sql/grants.sql");

/// A schema and the logins that serve from it. What it does is for the owner of the tables: a third login, which never
/// serves.
///
/// ```no_run
/// use sociogram_postgres::{ConnectOptions, Roles, Schema, Setup};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let setup = Setup::new(Schema::default(), Roles::new("product_app", "product_worker")?);
/// let owner = ConnectOptions::parse("postgres://product_owner@db.example/product")?;
/// let applied = setup.migrate(&owner).await?;
/// println!("{applied} steps taken");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Setup {
    schema: Schema,
    roles: Roles,
}

impl Setup {
    /// Of this schema and these logins.
    pub const fn new(schema: Schema, roles: Roles) -> Self {
        Self { schema, roles }
    }

    /// Makes the schema or brings it up to date, and grants the two logins their rights: all of it or nothing. Run it
    /// before a new version of the program starts; the version before goes on working. Running it again, or several
    /// times at once, does no harm. The logins must be there; the schema of `owner` does not matter.
    ///
    /// Gives how many steps were taken.
    ///
    /// # Errors
    ///
    /// [`SetupError`]: `Misconfigured` when a login is missing (with the statements that make it) or `owner` lacks a
    /// right, `Unavailable` when the server does not answer or somebody holds a lock for more than 5 seconds. Nothing
    /// has changed then.
    pub async fn migrate(&self, owner: &ConnectOptions) -> Result<u32, SetupError> {
        let mut connection = owner.server.connect().await?;
        let migrated = self.migrate_on(&mut connection).await;
        // What was committed is stored, however the connection ends.
        let _ = connection.close().await;
        migrated
    }

    async fn migrate_on(&self, connection: &mut PgConnection) -> Result<u32, SetupError> {
        self.check_roles(connection).await?;
        let mut transaction = connection.begin().await?;
        // Others who migrate take their time; a table that somebody else holds for long is another matter.
        let prepare = "set local lock_timeout = '60s';
            select pg_advisory_xact_lock(hashtextextended('{name}.migrate', 0));
            set local lock_timeout = '5s'";
        run(&mut transaction, &self.schema.render(prepare)).await?;
        run(&mut transaction, &self.schema.render(BOOKS)).await?;
        let versions = Sql::new("select coalesce(max(version), 0) from {schema}.migration", &self.schema);
        let stored: i32 = sqlx::query_scalar(versions.text()).fetch_one(&mut *transaction).await?;
        let mut taken = 0;
        for step in STEPS.iter().filter(|step| step.version > stored) {
            run(&mut transaction, &self.step(step)).await?;
            taken += 1;
        }
        // A newer version of this crate has grants of its own.
        if stored <= VERSION {
            run(&mut transaction, &self.grants()).await?;
        }
        transaction.commit().await?;
        Ok(taken)
    }

    async fn check_roles(&self, connection: &mut PgConnection) -> Result<(), SetupError> {
        let wanted = [self.roles.app.as_str(), self.roles.worker.as_str()];
        let found: Vec<String> =
            sqlx::query_scalar("select rolname::text from pg_roles where rolname = any ($1)")
                .bind(wanted.as_slice())
                .fetch_all(connection)
                .await?;
        let missing: Vec<_> =
            wanted.into_iter().filter(|role| !found.iter().any(|found| found == role)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!(
            "there is no role {}; somebody who may make roles should run:",
            missing.join(" and no role ")
        );
        Err(SetupError::misconfigured(message).with_statements(self.logins()))
    }

    /// Everything that [`migrate`](Self::migrate) would do with an empty database, as one script for `psql` or for a
    /// migration tool of your own. Run it as the owner of the tables.
    pub fn script(&self) -> String {
        let steps: String = self.steps().map(|(_, step)| step).collect();
        format!("begin;\n\n{steps}\n{}\ncommit;\n", self.grants())
    }

    /// The steps one by one, with their versions, for a tool that keeps track of them. The first one makes the schema;
    /// [`grants`](Self::grants) come after the last one, every time.
    pub fn steps(&self) -> impl Iterator<Item = (u32, String)> + '_ {
        STEPS.iter().map(|step| {
            let books = if step.version == 1 { self.schema.render(BOOKS) } else { String::new() };
            (step.version.unsigned_abs(), books + &self.step(step))
        })
    }

    /// The statements that give the two logins their rights, and nobody else any. Run them as the owner of the tables.
    pub fn grants(&self) -> String {
        self.roles.render(&self.schema.render(GRANTS))
    }

    /// The statements that make the two logins, and those that give them their rights.
    pub(crate) fn logins_and_grants(&self) -> String {
        format!("{}\n\n{}", self.logins(), self.grants())
    }

    fn logins(&self) -> String {
        self.roles.render("create role {app} login password '…';\ncreate role {worker} login password '…';")
    }

    fn step(&self, step: &Step) -> String {
        let body: String = step.parts.iter().map(|part| self.schema.render(part) + "\n").collect();
        let books = "insert into {schema}.migration (version, name) values ";
        format!("{body}{}({}, '{}');\n", self.schema.render(books), step.version, step.name)
    }
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), Fault> {
    connection.execute(raw_sql(AssertSqlSafe(sql))).await?;
    Ok(())
}

/// The version of the schema that is stored.
pub(crate) async fn version(lane: &Lane, schema: &Schema) -> Result<i32, Fault> {
    let sql = Sql::new("select coalesce(max(version), 0) as version from {schema}.migration", schema);
    lane.one(Call::read(&sql)).await?.get("version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_makes_the_version_that_is_expected() {
        let versions: Vec<_> = STEPS.iter().map(|step| step.version).collect();
        assert_eq!(versions, (1..=VERSION).collect::<Vec<_>>());
    }

    #[test]
    fn no_placeholder_is_left_in_a_script() {
        let setup = Setup::new(Schema::new("vault").unwrap(), Roles::new("a-b", "c").unwrap());
        let script = setup.script();
        for placeholder in ["{schema}", "{name}", "{app}", "{worker}", "sociogram_"] {
            assert!(!script.contains(placeholder), "{placeholder} is left");
        }
        assert!(script.contains("\"vault\".connection") && script.contains("to \"a-b\""));
        assert_eq!(setup.steps().map(|(version, _)| version).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
