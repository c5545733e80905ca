//! The directory of this process, which holds the files of all its servers.

use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::process::Child;
use tokio::sync::OnceCell;

use crate::identity::Identity;
use crate::sweep::{Files, claim, sweep};
use crate::{binaries, keeper};

const PREFIX: &str = "sociogram-pg-";
const MEMORY: &str = "/dev/shm";
/// In kilobytes.
const MEMORY_NEEDED: u64 = 256 * 1024;
/// A directory younger than this may belong to a process that has not taken its lock yet.
const UNCLAIMED: Duration = Duration::from_secs(60);
/// Locked as long as the process lives.
const ALIVE: &str = "alive";
/// A socket address has room for 108 bytes.
const LONGEST_BASE: usize = 60;

const ACCESS: &str = "\
local all all trust
# The administrator could start programs: not from the loopback, which every user of the machine reaches.
host all postgres 127.0.0.1/32 reject
host all all 127.0.0.1/32 trust
";

#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) identity: Identity,
    pub(crate) binaries: &'static Path,
    path: PathBuf,
    clusters: AtomicU32,
    pristine: OnceCell<Result<PathBuf, String>>,
    _alive: File,
    _sweeper: Child,
}

impl Home {
    /// The one of this process. To be called on the keeper's thread.
    pub(crate) async fn get() -> Result<&'static Home, String> {
        static HOME: OnceCell<Result<Home, String>> = OnceCell::const_new();
        HOME.get_or_init(Home::open).await.as_ref().map_err(Clone::clone)
    }

    async fn open() -> Result<Home, String> {
        let binaries = binaries::directory()?;
        let identity = Identity::find().await?;
        let bases = bases();
        remove_stale(identity, &bases);
        for base in &bases {
            let Some((path, sweeper)) = take(identity, base).await else { continue };
            let alive = File::create(path.join(ALIVE)).and_then(|file| lock(&file).map(|()| file));
            let alive = alive.map_err(|error| format!("{}: {error}", path.display()))?;
            let (clusters, pristine) = (AtomicU32::new(0), OnceCell::new());
            return Ok(Home {
                identity,
                binaries,
                path,
                clusters,
                pristine,
                _alive: alive,
                _sweeper: sweeper,
            });
        }
        Err(format!("user {} can write to none of {bases:?}", identity.uid()))
    }

    /// A new directory with an initialised data directory `data` in it.
    pub(crate) async fn new_cluster(&self) -> Result<PathBuf, String> {
        let pristine =
            self.pristine.get_or_init(|| self.initialise()).await.as_ref().map_err(Clone::clone)?;
        let directory = self.path.join((self.clusters.fetch_add(1, Ordering::Relaxed) + 1).to_string());
        let copy = "mkdir -m 0700 \"$2\" && cp -a \"$1\" \"$2/data\"";
        let mut command = self.identity.command("sh", &self.path);
        command.args(["-c", copy, "copy"]).arg(pristine).arg(&directory);
        finish("the copy of the data directory", command).await?;
        Ok(directory)
    }

    /// A data directory that no server has used: ten times faster to copy than to make.
    async fn initialise(&self) -> Result<PathBuf, String> {
        let data = self.path.join("pristine");
        let mut command = self.identity.bound_command("KILL", &self.binaries.join("initdb"), &self.path);
        command.arg("-D").arg(&data);
        command.args(["-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        command.args(["--no-sync", "--no-clean", "--no-instructions", "--wal-segsize=1"]);
        finish("initdb", command).await?;
        fs::write(data.join("pg_hba.conf"), ACCESS).map_err(|error| format!("pg_hba.conf: {error}"))?;
        Ok(data)
    }
}

async fn finish(what: &str, mut command: tokio::process::Command) -> Result<(), String> {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await;
    let output = output.map_err(|error| format!("{what} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what} failed ({}): {said}", output.status))
}

/// Where a home may lie, best first: memory, then disks.
fn bases() -> Vec<PathBuf> {
    let wanted = [MEMORY.into(), env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    let mut bases = Vec::new();
    for base in wanted.iter().filter_map(|base| fs::canonicalize(base).ok()) {
        if is_plain(&base) && !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// Whether the path can stand in a URL, in a pattern and in a socket address as it is.
fn is_plain(path: &Path) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    path.to_str().is_some_and(|path| path.len() <= LONGEST_BASE && path.bytes().all(plain))
}

/// A new directory of the server's user in the base, if it can write there and there is room, and its sweeper.
async fn take(identity: Identity, base: &Path) -> Option<(PathBuf, Child)> {
    let named = |number: u32| base.join(format!("{PREFIX}{}-{number}", process::id()));
    let path = (0..1000).map(named).find(|path| !path.exists())?;
    let (sweeper, room) = claim(identity, &path).await?;
    (base != Path::new(MEMORY) || room > MEMORY_NEEDED).then_some((path, sweeper))
}

/// Removes the homes of dead processes, whose sweeper was killed with them.
fn remove_stale(identity: Identity, bases: &[PathBuf]) {
    for base in bases {
        for entry in fs::read_dir(base).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX))
                && is_stale(identity, &entry.path())
            {
                let path = entry.path();
                keeper::keeper().spawn(async move { sweep(identity, &path, "QUIT", Files::Removed).await });
            }
        }
    }
}

fn is_stale(identity: Identity, home: &Path) -> bool {
    let Ok(metadata) = fs::symlink_metadata(home) else { return false };
    let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
    if !metadata.is_dir() || metadata.uid() != identity.uid() || age.is_none_or(|age| age < UNCLAIMED) {
        return false;
    }
    match File::open(home.join(ALIVE)) {
        Ok(alive) => lock(&alive).is_ok(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Takes the lock, which the system gives back when the process ends, or says that another process has it.
#[allow(
    clippy::incompatible_msrv,
    reason = "this package needs the Rust version of sqlx, not that of the libraries"
)]
fn lock(alive: &File) -> io::Result<()> {
    alive.try_lock().map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_and_short_paths_hold_servers() {
        for plain in ["/dev/shm", "/tmp", "/var/folders/a_b/T-1"] {
            assert!(is_plain(Path::new(plain)), "{plain}");
        }
        let long = format!("/{}", "a".repeat(LONGEST_BASE));
        for odd in ["/tmp/a b", "/tmp/[a]", "/tmp/a?b", "/tmp/ä", &long] {
            assert!(!is_plain(Path::new(odd)), "{odd}");
        }
    }
}
