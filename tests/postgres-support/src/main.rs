//! A private Postgres server for a person, and for the tests of what is left behind.
//!
//! Prints where it is, and ends with its standard input or with Ctrl-C. Nothing of it is kept.

use std::io::{self, Write, read_to_string, stdin, stdout};
use std::process::ExitCode;

use sociogram_test_postgres::Cluster;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if !Cluster::available() {
        return ExitCode::FAILURE;
    }
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

async fn serve() -> io::Result<()> {
    let cluster = Cluster::shared().await;
    let database = cluster.empty_database().await;
    let mut out = stdout();
    writeln!(out, "directory={}", cluster.directory().display())?;
    writeln!(out, "owner_url={}", database.owner_url())?;
    writeln!(out, "app_url={}", database.app_url())?;
    writeln!(out, "worker_url={}", database.worker_url())?;
    writeln!(out, "admin_url={}", database.admin_url())?;
    out.flush()?;
    read_to_string(stdin()).map(drop)
}
