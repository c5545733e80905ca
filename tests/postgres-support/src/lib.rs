//! Private Postgres servers for the tests of the family.
//!
//! A test process starts one server from the machine's own binaries when the first test asks for it, and shares it:
//!
//! ```no_run
//! use sociogram_test_postgres::{Cluster, CutProxy, require_postgres};
//!
//! async fn migrate(_owner_url: String) { /* create the tables, grant to APP_ROLE and WORKER_ROLE */ }
//!
//! # async fn test() {
//! require_postgres!();
//! let cluster = Cluster::shared().await;
//! let template = cluster.template("vault", migrate).await;
//! let database = cluster.database(&template).await;
//! let proxy = CutProxy::before(&database.app_url()).await;
//! // Connect a pool to `proxy.url()`, then lose the answer of a commit that happens:
//! proxy.lose_answer_to("COMMIT");
//! # }
//! ```
//!
//! * Nothing is left behind: the server is bound to the process ([`Cluster`] says how), its directory too.
//! * It runs as root (the server itself then as `postgres`, or as uid 65534) and as any other user. Linux only.
//! * `PG_BIN` names the directory of the binaries; else `pg_config --bindir`, else the newest
//!   `/usr/lib/postgresql/*/bin`.
//! * Where they are missing the tests fail and say what to install, unless `SOCIOGRAM_SKIP` contains `postgres`.
//!
//! Do not use it under a paused tokio clock: the time of a paused runtime jumps while a server is working.

#![allow(
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "support for tests: it reads the environment, waits in real time, and a test that cannot go on panics"
)]

mod admin;
mod binaries;
mod cluster;
mod database;
mod home;
mod identity;
mod keeper;
mod own_cluster;
mod proxy;
mod server;
mod settings;
mod sweep;
mod template;

pub use cluster::Cluster;
pub use database::{APP_ROLE, Database, OWNER_ROLE, WORKER_ROLE};
pub use own_cluster::OwnCluster;
pub use proxy::CutProxy;
pub use settings::Settings;
pub use template::Template;

/// Ends a test that needs Postgres early, with a note on standard error, where Postgres is to be left out.
///
/// To be the first line of a test that returns nothing. See [`Cluster::available`].
#[macro_export]
macro_rules! require_postgres {
    () => {
        if !$crate::Cluster::available() {
            return;
        }
    };
}
