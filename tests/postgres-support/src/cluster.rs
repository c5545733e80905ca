//! A running server, and what tests get from it.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::admin::{ADMIN, Admin};
use crate::binaries;
use crate::database::{APP_ROLE, Database, OWNER_ROLE, WORKER_ROLE};
use crate::keeper::{keep, keeper};
use crate::own_cluster::OwnCluster;
use crate::server::Server;
use crate::settings::Settings;
use crate::template::Template;

/// A private Postgres server. A clone is another handle on the same server.
///
/// It takes connections on a Unix socket and on a port of 127.0.0.1, from three login roles without passwords:
/// [`OWNER_ROLE`], [`APP_ROLE`] and [`WORKER_ROLE`], none of them a superuser. The superuser `postgres` comes through the
/// socket only, which no other user of the machine can reach.
///
/// The server ends when its last handle is dropped, and at the latest with the process: it gets a signal from the
/// system when this process dies, and a small process that waits for the same end removes the files. Files that are
/// left because both were killed are removed by the next test process, a minute later at the earliest.
#[derive(Clone, Debug)]
pub struct Cluster {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    server: Server,
    admin: Admin,
    templates: Mutex<HashMap<String, Arc<OnceCell<()>>>>,
    databases: AtomicU32,
}

impl Cluster {
    /// Whether tests that need Postgres are to run.
    ///
    /// False when the environment's `SOCIOGRAM_SKIP` contains `postgres` (separated by commas), which it says on standard
    /// error; never false where `CI` is set. Where the binaries are missing this panics and says what to install.
    pub fn available() -> bool {
        if !binaries::wanted() {
            return false;
        }
        if let Err(why) = binaries::directory() {
            panic!("{why}");
        }
        true
    }

    /// The server that the tests of this process share, started by the first call.
    ///
    /// It is tuned for speed, and no test may stop it or change what all databases share.
    pub async fn shared() -> Cluster {
        static SHARED: OnceCell<Result<Cluster, String>> = OnceCell::const_new();
        // No page of it is ever half written: it is not killed.
        let settings = Settings::default().set("full_page_writes", "off");
        let shared = SHARED.get_or_init(|| keep(Cluster::start_new(settings))).await;
        done(shared.clone())
    }

    /// A server of one test, which may stop, kill and restart it.
    pub async fn own() -> OwnCluster {
        Cluster::own_with(Settings::default()).await
    }

    /// A server of one test with settings of its own.
    pub async fn own_with(settings: Settings) -> OwnCluster {
        OwnCluster::new(done(keep(Cluster::start_new(settings)).await))
    }

    async fn start_new(settings: Settings) -> Result<Cluster, String> {
        let server = Server::new(settings).await?;
        let admin = Admin::new(&server.directory, server.port);
        for role in [OWNER_ROLE, APP_ROLE, WORKER_ROLE] {
            admin.run(&format!("CREATE ROLE {role} LOGIN")).await?;
        }
        let (templates, databases) = (Mutex::default(), AtomicU32::new(0));
        Ok(Cluster { inner: Arc::new(Inner { server, admin, templates, databases }) })
    }

    /// A database prepared once for this server: the first call of a name runs `migrate` with the URL of the owner,
    /// and the others wait for it. Should it panic, the next call tries again on a new database.
    ///
    /// Roles, and what `ALTER DATABASE` sets, are no part of a template.
    pub async fn template<F, M>(&self, name: &str, migrate: F) -> Template
    where
        F: FnOnce(String) -> M + Send,
        M: Future<Output = ()> + Send,
    {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(
            !name.is_empty() && name.len() <= 40 && name.bytes().all(plain),
            "no name of a template: {name:?}"
        );
        let database = format!("template_{name}");
        let ready = {
            let mut templates = self.inner.templates.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(templates.entry(database.clone()).or_default())
        };
        let prepare = async {
            self.admin(format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
            self.admin(format!("CREATE DATABASE {database} OWNER {OWNER_ROLE}")).await;
            migrate(self.loopback_url(OWNER_ROLE, &database)).await;
            // A database with connections cannot be copied, and a pool that was dropped closes its own only by and by.
            self.admin(format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false")).await;
            let sessions = format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            );
            self.admin(sessions).await;
        };
        ready.get_or_init(|| prepare).await;
        Template::new(self.clone(), database)
    }

    /// A new database with what the template holds.
    pub async fn database(&self, template: &Template) -> Database {
        assert!(Arc::ptr_eq(&self.inner, &template.cluster().inner), "the template is of another server");
        self.new_database(template.name()).await
    }

    /// A new database without a table, for tests of the migration itself.
    pub async fn empty_database(&self) -> Database {
        self.new_database("template1").await
    }

    async fn new_database(&self, template: &str) -> Database {
        let name = format!("test_{}", self.inner.databases.fetch_add(1, Ordering::Relaxed) + 1);
        // Before version 15 copying files is the only strategy and has no name.
        let strategy = if self.inner.server.version() >= 15 { "STRATEGY file_copy" } else { "" };
        self.admin(format!("CREATE DATABASE {name} OWNER {OWNER_ROLE} TEMPLATE {template} {strategy}")).await;
        Database::new(self.clone(), name)
    }

    /// Drops the database in the background, whoever is connected to it.
    pub(crate) fn drop_later(&self, name: &str) {
        let (cluster, statement) = (self.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        keeper().spawn(async move { cluster.inner.admin.run(&statement).await });
    }

    async fn admin(&self, statement: String) {
        let cluster = self.clone();
        done(keep(async move { cluster.inner.admin.run(&statement).await }).await);
    }

    pub(crate) fn loopback_url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}?sslmode=disable", self.inner.server.port)
    }

    pub(crate) fn socket_url(&self, database: &str) -> String {
        let server = &self.inner.server;
        let directory = server.directory.display();
        format!("postgres://{ADMIN}@localhost:{}/{database}?host={directory}&sslmode=disable", server.port)
    }

    /// The directory of the socket and the log, with the data directory `data` in it.
    pub fn directory(&self) -> &Path {
        &self.inner.server.directory
    }

    /// The port on 127.0.0.1, which stays the same over a restart.
    pub fn port(&self) -> u16 {
        self.inner.server.port
    }

    /// What the server has written to its log so far.
    pub fn log(&self) -> String {
        self.inner.server.log()
    }

    pub(crate) async fn start(&self) {
        let cluster = self.clone();
        done(keep(async move { cluster.inner.server.start().await }).await);
    }

    pub(crate) async fn stop(&self) {
        let cluster = self.clone();
        let stop = async move {
            cluster.inner.admin.disconnect().await;
            cluster.inner.server.stop().await
        };
        done(keep(stop).await);
    }

    pub(crate) async fn kill(&self) {
        let cluster = self.clone();
        let kill = async move {
            let killed = cluster.inner.server.kill().await;
            cluster.inner.admin.disconnect().await;
            killed
        };
        done(keep(kill).await);
    }
}

#[track_caller]
fn done<T>(result: Result<T, String>) -> T {
    result.unwrap_or_else(|why| panic!("{why}"))
}
