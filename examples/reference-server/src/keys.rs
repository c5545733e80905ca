//! `reference-server keys`: makes a wrapping key, and shows which ones are in use.

use std::{io::Write, sync::Arc};

use sociogram::token_vault::{DataKeys, KeyProvider, KeysStatus, LocalKeys, MemoryStore};

use crate::Config;

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
             # To rotate: first OLD,NEW in every process, then NEW,OLD, then rewrap, then NEW alone.\n\
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
    let Some(keys) = &config.encryption_key else {
        return Err(
            "no wrapping key is set: run `reference-server keys generate`, and set ENCRYPTION_KEY or \
                    ENCRYPTION_KEY_FILE to what it prints"
                .to_owned(),
        );
    };
    let provider: Arc<dyn KeyProvider> = Arc::clone(keys);
    let data_keys = DataKeys::new(provider, Arc::new(MemoryStore::new()));
    let status = data_keys.status().await.map_err(|error| error.to_string())?;
    write(out, &table(&status))?;
    write(out, "The data keys are in the memory of the serving process; this command sees none of them.")
}

fn table(status: &KeysStatus) -> String {
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
    async fn without_a_key_the_status_says_how_to_get_one() {
        let error = status(&Config::default(), &mut Vec::new()).await.unwrap_err();
        assert!(error.contains("keys generate") && error.contains("ENCRYPTION_KEY"), "{error}");
    }
}
