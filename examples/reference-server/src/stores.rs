//! Where everything is kept: in memory, or in Postgres.

use std::{fmt, sync::Arc};

use sociogram::{
    capi::outbox::{AddEvents, MemoryOutbox, OutboxStore},
    oauth_core::{MemorySessionStore, SessionStore, TenantId},
    token_vault::{
        AuditActor, ConnectionRepo, CrossTenant, DataKeyTable, DataKeys, KeyProvider, MemoryStore, Vault,
        VaultBuilder, VaultError, WorkerBuilder,
    },
    webhook_verify::inbox::{GatherWrites, InboxStore, MemoryInbox, RecordEvents},
};
use sociogram_postgres::{ConnectOptions, Listener, PostgresStore, PostgresWorker};

use crate::{
    config::{Config, Database},
    problem::Problem,
    records::{MemoryRecords, PostgresRecords, Records},
    server::StartError,
};

/// The stores of one process.
#[derive(Debug, Clone)]
pub(crate) enum Stores {
    /// Forgotten at the end of the process.
    Memory(Memory),
    /// Kept, and shared with other processes.
    Postgres(Tables),
}

/// The stores in memory.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    store: Arc<MemoryStore>,
    sessions: Arc<MemorySessionStore>,
    inbox: Arc<MemoryInbox>,
    outbox: Arc<MemoryOutbox>,
    records: Arc<MemoryRecords>,
}

/// The stores on one schema.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) store: Arc<PostgresStore>,
    /// `None`: this process serves tenants and looks across none.
    pub(crate) worker: Option<Arc<PostgresWorker>>,
    records: PostgresRecords,
    options: Arc<ConnectOptions>,
}

impl Stores {
    /// Those of the settings.
    pub(crate) async fn open(config: &Config) -> Result<Self, StartError> {
        let Some(database) = &config.database else {
            return Ok(Self::Memory(Memory {
                store: Arc::new(MemoryStore::new()),
                sessions: Arc::new(MemorySessionStore::new()),
                inbox: Arc::new(MemoryInbox::new()),
                outbox: Arc::new(MemoryOutbox::new()),
                records: Arc::new(MemoryRecords::default()),
            }));
        };
        if config.encryption_key.is_none() {
            return Err(StartError::Setup(
                "ENCRYPTION_KEY: missing, but DATABASE_URL is set: the tokens in the database would be lost at the next \
                 start. Run `reference-server keys generate`, keep what it prints outside the database, and set it"
                    .to_owned(),
            ));
        }
        let tables = Tables::open(database).await?;
        tables.records.check().await?;
        Ok(Self::Postgres(tables))
    }

    pub(crate) fn sessions(&self) -> Arc<dyn SessionStore> {
        match self {
            Self::Memory(memory) => memory.sessions.clone(),
            Self::Postgres(tables) => tables.store.clone(),
        }
    }

    pub(crate) fn connections(&self) -> Arc<dyn ConnectionRepo> {
        match self {
            Self::Memory(memory) => memory.store.clone(),
            Self::Postgres(tables) => tables.store.clone(),
        }
    }

    /// A vault over these stores, with data keys that `keys` wraps.
    pub(crate) fn vault(&self, keys: Arc<dyn KeyProvider>) -> VaultBuilder {
        match self {
            Self::Memory(Memory { store, .. }) => {
                Vault::builder(store.clone(), DataKeys::new(keys, store.clone()))
            }
            Self::Postgres(Tables { store, .. }) => {
                Vault::builder(store.clone(), DataKeys::new(keys, store.clone()))
            }
        }
    }

    /// What looks after the vault's connections, if this process may look across tenants.
    pub(crate) fn worker(&self, vault: &Vault) -> Option<WorkerBuilder> {
        match self {
            Self::Memory(memory) => Some(vault.worker(memory.store.clone())),
            Self::Postgres(tables) => tables.worker.as_ref().map(|worker| vault.worker(worker.clone())),
        }
    }

    /// Whether somebody in this process renews, tells and withdraws.
    pub(crate) fn has_worker(&self) -> bool {
        match self {
            Self::Memory(_) => true,
            Self::Postgres(tables) => tables.worker.is_some(),
        }
    }

    /// Where all receivers of a process put events.
    pub(crate) fn recorder(&self) -> Arc<dyn RecordEvents> {
        match self {
            Self::Memory(memory) => memory.inbox.clone(),
            // Deliveries that come together share a commit.
            Self::Postgres(tables) => Arc::new(GatherWrites::new(tables.store.clone(), 2)),
        }
    }

    /// The log of events, if this process may look across tenants.
    pub(crate) fn inbox(&self) -> Option<Arc<dyn InboxStore>> {
        match self {
            Self::Memory(memory) => Some(memory.inbox.clone()),
            Self::Postgres(tables) => tables.worker.clone().map(|worker| worker as Arc<dyn InboxStore>),
        }
    }

    /// Where conversion events are put and looked at, for one tenant.
    pub(crate) fn conversions(&self) -> Arc<dyn AddEvents> {
        match self {
            Self::Memory(memory) => memory.outbox.clone(),
            Self::Postgres(tables) => tables.store.clone(),
        }
    }

    /// The log of conversion events, if this process may look across tenants.
    pub(crate) fn outbox(&self) -> Option<Arc<dyn OutboxStore>> {
        match self {
            Self::Memory(memory) => Some(memory.outbox.clone()),
            Self::Postgres(tables) => tables.worker.clone().map(|worker| worker as Arc<dyn OutboxStore>),
        }
    }

    /// What tells whose an account is, if this process may look across tenants.
    pub(crate) fn holders(&self) -> Option<Arc<dyn CrossTenant>> {
        match self {
            Self::Memory(memory) => Some(memory.store.clone()),
            Self::Postgres(tables) => tables.worker.clone().map(|worker| worker as Arc<dyn CrossTenant>),
        }
    }

    /// What is made of events.
    pub(crate) fn records(&self) -> Records {
        match self {
            Self::Memory(memory) => Records::Memory(Arc::clone(&memory.records)),
            Self::Postgres(tables) => Records::Postgres(tables.records.clone()),
        }
    }

    /// Leaves nothing of a tenant that anybody could use: everything is deleted, or without a worker its keys are
    /// destroyed. Of the events of its accounts, the log keeps what it keeps of all.
    pub(crate) async fn clear(&self, vault: &Vault, tenant: TenantId) -> Result<(), Problem> {
        self.records().erase_tenant(tenant).await?;
        self.clear_vault(vault, tenant).await?;
        Ok(())
    }

    async fn clear_vault(&self, vault: &Vault, tenant: TenantId) -> Result<(), VaultError> {
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
            Self::Memory(_) => "in memory",
            Self::Postgres(Tables { worker: Some(_), .. }) => "in Postgres",
            Self::Postgres(_) => "in Postgres, without a worker",
        })
    }
}

impl Tables {
    pub(crate) async fn open(database: &Database) -> Result<Self, StartError> {
        let store = PostgresStore::connect(&database.app).await?;
        let worker = match &database.worker {
            Some(options) => Some(Arc::new(PostgresWorker::connect(store.clone(), options).await?)),
            None => None,
        };
        let records = PostgresRecords::new(&database.url, &database.schema)?;
        let options = Arc::new(database.app.clone());
        Ok(Self { store: Arc::new(store), worker, records, options })
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
