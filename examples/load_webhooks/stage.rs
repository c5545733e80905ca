//! The throw-away Postgres, with a database for each comparison.

use std::{env, fs, path::PathBuf, process, time::Duration};

use sociogram::token_vault::LocalKeys;
use sociogram_test_postgres::{Cluster, Database, OwnCluster, Settings};
use sqlx::{Connection as _, PgConnection};

use crate::{
    Outcome,
    load::Platform,
    server::{Setting, binary},
};

/// How long the inbox may stand still before it counts as stuck. The claims of a killed worker hold for a minute.
const STUCK: Duration = Duration::from_secs(150);
const LOOK_EVERY: Duration = Duration::from_millis(250);

const CONTENTS: &str = "select
    (select count(*) from sociogram.inbox) as recorded,
    (select count(*) from sociogram.inbox where state = 'done') as done,
    (select coalesce(sum(attempts - 1), 0)::bigint from sociogram.inbox where attempts > 1) as again";

pub(crate) struct Stage {
    cluster: OwnCluster,
    binary: PathBuf,
    log: PathBuf,
    /// What the database is like.
    pub(crate) about: String,
}

impl Stage {
    pub(crate) async fn set(fsync: bool) -> Outcome<Self> {
        let binary = binary()?;
        if !Cluster::available() {
            return Err("this needs Postgres; take `postgres` out of SOCIOGRAM_SKIP".into());
        }
        // As it would be in production, as far as the size of the machine matters little.
        let settings = Settings::default()
            .set("fsync", if fsync { "on" } else { "off" })
            .set("autovacuum", "on")
            .set("shared_buffers", "256MB")
            .set("max_wal_size", "2GB");
        let cluster = Cluster::own_with(settings).await;
        let log = env::temp_dir().join(format!("load_webhooks-{}.log", process::id()));
        let mut stage = Self { cluster, binary, log, about: String::new() };
        let database = stage.cluster.empty_database().await;
        let mut admin = PgConnection::connect(&database.admin_url()).await?;
        let about = "select format('%s, fsync %s, synchronous_commit %s, files in %s', current_setting('server_version'), \
            current_setting('fsync'), current_setting('synchronous_commit'), current_setting('data_directory'))";
        stage.about = sqlx::query_scalar(about).fetch_one(&mut admin).await?;
        Ok(stage)
    }

    /// A new database with the server's schemas.
    pub(crate) async fn scene(&self, server_log: &str) -> Outcome<Scene> {
        let database = self.cluster.empty_database().await;
        let key = LocalKeys::generate_text()?.text.as_str().to_owned();
        let setting = Setting { binary: self.binary.clone(), environment: Vec::new(), log: self.log.clone() };
        let receiving = setting
            .with("DATABASE_URL", database.app_url())
            .with("ENCRYPTION_KEY", key)
            .with("RUST_LOG", server_log);
        let working = receiving.clone().with("WORKER_DATABASE_URL", database.worker_url());
        working.clone().with("MIGRATION_DATABASE_URL", database.owner_url()).run(&["migrate"]).await?;
        Ok(Scene { database, receiving, working })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _was_never_made = fs::remove_file(&self.log);
    }
}

/// A database, and how to start servers on it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) database: Database,
    /// A server that receives and handles nothing.
    pub(crate) receiving: Setting,
    /// A server that does both.
    pub(crate) working: Setting,
}

/// What the inbox holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contents {
    pub(crate) recorded: i64,
    pub(crate) done: i64,
    /// Attempts beyond the first of each event.
    pub(crate) again: i64,
}

impl Scene {
    /// As the one who sees all tenants.
    async fn admin(&self) -> Outcome<PgConnection> {
        Ok(PgConnection::connect(&self.database.admin_url()).await?)
    }

    pub(crate) async fn contents(&self) -> Outcome<Contents> {
        let (recorded, done, again) = sqlx::query_as(CONTENTS).fetch_one(&mut self.admin().await?).await?;
        Ok(Contents { recorded, done, again })
    }

    /// The id on the platform of each entry of the conversation log, as often as there is an entry.
    pub(crate) async fn effects(&self) -> Outcome<Vec<Option<String>>> {
        let ids = "select message_id from sociogram_server.conversation_entry";
        Ok(sqlx::query_scalar(ids).fetch_all(&mut self.admin().await?).await?)
    }

    /// Ends the claims of a worker that was killed. They end by themselves after a minute.
    pub(crate) async fn end_claims(&self) -> Outcome {
        let end = "update sociogram.inbox set due_at = now() where state = 'running'";
        sqlx::query(end).execute(&mut self.admin().await?).await?;
        Ok(())
    }

    /// Waits until the inbox has nothing left to be handled; gives how long that took.
    pub(crate) async fn drained(&self, platform: &Platform) -> Outcome<Duration> {
        let mut admin = self.admin().await?;
        let begun = platform.now();
        let (mut least, mut moved) = (i64::MAX, begun);
        loop {
            let left = "select count(*) from sociogram.inbox where due_at is not null";
            let left: i64 = sqlx::query_scalar(left).fetch_one(&mut admin).await?;
            let now = platform.now();
            if left == 0 {
                return Ok(now.saturating_sub(begun));
            }
            if left < least {
                (least, moved) = (left, now);
            } else if now.saturating_sub(moved) > STUCK {
                return Err(format!("the inbox stands still with {left} events that nobody handled").into());
            }
            platform.sleep(LOOK_EVERY).await;
        }
    }
}
