//! Where the machine's Postgres is, and whether its tests are to run.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::thread;

const MISSING: &str = "Postgres is not installed. Run `apt-get install -y postgresql`, or set PG_BIN to the directory of `initdb` \
     and `postgres`, or leave these tests out with SOCIOGRAM_SKIP=postgres.";

/// The directory of `initdb` and `postgres`.
pub(crate) fn directory() -> Result<&'static Path, String> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FOUND.get_or_init(find).as_deref().map_err(Clone::clone)
}

fn find() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("PG_BIN").map(PathBuf::from) {
        return if is_complete(&named) {
            Ok(named)
        } else {
            Err(format!("PG_BIN names {}, which has no `initdb` and `postgres`", named.display()))
        };
    }
    let installed = configured().into_iter().chain(packaged(Path::new("/usr/lib/postgresql")));
    installed.into_iter().find(|directory| is_complete(directory)).ok_or_else(|| MISSING.to_owned())
}

fn is_complete(directory: &Path) -> bool {
    directory.join("initdb").is_file() && directory.join("postgres").is_file()
}

/// What `pg_config` says, which may be installed without a server.
fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let directory = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(directory.trim()))
}

/// The directories of Debian's packages, newest first.
fn packaged(root: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut versions: Vec<u32> = names.filter_map(|name| name.to_str()?.parse().ok()).collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions.into_iter().map(|version| root.join(version.to_string()).join("bin")).collect()
}

/// Whether to run the tests that need Postgres; says so where not.
pub(crate) fn wanted() -> bool {
    let wanted = !skips(env::var_os("SOCIOGRAM_SKIP").as_deref(), env::var_os("CI").as_deref());
    if !wanted {
        let test = thread::current();
        let test = test.name().unwrap_or("a test");
        // Past the capture of the test harness, which hides what a passing test prints.
        let _ = writeln!(stderr(), "skipped, for SOCIOGRAM_SKIP contains `postgres`: {test}");
    }
    wanted
}

fn skips(skip: Option<&OsStr>, ci: Option<&OsStr>) -> bool {
    let in_ci = ci.is_some_and(|ci| !ci.is_empty() && ci != "false" && ci != "0");
    let skip = skip.and_then(OsStr::to_str).unwrap_or_default();
    !in_ci && skip.split(',').any(|what| what.trim() == "postgres")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wish_outside_ci_skips() {
        let cases = [
            (None, None, false),
            (Some(""), None, false),
            (Some("browser"), None, false),
            (Some("postgresql"), None, false),
            (Some("postgres"), None, true),
            (Some("browser, postgres"), None, true),
            (Some("postgres"), Some("true"), false),
            (Some("postgres"), Some("1"), false),
            (Some("postgres"), Some("false"), true),
            (Some("postgres"), Some(""), true),
        ];
        for (skip, ci, expected) in cases {
            assert_eq!(skips(skip.map(OsStr::new), ci.map(OsStr::new)), expected, "{skip:?} {ci:?}");
        }
    }

    #[test]
    fn the_newest_package_comes_first() {
        let root = env::temp_dir().join(format!("sociogram-packages-{}", std::process::id()));
        for name in ["9", "15", "17", "common"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let found = packaged(&root);
        fs::remove_dir_all(&root).unwrap();
        let expected: Vec<_> = ["17", "15", "9"].map(|version| root.join(version).join("bin")).into();
        assert_eq!(found, expected);
    }

    #[test]
    fn no_package_is_no_error() {
        assert_eq!(packaged(Path::new("/nonexistent")), Vec::<PathBuf>::new());
    }
}
