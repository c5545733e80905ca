//! `reference-server keys`: makes a wrapping key, shows which ones are in use, and moves data keys to the current one.

use std::{io::Write, sync::Arc};

use sociogram::token_vault::{DataKeyTable, DataKeys, KeyProvider, KeysStatus, LocalKeys, MemoryStore};

use crate::{Config, config::Database, stores::Tables};

/// How many data keys are moved at a time.
const BATCH: usize = 100;

/// Writes a fresh wrapping key as a line for the environment. It is shown this once and kept nowhere.
///
/// # Errors
///
/// Why there is none, in one line.
pub fn generate(out: &mut dyn Write) -> Result<(), String> {
    let key = LocalKeys::generate_text().map_err(|error| error.to_string())?;
    let id = &key.id;
    write(
        out,
        &format!(
            "# Wrapping key {id}. Keep it outside the database: without it every stored token is lost.\n\
             # To rotate: first OLD,NEW in every process, then NEW,OLD, then `keys rotate`, then NEW alone.\n\
             ENCRYPTION_KEY={}",
            key.text.as_str()
        ),
    )
}

/// Writes which wrapping keys the settings name, which one wraps, and how many data keys each one holds. Shows no
/// key.
///
/// # Errors
///
/// What is missing and what to do, in one line.
pub async fn status(config: &Config, out: &mut (dyn Write + Send)) -> Result<(), String> {
    let keys = wrapping(config)?;
    let (table, is_kept): (Arc<dyn DataKeyTable>, bool) = match &config.database {
        Some(database) => (stored(database, "counting").await?, true),
        None => (Arc::new(MemoryStore::new()), false),
    };
    let status = DataKeys::new(keys, table).status().await.map_err(|error| error.to_string())?;
    write(out, &show(&status))?;
    if is_kept {
        return Ok(());
    }
    write(
        out,
        "No DATABASE_URL is set: data keys are in the memory of the serving process, and none is counted here.",
    )
}

/// Wraps every data key with the first of the wrapping keys, while servers go on. May be broken off and repeated.
///
/// # Errors
///
/// What is missing and what to do, or which data keys could not be moved.
pub async fn rotate(config: &Config, out: &mut (dyn Write + Send)) -> Result<(), String> {
    let keys = wrapping(config)?;
    let database = config.database.as_ref().ok_or(
        "DATABASE_URL: not set, so there is nothing to rotate: data keys in memory end with their process",
    )?;
    let data_keys = DataKeys::new(keys, stored(database, "moving").await?);
    let (mut moved, mut failed) = (0, 0);
    let mut job = data_keys.rewrap(BATCH);
    while let Some(progress) = job.next().await.map_err(|error| format!("{error}; run it again to go on"))? {
        moved += progress.moved;
        failed += progress.failed.len();
        write(out, &format!("{}: {} moved, {} to go", progress.from, progress.moved, progress.remaining))?;
        for failure in &progress.failed {
            let (key, tenant) = (failure.key, failure.tenant);
            write(
                out,
                &format!("{}: data key {key} of tenant {tenant}: {}", progress.from, failure.kind.as_str()),
            )?;
        }
    }
    let status = data_keys.status().await.map_err(|error| error.to_string())?;
    write(out, &format!("{moved} data keys moved to {}\n\n{}", status.primary, show(&status)))?;
    match failed {
        0 => Ok(()),
        failed => Err(format!(
            "{failed} data keys could not be moved: put the wrapping keys they need behind the current one, and run it \
             again"
        )),
    }
}

fn wrapping(config: &Config) -> Result<Arc<dyn KeyProvider>, String> {
    config.encryption_key.clone().ok_or_else(|| {
        "no wrapping key is set: run `reference-server keys generate`, and set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE to \
         what it prints"
            .to_owned()
    })
}

/// The data keys of all tenants. `work` says what they are wanted for.
async fn stored(database: &Database, work: &str) -> Result<Arc<dyn DataKeyTable>, String> {
    let tables = Tables::open(database).await.map_err(|error| error.to_string())?;
    tables.all_keys().ok_or_else(|| {
        format!("WORKER_DATABASE_URL: missing; {work} the data keys of all tenants takes the worker's login")
    })
}

fn show(status: &KeysStatus) -> String {
    let mut lines = vec![format!("{:<24} {:<8} {:>9}  what to do", "wrapping key", "use", "data keys")];
    for key in &status.keys {
        let (usage, advice) = match (key.primary, key.held) {
            (true, _) => ("wraps", ""),
            (false, true) if key.is_removable() => {
                ("unwraps", "may be removed once every process wraps with the new key")
            }
            (false, true) => ("unwraps", "keep it until `keys rotate` has moved its data keys"),
            (false, false) => {
                ("missing", "put it back behind the current one: tokens cannot be opened without it")
            }
        };
        let line = format!("{:<24} {usage:<8} {:>9}  {advice}", key.id.as_str(), key.data_keys);
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

fn write(out: &mut dyn Write, text: &str) -> Result<(), String> {
    writeln!(out, "{text}").map_err(|error| format!("cannot write to the output: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(write: impl FnOnce(&mut Vec<u8>) -> Result<(), String>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_generated_key_is_one_the_settings_take() {
        let text = printed(|out| generate(out));
        let line = text.lines().last().unwrap();
        let key = line.strip_prefix("ENCRYPTION_KEY=").unwrap();
        let keys = LocalKeys::parse(key).unwrap();
        let id = keys.ids().next().unwrap().to_string();
        assert!(text.contains(&id), "{text}");
        assert_ne!(text, printed(|out| generate(out)));
    }

    #[tokio::test]
    async fn the_status_names_every_key_and_shows_none() {
        let (new, old) = ("0f".repeat(32), "1e".repeat(32));
        let keys = LocalKeys::parse(&format!("{new},{old}")).unwrap();
        let ids: Vec<_> = keys.ids().map(ToString::to_string).collect();
        let config = Config { encryption_key: Some(Arc::new(keys)), ..Config::default() };
        let mut out = Vec::new();
        status(&config, &mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().any(|line| line.starts_with(&ids[0]) && line.contains("wraps")), "{text}");
        assert!(
            text.lines().any(|line| line.starts_with(&ids[1]) && line.contains("may be removed")),
            "{text}"
        );
        assert!(!text.contains(&new) && !text.contains(&old), "{text}");
    }

    #[tokio::test]
    async fn without_a_key_the_commands_say_how_to_get_one() {
        let config = Config::default();
        for error in [
            status(&config, &mut Vec::new()).await.unwrap_err(),
            rotate(&config, &mut Vec::new()).await.unwrap_err(),
        ] {
            assert!(error.contains("keys generate") && error.contains("ENCRYPTION_KEY"), "{error}");
        }
    }

    #[tokio::test]
    async fn without_a_database_there_is_nothing_to_rotate() {
        let keys = LocalKeys::generate().unwrap();
        let config = Config { encryption_key: Some(Arc::new(keys)), ..Config::default() };
        let error = rotate(&config, &mut Vec::new()).await.unwrap_err();
        assert!(error.contains("DATABASE_URL"), "{error}");
    }
}
