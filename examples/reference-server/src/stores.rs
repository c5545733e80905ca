//! Where everything is kept: in memory, or in Postgres.

use std::{fmt, sync::Arc};

use sociogram::{
    oauth_core::{MemorySessionStore, SessionStore, TenantId},
    token_vault::{
        AuditActor, ConnectionRepo, DataKeyTable, DataKeys, KeyProvider, MemoryStore, Vault, VaultBuilder,
        VaultError, WorkerBuilder,
    },
};
use sociogram_postgres::{ConnectOptions, Listener, PostgresStore, PostgresWorker, SetupError};

use crate::{
    config::{Config, Database},
    server::StartError,
};

/// The stores of one process.
#[derive(Debug, Clone)]
pub(crate) enum Stores {
    /// Forgotten at the end of the process.
    Memory { store: Arc<MemoryStore>, sessions: Arc<MemorySessionStore> },
    /// Kept, and shared with other processes.
    Postgres(Tables),
}

/// The stores on one schema.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) store: Arc<PostgresStore>,
    /// `None`: this process serves tenants and looks across none.
    pub(crate) worker: Option<Arc<PostgresWorker>>,
    options: Arc<ConnectOptions>,
}

impl Stores {
    /// Those of the settings.
    pub(crate) async fn open(config: &Config) -> Result<Self, StartError> {
        let Some(database) = &config.database else {
            let (store, sessions) = (Arc::new(MemoryStore::new()), Arc::new(MemorySessionStore::new()));
            return Ok(Self::Memory { store, sessions });
        };
        if config.encryption_key.is_none() {
            return Err(StartError::Setup(
                "ENCRYPTION_KEY: missing, but DATABASE_URL is set: the tokens in the database would be lost at the next \
                 start. Run `reference-server keys generate`, keep what it prints outside the database, and set it"
                    .to_owned(),
            ));
        }
        Ok(Self::Postgres(Tables::open(database).await?))
    }

    pub(crate) fn sessions(&self) -> Arc<dyn SessionStore> {
        match self {
            Self::Memory { sessions, .. } => sessions.clone(),
            Self::Postgres(tables) => tables.store.clone(),
        }
    }

    pub(crate) fn connections(&self) -> Arc<dyn ConnectionRepo> {
        match self {
            Self::Memory { store, .. } => store.clone(),
            Self::Postgres(tables) => tables.store.clone(),
        }
    }

    /// A vault over these stores, with data keys that `keys` wraps.
    pub(crate) fn vault(&self, keys: Arc<dyn KeyProvider>) -> VaultBuilder {
        match self {
            Self::Memory { store, .. } => Vault::builder(store.clone(), DataKeys::new(keys, store.clone())),
            Self::Postgres(Tables { store, .. }) => {
                Vault::builder(store.clone(), DataKeys::new(keys, store.clone()))
            }
        }
    }

    /// What looks after the vault's connections, if this process may look across tenants.
    pub(crate) fn worker(&self, vault: &Vault) -> Option<WorkerBuilder> {
        match self {
            Self::Memory { store, .. } => Some(vault.worker(store.clone())),
            Self::Postgres(tables) => tables.worker.as_ref().map(|worker| vault.worker(worker.clone())),
        }
    }

    /// Whether somebody in this process renews, tells and withdraws.
    pub(crate) fn has_worker(&self) -> bool {
        match self {
            Self::Memory { .. } => true,
            Self::Postgres(tables) => tables.worker.is_some(),
        }
    }

    /// Leaves nothing of a tenant that anybody could use: everything is deleted, or without a worker its keys are
    /// destroyed.
    pub(crate) async fn clear(&self, vault: &Vault, tenant: TenantId) -> Result<(), VaultError> {
        match self {
            Self::Postgres(Tables { worker: Some(worker), .. }) => {
                vault.callbacks(worker.clone()).erase_tenant(tenant, AuditActor::Service).await?;
                Ok(())
            }
            _ => vault.shred_tenant(tenant).await,
        }
    }
}

impl fmt::Display for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory { .. } => "in memory",
            Self::Postgres(Tables { worker: Some(_), .. }) => "in Postgres",
            Self::Postgres(_) => "in Postgres, without a worker",
        })
    }
}

impl Tables {
    pub(crate) async fn open(database: &Database) -> Result<Self, SetupError> {
        let store = PostgresStore::connect(&database.app).await?;
        let worker = match &database.worker {
            Some(options) => Some(Arc::new(PostgresWorker::connect(store.clone(), options).await?)),
            None => None,
        };
        Ok(Self { store: Arc::new(store), worker, options: Arc::new(database.app.clone()) })
    }

    /// Hears what other processes do to connections.
    pub(crate) fn listener(&self) -> Listener {
        Listener::new((*self.options).clone())
    }

    /// The data keys of all tenants, if this process may look across tenants.
    pub(crate) fn all_keys(&self) -> Option<Arc<dyn DataKeyTable>> {
        self.worker.clone().map(|worker| worker as Arc<dyn DataKeyTable>)
    }
}
