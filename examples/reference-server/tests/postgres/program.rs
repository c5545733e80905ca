//! The program in a process of its own.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use sociogram::token_vault::LocalKeys;
use sociogram_test_postgres::{Cluster, Database};

/// The environment of a process; there is nothing else in it.
#[derive(Clone, Default)]
pub(crate) struct Environment(Vec<(&'static str, String)>);

impl Environment {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| *known != name);
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reference-server"));
        command.env_clear().envs(self.0.iter().map(|(name, value)| (*name, value))).args(words);
        command
    }
}

/// A database of its own, set up by `migrate`, and the environment to serve from it.
pub(crate) async fn migrated() -> (Database, Environment) {
    let database = Cluster::shared().await.empty_database().await;
    let environment = Environment::default()
        .with("DATABASE_URL", database.app_url())
        .with("WORKER_DATABASE_URL", database.worker_url())
        .with("ENCRYPTION_KEY", wrapping_key())
        .with("RUST_LOG", "error");
    let owner = environment.clone().with("MIGRATION_DATABASE_URL", database.owner_url());
    let told = run(&owner, &["migrate"]).unwrap();
    assert!(told.contains("was brought up to date") && told.contains("test_app and test_worker"), "{told}");
    let again = run(&owner, &["migrate"]).unwrap();
    assert!(again.contains("is up to date"), "{again}");
    (database, environment)
}

pub(crate) fn wrapping_key() -> String {
    LocalKeys::generate_text().unwrap().text.as_str().to_owned()
}

/// Runs a command to its end: what it says on standard output, or on standard error if it fails.
pub(crate) fn run(environment: &Environment, words: &[&str]) -> Result<String, String> {
    let done = environment.command(words).stdin(Stdio::null()).output().unwrap();
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if done.status.success() { Ok(said(done.stdout)) } else { Err(said(done.stderr)) }
}

/// A server that serves; killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    /// Without a trailing slash.
    pub(crate) url: String,
    /// What it said when it was ready.
    pub(crate) said: String,
}

impl Program {
    pub(crate) fn start(environment: &Environment) -> Self {
        let mut command = environment.command(&["--port", "0"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut said = lines.next().unwrap();
        let url = said.rsplit(' ').next().unwrap().to_owned();
        for line in lines {
            said = format!("{said}\n{line}");
            if line.starts_with("Open ") {
                break;
            }
        }
        Self { child, url, said }
    }

    /// As a machine that loses its power: nothing is said, nothing is finished.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL.
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}
