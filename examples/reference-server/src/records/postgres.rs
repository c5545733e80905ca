//! Records in Postgres, in a schema beside that of the crates.

use std::{borrow::Cow, time::Duration};

use serde_json::Value;
use sociogram::{
    api_core::{Secret, Timestamp},
    oauth_core::TenantId,
    webhook_verify::DedupeKey,
};
use sociogram_postgres::{Roles, Schema};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool, Postgres,
    Row as _, Transaction,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};

use super::{Direction, Kept, Lead, LeadStatus, RecordsError, Utterance};

/// The steps of the schema. One that was published is never changed again.
const STEPS: [&str; 2] = [include_str!("../../sql/v1.sql"), include_str!("../../sql/v2.sql")];
const BOOKS: &str = include_str!("../../sql/books.sql");
const GRANTS: &str = include_str!("../../sql/grants.sql");

const CONNECTIONS: u32 = 4;
const WAIT: Duration = Duration::from_secs(5);

const LEAD: &str = "id, event_key, provider, account, lead, form, ad, created_at, name, email, phone, answers::text as answers, \
     click, status, (extract(epoch from status_at) * 1000)::bigint as status_at, \
     (extract(epoch from stored_at) * 1000)::bigint as stored_at";
const UTTERANCE: &str = "id, event_key, platform, account, person, direction, kind, text, at, message_id, \
     (extract(epoch from stored_at) * 1000)::bigint as stored_at";

/// The records, under the login of the app.
#[derive(Debug, Clone)]
pub(crate) struct PostgresRecords {
    pool: PgPool,
    /// With quotes.
    schema: String,
}

type Statement<'q> = Query<'q, Postgres, PgArguments>;

impl PostgresRecords {
    /// Connects when it is first used. `url` was read before.
    pub(crate) fn new(url: &Secret, schema: &Schema) -> Result<Self, RecordsError> {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        Ok(Self { pool: pool.connect_lazy_with(options(url)?), schema: quoted(schema) })
    }

    /// Whether the schema is there and new enough.
    pub(crate) async fn check(&self) -> Result<(), RecordsError> {
        let sql = format!("select coalesce(max(version), 0) as version from {}.migration", self.schema);
        let stored: Result<i32, _> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await;
        match stored {
            Ok(stored) if usize::try_from(stored).is_ok_and(|stored| stored >= STEPS.len()) => Ok(()),
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Err(RecordsError(format!(
                "the schema {} is missing or too old; run migrate first",
                self.schema
            ))),
        }
    }

    pub(super) async fn add_lead(&self, tenant: TenantId, lead: &Lead) -> Result<bool, RecordsError> {
        let sql = self.sql(
            "insert into {schema}.lead
                (tenant_id, event_key, provider, account, lead, form, ad, created_at, name, email, phone, answers, click)
             values ($1::text::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13)
             on conflict do nothing",
        );
        let statement = own(&sql, tenant)
            .bind(lead.key.as_bytes().as_slice())
            .bind(&lead.provider)
            .bind(&lead.account)
            .bind(&lead.external_id)
            .bind(&lead.form)
            .bind(&lead.ad)
            .bind(lead.created_at.map(Timestamp::as_unix_millis))
            .bind(&lead.name)
            .bind(&lead.email)
            .bind(&lead.phone)
            .bind(lead.answers.to_string())
            .bind(&lead.click);
        Ok(self.change(tenant, statement).await? > 0)
    }

    pub(super) async fn set_lead_status(
        &self,
        tenant: TenantId,
        id: i64,
        status: LeadStatus,
    ) -> Result<Option<Kept<Lead>>, RecordsError> {
        let sql = self.sql(&format!(
            "update {{schema}}.lead
             set status = $3, status_at = case when status = $3 then status_at else now() end
             where tenant_id = $1::text::uuid and id = $2
             returning {LEAD}"
        ));
        let mut transaction = self.begin(tenant).await?;
        let statement = own(&sql, tenant).bind(id).bind(status.as_str());
        let row = statement.fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(row.as_ref().map(lead).transpose()?)
    }

    pub(super) async fn erase_lead(
        &self,
        tenant: TenantId,
        provider: &str,
        lead: &str,
    ) -> Result<u64, RecordsError> {
        let sql = self.sql(
            "delete from {schema}.lead where tenant_id = $1::text::uuid and provider = $2 and lead = $3",
        );
        self.change(tenant, own(&sql, tenant).bind(provider).bind(lead)).await
    }

    pub(super) async fn add_utterance(
        &self,
        tenant: TenantId,
        utterance: &Utterance,
    ) -> Result<bool, RecordsError> {
        let sql = self.sql(
            "insert into {schema}.conversation_entry
                (tenant_id, event_key, platform, account, person, direction, kind, text, at, message_id)
             values ($1::text::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict do nothing",
        );
        let statement = own(&sql, tenant)
            .bind(utterance.key.as_bytes().as_slice())
            .bind(&utterance.platform)
            .bind(&utterance.account)
            .bind(&utterance.person)
            .bind(utterance.direction.as_str())
            .bind(&utterance.kind)
            // The one character that Postgres does not keep.
            .bind(utterance.text.as_ref().map(|text| text.replace('\0', "\u{fffd}")))
            .bind(utterance.at.map(Timestamp::as_unix_millis))
            .bind(&utterance.message_id);
        Ok(self.change(tenant, statement).await? > 0)
    }

    pub(super) async fn erase_utterance(
        &self,
        tenant: TenantId,
        account: &str,
        message_id: &str,
    ) -> Result<u64, RecordsError> {
        let sql = self.sql(
            "delete from {schema}.conversation_entry
             where tenant_id = $1::text::uuid and account = $2 and message_id = $3",
        );
        self.change(tenant, own(&sql, tenant).bind(account).bind(message_id)).await
    }

    pub(super) async fn leads(
        &self,
        tenant: TenantId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Kept<Lead>>, RecordsError> {
        let rows = self.latest(tenant, "lead", LEAD, after, limit).await?;
        Ok(rows.iter().map(lead).collect::<Result<_, sqlx::Error>>()?)
    }

    pub(super) async fn utterances(
        &self,
        tenant: TenantId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Kept<Utterance>>, RecordsError> {
        let rows = self.latest(tenant, "conversation_entry", UTTERANCE, after, limit).await?;
        Ok(rows.iter().map(utterance).collect::<Result<_, sqlx::Error>>()?)
    }

    pub(super) async fn erase_tenant(&self, tenant: TenantId) -> Result<(), RecordsError> {
        for table in ["lead", "conversation_entry"] {
            let sql = self.sql(&format!("delete from {{schema}}.{table} where tenant_id = $1::text::uuid"));
            self.change(tenant, own(&sql, tenant)).await?;
        }
        Ok(())
    }

    async fn latest(
        &self,
        tenant: TenantId,
        table: &str,
        columns: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<PgRow>, RecordsError> {
        let sql = self.sql(&format!(
            "select {columns} from {{schema}}.{table}
             where tenant_id = $1::text::uuid and id < $2 order by id desc limit $3"
        ));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut transaction = self.begin(tenant).await?;
        let statement = own(&sql, tenant).bind(after.unwrap_or(i64::MAX)).bind(limit);
        let rows = statement.fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// Gives how many rows were changed.
    async fn change(&self, tenant: TenantId, statement: Statement<'_>) -> Result<u64, RecordsError> {
        let mut transaction = self.begin(tenant).await?;
        let changed = statement.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        Ok(changed)
    }

    /// A transaction that sees the rows of this tenant alone.
    async fn begin(&self, tenant: TenantId) -> Result<Transaction<'static, Postgres>, RecordsError> {
        let mut transaction = self.pool.begin().await?;
        let set = sqlx::query("select set_config('sociogram.tenant', $1, true)").bind(tenant.to_string());
        set.execute(&mut *transaction).await?;
        Ok(transaction)
    }

    fn sql(&self, sql: &str) -> String {
        sql.replace("{schema}", &self.schema)
    }
}

/// A statement whose first value is the tenant.
fn own<'q>(sql: &str, tenant: TenantId) -> Statement<'q> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).bind(tenant.to_string())
}

fn lead(row: &PgRow) -> Result<Kept<Lead>, sqlx::Error> {
    let answers: String = row.try_get("answers")?;
    let status: String = row.try_get("status")?;
    let record = Lead {
        key: key(row)?,
        provider: row.try_get("provider")?,
        account: row.try_get("account")?,
        external_id: row.try_get("lead")?,
        form: row.try_get("form")?,
        ad: row.try_get("ad")?,
        created_at: time(row, "created_at")?,
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        phone: row.try_get("phone")?,
        answers: serde_json::from_str(&answers).unwrap_or(Value::Null),
        click: row.try_get("click")?,
        status: LeadStatus::parse(&status).unwrap_or(LeadStatus::New),
        status_at: time(row, "status_at")?,
    };
    stored(row, record)
}

fn utterance(row: &PgRow) -> Result<Kept<Utterance>, sqlx::Error> {
    let direction: String = row.try_get("direction")?;
    let record = Utterance {
        key: key(row)?,
        platform: row.try_get("platform")?,
        account: row.try_get("account")?,
        person: row.try_get("person")?,
        direction: Direction::parse(&direction).unwrap_or(Direction::In),
        kind: row.try_get("kind")?,
        text: row.try_get("text")?,
        at: time(row, "at")?,
        message_id: row.try_get("message_id")?,
    };
    stored(row, record)
}

fn stored<T>(row: &PgRow, record: T) -> Result<Kept<T>, sqlx::Error> {
    let stored_at = Timestamp::from_unix_millis(row.try_get("stored_at")?);
    Ok(Kept { id: row.try_get("id")?, stored_at, record })
}

fn key(row: &PgRow) -> Result<DedupeKey, sqlx::Error> {
    let bytes: Vec<u8> = row.try_get("event_key")?;
    let bytes = bytes.try_into().map_err(|_| sqlx::Error::Protocol("a key of another length".into()))?;
    Ok(DedupeKey::from_bytes(bytes))
}

fn time(row: &PgRow, column: &str) -> Result<Option<Timestamp>, sqlx::Error> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(Timestamp::from_unix_millis))
}

/// As the owner: makes the schema or brings it up to date, and gives the two logins their rights. Gives how many steps
/// were taken.
pub(crate) async fn migrate(owner: &Secret, schema: &Schema, roles: &Roles) -> Result<u32, RecordsError> {
    let mut connection = options(owner)?.connect().await?;
    let migrated = migrate_on(&mut connection, schema, roles).await;
    // What was committed is stored, however the connection ends.
    let _ = connection.close().await;
    migrated
}

async fn migrate_on(
    connection: &mut PgConnection,
    schema: &Schema,
    roles: &Roles,
) -> Result<u32, RecordsError> {
    // Names of schemas and roles hold no quotes.
    let role = |name: &str| format!("\"{name}\"");
    let rendered = |sql: &str| {
        let (app, worker) = (role(roles.app.as_str()), role(roles.worker.as_str()));
        sql.replace("{schema}", &quoted(schema)).replace("{app}", &app).replace("{worker}", &worker)
    };
    let mut transaction = connection.begin().await?;
    let mut run = async |sql: String| transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop);
    run("set local lock_timeout = '60s'".to_owned()).await?;
    run(format!("select pg_advisory_xact_lock(hashtextextended('{}.migrate', 0))", name(schema))).await?;
    run(rendered(BOOKS)).await?;
    let versions = rendered("select coalesce(max(version), 0) from {schema}.migration");
    let stored: i32 = sqlx::query_scalar(AssertSqlSafe(versions)).fetch_one(&mut *transaction).await?;
    let mut run = async |sql: String| transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(drop);
    let mut taken = 0;
    for (version, step) in (1..).zip(STEPS).filter(|(version, _)| *version > stored) {
        run(rendered(step)).await?;
        run(rendered(&format!("insert into {{schema}}.migration (version) values ({version})"))).await?;
        taken += 1;
    }
    run(rendered(GRANTS)).await?;
    transaction.commit().await?;
    Ok(taken)
}

fn options(url: &Secret) -> Result<PgConnectOptions, RecordsError> {
    let options: Result<PgConnectOptions, _> = url.expose().parse();
    let options =
        options.map_err(|_| RecordsError("the URL of the database is not a postgres:// URL".to_owned()))?;
    Ok(options.disable_statement_logging())
}

/// The schema beside that of the crates.
fn name(schema: &Schema) -> String {
    format!("{schema}_server")
}

fn quoted(schema: &Schema) -> String {
    format!("\"{}\"", name(schema))
}

/// No such schema or table, or no right to look.
fn is_missing(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
    matches!(code.as_deref(), Some("3F000" | "42P01" | "42501"))
}

/// The texts of the server may repeat values, so its code stands for them.
impl From<sqlx::Error> for RecordsError {
    fn from(error: sqlx::Error) -> Self {
        Self(match &error {
            sqlx::Error::Database(refused) => match refused.code() {
                Some(code) if code == "42501" => "the login lacks a right (SQLSTATE 42501)".to_owned(),
                code => format!("the server refused a statement (SQLSTATE {})", code.unwrap_or_default()),
            },
            sqlx::Error::ColumnDecode { index, .. } => format!("the column {index} cannot be read"),
            sqlx::Error::Protocol(_) | sqlx::Error::Decode(_) => "a row cannot be read".to_owned(),
            _ => "the database does not answer".to_owned(),
        })
    }
}
