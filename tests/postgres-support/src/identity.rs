//! Whose rights the servers run with.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// `nobody`, by number: there may be no such name.
const NOBODY: u32 = 65_534;

/// A user that Postgres accepts: it refuses to run as root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    uid: u32,
    /// The user and group to become, where this process is root.
    becomes: Option<(u32, u32)>,
}

impl Identity {
    pub(crate) async fn find() -> Result<Identity, String> {
        let uid = id(&["-u"]).await.ok_or("`id -u` gave no number")?;
        if uid != 0 {
            return Ok(Identity { uid, becomes: None });
        }
        let postgres = id(&["-u", "postgres"]).await.zip(id(&["-g", "postgres"]).await);
        let becomes = postgres.unwrap_or((NOBODY, NOBODY));
        Ok(Identity { uid: becomes.0, becomes: Some(becomes) })
    }

    pub(crate) fn uid(self) -> u32 {
        self.uid
    }

    /// A command of this user, in the given directory, without input and without what names another server.
    ///
    /// It has a process group of its own, so that Ctrl-C in the terminal of the tests does not reach it.
    pub(crate) fn command(self, program: impl AsRef<OsStr>, directory: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(directory).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        if let Some((uid, gid)) = self.becomes {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// A command that gets the signal when the thread that starts it ends.
    pub(crate) fn bound_command(self, signal: &str, program: &Path, directory: &Path) -> Command {
        let Some(setpriv) = on_path("setpriv") else {
            return self.command(program, directory);
        };
        let mut command = self.command(setpriv, directory);
        command.args(["--pdeathsig", signal]).arg(program);
        command
    }
}

async fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stdin(Stdio::null()).output().await.ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
