//! `reference-server migrate`: makes the schemas in the database, or brings them up to date: that of the crates, and beside
//! it that of the server's own records.

use std::io::Write;

use sociogram::api_core::Secret;
use sociogram_postgres::{Roles, Setup, setup_dev};

use crate::{
    config::{Migration, with_login},
    records,
    server::reasons,
};

/// As the owner of the tables: makes the schema or brings it up to date, and gives the logins of `DATABASE_URL` and
/// `WORKER_DATABASE_URL` their rights.
///
/// # Errors
///
/// What is missing, with the statements that mend it.
pub async fn run(migration: &Migration, out: &mut (dyn Write + Send)) -> Result<(), String> {
    let Migration { schema, roles, .. } = migration;
    let setup = Setup::new(schema.clone(), roles.clone());
    let taken = setup.migrate(&migration.owner).await.map_err(|error| reasons(&error))?;
    let own = own_schema(migration, roles).await?;
    let taken = taken.saturating_add(own);
    let schema = schema.as_str();
    let done = match taken {
        0 => format!("the schema {schema} is up to date"),
        taken => format!("the schema {schema} was brought up to date, in {taken} step(s)"),
    };
    let (app, worker) = (roles.app.as_str(), roles.worker.as_str());
    write(out, &format!("{done}; {app} and {worker} have their rights"))
}

/// On this machine: makes the logins too, and writes the three URLs as lines for the environment. The password of
/// `DATABASE_URL` is kept if there is one.
///
/// # Errors
///
/// What is missing, in one line.
pub async fn run_dev(migration: &Migration, out: &mut (dyn Write + Send)) -> Result<(), String> {
    let password = match &migration.password {
        Some(password) => password.clone(),
        None => fresh_password()?,
    };
    setup_dev(&migration.owner, &password).await.map_err(|error| reasons(&error))?;
    let owner = migration.owner_url.expose();
    let roles = Roles::default();
    own_schema(migration, &roles).await?;
    let url = |login: &str| with_login(owner, login, password.expose()).ok_or("the owner's URL is no URL");
    let (app, worker) = (url(roles.app.as_str())?, url(roles.worker.as_str())?);
    let schema = migration.schema.as_str();
    write(
        out,
        &format!(
            "# For development: the schema {schema} is up to date, and two logins serve from it.\n\
             MIGRATION_DATABASE_URL='{owner}'\nDATABASE_URL='{app}'\nWORKER_DATABASE_URL='{worker}'\n\
             DATABASE_SCHEMA={schema}"
        ),
    )
}

/// The schema of the server's own records. Gives how many steps were taken.
async fn own_schema(migration: &Migration, roles: &Roles) -> Result<u32, String> {
    let taken = records::migrate(&migration.owner_url, &migration.schema, roles).await;
    taken.map_err(|error| error.to_string())
}

fn fresh_password() -> Result<Secret, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no random bytes: {error}"))?;
    Ok(Secret::new(format!("{:032x}", u128::from_be_bytes(bytes))))
}

fn write(out: &mut dyn Write, text: &str) -> Result<(), String> {
    writeln!(out, "{text}").map_err(|error| format!("cannot write to the output: {error}"))
}
