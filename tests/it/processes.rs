//! Real processes on a real Postgres, in front of a provider that keeps its own books.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use sociogram_api_core::{Clock as _, SystemClock};
use sociogram_oauth_core::{ConnectionId, Expiry, ProviderId, Rotation, TenantId, TokenKind, TokenSet};
use sociogram_postgres::{ConnectOptions, PostgresStore, Roles, Schema, Setup};
use sociogram_test_postgres::{APP_ROLE, Cluster, Database, WORKER_ROLE};
use sociogram_tests::{APP, DIED_AS_TOLD, PROVIDER};
use sociogram_token_vault::{
    Account, AuditAction, AuditLog as _, AuditQuery, DataKeys, LocalKeys, NewConnection, StoredToken,
    TokenStore as _, Vault, VaultBuilder,
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

pub(crate) mod provider;

use provider::ProviderServer;

pub(crate) const TENANT: TenantId = TenantId::from_bytes([7; 16]);
pub(crate) const GRACE: Rotation = Rotation::Grace(Duration::from_secs(10));
pub(crate) const ROTATIONS: [Rotation; 3] = [Rotation::None, GRACE, Rotation::Strict];
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const HOUR: Duration = Duration::from_secs(3600);

/// A database, a provider, and connections whose access tokens ended some hours ago.
pub(crate) struct World {
    pub(crate) provider: ProviderServer,
    pub(crate) connections: Vec<ConnectionId>,
    pub(crate) database: Database,
    pub(crate) store: PostgresStore,
    rotation: Rotation,
}

impl World {
    pub(crate) async fn new(rotation: Rotation, connections: usize) -> World {
        World::on(&Cluster::shared().await, rotation, connections).await
    }

    pub(crate) async fn on(cluster: &Cluster, rotation: Rotation, connections: usize) -> World {
        let migrate = |owner: String| async move {
            let roles = Roles::new(APP_ROLE, WORKER_ROLE).unwrap();
            let setup = Setup::new(Schema::default(), roles);
            setup.migrate(&ConnectOptions::parse(&owner).unwrap()).await.unwrap();
        };
        let template = cluster.template("sociogram", migrate).await;
        let database = cluster.database(&template).await;
        let store = open(&database).await;
        let provider = ProviderServer::start(rotation).await;
        let mut world = World { provider, connections: Vec::new(), database, store, rotation };
        let desk = world.builder().build().unwrap();
        for number in 0..connections {
            let id = world.log_in(&desk, &format!("person {number}")).await;
            world.connections.push(id);
        }
        world
    }

    /// A login of five hours ago, whose access token ended an hour later.
    async fn log_in(&self, desk: &Vault, person: &str) -> ConnectionId {
        let tokens = self.provider.log_in(person);
        let now = SystemClock::new().now();
        let ended = TokenSet::new(tokens.access().clone(), TokenKind::Generic)
            .with_issued_at(now.saturating_sub(HOUR * 5))
            .with_expiry(Expiry::At(now.saturating_sub(HOUR * 4)))
            .with_refresh(tokens.refresh().unwrap().clone(), Expiry::Unknown);
        let new = NewConnection::new(TENANT, Account::new(ProviderId::from_static(PROVIDER), APP, person));
        desk.connect(new, &ended).await.unwrap().id
    }

    pub(crate) fn keys() -> LocalKeys {
        LocalKeys::parse(KEY).unwrap()
    }

    /// A vault in this process, with no app yet.
    pub(crate) fn builder(&self) -> VaultBuilder {
        let store = Arc::new(self.store.clone());
        let keys = DataKeys::new(Arc::new(World::keys()), store.clone());
        Vault::builder(store, keys)
    }

    /// A vault in this process that renews.
    pub(crate) fn vault(&self) -> Vault {
        let builder = self.builder().app(ProviderId::from_static(PROVIDER), APP, self.provider.line());
        let second = Duration::from_secs(1);
        builder.provider_timeout(second).commit_budget(second).lease(second * 7).build().unwrap()
    }

    pub(crate) async fn stored(&self, connection: ConnectionId) -> StoredToken {
        self.store.read(TENANT, connection).await.unwrap().unwrap()
    }

    /// Looks with new connections from now on: those of before were ended with the server.
    pub(crate) async fn look_anew(&mut self) {
        self.store = open(&self.database).await;
    }

    /// How often the audit has this action.
    pub(crate) async fn audited(&self, action: AuditAction) -> usize {
        self.store.query(TENANT, AuditQuery::latest(100).only(action)).await.unwrap().records.len()
    }

    /// A process that is ready to resolve the connections. Of two arguments of one name the last one counts.
    pub(crate) async fn process(&self, arguments: &[&str]) -> Process {
        let connections: Vec<String> = self.connections.iter().map(ToString::to_string).collect();
        let rotation = match self.rotation {
            Rotation::Grace(grace) => grace.as_millis().to_string(),
            Rotation::Strict => "strict".to_owned(),
            _ => "none".to_owned(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_vault-process"));
        command.args(["--database", &self.database.app_url(), "--encryption-key", KEY]);
        command.args(["--provider", &self.provider.address.to_string(), "--rotation", &rotation]);
        command.args(["--tenant", &TENANT.to_string(), "--connections", &connections.join(",")]);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        // One of them panics on purpose.
        command.env("RUST_BACKTRACE", "0");
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let stdin = child.stdin.take().unwrap();
        let mut process = Process { child, stdin, lines };
        assert_eq!(process.line().await.as_deref(), Some("ready"), "see its standard error");
        process
    }

    /// What a process that nothing happens to makes of one call.
    pub(crate) async fn resolve_elsewhere(&self) -> Report {
        let mut process = self.process(&[]).await;
        process.go().await;
        process.report().await
    }

    /// A process that goes on until its kill point.
    pub(crate) async fn dies_at(&self, point: &str) {
        let mut process = self.process(&["--die-at", point]).await;
        process.go().await;
        process.has_died_as_told().await;
    }

    /// A session of the superuser, for locks.
    pub(crate) async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.database.admin_url()).await.unwrap()
    }
}

async fn open(database: &Database) -> PostgresStore {
    let options = ConnectOptions::parse(&database.app_url()).unwrap().connections(4);
    PostgresStore::connect(&options).await.unwrap()
}

/// Runs SQL text of a test.
pub(crate) async fn run(session: &mut PgConnection, sql: &str) {
    session.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
}

pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    async fn line(&mut self) -> Option<String> {
        self.lines.next_line().await.unwrap()
    }

    /// Lets it begin.
    pub(crate) async fn go(&mut self) {
        self.stdin.write_all(b"go\n").await.unwrap();
    }

    /// What it says in the end.
    pub(crate) async fn report(&mut self) -> Report {
        let line = self.line().await.unwrap_or_else(|| panic!("it ended without a report"));
        assert!(self.child.wait().await.unwrap().success());
        Report(serde_json::from_str(&line).unwrap())
    }

    pub(crate) async fn has_died_as_told(&mut self) {
        let status = self.child.wait().await.unwrap();
        assert_eq!(status.code(), Some(DIED_AS_TOLD), "it did not get to its kill point");
    }

    /// What an administrator and a container runtime send.
    pub(crate) async fn terminate(&self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    }

    /// Nothing of it runs any more, without a word before.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }
}

/// What a process says in the end.
#[derive(Debug)]
pub(crate) struct Report(Value);

impl Report {
    /// Of each round, how many calls got a token and how many did not.
    pub(crate) fn rounds(&self) -> Vec<(u64, u64)> {
        let counts = |name: &str| self.0[name].as_array().unwrap().clone();
        let pairs = counts("ok").into_iter().zip(counts("failed"));
        pairs.map(|(ok, failed)| (ok.as_u64().unwrap(), failed.as_u64().unwrap())).collect()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap_or_else(|| panic!("no number {name}: {self:?}"))
    }

    /// Whether everything had ended when it was shut down.
    pub(crate) fn shut_down(&self) -> Option<bool> {
        self.0["shutdown"].as_bool()
    }

    /// All calls got a token.
    #[track_caller]
    pub(crate) fn assert_ok(&self) {
        assert!(self.rounds().iter().all(|(ok, failed)| *ok > 0 && *failed == 0), "{self:?}");
    }
}
